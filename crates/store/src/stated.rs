//! What officers of this PC state of the directory, until the server has answered; and what all who
//! keep it stated, to be read without a line.
use rusqlite::Row;

use register::{AgencyId, Statement, StatementId};
use sync::read_statement;
use sync::wire::{Hex, Stated, StatedBecame, StatementSent};

use crate::error::{Doing, StoreError};
use crate::store::Store;
use crate::view::View;

/// Statements of this PC that one list returns.
pub const STATEMENTS_MAX: u32 = 500;
/// Lines of the history of one entry.
const STATED_MAX: u32 = 200;

/// A statement that was signed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStatement {
    /// What it says.
    pub statement: Statement,
    /// As it is sent.
    pub sent: StatementSent,
    /// What the server said of it; none while it waits.
    pub became: Option<StatedBecame>,
}

type OwnRow = (String, [u8; 64], Option<String>);

fn own_row(row: &Row<'_>) -> Result<OwnRow, rusqlite::Error> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn own((raw, sig, became): OwnRow) -> Result<OwnStatement, StoreError> {
    let what = "statement";
    let became = became.map(|text| serde_json::from_str(&text)).transpose();
    let became = became.map_err(|source| StoreError::Body { what, source })?;
    let sent = StatementSent { raw, sig: Hex(sig) };
    let statement = read_statement(&sent).ok_or(StoreError::Form { what })?;
    Ok(OwnStatement { statement, sent, became })
}

fn text_of<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Body { what: "statement", source })
}

impl View<'_> {
    /// Statements of this PC that wait or were refused, in the order in which they were made.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn open_statements(&self) -> Result<Vec<OwnStatement>, StoreError> {
        let sql = "
            SELECT raw, sig, became
            FROM statement
            WHERE became IS NULL OR became <> ?1
            ORDER BY nth
            LIMIT ?2";
        let stands = text_of(&StatedBecame::Stands)?;
        let rows: Vec<OwnRow> = self.all(sql, (stands, STATEMENTS_MAX), own_row)?;
        rows.into_iter().map(own).collect()
    }

    /// The first statements that wait.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn waiting_statements(&self, many: u32) -> Result<Vec<OwnStatement>, StoreError> {
        let sql = "
            SELECT raw, sig, became
            FROM statement
            WHERE became IS NULL
            ORDER BY nth
            LIMIT ?1";
        let rows: Vec<OwnRow> = self.all(sql, [many], own_row)?;
        rows.into_iter().map(own).collect()
    }

    /// What keepers stated of an agency, the newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn stated_about(&self, agency: AgencyId) -> Result<Vec<Stated>, StoreError> {
        let sql = "
            SELECT body
            FROM stated
            WHERE about = ?1
            ORDER BY nth DESC
            LIMIT ?2";
        let bodies: Vec<String> = self.all(sql, (agency.0, STATED_MAX), |row| row.get(0))?;
        let read = |body: &String| {
            serde_json::from_str(body).map_err(|source| StoreError::Body { what: "stated", source })
        };
        bodies.iter().map(read).collect()
    }

    /// How far what keepers stated was read.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn stated_upto(&self) -> Result<u64, StoreError> {
        let sql = "
            SELECT coalesce(max(nth), 0)
            FROM stated";
        Ok(self.one(sql, [], |row| row.get(0))?.unwrap_or(0))
    }
}

impl Store {
    /// Keeps a statement of an officer of this PC, to be said after those before it. One that was
    /// refused, and of which it takes the place, is let go.
    ///
    /// # Errors
    /// Faults of the file; nothing is kept then.
    pub fn keep_statement(
        &self,
        (id, sent): (StatementId, &StatementSent),
        instead_of: Option<StatementId>,
    ) -> Result<(), StoreError> {
        self.in_one("keeping a statement", |conn| {
            if let Some(gone) = instead_of {
                let sql = "
                    DELETE FROM statement
                    WHERE id = ?1 AND became IS NOT NULL";
                conn.execute(sql, [gone.0])?;
            }
            let sql = "
                INSERT INTO statement (nth, id, raw, sig)
                SELECT coalesce(max(nth), 0) + 1, ?1, ?2, ?3
                FROM statement";
            conn.execute(sql, (id.0, &sent.raw, sent.sig.0)).map(|_| ())
        })
    }

    /// Notes what the server said of statements.
    ///
    /// # Errors
    /// Faults of the file; nothing is noted then.
    pub fn note_became(&self, became: &[(StatementId, StatedBecame)]) -> Result<(), StoreError> {
        let texts = became.iter().map(|(id, became)| Ok((*id, text_of(became)?)));
        let texts = texts.collect::<Result<Vec<(StatementId, String)>, StoreError>>()?;
        self.in_one("noting what became of statements", |conn| {
            let sql = "
                UPDATE statement
                SET became = ?2
                WHERE id = ?1";
            texts.iter().try_for_each(|(id, text)| conn.execute(sql, (id.0, text)).map(|_| ()))
        })
    }

    /// Lets a statement go that was refused; says whether there was one.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn let_statement_go(&self, id: StatementId) -> Result<bool, StoreError> {
        let stands = text_of(&StatedBecame::Stands)?;
        self.in_one("letting a statement go", |conn| {
            let sql = "
                DELETE FROM statement
                WHERE id = ?1 AND became IS NOT NULL AND became <> ?2";
            conn.execute(sql, (id.0, stands)).map(|gone| gone > 0)
        })
    }

    /// Keeps what keepers stated, as the server tells it.
    ///
    /// # Errors
    /// Faults of the file; nothing is kept then.
    pub fn keep_stated(&self, page: &[Stated]) -> Result<(), StoreError> {
        let bodies = page.iter().map(|one| Ok((one, text_of(one)?)));
        let bodies = bodies.collect::<Result<Vec<(&Stated, String)>, StoreError>>()?;
        self.in_one("keeping what was stated", |conn| {
            let sql = "
                INSERT INTO stated (nth, about, body)
                VALUES (?1, ?2, ?3)
                ON CONFLICT (nth) DO UPDATE SET about = excluded.about, body = excluded.body";
            bodies.iter().try_for_each(|(one, body)| {
                conn.execute(sql, (one.nth, one.after.id.0, body)).map(|_| ())
            })
        })
    }

    /// The server was set back: what was stated is read again, and what this PC said is said again.
    /// What the server still has is one for it.
    ///
    /// # Errors
    /// Faults of the file; nothing is changed then.
    pub fn state_all_again(&self) -> Result<(), StoreError> {
        let stands = text_of(&StatedBecame::Stands)?;
        self.in_one("stating again", |conn| {
            conn.execute("DELETE FROM stated", [])?;
            let sql = "
                UPDATE statement
                SET became = NULL
                WHERE became = ?1";
            conn.execute(sql, [stands]).map(|_| ())
        })
    }

    fn in_one<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer();
        let tx = writer.conn.transaction().doing(doing)?;
        let done = work(&tx).doing(doing)?;
        tx.commit().doing(doing)?;
        drop(writer);
        self.wrote(1);
        Ok(done)
    }
}
