//! Files on their way, both ways: part by part, so that what is urgent overtakes at every border
//! and a line that drops costs one part (SYNC 2.7).
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use register::{BlobId, Key};
use store::{Fetching, FileLane, Store, StoreError, View};
use sync::wire::{
    BLOB_BYTES_MAX, BlobStanding, LogAnswer, PART_BYTES, PARTS_BYTES_MAX, Trouble, key_text,
    parts_of,
};

use crate::blob_parts::is_whole;
use crate::desk::Opened;
use crate::line::caller::{CallFault, Caller};
use crate::line::room::{Room, makes_room, quota};

/// A call that took longer carries less the next time.
const SLOW: Duration = Duration::from_secs(6);
/// Files looked at together for one that can be fetched now.
const LOOKED_AT: u32 = 50;
/// Between two looks at how much room files take.
const MAKES_ROOM_EVERY: Duration = Duration::from_secs(3_600);
/// Local value that is there while the line of this PC is paid for by the byte.
const SAVER: &str = "line.data_saver";
/// Larger files come only when somebody opens them, while it is.
const SMALL_BYTES_MAX: u64 = 512 << 10;

/// Which files come to this PC by themselves.
///
/// # Errors
/// Faults of the file.
pub(crate) fn fetching(store: &Store) -> Result<Fetching, StoreError> {
    let saves = store.local(SAVER)?.is_some();
    Ok(if saves { Fetching::Upto(SMALL_BYTES_MAX) } else { Fetching::Everything })
}

/// From now on this PC fetches so.
///
/// # Errors
/// Faults of the file.
pub(crate) fn keep_saver(store: &Store, saver: Saver) -> Result<(), StoreError> {
    match saver {
        Saver::On => store.keep_local(SAVER, b"1"),
        Saver::Off => store.forget_local(SAVER),
    }
}

/// Whether large files wait until somebody opens them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saver {
    On,
    Off,
}

