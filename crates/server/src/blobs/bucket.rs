//! Files in an object store that speaks S3; parts on their way stay in a folder of this machine.
//!
//! ```text
//! PREFIX/files/<hash>/<copy>         the bytes, written once under a name that never comes again
//! PREFIX/held/<agency>/<hash>/<copy> empty: this agency has the file, and its bytes are there
//! ```
//!
//! An agency reaches bytes through its own marks only, so that naming a hash opens nothing. Sharing
//! writes one more mark. Nothing is ever changed in place, and no call needs a condition that only
//! some stores know; what follows stands on stores telling at once what was written.
//!
//! *Stored* is a file whose bytes were hashed once more while they went up, and whose mark was
//! written after them. A kill before the mark leaves the parts, and bytes that nobody has.
//!
//! *Taken away* is the mark alone, so another agency keeps what it shares. Bytes that no mark names
//! go when two looks, half a day apart, both found it so ([`Blobs::tidy`]). Who shares writes his
//! mark within minutes of having read the other's. Had the first look not seen that one, it would
//! be younger than half a day, and a mark so young is not taken away (the ledger waits for thirty
//! days): the second look sees it. A file sent anew has another name for its bytes.
mod address;
mod pieces;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectMeta};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use register::{AgencyId, BlobId, Moment};
use sync::wire::{Hex, PartHashes, PartMarks};

use super::folder::Looked;
use super::{Blobs, BlobsInFolder, Bytes, Finished, OnStored, OnWhole, Put, Upload};
use crate::fault::StorageFault;
use crate::http::chance;
use crate::storage::Found;

pub(crate) use self::address::Credentials;
pub use self::address::{BucketAddress, CREDENTIALS_FILE, NoBucket, NoCredentials};
use self::pieces::{PIECE_BYTES, Pieces};
use self::way::Way;

/// Bytes of a file that goes up, in memory at once and sent in one call; stores take none below
/// five mebibytes but the last.
const SENT_AT_ONCE: usize = 8 << 20;
/// A file is taken away while the writer waits: one try, and tomorrow again.
const REMOVE_WAIT: Duration = Duration::from_secs(2);
/// Who finishes a file while it, or too many others, go up waits for the end of that, so long.
const OTHER_WAIT: Duration = Duration::from_secs(5);
/// Bytes that nobody has stay so long after a look has seen that.
const UNHELD_KEPT_MS: i64 = 12 * 3_600_000;
/// Of those as many are kept in mind; what is over it is seen by a later look.
const UNHELD_MAX: usize = 100_000;
/// Files that go up at once, each with its bytes in memory.
const STORING_MAX: usize = 8;
/// Threads that turn what calls have under way.
const THREADS: usize = 2;
const FILES: &str = "files";
const HELD: &str = "held";

/// The name of bytes, thrown anew for each time a file goes up.
type Copy = [u8; 16];

/// Files of all agencies in one object store.
pub struct BlobsInBucket {
    way: Arc<Way>,
    parts: BlobsInFolder,
    /// Files that are going up.
    storing: Mutex<BTreeSet<(AgencyId, BlobId)>>,
    stored: Condvar,
    /// Bytes that nobody had at the last look, and when that was first seen.
    unheld: Mutex<BTreeMap<(BlobId, Copy), Moment>>,
    /// None only while this is dropped.
    runtime: Option<Runtime>,
}

/// A file that goes up: nobody else of this process brings it until this is dropped.
struct Storing<'b> {
    blobs: &'b BlobsInBucket,
    what: (AgencyId, BlobId),
}

impl Drop for Storing<'_> {
    fn drop(&mut self) {
        let mut storing = self.blobs.storing.lock().unwrap_or_else(PoisonError::into_inner);
        storing.remove(&self.what);
        self.blobs.stored.notify_all();
    }
}

/// What became of bytes that went up.
#[derive(PartialEq, Eq)]
pub(crate) enum Sent {
    /// They are in the store.
    Whole,
    /// They were not what their name says; nothing of them is there.
    Wrong,
}

fn reading(source: io::Error) -> StorageFault {
    let doing = "reading a whole file";
    StorageFault::Io { doing, path: PathBuf::new(), source }
}

