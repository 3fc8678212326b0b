//! Evidence for one parcel: what anybody can check on any PC, with no network and no server.
//!
//! It holds the entries of the sender's log that made the document, sent it and told what became of
//! it, whole; of every other entry up to the end only the hash that stands in the chain; and the
//! server's signature over that end. Nothing it says is taken from beside the signed bytes.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use register::{
    Act, AgencyId, Attachment, BlobId, Command, DeviceId, DocumentId, Moment, OfficerId, Outcome,
    OutgoingField, ParcelId, PublicKey, Receipt,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{Hash, Link, link_digest};
use crate::envelope::{Envelope, decode, verify};
use crate::wire::{Hex32, Hex64, Stamp, head_bytes};

/// The form of the file.
pub const EVIDENCE_FORM: &str = "vanthu/evidence/1";
/// How every form begins.
const EVIDENCE_FAMILY: &str = "vanthu/evidence/";
/// Entries from the first of a document to the end of the log: three years of a busy agency.
pub const EVIDENCE_LINKS_MAX: usize = 500_000;
/// Bytes of a file of evidence.
pub const EVIDENCE_BYTES_MAX: usize = 64 << 20;
/// What stands before the bytes with which a server vouches for a key.
const KEY_DOMAIN: &[u8] = b"vanthu/evidence-key/1\0";

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// [`EVIDENCE_FORM`].
    pub form: String,
    /// The agency that sent.
    pub org: AgencyId,
    /// The life of its server.
    pub epoch: u32,
    /// The parcel.
    pub parcel: ParcelId,
    /// The key of the server.
    pub server: Hex32,
    /// Keys of those who signed, each vouched for by the server.
    pub keys: Vec<EvidenceKey>,
    /// The place of the first entry.
    pub from: u64,
    /// The hash of the chain before it.
    pub before: Hex32,
    /// Every entry from there to the end.
    pub links: Vec<EvidenceLink>,
    /// The server's word for the end.
    pub sig: Hex64,
}

/// The key of an officer on a PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceKey {
    /// The PC.
    pub dev: DeviceId,
    /// Whose.
    pub officer: OfficerId,
    /// What people call him.
    pub name: String,
    /// The public half.
    pub public: PublicKey,
    /// The server's word for all of this.
    pub sig: Hex64,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EvidenceLink {
    /// One that is about something else: only what stands in the chain.
    Other(Hex32),
    /// One that is about the document or the parcel.
    Whole(WholeEntry),
}

/// An entry, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WholeEntry {
    /// When the server took it in.
    pub at: Moment,
    /// What it said, as the text in the chain.
    pub said: String,
    /// The signed bytes.
    pub raw: String,
    /// Their signature.
    pub sig: Hex64,
}

/// What the evidence proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The server's key: who believes the rest believes this one.
    pub server: Hash,
    /// The document.
    pub document: DocumentId,
    /// Its subject when it was sent.
    pub subject: String,
    /// Its number, where an entry here gave it.
    pub number: Option<u32>,
    /// Its files when it was sent.
    pub files: Vec<Attachment>,
    /// To whom, when, by whom, and the entry.
    pub sent: Sent,
    /// What was told of it, in the order of the log, with the entry.
    pub receipts: Vec<(u64, Receipt)>,
    /// The last entry that the server has signed for.
    pub head: u64,
}

/// That it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The name of the agency.
    pub to: String,
    /// Its code then.
    pub code: String,
    /// When the PC says it was.
    pub at: Moment,
    /// When the server took it in.
    pub taken_at: Moment,
    /// By whom.
    pub by: String,
    /// The entry.
    pub seq: u64,
}

/// Why it proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceFault {
    /// Not a file of evidence.
    Form,
    /// It ends in the middle.
    Cut,
    /// A newer program wrote it, in a form this one does not know.
    Newer,
    /// More entries than one file may have.
    TooLong,
    /// The server's key is no key.
    ServerKey,
    /// The end is not what the server signed: something was changed, left out or moved.
    Chain,
    /// The server does not vouch for a key.
    Key,
    /// The entry of this place is not signed by who it says.
    Signature(u64),
    /// The entry of this place cannot be read, or is of another agency.
    Entry(u64),
    /// No entry sends this parcel.
    NotSent,
}

impl fmt::Display for EvidenceFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvidenceFault::Form => out.write_str("not a file of evidence"),
            EvidenceFault::Cut => out.write_str("the file ends in the middle"),
            EvidenceFault::Newer => out.write_str("a newer program wrote it"),
            EvidenceFault::TooLong => out.write_str("more entries than one file may have"),
            EvidenceFault::ServerKey => out.write_str("the server's key is no key"),
            EvidenceFault::Chain => out.write_str("the end is not what the server signed"),
            EvidenceFault::Key => out.write_str("the server does not vouch for a key"),
            EvidenceFault::Signature(seq) => write!(out, "entry {seq} is signed by nobody known"),
            EvidenceFault::Entry(seq) => write!(out, "entry {seq} cannot be read"),
            EvidenceFault::NotSent => out.write_str("no entry sends this parcel"),
        }
    }
}

