//! The one place where the rules speak: a picture and a command in, a change or a refusal out.
//!
//! Pure and total: the same picture and command give the same answer on every PC and on the
//! server, and no command of any shape can make it panic.
mod arrival;
mod book;
mod device;
mod directive;
mod founding;
mod held;
mod incoming;
mod lease;
mod outgoing;
mod parcel;
pub(crate) mod restored;
mod task;
mod words;

pub use restored::numbers_seen;
pub(crate) use words::one;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;

use crate::audience::{audience, scopes_of};
use crate::command::{Act, Command};
use crate::id::OfficerId;
use crate::people::{Officer, Role};
use crate::picture::{Change, Key, No, Picture, State};
use crate::refusal::Refusal;
use crate::rights::{Right, has};
use crate::trail::{Altered, Deed, TrailLine};

/// Who acts, when, and on what: handed to every rule.
pub(crate) struct Acting<'a> {
    pub picture: &'a Picture,
    pub command: &'a Command,
    pub actor: &'a Officer,
    pub today: Date,
    pub author: Author,
}

/// Who speaks, and whether he can still do otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// An officer at his PC, now.
    Officer,
    /// An officer whose signed command reaches the log, perhaps weeks later.
    Late,
    /// The server: numbers it gives, PCs it takes in.
    Server,
}

/// Decides one command.
///
/// # Errors
/// [`No::Needs`] when the picture lacks something: look it up, [`Picture::learn`] it, call again.
/// [`No::Refused`] when the rules say no.
pub fn decide(picture: &Picture, command: &Command) -> Result<Change, No> {
    decide_by(picture, command, Author::Officer)
}

/// Decides one command for whoever speaks.
pub(crate) fn decide_by(
    picture: &Picture,
    command: &Command,
    author: Author,
) -> Result<Change, No> {
    if command.v != 1 || command.kv != 1 {
        return Err(Refusal::Malformed.into());
    }
    if let Act::Found(founded) = &command.act {
        return founding::found(picture, command, founded);
    }
    if picture.agency_id()? != Some(command.org) {
        return Err(Refusal::Malformed.into());
    }
    let today = command.at.date();
    if author == Author::Server && command.act.is_post() {
        let nobody = nobody(command.actor);
        return posted(&Acting { picture, command, actor: &nobody, today, author });
    }
    let actor = picture.officer(command.actor)?;
    if !actor.active && author != Author::Server {
        return Err(Refusal::NotActive.into());
    }
    let acting = Acting { picture, command, actor, today, author };
    arrival::followed(&acting, dispatch(&acting)?)
}

/// Who acts where another agency's log speaks: none of this one's officers.
fn nobody(id: OfficerId) -> Officer {
    let (name, position) = (String::new(), String::new());
    Officer { id, name, position, unit: None, roles: BTreeSet::new(), active: true }
}

/// What other logs tell this one, by the hand of the server.
#[expect(clippy::wildcard_enum_match_arm, reason = "only what the post brings comes here")]
fn posted(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::Come(delivery) => arrival::come(acting, delivery),
        Act::Chased(chased) => arrival::chased(acting, chased),
        Act::RecallAsked(asked) => arrival::recall_asked(acting, asked),
        Act::Receive(receipt) => parcel::receive(acting, receipt),
        _ => Err(Refusal::Malformed.into()),
    }
}

