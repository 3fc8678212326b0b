//! The mark of a document: one number that holds what a filter looks at.
use register::Direction;

use crate::filing::{Class, Held, Marked};
use crate::standing::{DocumentStanding, is_urgent};

// From the low bit up: outgoing, open, urgent and open, class (2), standing (5), a stamped number
// that clashes, the book's number.
const OUTGOING: i64 = 1;
const OPEN: i64 = 1 << 1;
const URGENT_OPEN: i64 = 1 << 2;
const CLASS_SHIFT: u32 = 3;
const CLASS_MASK: i64 = 0b11 << CLASS_SHIFT;
const STANDING_SHIFT: u32 = 5;
const STANDING_MASK: i64 = 0b1_1111 << STANDING_SHIFT;
const CLASH: i64 = 1 << 10;
const BOOK_SHIFT: u32 = 11;

/// A packed mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(pub i64);

fn class_code(class: Class) -> i64 {
    match class {
        Class::Public => 0,
        Class::Staff => 1,
        Class::Restricted => 2,
    }
}

impl Mark {
    /// Packs a mark; `book` is the small number of the book, 0 for none.
    pub fn of(marked: &Marked, book: i64) -> Mark {
        let mut mark = class_code(marked.class) << CLASS_SHIFT;
        mark |= marked.standing.code() << STANDING_SHIFT;
        mark |= book << BOOK_SHIFT;
        if marked.direction == Direction::Outgoing {
            mark |= OUTGOING;
        }
        if marked.clash {
            mark |= CLASH;
        }
        if marked.standing.is_open() {
            mark |= OPEN;
            if is_urgent(marked.urgency) {
                mark |= URGENT_OPEN;
            }
        }
        Mark(mark)
    }

    /// Where the document stands.
    pub fn standing(self) -> Option<DocumentStanding> {
        let code = (self.0 & STANDING_MASK) >> STANDING_SHIFT;
        DocumentStanding::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// Whether it is of this class.
    pub fn is_class(self, class: Class) -> bool {
        self.0 & CLASS_MASK == class_code(class) << CLASS_SHIFT
    }
}

/// A test of a mark: these bits have this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct MarkTest {
    mask: i64,
    value: i64,
}

impl MarkTest {
    pub fn direction(mut self, direction: Direction) -> MarkTest {
        self.mask |= OUTGOING;
        self.value |= match direction {
            Direction::Incoming => 0,
            Direction::Outgoing => OUTGOING,
        };
        self
    }

    pub fn held(mut self, held: Held) -> MarkTest {
        let (mask, value) = match held {
            Held::All => (0, 0),
            Held::Open => (OPEN, OPEN),
            Held::UrgentOpen => (URGENT_OPEN, URGENT_OPEN),
            Held::Clash => (CLASH, CLASH),
            Held::Standing(standing) => (STANDING_MASK, standing.code() << STANDING_SHIFT),
        };
        self.mask |= mask;
        self.value |= value;
        self
    }

    pub fn book(mut self, book: i64) -> MarkTest {
        self.mask |= !0 << BOOK_SHIFT;
        self.value |= book << BOOK_SHIFT;
        self
    }

    pub fn passes(self, mark: i64) -> bool {
        mark & self.mask == self.value
    }
}
