//! A register that is set aside while its PC joins again: if that does not come to its end, also
//! for a power cut, the register is put back at the next start, and nothing was done to it.
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use contract::Failure;

use crate::desk::{BLOBS_FOLDER, REGISTER_FILE};
use crate::faults::{fault, log};
use crate::heights::HEIGHTS_FILE;
use crate::keyring::{KEYRING_FILE, SECRET_FILE};

/// Lies in a profile while its PC joins again, locked by the program that does it; says which
/// folder has the register.
const JOINING_FILE: &str = "joining-again";
/// Begins the name of a folder with a register that was set aside.
const ASIDE: &str = "so-cu-";
/// Registers that were set aside in one profile.
const ASIDE_MAX: u32 = 1000;
/// Bytes of a folder's name that are read.
const NAME_BYTES_MAX: u64 = 64;

/// A register that lies aside, until the new one stands.
pub(crate) struct Aside {
    profile: PathBuf,
    folder: PathBuf,
    joining: File,
}

impl Aside {
    /// Sets the register of a profile aside, whole; the profile is empty then.
    ///
    /// # Errors
    /// Those of the disk; then it is where it was.
    pub(crate) fn of(profile: &Path) -> io::Result<Aside> {
        let mut free = (1..ASIDE_MAX).map(|place| format!("{ASIDE}{place}"));
        let name = free.find(|name| !profile.join(name).exists());
        let name = name.ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded))?;
        let path = profile.join(JOINING_FILE);
        let mut joining = File::create(&path)?;
        joining.try_lock()?;
        joining.write_all(name.as_bytes())?;
        joining.sync_all()?;
        let aside = Aside { profile: profile.to_owned(), folder: profile.join(&name), joining };
        match move_all(profile, &aside.folder) {
            Ok(()) => Ok(aside),
            Err(error) => {
                aside.comes_back();
                Err(error)
            }
        }
    }

    /// Where it lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The new register stands and has all that was to come along: the old one stays aside.
    ///
    /// # Errors
    /// Those of the disk; then the old one may come back at the next start.
    pub(crate) fn stays(self) -> io::Result<()> {
        // Empty first: whoever opens the profile between the two lines has nothing to put back.
        self.joining.set_len(0)?;
        self.joining.sync_all()?;
        drop(self.joining);
        fs::remove_file(self.profile.join(JOINING_FILE))
    }

    /// Puts it back, in place of what stands there now.
    pub(crate) fn comes_back(self) {
        let Aside { profile, folder, joining } = self;
        let back = put_back(&profile, &folder).and_then(|()| {
            drop(joining);
            fs::remove_file(profile.join(JOINING_FILE))
        });
        // The next start tries again.
        back.unwrap_or_else(|error| log("putting back a register that lies aside", &error));
    }
}

/// At the start: puts a register back whose PC was joining again when the program ended.
///
/// # Errors
/// When another program joins again in this profile just now, and for faults of the disk.
pub(crate) fn finish(profile: &Path) -> Result<(), Failure> {
    let path = profile.join(JOINING_FILE);
    // Open for writing, since a lock of Windows asks for it.
    let mut joining = match File::options().read(true).write(true).open(&path) {
        Ok(joining) => joining,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(not_back(&error)),
    };
    match joining.try_lock() {
        Ok(()) => (),
        Err(TryLockError::WouldBlock) => return Err(joins_just_now()),
        Err(TryLockError::Error(error)) => return Err(not_back(&error)),
    }
    let back = named(&mut joining).and_then(|name| match name {
        Some(name) => {
            tracing::warn!(folder = %name, "joining again was broken off: the register comes back");
            put_back(profile, &profile.join(name))
        }
        None => Ok(()),
    });
    drop(joining);
    back.and_then(|()| fs::remove_file(&path)).map_err(|error| not_back(&error))
}

/// The folder that is named, when it is one of ours.
fn named(joining: &mut File) -> io::Result<Option<String>> {
    let mut name = String::new();
    joining.take(NAME_BYTES_MAX).read_to_string(&mut name)?;
    let digits = name.strip_prefix(ASIDE).filter(|digits| !digits.is_empty());
    let ours = digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    Ok(ours.then_some(name))
}

/// In the order in which they go: the register itself last. While it lies aside, all that stands in
/// the profile is of the new one.
fn files_of_a_register() -> Vec<String> {
    let mut names = vec![KEYRING_FILE.to_owned(), SECRET_FILE.to_owned(), HEIGHTS_FILE.to_owned()];
    names.push(BLOBS_FOLDER.to_owned());
    names.extend(["-wal", "-shm", ""].map(|ending| format!("{REGISTER_FILE}{ending}")));
    names
}

fn move_all(profile: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    for name in files_of_a_register() {
        let from = profile.join(&name);
        if from.exists() {
            fs::rename(&from, folder.join(&name))?;
        }
    }
    Ok(())
}

/// Comes to the same end however often it is broken off and begun again.
fn put_back(profile: &Path, folder: &Path) -> io::Result<()> {
    let names = files_of_a_register();
    if folder.join(REGISTER_FILE).exists() {
        for name in &names {
            take_away(&profile.join(name))?;
        }
    }
    for name in names.iter().rev() {
        let from = folder.join(name);
        if from.exists() {
            fs::rename(&from, profile.join(name))?;
        }
    }
    match fs::remove_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
            tracing::warn!(folder = %folder.display(), "something that is not ours stays there");
            Ok(())
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn take_away(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        fs::remove_dir_all(path)
    } else if path.exists() {
        fs::remove_file(path)
    } else {
        Ok(())
    }
}

fn not_back(error: &io::Error) -> Failure {
    log("putting back a register that lies aside", error);
    fault(
        "not_back",
        "Lần gia nhập lại trước bị ngắt giữa chừng, và chưa đặt lại được sổ cũ của máy này.",
        "Sổ cũ vẫn nguyên trong thư mục của chương trình, chưa mất gì.",
        "Kiểm tra đĩa và quyền ghi, rồi mở lại.",
    )
}

fn joins_just_now() -> Failure {
    fault(
        "joins_just_now",
        "Một cửa sổ khác đang cho máy này gia nhập lại.",
        "Sổ trên máy này vẫn nguyên.",
        "Chờ cửa sổ kia làm xong, rồi mở lại.",
    )
}

#[cfg(test)]
#[path = "aside_tests.rs"]
mod tests;