/// The next bytes of a file, as many as go up together.
fn next_of(file: &mut File, hash: &mut Sha256) -> Found<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(SENT_AT_ONCE as u64).read_to_end(&mut bytes).map_err(reading)?;
    hash.update(&bytes);
    Ok(bytes)
}

fn last_two(at: &Path) -> Option<(BlobId, Copy)> {
    let mut parts: Vec<_> = at.parts().collect();
    let copy = Hex::<16>::parse(parts.pop()?.as_ref())?.0;
    let blob = BlobId::parse(parts.pop()?.as_ref()).ok()?;
    Some((blob, copy))
}

fn written(about: &ObjectMeta) -> Moment {
    Moment(about.last_modified.timestamp_millis())
}

impl BlobsInBucket {
    /// Files at an address; `parts` is the folder of what is under way.
    ///
    /// # Errors
    /// An address or a key that cannot be used; no call is made.
    pub(crate) fn open(
        address: &BucketAddress,
        credentials: &Credentials,
        parts: BlobsInFolder,
    ) -> Found<BlobsInBucket> {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        runtime.worker_threads(THREADS).thread_name("bucket").enable_all();
        let runtime = runtime.build().map_err(|source| StorageFault::Io {
            doing: "starting the way to the object store",
            path: PathBuf::new(),
            source,
        })?;
        Ok(BlobsInBucket {
            way: Arc::new(Way::new(address, credentials)?),
            parts,
            storing: Mutex::default(),
            stored: Condvar::new(),
            unheld: Mutex::default(),
            runtime: Some(runtime),
        })
    }

    /// Tries the store as files will use it: writes, reads, lists and takes away.
    ///
    /// # Errors
    /// Whatever of it does not work.
    pub fn try_out(&self) -> Found<()> {
        let nobody = AgencyId([0; 16]);
        let blob = BlobId(Sha256::digest(b"").into());
        let copy = chance()?;
        self.wait(async {
            let mark = self.mark(nobody, blob, copy);
            self.way.put(&mark, Vec::new()).await?;
            let found = self.copies(nobody, blob).await?;
            self.way.remove(&mark).await?;
            let is_there = found.contains(&copy);
            is_there.then_some(()).ok_or(StorageFault::Form { what: "list of the object store" })
        })
    }

    /// Waits for calls; on a thread that may wait.
    fn wait<T>(&self, calls: impl Future<Output = Found<T>>) -> Found<T> {
        let runtime = self.runtime.as_ref().ok_or(StorageFault::WriterGone)?;
        runtime.block_on(calls)
    }

    fn bytes_at(&self, blob: BlobId, copy: Copy) -> Path {
        self.way.name([FILES, &blob.hex(), &Hex(copy).to_string()])
    }

    fn mark(&self, org: AgencyId, blob: BlobId, copy: Copy) -> Path {
        self.way.name([HELD, &org.hex(), &blob.hex(), &Hex(copy).to_string()])
    }

    /// The copies of a file that an agency has marks of.
    async fn copies(&self, org: AgencyId, blob: BlobId) -> Found<Vec<Copy>> {
        let mut copies = Vec::new();
        let below = self.way.name([HELD, &org.hex(), &blob.hex()]);
        let on =
            |about: &ObjectMeta| copies.extend(last_two(&about.location).map(|(_, copy)| copy));
        self.way.list(&below, on).await?;
        Ok(copies)
    }

    /// A copy that an agency has and whose bytes are there, and how many these are.
    async fn held(&self, org: AgencyId, blob: BlobId) -> Found<Option<(Copy, u64)>> {
        for copy in self.copies(org, blob).await? {
            if let Some(size) = self.way.size(&self.bytes_at(blob, copy)).await? {
                return Ok(Some((copy, size)));
            }
        }
        Ok(None)
    }

    /// The place among those who bring files; who brings the same one is waited for.
    fn storing(&self, what: (AgencyId, BlobId)) -> Found<Storing<'_>> {
        let storing = self.storing.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |all: &BTreeSet<_>| all.contains(&what) || all.len() >= STORING_MAX;
        let waited = self.stored.wait_timeout_while(storing, OTHER_WAIT, |all| is_taken(all));
        let (mut storing, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if is_taken(&storing) {
            return Err(StorageFault::BucketAway { doing: "waiting for other files" });
        }
        storing.insert(what);
        Ok(Storing { blobs: self, what })
    }

