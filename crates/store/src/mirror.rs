//! Every signed command once more in a second place: sealed, append-only, a torn end tolerated.
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use register::COMMAND_BYTES_MAX;
use sync::{Envelope, HASH_BYTES, Hash, SIG_BYTES, VerifyingKey, decode, verify};

use crate::connection::sync_folder;
use crate::error::StoreError;
use crate::log::Logged;
use crate::replay::Kept;
use crate::store::Store;
use crate::view::View;

/// Stands at the head of a mirror.
const HEAD: &[u8; 16] = b"VANTHU-MIRROR-1\n";
/// Bound into every sealed record with its place.
const DOMAIN: &[u8] = b"vanthu/mirror/1\0";
const NONCE_BYTES: usize = 24;
const PUBLIC_BYTES: usize = 32;
/// Bytes of one record: nonce, seal, and what is sealed.
const RECORD_BYTES_MAX: usize =
    NONCE_BYTES + 16 + SIG_BYTES + PUBLIC_BYTES + HASH_BYTES + COMMAND_BYTES_MAX;
/// Commands appended together.
const COMMANDS_TOGETHER: u32 = 200;

/// The key of the mirror; kept apart from the file's.
#[derive(Clone)]
pub struct MirrorKey(pub [u8; 32]);

/// A mirror open for appending.
pub struct Mirror {
    path: PathBuf,
    key: MirrorKey,
    file: File,
    upto: u64,
    end: u64,
    hash: Option<Hash>,
}

/// What one catching up did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mirrored {
    /// Commands in the mirror now.
    pub upto: u64,
    /// Commands appended.
    pub appended: u64,
}

/// One record of a mirror, unsealed.
struct Record {
    kept: Kept,
    hash: Hash,
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| StoreError::Io { doing, path: path.to_path_buf(), source }
}

fn bound(seq: u64) -> Vec<u8> {
    let mut bound = DOMAIN.to_vec();
    bound.extend_from_slice(&seq.to_be_bytes());
    bound
}

fn cipher(key: &MirrorKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.0.into())
}

/// Seals one record: length, nonce, and signature, public key, chain hash and bytes under the key.
fn seal(key: &MirrorKey, entry: &Logged, public: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| StoreError::Form { what: "randomness" })?;
    let mut plain = Vec::with_capacity(128 + entry.envelope.raw.len());
    plain.extend_from_slice(&entry.envelope.sig);
    plain.extend_from_slice(public);
    plain.extend_from_slice(&entry.hash);
    plain.extend_from_slice(&entry.envelope.raw);
    let payload = Payload { msg: &plain, aad: &bound(entry.seq) };
    let sealed = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| StoreError::Form { what: "record of the mirror" })?;
    let length = u32::try_from(NONCE_BYTES + sealed.len())
        .map_err(|_| StoreError::Form { what: "record of the mirror" })?;
    let mut record = length.to_le_bytes().to_vec();
    record.extend_from_slice(&nonce);
    record.extend_from_slice(&sealed);
    Ok(record)
}

fn unseal(key: &MirrorKey, seq: u64, sealed: &[u8]) -> Option<Record> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: sealed, aad: &bound(seq) };
    let plain = cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()?;
    let (sig, rest) = plain.split_first_chunk::<SIG_BYTES>()?;
    let (public, rest) = rest.split_first_chunk::<PUBLIC_BYTES>()?;
    let (hash, raw) = rest.split_first_chunk::<HASH_BYTES>()?;
    let envelope = Envelope { raw: raw.to_vec(), sig: *sig };
    Some(Record { kept: Kept { envelope, public: *public }, hash: *hash })
}

/// Reads one whole record; none at the end or where the file is torn.
fn read_record(from: &mut impl Read) -> Result<Option<Vec<u8>>, io::Error> {
    let mut length = [0; 4];
    if !read_whole(from, &mut length)? {
        return Ok(None);
    }
    let length = u32::from_le_bytes(length) as usize;
    if !(NONCE_BYTES..=RECORD_BYTES_MAX).contains(&length) {
        return Ok(None);
    }
    let mut record = vec![0; length];
    Ok(read_whole(from, &mut record)?.then_some(record))
}

fn read_whole(from: &mut impl Read, bytes: &mut [u8]) -> Result<bool, io::Error> {
    match from.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(fault) => Err(fault),
    }
}

