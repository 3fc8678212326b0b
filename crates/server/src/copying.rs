//! A server is copied while it serves, and set back from a copy that was checked (SYNC 2.9).
//!
//! A copy is a folder: one file with everything, the files that documents name, and a manifest that
//! is written last. Whatever the manifest does not name does not belong to the copy. Files in an
//! object store stay there: the copy says where, and the store keeps them with its own means.
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use register::{AgencyId, Moment};
use sync::wire::{Hex, Hex32};

use crate::blobs::BucketAddress;
use crate::choosing::{Kind, bucket_of, kind_of, open_storage, write_bucket};
use crate::fault::{CallError, StorageFault};
use crate::identity::{Identity, KEY_FILE};
use crate::ledger::Taking;
use crate::sqlite::SqliteStorage;
use crate::storage::{Found, Storage, looked_up, written};
use crate::verify::{Verified, verify};

/// The file with everything.
pub const STORAGE_FILE: &str = "server.db";
/// The folder with the files that documents name.
pub const BLOBS_FOLDER: &str = "blobs";
const MANIFEST_FILE: &str = "manifest.json";
const MANIFEST_FORM: u32 = 1;
const READ_BYTES: usize = 1 << 20;
/// From when the lives of servers are counted, in seconds: 1 January 2024 UTC. A copy may take the
/// place of the server twice, and no two lives may have one number.
const LIVES_FROM: i64 = 1_704_067_200;

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    form: u32,
    /// When it was made.
    pub made_at: Moment,
    /// The key of the server it is a copy of.
    pub server: Hex32,
    storage: String,
    bytes: u64,
    sha256: Hex32,
    /// Where the log of every agency ends.
    pub agencies: Vec<AgencyCopied>,
    /// How many files of documents it has, by the folders they lie in.
    pub blobs: u64,
    /// The address of the object store that has the files, where they are not in the copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
}

/// Where the log of one agency ends in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyCopied {
    /// The agency.
    pub org: AgencyId,
    /// The life of the server.
    pub epoch: u32,
    /// Its last entry.
    pub head: u64,
    /// The hash of it.
    pub hash: Hex32,
}

/// Why there is no copy, or no server out of one.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum CopyFault {
    #[error("{doing} at {path}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
    #[error("the ledger failed")]
    Call(#[from] CallError),
    #[error("there is no whole copy: {what}")]
    NoManifest { what: &'static str },
    #[error("{0} is not as it was copied")]
    Damaged(PathBuf),
    #[error("the key is not that of the server that was copied")]
    OtherKey,
    #[error("there is something in the folder already")]
    NotEmpty,
    #[error("the storage is a database, which is copied by its own programs")]
    OfDatabase,
    #[error("{program} did not end well: {how}")]
    Ended { program: String, how: String },
    #[error("the log of the copy has flaws")]
    Flawed(Vec<Verified>),
}

type Copied<T> = Result<T, CopyFault>;

fn at<T>(done: io::Result<T>, doing: &'static str, path: &Path) -> Copied<T> {
    done.map_err(|source| CopyFault::Io { doing, path: path.to_path_buf(), source })
}

fn hash_file(path: &Path) -> Copied<(u64, Hex32)> {
    let mut file = at(File::open(path), "opening", path)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut part = vec![0; READ_BYTES];
    loop {
        let read = at(file.read(&mut part), "reading", path)?;
        let Some(part) = part.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        bytes += part.len() as u64;
    }
    Ok((bytes, Hex(hash.finalize().into())))
}

fn sync_file(path: &Path) -> Copied<()> {
    at(File::options().write(true).open(path).and_then(|file| file.sync_all()), "syncing", path)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> Copied<()> {
    at(File::open(path).and_then(|folder| folder.sync_all()), "syncing", path)
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Copied<()> {
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Copied<()> {
    let part = to.with_extension("part");
    at(fs::copy(from, &part), "copying", from)?;
    sync_file(&part)?;
    at(fs::rename(&part, to), "naming", to)
}

/// Copies files that are not there yet, by name: a name says what is in them, and that never
/// changes.
fn copy_blobs(from: &Path, to: &Path) -> Copied<u64> {
    if !from.is_dir() {
        return Ok(0);
    }
    at(fs::create_dir_all(to), "making", to)?;
    let mut count = 0;
    for entry in at(fs::read_dir(from), "listing", from)? {
        let entry = at(entry, "listing", from)?;
        let (path, name) = (entry.path(), entry.file_name());
        let target = to.join(&name);
        if path.is_dir() {
            count += copy_blobs(&path, &target)?;
        } else if is_blob(&path) {
            let bytes = at(entry.metadata(), "reading", &path)?.len();
            if fs::metadata(&target).map(|there| there.len()).ok() != Some(bytes) {
                copy_file(&path, &target)?;
            }
            count += 1;
        }
    }
    sync_folder(to)?;
    Ok(count)
}

/// Whole files are named by their hash; parts on their way are not copied.
fn is_blob(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
        let name = Hex32::parse(name);
        name.is_some()
    })
}

fn check_blobs(folder: &Path) -> Copied<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in at(fs::read_dir(folder), "listing", folder)? {
        let path = at(entry, "listing", folder)?.path();
        if path.is_dir() {
            check_blobs(&path)?;
        } else if is_blob(&path) {
            let (_, hash) = hash_file(&path)?;
            if path.file_name().and_then(|name| name.to_str()) != Some(&hash.to_string()) {
                return Err(CopyFault::Damaged(path));
            }
        }
    }
    Ok(())
}

fn heads(storage: &dyn Storage) -> Found<Vec<AgencyCopied>> {
    looked_up(storage, |reading| {
        let mut heads = Vec::new();
        for id in reading.orgs()? {
            let Some(org) = reading.org(id)? else { continue };
            heads.push(AgencyCopied {
                org: id,
                epoch: org.epoch,
                head: org.head,
                hash: Hex(org.hash),
            });
        }
        Ok::<_, StorageFault>(heads)
    })
}

fn must_be_whole(found: Vec<Verified>) -> Copied<()> {
    if found.iter().all(|agency| agency.flaws.is_empty()) {
        return Ok(());
    }
    Err(CopyFault::Flawed(found))
}

/// Whether the key goes into the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithKey {
    /// It lies somewhere else.
    No,
    /// Whoever has the copy can be the server.
    Yes,
}

