//! What kind of place a folder is: on this PC, on a share, or copied about by another program.
//!
//! A register on a share or in a synchronised folder is lost sooner or later: two PCs write the
//! same database, or half a database is put back. A scan folder may lie on a share, but nobody
//! tells of new files there, so it is looked through from time to time.
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What kind of place a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderKind {
    /// On a disk or a stick of this PC.
    Local,
    /// On another machine: SMB, NFS, WebDAV.
    NetworkShare,
    /// Copied to other machines by a program.
    Synchronised {
        /// The program, as people know it.
        by: &'static str,
    },
}

/// File systems of Linux behind which another machine stands.
const REMOTE_FILE_SYSTEMS: [&str; 20] = [
    "cifs",
    "smb3",
    "smbfs",
    "nfs",
    "nfs4",
    "afs",
    "ceph",
    "coda",
    "davfs",
    "fuse.afpfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.kio-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "glusterfs",
    "ncpfs",
];

/// Beginnings of the names that synchronising programs give their folders, in lower case.
const SYNCHRONISED_NAMES: [(&str, &str); 10] = [
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("iclouddrive", "iCloud"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("megasync", "MEGA"),
    ("pcloud drive", "pCloud"),
];

/// What such programs leave inside the folder that they copy.
const SYNCHRONISED_MARKS: [(&str, &str); 6] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".owncloudsync.log", "ownCloud"),
    (".sync_folder.lock", "Nextcloud"),
    (".tmp.drivedownload", "Google Drive"),
];

/// A table of mounts is never longer than this.
const MOUNTS_BYTES_MAX: usize = 1 << 20;

/// Says what kind of place a folder is; it need not be there yet.
pub fn folder_kind(path: &Path) -> FolderKind {
    let mounts = fs::read("/proc/self/mounts").unwrap_or_default();
    let mounts = mounts.get(..MOUNTS_BYTES_MAX).unwrap_or(&mounts);
    folder_kind_among(path, &String::from_utf8_lossy(mounts))
}

/// The same, with the table of mounts as an argument.
fn folder_kind_among(path: &Path, mounts: &str) -> FolderKind {
    // Both as typed and as it really is: a link, or a drive letter that stands for a share.
    let real = real(path);
    [path, &real]
        .into_iter()
        .map(|path| {
            if is_unc(path) || is_on_remote_mount(path, mounts) {
                FolderKind::NetworkShare
            } else if let Some(by) = synchronised_by(path) {
                FolderKind::Synchronised { by }
            } else {
                FolderKind::Local
            }
        })
        .find(|kind| *kind != FolderKind::Local)
        .unwrap_or(FolderKind::Local)
}

/// The path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for existing in path.ancestors() {
        if let Ok(found) = existing.canonicalize() {
            let rest = path.strip_prefix(existing).unwrap_or(Path::new(""));
            return found.join(rest);
        }
    }
    path
}

/// `\\server\share` and `\\?\UNC\server\share`; `\\?\C:\` is a plain disk.
fn is_unc(path: &Path) -> bool {
    let text = path.to_string_lossy();
    match text.strip_prefix(r"\\?\").or_else(|| text.strip_prefix(r"\\.\")) {
        Some(verbatim) => verbatim.to_ascii_uppercase().starts_with(r"UNC\"),
        None => text.starts_with(r"\\"),
    }
}

fn is_on_remote_mount(path: &Path, mounts: &str) -> bool {
    let deepest = mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ');
            let (_device, place, kind) = (fields.next()?, fields.next()?, fields.next()?);
            Some((PathBuf::from(unescape(place)), kind))
        })
        .filter(|(place, _)| path.starts_with(place))
        // Of two mounts on one place the later hides the earlier, and `max_by_key` takes it.
        .max_by_key(|(place, _)| place.components().count());
    deepest.is_some_and(|(_, kind)| REMOTE_FILE_SYSTEMS.contains(&kind))
}

/// The table writes a space as `\040`.
fn unescape(place: &str) -> String {
    let space = place.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n");
    space.replace("\\134", "\\")
}

