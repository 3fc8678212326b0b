//! A folder on a second disk, marked as belonging to this profile.
//!
//! Without the mark a stick that was pulled out would go unnoticed: its empty mount point, or the
//! stick of another office that came under the same letter, would be written to as if it were it.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::durable;
use crate::keys::FileKey;

const MARK_FILE: &str = ".van-thu";
const MARK_BYTES_MAX: u64 = 200;

/// Why a second place is not written to.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The stick is out, the share is off, the folder was never made or is gone.
    #[error("{folder} is not there")]
    NotThere {
        /// The folder.
        folder: PathBuf,
    },
    /// It belongs to another profile.
    #[error("{folder} holds the copies of another office")]
    AnotherProfile {
        /// The folder.
        folder: PathBuf,
    },
    /// The place is full.
    #[error("the disk is full, {doing} {path}")]
    Full {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The place may not be written to.
    #[error("{doing} {path} is not allowed")]
    ReadOnly {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk did not do it.
    #[error("{doing} {path}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes the folder, once, when a person chooses it.
pub fn adopt(folder: &Path, key: &FileKey) -> Result<(), PlaceError> {
    match check(folder, key) {
        Err(PlaceError::NotThere { .. }) => (),
        known => return known,
    }
    let mark = folder.join(MARK_FILE);
    durable::make_folder(folder).map_err(disk("making folder", folder))?;
    durable::replace(&mark, key.check().as_bytes()).map_err(disk("writing", &mark))
}

/// Whether the folder is there now and is the one that was adopted.
pub fn check(folder: &Path, key: &FileKey) -> Result<(), PlaceError> {
    let mark = folder.join(MARK_FILE);
    let marked = fs::metadata(&mark)
        .ok()
        .filter(|facts| facts.len() <= MARK_BYTES_MAX)
        .and_then(|_| fs::read_to_string(&mark).ok());
    match marked {
        Some(marked) if marked == key.check() => Ok(()),
        Some(_) => Err(PlaceError::AnotherProfile { folder: folder.to_owned() }),
        None => Err(PlaceError::NotThere { folder: folder.to_owned() }),
    }
}

/// Names what was being done; a full disk and a closed one are told apart.
pub fn disk<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> PlaceError + 'a {
    move |source| {
        let path = path.to_owned();
        if durable::is_full(&source) {
            PlaceError::Full { doing, path, source }
        } else if durable::is_closed_to_writing(&source) {
            PlaceError::ReadOnly { doing, path, source }
        } else {
            PlaceError::Disk { doing, path, source }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::keys::FileKey;

    use super::{PlaceError, adopt, check};

    #[test]
    fn an_empty_mount_point_and_the_stick_of_another_office_are_not_written_to() {
        let stick = tempfile::tempdir().unwrap();
        let (ours, theirs) = (FileKey::new([1; 32]), FileKey::new([2; 32]));
        let folder = stick.path().join("van-thu");
        assert!(matches!(check(&folder, &ours), Err(PlaceError::NotThere { .. })));
        adopt(&folder, &ours).unwrap();
        adopt(&folder, &ours).unwrap();
        check(&folder, &ours).unwrap();
        assert!(matches!(check(&folder, &theirs), Err(PlaceError::AnotherProfile { .. })));
        assert!(matches!(adopt(&folder, &theirs), Err(PlaceError::AnotherProfile { .. })));
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        assert!(matches!(check(&folder, &ours), Err(PlaceError::NotThere { .. })));
    }
}
