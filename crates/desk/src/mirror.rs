//! The mirror: every signed command, and every file, once more on a second disk, minutes behind.
//!
//! Commands are appended in their order, sealed; the files they name are brought over before them.
//! A stick that is out costs nothing but time: what it missed is appended when it is back.
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use register::{BlobId, DeviceId, Moment};
use store::{OpenOptions, Store, StoreError};

use crate::blob_copies::{BringError, BroughtOver, bring_missing, bring_these};
use crate::blobs::Blobs;
use crate::copies::Profile;
use crate::durable;
use crate::keyring::KEYRING_FILE;
use crate::keys::FileKey;
use crate::place::{self, PlaceError};

const COMMANDS_FILE: &str = "commands.mirror";
const BLOBS_FOLDER: &str = "blobs";
/// Commands whose files are brought over together.
const COMMANDS_TOGETHER: u32 = 200;

/// How the mirror stands; the desk keeps it, so that it is known while the stick is out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorState {
    /// Commands that are in the mirror.
    pub mirrored_seq: u64,
    /// When the mirror was last found or brought up to date.
    pub at: Option<Moment>,
    /// Commands that wait for it.
    pub waiting: u64,
    /// Since when it has not been there.
    pub missing_since: Option<Moment>,
    /// Files that are damaged in the profile and are not in the mirror, as last counted.
    pub damaged: u64,
}

