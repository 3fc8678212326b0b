//! Who keeps the directory and what they stated: few rows, sent before they are looked at.
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use register::{AgencyId, Moment, StatementId};

use super::rows::{self, stored};
use super::tx::Tx;
use crate::storage::{Found, StatementKept};

/// `nth, id, about, body`.
fn statement(row: &Row) -> Found<StatementKept> {
    Ok(StatementKept {
        nth: rows::number(row, 0)?,
        id: StatementId(rows::bytes(row, 1)?),
        about: AgencyId(rows::bytes(row, 2)?),
        body: rows::value(row, 3)?,
    })
}

impl Tx<'_> {
    /// From now to the end of the transaction nobody else changes the directory.
    pub fn hold_listed(&self) -> Found<()> {
        self.spill()?;
        let sql = "
            SELECT ver
            FROM listed_order
            FOR UPDATE";
        self.rows("holding the directory", sql, &[]).map(|_| ())
    }

    pub fn all_keepers(&self) -> Found<Vec<(AgencyId, Moment)>> {
        self.spill()?;
        let sql = "
            SELECT org, at
            FROM keeper
            ORDER BY org";
        let found = self.rows("reading who keeps the directory", sql, &[])?;
        let keeper = |row: &Row| Ok((AgencyId(rows::bytes(row, 0)?), Moment(rows::value(row, 1)?)));
        found.iter().map(keeper).collect()
    }

    pub fn statements_above(&self, above: u64, limit: u32) -> Found<Vec<StatementKept>> {
        self.spill()?;
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE nth > $1
            ORDER BY nth
            LIMIT $2";
        let values: [&(dyn ToSql + Sync); 2] = [&stored(above), &i64::from(limit)];
        let found = self.rows("reading what was stated", sql, &values)?;
        found.iter().map(statement).collect()
    }

    pub fn statement_named(&self, id: StatementId) -> Found<Option<StatementKept>> {
        self.spill()?;
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE id = $1";
        let found = self.rows("looking for a statement", sql, &[&&id.0[..]])?;
        found.first().map(statement).transpose()
    }

    pub fn last_about(&self, about: AgencyId) -> Found<Option<StatementKept>> {
        self.spill()?;
        let sql = "
            SELECT nth, id, about, body
            FROM statement
            WHERE about = $1
            ORDER BY nth DESC
            LIMIT 1";
        let found = self.rows("looking for the last statement", sql, &[&&about.0[..]])?;
        found.first().map(statement).transpose()
    }

    pub fn last_statement_nth(&self) -> Found<u64> {
        self.spill()?;
        let sql = "
            SELECT coalesce(max(nth), 0)
            FROM statement";
        let found = self.rows("counting statements", sql, &[])?;
        Ok(found.first().map(|row| rows::number(row, 0)).transpose()?.unwrap_or(0))
    }
}
