//! Documents on their way to other agencies: issued, chased, recalled, and the receipts that come
//! back (NĐ 30/2020 Đ18; SYNC 2.6).
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Acting;
use super::outgoing::live;
use super::words::{LINE_CHARS_MAX, SUBJECT_CHARS_MAX, few, needed, one, within};
use crate::command::Issued;
use crate::id::{DocumentId, ParcelId};
use crate::incoming::Void;
use crate::outgoing::{Dispatch, Outgoing};
use crate::parcel::{
    ADDRESSEES_MAX, Addressee, Answered, CHASES_MAX, Chase, PARCELS_MAX, Parcel, Recall,
    RecallAnswer, Said,
};
use crate::picture::{Change, Key, No, State};
use crate::post::{Receipt, Told};
use crate::refusal::{Refusal, Where};
use crate::rights::Right;
use crate::trail::Deed;

/// Sends an issued document to agencies: what QĐ 28/2018 asks for is number and symbol, a date, a
/// file, and whom it is for.
pub(super) fn issue(acting: &Acting<'_>, issued: &Issued) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    within(Where::How, &issued.how, LINE_CHARS_MAX)?;
    let mut document = may_leave(acting, issued)?.clone();
    let addressed = issued.to.len();
    if addressed == 0 {
        return Err(Refusal::Missing { field: Where::Recipients }.into());
    }
    few(Where::Recipients, addressed, ADDRESSEES_MAX as u32)?;
    few(Where::Recipients, document.parcels.len() + addressed, PARCELS_MAX as u32)?;
    let mut states = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let live = live_parcels(acting, &document)?;
    let mut agencies: BTreeSet<_> = live.iter().map(|parcel| parcel.to.agency).collect();
    agencies.insert(acting.command.org);
    for addressee in &issued.to {
        // Twice to one agency is a mistake, and to oneself too.
        if !agencies.insert(addressee.to.agency) {
            return Err(Refusal::NotAllowed { field: Where::Recipients }.into());
        }
        states.push(State::Parcel(Box::new(fresh(acting, document.id, addressee)?)));
        document.parcels.push(addressee.parcel);
        names.push(&addressee.to.name);
    }
    let words = names.join("; ");
    document.dispatch.get_or_insert(Dispatch {
        on: issued.on,
        how: issued.how.clone(),
        by: acting.actor.id,
        at: acting.command.at,
    });
    let line = acting.line(Key::Outgoing(document.id), Deed::Issued, Vec::new(), &words);
    states.push(State::Outgoing(Box::new(document)));
    Ok(Change { states, trail: Vec::from([line]) })
}

/// A document with its number and a file, on a day that can be.
fn may_leave<'a>(acting: &Acting<'a>, issued: &Issued) -> Result<&'a Outgoing, No> {
    let document = live(acting, issued.document)?;
    let numbered = document.given.as_ref().filter(|given| given.number.is_some());
    let given = numbered.ok_or(Refusal::NoNumber)?;
    if document.attachments.is_empty() {
        return Err(Refusal::Missing { field: Where::Attachments }.into());
    }
    if issued.on > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    if issued.on < given.on {
        return Err(Refusal::DateBeforeLast { last: given.on }.into());
    }
    Ok(document)
}

fn fresh(acting: &Acting<'_>, document: DocumentId, addressee: &Addressee) -> Result<Parcel, No> {
    let Addressee { parcel, to, purpose, due, replaces } = addressee;
    needed(Where::Recipients, &to.name, LINE_CHARS_MAX)?;
    within(Where::Recipients, &to.code, LINE_CHARS_MAX)?;
    within(Where::Recipients, purpose, LINE_CHARS_MAX)?;
    if acting.picture.state(Key::Parcel(*parcel))?.is_some() {
        return Err(Refusal::Exists { what: Key::Parcel(*parcel) }.into());
    }
    if let Some(replaced) = replaces
        && acting.picture.parcel(*replaced)?.to.agency != to.agency
    {
        return Err(Refusal::NotAllowed { field: Where::Recipients }.into());
    }
    Ok(Parcel {
        id: *parcel,
        document,
        to: to.clone(),
        purpose: purpose.clone(),
        due: *due,
        replaces: *replaces,
        issued_at: acting.command.at,
        issued_by: acting.actor.id,
        arrived: None,
        fetched: None,
        answer: None,
        taken_anew: None,
        assigned: None,
        in_progress: None,
        done: None,
        chased: Vec::new(),
        recall: None,
        lost: None,
        brought_back: None,
    })
}

