//! Who may do what, written from the decree and from practice, and not from the code it checks:
//! văn thư, lãnh đạo, chánh văn phòng, trưởng phòng, chuyên viên, quản trị (NĐ 30/2020 Đ4, Đ13-15,
//! Đ22-24, Đ32).
use register::{
    Act, Command, Incoming, Key, Officer, Outgoing, Party, Role, State, Task, audience, scopes_of,
};

use crate::world::World;

/// Whether this person may do this at all; the state of the thing may still forbid it.
pub fn may(world: &World, command: &Command) -> bool {
    if let Act::Found(founded) = &command.act {
        let founder = founded.officers.iter().find(|officer| officer.id == command.actor);
        return founder.is_some_and(|founder| founder.is(Role::Administrator));
    }
    let Some(State::Officer(me)) = world.states.get(&Key::Officer(command.actor)) else {
        return false;
    };
    me.active && may_do(&Person { world, me }, &command.act)
}

struct Person<'a> {
    world: &'a World,
    me: &'a Officer,
}

fn may_do(person: &Person<'_>, act: &Act) -> bool {
    if let Some(may) = may_between_agencies(person, act) {
        return may;
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "between agencies was asked before")]
    match act {
        Act::Found(_) => false,
        Act::SetAgency { .. }
        | Act::SetUnit { .. }
        | Act::SetOfficer { .. }
        | Act::SetYear { .. } => person.is_any(&[Role::Administrator]),
        Act::OpenBook { .. } | Act::SetBook { .. } => {
            person.is_any(&[Role::Administrator, Role::Leader, Role::OfficeHead])
        }
        Act::FreezeBook { .. }
        | Act::Witness(_)
        | Act::EnrolDevice { .. }
        | Act::RevokeDevice { .. }
        | Act::RetireDevice { .. }
        | Act::ConfirmLast { .. }
        | Act::ForceLease(_)
        | Act::TakeLease { .. }
        | Act::ReleaseLease { .. }
        | Act::HandOverLease { .. } => may_between_pcs(person, act),
        Act::ResolveHeld { .. }
        | Act::PaperRange { .. }
        | Act::VoidNumber { .. }
        | Act::RegisterIncoming(_)
        | Act::GiveNumber { .. }
        | Act::EditIncoming { .. }
        | Act::RegisterOutgoing { .. }
        | Act::Send(_)
        | Act::Attach { outgoing: false, .. }
        | Act::Detach { outgoing: false, .. }
        | Act::Void { outgoing: false, .. } => person.is_any(&[Role::Clerk]),
        Act::Seen { document, outgoing: false } => person.sees(Key::Incoming(*document)),
        Act::Seen { document, outgoing: true } => person.sees(Key::Outgoing(*document)),
        Act::SeenTask { task } => person.sees(Key::Task(*task)),
        Act::SubmitIncoming { .. } | Act::CloseIncoming { .. } | Act::ReopenIncoming { .. } => {
            person.is_any(&[Role::Clerk, Role::OfficeHead, Role::Leader])
        }
        Act::Direct(_) | Act::ApproveDraft { .. } | Act::ReturnDraft { .. } => {
            person.is_any(&[Role::Leader])
        }
        Act::UndoDirective { document, directive } => person.wrote(*document, *directive),
        Act::RecallDirective { document, directive, .. } => {
            person.wrote(*document, *directive) || person.is_any(&[Role::Leader])
        }
        Act::Draft { .. } => person.is_any(&[
            Role::Clerk,
            Role::Leader,
            Role::OfficeHead,
            Role::UnitHead,
            Role::Official,
        ]),
        Act::Attach { outgoing: true, .. }
        | Act::Detach { outgoing: true, .. }
        | Act::Void { outgoing: true, .. }
        | Act::EditOutgoing { .. }
        | Act::SubmitDraft { .. }
        | Act::UndoSubmitDraft { .. } => may_on_draft(person, act),
        _ => may_on_task(person, act),
    }
}

