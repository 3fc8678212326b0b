//! Releases of the program: kept, staged and withdrawn by the operator, and handed to PCs.
//!
//! The server answers for none of them: every PC checks the publisher's signature itself.
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use register::{AgencyId, BlobId, DeviceId, Moment};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sync::release::{
    Manifest, RELEASE_HEAD_BYTES, Release, ReleaseAnswer, ReleaseAsked, ReleaseFault, ReleaseFile,
    Version, is_staged,
};
use sync::wire::{Hex32, PART_BYTES, PartHashes, Trouble};

use super::{Ledger, standing};
use crate::blobs::{Bytes, Finished, Put, Upload};
use crate::fault::{CallError, StorageFault};
use crate::storage::{Found, Reading, Session, Writing};

/// Releases that are kept, withdrawn ones too.
const RELEASES_MAX: usize = 500;
/// Agencies that one release names.
const NAMED_MAX: usize = 1_000;
/// Digits of a mark that every reader of JSON keeps whole.
const MARK_BITS: u32 = 48;

/// One release as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    release: Release,
    /// PCs of a hundred that get it.
    stage: u8,
    /// Agencies all of whose PCs get it.
    #[serde(default)]
    agencies: Vec<AgencyId>,
    /// Nobody gets it any more.
    #[serde(default)]
    withdrawn: bool,
}

/// What a PC runs, as it said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Runs {
    #[serde(flatten)]
    said: ReleaseAsked,
    at: Moment,
}

/// All releases of one moment.
#[derive(Debug, Default)]
pub(super) struct Releases {
    /// Another one whenever anything of them is another one; 0 without any.
    pub mark: u64,
    all: Vec<(Kept, Manifest)>,
}

/// A release at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseAtAGlance {
    /// What its publisher says.
    pub manifest: Manifest,
    /// Who that is.
    pub publisher: Hex32,
    /// PCs of a hundred that get it.
    pub stage: u8,
    /// Agencies all of whose PCs get it.
    pub agencies: Vec<AgencyId>,
    /// Nobody gets it any more.
    pub withdrawn: bool,
    /// PCs that run it.
    pub runs: u64,
    /// PCs that went back from it.
    pub back: u64,
}

