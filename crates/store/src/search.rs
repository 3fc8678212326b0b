//! Search as it is typed: numbers first, then all words, newest first, marks that were typed meant.
use std::collections::BTreeSet;
use std::sync::Arc;

use register::{Key, State};

use crate::day::day_start;
use crate::error::{Doing, StoreError};
use crate::filing::{Class, personal_name, twin_print, typed_number};
use crate::keys::{INCOMING_TAG, OUTGOING_TAG, key_bytes, key_from};
use crate::lens::{Lens, ListFilter};
use crate::mark::{Mark, MarkTest};
use crate::matching::Matching;
use crate::view::View;
use crate::window::{Found, closed_classes};

use register::{BlobId, OfficerId};

/// Rows one search may return.
pub const SEARCH_ROWS_MAX: usize = 1000;
/// Documents a search looks at before it says that there are more.
const CANDIDATES_MAX: usize = 5000;
/// Characters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 400;
/// Numbers that begin as typed and are looked at.
const NUMBERS_MAX: u32 = 2000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Documents: those whose number was typed first, then newest first.
    pub rows: Vec<Arc<Found>>,
    /// There are more.
    pub more: bool,
}

/// What a new document is compared with.
#[derive(Debug, Clone, Copy)]
pub struct TwinOf<'a> {
    /// Issuing agency.
    pub issuer: &'a str,
    /// Number as printed.
    pub number: &'a str,
    /// Symbol.
    pub symbol: &'a str,
    /// Year of its date.
    pub year: i16,
    /// Its files.
    pub blobs: &'a [BlobId],
}

/// What candidates are checked against.
struct Checks<'a> {
    lens: &'a Lens,
    test: MarkTest,
    party: Option<Vec<i64>>,
    typed: text::Typed,
    low: i64,
    high: i64,
    named: Vec<i64>,
}

