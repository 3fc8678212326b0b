//! Look-ups over many rows: page after page, so that who stops early has asked for little.
use std::ops::ControlFlow;

use tokio_postgres::Row;

use register::{AgencyId, DeviceId, Key};
use sync::Hash;

use super::line::Values;
use super::pending::StateKept;
use super::rows::{self, stored};
use super::tx::{Part, Tx};
use crate::states::{KEY_BYTES, key_bytes};
use crate::storage::{Code, Entry, Found, OnBlobUse, OnEntry, OnHistory, OnTouched, Span};

/// Rows of the first page: who asks for one entry asks for little.
const FIRST_ROWS: i64 = 2;
/// Rows of the pages behind it.
const PAGE_ROWS: i64 = 256;

/// Between these two tags lie the keys of documents and tasks: there are few of all others.
const FIRST_THING_TAG: u8 = 5;
const FIRST_FRAME_TAG: u8 = 8;
/// Above this one lie the keys of parcels.
const FIRST_PARCEL_TAG: u8 = 10;

type OnStateKept<'a> = &'a mut dyn FnMut(Key, &StateKept) -> ControlFlow<()>;

/// Where a page of states begins: behind this version and key.
#[derive(Clone, Copy)]
struct Behind {
    ver: i64,
    key: [u8; KEY_BYTES],
}

