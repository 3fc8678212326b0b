//! Books: who holds them, the page on screen as it prints, the print itself.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::{Direction, Named};

/// Who gives the numbers of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookLease {
    /// This PC.
    Here,
    /// Another PC.
    Other,
    /// The server.
    Server,
    /// Nobody, until somebody states the last number on paper.
    Frozen,
}

/// What an officer can do here about who gives the numbers of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookAct {
    /// Ask the server for it.
    Take,
    /// Give it back to the server.
    Release,
    /// Hand it over to another PC.
    HandOver,
    /// Take it from the file that its holder wrote.
    TakeOver,
    /// Take it over from a PC that is gone.
    Force,
    /// State the last number on paper as a second person.
    ConfirmLast,
    /// Carry what a PC did that is gone, from its mirror.
    CarryMirror,
    /// Enter again, or void, what stands on paper only.
    Reenter,
}

/// A number used on paper that waits to be entered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PaperNumber {
    /// The number.
    pub number: u32,
    /// Its year.
    pub year: i16,
    /// No older than this day, when one is known.
    pub after: Option<String>,
    /// No younger than this day.
    pub until: String,
    /// Why it was used on paper.
    pub reason: String,
}

/// A book and its next number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Books {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// Kinds it takes; empty takes all.
    pub kinds: Vec<String>,
    /// Next number this year.
    pub next: u32,
    /// Last date this year.
    pub last_date: Option<String>,
    /// Whether this PC gives its numbers.
    pub held_here: bool,
    /// Who gives them.
    pub lease: BookLease,
    /// Who gives them, in words.
    pub holder: String,
    /// This PC has asked for the book and has no answer yet.
    pub asked: bool,
    /// What this officer can do here about it.
    pub acts: Vec<BookAct>,
    /// Open for new documents.
    pub open: bool,
    /// Years with numbers, newest first.
    pub years: Vec<i16>,
    /// Documents that wait for a number.
    pub waiting: u32,
    /// Numbers used on paper that wait to be entered again.
    pub on_paper: u32,
    /// The first of them.
    pub paper: Vec<PaperNumber>,
    /// This PC gives its numbers and has not met its server for long.
    pub holding: Option<Holding>,
}

/// How long this PC has given numbers without meeting its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Holding {
    /// The books it gives the numbers of, by name.
    pub books: Vec<String>,
    /// Whole days since they met, once they are so many that they are said.
    pub days: Option<u32>,
    /// Numbers given since then.
    pub numbers: u32,
    /// No number is given until somebody vouches for the next ones.
    pub asks: bool,
    /// Officers of this PC whose PIN vouches.
    pub vouchers: Vec<Named>,
    /// Who vouched last since they met.
    pub vouched: Option<Vouched>,
}

/// Somebody let this PC go on giving numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Vouched {
    /// Who.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Why without the PIN of a leader; empty with it.
    pub reason: String,
}

/// Lets this PC go on giving numbers without its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct VouchForm {
    /// One of the vouchers; empty when none of them is there.
    pub officer: String,
    /// His PIN.
    pub pin: String,
    /// Why it cannot wait, when none of them is there.
    pub reason: String,
}

/// The end of an old book inside a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookOpening {
    /// Last number.
    pub last_number: u32,
    /// Its date.
    pub last_date: String,
}

/// Opens or changes a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookForm {
    /// The book; none opens a new one.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Incoming or outgoing; only of a new one.
    pub direction: Direction,
    /// Kinds; empty takes all.
    pub kinds: Vec<String>,
    /// Where an old book stopped this year; only of a new one.
    pub opening: Option<BookOpening>,
    /// Open for new documents.
    pub open: bool,
}

/// Asks for a page of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookPageAsked {
    /// The book.
    pub book: String,
    /// The year.
    pub year: i16,
    /// First number on the page; 0 is the last page.
    pub from: u32,
    /// Lines; at most 200.
    pub count: u32,
}

/// What a line of a book is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookRowKind {
    /// A document.
    Document,
    /// A voided number.
    Void,
    /// Used on paper, waits to be re-entered.
    Placeholder,
}

/// A cell of a line.
pub type BookCell = String;

/// A line of a book: ten cells in the order of Phụ lục IV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookRow {
    /// The number.
    pub number: u32,
    /// `a` of 57a, where a stamped number stayed with a letter; mostly empty.
    pub letter: String,
    /// What it is.
    pub kind: BookRowKind,
    /// The document.
    pub id: Option<String>,
    /// The ten cells.
    pub cells: Vec<BookCell>,
    /// Why it was voided, or what the placeholder waits for.
    pub reason: String,
}

/// A page of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookPage {
    /// The book.
    pub book: Books,
    /// The year.
    pub year: i16,
    /// The lines.
    pub rows: Vec<BookRow>,
    /// First number of the year.
    pub first: u32,
    /// Last number given.
    pub last: u32,
}

/// Numbers used on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PaperRange {
    /// The book.
    pub book: String,
    /// Last number used on paper.
    pub to: u32,
    /// Its date.
    pub last_date: String,
    /// Why.
    pub reason: String,
}

/// Voids a number used on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct NumberVoid {
    /// The book.
    pub book: String,
    /// The year.
    pub year: i16,
    /// The number.
    pub number: u32,
    /// Why.
    pub reason: String,
}

/// A printed book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookPrinted {
    /// Where the PDF stands on this PC.
    pub path: String,
    /// Its bytes by hash, for showing.
    pub blob: String,
    /// Pages.
    pub pages: u32,
}
