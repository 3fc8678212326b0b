//! Rows of a list by exact index, newest first: days are summed, then one day is walked.
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use register::{Direction, State};

use crate::day::{date_of, day_of, day_of_ord, day_start};
use crate::error::{Doing, StoreError};
use crate::filing::{Class, Held, Kept, bucket_name, personal_name};
use crate::keys::{key_from, state_from};
use crate::lens::{Lens, ListFilter, Narrow};
use crate::mark::{Mark, MarkTest};
use crate::recall::{Days, DaysOf, Known};
use crate::standing::DocumentStanding;
use crate::view::View;

/// Rows one window may have.
pub const WINDOW_ROWS_MAX: u32 = 1000;
/// Documents of one circle of people that a list looks at, newest first.
const PERSONAL_MAX: u32 = 100_000;
/// Days a range may have when none is given.
const DAY_LOW: i64 = -1_000_000;
const DAY_HIGH: i64 = 4_000_000;

/// A document of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place in the order of entry; never changes.
    pub ord: i64,
    /// The entry day.
    pub day: Date,
    /// Where it stands.
    pub standing: DocumentStanding,
    /// The document.
    pub state: State,
}

/// Rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The rows.
    pub rows: Vec<Arc<Found>>,
    /// Index of the first row.
    pub first: u64,
    /// Rows of the whole list.
    pub total: u64,
    /// Whether the total is exact, or at least this many.
    pub exact: bool,
}

/// Where the rows of a list come from.
#[derive(Default)]
struct Sources {
    /// Disjoint buckets, each with its counts by day.
    buckets: Vec<i64>,
    /// Documents found by looking, newest first.
    picked: Vec<i64>,
    exact: bool,
}

pub(crate) struct Span {
    pub low: i64,
    pub high: i64,
}

impl ListFilter {
    pub(crate) fn span(&self) -> Span {
        Span {
            low: self.from_day.map_or(DAY_LOW, day_of),
            high: self.to_day.map_or(DAY_HIGH, day_of),
        }
    }

    fn has_days(&self) -> bool {
        self.from_day.is_some() || self.to_day.is_some()
    }

    fn held(&self) -> Held {
        match self.narrow {
            None => Held::All,
            Some(Narrow::Open) => Held::Open,
            Some(Narrow::UrgentOpen) => Held::UrgentOpen,
            Some(Narrow::Clash) => Held::Clash,
            Some(Narrow::Standing(standing)) => Held::Standing(standing),
        }
    }

    fn directions(&self) -> Vec<Direction> {
        match self.direction {
            Some(direction) => vec![direction],
            None => vec![Direction::Incoming, Direction::Outgoing],
        }
    }

    fn kept(&self) -> Kept {
        match (self.party, self.book) {
            (Some(party), Some(book)) => Kept::ByPartyInBook(party, book),
            (Some(party), None) => Kept::ByParty(party),
            (None, Some(book)) => Kept::InBook(book),
            (None, None) => Kept::Anywhere,
        }
    }
}

/// The day that holds an index counted from the newest, and how far into the day it is.
fn day_of_index(days: &Days, first: u64) -> Option<(i64, u64)> {
    let mut skip = first;
    for (day, count) in days.iter().rev() {
        if skip < *count {
            return Some((*day, skip));
        }
        skip -= count;
    }
    None
}

/// The classes whose documents a lens sees without being named on them.
pub(crate) fn open_classes(lens: &Lens) -> &'static [Class] {
    if lens.is_staff() { &[Class::Public, Class::Staff] } else { &[Class::Public] }
}

/// The classes of which a lens sees only what names it.
pub(crate) fn closed_classes(lens: &Lens) -> &'static [Class] {
    if lens.is_staff() { &[Class::Restricted] } else { &[Class::Staff, Class::Restricted] }
}

