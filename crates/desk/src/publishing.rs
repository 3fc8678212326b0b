//! Making a release: the programs are packed, and the publisher signs what they are.
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use register::Moment;
use sync::SigningKey;
use sync::release::{
    Manifest, PROGRAM_BYTES_MAX, PROGRAM_PACKED_BYTES_MAX, Platform, Program, Release,
    ReleaseFault, ReleaseFile, Version,
};
use sync::wire::{Hex, Hex32};
use zeroize::Zeroizing;

use crate::durable;
use crate::programs::sum_of;

/// Packed once, fetched by every PC over a slow line; a build for tests packs quickly.
const PACKING_LEVEL: i32 = if cfg!(debug_assertions) { 1 } else { 19 };
/// Bytes of a file with a key: its digits, and a line end.
const KEY_BYTES_MAX: u64 = 80;

/// Why there is no release.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// Not a version like 0.2.0.
    #[error("“{0}” is no version; it is three numbers like 0.2.0")]
    Version(String),
    /// Not a platform.
    #[error("“{0}” is no platform; it is linux-x86_64 or windows-x86_64")]
    Platform(String),
    /// Not a program of ours.
    #[error("{0} is not named like a program of this platform")]
    Name(PathBuf),
    /// More bytes than a program may have.
    #[error("{0} has more bytes than a program may have")]
    TooLarge(PathBuf),
    /// The file holds no key.
    #[error("{0} holds no key of a publisher")]
    Key(PathBuf),
    /// Beyond the limits of a release.
    #[error("the release is not one")]
    Release(#[from] ReleaseFault),
    /// The disk.
    #[error("{doing} {path}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> NotMade {
    let path = path.to_path_buf();
    move |source| NotMade::Disk { doing, path, source }
}

/// Makes the key of a publisher in a new file that only its owner reads; returns the public half,
/// which stands in `assets/publisher.keys` of the builds that are to believe it.
///
/// # Errors
/// [`NotMade::Disk`], also for a file that is there already.
pub fn make_key(path: &Path) -> Result<Hex32, NotMade> {
    let seed: Zeroizing<[u8; 32]> =
        Zeroizing::new(durable::random().map_err(at("making a key for", path))?);
    let digits = Zeroizing::new(format!("{}\n", durable::hex(&*seed)));
    let write = || {
        let mut file = durable::create_new_private(path)?;
        file.write_all(digits.as_bytes())?;
        file.sync_all()?;
        durable::sync_parent(path)
    };
    write().map_err(at("writing", path))?;
    Ok(Hex(SigningKey::from_bytes(&seed).verifying_key().to_bytes()))
}

fn read_key(path: &Path) -> Result<SigningKey, NotMade> {
    let mut text = Zeroizing::new(String::new());
    let file = File::open(path).map_err(at("opening", path))?;
    file.take(KEY_BYTES_MAX).read_to_string(&mut text).map_err(at("reading", path))?;
    let seed = durable::unhex(text.trim()).map(Zeroizing::new);
    let seed = seed.ok_or_else(|| NotMade::Key(path.to_path_buf()))?;
    Ok(SigningKey::from_bytes(&seed))
}

/// What a release is made of.
#[derive(Debug, Clone)]
pub struct Making<'a> {
    /// The publisher's key, as [`make_key`] wrote it.
    pub key: &'a Path,
    /// Its version.
    pub version: &'a str,
    /// What it runs on.
    pub platform: &'a str,
    /// What is new, for who uses it.
    pub notes: &'a str,
    /// The oldest version it can follow.
    pub after: Option<&'a str>,
    /// The programs, by their names.
    pub programs: &'a [PathBuf],
    /// Where it goes.
    pub out: &'a Path,
    /// When it is made.
    pub now: Moment,
}

fn version(text: &str) -> Result<Version, NotMade> {
    Version::parse(text).ok_or_else(|| NotMade::Version(text.to_owned()))
}

/// Makes a release in one file. It reads registers up to the form that this program reads: it is
/// made by the `vanthu` of the same build.
///
/// # Errors
/// [`NotMade`]; no file stays then.
pub fn make_release(making: &Making<'_>) -> Result<Manifest, NotMade> {
    let key = read_key(making.key)?;
    let platform = Platform::named(making.platform)
        .ok_or_else(|| NotMade::Platform(making.platform.to_owned()))?;
    let mut manifest = Manifest {
        version: version(making.version)?,
        platform,
        made: making.now,
        notes: making.notes.trim().to_owned(),
        register: store::form(),
        after: making.after.map(version).transpose()?,
        files: Vec::new(),
    };
    let mut packed = Vec::new();
    let made = pack_all(making, &mut manifest, &mut packed)
        .and_then(|()| write_all(making, (&manifest, &key), &packed));
    for path in packed {
        // What is left of it is overwritten by the next release.
        let _ = fs::remove_file(path);
    }
    made.map(|()| manifest)
}

fn pack_all(
    making: &Making<'_>,
    manifest: &mut Manifest,
    packed: &mut Vec<PathBuf>,
) -> Result<(), NotMade> {
    for path in making.programs {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let program = Program::ALL.into_iter().find(|one| one.file_name(manifest.platform) == name);
        let program = program.ok_or_else(|| NotMade::Name(path.clone()))?;
        let to = durable::beside(making.out, &format!(".{name}.zst"));
        packed.push(to.clone());
        let plain = sum_of(path).map_err(at("reading", path))?;
        pack(path, &to).map_err(at("packing", path))?;
        let sum = sum_of(&to).map_err(at("reading", &to))?;
        if plain.bytes > PROGRAM_BYTES_MAX || sum.bytes > PROGRAM_PACKED_BYTES_MAX {
            return Err(NotMade::TooLarge(path.clone()));
        }
        manifest.files.push(ReleaseFile { program, plain, packed: sum });
    }
    Ok(())
}

fn pack(from: &Path, to: &Path) -> io::Result<()> {
    let mut to = zstd::stream::write::Encoder::new(File::create(to)?, PACKING_LEVEL)?;
    io::copy(&mut File::open(from)?, &mut to)?;
    to.finish().map(|_| ())
}

fn write_all(
    making: &Making<'_>,
    (manifest, key): (&Manifest, &SigningKey),
    packed: &[PathBuf],
) -> Result<(), NotMade> {
    let head = Release::sign(manifest, key)?.head()?;
    let out = making.out;
    let being_written = durable::beside(out, ".new");
    let write = || {
        let mut to = File::create(&being_written)?;
        to.write_all(&head)?;
        for path in packed {
            io::copy(&mut File::open(path)?, &mut to)?;
        }
        to.sync_all()?;
        fs::rename(&being_written, out)?;
        durable::sync_parent(out)
    };
    write().map_err(at("writing", out))
}
