//! Files in a folder: `<agency>/<ab>/<hash>`, and what is under way in `<agency>/parts`.
use std::fs::{File, OpenOptions, create_dir_all, hard_link, read_dir, remove_file, rename};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt as _;

use register::{AgencyId, BlobId, Moment};
use sync::wire::{PART_BYTES, PartMarks, parts_of};

use super::{Blobs, Bytes, Finished, OnStored, OnWhole, Put, Upload};
use crate::fault::StorageFault;
use crate::storage::Found;

/// Bytes of unfinished files of one agency; each counts as one part at least.
const UNFINISHED_BYTES_MAX: u64 = 4 << 30;
/// What nobody has gone on with for so long is thrown away when room is needed.
const UNFINISHED_KEPT: Duration = Duration::from_secs(7 * 86_400);
/// Uploads that are kept from each other when one of them is finished.
const LOCKS: usize = 64;
const HASHED_AT_ONCE: usize = 256 << 10;
/// Digits of a file's name that name its shelf.
const SHELF_DIGITS: usize = 2;
const PARTS_FOLDER: &str = "parts";
/// Ending of the file with one byte for each part, 1 when it is there.
const MARKS: &str = "marks";

/// Files of all agencies in one folder.
pub struct BlobsInFolder {
    folder: PathBuf,
    unfinished_max: u64,
    /// Held by many who write parts, or by one who finishes: no part changes after it was hashed.
    locks: [RwLock<()>; LOCKS],
}

/// What parts were found to be.
pub(super) enum Looked {
    /// These only are there.
    Parts(PartMarks),
    /// The whole was wrong; every part of it was thrown away.
    Wrong,
    /// The whole file, from its beginning.
    Right(File),
}

/// Says what was being done, and where.
fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StorageFault {
    let path = path.to_path_buf();
    move |source| StorageFault::Io { doing, path, source }
}

/// A file that may be missing.
fn found<T>(opened: io::Result<T>) -> io::Result<Option<T>> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Names of files outlive a power cut only when their folder was written too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> Found<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(at("writing a folder of files", folder))
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Found<()> {
    Ok(())
}

impl BlobsInFolder {
    /// A folder that need not be there yet.
    pub fn new(folder: &Path) -> BlobsInFolder {
        BlobsInFolder {
            folder: folder.to_path_buf(),
            unfinished_max: UNFINISHED_BYTES_MAX,
            locks: [const { RwLock::new(()) }; LOCKS],
        }
    }

    /// The same with another limit for what an agency has under way.
    pub fn with_unfinished_max(self, bytes: u64) -> BlobsInFolder {
        BlobsInFolder { unfinished_max: bytes, ..self }
    }

    fn whole(&self, org: AgencyId, blob: BlobId) -> PathBuf {
        let name = blob.hex();
        let shelf: String = name.chars().take(SHELF_DIGITS).collect();
        self.folder.join(org.hex()).join(shelf).join(name)
    }

    fn parts_folder(&self, org: AgencyId) -> PathBuf {
        self.folder.join(org.hex()).join(PARTS_FOLDER)
    }

    fn parts(&self, upload: &Upload) -> PathBuf {
        let Upload { org, dev, blob, size } = upload;
        self.parts_folder(*org).join(format!("{dev}-{blob}-{size}"))
    }

    fn lock(&self, upload: &Upload) -> Option<&RwLock<()>> {
        let byte = upload.blob.0.first().zip(upload.dev.0.last());
        let which = byte.map_or(0, |(blob, dev)| usize::from(*blob) + usize::from(*dev));
        self.locks.get(which % LOCKS)
    }

    /// Writes folders up to the server's own: any of them may be as new as the file.
    fn sync_above(&self, shelf: &Path) -> Found<()> {
        let above = self.folder.parent().filter(|above| !above.as_os_str().is_empty());
        let last = above.unwrap_or(&self.folder);
        for folder in shelf.ancestors().take_while(|folder| folder.starts_with(last)) {
            sync_folder(folder)?;
        }
        Ok(())
    }

    /// A whole file, from its beginning.
    pub(crate) fn open(&self, org: AgencyId, blob: BlobId) -> Found<Option<File>> {
        let path = self.whole(org, blob);
        found(File::open(&path)).map_err(at("opening a file", &path))
    }

    /// Looks parts over that are stored elsewhere once they are right. They may change after that.
    pub(super) fn look_over(&self, upload: &Upload) -> Found<Looked> {
        let _alone =
            self.lock(upload).map(|lock| lock.write().unwrap_or_else(PoisonError::into_inner));
        self.looked_over(upload, &self.parts(upload))
    }

