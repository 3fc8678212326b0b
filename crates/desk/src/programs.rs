//! Versions of the program beside the register: which are whole, which one runs, which is next.
//!
//! A version is a folder of its own with what its publisher signed. Nothing in it is believed:
//! signature and hashes are looked at before it is begun with.
mod coming;
mod notes;
mod register;
mod start;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};
use sync::release::{
    Manifest, Platform, Program, RELEASE_BYTES_MAX, Release, ReleaseFile, Sum, Version,
};
use sync::wire::Hex32;

pub(crate) use self::coming::{Coming, NotWhole};
pub(crate) use self::notes::Notes;
pub use self::start::{Next, Run, becomes, installed};

/// Folder of the versions inside a profile.
pub const PROGRAMS_FOLDER: &str = "programs";
/// What a version's publisher signed, in its folder.
const RELEASE_FILE: &str = "release.json";
/// Bytes hashed at once.
const HASHED_AT_ONCE: usize = 256 << 10;

/// The version of this program.
static RUNNING: LazyLock<Version> = LazyLock::new(|| {
    let built = Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version([0, 0, 0]));
    of_its_folder().unwrap_or(built)
});

/// The version of the folder this program lies in, where it is one among others.
fn folder_of_this() -> Option<Version> {
    let program = std::env::current_exe().ok()?;
    let folder = program.parent()?;
    let among = folder.parent()?.file_name()? == PROGRAMS_FOLDER;
    Version::parse(folder.file_name()?.to_str()?).filter(|_| among)
}

/// In a demo one build stands for every version: it is the one of its folder.
#[cfg(feature = "demo")]
fn of_its_folder() -> Option<Version> {
    folder_of_this()
}

#[cfg(not(feature = "demo"))]
fn of_its_folder() -> Option<Version> {
    None
}

/// The version of this program.
pub fn running() -> Version {
    *RUNNING
}

/// What this program was built for, where releases are made for that.
fn this_platform() -> Option<Platform> {
    match (cfg!(target_arch = "x86_64"), cfg!(windows), cfg!(target_os = "linux")) {
        (true, true, _) => Some(Platform::Windows),
        (true, _, true) => Some(Platform::Linux),
        (_, _, _) => None,
    }
}

/// The publishers that this build believes.
fn trusted() -> Vec<Hex32> {
    let named = assets::PUBLISHER_KEYS.lines().map(str::trim);
    let keys = named.filter(|line| !line.starts_with('#')).filter_map(Hex32::parse);
    #[cfg(feature = "demo")]
    let keys = keys.chain([crate::demo::publisher()]);
    keys.collect()
}

/// A program that handed over to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StartedBy {
    /// Its version.
    pub version: Version,
    /// The newest form of a register's file that it reads.
    pub form: u32,
}

/// The versions of one profile, and this program among them.
#[derive(Debug, Clone)]
pub struct Programs {
    profile: PathBuf,
    folder: PathBuf,
    pub(crate) running: Version,
    pub(crate) platform: Option<Platform>,
    trusted: Vec<Hex32>,
    form: u32,
    pub(crate) started_by: Option<StartedBy>,
}

/// A version that is here whole, as far as its publisher's word and the sizes of its files go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whole {
    pub manifest: Manifest,
    folder: PathBuf,
}

impl Whole {
    fn path(&self, program: Program) -> PathBuf {
        self.folder.join(program.file_name(self.manifest.platform))
    }

    /// Whether every file is what its publisher signed.
    fn is_right(&self) -> bool {
        self.manifest.files.iter().all(|file| self.is_signed(file))
    }

    fn is_signed(&self, file: &ReleaseFile) -> bool {
        sum_of(&self.path(file.program)).is_ok_and(|sum| sum == file.plain)
    }

    /// Its command line, where it brought one and that is what its publisher signed.
    fn command_line(&self) -> Option<PathBuf> {
        let file = self.manifest.file(Program::CommandLine)?;
        let path = self.path(file.program);
        if self.is_signed(file) {
            return Some(path);
        }
        tracing::error!(path = %path.display(), "a command line is not what its publisher signed");
        None
    }
}

/// The bytes of a file.
pub(crate) fn sum_of(path: &Path) -> io::Result<Sum> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; HASHED_AT_ONCE];
    loop {
        let read = file.read(&mut piece)?;
        let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else { break };
        hash.update(piece);
        bytes += piece.len() as u64;
    }
    Ok(Sum { bytes, sha256: sync::wire::Hex(hash.finalize().into()) })
}

fn read_release(path: &Path) -> Option<Release> {
    let mut text = Vec::new();
    let most = RELEASE_BYTES_MAX as u64 + 1;
    File::open(path).ok()?.take(most).read_to_end(&mut text).ok()?;
    Release::parse(&text).ok()
}

impl Programs {
    /// Those of a profile, seen from this program.
    pub fn of(profile: &Path) -> Programs {
        Programs {
            profile: profile.to_owned(),
            folder: profile.join(PROGRAMS_FOLDER),
            running: running(),
            platform: this_platform(),
            trusted: trusted(),
            form: store::form(),
            started_by: start::started_by(),
        }
    }

    /// The same seen from a program of another version, for tests.
    #[cfg(test)]
    pub(crate) fn seen_from(self, running: &str, started_by: Option<StartedBy>) -> Programs {
        let running = Version::parse(running).expect("a version");
        Programs { running, started_by, ..self }
    }

    /// Whether this build takes new versions at all: it believes somebody, and releases are made
    /// for what it runs on.
    pub(crate) fn takes(&self) -> bool {
        self.platform.is_some() && !self.trusted.is_empty()
    }

