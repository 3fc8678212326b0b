//! The name of a thing in a question: `incoming:` and its hexadecimal digits, `year:2026`.
use alloc::format;
use alloc::string::String;

use register::{AgencyId, BookId, DeviceId, DocumentId, Key, OfficerId, ParcelId, TaskId, UnitId};

/// A key as it stands in a question.
pub fn key_text(key: Key) -> String {
    match key {
        Key::Agency(id) => format!("agency:{id}"),
        Key::Unit(id) => format!("unit:{id}"),
        Key::Officer(id) => format!("officer:{id}"),
        Key::Book(id) => format!("book:{id}"),
        Key::Incoming(id) => format!("incoming:{id}"),
        Key::Outgoing(id) => format!("outgoing:{id}"),
        Key::Task(id) => format!("task:{id}"),
        Key::Year(year) => format!("year:{year}"),
        Key::Device(id) => format!("device:{id}"),
        Key::Parcel(id) => format!("parcel:{id}"),
        Key::Arrival(id) => format!("arrival:{id}"),
    }
}

/// The key behind such a text.
pub fn key_of(text: &str) -> Option<Key> {
    let (kind, id) = text.split_once(':')?;
    match kind {
        "agency" => AgencyId::parse(id).ok().map(Key::Agency),
        "unit" => UnitId::parse(id).ok().map(Key::Unit),
        "officer" => OfficerId::parse(id).ok().map(Key::Officer),
        "book" => BookId::parse(id).ok().map(Key::Book),
        "incoming" => DocumentId::parse(id).ok().map(Key::Incoming),
        "outgoing" => DocumentId::parse(id).ok().map(Key::Outgoing),
        "task" => TaskId::parse(id).ok().map(Key::Task),
        "year" => id.parse().ok().map(Key::Year),
        "device" => DeviceId::parse(id).ok().map(Key::Device),
        "parcel" => ParcelId::parse(id).ok().map(Key::Parcel),
        "arrival" => ParcelId::parse(id).ok().map(Key::Arrival),
        _ => None,
    }
}
