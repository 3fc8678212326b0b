//! A version on its way here: its files part by part, unpacked and checked, and whole in one step.
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use sync::release::{Manifest, Release, ReleaseFile, Sum};
use sync::wire::Hex;

use super::{Programs, RELEASE_FILE, read_release, sum_of};
use crate::durable;

/// Folder of the version that is on its way.
const COMING_FOLDER: &str = "coming";
/// Ending of a file that is not here whole, as it travels.
const PACKED: &str = ".zst";
/// Memory that unpacking may ask for, as a power of two.
const WINDOW_LOG_MAX: u32 = 24;
const UNPACKED_AT_ONCE: usize = 128 << 10;

/// Why a version did not become whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotWhole {
    /// A file is not what its publisher signed; it was thrown away.
    #[error("a file of a release is not what its publisher signed")]
    WrongBytes,
    /// The disk.
    #[error("keeping a release")]
    Disk(#[from] io::Error),
}

/// A version on its way.
#[derive(Debug)]
pub(crate) struct Coming {
    programs: Programs,
    pub manifest: Manifest,
    folder: PathBuf,
}

impl Programs {
    /// Begins to take a release in, or goes on with it where it stopped. None is taken that is no
    /// better than what is here, or that was tried.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(crate) fn begin_coming(&self, release: &Release) -> io::Result<Option<Coming>> {
        let Some(manifest) = self.read(release) else { return Ok(None) };
        let Some(platform) = self.platform else { return Ok(None) };
        let notes = self.notes();
        let best = self.best(&notes).map(|whole| whole.manifest.version);
        let is_better = manifest.may_follow(self.running, platform).is_ok()
            && notes.may_start(manifest.version)
            && best.is_none_or(|best| manifest.version > best);
        if !is_better {
            return Ok(None);
        }
        let folder = self.folder.join(COMING_FOLDER);
        let note = folder.join(RELEASE_FILE);
        if read_release(&note).as_ref() != Some(release) {
            super::remove(&folder);
            durable::make_folder(&folder)?;
            let text = serde_json::to_vec(release).map_err(io::Error::other)?;
            durable::replace(&note, &text)?;
        }
        Ok(Some(Coming { programs: self.clone(), manifest, folder }))
    }

    /// Nothing is on its way any more.
    pub(crate) fn forget_coming(&self) {
        super::remove(&self.folder.join(COMING_FOLDER));
    }
}

impl Coming {
    fn plain(&self, file: &ReleaseFile) -> PathBuf {
        self.folder.join(file.program.file_name(self.manifest.platform))
    }

    fn packed(&self, file: &ReleaseFile) -> PathBuf {
        durable::beside(&self.plain(file), PACKED)
    }

    fn here(&self, file: &ReleaseFile) -> u64 {
        if self.plain(file).exists() {
            return file.packed.bytes;
        }
        fs::metadata(self.packed(file)).map_or(0, |facts| facts.len().min(file.packed.bytes))
    }

    /// Bytes that are here, of how many.
    pub fn far(&self) -> (u64, u64) {
        let here = self.manifest.files.iter().map(|file| self.here(file)).sum();
        (here, self.manifest.packed_bytes())
    }

    /// The next file that is not here whole, and from which byte on; none when all are.
    pub fn lacks(&self) -> Option<(ReleaseFile, u64)> {
        let lacking = self.manifest.files.iter().find(|file| !self.plain(file).exists())?;
        Some((lacking.clone(), self.here(lacking)))
    }

    /// Keeps bytes of a file behind those that are here; the last of them make it whole.
    ///
    /// # Errors
    /// [`NotWhole`]; what was not right begins anew.
    pub fn keep(&self, file: &ReleaseFile, bytes: &[u8]) -> Result<(), NotWhole> {
        let path = self.packed(file);
        let mut to = durable::append_private(&path)?;
        to.write_all(bytes)?;
        to.sync_data()?;
        drop(to);
        if self.here(file) < file.packed.bytes {
            return Ok(());
        }
        let made = if sum_of(&path)? == file.packed { self.unpack(file) } else { Ok(false) };
        match made {
            Ok(true) => Ok(fs::remove_file(&path)?),
            Ok(false) => {
                fs::remove_file(&path)?;
                Err(NotWhole::WrongBytes)
            }
            // A full disk: what came is still right.
            Err(fault) => Err(NotWhole::Disk(fault)),
        }
    }

    /// Unpacks a file beside it; says whether it is what its publisher signed.
    fn unpack(&self, file: &ReleaseFile) -> io::Result<bool> {
        let mut from = zstd::stream::read::Decoder::new(File::open(self.packed(file))?)?;
        from.window_log_max(WINDOW_LOG_MAX)?;
        // One byte more than it may have is enough to see that it has too many.
        let mut from = from.take(file.plain.bytes.saturating_add(1));
        let path = self.plain(file);
        let being_made = durable::beside(&path, ".new");
        let mut to = durable::create_private(&being_made)?;
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; UNPACKED_AT_ONCE];
        loop {
            let read = match from.read(&mut piece) {
                Ok(read) => read,
                // Only the packed bytes are read here: what zstd does not understand is wrong.
                Err(fault) if !durable::takes_nothing(&fault) => return Ok(false),
                Err(fault) => return Err(fault),
            };
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else { break };
            to.write_all(piece)?;
            hash.update(piece);
            bytes += piece.len() as u64;
        }
        let sum = Sum { bytes, sha256: Hex(hash.finalize().into()) };
        if sum != file.plain {
            return Ok(false);
        }
        make_it_run(&to)?;
        to.sync_all()?;
        drop(to);
        fs::rename(&being_made, &path)?;
        durable::sync_parent(&path)?;
        Ok(true)
    }

    /// All files are here: from now on this is a version that can be begun with.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn finish(self) -> io::Result<()> {
        let to = self.programs.folder_of(self.manifest.version);
        super::remove(&to);
        fs::rename(&self.folder, &to)?;
        durable::sync_parent(&to)
    }
}

#[cfg(unix)]
fn make_it_run(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_it_run(_file: &File) -> io::Result<()> {
    Ok(())
}
