//! Files of all agencies: parts as they come, and whole files under the name of their hash.
//!
//! Nothing here knows who may send or read: that is the ledger's affair. Files of different
//! agencies never meet, and neither do the parts of different PCs, so that nobody can spoil, or
//! finish, what another one sends.
mod bucket;
mod folder;
mod moving;

use tokio::io::AsyncRead;

use register::{AgencyId, BlobId, DeviceId, Moment};
use sync::wire::{Hex, PART_BYTES, PartHashes, PartMarks, parts_of};

use crate::storage::Found;

pub use self::bucket::{BlobsInBucket, BucketAddress, CREDENTIALS_FILE, NoBucket, NoCredentials};
pub(crate) use self::bucket::{Credentials, Sent};
pub use self::folder::BlobsInFolder;
pub use self::moving::{FilesMoved, move_files};

/// A file on its way from one PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// The agency.
    pub org: AgencyId,
    /// The PC.
    pub dev: DeviceId,
    /// The hash of the whole.
    pub blob: BlobId,
    /// Its bytes.
    pub size: u64,
}

/// What became of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// They are there, with these.
    Kept(PartMarks),
    /// The agency has too much under way.
    NoRoom,
}

/// What became of a file all of whose parts may be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// It is stored, and on the disk.
    Stored,
    /// These parts only are there.
    Parts(PartMarks),
    /// The whole is not what its name says; every part of it was thrown away.
    Wrong,
}

/// Bytes of a stored file, in their order.
pub type Bytes = Box<dyn AsyncRead + Send + Unpin>;
/// What is done once a whole file was found right, before it is stored.
pub type OnWhole<'a> = &'a mut dyn FnMut() -> Found<()>;

/// Told of each stored file, and when it was stored.
pub type OnStored<'a> = &'a mut dyn FnMut(BlobId, Moment);

/// A place for files. Every call may wait for a disk or a network: it is made on a thread that may
/// wait, and in no transaction of an agency but where it says that it is quick.
#[allow(missing_docs, reason = "each is named by what it does")]
pub trait Blobs: Send + Sync {
    /// The bytes of a stored file.
    fn size(&self, org: AgencyId, blob: BlobId) -> Found<Option<u64>>;
    /// Reads a stored file from one byte on, so many bytes.
    fn read(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<Bytes>>;
    /// The hash of so many bytes of a stored file, from one byte on.
    fn hash(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<[u8; 32]>>;
    /// Reads a few parts of a stored file, at most as many as go in one call, from one byte on and
    /// with the hash of each.
    fn read_checked(
        &self,
        org: AgencyId,
        blob: BlobId,
        (from, bytes): (u64, u64),
    ) -> Found<Option<(PartHashes, Bytes)>> {
        let mut hashes = Vec::new();
        for part in 0..parts_of(bytes) {
            let begin = part * PART_BYTES;
            let long = PART_BYTES.min(bytes - begin);
            let Some(hash) = self.hash(org, blob, from + begin, long)? else { return Ok(None) };
            hashes.push(Hex(hash));
        }
        // Read twice and not kept: the second time it comes out of the memory of the system.
        let read = self.read(org, blob, from, bytes)?;
        Ok(read.map(|read| (PartHashes::new(hashes), read)))
    }
    /// Names every stored file, and when it was stored.
    fn stored(&self, org: AgencyId, on: OnStored<'_>) -> Found<()>;
    /// Takes a stored file away from an agency, if it is there, in a moment: the writer of the
    /// agency may wait for it.
    fn remove(&self, org: AgencyId, blob: BlobId) -> Found<()>;
    /// Gives a stored file of one agency to another as well, without its bytes being kept twice.
    /// Nothing is done where the first has none; false then, whatever the other has.
    fn share(&self, from: AgencyId, to: AgencyId, blob: BlobId) -> Found<bool>;
    /// The parts that are there.
    fn have(&self, upload: &Upload) -> Found<PartMarks>;
    /// Keeps parts that lie beside each other. Both ends of them are ends of parts.
    fn put(&self, upload: &Upload, from: u64, bytes: &[u8]) -> Found<Put>;
    /// Throws away what parts there are of a file that is stored by now.
    fn forget(&self, upload: &Upload) -> Found<()>;
    /// Stores the file, once all of its parts are there and it is what its name says.
    fn finish(&self, upload: &Upload, on_whole: OnWhole<'_>) -> Found<Finished>;
    /// Gives room back that nobody needs, once a day; `now` is the same clock each time.
    fn tidy(&self, _now: Moment) -> Found<()> {
        Ok(())
    }
}
