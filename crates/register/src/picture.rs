//! What a decision is made from and what it makes: states, look-ups, changes.
//!
//! `decide` never reads a store. It asks ([`Ask`]) and is called again with the answer, so the same
//! function serves a desk, the server and a simulator, blocking or not.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::agency::Agency;
use crate::book::Book;
use crate::calendar::DecidedYear;
use crate::device::Device;
use crate::id::{
    AgencyId, BookId, CommandId, DeviceId, DocumentId, Id, OfficerId, ParcelId, TaskId, UnitId,
};
use crate::incoming::Incoming;
use crate::outgoing::Outgoing;
use crate::parcel::{Arrival, Parcel};
use crate::people::{Officer, Unit};
use crate::refusal::Refusal;
use crate::task::Task;
use crate::trail::TrailLine;

/// The name of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "t", content = "id")]
pub enum Key {
    /// The agency.
    Agency(AgencyId),
    /// A unit.
    Unit(UnitId),
    /// An officer.
    Officer(OfficerId),
    /// A book.
    Book(BookId),
    /// An incoming document.
    Incoming(DocumentId),
    /// An outgoing document.
    Outgoing(DocumentId),
    /// A task.
    Task(TaskId),
    /// The decided days of one year.
    Year(i16),
    /// A PC.
    Device(DeviceId),
    /// A document on its way to an agency.
    Parcel(ParcelId),
    /// A document that came from an agency.
    Arrival(ParcelId),
}

impl Key {
    /// A small number for the kind of state; part of the stored key, so it never changes.
    pub fn tag(&self) -> u8 {
        match self {
            Key::Agency(_) => 1,
            Key::Unit(_) => 2,
            Key::Officer(_) => 3,
            Key::Book(_) => 4,
            Key::Incoming(_) => 5,
            Key::Outgoing(_) => 6,
            Key::Task(_) => 7,
            Key::Year(_) => 8,
            Key::Device(_) => 9,
            Key::Parcel(_) => 10,
            Key::Arrival(_) => 11,
        }
    }

    /// The 16 bytes behind the name.
    pub fn id(&self) -> Id {
        match self {
            Key::Agency(id) => id.0,
            Key::Unit(id) => id.0,
            Key::Officer(id) => id.0,
            Key::Book(id) => id.0,
            Key::Incoming(id) | Key::Outgoing(id) => id.0,
            Key::Task(id) => id.0,
            Key::Device(id) => id.0,
            Key::Parcel(id) | Key::Arrival(id) => id.0,
            Key::Year(year) => {
                let mut id = [0u8; 16];
                id[..2].copy_from_slice(&year.to_be_bytes());
                id
            }
        }
    }
}

/// One state as it stands. Kept small: it is what travels to other PCs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "t", content = "body")]
pub enum State {
    /// The agency.
    Agency(Box<Agency>),
    /// A unit.
    Unit(Unit),
    /// An officer.
    Officer(Officer),
    /// A book.
    Book(Box<Book>),
    /// An incoming document.
    Incoming(Box<Incoming>),
    /// An outgoing document.
    Outgoing(Box<Outgoing>),
    /// A task.
    Task(Box<Task>),
    /// The decided days of one year.
    Year(DecidedYear),
    /// A PC.
    Device(Device),
    /// A document on its way to an agency.
    Parcel(Box<Parcel>),
    /// A document that came from an agency.
    Arrival(Box<Arrival>),
}

impl State {
    /// Its name.
    pub fn key(&self) -> Key {
        match self {
            State::Agency(agency) => Key::Agency(agency.id),
            State::Unit(unit) => Key::Unit(unit.id),
            State::Officer(officer) => Key::Officer(officer.id),
            State::Book(book) => Key::Book(book.id),
            State::Incoming(document) => Key::Incoming(document.id),
            State::Outgoing(document) => Key::Outgoing(document.id),
            State::Task(task) => Key::Task(task.id),
            State::Year(decided) => Key::Year(decided.year),
            State::Device(device) => Key::Device(device.id),
            State::Parcel(parcel) => Key::Parcel(parcel.id),
            State::Arrival(arrival) => Key::Arrival(arrival.id),
        }
    }
}

/// Something a decision needs to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// The state of this name.
    State(Key),
    /// Which document holds this number of this book and year.
    Number(BookId, i16, u32),
    /// Which outgoing document carries this rendered reference in this year (Đ15.1: unique).
    Reference(i16, String),
    /// Whether the agency has been founded, and its id.
    Agency,
    /// Whether the log has accepted this command; a desk, which keeps only its own, may not know.
    Accepted(CommandId),
}

