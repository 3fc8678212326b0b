//! What one server says to another: one signed bag, the same bytes over the line and on a stick.
//!
//! A seal binds the bytes to who says them and to whom they are for. What is in a bag may come
//! twice, late or in any order: nothing of it has a second effect.
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use register::{
    ATTACHMENTS_MAX, BlobId, CODES_MAX, COMMAND_BYTES_MAX, HEIRS_MAX, Listed, Matter, Moment, Post,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::wire::{BLOB_BYTES_MAX, Hex, Hex32, Hex64, PartHashes, PartMarks};

/// The form of a bag.
pub const BAG_FORM: u16 = 1;
/// Bytes of a bag, unpacked.
pub const BAG_BYTES_MAX: usize = 4 << 20;
/// Matters in one bag.
pub const BAG_POSTS_MAX: usize = 200;
/// Bytes of one matter: the server that gets it writes it into a command of its own.
pub const POST_BYTES_MAX: usize = COMMAND_BYTES_MAX - 4096;
/// Bytes of all matters of a bag; one that would go beyond waits for the next.
pub const BAG_POSTS_BYTES_MAX: usize = 2 << 20;
/// Agencies that one bag lists.
pub const BAG_LISTED_MAX: usize = 500;
/// Characters of a name or a code in such a list.
pub const LISTED_CHARS_MAX: usize = 250;
/// Files that one matter may name.
const FILES_MAX: usize = ATTACHMENTS_MAX;
/// The header of a call between servers, and of its answer.
pub const SEAL_HEADER: &str = "x-peer";

const SEAL_DOMAIN: &[u8] = b"vanthu/peer/1\0";
const BAG_DOMAIN: &[u8] = b"vanthu/peer-bag/1\0";
const PARTS_DOMAIN: &[u8] = b"vanthu/peer-parts/1\0";
const SEAL_PARTS: usize = 4;

/// Who says some bytes to whom. Checked before the bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The key of the server that says it.
    pub from: Hex32,
    /// The key of the server it is for.
    pub to: Hex32,
    /// What is said, by its hash: [`bag_hash`] or [`parts_hash`].
    pub hash: Hex32,
    /// By the first key, over the domain `vanthu/peer/1`, both keys and the hash.
    pub sig: Hex64,
}

/// The bytes behind a seal.
pub fn seal_bytes(from: &Hex32, to: &Hex32, hash: &Hex32) -> Vec<u8> {
    let mut bytes = SEAL_DOMAIN.to_vec();
    for part in [from, to, hash] {
        bytes.extend_from_slice(&part.0);
    }
    bytes
}

/// What a bag is named by.
pub fn bag_hash(raw: &[u8]) -> Hex32 {
    Hex(Sha256::new().chain_update(BAG_DOMAIN).chain_update(raw).finalize().into())
}

/// What parts of a file are named by: which file, which bytes of it, and what they are.
pub fn parts_hash(
    blob: BlobId,
    (from, bytes, size): (u64, u64, u64),
    hashes: &PartHashes,
) -> Hex32 {
    let mut hash = Sha256::new().chain_update(PARTS_DOMAIN).chain_update(blob.0);
    for number in [from, bytes, size] {
        hash.update(number.to_be_bytes());
    }
    hash.update(alloc::format!("{hashes}"));
    Hex(hash.finalize().into())
}

/// Why what came from another server is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerFault {
    /// Over a limit.
    TooLarge,
    /// Not what this program writes.
    Unreadable,
    /// It is for another server.
    NotForUs,
    /// The signature is not that of who is said to say it, or the bytes were changed.
    BadSignature,
}

impl fmt::Display for PeerFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            PeerFault::TooLarge => "it is over its limit",
            PeerFault::Unreadable => "it is not what this version can read",
            PeerFault::NotForUs => "it is for another server",
            PeerFault::BadSignature => "it is not signed by who is said to say it",
        })
    }
}

impl core::error::Error for PeerFault {}