/// Copies a server's folder while it serves; the copy is looked over before it counts. Then the
/// server says that its logs are safe up to there.
///
/// # Errors
/// Whatever keeps the copy from being whole; the copy before it stays.
pub fn copy_server(dir: &Path, to: &Path, key: WithKey, now: Moment) -> Copied<Manifest> {
    let identity = Identity::open(dir)?;
    if matches!(kind_of(dir)?, Kind::Postgres(_)) {
        return Err(CopyFault::OfDatabase);
    }
    at(fs::create_dir_all(to), "making", to)?;
    let name = format!("server-{}.db", now.0);
    let file = to.join(&name);
    let storage = SqliteStorage::open(&dir.join(STORAGE_FILE))?;
    storage.copy_to(&file)?;
    let bucket = bucket_of(dir)?.map(|address| address.text().to_owned());
    // A folder that was left behind is no part of the server any more.
    let blobs = match bucket {
        Some(_) => 0,
        None => copy_blobs(&dir.join(BLOBS_FOLDER), &to.join(BLOBS_FOLDER))?,
    };
    let agencies = {
        let copy = SqliteStorage::open(&file)?;
        must_be_whole(verify(&copy, &identity)?)?;
        heads(&copy)?
    };
    sync_file(&file)?;
    let (bytes, sha256) = hash_file(&file)?;
    if key == WithKey::Yes {
        copy_file(&dir.join(KEY_FILE), &to.join(KEY_FILE))?;
    }
    let manifest = Manifest {
        form: MANIFEST_FORM,
        made_at: now,
        server: identity.public_hex(),
        storage: name,
        bytes,
        sha256,
        agencies,
        blobs,
        bucket,
    };
    write_manifest(to, &manifest)?;
    forget_older(to, &manifest)?;
    are_durable(&storage, &manifest.agencies)?;
    Ok(manifest)
}

/// The manifest takes the place of the one before in one step: with it the new copy counts.
fn write_manifest(to: &Path, manifest: &Manifest) -> Copied<()> {
    let path = to.join(MANIFEST_FILE);
    let part = to.join("manifest.part");
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(|_| CopyFault::NoManifest { what: "it cannot be written" })?;
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_all()
    });
    at(written, "writing", &part)?;
    at(fs::rename(&part, &path), "naming", &path)?;
    sync_folder(to)
}

fn forget_older(to: &Path, manifest: &Manifest) -> Copied<()> {
    for entry in at(fs::read_dir(to), "listing", to)? {
        let entry = at(entry, "listing", to)?;
        let name = entry.file_name();
        let older = name.to_str().is_some_and(|name| {
            name.starts_with("server-") && name.contains(".db") && name != manifest.storage
        });
        if older {
            at(fs::remove_file(entry.path()), "removing", &entry.path())?;
        }
    }
    Ok(())
}

/// Clients hear with their next call that these entries are safe.
fn are_durable(storage: &dyn Storage, agencies: &[AgencyCopied]) -> Found<()> {
    for copied in agencies.iter().copied() {
        written(storage, Some(copied.org), move |writing| {
            let Some(mut org) = writing.org(copied.org)? else { return Ok(()) };
            if org.epoch == copied.epoch && org.durable < copied.head {
                org.durable = copied.head;
                writing.put_org(&org)?;
            }
            Ok::<_, StorageFault>(())
        })?;
    }
    Ok(())
}

/// Lets a program copy the storage, which is a database with programs of its own. Where the logs
/// ended before it began is safe when it ends well. Says how many agencies there are.
///
/// # Errors
/// A program that does not run or does not end well; then nothing counts as copied.
pub fn copied_with(dir: &Path, program: &str, arguments: &[String]) -> Copied<usize> {
    let storage = open_storage(dir)?;
    let agencies = heads(&*storage)?;
    let ended = Command::new(program).args(arguments).stdin(Stdio::null()).status();
    let ended = at(ended, "running", Path::new(program))?;
    if !ended.success() {
        return Err(CopyFault::Ended { program: program.to_owned(), how: ended.to_string() });
    }
    are_durable(&*storage, &agencies)?;
    Ok(agencies.len())
}