impl Mirror {
    /// Opens a mirror, or begins one. A torn end is cut off: its command is appended again.
    ///
    /// # Errors
    /// [`StoreError::MirrorKey`] when the file is no mirror of this key, and faults of the disk.
    pub fn open(path: &Path, key: &MirrorKey) -> Result<Mirror, StoreError> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = file.map_err(io("opening the mirror", path))?;
        let length = file.metadata().map_err(io("measuring the mirror", path))?.len();
        if length < HEAD.len() as u64 {
            file.set_len(0).map_err(io("beginning the mirror", path))?;
            file.write_all(HEAD).map_err(io("beginning the mirror", path))?;
            file.sync_all().map_err(io("syncing the mirror", path))?;
            sync_folder(path)?;
        }
        file.seek(SeekFrom::Start(0)).map_err(io("reading the mirror", path))?;
        let mut mirror = Mirror {
            path: path.to_path_buf(),
            key: key.clone(),
            file,
            upto: 0,
            end: HEAD.len() as u64,
            hash: None,
        };
        mirror.find_end()?;
        Ok(mirror)
    }

    fn find_end(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        let mut from = BufReader::new(&mut self.file);
        let mut head = [0; HEAD.len()];
        let whole = read_whole(&mut from, &mut head).map_err(io("reading the mirror", &path))?;
        if !whole || &head != HEAD {
            return Err(StoreError::MirrorKey { path });
        }
        loop {
            let record = read_record(&mut from).map_err(io("reading the mirror", &path))?;
            let Some(record) = record else { break };
            match unseal(&self.key, self.upto + 1, &record) {
                Some(record) => self.hash = Some(record.hash),
                None if self.upto == 0 => return Err(StoreError::MirrorKey { path }),
                None => break,
            }
            self.upto += 1;
            self.end += 4 + record.len() as u64;
        }
        drop(from);
        self.file.set_len(self.end).map_err(io("cutting a torn end off the mirror", &path))
    }

    /// Commands in the mirror.
    pub fn upto(&self) -> u64 {
        self.upto
    }

    /// Appends every command the mirror does not have, and waits for its disk.
    ///
    /// # Errors
    /// [`StoreError::MirrorDiffers`] when the mirror holds commands that this register does not:
    /// it belongs to another one, or an old copy of the register was put back.
    pub fn catch_up(&mut self, store: &Store) -> Result<Mirrored, StoreError> {
        let before = self.upto;
        store.read(|view| self.must_be_of(view))?;
        loop {
            let sealed = store.read(|view| self.sealed(view))?;
            let Some((bytes, upto, hash)) = sealed else { break };
            self.append(&bytes)?;
            self.upto = upto;
            self.hash = Some(hash);
        }
        self.file.sync_data().map_err(io("syncing the mirror", &self.path))?;
        Ok(Mirrored { upto: self.upto, appended: self.upto - before })
    }

    fn must_be_of(&self, view: &View<'_>) -> Result<(), StoreError> {
        let Some(hash) = self.hash else { return Ok(()) };
        let there = view.commands_since(self.upto - 1, 1)?;
        if there.first().is_some_and(|entry| entry.hash == hash) {
            return Ok(());
        }
        Err(StoreError::MirrorDiffers { path: self.path.clone() })
    }

    fn sealed(&self, view: &View<'_>) -> Result<Option<(Vec<u8>, u64, Hash)>, StoreError> {
        let entries = view.commands_since(self.upto, COMMANDS_TOGETHER)?;
        let Some(last) = entries.last() else { return Ok(None) };
        let mut bytes = Vec::new();
        for entry in &entries {
            let public = signer(view, &entry.envelope)?;
            bytes.extend(seal(&self.key, entry, &public)?);
        }
        Ok(Some((bytes, last.seq, last.hash)))
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        // From the last good record on: what a full disk left half written is written over.
        let written =
            self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(bytes));
        if let Err(source) = written {
            let cut = self.file.set_len(self.end);
            tracing::debug!(?cut, "cut a half record off the mirror");
            return Err(io("appending to the mirror", &self.path)(source));
        }
        self.end += bytes.len() as u64;
        Ok(())
    }
}

/// The public key that made a signature.
fn signer(view: &View<'_>, envelope: &Envelope) -> Result<[u8; 32], StoreError> {
    let unreadable = StoreError::Form { what: "command" };
    let command = decode(&envelope.raw).map_err(|_| unreadable)?;
    let keys = view.officer_keys(command.actor)?;
    let made = |public: &&[u8; 32]| {
        VerifyingKey::from_bytes(public).is_ok_and(|key| verify(envelope, &key).is_ok())
    };
    keys.iter().find(made).copied().ok_or(StoreError::Form { what: "signature" })
}

/// The commands of a mirror, oldest first, up to where it is whole.
pub struct MirrorReader {
    path: PathBuf,
    key: MirrorKey,
    from: BufReader<File>,
    seq: u64,
}

/// Reads a mirror: for [`Store::rebuild_from`].
///
/// # Errors
/// [`StoreError::MirrorKey`] when the file is no mirror, and faults of the disk.
pub fn read_mirror(path: &Path, key: &MirrorKey) -> Result<MirrorReader, StoreError> {
    let file = File::open(path).map_err(io("opening the mirror", path))?;
    let mut from = BufReader::new(file);
    let mut head = [0; HEAD.len()];
    let whole = read_whole(&mut from, &mut head).map_err(io("reading the mirror", path))?;
    if !whole || &head != HEAD {
        return Err(StoreError::MirrorKey { path: path.to_path_buf() });
    }
    Ok(MirrorReader { path: path.to_path_buf(), key: key.clone(), from, seq: 0 })
}

impl Iterator for MirrorReader {
    type Item = Result<Kept, StoreError>;

    fn next(&mut self) -> Option<Result<Kept, StoreError>> {
        let record = match read_record(&mut self.from) {
            Ok(record) => record?,
            Err(source) => return Some(Err(io("reading the mirror", &self.path)(source))),
        };
        match unseal(&self.key, self.seq + 1, &record) {
            Some(record) => {
                self.seq += 1;
                Some(Ok(record.kept))
            }
            None if self.seq == 0 => Some(Err(StoreError::MirrorKey { path: self.path.clone() })),
            // A record that was torn inside: everything before it is good.
            None => None,
        }
    }
}
