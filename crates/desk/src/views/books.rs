//! Books on screen as they print, and the print itself.
use contract::{
    BookAct, BookLease, BookList, BookPage, BookPageAsked, BookPrinted, BookRow, BookRowKind,
    Books, Failure, Holding, PaperNumber, YearOfBook,
};
use register::{
    Book, Direction, Incoming, Key, Outgoing, Right, State, YearCount, reference, render_number,
};
use store::{StoreError, View};

use crate::acts::book_id;
use crate::desk::Desk;
use crate::session::AtDesk;
use crate::words::{date, failure};

/// Lines one page may have.
const LINES_MAX: u32 = 200;
/// What a number waits for that was lost with the server.
const SERVER_SET_BACK: &str = "Máy chủ được dựng lại, chờ nhập lại theo sổ giấy";
/// Documents counted that wait for a number.
const WAITING_MAX: u32 = 1000;
/// Numbers on paper that are told one by one.
const PAPER_SHOWN_MAX: usize = 50;

/// One line of a book before it is shown or printed.
pub(crate) struct Line {
    /// The number.
    pub number: u32,
    /// `a` of 57a; mostly empty.
    pub letter: String,
    /// What it is.
    pub kind: BookRowKind,
    /// The document.
    pub id: Option<String>,
    /// The ten cells of Phụ lục IV.
    pub cells: [String; 10],
    /// The date of the number, for the print.
    pub day: String,
    /// Why it was voided, or why it waits.
    pub reason: String,
}

impl Desk {
    pub(crate) fn book_list(&self) -> Result<BookList, Failure> {
        let at = self.at_desk()?;
        let holding = self.holding(&at)?;
        self.look(&at.opened, |view| {
            let mut books: Vec<&Book> = at.directory.books.values().collect();
            books.sort_by_key(|book| (book.direction, book.id));
            let shown = books.iter().map(|book| self.book_shown(view, (&at, &holding), book));
            Ok(BookList { books: shown.collect::<Result<_, _>>()? })
        })
    }

    pub(crate) fn book_shown(
        &self,
        view: &View<'_>,
        (at, holding): (&AtDesk, &Option<Holding>),
        book: &Book,
    ) -> Result<Books, StoreError> {
        let year = book.year(at.today.year());
        let held_here = self.holds(book);
        let waiting = view.waiting_numbers(book.id, WAITING_MAX)?.len();
        let mut years: Vec<i16> = book.years.keys().copied().collect();
        if years.is_empty() {
            years.push(at.today.year());
        }
        years.sort_unstable_by(|one, other| other.cmp(one));
        let lease = self.lease_of(book);
        let asked = view.is_only_here(Key::Book(book.id))? || view.asks_for(book.id)?;
        let on_paper = count_on_paper(book);
        Ok(Books {
            id: book.id.hex(),
            name: book.name.clone(),
            direction: match book.direction {
                Direction::Incoming => contract::Direction::Incoming,
                Direction::Outgoing => contract::Direction::Outgoing,
            },
            kinds: book.kinds.clone(),
            next: year.next,
            last_date: year.last_date.map(|date| date.to_string()),
            held_here,
            lease,
            holder: if held_here {
                "Máy này giữ quyền cấp số".to_owned()
            } else {
                at.directory.holder(book.lease.holder)
            },
            asked,
            acts: acts_about(at, lease, Stands { asked, waits: on_paper > 0 }),
            open: book.open,
            years,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            on_paper,
            paper: paper_numbers(book),
            holding: holding.clone().filter(|_| held_here),
        })
    }

    pub(crate) fn page_of_book(&self, asked: &BookPageAsked) -> Result<BookPage, Failure> {
        let at = self.at_desk()?;
        let book = known_book(&at, &asked.book)?;
        let count = book.year(asked.year);
        let lines = asked.count.clamp(1, LINES_MAX);
        let last = count.next.saturating_sub(1);
        let holding = self.holding(&at)?;
        let from = match asked.from {
            0 => last.saturating_sub(lines - 1).max(count.first),
            from => from.max(count.first),
        };
        self.look(&at.opened, |view| {
            let read = lines_of(view, &at, book, asked.year, from, lines)?;
            let rows = read.into_iter().map(|line| BookRow {
                number: line.number,
                letter: line.letter,
                kind: line.kind,
                id: line.id,
                cells: line.cells.to_vec(),
                reason: line.reason,
            });
            Ok(BookPage {
                book: self.book_shown(view, (&at, &holding), book)?,
                year: asked.year,
                rows: rows.collect(),
                first: count.first,
                last,
            })
        })
    }

