//! Who may see a state: small scopes, so that reading is a look-up and never a rule of the page.
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use crate::id::{OfficerId, UnitId};
use crate::incoming::Incoming;
use crate::outgoing::Outgoing;
use crate::people::Officer;
use crate::picture::State;
use crate::rights::{Right, has};
use crate::task::{Party, Task};

/// A circle of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every officer.
    Everyone,
    /// Clerks, leaders and the office head: every document that is not restricted.
    Staff,
    /// A unit.
    Unit(UnitId),
    /// One officer.
    Officer(OfficerId),
}

impl Scope {
    /// The form in which it is stored and travels.
    pub fn name(&self) -> String {
        match self {
            Scope::Everyone => String::from("all"),
            Scope::Staff => String::from("staff"),
            Scope::Unit(id) => format!("unit:{id}"),
            Scope::Officer(id) => format!("u:{id}"),
        }
    }
}

/// The scopes of an officer.
pub fn scopes_of(officer: &Officer) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::from([Scope::Everyone, Scope::Officer(officer.id)]);
    if has(officer, Right::SeeAll) {
        scopes.insert(Scope::Staff);
    }
    if let Some(unit) = officer.unit {
        scopes.insert(Scope::Unit(unit));
    }
    scopes
}

fn party(party: Party) -> Scope {
    match party {
        Party::Officer(id) => Scope::Officer(id),
        Party::Unit(id) => Scope::Unit(id),
    }
}

/// Those who may see a state.
pub fn audience(state: &State) -> BTreeSet<Scope> {
    match state {
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Book(_)
        | State::Year(_) => BTreeSet::from([Scope::Everyone]),
        State::Incoming(document) => of_incoming(document),
        State::Outgoing(document) => of_outgoing(document),
        State::Task(task) => of_task(task),
        // As the document it carries, which has its number.
        State::Parcel(_) => BTreeSet::from([Scope::Everyone, Scope::Staff]),
        State::Arrival(_) => BTreeSet::from([Scope::Staff]),
    }
}

fn of_incoming(document: &Incoming) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::from([Scope::Staff, Scope::Officer(document.registered_by)]);
    for directive in document.in_force() {
        scopes.extend(directive.information.iter().copied().map(party));
        scopes.extend(directive.parties.iter().copied().map(party));
    }
    scopes
}

fn of_outgoing(document: &Outgoing) -> BTreeSet<Scope> {
    let numbered = document.given.as_ref().is_some_and(|given| given.number.is_some());
    if numbered {
        // The public list: an issued document is known to the whole office.
        return BTreeSet::from([Scope::Everyone, Scope::Staff]);
    }
    let mut scopes = BTreeSet::from([Scope::Staff, Scope::Officer(document.drafted_by)]);
    scopes.extend(document.fields.unit.map(Scope::Unit));
    scopes
}

fn of_task(task: &Task) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::from([Scope::Staff, Scope::Officer(task.assigner)]);
    scopes.insert(party(task.lead));
    scopes.extend(task.co.iter().copied().map(party));
    scopes.extend(task.information.iter().copied().map(party));
    scopes.extend(task.transfers.iter().map(|(lead, _)| party(*lead)));
    scopes
}
