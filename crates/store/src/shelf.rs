//! The register's file as the protocol sees it: what is confirmed, and what waits over it.
use std::collections::BTreeSet;

use register::{
    Answer, Ask, Book, BookId, Change, Command, DeviceId, Key, OfficerId, ReadTo, Refusal, State,
    audience, numbers_seen,
};
use sync::replica::{self, ActFault, Anew, Life, Placed, Shelf, Taken, Waiting};
use sync::wire::{Offer, Stamp, SyncAnswer, Witness};
use sync::{Envelope, Hash, SigningKey, decode};

use crate::error::{Doing, PerformError, StoreError};
use crate::keys::{INCOMING_TAG, OUTGOING_TAG, body_of, key_bytes, key_from, state_from};
use crate::line::{Membership, Reader, recorded_from, stamp_from};
use crate::perform::Batch;
use crate::store::Store;
use crate::view::View;

/// States taken away together.
const SWEPT_TOGETHER: u32 = 500;

/// The file, as one officer of this PC reads it.
struct FileShelf<'b, 'a> {
    batch: &'b mut Batch<'a>,
    reader: OfficerId,
}

impl Batch<'_> {
    /// Does an act of a PC that belongs to a server: laid over what the log has confirmed.
    pub(crate) fn perform_over_the_log<E>(
        &mut self,
        command: &Command,
        sign_with: &SigningKey,
    ) -> Result<Change, PerformError<E>> {
        let envelope = self.signed(command, sign_with)?;
        let mut shelf = FileShelf { batch: self, reader: command.actor };
        let done = replica::act(&mut shelf, command, |_| envelope);
        let change = done.map_err(|fault| match fault {
            ActFault::Refused(refusal) => PerformError::Refused(refusal),
            ActFault::Shelf(fault) => PerformError::Store(fault),
            ActFault::AsksWithoutEnd => PerformError::Store(StoreError::AsksWithoutEnd { max: 0 }),
        })?;
        if command.act.waits_for_log() {
            return Ok(Change::default());
        }
        self.put_trail(self.seq(), &change)?;
        Ok(change)
    }

    fn execute<P: rusqlite::Params>(
        &self,
        doing: &'static str,
        sql: &str,
        params: P,
    ) -> Result<usize, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .doing(doing)
    }

    fn put_touches(&self, seq: u64, predicted: &[(Key, Hash)]) -> Result<(), StoreError> {
        for (key, hash) in predicted {
            let sql = "
                INSERT INTO touch (key, seq, hash)
                VALUES (?1, ?2, ?3)
                ON CONFLICT (key, seq) DO UPDATE SET hash = excluded.hash";
            self.execute("noting what a command made", sql, (key_bytes(*key), seq, hash))?;
        }
        Ok(())
    }

    fn seq_of(&self, (dev, n): (DeviceId, u64)) -> Result<Option<u64>, StoreError> {
        let sql = "
            SELECT seq
            FROM command
            WHERE dev = ?1 AND n = ?2";
        View::over(self.conn).one(sql, (dev.0, n), |row| row.get(0))
    }

    fn waiting(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<Waiting>, StoreError> {
        type Row = (u64, Vec<u8>, [u8; 64], Option<u64>, Option<String>, Option<String>);
        let view = View::over(self.conn);
        let rows: Vec<Row> = view.all(sql, params, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?;
        let mut waiting = Vec::with_capacity(rows.len());
        for (seq, raw, sig, entry, said, recorded) in rows {
            let command = decode(&raw).map_err(|_| StoreError::Form { what: "command" })?;
            let said = said.map(|said| stamp_from(&said)).transpose()?;
            let touches = "
                SELECT key, hash
                FROM touch
                WHERE seq = ?1
                ORDER BY key";
            let touched: Vec<(Vec<u8>, Hash)> =
                view.all(touches, [seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let predicted: Result<Vec<_>, StoreError> =
                touched.into_iter().map(|(key, hash)| Ok((key_from(&key)?, hash))).collect();
            let envelope = Envelope { raw, sig };
            let predicted = predicted?;
            let recorded = recorded.map(|text| recorded_from(&text)).transpose()?;
            waiting.push(Waiting { command, envelope, ack: entry.zip(said), recorded, predicted });
        }
        Ok(waiting)
    }
}

fn said_text(stamp: &Stamp) -> Result<String, StoreError> {
    serde_json::to_string(stamp).map_err(|source| StoreError::Body { what: "answer", source })
}

impl Shelf for FileShelf<'_, '_> {
    type Fault = StoreError;

    fn answer(&mut self, ask: &Ask) -> Result<Answer, StoreError> {
        self.batch.answer(ask)
    }

    fn cursor(&mut self) -> Result<u64, StoreError> {
        Ok(View::over(self.batch.conn).reader(self.reader)?.cursor)
    }

    fn set_cursor(&mut self, cursor: u64) -> Result<(), StoreError> {
        let sql = "
            INSERT INTO reader (officer, cursor, scopes)
            VALUES (?1, ?2, '')
            ON CONFLICT (officer) DO UPDATE SET cursor = excluded.cursor";
        self.batch.execute("moving the cursor", sql, (self.reader.0, cursor)).map(|_| ())
    }

    fn shown(&mut self, key: Key) -> Result<Option<Placed>, StoreError> {
        self.batch.placed(key)
    }

    fn show(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), StoreError> {
        if placed.is_none() && self.batch.placed(key)?.is_none() {
            return Ok(());
        }
        self.batch.place(vec![(key, placed.cloned())])
    }

    fn confirmed(&mut self, key: Key) -> Result<Option<Option<Placed>>, StoreError> {
        let sql = "
            SELECT ver, body
            FROM confirmed
            WHERE key = ?1";
        let found: Option<(u64, Option<String>)> =
            View::over(self.batch.conn)
                .one(sql, [key_bytes(key)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((ver, body)) = found else { return Ok(None) };
        let state = body.map(|body| state_from(key, &body)).transpose()?;
        Ok(Some(state.map(|state| Placed { ver, state })))
    }

    fn confirm(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), StoreError> {
        let ver = placed.map_or(0, |placed| placed.ver);
        let body = placed.map(|placed| body_of(&placed.state)).transpose()?;
        let sql = "
            INSERT INTO confirmed (key, ver, body)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET ver = excluded.ver, body = excluded.body";
        let row = (key_bytes(key), ver, body);
        self.batch.execute("keeping what is confirmed", sql, row).map(|_| ())
    }

    fn settle(&mut self, key: Key) -> Result<(), StoreError> {
        let sql = "DELETE FROM confirmed WHERE key = ?1";
        self.batch.execute("settling a state", sql, [key_bytes(key)]).map(|_| ())
    }

    fn overlaid(&mut self) -> Result<Vec<Key>, StoreError> {
        let sql = "
            SELECT key
            FROM confirmed
            ORDER BY key";
        let keys: Vec<Vec<u8>> = View::over(self.batch.conn).all(sql, [], |row| row.get(0))?;
        keys.iter().map(|key| key_from(key)).collect()
    }

    fn handed(&mut self) -> Result<Vec<Book>, StoreError> {
        let sql = "
            SELECT body
            FROM handed
            ORDER BY book";
        let bodies: Vec<String> = View::over(self.batch.conn).all(sql, [], |row| row.get(0))?;
        let read = |body: &String| {
            serde_json::from_str(body).map_err(|source| StoreError::Body { what: "book", source })
        };
        bodies.iter().map(read).collect()
    }

    fn keep_handed(&mut self, book: &Book) -> Result<(), StoreError> {
        let body = body_of(&State::Book(Box::new(book.clone())))?;
        let sql = "
            INSERT INTO handed (book, body)
            VALUES (?1, ?2)
            ON CONFLICT (book) DO UPDATE SET body = excluded.body";
        self.batch.execute("keeping a book handed over", sql, (book.id.0, body)).map(|_| ())
    }

    fn drop_handed(&mut self, book: BookId) -> Result<(), StoreError> {
        let sql = "DELETE FROM handed WHERE book = ?1";
        self.batch.execute("letting a hand-over go", sql, [book.0]).map(|_| ())
    }

    fn is_touched(&mut self, key: Key) -> Result<bool, StoreError> {
        let view = View::over(self.batch.conn);
        if let Key::Book(book) = key {
            let sql = "
                SELECT 1
                FROM handed
                WHERE book = ?1";
            if view.one(sql, [book.0], |_| Ok(()))?.is_some() {
                return Ok(true);
            }
        }
        let sql = "
            SELECT 1
            FROM touch
            WHERE key = ?1
            LIMIT 1";
        Ok(view.one(sql, [key_bytes(key)], |_| Ok(()))?.is_some())
    }

    fn keep_waiting(&mut self, waiting: &Waiting) -> Result<(), StoreError> {
        let seq = self.batch.log(&waiting.command, &waiting.envelope)?;
        let sql = "
            INSERT INTO sending (seq, stage)
            VALUES (?1, 1)";
        self.batch.execute("keeping a command that waits", sql, [seq])?;
        self.batch.send_files(&waiting.command.blobs)?;
        self.batch.put_touches(seq, &waiting.predicted)
    }

    fn predict(
        &mut self,
        of: (DeviceId, u64),
        predicted: &[(Key, Hash)],
    ) -> Result<(), StoreError> {
        let Some(seq) = self.batch.seq_of(of)? else { return Ok(()) };
        let sql = "DELETE FROM touch WHERE seq = ?1";
        self.batch.execute("forgetting what a command made", sql, [seq])?;
        self.batch.put_touches(seq, predicted)
    }

    fn acknowledge(
        &mut self,
        of: (DeviceId, u64),
        entry: u64,
        stamp: &Stamp,
    ) -> Result<bool, StoreError> {
        let (dev, n) = of;
        let sql = "DELETE FROM carried WHERE dev = ?1 AND n = ?2";
        self.batch.execute("letting a carried command go", sql, (dev.0, n))?;
        let Some(seq) = self.batch.seq_of(of)? else { return Ok(false) };
        // What was done before this PC had a server lies over nothing: the answer settles it.
        let sql = "
            UPDATE sending
            SET entry = ?2, said = ?3, stage = CASE stage WHEN 2 THEN 0 ELSE stage END
            WHERE seq = ?1 AND entry IS NULL AND stage IN (1, 2)";
        let said = said_text(stamp)?;
        let noted = self.batch.execute("noting an answer", sql, (seq, entry, &said))? > 0;
        if noted && stamp.outcome.why().is_some() {
            let sql = "
                INSERT INTO returned (seq, said)
                SELECT seq, said
                FROM sending
                WHERE seq = ?1 AND stage = 0";
            self.batch.execute("handing a command back", sql, [seq])?;
        }
        Ok(noted)
    }

    fn confirmed_waiting(&mut self, cursor: u64) -> Result<Vec<Waiting>, StoreError> {
        // What another officer of this PC did is here as soon as all it touched is.
        let sql = "
            SELECT sending.seq, command.raw, command.sig, sending.entry, sending.said,
                sending.recorded
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.stage = 1 AND sending.entry <= ?1
                AND (command.actor = ?2 OR NOT EXISTS (
                    SELECT 1
                    FROM touch
                    LEFT JOIN confirmed ON confirmed.key = touch.key
                    WHERE touch.seq = sending.seq
                        AND (confirmed.ver IS NULL OR confirmed.ver < sending.entry)
                ))
            ORDER BY sending.seq";
        self.batch.waiting(sql, (cursor, self.reader.0))
    }

    fn all_waiting(&mut self) -> Result<Vec<Waiting>, StoreError> {
        let sql = "
            SELECT sending.seq, command.raw, command.sig, sending.entry, sending.said,
                sending.recorded
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.stage = 1
            ORDER BY sending.seq";
        self.batch.waiting(sql, [])
    }

    fn drop_waiting(&mut self, waiting: &Waiting) -> Result<(), StoreError> {
        let of = (waiting.command.dev, waiting.command.n);
        let Some(seq) = self.batch.seq_of(of)? else { return Ok(()) };
        let sql = "DELETE FROM touch WHERE seq = ?1";
        self.batch.execute("forgetting what a command made", sql, [seq])?;
        let sql = "
            UPDATE sending
            SET stage = 0
            WHERE seq = ?1";
        self.batch.execute("settling a command", sql, [seq]).map(|_| ())
    }

    fn hand_back(&mut self, command: &Command, _why: &Refusal) -> Result<(), StoreError> {
        let of = (command.dev, command.n);
        let Some(seq) = self.batch.seq_of(of)? else { return Ok(()) };
        let sql = "
            INSERT INTO returned (seq, said)
            SELECT seq, said
            FROM sending
            WHERE seq = ?1 AND said IS NOT NULL
            ON CONFLICT DO NOTHING";
        self.batch.execute("handing a command back", sql, [seq])?;
        // What it told of itself did not come about so.
        let sql = "DELETE FROM trail WHERE seq = ?1";
        self.batch.execute("taking a line of history back", sql, [seq]).map(|_| ())
    }

    fn life(&mut self) -> Result<Life, StoreError> {
        let sql = "
            SELECT epoch, anew, lost_epoch, lost_seq
            FROM line";
        let life = View::over(self.batch.conn).one(sql, [], |row| {
            let anew: i64 = row.get(1)?;
            Ok(Life {
                epoch: row.get(0)?,
                anew: match anew {
                    1 => Anew::Reading,
                    2 => Anew::Offering,
                    _ => Anew::Settled,
                },
                lost: ReadTo { epoch: row.get(2)?, seq: row.get(3)? },
            })
        })?;
        life.ok_or(StoreError::Form { what: "line" })
    }

    fn set_life(&mut self, life: Life) -> Result<(), StoreError> {
        let anew = match life.anew {
            Anew::Settled => 0,
            Anew::Reading => 1,
            Anew::Offering => 2,
        };
        let sql = "
            UPDATE line
            SET epoch = ?1, anew = ?2, lost_epoch = ?3, lost_seq = ?4";
        let row = (life.epoch, anew, life.lost.epoch, life.lost.seq);
        self.batch.execute("noting the life of the server", sql, row).map(|_| ())
    }

    fn all_wait_again(&mut self, epoch: u32) -> Result<(), StoreError> {
        let sql = "
            SELECT seq, entry, said
            FROM sending
            WHERE entry IS NOT NULL
            ORDER BY seq";
        let answered: Vec<(u64, u64, String)> =
            View::over(self.batch.conn)
                .all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        for (seq, entry, said) in answered {
            let recorded = stamp_from(&said)?.recorded(ReadTo { epoch, seq: entry });
            let recorded = serde_json::to_string(&recorded)
                .map_err(|source| StoreError::Body { what: "answer", source })?;
            let sql = "
                UPDATE sending
                SET stage = 1, entry = NULL, said = NULL, recorded = ?2
                WHERE seq = ?1";
            self.batch.execute("sending a command again", sql, (seq, recorded))?;
            let sql = "DELETE FROM touch WHERE seq = ?1";
            self.batch.execute("forgetting what a command made", sql, [seq])?;
        }
        Ok(())
    }

    fn keep_witnesses(&mut self) -> Result<(), StoreError> {
        let mut after: Vec<u8> = vec![INCOMING_TAG];
        loop {
            let sql = "
                SELECT state.key, coalesce(confirmed.body, state.body),
                    confirmed.key IS NOT NULL AND confirmed.body IS NULL
                FROM state
                LEFT JOIN confirmed ON confirmed.key = state.key
                WHERE state.key > ?1 AND state.key < ?2
                ORDER BY state.key
                LIMIT ?3";
            let end = vec![OUTGOING_TAG + 1];
            let rows: Vec<(Vec<u8>, String, bool)> =
                View::over(self.batch.conn).all(sql, (&after, end, SWEPT_TOGETHER), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let Some((last, ..)) = rows.last() else { return Ok(()) };
            after.clone_from(last);
            for (key, body, only_here) in rows.iter().filter(|(.., only_here)| !only_here) {
                debug_assert!(!only_here);
                let of = key_from(key)?;
                for number in numbers_seen(&state_from(of, body)?) {
                    self.keep_witness(Witness { of, number })?;
                }
            }
        }
    }

    fn witnesses(&mut self) -> Result<Vec<Witness>, StoreError> {
        let sql = "
            SELECT seen
            FROM witness
            WHERE year >= (SELECT max(year) FROM witness) - 1
            ORDER BY key, year, no";
        let all: Vec<String> = View::over(self.batch.conn).all(sql, [], |row| row.get(0))?;
        let read = |seen: &String| {
            serde_json::from_str(seen)
                .map_err(|source| StoreError::Body { what: "witness", source })
        };
        all.iter().map(read).collect()
    }

    fn forget_versions(&mut self) -> Result<(), StoreError> {
        self.batch.known.clear();
        self.batch
            .conn
            .execute_batch("UPDATE state SET ver = 0; UPDATE confirmed SET ver = 0;")
            .doing("forgetting the versions of a life that is lost")
    }

    fn orphans(&mut self) -> Result<Vec<State>, StoreError> {
        let sql = "
            SELECT key, body
            FROM state
            WHERE ver = 0
                AND NOT EXISTS (SELECT 1 FROM confirmed WHERE confirmed.key = state.key)
            UNION ALL
            SELECT key, body
            FROM confirmed
            WHERE ver = 0 AND body IS NOT NULL
            ORDER BY key";
        let rows: Vec<(Vec<u8>, String)> =
            View::over(self.batch.conn).all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.iter().map(|(key, body)| state_from(key_from(key)?, body)).collect()
    }
}

impl FileShelf<'_, '_> {
    fn keep_witness(&mut self, witness: Witness) -> Result<(), StoreError> {
        let seen = serde_json::to_string(&witness)
            .map_err(|source| StoreError::Body { what: "witness", source })?;
        let number = witness.number;
        let sql = "
            INSERT INTO witness (key, year, no, seen)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (key, year, no) DO UPDATE SET seen = excluded.seen";
        let row = (key_bytes(witness.of), number.on.year(), number.no, seen);
        self.batch.execute("keeping a number that was seen", sql, row).map(|_| ())
    }
}

impl Store {
    /// Takes in one answer of the server, as this officer asked for it: all of it, or nothing.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn take_in(
        &self,
        reader: OfficerId,
        answer: &SyncAnswer,
        states: &[Placed],
    ) -> Result<Taken, StoreError> {
        self.batch(|batch| {
            let known = View::over(batch.conn).reader(reader)?;
            let answer = &without_what_others_see(batch, reader, answer)?;
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            let taken = if still_adopting(shelf.batch)? {
                // Its own log goes up whole before anything is read.
                note_acks(&mut shelf, answer)?
            } else {
                replica::take_in(&mut shelf, answer, states)?
            };
            note_line(batch, answer, &taken)?;
            if !taken.stale {
                note_reader(batch, (reader, &known), answer)?;
            }
            Ok(taken)
        })
    }

    /// The server was set back from a copy (SYNC 2.9). Says whether that is news here.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn begin_anew(&self, reader: OfficerId, epoch: u32) -> Result<bool, StoreError> {
        self.batch(|batch| {
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            let news = replica::begin_anew(&mut shelf, epoch)?;
            if news {
                let sql = "
                    UPDATE reader
                    SET cursor = 0, from_head = NULL, below = NULL";
                batch.execute("reading from the beginning", sql, [])?;
                let sql = "
                    UPDATE line
                    SET head = 0, head_hash = zeroblob(32), durable = 0";
                batch.execute("forgetting the head of a life that is lost", sql, [])?;
            }
            Ok(news)
        })
    }

    /// What is to be offered to a server that was set back, and whether commands may be sent.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn offer(&self, reader: OfficerId) -> Result<(Option<Offer>, bool), StoreError> {
        self.batch(|batch| {
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            Ok((replica::offer(&mut shelf)?, replica::may_push(&mut shelf)?))
        })
    }

    /// Takes a book over from the PC beside this one, both without a line.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn receive_book(&self, reader: OfficerId, book: &Book) -> Result<(), StoreError> {
        self.batch(|batch| {
            replica::receive_book(&mut FileShelf { batch: &mut *batch, reader }, book)?;
            changed(batch)
        })
    }

    /// All that was done before the server is up there, and all it made of it is here: what no
    /// entry made is taken away.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn finish_adoption(&self) -> Result<(), StoreError> {
        loop {
            let swept = self.batch(|batch| {
                let some = View::over(batch.conn).unmade(SWEPT_TOGETHER)?;
                let count = some.len();
                batch.place(some.into_iter().map(|key| (key, None)).collect())?;
                changed(batch)?;
                Ok::<usize, StoreError>(count)
            })?;
            if swept == 0 {
                return self.batch(|batch| {
                    let sql = "
                        UPDATE line
                        SET standing = 3";
                    batch.execute("ending the adoption", sql, []).map(|_| ())
                });
            }
        }
    }
}

/// What is gone for one officer of this PC may still be seen by another, who reads for himself.
fn without_what_others_see(
    batch: &mut Batch<'_>,
    reader: OfficerId,
    answer: &SyncAnswer,
) -> Result<SyncAnswer, StoreError> {
    let mut left = SyncAnswer { states: Vec::new(), ..answer.clone() };
    if left.gone.is_empty() {
        return Ok(left);
    }
    let sql = "
        SELECT scopes
        FROM reader
        WHERE officer <> ?1";
    let others: Vec<String> = View::over(batch.conn).all(sql, [reader.0], |row| row.get(0))?;
    let seen: BTreeSet<&str> = others.iter().flat_map(|names| names.split_whitespace()).collect();
    let mut gone = Vec::with_capacity(left.gone.len());
    for one in left.gone {
        let placed = batch.placed(one.of)?;
        let by_others = placed.is_some_and(|placed| {
            audience(&placed.state).iter().any(|scope| seen.contains(scope.name().as_str()))
        });
        if !by_others {
            gone.push(one);
        }
    }
    left.gone = gone;
    Ok(left)
}

/// Whether commands of before the server wait for their answers.
fn still_adopting(batch: &Batch<'_>) -> Result<bool, StoreError> {
    let line = View::over(batch.conn).line()?;
    if line.is_none_or(|line| line.membership != Membership::Adopting) {
        return Ok(false);
    }
    let sql = "
        SELECT 1
        FROM sending
        WHERE stage = 2
        LIMIT 1";
    let waits = View::over(batch.conn).one(sql, [], |_| Ok(()))?.is_some();
    if !waits {
        let sql = "
            UPDATE line
            SET standing = 2";
        batch.execute("noting that the own log is up", sql, [])?;
    }
    Ok(waits)
}

fn note_acks(shelf: &mut FileShelf<'_, '_>, answer: &SyncAnswer) -> Result<Taken, StoreError> {
    for ack in &answer.acks {
        shelf.acknowledge((ack.dev, ack.n), ack.seq, &ack.stamp)?;
    }
    Ok(Taken { stale: true, ..Taken::default() })
}

/// Something is shown otherwise than before.
fn changed(batch: &Batch<'_>) -> Result<(), StoreError> {
    let sql = "
        UPDATE line
        SET taken = taken + 1";
    batch.execute("noting a change", sql, []).map(|_| ())
}

fn note_line(batch: &Batch<'_>, answer: &SyncAnswer, taken: &Taken) -> Result<(), StoreError> {
    let head = answer.head.head;
    let sql = "
        UPDATE line
        SET head = ?1, head_hash = ?2, durable = ?3, met_at = ?4
        WHERE head <= ?1";
    let row = (head.seq, head.hash.0, answer.durable, answer.now.0);
    batch.execute("noting how far the log is", sql, row)?;
    let sql = "
        DELETE FROM sending
        WHERE stage = 0 AND entry <= ?1";
    batch.execute("forgetting answers that are safe elsewhere", sql, [answer.durable])?;
    if taken.changed.is_empty() { Ok(()) } else { changed(batch) }
}

/// Keeps how far the officer has read. A new circle means that older states are new to him: he
/// reads from the beginning. A lost one takes with it what nobody at this PC may see any more.
fn note_reader(
    batch: &mut Batch<'_>,
    (officer, known): (OfficerId, &Reader),
    answer: &SyncAnswer,
) -> Result<(), StoreError> {
    let scopes: BTreeSet<String> = answer.scopes.iter().cloned().collect();
    let gained = !known.scopes.is_empty() && !scopes.is_subset(&known.scopes);
    let lost = !known.scopes.is_subset(&scopes);
    let joined = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    let (from_head, below) = match answer.below {
        Some(below) => (Some(below.from_head), Some(below.below)),
        None => (None, None),
    };
    let cursor = if gained { 0 } else { answer.to };
    let sql = "
        INSERT INTO reader (officer, cursor, scopes, from_head, below)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (officer) DO UPDATE SET
            cursor = excluded.cursor, scopes = excluded.scopes,
            from_head = excluded.from_head, below = excluded.below";
    let row = (officer.0, cursor, joined, from_head, below);
    batch.execute("keeping how far was read", sql, row)?;
    if lost { sweep_unseen(batch) } else { Ok(()) }
}

/// Takes away what none of the officers of this PC may see.
fn sweep_unseen(batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let view = View::over(batch.conn);
    let scopes: Vec<String> = view.all("SELECT scopes FROM reader", [], |row| row.get(0))?;
    let seen: BTreeSet<&str> = scopes.iter().flat_map(|names| names.split_whitespace()).collect();
    let sql = "
        SELECT key, body
        FROM state
        WHERE key > ?1
        ORDER BY key
        LIMIT ?2";
    let mut after: Vec<u8> = Vec::new();
    loop {
        let rows: Vec<(Vec<u8>, String)> =
            View::over(batch.conn)
                .all(sql, (&after, SWEPT_TOGETHER), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((last, _)) = rows.last() else { return changed(batch) };
        after.clone_from(last);
        let mut unseen = Vec::new();
        for (key, body) in &rows {
            let key = key_from(key)?;
            let state = state_from(key, body)?;
            let sees = |scope: &register::Scope| seen.contains(scope.name().as_str());
            let shelf =
                FileShelf { batch: &mut *batch, reader: OfficerId([0; 16]) }.is_touched(key)?;
            if !audience(&state).iter().any(sees) && !shelf {
                unseen.push((key, None));
            }
        }
        batch.place(unseen)?;
    }
}
