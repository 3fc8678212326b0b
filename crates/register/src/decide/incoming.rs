//! Incoming documents: registered the day they come, corrected in the open, never deleted
//! (NĐ 30/2020 Đ21-24).
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use super::Acting;
use super::arrival::may_take_in;
use super::book::{day_of_number, give, number_altered};
use super::held::must_be_clear;
use super::words::{LINE_CHARS_MAX, NOTE_CHARS_MAX, SUBJECT_CHARS_MAX, files, needed, one, within};
use crate::attachment::{Attachment, BlobId};
use crate::book::Direction;
use crate::command::IncomingRegistered;
use crate::id::{DocumentId, OfficerId};
use crate::incoming::{Incoming, IncomingField, IncomingFields, Urgency, Void};
use crate::people::Role;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::{Right, has};
use crate::trail::Deed;

/// Days an arrival may lie back: a paper book of the year is re-entered, an older one is imported.
const ARRIVAL_DAYS_BACK_MAX: i64 = 366;

/// Enters a document in a book: with its number when this PC holds the book, else awaiting one.
pub(super) fn register(acting: &Acting<'_>, registered: &IncomingRegistered) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    if registered.secret {
        return Err(Refusal::Secret.into());
    }
    let key = Key::Incoming(registered.document);
    if acting.picture.state(key)?.is_some() {
        return Err(Refusal::Exists { what: key }.into());
    }
    check_fields(&registered.fields, registered.arrived_on)?;
    check_kind(acting, &registered.fields.kind)?;
    files(&registered.attachments, 0)?;
    within(Where::Reason, registered.twin_reason.as_deref().unwrap_or(""), SUBJECT_CHARS_MAX)?;
    if let Some(to) = registered.submit_to {
        must_be_leader(acting, to)?;
    }
    check_arrival(acting, registered.arrived_on)?;
    // What was stamped already stands, whatever became of its parcel meanwhile.
    if let Some(arrival) = registered.arrival.filter(|_| !acting.is_late()) {
        may_take_in(acting, arrival)?;
    }
    let book = acting.picture.book(registered.book)?;
    if !book.takes(&registered.fields.kind) {
        return Err(Refusal::WrongBook { book: book.id }.into());
    }
    let year = registered.arrived_on.year();
    let mut document = fresh(acting, registered);
    match acting.command.lease {
        Some(claim) => {
            if claim.book != registered.book || claim.year != year {
                return Err(Refusal::Malformed.into());
            }
            let arrived = registered.arrived_on;
            let book = give(acting, Direction::Incoming, claim, arrived, registered.document)?;
            document.number = Some(claim.number);
            document.numbered_on = Some(arrived);
            let line = acting.line(key, Deed::Registered, number_altered(claim), "");
            let states =
                Vec::from([State::Incoming(Box::new(document)), State::Book(Box::new(book))]);
            Ok(Change { states, trail: Vec::from([line]) })
        }
        None => {
            if book.direction != Direction::Incoming || !book.open {
                return Err(Refusal::WrongBook { book: book.id }.into());
            }
            let slip = registered.slip.as_deref().unwrap_or("");
            needed(Where::Slip, slip, LINE_CHARS_MAX)?;
            let state = State::Incoming(Box::new(document));
            Ok(acting.change(state, Deed::RegisteredAwaitingNumber, slip))
        }
    }
}

fn fresh(acting: &Acting<'_>, registered: &IncomingRegistered) -> Incoming {
    let numbered = acting.command.lease.is_some();
    Incoming {
        id: registered.document,
        book: registered.book,
        year: registered.arrived_on.year(),
        number: None,
        numbered_on: None,
        slip: registered.slip.clone().filter(|_| !numbered),
        arrived_on: registered.arrived_on,
        fields: registered.fields.clone(),
        attachments: registered.attachments.clone(),
        registered_at: acting.command.at,
        registered_by: acting.actor.id,
        twin_reason: registered.twin_reason.clone(),
        submitted: registered.submit_to.map(|to| (to, acting.command.at)),
        proposal: String::new(),
        directives: Vec::new(),
        closed: None,
        void: None,
        seen: BTreeMap::new(),
        held: Vec::new(),
        arrival: registered.arrival,
        recalled: None,
        brought_back: None,
    }
}

fn check_arrival(acting: &Acting<'_>, arrived_on: Date) -> Result<(), No> {
    if arrived_on > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    let back = crate::moment::days_of(acting.today) - crate::moment::days_of(arrived_on);
    if back > ARRIVAL_DAYS_BACK_MAX {
        return Err(Refusal::NotAllowed { field: Where::ArrivedOn }.into());
    }
    Ok(())
}

