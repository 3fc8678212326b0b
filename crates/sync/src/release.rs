//! A release of the program: what is in it, whose word it is, and which PCs it is for.
//!
//! A server stores and stages releases; what one holds is the word of its publisher alone. A PC
//! believes the keys that it was built with.
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use register::{DeviceId, Moment};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::wire::{BLOB_BYTES_MAX, Hex, Hex32, Hex64};

/// Stands before the bytes that are signed, so that a signature says what it is for.
pub const RELEASE_DOMAIN: &[u8] = b"vanthu/release/1\0";
/// Bytes of what is signed.
pub const MANIFEST_BYTES_MAX: usize = 16 << 10;
/// Characters that say what is new.
pub const NOTES_CHARS_MAX: usize = 400;
/// Bytes of a program as it runs.
pub const PROGRAM_BYTES_MAX: u64 = 256 << 20;
/// The same as it is kept and travels: as much as any file.
pub const PROGRAM_PACKED_BYTES_MAX: u64 = BLOB_BYTES_MAX;
/// A release in one file begins so.
pub const RELEASE_MARK: [u8; 8] = *b"vanthur1";
/// Bytes of that beginning: the mark, and how many bytes the [`Release`] behind it has.
pub const RELEASE_HEAD_BYTES: usize = RELEASE_MARK.len() + 4;
/// Bytes of that [`Release`] as JSON: the manifest as a text in a text, its key and signature.
pub const RELEASE_BYTES_MAX: usize = 2 * MANIFEST_BYTES_MAX + 512;

/// A version of the program: `1.2.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub [u16; 3]);

impl Version {
    /// Reads three numbers without signs or needless zeros.
    pub fn parse(text: &str) -> Option<Version> {
        let mut numbers = [0; 3];
        let mut parts = text.split('.');
        for slot in &mut numbers {
            let part = parts.next()?;
            let number: u16 = part.parse().ok()?;
            // `+1` and `01` are numbers too, and one version has one name.
            if number.to_string() != part {
                return None;
            }
            *slot = number;
        }
        parts.next().is_none().then_some(Version(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(out, "{major}.{minor}.{patch}")
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Version, D::Error> {
        let text = String::deserialize(from)?;
        Version::parse(&text).ok_or_else(|| de::Error::custom("not a version"))
    }
}

/// What a program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Platform {
    /// Linux on 64 bits of Intel and AMD.
    #[serde(rename = "linux-x86_64")]
    Linux,
    /// Windows on the same.
    #[serde(rename = "windows-x86_64")]
    Windows,
}

impl Platform {
    /// All of them.
    pub const ALL: [Platform; 2] = [Platform::Linux, Platform::Windows];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Linux => "linux-x86_64",
            Platform::Windows => "windows-x86_64",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Platform> {
        Platform::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A program of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Program {
    /// The window.
    #[serde(rename = "vanthu-desktop")]
    Window,
    /// The command line.
    #[serde(rename = "vanthu")]
    CommandLine,
}

impl Program {
    /// All of them.
    pub const ALL: [Program; 2] = [Program::Window, Program::CommandLine];

    /// The name of its file.
    pub fn file_name(self, platform: Platform) -> &'static str {
        match (self, platform) {
            (Program::Window, Platform::Linux) => "vanthu-desktop",
            (Program::Window, Platform::Windows) => "vanthu-desktop.exe",
            (Program::CommandLine, Platform::Linux) => "vanthu",
            (Program::CommandLine, Platform::Windows) => "vanthu.exe",
        }
    }
}

/// How many bytes, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Bytes.
    pub bytes: u64,
    /// Their hash.
    pub sha256: Hex32,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFile {
    /// Which program it is.
    pub program: Program,
    /// As it runs.
    pub plain: Sum,
    /// As it travels: packed with zstd.
    pub packed: Sum,
}

/// What a publisher says of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its version.
    pub version: Version,
    /// What it runs on.
    pub platform: Platform,
    /// When it was made.
    pub made: Moment,
    /// One or two lines for who uses it.
    pub notes: String,
    /// The newest form of a register's file that it can read; it brings older ones to this form,
    /// and an older program cannot read them then.
    pub register: u32,
    /// The oldest version it can follow; any when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Version>,
    /// Its files, each program once.
    pub files: Vec<ReleaseFile>,
}

/// A manifest as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The JSON text that was signed.
    pub raw: String,
    /// The key of its publisher.
    pub key: Hex32,
    /// Its signature over the domain `vanthu/release/1` and the text.
    pub sig: Hex64,
}

/// Why something is no release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseFault {
    /// Its key is none that is trusted here.
    UnknownKey,
    /// The signature is not of its key over its text.
    BadSignature,
    /// Not a manifest that this version can read.
    Unreadable,
    /// Too many bytes or letters, no files, or one program twice.
    OutOfBounds,
}

