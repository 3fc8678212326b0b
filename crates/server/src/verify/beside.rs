//! What a storage keeps beside the states, compared with what the log makes: histories and files.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use register::{Act, AgencyId, BlobId, Change, Command, DeviceId, Key, State};

use super::{Flaw, Replay};
use crate::blobs::Blobs;
use crate::states::{blobs_of, files_named, history_of, state_from};
use crate::storage::{Found, Proof, Reading};

/// What the log makes of the tables beside it.
#[derive(Default)]
pub(super) struct Beside {
    /// The first entry whose history is kept: one that an older program took in has none.
    from: Option<u64>,
    /// Histories that the log makes, of one thing in one entry each.
    histories: u64,
    /// The PCs that named a file on a thing.
    named: BTreeMap<(BlobId, Key), BTreeSet<DeviceId>>,
}

impl Replay<'_> {
    /// Begins to look at what lies beside the log.
    pub(super) fn look_beside(&mut self) -> Found<()> {
        let from = self.reading.histories(self.org.id)?.map(|kept| kept.first);
        self.beside = Some(Beside { from, ..Beside::default() });
        Ok(())
    }

    /// Compares the histories one entry wrote, and notes the files it names.
    pub(super) fn compare_entry(
        &mut self,
        seq: u64,
        command: &Command,
        change: &Change,
    ) -> Found<()> {
        let Some(mut beside) = self.beside.take() else { return Ok(()) };
        if beside.from.is_some_and(|from| from <= seq) {
            for (key, lines) in history_of(change)? {
                beside.histories += 1;
                if self.reading.history(self.org.id, key, seq)? != Some(lines) {
                    self.flaws.push(Flaw::History { key, seq });
                }
            }
            for state in &change.states {
                self.note_files(&mut beside, command, state);
            }
        }
        self.beside = Some(beside);
        Ok(())
    }

    fn note_files(&self, beside: &mut Beside, command: &Command, state: &State) {
        let key = state.key();
        let before = self.states.get(&key).map(|(_, before)| before);
        let mut dev = command.dev;
        if dev == self.server {
            #[expect(clippy::wildcard_enum_match_arm, reason = "only two acts bring files")]
            match &command.act {
                // That PC had seen the thing; the server only entered it.
                Act::Witness(seen) => dev = seen.device,
                // What another agency sends comes with its files.
                Act::Come(_) => {}
                _ => return,
            }
        }
        for blob in files_named(command, before, state) {
            beside.named.entry((blob, key)).or_default().insert(dev);
        }
    }

    /// Compares both tables as a whole: nothing more stands in them than the log makes.
    pub(super) fn compare_beside(&mut self) -> Found<()> {
        let Some(Beside { from, histories, named }) = self.beside.take() else { return Ok(()) };
        let kept = self.reading.histories(self.org.id)?.map_or(0, |kept| kept.count);
        if kept > histories {
            self.flaws.push(Flaw::Histories { more: kept - histories });
        }
        let mut flaws = Vec::new();
        let mut missing = named.clone();
        self.reading.all_blob_uses(self.org.id, &mut |blob, one| {
            let place = (blob, one.key);
            if let Some(devices) = missing.get_mut(&place) {
                devices.remove(&one.dev);
            }
            // Who carried the command of another PC may send its files too. The log does not say
            // who that was, but that the command named them, and which PCs there are.
            let older = from != Some(1) && self.shows(one.key, blob);
            let is_pc = one.dev == self.server || self.states.contains_key(&Key::Device(one.dev));
            if !is_pc || !(named.contains_key(&place) || older) {
                flaws.push(Flaw::File { key: one.key, blob });
            }
            ControlFlow::Continue(())
        })?;
        let missing = missing.into_iter().filter(|(_, devices)| !devices.is_empty());
        flaws.extend(missing.map(|((blob, key), _)| Flaw::File { key, blob }));
        self.flaws.append(&mut flaws);
        Ok(())
    }

    fn shows(&self, key: Key, blob: BlobId) -> bool {
        self.states.get(&key).is_some_and(|(_, state)| blobs_of(state).contains(&blob))
    }
}

/// Files that must be there, and files that must not, with the things that name them.
pub(super) struct FilesBeside {
    must: Vec<(BlobId, Vec<Key>)>,
    must_not: Vec<(BlobId, BTreeSet<Key>)>,
}

/// Compares who has proven to have sent a file with the things that name it.
///
/// What the log cannot say is who sent the bytes. That a PC could, is compared with the log; that
/// somebody did, is seen by the file: one that is there was proven before it was stored, and one
/// that was proven and that a thing names still is there.
pub(super) fn files_beside(reading: &dyn Reading, org: AgencyId) -> Found<FilesBeside> {
    let (mut proven, mut unproven) = (BTreeMap::new(), BTreeMap::new());
    reading.all_blob_uses(org, &mut |blob, one| {
        let of: &mut BTreeMap<BlobId, BTreeSet<Key>> = match one.proof {
            Proof::Proven => &mut proven,
            Proof::Named => &mut unproven,
        };
        of.entry(blob).or_default().insert(one.key);
        ControlFlow::Continue(())
    })?;
    let mut must = Vec::new();
    for (blob, keys) in &proven {
        let mut naming = Vec::new();
        for key in keys {
            if names(reading, org, (*key, *blob))? {
                naming.push(*key);
            }
        }
        must.push((*blob, naming));
    }
    must.retain(|(_, naming)| !naming.is_empty());
    // A life that began with a copy has files that nobody has proven again yet.
    let lives_anew = reading.org(org)?.is_none_or(|org| org.epoch > 1);
    unproven.retain(|blob, _| !lives_anew && !proven.contains_key(blob));
    Ok(FilesBeside { must, must_not: unproven.into_iter().collect() })
}

impl FilesBeside {
    /// Looks where the files are; that may be far, so no moment of the storage is held meanwhile.
    pub(super) fn flaws(&self, org: AgencyId, blobs: &dyn Blobs) -> Found<Vec<Flaw>> {
        let mut flaws = Vec::new();
        for (blob, keys) in &self.must {
            if blobs.size(org, *blob)?.is_none() {
                flaws.extend(keys.iter().map(|key| Flaw::FileGone { key: *key, blob: *blob }));
            }
        }
        for (blob, keys) in &self.must_not {
            if blobs.size(org, *blob)?.is_some() {
                flaws.extend(keys.iter().map(|key| Flaw::File { key: *key, blob: *blob }));
            }
        }
        Ok(flaws)
    }
}

/// Whether a thing names the file today; what nothing names is taken away after a while.
fn names(reading: &dyn Reading, org: AgencyId, (key, blob): (Key, BlobId)) -> Found<bool> {
    let mut named = Ok(false);
    reading.state(org, key, &mut |kept| {
        named = state_from(kept.body).map(|state| blobs_of(&state).contains(&blob));
        ControlFlow::Break(())
    })?;
    named
}