fn live_parcels<'a>(acting: &Acting<'a>, document: &Outgoing) -> Result<Vec<&'a Parcel>, No> {
    let mut live = Vec::new();
    for id in &document.parcels {
        let parcel = acting.picture.parcel(*id)?;
        if parcel.is_live() {
            live.push(parcel);
        }
    }
    Ok(live)
}

/// Reminds those that have said neither yes nor no (đôn đốc).
pub(super) fn chase(acting: &Acting<'_>, parcels: &[ParcelId], note: &str) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    within(Where::Note, note, SUBJECT_CHARS_MAX)?;
    few(Where::Recipients, parcels.len(), ADDRESSEES_MAX as u32)?;
    let chosen: BTreeSet<ParcelId> = parcels.iter().copied().collect();
    let mut change = Change::default();
    for id in chosen {
        let parcel = acting.picture.parcel(id)?;
        if !parcel.is_unanswered() || parcel.chased.len() >= CHASES_MAX {
            // Somebody has answered meanwhile: the others are reminded all the same.
            continue;
        }
        let mut parcel = parcel.clone();
        let nth = u32::try_from(parcel.chased.len()).unwrap_or(u32::MAX).saturating_add(1);
        parcel.chased.push(Chase {
            nth,
            at: acting.command.at,
            by: acting.actor.name.clone(),
            note: note.to_string(),
        });
        let of = Key::Outgoing(parcel.document);
        let altered = one("recipient", "", &parcel.to.name);
        change.trail.push(acting.line(of, Deed::Chased, altered, note));
        change.states.push(State::Parcel(Box::new(parcel)));
    }
    if change.states.is_empty() {
        return Err(Refusal::NothingWaits.into());
    }
    Ok(change)
}

/// Wants it back from some or all recipients. Once nobody has it any more, the document itself is
/// frozen (Đ18.4; PL VI, III.8).
pub(super) fn recall(
    acting: &Acting<'_>,
    document: DocumentId,
    parcels: &[ParcelId],
    (reason, replaced_by): (&str, Option<DocumentId>),
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    few(Where::Recipients, parcels.len(), PARCELS_MAX as u32)?;
    let mut document = live(acting, document)?.clone();
    if let Some(other) = replaced_by {
        live(acting, other)?;
    }
    let chosen: BTreeSet<ParcelId> = parcels.iter().copied().collect();
    let mut change = Change::default();
    let mut kept_by_somebody = false;
    for id in document.parcels.iter().copied() {
        let parcel = acting.picture.parcel(id)?;
        if !chosen.contains(&id) || !parcel.may_be_recalled() {
            kept_by_somebody |= parcel.is_live() && parcel.recall.is_none();
            continue;
        }
        let mut parcel = parcel.clone();
        parcel.recall = Some(Recall {
            at: acting.command.at,
            by: acting.actor.name.clone(),
            reason: reason.to_string(),
            replaced_by,
            answer: None,
        });
        let altered = one("recipient", "", &parcel.to.name);
        let of = Key::Outgoing(document.id);
        change.trail.push(acting.line(of, Deed::RecallAsked, altered, reason));
        change.states.push(State::Parcel(Box::new(parcel)));
    }
    if change.states.is_empty() {
        return Err(Refusal::NothingWaits.into());
    }
    if !kept_by_somebody {
        let (by, at) = (acting.actor.id, acting.command.at);
        document.recalled = Some(Void { reason: reason.to_string(), by, at });
        change.states.push(State::Outgoing(Box::new(document)));
    }
    Ok(change)
}

