//! Look-ups: in what the transaction wrote, in what is known, in PostgreSQL, each beside its SQL.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use register::{
    AgencyId, BlobId, BookId, CommandId, DeviceId, DocumentId, Key, Moment, OfficerId, ParcelId,
    PublicKey, StatementId,
};
use sync::Hash;

use super::pending::StateKept;
use super::rows::{self, stored};
use super::tx::Tx;
use crate::states::{document_of, key_bytes};
use crate::storage::{
    BlobUse, Code, DeviceKey, Entry, Found, Histories, Home, Kept, OnBlobUse, OnEntry, OnHistory,
    OnState, OnTouched, Org, Out, Reading, Session, Span, StatementKept, Waits, Whither,
};

/// Where a span of tuples begins whose first part is known.
const LEAST_KEY: Key = Key::Agency(AgencyId([0; 16]));
const LEAST_DEVICE: DeviceId = DeviceId([0; 16]);

fn kept_of(key: Key, state: &StateKept) -> Kept<'_> {
    let StateKept { ver, body, aud, aud_ever } = state;
    Kept { key, ver: *ver, body, aud, aud_ever }
}

impl Tx<'_> {
    /// A state as it stands.
    fn state_of(&self, org: AgencyId, key: Key) -> Found<Option<Arc<StateKept>>> {
        if let Some(state) = self.pending.borrow().states.get(&(org, key)) {
            return Ok(Some(Arc::clone(state)));
        }
        if let Some(known) = self.known(org, |known| known.states.get(&key).cloned())? {
            return Ok(known);
        }
        let sql = "
            SELECT key, ver, body, aud, aud_ever
            FROM state
            WHERE org = $1 AND key = $2";
        let found = self.rows("reading a state", sql, &[&&org.0[..], &&key_bytes(key)[..]])?;
        let state = found.first().map(rows::state).transpose()?;
        let state = state.map(|(_, state)| Arc::new(state));
        self.learn(org, |known| known.put_state(key, state.clone()))?;
        Ok(state)
    }

    /// Number of the last entry there is.
    pub fn last_seq(&self, org: AgencyId) -> Found<u64> {
        let written = {
            let pending = self.pending.borrow();
            let span = pending.entries.range((org, 0)..=(org, u64::MAX));
            span.last_key_value().map_or(0, |((_, seq), _)| *seq)
        };
        if let Some(known) = self.known(org, |known| known.last_seq)? {
            return Ok(known.max(written));
        }
        let sql = "
            SELECT coalesce(max(seq), 0)
            FROM entry
            WHERE org = $1";
        let found = self.rows("reading the end of a log", sql, &[&&org.0[..]])?;
        let last = found.first().map_or(Ok(0), |row| rows::number(row, 0))?;
        self.learn(org, |known| known.last_seq = Some(last))?;
        Ok(last.max(written))
    }

    /// The head of every agency, as the database has it.
    pub fn all_heads(&self) -> Found<Vec<(AgencyId, u64)>> {
        let sql = "
            SELECT id, head
            FROM org";
        let found = self.rows("reading all heads", sql, &[])?;
        let heads =
            found.iter().map(|row| Ok((AgencyId(rows::bytes(row, 0)?), rows::number(row, 1)?)));
        heads.collect()
    }

    /// Whether an entry of this number is there.
    pub fn has_entry(&self, org: AgencyId, seq: u64) -> Found<bool> {
        if self.pending.borrow().entries.get(&(org, seq)).is_some() {
            return Ok(true);
        }
        let sql = "
            SELECT seq
            FROM entry
            WHERE org = $1 AND seq = $2";
        let found = self.rows("looking for an entry", sql, &[&&org.0[..], &stored(seq)])?;
        Ok(!found.is_empty())
    }

    /// Keys that were written and not sent, over those of the database.
    fn with_written_keys(
        &self,
        org: AgencyId,
        found: Vec<DeviceKey>,
        is_meant: impl Fn(&DeviceKey) -> bool,
    ) -> Vec<DeviceKey> {
        let name = |key: &DeviceKey| (key.dev, key.officer, key.public.0);
        let mut all: BTreeMap<_, _> = found.into_iter().map(|key| (name(&key), key)).collect();
        let pending = self.pending.borrow();
        let least = (org, LEAST_DEVICE, OfficerId([0; 16]), [0; 32]);
        let written = pending.keys.from(least, |(of, ..)| *of == org);
        for ((_, dev, officer, public), waits) in written {
            let (dev, officer, public) = (*dev, *officer, PublicKey(*public));
            let key = DeviceKey { dev, officer, public, pending: waits.clone() };
            all.insert(name(&key), key);
        }
        all.into_values().filter(is_meant).collect()
    }
}

