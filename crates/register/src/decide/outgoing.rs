//! Outgoing documents in their simple form: draft, submit, approve or return, number, send
//! (NĐ 30/2020 Đ10-18). Numbered only after the approval; never changed after the number.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Acting;
use super::book::{day_of_number, give, number_altered};
use super::held::must_be_clear;
use super::incoming::{count, date, urgency, urgency_text};
use super::words::{
    LINE_CHARS_MAX, LIST_MAX, NOTE_CHARS_MAX, SUBJECT_CHARS_MAX, few, files, needed, one, within,
};
use crate::attachment::{Attachment, BlobId};
use crate::book::Direction;
use crate::command::{Act, Sending};
use crate::id::{DocumentId, OfficerId, UnitId};
use crate::incoming::Void;
use crate::number::{reference, render_number};
use crate::outgoing::{
    Dispatch, Given, Outgoing, OutgoingField, OutgoingFields, Recipient, Remark, Stage,
};
use crate::people::Role;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::{Right, has};
use crate::trail::Deed;

/// Remarks on one draft.
const REMARKS_MAX: usize = 200;

/// Acts on outgoing documents.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the eight acts named here")]
pub(super) fn decide(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::Draft { document, fields, attachments, answers, task, replaces } => {
            let mut fresh = fresh(acting, *document, fields, attachments);
            fresh.answers = *answers;
            fresh.task = *task;
            fresh.replaces = *replaces;
            draft(acting, fresh)
        }
        Act::EditOutgoing { document, field, old, new } => {
            edit(acting, *document, *field, old, new)
        }
        Act::SubmitDraft { document, to } => submit(acting, *document, *to),
        Act::UndoSubmitDraft { document } => undo_submit(acting, *document),
        Act::ApproveDraft { document, remarks } => approve(acting, *document, remarks),
        Act::ReturnDraft { document, remarks } => give_back(acting, *document, remarks),
        Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper } => {
            let given = Given {
                book: *book,
                year: on.year(),
                number: None,
                slip: slip.clone(),
                symbol: symbol.clone(),
                on: *on,
                at: acting.command.at,
                by: acting.actor.id,
            };
            let signature = if *signed_on_paper { Signature::OnPaper } else { Signature::None };
            register(acting, *document, given, signature)
        }
        Act::Send(sending) => send(acting, sending),
        _ => Err(Refusal::Malformed.into()),
    }
}

fn fresh(
    acting: &Acting<'_>,
    id: DocumentId,
    fields: &OutgoingFields,
    attachments: &[Attachment],
) -> Outgoing {
    Outgoing {
        id,
        fields: fields.clone(),
        attachments: attachments.to_vec(),
        drafted_by: acting.actor.id,
        drafted_at: acting.command.at,
        answers: None,
        task: None,
        replaces: None,
        stage: Stage::Draft,
        remarks: Vec::new(),
        submissions: 0,
        given: None,
        dispatch: None,
        parcels: Vec::new(),
        recalled: None,
        void: None,
        seen: BTreeMap::new(),
        held: Vec::new(),
        brought_back: None,
    }
}

fn draft(acting: &Acting<'_>, fresh: Outgoing) -> Result<Change, No> {
    acting.must(Right::Work)?;
    if acting.picture.state(Key::Outgoing(fresh.id))?.is_some() {
        return Err(Refusal::Exists { what: Key::Outgoing(fresh.id) }.into());
    }
    check_fields(acting, &fresh.fields)?;
    files(&fresh.attachments, 0)?;
    if let Some(answered) = fresh.answers {
        acting.picture.incoming(answered)?;
    }
    if let Some(task) = fresh.task {
        acting.picture.task(task)?;
    }
    if let Some(replaced) = fresh.replaces {
        // What nobody has yet is corrected, not replaced (Đ18.3).
        if acting.picture.outgoing(replaced)?.dispatch.is_none() {
            return Err(Refusal::WrongStage.into());
        }
    }
    changed(acting, fresh, Deed::Drafted, "")
}

fn changed(acting: &Acting<'_>, document: Outgoing, deed: Deed, words: &str) -> Result<Change, No> {
    Ok(acting.change(State::Outgoing(Box::new(document)), deed, words))
}

