//! The log of one agency as a file of lines: everything needed to check it somewhere else.
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use register::{
    AgencyId, BlobId, BookId, CommandId, DeviceId, DocumentId, Key, Moment, OfficerId, ParcelId,
    PublicKey, StatementId,
};
use sync::wire::{Hex, Hex32, Hex64};
use sync::{Envelope, Hash, VerifyingKey, decode};

use crate::fault::StorageFault;
use crate::identity::Identity;
use crate::storage::{
    BlobUse, Code, DeviceKey, Entry, Found, Histories, Home, OnBlobUse, OnEntry, OnHistory,
    OnState, OnTouched, Org, Out, Reading, Session, Span, StatementKept, Storage, Waits, Whither,
    looked_up,
};
use crate::verify::{Verified, verify_log};

/// The form of the file.
const FORM: &str = "vanthu/log/1";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    form: String,
    /// The agency.
    pub org: AgencyId,
    /// The life of the server.
    pub epoch: u32,
    /// The last entry.
    pub head: u64,
    /// Its hash.
    pub hash: Hex32,
    /// The server's word for it, as clients have it.
    pub sig: Hex64,
    /// The server's key.
    pub server: Hex32,
    /// The server's name in the log.
    pub server_dev: DeviceId,
    /// Every key that may have signed.
    pub keys: Vec<ExportKey>,
}

/// The key of an officer on a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportKey {
    dev: DeviceId,
    officer: OfficerId,
    public: Hex32,
}

/// Every other line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ExportEntry {
    seq: u64,
    at: Moment,
    outcome: String,
    aud: String,
    raw: String,
    sig: Hex64,
    hash: Hex32,
}

/// Why there is no export, or none that can be read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum ExportFault {
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
    #[error("the file failed")]
    Io(#[from] io::Error),
    #[error("there is no such agency")]
    NoAgency,
    #[error("line {line} is not one of an export")]
    Line { line: usize },
    #[error("the end of the log is not signed by the server")]
    Unsigned,
}

/// Writes the log of one agency; tells how many entries.
///
/// # Errors
/// Faults of the storage and of the file; an agency that is not there.
pub fn export(
    storage: &dyn Storage,
    identity: &Identity,
    org: AgencyId,
    to: &mut dyn Write,
) -> Result<u64, ExportFault> {
    looked_up(storage, |reading| {
        let org = reading.org(org)?.ok_or(ExportFault::NoAgency)?;
        let head = head_of(reading, identity, &org)?;
        line(to, &head)?;
        let mut broke = None;
        reading.entries(org.id, 1, &mut |entry| match line(to, &line_of(entry)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                broke = Some(fault);
                ControlFlow::Break(())
            }
        })?;
        broke.map_or(Ok(org.head), |fault| Err(fault.into()))
    })
}

fn head_of(reading: &dyn Reading, identity: &Identity, org: &Org) -> Found<ExportHead> {
    let mut devices = BTreeMap::new();
    reading.entries(org.id, 1, &mut |entry| {
        devices.insert(entry.dev, ());
        ControlFlow::Continue(())
    })?;
    let mut keys = Vec::new();
    for dev in devices.into_keys() {
        for key in reading.keys(org.id, dev)? {
            let DeviceKey { dev, officer, public, .. } = key;
            keys.push(ExportKey { dev, officer, public: Hex(public.0) });
        }
    }
    let signed = identity.sign_head(org);
    Ok(ExportHead {
        form: FORM.to_owned(),
        org: org.id,
        epoch: org.epoch,
        head: org.head,
        hash: signed.head.hash,
        sig: signed.sig,
        server: identity.public_hex(),
        server_dev: identity.dev,
        keys,
    })
}

fn line_of(entry: Entry) -> ExportEntry {
    ExportEntry {
        seq: entry.seq,
        at: entry.at,
        outcome: entry.eff,
        aud: entry.aud,
        raw: String::from_utf8_lossy(&entry.envelope.raw).into_owned(),
        sig: Hex(entry.envelope.sig),
        hash: Hex(entry.hash),
    }
}

