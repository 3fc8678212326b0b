//! Documents that come from other agencies: taken in, sent back, reminded of, recalled
//! (NĐ 30/2020 Đ18.4, Đ21.2; PL VI, III.8; SYNC 2.6).
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Acting;
use super::words::{SUBJECT_CHARS_MAX, needed, one, within};
use crate::id::{DocumentId, ParcelId};
use crate::incoming::{Incoming, Void, Withheld};
use crate::parcel::{Arrival, CHASES_MAX, Chase, Recall, RecallAnswer, SentBack, TakenIn};
use crate::picture::{Change, Key, No, State};
use crate::post::{Chased, Delivery, RecallAsked};
use crate::refusal::{Refusal, Where};
use crate::rights::Right;
use crate::task::Standing;
use crate::trail::Deed;

fn changed(acting: &Acting<'_>, arrival: Arrival, deed: Deed, words: &str) -> Result<Change, No> {
    Ok(acting.change(State::Arrival(Box::new(arrival)), deed, words))
}

/// The whole of it is here: document and every file. The same parcel again changes nothing.
pub(super) fn come(acting: &Acting<'_>, delivery: &Delivery) -> Result<Change, No> {
    acting.must_be_server()?;
    let what = Key::Arrival(delivery.parcel);
    if acting.picture.state(what)?.is_some() {
        return Err(Refusal::Exists { what }.into());
    }
    let Delivery { parcel, from, issued_at, issued_by, purpose, due, replaces, letter, cause } =
        delivery;
    let arrival = Arrival {
        id: *parcel,
        from: from.clone(),
        issued_at: *issued_at,
        issued_by: issued_by.clone(),
        purpose: purpose.clone(),
        due: *due,
        replaces: *replaces,
        letter: letter.clone(),
        cause: *cause,
        arrived_at: acting.command.at,
        taken_in: None,
        sent_back: None,
        assigned: None,
        in_progress: None,
        done: None,
        chased: Vec::new(),
        recall: None,
        brought_back: None,
    };
    changed(acting, arrival, Deed::ArrivalCame, "")
}

/// Sends it back: it is not valid, or not for this agency (Đ21.2b).
pub(super) fn refuse(
    acting: &Acting<'_>,
    id: ParcelId,
    reason: &str,
    misaddressed: bool,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let arrival = acting.picture.arrival(id)?;
    if arrival.is_recalled() {
        return Err(Refusal::Recalled.into());
    }
    if arrival.taken_in.is_some() || arrival.sent_back.is_some() {
        return Err(Refusal::Done.into());
    }
    let mut arrival = arrival.clone();
    let (at, by) = (acting.command.at, acting.actor.id);
    arrival.sent_back = Some(SentBack { at, by, reason: reason.to_string(), misaddressed });
    changed(acting, arrival, Deed::ArrivalSentBack, reason)
}

/// The sender reminds.
pub(super) fn chased(acting: &Acting<'_>, chased: &Chased) -> Result<Change, No> {
    acting.must_be_server()?;
    let mut arrival = acting.picture.arrival(chased.parcel)?.clone();
    let told = arrival.chased.iter().any(|known| known.nth == chased.nth);
    if told || arrival.chased.len() >= CHASES_MAX {
        return Err(Refusal::NothingWaits.into());
    }
    let Chased { nth, at, by, note, .. } = chased;
    arrival.chased.push(Chase { nth: *nth, at: *at, by: by.clone(), note: note.clone() });
    arrival.chased.sort_by_key(|known| known.nth);
    changed(acting, arrival, Deed::Chased, note)
}

