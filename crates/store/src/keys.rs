//! States and their names as they stand in the file.
use serde::de::DeserializeOwned;

use register::{
    AgencyId, Altered, BookId, CommandId, Deed, DeviceId, DocumentId, Id, Key, Moment, OfficerId,
    ParcelId, State, TaskId, TrailLine, UnitId,
};

use crate::error::StoreError;

/// Tags of keys; `register` promises that they never change.
pub(crate) const BOOK_TAG: u8 = 4;
pub(crate) const INCOMING_TAG: u8 = 5;
pub(crate) const OUTGOING_TAG: u8 = 6;

/// Bytes of a stored key: the tag and the 16 bytes of the id.
pub(crate) const KEY_BYTES: usize = 17;
const KEY_FAULT: StoreError = StoreError::Form { what: "key" };

/// A key as it is stored.
pub(crate) fn key_bytes(key: Key) -> [u8; KEY_BYTES] {
    let mut bytes = [0; KEY_BYTES];
    for (slot, byte) in bytes.iter_mut().zip([key.tag()].into_iter().chain(key.id())) {
        *slot = byte;
    }
    bytes
}

/// A stored key.
pub(crate) fn key_from(bytes: &[u8]) -> Result<Key, StoreError> {
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

/// Sixteen stored bytes.
pub(crate) fn id_from(bytes: &[u8]) -> Result<Id, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Form { what: "id" })
}

/// A stored device.
pub(crate) fn device_from(bytes: &[u8]) -> Result<DeviceId, StoreError> {
    id_from(bytes).map(DeviceId)
}

/// A state as it is stored: the JSON of what stands in it.
pub(crate) fn body_of(state: &State) -> Result<String, StoreError> {
    let body = match state {
        State::Agency(agency) => serde_json::to_string(agency),
        State::Unit(unit) => serde_json::to_string(unit),
        State::Officer(officer) => serde_json::to_string(officer),
        State::Book(book) => serde_json::to_string(book),
        State::Incoming(document) => serde_json::to_string(document),
        State::Outgoing(document) => serde_json::to_string(document),
        State::Task(task) => serde_json::to_string(task),
        State::Year(decided) => serde_json::to_string(decided),
        State::Device(device) => serde_json::to_string(device),
        State::Parcel(parcel) => serde_json::to_string(parcel),
        State::Arrival(arrival) => serde_json::to_string(arrival),
    };
    body.map_err(|source| StoreError::Body { what: "state", source })
}

fn read<T: DeserializeOwned>(what: &'static str, body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|source| StoreError::Body { what, source })
}

/// A stored state.
pub(crate) fn state_from(key: Key, body: &str) -> Result<State, StoreError> {
    Ok(match key {
        Key::Agency(_) => State::Agency(Box::new(read("agency", body)?)),
        Key::Unit(_) => State::Unit(read("unit", body)?),
        Key::Officer(_) => State::Officer(read("officer", body)?),
        Key::Book(_) => State::Book(Box::new(read("book", body)?)),
        Key::Incoming(_) => State::Incoming(Box::new(read("incoming document", body)?)),
        Key::Outgoing(_) => State::Outgoing(Box::new(read("outgoing document", body)?)),
        Key::Task(_) => State::Task(Box::new(read("task", body)?)),
        Key::Year(_) => State::Year(read("decided year", body)?),
        Key::Device(_) => State::Device(read("device", body)?),
        Key::Parcel(_) => State::Parcel(Box::new(read("parcel", body)?)),
        Key::Arrival(_) => State::Arrival(Box::new(read("arrival", body)?)),
    })
}

/// What a line of history says beside its command: who and when stand in the log.
pub(crate) fn trail_body(line: &TrailLine) -> Result<String, StoreError> {
    let TrailLine { of: _, by_command: _, by: _, at: _, deed, altered, words } = line;
    serde_json::to_string(&(deed, altered, words))
        .map_err(|source| StoreError::Body { what: "line of history", source })
}

/// Who did it and when, as the log knows it.
pub(crate) struct TrailCommand {
    pub id: Id,
    pub actor: Id,
    pub at: i64,
}

/// A stored line of history.
pub(crate) fn trail_from(of: Key, by: TrailCommand, body: &str) -> Result<TrailLine, StoreError> {
    let (deed, altered, words): (Deed, Vec<Altered>, String) = read("line of history", body)?;
    Ok(TrailLine {
        of,
        by_command: CommandId(by.id),
        by: OfficerId(by.actor),
        at: Moment(by.at),
        deed,
        altered,
        words,
    })
}