fn check_fields(acting: &Acting<'_>, fields: &OutgoingFields) -> Result<(), No> {
    needed(Where::Kind, &fields.kind, LINE_CHARS_MAX)?;
    needed(Where::Subject, &fields.subject, SUBJECT_CHARS_MAX)?;
    within(Where::Signer, &fields.signer, LINE_CHARS_MAX)?;
    within(Where::SignerPosition, &fields.signer_position, LINE_CHARS_MAX)?;
    within(Where::Keeper, &fields.keeper, LINE_CHARS_MAX)?;
    within(Where::Language, &fields.language, LINE_CHARS_MAX)?;
    within(Where::CaseFile, &fields.case_file, LINE_CHARS_MAX)?;
    within(Where::Note, &fields.note, NOTE_CHARS_MAX)?;
    few(Where::Recipients, fields.recipients.len(), LIST_MAX)?;
    for recipient in &fields.recipients {
        needed(Where::Recipients, &recipient.name, LINE_CHARS_MAX)?;
        within(Where::Recipients, &recipient.code, LINE_CHARS_MAX)?;
    }
    let issued_here =
        acting.picture.agency(acting.command.org)?.kind(&fields.kind).map(|kind| kind.issued_here);
    if issued_here != Some(true) {
        return Err(Refusal::NotAllowed { field: Where::Kind }.into());
    }
    if let Some(unit) = fields.unit {
        acting.picture.unit(unit)?;
    }
    Ok(())
}

pub(super) fn live<'a>(acting: &Acting<'a>, id: DocumentId) -> Result<&'a Outgoing, No> {
    let document = acting.picture.outgoing(id)?;
    if document.void.is_some() {
        return Err(Refusal::Voided.into());
    }
    if document.recalled.is_some() {
        return Err(Refusal::Recalled.into());
    }
    Ok(document)
}

/// A draft that the actor may still change: his own, or any for the clerk, and not yet numbered.
fn may_change<'a>(acting: &Acting<'a>, id: DocumentId) -> Result<&'a Outgoing, No> {
    let document = live(acting, id)?;
    if document.given.is_some() {
        return Err(Refusal::HasNumber.into());
    }
    if document.drafted_by != acting.actor.id && !has(acting.actor, Right::KeepBooks) {
        return Err(Refusal::Forbidden { needs: Role::Official }.into());
    }
    match document.stage {
        Stage::Draft | Stage::Returned { .. } => Ok(document),
        // NĐ 30/2020 Đ11.2: an approved draft that needs a change goes back to the signer first.
        Stage::Submitted { .. } | Stage::Approved { .. } => Err(Refusal::WrongStage.into()),
    }
}

fn edit(
    acting: &Acting<'_>,
    id: DocumentId,
    field: OutgoingField,
    old: &str,
    new: &str,
) -> Result<Change, No> {
    let mut document = may_change(acting, id)?.clone();
    let before = get(&document.fields, field);
    let over = before != old;
    if over && !acting.is_late() {
        return Err(Refusal::ChangedMeanwhile { field: place(field) }.into());
    }
    set(&mut document.fields, field, new)?;
    check_fields(acting, &document.fields)?;
    let altered = one(name(field), &before, new);
    let deed = if over { Deed::EditedOver } else { Deed::Edited };
    let saw = if over { old } else { "" };
    Ok(acting.altered(State::Outgoing(Box::new(document)), deed, altered, saw))
}

/// Adds files to a draft, or the signed scan to a numbered document.
pub(super) fn attach(
    acting: &Acting<'_>,
    id: DocumentId,
    added: &[Attachment],
) -> Result<Change, No> {
    let document = live(acting, id)?;
    let document = if document.given.is_some() {
        acting.must(Right::KeepBooks)?;
        document
    } else {
        may_change(acting, id)?
    };
    files(added, document.attachments.len())?;
    if added.is_empty() {
        return Err(Refusal::Missing { field: Where::Attachments }.into());
    }
    let mut document = document.clone();
    document.attachments.extend(added.iter().cloned());
    let names: Vec<&str> = added.iter().map(|file| file.name.as_str()).collect();
    changed(acting, document, Deed::Attached, &names.join(", "))
}