impl View<'_> {
    /// Documents that hold every word typed, the last one perhaps only begun.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn search(
        &self,
        lens: &Lens,
        typed: &str,
        filter: &ListFilter,
        limit: usize,
    ) -> Result<Search, StoreError> {
        let limit = limit.min(SEARCH_ROWS_MAX);
        let typed: String = typed.chars().take(QUERY_CHARS_MAX).collect();
        let Some(test) = self.mark_test(filter)? else { return Ok(Search::default()) };
        if limit == 0 {
            return Ok(Search::default());
        }
        let span = filter.span();
        let checks = Checks {
            lens,
            test,
            party: filter.party.map(|_| self.party_buckets(filter)).transpose()?,
            typed: text::Typed::new(&typed),
            low: day_start(span.low),
            high: day_start(span.high + 1),
            named: self.named_buckets(lens)?,
        };
        let mut search = Search::default();
        let mut there = BTreeSet::new();
        for ord in self.numbered(&typed)? {
            if search.rows.len() < limit
                && checks.low <= ord
                && ord < checks.high
                && let Some(found) = self.checked(ord, &checks, Marks::Any)?
            {
                there.insert(ord);
                search.rows.push(found);
            }
        }
        self.search_words(&checks, limit, &mut there, &mut search)?;
        Ok(search)
    }

    fn search_words(
        &self,
        checks: &Checks<'_>,
        limit: usize,
        there: &mut BTreeSet<i64>,
        search: &mut Search,
    ) -> Result<(), StoreError> {
        let sql = "
            SELECT rowid
            FROM words
            WHERE words MATCH ?1 AND rowid >= ?2 AND rowid < ?3
            ORDER BY rowid DESC";
        let (query, marks) = match self.matching(&checks.typed, checks.lens)? {
            Matching::Nothing => return Ok(()),
            Matching::Exact(query) => (query, Marks::Any),
            Matching::Folded(query) => (query, Marks::Meant),
        };
        let mut statement = self.conn.prepare_cached(sql).doing("searching")?;
        let mut rows = statement.query((query, checks.low, checks.high)).doing("searching")?;
        let mut looked = 0;
        while let Some(row) = rows.next().doing("searching")? {
            if search.rows.len() >= limit || looked >= CANDIDATES_MAX {
                search.more = true;
                break;
            }
            looked += 1;
            let ord: i64 = row.get(0).doing("searching")?;
            if there.contains(&ord) {
                continue;
            }
            if let Some(found) = self.checked(ord, checks, marks)? {
                search.rows.push(found);
            }
        }
        Ok(())
    }

    fn checked(
        &self,
        ord: i64,
        checks: &Checks<'_>,
        marks: Marks,
    ) -> Result<Option<Arc<Found>>, StoreError> {
        let passes = |mark: Mark| {
            let in_lists =
                checks.party.as_ref().map_or(Ok(true), |party| self.is_in_one(party, ord));
            Ok(checks.test.passes(mark.0) && self.is_named(ord, mark, checks)? && in_lists?)
        };
        let Some(known) = self.known_if(ord, passes)? else { return Ok(None) };
        let fits = match marks {
            Marks::Any => true,
            Marks::Meant => known.has_marks_of(&checks.typed),
        };
        Ok((fits && checks.lens.sees(&known.found.state)).then(|| Arc::clone(&known.found)))
    }

    /// The buckets of what names the officer or the unit.
    fn named_buckets(&self, lens: &Lens) -> Result<Vec<i64>, StoreError> {
        let mut named = Vec::new();
        for class in closed_classes(lens) {
            for scope in lens.people() {
                named.extend(self.bucket(&personal_name(*class, scope))?);
            }
        }
        Ok(named)
    }

    fn is_named(&self, ord: i64, mark: Mark, checks: &Checks<'_>) -> Result<bool, StoreError> {
        let open =
            mark.is_class(Class::Public) || (checks.lens.is_staff() && mark.is_class(Class::Staff));
        if open {
            return Ok(true);
        }
        let sql = "
            SELECT 1
            FROM personal
            WHERE bucket = ?1 AND ord = ?2";
        for bucket in &checks.named {
            if self.one(sql, (bucket, ord), |_| Ok(()))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_in_one(&self, buckets: &[i64], ord: i64) -> Result<bool, StoreError> {
        for bucket in buckets {
            if self.is_posted(*bucket, ord)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Places of documents whose number or reference is what was typed, newest first.
    fn numbered(&self, typed: &str) -> Result<Vec<i64>, StoreError> {
        let typed = typed.trim();
        let begins = typed.chars().next().is_some_and(|c| c.is_ascii_digit());
        if !begins || typed.contains(char::is_whitespace) {
            return Ok(Vec::new());
        }
        let number = typed_number(typed);
        if number.is_empty() {
            return Ok(Vec::new());
        }
        if !number.contains('/') {
            let sql = "
                SELECT ord
                FROM typed_number
                WHERE text = ?1
                ORDER BY ord DESC
                LIMIT ?2";
            return self.all(sql, (number, NUMBERS_MAX), |row| row.get(0));
        }
        let sql = "
            SELECT ord
            FROM typed_number
            WHERE text >= ?1 AND text < ?2
            ORDER BY text DESC, ord DESC
            LIMIT ?3";
        let after = format!("{number}{}", char::MAX);
        let mut ords: Vec<i64> = self.all(sql, (number, after, NUMBERS_MAX), |row| row.get(0))?;
        ords.sort_unstable_by(|one, other| other.cmp(one));
        ords.dedup();
        Ok(ords)
    }

    /// Documents that are perhaps the same as a new one: same issuer, number, symbol and year, or
    /// the same file.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn twins(
        &self,
        lens: &Lens,
        of: &TwinOf<'_>,
        limit: u32,
    ) -> Result<Vec<State>, StoreError> {
        let mut keys: BTreeSet<Vec<u8>> = BTreeSet::new();
        if let Some(print) = twin_print(of.issuer, of.number, of.symbol, of.year) {
            let sql = "
                SELECT key
                FROM twin
                WHERE print = ?1
                ORDER BY key
                LIMIT ?2";
            let same: Vec<Vec<u8>> = self.all(sql, (print, limit), |row| row.get(0))?;
            keys.extend(same);
        }
        for blob in of.blobs {
            keys.extend(self.blob_keys(*blob, limit)?);
        }
        let mut twins = Vec::new();
        for key in keys.into_iter().take(limit as usize) {
            let key = key_from(&key)?;
            // A file is named by what came with it too: hundreds of letters may bring the same one.
            if !matches!(key, Key::Incoming(_) | Key::Outgoing(_)) {
                continue;
            }
            let state = self.must(key)?;
            if lens.sees(&state) {
                twins.push(state);
            }
        }
        Ok(twins)
    }

    fn blob_keys(&self, blob: BlobId, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "
            SELECT key
            FROM blob_use
            WHERE blob = ?1
            ORDER BY key
            LIMIT ?2";
        self.all(sql, (blob.0, limit), |row| row.get(0))
    }

    /// The documents and tasks that use a file.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn uses_of(&self, blob: BlobId, limit: u32) -> Result<Vec<Key>, StoreError> {
        self.blob_keys(blob, limit)?.iter().map(|key| key_from(key)).collect()
    }

    /// Where a document stands; none when there is no such document.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn document(&self, key: Key) -> Result<Option<Arc<Found>>, StoreError> {
        let sql = "
            SELECT ord
            FROM state
            WHERE key = ?1 AND ord IS NOT NULL";
        let ord: Option<i64> = self.one(sql, [key_bytes(key)], |row| row.get(0))?;
        ord.map(|ord| self.found_at(ord)).transpose()
    }

    /// Documents an officer is named on and has not opened, newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn unread(&self, officer: OfficerId, limit: u32) -> Result<Vec<Arc<Found>>, StoreError> {
        let sql = "
            SELECT key
            FROM unread
            WHERE officer = ?1 AND kind = ?2
            ORDER BY at DESC, key DESC
            LIMIT ?3";
        let mut found = Vec::new();
        for kind in [INCOMING_TAG, OUTGOING_TAG] {
            let keys: Vec<Vec<u8>> = self.all(sql, (officer.0, kind, limit), |row| row.get(0))?;
            for key in keys {
                found.extend(self.document(key_from(&key)?)?);
            }
        }
        Ok(found)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    Any,
    Meant,
}
