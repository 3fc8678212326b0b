//! Look-ups in SQLite, each beside its SQL.
use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, Params, Row};

use register::{
    AgencyId, BlobId, BookId, CommandId, DeviceId, DocumentId, Key, Moment, OfficerId, ParcelId,
    PublicKey, StatementId,
};
use sync::{Envelope, Hash};

use super::Tx;
use crate::fault::{Doing, StorageFault};
use crate::states::{document_of, key_bytes, key_from};
use crate::storage::{
    BlobUse, Code, DeviceKey, Entry, Found, Histories, Home, Kept, OnBlobUse, OnEntry, OnHistory,
    OnState, OnTouched, Org, Out, Proof, Reading, Session, Span, StatementKept, Waits, Whither,
};

/// Between these tags lie the keys of documents and tasks, and above the last one those of
/// parcels: there are few of all others.
const FIRST_THING_TAG: u8 = 5;
const FIRST_FRAME_TAG: u8 = 8;
const FIRST_PARCEL_TAG: u8 = 10;

impl Tx<'_> {
    pub(super) fn one<T, P: Params>(
        &self,
        doing: &'static str,
        sql: &str,
        params: P,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Found<Option<T>> {
        self.0
            .prepare_cached(sql)
            .and_then(|mut one| one.query_row(params, read).optional())
            .doing(doing)
    }

    pub(super) fn all<T, P: Params>(
        &self,
        doing: &'static str,
        sql: &str,
        params: P,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Found<Vec<T>> {
        self.0
            .prepare_cached(sql)
            .and_then(|mut all| all.query_map(params, read)?.collect())
            .doing(doing)
    }

    fn each_entry<P: Params>(&self, sql: &str, params: P, on_entry: OnEntry<'_>) -> Found<()> {
        let doing = "reading the log";
        let mut each = self.0.prepare_cached(sql).doing(doing)?;
        let mut rows = each.query(params).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let seq = row.get(0).doing(doing)?;
            // A byte that was turned may leave no text, no key, no signature.
            let read = entry(row).map_err(|_| StorageFault::Entry { seq })?;
            if on_entry(read) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    /// Hands over states one by one, in the text SQLite holds.
    fn each_state<P: Params>(&self, sql: &str, params: P, on_state: OnState<'_>) -> Found<()> {
        let doing = "reading states";
        let mut each = self.0.prepare_cached(sql).doing(doing)?;
        let mut rows = each.query(params).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let key = row.get_ref(0).doing(doing)?.as_blob();
            let text = |index| {
                let text = row.get_ref(index).doing(doing)?.as_str();
                text.map_err(|_| StorageFault::Form { what: "state" })
            };
            let kept = Kept {
                key: key_from(key.map_err(|_| StorageFault::Form { what: "key" })?)?,
                ver: row.get(1).doing(doing)?,
                body: text(2)?,
                aud: text(3)?,
                aud_ever: text(4)?,
            };
            if on_state(kept).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: Moment(row.get(1)?),
        dev: DeviceId(row.get(2)?),
        n: row.get(3)?,
        id: CommandId(row.get(4)?),
        actor: OfficerId(row.get(5)?),
        envelope: Envelope { raw: row.get(6)?, sig: row.get(7)? },
        eff: row.get(8)?,
        aud: row.get(9)?,
        hash: row.get(10)?,
    })
}

fn device_key(row: &Row<'_>) -> rusqlite::Result<DeviceKey> {
    Ok(DeviceKey {
        dev: DeviceId(row.get(0)?),
        officer: OfficerId(row.get(1)?),
        public: PublicKey(row.get(2)?),
        pending: row.get(3)?,
    })
}

impl Reading for Tx<'_> {
    fn orgs(&self) -> Found<Vec<AgencyId>> {
        let sql = "
            SELECT id
            FROM org
            ORDER BY id";
        self.all("listing agencies", sql, [], |row| Ok(AgencyId(row.get(0)?)))
    }

    fn org(&self, org: AgencyId) -> Found<Option<Org>> {
        let sql = "
            SELECT head, hash, epoch, head0, durable
            FROM org
            WHERE id = ?1";
        self.one("reading an agency", sql, [org.0], |row| {
            Ok(Org {
                id: org,
                head: row.get(0)?,
                hash: row.get(1)?,
                epoch: row.get(2)?,
                head0: row.get(3)?,
                durable: row.get(4)?,
            })
        })
    }

    fn last_n(&self, org: AgencyId, dev: DeviceId) -> Found<u64> {
        let sql = "
            SELECT max(n)
            FROM entry
            WHERE org = ?1 AND dev = ?2";
        let last = self.one("reading the last command of a PC", sql, (org.0, dev.0), |row| {
            row.get::<_, Option<u64>>(0)
        })?;
        Ok(last.flatten().unwrap_or(0))
    }

    fn entry_of(&self, org: AgencyId, dev: DeviceId, n: u64) -> Found<Option<Entry>> {
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash
            FROM entry
            WHERE org = ?1 AND dev = ?2 AND n = ?3";
        self.one("reading an entry", sql, (org.0, dev.0, n), entry)
    }

    fn said_of(&self, org: AgencyId, id: CommandId) -> Found<Option<String>> {
        let sql = "
            SELECT eff
            FROM entry
            WHERE org = ?1 AND id = ?2";
        self.one("reading what was said", sql, (org.0, id.0), |row| row.get(0))
    }

    fn entries(&self, org: AgencyId, from: u64, on_entry: OnEntry<'_>) -> Found<()> {
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash
            FROM entry
            WHERE org = ?1 AND seq >= ?2
            ORDER BY seq";
        self.each_entry(sql, (org.0, stored(from)), on_entry)
    }

    fn entries_of(&self, org: AgencyId, key: Key, from: u64, on: OnTouched<'_>) -> Found<()> {
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash, trail
            FROM touched
            JOIN entry USING (org, seq)
            WHERE org = ?1 AND key = ?2 AND seq >= ?3
            ORDER BY seq";
        let doing = "reading the history of a thing";
        let mut each = self.0.prepare_cached(sql).doing(doing)?;
        let mut rows = each.query((org.0, key_bytes(key), stored(from))).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let trail: String = row.get(11).doing(doing)?;
            if on(entry(row).doing(doing)?, &trail) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    fn histories(&self, org: AgencyId) -> Found<Option<Histories>> {
        let sql = "
            SELECT min(seq), count(*)
            FROM touched
            WHERE org = ?1";
        let kept = self.one("counting histories", sql, [org.0], |row| {
            Ok((row.get::<_, Option<u64>>(0)?, row.get(1)?))
        })?;
        Ok(kept.and_then(|(first, count)| Some(Histories { first: first?, count })))
    }

    fn history(&self, org: AgencyId, key: Key, seq: u64) -> Found<Option<String>> {
        let sql = "
            SELECT CAST(trail AS BLOB)
            FROM touched
            WHERE org = ?1 AND key = ?2 AND seq = ?3";
        let row = (org.0, key_bytes(key), seq);
        let trail = self.one("reading a history", sql, row, |row| row.get::<_, Vec<u8>>(0))?;
        Ok(trail.map(|trail| String::from_utf8_lossy(&trail).into_owned()))
    }

    fn all_histories(&self, org: AgencyId, on: OnHistory<'_>) -> Found<()> {
        let sql = "
            SELECT key, seq, trail
            FROM touched
            WHERE org = ?1
            ORDER BY key, seq";
        let doing = "reading all histories";
        let mut each = self.0.prepare_cached(sql).doing(doing)?;
        let mut rows = each.query([org.0]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let key = key_from(&row.get::<_, Vec<u8>>(0).doing(doing)?)?;
            let (seq, trail): (u64, String) = (row.get(1).doing(doing)?, row.get(2).doing(doing)?);
            if on(key, seq, &trail).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn all_blob_uses(&self, org: AgencyId, on: OnBlobUse<'_>) -> Found<()> {
        let sql = "
            SELECT blob, key, dev, proven
            FROM blob_use
            WHERE org = ?1
            ORDER BY blob, key, dev";
        let doing = "reading who names which file";
        let mut each = self.0.prepare_cached(sql).doing(doing)?;
        let mut rows = each.query([org.0]).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            let key = key_from(&row.get::<_, Vec<u8>>(1).doing(doing)?)?;
            let (blob, dev) = (row.get(0).doing(doing)?, row.get(2).doing(doing)?);
            let proven: bool = row.get(3).doing(doing)?;
            let proof = if proven { Proof::Proven } else { Proof::Named };
            if on(BlobId(blob), BlobUse { key, dev: DeviceId(dev), proof }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn blob_uses(&self, org: AgencyId, blob: BlobId) -> Found<Vec<BlobUse>> {
        let sql = "
            SELECT key, dev, proven
            FROM blob_use
            WHERE org = ?1 AND blob = ?2
            ORDER BY key, dev";
        let rows = self.all("reading who names a file", sql, (org.0, blob.0), |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, DeviceId(row.get(1)?), row.get::<_, bool>(2)?))
        })?;
        let named = |(key, dev, proven): (Vec<u8>, _, _)| {
            let proof = if proven { Proof::Proven } else { Proof::Named };
            Ok(BlobUse { key: key_from(&key)?, dev, proof })
        };
        rows.into_iter().map(named).collect()
    }

    fn state(&self, org: AgencyId, key: Key, on_state: OnState<'_>) -> Found<()> {
        let sql = "
            SELECT key, ver, body, aud, aud_ever
            FROM state
            WHERE org = ?1 AND key = ?2";
        self.each_state(sql, (org.0, key_bytes(key)), on_state)
    }

    fn states(&self, org: AgencyId, span: Span, on_state: OnState<'_>) -> Found<()> {
        match span {
            Span::After(ver) => {
                let sql = "
                    SELECT key, ver, body, aud, aud_ever
                    FROM state
                    WHERE org = ?1 AND ver > ?2
                    ORDER BY ver, key";
                self.each_state(sql, (org.0, stored(ver)), on_state)
            }
            Span::Below(ver) => {
                let sql = "
                    SELECT key, ver, body, aud, aud_ever
                    FROM state
                    WHERE org = ?1 AND ver < ?2
                    ORDER BY ver DESC, key";
                self.each_state(sql, (org.0, stored(ver)), on_state)
            }
            Span::Frame => {
                let sql = "
                    SELECT key, ver, body, aud, aud_ever
                    FROM state
                    WHERE org = ?1 AND (key < ?2 OR key >= ?3 AND key < ?4)
                    ORDER BY key";
                let (thing, frame) = ([FIRST_THING_TAG], [FIRST_FRAME_TAG]);
                self.each_state(sql, (org.0, thing, frame, [FIRST_PARCEL_TAG]), on_state)
            }
        }
    }

    fn number(&self, org: AgencyId, book: BookId, year: i16, no: u32) -> Found<Option<Key>> {
        let sql = "
            SELECT key
            FROM number
            WHERE org = ?1 AND book = ?2 AND year = ?3 AND no = ?4";
        let key = self.one("looking up a number", sql, (org.0, book.0, year, no), |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        key.map(|key| key_from(&key)).transpose()
    }

    fn reference(&self, org: AgencyId, year: i16, text: &str) -> Found<Option<DocumentId>> {
        let sql = "
            SELECT key
            FROM reference
            WHERE org = ?1 AND year = ?2 AND text = ?3";
        let key = self.one("looking up a reference", sql, (org.0, year, text), |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        let document = key.map(|key| key_from(&key)).transpose()?;
        document.map(document_of).transpose()
    }

    fn waiting(&self, org: AgencyId, book: BookId, limit: u32) -> Found<Vec<Key>> {
        let sql = "
            SELECT key
            FROM waiting
            WHERE org = ?1 AND book = ?2
            ORDER BY at, key
            LIMIT ?3";
        let keys = self.all("reading who waits", sql, (org.0, book.0, limit), |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        keys.iter().map(|key| key_from(key)).collect()
    }

    fn keys(&self, org: AgencyId, dev: DeviceId) -> Found<Vec<DeviceKey>> {
        let sql = "
            SELECT dev, officer, public, pending
            FROM device_key
            WHERE org = ?1 AND dev = ?2
            ORDER BY officer, public";
        self.all("reading the keys of a PC", sql, (org.0, dev.0), device_key)
    }

    fn all_keys(&self, org: AgencyId) -> Found<Vec<DeviceKey>> {
        let sql = "
            SELECT dev, officer, public, pending
            FROM device_key
            WHERE org = ?1
            ORDER BY dev, officer, public";
        self.all("reading all keys", sql, [org.0], device_key)
    }

    fn pending_keys(&self, org: AgencyId, officer: OfficerId) -> Found<Vec<DeviceKey>> {
        let sql = "
            SELECT dev, officer, public, pending
            FROM device_key
            WHERE org = ?1 AND officer = ?2 AND pending IS NOT NULL
            ORDER BY dev, public";
        self.all("reading keys that wait", sql, (org.0, officer.0), device_key)
    }

    fn outs(&self, whither: Whither, due: Moment, limit: u32) -> Found<Vec<Out>> {
        self.outs_due(whither, (due, limit))
    }

    fn next_out(&self, whither: Whither) -> Found<Option<Moment>> {
        self.first_out(whither)
    }

    fn out(&self, id: &[u8; 16]) -> Found<Option<Out>> {
        self.out_named(id)
    }

    fn outs_of(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>> {
        self.outs_about(from, parcel)
    }

    fn out_names(&self, via: PublicKey, limit: u32) -> Found<Vec<[u8; 16]>> {
        self.names_of_outs(via, limit)
    }

    fn waits(&self) -> Found<Vec<Waits>> {
        self.waiting_outs()
    }

    fn peers(&self) -> Found<Vec<(PublicKey, String)>> {
        self.all_peers()
    }

    fn peer(&self, key: PublicKey) -> Found<Option<String>> {
        self.peer_of(key)
    }

    fn releases(&self) -> Found<Vec<(String, String)>> {
        self.all_releases()
    }

    fn program(&self, org: AgencyId, dev: DeviceId) -> Found<Option<String>> {
        self.program_of(org, dev)
    }

    fn programs(&self) -> Found<Vec<(AgencyId, DeviceId, String)>> {
        self.all_programs()
    }

    fn homes(&self) -> Found<Vec<Home>> {
        self.all_homes()
    }

    fn homes_of(&self, org: AgencyId) -> Found<Vec<Home>> {
        self.all_homes_of(org)
    }

    fn unfetched(&self, org: AgencyId, upto: u64, limit: u32) -> Found<Vec<(u64, ParcelId)>> {
        let sql = "
            SELECT seq, parcel
            FROM unfetched
            WHERE org = ?1 AND seq <= ?2
            ORDER BY seq
            LIMIT ?3";
        self.all("reading what nobody has read", sql, (org.0, upto, limit), |row| {
            Ok((row.get(0)?, ParcelId(row.get(1)?)))
        })
    }

    fn listed(&self, above: u64, limit: u32) -> Found<Vec<(u64, String)>> {
        let sql = "
            SELECT ver, body
            FROM listed
            WHERE ver > ?1
            ORDER BY ver
            LIMIT ?2";
        self.all("reading the directory", sql, (above, limit), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn listed_of(&self, id: AgencyId) -> Found<Option<String>> {
        let sql = "
            SELECT body
            FROM listed
            WHERE id = ?1";
        self.one("looking up in the directory", sql, [id.0], |row| row.get(0))
    }

    fn listed_head(&self) -> Found<u64> {
        let sql = "
            SELECT coalesce(max(ver), 0)
            FROM listed";
        Ok(self.one("looking how far the directory is", sql, [], |row| row.get(0))?.unwrap_or(0))
    }

    fn keepers(&self) -> Found<Vec<(AgencyId, Moment)>> {
        self.all_keepers()
    }

    fn statements(&self, above: u64, limit: u32) -> Found<Vec<StatementKept>> {
        self.statements_above(above, limit)
    }

    fn statement(&self, id: StatementId) -> Found<Option<StatementKept>> {
        self.statement_named(id)
    }

    fn last_statement(&self, about: AgencyId) -> Found<Option<StatementKept>> {
        self.last_about(about)
    }

    fn statement_head(&self) -> Found<u64> {
        self.last_statement_nth()
    }

    fn session(&self, hash: &Hash) -> Found<Option<Session>> {
        let sql = "
            SELECT org, dev, officer, until
            FROM token
            WHERE hash = ?1";
        self.one("reading a session", sql, [hash], |row| {
            Ok(Session {
                org: AgencyId(row.get(0)?),
                dev: DeviceId(row.get(1)?),
                officer: OfficerId(row.get(2)?),
                until: Moment(row.get(3)?),
            })
        })
    }

    fn code(&self, hash: &Hash) -> Found<Option<Code>> {
        let sql = "
            SELECT org, officer, until, used
            FROM code
            WHERE hash = ?1";
        self.one("reading a code", sql, [hash], code)
    }

    fn all_codes(&self) -> Found<Vec<(Hash, Code)>> {
        let sql = "
            SELECT org, officer, until, used, hash
            FROM code
            ORDER BY hash";
        self.all("reading all codes", sql, [], |row| Ok((row.get(4)?, code(row)?)))
    }
}

fn code(row: &Row<'_>) -> rusqlite::Result<Code> {
    let (org, officer): (Option<_>, Option<_>) = (row.get(0)?, row.get(1)?);
    let of = org.zip(officer).map(|(org, officer)| (AgencyId(org), OfficerId(officer)));
    Ok(Code { of, until: Moment(row.get(2)?), used: row.get(3)? })
}

/// A version as SQLite compares it: what is beyond its whole numbers is beyond every version.
pub(super) fn stored(ver: u64) -> i64 {
    i64::try_from(ver).unwrap_or(i64::MAX)
}
