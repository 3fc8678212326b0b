//! A copy of the whole file in a second place: made, synced, opened again and looked at.
use std::ffi::c_int;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};

use crate::connection::{Access, Checkpoints, OpenOptions, Part, Site, beside, sync_folder};
use crate::error::{Doing, StoreError};
use crate::log::Heights;
use crate::store::Store;
use crate::view::View;

/// Pages that are copied at once: some megabytes, so that nobody waits long for the disk.
const PAGES_AT_ONCE: c_int = 1024;
/// The longest rest between two steps; a step that found a slow disk is not rested from for long.
const REST_MAX: Duration = Duration::from_millis(100);

/// A copy that was made and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// How far the register had come.
    pub heights: Heights,
    /// Bytes of the copy.
    pub bytes: u64,
}

impl Store {
    /// Copies the register to a path; a copy that is there is replaced when the new one is good.
    /// Acts go on meanwhile; the copy holds all that was done before it began.
    ///
    /// # Errors
    /// Faults of either disk; [`StoreError::CopyDiffers`] when the copy does not read back.
    pub fn backup_to(&self, path: &Path) -> Result<Copied, StoreError> {
        let part = beside(path, ".part");
        let copied = self.copy_to(&part);
        let copied = match copied {
            Ok(copied) => copied,
            Err(fault) => {
                forget(&part);
                return Err(fault);
            }
        };
        let io = |doing, source| StoreError::Io { doing, path: path.to_path_buf(), source };
        fs::rename(&part, path).map_err(|source| io("naming the copy", source))?;
        sync_folder(path)?;
        Ok(copied)
    }

    fn copy_to(&self, part: &Path) -> Result<Copied, StoreError> {
        forget(part);
        let options = OpenOptions {
            access: Access::ReadWrite,
            checkpoints: Checkpoints::ByCall,
            vfs: None,
            ..self.site.options.clone()
        };
        let target = Site { path: part.to_path_buf(), key: self.site.key.clone(), options };
        let heights = self.read(|view| {
            let mut to = target.connect_bare()?;
            let backup = Backup::new(view.conn, &mut to).doing("beginning the copy")?;
            // The view holds one state of the register, so that acts in the rests change nothing.
            loop {
                let since = Instant::now();
                let step = backup.step(PAGES_AT_ONCE).doing("copying the register")?;
                if step == StepResult::Done {
                    break;
                }
                if step != StepResult::More {
                    return Err(StoreError::CopyDiffers { path: part.to_path_buf() });
                }
                thread::sleep(since.elapsed().min(REST_MAX));
            }
            drop(backup);
            // A copy is one file: it is read without a log beside it.
            to.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
                .doing("closing the copy")?;
            view.heights()
        })?;
        let io = |doing, source| StoreError::Io { doing, path: part.to_path_buf(), source };
        let file = fs::OpenOptions::new().read(true).write(true).open(part);
        let file = file.map_err(|source| io("opening the copy", source))?;
        file.sync_all().map_err(|source| io("syncing the copy", source))?;
        let bytes = file.metadata().map_err(|source| io("measuring the copy", source))?.len();
        if heights != read_back(&target)? {
            return Err(StoreError::CopyDiffers { path: part.to_path_buf() });
        }
        Ok(Copied { heights, bytes })
    }
}

/// Opens the copy as it lies on the disk and looks at every page.
fn read_back(target: &Site) -> Result<Heights, StoreError> {
    let options = OpenOptions { access: Access::ReadOnly, ..target.options.clone() };
    let site = Site { path: target.path.clone(), key: target.key.clone(), options };
    let conn = site.connect(Part::Reader)?;
    let said: String =
        conn.query_row("PRAGMA quick_check", [], |row| row.get(0)).doing("checking the copy")?;
    if said != "ok" {
        return Err(StoreError::CopyDiffers { path: site.path.clone() });
    }
    View::over(&conn).heights()
}

fn forget(path: &Path) {
    if let Err(fault) = fs::remove_file(path)
        && fault.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%fault, "an unfinished copy was not removed");
    }
}
