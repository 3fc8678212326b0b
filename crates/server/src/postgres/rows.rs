//! Rows of PostgreSQL as what the server knows: numbers without a sign, names, keys, entries.
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use register::{AgencyId, BlobId, CommandId, DeviceId, Key, Moment, OfficerId, PublicKey};
use sync::{Envelope, Hash};

use super::known::{Pinned, Stamp};
use super::pending::StateKept;
use crate::fault::StorageFault;
use crate::states::key_from;
use crate::storage::{BlobUse, Code, DeviceKey, Entry, Found, Org, Proof, Session};

/// A number as the database compares it: what is beyond its whole numbers is beyond every one.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number as it is kept.
pub(super) fn kept(number: u64) -> Found<i64> {
    i64::try_from(number).map_err(|_| StorageFault::Form { what: "number" })
}

/// A value of a row.
pub(super) fn value<'r, T: FromSql<'r>>(row: &'r Row, at: usize) -> Found<T> {
    let doing = "reading a row";
    row.try_get(at).map_err(|source| StorageFault::Line { doing, source })
}

/// A number that is never below zero.
pub(super) fn number(row: &Row, at: usize) -> Found<u64> {
    let number: i64 = value(row, at)?;
    u64::try_from(number).map_err(|_| StorageFault::Form { what: "number" })
}

/// A name or a hash of its fixed length.
pub(super) fn bytes<const N: usize>(row: &Row, at: usize) -> Found<[u8; N]> {
    exactly(value::<&[u8]>(row, at)?)
}

fn exactly<const N: usize>(bytes: &[u8]) -> Found<[u8; N]> {
    bytes.try_into().map_err(|_| StorageFault::Form { what: "name" })
}

pub(super) fn public(bytes: &[u8]) -> Found<PublicKey> {
    exactly(bytes).map(PublicKey)
}

pub(super) fn key(row: &Row, at: usize) -> Found<Key> {
    key_from(value(row, at)?)
}

/// Text that is kept as bytes.
pub(super) fn text(row: &Row, at: usize) -> Found<Option<String>> {
    let bytes: Option<Vec<u8>> = value(row, at)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| StorageFault::Form { what: "text" })
}

/// `id, head, hash, epoch, head0, durable, stamp`.
pub(super) fn pinned(row: &Row) -> Found<Pinned> {
    let epoch: i64 = value(row, 3)?;
    let stamp: Stamp = bytes(row, 6)?;
    Ok(Pinned {
        org: Org {
            id: AgencyId(bytes(row, 0)?),
            head: number(row, 1)?,
            hash: bytes::<32>(row, 2)?,
            epoch: u32::try_from(epoch).map_err(|_| StorageFault::Form { what: "life" })?,
            head0: number(row, 4)?,
            durable: number(row, 5)?,
        },
        stamp,
    })
}

/// `seq, at, dev, n, id, actor, raw, sig, eff, aud, hash`.
pub(super) fn entry(row: &Row) -> Found<Entry> {
    let seq = number(row, 0)?;
    // A byte that was turned may leave no text, no key, no signature.
    entry_of(seq, row).map_err(|_| StorageFault::Entry { seq })
}

fn entry_of(seq: u64, row: &Row) -> Found<Entry> {
    Ok(Entry {
        seq,
        at: Moment(value(row, 1)?),
        dev: DeviceId(bytes(row, 2)?),
        n: number(row, 3)?,
        id: CommandId(bytes(row, 4)?),
        actor: OfficerId(bytes(row, 5)?),
        envelope: Envelope { raw: value(row, 6)?, sig: bytes(row, 7)? },
        eff: value(row, 8)?,
        aud: value(row, 9)?,
        hash: bytes(row, 10)?,
    })
}

/// `key, ver, body, aud, aud_ever`.
pub(super) fn state(row: &Row) -> Found<(Key, StateKept)> {
    let state = StateKept {
        ver: number(row, 1)?,
        body: value(row, 2)?,
        aud: value(row, 3)?,
        aud_ever: value(row, 4)?,
    };
    Ok((key(row, 0)?, state))
}

/// `dev, officer, public, pending`.
pub(super) fn device_key(row: &Row) -> Found<DeviceKey> {
    Ok(DeviceKey {
        dev: DeviceId(bytes(row, 0)?),
        officer: OfficerId(bytes(row, 1)?),
        public: PublicKey(bytes(row, 2)?),
        pending: text(row, 3)?,
    })
}

fn proof(row: &Row, at: usize) -> Found<Proof> {
    let proven: bool = value(row, at)?;
    Ok(if proven { Proof::Proven } else { Proof::Named })
}

/// `blob, key, dev, proven`.
pub(super) fn blob_use(row: &Row) -> Found<(BlobId, BlobUse)> {
    let (key, dev) = (key(row, 1)?, DeviceId(bytes(row, 2)?));
    Ok((BlobId(bytes(row, 0)?), BlobUse { key, dev, proof: proof(row, 3)? }))
}

/// `org, dev, officer, until`.
pub(super) fn session(row: &Row) -> Found<Session> {
    Ok(Session {
        org: AgencyId(bytes(row, 0)?),
        dev: DeviceId(bytes(row, 1)?),
        officer: OfficerId(bytes(row, 2)?),
        until: Moment(value(row, 3)?),
    })
}

/// `org, officer, until, used`.
pub(super) fn code(row: &Row) -> Found<Code> {
    let (org, officer): (Option<&[u8]>, Option<&[u8]>) = (value(row, 0)?, value(row, 1)?);
    let of = org.zip(officer).map(|(org, officer)| {
        Ok::<_, StorageFault>((AgencyId(exactly(org)?), OfficerId(exactly(officer)?)))
    });
    let used: Option<&[u8]> = value(row, 3)?;
    let used: Option<Hash> = used.map(exactly).transpose()?;
    Ok(Code { of: of.transpose()?, until: Moment(value(row, 2)?), used })
}
