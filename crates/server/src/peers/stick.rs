//! The file on a stick: frames sealed for one server and signed by another, read as they come.
//!
//! A head, then frames of some mebibytes at most, each sealed at its place, then a signature over
//! all of it. Nothing of it is in memory but the frame that is read.
use std::io::{self, Read, Write};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use curve25519_dalek::MontgomeryPoint;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use register::BlobId;
use sync::VerifyingKey;
use sync::peer::{BAG_BYTES_MAX, Seal, SealedBag};
use sync::wire::{Hex, Hex32, PARTS_BYTES_MAX};

use crate::fault::CallError;
use crate::identity::{Identity, is_signed};
use crate::peers::LineFault;

/// Bytes of one file: the largest sticks that are sold for little.
pub const STICK_BYTES_MAX: u64 = 128 << 30;
const MARK: &[u8; 16] = b"vanthu/stick/01\n";
const SHARED_DOMAIN: &[u8] = b"vanthu/stick-key/1\0";
const END_DOMAIN: &[u8] = b"vanthu/stick-end/1\0";
const PREFIX_BYTES: usize = 16;
/// Mark, both keys, the key made for this file, and what its nonces begin with.
const HEAD_BYTES: usize = 16 + 3 * 32 + PREFIX_BYTES;
const TAG_BYTES: usize = 16;
/// Bytes of one frame before it is sealed: a whole bag with its seal, or parts of a file.
const FRAME_BYTES_MAX: usize = BAG_BYTES_MAX + 1024;
const OF_BAG: u8 = 0;
const OF_FILE: u8 = 1;
const OF_BYTES: u8 = 2;
const OF_END: u8 = 3;

/// Why a file was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum StickFault {
    /// The disk.
    #[error("the file on the stick")]
    Disk(#[from] io::Error),
    /// It is not what was written.
    #[error("the file is broken, or was changed")]
    Broken,
    /// It is larger than one may be.
    #[error("the file is over its limit")]
    TooLarge,
    /// It is for another server.
    #[error("the file is for another server")]
    NotForUs,
    /// It is of a server that is not known.
    #[error("the file is of server {0}, which is not known")]
    Stranger(Hex32),
    /// This server has too much under way, or keeps no files.
    #[error("there is no room for the files")]
    NoRoom,
    /// The system's randomness.
    #[error("the system's randomness failed")]
    Randomness,
    /// A file of a document that was to be written.
    #[error("a file that goes to another server")]
    File(#[source] LineFault),
    /// The ledger.
    #[error("the ledger of this server")]
    Ledger(#[source] CallError),
}

/// What stands in one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A bag.
    Bag(Box<SealedBag>),
    /// A file begins, of so many bytes.
    File(BlobId, u64),
    /// Bytes of the file that began last.
    Bytes(Vec<u8>),
}

/// Seals frames at their places.
struct Frames {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX_BYTES],
    next: u64,
    /// Of everything so far.
    hash: Sha256,
}

impl Frames {
    fn of(shared: MontgomeryPoint, head: &[u8; HEAD_BYTES], prefix: [u8; PREFIX_BYTES]) -> Frames {
        let point = Zeroizing::new(shared.to_bytes());
        let key = Sha256::new().chain_update(SHARED_DOMAIN).chain_update(head);
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(key.chain_update(*point).finalize().into());
        let cipher = XChaCha20Poly1305::new((&*key).into());
        Frames { cipher, prefix, next: 0, hash: Sha256::new().chain_update(head) }
    }

    fn nonce(&mut self) -> XNonce {
        let mut nonce = [0; PREFIX_BYTES + 8];
        let bytes = self.prefix.into_iter().chain(self.next.to_be_bytes());
        nonce.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
        self.next = self.next.saturating_add(1);
        XNonce::from(nonce)
    }

    fn seal(&mut self, plain: &[u8]) -> Result<Vec<u8>, StickFault> {
        let nonce = self.nonce();
        let sealed = self.cipher.encrypt(&nonce, Payload::from(plain));
        let sealed = sealed.map_err(|_| StickFault::TooLarge)?;
        let long = u32::try_from(sealed.len()).map_err(|_| StickFault::TooLarge)?;
        let frame = [&long.to_be_bytes()[..], &sealed].concat();
        Ok(frame)
    }

