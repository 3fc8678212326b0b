//! States as the storage keeps them: names as bytes, circles as text, where they are filed.
use std::collections::{BTreeMap, BTreeSet};

use register::{
    AgencyId, BlobId, BookId, Change, Command, DeviceId, DocumentId, Id, Incoming, Key, OfficerId,
    Outcome, Outgoing, ParcelId, Refusal, Scope, State, TaskId, TrailLine, UnitId, audience,
    reference, render_number,
};

use crate::fault::StorageFault;
use crate::storage::{Filed, Found};

/// Bytes of a stored key: the tag and the 16 bytes of the id.
pub(crate) const KEY_BYTES: usize = 17;
const KEY_FAULT: StorageFault = StorageFault::Form { what: "key" };

/// A key as it is stored.
pub(crate) fn key_bytes(key: Key) -> [u8; KEY_BYTES] {
    let mut bytes = [0; KEY_BYTES];
    for (slot, byte) in bytes.iter_mut().zip([key.tag()].into_iter().chain(key.id())) {
        *slot = byte;
    }
    bytes
}

/// A stored key.
pub(crate) fn key_from(bytes: &[u8]) -> Found<Key> {
    let (tag, id) = bytes.split_first().ok_or(KEY_FAULT)?;
    let id: Id = id.try_into().map_err(|_| KEY_FAULT)?;
    match tag {
        1 => Ok(Key::Agency(AgencyId(id))),
        2 => Ok(Key::Unit(UnitId(id))),
        3 => Ok(Key::Officer(OfficerId(id))),
        4 => Ok(Key::Book(BookId(id))),
        5 => Ok(Key::Incoming(DocumentId(id))),
        6 => Ok(Key::Outgoing(DocumentId(id))),
        7 => Ok(Key::Task(TaskId(id))),
        8 => {
            let [high, low, ..] = id;
            Ok(Key::Year(i16::from_be_bytes([high, low])))
        }
        9 => Ok(Key::Device(DeviceId(id))),
        10 => Ok(Key::Parcel(ParcelId(id))),
        11 => Ok(Key::Arrival(ParcelId(id))),
        0 | 12..=255 => Err(KEY_FAULT),
    }
}

/// The document behind a key that a number or a reference leads to.
#[expect(clippy::wildcard_enum_match_arm, reason = "only documents are filed")]
pub(crate) fn document_of(key: Key) -> Found<DocumentId> {
    match key {
        Key::Incoming(document) | Key::Outgoing(document) => Ok(document),
        _ => Err(StorageFault::Form { what: "document" }),
    }
}

/// A state as it is stored and sent.
pub(crate) fn body_of(state: &State) -> Found<String> {
    serde_json::to_string(state).map_err(|source| StorageFault::Body { what: "state", source })
}

/// A stored state.
pub(crate) fn state_from(body: &str) -> Found<State> {
    serde_json::from_str(body).map_err(|source| StorageFault::Body { what: "state", source })
}

/// The circles of a state by name.
pub(crate) fn names_of(scopes: &BTreeSet<Scope>) -> BTreeSet<String> {
    scopes.iter().map(Scope::name).collect()
}

/// Circles as text.
pub(crate) fn joined<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// Whether somebody of these circles is among those named in the text.
pub(crate) fn meets(aud: &str, scopes: &BTreeSet<String>) -> bool {
    aud.split(' ').any(|name| scopes.contains(name))
}

/// Those who look after what a PC that was shut out still sent; no state is theirs.
pub(crate) const ADMINISTRATORS: &str = "administrators";

/// Those who may read an entry: whoever may see what it was about. A book is everybody's and stands
/// in every registration, so it counts only where there is nothing else.
pub(crate) fn entry_audience(command: &Command, outcome: &Outcome, states: &[State]) -> String {
    let mut names = BTreeSet::from([Scope::Officer(command.actor).name()]);
    if outcome.why() == Some(&Refusal::DeviceRevoked) {
        names.insert(ADMINISTRATORS.to_owned());
    }
    let about = |state: &&State| !matches!(state, State::Book(_));
    if states.iter().any(|state| about(&state)) {
        names.extend(states.iter().filter(about).flat_map(|state| names_of(&audience(state))));
    } else if states.is_empty() {
        names.insert(Scope::Staff.name());
    } else {
        names.insert(Scope::Everyone.name());
    }
    joined(names.iter().map(String::as_str))
}

/// The files a state names.
pub(crate) fn blobs_of(state: &State) -> BTreeSet<BlobId> {
    match state {
        State::Incoming(document) => document.attachments.iter().map(|file| file.blob).collect(),
        State::Outgoing(document) => document.attachments.iter().map(|file| file.blob).collect(),
        State::Task(task) => {
            task.reports.iter().flat_map(|report| &report.files).map(|file| file.blob).collect()
        }
        // What was taken back is open to nobody.
        State::Arrival(arrival) if arrival.is_recalled() => BTreeSet::new(),
        State::Arrival(arrival) => arrival.letter.files.iter().map(|file| file.blob).collect(),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Book(_)
        | State::Year(_) => BTreeSet::new(),
    }
}

/// The files a command names on a state: those it brings, and those it says it brings again.
pub(crate) fn files_named(
    command: &Command,
    before: Option<&State>,
    after: &State,
) -> BTreeSet<BlobId> {
    let before = before.map(blobs_of).unwrap_or_default();
    let by_it = |blob: &BlobId| !before.contains(blob) || command.blobs.contains(blob);
    blobs_of(after).into_iter().filter(by_it).collect()
}

/// What each thing's history tells of one entry, as JSON.
pub(crate) fn history_of(change: &Change) -> Found<Vec<(Key, String)>> {
    let mut told: BTreeMap<Key, Vec<&TrailLine>> = BTreeMap::new();
    for state in &change.states {
        told.entry(state.key()).or_default();
    }
    for line in &change.trail {
        told.entry(line.of).or_default().push(line);
    }
    let text = |lines: &Vec<&TrailLine>| {
        serde_json::to_string(lines)
            .map_err(|source| StorageFault::Body { what: "history", source })
    };
    told.iter().map(|(key, lines)| Ok((*key, text(lines)?))).collect()
}

/// Where a state is filed.
pub(crate) fn filed(state: &State) -> BTreeSet<Filed> {
    match state {
        State::Incoming(document) => incoming_filed(document),
        State::Outgoing(document) => outgoing_filed(document),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => BTreeSet::new(),
    }
}

fn incoming_filed(document: &Incoming) -> BTreeSet<Filed> {
    let waits = document.void.is_none() && document.held.is_empty();
    match document.number {
        Some(number) => BTreeSet::from([Filed::Number(document.book, document.year, number)]),
        None if waits => BTreeSet::from([Filed::Waiting(document.book, document.registered_at)]),
        None => BTreeSet::new(),
    }
}

fn outgoing_filed(document: &Outgoing) -> BTreeSet<Filed> {
    let Some(given) = &document.given else { return BTreeSet::new() };
    let waits = document.void.is_none() && document.held.is_empty();
    match given.number {
        Some(number) => {
            let text = reference(&render_number(number), &given.symbol);
            BTreeSet::from([
                Filed::Number(given.book, given.year, number),
                Filed::Reference(given.year, text),
            ])
        }
        None if waits => BTreeSet::from([Filed::Waiting(given.book, given.at)]),
        None => BTreeSet::new(),
    }
}