fn check_fields(fields: &IncomingFields, arrived_on: Date) -> Result<(), No> {
    needed(Where::Issuer, &fields.issuer, LINE_CHARS_MAX)?;
    needed(Where::Subject, &fields.subject, SUBJECT_CHARS_MAX)?;
    needed(Where::Kind, &fields.kind, LINE_CHARS_MAX)?;
    within(Where::Number, &fields.number, LINE_CHARS_MAX)?;
    within(Where::Symbol, &fields.symbol, LINE_CHARS_MAX)?;
    within(Where::Signer, &fields.signer, LINE_CHARS_MAX)?;
    within(Where::SignerPosition, &fields.signer_position, LINE_CHARS_MAX)?;
    within(Where::ToPlaces, &fields.to_places, SUBJECT_CHARS_MAX)?;
    within(Where::Language, &fields.language, LINE_CHARS_MAX)?;
    within(Where::CaseFile, &fields.case_file, LINE_CHARS_MAX)?;
    within(Where::Note, &fields.note, NOTE_CHARS_MAX)?;
    if fields.issued_on.is_some_and(|issued| issued > arrived_on) {
        return Err(Refusal::IssuedAfterArrival { arrived: arrived_on }.into());
    }
    Ok(())
}

fn check_kind(acting: &Acting<'_>, kind: &str) -> Result<(), No> {
    match acting.picture.agency(acting.command.org)?.kind(kind) {
        Some(_) => Ok(()),
        None => Err(Refusal::NotAllowed { field: Where::Kind }.into()),
    }
}

fn must_be_leader(acting: &Acting<'_>, to: OfficerId) -> Result<(), No> {
    let leader = acting.picture.officer(to)?;
    if has(leader, Right::Direct) {
        return Ok(());
    }
    Err(Refusal::Forbidden { needs: Role::Leader }.into())
}

/// A document that is in force: the number may be missing, but it was not voided.
pub(super) fn live<'a>(acting: &Acting<'a>, id: DocumentId) -> Result<&'a Incoming, No> {
    let document = acting.picture.incoming(id)?;
    if document.void.is_some() {
        return Err(Refusal::Voided.into());
    }
    if document.recalled.is_some() {
        return Err(Refusal::Recalled.into());
    }
    Ok(document)
}

fn changed(acting: &Acting<'_>, document: Incoming, deed: Deed, words: &str) -> Result<Change, No> {
    Ok(acting.change(State::Incoming(Box::new(document)), deed, words))
}

/// The holder gives a waiting document its number, in the order the list waits.
pub(super) fn give_number(acting: &Acting<'_>, id: DocumentId) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    let claim = acting.command.lease.ok_or(Refusal::Malformed)?;
    // Also what was taken back meanwhile: its line stays, and a line has a number.
    let document = acting.picture.incoming(id)?;
    if document.void.is_some() {
        return Err(Refusal::Voided.into());
    }
    if document.number.is_some() {
        return Err(Refusal::HasNumber.into());
    }
    must_be_clear(&document.held)?;
    if claim.book != document.book {
        return Err(Refusal::WrongBook { book: claim.book }.into());
    }
    // The number is given today: a waiting document keeps its arrival date, and the book's dates
    // go on from the last one, so the later of the two counts.
    let book = acting.picture.book(claim.book)?;
    let on = day_of_number(book, claim, document.arrived_on);
    let book = give(acting, Direction::Incoming, claim, on, id)?;
    let mut document = document.clone();
    document.number = Some(claim.number);
    document.numbered_on = Some(on);
    document.year = claim.year;
    let line = acting.line(Key::Incoming(id), Deed::NumberGiven, number_altered(claim), "");
    let states = Vec::from([State::Incoming(Box::new(document)), State::Book(Box::new(book))]);
    Ok(Change { states, trail: Vec::from([line]) })
}

/// Corrects one field; both values stay in the history. The arrival number and date never change.
pub(super) fn edit(
    acting: &Acting<'_>,
    id: DocumentId,
    field: IncomingField,
    old: &str,
    new: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    let mut document = live(acting, id)?.clone();
    let before = get(&document.fields, field);
    let over = before != old;
    if over && !acting.is_late() {
        return Err(Refusal::ChangedMeanwhile { field: place(field) }.into());
    }
    set(&mut document.fields, field, new)?;
    check_fields(&document.fields, document.arrived_on)?;
    // A kind that left the catalogue stays on its documents; only a new one must stand in it.
    if field == IncomingField::Kind {
        check_kind(acting, new)?;
    }
    let altered = one(name(field), &before, new);
    let deed = if over { Deed::EditedOver } else { Deed::Edited };
    let saw = if over { old } else { "" };
    Ok(acting.altered(State::Incoming(Box::new(document)), deed, altered, saw))
}