fn line<T: Serialize>(to: &mut dyn Write, line: &T) -> io::Result<()> {
    let mut text = serde_json::to_vec(line).map_err(io::Error::other)?;
    text.push(b'\n');
    to.write_all(&text)
}

/// Checks an export: the chain, every signature, every verdict judged again, and the server's word
/// for the end. Whose key the server's is, the reader must know.
///
/// # Errors
/// A file that is no export; what is merely wrong is in the answer.
pub fn verify_export(from: &mut dyn BufRead) -> Result<(ExportHead, Verified), ExportFault> {
    let mut lines = from.lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let head: ExportHead =
        serde_json::from_str(&first).map_err(|_| ExportFault::Line { line: 1 })?;
    if head.form != FORM {
        return Err(ExportFault::Line { line: 1 });
    }
    let mut entries = Vec::new();
    for (at, text) in lines.enumerate() {
        let not_one = |_| ExportFault::Line { line: at + 2 };
        let line: ExportEntry = serde_json::from_str(&text?).map_err(not_one)?;
        entries.push(entry_of(line).ok_or(ExportFault::Line { line: at + 2 })?);
    }
    let server = VerifyingKey::from_bytes(&head.server.0).map_err(|_| ExportFault::Unsigned)?;
    let bytes = sync::wire::head_bytes(head.org, head.epoch, head.head, &head.hash.0);
    if !crate::identity::is_signed(&head.server.0, &bytes, &head.sig.0) {
        return Err(ExportFault::Unsigned);
    }
    let org = Org {
        id: head.org,
        head: head.head,
        hash: head.hash.0,
        epoch: head.epoch,
        head0: 0,
        durable: 0,
    };
    let exported = Exported { entries, keys: head.keys.clone() };
    let verified = verify_log(&exported, (server, head.server_dev), org)?;
    Ok((head, verified))
}

fn entry_of(line: ExportEntry) -> Option<Entry> {
    let command = decode(line.raw.as_bytes()).ok()?;
    Some(Entry {
        seq: line.seq,
        at: line.at,
        dev: command.dev,
        n: command.n,
        id: command.id,
        actor: command.actor,
        envelope: Envelope { raw: line.raw.into_bytes(), sig: line.sig.0 },
        eff: line.outcome,
        aud: line.aud,
        hash: line.hash.0,
    })
}

/// An export as something to read from: a log and keys, and nothing else.
struct Exported {
    entries: Vec<Entry>,
    keys: Vec<ExportKey>,
}

impl Reading for Exported {
    fn orgs(&self) -> Found<Vec<AgencyId>> {
        Ok(Vec::new())
    }

    fn org(&self, _: AgencyId) -> Found<Option<Org>> {
        Ok(None)
    }

    fn last_n(&self, _: AgencyId, _: DeviceId) -> Found<u64> {
        Ok(0)
    }

    fn entry_of(&self, _: AgencyId, _: DeviceId, _: u64) -> Found<Option<Entry>> {
        Ok(None)
    }

    fn said_of(&self, _: AgencyId, _: CommandId) -> Found<Option<String>> {
        Ok(None)
    }