impl Tx<'_> {
    /// Rows page by page, until there are no more or whoever takes them has enough. `page` is told
    /// how many rows to ask for and the last row before them.
    fn pages(
        &self,
        first: i64,
        mut page: impl FnMut(i64, Option<&Row>) -> Found<Vec<Row>>,
        mut take: impl FnMut(&Row) -> Found<ControlFlow<()>>,
    ) -> Found<()> {
        let (mut wanted, mut last) = (first, None);
        loop {
            let mut found = page(wanted, last.as_ref())?;
            for row in &found {
                if take(row)?.is_break() {
                    return Ok(());
                }
            }
            let is_whole = i64::try_from(found.len()).is_ok_and(|rows| rows < wanted);
            last = found.pop();
            if is_whole || last.is_none() {
                return Ok(());
            }
            wanted = PAGE_ROWS;
        }
    }

    pub(super) fn each_entry(&self, org: AgencyId, from: u64, on_entry: OnEntry<'_>) -> Found<()> {
        self.spill()?;
        if self.part == Part::Reader
            && let Some(known) = self.known(org, |known| known.entries_from(from))?
        {
            for entry in known {
                if on_entry(Entry::clone(&entry)).is_break() {
                    break;
                }
            }
            return Ok(());
        }
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash
            FROM entry
            WHERE org = $1 AND seq >= $2
            ORDER BY seq
            LIMIT $3";
        let page = |wanted: i64, last: Option<&Row>| {
            let from = last.map_or(Ok(from), |row| Ok(rows::number(row, 0)?.saturating_add(1)))?;
            let values: Values<'_> = &[&&org.0[..], &stored(from), &wanted];
            self.rows("reading the log", sql, values)
        };
        self.pages(FIRST_ROWS, page, |row| Ok(on_entry(rows::entry(row)?)))
    }

    pub(super) fn each_touched(
        &self,
        org: AgencyId,
        key: Key,
        (from, on): (u64, OnTouched<'_>),
    ) -> Found<()> {
        self.spill()?;
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash, trail
            FROM touched
            JOIN entry USING (org, seq)
            WHERE org = $1 AND key = $2 AND seq >= $3
            ORDER BY seq
            LIMIT $4";
        let key = key_bytes(key);
        let page = |wanted: i64, last: Option<&Row>| {
            let from = last.map_or(Ok(from), |row| Ok(rows::number(row, 0)?.saturating_add(1)))?;
            let values: Values<'_> = &[&&org.0[..], &&key[..], &stored(from), &wanted];
            self.rows("reading the history of a thing", sql, values)
        };
        self.pages(PAGE_ROWS, page, |row| {
            let trail: &str = rows::value(row, 11)?;
            Ok(on(rows::entry(row)?, trail))
        })
    }

    pub(super) fn each_history(&self, org: AgencyId, on: OnHistory<'_>) -> Found<()> {
        self.spill()?;
        let sql = "
            SELECT key, seq, trail
            FROM touched
            WHERE org = $1 AND (key, seq) > ($2, $3)
            ORDER BY key, seq
            LIMIT $4";
        let page = |wanted: i64, last: Option<&Row>| {
            let key = last.map(|row| rows::value(row, 0)).transpose()?.unwrap_or_default();
            let seq: i64 = last.map(|row| rows::value(row, 1)).transpose()?.unwrap_or_default();
            let key: Vec<u8> = key;
            let values: Values<'_> = &[&&org.0[..], &key, &seq, &wanted];
            self.rows("reading all histories", sql, values)
        };
        self.pages(PAGE_ROWS, page, |row| {
            Ok(on(rows::key(row, 0)?, rows::number(row, 1)?, rows::value(row, 2)?))
        })
    }

    pub(super) fn each_blob_use(&self, org: AgencyId, on: OnBlobUse<'_>) -> Found<()> {
        self.spill()?;
        let sql = "
            SELECT blob, key, dev, proven
            FROM blob_use
            WHERE org = $1 AND (blob, key, dev) > ($2, $3, $4)
            ORDER BY blob, key, dev
            LIMIT $5";
        let page = |wanted: i64, last: Option<&Row>| {
            let behind = last.map(rows::blob_use).transpose()?;
            let blob = behind.map_or(Vec::new(), |(blob, _)| blob.0.to_vec());
            let key = behind.map_or(Vec::new(), |(_, of)| key_bytes(of.key).to_vec());
            let dev = behind.map_or(DeviceId([0; 16]), |(_, of)| of.dev);
            let values: Values<'_> = &[&&org.0[..], &blob, &key, &&dev.0[..], &wanted];
            self.rows("reading who names which file", sql, values)
        };
        self.pages(PAGE_ROWS, page, |row| {
            let (blob, named) = rows::blob_use(row)?;
            Ok(on(blob, named))
        })
    }

    pub(super) fn each_state(
        &self,
        org: AgencyId,
        span: Span,
        on_state: OnStateKept<'_>,
    ) -> Found<()> {
        self.spill()?;
        let take = |on_state: OnStateKept<'_>, row: &Row| {
            let (key, state) = rows::state(row)?;
            Ok(on_state(key, &state))
        };
        match span {
            Span::After(ver) => {
                if self.part == Part::Reader
                    && let Some(known) = self.known(org, |known| known.states_after(ver))?
                {
                    let _ = known.iter().try_for_each(|(key, state)| on_state(*key, state));
                    return Ok(());
                }
                let page = |wanted, last: Option<&Row>| self.after(org, ver, (wanted, last));
                self.pages(PAGE_ROWS, page, |row| take(on_state, row))
            }
            Span::Below(ver) => {
                let page = |wanted, last: Option<&Row>| self.below(org, ver, (wanted, last));
                self.pages(PAGE_ROWS, page, |row| take(on_state, row))
            }
            Span::Frame => {
                let page = |wanted, last: Option<&Row>| self.frame(org, (wanted, last));
                self.pages(PAGE_ROWS, page, |row| take(on_state, row))
            }
        }
    }

    fn after(
        &self,
        org: AgencyId,
        ver: u64,
        (wanted, last): (i64, Option<&Row>),
    ) -> Found<Vec<Row>> {
        let sql = "
            SELECT key, ver, body, aud, aud_ever
            FROM state
            WHERE org = $1 AND (ver, key) > ($2, $3)
            ORDER BY ver, key
            LIMIT $4";
        let all = Behind { ver: stored(ver), key: [u8::MAX; KEY_BYTES] };
        let Behind { ver, key } = last.map_or(Ok(all), behind)?;
        self.rows("reading states", sql, &[&&org.0[..], &ver, &&key[..], &wanted])
    }

    fn below(
        &self,
        org: AgencyId,
        ver: u64,
        (wanted, last): (i64, Option<&Row>),
    ) -> Found<Vec<Row>> {
        let sql = "
            SELECT key, ver, body, aud, aud_ever
            FROM state
            WHERE org = $1 AND ver <= $2 AND (ver < $2 OR key > $3)
            ORDER BY ver DESC, key
            LIMIT $4";
        let all = Behind { ver: stored(ver), key: [u8::MAX; KEY_BYTES] };
        let Behind { ver, key } = last.map_or(Ok(all), behind)?;
        self.rows("reading states", sql, &[&&org.0[..], &ver, &&key[..], &wanted])
    }

    fn frame(&self, org: AgencyId, (wanted, last): (i64, Option<&Row>)) -> Found<Vec<Row>> {
        let sql = "
            SELECT key, ver, body, aud, aud_ever
            FROM state
            WHERE org = $1 AND key > $2 AND (key < $3 OR key >= $4 AND key < $5)
            ORDER BY key
            LIMIT $6";
        let all = Behind { ver: 0, key: [0; KEY_BYTES] };
        let Behind { key, .. } = last.map_or(Ok(all), behind)?;
        let (thing, frame, parcel) = ([FIRST_THING_TAG], [FIRST_FRAME_TAG], [FIRST_PARCEL_TAG]);
        let values: Values<'_> =
            &[&&org.0[..], &&key[..], &&thing[..], &&frame[..], &&parcel[..], &wanted];
        self.rows("reading the frame", sql, values)
    }

    /// A code as the database has it. Whoever may use it holds it until his transaction ends: two
    /// agencies must not come with one code.
    pub(super) fn code_there(&self, hash: &Hash) -> Found<Option<Code>> {
        let found = match self.part {
            Part::Reader => {
                let sql = "
                    SELECT org, officer, until, used
                    FROM code
                    WHERE hash = $1";
                self.rows("reading a code", sql, &[&&hash[..]])?
            }
            Part::Writer => {
                let sql = "
                    SELECT org, officer, until, used
                    FROM code
                    WHERE hash = $1
                    FOR UPDATE";
                self.rows("holding a code", sql, &[&&hash[..]])?
            }
        };
        found.first().map(rows::code).transpose()
    }
}

fn behind(row: &Row) -> Found<Behind> {
    let ver: i64 = rows::value(row, 1)?;
    Ok(Behind { ver, key: key_bytes(rows::key(row, 0)?) })
}