impl core::error::Error for EvidenceFault {}

/// The bytes with which a server vouches for the key of an officer on a PC.
pub fn key_bytes(org: AgencyId, key: &EvidenceKey) -> Vec<u8> {
    let mut bytes = Vec::from(KEY_DOMAIN);
    bytes.extend_from_slice(&org.0);
    bytes.extend_from_slice(&key.dev.0);
    bytes.extend_from_slice(&key.officer.0);
    bytes.extend_from_slice(&key.public.0);
    bytes.extend_from_slice(key.name.as_bytes());
    bytes
}

/// Checks a file of evidence from its bytes.
///
/// # Errors
/// The first thing that is wrong; then nothing in it is proven.
pub fn check(bytes: &[u8]) -> Result<Proven, EvidenceFault> {
    if bytes.len() > EVIDENCE_BYTES_MAX {
        return Err(EvidenceFault::TooLong);
    }
    let evidence: Evidence =
        serde_json::from_slice(bytes).map_err(|fault| misread(bytes, &fault))?;
    if evidence.form != EVIDENCE_FORM {
        return Err(other_form(&evidence.form));
    }
    if evidence.from == 0 {
        return Err(EvidenceFault::Form);
    }
    if evidence.links.len() > EVIDENCE_LINKS_MAX {
        return Err(EvidenceFault::TooLong);
    }
    let server = key_of(&evidence.server.0).ok_or(EvidenceFault::ServerKey)?;
    let head = chained(&evidence, &server)?;
    let keys = keys(&evidence, &server)?;
    let mut story = Story::default();
    for (seq, entry) in whole(&evidence) {
        let command = signed(&evidence, (seq, entry), &keys, &server)?;
        story.read(&evidence, (seq, entry), &command)?;
    }
    story.told(&evidence, head, &keys)
}

/// Why bytes are no evidence that can be read.
fn misread(bytes: &[u8], fault: &serde_json::Error) -> EvidenceFault {
    if fault.is_eof() {
        return EvidenceFault::Cut;
    }
    #[derive(Deserialize)]
    struct Formed {
        form: String,
    }
    serde_json::from_slice::<Formed>(bytes)
        .map_or(EvidenceFault::Form, |formed| other_form(&formed.form))
}

/// Another form than ours may be one to come, or none of evidence.
fn other_form(form: &str) -> EvidenceFault {
    let newer = form != EVIDENCE_FORM && form.starts_with(EVIDENCE_FAMILY);
    if newer { EvidenceFault::Newer } else { EvidenceFault::Form }
}

fn key_of(bytes: &Hash) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(bytes).ok()
}

fn whole(evidence: &Evidence) -> impl Iterator<Item = (u64, &WholeEntry)> {
    (evidence.from..).zip(&evidence.links).filter_map(|(seq, link)| match link {
        EvidenceLink::Whole(entry) => Some((seq, entry)),
        EvidenceLink::Other(_) => None,
    })
}

fn envelope(entry: &WholeEntry) -> Envelope {
    Envelope { raw: entry.raw.as_bytes().to_vec(), sig: entry.sig.0 }
}

/// Walks the chain to its end, which the server has signed; says how long the log was then.
fn chained(evidence: &Evidence, server: &VerifyingKey) -> Result<u64, EvidenceFault> {
    let mut hash = evidence.before.0;
    let mut seq = evidence.from - 1;
    for link in &evidence.links {
        seq = seq.checked_add(1).ok_or(EvidenceFault::Form)?;
        let digest = match link {
            EvidenceLink::Other(digest) => digest.0,
            EvidenceLink::Whole(entry) => {
                let outcome = stamp(seq, entry)?.outcome;
                let at = entry.at.0;
                let eff = entry.said.as_bytes();
                let link = Link { seq, at, outcome: outcome.word(), eff };
                link_digest(link, &envelope(entry))
            }
        };
        let mut chained = Sha256::new();
        chained.update(hash);
        chained.update(digest);
        hash = chained.finalize().into();
    }
    let bytes = head_bytes(evidence.org, evidence.epoch, seq, &hash);
    let sig = Signature::from_bytes(&evidence.sig.0);
    server.verify_strict(&bytes, &sig).map_err(|_| EvidenceFault::Chain)?;
    Ok(seq)
}

fn stamp(seq: u64, entry: &WholeEntry) -> Result<Stamp, EvidenceFault> {
    serde_json::from_str(&entry.said).map_err(|_| EvidenceFault::Entry(seq))
}

