//! The messages between a PC and the server: JSON both ways, one call in flight (SYNC 2.3).
//!
//! Commands and states travel as the text that was signed or is kept. Fields are only added.
mod blobs;
mod directory;
mod keys;
mod offer;
mod packs;
mod totals;
mod trouble;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use jiff::civil::Date;
use register::{
    AgencyId, CommandId, DeviceId, Key, Moment, OfficerId, Outcome, ReadTo, Recorded, TrailLine,
};

use crate::chain::Hash;
use crate::envelope::{CommandFault, Envelope, SIG_BYTES};

pub use self::blobs::{
    BLOB_BYTES_MAX, BlobStanding, PART_BYTES, PART_HASH_HEADER, PARTS_BYTES_MAX, PartHashes,
    PartMarks, parts_of,
};
pub use self::directory::{
    DirectoryPage, LISTED_AT_ONCE, STATED_AT_ONCE, Stated, StatedAnswer, StatedAsked, StatedBecame,
    StatementSent, StatementsPage,
};
pub use self::keys::{key_of, key_text};
pub use self::offer::{Offer, Witness};
pub use self::packs::{PACK_BYTES, PACK_HEADER, PACK_NAME, PACKED_MARK};
pub use self::totals::{Total, Totals, total_hash};
pub use self::trouble::Trouble;

/// Version of these messages; the server speaks this one and the one before it.
pub const PROTOCOL: u16 = 1;
/// Version of the stored form of states.
pub const STATE_FORM: u16 = 1;
/// Commands one call may carry.
pub const PUSHED_MAX: usize = 200;
/// Bytes of one body, unpacked.
pub const BODY_BYTES_MAX: usize = 16 << 20;
/// Bytes of one body as it travels.
pub const PACKED_BYTES_MAX: usize = 1 << 20;
/// States one answer may carry; a page ends on a whole number of the log all the same.
pub const STATES_MAX: u32 = 5000;
/// Seconds a wait for news may last.
pub const WAIT_SECONDS_MAX: u64 = 50;

/// Bytes that travel as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

/// A public key or a hash.
pub type Hex32 = Hex<32>;
/// A signature.
pub type Hex64 = Hex<SIG_BYTES>;

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Digits<const N: usize>;
        impl<const N: usize> de::Visitor<'_> for Digits<N> {
            type Value = Hex<N>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{} hexadecimal digits", N * 2)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Hex<N>, E> {
                Hex::parse(text).ok_or_else(|| E::custom("not the hexadecimal digits"))
            }
        }
        from.deserialize_str(Digits)
    }
}

impl<const N: usize> Hex<N> {
    /// Reads the digits.
    pub fn parse(text: &str) -> Option<Hex<N>> {
        if text.len() != N * 2 {
            return None;
        }
        let mut bytes = [0; N];
        for (slot, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = core::str::from_utf8(pair).ok()?;
            // A sign before a digit would be read as a number.
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            *slot = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Hex(bytes))
    }
}

/// A signed command on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// The JSON text that was signed.
    pub raw: String,
    /// Its signature.
    pub sig: Hex64,
    /// What the server said of it before it was set back from a copy (SYNC 2.9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Recorded>>,
}

impl Pushed {
    /// A command as it is kept, made ready to travel.
    ///
    /// # Errors
    /// [`CommandFault::Unreadable`] when the bytes are no text.
    pub fn of(envelope: &Envelope) -> Result<Pushed, CommandFault> {
        let raw = String::from_utf8(envelope.raw.clone()).map_err(|_| CommandFault::Unreadable)?;
        Ok(Pushed { raw, sig: Hex(envelope.sig), before: None })
    }

    /// The bytes and the signature.
    pub fn envelope(&self) -> Envelope {
        Envelope { raw: self.raw.as_bytes().to_vec(), sig: self.sig.0 }
    }
}

/// What the server said of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Accepted, refused for ever, or waiting for a person.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The number it ended with, if it numbers a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<u32>,
    /// The date of that number in the book, which says the year too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What it said before it was set back, for a command that came again (SYNC 2.9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Recorded>>,
}

impl Stamp {
    /// The same as said in a life that is lost.
    pub fn recorded(&self, at: ReadTo) -> Recorded {
        Recorded { at, outcome: self.outcome.clone(), no: self.no, on: self.on }
    }
}

/// The newest end of the log a PC has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last entry; 0 before the first.
    pub seq: u64,
    /// Its hash.
    pub hash: Hex32,
}

/// A head the server stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// The head.
    #[serde(flatten)]
    pub head: Head,
    /// Over the domain `vanthu/head/1`, the agency, the epoch, the number and the hash.
    pub sig: Hex64,
}

