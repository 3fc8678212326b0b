//! Migrations of the database: written once, numbered, checked by hash, one server at a time.
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use super::line::{Line, Step};
use super::rows;
use crate::fault::StorageFault;
use crate::storage::Found;

/// Every migration in order. One is never changed once a release has it.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/postgres/0001_server.sql")),
    (2, include_str!("../../migrations/postgres/0002_post.sql")),
    (3, include_str!("../../migrations/postgres/0003_peers.sql")),
    (4, include_str!("../../migrations/postgres/0004_releases.sql")),
    (5, include_str!("../../migrations/postgres/0005_keepers.sql")),
    (6, include_str!("../../migrations/postgres/0006_outbox.sql")),
];

fn checksum(sql: &str) -> [u8; 32] {
    // A checkout on Windows may have turned the line ends.
    Sha256::digest(sql.replace("\r\n", "\n")).into()
}

fn check_applied(applied: &[Row]) -> Found<i64> {
    let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    let mut upto = 0;
    for row in applied {
        let number: i64 = rows::value(row, 0)?;
        let Some((_, sql)) = MIGRATIONS.iter().find(|(one, _)| *one == number) else {
            return Err(StorageFault::Newer { found: number, known });
        };
        if rows::bytes::<32>(row, 1)? != checksum(sql) {
            return Err(StorageFault::Migrated { number });
        }
        upto = upto.max(number);
    }
    Ok(upto)
}

/// Brings the database to the newest version, in one transaction. Two servers that start together
/// do so one after the other.
pub(super) fn migrate(line: &Line) -> Found<()> {
    let encoding = "
        SELECT getdatabaseencoding()::TEXT";
    let found = line.begin("reading the encoding", &[Step::Planned(encoding, &[])])?;
    let is_utf8 = |row: &Row| rows::value::<&str>(row, 0).is_ok_and(|name| name == "UTF8");
    if !found.iter().flatten().any(is_utf8) {
        return Err(StorageFault::Form { what: "encoding of the database" });
    }
    let migrated = migrate_alone(line);
    if migrated.is_err() {
        line.hang_up();
    }
    migrated
}

fn migrate_alone(line: &Line) -> Found<()> {
    let doing = "beginning a migration";
    // The name of the lock is any number that nothing else locks.
    let begin = "
        BEGIN;
        SELECT pg_advisory_xact_lock(7310001);
        CREATE TABLE IF NOT EXISTS migration (
            number   BIGINT NOT NULL PRIMARY KEY,
            checksum BYTEA NOT NULL
        )";
    line.begin(doing, &[Step::Plain(begin)])?;
    let sql = "
        SELECT number, checksum
        FROM migration
        ORDER BY number";
    let applied = line.run("reading the migrations", &[Step::Planned(sql, &[])])?;
    let upto = check_applied(&applied.into_iter().flatten().collect::<Vec<_>>())?;
    for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number > upto) {
        line.run("migrating the database", &[Step::Plain(sql)])?;
        let note = "
            INSERT INTO migration (number, checksum)
            VALUES ($1, $2)";
        let checksum = checksum(sql);
        line.run("noting a migration", &[Step::Planned(note, &[number, &&checksum[..]])])?;
    }
    line.run("keeping a migration", &[Step::Plain("COMMIT")]).map(|_| ())
}
