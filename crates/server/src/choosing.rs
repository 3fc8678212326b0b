//! Where a server keeps what it knows: in a file of its folder, or in the database named there.
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use crate::copying::STORAGE_FILE;
use crate::fault::StorageFault;
use crate::http::chance;
use crate::postgres::PostgresStorage;
use crate::sqlite::SqliteStorage;
use crate::storage::{Found, Storage};

/// The file with the address of the database. Without it everything is in a file beside it.
pub const ADDRESS_FILE: &str = "storage";

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

/// Writes the address of the database into a folder; nobody else may read it, for a password may
/// stand in it.
///
/// # Errors
/// Faults of the disk; an address that is there already.
pub fn write_address(dir: &Path, address: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(dir.join(ADDRESS_FILE))?;
    file.write_all(address.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
