//! What goes to another server on a stick, and what comes from it: the same bags as over the line.
//!
//! Any file may be read twice, in any order, late, or after the same went over the line.
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{File, rename};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use register::{AgencyId, BlobId, Moment, PublicKey};
use sync::peer::SealedBag;
use sync::wire::{BLOB_BYTES_MAX, Hex, Hex32, PARTS_BYTES_MAX};

use super::PartReader;
use super::stick::{Frame, STICK_BYTES_MAX, StickFault, StickReader, StickWriter};
use crate::blobs::{Blobs, Finished, Put, Upload};
use crate::fault::StorageFault;
use crate::ledger::{FromStick, House, Ledger, Which};

/// Matters that go on one stick; what is left goes on the next.
const STICK_POSTS_MAX: u32 = 100_000;
/// Matters in one bag on a stick: so many fit, however large each is.
const TOGETHER: usize = 32;
/// How often what was just said is looked over for where it goes.
const SORTED_MAX: usize = 1_000;
/// What the name of an answer ends with, behind that of the file it answers.
const ANSWER_END: &str = ".answer";
/// Room that is left for what is behind the last file.
const ROOM_BYTES: u64 = 1 << 30;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OnStick {
    /// Matters.
    pub posts: usize,
    /// Files of documents.
    pub files: usize,
    /// Matters that found no room, or whose files are not whole here.
    pub left: usize,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// The name of the server it is of.
    pub from: String,
    /// Matters that are in a log here, since now or before.
    pub entered: usize,
    /// Matters that were not taken.
    pub refused: usize,
    /// Our own matters that were taken out, because the other has them.
    pub settled: usize,
    /// The answer, where there is something to say.
    pub answer: Option<(PathBuf, OnStick)>,
}

type Writer<'i> = StickWriter<'i, BufWriter<File>>;

fn chance() -> Result<[u8; 48], StickFault> {
    crate::http::chance().map_err(|_| StickFault::Randomness)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(end);
    PathBuf::from(name)
}