fn synchronised_by(path: &Path) -> Option<&'static str> {
    let by_name = path.components().find_map(|component| {
        let Component::Normal(name) = component else { return None };
        let name = name.to_string_lossy().to_lowercase();
        let is = |known: &str| {
            let rest = name.strip_prefix(known);
            // `OneDrive - UBND xã`, `Dropbox (Cá nhân)`, but not `dropbox-cũ.txt.d`.
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(']))
        };
        SYNCHRONISED_NAMES.iter().find(|(known, _)| is(known)).map(|(_, by)| *by)
    });
    let by_mark = || {
        path.ancestors().find_map(|folder| {
            let marked = SYNCHRONISED_MARKS.iter().find(|(mark, _)| folder.join(mark).exists());
            // The program's own settings lie in the home folder, which it does not copy.
            marked.filter(|(_, _)| !is_home(folder)).map(|(_, by)| *by)
        })
    };
    by_name.or_else(by_mark)
}

fn is_home(folder: &Path) -> bool {
    std::env::home_dir().is_some_and(|home| home == folder)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FolderKind, folder_kind, folder_kind_among};

    const MOUNTS: &str = "\
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
//may-chu/quet /mnt/may\\040quet cifs rw 0 0
may-chu:/home /net nfs4 rw 0 0
/dev/sdb1 /net/usb vfat rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
";

    fn kind(path: &str) -> FolderKind {
        folder_kind_among(Path::new(path), MOUNTS)
    }

    #[test]
    fn a_folder_under_a_network_mount_is_a_share_and_a_stick_below_it_is_not() {
        assert_eq!(kind("/srv/van-thu"), FolderKind::Local);
        assert_eq!(kind("/mnt/may quet/2026"), FolderKind::NetworkShare);
        assert_eq!(kind("/mnt/may quetx"), FolderKind::Local);
        assert_eq!(kind("/net/a"), FolderKind::NetworkShare);
        assert_eq!(kind("/net/usb/a"), FolderKind::Local);
        assert_eq!(
            kind("/run/user/1000/gvfs/smb-share:server=a,share=b"),
            FolderKind::NetworkShare
        );
    }

    #[test]
    fn a_unc_path_is_a_share_and_a_verbatim_disk_is_not() {
        assert_eq!(kind(r"\\may-chu\vanthu"), FolderKind::NetworkShare);
        assert_eq!(kind(r"\\?\UNC\may-chu\vanthu"), FolderKind::NetworkShare);
        assert_eq!(kind(r"\\?\C:\vanthu"), FolderKind::Local);
    }

    #[test]
    fn a_folder_of_a_synchronising_program_is_known_by_its_name() {
        let one = FolderKind::Synchronised { by: "OneDrive" };
        assert_eq!(kind("/srv/a/OneDrive - UBND xã An Hiếu/sổ"), one);
        assert_eq!(kind("/srv/a/onedrive"), one);
        assert_eq!(kind("/srv/a/Dropbox (Cá nhân)"), FolderKind::Synchronised { by: "Dropbox" });
        assert_eq!(kind("/srv/a/dropboxes"), FolderKind::Local);
    }

    #[test]
    fn a_folder_of_a_synchronising_program_is_known_by_its_mark() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("sổ/2026");
        assert_eq!(folder_kind(&inside), FolderKind::Local);
        fs::create_dir(folder.path().join(".stfolder")).unwrap();
        assert_eq!(folder_kind(&inside), FolderKind::Synchronised { by: "Syncthing" });
    }

    #[cfg(unix)]
    #[test]
    fn a_link_into_a_synchronised_folder_is_seen_through() {
        let folder = tempfile::tempdir().unwrap();
        let dropbox = folder.path().join("Dropbox");
        fs::create_dir(&dropbox).unwrap();
        let link = folder.path().join("vanthu");
        std::os::unix::fs::symlink(&dropbox, &link).unwrap();
        let dropbox = FolderKind::Synchronised { by: "Dropbox" };
        assert_eq!(folder_kind(&link.join("2026")), dropbox);
    }
}
