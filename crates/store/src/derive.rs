//! What follows from a state, written as the difference between what was and what is.
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Params};

use register::{BlobId, Key};

use crate::day::day_of_ord;
use crate::error::{Doing, StoreError};
use crate::files::FileLane;
use crate::filing::{Filing, Marked, Relation};
use crate::keys::key_bytes;
use crate::mark::Mark;
use crate::memory::Memory;
use crate::shown::Words;
use crate::standing::is_urgent;

/// What waits for the end of the transaction: FTS5 wants its rows in rising order, and a page of
/// documents of one day counts up each of its lists once.
#[derive(Default)]
pub(crate) struct AtTheEnd {
    rows: BTreeMap<i64, WordsRow>,
    /// By how much a list of a day grows.
    counts: BTreeMap<(i64, i64), i64>,
}

struct WordsRow {
    was_there: bool,
    words: Option<Words>,
}

impl AtTheEnd {
    fn put(&mut self, ord: i64, was_there: bool, words: Option<Words>) {
        // The first of several changes in a batch knows what stands in the file.
        let was_there = self.rows.get(&ord).map_or(was_there, |row| row.was_there);
        self.rows.insert(ord, WordsRow { was_there, words });
    }

    fn count(&mut self, bucket: i64, day: i64, step: i64) {
        *self.counts.entry((bucket, day)).or_default() += step;
    }

    /// Search rows that wait.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn write(self, conn: &Connection, memory: &mut Memory) -> Result<(), StoreError> {
        for (ord, row) in self.rows {
            if row.was_there {
                conn.prepare_cached(
                    "
                    DELETE FROM words
                    WHERE rowid = ?1",
                )
                .and_then(|mut forget| forget.execute([ord]))
                .doing("taking a document out of the search index")?;
            }
            if let Some(words) = row.words {
                put_words(conn, ord, &words)?;
                put_forms(conn, memory, words.forms)?;
            }
        }
        for ((bucket, day), step) in self.counts {
            if step != 0 {
                put_count(conn, bucket, day, step)?;
            }
        }
        Ok(())
    }
}

fn put_count(conn: &Connection, bucket: i64, day: i64, step: i64) -> Result<(), StoreError> {
    let execute = |sql: &str, params: &[i64]| {
        conn.prepare_cached(sql)
            .and_then(|mut put| put.execute(rusqlite::params_from_iter(params)))
            .doing("counting the rows of a list")
    };
    let sql = "
        INSERT INTO bucket_day (bucket, day, n)
        VALUES (?1, ?2, ?3)
        ON CONFLICT (bucket, day) DO UPDATE SET n = n + excluded.n";
    execute(sql, &[bucket, day, step])?;
    let sql = "
        UPDATE bucket
        SET total = total + ?2
        WHERE id = ?1";
    execute(sql, &[bucket, step])?;
    if step < 0 {
        let sql = "DELETE FROM bucket_day WHERE bucket = ?1 AND day = ?2 AND n = 0";
        execute(sql, &[bucket, day])?;
    }
    Ok(())
}

fn put_words(conn: &Connection, ord: i64, words: &Words) -> Result<(), StoreError> {
    let Words { reference, issuer, subject, names, rest, tags, forms } = words;
    let marked: Vec<&str> =
        forms.iter().filter(|(fold, word)| fold != word).map(|(_, word)| word.as_str()).collect();
    let marked = marked.join(" ");
    conn.prepare_cached(
        "
        INSERT INTO words (rowid, reference, issuer, subject, names, rest, tags, marked)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .and_then(|mut put| put.execute((ord, reference, issuer, subject, names, rest, tags, marked)))
    .doing("putting a document into the search index")?;
    Ok(())
}

fn put_forms(
    conn: &Connection,
    memory: &mut Memory,
    forms: BTreeSet<(String, String)>,
) -> Result<(), StoreError> {
    for form in forms {
        if memory.has_form(&form) {
            continue;
        }
        conn.prepare_cached(
            "
            INSERT INTO form (fold, word)
            VALUES (?1, ?2)
            ON CONFLICT DO NOTHING",
        )
        .and_then(|mut put| put.execute((&form.0, &form.1)))
        .doing("keeping a word")?;
        memory.keep_form(form);
    }
    Ok(())
}

/// The derived tables, open for writing.
pub(crate) struct Derived<'a> {
    pub conn: &'a Connection,
    pub memory: &'a mut Memory,
}

/// The difference of two sets: what goes and what comes.
fn difference<T: Ord + Clone>(old: &BTreeSet<T>, new: &BTreeSet<T>) -> (Vec<T>, Vec<T>) {
    (old.difference(new).cloned().collect(), new.difference(old).cloned().collect())
}