/// Writes a file whole or not at all.
fn written<T>(
    path: &Path,
    (ledger, to): (&Ledger, Hex32),
    write: impl FnOnce(&mut Writer<'_>) -> Result<T, StickFault>,
) -> Result<T, StickFault> {
    let part = with_end(path, ".part");
    let file = BufWriter::new(File::create(&part)?);
    let mut writer = StickWriter::begin(file, (ledger.identity(), to), chance()?)?;
    let made = write(&mut writer)?;
    let file = writer.end()?.into_inner().map_err(|fault| fault.into_error())?;
    file.sync_all()?;
    rename(&part, path)?;
    Ok(made)
}

/// Writes what waits for a server into a file, with the files of its documents.
///
/// # Errors
/// Faults of ledger and disk.
pub fn pack(
    ledger: &Ledger,
    key: PublicKey,
    (path, now): (&Path, Moment),
) -> Result<OnStick, StickFault> {
    written(path, (ledger, Hex(key.0)), |writer| add_waiting(ledger, key, (writer, now)))
}

/// What was just said may not have been looked at: it may be for the other server too.
fn sort(ledger: &Ledger, now: Moment) -> Result<(), StickFault> {
    for _ in 0..SORTED_MAX {
        if ledger.carry(now)?.done == 0 {
            break;
        }
    }
    Ok(())
}

fn add_waiting(
    ledger: &Ledger,
    key: PublicKey,
    (writer, now): (&mut Writer<'_>, Moment),
) -> Result<OnStick, StickFault> {
    sort(ledger, now)?;
    let greeting = ledger.pack(key, Which::Named(&[]), now)?;
    writer.add(&Frame::Bag(Box::new(greeting.sealed)))?;
    let names = ledger.names_for(key, STICK_POSTS_MAX)?;
    let (mut on, mut files) = (OnStick::default(), BTreeSet::new());
    let reader = PartReader::new().map_err(StickFault::File)?;
    for some in names.chunks(TOGETHER) {
        let packed = ledger.pack(key, Which::Named(some), now)?;
        let new = packed.files.iter().filter(|(blob, _)| !files.contains(*blob));
        let bytes: u64 = new.clone().map(|(_, (_, size))| *size).sum();
        if writer.written.saturating_add(bytes).saturating_add(ROOM_BYTES) > STICK_BYTES_MAX {
            break;
        }
        for (blob, (org, size)) in new {
            add_file((ledger, &reader), writer, (*org, *blob, *size))?;
        }
        files.extend(packed.files.keys().copied());
        on.posts += packed.posts;
        if packed.posts > 0 {
            writer.add(&Frame::Bag(Box::new(packed.sealed)))?;
        }
    }
    (on.files, on.left) = (files.len(), names.len().saturating_sub(on.posts));
    Ok(on)
}

fn add_file(
    (ledger, reader): (&Ledger, &PartReader),
    writer: &mut Writer<'_>,
    (org, blob, size): (AgencyId, BlobId, u64),
) -> Result<(), StickFault> {
    writer.add(&Frame::File(blob, size))?;
    let mut from = 0;
    while from < size {
        let many = PARTS_BYTES_MAX.min(size - from);
        let bytes = reader.read(ledger, (org, blob), (from, many)).map_err(StickFault::File)?;
        writer.add(&Frame::Bytes(bytes))?;
        from += many;
    }
    Ok(())
}

/// Looks a whole file over, so that one that was changed anywhere does nothing.
fn look_over(ledger: &Ledger, path: &Path) -> Result<Hex32, StickFault> {
    if path.metadata()?.len() > STICK_BYTES_MAX {
        return Err(StickFault::TooLarge);
    }
    let mut reader = opened(ledger, path)?;
    let by = reader.by;
    if ledger.peer(PublicKey(by.0))?.is_none() {
        return Err(StickFault::Stranger(by));
    }
    while reader.next()?.is_some() {}
    Ok(by)
}

fn opened(ledger: &Ledger, path: &Path) -> Result<StickReader<BufReader<File>>, StickFault> {
    StickReader::begin(BufReader::new(File::open(path)?), ledger.identity())
}

/// Enters what a file brings, and writes the answer beside it: what became of it, and what waits to
/// go the other way.
///
/// # Errors
/// A file that is not whole, of nobody who is known, or for somebody else: nothing was done then.
/// Faults of ledger and disk: what was entered stays, and the file may be read again.
pub fn unpack(ledger: &Ledger, path: &Path, now: Moment) -> Result<Unpacked, StickFault> {
    let by = look_over(ledger, path)?;
    let key = PublicKey(by.0);
    let mut taking = TakingIn::new(ledger, key, now);
    let mut reader = opened(ledger, path)?;
    while let Some(frame) = reader.next()? {
        taking.take(frame)?;
    }
    taking.ends()?;
    let TakingIn { entered, refused, settled, answers, is_answer, .. } = taking;
    sort(ledger, now)?;
    let waits = ledger.waits_for(key)?;
    let answer = if entered + refused > 0 || (waits > 0 && !is_answer) {
        let to = with_end(path, ANSWER_END);
        let on = written(&to, (ledger, by), |writer| {
            for answer in answers {
                writer.add(&Frame::Bag(Box::new(answer)))?;
            }
            add_waiting(ledger, key, (writer, now))
        })?;
        Some((to, on))
    } else {
        None
    };
    let from = ledger.peer(key)?.map(|peer| peer.name).unwrap_or_default();
    Ok(Unpacked { from, entered, refused, settled, answer })
}

/// A file that is being read.
struct TakingIn<'l> {
    ledger: &'l Ledger,
    key: PublicKey,
    now: Moment,
    /// The file that began last, and how far it has come; none where it is here already.
    file: Option<(Upload, u64)>,
    /// Bytes of that file that are here already.
    passed: Option<u64>,
    entered: usize,
    refused: usize,
    settled: usize,
    /// What is said of that, without what else a bag says: some kilobytes for each bag.
    answers: Vec<SealedBag>,
    is_answer: bool,
}

impl<'l> TakingIn<'l> {
    fn new(ledger: &'l Ledger, key: PublicKey, now: Moment) -> TakingIn<'l> {
        let (file, passed, answers, is_answer) = (None, None, Vec::new(), false);
        let (entered, refused, settled) = (0, 0, 0);
        TakingIn { ledger, key, now, file, passed, entered, refused, settled, answers, is_answer }
    }

    fn blobs(&self) -> Result<&'l dyn Blobs, StickFault> {
        self.ledger.files().ok_or(StickFault::NoRoom)
    }

    fn take(&mut self, frame: Frame) -> Result<(), StickFault> {
        match frame {
            Frame::File(blob, size) => self.begins(blob, size),
            Frame::Bytes(bytes) => self.goes_on(&bytes),
            Frame::Bag(bag) => self.says(&bag),
        }
    }

    fn says(&mut self, bag: &SealedBag) -> Result<(), StickFault> {
        self.ends()?;
        if PublicKey(bag.seal.from.0) != self.key {
            return Err(StickFault::Broken);
        }
        let FromStick { entered, refused, settled, is_answer, answer } =
            self.ledger.take_from_stick(bag, self.now)?;
        self.is_answer |= is_answer;
        self.entered += entered;
        self.refused += refused;
        self.settled += settled;
        self.answers.extend(answer);
        if self.entered + self.refused > STICK_POSTS_MAX as usize {
            return Err(StickFault::TooLarge);
        }
        Ok(())
    }

    fn begins(&mut self, blob: BlobId, size: u64) -> Result<(), StickFault> {
        self.ends()?;
        if !(1..=BLOB_BYTES_MAX).contains(&size) {
            return Err(StickFault::Broken);
        }
        let house = House::of(self.key);
        if self.blobs()?.size(house.name(), blob).map_err(storage)?.is_some() {
            self.passed = Some(size);
        } else {
            self.file = Some((house.upload(blob, size), 0));
        }
        Ok(())
    }

    fn goes_on(&mut self, bytes: &[u8]) -> Result<(), StickFault> {
        let many = bytes.len() as u64;
        if let Some(left) = &mut self.passed {
            *left = left.checked_sub(many).ok_or(StickFault::Broken)?;
            return Ok(());
        }
        let blobs = self.blobs()?;
        let (upload, from) = self.file.as_mut().ok_or(StickFault::Broken)?;
        let end = from.saturating_add(many);
        let is_whole = many == PARTS_BYTES_MAX || end == upload.size;
        if many == 0 || end > upload.size || !is_whole {
            return Err(StickFault::Broken);
        }
        match blobs.put(upload, *from, bytes).map_err(storage)? {
            Put::Kept(_) => *from = end,
            Put::NoRoom => return Err(StickFault::NoRoom),
        }
        Ok(())
    }

    /// The file that began last is whole.
    fn ends(&mut self) -> Result<(), StickFault> {
        if self.passed.take().is_some_and(|left| left > 0) {
            return Err(StickFault::Broken);
        }
        let Some((upload, _)) = self.file.take() else { return Ok(()) };
        match self.blobs()?.finish(&upload, &mut || Ok(())).map_err(storage)? {
            Finished::Stored => Ok(()),
            Finished::Parts(_) | Finished::Wrong => Err(StickFault::Broken),
        }
    }
}

fn storage(fault: StorageFault) -> StickFault {
    StickFault::Ledger(fault.into())
}
