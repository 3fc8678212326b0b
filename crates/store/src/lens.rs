//! Who looks, and what they narrow a list to.
use std::collections::BTreeSet;

use jiff::civil::Date;

use register::{BookId, Direction, Officer, Scope, State, audience, scopes_of};

use crate::standing::DocumentStanding;

/// The scopes of the open session; lists, search, counts and twins obey it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The circles of people the officer belongs to.
    pub scopes: BTreeSet<Scope>,
}

impl Lens {
    /// The lens of an officer.
    pub fn of(officer: &Officer) -> Lens {
        Lens { scopes: scopes_of(officer) }
    }

    /// Whether a state may be shown.
    pub fn sees(&self, state: &State) -> bool {
        audience(state).iter().any(|scope| self.scopes.contains(scope))
    }

    pub(crate) fn is_staff(&self) -> bool {
        self.scopes.contains(&Scope::Staff)
    }

    /// The officer and the unit among the scopes.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter().filter(|scope| match scope {
            Scope::Everyone | Scope::Staff => false,
            Scope::Unit(_) | Scope::Officer(_) => true,
        })
    }
}

/// A narrower list by where documents stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrow {
    /// Only these.
    Standing(DocumentStanding),
    /// Everything not done.
    Open,
    /// Everything urgent and not done.
    UrgentOpen,
    /// Everything with a stamped number that is another's.
    Clash,
}

/// What a list shows; every field narrows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Incoming or outgoing; none is both.
    pub direction: Option<Direction>,
    /// One book.
    pub book: Option<BookId>,
    /// Where they stand.
    pub narrow: Option<Narrow>,
    /// A unit or officer that handles them.
    pub party: Option<Scope>,
    /// From this entry day.
    pub from_day: Option<Date>,
    /// To this entry day.
    pub to_day: Option<Date>,
}