/// Why the mirror was not brought up to date; it is tried again.
#[derive(Debug, Error)]
pub enum MirrorError {
    /// The second place.
    #[error("mirroring")]
    Place(#[source] PlaceError),
    /// The mirror holds commands that this register does not: an old copy of it was put back.
    #[error("the mirror in {folder} is not of this register, or is ahead of it")]
    Differs {
        /// The folder.
        folder: PathBuf,
    },
    /// The commands.
    #[error("mirroring the commands")]
    Store(#[source] StoreError),
    /// The files.
    #[error("mirroring the files")]
    Files(#[source] BringError),
}

type Result<T> = std::result::Result<T, MirrorError>;

/// The mirror of one profile.
pub struct Mirror {
    folder: PathBuf,
    key: FileKey,
    open: Option<Open>,
    state: MirrorState,
}

struct Open {
    commands: store::Mirror,
    blobs: Blobs,
    keyring: Vec<u8>,
}

impl Mirror {
    /// Makes the folder when a person chooses it.
    pub fn adopt(folder: &Path, key: &FileKey) -> Result<Mirror> {
        place::adopt(folder, key).map_err(MirrorError::Place)?;
        Ok(Mirror::at(folder, key, MirrorState::default()))
    }

    /// The mirror in a folder that need not be there now, and how it stood last.
    pub fn at(folder: &Path, key: &FileKey, state: MirrorState) -> Mirror {
        Mirror { folder: folder.to_owned(), key: key.clone(), open: None, state }
    }

    /// How the mirror stands as far as is known.
    pub fn state(&self) -> MirrorState {
        self.state
    }

    /// Brings the mirror up to date. To be called off the path of an act: after some acts, every
    /// few minutes, and at the end of the program.
    pub fn catch_up(&mut self, profile: Profile<'_>, now: Moment) -> Result<MirrorState> {
        let caught = self.try_catch_up(profile);
        match &caught {
            Ok(()) => {
                self.state.at = Some(now);
                self.state.missing_since = None;
            }
            Err(_) => {
                // Whatever was half written is looked at anew next time.
                self.open = None;
                if place::check(&self.folder, &self.key).is_err() {
                    self.state.missing_since.get_or_insert(now);
                } else {
                    self.state.missing_since = None;
                }
            }
        }
        let kept = profile.store.read(|view| view.commands_kept());
        if let Ok(kept) = kept {
            self.state.waiting = kept.saturating_sub(self.state.mirrored_seq);
        }
        caught.map(|()| self.state)
    }

    /// Closes the files, so that the stick can be taken out; the next catching up opens them again.
    pub fn let_go(&mut self) {
        self.open = None;
    }

    fn try_catch_up(&mut self, profile: Profile<'_>) -> Result<()> {
        place::check(&self.folder, &self.key).map_err(MirrorError::Place)?;
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.open_mirror(profile)?,
        };
        self.copy_keyring(profile.folder, &mut open)?;
        let seen = self.bring_named_files(profile, &open, open.commands.upto())?;
        let mirrored = open.commands.catch_up(profile.store);
        self.state.mirrored_seq = mirrored.map_err(|why| self.told(why))?.upto;
        // Acts done in between went into the mirror without their files.
        self.bring_named_files(profile, &open, seen)?;
        self.open = Some(open);
        Ok(())
    }

    /// Opens the mirror after the start or after a stick came back. All files are compared then:
    /// some may have been stored without a command that names them, or damaged and healed.
    fn open_mirror(&mut self, profile: Profile<'_>) -> Result<Open> {
        let path = self.folder.join(COMMANDS_FILE);
        let key = store::MirrorKey(*self.key.mirror().bytes());
        let commands = store::Mirror::open(&path, &key).map_err(|why| self.told(why))?;
        let blobs = mirrored_blobs(&self.folder, &self.key)?;
        blobs.sweep_temporary().map_err(|why| MirrorError::Files(BringError::From(why)))?;
        let BroughtOver { files, damaged: _, damaged_count } =
            bring_missing(profile.blobs, &blobs).map_err(MirrorError::Files)?;
        tracing::debug!(files, damaged_count, "compared the files of the mirror");
        self.state.damaged = damaged_count;
        Ok(Open { commands, blobs, keyring: Vec::new() })
    }

    /// Files first: a command in the mirror should not name a file that is not. Returns the last
    /// command that was seen.
    fn bring_named_files(&self, profile: Profile<'_>, open: &Open, after: u64) -> Result<u64> {
        let mut from = after;
        loop {
            let read = profile.store.read(|view| view.commands_since(from, COMMANDS_TOGETHER));
            let entries = read.map_err(MirrorError::Store)?;
            let Some(last) = entries.last() else { return Ok(from) };
            from = last.seq;
            // A command that cannot be read is told by the store, which reads it next.
            let commands =
                entries.iter().filter_map(|entry| sync::decode(&entry.envelope.raw).ok());
            let ids: Vec<BlobId> = commands.flat_map(|command| command.blobs).collect();
            bring_these(profile.blobs, &open.blobs, &ids).map_err(MirrorError::Files)?;
        }
    }

    /// The keyring changes when the recovery code does.
    fn copy_keyring(&self, profile: &Path, open: &mut Open) -> Result<()> {
        let (from, to) = (profile.join(KEYRING_FILE), self.folder.join(KEYRING_FILE));
        let failed = |doing, path, why| MirrorError::Place(place::disk(doing, path)(why));
        let bytes = fs::read(&from).map_err(|why| failed("reading", &from, why))?;
        if bytes != open.keyring {
            durable::replace(&to, &bytes).map_err(|why| failed("writing", &to, why))?;
            open.keyring = bytes;
        }
        Ok(())
    }

    fn told(&self, why: StoreError) -> MirrorError {
        told(&self.folder, why)
    }
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Mirror")
            .field("folder", &self.folder)
            .field("state", &self.state)
            .finish()
    }
}

/// A register and its files, built anew from a mirror.
pub struct ReadBack {
    /// The register: every command was decided again.
    pub store: Store,
    /// Files brought over.
    pub files: BroughtOver,
}

/// Builds a lost register anew from a mirror. The file key comes out of the keyring in the mirror
/// and the recovery code; `register` must not be there yet.
pub fn read_back(
    folder: &Path,
    key: &FileKey,
    register: &Path,
    device: DeviceId,
    to: &Blobs,
) -> Result<ReadBack> {
    place::check(folder, key).map_err(MirrorError::Place)?;
    let from = mirrored_blobs(folder, key)?;
    let files = bring_missing(&from, to).map_err(MirrorError::Files)?;
    let (file_key, mirror_key) =
        (store::FileKey(*key.bytes()), store::MirrorKey(*key.mirror().bytes()));
    let mut commands = store::read_mirror(&folder.join(COMMANDS_FILE), &mirror_key)
        .map_err(|why| told(folder, why))?;
    let options = OpenOptions::default();
    let store = Store::rebuild_from(register, &file_key, device, &options, &mut commands)
        .map_err(|why| told(folder, why))?;
    Ok(ReadBack { store, files })
}

/// What a PC had kept in its mirror, and the files named there that are here now.
pub struct Carried {
    /// Its commands, in their order.
    pub commands: Vec<store::Carried>,
    /// The files they name.
    pub blobs: Vec<BlobId>,
}

/// Reads the mirror of a PC that is gone, for another one to carry its acts to the server. Its
/// files are brought over first.
pub fn read_to_carry(folder: &Path, key: &FileKey, to: &Blobs) -> Result<Carried> {
    place::check(folder, key).map_err(MirrorError::Place)?;
    bring_missing(&mirrored_blobs(folder, key)?, to).map_err(MirrorError::Files)?;
    let mirror_key = store::MirrorKey(*key.mirror().bytes());
    let kept = store::read_mirror(&folder.join(COMMANDS_FILE), &mirror_key)
        .map_err(|why| told(folder, why))?;
    let mut carried = Carried { commands: Vec::new(), blobs: Vec::new() };
    for kept in kept {
        let envelope = kept.map_err(|why| told(folder, why))?.envelope;
        // One that cannot be read is nothing a server would take either.
        let Ok(command) = sync::decode(&envelope.raw) else { continue };
        carried.blobs.extend(command.blobs.iter().filter(|blob| to.holds(**blob)));
        let (dev, n) = (command.dev, command.n);
        carried.commands.push(store::Carried { dev, n, envelope, recorded: None });
    }
    Ok(carried)
}

fn mirrored_blobs(folder: &Path, key: &FileKey) -> Result<Blobs> {
    let opened = Blobs::open(&folder.join(BLOBS_FOLDER), &key.blobs());
    opened.map_err(|why| MirrorError::Files(BringError::From(why)))
}

#[allow(clippy::wildcard_enum_match_arm, reason = "only one fault of the store means more here")]
fn told(folder: &Path, why: StoreError) -> MirrorError {
    match why {
        StoreError::MirrorDiffers { .. } => MirrorError::Differs { folder: folder.to_owned() },
        StoreError::Io { doing, path, source } => {
            MirrorError::Place(place::disk(doing, &path)(source))
        }
        other => MirrorError::Store(other),
    }
}

#[cfg(test)]
#[path = "mirror_tests.rs"]
mod tests;
