//! The folder of a profile: where a register may live, and a founding that failed half way.
use std::path::Path;

use contract::Failure;

use crate::desk::{BLOBS_FOLDER, REGISTER_FILE};
use crate::faults::fault;
use crate::folders::{FolderKind, folder_kind};
use crate::keyring::{KEYRING_FILE, SECRET_FILE};

/// Lies in a profile whose PC was shut out.
const SHUT_OUT_FILE: &str = "shut-out";

/// Refuses folders in which two PCs could write the same file: a database there is lost sooner or
/// later.
pub fn may_hold_a_register(profile: &Path) -> Result<(), Failure> {
    let what = match folder_kind(profile) {
        FolderKind::Local => return Ok(()),
        FolderKind::NetworkShare => "Thư mục của sổ nằm trên ổ mạng.".to_owned(),
        FolderKind::Synchronised { by } => format!("Thư mục của sổ đang được {by} đồng bộ."),
    };
    Err(fault(
        "shared_folder",
        &what,
        "Chưa có gì được ghi vào thư mục đó.",
        "Đặt sổ trên đĩa của máy này. Ổ mạng dùng cho bản sao và bản ghi song song.",
    ))
}

/// Destroys the keys of a profile: what it holds is read by nobody any more.
pub fn destroy_keys(profile: &Path) {
    for name in [KEYRING_FILE, SECRET_FILE] {
        let path = profile.join(name);
        if path.exists() && std::fs::remove_file(&path).is_err() {
            tracing::error!(path = %path.display(), "a key was not destroyed");
        }
    }
}

/// Notes that this PC was shut out, for whoever sits down here afterwards.
pub fn note_shut_out(profile: &Path) {
    if std::fs::write(profile.join(SHUT_OUT_FILE), "").is_err() {
        tracing::warn!("it was not noted that this PC was shut out");
    }
}

/// Whether the register that was here is gone because this PC was shut out.
pub fn was_shut_out(profile: &Path) -> bool {
    profile.join(SHUT_OUT_FILE).exists()
}

/// Takes away what a failed founding wrote: nothing was registered in it.
pub fn take_down_failed_founding(profile: &Path) {
    for name in [KEYRING_FILE, REGISTER_FILE] {
        for ending in ["", "-wal", "-shm"] {
            let path = profile.join(format!("{name}{ending}"));
            if path.exists() && std::fs::remove_file(&path).is_err() {
                tracing::warn!(path = %path.display(), "a failed founding was not taken away");
            }
        }
    }
    let blobs = profile.join(BLOBS_FOLDER);
    if blobs.exists() && std::fs::remove_dir_all(&blobs).is_err() {
        tracing::warn!("the empty folder of files was not taken away");
    }
}
