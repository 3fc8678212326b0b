//! Files that are either wholly there or not at all, and that survive a power cut once written.
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Random bytes from the system.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(|why| io::Error::other(why.to_string()))?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Reads hexadecimal digits of exactly `N` bytes.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0u8; N];
    for (slot, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        let (high, low) = ((high as char).to_digit(16)?, (low as char).to_digit(16)?);
        *slot = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

/// Makes a folder and its parents; on unix only its owner may look inside.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    match platform::make_private_folder(folder) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => (),
        made => made?,
    }
    sync_parent(folder)
}

/// Opens a file that only its owner may read, empty.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).write(true).create(true).truncate(true);
    platform::only_for_owner(&mut how);
    how.open(path)
}

/// Opens a private file that is not there yet.
pub fn create_new_private(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).write(true).create_new(true);
    platform::only_for_owner(&mut how);
    how.open(path)
}

/// Opens a private file to write after its end, and makes it where it is missing.
pub fn append_private(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).append(true).create(true);
    platform::only_for_owner(&mut how);
    how.open(path)
}

/// Replaces a file in one step: whoever reads it, or comes back after a power cut, finds the old
/// bytes or the new ones. One writer at a time: the caller holds a lock.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = beside(path, ".new");
    let written = create_private(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(why) = written.and_then(|()| fs::rename(&temporary, path)) {
        // The first error is the one to tell; a left-over is overwritten next time.
        let _ = fs::remove_file(&temporary);
        return Err(why);
    }
    sync_parent(path)
}

/// The path with something added to its name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

/// Makes the names inside the folder of `path` durable.
pub fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => platform::sync_folder(parent),
        Some(_) | None => platform::sync_folder(Path::new(".")),
    }
}

/// Makes the names inside a folder durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    platform::sync_folder(folder)
}

/// The disk, or what this officer may use of it, is full.
pub fn is_full(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// The disk or the folder may not be written to.
pub fn is_closed_to_writing(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

/// The disk is full or closed to writing; what stands on it can still be read.
pub fn takes_nothing(why: &io::Error) -> bool {
    is_full(why) || is_closed_to_writing(why)
}

/// Opens a file to read, or fails while somebody else writes to it: on Windows whoever has it open
/// for writing, elsewhere whoever holds a lock on it. Held, nobody else can do so meanwhile.
pub fn open_alone(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true);
    platform::shared_with_readers(&mut how);
    let file = how.open(path)?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        // Shares without locks are common; there the quiet time alone decides.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(file),
    }
}

/// What the file system calls a file whatever its name, where it tells.
pub fn file_identity(facts: &Metadata) -> Option<u128> {
    platform::file_identity(facts)
}

#[cfg(unix)]
mod platform {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    pub fn only_for_owner(how: &mut OpenOptions) {
        how.mode(0o600);
    }

    // Unix has no such thing; locks do it.
    pub fn shared_with_readers(_how: &mut OpenOptions) {}

    pub fn file_identity(facts: &Metadata) -> Option<u128> {
        Some((u128::from(facts.dev()) << 64) | u128::from(facts.ino()))
    }

    pub fn make_private_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)
    }

    pub fn sync_folder(folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // FAT sticks and some network file systems know no fsync of a folder.
            Err(why)
                if matches!(
                    why.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            synced => synced,
        }
    }
}

#[cfg(windows)]
mod platform {
    use std::fs::{DirBuilder, Metadata, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    /// FILE_SHARE_READ.
    const SHARE_READ: u32 = 1;

    // The profile lies under the officer's own folder, which Windows closes to others.
    pub fn only_for_owner(_how: &mut OpenOptions) {}

    pub fn shared_with_readers(how: &mut OpenOptions) {
        how.share_mode(SHARE_READ);
    }

    // The file index is not open to stable programs yet; size and time must do.
    pub fn file_identity(_facts: &Metadata) -> Option<u128> {
        None
    }

    pub fn make_private_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().create(folder)
    }

    // NTFS journals names; a folder cannot be flushed by an ordinary program.
    pub fn sync_folder(_folder: &Path) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{hex, make_folder, replace, unhex};

    #[test]
    fn a_replaced_file_holds_the_new_bytes_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/heights.json");
        make_folder(path.parent().unwrap()).unwrap();
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.secret");
        replace(&path, b"secret").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn hexadecimal_digits_come_back_as_the_same_bytes_and_others_are_refused() {
        assert_eq!(unhex::<3>(&hex(&[0, 171, 255])), Some([0, 171, 255]));
        assert_eq!(unhex::<1>("g0"), None);
        assert_eq!(unhex::<1>("+f"), None);
        assert_eq!(unhex::<2>("00"), None);
    }
}