impl fmt::Display for ReleaseFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            ReleaseFault::UnknownKey => "the publisher of the release is not one that is trusted",
            ReleaseFault::BadSignature => "the release is not signed by its publisher",
            ReleaseFault::Unreadable => "the release is not one that this version can read",
            ReleaseFault::OutOfBounds => "the release is beyond its limits",
        })
    }
}

impl core::error::Error for ReleaseFault {}

/// Why a release is not for a PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotForUs {
    /// It runs on something else.
    OtherPlatform,
    /// What runs here is as new, or newer.
    NotNewer,
    /// What runs here is too old for it.
    TooFar,
    /// It has no window.
    NoWindow,
}

impl Manifest {
    fn is_within_bounds(&self) -> bool {
        let fits = |file: &ReleaseFile| {
            (1..=PROGRAM_BYTES_MAX).contains(&file.plain.bytes)
                && (1..=PROGRAM_PACKED_BYTES_MAX).contains(&file.packed.bytes)
        };
        let once = |program: Program| {
            self.files.iter().filter(|file| file.program == program).count() <= 1
        };
        self.notes.chars().count() <= NOTES_CHARS_MAX
            && !self.files.is_empty()
            && self.files.iter().all(fits)
            && Program::ALL.into_iter().all(once)
    }

    /// The file of a program.
    pub fn file(&self, program: Program) -> Option<&ReleaseFile> {
        self.files.iter().find(|file| file.program == program)
    }

    /// Bytes that travel.
    pub fn packed_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.packed.bytes).sum()
    }

    /// Whether a PC that runs this version on this platform may go over to it. Never back: a
    /// server that hands out an old release with a known hole in it is not listened to.
    ///
    /// # Errors
    /// Why not.
    pub fn may_follow(&self, running: Version, platform: Platform) -> Result<(), NotForUs> {
        if self.platform != platform {
            return Err(NotForUs::OtherPlatform);
        }
        if self.version <= running {
            return Err(NotForUs::NotNewer);
        }
        if self.after.is_some_and(|oldest| running < oldest) {
            return Err(NotForUs::TooFar);
        }
        self.file(Program::Window).map(|_| ()).ok_or(NotForUs::NoWindow)
    }
}

fn signed_bytes(raw: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(RELEASE_DOMAIN.len() + raw.len());
    bytes.extend_from_slice(RELEASE_DOMAIN);
    bytes.extend_from_slice(raw.as_bytes());
    bytes
}

impl Release {
    /// Signs a manifest, once and for all.
    ///
    /// # Errors
    /// [`ReleaseFault::OutOfBounds`].
    pub fn sign(manifest: &Manifest, key: &SigningKey) -> Result<Release, ReleaseFault> {
        let raw = serde_json::to_string(manifest).map_err(|_| ReleaseFault::Unreadable)?;
        if raw.len() > MANIFEST_BYTES_MAX || !manifest.is_within_bounds() {
            return Err(ReleaseFault::OutOfBounds);
        }
        let sig = Hex(key.sign(&signed_bytes(&raw)).to_bytes());
        Ok(Release { raw, key: Hex(key.verifying_key().to_bytes()), sig })
    }

