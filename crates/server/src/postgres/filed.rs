//! What documents are filed under: numbers, references, and the queues of those without a number.
use std::collections::BTreeSet;

use register::{AgencyId, BookId, Key, Moment};

use super::known::{Place, WAITING_KNOWN_MAX};
use super::rows;
use super::tx::Tx;
use crate::states::{key_bytes, key_from};
use crate::storage::Found;

/// Where the span of a queue begins.
const LEAST_KEY: Key = Key::Agency(AgencyId([0; 16]));

impl Tx<'_> {
    /// The key that has a number. Above the highest number of its book there is none, and most that
    /// is asked for lies there.
    pub fn numbered(
        &self,
        org: AgencyId,
        (book, year, no): (BookId, i16, u32),
    ) -> Found<Option<Key>> {
        let name = (org, book, year, no);
        if let Some(key) = self.pending.borrow().numbers.get(&name) {
            return Ok(*key);
        }
        if self.absent.borrow().numbers.contains(&name) {
            return Ok(None);
        }
        let top = self.known(org, |known| known.tops.get(&(book, year)).copied())?;
        if top.is_some_and(|top| no > top) {
            return Ok(None);
        }
        let sql = "
            SELECT key, top
            FROM (
                SELECT coalesce(max(no), 0) AS top
                FROM number
                WHERE org = $1 AND book = $2 AND year = $3) AS tops
            LEFT JOIN number ON org = $1 AND book = $2 AND year = $3 AND no = $4";
        let doing = "looking up a number";
        let found = self.rows(doing, sql, &[&&org.0[..], &&book.0[..], &year, &i64::from(no)])?;
        let Some(row) = found.first() else { return Ok(None) };
        let top = u32::try_from(rows::value::<i64>(row, 1)?).unwrap_or(u32::MAX);
        self.learn(org, |known| known.put_top((book, year), top))?;
        let key = rows::value::<Option<&[u8]>>(row, 0)?.map(key_from).transpose()?;
        if key.is_none() {
            self.absent.borrow_mut().numbers.insert(name);
        }
        Ok(key)
    }

    /// The key that carries a reference.
    pub fn referred(&self, org: AgencyId, year: i16, text: &str) -> Found<Option<Key>> {
        let name = (org, year, text.to_owned());
        if let Some(key) = self.pending.borrow().references.get(&name) {
            return Ok(*key);
        }
        if self.absent.borrow().references.contains(&name) {
            return Ok(None);
        }
        let sql = "
            SELECT key
            FROM reference
            WHERE org = $1 AND year = $2 AND text = $3";
        let doing = "looking up a reference";
        let found = self.rows(doing, sql, &[&&org.0[..], &year, &text.as_bytes()])?;
        let key = found.first().map(|row| rows::key(row, 0)).transpose()?;
        if key.is_none() {
            self.absent.borrow_mut().references.insert(name);
        }
        Ok(key)
    }

    /// Whether a document waits in a book, as the database has it.
    pub fn waits_there(&self, org: AgencyId, book: BookId, place: (Moment, Key)) -> Found<bool> {
        let place = (place.0, key_bytes(place.1));
        let known = self.known(org, |known| Some(known.waiting.get(&book)?.contains(&place)))?;
        if let Some(waits) = known {
            return Ok(waits);
        }
        let sql = "
            SELECT key
            FROM waiting
            WHERE org = $1 AND book = $2 AND at = $3 AND key = $4";
        let (at, key) = &place;
        let doing = "looking who waits";
        let found = self.rows(doing, sql, &[&&org.0[..], &&book.0[..], &at.0, &&key[..]])?;
        Ok(!found.is_empty())
    }

    /// Who waits in a book, the longest first.
    pub fn who_waits(&self, org: AgencyId, book: BookId, limit: u32) -> Found<Vec<Key>> {
        let least = (org, book, Moment(i64::MIN), LEAST_KEY);
        let (come, gone): (BTreeSet<Place>, BTreeSet<Place>) = {
            let pending = self.pending.borrow();
            let here = |(of, named, ..): &(_, _, _, _)| (*of, *named) == (org, book);
            let written = pending.waiting.from(least, here);
            let of = |waits: bool| {
                let of = written.iter().filter(move |(_, is)| ***is == waits);
                of.map(|((_, _, at, key), _)| (*at, key_bytes(*key)))
            };
            (of(true).collect(), of(false).collect())
        };
        let most = limit as usize + gone.len();
        let mut all = self.queue(org, book, most)?;
        all.retain(|place| !gone.contains(place));
        all.extend(come);
        all.iter().take(limit as usize).map(|(_, key)| key_from(key)).collect()
    }

    /// The first of a queue, as the database has it.
    fn queue(&self, org: AgencyId, book: BookId, most: usize) -> Found<BTreeSet<Place>> {
        if let Some(known) = self.known(org, |known| known.waiting.get(&book).cloned())? {
            return Ok(known);
        }
        let sql = "
            SELECT at, key
            FROM waiting
            WHERE org = $1 AND book = $2
            ORDER BY at, key
            LIMIT $3";
        let rows_max = i64::try_from(most).unwrap_or(i64::MAX);
        let found = self.rows("reading who waits", sql, &[&&org.0[..], &&book.0[..], &rows_max])?;
        let place = |row| Ok((Moment(rows::value(row, 0)?), key_bytes(rows::key(row, 1)?)));
        let queue = found.iter().map(place).collect::<Found<BTreeSet<Place>>>()?;
        if queue.len() < most && queue.len() <= WAITING_KNOWN_MAX {
            self.learn(org, |known| known.put_queue(book, queue.clone()))?;
        }
        Ok(queue)
    }
}