    fn open(&mut self, sealed: &[u8]) -> Result<Vec<u8>, StickFault> {
        let nonce = self.nonce();
        self.cipher.decrypt(&nonce, Payload::from(sealed)).map_err(|_| StickFault::Broken)
    }

    fn end(&self) -> Vec<u8> {
        let hash: [u8; 32] = self.hash.clone().finalize().into();
        [END_DOMAIN, &hash].concat()
    }
}

fn head_of(
    from: &Hex32,
    to: &Hex32,
    (ephemeral, prefix): ([u8; 32], [u8; PREFIX_BYTES]),
) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    let bytes = MARK.iter().chain(&from.0).chain(&to.0).chain(&ephemeral).chain(&prefix);
    head.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
    head
}

/// Writes a file for one server.
pub struct StickWriter<'i, W: Write> {
    to: W,
    identity: &'i Identity,
    frames: Frames,
    /// Bytes so far.
    pub written: u64,
}

impl<'i, W: Write> StickWriter<'i, W> {
    /// Begins a file. `chance` is random and used once.
    ///
    /// # Errors
    /// A key that is none; the disk.
    pub fn begin(
        mut writer: W,
        (identity, to): (&'i Identity, Hex32),
        chance: [u8; 48],
    ) -> Result<StickWriter<'i, W>, StickFault> {
        let chance = Zeroizing::new(chance);
        let mut secret = Zeroizing::new([0; 32]);
        let mut prefix = [0; PREFIX_BYTES];
        let slots = secret.iter_mut().chain(prefix.iter_mut());
        slots.zip(chance.iter()).for_each(|(slot, byte)| *slot = *byte);
        let theirs = VerifyingKey::from_bytes(&to.0).map_err(|_| StickFault::NotForUs)?;
        let ephemeral = MontgomeryPoint::mul_base_clamped(*secret).to_bytes();
        let head = head_of(&identity.public_hex(), &to, (ephemeral, prefix));
        let frames = Frames::of(theirs.to_montgomery().mul_clamped(*secret), &head, prefix);
        writer.write_all(&head)?;
        Ok(StickWriter { to: writer, identity, frames, written: HEAD_BYTES as u64 })
    }