/// Why the operator's wish about a release is not done.
#[derive(Debug, thiserror::Error)]
pub enum NotARelease {
    /// The file is none, or was changed.
    #[error("not a release")]
    Release(#[from] ReleaseFault),
    /// Bytes of the file are not those its publisher signed, or some are missing.
    #[error("a file of the release is not what its publisher signed")]
    WrongBytes,
    /// Another release of that version is there, or this one was withdrawn.
    #[error("the version is there already as another release, or was withdrawn")]
    Taken,
    /// There is none of that version.
    #[error("no release of that version")]
    Unknown,
    /// More than [`RELEASES_MAX`] releases or [`NAMED_MAX`] agencies.
    #[error("more releases or agencies than are kept")]
    TooMany,
    /// This server keeps no files, or has no room for more.
    #[error("no room for the files of a release")]
    NoRoom,
    /// The file cannot be read.
    #[error("reading the release")]
    Disk(#[from] io::Error),
    /// The storage.
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
}

impl From<CallError> for NotARelease {
    fn from(fault: CallError) -> NotARelease {
        match fault {
            CallError::Fault(fault) => NotARelease::Storage(fault),
            CallError::Trouble(_) => NotARelease::NoRoom,
        }
    }
}

/// The place of the files of releases, among those of agencies.
pub fn release_house() -> AgencyId {
    let mut name = [0; 16];
    for (slot, byte) in name.iter_mut().zip(Sha256::digest(b"vanthu/release-house/1\0")) {
        *slot = byte;
    }
    AgencyId(name)
}

fn name_of(manifest: &Manifest) -> String {
    format!("{}/{}", manifest.version, manifest.platform.name())
}

fn kept_from(body: &str) -> Found<(Kept, Manifest)> {
    let wrong = |source| StorageFault::Body { what: "release", source };
    let kept: Kept = serde_json::from_str(body).map_err(wrong)?;
    // It was checked when it came, and every PC checks it again.
    let manifest = serde_json::from_str(&kept.release.raw).map_err(wrong)?;
    Ok((kept, manifest))
}

fn put(writing: &dyn Writing, (kept, manifest): &(Kept, Manifest)) -> Found<()> {
    let body = serde_json::to_string(kept)
        .map_err(|source| StorageFault::Body { what: "release", source })?;
    writing.put_release(&name_of(manifest), &body)
}

fn all(reading: &dyn Reading) -> Found<Releases> {
    let rows = reading.releases()?;
    let mut hash = Sha256::new();
    for (name, body) in &rows {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
        hash.update((body.len() as u64).to_be_bytes());
        hash.update(body);
    }
    let mark =
        hash.finalize().iter().take(8).fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    let mark = if rows.is_empty() { 0 } else { (mark >> (u64::BITS - MARK_BITS)).max(1) };
    let all = rows.iter().map(|(_, body)| kept_from(body)).collect::<Found<_>>()?;
    Ok(Releases { mark, all })
}

impl Kept {
    fn is_for(&self, session: &Session, version: Version) -> bool {
        !self.withdrawn
            && (is_staged(session.dev, version, self.stage) || self.agencies.contains(&session.org))
    }
}

impl Releases {
    /// What a PC is told.
    fn answer(&self, session: &Session, asked: &ReleaseAsked) -> ReleaseAnswer {
        let of_its = self.all.iter().filter(|(_, manifest)| manifest.platform == asked.platform);
        let may = |(kept, manifest): &&(Kept, Manifest)| {
            kept.is_for(session, manifest.version)
                && manifest.may_follow(asked.version, asked.platform).is_ok()
        };
        let best = of_its.clone().filter(may).max_by_key(|(_, manifest)| manifest.version);
        let withdrawn = of_its.filter(|(kept, _)| kept.withdrawn);
        ReleaseAnswer {
            release: best.map(|(kept, _)| kept.release.clone()),
            withdrawn: withdrawn.map(|(_, manifest)| manifest.version).collect(),
        }
    }

    fn file(&self, blob: BlobId) -> Option<&ReleaseFile> {
        let there = self.all.iter().filter(|(kept, _)| !kept.withdrawn);
        let mut files = there.flat_map(|(_, manifest)| &manifest.files);
        files.find(|file| file.packed.sha256.0 == blob.0)
    }
}

/// Reads bytes until there are as many as wanted; fewer only at the end.
fn filled(from: &mut dyn Read, into: &mut Vec<u8>, wanted: u64) -> io::Result<()> {
    into.clear();
    from.take(wanted).read_to_end(into).map(|_| ())
}

impl Ledger {
    /// The releases, as they were a moment ago.
    pub(super) fn releases(&self, now: Moment) -> Result<Arc<Releases>, CallError> {
        if let Some(known) = self.quiet.releases(now) {
            return Ok(known);
        }
        let releases = Arc::new(self.read(|reading| Ok(all(reading)?))?);
        self.quiet.releases_are(Some((now, Arc::clone(&releases))));
        Ok(releases)
    }

    /// What a PC may have above what it runs; what it says of itself is noted.
    ///
    /// # Errors
    /// [`Trouble::Revoked`] for who was shut out; faults.
    pub fn release(
        &self,
        session: &Session,
        asked: &ReleaseAsked,
        now: Moment,
    ) -> Result<ReleaseAnswer, CallError> {
        let known = self.read(|reading| {
            if standing(reading, session)?.shut_out {
                return Err(Trouble::Revoked.into());
            }
            Ok(reading.program(session.org, session.dev)?)
        })?;
        let known = known.and_then(|body| serde_json::from_str::<Runs>(&body).ok());
        if known.is_none_or(|known| known.said != *asked) {
            let body = serde_json::to_string(&Runs { said: asked.clone(), at: now })
                .map_err(|source| StorageFault::Body { what: "program", source })?;
            let (org, dev) = (session.org, session.dev);
            self.write(Some(org), move |writing| Ok(writing.put_program(org, dev, &body)?))?;
        }
        // It asks seldom, and a PC that was just started should not miss what came a moment ago.
        self.quiet.releases_are(None);
        Ok(self.releases(now)?.answer(session, asked))
    }

    /// How many bytes a file of a release has.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where no release has it that still goes out.
    pub fn release_size(&self, blob: BlobId, now: Moment) -> Result<u64, CallError> {
        let releases = self.releases(now)?;
        let file = releases.file(blob).ok_or(CallError::Trouble(Trouble::NotFound))?;
        Ok(file.packed.bytes)
    }

    /// Bytes of it, with the hashes of their parts.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] when it is not there.
    pub fn release_parts(
        &self,
        blob: BlobId,
        span: (u64, u64),
    ) -> Result<(PartHashes, Bytes), CallError> {
        let blobs = self.blobs.as_ref().ok_or(CallError::Trouble(Trouble::NotFound))?;
        let read = blobs.read_checked(release_house(), blob, span)?;
        read.ok_or(CallError::Trouble(Trouble::NotFound))
    }

    /// Takes a release in; one that is there already is staged anew.
    ///
    /// # Errors
    /// [`NotARelease`]; PCs are told nothing of it then.
    pub fn add_release(
        &self,
        from: &mut dyn Read,
        (stage, agencies): (u8, Vec<AgencyId>),
    ) -> Result<Manifest, NotARelease> {
        let mut head = [0; RELEASE_HEAD_BYTES];
        from.read_exact(&mut head).map_err(|_| ReleaseFault::Unreadable)?;
        let mut text = Vec::new();
        filled(from, &mut text, Release::long(head)? as u64)?;
        let release = Release::parse(&text)?;
        let manifest = release.read_of_its_key()?;
        let kept = self.read(|reading| Ok(all(reading)?))?.all;
        let there = kept.iter().find(|(_, one)| name_of(one) == name_of(&manifest));
        if there.is_some_and(|(kept, _)| kept.withdrawn || kept.release != release) {
            return Err(NotARelease::Taken);
        }
        let is_full = there.is_none() && kept.len() >= RELEASES_MAX;
        if is_full || agencies.len() > NAMED_MAX {
            return Err(NotARelease::TooMany);
        }
        for file in &manifest.files {
            self.keep_file(from, file)?;
        }
        let row = (Kept { release, stage: stage.min(100), agencies, withdrawn: false }, manifest);
        let manifest = row.1.clone();
        self.write(None, move |writing| Ok(put(writing, &row)?))?;
        self.quiet.releases_are(None);
        Ok(manifest)
    }

    fn keep_file(&self, from: &mut dyn Read, file: &ReleaseFile) -> Result<(), NotARelease> {
        let blobs = self.blobs.as_ref().ok_or(NotARelease::NoRoom)?;
        let (house, size) = (release_house(), file.packed.bytes);
        let blob = BlobId(file.packed.sha256.0);
        let upload = Upload { org: house, dev: DeviceId(house.0), blob, size };
        let is_there = blobs.size(house, blob)?.is_some();
        let (mut at, mut part) = (0, Vec::new());
        while at < size {
            filled(from, &mut part, PART_BYTES.min(size - at))?;
            if part.is_empty() {
                return Err(NotARelease::WrongBytes);
            }
            if !is_there && blobs.put(&upload, at, &part)? == Put::NoRoom {
                return Err(NotARelease::NoRoom);
            }
            at += part.len() as u64;
        }
        if is_there {
            return Ok(());
        }
        match blobs.finish(&upload, &mut || Ok(()))? {
            Finished::Stored => Ok(()),
            Finished::Parts(_) | Finished::Wrong => {
                blobs.forget(&upload)?;
                Err(NotARelease::WrongBytes)
            }
        }
    }

    /// From now on so many PCs of a hundred get a version.
    ///
    /// # Errors
    /// [`NotARelease::Unknown`], [`NotARelease::Taken`] for one that was withdrawn.
    pub fn stage_release(&self, version: Version, stage: u8) -> Result<(), NotARelease> {
        self.change(version, move |kept| {
            if kept.withdrawn {
                return Err(NotARelease::Taken);
            }
            kept.stage = stage.min(100);
            Ok(())
        })
    }

    /// Nobody gets a version any more; who has it and has not begun with it drops it.
    ///
    /// # Errors
    /// [`NotARelease::Unknown`].
    pub fn withdraw_release(&self, version: Version) -> Result<(), NotARelease> {
        self.change(version, |kept| {
            kept.withdrawn = true;
            Ok(())
        })?;
        // What no other release has gives its room back.
        let (Some(blobs), releases) = (&self.blobs, self.read(|reading| Ok(all(reading)?))?) else {
            return Ok(());
        };
        let gone = releases.all.iter().filter(|(_, manifest)| manifest.version == version);
        for file in gone.flat_map(|(_, manifest)| &manifest.files) {
            let blob = BlobId(file.packed.sha256.0);
            if releases.file(blob).is_none() {
                blobs.remove(release_house(), blob)?;
            }
        }
        Ok(())
    }

    fn change(
        &self,
        version: Version,
        change: impl Fn(&mut Kept) -> Result<(), NotARelease> + Send + 'static,
    ) -> Result<(), NotARelease> {
        crate::storage::written(&*self.storage, None, move |writing| {
            let mut all = all(writing)?.all;
            all.retain(|(_, manifest)| manifest.version == version);
            if all.is_empty() {
                return Err(NotARelease::Unknown);
            }
            for row in &mut all {
                change(&mut row.0)?;
                put(writing, row)?;
            }
            Ok(())
        })?;
        self.quiet.releases_are(None);
        Ok(())
    }

    /// Every release with how many PCs run it, and how many went back from it; the newest first.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn releases_at_a_glance(&self) -> Result<Vec<ReleaseAtAGlance>, CallError> {
        self.read(|reading| {
            let runs = runs(reading)?;
            let glance = |(kept, manifest): (Kept, Manifest)| {
                let of = |said: &&ReleaseAsked| said.platform == manifest.platform;
                let its = Some(manifest.version);
                let back = runs.iter().filter(of).filter(|said| said.back == its).count() as u64;
                let now = runs.iter().filter(of).filter(|said| Some(said.version) == its).count();
                ReleaseAtAGlance {
                    publisher: kept.release.key,
                    stage: kept.stage,
                    agencies: kept.agencies,
                    withdrawn: kept.withdrawn,
                    runs: now as u64,
                    back,
                    manifest,
                }
            };
            let mut all: Vec<_> = all(reading)?.all.into_iter().map(glance).collect();
            all.sort_by_key(|one| std::cmp::Reverse((one.manifest.version, one.manifest.platform)));
            Ok(all)
        })
    }

    /// How many PCs run which version.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn versions(&self) -> Result<BTreeMap<Version, u64>, CallError> {
        self.read(|reading| Ok(versions(reading)?))
    }
}

pub(super) fn versions(reading: &dyn Reading) -> Found<BTreeMap<Version, u64>> {
    let mut counts = BTreeMap::new();
    for said in runs(reading)? {
        *counts.entry(said.version).or_default() += 1;
    }
    Ok(counts)
}

fn runs(reading: &dyn Reading) -> Found<Vec<ReleaseAsked>> {
    let read = |(_, _, body): (AgencyId, DeviceId, String)| {
        let runs = serde_json::from_str::<Runs>(&body);
        runs.map(|runs| runs.said).map_err(|source| StorageFault::Body { what: "program", source })
    };
    reading.programs()?.into_iter().map(read).collect()
}