impl Derived<'_> {
    /// Replaces what followed from a state by what follows from it now.
    pub fn refile(
        &mut self,
        key: Key,
        old: &Option<Filing>,
        new: &Option<Filing>,
        end: &mut AtTheEnd,
    ) -> Result<(), StoreError> {
        if old == new {
            return Ok(());
        }
        let nothing = Filing::default();
        let (old, new) = (old.as_ref().unwrap_or(&nothing), new.as_ref().unwrap_or(&nothing));
        let bytes = key_bytes(key);
        if old.marked.is_some() || new.marked.is_some() {
            self.refile_document(&bytes, old, new, end)?;
        }
        self.refile_scopes(&bytes, old, new)?;
        self.refile_relations(&bytes, old, new)
    }

    fn execute<P: rusqlite::Params>(&self, sql: &str, params: P) -> Result<usize, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .doing("writing a derived row")
    }

    fn refile_document(
        &mut self,
        key: &[u8],
        old: &Filing,
        new: &Filing,
        end: &mut AtTheEnd,
    ) -> Result<(), StoreError> {
        let (row, ord): (i64, i64) = self
            .conn
            .prepare_cached(
                "
                SELECT row, ord
                FROM state
                WHERE key = ?1",
            )
            .and_then(|mut find| find.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))))
            .doing("finding the place of a document")?;
        let mark = self.put_mark(row, ord, old.marked.as_ref(), new.marked.as_ref())?;
        self.refile_wide(ord, (old, new), end)?;
        self.refile_personal(ord, mark, old, new)?;
        self.refile_numbers(key, ord, old, new)?;
        self.refile_issuer(old, new)?;
        if old.words != new.words {
            let there = new.marked.is_some().then(|| new.words.clone());
            end.put(ord, old.marked.is_some(), there);
        }
        Ok(())
    }

    fn put_mark(
        &mut self,
        row: i64,
        ord: i64,
        old: Option<&Marked>,
        new: Option<&Marked>,
    ) -> Result<i64, StoreError> {
        let Some(marked) = new else {
            self.execute("DELETE FROM doc WHERE ord = ?1", [ord])?;
            return Ok(0);
        };
        let book = match marked.book {
            Some(book) => self.bucket(&format!("book:{book}"))?,
            None => 0,
        };
        let mark = Mark::of(marked, book).0;
        if old != new {
            self.execute(
                "
                INSERT INTO doc (ord, state, mark)
                VALUES (?1, ?2, ?3)
                ON CONFLICT (ord) DO UPDATE SET mark = excluded.mark",
                (ord, row, mark),
            )?;
        }
        Ok(mark)
    }

    /// The small number of a bucket; made when it is new.
    fn bucket(&mut self, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.memory.bucket(name) {
            return Ok(id);
        }
        let known: Option<i64> = self
            .conn
            .prepare_cached(
                "
                SELECT id
                FROM bucket
                WHERE name = ?1",
            )
            .and_then(|mut find| find.query_row([name], |row| row.get(0)).optional())
            .doing("finding a bucket")?;
        let id = match known {
            Some(id) => id,
            None => {
                self.execute(
                    "
                    INSERT INTO bucket (name, total)
                    VALUES (?1, 0)",
                    [name],
                )?;
                self.conn.last_insert_rowid()
            }
        };
        self.memory.keep_bucket(name, id);
        Ok(id)
    }

    fn refile_wide(
        &mut self,
        ord: i64,
        (old, new): (&Filing, &Filing),
        end: &mut AtTheEnd,
    ) -> Result<(), StoreError> {
        let (gone, come) = difference(&old.wide, &new.wide);
        let day = day_of_ord(ord);
        for name in gone {
            let bucket = self.bucket(&name)?;
            self.execute("DELETE FROM posting WHERE bucket = ?1 AND ord = ?2", (bucket, ord))?;
            end.count(bucket, day, -1);
        }
        for name in come {
            let bucket = self.bucket(&name)?;
            self.execute(
                "
                INSERT INTO posting (bucket, ord)
                VALUES (?1, ?2)",
                (bucket, ord),
            )?;
            end.count(bucket, day, 1);
        }
        Ok(())
    }

    fn refile_personal(
        &mut self,
        ord: i64,
        mark: i64,
        old: &Filing,
        new: &Filing,
    ) -> Result<(), StoreError> {
        for name in old.personal.difference(&new.personal) {
            let bucket = self.bucket(name)?;
            self.execute("DELETE FROM personal WHERE bucket = ?1 AND ord = ?2", (bucket, ord))?;
        }
        for name in &new.personal {
            if old.marked == new.marked && old.personal.contains(name) {
                continue;
            }
            let bucket = self.bucket(name)?;
            self.execute(
                "
                INSERT INTO personal (bucket, ord, mark)
                VALUES (?1, ?2, ?3)
                ON CONFLICT (bucket, ord) DO UPDATE SET mark = excluded.mark",
                (bucket, ord, mark),
            )?;
        }
        Ok(())
    }

    fn refile_numbers(
        &self,
        key: &[u8],
        ord: i64,
        old: &Filing,
        new: &Filing,
    ) -> Result<(), StoreError> {
        let (gone, come) = difference(&old.typed_numbers, &new.typed_numbers);
        for text in gone {
            self.execute("DELETE FROM typed_number WHERE text = ?1 AND ord = ?2", (text, ord))?;
        }
        for text in come {
            self.execute("INSERT INTO typed_number (text, ord) VALUES (?1, ?2)", (text, ord))?;
        }
        if old.number != new.number {
            if let Some((book, year, no)) = old.number {
                let sql = "
                    DELETE FROM number
                    WHERE book = ?1 AND year = ?2 AND no = ?3 AND key = ?4";
                self.execute(sql, (book.0, year, no, key))?;
            }
            if let Some((book, year, no)) = new.number {
                let sql = "INSERT INTO number (book, year, no, key) VALUES (?1, ?2, ?3, ?4)";
                self.execute(sql, (book.0, year, no, key))?;
            }
        }
        self.refile_lettered(key, old, new)?;
        if old.reference != new.reference {
            if let Some((year, text)) = &old.reference {
                let sql = "DELETE FROM reference WHERE year = ?1 AND text = ?2 AND key = ?3";
                self.execute(sql, (year, text, key))?;
            }
            if let Some((year, text)) = &new.reference {
                let sql = "INSERT INTO reference (year, text, key) VALUES (?1, ?2, ?3)";
                self.execute(sql, (year, text, key))?;
            }
        }
        self.refile_waiting(key, old, new)
    }

    fn refile_lettered(&self, key: &[u8], old: &Filing, new: &Filing) -> Result<(), StoreError> {
        let (gone, come) = difference(&old.lettered, &new.lettered);
        for (book, year, no, letter) in gone {
            let sql = "
                DELETE FROM lettered
                WHERE book = ?1 AND year = ?2 AND no = ?3 AND letter = ?4 AND key = ?5";
            self.execute(sql, (book.0, year, no, letter, key))?;
        }
        for (book, year, no, letter) in come {
            let sql = "
                INSERT INTO lettered (book, year, no, letter, key)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            self.execute(sql, (book.0, year, no, letter, key))?;
        }
        Ok(())
    }

    fn refile_waiting(&self, key: &[u8], old: &Filing, new: &Filing) -> Result<(), StoreError> {
        if old.waiting != new.waiting {
            if let Some((book, at)) = old.waiting {
                let sql = "DELETE FROM waiting WHERE book = ?1 AND at = ?2 AND key = ?3";
                self.execute(sql, (book.0, at, key))?;
            }
            if let Some((book, at)) = new.waiting {
                let sql = "INSERT INTO waiting (book, at, key) VALUES (?1, ?2, ?3)";
                self.execute(sql, (book.0, at, key))?;
            }
        }
        if old.twin != new.twin {
            if let Some(print) = old.twin {
                self.execute("DELETE FROM twin WHERE print = ?1 AND key = ?2", (print, key))?;
            }
            if let Some(print) = new.twin {
                self.execute("INSERT INTO twin (print, key) VALUES (?1, ?2)", (print, key))?;
            }
        }
        Ok(())
    }

    fn refile_issuer(&self, old: &Filing, new: &Filing) -> Result<(), StoreError> {
        if old.issuer == new.issuer {
            return Ok(());
        }
        if let Some(name) = &old.issuer {
            self.execute("UPDATE issuer SET uses = uses - 1 WHERE name = ?1", [name])?;
            self.execute("DELETE FROM issuer WHERE name = ?1 AND uses = 0", [name])?;
        }
        if let Some(name) = &new.issuer {
            self.execute(
                "
                INSERT INTO issuer (name, uses)
                VALUES (?1, 1)
                ON CONFLICT (name) DO UPDATE SET uses = uses + 1",
                [name],
            )?;
        }
        Ok(())
    }

    /// On a PC with a server, a file that is named is wanted here; whether it is, the desk knows.
    fn want_file(
        &self,
        (blob, size): (BlobId, u64),
        (of, lane): (&Filing, FileLane),
    ) -> Result<(), StoreError> {
        self.execute(
            "
            INSERT INTO file_down (blob, lane, day, size)
            SELECT ?1, ?2, ?3, ?4
            FROM line
            WHERE true
            ON CONFLICT DO NOTHING",
            (blob.0, lane as i64, of.day.unwrap_or(0), size),
        )?;
        Ok(())
    }

    /// Where files of a thing wait: it is urgent, or waits to be seen by somebody who reads here.
    fn lane_of(&self, key: &[u8], of: &Filing) -> Result<FileLane, StoreError> {
        if of.urgent || of.marked.is_some_and(|marked| is_urgent(marked.urgency)) {
            return Ok(FileLane::Urgent);
        }
        for officer in of.unread.keys() {
            let sql = "
                SELECT 1
                FROM reader
                WHERE officer = ?1";
            if self.finds(sql, [officer.0])? {
                return Ok(FileLane::Mine);
            }
        }
        // A task from it may have come first.
        let sql = "
            SELECT 1
            FROM relation
            JOIN unread ON unread.key = relation.key
            JOIN reader ON reader.officer = unread.officer
            WHERE relation.of = ?1 AND relation.kind = ?2
            LIMIT 1";
        let is_mine = !of.blobs.is_empty() && self.finds(sql, (key, Relation::TaskOf as i64))?;
        Ok(if is_mine { FileLane::Mine } else { FileLane::Rest })
    }

    fn finds(&self, sql: &str, params: impl Params) -> Result<bool, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut find| find.exists(params))
            .doing("looking for a reader")
    }

    /// Files of what has become urgent, or somebody's task, overtake the others, both ways.
    fn hurry_files(&self, of: &Filing, lane: FileLane) -> Result<(), StoreError> {
        for blob in of.blobs.keys() {
            let row = (blob.0, lane as i64);
            self.execute("UPDATE file_up SET lane = min(lane, ?2) WHERE blob = ?1", row)?;
            self.execute("UPDATE file_down SET lane = min(lane, ?2) WHERE blob = ?1", row)?;
        }
        for (document, _) in of.relations.iter().filter(|(_, kind)| *kind == Relation::TaskOf) {
            self.execute(
                "
                UPDATE file_down
                SET lane = min(lane, ?2)
                WHERE blob IN (
                    SELECT unhex(json_extract(file.value, '$.blob'))
                    FROM state, json_each(state.body, '$.attachments') AS file
                    WHERE state.key = ?1)",
                (key_bytes(*document), lane as i64),
            )?;
        }
        Ok(())
    }

    fn refile_scopes(&mut self, key: &[u8], old: &Filing, new: &Filing) -> Result<(), StoreError> {
        let (gone, come) = difference(&old.task_scopes, &new.task_scopes);
        for (scope, role, phase, rank) in gone {
            let scope = self.bucket(&scope)?;
            self.execute(
                "
                DELETE FROM task_scope
                WHERE scope = ?1 AND role = ?2 AND phase = ?3 AND rank = ?4 AND task = ?5",
                (scope, role as i64, phase as i64, rank, key),
            )?;
        }
        for (scope, role, phase, rank) in come {
            let scope = self.bucket(&scope)?;
            self.execute(
                "
                INSERT INTO task_scope (scope, role, phase, rank, task)
                VALUES (?1, ?2, ?3, ?4, ?5)",
                (scope, role as i64, phase as i64, rank, key),
            )?;
        }
        Ok(())
    }

    fn refile_relations(&self, key: &[u8], old: &Filing, new: &Filing) -> Result<(), StoreError> {
        let (gone, come) = difference(&old.relations, &new.relations);
        for (of, kind) in gone {
            let sql = "DELETE FROM relation WHERE of = ?1 AND kind = ?2 AND key = ?3";
            self.execute(sql, (key_bytes(of), kind as i64, key))?;
        }
        for (of, kind) in come {
            let sql = "INSERT INTO relation (of, kind, key) VALUES (?1, ?2, ?3)";
            self.execute(sql, (key_bytes(of), kind as i64, key))?;
        }
        for blob in old.blobs.keys().filter(|blob| !new.blobs.contains_key(*blob)) {
            self.execute("DELETE FROM blob_use WHERE blob = ?1 AND key = ?2", (blob.0, key))?;
        }
        let lane = self.lane_of(key, new)?;
        for (blob, size) in new.blobs.iter().filter(|(blob, _)| !old.blobs.contains_key(*blob)) {
            self.execute("INSERT INTO blob_use (blob, key) VALUES (?1, ?2)", (blob.0, key))?;
            self.want_file((*blob, *size), (new, lane))?;
        }
        if lane != FileLane::Rest {
            self.hurry_files(new, lane)?;
        }
        let unread = |filing: &Filing| filing.unread.iter().map(|(who, at)| (*who, *at)).collect();
        let (gone, come) = difference(&unread(old), &unread(new));
        let kind = key.first().copied().unwrap_or(0);
        for (who, at) in gone {
            let sql =
                "DELETE FROM unread WHERE officer = ?1 AND kind = ?2 AND at = ?3 AND key = ?4";
            self.execute(sql, (who.0, kind, at, key))?;
        }
        for (who, at) in come {
            let sql = "INSERT INTO unread (officer, kind, at, key) VALUES (?1, ?2, ?3, ?4)";
            self.execute(sql, (who.0, kind, at, key))?;
        }
        Ok(())
    }
}
