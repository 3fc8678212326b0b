//! What is read: states by name, numbers, relations, history. Everything in one snapshot.
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use register::{
    Agency, AgencyId, Answer, Arrival, Ask, Book, BookId, CommandId, DecidedYear, Device,
    DocumentId, Id, Incoming, Key, NumberUse, Officer, OfficerId, Outcome, Outgoing, Parcel,
    ParcelId, State, Task, TaskId, TrailLine, Unit, UnitId,
};

use crate::error::{Doing, StoreError};
use crate::filing::{Relation, TRAY};
use crate::keys::{KEY_BYTES, TrailCommand, key_bytes, key_from, state_from, trail_from};
use crate::recall::Recall;

/// Officers, units, books and years that one list returns.
const SMALL_LIST_MAX: i64 = 10_000;
/// Tasks of a document, drafts of a task.
const RELATED_MAX: i64 = 500;

/// One snapshot of the register.
pub struct View<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) recall: Option<&'a Recall>,
}

/// A document whose stamped number stays in the book with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetteredLine {
    /// 57 of 57a.
    pub number: u32,
    /// `a` of 57a.
    pub letter: String,
    /// The document.
    pub state: State,
}

/// A line of a book: the number and the document that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedLine {
    /// The number.
    pub number: u32,
    /// The document.
    pub state: State,
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident, $id:ty, $variant:ident, $out:ty) => {
        impl View<'_> {
            $(#[$doc])*
            ///
            /// # Errors
            /// Faults of the file.
            pub fn $name(&self, id: $id) -> Result<Option<$out>, StoreError> {
                match self.state(Key::$variant(id))? {
                    Some(State::$variant(value)) => Ok(Some(value.into())),
                    Some(_) | None => Ok(None),
                }
            }
        }
    };
}
getter!(/// A unit.
    unit, UnitId, Unit, Unit);
getter!(/// An officer.
    officer, OfficerId, Officer, Officer);
getter!(/// A book.
    book, BookId, Book, Box<Book>);
getter!(/// An incoming document, whoever asks; lists and search obey scopes.
    incoming, DocumentId, Incoming, Box<Incoming>);
getter!(/// An outgoing document, whoever asks.
    outgoing, DocumentId, Outgoing, Box<Outgoing>);
getter!(/// A task, whoever asks.
    task, TaskId, Task, Box<Task>);
getter!(/// The decided days of a year.
    decided_year, i16, Year, DecidedYear);