/// Who holds a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberUse {
    /// This document.
    Document(DocumentId),
}

/// The answer to an [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The state, if there is one.
    State(Option<State>),
    /// The holder, if there is one.
    Number(Option<NumberUse>),
    /// The document, if there is one.
    Reference(Option<DocumentId>),
    /// The agency, if it has been founded.
    Agency(Option<AgencyId>),
    /// What the log says of the command, if it has it.
    Accepted(Option<bool>),
}

/// Everything learned so far for one decision.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    known: BTreeMap<Ask, Answer>,
}

/// Not yet, or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    /// Ask this, then decide again.
    Needs(Ask),
    /// The rules speak.
    Refused(Refusal),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> No {
        No::Refused(refusal)
    }
}

/// What an accepted command makes: whole new states and the lines of history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// New values; each replaces the state of its name.
    pub states: Vec<State>,
    /// Lines of history.
    pub trail: Vec<TrailLine>,
}

impl Picture {
    /// An empty picture.
    pub fn new() -> Picture {
        Picture::default()
    }

    /// Takes in an answer.
    pub fn learn(&mut self, ask: Ask, answer: Answer) {
        self.known.insert(ask, answer);
    }

    fn answer(&self, ask: Ask) -> Result<&Answer, No> {
        self.known.get(&ask).ok_or(No::Needs(ask))
    }

    /// The state of a name; none when there is none.
    pub(crate) fn state(&self, key: Key) -> Result<Option<&State>, No> {
        match self.answer(Ask::State(key))? {
            Answer::State(state) => Ok(state.as_ref()),
            Answer::Number(_) | Answer::Reference(_) | Answer::Agency(_) | Answer::Accepted(_) => {
                Ok(None)
            }
        }
    }

    /// The id of the agency once founded.
    pub(crate) fn agency_id(&self) -> Result<Option<AgencyId>, No> {
        match self.answer(Ask::Agency)? {
            Answer::Agency(id) => Ok(*id),
            Answer::Number(_) | Answer::Reference(_) | Answer::State(_) | Answer::Accepted(_) => {
                Ok(None)
            }
        }
    }

    /// Whether the log has accepted a command.
    pub(crate) fn accepted(&self, command: CommandId) -> Result<bool, No> {
        Ok(matches!(self.answer(Ask::Accepted(command))?, Answer::Accepted(Some(true))))
    }

    /// Who holds a number.
    pub(crate) fn number(
        &self,
        book: BookId,
        year: i16,
        number: u32,
    ) -> Result<Option<NumberUse>, No> {
        match self.answer(Ask::Number(book, year, number))? {
            Answer::Number(used) => Ok(*used),
            Answer::State(_) | Answer::Reference(_) | Answer::Agency(_) | Answer::Accepted(_) => {
                Ok(None)
            }
        }
    }

    /// Which outgoing document carries this reference.
    pub(crate) fn reference(&self, year: i16, text: String) -> Result<Option<DocumentId>, No> {
        match self.answer(Ask::Reference(year, text))? {
            Answer::Reference(document) => Ok(*document),
            Answer::State(_) | Answer::Number(_) | Answer::Agency(_) | Answer::Accepted(_) => {
                Ok(None)
            }
        }
    }
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident, $id:ty, $variant:ident, $out:ty) => {
        impl Picture {
            $(#[$doc])*
            pub(crate) fn $name(&self, id: $id) -> Result<&$out, No> {
                let what = Key::$variant(id);
                match self.state(what)? {
                    Some(State::$variant(value)) => Ok(value),
                    Some(_) | None => Err(No::Refused(Refusal::Unknown { what })),
                }
            }
        }
    };
}
getter!(/// The agency.
    agency, AgencyId, Agency, Agency);
getter!(/// A unit.
    unit, UnitId, Unit, Unit);
getter!(/// An officer.
    officer, OfficerId, Officer, Officer);
getter!(/// A book.
    book, BookId, Book, Book);
getter!(/// An incoming document.
    incoming, DocumentId, Incoming, Incoming);
getter!(/// An outgoing document.
    outgoing, DocumentId, Outgoing, Outgoing);
getter!(/// A PC.
    device, DeviceId, Device, Device);
getter!(/// A document on its way.
    parcel, ParcelId, Parcel, Parcel);
getter!(/// A document that came.
    arrival, ParcelId, Arrival, Arrival);
getter!(/// A task.
    task, TaskId, Task, Task);
