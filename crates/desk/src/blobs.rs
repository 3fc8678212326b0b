//! The files of a profile, each named by the SHA-256 of its bytes and sealed on disk.
//!
//! A file on disk is a head and then chunks of 64 KiB, each sealed by itself so that a range can be
//! read without the rest. The head is sealed to the file's name and size: a file put under another
//! name, cut short or stitched together from two does not open.
//!
//! `head = "VTBLOB1\0" ‖ size ‖ nonce prefix ‖ tag`; chunk *i* has the nonce `prefix ‖ i`, the head
//! `prefix ‖ 2⁶⁴-1`; numbers are little-endian.
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chacha20poly1305::aead::{AeadInOut, inout::InOutBuf};
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use thiserror::Error;

use register::BlobId;

use crate::blob_parts::Parts;
use crate::durable;
use crate::keys::BlobKey;

/// Bytes sealed together: small enough to seek in, large enough to be quick.
const CHUNK_BYTES: usize = 64 << 10;
const TAG_BYTES: usize = 16;
const MAGIC: [u8; 8] = *b"VTBLOB1\0";
const PREFIX_BYTES: usize = 16;
const HEAD_BYTES: usize = MAGIC.len() + 8 + PREFIX_BYTES + TAG_BYTES;
const HEAD_INDEX: u64 = u64::MAX;
const CONTEXT: [u8; 14] = *b"vanthu/blob/1\0";
const TEMPORARY: &str = ".incoming-";
const LOCK_FILE: &str = ".lock";
/// Bytes that one range answers at most; the caller asks again for more.
pub const RANGE_BYTES_MAX: usize = 8 << 20;

/// A file that is stored now, or was already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its name: SHA-256 of its bytes.
    pub id: BlobId,
    /// Its bytes.
    pub size: u64,
}

/// A file as it lies on the disk of this PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lying {
    /// Its name.
    pub blob: BlobId,
    /// Bytes it takes.
    pub bytes: u64,
    /// When it came, or was last opened.
    pub opened: SystemTime,
}

