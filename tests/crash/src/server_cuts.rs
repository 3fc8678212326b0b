//! Power cuts of a server: what it did to its folder is recorded, and undone where not synced.
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use register::{AgencyId, BlobId, DeviceId};
use server::{
    BLOBS_FOLDER, Blobs as _, BlobsInFolder, Finished, Identity, Proof, Put, STORAGE_FILE,
    SqliteStorage, Upload, looked_up,
};
use sync::wire::{PART_BYTES, parts_of};

use crate::chance::Chance;
use crate::desk_cuts::lay_out;
use crate::disk::{Disk, Survival};
use crate::registrar::READY;
use crate::server_at_work::TAKEN;
use crate::shown::Tally;
use crate::trace::{Event, read};

/// Documents, each with a file, that the recorded server takes.
const DOCUMENTS: u64 = 30;
/// An unfinished file is sent again this often at most: once what is missing, once all of it.
const SENT_AGAIN_MAX: u32 = 2;

/// What a server did, and the files that went to it.
pub struct Recorded {
    folder: PathBuf,
    events: Vec<Event>,
    files: BTreeMap<BlobId, Vec<u8>>,
}

/// A document and its file that the server has said to have.
type Taken = (String, BlobId);

impl Recorded {
    /// What it did, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same without the syncs of folders: what a careless program would have done.
    #[must_use]
    pub fn without_syncs_of_folders(mut self) -> Recorded {
        let mut disk = Disk::default();
        self.events.retain(|event| {
            event.replay(&mut disk);
            !matches!(event, Event::Synced(path) if disk.find(path).is_none())
        });
        self
    }

    /// The same without the syncs of the storage's log: as with `synchronous=NORMAL`.
    #[must_use]
    pub fn without_syncs_of_the_log(mut self) -> Recorded {
        let is_log = |path: &Path| path.to_string_lossy().ends_with("-wal");
        self.events.retain(|event| !matches!(event, Event::Synced(path) if is_log(path)));
        self
    }
}

/// Lets a server take what a desk brings, and records what it does to its folder.
///
/// # Errors
/// When server or desk fail, or nothing was recorded.
pub fn record(program: &Path) -> Result<Recorded> {
    let scratch = tempfile::tempdir().context("making a folder")?;
    let folder = scratch.path().join("server");
    fs::create_dir(&folder).context("making the server's folder")?;
    let folder = folder.canonicalize().context("finding the server's folder")?;
    let trace = scratch.path().join("trace");
    let mut server = Command::new(program);
    server.arg("server").arg(&folder).arg(scratch.path().join("profile"));
    server.arg("--documents").arg(DOCUMENTS.to_string()).arg("--trace").arg(&trace);
    let ended = server.stdin(Stdio::null()).output().context("starting the server")?;
    let complaint = String::from_utf8_lossy(&ended.stderr);
    anyhow::ensure!(ended.status.success(), "the server failed: {complaint}");
    let events = fs::read(&trace).context("reading what was recorded")?;
    let events = read(&events).context("the record is broken")?;
    let taken = taken_in(&events)?;
    anyhow::ensure!(taken.len() as u64 == DOCUMENTS, "not all was recorded");
    let (storage, org) = opened(&folder)?;
    drop(storage);
    let blobs = folder.join(BLOBS_FOLDER).join(org.hex());
    let file = |(_, blob): &Taken| {
        let (name, shelf) = (blob.hex(), blob.hex().chars().take(2).collect::<String>());
        let bytes = fs::read(blobs.join(shelf).join(name)).context("a file that was taken")?;
        Ok((*blob, bytes))
    };
    let files = taken.iter().map(file).collect::<Result<_>>()?;
    Ok(Recorded { folder, events, files })
}

/// Cuts the power of a recorded server so many times.
///
/// # Errors
/// When the test itself cannot run; what the cuts did is in the tally.
pub fn cut_server(recorded: &Recorded, seeds: std::ops::Range<u64>) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut shown = 0;
    for seed in seeds {
        let mut chance = Chance::new(seed);
        let until = 1 + chance.below(recorded.events.len() as u64);
        let until = usize::try_from(until).context("counting events")?;
        let before = recorded.events.get(..until).unwrap_or_default();
        let survival = Survival::any(&mut chance);
        let mut disk = Disk::default();
        before.iter().for_each(|event| event.replay(&mut disk));
        let disk = disk.after_a_cut(survival, &mut chance);
        let folder = tempfile::tempdir().context("making a folder")?;
        lay_out(&disk, &recorded.folder, folder.path())?;
        let mut of_this = Tally { ends: 1, ..Tally::default() };
        // Before it was ready nothing had been said that could be missed.
        if before.iter().any(is_ready) {
            let taken = taken_in(before)?;
            shown += taken.len();
            of_this.shown = taken.len() as u64;
            if let Err(fault) = look(folder.path(), &recorded.files, &taken, &mut of_this) {
                of_this.lost += taken.len() as u64;
                of_this.unclean(format!("the server does not open: {fault:?}"));
            }
        }
        tally.take_in(of_this, &format!("seed {seed}, {survival:?} at event {until}"));
    }
    anyhow::ensure!(shown > 0, "the cuts came before anything was taken");
    Ok(tally)
}