    /// What a publisher whose key is trusted here says.
    ///
    /// # Errors
    /// [`ReleaseFault`].
    pub fn read(&self, trusted: &[Hex32]) -> Result<Manifest, ReleaseFault> {
        if !trusted.contains(&self.key) {
            return Err(ReleaseFault::UnknownKey);
        }
        self.read_of_its_key()
    }

    /// What the holder of its key says, whoever that is: enough to store it.
    ///
    /// # Errors
    /// [`ReleaseFault`], but never [`ReleaseFault::UnknownKey`].
    pub fn read_of_its_key(&self) -> Result<Manifest, ReleaseFault> {
        if self.raw.len() > MANIFEST_BYTES_MAX {
            return Err(ReleaseFault::OutOfBounds);
        }
        let key = VerifyingKey::from_bytes(&self.key.0).map_err(|_| ReleaseFault::BadSignature)?;
        key.verify_strict(&signed_bytes(&self.raw), &Signature::from_bytes(&self.sig.0))
            .map_err(|_| ReleaseFault::BadSignature)?;
        let manifest: Manifest =
            serde_json::from_str(&self.raw).map_err(|_| ReleaseFault::Unreadable)?;
        if manifest.is_within_bounds() { Ok(manifest) } else { Err(ReleaseFault::OutOfBounds) }
    }

    /// The beginning of a release in one file; its packed files follow in their order.
    ///
    /// # Errors
    /// [`ReleaseFault::OutOfBounds`].
    pub fn head(&self) -> Result<Vec<u8>, ReleaseFault> {
        let text = serde_json::to_vec(self).map_err(|_| ReleaseFault::Unreadable)?;
        if text.len() > RELEASE_BYTES_MAX {
            return Err(ReleaseFault::OutOfBounds);
        }
        let long = u32::try_from(text.len()).map_err(|_| ReleaseFault::OutOfBounds)?;
        let mut bytes = Vec::from(RELEASE_MARK);
        bytes.extend_from_slice(&long.to_be_bytes());
        bytes.extend_from_slice(&text);
        Ok(bytes)
    }

    /// How many bytes the release behind such a beginning has.
    ///
    /// # Errors
    /// [`ReleaseFault::Unreadable`] and [`ReleaseFault::OutOfBounds`].
    pub fn long(head: [u8; RELEASE_HEAD_BYTES]) -> Result<usize, ReleaseFault> {
        let long = head.strip_prefix(&RELEASE_MARK).ok_or(ReleaseFault::Unreadable)?;
        let long = <[u8; 4]>::try_from(long).map_err(|_| ReleaseFault::Unreadable)?;
        let long = usize::try_from(u32::from_be_bytes(long)).unwrap_or(usize::MAX);
        if long > RELEASE_BYTES_MAX { Err(ReleaseFault::OutOfBounds) } else { Ok(long) }
    }

    /// The release behind it.
    ///
    /// # Errors
    /// [`ReleaseFault::Unreadable`].
    pub fn parse(text: &[u8]) -> Result<Release, ReleaseFault> {
        if text.len() > RELEASE_BYTES_MAX {
            return Err(ReleaseFault::OutOfBounds);
        }
        serde_json::from_slice(text).map_err(|_| ReleaseFault::Unreadable)
    }
}

/// Whether a PC is among the first so many of a hundred to get a version: each version begins with
/// other PCs, and who has it keeps it when the number rises.
pub fn is_staged(dev: DeviceId, version: Version, percent: u8) -> bool {
    let mut hash = Sha256::new();
    hash.update(b"vanthu/stage/1\0");
    hash.update(dev.0);
    hash.update(version.to_string().as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let (first, _) = hash.split_at(8);
    let place = first.iter().fold(0_u64, |all, byte| (all << 8) | u64::from(*byte)) % 100;
    place < u64::from(percent)
}

/// What a PC says of its program when it asks for a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseAsked {
    /// What it runs.
    pub version: Version,
    /// What that runs on.
    pub platform: Platform,
    /// The version that did not come up here, or that somebody went back from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Version>,
}

/// What a PC is told of releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseAnswer {
    /// The newest that it may have, where there is one above what it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Versions that were withdrawn: who has not begun with one drops it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Version>,
}