/// Why a file was not stored or not read.
#[derive(Debug, Error)]
pub enum BlobError {
    /// The file has more bytes than it may.
    #[error("the file has {size} bytes or more, {max} are the most")]
    TooLarge {
        /// Bytes seen so far, or told by the disk.
        size: u64,
        /// The most.
        max: u64,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file was still being written.
    #[error("{path} changed while it was read")]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A folder, a pipe or a device.
    #[error("{path} is not a file")]
    NotAFile {
        /// What was given.
        path: PathBuf,
    },
    /// The file to be stored could not be read.
    #[error("reading the file to be stored")]
    Source {
        /// What the system said.
        source: io::Error,
    },
    /// No file of this name is here.
    #[error("file {id} is not here")]
    Missing {
        /// Its name.
        id: BlobId,
    },
    /// The file on disk is not what was stored.
    #[error("file {id} is damaged")]
    Damaged {
        /// Its name.
        id: BlobId,
    },
    /// The disk is full.
    #[error("the disk is full, writing {path}")]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk or the folder may not be written to.
    #[error("writing {path} is not allowed")]
    ReadOnly {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk did not do it.
    #[error("{doing} {path}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

type Result<T> = std::result::Result<T, BlobError>;

/// The folder of files of one profile.
#[derive(Clone)]
pub struct Blobs {
    folder: PathBuf,
    key: BlobKey,
}

impl Blobs {
    /// Opens the folder, and makes it where it is missing.
    pub fn open(folder: &Path, key: &BlobKey) -> Result<Blobs> {
        durable::make_folder(folder).map_err(disk("making folder", folder))?;
        Ok(Blobs { folder: folder.to_owned(), key: key.clone() })
    }

    /// Parts of files that are on their way here.
    pub(crate) fn parts(&self) -> Parts {
        Parts::beside(&self.folder, self.key.bytes())
    }

    /// Stores what the reader gives, in bounded memory. Once this returns, the file survives a
    /// power cut. The same bytes are stored once.
    pub fn put(&self, from: &mut dyn Read, bytes_max: u64) -> Result<Stored> {
        self.put_if(from, bytes_max, |_| Ok(()))
    }

    /// Stores a file of the disk. One that is too large is refused by its size, without reading.
    pub fn put_path(&self, path: &Path, bytes_max: u64) -> Result<Stored> {
        let reading = |source| BlobError::Source { source };
        let before = fs::metadata(path).map_err(reading)?;
        if !before.is_file() {
            return Err(BlobError::NotAFile { path: path.to_owned() });
        }
        match before.len() {
            0 => return Err(BlobError::Empty),
            size if size > bytes_max => return Err(BlobError::TooLarge { size, max: bytes_max }),
            _ => (),
        }
        let mut file = File::open(path).map_err(reading)?;
        // One byte beyond the size, so that a file that grows is noticed and not read for ever.
        let mut upto = Read::by_ref(&mut file).take(before.len().saturating_add(1));
        self.put_if(&mut upto, u64::MAX, |size| unchanged(path, &before, size))
    }

    /// The bytes of a range, fewer at the end of the file, and how many the whole file has.
    pub fn range(&self, id: BlobId, from: u64, len: usize) -> Result<(Vec<u8>, u64)> {
        let mut file = self.open_read(id)?;
        let total = file.size;
        let left = usize::try_from(total.saturating_sub(from)).unwrap_or(usize::MAX);
        let mut bytes = vec![0u8; len.min(RANGE_BYTES_MAX).min(left)];
        file.at = from;
        file.read_exact(&mut bytes).map_err(|why| self.reading(id, why))?;
        Ok((bytes, total))
    }

    /// The file as a reader that can seek.
    pub fn open_read(&self, id: BlobId) -> Result<OpenBlob> {
        let path = self.file_of(id);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing { id });
            }
            Err(why) => return Err(disk("opening", &path)(why)),
        };
        let cipher = XChaCha20Poly1305::new(self.key.bytes().into());
        let bytes = file.metadata().map_err(disk("reading", &path))?.len();
        let head = match Head::read(&mut file) {
            Ok(head) => head,
            Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => None,
            Err(why) => return Err(disk("reading", &path)(why)),
        };
        let head = head.filter(|head| head.opens(&cipher, id) && head.file_bytes() == Some(bytes));
        let Some(Head { size, prefix, tag: _ }) = head else {
            return Err(BlobError::Damaged { id });
        };
        Ok(OpenBlob { id, file, cipher, prefix, size, at: 0, chunk: None })
    }

    /// Whether a file of this name is here; says nothing about its state.
    pub fn holds(&self, id: BlobId) -> bool {
        self.file_of(id).is_file()
    }

