//! What this PC and its server know of each other, and what is on its way between them.
use std::collections::BTreeSet;

use rusqlite::Connection;

use register::{Act, AgencyId, BookId, Command, DeviceId, Key, Moment, OfficerId, Recorded, State};
use sync::wire::{Head, Hex, Pushed, Stamp};
use sync::{Envelope, decode};

use crate::error::{Doing, StoreError};
use crate::keys::{key_bytes, key_from, state_from};
use crate::perform::Batch;
use crate::store::Store;
use crate::view::View;

/// Commands of a list.
pub const SENDING_ROWS_MAX: u32 = 200;
/// Acts that came back, looked at for the history of one thing.
const RETURNED_TOLD_MAX: u32 = 1000;

/// Whether what this PC did alone has gone up yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Its own log from before goes up first.
    Adopting,
    /// That is up; every state is read back as the log made it.
    ReadingBack,
    /// It reads and writes like every other PC.
    Joined,
}

/// The server this PC belongs to, as it was met last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose log it keeps.
    pub agency: AgencyId,
    /// Where it is.
    pub address: String,
    /// Its key.
    pub server: [u8; 32],
    /// Whether the log of before has gone up.
    pub membership: Membership,
    /// The life of the server this PC knows.
    pub epoch: u32,
    /// The end of the log as this PC has seen it last.
    pub head: Head,
    /// The last entry known to be in a copy on another machine.
    pub durable: u64,
    /// When they met; `Moment(0)` when they have not yet.
    pub met_at: Moment,
    /// Answers that changed something here.
    pub taken: u64,
}

/// A server as it was met for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met<'a> {
    /// Whose log it keeps.
    pub agency: AgencyId,
    /// Where it is.
    pub address: &'a str,
    /// Its key.
    pub server: [u8; 32],
    /// Its life.
    pub epoch: u32,
}

/// How far an officer of this PC has read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reader {
    /// Every state he may see whose version is not above it is here.
    pub cursor: u64,
    /// The circles he belonged to then, by name.
    pub scopes: BTreeSet<String>,
    /// Where the first copy goes on: the head when it began, and the entry below which it reads.
    pub first_copy: Option<(u64, u64)>,
}

/// What goes up with the next call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outbox {
    /// Own commands, in their order.
    pub own: Vec<Pushed>,
    /// Commands carried for other PCs.
    pub carried: Vec<Pushed>,
}

/// A command of another PC that this one carries to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The PC that signed it.
    pub dev: DeviceId,
    /// Its number there.
    pub n: u64,
    /// Its bytes.
    pub envelope: Envelope,
    /// What a life of the server that was lost said of it: it travels along (R22).
    pub recorded: Option<Recorded>,
}

/// A command on its way, or back from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Its place in this PC's own log.
    pub seq: u64,
    /// The command.
    pub command: Command,
    /// What the log said, once it did.
    pub said: Option<Stamp>,
}

/// How much is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Own commands without an answer.
    pub unanswered: u64,
    /// When the oldest of them was done.
    pub oldest: Option<Moment>,
    /// Commands carried for other PCs.
    pub carried: u64,
    /// Refused or held, not yet let go.
    pub returned: u64,
}

/// What a transaction needs to know of the line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked {
    pub head: u64,
    pub taken: u64,
}

impl Batch<'_> {
    /// The line, where there is one.
    pub(crate) fn linked(&self) -> Result<Option<Linked>, StoreError> {
        let sql = "
            SELECT head, taken
            FROM line";
        View::over(self.conn)
            .one(sql, [], |row| Ok(Linked { head: row.get(0)?, taken: row.get(1)? }))
    }
}

