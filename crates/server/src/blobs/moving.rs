//! Files move from the folder of a server into an object store, while the server stands still.
//!
//! Nothing is taken away where it was, and what an interrupted move has brought is not brought
//! again.
use std::collections::{BTreeMap, BTreeSet};

use register::{AgencyId, BlobId};

use super::{Blobs, BlobsInBucket, BlobsInFolder, Sent};
use crate::fault::StorageFault;
use crate::storage::Found;

/// What became of the files of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilesMoved {
    /// Files that are in the store now.
    pub files: u64,
    /// Those of them that another agency had brought.
    pub shared: u64,
    /// Files that are not what their name says, and stay where they are.
    pub damaged: Vec<BlobId>,
}

fn listed(blobs: &dyn Blobs, org: AgencyId) -> Found<BTreeSet<BlobId>> {
    let mut all = BTreeSet::new();
    blobs.stored(org, &mut |blob, _| {
        all.insert(blob);
    })?;
    Ok(all)
}

/// Brings the files of one agency into the store; what stands in two agencies' folders is brought
/// once and shared. `brought` says whose a file is that was brought before.
///
/// # Errors
/// Faults of the disk and the store; called again, it goes on.
pub fn move_files(
    from: &BlobsInFolder,
    to: &BlobsInBucket,
    (org, brought): (AgencyId, &mut BTreeMap<BlobId, AgencyId>),
) -> Found<FilesMoved> {
    let mut moved = FilesMoved::default();
    let all = listed(from, org)?;
    for blob in &all {
        if let Some(first) = brought.get(blob)
            && to.share(*first, org, *blob)?
        {
            moved.shared += 1;
            continue;
        }
        let Some(file) = from.open(org, *blob)? else { continue };
        match to.bring((org, *blob), file)? {
            Sent::Whole => {
                brought.insert(*blob, org);
            }
            Sent::Wrong => moved.damaged.push(*blob),
        }
    }
    let there = listed(to, org)?;
    let lacks = all.iter().any(|blob| !there.contains(blob) && !moved.damaged.contains(blob));
    if lacks {
        return Err(StorageFault::Form { what: "list of the object store" });
    }
    moved.files = all.len() as u64 - moved.damaged.len() as u64;
    Ok(moved)
}
