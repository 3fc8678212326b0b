//! A disk in memory that knows what was synced: after a power cut only that is sure to be there.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::chance::Chance;

/// Bytes that a disk writes together.
const SECTOR_BYTES: usize = 512;

/// What becomes of writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survival {
    /// None of them reached the disk.
    Nothing,
    /// Some reached it in order; the last of these only with its first sectors.
    InOrder,
    /// Each sector by itself reached it, did not, or holds rubbish; the order is lost.
    Scattered,
}

impl Survival {
    /// One of them.
    pub fn any(chance: &mut Chance) -> Survival {
        match chance.below(3) {
            0 => Survival::Nothing,
            1 => Survival::InOrder,
            _ => Survival::Scattered,
        }
    }
}

/// A file of the disk, whatever its names are.
pub type FileId = usize;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Folder,
    File(FileId),
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Debug, Clone, Default)]
struct Content {
    now: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
}

/// A name that was given or taken away.
#[derive(Debug, Clone)]
struct Naming {
    path: PathBuf,
    entry: Option<Entry>,
}

/// Files and their names, as programs see them and as they are on the disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, Entry>,
    synced_names: BTreeMap<PathBuf, Entry>,
    unsynced_names: Vec<Naming>,
}

impl Disk {
    /// The file of a name.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        match self.names.get(path) {
            Some(Entry::File(id)) => Some(*id),
            Some(Entry::Folder) | None => None,
        }
    }

    /// Makes an empty file; its name is not durable yet.
    pub fn create(&mut self, path: &Path) -> FileId {
        let id = self.create_nameless();
        self.give_name(path, Some(Entry::File(id)));
        id
    }

    /// Makes an empty file without a name.
    pub fn create_nameless(&mut self) -> FileId {
        self.contents.push(Content::default());
        self.contents.len() - 1
    }

    /// Makes a folder; its name is not durable yet.
    pub fn make_folder(&mut self, path: &Path) {
        self.give_name(path, Some(Entry::Folder));
    }

    /// Takes a name away.
    pub fn remove(&mut self, path: &Path) {
        self.give_name(path, None);
    }

    /// Gives a file another name.
    pub fn rename(&mut self, from: &Path, to: &Path) {
        let Some(entry) = self.names.get(from).copied() else { return };
        self.give_name(to, Some(entry));
        self.give_name(from, None);
    }

    fn give_name(&mut self, path: &Path, entry: Option<Entry>) {
        put(&mut self.names, path, entry);
        self.unsynced_names.push(Naming { path: path.to_path_buf(), entry });
    }

    /// Writes; nothing is durable yet.
    pub fn write(&mut self, file: FileId, at: usize, bytes: &[u8]) {
        let Some(content) = self.contents.get_mut(file) else { return };
        write_at(&mut content.now, at, bytes);
        content.unsynced.push(Change::Write { at, bytes: bytes.to_vec() });
    }

    /// Makes a file shorter or longer; nothing is durable yet.
    pub fn set_length(&mut self, file: FileId, length: usize) {
        let Some(content) = self.contents.get_mut(file) else { return };
        content.now.resize(length, 0);
        content.unsynced.push(Change::Length(length));
    }

    /// Makes the bytes of a file durable, not its name.
    pub fn sync(&mut self, file: FileId) {
        let Some(content) = self.contents.get_mut(file) else { return };
        for change in std::mem::take(&mut content.unsynced) {
            apply(&mut content.synced, &change);
        }
    }

    /// Makes the names in a folder durable.
    pub fn sync_folder(&mut self, folder: &Path) {
        let waiting = std::mem::take(&mut self.unsynced_names);
        let (here, elsewhere): (Vec<Naming>, Vec<Naming>) =
            waiting.into_iter().partition(|naming| naming.path.parent() == Some(folder));
        for naming in here {
            put(&mut self.synced_names, &naming.path, naming.entry);
        }
        self.unsynced_names = elsewhere;
    }

    /// The bytes of a file as a program sees them.
    pub fn bytes(&self, file: FileId) -> &[u8] {
        self.contents.get(file).map_or(&[], |content| content.now.as_slice())
    }

    /// The files of the disk by name, as a program sees them.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.names.iter().filter_map(|(path, entry)| match entry {
            Entry::File(id) => Some((path.as_path(), self.bytes(*id))),
            Entry::Folder => None,
        })
    }

    /// The disk as it is found when the power is back.
    #[must_use]
    pub fn after_a_cut(&self, survival: Survival, chance: &mut Chance) -> Disk {
        let contents = self.contents.iter().map(|content| {
            let bytes = survivor(content, survival, chance);
            Content { now: bytes.clone(), synced: bytes, unsynced: Vec::new() }
        });
        let contents = contents.collect();
        let mut names = self.synced_names.clone();
        let kept = match survival {
            Survival::Nothing => 0,
            Survival::InOrder => chance.below(self.unsynced_names.len() as u64 + 1),
            Survival::Scattered => u64::MAX,
        };
        for (at, naming) in self.unsynced_names.iter().enumerate() {
            let lost = survival == Survival::Scattered && chance.once_in(2);
            if (at as u64) < kept && !lost {
                put(&mut names, &naming.path, naming.entry);
            }
        }
        // A name is found only if the folder above it is.
        let found = |path: &Path| {
            let mut above =
                path.ancestors().skip(1).filter(|above| self.names.contains_key(*above));
            above.all(|above| names.contains_key(above))
        };
        let names: BTreeMap<PathBuf, Entry> =
            names.iter().filter(|(path, _)| found(path)).map(|(p, e)| (p.clone(), *e)).collect();
        Disk { contents, synced_names: names.clone(), names, unsynced_names: Vec::new() }
    }
}

