//! Parts of a file that is on its way here: each sealed by itself, so that a line that drops, or a
//! PC that is switched off, costs one part.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

use register::BlobId;

use crate::blobs::{BlobError, Stored};
use crate::durable;

/// Folder of parts inside the folder of files.
const FOLDER: &str = ".parts";
const NONCE_BYTES: usize = 24;
/// Parts that are opened before they are stored.
const OPENED_AHEAD: usize = 4;
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

    /// All parts as one stream, for [`crate::blobs::Blobs::put`]; the next ones are opened while
    /// one is stored.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn read(&self, id: BlobId, count: u64) -> io::Result<impl Read + use<>> {
        let parts = self.clone();
        let (opens, opened) = sync_channel(OPENED_AHEAD);
        let all = move || {
            for part in 0..count {
                let opened = parts.open(id, part);
                let is_damaged = opened.is_err();
                // Nothing behind a part that is damaged, or that nobody reads.
                if opens.send(opened).is_err() || is_damaged {
                    return;
                }
            }
        };
        thread::Builder::new().name("parts".to_owned()).spawn(all)?;
        Ok(Whole { opened, rest: io::Cursor::default() })
    }

    /// Nothing of it is wanted any more.
    pub fn forget(&self, id: BlobId) {
        let folder = self.of(id);
        if folder.exists() && fs::remove_dir_all(&folder).is_err() {
            tracing::warn!(path = %folder.display(), "parts of a file were not taken away");
        }
    }
}

struct Whole {
    opened: Receiver<io::Result<Vec<u8>>>,
    rest: io::Cursor<Vec<u8>>,
}

impl Read for Whole {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let many = self.rest.read(into)?;
            if many > 0 || into.is_empty() {
                return Ok(many);
            }
            let Ok(next) = self.opened.recv() else { return Ok(0) };
            self.rest = io::Cursor::new(next?);
        }
    }
}

/// Whether the bytes that were put together are those of the name.
pub(crate) fn is_whole(put: &Result<Stored, BlobError>, id: BlobId) -> bool {
    put.as_ref().is_ok_and(|stored| stored.id == id)
}