/// Adds files.
pub(super) fn attach(
    acting: &Acting<'_>,
    id: DocumentId,
    added: &[Attachment],
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    let mut document = live(acting, id)?.clone();
    files(added, document.attachments.len())?;
    if added.is_empty() {
        return Err(Refusal::Missing { field: Where::Attachments }.into());
    }
    document.attachments.extend(added.iter().cloned());
    let names: Vec<&str> = added.iter().map(|file| file.name.as_str()).collect();
    changed(acting, document, Deed::Attached, &names.join(", "))
}

/// Takes a wrong file off; its bytes stay, and the history says so.
pub(super) fn detach(
    acting: &Acting<'_>,
    id: DocumentId,
    blob: BlobId,
    reason: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut document = live(acting, id)?.clone();
    let at = document.attachments.iter().position(|file| file.blob == blob);
    let at = at.ok_or(Refusal::NotAllowed { field: Where::Attachments })?;
    let file = document.attachments.remove(at);
    let altered = one("attachment", &file.name, "");
    Ok(acting.altered(State::Incoming(Box::new(document)), Deed::Detached, altered, reason))
}

/// Voids the number: the line stays in the book, struck through, with the reason.
pub(super) fn void(acting: &Acting<'_>, id: DocumentId, reason: &str) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut document = live(acting, id)?.clone();
    if document.in_force().next().is_some() {
        return Err(Refusal::WrongStage.into());
    }
    document.void =
        Some(Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at });
    changed(acting, document, Deed::Voided, reason)
}

/// Somebody has opened it: the first time is kept, and every directive he found there is opened.
pub(super) fn seen(acting: &Acting<'_>, id: DocumentId) -> Result<Change, No> {
    acting.must_see(Key::Incoming(id))?;
    let mut document = acting.picture.incoming(id)?.clone();
    let reader = acting.actor.id;
    let mut news = !document.seen.contains_key(&reader);
    // Marked here and not read off two clocks, which need not agree.
    for known in document.directives.iter_mut().filter(|known| known.withdrawn.is_none()) {
        if known.by != reader && !known.opened {
            known.opened = true;
            news = true;
        }
    }
    if !news {
        return Err(Refusal::NothingWaits.into());
    }
    document.seen.entry(reader).or_insert(acting.command.at);
    changed(acting, document, Deed::Seen, "")
}

/// Puts it before a leader, with what the office proposes (Đ23.1).
pub(super) fn submit(
    acting: &Acting<'_>,
    id: DocumentId,
    to: OfficerId,
    proposal: &str,
) -> Result<Change, No> {
    acting.must(Right::Route)?;
    within(Where::Text, proposal, SUBJECT_CHARS_MAX)?;
    must_be_leader(acting, to)?;
    let mut document = live(acting, id)?.clone();
    if document.closed.is_some() {
        return Err(Refusal::Done.into());
    }
    document.submitted = Some((to, acting.command.at));
    document.proposal = proposal.to_string();
    changed(acting, document, Deed::Submitted, proposal)
}