fn dispatch(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::Found(_) => Err(Refusal::FoundedAlready.into()),
        Act::SetAgency { .. }
        | Act::SetUnit { .. }
        | Act::SetOfficer { .. }
        | Act::SetYear { .. } => founding::administer(acting),
        Act::SetGroup { group } => founding::set_group(acting, group),
        Act::OpenBook { .. }
        | Act::SetBook { .. }
        | Act::TakeLease { .. }
        | Act::ReleaseLease { .. }
        | Act::HandOverLease { .. }
        | Act::ConfirmLast { .. }
        | Act::ForceLease(_)
        | Act::FreezeBook { .. }
        | Act::PaperRange { .. }
        | Act::VoidNumber { .. } => book::keep(acting),
        Act::ResolveHeld { .. }
        | Act::EnrolDevice { .. }
        | Act::RevokeDevice { .. }
        | Act::RetireDevice { .. }
        | Act::Witness(_) => between_pcs(acting),
        Act::RegisterIncoming(_)
        | Act::EditIncoming { .. }
        | Act::SubmitIncoming { .. }
        | Act::CloseIncoming { .. }
        | Act::ReopenIncoming { .. } => of_incoming(acting),
        Act::GiveNumber { .. }
        | Act::Attach { .. }
        | Act::Detach { .. }
        | Act::Void { .. }
        | Act::Seen { .. } => of_either(acting),
        Act::Direct(given) => directive::direct(acting, given),
        Act::UndoDirective { document, directive: of } => directive::undo(acting, *document, *of),
        Act::RecallDirective { document, directive, reason } => {
            directive::recall(acting, *document, *directive, reason)
        }
        Act::Draft { .. }
        | Act::EditOutgoing { .. }
        | Act::SubmitDraft { .. }
        | Act::UndoSubmitDraft { .. }
        | Act::ApproveDraft { .. }
        | Act::ReturnDraft { .. }
        | Act::RegisterOutgoing { .. }
        | Act::Send(_) => outgoing::decide(acting),
        Act::Issue(_)
        | Act::Chase { .. }
        | Act::Recall { .. }
        | Act::RefuseArrival { .. }
        | Act::AnswerRecall { .. } => between_agencies(acting),
        // Nobody but the server says what other logs tell.
        Act::Come(_) | Act::Chased(_) | Act::RecallAsked(_) | Act::Receive(_) => {
            Err(Refusal::Malformed.into())
        }
        Act::CreateTask { .. }
        | Act::SeenTask { .. }
        | Act::Progress { .. }
        | Act::Report { .. }
        | Act::UndoReport { .. }
        | Act::AskExtension { .. }
        | Act::DecideExtension { .. }
        | Act::AcceptResult { .. }
        | Act::ReturnResult { .. }
        | Act::Transfer { .. }
        | Act::Remind { .. }
        | Act::WithdrawTask { .. } => task::decide(acting),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the five acts named here")]
fn of_incoming(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::RegisterIncoming(registered) => incoming::register(acting, registered),
        Act::EditIncoming { document, field, old, new } => {
            incoming::edit(acting, *document, *field, old, new)
        }
        Act::SubmitIncoming { document, to, proposal } => {
            incoming::submit(acting, *document, *to, proposal)
        }
        Act::CloseIncoming { document, reason } => incoming::close(acting, *document, reason),
        Act::ReopenIncoming { document, reason } => incoming::reopen(acting, *document, reason),
        _ => Err(Refusal::Malformed.into()),
    }
}

/// What is done with incoming and outgoing documents alike.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the five acts named here")]
fn of_either(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::GiveNumber { document, outgoing: false } => incoming::give_number(acting, *document),
        Act::GiveNumber { document, outgoing: true } => outgoing::give_number(acting, *document),
        Act::Attach { document, outgoing: false, files } => {
            incoming::attach(acting, *document, files)
        }
        Act::Attach { document, outgoing: true, files } => {
            outgoing::attach(acting, *document, files)
        }
        Act::Detach { document, outgoing: false, blob, reason } => {
            incoming::detach(acting, *document, *blob, reason)
        }
        Act::Detach { document, outgoing: true, blob, reason } => {
            outgoing::detach(acting, *document, *blob, reason)
        }
        Act::Void { document, outgoing: false, reason } => {
            incoming::void(acting, *document, reason)
        }
        Act::Void { document, outgoing: true, reason } => outgoing::void(acting, *document, reason),
        Act::Seen { document, outgoing: false } => incoming::seen(acting, *document),
        Act::Seen { document, outgoing: true } => outgoing::seen(acting, *document),
        _ => Err(Refusal::Malformed.into()),
    }
}