    /// Brings a whole file of an agency into the store, unless it is there.
    pub(crate) fn bring(&self, (org, blob): (AgencyId, BlobId), file: File) -> Found<Sent> {
        if self.wait(self.held(org, blob))?.is_some() {
            return Ok(Sent::Whole);
        }
        let copy = chance()?;
        if self.bring_bytes(&self.bytes_at(blob, copy), blob, file)? == Sent::Wrong {
            return Ok(Sent::Wrong);
        }
        self.wait(self.way.put(&self.mark(org, blob, copy), Vec::new()))?;
        Ok(Sent::Whole)
    }

    fn bring_bytes(&self, to: &Path, blob: BlobId, mut file: File) -> Found<Sent> {
        let mut hash = Sha256::new();
        let first = next_of(&mut file, &mut hash)?;
        if first.len() < SENT_AT_ONCE {
            if hash.finalize().as_slice() != blob.0 {
                return Ok(Sent::Wrong);
            }
            self.wait(self.way.put(to, first))?;
            return Ok(Sent::Whole);
        }
        let mut sent = self.wait(self.way.begin(to))?;
        let brought = self.bring_pieces(&mut *sent, (first, hash), (blob, file));
        if !matches!(brought, Ok(Sent::Whole)) {
            self.wait(async {
                self.way.give_up(&mut *sent).await;
                Ok(())
            })?;
        }
        brought
    }

    fn bring_pieces(
        &self,
        sent: &mut dyn MultipartUpload,
        (first, mut hash): (Vec<u8>, Sha256),
        (blob, mut file): (BlobId, File),
    ) -> Found<Sent> {
        let mut bytes = first;
        while !bytes.is_empty() {
            self.wait(self.way.send(sent, bytes))?;
            bytes = next_of(&mut file, &mut hash)?;
        }
        if hash.finalize().as_slice() != blob.0 {
            return Ok(Sent::Wrong);
        }
        self.wait(self.way.complete(sent))?;
        Ok(Sent::Whole)
    }

    /// Every copy that some agency has a mark of.
    async fn marked(&self) -> Found<BTreeSet<(BlobId, Copy)>> {
        let mut marked = BTreeSet::new();
        let on = |about: &ObjectMeta| marked.extend(last_two(&about.location));
        self.way.list(&self.way.name([HELD]), on).await?;
        Ok(marked)
    }

    /// Looks for bytes that nobody has; those to be taken away now.
    async fn look_for_unheld(&self, now: Moment) -> Found<Vec<(BlobId, Copy)>> {
        let marked = self.marked().await?;
        let mut unheld = BTreeSet::new();
        self.way
            .list(&self.way.name([FILES]), |about| {
                let copy = last_two(&about.location).filter(|copy| !marked.contains(copy));
                unheld.extend(copy.filter(|_| unheld.len() < UNHELD_MAX));
            })
            .await?;
        let mut seen = self.unheld.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|copy, _| unheld.contains(copy));
        for copy in unheld {
            seen.entry(copy).or_insert(now);
        }
        let is_old = |since: &Moment| since.0.saturating_add(UNHELD_KEPT_MS) <= now.0;
        Ok(seen.iter().filter(|(_, since)| is_old(since)).map(|(copy, _)| *copy).collect())
    }
}

impl Blobs for BlobsInBucket {
    fn size(&self, org: AgencyId, blob: BlobId) -> Found<Option<u64>> {
        Ok(self.wait(self.held(org, blob))?.map(|(_, size)| size))
    }

