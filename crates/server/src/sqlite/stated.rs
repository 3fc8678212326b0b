//! Who keeps the directory and what they stated, in SQLite, each beside its SQL.
use rusqlite::Row;

use register::{AgencyId, Moment, StatementId};

use super::Tx;
use crate::storage::{Found, StatementKept};

/// `nth, id, about, body`.
fn statement(row: &Row<'_>) -> rusqlite::Result<StatementKept> {
    Ok(StatementKept {
        nth: row.get(0)?,
        id: StatementId(row.get(1)?),
        about: AgencyId(row.get(2)?),
        body: row.get(3)?,
    })
}

impl Tx<'_> {
    pub fn all_keepers(&self) -> Found<Vec<(AgencyId, Moment)>> {
        let sql = "
            SELECT org, at
            FROM keeper
            ORDER BY org";
        self.all("reading who keeps the directory", sql, [], |row| {
            Ok((AgencyId(row.get(0)?), Moment(row.get(1)?)))
        })
    }

    pub fn statements_above(&self, above: u64, limit: u32) -> Found<Vec<StatementKept>> {
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE nth > ?1
            ORDER BY nth
            LIMIT ?2";
        self.all("reading what was stated", sql, (super::reading::stored(above), limit), statement)
    }

    pub fn statement_named(&self, id: StatementId) -> Found<Option<StatementKept>> {
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE id = ?1";
        self.one("looking for a statement", sql, [id.0], statement)
    }

    pub fn last_about(&self, about: AgencyId) -> Found<Option<StatementKept>> {
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE about = ?1
            ORDER BY nth DESC
            LIMIT 1";
        self.one("looking for the last statement", sql, [about.0], statement)
    }

    pub fn last_statement_nth(&self) -> Found<u64> {
        let sql = "
            SELECT coalesce(max(nth), 0)
            FROM statement";
        Ok(self.one("counting statements", sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    pub fn keep_keeper(&self, org: AgencyId, at: Moment) -> Found<()> {
        let sql = "
            INSERT INTO keeper (org, at)
            VALUES (?1, ?2)
            ON CONFLICT DO NOTHING";
        self.put("giving the directory to an agency", sql, (org.0, at.0))
    }

    pub fn forget_keeper(&self, org: AgencyId) -> Found<()> {
        let sql = "
            DELETE FROM keeper
            WHERE org = ?1";
        self.put("taking the directory from an agency", sql, [org.0])
    }

    pub fn add_statement(&self, statement: &StatementKept) -> Found<()> {
        let StatementKept { nth, id, about, body } = statement;
        let sql = "
            INSERT INTO statement (nth, id, about, body)
            VALUES (?1, ?2, ?3, ?4)";
        self.put("keeping a statement", sql, (nth, id.0, about.0, body))
    }
}