impl<'a> View<'a> {
    pub(crate) fn over(conn: &'a Connection) -> View<'a> {
        View { conn, recall: None }
    }

    /// A snapshot that remembers what the one before it read, while nobody has written.
    pub(crate) fn recalling(
        conn: &'a Connection,
        recall: &'a Recall,
    ) -> Result<View<'a>, StoreError> {
        recall.begin(conn)?;
        Ok(View { conn, recall: Some(recall) })
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Option<T>, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut one| one.query_row(params, read).optional())
            .doing("reading a row")
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Vec<T>, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut all| all.query_map(params, read)?.collect())
            .doing("reading rows")
    }

    /// The state of a name.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn state(&self, key: Key) -> Result<Option<State>, StoreError> {
        let sql = "
            SELECT body
            FROM state
            WHERE key = ?1";
        let body: Option<String> = self.one(sql, [key_bytes(key)], |row| row.get(0))?;
        body.map(|body| state_from(key, &body)).transpose()
    }

    pub(crate) fn must(&self, key: Key) -> Result<State, StoreError> {
        self.state(key)?.ok_or(StoreError::Form { what: "derived row" })
    }

    fn states_of(&self, tag: u8) -> Result<Vec<State>, StoreError> {
        let sql = "
            SELECT key, body
            FROM state
            WHERE key BETWEEN ?1 AND ?2
            ORDER BY key
            LIMIT ?3";
        let (low, high) = tag_range(tag);
        let rows: Vec<(Vec<u8>, String)> =
            self.all(sql, (low, high, SMALL_LIST_MAX), |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.iter().map(|(key, body)| state_from(key_from(key)?, body)).collect()
    }

    pub(crate) fn agency_id(&self) -> Result<Option<AgencyId>, StoreError> {
        let sql = "
            SELECT key
            FROM state
            WHERE key BETWEEN ?1 AND ?2
            LIMIT 1";
        let (low, high) = tag_range(1);
        let key: Option<Vec<u8>> = self.one(sql, (low, high), |row| row.get(0))?;
        match key.map(|key| key_from(&key)).transpose()? {
            Some(Key::Agency(id)) => Ok(Some(id)),
            Some(_) | None => Ok(None),
        }
    }

    /// The agency, once founded.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn agency(&self) -> Result<Option<Agency>, StoreError> {
        Ok(self.states_of(1)?.into_iter().find_map(|state| match state {
            State::Agency(agency) => Some(*agency),
            State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Incoming(_)
            | State::Outgoing(_)
            | State::Task(_)
            | State::Year(_) => None,
        }))
    }

    /// Whether the command stands in the log.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn has_command(&self, id: CommandId) -> Result<bool, StoreError> {
        self.conn
            .prepare_cached(
                "
                SELECT seq
                FROM command
                WHERE id = ?1",
            )
            .and_then(|mut there| there.exists([id.0]))
            .doing("looking for a command")
    }

    /// The answer to what a decision asks: for asking the rules without performing.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn answer(&self, ask: &Ask) -> Result<Answer, StoreError> {
        Ok(match ask {
            Ask::State(key) => Answer::State(self.state(*key)?),
            Ask::Number(book, year, number) => {
                Answer::Number(self.number_use(*book, *year, *number)?)
            }
            Ask::Reference(year, text) => Answer::Reference(self.reference_use(*year, text)?),
            Ask::Agency => Answer::Agency(self.agency_id()?),
            Ask::Accepted(command) => {
                let said = self.said_of(*command)?;
                let stands = said.map(|said| said.outcome == Outcome::Ok);
                let known = stands.or(self.has_command(*command)?.then_some(true));
                Answer::Accepted(known)
            }
        })
    }

    pub(crate) fn number_use(
        &self,
        book: BookId,
        year: i16,
        number: u32,
    ) -> Result<Option<NumberUse>, StoreError> {
        let sql = "
            SELECT key
            FROM number
            WHERE book = ?1 AND year = ?2 AND no = ?3
            LIMIT 1";
        let key: Option<Vec<u8>> = self.one(sql, (book.0, year, number), |row| row.get(0))?;
        key.map(|key| document_of(&key).map(NumberUse::Document)).transpose()
    }

    pub(crate) fn reference_use(
        &self,
        year: i16,
        text: &str,
    ) -> Result<Option<DocumentId>, StoreError> {
        let sql = "
            SELECT key
            FROM reference
            WHERE year = ?1 AND text = ?2
            LIMIT 1";
        let key: Option<Vec<u8>> = self.one(sql, (year, text), |row| row.get(0))?;
        key.map(|key| document_of(&key)).transpose()
    }

    /// The public keys of an officer on this PC.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn officer_keys(&self, officer: OfficerId) -> Result<Vec<[u8; 32]>, StoreError> {
        let sql = "
            SELECT public
            FROM officer_key
            WHERE officer = ?1
            ORDER BY public";
        self.all(sql, [officer.0], |row| row.get(0))
    }

    /// The document that holds a number.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn holder_of(&self, book: BookId, year: i16, no: u32) -> Result<Option<State>, StoreError> {
        let sql = "
            SELECT key
            FROM number
            WHERE book = ?1 AND year = ?2 AND no = ?3
            LIMIT 1";
        let key: Option<Vec<u8>> = self.one(sql, (book.0, year, no), |row| row.get(0))?;
        match key {
            Some(key) => self.state(key_from(&key)?),
            None => Ok(None),
        }
    }

    /// History of a thing, newest first: as the log told it, and what this PC did since.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn trail(&self, of: Key, limit: u32) -> Result<Vec<TrailLine>, StoreError> {
        let sql = "
            SELECT command.id, command.actor, command.at, trail.body
            FROM trail
            JOIN command ON command.seq = trail.seq
            WHERE trail.key = ?1
            ORDER BY trail.seq DESC, trail.part DESC
            LIMIT ?2";
        let own: Vec<(TrailCommand, String)> =
            self.all(sql, (key_bytes(of), limit), trail_line_in)?;
        let sql = "
            SELECT id, actor, at, body
            FROM told_line
            WHERE key = ?1
            ORDER BY entry DESC, part DESC
            LIMIT ?2";
        let told: Vec<(TrailCommand, String)> =
            self.all(sql, (key_bytes(of), limit), trail_line_in)?;
        let in_log: BTreeSet<Id> = told.iter().map(|(by, _)| by.id).collect();
        own.into_iter()
            .filter(|(by, _)| !in_log.contains(&by.id))
            .chain(told)
            .take(limit as usize)
            .map(|(by, body)| trail_from(of, by, &body))
            .collect()
    }

    fn related(&self, of: Key, kind: Relation) -> Result<Vec<State>, StoreError> {
        let sql = "
            SELECT key
            FROM relation
            WHERE of = ?1 AND kind = ?2
            ORDER BY key
            LIMIT ?3";
        let keys: Vec<Vec<u8>> =
            self.all(sql, (key_bytes(of), kind as i64, RELATED_MAX), |row| row.get(0))?;
        keys.iter().map(|key| self.must(key_from(key)?)).collect()
    }

    /// The tasks given from a document, withdrawn ones too, oldest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn tasks_of_document(&self, document: DocumentId) -> Result<Arc<[Task]>, StoreError> {
        if let Some(tasks) = self.recall.and_then(|recall| recall.tasks(document)) {
            return Ok(tasks);
        }
        let related = self.related(Key::Incoming(document), Relation::TaskOf)?;
        let tasks: Arc<[Task]> = related.into_iter().filter_map(task_in).collect();
        if let Some(recall) = self.recall {
            recall.keep_tasks(document, &tasks);
        }
        Ok(tasks)
    }

    /// The parcels of these names that are here, in that order.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn parcels(&self, names: &[ParcelId]) -> Result<Vec<Parcel>, StoreError> {
        let mut parcels = Vec::with_capacity(names.len());
        for name in names {
            if let Some(State::Parcel(parcel)) = self.state(Key::Parcel(*name))? {
                parcels.push(*parcel);
            }
        }
        Ok(parcels)
    }

    /// What came from other agencies and waits for a clerk, also what was taken back before
    /// anybody had registered it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn arrivals_waiting(&self) -> Result<Vec<Arrival>, StoreError> {
        let related = self.related(TRAY, Relation::Waits)?;
        Ok(related.into_iter().filter_map(arrival_in).collect())
    }

    /// The outgoing documents that are the product of a task.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn drafts_of_task(&self, task: TaskId) -> Result<Vec<Outgoing>, StoreError> {
        let related = self.related(Key::Task(task), Relation::DraftOf)?;
        Ok(related.into_iter().filter_map(outgoing_in).collect())
    }

    /// The outgoing documents that answer an incoming one.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn answers_to(&self, document: DocumentId) -> Result<Vec<Outgoing>, StoreError> {
        let related = self.related(Key::Incoming(document), Relation::AnswerTo)?;
        Ok(related.into_iter().filter_map(outgoing_in).collect())
    }

    /// The outgoing documents that take the place of one, drafts too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn replacements_of(&self, document: DocumentId) -> Result<Vec<Outgoing>, StoreError> {
        let related = self.related(Key::Outgoing(document), Relation::ReplacementOf)?;
        Ok(related.into_iter().filter_map(outgoing_in).collect())
    }

    /// What came from other agencies in place of what had come before.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn came_in_place_of(&self, parcel: ParcelId) -> Result<Vec<Arrival>, StoreError> {
        let related = self.related(Key::Arrival(parcel), Relation::ReplacementOf)?;
        Ok(related.into_iter().filter_map(arrival_in).collect())
    }

    /// The documents of a book and year from a number on, in the order of numbers. Voided ones are
    /// among them; numbers without a document stand in the book's own state.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn book_lines(
        &self,
        book: BookId,
        year: i16,
        from: u32,
        count: u32,
    ) -> Result<Vec<NumberedLine>, StoreError> {
        let sql = "
            SELECT no, key
            FROM number
            WHERE book = ?1 AND year = ?2 AND no >= ?3
            ORDER BY no
            LIMIT ?4";
        let rows: Vec<(u32, Vec<u8>)> =
            self.all(sql, (book.0, year, from, count), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let line = |(number, key): &(u32, Vec<u8>)| {
            Ok(NumberedLine { number: *number, state: self.must(key_from(key)?)? })
        };
        rows.iter().map(line).collect()
    }

    /// The documents that stand in a book and year with a letter behind the number of another, in
    /// their order.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn lettered_lines(
        &self,
        book: BookId,
        year: i16,
        numbers: Range<u32>,
    ) -> Result<Vec<LetteredLine>, StoreError> {
        let sql = "
            SELECT no, letter, key
            FROM lettered
            WHERE book = ?1 AND year = ?2 AND no >= ?3 AND no < ?4
            ORDER BY no, letter, key";
        let row = (book.0, year, numbers.start, numbers.end);
        let rows: Vec<(u32, String, Vec<u8>)> =
            self.all(sql, row, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let line = |(number, letter, key): (u32, String, Vec<u8>)| {
            Ok(LetteredLine { number, letter, state: self.must(key_from(&key)?)? })
        };
        rows.into_iter().map(line).collect()
    }

    /// The number the next document of a book gets.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn next_number(&self, book: BookId, year: i16) -> Result<Option<u32>, StoreError> {
        Ok(self.book(book)?.map(|book| book.year(year).next))
    }

    /// The documents that wait for a number of a book, in the order they wait.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn waiting_numbers(&self, book: BookId, limit: u32) -> Result<Vec<State>, StoreError> {
        let sql = "
            SELECT key
            FROM waiting
            WHERE book = ?1
            ORDER BY at, key
            LIMIT ?2";
        let keys: Vec<Vec<u8>> = self.all(sql, (book.0, limit), |row| row.get(0))?;
        keys.iter().map(|key| self.must(key_from(key)?)).collect()
    }

    /// Issuers as they were typed, the most used first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn issuers(&self, limit: u32) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "
            SELECT name, uses
            FROM issuer
            ORDER BY uses DESC
            LIMIT ?1";
        self.all(sql, [limit], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

fn trail_line_in(row: &Row<'_>) -> Result<(TrailCommand, String), rusqlite::Error> {
    Ok((TrailCommand { id: row.get(0)?, actor: row.get(1)?, at: row.get(2)? }, row.get(3)?))
}

/// The lowest and the highest stored key of a kind of state.
pub(crate) fn tag_range(tag: u8) -> ([u8; KEY_BYTES], [u8; KEY_BYTES]) {
    let (mut low, mut high) = ([0; KEY_BYTES], [0xFF; KEY_BYTES]);
    [low[0], high[0]] = [tag; 2];
    (low, high)
}

fn document_of(key: &[u8]) -> Result<DocumentId, StoreError> {
    match key_from(key)? {
        Key::Incoming(id) | Key::Outgoing(id) => Ok(id),
        Key::Agency(_)
        | Key::Unit(_)
        | Key::Officer(_)
        | Key::Device(_)
        | Key::Parcel(_)
        | Key::Arrival(_)
        | Key::Book(_)
        | Key::Task(_)
        | Key::Year(_) => Err(StoreError::Form { what: "document" }),
    }
}

macro_rules! taken_out {
    ($name:ident, $list:ident, $tag:literal, $variant:ident, $out:ty) => {
        pub(crate) fn $name(state: State) -> Option<$out> {
            match state {
                State::$variant(value) => Some(taken_out!(@plain $variant value)),
                #[allow(clippy::wildcard_enum_match_arm, reason = "one variant is asked for")]
                _ => None,
            }
        }
    };
    (@plain Unit $value:ident) => { $value };
    (@plain Officer $value:ident) => { $value };
    (@plain Year $value:ident) => { $value };
    (@plain Device $value:ident) => { $value };
    (@plain $variant:ident $value:ident) => { *$value };
}
taken_out!(unit_in, units, 2, Unit, Unit);
taken_out!(officer_in, officers, 3, Officer, Officer);
taken_out!(book_in, books, 4, Book, Book);
taken_out!(outgoing_in, outgoings, 6, Outgoing, Outgoing);
taken_out!(task_in, tasks, 7, Task, Task);
taken_out!(year_in, years, 8, Year, DecidedYear);
taken_out!(device_in, devices, 9, Device, Device);

fn arrival_in(state: State) -> Option<Arrival> {
    let State::Arrival(arrival) = state else { return None };
    Some(*arrival)
}

impl View<'_> {
    /// All units, closed ones too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn units(&self) -> Result<Vec<Unit>, StoreError> {
        Ok(self.states_of(2)?.into_iter().filter_map(unit_in).collect())
    }

    /// All officers, those who left too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        Ok(self.states_of(3)?.into_iter().filter_map(officer_in).collect())
    }

    /// All books, closed ones too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn books(&self) -> Result<Vec<Book>, StoreError> {
        Ok(self.states_of(4)?.into_iter().filter_map(book_in).collect())
    }

    /// All PCs of the agency, those that were shut out too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn devices(&self) -> Result<Vec<Device>, StoreError> {
        Ok(self.states_of(9)?.into_iter().filter_map(device_in).collect())
    }

    /// The decided days of all years.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn decided_years(&self) -> Result<Vec<DecidedYear>, StoreError> {
        Ok(self.states_of(8)?.into_iter().filter_map(year_in).collect())
    }
}