    fn read(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<Bytes>> {
        let Some((copy, size)) = self.wait(self.held(org, blob))? else { return Ok(None) };
        let span = (from, size.min(from.saturating_add(bytes)));
        let runtime = self.runtime.as_ref().ok_or(StorageFault::WriterGone)?.handle().clone();
        let at = self.bytes_at(blob, copy);
        Ok(Some(Box::new(Pieces::new(Arc::clone(&self.way), runtime, at, span))))
    }

    fn hash(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<[u8; 32]>> {
        let Some(mut read) = self.read(org, blob, from, bytes)? else { return Ok(None) };
        self.wait(async {
            let mut hash = Sha256::new();
            let mut piece = vec![0; PIECE_BYTES as usize];
            loop {
                let long = read.read(&mut piece).await.map_err(reading)?;
                let Some(some) = piece.get(..long).filter(|some| !some.is_empty()) else { break };
                hash.update(some);
            }
            Ok(Some(hash.finalize().into()))
        })
    }

    fn read_checked(
        &self,
        org: AgencyId,
        blob: BlobId,
        (from, bytes): (u64, u64),
    ) -> Found<Option<(PartHashes, Bytes)>> {
        self.wait(async {
            for copy in self.copies(org, blob).await? {
                let span = (from, from.saturating_add(bytes));
                if let Some(piece) = self.way.piece(&self.bytes_at(blob, copy), span).await? {
                    let hashes = PartHashes::of(&piece);
                    let read: Bytes = Box::new(io::Cursor::new(piece));
                    return Ok(Some((hashes, read)));
                }
            }
            Ok(None)
        })
    }

    fn stored(&self, org: AgencyId, on: OnStored<'_>) -> Found<()> {
        let mut stored: BTreeMap<BlobId, Moment> = BTreeMap::new();
        let below = self.way.name([HELD, &org.hex()]);
        self.wait(self.way.list(&below, |about| {
            if let Some((blob, _)) = last_two(&about.location) {
                let last = stored.entry(blob).or_insert(Moment(i64::MIN));
                *last = (*last).max(written(about));
            }
        }))?;
        stored.into_iter().for_each(|(blob, at)| on(blob, at));
        Ok(())
    }

    fn remove(&self, org: AgencyId, blob: BlobId) -> Found<()> {
        self.wait(async {
            let removed = timeout(REMOVE_WAIT, async {
                for copy in self.copies(org, blob).await? {
                    self.way.remove(&self.mark(org, blob, copy)).await?;
                }
                Ok(())
            });
            let away = |_| StorageFault::BucketAway { doing: "taking a file out of the store" };
            removed.await.map_err(away)?
        })
    }

    fn share(&self, from: AgencyId, to: AgencyId, blob: BlobId) -> Found<bool> {
        self.wait(async {
            let Some((copy, _)) = self.held(from, blob).await? else { return Ok(false) };
            if self.held(to, blob).await?.is_none() {
                self.way.put(&self.mark(to, blob, copy), Vec::new()).await?;
            }
            Ok(true)
        })
    }

    fn have(&self, upload: &Upload) -> Found<PartMarks> {
        self.parts.have(upload)
    }

    fn put(&self, upload: &Upload, from: u64, bytes: &[u8]) -> Found<Put> {
        self.parts.put(upload, from, bytes)
    }

    fn forget(&self, upload: &Upload) -> Found<()> {
        self.parts.forget(upload)
    }

    fn finish(&self, upload: &Upload, on_whole: OnWhole<'_>) -> Found<Finished> {
        let what = (upload.org, upload.blob);
        let _storing = self.storing(what)?;
        let file = match self.parts.look_over(upload)? {
            Looked::Parts(have) => return Ok(Finished::Parts(have)),
            Looked::Wrong => return Ok(Finished::Wrong),
            Looked::Right(file) => file,
        };
        on_whole()?;
        let sent = self.bring(what, file)?;
        self.parts.forget(upload)?;
        Ok(if sent == Sent::Whole { Finished::Stored } else { Finished::Wrong })
    }

    fn tidy(&self, now: Moment) -> Found<()> {
        let old = self.wait(self.look_for_unheld(now))?;
        for (blob, copy) in &old {
            self.wait(self.way.remove(&self.bytes_at(*blob, *copy)))?;
        }
        if !old.is_empty() {
            tracing::info!(copies = old.len(), "bytes that no agency has are gone");
        }
        Ok(())
    }
}

impl Drop for BlobsInBucket {
    fn drop(&mut self) {
        // Dropped where nobody may wait, too.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