/// Needs nothing more: kept for information, or answered otherwise.
pub(super) fn close(acting: &Acting<'_>, id: DocumentId, reason: &str) -> Result<Change, No> {
    if !has(acting.actor, Right::Direct) {
        acting.must(Right::Route)?;
    }
    within(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut document = live(acting, id)?.clone();
    if document.closed.is_some() {
        return Err(Refusal::Done.into());
    }
    for task in document.tasks() {
        if acting.picture.task(task)?.is_open() {
            return Err(Refusal::WrongStage.into());
        }
    }
    document.closed = Some(acting.command.at);
    changed(acting, document, Deed::Closed, reason)
}

/// Takes the closing back.
pub(super) fn reopen(acting: &Acting<'_>, id: DocumentId, reason: &str) -> Result<Change, No> {
    if !has(acting.actor, Right::Direct) {
        acting.must(Right::Route)?;
    }
    within(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut document = live(acting, id)?.clone();
    if document.closed.take().is_none() {
        return Err(Refusal::WrongStage.into());
    }
    changed(acting, document, Deed::Reopened, reason)
}

fn date_text(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn count_text(count: Option<u32>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// The value of a field as text: dates as ISO, counts as digits, empty for none.
fn get(fields: &IncomingFields, field: IncomingField) -> String {
    match field {
        IncomingField::Number => fields.number.clone(),
        IncomingField::Symbol => fields.symbol.clone(),
        IncomingField::IssuedOn => date_text(fields.issued_on),
        IncomingField::Issuer => fields.issuer.clone(),
        IncomingField::Kind => fields.kind.clone(),
        IncomingField::Subject => fields.subject.clone(),
        IncomingField::Urgency => urgency_text(fields.urgency).to_string(),
        IncomingField::Signer => fields.signer.clone(),
        IncomingField::SignerPosition => fields.signer_position.clone(),
        IncomingField::ToPlaces => fields.to_places.clone(),
        IncomingField::Due => date_text(fields.due),
        IncomingField::Pages => count_text(fields.pages),
        IncomingField::Copies => count_text(fields.copies),
        IncomingField::Language => fields.language.clone(),
        IncomingField::CaseFile => fields.case_file.clone(),
        IncomingField::Note => fields.note.clone(),
    }
}

fn set(fields: &mut IncomingFields, field: IncomingField, new: &str) -> Result<(), No> {
    let new_text = || new.to_string();
    match field {
        IncomingField::Number => fields.number = new_text(),
        IncomingField::Symbol => fields.symbol = new_text(),
        IncomingField::IssuedOn => fields.issued_on = date(new, Where::IssuedOn)?,
        IncomingField::Issuer => fields.issuer = new_text(),
        IncomingField::Kind => fields.kind = new_text(),
        IncomingField::Subject => fields.subject = new_text(),
        IncomingField::Urgency => fields.urgency = urgency(new)?,
        IncomingField::Signer => fields.signer = new_text(),
        IncomingField::SignerPosition => fields.signer_position = new_text(),
        IncomingField::ToPlaces => fields.to_places = new_text(),
        IncomingField::Due => fields.due = date(new, Where::Due)?,
        IncomingField::Pages => fields.pages = count(new, Where::Pages)?,
        IncomingField::Copies => fields.copies = count(new, Where::Copies)?,
        IncomingField::Language => fields.language = new_text(),
        IncomingField::CaseFile => fields.case_file = new_text(),
        IncomingField::Note => fields.note = new_text(),
    }
    Ok(())
}

/// An ISO date, or none for an empty text.
pub(super) fn date(text: &str, field: Where) -> Result<Option<Date>, No> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Refusal::NotAllowed { field }.into())
}

/// A count, or none for an empty text.
pub(super) fn count(text: &str, field: Where) -> Result<Option<u32>, No> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Refusal::NotAllowed { field }.into())
}

/// The urgency of this wire name.
pub(super) fn urgency(text: &str) -> Result<Urgency, No> {
    [Urgency::Normal, Urgency::Urgent, Urgency::VeryUrgent, Urgency::Express]
        .into_iter()
        .find(|urgency| urgency_text(*urgency) == text)
        .ok_or_else(|| Refusal::NotAllowed { field: Where::Text }.into())
}

/// The wire name of an urgency.
pub(super) fn urgency_text(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "normal",
        Urgency::Urgent => "urgent",
        Urgency::VeryUrgent => "very_urgent",
        Urgency::Express => "express",
    }
}

fn place(field: IncomingField) -> Where {
    match field {
        IncomingField::Number => Where::Number,
        IncomingField::Symbol => Where::Symbol,
        IncomingField::IssuedOn => Where::IssuedOn,
        IncomingField::Issuer => Where::Issuer,
        IncomingField::Kind => Where::Kind,
        IncomingField::Subject => Where::Subject,
        IncomingField::Urgency => Where::Text,
        IncomingField::Signer => Where::Signer,
        IncomingField::SignerPosition => Where::SignerPosition,
        IncomingField::ToPlaces => Where::ToPlaces,
        IncomingField::Due => Where::Due,
        IncomingField::Pages => Where::Pages,
        IncomingField::Copies => Where::Copies,
        IncomingField::Language => Where::Language,
        IncomingField::CaseFile => Where::CaseFile,
        IncomingField::Note => Where::Note,
    }
}

fn name(field: IncomingField) -> &'static str {
    match field {
        IncomingField::Number => "number",
        IncomingField::Symbol => "symbol",
        IncomingField::IssuedOn => "issued_on",
        IncomingField::Issuer => "issuer",
        IncomingField::Kind => "kind",
        IncomingField::Subject => "subject",
        IncomingField::Urgency => "urgency",
        IncomingField::Signer => "signer",
        IncomingField::SignerPosition => "signer_position",
        IncomingField::ToPlaces => "to_places",
        IncomingField::Due => "due",
        IncomingField::Pages => "pages",
        IncomingField::Copies => "copies",
        IncomingField::Language => "language",
        IncomingField::CaseFile => "case_file",
        IncomingField::Note => "note",
    }
}