fn is_ready(event: &Event) -> bool {
    let Event::Said(said) = event else { return false };
    said.starts_with(READY.as_bytes())
}

fn taken_in(events: &[Event]) -> Result<Vec<Taken>> {
    let mut taken = Vec::new();
    for event in events {
        let Event::Said(said) = event else { continue };
        for line in String::from_utf8_lossy(said).lines() {
            let Some((id, blob)) =
                line.strip_prefix(TAKEN).and_then(|rest| rest.trim().split_once(' '))
            else {
                continue;
            };
            taken.push((id.to_owned(), BlobId::parse(blob).ok().context("no file")?));
        }
    }
    Ok(taken)
}

/// The storage of a server's folder and its one agency.
fn opened(folder: &Path) -> Result<(SqliteStorage, AgencyId)> {
    let storage = SqliteStorage::open(&folder.join(STORAGE_FILE)).context("opening the storage")?;
    let agencies = looked_up(&storage, |reading| reading.orgs())?;
    Ok((storage, *agencies.first().context("no agency")?))
}

/// What was said to be taken is in the log once, its file is whole and may be read; the rest stands
/// as the server itself looks it over, and goes on.
fn look(
    folder: &Path,
    files: &BTreeMap<BlobId, Vec<u8>>,
    taken: &[Taken],
    tally: &mut Tally,
) -> Result<()> {
    let identity = Identity::open(folder).context("opening the server's key")?;
    let (storage, org) = opened(folder)?;
    for agency in server::verify(&storage, &identity)? {
        if !agency.flaws.is_empty() {
            tally.unclean(format!("{:?}", agency.flaws));
        }
    }
    let mut log = Vec::new();
    looked_up(&storage, |reading| {
        reading.entries(org, 1, &mut |entry| {
            log.push(String::from_utf8_lossy(&entry.envelope.raw).into_owned());
            ControlFlow::Continue(())
        })
    })?;
    let blobs = BlobsInFolder::new(&folder.join(BLOBS_FOLDER));
    for (id, blob) in taken {
        match log.iter().filter(|raw| raw.contains(id.as_str())).count() {
            1 => {}
            0 => {
                tally.lost += 1;
                tally.unclean(format!("document {id} was taken and is lost"));
            }
            _ => tally.doubled += 1,
        }
        let bytes = files.get(blob).map_or(0, Vec::len) as u64;
        let uses = looked_up(&storage, |reading| reading.blob_uses(org, *blob))?;
        let may_be_read = uses.iter().any(|named| named.proof == Proof::Proven);
        if blobs.hash(org, *blob, 0, bytes)? != Some(blob.0) || !may_be_read {
            tally.lost += 1;
            tally.unclean(format!("file {blob} was taken and is lost"));
        }
    }
    goes_on(folder, (&blobs, org), files, tally)
}

/// Files that were on their way are whole once they were sent again.
fn goes_on(
    folder: &Path,
    (blobs, org): (&BlobsInFolder, AgencyId),
    files: &BTreeMap<BlobId, Vec<u8>>,
    tally: &mut Tally,
) -> Result<()> {
    let parts = folder.join(BLOBS_FOLDER).join(org.hex()).join("parts");
    for entry in fs::read_dir(parts).into_iter().flatten() {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let words: Vec<&str> = name.split('-').collect();
        let [dev, blob, size] = words.as_slice() else { continue };
        let Ok(size) = size.parse() else { continue };
        let dev = DeviceId::parse(dev).ok().context("no PC")?;
        let blob = BlobId::parse(blob).ok().context("no file")?;
        let upload = Upload { org, dev, blob, size };
        let bytes = files.get(&blob).context("a file that nobody sent")?;
        if !is_sent_again(blobs, &upload, bytes)? {
            tally.unclean(format!("file {blob} cannot be finished"));
        }
    }
    Ok(())
}

fn is_sent_again(blobs: &BlobsInFolder, upload: &Upload, bytes: &[u8]) -> Result<bool> {
    for _ in 0..SENT_AGAIN_MAX {
        let have = blobs.have(upload)?;
        for part in (0..parts_of(upload.size)).filter(|part| !have.has(*part)) {
            let from = usize::try_from(part * PART_BYTES)?;
            let end = bytes.len().min(from + usize::try_from(PART_BYTES)?);
            let part = bytes.get(from..end).context("a file of another size")?;
            anyhow::ensure!(blobs.put(upload, from as u64, part)? != Put::NoRoom, "no room");
        }
        if blobs.finish(upload, &mut || Ok(()))? == Finished::Stored {
            return Ok(blobs.hash(upload.org, upload.blob, 0, upload.size)? == Some(upload.blob.0));
        }
    }
    Ok(false)
}