    /// Reads the whole file and compares it with its name. Returns its size.
    pub fn verify(&self, id: BlobId) -> Result<u64> {
        let mut file = self.open_read(id)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0u8; CHUNK_BYTES];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hash.update(buffer.get(..count).unwrap_or_default()),
                Err(why) => return Err(self.reading(id, why)),
            }
        }
        let found: [u8; 32] = hash.finalize().into();
        if found == id.0 { Ok(file.size) } else { Err(BlobError::Damaged { id }) }
    }

    /// Removes what was left half written by a program that was killed. Returns how many.
    pub fn sweep_temporary(&self) -> Result<usize> {
        let reading = disk("listing", &self.folder);
        let guard = self.guard()?;
        guard.lock().map_err(disk("locking", &self.folder))?;
        let mut swept = 0;
        for entry in fs::read_dir(&self.folder).map_err(&reading)? {
            let path = entry.map_err(&reading)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // A living program holds a lock on what it is writing.
            let left_over = name.starts_with(TEMPORARY)
                && File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
            if left_over {
                fs::remove_file(&path).map_err(disk("removing", &path))?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Where the sealed bytes of a file lie; they may be copied as they are.
    pub fn file_of(&self, id: BlobId) -> PathBuf {
        self.folder.join(name_of(id))
    }

    /// The names of all files whose name begins with this byte, in order. 256 calls list them all
    /// without holding them all.
    pub fn ids_under(&self, first: u8) -> Result<Vec<BlobId>> {
        ids_under(&self.folder, first)
    }

    /// Notes that somebody opened a file: it stays here for a while.
    pub(crate) fn is_opened(&self, id: BlobId) {
        let noted = File::options().append(true).open(self.file_of(id));
        let noted = noted.and_then(|file| file.set_modified(SystemTime::now()));
        if let Err(why) = noted {
            tracing::debug!(%why, "when a file was opened was not noted");
        }
    }

    /// Every file that lies here.
    pub(crate) fn lying(&self) -> Result<Vec<Lying>> {
        let mut all = Vec::new();
        for first in 0..=u8::MAX {
            for blob in self.ids_under(first)? {
                // One that is gone meanwhile takes no room.
                let Ok(facts) = fs::metadata(self.file_of(blob)) else { continue };
                let opened = facts.modified().unwrap_or_else(|_| SystemTime::now());
                all.push(Lying { blob, bytes: facts.len(), opened });
            }
        }
        Ok(all)
    }

    /// Takes a file away from this PC.
    pub(crate) fn lets_go(&self, id: BlobId) -> Result<()> {
        let path = self.file_of(id);
        fs::remove_file(&path).map_err(disk("removing", &path))
    }

    fn put_if(
        &self,
        from: &mut dyn Read,
        bytes_max: u64,
        accept: impl FnOnce(u64) -> Result<()>,
    ) -> Result<Stored> {
        let (path, mut file) = self.temporary()?;
        let stored = self.fill(from, bytes_max, &path, &mut file).and_then(|stored| {
            accept(stored.size)?;
            self.name(&path, &file, stored)
        });
        if stored.is_err() {
            // The first error is the one to tell; a left-over is swept at the next start.
            let _ = fs::remove_file(&path);
        }
        stored
    }

    pub(crate) fn temporary(&self) -> Result<(PathBuf, File)> {
        let name: [u8; 16] = durable::random().map_err(disk("naming a file in", &self.folder))?;
        let path = self.folder.join(format!("{TEMPORARY}{}", durable::hex(&name)));
        let guard = self.guard()?;
        guard.lock_shared().map_err(disk("locking", &self.folder))?;
        let file = durable::create_new_private(&path).map_err(disk("making", &path))?;
        file.lock().map_err(disk("locking", &path))?;
        Ok((path, file))
    }

    /// Between sweeping and making a temporary file there must be an order.
    fn guard(&self) -> Result<File> {
        let path = self.folder.join(LOCK_FILE);
        durable::append_private(&path).map_err(disk("opening", &path))
    }

    fn fill(
        &self,
        from: &mut dyn Read,
        bytes_max: u64,
        path: &Path,
        file: &mut File,
    ) -> Result<Stored> {
        let writing = disk("writing", path);
        let cipher = XChaCha20Poly1305::new(self.key.bytes().into());
        let prefix: [u8; PREFIX_BYTES] =
            durable::random().map_err(disk("making a nonce for", path))?;
        file.write_all(&[0u8; HEAD_BYTES]).map_err(&writing)?;
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        let mut chunk = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
        for index in 0.. {
            chunk.clear();
            let mut upto = (&mut *from).take(CHUNK_BYTES as u64);
            upto.read_to_end(&mut chunk).map_err(|source| BlobError::Source { source })?;
            if chunk.is_empty() {
                break;
            }
            let last = chunk.len() < CHUNK_BYTES;
            size = size.saturating_add(chunk.len() as u64);
            if size > bytes_max {
                return Err(BlobError::TooLarge { size, max: bytes_max });
            }
            hash.update(&chunk);
            seal(&cipher, &nonce(&prefix, index), &mut chunk).map_err(&writing)?;
            file.write_all(&chunk).map_err(&writing)?;
            if last {
                break;
            }
        }
        if size == 0 {
            return Err(BlobError::Empty);
        }
        let id = BlobId(hash.finalize().into());
        let head = Head::seal(&cipher, id, size, prefix).map_err(&writing)?;
        file.seek(SeekFrom::Start(0)).map_err(&writing)?;
        file.write_all(&head).map_err(&writing)?;
        Ok(Stored { id, size })
    }

    /// Gives the written file its name, durably. A good file of that name stays, a damaged one is
    /// replaced: these are the bytes it should have.
    fn name(&self, temporary: &Path, file: &File, stored: Stored) -> Result<Stored> {
        let path = self.file_of(stored.id);
        match self.verify(stored.id) {
            Ok(_) => fs::remove_file(temporary).map_err(disk("removing", temporary))?,
            Err(BlobError::Missing { .. } | BlobError::Damaged { .. }) => {
                file.sync_all().map_err(disk("writing", temporary))?;
                if let Some(folder) = path.parent() {
                    durable::make_folder(folder).map_err(disk("making folder", folder))?;
                }
                fs::rename(temporary, &path).map_err(disk("naming", &path))?;
            }
            Err(other) => return Err(other),
        }
        // Also for a file that was there: whoever named it may not have come this far yet.
        durable::sync_parent(&path).map_err(disk("writing", &path))?;
        Ok(stored)
    }

    fn reading(&self, id: BlobId, why: io::Error) -> BlobError {
        if matches!(why.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) {
            BlobError::Damaged { id }
        } else {
            disk("reading", &self.file_of(id))(why)
        }
    }
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Blobs").field(&self.folder).finish()
    }
}

struct Head {
    size: u64,
    prefix: [u8; PREFIX_BYTES],
    tag: [u8; TAG_BYTES],
}

impl Head {
    fn seal(
        cipher: &XChaCha20Poly1305,
        id: BlobId,
        size: u64,
        prefix: [u8; PREFIX_BYTES],
    ) -> io::Result<Vec<u8>> {
        let nothing = InOutBuf::from(&mut [][..]);
        let tag = cipher
            .encrypt_inout_detached(&nonce(&prefix, HEAD_INDEX), &bound(id, size), nothing)
            .map_err(|_| io::Error::other("sealing the head"))?;
        Ok([MAGIC.as_slice(), &size.to_le_bytes(), &prefix, &tag].concat())
    }

    fn read(file: &mut File) -> io::Result<Option<Head>> {
        let (mut magic, mut size) = ([0u8; MAGIC.len()], [0u8; 8]);
        let (mut prefix, mut tag) = ([0u8; PREFIX_BYTES], [0u8; TAG_BYTES]);
        file.read_exact(&mut magic)?;
        file.read_exact(&mut size)?;
        file.read_exact(&mut prefix)?;
        file.read_exact(&mut tag)?;
        Ok((magic == MAGIC).then_some(Head { size: u64::from_le_bytes(size), prefix, tag }))
    }

    fn opens(&self, cipher: &XChaCha20Poly1305, id: BlobId) -> bool {
        let nothing = InOutBuf::from(&mut [][..]);
        let (nonce, bound) = (nonce(&self.prefix, HEAD_INDEX), bound(id, self.size));
        cipher.decrypt_inout_detached(&nonce, &bound, nothing, &Tag::from(self.tag)).is_ok()
    }

    fn file_bytes(&self) -> Option<u64> {
        let tags = self.size.div_ceil(CHUNK_BYTES as u64).checked_mul(TAG_BYTES as u64)?;
        self.size.checked_add(tags)?.checked_add(HEAD_BYTES as u64)
    }
}

/// A stored file, opened: reads and seeks like any file. A damaged chunk is `InvalidData`.
pub struct OpenBlob {
    id: BlobId,
    file: File,
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX_BYTES],
    size: u64,
    at: u64,
    chunk: Option<(u64, Vec<u8>)>,
}

