//! What documents of both directions share: a place in a book, a paper, numbers that clash.
use alloc::vec::Vec;

use crate::held::HeldNumber;
use crate::id::{BookId, DocumentId};
use crate::incoming::Urgency;
use crate::picture::State;

impl State {
    /// The numbers stamped on the document that cannot stand as they are.
    pub fn held(&self) -> &[HeldNumber] {
        match self {
            State::Incoming(document) => &document.held,
            State::Outgoing(document) => &document.held,
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => &[],
        }
    }

    /// The same, to be changed; none where the state is no document.
    pub(crate) fn held_mut(&mut self) -> Option<&mut Vec<HeldNumber>> {
        match self {
            State::Incoming(document) => Some(&mut document.held),
            State::Outgoing(document) => Some(&mut document.held),
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

    /// Shows a stamped number on its document; false where it is to be seen there already, or where
    /// the state is no document.
    pub(crate) fn shows_held(&mut self, held: HeldNumber) -> bool {
        let of = (held.number, held.year);
        match self.held_mut() {
            Some(all) if !all.iter().any(|one| (one.number, one.year) == of) => {
                all.push(held);
                true
            }
            Some(_) | None => false,
        }
    }

    /// The document and the book in which it has its line, with a number or waiting for one.
    pub fn place(&self) -> Option<(DocumentId, BookId)> {
        match self {
            State::Incoming(document) => Some((document.id, document.book)),
            State::Outgoing(document) => Some((document.id, document.given.as_ref()?.book)),
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

    /// How urgent a document or a task is; what is neither has no mark.
    pub fn urgency(&self) -> Urgency {
        match self {
            State::Incoming(document) => document.fields.urgency,
            State::Outgoing(document) => document.fields.urgency,
            State::Task(task) => task.urgency,
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Year(_) => Urgency::Normal,
        }
    }
}