/// A receipt comes, perhaps again, perhaps before an earlier one (SYNC F25).
pub(super) fn receive(acting: &Acting<'_>, receipt: &Receipt) -> Result<Change, No> {
    acting.must_be_server()?;
    let before = acting.picture.parcel(receipt.parcel)?;
    if is_told_again(before, receipt) {
        return Err(Refusal::NothingWaits.into());
    }
    let mut parcel = before.clone();
    let (deed, words) = note(&mut parcel, receipt);
    if parcel == *before {
        return Err(Refusal::NothingWaits.into());
    }
    let altered = one("recipient", "", &parcel.to.name);
    let line = acting.line(Key::Outgoing(parcel.document), deed, altered, &words);
    let states = Vec::from([State::Parcel(Box::new(parcel))]);
    Ok(Change { states, trail: Vec::from([line]) })
}

fn note(parcel: &mut Parcel, receipt: &Receipt) -> (Deed, String) {
    let at = receipt.at;
    let silent = |deed| (deed, String::new());
    match &receipt.told {
        Told::Arrived => {
            parcel.arrived.get_or_insert(at);
            silent(Deed::ParcelArrived)
        }
        Told::Fetched => {
            parcel.fetched.get_or_insert(at);
            silent(Deed::ParcelFetched)
        }
        Told::Assigned => {
            parcel.assigned.get_or_insert(at);
            silent(Deed::ParcelAssigned)
        }
        Told::InProgress => {
            parcel.in_progress.get_or_insert(at);
            silent(Deed::ParcelInProgress)
        }
        Told::Done => {
            parcel.done.get_or_insert(at);
            silent(Deed::ParcelDone)
        }
        Told::Undeliverable { why } => {
            if parcel.arrived.is_none() {
                parcel.lost.get_or_insert((*why, at));
            }
            silent(Deed::ParcelLost)
        }
        Told::Answered(said) => note_answer(parcel, receipt, said),
        Told::RecallAnswered { agreed, by_itself, reason } => {
            let answer = RecallAnswer {
                place: Some(receipt.place),
                at,
                by: receipt.by.clone(),
                agreed: *agreed,
                by_itself: *by_itself,
                reason: reason.clone(),
            };
            note_recall(parcel, answer);
            let deed = if *agreed { Deed::RecallAgreed } else { Deed::RecallRefused };
            (deed, reason.clone())
        }
    }
}

/// A document that came twice makes its recipient tell everything again, from a later entry. Where
/// nobody asked it back in between, and no server was set back, that says nothing new.
fn is_told_again(parcel: &Parcel, receipt: &Receipt) -> bool {
    let Told::Answered(said) = &receipt.told else { return false };
    parcel.recall.is_none()
        && parcel.answer.as_ref().is_some_and(|known| {
            known.place.epoch == receipt.place.epoch
                && (known.at, &known.by, &known.said) == (receipt.at, &receipt.by, said)
        })
}

fn note_answer(parcel: &mut Parcel, receipt: &Receipt, said: &Said) -> (Deed, String) {
    if parcel.answer.as_ref().is_none_or(|known| known.place < receipt.place) {
        parcel.answer = Some(Answered {
            place: receipt.place,
            at: receipt.at,
            by: receipt.by.clone(),
            said: said.clone(),
        });
    }
    match said {
        Said::Refused { reason, .. } => (Deed::ParcelRefused, reason.clone()),
        Said::Accepted { number, anew, .. } => {
            // It had been taken in without a line before the recall was known there: now a person
            // is asked (SYNC F23).
            if *anew {
                parcel.taken_anew = parcel.taken_anew.max(Some(receipt.place));
                if let Some(recall) = &mut parcel.recall {
                    recall.answer.take_if(|known| known.place < Some(receipt.place));
                }
            }
            let number = number.map(|number| number.to_string()).unwrap_or_default();
            (Deed::ParcelAccepted, number)
        }
    }
}

fn note_recall(parcel: &mut Parcel, answer: RecallAnswer) {
    let Some(recall) = &mut parcel.recall else { return };
    if answer.place < parcel.taken_anew {
        return;
    }
    if recall.answer.as_ref().is_none_or(|known| known.place < answer.place) {
        recall.answer = Some(answer);
    }
}
