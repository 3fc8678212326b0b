//! What taking commands in is going to look up, as far as they tell.
use register::{Act, Key};

use super::Signed;
use crate::storage::Soon;

/// Commands that are looked through; a call with more of them knows most after these.
const LOOKED_THROUGH_MAX: usize = 50;

/// What these commands are going to ask for.
pub(super) fn of<'s>(all: impl Iterator<Item = &'s Signed>) -> Soon {
    let mut soon = Soon::default();
    for Signed { command, .. } in all.take(LOOKED_THROUGH_MAX) {
        soon.names.push(command.id);
        soon.states.extend(about(&command.act));
        soon.numbers.extend(command.lease.map(|claim| (claim.book, claim.year, claim.number)));
    }
    soon
}

/// The document that nearly every act of an office's day is about.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not told is looked up later")]
fn about(act: &Act) -> Option<Key> {
    let of = |document, outgoing: bool| {
        if outgoing { Key::Outgoing(document) } else { Key::Incoming(document) }
    };
    match act {
        Act::RegisterIncoming(arrival) => Some(Key::Incoming(arrival.document)),
        Act::GiveNumber { document, outgoing }
        | Act::Attach { document, outgoing, .. }
        | Act::Detach { document, outgoing, .. }
        | Act::Void { document, outgoing, .. }
        | Act::Seen { document, outgoing } => Some(of(*document, *outgoing)),
        Act::EditIncoming { document, .. }
        | Act::SubmitIncoming { document, .. }
        | Act::CloseIncoming { document, .. } => Some(Key::Incoming(*document)),
        Act::Direct(directive) => Some(Key::Incoming(directive.document)),
        Act::Draft { document, .. }
        | Act::EditOutgoing { document, .. }
        | Act::SubmitDraft { document, .. }
        | Act::ApproveDraft { document, .. }
        | Act::RegisterOutgoing { document, .. } => Some(Key::Outgoing(*document)),
        _ => None,
    }
}