/// Takes a wrong file off a draft.
pub(super) fn detach(
    acting: &Acting<'_>,
    id: DocumentId,
    blob: BlobId,
    reason: &str,
) -> Result<Change, No> {
    within(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut document = may_change(acting, id)?.clone();
    let at = document.attachments.iter().position(|file| file.blob == blob);
    let at = at.ok_or(Refusal::NotAllowed { field: Where::Attachments })?;
    let file = document.attachments.remove(at);
    let altered = one("attachment", &file.name, "");
    Ok(acting.altered(State::Outgoing(Box::new(document)), Deed::Detached, altered, reason))
}

fn submit(acting: &Acting<'_>, id: DocumentId, to: OfficerId) -> Result<Change, No> {
    let mut document = may_change(acting, id)?.clone();
    if document.attachments.is_empty() {
        return Err(Refusal::Missing { field: Where::Attachments }.into());
    }
    if !has(acting.picture.officer(to)?, Right::Approve) {
        return Err(Refusal::Forbidden { needs: Role::Leader }.into());
    }
    document.stage = Stage::Submitted { to, at: acting.command.at };
    document.submissions = document.submissions.saturating_add(1);
    // What he opened was an earlier submission; the history keeps that. Clocks of two PCs are not
    // compared.
    document.seen.remove(&to);
    changed(acting, document, Deed::Submitted, "")
}

/// Takes a submission back, until the leader has opened it.
fn undo_submit(acting: &Acting<'_>, id: DocumentId) -> Result<Change, No> {
    let document = live(acting, id)?;
    let Stage::Submitted { to, .. } = document.stage else {
        return Err(Refusal::WrongStage.into());
    };
    if document.drafted_by != acting.actor.id && !has(acting.actor, Right::KeepBooks) {
        return Err(Refusal::Forbidden { needs: Role::Official }.into());
    }
    if document.seen.contains_key(&to) {
        return Err(Refusal::SeenAlready.into());
    }
    let mut document = document.clone();
    document.stage = Stage::Draft;
    changed(acting, document, Deed::SubmissionUndone, "")
}

/// The leader it was submitted to answers; another leader may when he is away.
fn before_leader<'a>(acting: &Acting<'a>, id: DocumentId) -> Result<&'a Outgoing, No> {
    acting.must(Right::Approve)?;
    let document = live(acting, id)?;
    if document.given.is_some() {
        return Err(Refusal::HasNumber.into());
    }
    if document.remarks.len() >= REMARKS_MAX {
        return Err(Refusal::WrongStage.into());
    }
    match document.stage {
        Stage::Submitted { .. } => Ok(document),
        Stage::Draft | Stage::Returned { .. } | Stage::Approved { .. } => {
            Err(Refusal::WrongStage.into())
        }
    }
}

fn remark(acting: &Acting<'_>, text: &str) -> Remark {
    Remark { by: acting.actor.id, at: acting.command.at, text: text.to_string() }
}

fn approve(acting: &Acting<'_>, id: DocumentId, remarks: &str) -> Result<Change, No> {
    within(Where::Text, remarks, NOTE_CHARS_MAX)?;
    let mut document = before_leader(acting, id)?.clone();
    document.stage = Stage::Approved { by: acting.actor.id, at: acting.command.at };
    if !remarks.trim().is_empty() {
        document.remarks.push(remark(acting, remarks));
    }
    changed(acting, document, Deed::Approved, remarks)
}

/// Returns a draft with remarks; an approved one may be returned until it has its number.
fn give_back(acting: &Acting<'_>, id: DocumentId, remarks: &str) -> Result<Change, No> {
    needed(Where::Text, remarks, NOTE_CHARS_MAX)?;
    acting.must(Right::Approve)?;
    let document = live(acting, id)?;
    let approved = matches!(document.stage, Stage::Approved { .. }) && document.given.is_none();
    let document = if approved { document } else { before_leader(acting, id)? };
    let mut document = document.clone();
    document.stage = Stage::Returned { by: acting.actor.id, at: acting.command.at };
    document.remarks.push(remark(acting, remarks));
    changed(acting, document, Deed::Returned, remarks)
}

/// What the clerk states about the signature of the competent person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signature {
    None,
    OnPaper,
}

/// Registers an approved document, or one signed on paper: with its number when this PC holds the
/// book, else awaiting one. Numbers come after the signature (Đ15.3).
fn register(
    acting: &Acting<'_>,
    id: DocumentId,
    mut given: Given,
    signature: Signature,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    within(Where::Symbol, &given.symbol, LINE_CHARS_MAX)?;
    let document = live(acting, id)?;
    if document.given.is_some() {
        // Somebody without the book was heard first: the number that was stamped is the one it
        // waits for. Left free, it would be stamped on a second paper.
        if acting.is_late() && acting.command.lease.is_some() {
            return give_number(acting, id);
        }
        return Err(Refusal::HasNumber.into());
    }
    let ready = match document.stage {
        Stage::Approved { .. } => true,
        Stage::Draft | Stage::Returned { .. } => signature == Signature::OnPaper,
        Stage::Submitted { .. } => false,
    };
    if !ready {
        return Err(Refusal::WrongStage.into());
    }
    needed(Where::Signer, &document.fields.signer, LINE_CHARS_MAX)?;
    let book = acting.picture.book(given.book)?;
    if book.direction != Direction::Outgoing || !book.takes(&document.fields.kind) || !book.open {
        return Err(Refusal::WrongBook { book: book.id }.into());
    }
    if acting.command.lease.is_some() {
        given.slip = None;
        return number(acting, document, given, Deed::Registered);
    }
    if given.on > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    let slip = given.slip.clone().unwrap_or_default();
    needed(Where::Slip, &slip, LINE_CHARS_MAX)?;
    let mut document = document.clone();
    document.given = Some(given);
    changed(acting, document, Deed::RegisteredAwaitingNumber, &slip)
}