/// Reads the manifest of a copy.
///
/// # Errors
/// When there is none.
pub fn manifest_of(from: &Path) -> Copied<Manifest> {
    let path = from.join(MANIFEST_FILE);
    let text = fs::read(path).map_err(|_| CopyFault::NoManifest { what: "no manifest" })?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|_| CopyFault::NoManifest { what: "a manifest that cannot be read" })?;
    if manifest.form == MANIFEST_FORM {
        return Ok(manifest);
    }
    Err(CopyFault::NoManifest { what: "a manifest of another program" })
}

/// A server that began another life: its agencies, and how many books wait for their paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Each agency, the life it is in now, and its frozen books.
    pub agencies: BTreeMap<AgencyId, (u32, usize)>,
}

/// Makes a server out of a copy in an empty folder. It is looked over before anything else; then
/// every agency begins another life, in which nobody numbers until the paper was read.
///
/// # Errors
/// Whatever is not as it was copied; the folder is left empty then.
pub fn restore(from: &Path, dir: &Path, key: Option<&Path>, now: Moment) -> Copied<Restored> {
    let manifest = manifest_of(from)?;
    let file = from.join(&manifest.storage);
    if hash_file(&file)? != (manifest.bytes, manifest.sha256) {
        return Err(CopyFault::Damaged(file));
    }
    check_blobs(&from.join(BLOBS_FOLDER))?;
    let here = from.join(KEY_FILE);
    let key = key.map_or(here, Path::to_path_buf);
    if Identity::read(&key)?.public_hex() != manifest.server {
        return Err(CopyFault::OtherKey);
    }
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CopyFault::NotEmpty);
    }
    at(crate::identity::make_folder(dir), "making", dir)?;
    let made = make(from, dir, (&key, &file), &manifest);
    let made = made.and_then(|identity| begin(dir, &identity, now));
    if made.is_err() {
        empty(dir);
    }
    made
}

fn make(
    from: &Path,
    dir: &Path,
    (key, file): (&Path, &Path),
    manifest: &Manifest,
) -> Copied<Identity> {
    copy_file(file, &dir.join(STORAGE_FILE))?;
    match &manifest.bucket {
        None => {
            copy_blobs(&from.join(BLOBS_FOLDER), &dir.join(BLOBS_FOLDER))?;
        }
        Some(address) => {
            let address = BucketAddress::parse(address)
                .map_err(|_| CopyFault::NoManifest { what: "an address that cannot be read" })?;
            at(write_bucket(dir, &address), "writing the address of files", dir)?;
        }
    }
    let seed = zeroize::Zeroizing::new(at(fs::read(key), "reading", key)?);
    let seed: &[u8; 32] =
        seed.as_slice().try_into().map_err(|_| StorageFault::Form { what: "server key" })?;
    let identity = Identity::create(dir, seed)?;
    sync_folder(dir)?;
    Ok(identity)
}

fn begin(dir: &Path, identity: &Identity, now: Moment) -> Copied<Restored> {
    let storage = SqliteStorage::open(&dir.join(STORAGE_FILE))?;
    begin_anew(&storage, dir, (identity, now))
}

/// Begins another life on a storage that was set back by its own programs: it is looked over, and
/// nobody numbers until the paper was read.
///
/// # Errors
/// What is not as it was written; faults. Agencies before the fault have begun anew, and do so once
/// more when this is called again.
pub fn began_anew(dir: &Path, now: Moment) -> Copied<Restored> {
    let identity = Identity::open(dir)?;
    let storage = open_storage(dir)?;
    begin_anew(&*storage, dir, (&identity, now))
}

fn begin_anew(
    storage: &dyn Storage,
    dir: &Path,
    (identity, now): (&Identity, Moment),
) -> Copied<Restored> {
    must_be_whole(verify(storage, identity)?)?;
    let by_clock = u32::try_from(now.0 / 1000 - LIVES_FROM).unwrap_or(0);
    let mut agencies = BTreeMap::new();
    for id in looked_up(storage, |reading| reading.orgs())? {
        let identity = Identity::read(&dir.join(KEY_FILE))?;
        let began = written(storage, Some(id), move |writing| {
            let Some(mut org) = writing.org(id)? else { return Ok(None) };
            org.epoch = by_clock.max(org.epoch.saturating_add(1));
            (org.head0, org.durable) = (org.head, org.head);
            writing.put_org(&org)?;
            let mut taking = Taking::begin(writing, &identity, id, now)?;
            let frozen = taking.freeze_all()?;
            taking.finish()?;
            Ok::<_, CallError>(Some((org.epoch, frozen)))
        })?;
        agencies.extend(began.map(|began| (id, began)));
    }
    Ok(Restored { agencies })
}

/// What is not a whole server is none.
fn empty(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        if let Err(fault) = gone {
            tracing::warn!(%fault, path = %path.display(), "what was not restored could not go");
        }
    }
}
