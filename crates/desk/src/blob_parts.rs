//! Parts of a file that is on its way here: each sealed by itself, so that a line that drops, or a
//! PC that is switched off, costs one part.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

use register::BlobId;

use crate::blobs::{BlobError, Stored};
use crate::durable;

/// Folder of parts inside the folder of files.
const FOLDER: &str = ".parts";
const NONCE_BYTES: usize = 24;
/// Parts of the largest file.
const PARTS_MAX: u64 = 4096;

/// The parts of files of one profile.
#[derive(Clone)]
pub(crate) struct Parts {
    folder: PathBuf,
    cipher: XChaCha20Poly1305,
}

fn context(id: BlobId, part: u64) -> Vec<u8> {
    [b"vanthu/part/1\0".as_slice(), &id.0, &part.to_be_bytes()].concat()
}

impl Parts {
    /// The parts beside the files of a profile.
    pub fn beside(blobs: &Path, key: &[u8; 32]) -> Parts {
        Parts { folder: blobs.join(FOLDER), cipher: XChaCha20Poly1305::new(key.into()) }
    }

    fn of(&self, id: BlobId) -> PathBuf {
        self.folder.join(id.hex())
    }

    /// Keeps one part.
    pub fn keep(&self, id: BlobId, part: u64, bytes: &[u8]) -> io::Result<()> {
        let folder = self.of(id);
        fs::create_dir_all(&folder)?;
        let nonce: [u8; NONCE_BYTES] = durable::random()?;
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: &context(id, part) })
            .map_err(|_| io::Error::other("sealing a part"))?;
        let path = folder.join(part.to_string());
        let being_written = path.with_extension("new");
        let mut file = File::create(&being_written)?;
        file.write_all(&nonce)?;
        file.write_all(&sealed)?;
        drop(file);
        fs::rename(being_written, path)
    }

    /// The parts that are here.
    pub fn here(&self, id: BlobId) -> BTreeSet<u64> {
        let Ok(folder) = fs::read_dir(self.of(id)) else { return BTreeSet::new() };
        let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.filter_map(|name| name.parse().ok()).filter(|part| *part < PARTS_MAX).collect()
    }

    fn open(&self, id: BlobId, part: u64) -> io::Result<Vec<u8>> {
        let sealed = fs::read(self.of(id).join(part.to_string()))?;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a part that is damaged");
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| damaged())?;
        let payload = Payload { msg: sealed, aad: &context(id, part) };
        self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| damaged())
    }

    /// All parts as one stream, for [`crate::blobs::Blobs::put`].
    pub fn read(&self, id: BlobId, count: u64) -> impl Read + '_ {
        Whole { parts: self, id, next: 0, count, rest: Vec::new(), at: 0 }
    }

    /// Nothing of it is wanted any more.
    pub fn forget(&self, id: BlobId) {
        let folder = self.of(id);
        if folder.exists() && fs::remove_dir_all(&folder).is_err() {
            tracing::warn!(path = %folder.display(), "parts of a file were not taken away");
        }
    }
}

struct Whole<'a> {
    parts: &'a Parts,
    id: BlobId,
    next: u64,
    count: u64,
    rest: Vec<u8>,
    at: usize,
}

impl Read for Whole<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.rest.len() {
            if self.next >= self.count {
                return Ok(0);
            }
            self.rest = self.parts.open(self.id, self.next)?;
            (self.at, self.next) = (0, self.next + 1);
        }
        let left = self.rest.get(self.at..).unwrap_or_default();
        let many = left.len().min(into.len());
        for (slot, byte) in into.iter_mut().zip(left) {
            *slot = *byte;
        }
        self.at += many;
        Ok(many)
    }
}

/// Whether the bytes that were put together are those of the name.
pub(crate) fn is_whole(put: &Result<Stored, BlobError>, id: BlobId) -> bool {
    put.as_ref().is_ok_and(|stored| stored.id == id)
}