impl View<'_> {
    /// The server this PC belongs to, if it does.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn line(&self) -> Result<Option<Line>, StoreError> {
        let sql = "
            SELECT agency, address, server, standing, epoch, head, head_hash, durable, met_at, taken
            FROM line";
        self.one(sql, [], |row| {
            let standing: i64 = row.get(3)?;
            Ok(Line {
                agency: AgencyId(row.get(0)?),
                address: row.get(1)?,
                server: row.get(2)?,
                membership: match standing {
                    1 => Membership::Adopting,
                    2 => Membership::ReadingBack,
                    _ => Membership::Joined,
                },
                epoch: row.get(4)?,
                head: Head { seq: row.get(5)?, hash: Hex(row.get(6)?) },
                durable: row.get(7)?,
                met_at: Moment(row.get(8)?),
                taken: row.get(9)?,
            })
        })
    }

    /// Rises with everything that changes what is shown: own acts, and answers of the server.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn revision(&self) -> Result<u64, StoreError> {
        let taken = self.line()?.map_or(0, |line| line.taken);
        Ok(self.commands_kept()?.saturating_add(taken))
    }

    /// How far an officer has read; from the beginning when he has not.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn reader(&self, officer: OfficerId) -> Result<Reader, StoreError> {
        let sql = "
            SELECT cursor, scopes, from_head, below
            FROM reader
            WHERE officer = ?1";
        let read = self.one(sql, [officer.0], |row| {
            let scopes: String = row.get(1)?;
            let (head, below): (Option<u64>, Option<u64>) = (row.get(2)?, row.get(3)?);
            Ok(Reader {
                cursor: row.get(0)?,
                scopes: scopes.split_whitespace().map(str::to_owned).collect(),
                first_copy: head.zip(below),
            })
        })?;
        Ok(read.unwrap_or_default())
    }

    /// Whether everything that is not restricted is here: some officer reads as staff, to the end.
    pub(crate) fn sees_all(&self) -> Result<bool, StoreError> {
        let sql = "
            SELECT scopes
            FROM reader
            WHERE cursor > 0";
        let scopes: Vec<String> = self.all(sql, [], |row| row.get(0))?;
        Ok(scopes.iter().any(|names| names.split_whitespace().any(|name| name == "staff")))
    }

    /// Own commands without an answer behind a place, with their places: for a PC that was shut out
    /// and hands in what it did, without hearing what becomes of it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn unanswered_after(&self, seq: u64, count: u32) -> Result<Vec<(u64, Pushed)>, StoreError> {
        let sql = "
            SELECT sending.seq, command.raw, command.sig
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.seq > ?1 AND sending.stage IN (1, 2) AND sending.entry IS NULL
            ORDER BY sending.seq
            LIMIT ?2";
        let rows: Vec<(u64, Vec<u8>, [u8; 64])> =
            self.all(sql, (seq, count), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let pushed = rows.into_iter().map(|(seq, raw, sig)| {
            let one = Pushed::of(&Envelope { raw, sig });
            Ok((seq, one.map_err(|_| StoreError::Form { what: "command" })?))
        });
        pushed.collect()
    }

    /// Own commands without an answer, the oldest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn unanswered(&self, limit: u32) -> Result<Vec<Sending>, StoreError> {
        let sql = "
            SELECT sending.seq, command.raw, sending.said
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.stage = 1 AND sending.entry IS NULL
            ORDER BY sending.seq
            LIMIT ?1";
        self.all(sql, [limit.min(SENDING_ROWS_MAX)], sending_in)?
            .into_iter()
            .map(sending_from)
            .collect()
    }

    /// Own commands that were refused or held, the newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn returned(&self, limit: u32) -> Result<Vec<Sending>, StoreError> {
        let sql = "
            SELECT returned.seq, command.raw, returned.said
            FROM returned
            JOIN command ON command.seq = returned.seq
            WHERE returned.let_go = 0
            ORDER BY returned.seq DESC
            LIMIT ?1";
        self.all(sql, [limit.min(SENDING_ROWS_MAX)], sending_in)?
            .into_iter()
            .map(sending_from)
            .collect()
    }

    /// Acts of one officer on this PC that were refused or held, let go or not, the newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn returned_to(&self, officer: OfficerId) -> Result<Vec<Sending>, StoreError> {
        let sql = "
            SELECT returned.seq, command.raw, returned.said
            FROM returned
            JOIN command ON command.seq = returned.seq
            WHERE command.actor = ?1
            ORDER BY returned.seq DESC
            LIMIT ?2";
        self.all(sql, (officer.0, RETURNED_TOLD_MAX), sending_in)?
            .into_iter()
            .map(sending_from)
            .collect()
    }

    /// How much is on its way.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn traffic(&self) -> Result<Traffic, StoreError> {
        let sql = "
            SELECT
                (SELECT count(*) FROM sending WHERE stage IN (1, 2) AND entry IS NULL),
                (SELECT min(seq) FROM sending WHERE stage IN (1, 2) AND entry IS NULL),
                (SELECT count(*) FROM carried),
                (SELECT count(*) FROM returned WHERE let_go = 0)";
        let (unanswered, first, carried, returned): (u64, Option<u64>, u64, u64) = self
            .one(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .unwrap_or_default();
        let oldest = match first {
            Some(first) => {
                let sql = "
                    SELECT at
                    FROM command
                    WHERE seq = ?1";
                self.one(sql, [first], |row| row.get(0))?.map(Moment)
            }
            None => None,
        };
        Ok(Traffic { unanswered, oldest, carried, returned })
    }

    /// The public keys of all officers on this PC.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn all_officer_keys(&self) -> Result<Vec<(OfficerId, [u8; 32])>, StoreError> {
        let sql = "
            SELECT officer, public
            FROM officer_key
            ORDER BY officer, public";
        self.all(sql, [], |row| Ok((OfficerId(row.get(0)?), row.get(1)?)))
    }

    /// Whether something of this state has not reached the log yet.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn is_only_here(&self, key: Key) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM touch
            JOIN sending ON sending.seq = touch.seq
            WHERE touch.key = ?1 AND sending.entry IS NULL
            LIMIT 1";
        Ok(self.one(sql, [key_bytes(key)], |_| Ok(()))?.is_some())
    }

    /// Whether the log knows the thing, whatever was done with it here since.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn is_in_the_log(&self, key: Key) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM confirmed
            WHERE key = ?1 AND body IS NOT NULL";
        let under = self.one(sql, [key_bytes(key)], |_| Ok(()))?.is_some();
        Ok(under || !self.is_only_here(key)?)
    }

    /// Whether this PC has asked for a book and has no answer yet.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn asks_for(&self, book: BookId) -> Result<bool, StoreError> {
        let sql = "
            SELECT command.raw
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.stage = 1
                AND NOT EXISTS (SELECT 1 FROM touch WHERE touch.seq = sending.seq)
            LIMIT ?1";
        let raws: Vec<Vec<u8>> = self.all(sql, [SENDING_ROWS_MAX], |row| row.get(0))?;
        let asks = |raw: &Vec<u8>| match decode(raw).map(|command| command.act) {
            Ok(Act::TakeLease { book: asked }) => asked == book,
            Ok(Act::ForceLease(forced)) => forced.book == book,
            Ok(_) | Err(_) => false,
        };
        Ok(raws.iter().any(asks))
    }

    /// What the log said of a command of this PC, while that is kept.
    pub(crate) fn said_of(&self, id: register::CommandId) -> Result<Option<Stamp>, StoreError> {
        let sql = "
            SELECT sending.said
            FROM command
            JOIN sending ON sending.seq = command.seq
            WHERE command.id = ?1";
        let said: Option<Option<String>> = self.one(sql, [id.0], |row| row.get(0))?;
        said.flatten().map(|said| stamp_from(&said)).transpose()
    }

    /// The states behind a key that no entry of the log has made, and over which nothing lies.
    pub(crate) fn unmade(&self, after: &[u8], limit: u32) -> Result<Vec<(Key, State)>, StoreError> {
        let sql = "
            SELECT key, body
            FROM state
            WHERE key > ?1 AND ver = 0
                AND NOT EXISTS (SELECT 1 FROM touch WHERE touch.key = state.key)
            ORDER BY key
            LIMIT ?2";
        let rows: Vec<(Vec<u8>, String)> =
            self.all(sql, (after, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let read = |(key, body): &(Vec<u8>, String)| {
            let key = key_from(key)?;
            Ok((key, state_from(key, body)?))
        };
        rows.iter().map(read).collect()
    }
}

pub(crate) fn recorded_from(text: &str) -> Result<Recorded, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::Body { what: "answer", source })
}