impl fmt::Display for Seal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}.{}", self.from, self.to, self.hash, self.sig)
    }
}

impl Seal {
    /// Reads the header; none when it is not one.
    pub fn parse(text: &str) -> Option<Seal> {
        let mut parts = text.splitn(SEAL_PARTS, '.');
        let (from, to, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let sig = Hex64::parse(parts.next()?)?;
        let (from, to) = (Hex32::parse(from)?, Hex32::parse(to)?);
        Some(Seal { from, to, hash: Hex32::parse(hash)?, sig })
    }

    /// Whether who is said to say it has signed it, for this server.
    ///
    /// # Errors
    /// [`PeerFault::NotForUs`], [`PeerFault::BadSignature`].
    pub fn check(&self, ours: &Hex32) -> Result<(), PeerFault> {
        if self.to != *ours {
            return Err(PeerFault::NotForUs);
        }
        let bytes = seal_bytes(&self.from, &self.to, &self.hash);
        let sig = Signature::from_bytes(&self.sig.0);
        VerifyingKey::from_bytes(&self.from.0)
            .and_then(|key| key.verify_strict(&bytes, &sig))
            .map_err(|_| PeerFault::BadSignature)
    }
}

/// A bag as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedBag {
    /// Who says it to whom.
    pub seal: Seal,
    /// The JSON text of a [`Bag`], as it was signed.
    pub raw: String,
}

/// How far one server knows the other's agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Knows {
    /// The life of the other in which that was; 0 where nothing was heard of it.
    pub life: u32,
    /// The version of its directory.
    pub upto: u64,
}

/// The agencies that live on a server, as far as they were listed anew between two versions of its
/// directory.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Listing {
    /// The version before.
    pub above: u64,
    /// The version after.
    pub upto: u64,
    /// The entries.
    #[serde(default)]
    pub entries: Vec<Listed>,
}

/// A matter in a bag.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostSent {
    /// The name of the matter at who says it.
    pub id: Hex<16>,
    /// The JSON text of a [`Post`]: one that cannot be read is refused alone.
    pub post: Box<RawValue>,
}

/// A file that a document lacks where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// The file.
    pub blob: BlobId,
    /// Its bytes.
    pub size: u64,
    /// The parts that are there.
    #[serde(default)]
    pub have: PartMarks,
}

/// What became of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "became")]
pub enum Became {
    /// The log there knows it, since now or before: it is durable.
    Entered,
    /// It waits for these files.
    Lacks {
        /// They.
        files: Vec<Lack>,
    },
    /// It is not taken as it is.
    Refused {
        /// Why.
        why: NotTaken,
    },
}

/// Why a matter is not taken. It may be once somebody has put that right, so it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTaken {
    /// The agency that is said to say it does not live on that server, as far as is known here.
    NotYours,
    /// The agency it is for does not live here.
    NotHere,
    /// It cannot be read, or says of itself what is not so.
    Unreadable,
    /// It names files, and this server keeps none.
    NoFiles,
    /// Something broke while it was entered.
    Broken,
}

/// What became of one matter, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The name of the matter at who said it.
    pub id: Hex<16>,
    /// What.
    #[serde(flatten)]
    pub became: Became,
}

/// What one server says to another. A question and its answer have the same form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bag {
    /// [`BAG_FORM`].
    pub v: u16,
    /// The life of who says it; it rises when that server was set back from a copy.
    pub life: u32,
    /// How far its logs had come when this life began: what it was told later it may not know.
    pub back_to: Moment,
    /// When it was packed, by its clock.
    pub at: Moment,
    /// The bag that is answered, by its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Hex32>,
    /// How far it knows the agencies of the other.
    #[serde(default)]
    pub knows: Knows,
    /// Its own agencies.
    #[serde(default)]
    pub listing: Listing,
    /// What its logs say.
    #[serde(default)]
    pub posts: Vec<PostSent>,
    /// What became of what the other said.
    #[serde(default)]
    pub done: Vec<Done>,
}