/// Gives the number and checks that number and symbol are the only ones of the year (Đ15.1).
fn number(
    acting: &Acting<'_>,
    document: &Outgoing,
    mut given: Given,
    deed: Deed,
) -> Result<Change, No> {
    let claim = acting.command.lease.ok_or(Refusal::Malformed)?;
    if claim.book != given.book || claim.year != given.on.year() {
        return Err(Refusal::Malformed.into());
    }
    let book = give(acting, Direction::Outgoing, claim, given.on, document.id)?;
    let text = reference(&render_number(claim.number), &given.symbol);
    match acting.picture.reference(claim.year, text.clone())? {
        Some(by) if by != document.id => {
            return Err(Refusal::ReferenceTaken { reference: text, by }.into());
        }
        Some(_) | None => {}
    }
    given.number = Some(claim.number);
    given.year = claim.year;
    let mut document = document.clone();
    document.given = Some(given);
    let line = acting.line(Key::Outgoing(document.id), deed, number_altered(claim), &text);
    let states = Vec::from([State::Outgoing(Box::new(document)), State::Book(Box::new(book))]);
    Ok(Change { states, trail: Vec::from([line]) })
}

/// The holder gives a waiting document its number; its date moves up to the book's last date.
pub(super) fn give_number(acting: &Acting<'_>, id: DocumentId) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    let document = live(acting, id)?;
    let Some(given) = document.given.clone() else {
        return Err(Refusal::WrongStage.into());
    };
    if given.number.is_some() {
        return Err(Refusal::HasNumber.into());
    }
    must_be_clear(&document.held)?;
    let claim = acting.command.lease.ok_or(Refusal::Malformed)?;
    // The year of the claim counts: over New Year a waiting document moves into the new one.
    let book = acting.picture.book(given.book)?;
    let on = day_of_number(book, claim, given.on);
    number(acting, document, Given { on, ..given }, Deed::NumberGiven)
}

/// Marks it as sent: on the day of signing, at the latest the next working day (Đ18.1).
fn send(acting: &Acting<'_>, sending: &Sending) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    within(Where::How, &sending.how, LINE_CHARS_MAX)?;
    let document = live(acting, sending.document)?;
    let numbered = document.given.as_ref().filter(|given| given.number.is_some());
    let given = numbered.ok_or(Refusal::NoNumber)?;
    if document.dispatch.is_some() {
        return Err(Refusal::WrongStage.into());
    }
    if sending.on > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    if sending.on < given.on {
        return Err(Refusal::DateBeforeLast { last: given.on }.into());
    }
    if document.fields.recipients.is_empty() {
        return Err(Refusal::Missing { field: Where::Recipients }.into());
    }
    let mut document = document.clone();
    document.dispatch = Some(Dispatch {
        on: sending.on,
        how: sending.how.clone(),
        by: acting.actor.id,
        at: acting.command.at,
    });
    changed(acting, document, Deed::Sent, &sending.how)
}

/// Gives a draft up, or voids a number: the line stays in the book with the reason.
pub(super) fn void(acting: &Acting<'_>, id: DocumentId, reason: &str) -> Result<Change, No> {
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let document = live(acting, id)?;
    if document.given.is_some() || document.drafted_by != acting.actor.id {
        acting.must(Right::KeepBooks)?;
    }
    if document.dispatch.is_some() {
        // What has left is recalled at its recipients, never voided here (Đ18.4).
        return Err(Refusal::WrongStage.into());
    }
    let mut document = document.clone();
    document.void =
        Some(Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at });
    changed(acting, document, Deed::Voided, reason)
}

/// Somebody has opened it. The leader's opening after a submission ends the drafter's undo.
pub(super) fn seen(acting: &Acting<'_>, id: DocumentId) -> Result<Change, No> {
    acting.must_see(Key::Outgoing(id))?;
    let mut document = acting.picture.outgoing(id)?.clone();
    if document.seen.contains_key(&acting.actor.id) {
        return Err(Refusal::NothingWaits.into());
    }
    document.seen.insert(acting.actor.id, acting.command.at);
    changed(acting, document, Deed::Seen, "")
}

