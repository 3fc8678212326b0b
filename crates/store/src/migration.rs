//! Migrations: written once, numbered, checked by hash.
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::error::{Doing, StoreError};

/// Every migration in order. One is never changed once a release has it.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/0001_register.sql")),
    (2, include_str!("../migrations/0002_line.sql")),
    (3, include_str!("../migrations/0003_lanes.sql")),
    (4, include_str!("../migrations/0004_exchange.sql")),
    (5, include_str!("../migrations/0005_keepers.sql")),
    (6, include_str!("../migrations/0006_carried_order.sql")),
];

/// The version this program writes.
pub(crate) fn known_version() -> i64 {
    MIGRATIONS.last().map_or(0, |(number, _)| *number)
}

/// The newest form of a register's file that this program reads; older ones it brings to it.
pub fn form() -> u32 {
    u32::try_from(known_version()).unwrap_or(u32::MAX)
}

fn checksum(sql: &str) -> [u8; 32] {
    // A checkout on Windows may have turned the line ends.
    Sha256::digest(sql.replace("\r\n", "\n")).into()
}

fn version(conn: &Connection) -> Result<i64, StoreError> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).doing("reading the version")
}

/// Says whether the file has every migration, and refuses a file of a newer program.
pub(crate) fn is_current(conn: &Connection) -> Result<bool, StoreError> {
    let (found, known) = (version(conn)?, known_version());
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    check_applied(conn, found)?;
    Ok(found == known)
}

fn check_applied(conn: &Connection, upto: i64) -> Result<(), StoreError> {
    for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number <= upto) {
        let kept: Vec<u8> = conn
            .query_row(
                "
                SELECT checksum
                FROM migration
                WHERE number = ?1",
                [number],
                |row| row.get(0),
            )
            .doing("reading the migrations")?;
        if kept != checksum(sql) {
            return Err(StoreError::Migrated { number: *number });
        }
    }
    Ok(())
}

/// Brings the file to the newest version; the caller holds the transaction.
pub(crate) fn migrate(conn: &Connection) -> Result<(), StoreError> {
    let found = version(conn)?;
    for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
        conn.execute_batch(sql).doing("migrating the register")?;
        conn.execute(
            "
            INSERT INTO migration (number, checksum)
            VALUES (?1, ?2)",
            (number, checksum(sql)),
        )
        .doing("noting a migration")?;
        conn.pragma_update(None, "user_version", number).doing("noting the version")?;
    }
    Ok(())
}
