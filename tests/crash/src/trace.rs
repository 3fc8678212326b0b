//! What a program did to the files of a folder, in order, as a recorder wrote it down.
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use crate::disk::Disk;

/// One thing that was done, or said on standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A new, empty file.
    Made(PathBuf),
    /// A new folder.
    FolderMade(PathBuf),
    /// A name was taken away.
    Removed(PathBuf),
    /// A file got another name.
    Renamed {
        /// The old name.
        from: PathBuf,
        /// The new name.
        to: PathBuf,
    },
    /// Bytes were written.
    Wrote {
        /// The file.
        path: PathBuf,
        /// Where in it.
        at: u64,
        /// What.
        bytes: Vec<u8>,
    },
    /// A file was cut or made longer.
    Length {
        /// The file.
        path: PathBuf,
        /// Its new length.
        length: u64,
    },
    /// A file or the names in a folder were made durable.
    Synced(PathBuf),
    /// Something was shown.
    Said(Vec<u8>),
}

impl Event {
    fn parts(&self) -> (u8, &[u8], u64, &[u8]) {
        match self {
            Event::Made(path) => (b'm', path.as_os_str().as_bytes(), 0, &[]),
            Event::FolderMade(path) => (b'f', path.as_os_str().as_bytes(), 0, &[]),
            Event::Removed(path) => (b'r', path.as_os_str().as_bytes(), 0, &[]),
            Event::Renamed { from, to } => {
                (b'n', from.as_os_str().as_bytes(), 0, to.as_os_str().as_bytes())
            }
            Event::Wrote { path, at, bytes } => (b'w', path.as_os_str().as_bytes(), *at, bytes),
            Event::Length { path, length } => (b'l', path.as_os_str().as_bytes(), *length, &[]),
            Event::Synced(path) => (b's', path.as_os_str().as_bytes(), 0, &[]),
            Event::Said(said) => (b'o', &[], 0, said),
        }
    }

    /// The event as the recorder writes it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let (kind, path, number, bytes) = self.parts();
        out.write_all(&[kind])?;
        out.write_all(&(path.len() as u64).to_le_bytes())?;
        out.write_all(path)?;
        out.write_all(&number.to_le_bytes())?;
        out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        out.write_all(bytes)
    }

    /// Does to a disk what was done.
    pub fn replay(&self, disk: &mut Disk) {
        match self {
            Event::Made(path) => {
                disk.create(path);
            }
            Event::FolderMade(path) => disk.make_folder(path),
            Event::Removed(path) => disk.remove(path),
            Event::Renamed { from, to } => disk.rename(from, to),
            Event::Wrote { path, at, bytes } => {
                if let Some(file) = disk.find(path) {
                    disk.write(file, usize::try_from(*at).unwrap_or(usize::MAX), bytes);
                }
            }
            Event::Length { path, length } => {
                if let Some(file) = disk.find(path) {
                    disk.set_length(file, usize::try_from(*length).unwrap_or(usize::MAX));
                }
            }
            Event::Synced(path) => match disk.find(path) {
                Some(file) => disk.sync(file),
                None => disk.sync_folder(path),
            },
            Event::Said(_) => {}
        }
    }
}

/// Reads what a recorder wrote; none when it ends in the middle of an event.
pub fn read(mut bytes: &[u8]) -> Option<Vec<Event>> {
    let mut events = Vec::new();
    while let Some((kind, rest)) = bytes.split_first() {
        let (path, rest) = counted(rest)?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        let (data, rest) = counted(rest)?;
        bytes = rest;
        let path = PathBuf::from(OsString::from_vec(path.to_vec()));
        let number = u64::from_le_bytes(*number);
        events.push(match kind {
            b'm' => Event::Made(path),
            b'f' => Event::FolderMade(path),
            b'r' => Event::Removed(path),
            b'n' => {
                Event::Renamed { from: path, to: PathBuf::from(OsString::from_vec(data.to_vec())) }
            }
            b'w' => Event::Wrote { path, at: number, bytes: data.to_vec() },
            b'l' => Event::Length { path, length: number },
            b's' => Event::Synced(path),
            b'o' => Event::Said(data.to_vec()),
            _ => return None,
        });
    }
    Some(events)
}

fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (count, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*count)).ok()?)
}
