//! What belongs to this PC alone: settings, forms being typed, the tray. No command, no history.
use rusqlite::{Connection, OptionalExtension, Params, Row};

use register::{Moment, OfficerId};
use sync::VerifyingKey;

use crate::error::{Doing, StoreError};
use crate::perform::keep_officer_key;
use crate::store::Store;

/// Forms kept for one officer, and entries of the tray, that one list returns.
const LOCAL_LIST_MAX: u32 = 5000;

/// A form that was being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// Name of the form and what it is about.
    pub form: String,
    /// The form as the page wrote it.
    pub content: String,
    /// When it was last typed in.
    pub at: Moment,
}

/// A file that waits to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayEntry {
    /// Its name.
    pub id: String,
    /// JSON of the desk.
    pub body: String,
    /// When it came.
    pub came_at: Moment,
}

fn form_draft(row: &Row<'_>) -> Result<FormDraft, rusqlite::Error> {
    Ok(FormDraft { form: row.get(0)?, content: row.get(1)?, at: Moment(row.get(2)?) })
}

fn tray_entry(row: &Row<'_>) -> Result<TrayEntry, rusqlite::Error> {
    Ok(TrayEntry { id: row.get(0)?, body: row.get(1)?, came_at: Moment(row.get(2)?) })
}

impl Store {
    fn execute_local(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        let writer = self.writer();
        let conn: &Connection = &writer.conn;
        let changed = conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .doing("keeping what is local")?;
        drop(writer);
        self.wrote(1);
        Ok(changed)
    }

    /// A local value.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn local(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "
            SELECT value
            FROM local
            WHERE name = ?1";
        self.read(|view| view.one(sql, [name], |row| row.get(0)))
    }

    /// Keeps a local value.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn keep_local(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let sql = "
            INSERT INTO local (name, value)
            VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.execute_local(sql, (name, value)).map(|_| ())
    }

    /// Forgets a local value.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn forget_local(&self, name: &str) -> Result<(), StoreError> {
        self.execute_local("DELETE FROM local WHERE name = ?1", [name]).map(|_| ())
    }

    /// Local values whose names begin so, by name.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn locals(&self, begin: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let sql = "
            SELECT name, value
            FROM local
            WHERE name >= ?1 AND name < ?2
            ORDER BY name
            LIMIT ?3";
        let after = format!("{begin}{}", char::MAX);
        self.read(|view| {
            view.all(sql, (begin, after, LOCAL_LIST_MAX), |row| Ok((row.get(0)?, row.get(1)?)))
        })
    }

    /// Notes a public key of an officer; the first one is learned with his first command.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn keep_officer_key(
        &self,
        officer: OfficerId,
        key: &VerifyingKey,
    ) -> Result<(), StoreError> {
        keep_officer_key(&self.writer().conn, officer, key)
    }

    /// Keeps what is being typed.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn keep_form(&self, officer: OfficerId, draft: &FormDraft) -> Result<(), StoreError> {
        let FormDraft { form, content, at } = draft;
        let sql = "
            INSERT INTO form_draft (officer, form, content, at)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (officer, form)
            DO UPDATE SET content = excluded.content, at = excluded.at";
        self.execute_local(sql, (officer.0, form, content, at.0)).map(|_| ())
    }

    /// Forgets what was being typed.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn forget_form(&self, officer: OfficerId, form: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM form_draft WHERE officer = ?1 AND form = ?2";
        self.execute_local(sql, (officer.0, form)).map(|_| ())
    }

    /// All that an officer was typing, newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn forms(&self, officer: OfficerId) -> Result<Vec<FormDraft>, StoreError> {
        let sql = "
            SELECT form, content, at
            FROM form_draft
            WHERE officer = ?1
            ORDER BY at DESC, form
            LIMIT ?2";
        self.read(|view| view.all(sql, (officer.0, LOCAL_LIST_MAX), form_draft))
    }

    /// Puts a file into the tray, or changes what is known of it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn put_tray(&self, entry: &TrayEntry) -> Result<(), StoreError> {
        let TrayEntry { id, body, came_at } = entry;
        let sql = "
            INSERT INTO tray (id, body, came_at)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET body = excluded.body";
        self.execute_local(sql, (id, body, came_at.0)).map(|_| ())
    }

    /// Takes a file out of the tray; false when it was not there.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn take_tray(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.execute_local("DELETE FROM tray WHERE id = ?1", [id])? > 0)
    }

    /// The tray, oldest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn tray(&self) -> Result<Vec<TrayEntry>, StoreError> {
        let sql = "
            SELECT id, body, came_at
            FROM tray
            ORDER BY came_at, id
            LIMIT ?1";
        self.read(|view| view.all(sql, [LOCAL_LIST_MAX], tray_entry))
    }

    /// One file of the tray.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn tray_entry(&self, id: &str) -> Result<Option<TrayEntry>, StoreError> {
        let sql = "
            SELECT id, body, came_at
            FROM tray
            WHERE id = ?1";
        self.read(|view| {
            view.conn
                .prepare_cached(sql)
                .and_then(|mut one| one.query_row([id], tray_entry).optional())
                .doing("reading the tray")
        })
    }
}
