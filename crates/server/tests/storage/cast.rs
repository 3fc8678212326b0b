//! Rows to try a storage with.
use std::ops::ControlFlow;

use register::{
    AgencyId, BookId, CommandId, DeviceId, DocumentId, Key, Moment, OfficerId, PublicKey,
};
use server::{
    DeviceKey, Entry, Found, Kept, Org, Reading, Span, Storage, StorageFault, Writing, looked_up,
    written,
};
use sync::Envelope;

/// Makes storages of one kind; opened twice, it is the same one.
pub trait Making {
    type Made: Storage;
    /// None where it is not installed.
    fn new() -> Option<Self>
    where
        Self: Sized;
    fn open(&self) -> Self::Made;
}

pub const ORG: AgencyId = AgencyId([1; 16]);
pub const OTHER: AgencyId = AgencyId([2; 16]);
pub const BOOK: BookId = BookId([3; 16]);
pub const PC: DeviceId = DeviceId([4; 16]);
pub const LAN: OfficerId = OfficerId([5; 16]);

pub fn org(id: AgencyId, head: u64) -> Org {
    Org { id, head, hash: [head as u8; 32], epoch: 1, head0: 0, durable: 0 }
}

pub fn letter(n: u8) -> Key {
    Key::Incoming(DocumentId([n; 16]))
}

/// The n-th command of a PC as the entry of the same number.
pub fn entry(n: u64) -> Entry {
    Entry {
        seq: n,
        at: Moment(1000 + n as i64),
        dev: PC,
        n,
        id: CommandId([n as u8; 16]),
        actor: LAN,
        envelope: Envelope { raw: format!("bytes of {n}").into_bytes(), sig: [n as u8; 64] },
        eff: format!("said of {n}"),
        aud: "all staff".into(),
        hash: [n as u8; 32],
    }
}

pub fn key(byte: u8, pending: Option<&str>) -> DeviceKey {
    DeviceKey {
        dev: PC,
        officer: LAN,
        public: PublicKey([byte; 32]),
        pending: pending.map(str::to_owned),
    }
}

pub fn put_state(writing: &dyn Writing, org: AgencyId, n: u8, ver: u64) -> Found<()> {
    let body = format!("body {n} at {ver}");
    let kept = Kept { key: letter(n), ver, body: &body, aud: "staff", aud_ever: "staff u:1" };
    writing.put_state(org, kept)
}

/// The bodies of a span, at most so many.
pub fn bodies(reading: &dyn Reading, org: AgencyId, span: Span, limit: usize) -> Vec<String> {
    let mut bodies = Vec::new();
    reading
        .states(org, span, &mut |kept| {
            bodies.push(kept.body.to_owned());
            if bodies.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .unwrap();
    bodies
}

pub fn writes<T: Send + 'static>(
    storage: &dyn Storage,
    org: AgencyId,
    job: impl FnOnce(&dyn Writing) -> Found<T> + Send + 'static,
) -> T {
    written::<T, StorageFault>(storage, Some(org), job).unwrap()
}

pub fn reads<T>(storage: &dyn Storage, job: impl FnOnce(&dyn Reading) -> Found<T>) -> T {
    looked_up::<T, StorageFault>(storage, job).unwrap()
}