/// The sender wants it back. Where nobody has taken it in, nobody has to be asked.
pub(super) fn recall_asked(acting: &Acting<'_>, asked: &RecallAsked) -> Result<Change, No> {
    acting.must_be_server()?;
    let mut arrival = acting.picture.arrival(asked.parcel)?.clone();
    if arrival.recall.is_some() {
        return Err(Refusal::NothingWaits.into());
    }
    let by_itself = RecallAnswer {
        place: None,
        at: acting.command.at,
        by: String::new(),
        agreed: true,
        by_itself: true,
        reason: String::new(),
    };
    arrival.recall = Some(Recall {
        at: asked.at,
        by: asked.by.clone(),
        reason: asked.reason.clone(),
        replaced_by: asked.replaced_by,
        answer: arrival.taken_in.is_none().then_some(by_itself),
    });
    let document = arrival.taken_in.as_ref().map(|taken| taken.document);
    let mut change = changed(acting, arrival, Deed::RecallAsked, &asked.reason)?;
    if let Some(document) = document {
        let of = Key::Incoming(document);
        change.trail.push(acting.line(of, Deed::RecallAsked, Vec::new(), &asked.reason));
    }
    Ok(change)
}

/// The clerk answers a recall of what stands in a book. Agreed, its files are open to nobody and
/// its work is taken back; number and line stay.
pub(super) fn answer_recall(
    acting: &Acting<'_>,
    id: ParcelId,
    agree: bool,
    reason: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    within(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    if !agree {
        needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    }
    let mut arrival = acting.picture.arrival(id)?.clone();
    let taken = arrival.taken_in.as_ref().map(|taken| taken.document);
    let recall = arrival.recall.as_mut().filter(|recall| recall.answer.is_none());
    let recall = recall.ok_or(Refusal::NothingWaits)?;
    recall.answer = Some(RecallAnswer {
        place: None,
        at: acting.command.at,
        by: acting.actor.name.clone(),
        agreed: agree,
        by_itself: false,
        reason: reason.to_string(),
    });
    let asked = recall.reason.clone();
    let deed = if agree { Deed::RecallAgreed } else { Deed::RecallRefused };
    let mut change = changed(acting, arrival, deed, reason)?;
    let Some(document) = taken else { return Ok(change) };
    let of = Key::Incoming(document);
    change.trail.push(acting.line(of, deed, Vec::new(), reason));
    if agree {
        let document = acting.picture.incoming(document)?;
        withhold(acting, document, &asked, &mut change)?;
    }
    Ok(change)
}

fn withhold(
    acting: &Acting<'_>,
    document: &Incoming,
    reason: &str,
    change: &mut Change,
) -> Result<(), No> {
    let (by, at) = (acting.actor.id, acting.command.at);
    for id in document.tasks() {
        let task = acting.picture.task(id)?;
        if matches!(task.standing(), Standing::Done | Standing::Withdrawn) {
            continue;
        }
        let mut task = task.clone();
        task.withdrawn = Some(Void { reason: reason.to_string(), by, at });
        change.trail.push(acting.line(Key::Task(id), Deed::Withdrawn, Vec::new(), reason));
        change.states.push(State::Task(Box::new(task)));
    }
    let mut document = document.clone();
    let files = core::mem::take(&mut document.attachments);
    document.recalled = Some(Withheld { reason: reason.to_string(), by, at, files });
    document.closed.get_or_insert(at);
    change.states.push(State::Incoming(Box::new(document)));
    Ok(())
}

/// Whether a clerk who can still do otherwise may register what came with this parcel.
pub(super) fn may_take_in(acting: &Acting<'_>, id: ParcelId) -> Result<(), No> {
    let arrival = acting.picture.arrival(id)?;
    if arrival.is_recalled() {
        return Err(Refusal::Recalled.into());
    }
    if arrival.sent_back.is_some() {
        return Err(Refusal::Done.into());
    }
    let Some(taken) = &arrival.taken_in else { return Ok(()) };
    if stands(acting, taken.document)? {
        return Err(Refusal::Exists { what: Key::Incoming(taken.document) }.into());
    }
    Ok(())
}

/// Whether the document it became is there and was not voided since.
fn stands(acting: &Acting<'_>, document: DocumentId) -> Result<bool, No> {
    let state = acting.picture.state(Key::Incoming(document))?;
    Ok(matches!(state, Some(State::Incoming(document)) if document.void.is_none()))
}

/// Keeps what the sender is told in step with what is done here: taken in under which number,
/// assigned, being worked on, done. Every act goes through it, so nobody has to think of it.
pub(super) fn followed(acting: &Acting<'_>, mut change: Change) -> Result<Change, No> {
    let mut touched: Vec<(DocumentId, bool)> = Vec::new();
    for state in &change.states {
        match state {
            State::Incoming(document) if document.arrival.is_some() => {
                touched.push((document.id, false));
            }
            State::Task(task) => {
                let begun = task.standing() != Standing::NotStarted && task.withdrawn.is_none();
                touched.extend(task.document.map(|document| (document, begun)));
            }
            State::Incoming(_)
            | State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Outgoing(_)
            | State::Year(_) => {}
        }
    }
    for (document, begun) in touched {
        follow(acting, document, begun, &mut change)?;
    }
    Ok(change)
}

fn follow(
    acting: &Acting<'_>,
    document: DocumentId,
    begun: bool,
    change: &mut Change,
) -> Result<(), No> {
    let made = change.states.iter().find(|state| state.key() == Key::Incoming(document));
    // A PC may see a task, and neither its document nor the parcel that came with.
    let known = match made {
        Some(state) => Some(state),
        None => acting.picture.state(Key::Incoming(document))?,
    };
    let Some(State::Incoming(document)) = known else { return Ok(()) };
    let document = document.clone();
    let Some(id) = document.arrival else { return Ok(()) };
    let made = change.states.iter().position(|state| state.key() == Key::Arrival(id));
    let known = match made.and_then(|at| change.states.get(at)) {
        Some(state) => Some(state),
        None => acting.picture.state(Key::Arrival(id))?,
    };
    let Some(State::Arrival(before)) = known else { return Ok(()) };
    let mut arrival = before.clone();
    let line = told(acting, &document, &mut arrival, begun)?;
    if arrival == *before {
        return Ok(());
    }
    change.trail.extend(line);
    match made.and_then(|at| change.states.get_mut(at)) {
        Some(state) => *state = State::Arrival(arrival),
        None => change.states.push(State::Arrival(arrival)),
    }
    Ok(())
}

fn told(
    acting: &Acting<'_>,
    document: &Incoming,
    arrival: &mut Arrival,
    begun: bool,
) -> Result<Option<crate::trail::TrailLine>, No> {
    let at = acting.command.at;
    let free = match &arrival.taken_in {
        None => true,
        Some(taken) if taken.document == document.id => false,
        Some(taken) => !stands(acting, taken.document)?,
    };
    let mut line = None;
    if free && document.void.is_none() {
        let (by, number) = (document.registered_by, document.number);
        arrival.taken_in =
            Some(TakenIn { document: document.id, at, by, number, on: document.numbered_on });
        arrival.sent_back = None;
        // Registered without a line, before the recall was known: a person is asked (SYNC F23).
        if let Some(recall) = &mut arrival.recall {
            recall.answer = None;
        }
        let altered = one("from", "", &arrival.from.name);
        line = Some(acting.line(
            Key::Incoming(document.id),
            Deed::ArrivalTakenIn,
            altered,
            &arrival.purpose,
        ));
    }
    let Some(taken) = arrival.taken_in.as_mut().filter(|taken| taken.document == document.id)
    else {
        return Ok(line);
    };
    (taken.number, taken.on) = (document.number, document.numbered_on);
    if document.in_force().next().is_some() {
        arrival.assigned.get_or_insert(at);
    }
    if begun {
        arrival.in_progress.get_or_insert(at);
    }
    if document.closed.is_some() && document.recalled.is_none() {
        arrival.done.get_or_insert(at);
    }
    Ok(line)
}