/// What there is only because agencies send each other documents.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the five acts named here")]
fn between_agencies(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::Issue(issued) => parcel::issue(acting, issued),
        Act::Chase { parcels, note } => parcel::chase(acting, parcels, note),
        Act::Recall { document, parcels, reason, replaced_by } => {
            parcel::recall(acting, *document, parcels, (reason, *replaced_by))
        }
        Act::RefuseArrival { arrival, reason, misaddressed } => {
            arrival::refuse(acting, *arrival, reason, *misaddressed)
        }
        Act::AnswerRecall { arrival, agree, reason } => {
            arrival::answer_recall(acting, *arrival, *agree, reason)
        }
        _ => Err(Refusal::Malformed.into()),
    }
}

/// What there is only because an agency works on several PCs.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the acts named here")]
fn between_pcs(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::ResolveHeld { document, outgoing, given_by, verdict, reason } => {
            let key = if *outgoing { Key::Outgoing(*document) } else { Key::Incoming(*document) };
            held::resolve(acting, (key, *given_by), *verdict, reason)
        }
        Act::EnrolDevice { device, name, officer, public } => {
            device::enrol(acting, *device, name, *officer, *public)
        }
        Act::RevokeDevice { device, reason } => device::revoke(acting, *device, reason),
        Act::RetireDevice { device, reason } => device::retire(acting, *device, reason),
        Act::Witness(seen) => restored::witness(acting, seen),
        _ => Err(Refusal::Malformed.into()),
    }
}

impl Acting<'_> {
    /// Refuses unless the actor's roles carry the right.
    pub fn must(&self, right: Right) -> Result<(), No> {
        if has(self.actor, right) || self.author == Author::Server {
            return Ok(());
        }
        let needs = match right {
            Right::KeepBooks => Role::Clerk,
            Right::Direct | Right::Approve => Role::Leader,
            Right::Route | Right::Follow | Right::SeeAll | Right::OpenBooks | Right::TakeOver => {
                Role::OfficeHead
            }
            Right::AssignInUnit => Role::UnitHead,
            Right::Work => Role::Official,
            Right::Administer => Role::Administrator,
        };
        Err(Refusal::Forbidden { needs }.into())
    }

    /// Refuses what the actor may not see exactly like what is not there.
    pub fn must_see(&self, what: Key) -> Result<(), No> {
        let state = self.picture.state(what)?.ok_or(Refusal::Unknown { what })?;
        if audience(state).is_disjoint(&scopes_of(self.actor)) {
            return Err(Refusal::Unknown { what }.into());
        }
        Ok(())
    }

    /// Refuses what only the server may state.
    pub fn must_be_server(&self) -> Result<(), No> {
        match self.author {
            Author::Server => Ok(()),
            Author::Officer | Author::Late => Err(Refusal::Malformed.into()),
        }
    }

    /// Whether an officer speaks, not the server.
    pub fn by_officer(&self) -> bool {
        self.author != Author::Server
    }

    /// Whether it was signed before and cannot be done otherwise any more.
    pub fn is_late(&self) -> bool {
        self.author == Author::Late
    }

    /// A change of one state with one line of history.
    pub fn change(&self, state: State, deed: Deed, words: &str) -> Change {
        let line = self.line(state.key(), deed, Vec::new(), words);
        Change { states: Vec::from([state]), trail: Vec::from([line]) }
    }

    /// A change of one state with values before and after.
    pub fn altered(&self, state: State, deed: Deed, altered: Vec<Altered>, words: &str) -> Change {
        let line = self.line(state.key(), deed, altered, words);
        Change { states: Vec::from([state]), trail: Vec::from([line]) }
    }

    /// One line of history.
    pub fn line(&self, of: Key, deed: Deed, altered: Vec<Altered>, words: &str) -> TrailLine {
        TrailLine {
            of,
            by_command: self.command.id,
            by: self.actor.id,
            at: self.command.at,
            deed,
            altered,
            words: String::from(words),
        }
    }
}