impl OpenBlob {
    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The chunk in clear.
    fn chunk(&mut self, index: u64) -> io::Result<&[u8]> {
        let held = match self.chunk.take() {
            Some(held) if held.0 == index => held,
            Some(_) | None => (index, self.load(index)?),
        };
        let (_, bytes) = self.chunk.insert(held);
        Ok(bytes)
    }

    fn load(&mut self, index: u64) -> io::Result<Vec<u8>> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a damaged chunk");
        let start = index.checked_mul(CHUNK_BYTES as u64).ok_or_else(damaged)?;
        let plain = self.size.checked_sub(start).ok_or_else(damaged)?.min(CHUNK_BYTES as u64);
        let sealed_before = index.checked_mul((CHUNK_BYTES + TAG_BYTES) as u64);
        let place = sealed_before.and_then(|bytes| bytes.checked_add(HEAD_BYTES as u64));
        self.file.seek(SeekFrom::Start(place.ok_or_else(damaged)?))?;
        let mut bytes = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
        let mut upto = Read::by_ref(&mut self.file).take(plain + TAG_BYTES as u64);
        upto.read_to_end(&mut bytes)?;
        self.cipher
            .decrypt_in_place(&nonce(&self.prefix, index), &CONTEXT, &mut bytes)
            .map_err(|_| damaged())?;
        if bytes.len() as u64 == plain { Ok(bytes) } else { Err(damaged()) }
    }
}