    /// Prints a book of a year to a PDF in the profile, and stores it to be shown.
    pub(crate) fn print_year(&self, asked: &YearOfBook) -> Result<BookPrinted, Failure> {
        let at = self.at_desk()?;
        let book = known_book(&at, &asked.book)?;
        crate::print::book(self, &at, book, asked.year)
    }
}

/// How many numbers used on paper wait to be entered again.
fn count_on_paper(book: &Book) -> u32 {
    let ranges = book.years.values().flat_map(|count| &count.placeholders);
    ranges.map(|range| range.to.saturating_sub(range.from).saturating_add(1)).sum()
}

/// The first numbers used on paper that wait to be entered again, the oldest first.
fn paper_numbers(book: &Book) -> Vec<PaperNumber> {
    let mut numbers = Vec::new();
    for (year, count) in &book.years {
        for range in &count.placeholders {
            let left = PAPER_SHOWN_MAX.saturating_sub(numbers.len());
            numbers.extend((range.from..=range.to).take(left).map(|number| PaperNumber {
                number,
                year: *year,
                after: range.after.map(|day| day.to_string()),
                until: range.until.to_string(),
                reason: why_on_paper(&range.reason),
            }));
        }
    }
    numbers
}

fn why_on_paper(reason: &str) -> String {
    if reason.is_empty() { SERVER_SET_BACK.to_owned() } else { reason.to_owned() }
}

/// How it stands with a book beside who gives its numbers.
struct Stands {
    /// This PC asked for something about it and has no answer.
    asked: bool,
    /// Numbers on paper wait to be entered again.
    waits: bool,
}

/// What an officer can do here about who gives the numbers.
fn acts_about(at: &AtDesk, lease: BookLease, Stands { asked, waits }: Stands) -> Vec<BookAct> {
    let keeps_books = at.may(Right::KeepBooks);
    let keeps = keeps_books || at.may(Right::OpenBooks);
    let takes_over = at.may(Right::TakeOver) || at.may(Right::Administer);
    let linked = at.directory.linked;
    let all = [
        (BookAct::Take, lease == BookLease::Server && keeps && !asked),
        (BookAct::Release, lease == BookLease::Here && keeps && linked),
        // Handed over and not yet heard of: the file can be written again on another stick.
        (
            BookAct::HandOver,
            keeps && linked && (lease == BookLease::Here || gave_away(lease, asked)),
        ),
        (BookAct::TakeOver, lease == BookLease::Other && keeps && linked),
        (BookAct::Force, can_be_forced(lease) && takes_over),
        (BookAct::ConfirmLast, can_be_forced(lease) && takes_over),
        (
            BookAct::CarryMirror,
            linked && can_be_forced(lease) && (keeps_books || at.may(Right::Administer)),
        ),
        // On paper it is entered where the next number may be given.
        (
            BookAct::Reenter,
            waits && keeps_books && matches!(lease, BookLease::Here | BookLease::Server),
        ),
    ];
    all.into_iter().filter(|(_, can)| *can).map(|(act, _)| act).collect()
}

fn gave_away(lease: BookLease, asked: bool) -> bool {
    lease == BookLease::Other && asked
}

fn can_be_forced(lease: BookLease) -> bool {
    matches!(lease, BookLease::Other | BookLease::Frozen)
}

pub(crate) fn known_book<'a>(at: &'a AtDesk, id: &str) -> Result<&'a Book, Failure> {
    let id = book_id(id)?;
    at.directory
        .books
        .get(&id)
        .ok_or_else(|| failure("unknown", "Không thấy sổ này trên máy.", "Chọn sổ khác."))
}

/// Lines `from..from + lines`, each number exactly once: document, void or placeholder. What was
/// stamped twice stands behind its number with a letter.
pub(crate) fn lines_of(
    view: &View<'_>,
    at: &AtDesk,
    book: &Book,
    year: i16,
    from: u32,
    lines: u32,
) -> Result<Vec<Line>, StoreError> {
    let count = book.year(year);
    let end = from.saturating_add(lines).min(count.next);
    let documents = view.book_lines(book.id, year, from, end.saturating_sub(from))?;
    let mut documents = documents.into_iter().peekable();
    let mut lettered = view.lettered_lines(book.id, year, from..end)?.into_iter().peekable();
    let mut read = Vec::new();
    for number in from..end {
        match documents.next_if(|line| line.number == number) {
            Some(line) => read.extend(document_line(at, (number, ""), &line.state)),
            None => read.push(line_without_document(book.direction, &count, number)),
        }
        while let Some(line) = lettered.next_if(|line| line.number == number) {
            read.extend(document_line(at, (number, &line.letter), &line.state));
        }
    }
    Ok(read)
}

