//! The register's file as the protocol sees it: what is confirmed, and what waits over it.
use std::collections::BTreeMap;

use register::{
    Answer, Ask, Book, BookId, Change, Command, DeviceId, Key, OfficerId, ReadTo, Refusal, State,
    numbers_seen,
};
use sync::replica::{self, ActFault, Anew, Life, Offered, Placed, Shelf, Waiting};
use sync::wire::{Stamp, Witness};
use sync::{Envelope, Hash, SigningKey, decode};

use crate::error::{Doing, PerformError, StoreError};
use crate::keys::{INCOMING_TAG, OUTGOING_TAG, body_of, key_bytes, key_from, state_from};
use crate::line::{recorded_from, stamp_from};
use crate::perform::Batch;
use crate::view::View;

/// States looked at together.
const STATES_TOGETHER: u32 = 500;

/// Confirmed states a batch remembers: an answer that confirms acts asks for each three times.
const CONFIRMED_MAX: usize = 4096;

/// What a batch has kept as confirmed.
pub(crate) type Confirmed = BTreeMap<Key, Option<Option<Placed>>>;

/// The file, as one officer of this PC reads it.
pub(crate) struct FileShelf<'b, 'a> {
    pub batch: &'b mut Batch<'a>,
    pub reader: OfficerId,
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

    pub(crate) fn execute<P: rusqlite::Params>(
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

    fn show_all(&mut self, news: Vec<(Key, Option<Placed>)>) -> Result<(), StoreError> {
        let mut there = Vec::with_capacity(news.len());
        for (key, placed) in news {
            if placed.is_some() || self.batch.placed(key)?.is_some() {
                there.push((key, placed));
            }
        }
        self.batch.place(there)
    }

    fn is_bare(&mut self) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM confirmed
            LIMIT 1";
        Ok(View::over(self.batch.conn).one(sql, [], |_| Ok(()))?.is_none())
    }

    fn confirmed(&mut self, key: Key) -> Result<Option<Option<Placed>>, StoreError> {
        if let Some(known) = self.batch.confirmed.get(&key) {
            return Ok(known.clone());
        }
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
        self.batch.execute("keeping what is confirmed", sql, row)?;
        if self.batch.confirmed.len() >= CONFIRMED_MAX {
            self.batch.confirmed.clear();
        }
        self.batch.confirmed.insert(key, Some(placed.cloned()));
        Ok(())
    }

    fn settle(&mut self, key: Key) -> Result<(), StoreError> {
        self.batch.confirmed.remove(&key);
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
                WHERE seq = ?1 AND stage = 0
                ON CONFLICT DO NOTHING";
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
            SELECT epoch, anew, read_epoch, read_seq
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
                read_to: ReadTo { epoch: row.get(2)?, seq: row.get(3)? },
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
            SET epoch = ?1, anew = ?2, read_epoch = ?3, read_seq = ?4";
        let row = (life.epoch, anew, life.read_to.epoch, life.read_to.seq);
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
        self.batch.send_all_files_again()
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
                View::over(self.batch.conn).all(sql, (&after, end, STATES_TOGETHER), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let Some((last, ..)) = rows.last() else { return Ok(()) };
            after.clone_from(last);
            for (key, body, only_here) in rows.iter().filter(|(.., only_here)| !only_here) {
                debug_assert!(!only_here);
                let of = key_from(key)?;
                for number in numbers_seen(&state_from(of, body)?) {
                    self.keep_witness(Witness { of, number }, 0)?;
                }
            }
        }
    }

    fn keep_witness(&mut self, witness: Witness, _: u64) -> Result<(), StoreError> {
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
        self.batch.confirmed.clear();
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

    fn offered(&mut self) -> &mut Offered {
        &mut self.batch.memory.offered
    }
}
