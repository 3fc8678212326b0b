//! A region at rest: everything has gone, and both halves of every parcel say the same (SYNC I15,
//! I16, F23 to F25).
use register::{AgencyId, Answered, Arrival, Key, Parcel, ParcelId, Said, State, Undeliverable};

use super::Region;

/// Rounds in which everything must have gone.
const ROUNDS_MAX: usize = 200;

/// How far a parcel is at its recipient, without answers that may change: it only rises.
pub(super) type Ranks = (bool, bool, bool, bool, bool);

impl Region {
    /// How far a parcel is, as the agency that is told knows it.
    pub(super) fn ranks(&self, of: &AgencyId, parcel: ParcelId) -> Option<Ranks> {
        let place = self.places.iter().find(|place| place.id == *of)?;
        match place.states.get(&Key::Parcel(parcel))? {
            State::Parcel(parcel) => Some((
                parcel.arrived.is_some(),
                parcel.fetched.is_some(),
                parcel.assigned.is_some(),
                parcel.in_progress.is_some(),
                parcel.done.is_some(),
            )),
            _ => None,
        }
    }

    pub(super) fn must_not_fall(&mut self, of: &AgencyId, parcel: ParcelId, before: Option<Ranks>) {
        let after = self.ranks(of, parcel);
        if before.is_some() && after < before && fell(before, after) {
            self.broke("fell", format!("{parcel} fell from {before:?} to {after:?}"));
        }
    }

    /// Every line is there, every file comes, everybody meets, until nothing is on its way.
    pub fn comes_to_rest(&mut self) {
        self.down.iter_mut().for_each(|down| *down = false);
        for _ in 0..ROUNDS_MAX {
            for at in 0..self.places.len() {
                if let Some(place) = self.places.get_mut(at) {
                    place.files_on_the_way.clear();
                    for seat in 0..place.seats.len() {
                        place.meets(seat, self.now, &mut self.tally);
                    }
                }
            }
            let all: Vec<(usize, [u8; 16])> = (self.places.iter().enumerate())
                .flat_map(|(at, place)| place.outbox.iter().map(move |row| (at, row.id)))
                .collect();
            if all.is_empty() {
                return;
            }
            for (at, id) in all {
                self.carries(at, id);
            }
        }
        let left: usize = self.places.iter().map(|place| place.outbox.len()).sum();
        self.broke("stuck", format!("{left} matters never go"));
    }

    /// Looks at every parcel from both ends.
    pub fn looks_at_rest(&mut self) {
        let mut wrong = Vec::new();
        let mut seen = 0;
        for place in &self.places {
            for state in place.states.values() {
                let State::Parcel(parcel) = state else { continue };
                seen += 1;
                let there = self.places.iter().find(|other| other.id == parcel.to.agency);
                let Some(there) = there else { continue };
                let arrival = match there.states.get(&Key::Arrival(parcel.id)) {
                    Some(State::Arrival(arrival)) => Some(&**arrival),
                    _ => None,
                };
                wrong.extend(differs(parcel, arrival));
                let came = there.came.get(&parcel.id).copied().unwrap_or(0);
                if came > 1 {
                    wrong.push(("doubled", format!("{} came {came} times", parcel.id)));
                }
            }
            for state in place.states.values() {
                let State::Arrival(arrival) = state else { continue };
                let from = self.places.iter().find(|other| other.id == arrival.from.agency);
                let known = from.and_then(|from| from.states.get(&Key::Parcel(arrival.id)));
                if known.is_none() {
                    wrong.push(("lost", format!("{} came from nobody", arrival.id)));
                }
                wrong.extend(agrees_with_its_document(arrival, |key| place.states.get(&key)));
            }
        }
        self.tally.more("parcels", seen);
        for (counter, what) in wrong {
            self.broke(counter, what);
        }
    }
}

