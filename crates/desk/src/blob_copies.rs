//! Sealed files brought from one folder of files to another: to a copy, to a stick, and back.
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use register::BlobId;

use crate::blobs::{BlobError, Blobs};
use crate::durable;
use crate::place::{PlaceError, disk};

/// Damaged files that are named one by one; more are only counted.
const DAMAGED_NAMED_MAX: usize = 100;

/// What was brought over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BroughtOver {
    /// Files that were missing there.
    pub files: u64,
    /// Files that are damaged here and were not brought over: the first ones.
    pub damaged: Vec<BlobId>,
    /// How many are damaged in all.
    pub damaged_count: u64,
}

/// Why files were not brought over.
#[derive(Debug, Error)]
pub enum BringError {
    /// The place they come from.
    #[error("reading a file that is to be copied")]
    From(#[source] BlobError),
    /// The place they go to.
    #[error("copying a file")]
    To(#[source] PlaceError),
}

/// Brings over every file that is missing there.
pub fn bring_missing(from: &Blobs, to: &Blobs) -> Result<BroughtOver, BringError> {
    let mut brought = BroughtOver::default();
    for first in 0..=u8::MAX {
        let ids = from.ids_under(first).map_err(BringError::From)?;
        bring(from, to, &ids, &mut brought)?;
    }
    Ok(brought)
}

/// Brings over those of these files that are missing there. A file that is missing here too is
/// counted as damaged.
pub fn bring_these(from: &Blobs, to: &Blobs, ids: &[BlobId]) -> Result<BroughtOver, BringError> {
    let mut brought = BroughtOver::default();
    bring(from, to, ids, &mut brought)?;
    Ok(brought)
}

fn bring(
    from: &Blobs,
    to: &Blobs,
    ids: &[BlobId],
    brought: &mut BroughtOver,
) -> Result<(), BringError> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for id in ids.iter().copied().filter(|id| !to.holds(*id)) {
        match from.verify(id) {
            Ok(_) => (),
            // One damaged file must not keep all the others from being safe.
            Err(BlobError::Damaged { .. } | BlobError::Missing { .. }) => {
                brought.damaged_count += 1;
                if brought.damaged.len() < DAMAGED_NAMED_MAX {
                    brought.damaged.push(id);
                }
                continue;
            }
            Err(other) => return Err(BringError::From(other)),
        }
        let path = to.file_of(id);
        if let Some(folder) = path.parent() {
            durable::make_folder(folder)
                .map_err(disk("making folder", folder))
                .map_err(BringError::To)?;
            if folders.last().is_none_or(|last| last != folder) {
                folders.push(folder.to_owned());
            }
        }
        link_or_copy(&from.file_of(id), &path, to).map_err(BringError::To)?;
        brought.files += 1;
    }
    for folder in folders {
        durable::sync_folder(&folder)
            .map_err(disk("writing folder", &folder))
            .map_err(BringError::To)?;
    }
    Ok(())
}

/// On the same disk one file under two names costs nothing, and stored files are never written to.
fn link_or_copy(from: &Path, path: &Path, to: &Blobs) -> Result<(), PlaceError> {
    match fs::hard_link(from, path) {
        Ok(()) => Ok(()),
        // Another disk, or a file system without links.
        Err(_) => copy_sealed(from, path, to),
    }
}

fn copy_sealed(from: &Path, path: &Path, to: &Blobs) -> Result<(), PlaceError> {
    let (temporary, mut file) = to.temporary().map_err(|why| as_place(path, why))?;
    let copied = File::open(from)
        .and_then(|mut source| io::copy(&mut source, &mut file))
        .and_then(|_| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    copied.map_err(|why| {
        // The first error is the one to tell; a left-over is swept at the next start.
        let _ = fs::remove_file(&temporary);
        disk("writing", path)(why)
    })
}

fn as_place(path: &Path, why: BlobError) -> PlaceError {
    match why {
        BlobError::DiskFull { source, .. }
        | BlobError::ReadOnly { source, .. }
        | BlobError::Disk { source, .. }
        | BlobError::Source { source } => disk("writing", path)(source),
        BlobError::TooLarge { .. }
        | BlobError::Empty
        | BlobError::Changed { .. }
        | BlobError::NotAFile { .. }
        | BlobError::Missing { .. }
        | BlobError::Damaged { .. } => disk("writing", path)(io::Error::other(why.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use register::BlobId;

    use crate::blobs::Blobs;
    use crate::durable;
    use crate::keys::BlobKey;

    use super::{BroughtOver, bring_missing, bring_these, copy_sealed};

    fn blobs(folder: &Path) -> Blobs {
        Blobs::open(folder, &BlobKey::new([7; 32])).unwrap()
    }

    #[test]
    fn only_missing_files_are_brought_over_and_open_there() {
        let (here, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (blobs(here.path()), blobs(stick.path()));
        let put = |n: u32| from.put(&mut n.to_string().as_bytes(), 100).unwrap().id;
        let ids: Vec<BlobId> = (0..40).map(put).collect();
        assert_eq!(bring_missing(&from, &to).unwrap().files, 40);
        assert_eq!(bring_missing(&from, &to).unwrap(), BroughtOver::default());
        let more = put(40);
        assert_eq!(bring_these(&from, &to, &[ids[0], more]).unwrap().files, 1);
        for id in ids {
            to.verify(id).unwrap();
        }
    }

    #[test]
    fn a_damaged_file_is_named_and_the_others_are_brought_over() {
        let (here, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (blobs(here.path()), blobs(stick.path()));
        let bad = from.put(&mut &b"damaged"[..], 100).unwrap().id;
        let good = from.put(&mut &b"good"[..], 100).unwrap().id;
        fs::write(from.file_of(bad), b"other bytes").unwrap();
        let brought = bring_missing(&from, &to).unwrap();
        assert_eq!((brought.files, brought.damaged.as_slice()), (1, [bad].as_slice()));
        to.verify(good).unwrap();
        assert!(!to.holds(bad));
    }

    #[test]
    fn a_copy_where_links_are_unknown_is_a_file_of_its_own() {
        let (here, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (blobs(here.path()), blobs(stick.path()));
        let id = from.put(&mut &b"good"[..], 100).unwrap().id;
        durable::make_folder(to.file_of(id).parent().unwrap()).unwrap();
        copy_sealed(&from.file_of(id), &to.file_of(id), &to).unwrap();
        to.verify(id).unwrap();
        let nowhere = here.path().join("nowhere");
        assert!(copy_sealed(&nowhere, &to.file_of(id), &to).is_err());
        assert_eq!(to.sweep_temporary().unwrap(), 0);
        to.verify(id).unwrap();
    }
}