/// Which way the first copy of a register is read. It begins with both 0; the cursor stays where it
/// is until the last page, which moves it to the head of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Below {
    /// The head when the first page was read: what came later is read after, upwards.
    pub from_head: u64,
    /// Only states older than this entry are sent, newest first.
    pub below: u64,
}

/// One call: own commands up, states down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SyncAsked {
    /// The life of the server this PC knows; it rises when the server was set back from a copy.
    pub epoch: u32,
    /// The agency.
    pub org: AgencyId,
    /// The PC.
    pub dev: DeviceId,
    /// Version of the program.
    pub app: String,
    /// Lowest and highest form of states it can read.
    pub forms: [u16; 2],
    /// The newest head it has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Head>,
    /// Its own commands, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub push: Vec<Pushed>,
    /// Commands carried for another PC.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relay: Vec<Pushed>,
    /// Every state whose version is not above this one is here.
    pub cursor: u64,
    /// Set while the first copy is read, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Below>,
    /// Bytes of states wanted at most.
    pub max: u32,
    /// What this PC has seen in a life of the server that was lost (SYNC 2.9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Box<Offer>>,
    /// Wants the totals of what it may see, to compare them with what it holds.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub totals: bool,
}

/// What became of one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The PC that signed it.
    pub dev: DeviceId,
    /// Its number there.
    pub n: u64,
    /// The entry.
    pub seq: u64,
    /// What the server says.
    #[serde(flatten)]
    pub stamp: Stamp,
}

/// A command of one's own that cannot be taken as it is. What stands before it was taken, it and
/// what follows was not; the rest of the answer is given all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Its place in [`SyncAsked::push`], from 0.
    pub at: u32,
    /// Its number; where that cannot be read, the number it must have had.
    pub n: u64,
    /// What is wrong with it.
    pub why: StuckWhy,
}

/// Why a command has no place in the log, now or ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StuckWhy {
    /// Over the limit of a command.
    TooLarge,
    /// Not a command this server can read.
    Unreadable,
    /// Of another agency.
    OtherAgency,
    /// Of another PC.
    OtherPc,
    /// No key of its officer on this PC that the server knows has signed it.
    BadSignature,
    /// Another command has its name.
    Twin,
}

/// A state as the server keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StateSent {
    /// The last entry that touched it.
    pub ver: u64,
    /// Its JSON text: a `register::State`, kept as it came.
    pub state: Box<RawValue>,
}

/// A state this PC may no longer see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Which.
    pub of: Key,
    /// Since which entry.
    pub ver: u64,
}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// The life of the server.
    pub epoch: u32,
    /// The end of the log.
    pub head: SignedHead,
    /// The last entry that is known to be in a copy on another machine.
    pub durable: u64,
    /// The server's clock.
    pub now: Moment,
    /// What became of the commands sent, now or before.
    #[serde(default)]
    pub acks: Vec<Ack>,
    /// The highest number of this PC's commands in the log.
    #[serde(default)]
    pub last_n: u64,
    /// The first own command that could not be taken as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Stuck>,
    /// The cursor this answer belongs to.
    pub from: u64,
    /// The cursor after it.
    pub to: u64,
    /// There is more behind it.
    pub more: bool,
    /// Where the first copy goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Below>,
    /// What the call offered from a life that was lost is in the log of this one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub offer_taken: bool,
    /// New values.
    #[serde(default)]
    pub states: Vec<StateSent>,
    /// What is no longer to be seen.
    #[serde(default)]
    pub gone: Vec<Gone>,
    /// The circles this session belongs to, by name. One that was not there before means that older
    /// states are new here: they are read again from cursor 0. One that is gone takes with it what
    /// none of the others may see.
    pub scopes: Vec<String>,
    /// The totals of all states of these circles at the head, where they were asked for and this is
    /// the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Vec<Total>>,
    /// The version of the directory of agencies.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub directory: u64,
    /// Another number each time the releases of the program that the server has, or whom they are
    /// for, are others; 0 where it has none. `GET /v1/release` tells which.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub releases: u64,
}

fn is_zero(version: &u64) -> bool {
    *version == 0
}

/// Asks for something to sign, so that a token is given to the holder of a key only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeAsked {
    /// The agency.
    pub org: AgencyId,
    /// The PC.
    pub dev: DeviceId,
    /// The officer at it.
    pub officer: OfficerId,
}

/// What is to be signed: the domain `vanthu/session/1`, the server's key, and the nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Random, used once.
    pub nonce: Hex32,
    /// The server's key.
    pub server: Hex32,
}

/// The signed challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionAsked {
    /// Who asked for it.
    #[serde(flatten)]
    pub of: ChallengeAsked,
    /// What was signed.
    pub nonce: Hex32,
    /// By the officer's key on this PC.
    pub sig: Hex64,
}