fn fell(before: Option<Ranks>, after: Option<Ranks>) -> bool {
    let list = |ranks: Ranks| [ranks.0, ranks.1, ranks.2, ranks.3, ranks.4];
    match (before.map(list), after.map(list)) {
        (Some(before), Some(after)) => before.into_iter().zip(after).any(|(was, is)| was && !is),
        _ => true,
    }
}

type Found = (&'static str, String);

fn differs(parcel: &Parcel, arrival: Option<&Arrival>) -> Vec<Found> {
    let mut wrong = Vec::new();
    let id = parcel.id;
    let mut say = |what: &str| wrong.push(("diverged", format!("{id}: {what}")));
    let Some(arrival) = arrival else {
        // Called back before it went, and only then, it never came.
        let back = parcel.recall.as_ref().and_then(|recall| recall.answer.as_ref());
        let lost = matches!(parcel.lost, Some((Undeliverable::NoSuchAgency, _)));
        if parcel.arrived.is_some() || !(lost || back.is_some_and(|back| back.agreed)) {
            say("it never came, and nobody says why");
        }
        return wrong;
    };
    if parcel.arrived != Some(arrival.arrived_at) {
        say("when it arrived");
    }
    let steps = |a: [bool; 3], b: [bool; 3]| a == b;
    if !steps(
        [parcel.assigned.is_some(), parcel.in_progress.is_some(), parcel.done.is_some()],
        [arrival.assigned.is_some(), arrival.in_progress.is_some(), arrival.done.is_some()],
    ) {
        say("how far the work is");
    }
    if parcel.replaces != arrival.replaces {
        say("what it takes the place of");
    }
    if parcel.chased.len() != arrival.chased.len() {
        say("how often it was reminded of");
    }
    let said = parcel.answer.as_ref().map(|Answered { said, .. }| match said {
        Said::Accepted { number, on, .. } => (Some((*number, *on)), None),
        Said::Refused { reason, misaddressed } => (None, Some((reason.clone(), *misaddressed))),
    });
    let theirs = match (&arrival.taken_in, &arrival.sent_back) {
        (Some(taken), _) => Some((Some((taken.number, taken.on)), None)),
        (None, Some(back)) => Some((None, Some((back.reason.clone(), back.misaddressed)))),
        (None, None) => None,
    };
    if said != theirs {
        say(&format!("answered {said:?}, and there {theirs:?}"));
    }
    match (&parcel.recall, &arrival.recall) {
        (None, None) => {}
        (Some(ours), Some(theirs)) => {
            let of = |recall: &register::Recall| {
                recall.answer.as_ref().map(|answer| (answer.agreed, answer.by_itself))
            };
            if ours.replaced_by != theirs.replaced_by {
                say("what takes its place");
            }
            if of(ours) != of(theirs) {
                say(&format!("recalled {:?}, and there {:?}", of(ours), of(theirs)));
            }
            // One outcome, however recall and acceptance crossed: who has it is asked.
            if of(theirs) == Some((true, true)) && arrival.taken_in.is_some() {
                say("taken in, and given back without asking");
            }
            if of(theirs).is_none() && arrival.taken_in.is_none() {
                say("nobody has it, and nobody gives it back");
            }
        }
        (ours, theirs) => say(&format!("recall {} and {}", ours.is_some(), theirs.is_some())),
    }
    wrong
}

fn agrees_with_its_document<'s>(
    arrival: &Arrival,
    look: impl Fn(Key) -> Option<&'s State>,
) -> Option<Found> {
    let taken = arrival.taken_in.as_ref()?;
    let Some(State::Incoming(document)) = look(Key::Incoming(taken.document)) else {
        return Some(("lost", format!("{}: its document is not there", arrival.id)));
    };
    if document.number != taken.number {
        return Some(("diverged", format!("{}: another number", arrival.id)));
    }
    let back = arrival.is_recalled();
    let withheld = document.recalled.is_some();
    (back != withheld && document.void.is_none())
        .then(|| ("diverged", format!("{}: given back {back}, hidden {withheld}", arrival.id)))
}