impl View<'_> {
    pub(crate) fn bucket(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let sql = "
            SELECT id
            FROM bucket
            WHERE name = ?1";
        self.one(sql, [name], |row| row.get(0))
    }

    /// The test of a mark for a filter; none when no document can pass it.
    pub(crate) fn mark_test(&self, filter: &ListFilter) -> Result<Option<MarkTest>, StoreError> {
        let mut test = MarkTest::default().held(filter.held());
        if let Some(direction) = filter.direction {
            test = test.direction(direction);
        }
        if let Some(book) = filter.book {
            let Some(number) = self.bucket(&format!("book:{book}"))? else { return Ok(None) };
            test = test.book(number);
        }
        Ok(Some(test))
    }

    fn sources(&self, lens: &Lens, filter: &ListFilter) -> Result<Sources, StoreError> {
        let mut sources = Sources { exact: true, ..Sources::default() };
        for direction in filter.directions() {
            for class in open_classes(lens) {
                let name = bucket_name(*class, direction, filter.kept(), filter.held());
                sources.buckets.extend(self.bucket(&name)?);
            }
        }
        let Some(test) = self.mark_test(filter)? else {
            return Ok(Sources { exact: true, ..Sources::default() });
        };
        self.pick_personal(&mut sources, lens, filter, test)?;
        Ok(sources)
    }

    /// What the lens sees because it names the officer or the unit.
    fn pick_personal(
        &self,
        sources: &mut Sources,
        lens: &Lens,
        filter: &ListFilter,
        test: MarkTest,
    ) -> Result<(), StoreError> {
        let sql = "
            SELECT ord, mark
            FROM personal
            WHERE bucket = ?1 AND ord >= ?2 AND ord < ?3
            ORDER BY ord DESC
            LIMIT ?4";
        let span = filter.span();
        let (low, high) = (day_start(span.low), day_start(span.high + 1));
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        for class in closed_classes(lens) {
            for scope in lens.people() {
                let Some(bucket) = self.bucket(&personal_name(*class, scope))? else { continue };
                let rows: Vec<(i64, i64)> =
                    self.all(sql, (bucket, low, high, PERSONAL_MAX), |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?;
                sources.exact &= rows.len() < PERSONAL_MAX as usize;
                seen.extend(rows.iter().filter(|(_, mark)| test.passes(*mark)).map(|row| row.0));
            }
        }
        if !seen.is_empty() && filter.party.is_some() {
            let handled = self.handled(filter)?;
            sources.exact &= handled.len() < PERSONAL_MAX as usize;
            seen.retain(|ord| handled.contains(ord));
        }
        sources.picked.extend(seen);
        sources.picked.sort_unstable_by(|one, other| other.cmp(one));
        Ok(())
    }

    /// The buckets of what a party handles.
    pub(crate) fn party_buckets(&self, filter: &ListFilter) -> Result<Vec<i64>, StoreError> {
        let mut buckets = Vec::new();
        let Some(party) = filter.party else { return Ok(buckets) };
        for direction in filter.directions() {
            for class in [Class::Public, Class::Staff, Class::Restricted] {
                let name = bucket_name(class, direction, Kept::ByParty(party), Held::All);
                buckets.extend(self.bucket(&name)?);
            }
        }
        Ok(buckets)
    }

    /// The newest documents that a party handles.
    fn handled(&self, filter: &ListFilter) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "
            SELECT ord
            FROM posting
            WHERE bucket = ?1 AND ord >= ?2 AND ord < ?3
            ORDER BY ord DESC
            LIMIT ?4";
        let span = filter.span();
        let (low, high) = (day_start(span.low), day_start(span.high + 1));
        let mut handled = BTreeSet::new();
        for bucket in self.party_buckets(filter)? {
            let rows: Vec<i64> =
                self.all(sql, (bucket, low, high, PERSONAL_MAX), |row| row.get(0))?;
            handled.extend(rows);
        }
        Ok(handled)
    }

    pub(crate) fn is_posted(&self, bucket: i64, ord: i64) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM posting
            WHERE bucket = ?1 AND ord = ?2";
        Ok(self.one(sql, (bucket, ord), |_| Ok(()))?.is_some())
    }

    /// Rows of a list, newest first, from an index on. Exact for every filter, unless one circle of
    /// people is named on more documents than a list looks at.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn window(
        &self,
        lens: &Lens,
        filter: &ListFilter,
        first: u64,
        count: u32,
    ) -> Result<Window, StoreError> {
        let sources = self.sources(lens, filter)?;
        let span = filter.span();
        let (total, start) = if first == 0 && !filter.has_days() {
            (self.total(&sources)?, Some((span.high, 0)))
        } else {
            let days = self.days(&sources, &span)?;
            (days.values().sum(), day_of_index(&days, first))
        };
        let rows = match start {
            Some((day, skip)) => {
                let wanted = skip.saturating_add(u64::from(count.min(WINDOW_ROWS_MAX)));
                let low = day_start(span.low);
                let ords = self.walk(&sources, low, day_start(day + 1), wanted)?;
                let skip = usize::try_from(skip).unwrap_or(usize::MAX);
                self.found(ords.into_iter().skip(skip))?
            }
            None => Vec::new(),
        };
        Ok(Window { rows, first, total, exact: sources.exact })
    }

    /// How many documents a list has.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn count(&self, lens: &Lens, filter: &ListFilter) -> Result<u64, StoreError> {
        let sources = self.sources(lens, filter)?;
        if filter.has_days() {
            return Ok(self.days(&sources, &filter.span())?.values().sum());
        }
        self.total(&sources)
    }

    fn total(&self, sources: &Sources) -> Result<u64, StoreError> {
        let sql = "
            SELECT total
            FROM bucket
            WHERE id = ?1";
        let mut total = sources.picked.len() as u64;
        for bucket in &sources.buckets {
            total += self.one(sql, [bucket], |row| row.get::<_, u64>(0))?.unwrap_or(0);
        }
        Ok(total)
    }

    fn days(&self, sources: &Sources, span: &Span) -> Result<Arc<Days>, StoreError> {
        let Some(recall) = self.recall else { return self.read_days(sources, span).map(Arc::new) };
        let of = DaysOf {
            buckets: sources.buckets.clone(),
            picked: sources.picked.clone(),
            low: span.low,
            high: span.high,
        };
        if let Some(days) = recall.days(&of) {
            return Ok(days);
        }
        let days = Arc::new(self.read_days(sources, span)?);
        recall.keep_days(of, &days);
        Ok(days)
    }

    fn read_days(&self, sources: &Sources, span: &Span) -> Result<Days, StoreError> {
        let sql = "
            SELECT day, n
            FROM bucket_day
            WHERE bucket = ?1 AND day BETWEEN ?2 AND ?3
            ORDER BY day";
        let mut days = Days::new();
        for bucket in &sources.buckets {
            let rows: Vec<(i64, u64)> =
                self.all(sql, (bucket, span.low, span.high), |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (day, count) in rows {
                *days.entry(day).or_default() += count;
            }
        }
        for ord in &sources.picked {
            *days.entry(day_of_ord(*ord)).or_default() += 1;
        }
        Ok(days)
    }

    /// Places from below `before` downwards, merged from all sources.
    fn walk(
        &self,
        sources: &Sources,
        low: i64,
        before: i64,
        wanted: u64,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = "
            SELECT ord
            FROM posting
            WHERE bucket = ?1 AND ord >= ?2 AND ord < ?3
            ORDER BY ord DESC
            LIMIT ?4";
        let mut ords: Vec<i64> = Vec::new();
        for bucket in &sources.buckets {
            let rows: Vec<i64> = self.all(sql, (bucket, low, before, wanted), |row| row.get(0))?;
            ords.extend(rows);
        }
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let from = sources.picked.partition_point(|ord| *ord >= before);
        ords.extend(sources.picked.iter().skip(from).take(wanted));
        ords.sort_unstable_by(|one, other| other.cmp(one));
        ords.truncate(wanted);
        Ok(ords)
    }

    /// The documents at these places.
    pub(crate) fn found(
        &self,
        ords: impl IntoIterator<Item = i64>,
    ) -> Result<Vec<Arc<Found>>, StoreError> {
        ords.into_iter().map(|ord| self.found_at(ord)).collect()
    }

    pub(crate) fn found_at(&self, ord: i64) -> Result<Arc<Found>, StoreError> {
        let known = self.known_if(ord, |_| Ok(true))?;
        let known = known.ok_or(StoreError::Form { what: "place of a document" })?;
        Ok(Arc::clone(&known.found))
    }

    /// The document at a place, read only when its mark passes.
    pub(crate) fn known_if(
        &self,
        ord: i64,
        passes: impl FnOnce(Mark) -> Result<bool, StoreError>,
    ) -> Result<Option<Arc<Known>>, StoreError> {
        if let Some(known) = self.recall.and_then(|recall| recall.document(ord)) {
            return Ok(passes(known.mark)?.then_some(known));
        }
        let sql = "
            SELECT doc.mark, state.key, state.body
            FROM doc
            JOIN state ON state.row = doc.state
            WHERE doc.ord = ?1";
        let mut statement = self.conn.prepare_cached(sql).doing("reading a document")?;
        let mut rows = statement.query([ord]).doing("reading a document")?;
        let Some(row) = rows.next().doing("reading a document")? else { return Ok(None) };
        let mark = Mark(row.get(0).doing("reading a document")?);
        if !passes(mark)? {
            return Ok(None);
        }
        let not_text = |_| StoreError::Form { what: "document" };
        let key = row.get_ref(1).doing("reading a document")?.as_blob().map_err(not_text)?;
        let body = row.get_ref(2).doing("reading a document")?.as_str().map_err(not_text)?;
        let state = state_from(key_from(key)?, body)?;
        let standing = mark.standing().ok_or(StoreError::Form { what: "mark of a document" })?;
        let found = Found { ord, day: date_of(day_of_ord(ord)), standing, state };
        let known = Arc::new(Known::new(found, mark));
        if let Some(recall) = self.recall {
            recall.keep_document(&known);
        }
        Ok(Some(known))
    }
}