fn put(names: &mut BTreeMap<PathBuf, Entry>, path: &Path, entry: Option<Entry>) {
    match entry {
        Some(entry) => names.insert(path.to_path_buf(), entry),
        None => names.remove(path),
    };
}

fn write_at(to: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at.saturating_add(bytes.len());
    if to.len() < end {
        to.resize(end, 0);
    }
    if let Some(place) = to.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}

fn apply(to: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { at, bytes } => write_at(to, *at, bytes),
        Change::Length(length) => to.resize(*length, 0),
    }
}

fn survivor(content: &Content, survival: Survival, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = content.synced.clone();
    match survival {
        Survival::Nothing => {}
        Survival::InOrder => {
            let whole = chance.below(content.unsynced.len() as u64 + 1);
            for (at, change) in content.unsynced.iter().enumerate() {
                if (at as u64) < whole {
                    apply(&mut bytes, change);
                } else if at as u64 == whole {
                    write_first_sectors(&mut bytes, change, chance);
                }
            }
        }
        Survival::Scattered => {
            for change in &content.unsynced {
                scatter(&mut bytes, change, chance);
            }
        }
    }
    bytes
}

/// The parts of a write that lie in one sector each.
fn sectors(at: usize, bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let (mut at, mut left, mut parts) = (at, bytes, Vec::new());
    while !left.is_empty() {
        let room = SECTOR_BYTES - at % SECTOR_BYTES;
        let (part, rest) = left.split_at(room.min(left.len()));
        parts.push((at, part));
        at += part.len();
        left = rest;
    }
    parts
}

fn write_first_sectors(to: &mut Vec<u8>, change: &Change, chance: &mut Chance) {
    let Change::Write { at, bytes } = change else { return };
    let parts = sectors(*at, bytes);
    let kept = chance.below(parts.len() as u64 + 1);
    for (_, (at, part)) in parts.into_iter().enumerate().filter(|(n, _)| (*n as u64) < kept) {
        write_at(to, at, part);
    }
}

fn scatter(to: &mut Vec<u8>, change: &Change, chance: &mut Chance) {
    match change {
        Change::Write { at, bytes } => {
            for (at, part) in sectors(*at, bytes) {
                match chance.below(5) {
                    0 | 1 => {}
                    2 | 3 => write_at(to, at, part),
                    _ => {
                        let rubbish: Vec<u8> = part.iter().map(|_| chance.next() as u8).collect();
                        write_at(to, at, &rubbish);
                    }
                }
            }
        }
        Change::Length(length) => {
            if chance.once_in(2) {
                to.resize(*length, 0);
            }
        }
    }
}