impl Read for OpenBlob {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || into.is_empty() {
            return Ok(0);
        }
        let (index, inside) = (self.at / CHUNK_BYTES as u64, self.at % CHUNK_BYTES as u64);
        let inside = usize::try_from(inside).unwrap_or(CHUNK_BYTES);
        let bytes = self.chunk(index)?.get(inside..).unwrap_or_default();
        let count = bytes.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for OpenBlob {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(from_start) => Some(from_start),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        let before_start = || io::Error::new(io::ErrorKind::InvalidInput, "seek before the start");
        self.at = target.ok_or_else(before_start)?;
        Ok(self.at)
    }
}

impl std::fmt::Debug for OpenBlob {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("OpenBlob").field(&self.id).finish()
    }
}

/// Where a file lies inside a folder of files: `ab/cdef…`.
pub fn name_of(id: BlobId) -> PathBuf {
    let [first, rest @ ..] = id.0;
    Path::new(&durable::hex(&[first])).join(durable::hex(&rest))
}

/// The names of all files in a folder of files that begin with this byte, in order.
pub fn ids_under(folder: &Path, first: u8) -> Result<Vec<BlobId>> {
    let under = folder.join(durable::hex(&[first]));
    let listing = disk("listing", &under);
    let entries = match fs::read_dir(&under) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(listing(why)),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let name = entry.map_err(&listing)?.file_name();
        let rest = name.to_str().and_then(durable::unhex::<31>);
        if let Some(rest) = rest {
            let mut id = [first; 32];
            id.iter_mut().skip(1).zip(rest).for_each(|(slot, byte)| *slot = byte);
            ids.push(BlobId(id));
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

/// Refuses a file that was written to since `before`, or gave another number of bytes.
fn unchanged(path: &Path, before: &fs::Metadata, read: u64) -> Result<()> {
    let after = fs::metadata(path).map_err(|source| BlobError::Source { source })?;
    let same = read == before.len()
        && after.len() == before.len()
        && after.modified().ok() == before.modified().ok();
    if same { Ok(()) } else { Err(BlobError::Changed { path: path.to_owned() }) }
}

fn nonce(prefix: &[u8; PREFIX_BYTES], index: u64) -> XNonce {
    let mut nonce = XNonce::default();
    let bytes = prefix.iter().copied().chain(index.to_le_bytes());
    nonce.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
    nonce
}

fn bound(id: BlobId, size: u64) -> Vec<u8> {
    [CONTEXT.as_slice(), &id.0, &size.to_le_bytes()].concat()
}

fn seal(cipher: &XChaCha20Poly1305, nonce: &XNonce, chunk: &mut Vec<u8>) -> io::Result<()> {
    let sealed = cipher.encrypt_in_place(nonce, &CONTEXT, chunk);
    sealed.map_err(|_| io::Error::other("sealing a chunk"))
}

/// A full disk and a disk that may not be written to have sentences of their own on screen.
fn disk<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> BlobError + 'a {
    move |source| {
        let path = path.to_owned();
        if durable::is_full(&source) {
            BlobError::DiskFull { path, source }
        } else if durable::is_closed_to_writing(&source) {
            BlobError::ReadOnly { path, source }
        } else {
            BlobError::Disk { doing, path, source }
        }
    }
}

#[cfg(test)]
#[path = "blobs_tests.rs"]
mod tests;