    /// What a publisher says whom this build believes.
    pub(crate) fn read(&self, release: &Release) -> Option<Manifest> {
        release.read(&self.trusted).inspect_err(|fault| tracing::warn!(%fault, "a release")).ok()
    }

    fn folder_of(&self, version: Version) -> PathBuf {
        self.folder.join(version.to_string())
    }

    /// Every version that is here, the oldest first.
    pub(crate) fn whole(&self) -> Vec<Whole> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut all: Vec<Whole> =
            names.filter_map(|name| self.whole_of(Version::parse(&name)?)).collect();
        all.sort_by_key(|whole| whole.manifest.version);
        all
    }

    fn whole_of(&self, version: Version) -> Option<Whole> {
        let folder = self.folder_of(version);
        let manifest = self.read(&read_release(&folder.join(RELEASE_FILE))?)?;
        let is_this = manifest.version == version && Some(manifest.platform) == self.platform;
        let whole = Whole { manifest, folder };
        let is_there = |path: &Path, bytes| fs::metadata(path).is_ok_and(|it| it.len() == bytes);
        let mut files = whole.manifest.files.iter();
        let all = files.all(|file| is_there(&whole.path(file.program), file.plain.bytes));
        (is_this && all).then_some(whole)
    }

    /// The version that would be begun with next.
    pub(crate) fn best(&self, notes: &Notes) -> Option<Whole> {
        self.whole().into_iter().rfind(|whole| self.may_start(whole, notes))
    }

    fn may_start(&self, whole: &Whole, notes: &Notes) -> bool {
        let platform = whole.manifest.platform;
        notes.may_start(whole.manifest.version)
            && whole.manifest.may_follow(self.running, platform).is_ok()
    }

    /// The version somebody can go back from: the one that runs, or, asked beside the window, the
    /// one that runs there.
    pub(crate) fn left_now(&self, notes: &Notes) -> Option<Version> {
        if self.started_by.is_some() {
            return Some(self.running);
        }
        let best = self.best(notes).map(|whole| whole.manifest.version);
        best.filter(|version| notes.came_up(*version))
    }

    /// The version that comes back when somebody goes back from it, and the form of a register's
    /// file that it reads.
    pub(crate) fn before(&self, notes: &Notes) -> Option<StartedBy> {
        let left = self.left_now(notes)?;
        let this = StartedBy { version: self.running, form: self.form };
        let installed = self.started_by.unwrap_or(this);
        let older = self.whole().into_iter().rfind(|whole| {
            let version = whole.manifest.version;
            version < left && installed.version < version && notes.may_start(version)
        });
        let older = older.map(|whole| StartedBy {
            version: whole.manifest.version,
            form: whole.manifest.register,
        });
        older.or(Some(installed)).filter(|before| before.version < left)
    }

    /// Whether the register as this program keeps it can be read by another one.
    pub(crate) fn can_read(&self, other: StartedBy) -> bool {
        other.form >= self.form
    }

    /// What was noted of every version.
    pub(crate) fn notes(&self) -> Notes {
        Notes::read(&self.folder)
    }

    /// Notes something.
    ///
    /// # Errors
    /// Faults of the disk.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Notes)) -> io::Result<()> {
        let mut notes = self.notes();
        let before = notes.clone();
        change(&mut notes);
        if notes == before { Ok(()) } else { notes.write(&self.folder) }
    }

    /// Somebody goes back from this version, and it is not begun with again; or stays after all.
    pub(crate) fn leave(&self, leaves: bool) -> io::Result<()> {
        let version = self.left_now(&self.notes()).unwrap_or(self.running);
        self.note(|notes| notes.of(version).left = leaves)
    }

    /// The window of this version stands.
    pub fn drawn(&self) {
        if self.started_by.is_some() {
            self.noted(|notes| notes.of(self.running).is_drawn());
        }
    }

    /// This version begins to open the register, which it may have to bring to its form.
    pub(crate) fn opens(&self) {
        if self.started_by.is_some() {
            self.noted(|notes| notes.of(self.running).opens());
        }
    }

    /// This version has opened the register.
    pub(crate) fn opened(&self) {
        if self.started_by.is_some() {
            self.noted(|notes| notes.of(self.running).has_opened());
        }
    }

    fn noted(&self, change: impl FnOnce(&mut Notes)) {
        if let Err(fault) = self.note(change) {
            crate::faults::log("noting how a version of the program began", &fault);
        }
    }

    /// Takes versions away that were withdrawn and not begun with.
    pub(crate) fn drop_withdrawn(&self, withdrawn: &[Version]) {
        let notes = self.notes();
        for version in withdrawn {
            if *version != self.running && !notes.came_up(*version) {
                remove(&self.folder_of(*version));
            }
        }
    }

    /// Keeps this version, the next one and the one before, and takes the others away.
    pub(crate) fn tidy(&self) {
        let notes = self.notes();
        let next = self.best(&notes).map(|whole| whole.manifest.version);
        let before = self.before(&notes).map(|before| before.version);
        let kept =
            |version| version == self.running || Some(version) == next || Some(version) == before;
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if Version::parse(name).is_some_and(|version| !kept(version)) {
                remove(&entry.path());
            }
            let copied = register::version_of(name);
            if copied.is_some_and(|version| notes.came_up(version) && version == self.running) {
                remove(&entry.path());
            }
        }
    }
}

fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => {
            crate::faults::log("taking a version of the program away", &fault);
        }
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
#[path = "programs_tests.rs"]
mod tests;