/// A session of one PC and officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionGiven {
    /// Opaque; sent with every call.
    pub token: String,
    /// When it ends.
    pub until: Moment,
    /// The circles it may see.
    pub scopes: Vec<String>,
}

/// A new PC, or a new officer on one, with a code from paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAsked {
    /// The code the administrator printed.
    pub code: String,
    /// The PC's id.
    pub dev: DeviceId,
    /// What the office calls it: `VT-01`.
    pub name: String,
    /// The officer's public key on this PC.
    pub public: Hex32,
    /// Over the domain `vanthu/enrol/1`, the PC and the code.
    pub sig: Hex64,
    /// Who opens a PC that is known already to a further officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
}

/// An officer whose key on this PC is known lets a further one in beside him.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// He.
    pub officer: OfficerId,
    /// By his key on this PC, over the domain `vanthu/beside/1`, the PC, the new key and the code.
    pub sig: Hex64,
}

/// What a new PC is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The agency.
    pub org: AgencyId,
    /// Its name.
    pub name: String,
    /// The officer the code was made for.
    pub officer: OfficerId,
    /// The life of the server.
    pub epoch: u32,
    /// The server's key.
    pub server: Hex32,
}

/// An agency that was founded on one PC comes to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptAsked {
    /// The operator's code for an empty agency.
    pub code: String,
    /// The agency.
    pub org: AgencyId,
    /// The PC it was founded on.
    pub dev: DeviceId,
    /// What the office calls it.
    pub name: String,
    /// The keys with which officers signed on it.
    pub keys: Vec<OfficerKey>,
    /// By the first of the keys, over the domain `vanthu/adopt/1`, agency, PC and code.
    pub sig: Hex64,
}

/// A key of an officer on a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerKey {
    /// Whose.
    pub officer: OfficerId,
    /// The public half.
    pub public: Hex32,
}

/// One entry of the log as it is read again: history, audit, chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySent {
    /// Its number.
    pub seq: u64,
    /// When the server took it in.
    pub at: Moment,
    /// What the server said, as the text that went into the chain.
    pub outcome: String,
    /// The command.
    pub command: Pushed,
    /// The command's name.
    pub id: CommandId,
    /// The hash of the entry.
    pub hash: Hex32,
    /// What the history of the thing that was asked for tells of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailLine>,
}

/// Part of a log as a session may read it: a range of it, or the history of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogAnswer {
    /// The last entry that was looked at; the next question begins behind it.
    pub to: u64,
    /// Those among them that the session may read.
    pub entries: Vec<EntrySent>,
}

/// An administrator asks for a code with which an officer comes to a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAsked {
    /// Who is to come.
    pub officer: OfficerId,
}

/// A code to print; it opens once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeGiven {
    /// Its letters.
    pub code: String,
    /// When it ends.
    pub until: Moment,
    /// The server's key, printed beside it, so that the new PC knows whom it meets.
    pub server: Hex32,
}

/// News: the log has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Its last entry.
    pub head: u64,
}

/// The bytes behind a head's signature.
pub fn head_bytes(org: AgencyId, epoch: u32, seq: u64, hash: &Hash) -> Vec<u8> {
    let mut bytes = Vec::from(*b"vanthu/head/1\0");
    bytes.extend_from_slice(&org.0);
    bytes.extend_from_slice(&epoch.to_be_bytes());
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(hash);
    bytes
}

/// The bytes behind the signature of a session.
pub fn session_bytes(server: &[u8; 32], nonce: &[u8; 32]) -> Vec<u8> {
    let mut bytes = Vec::from(*b"vanthu/session/1\0");
    bytes.extend_from_slice(server);
    bytes.extend_from_slice(nonce);
    bytes
}

/// The bytes behind the signature of a PC that enrols.
pub fn enrol_bytes(dev: DeviceId, code: &str) -> Vec<u8> {
    let mut bytes = Vec::from(*b"vanthu/enrol/1\0");
    bytes.extend_from_slice(&dev.0);
    bytes.extend_from_slice(code.as_bytes());
    bytes
}

/// The bytes behind the signature of who lets a further officer come to his PC.
pub fn beside_bytes(dev: DeviceId, public: &[u8; 32], code: &str) -> Vec<u8> {
    let mut bytes = Vec::from(*b"vanthu/beside/1\0");
    bytes.extend_from_slice(&dev.0);
    bytes.extend_from_slice(public);
    bytes.extend_from_slice(code.as_bytes());
    bytes
}

/// The bytes behind the signature of an agency that is adopted.
pub fn adopt_bytes(org: AgencyId, dev: DeviceId, code: &str) -> Vec<u8> {
    let mut bytes = Vec::from(*b"vanthu/adopt/1\0");
    bytes.extend_from_slice(&org.0);
    bytes.extend_from_slice(&dev.0);
    bytes.extend_from_slice(code.as_bytes());
    bytes
}