    /// The same for who is alone with them.
    fn looked_over(&self, upload: &Upload, parts: &Path) -> Found<Looked> {
        let have = self.have(upload)?;
        if have.missing(upload.size).next().is_some() {
            return Ok(Looked::Parts(have));
        }
        let (mut file, hash) =
            opened_and_hashed(parts).map_err(at("looking over a whole file", parts))?;
        if hash != upload.blob.0 {
            remove_parts(parts)?;
            return Ok(Looked::Wrong);
        }
        file.rewind().map_err(at("looking over a whole file", parts))?;
        Ok(Looked::Right(file))
    }

    /// Whether a further file may begin; forgets those nobody goes on with.
    fn has_room(&self, upload: &Upload) -> Found<bool> {
        let folder = self.parts_folder(upload.org);
        create_dir_all(&folder).map_err(at("making a folder of parts", &folder))?;
        let listing = || at("reading a folder of parts", &folder);
        let mut taken = upload.size.max(PART_BYTES);
        for entry in read_dir(&folder).map_err(listing())? {
            let path = entry.map_err(listing())?.path();
            // What is gone meanwhile was finished.
            let Some(about) = found(path.metadata()).map_err(listing())? else { continue };
            let age = about.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            if age > UNFINISHED_KEPT {
                found(remove_file(&path)).map_err(at("forgetting parts", &path))?;
            } else if path.extension().is_none() {
                taken = taken.saturating_add(about.len().max(PART_BYTES));
            }
        }
        Ok(taken <= self.unfinished_max)
    }

    /// The file that parts are written into; none when there is no room for it.
    fn begun(&self, upload: &Upload, parts: &Path) -> Found<Option<File>> {
        let open = |make: &OpenOptions| found(make.open(parts)).map_err(at("opening parts", parts));
        if let Some(there) = open(OpenOptions::new().write(true))? {
            return Ok(Some(there));
        }
        if !self.has_room(upload)? {
            return Ok(None);
        }
        // Marks without parts are what a kill between two steps left.
        let marks = parts.with_extension(MARKS);
        found(remove_file(&marks)).map_err(at("forgetting marks", &marks))?;
        let made = open(OpenOptions::new().write(true).create(true))?;
        if let Some(made) = &made {
            made.set_len(upload.size).map_err(at("making room for parts", parts))?;
        }
        Ok(made)
    }
}

fn remove_parts(parts: &Path) -> Found<()> {
    let marks = parts.with_extension(MARKS);
    for path in [&marks, parts] {
        found(remove_file(path)).map_err(at("forgetting parts", path))?;
    }
    Ok(())
}

fn write_at(mut file: &File, from: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(from))?;
    file.write_all(bytes)
}

fn hash_of(from: &mut impl Read) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut bytes = vec![0; HASHED_AT_ONCE];
    loop {
        let read = from.read(&mut bytes)?;
        let Some(read) = bytes.get(..read).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
    }
    Ok(hash.finalize().into())
}

fn opened_and_hashed(path: &Path) -> io::Result<(File, [u8; 32])> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let hash = hash_of(&mut file)?;
    Ok((file, hash))
}

impl Blobs for BlobsInFolder {
    fn size(&self, org: AgencyId, blob: BlobId) -> Found<Option<u64>> {
        let path = self.whole(org, blob);
        let about = found(path.metadata()).map_err(at("looking for a file", &path))?;
        Ok(about.map(|about| about.len()))
    }

