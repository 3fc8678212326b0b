//! Migrations of the server's file: written once, numbered, checked by hash.
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::fault::{Doing, StorageFault};

/// Every migration in order. One is never changed once a release has it.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/0001_server.sql")),
    (2, include_str!("../migrations/0002_history_and_files.sql")),
    (3, include_str!("../migrations/0003_post.sql")),
    (4, include_str!("../migrations/0004_peers.sql")),
    (5, include_str!("../migrations/0005_releases.sql")),
    (6, include_str!("../migrations/0006_keepers.sql")),
    (7, include_str!("../migrations/0007_outbox.sql")),
];

fn checksum(sql: &str) -> [u8; 32] {
    // A checkout on Windows may have turned the line ends.
    Sha256::digest(sql.replace("\r\n", "\n")).into()
}

fn check_applied(conn: &Connection, upto: i64) -> Result<(), StorageFault> {
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
            return Err(StorageFault::Migrated { number: *number });
        }
    }
    Ok(())
}

/// Brings the file to the newest version, in one transaction.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StorageFault> {
    let tx = conn
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .doing("beginning a migration")?;
    let found: i64 =
        tx.query_row("PRAGMA user_version", [], |row| row.get(0)).doing("reading the version")?;
    let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    if found > known {
        return Err(StorageFault::Newer { found, known });
    }
    check_applied(&tx, found)?;
    for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
        tx.execute_batch(sql).doing("migrating the file")?;
        tx.execute(
            "
            INSERT INTO migration (number, checksum)
            VALUES (?1, ?2)",
            (number, checksum(sql)),
        )
        .doing("noting a migration")?;
        tx.pragma_update(None, "user_version", number).doing("noting the version")?;
    }
    tx.commit().doing("keeping a migration")
}