type Keys = BTreeMap<(DeviceId, OfficerId), Vec<(VerifyingKey, String)>>;

fn keys(evidence: &Evidence, server: &VerifyingKey) -> Result<Keys, EvidenceFault> {
    let mut keys = Keys::new();
    for key in &evidence.keys {
        let sig = Signature::from_bytes(&key.sig.0);
        let vouched = server.verify_strict(&key_bytes(evidence.org, key), &sig);
        vouched.map_err(|_| EvidenceFault::Key)?;
        let public = key_of(&key.public.0).ok_or(EvidenceFault::Key)?;
        let of = keys.entry((key.dev, key.officer)).or_default();
        of.push((public, key.name.clone()));
    }
    Ok(keys)
}

fn signed(
    evidence: &Evidence,
    (seq, entry): (u64, &WholeEntry),
    keys: &Keys,
    server: &VerifyingKey,
) -> Result<Command, EvidenceFault> {
    let command = decode(entry.raw.as_bytes()).map_err(|_| EvidenceFault::Entry(seq))?;
    if command.org != evidence.org {
        return Err(EvidenceFault::Entry(seq));
    }
    let envelope = envelope(entry);
    let by_server = command.act.is_post() || matches!(command.act, Act::GiveNumber { .. });
    let known = keys.get(&(command.dev, command.actor));
    let by_officer =
        known.is_some_and(|keys| keys.iter().any(|(key, _)| verify(&envelope, key).is_ok()));
    // What other logs tell stands here by the server's hand only.
    let right = match command.act.is_post() {
        true => verify(&envelope, server).is_ok(),
        false => by_officer || by_server && verify(&envelope, server).is_ok(),
    };
    if right { Ok(command) } else { Err(EvidenceFault::Signature(seq)) }
}

/// What the entries tell, as far as they were read.
#[derive(Default)]
struct Story {
    subject: String,
    number: Option<u32>,
    files: Vec<Attachment>,
    /// The document as it was when the parcel was sent.
    sent: Option<(SentSoFar, DocumentId)>,
    receipts: Vec<(u64, Receipt)>,
}

struct SentSoFar {
    sent: Sent,
    by: (DeviceId, OfficerId),
    subject: String,
    files: Vec<Attachment>,
}

impl Story {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other acts say nothing of these")]
    fn read(
        &mut self,
        evidence: &Evidence,
        (seq, entry): (u64, &WholeEntry),
        command: &Command,
    ) -> Result<(), EvidenceFault> {
        let stamp = stamp(seq, entry)?;
        if stamp.outcome != Outcome::Ok {
            return Ok(());
        }
        match &command.act {
            Act::Draft { fields, attachments, .. } => {
                self.subject.clone_from(&fields.subject);
                self.files.clone_from(attachments);
            }
            Act::EditOutgoing { field: OutgoingField::Subject, new, .. } => {
                self.subject.clone_from(new);
            }
            Act::Attach { outgoing: true, files, .. } => self.files.extend(files.iter().cloned()),
            Act::Detach { outgoing: true, blob, .. } => self.let_go(*blob),
            Act::RegisterOutgoing { .. } | Act::GiveNumber { outgoing: true, .. } => {
                self.number = stamp.no.or(self.number);
            }
            Act::Issue(issued) => {
                let mut to = issued.to.iter();
                if let Some(to) = to.find(|to| to.parcel == evidence.parcel) {
                    let sent = Sent {
                        to: to.to.name.clone(),
                        code: to.to.code.clone(),
                        at: command.at,
                        taken_at: entry.at,
                        by: String::new(),
                        seq,
                    };
                    let by = (command.dev, command.actor);
                    let (subject, files) = (self.subject.clone(), self.files.clone());
                    let so_far = SentSoFar { sent, by, subject, files };
                    self.sent = Some((so_far, issued.document));
                }
            }
            Act::Receive(receipt) if receipt.parcel == evidence.parcel => {
                self.receipts.push((seq, receipt.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    fn let_go(&mut self, blob: BlobId) {
        self.files.retain(|file| file.blob != blob);
    }

    fn told(self, evidence: &Evidence, head: u64, keys: &Keys) -> Result<Proven, EvidenceFault> {
        let (SentSoFar { mut sent, by, subject, files }, document) =
            self.sent.ok_or(EvidenceFault::NotSent)?;
        let name = keys.get(&by).and_then(|keys| keys.first());
        sent.by = name.map(|(_, name)| name.clone()).unwrap_or_default();
        Ok(Proven {
            server: evidence.server.0,
            document,
            subject,
            number: self.number,
            files,
            sent,
            receipts: self.receipts,
            head,
        })
    }
}
