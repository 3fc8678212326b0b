//! Where a server keeps what it knows: in its folder, or in the database and the object store that
//! are named there.
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::blobs::{Blobs, BlobsInBucket, BlobsInFolder, BucketAddress, Credentials};
use crate::copying::{BLOBS_FOLDER, STORAGE_FILE};
use crate::fault::StorageFault;
use crate::http::chance;
use crate::postgres::PostgresStorage;
use crate::sqlite::SqliteStorage;
use crate::storage::{Found, Storage};

/// The file with the address of the database. Without it everything is in a file beside it.
pub const ADDRESS_FILE: &str = "storage";

/// The file with the address of the object store. Without it files are in a folder beside it.
pub const BUCKET_FILE: &str = "blobs.address";

/// What a server keeps everything in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A file of its folder.
    Sqlite,
    /// The database at this address.
    Postgres(String),
}

/// The address in a text, if it is one of a database this program knows.
pub fn address_of(text: &str) -> Option<String> {
    let text = text.trim();
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    known.then(|| text.to_owned())
}

/// What the server of a folder keeps everything in.
///
/// # Errors
/// An address that is none; a file that cannot be read.
pub fn kind_of(dir: &Path) -> Found<Kind> {
    let path = dir.join(ADDRESS_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let address = address_of(&text);
            address.map(Kind::Postgres).ok_or(StorageFault::Form { what: "address" })
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Kind::Sqlite),
        Err(source) => Err(StorageFault::Io { doing: "reading the address", path, source }),
    }
}

/// Opens what the server of a folder keeps everything in.
///
/// # Errors
/// Faults of the storage.
pub fn open_storage(dir: &Path) -> Found<Arc<dyn Storage>> {
    match kind_of(dir)? {
        Kind::Sqlite => Ok(Arc::new(SqliteStorage::open(&dir.join(STORAGE_FILE))?)),
        Kind::Postgres(address) => {
            let chance = chance().map_err(|_| StorageFault::Randomness)?;
            Ok(Arc::new(PostgresStorage::open(&address, chance)?))
        }
    }
}

/// The address of the object store of a folder, if its files are in one.
///
/// # Errors
/// An address that is none; a file that cannot be read.
pub fn bucket_of(dir: &Path) -> Found<Option<BucketAddress>> {
    let path = dir.join(BUCKET_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let address = BucketAddress::parse(&text);
            address.map(Some).map_err(|source| StorageFault::BucketAddress { source })
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StorageFault::Io { doing: "reading the address", path, source }),
    }
}

/// Opens the place of the files of a folder; an object store is not asked anything yet.
///
/// # Errors
/// An address or a key that cannot be used.
pub fn open_blobs(dir: &Path) -> Found<Arc<dyn Blobs>> {
    match bucket_of(dir)? {
        None => Ok(Arc::new(BlobsInFolder::new(&dir.join(BLOBS_FOLDER)))),
        Some(address) => Ok(Arc::new(open_bucket(dir, &address)?)),
    }
}

/// Opens an object store with the key that the environment or the folder has.
///
/// # Errors
/// An address or a key that cannot be used.
pub fn open_bucket(dir: &Path, address: &BucketAddress) -> Found<BlobsInBucket> {
    let credentials =
        Credentials::of(dir).map_err(|source| StorageFault::Credentials { source })?;
    BlobsInBucket::open(address, &credentials, BlobsInFolder::new(&dir.join(BLOBS_FOLDER)))
}

/// Writes the address of the database into a folder; nobody else may read it, for a password may
/// stand in it.
///
/// # Errors
/// Faults of the disk; an address that is there already.
pub fn write_address(dir: &Path, address: &str) -> io::Result<()> {
    write_private(&dir.join(ADDRESS_FILE), address)
}

/// Writes the address of the object store into a folder. From then on the server's files are there.
///
/// # Errors
/// Faults of the disk; an address that is there already.
pub fn write_bucket(dir: &Path, address: &BucketAddress) -> io::Result<()> {
    write_private(&dir.join(BUCKET_FILE), address.text())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