/// Writes a bag once and for all.
///
/// # Errors
/// [`PeerFault::TooLarge`].
pub fn write_bag(bag: &Bag) -> Result<String, PeerFault> {
    let raw = serde_json::to_string(bag).map_err(|_| PeerFault::Unreadable)?;
    if raw.len() > BAG_BYTES_MAX { Err(PeerFault::TooLarge) } else { Ok(raw) }
}

/// Writes a matter.
///
/// # Errors
/// [`PeerFault::TooLarge`] when the other server could not write it into its log.
pub fn write_post(post: &Post) -> Result<Box<RawValue>, PeerFault> {
    let text = serde_json::to_string(post).map_err(|_| PeerFault::Unreadable)?;
    if text.len() > POST_BYTES_MAX {
        return Err(PeerFault::TooLarge);
    }
    RawValue::from_string(text).map_err(|_| PeerFault::Unreadable)
}

/// Reads a matter. What it says of itself is so: a document comes from the agency whose log says
/// it, and each of its files has a size that a file may have.
///
/// # Errors
/// [`PeerFault::TooLarge`], [`PeerFault::Unreadable`].
pub fn read_post(sent: &PostSent) -> Result<Post, PeerFault> {
    if sent.post.get().len() > POST_BYTES_MAX {
        return Err(PeerFault::TooLarge);
    }
    let post: Post = serde_json::from_str(sent.post.get()).map_err(|_| PeerFault::Unreadable)?;
    let is_so = match &post.matter {
        Matter::Deliver(delivery) => {
            let files = &delivery.letter.files;
            let fits = |size| (1..=BLOB_BYTES_MAX).contains(&size);
            delivery.from.agency == post.from
                && files.len() <= FILES_MAX
                && files.iter().all(|file| fits(file.size))
        }
        Matter::Chase(_) | Matter::Recall(_) | Matter::Receipt(_) => true,
    };
    if is_so && post.from != post.to { Ok(post) } else { Err(PeerFault::Unreadable) }
}

impl SealedBag {
    /// Reads a bag that is for the server of this key.
    ///
    /// # Errors
    /// Whatever is not as it was signed, and what is beyond its limits.
    pub fn open(&self, ours: &Hex32) -> Result<Bag, PeerFault> {
        if self.raw.len() > BAG_BYTES_MAX {
            return Err(PeerFault::TooLarge);
        }
        self.seal.check(ours)?;
        if bag_hash(self.raw.as_bytes()) != self.seal.hash {
            return Err(PeerFault::BadSignature);
        }
        let bag: Bag = serde_json::from_str(&self.raw).map_err(|_| PeerFault::Unreadable)?;
        let few = bag.posts.len() <= BAG_POSTS_MAX
            && bag.done.len() <= BAG_POSTS_MAX
            && bag.listing.entries.len() <= BAG_LISTED_MAX;
        if !few {
            return Err(PeerFault::TooLarge);
        }
        let names: BTreeSet<[u8; 16]> = bag.posts.iter().map(|sent| sent.id.0).collect();
        let is_so = bag.v == BAG_FORM && names.len() == bag.posts.len();
        if is_so { Ok(bag) } else { Err(PeerFault::Unreadable) }
    }
}

/// An entry as another server may list it: cut to what an entry may have, and never of two minds.
pub fn fair(listed: &Listed) -> Option<Listed> {
    let short = |text: &String| text.chars().count() <= LISTED_CHARS_MAX;
    let texts = [&listed.name, &listed.code, &listed.unit, &listed.parent];
    let fits = texts.into_iter().all(short)
        && listed.codes_before.iter().all(short)
        && listed.codes_before.len() <= CODES_MAX
        && listed.heirs.len() <= HEIRS_MAX
        && !listed.name.trim().is_empty()
        && !listed.heirs.contains(&listed.id);
    fits.then(|| Listed { on_exchange: true, ..listed.to_owned() })
}