fn optional_text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Recipients as text: one a line, the code after a tab.
fn recipients_text(recipients: &[Recipient]) -> String {
    let mut text = String::new();
    for recipient in recipients {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&recipient.name);
        if !recipient.code.is_empty() {
            text.push('\t');
            text.push_str(&recipient.code);
        }
    }
    text
}

fn recipients(text: &str) -> Vec<Recipient> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (name, code) = line.split_once('\t').unwrap_or((line, ""));
            Recipient { name: name.trim().to_string(), code: code.trim().to_string() }
        })
        .collect()
}

fn get(fields: &OutgoingFields, field: OutgoingField) -> String {
    match field {
        OutgoingField::Kind => fields.kind.clone(),
        OutgoingField::Subject => fields.subject.clone(),
        OutgoingField::Urgency => urgency_text(fields.urgency).to_string(),
        OutgoingField::Signer => fields.signer.clone(),
        OutgoingField::SignerPosition => fields.signer_position.clone(),
        OutgoingField::Unit => optional_text(fields.unit),
        OutgoingField::Recipients => recipients_text(&fields.recipients),
        OutgoingField::Keeper => fields.keeper.clone(),
        OutgoingField::Copies => optional_text(fields.copies),
        OutgoingField::Pages => optional_text(fields.pages),
        OutgoingField::Due => optional_text(fields.due),
        OutgoingField::Language => fields.language.clone(),
        OutgoingField::CaseFile => fields.case_file.clone(),
        OutgoingField::Note => fields.note.clone(),
    }
}

fn set(fields: &mut OutgoingFields, field: OutgoingField, new: &str) -> Result<(), No> {
    let new_text = || new.to_string();
    match field {
        OutgoingField::Kind => fields.kind = new_text(),
        OutgoingField::Subject => fields.subject = new_text(),
        OutgoingField::Urgency => fields.urgency = urgency(new)?,
        OutgoingField::Signer => fields.signer = new_text(),
        OutgoingField::SignerPosition => fields.signer_position = new_text(),
        OutgoingField::Unit if new.is_empty() => fields.unit = None,
        OutgoingField::Unit => {
            let unit = UnitId::parse(new);
            fields.unit = Some(unit.map_err(|_| Refusal::NotAllowed { field: Where::Unit })?);
        }
        OutgoingField::Recipients => fields.recipients = recipients(new),
        OutgoingField::Keeper => fields.keeper = new_text(),
        OutgoingField::Copies => fields.copies = count(new, Where::Copies)?,
        OutgoingField::Pages => fields.pages = count(new, Where::Pages)?,
        OutgoingField::Due => fields.due = date(new, Where::Due)?,
        OutgoingField::Language => fields.language = new_text(),
        OutgoingField::CaseFile => fields.case_file = new_text(),
        OutgoingField::Note => fields.note = new_text(),
    }
    Ok(())
}

fn place(field: OutgoingField) -> Where {
    match field {
        OutgoingField::Kind => Where::Kind,
        OutgoingField::Subject => Where::Subject,
        OutgoingField::Urgency => Where::Text,
        OutgoingField::Signer => Where::Signer,
        OutgoingField::SignerPosition => Where::SignerPosition,
        OutgoingField::Unit => Where::Unit,
        OutgoingField::Recipients => Where::Recipients,
        OutgoingField::Keeper => Where::Keeper,
        OutgoingField::Copies => Where::Copies,
        OutgoingField::Pages => Where::Pages,
        OutgoingField::Due => Where::Due,
        OutgoingField::Language => Where::Language,
        OutgoingField::CaseFile => Where::CaseFile,
        OutgoingField::Note => Where::Note,
    }
}

fn name(field: OutgoingField) -> &'static str {
    match field {
        OutgoingField::Kind => "kind",
        OutgoingField::Subject => "subject",
        OutgoingField::Urgency => "urgency",
        OutgoingField::Signer => "signer",
        OutgoingField::SignerPosition => "signer_position",
        OutgoingField::Unit => "unit",
        OutgoingField::Recipients => "recipients",
        OutgoingField::Keeper => "keeper",
        OutgoingField::Copies => "copies",
        OutgoingField::Pages => "pages",
        OutgoingField::Due => "due",
        OutgoingField::Language => "language",
        OutgoingField::CaseFile => "case_file",
        OutgoingField::Note => "note",
    }
}