    fn entries(&self, _: AgencyId, from: u64, on_entry: OnEntry<'_>) -> Found<()> {
        for entry in self.entries.iter().filter(|entry| entry.seq >= from) {
            if on_entry(entry.clone()).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn entries_of(&self, _: AgencyId, _: Key, _: u64, _: OnTouched<'_>) -> Found<()> {
        Ok(())
    }

    fn histories(&self, _: AgencyId) -> Found<Option<Histories>> {
        Ok(None)
    }

    fn history(&self, _: AgencyId, _: Key, _: u64) -> Found<Option<String>> {
        Ok(None)
    }

    fn all_histories(&self, _: AgencyId, _: OnHistory<'_>) -> Found<()> {
        Ok(())
    }

    fn all_blob_uses(&self, _: AgencyId, _: OnBlobUse<'_>) -> Found<()> {
        Ok(())
    }

    fn blob_uses(&self, _: AgencyId, _: BlobId) -> Found<Vec<BlobUse>> {
        Ok(Vec::new())
    }

    fn state(&self, _: AgencyId, _: Key, _: OnState<'_>) -> Found<()> {
        Ok(())
    }

    fn states(&self, _: AgencyId, _: Span, _: OnState<'_>) -> Found<()> {
        Ok(())
    }

    fn number(&self, _: AgencyId, _: BookId, _: i16, _: u32) -> Found<Option<Key>> {
        Ok(None)
    }

    fn reference(&self, _: AgencyId, _: i16, _: &str) -> Found<Option<DocumentId>> {
        Ok(None)
    }

    fn waiting(&self, _: AgencyId, _: BookId, _: u32) -> Found<Vec<Key>> {
        Ok(Vec::new())
    }

    fn keys(&self, _: AgencyId, dev: DeviceId) -> Found<Vec<DeviceKey>> {
        let of = self.keys.iter().filter(|key| key.dev == dev);
        Ok(of
            .map(|key| DeviceKey {
                dev,
                officer: key.officer,
                public: PublicKey(key.public.0),
                pending: None,
            })
            .collect())
    }

    fn all_keys(&self, _: AgencyId) -> Found<Vec<DeviceKey>> {
        Ok(Vec::new())
    }

    fn pending_keys(&self, _: AgencyId, _: OfficerId) -> Found<Vec<DeviceKey>> {
        Ok(Vec::new())
    }

    fn outs(&self, _: Whither, _: Moment, _: u32) -> Found<Vec<Out>> {
        Ok(Vec::new())
    }

    fn next_out(&self, _: Whither) -> Found<Option<Moment>> {
        Ok(None)
    }

    fn out(&self, _: &[u8; 16]) -> Found<Option<Out>> {
        Ok(None)
    }

    fn out_names(&self, _: PublicKey, _: u32) -> Found<Vec<[u8; 16]>> {
        Ok(Vec::new())
    }

    fn waits(&self) -> Found<Vec<Waits>> {
        Ok(Vec::new())
    }

    fn peers(&self) -> Found<Vec<(PublicKey, String)>> {
        Ok(Vec::new())
    }

    fn releases(&self) -> Found<Vec<(String, String)>> {
        Ok(Vec::new())
    }

    fn program(&self, _: AgencyId, _: DeviceId) -> Found<Option<String>> {
        Ok(None)
    }

    fn programs(&self) -> Found<Vec<(AgencyId, DeviceId, String)>> {
        Ok(Vec::new())
    }

    fn peer(&self, _: PublicKey) -> Found<Option<String>> {
        Ok(None)
    }

    fn homes(&self) -> Found<Vec<Home>> {
        Ok(Vec::new())
    }

    fn homes_of(&self, _: AgencyId) -> Found<Vec<Home>> {
        Ok(Vec::new())
    }

    fn outs_of(&self, _: AgencyId, _: ParcelId) -> Found<Vec<Out>> {
        Ok(Vec::new())
    }

    fn unfetched(&self, _: AgencyId, _: u64, _: u32) -> Found<Vec<(u64, ParcelId)>> {
        Ok(Vec::new())
    }

    fn listed(&self, _: u64, _: u32) -> Found<Vec<(u64, String)>> {
        Ok(Vec::new())
    }

    fn listed_of(&self, _: AgencyId) -> Found<Option<String>> {
        Ok(None)
    }

    fn listed_head(&self) -> Found<u64> {
        Ok(0)
    }

    fn keepers(&self) -> Found<Vec<(AgencyId, Moment)>> {
        Ok(Vec::new())
    }

    fn statements(&self, _: u64, _: u32) -> Found<Vec<StatementKept>> {
        Ok(Vec::new())
    }

    fn statement(&self, _: StatementId) -> Found<Option<StatementKept>> {
        Ok(None)
    }

    fn last_statement(&self, _: AgencyId) -> Found<Option<StatementKept>> {
        Ok(None)
    }

    fn statement_head(&self) -> Found<u64> {
        Ok(0)
    }

    fn session(&self, _: &Hash) -> Found<Option<Session>> {
        Ok(None)
    }

    fn code(&self, _: &Hash) -> Found<Option<Code>> {
        Ok(None)
    }

    fn all_codes(&self) -> Found<Vec<(Hash, Code)>> {
        Ok(Vec::new())
    }
}