/// Why the files rest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileFault {
    /// The call.
    #[error("a file on its way")]
    Call(#[from] CallFault),
    /// The register.
    #[error("noting a file")]
    Store(#[from] StoreError),
    /// The disk.
    #[error("a file on this PC")]
    Disk(#[from] std::io::Error),
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stepped {
    /// A part went; there is more.
    On,
    /// A file is whole, here or there.
    Whole,
    /// One that cannot move now was passed over.
    Passed,
    /// Nothing is on its way that could move now.
    Nothing,
}

/// Moves files of one PC.
pub(crate) struct Files {
    opened: Arc<Opened>,
    caller: Caller,
    /// Bytes the next call carries.
    carries: u64,
    /// The file being sent, so that its standing is asked once.
    sending: Option<(BlobId, BlobStanding)>,
    /// Files that are being fetched, and of which not all is here, as an answer said.
    fetching: BTreeSet<BlobId>,
    /// Files the server does not have yet, or not for us: tried again with the next round.
    not_now: BTreeSet<BlobId>,
    up_after: Option<(FileLane, BlobId)>,
    /// When room was last made for files, and whether there was none to make.
    room_made: Option<Instant>,
    is_full: bool,
}

impl Files {
    /// The mover of an open register.
    pub fn new(opened: Arc<Opened>, caller: Caller) -> Files {
        Files {
            opened,
            caller,
            // Nobody knows yet how narrow the line is, and nothing overtakes within a call.
            carries: PART_BYTES,
            sending: None,
            fetching: BTreeSet::new(),
            not_now: BTreeSet::new(),
            up_after: None,
            room_made: None,
            is_full: false,
        }
    }

    /// A new round: what could not move before may move now.
    pub fn begins_round(&mut self) {
        self.not_now.clear();
        self.up_after = None;
    }

    /// Whether something could not move yet: another PC is still sending it, mostly.
    pub fn waits_for_others(&self) -> bool {
        !self.not_now.is_empty() || self.up_after.is_some()
    }

    /// Moves one part.
    ///
    /// # Errors
    /// [`FileFault`]; what moved before it stays.
    pub fn step(&mut self, token: &str) -> Result<Stepped, FileFault> {
        let up = self.opened.store.read(|view: &View<'_>| view.next_file_up(self.up_after))?;
        let down = self.next_down()?;
        // Lane before way: a pile that goes up does not hold back what somebody waits for.
        let stepped = match (up, down) {
            (Some(up), Some((lane, down))) if lane < up.0 => self.fetch_part(down, token),
            (Some(up), _) => self.send_part(up, token),
            (None, Some((_, down))) => self.fetch_part(down, token),
            (None, None) => {
                self.makes_room(token)?;
                return Ok(Stepped::Nothing);
            }
        };
        if stepped.is_err() {
            // A line that always breaks after so many bytes lets smaller ones through.
            self.carries = (self.carries / 2).max(PART_BYTES);
        }
        stepped
    }

    /// Lets go what the server has too, where files take more room than they may here.
    fn makes_room(&mut self, token: &str) -> Result<(), FileFault> {
        if self.room_made.is_some_and(|made| made.elapsed() < MAKES_ROOM_EVERY) {
            return Ok(());
        }
        let Opened { store, blobs, room, .. } = &*self.opened;
        let most = room.map_or_else(|| store.read(quota), Ok)?;
        let room = Room { most, now: SystemTime::now() };
        let lying = blobs.lying().map_err(std::io::Error::other)?;
        let taken = makes_room(lying, room, |blob| {
            if !store.read(|view: &View<'_>| view.is_a_copy(blob))? {
                return Ok(false);
            }
            let Ok((_, size)) = blobs.range(blob, 0, 0) else { return Ok(false) };
            // The last word is the server's: without it nothing goes.
            let stored = match self.standing(blob, size, token) {
                Ok(standing) => standing.stored,
                Err(CallFault::Said(Trouble::NotFound | Trouble::Malformed { .. })) => false,
                Err(fault) => return Err(FileFault::from(fault)),
            };
            if stored {
                blobs.lets_go(blob).map_err(std::io::Error::other)?;
            }
            Ok(stored)
        })?;
        self.is_full = taken > most;
        self.room_made = Some(Instant::now());
        Ok(())
    }

    fn send_part(
        &mut self,
        (lane, blob): (FileLane, BlobId),
        token: &str,
    ) -> Result<Stepped, FileFault> {
        if !self.opened.blobs.holds(blob) {
            // Another PC has it; this one only named it once more.
            self.opened.store.file_is_up(blob)?;
            return Ok(Stepped::On);
        }
        let (_, size) = self.opened.blobs.range(blob, 0, 0).map_err(std::io::Error::other)?;
        let known = self.sending.take().filter(|(known, _)| *known == blob);
        let standing = match known {
            Some((_, standing)) => Some(standing),
            None => self.asks_standing(blob, size, token)?,
        };
        let Some(standing) = standing else {
            self.up_after = Some((lane, blob));
            return Ok(Stepped::Passed);
        };
        let Some(first) = standing.missing().first().copied() else {
            self.opened.store.file_is_up(blob)?;
            return Ok(Stepped::Whole);
        };
        let from = first * PART_BYTES;
        let many = self.carries.min(size - from);
        let wanted = usize::try_from(many).unwrap_or(0);
        let (bytes, _) =
            self.opened.blobs.range(blob, from, wanted).map_err(std::io::Error::other)?;
        let began = Instant::now();
        let now = self.caller.put_part(&blob.hex(), (from, size), bytes, token)?;
        self.pace(began.elapsed());
        if now.missing().is_empty() {
            self.opened.store.file_is_up(blob)?;
            return Ok(Stepped::Whole);
        }
        self.sending = Some((blob, now));
        Ok(Stepped::On)
    }

    /// What the server has of a file; none when it cannot go now, or need not go.
    fn asks_standing(
        &self,
        blob: BlobId,
        size: u64,
        token: &str,
    ) -> Result<Option<BlobStanding>, FileFault> {
        // Before the question: an act that names the file may be answered while it is asked.
        let answered = self.opened.store.read(|view: &View<'_>| view.answered_upto())?;
        match self.standing(blob, size, token) {
            Ok(standing) => Ok(Some(standing)),
            // It was taken off again, or given back, before it went; or the act that names it is
            // not there yet.
            Err(CallFault::Said(Trouble::NotFound)) => {
                if let Some(answered) = answered {
                    self.opened.store.file_is_not_wanted(blob, answered)?;
                }
                Ok(None)
            }
            // It is larger than may go.
            Err(CallFault::Said(Trouble::Malformed { .. })) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Asks for the history of a thing, behind what is known of it.
    ///
    /// # Errors
    /// [`FileFault`].
    pub fn ask_history(&self, key: Key, token: &str) -> Result<(), FileFault> {
        let (known, ver) = self.opened.store.read(|view: &View<'_>| {
            Ok::<_, StoreError>((view.told_upto(key)?, view.version_of(key)?))
        })?;
        let from = known + 1;
        let path = format!("/v1/log?of={}&from={from}", key_text(key));
        let answer: LogAnswer = self.caller.get(&path, token)?;
        let told: Vec<_> =
            answer.entries.into_iter().map(|entry| (entry.seq, entry.trail)).collect();
        // What touched it in a way this officer may not see is not asked for again and again.
        let upto = if told.is_empty() { ver.max(answer.to) } else { answer.to };
        Ok(self.opened.store.keep_told(key, upto, &told)?)
    }

    fn standing(&self, blob: BlobId, size: u64, token: &str) -> Result<BlobStanding, CallFault> {
        self.caller.get(&format!("/v1/blob/{}/standing?size={size}", blob.hex()), token)
    }

    fn pace(&mut self, took: Duration) {
        self.carries =
            if took > SLOW { PART_BYTES } else { (self.carries * 2).min(PARTS_BYTES_MAX) };
    }

    /// The next file that is not here and can be fetched now.
    fn next_down(&self) -> Result<Option<(FileLane, BlobId)>, FileFault> {
        let (store, blobs) = (&self.opened.store, &self.opened.blobs);
        // Where there is no room only what somebody opens comes.
        let fetching = if self.is_full { Fetching::Upto(0) } else { fetching(store)? };
        let mut behind = 0;
        loop {
            let some = |view: &View<'_>| view.files_down(fetching, behind, LOOKED_AT);
            let wanted = store.read(some)?;
            if wanted.is_empty() {
                return Ok(None);
            }
            let (here, missing): (Vec<_>, Vec<_>) =
                wanted.into_iter().partition(|(_, blob)| blobs.holds(*blob));
            if !here.is_empty() {
                let here: Vec<BlobId> = here.into_iter().map(|(_, blob)| blob).collect();
                store.files_are_here(&here)?;
                continue;
            }
            let next = missing.into_iter().find(|(_, blob)| !self.not_now.contains(blob));
            if next.is_some() {
                return Ok(next);
            }
            behind += LOOKED_AT;
        }
    }

    fn fetch_part(&mut self, blob: BlobId, token: &str) -> Result<Stepped, FileFault> {
        let parts = self.opened.blobs.parts();
        let there = parts.here(blob);
        let first = (0..).find(|part| !there.contains(part)).unwrap_or(0);
        // How many parts there are is only known from an answer: the program may have ended after
        // the last one was kept, and behind it there is nothing to ask for.
        let known = self.fetching.contains(&blob);
        let first = if known { first } else { first.saturating_sub(1) };
        let from = first * PART_BYTES;
        let began = Instant::now();
        let got = self.caller.get_range(&blob.hex(), (from, self.carries), token);
        let (bytes, size) = match got {
            Ok(got) => got,
            Err(CallFault::Said(Trouble::NotFound)) => {
                self.not_now.insert(blob);
                return Ok(Stepped::Passed);
            }
            Err(fault) => return Err(fault.into()),
        };
        self.pace(began.elapsed());
        if size > BLOB_BYTES_MAX {
            self.not_now.insert(blob);
            return Ok(Stepped::Passed);
        }
        for (at, part) in (first..).zip(bytes.chunks(PART_BYTES as usize)) {
            parts.keep(blob, at, part)?;
        }
        let count = parts_of(size);
        if (parts.here(blob).len() as u64) < count {
            self.fetching.insert(blob);
            return Ok(Stepped::On);
        }
        self.fetching.remove(&blob);
        let put = self.opened.blobs.put(&mut parts.read(blob, count)?, BLOB_BYTES_MAX);
        parts.forget(blob);
        if is_whole(&put, blob) {
            self.opened.store.files_are_here(&[blob])?;
            return Ok(Stepped::Whole);
        }
        tracing::warn!(blob = %blob, "a file that came was not what its name says");
        self.not_now.insert(blob);
        Ok(Stepped::Passed)
    }
}