/// Văn thư sends and takes in (Đ18, Đ21, Đ32); what other logs tell, no officer says.
#[expect(clippy::wildcard_enum_match_arm, reason = "only what goes between agencies is asked")]
fn may_between_agencies(person: &Person<'_>, act: &Act) -> Option<bool> {
    match act {
        Act::SetGroup { .. }
        | Act::Issue(_)
        | Act::Chase { .. }
        | Act::Recall { .. }
        | Act::RefuseArrival { .. }
        | Act::AnswerRecall { .. } => Some(person.is_any(&[Role::Clerk])),
        Act::Come(_) | Act::Chased(_) | Act::RecallAsked(_) | Act::Receive(_) => Some(false),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only the acts on drafts come here")]
fn may_on_draft(person: &Person<'_>, act: &Act) -> bool {
    match act {
        Act::Attach { document, outgoing: true, .. }
        | Act::Detach { document, outgoing: true, .. }
        | Act::Void { document, outgoing: true, .. }
        | Act::EditOutgoing { document, .. }
        | Act::SubmitDraft { document, .. }
        | Act::UndoSubmitDraft { document } => {
            let mine = person.outgoing(*document).is_some_and(|of| {
                // Once it is registered it is the clerk's.
                of.drafted_by == person.me.id && of.given.is_none()
            });
            mine || person.is_any(&[Role::Clerk])
        }
        _ => false,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only the acts named here come here")]
fn may_between_pcs(person: &Person<'_>, act: &Act) -> bool {
    match act {
        // What the server states: no officer may.
        Act::FreezeBook { .. } | Act::EnrolDevice { .. } | Act::Witness(_) => false,
        Act::RevokeDevice { .. } | Act::RetireDevice { .. } => {
            person.is_any(&[Role::Administrator])
        }
        Act::ConfirmLast { .. } | Act::ForceLease(_) => {
            person.is_any(&[Role::Administrator, Role::Leader, Role::OfficeHead])
        }
        Act::TakeLease { .. } | Act::ReleaseLease { .. } | Act::HandOverLease { .. } => {
            person.is_any(&[Role::Clerk, Role::Administrator, Role::Leader, Role::OfficeHead])
        }
        _ => false,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only the acts on tasks come here")]
fn may_on_task(person: &Person<'_>, act: &Act) -> bool {
    let leader = person.is_any(&[Role::Leader]);
    match act {
        Act::CreateTask { set, .. } => {
            let inside = person.commands(set.lead) && set.co.iter().all(|co| person.commands(*co));
            leader || inside
        }
        Act::Progress { task, .. } => person.task(*task).is_some_and(|task| {
            person.leads(task.lead)
                || task.co.iter().any(|co| match co {
                    Party::Officer(id) => *id == person.me.id,
                    Party::Unit(unit) => person.me.unit == Some(*unit),
                })
        }),
        Act::Report { task, .. } | Act::AskExtension { task, .. } => {
            person.task(*task).is_some_and(|task| person.leads(task.lead))
        }
        Act::UndoReport { task } => {
            let last = person.task(*task).and_then(|task| task.reports.last());
            last.is_some_and(|last| last.by == person.me.id)
        }
        Act::DecideExtension { task, .. }
        | Act::AcceptResult { task, .. }
        | Act::ReturnResult { task, .. }
        | Act::WithdrawTask { task, .. } => leader || person.assigned(*task),
        Act::Remind { task, .. } => {
            leader || person.is_any(&[Role::OfficeHead]) || person.assigned(*task)
        }
        Act::Transfer { task, to, .. } => {
            let inside = person.task(*task).is_some_and(|task| person.commands(task.lead));
            leader || inside && person.commands(*to)
        }
        _ => false,
    }
}

impl Person<'_> {
    fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.me.roles.contains(role))
    }

    fn sees(&self, of: Key) -> bool {
        let state = self.world.states.get(&of);
        state.is_some_and(|state| !audience(state).is_disjoint(&scopes_of(self.me)))
    }

    fn incoming(&self, id: register::DocumentId) -> Option<&Incoming> {
        match self.world.states.get(&Key::Incoming(id)) {
            Some(State::Incoming(document)) => Some(document),
            Some(_) | None => None,
        }
    }

    fn outgoing(&self, id: register::DocumentId) -> Option<&Outgoing> {
        match self.world.states.get(&Key::Outgoing(id)) {
            Some(State::Outgoing(document)) => Some(document),
            Some(_) | None => None,
        }
    }

    fn task(&self, id: register::TaskId) -> Option<&Task> {
        match self.world.states.get(&Key::Task(id)) {
            Some(State::Task(task)) => Some(task),
            Some(_) | None => None,
        }
    }

    fn wrote(&self, document: register::DocumentId, directive: register::DirectiveId) -> bool {
        self.incoming(document).is_some_and(|of| {
            of.directives.iter().any(|given| given.id == directive && given.by == self.me.id)
        })
    }

    fn assigned(&self, id: register::TaskId) -> bool {
        self.task(id).is_some_and(|task| task.assigner == self.me.id)
    }

    fn heads_a_unit(&self) -> bool {
        self.is_any(&[Role::UnitHead, Role::OfficeHead])
    }

    /// The lead himself, or the head of the leading unit.
    fn leads(&self, lead: Party) -> bool {
        match lead {
            Party::Officer(id) => id == self.me.id,
            Party::Unit(unit) => self.heads_a_unit() && self.me.unit == Some(unit),
        }
    }

    /// A head of unit commands his unit and those in it.
    fn commands(&self, party: Party) -> bool {
        let unit = match party {
            Party::Unit(unit) => Some(unit),
            Party::Officer(id) => match self.world.states.get(&Key::Officer(id)) {
                Some(State::Officer(officer)) => officer.unit,
                Some(_) | None => None,
            },
        };
        self.heads_a_unit() && unit.is_some() && unit == self.me.unit
    }
}