    fn put(&mut self, kind: u8, parts: &[&[u8]]) -> Result<(), StickFault> {
        let mut plain = vec![kind];
        parts.iter().for_each(|part| plain.extend_from_slice(part));
        if plain.len() > FRAME_BYTES_MAX {
            return Err(StickFault::TooLarge);
        }
        let frame = self.frames.seal(&plain)?;
        self.written = self.written.saturating_add(frame.len() as u64);
        if self.written > STICK_BYTES_MAX {
            return Err(StickFault::TooLarge);
        }
        self.frames.hash.update(&frame);
        Ok(self.to.write_all(&frame)?)
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// [`StickFault::TooLarge`]; the disk.
    pub fn add(&mut self, frame: &Frame) -> Result<(), StickFault> {
        match frame {
            Frame::Bag(bag) => {
                let seal = bag.seal.to_string();
                self.put(OF_BAG, &[seal.as_bytes(), b"\n", bag.raw.as_bytes()])
            }
            Frame::File(blob, size) => self.put(OF_FILE, &[&blob.0, &size.to_be_bytes()]),
            Frame::Bytes(bytes) => self.put(OF_BYTES, &[bytes]),
        }
    }

    /// Signs all of it.
    ///
    /// # Errors
    /// The disk.
    pub fn end(mut self) -> Result<W, StickFault> {
        let sig = self.identity.sign(&self.frames.end());
        self.put(OF_END, &[&sig])?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Reads a file from its beginning.
pub struct StickReader<R: Read> {
    from: R,
    /// The server that wrote it.
    pub by: Hex32,
    frames: Frames,
    read: u64,
}

impl<R: Read> StickReader<R> {
    /// Reads the head of a file that is for this server. Who wrote it is proven only at its end.
    ///
    /// # Errors
    /// What is no such file, or is for another server; the disk.
    pub fn begin(mut reader: R, identity: &Identity) -> Result<StickReader<R>, StickFault> {
        let mut head = [0; HEAD_BYTES];
        reader.read_exact(&mut head).map_err(ended)?;
        let (mark, rest) = head.split_first_chunk::<16>().ok_or(StickFault::Broken)?;
        let (by, rest) = rest.split_first_chunk::<32>().ok_or(StickFault::Broken)?;
        let (to, rest) = rest.split_first_chunk::<32>().ok_or(StickFault::Broken)?;
        let (ephemeral, rest) = rest.split_first_chunk::<32>().ok_or(StickFault::Broken)?;
        let (prefix, _) = rest.split_first_chunk().ok_or(StickFault::Broken)?;
        if mark != MARK {
            return Err(StickFault::Broken);
        }
        if *to != identity.public_hex().0 {
            return Err(StickFault::NotForUs);
        }
        let shared = identity.agree(MontgomeryPoint(*ephemeral));
        let frames = Frames::of(shared, &head, *prefix);
        Ok(StickReader { from: reader, by: Hex(*by), frames, read: HEAD_BYTES as u64 })
    }

    /// The next frame; none behind the last, when all of it was signed by who is said to have
    /// written it.
    ///
    /// # Errors
    /// What is not as it was written; the disk.
    #[allow(clippy::should_implement_trait, reason = "a fault ends it")]
    pub fn next(&mut self) -> Result<Option<Frame>, StickFault> {
        let mut long = [0; 4];
        self.from.read_exact(&mut long).map_err(ended)?;
        let many = u32::from_be_bytes(long) as usize;
        if many > FRAME_BYTES_MAX + TAG_BYTES {
            return Err(StickFault::Broken);
        }
        self.read = self.read.saturating_add(4 + many as u64);
        if self.read > STICK_BYTES_MAX {
            return Err(StickFault::TooLarge);
        }
        let mut sealed = Vec::new();
        self.from.by_ref().take(many as u64).read_to_end(&mut sealed)?;
        if sealed.len() < many {
            return Err(StickFault::Broken);
        }
        let plain = self.frames.open(&sealed)?;
        let (kind, payload) = plain.split_first().ok_or(StickFault::Broken)?;
        if *kind == OF_END {
            return self.ends(payload).map(|()| None);
        }
        self.frames.hash.update(long);
        self.frames.hash.update(&sealed);
        drop(sealed);
        frame_of(*kind, payload).map(Some)
    }

    fn ends(&mut self, sig: &[u8]) -> Result<(), StickFault> {
        let sig: &[u8; 64] = sig.try_into().map_err(|_| StickFault::Broken)?;
        let behind = self.from.by_ref().take(1).read_to_end(&mut Vec::new())?;
        if behind == 0 && is_signed(&self.by.0, &self.frames.end(), sig) {
            return Ok(());
        }
        Err(StickFault::Broken)
    }
}

/// A file that ends too soon is broken; what else the disk says is the disk's fault.
fn ended(fault: io::Error) -> StickFault {
    if fault.kind() == io::ErrorKind::UnexpectedEof {
        return StickFault::Broken;
    }
    StickFault::Disk(fault)
}

fn frame_of(kind: u8, payload: &[u8]) -> Result<Frame, StickFault> {
    match kind {
        OF_BAG => {
            let text = std::str::from_utf8(payload).map_err(|_| StickFault::Broken)?;
            let (seal, raw) = text.split_once('\n').ok_or(StickFault::Broken)?;
            let seal = Seal::parse(seal).ok_or(StickFault::Broken)?;
            Ok(Frame::Bag(Box::new(SealedBag { seal, raw: raw.to_owned() })))
        }
        OF_FILE => {
            let (blob, size) = payload.split_first_chunk::<32>().ok_or(StickFault::Broken)?;
            let size = size.try_into().map_err(|_| StickFault::Broken)?;
            Ok(Frame::File(BlobId(*blob), u64::from_be_bytes(size)))
        }
        OF_BYTES if payload.len() as u64 <= PARTS_BYTES_MAX => Ok(Frame::Bytes(payload.to_vec())),
        _ => Err(StickFault::Broken),
    }
}

impl From<CallError> for StickFault {
    fn from(fault: CallError) -> StickFault {
        StickFault::Ledger(fault)
    }
}

#[cfg(test)]
#[path = "stick_tests.rs"]
mod tests;