fn line_without_document(direction: Direction, count: &YearCount, number: u32) -> Line {
    let (kind, reason) = match (count.voids.get(&number), count.placeholder(number)) {
        (Some(reason), _) => (BookRowKind::Void, reason.clone()),
        (None, Some(range)) => (BookRowKind::Placeholder, why_on_paper(&range.reason)),
        (None, None) => (BookRowKind::Placeholder, String::new()),
    };
    let (text, mut cells) = (render_number(number), <[String; 10]>::default());
    let [one, two, ..] = &mut cells;
    match direction {
        Direction::Incoming => *two = text,
        Direction::Outgoing => *one = text,
    }
    Line { number, letter: String::new(), kind, id: None, cells, day: String::new(), reason }
}

fn document_line(at: &AtDesk, number: (u32, &str), state: &State) -> Option<Line> {
    match state {
        State::Incoming(document) => Some(incoming_line(at, number, document)),
        State::Outgoing(document) => Some(outgoing_line(at, number, document)),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    }
}

fn kind_and_subject(at: &AtDesk, kind: &str, subject: &str) -> String {
    let kind = at.directory.kind_name(kind);
    format!("{kind}: {subject}")
}

/// The ten columns of Phụ lục IV, mục VI.
fn incoming_line(at: &AtDesk, (number, letter): (u32, &str), document: &Incoming) -> Line {
    let fields = &document.fields;
    let day = document.numbered_on.unwrap_or(document.arrived_on);
    let to = document.in_force().flat_map(|directive| {
        directive.parties.first().copied().map(|party| at.directory.party(party).name)
    });
    let mut to: Vec<String> = to.collect();
    if to.is_empty() && !fields.to_places.is_empty() {
        to.push(fields.to_places.clone());
    }
    let passed_on = document.in_force().map(|directive| directive.at.date()).min();
    let void = document.void.as_ref();
    Line {
        number,
        letter: letter.to_owned(),
        kind: if void.is_some() { BookRowKind::Void } else { BookRowKind::Document },
        id: Some(document.id.hex()),
        cells: [
            date(day),
            format!("{}{letter}", render_number(number)),
            fields.issuer.clone(),
            reference(&fields.number, &fields.symbol),
            fields.issued_on.map(date).unwrap_or_default(),
            kind_and_subject(at, &fields.kind, &fields.subject),
            to.join("; "),
            passed_on.map(date).unwrap_or_default(),
            String::new(),
            fields.note.clone(),
        ],
        day: date(day),
        reason: void.map(|void| void.reason.clone()).unwrap_or_default(),
    }
}

/// The ten columns of Phụ lục IV, mục I.
fn outgoing_line(at: &AtDesk, (number, letter): (u32, &str), document: &Outgoing) -> Line {
    let fields = &document.fields;
    let given = document.given.as_ref();
    let symbol = given.map(|given| given.symbol.as_str()).unwrap_or_default();
    let on = given.map(|given| date(given.on)).unwrap_or_default();
    let recipients: Vec<&str> = fields.recipients.iter().map(|to| to.name.as_str()).collect();
    let sent = document.dispatch.as_ref();
    let void = document.void.as_ref();
    let unit = fields.unit.map(|unit| at.directory.unit_name(unit)).unwrap_or_default();
    let keeper = if fields.keeper.is_empty() { unit } else { fields.keeper.clone() };
    Line {
        number,
        letter: letter.to_owned(),
        kind: if void.is_some() { BookRowKind::Void } else { BookRowKind::Document },
        id: Some(document.id.hex()),
        cells: [
            reference(&format!("{}{letter}", render_number(number)), symbol),
            on.clone(),
            kind_and_subject(at, &fields.kind, &fields.subject),
            fields.signer.clone(),
            recipients.join("; "),
            keeper,
            fields.copies.map(|copies| copies.to_string()).unwrap_or_default(),
            sent.map(|sent| date(sent.on)).unwrap_or_default(),
            String::new(),
            fields.note.clone(),
        ],
        day: on,
        reason: void.map(|void| void.reason.clone()).unwrap_or_default(),
    }
}