    fn read(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<Bytes>> {
        let path = self.whole(org, blob);
        let Some(mut file) = self.open(org, blob)? else { return Ok(None) };
        file.seek(SeekFrom::Start(from)).map_err(at("reading a file", &path))?;
        Ok(Some(Box::new(tokio::fs::File::from_std(file).take(bytes))))
    }

    fn hash(&self, org: AgencyId, blob: BlobId, from: u64, bytes: u64) -> Found<Option<[u8; 32]>> {
        let path = self.whole(org, blob);
        let Some(mut file) = self.open(org, blob)? else { return Ok(None) };
        file.seek(SeekFrom::Start(from)).map_err(at("reading a file", &path))?;
        let hash = hash_of(&mut file.take(bytes)).map_err(at("reading a file", &path))?;
        Ok(Some(hash))
    }

    fn stored(&self, org: AgencyId, on: OnStored<'_>) -> Found<()> {
        let folder = self.folder.join(org.hex());
        let listing = || at("listing files", &folder);
        let Some(shelves) = found(read_dir(&folder)).map_err(listing())? else { return Ok(()) };
        for shelf in shelves {
            let shelf = shelf.map_err(listing())?.path();
            if shelf.file_name().is_some_and(|name| name.len() != SHELF_DIGITS) {
                continue;
            }
            for file in read_dir(&shelf).map_err(listing())? {
                let file = file.map_err(listing())?;
                let name = file.file_name().into_string().ok();
                let Some(blob) = name.and_then(|name| BlobId::parse(&name).ok()) else { continue };
                let about = file.metadata().map_err(listing())?;
                let written = about.modified().map_err(listing())?;
                let since = written.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
                on(blob, Moment(i64::try_from(since).unwrap_or(i64::MAX)));
            }
        }
        Ok(())
    }

    fn remove(&self, org: AgencyId, blob: BlobId) -> Found<()> {
        let path = self.whole(org, blob);
        found(remove_file(&path)).map_err(at("taking a file away", &path)).map(|_| ())
    }

    fn share(&self, from: AgencyId, to: AgencyId, blob: BlobId) -> Found<bool> {
        if self.size(from, blob)?.is_none() {
            return Ok(false);
        }
        if self.size(to, blob)?.is_some() {
            return Ok(true);
        }
        let (theirs, ours) = (self.whole(from, blob), self.whole(to, blob));
        let shelf = ours.parent().unwrap_or(&self.folder);
        create_dir_all(shelf).map_err(at("making a folder of files", shelf))?;
        match found(hard_link(&theirs, &ours)) {
            Ok(linked) if linked.is_none() => return Ok(false),
            Ok(_) => {}
            // Two at once: the bytes are the same.
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {}
            Err(fault) => return Err(at("sharing a file", &ours)(fault)),
        }
        self.sync_above(shelf)?;
        Ok(true)
    }

    fn have(&self, upload: &Upload) -> Found<PartMarks> {
        let (mut marks, parts) = (PartMarks::default(), self.parts(upload));
        let path = parts.with_extension(MARKS);
        let read = found(std::fs::read(&path)).map_err(at("reading marks", &path))?;
        let there = parts.try_exists().map_err(at("looking for parts", &parts))?;
        for (part, mark) in (0..parts_of(upload.size)).zip(read.unwrap_or_default()) {
            if there && mark == 1 {
                marks.set(part);
            }
        }
        Ok(marks)
    }

    fn put(&self, upload: &Upload, from: u64, bytes: &[u8]) -> Found<Put> {
        let parts = self.parts(upload);
        let lock =
            self.lock(upload).map(|lock| lock.read().unwrap_or_else(PoisonError::into_inner));
        let Some(file) = self.begun(upload, &parts)? else { return Ok(Put::NoRoom) };
        write_at(&file, from, bytes).map_err(at("keeping a part", &parts))?;
        // A part is marked only once it is there. A power cut may turn that round; then the whole
        // is wrong, and is sent again.
        let path = parts.with_extension(MARKS);
        let marked: Vec<u8> = (0..parts_of(bytes.len() as u64)).map(|_| 1).collect();
        let marks = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        marks
            .and_then(|marks| write_at(&marks, from / PART_BYTES, &marked))
            .map_err(at("marking a part", &path))?;
        drop(lock);
        Ok(Put::Kept(self.have(upload)?))
    }

    fn forget(&self, upload: &Upload) -> Found<()> {
        let _alone =
            self.lock(upload).map(|lock| lock.write().unwrap_or_else(PoisonError::into_inner));
        remove_parts(&self.parts(upload))
    }

    fn finish(&self, upload: &Upload, on_whole: OnWhole<'_>) -> Found<Finished> {
        let parts = self.parts(upload);
        let _alone =
            self.lock(upload).map(|lock| lock.write().unwrap_or_else(PoisonError::into_inner));
        let file = match self.looked_over(upload, &parts)? {
            Looked::Parts(have) => return Ok(Finished::Parts(have)),
            Looked::Wrong => return Ok(Finished::Wrong),
            Looked::Right(file) => file,
        };
        file.sync_all().map_err(at("writing a whole file", &parts))?;
        on_whole()?;
        let whole = self.whole(upload.org, upload.blob);
        let shelf = whole.parent().unwrap_or(&self.folder);
        create_dir_all(shelf).map_err(at("making a folder of files", shelf))?;
        // One that is there has the same bytes: its name says so.
        if self.size(upload.org, upload.blob)?.is_none() {
            rename(&parts, &whole).map_err(at("storing a file", &whole))?;
        }
        self.sync_above(shelf)?;
        remove_parts(&parts)?;
        Ok(Finished::Stored)
    }
}