impl Reading for Tx<'_> {
    fn orgs(&self) -> Found<Vec<AgencyId>> {
        let sql = "
            SELECT id
            FROM org
            ORDER BY id";
        let found = self.rows("listing agencies", sql, &[])?;
        let there = found.iter().map(|row| rows::bytes(row, 0).map(AgencyId));
        let mut all = there.collect::<Found<BTreeSet<_>>>()?;
        all.extend(self.pending.borrow().orgs.range(..).into_keys());
        Ok(all.into_iter().collect())
    }

    fn org(&self, org: AgencyId) -> Found<Option<Org>> {
        if let Some(org) = self.pending.borrow().orgs.get(&org) {
            return Ok(Some(org.clone()));
        }
        Ok(self.pin(org)?.map(|pinned| pinned.org))
    }

    fn last_n(&self, org: AgencyId, dev: DeviceId) -> Found<u64> {
        let written = {
            let pending = self.pending.borrow();
            let span = pending.turns.range((org, dev, 0)..=(org, dev, u64::MAX));
            span.last_key_value().map_or(0, |((_, _, n), _)| *n)
        };
        if let Some(known) = self.known(org, |known| known.last_n.get(&dev).copied())? {
            return Ok(known.max(written));
        }
        let sql = "
            SELECT coalesce(max(n), 0)
            FROM entry
            WHERE org = $1 AND dev = $2";
        let doing = "reading the last command of a PC";
        let found = self.rows(doing, sql, &[&&org.0[..], &&dev.0[..]])?;
        let last = found.first().map_or(Ok(0), |row| rows::number(row, 0))?;
        self.learn(org, |known| {
            known.last_n.insert(dev, last);
        })?;
        Ok(last.max(written))
    }

    fn entry_of(&self, org: AgencyId, dev: DeviceId, n: u64) -> Found<Option<Entry>> {
        {
            let pending = self.pending.borrow();
            let seq = pending.turns.get(&(org, dev, n));
            if let Some(entry) = seq.and_then(|seq| pending.entries.get(&(org, *seq))) {
                return Ok(Some(Entry::clone(entry)));
            }
        }
        let sql = "
            SELECT seq, at, dev, n, id, actor, raw, sig, eff, aud, hash
            FROM entry
            WHERE org = $1 AND dev = $2 AND n = $3";
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&&org.0[..], &&dev.0[..], &stored(n)];
        let found = self.rows("reading an entry", sql, &values)?;
        found.first().map(rows::entry).transpose()
    }

    fn said_of(&self, org: AgencyId, id: CommandId) -> Found<Option<String>> {
        {
            let pending = self.pending.borrow();
            let seq = pending.names.get(&(org, id));
            if let Some(entry) = seq.and_then(|seq| pending.entries.get(&(org, *seq))) {
                return Ok(Some(entry.eff.clone()));
            }
        }
        if self.absent.borrow().names.contains(&(org, id)) {
            return Ok(None);
        }
        let sql = "
            SELECT eff
            FROM entry
            WHERE org = $1 AND id = $2";
        let found = self.rows("reading what was said", sql, &[&&org.0[..], &&id.0[..]])?;
        let said = found.first().map(|row| rows::value(row, 0)).transpose()?;
        if said.is_none() {
            self.absent.borrow_mut().names.insert((org, id));
        }
        Ok(said)
    }

    fn entries(&self, org: AgencyId, from: u64, on_entry: OnEntry<'_>) -> Found<()> {
        self.each_entry(org, from, on_entry)
    }

    fn entries_of(&self, org: AgencyId, key: Key, from: u64, on: OnTouched<'_>) -> Found<()> {
        self.each_touched(org, key, (from, on))
    }

    fn histories(&self, org: AgencyId) -> Found<Option<Histories>> {
        self.spill()?;
        let sql = "
            SELECT min(seq), count(*)
            FROM touched
            WHERE org = $1
            HAVING count(*) > 0";
        let found = self.rows("counting histories", sql, &[&&org.0[..]])?;
        let histories =
            |row| Ok(Histories { first: rows::number(row, 0)?, count: rows::number(row, 1)? });
        found.first().map(histories).transpose()
    }

    fn history(&self, org: AgencyId, key: Key, seq: u64) -> Found<Option<String>> {
        if let Some(trail) = self.pending.borrow().touched.get(&(org, key, seq)) {
            return Ok(Some(trail.clone()));
        }
        let sql = "
            SELECT trail
            FROM touched
            WHERE org = $1 AND key = $2 AND seq = $3";
        let key = key_bytes(key);
        let found = self.rows("reading a history", sql, &[&&org.0[..], &&key[..], &stored(seq)])?;
        found.first().map(|row| rows::value(row, 0)).transpose()
    }

    fn all_histories(&self, org: AgencyId, on: OnHistory<'_>) -> Found<()> {
        self.each_history(org, on)
    }

    fn all_blob_uses(&self, org: AgencyId, on: OnBlobUse<'_>) -> Found<()> {
        self.each_blob_use(org, on)
    }

    fn blob_uses(&self, org: AgencyId, blob: BlobId) -> Found<Vec<BlobUse>> {
        let sql = "
            SELECT blob, key, dev, proven
            FROM blob_use
            WHERE org = $1 AND blob = $2
            ORDER BY key, dev";
        let found = self.rows("reading who names a file", sql, &[&&org.0[..], &&blob.0[..]])?;
        let mut all = BTreeMap::new();
        for row in &found {
            let (_, BlobUse { key, dev, proof }) = rows::blob_use(row)?;
            all.insert((key_bytes(key), dev), BlobUse { key, dev, proof });
        }
        let pending = self.pending.borrow();
        let here = |(of, named, ..): &(_, _, _, _)| (*of, *named) == (org, blob);
        let written = pending.blob_uses.from((org, blob, LEAST_KEY, LEAST_DEVICE), here);
        for ((_, _, key, dev), proof) in written {
            let (key, dev, proof) = (*key, *dev, *proof);
            let named = all.entry((key_bytes(key), dev)).or_insert(BlobUse { key, dev, proof });
            named.proof = named.proof.max(proof);
        }
        Ok(all.into_values().collect())
    }

    fn state(&self, org: AgencyId, key: Key, on_state: OnState<'_>) -> Found<()> {
        if let Some(state) = self.state_of(org, key)? {
            // One state has nothing behind it to go on to.
            let _ = on_state(kept_of(key, &state));
        }
        Ok(())
    }

    fn states(&self, org: AgencyId, span: Span, on_state: OnState<'_>) -> Found<()> {
        self.each_state(org, span, &mut |key, state| on_state(kept_of(key, state)))
    }

    fn number(&self, org: AgencyId, book: BookId, year: i16, no: u32) -> Found<Option<Key>> {
        self.numbered(org, (book, year, no))
    }

    fn reference(&self, org: AgencyId, year: i16, text: &str) -> Found<Option<DocumentId>> {
        self.referred(org, year, text)?.map(document_of).transpose()
    }

    fn waiting(&self, org: AgencyId, book: BookId, limit: u32) -> Found<Vec<Key>> {
        self.who_waits(org, book, limit)
    }

    fn keys(&self, org: AgencyId, dev: DeviceId) -> Found<Vec<DeviceKey>> {
        let known = self.known(org, |known| known.keys.get(&dev).cloned())?;
        let found = match known {
            Some(keys) => keys,
            None => {
                let sql = "
                    SELECT dev, officer, public, pending
                    FROM device_key
                    WHERE org = $1 AND dev = $2
                    ORDER BY officer, public";
                let doing = "reading the keys of a PC";
                let found = self.rows(doing, sql, &[&&org.0[..], &&dev.0[..]])?;
                let keys = found.iter().map(rows::device_key).collect::<Found<Vec<_>>>()?;
                self.learn(org, |known| {
                    known.keys.insert(dev, keys.clone());
                })?;
                keys
            }
        };
        Ok(self.with_written_keys(org, found, |key| key.dev == dev))
    }

    fn all_keys(&self, org: AgencyId) -> Found<Vec<DeviceKey>> {
        let sql = "
            SELECT dev, officer, public, pending
            FROM device_key
            WHERE org = $1
            ORDER BY dev, officer, public";
        let found = self.rows("reading all keys", sql, &[&&org.0[..]])?;
        let found = found.iter().map(rows::device_key).collect::<Found<Vec<_>>>()?;
        Ok(self.with_written_keys(org, found, |_| true))
    }

    fn pending_keys(&self, org: AgencyId, officer: OfficerId) -> Found<Vec<DeviceKey>> {
        let sql = "
            SELECT dev, officer, public, pending
            FROM device_key
            WHERE org = $1 AND officer = $2 AND pending IS NOT NULL
            ORDER BY dev, public";
        let doing = "reading keys that wait";
        let found = self.rows(doing, sql, &[&&org.0[..], &&officer.0[..]])?;
        let found = found.iter().map(rows::device_key).collect::<Found<Vec<_>>>()?;
        let waits = |key: &DeviceKey| key.officer == officer && key.pending.is_some();
        Ok(self.with_written_keys(org, found, waits))
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

    fn outs_of(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>> {
        self.outs_about(from, parcel)
    }

    fn unfetched(&self, org: AgencyId, upto: u64, limit: u32) -> Found<Vec<(u64, ParcelId)>> {
        self.unread(org, upto, limit)
    }

    fn listed(&self, above: u64, limit: u32) -> Found<Vec<(u64, String)>> {
        self.listed_above(above, limit)
    }

    fn listed_of(&self, id: AgencyId) -> Found<Option<String>> {
        self.listed_as(id)
    }

    fn listed_head(&self) -> Found<u64> {
        self.listed_upto()
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
        if let Some(session) = self.pending.borrow().sessions.get(hash) {
            return Ok(Some(*session));
        }
        let sql = "
            SELECT org, dev, officer, until
            FROM token
            WHERE hash = $1";
        let found = self.lasting_rows("reading a session", sql, &[&&hash[..]])?;
        found.first().map(rows::session).transpose()
    }

    fn code(&self, hash: &Hash) -> Found<Option<Code>> {
        if let Some(code) = self.pending.borrow().codes.get(hash) {
            return Ok(Some(code.clone()));
        }
        self.code_there(hash)
    }

    fn all_codes(&self) -> Found<Vec<(Hash, Code)>> {
        let sql = "
            SELECT org, officer, until, used, hash
            FROM code
            ORDER BY hash";
        let found = self.rows("reading all codes", sql, &[])?;
        let one = |row| Ok((rows::bytes::<32>(row, 4)?, rows::code(row)?));
        let mut all = found.iter().map(one).collect::<Found<BTreeMap<_, _>>>()?;
        let pending = self.pending.borrow();
        let written = pending.codes.range(..).into_iter();
        all.extend(written.map(|(hash, code)| (*hash, code.clone())));
        Ok(all.into_iter().collect())
    }
}