type SendingRow = (u64, Vec<u8>, Option<String>);

fn sending_in(row: &rusqlite::Row<'_>) -> Result<SendingRow, rusqlite::Error> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn sending_from((seq, raw, said): SendingRow) -> Result<Sending, StoreError> {
    let command = decode(&raw).map_err(|_| StoreError::Form { what: "command" })?;
    let said = said.map(|said| stamp_from(&said)).transpose()?;
    Ok(Sending { seq, command, said })
}

pub(crate) fn stamp_from(said: &str) -> Result<Stamp, StoreError> {
    serde_json::from_str(said).map_err(|source| StoreError::Body { what: "answer", source })
}

impl Store {
    /// This PC belongs to a server from now on, and has read nothing yet.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn join(&self, met: &Met<'_>) -> Result<(), StoreError> {
        self.batch(|batch| put_line(batch.conn, met, Membership::Joined))
    }

    /// The agency of this PC moves to a server: all that was done here goes up, from the first
    /// command on, and then every state is read back as the log made it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn begin_adoption(&self, met: &Met<'_>) -> Result<(), StoreError> {
        self.batch(|batch| {
            put_line(batch.conn, met, Membership::Adopting)?;
            batch.known.clear();
            batch
                .conn
                .execute_batch(
                    "
                    INSERT INTO sending (seq, stage)
                    SELECT seq, 2
                    FROM command
                    WHERE dev = (SELECT value FROM meta WHERE name = 'device');
                    INSERT INTO carried (dev, n, raw, sig, behind, turn)
                    SELECT dev, n, raw, sig, seq, seq
                    FROM command
                    WHERE dev <> (SELECT value FROM meta WHERE name = 'device');
                    INSERT INTO file_up (blob)
                    SELECT DISTINCT blob
                    FROM blob_use;
                    UPDATE state
                    SET ver = 0;",
                )
                .doing("gathering what goes to the server")
        })
    }

    /// The server is reached under another address.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn move_line(&self, address: &str) -> Result<(), StoreError> {
        self.batch(|batch| {
            let moved = batch.conn.execute("UPDATE line SET address = ?1", [address]);
            moved.doing("noting the server's address").map(|_| ())
        })
    }

    /// The author has seen what became of his command.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn let_go(&self, seq: u64) -> Result<(), StoreError> {
        self.batch(|batch| {
            let sql = "UPDATE returned SET let_go = 1 WHERE seq = ?1";
            let gone = batch.conn.execute(sql, [seq]);
            gone.doing("letting a command go").map(|_| ())
        })
    }
}

fn put_line(conn: &Connection, met: &Met<'_>, membership: Membership) -> Result<(), StoreError> {
    let standing = match membership {
        Membership::Adopting => 1,
        Membership::ReadingBack => 2,
        Membership::Joined => 3,
    };
    conn.execute(
        "
        INSERT INTO line
            (one, agency, address, server, standing, epoch, anew, read_epoch, read_seq, head,
            head_hash, durable, met_at, taken)
        VALUES (1, ?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, zeroblob(32), 0, 0, 0)",
        (met.agency.0, met.address, met.server, standing, met.epoch),
    )
    .doing("noting the server")?;
    Ok(())
}
