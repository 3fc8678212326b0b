//! What takes the place of what (NĐ 30/2020 Đ18.3): both ways, in what was sent and in what came.
use contract::{Direction, Replacement};
use register::{Arrival, DocumentId, Key, Outgoing, State, reference, render_number};
use store::{StoreError, View};

use crate::acts::card_of_arrival;
use crate::session::AtDesk;

/// What this takes the place of, and what takes its place, oldest first.
pub(crate) type Beside = (Option<Replacement>, Vec<Replacement>);

fn sent(document: &Outgoing) -> Replacement {
    let given = document.given.as_ref();
    let number = given.and_then(|given| given.number);
    Replacement {
        reference: given.zip(number).map_or_else(String::new, |(given, number)| {
            reference(&render_number(number), &given.symbol)
        }),
        dated: given.map(|given| given.on.to_string()),
        subject: document.fields.subject.clone(),
        direction: Direction::Outgoing,
        document: Some(document.id.hex()),
        card: None,
    }
}

fn came(arrival: &Arrival) -> Replacement {
    let letter = &arrival.letter;
    let waits = arrival.waits() && arrival.taken_in.is_none();
    Replacement {
        reference: reference(&letter.number, &letter.symbol),
        dated: Some(letter.issued_on.to_string()),
        subject: letter.subject.clone(),
        direction: Direction::Incoming,
        document: arrival.taken_in.as_ref().map(|taken| taken.document.hex()),
        card: waits.then(|| card_of_arrival(arrival.id)),
    }
}

/// The document of this agency, where it may be seen by who sits here.
pub(crate) fn sent_shown(
    view: &View<'_>,
    at: &AtDesk,
    document: DocumentId,
) -> Result<Option<Replacement>, StoreError> {
    Ok(match view.state(Key::Outgoing(document))? {
        Some(state) if !at.lens.sees(&state) => None,
        Some(State::Outgoing(document)) => Some(sent(&document)),
        Some(_) | None => None,
    })
}

/// Beside a document of this agency; what was given up is not told.
pub(crate) fn beside_sent(
    view: &View<'_>,
    at: &AtDesk,
    document: &Outgoing,
) -> Result<Beside, StoreError> {
    let before = match document.replaces {
        Some(replaced) => sent_shown(view, at, replaced)?,
        None => None,
    };
    let mut after = view.replacements_of(document.id)?;
    after.retain(|other| {
        other.void.is_none() && at.lens.sees(&State::Outgoing(Box::new(other.clone())))
    });
    after.sort_by_key(|other| (other.drafted_at, other.id));
    Ok((before, after.iter().map(sent).collect()))
}

/// Beside what came from another agency. What it replaces counts also when it never came here.
pub(crate) fn beside_came(
    view: &View<'_>,
    at: &AtDesk,
    arrival: &Arrival,
) -> Result<Beside, StoreError> {
    let before = match arrival.replaces {
        None => None,
        Some(replaced) => Some(match view.state(Key::Arrival(replaced))? {
            Some(State::Arrival(known)) if known.from.agency == arrival.from.agency => came(&known),
            Some(_) | None => unknown(),
        }),
    };
    let mut after = view.came_in_place_of(arrival.id)?;
    after.retain(|other| {
        let theirs = other.from.agency == arrival.from.agency;
        theirs && at.lens.sees(&State::Arrival(Box::new(other.clone())))
    });
    after.sort_by_key(|other| (other.arrived_at, other.id));
    let mut after: Vec<Replacement> = after.iter().map(came).collect();
    let promised = arrival.recall.as_ref().is_some_and(|recall| recall.replaced_by.is_some());
    if promised && after.is_empty() {
        after.push(unknown());
    }
    Ok((before, after))
}

/// One that is named and is not here.
fn unknown() -> Replacement {
    Replacement {
        reference: String::new(),
        dated: None,
        subject: String::new(),
        direction: Direction::Incoming,
        document: None,
        card: None,
    }
}
