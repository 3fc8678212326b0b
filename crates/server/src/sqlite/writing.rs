//! Changes in SQLite, each beside its SQL.
use rusqlite::Params;

use register::{AgencyId, BlobId, DeviceId, Key, Moment, ParcelId, PublicKey};
use sync::Hash;

use super::Tx;
use crate::fault::{Doing, StorageFault};
use crate::states::key_bytes;
use crate::storage::{
    Behind, BlobUse, Code, DeviceKey, Entry, Filed, Found, Home, Kept, Org, Out, Proof, Session,
    StatementKept, Writing,
};

impl Tx<'_> {
    pub(super) fn put<P: Params>(&self, doing: &'static str, sql: &str, params: P) -> Found<()> {
        self.0.prepare_cached(sql).and_then(|mut put| put.execute(params)).map(|_| ()).doing(doing)
    }

    /// A storage of many writers could not keep the order of what a job did not name.
    fn of(&self, org: AgencyId) -> Found<&Self> {
        if self.1 == Some(org) { Ok(self) } else { Err(StorageFault::OtherAgency { org }) }
    }
}

impl Writing for Tx<'_> {
    fn put_org(&self, org: &Org) -> Found<()> {
        let Org { id, head, hash, epoch, head0, durable } = org;
        let sql = "
            INSERT INTO org (id, head, hash, epoch, head0, durable)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (id) DO UPDATE
            SET head = ?2, hash = ?3, epoch = ?4, head0 = ?5, durable = ?6";
        self.of(*id)?.put("keeping an agency", sql, (id.0, head, hash, epoch, head0, durable))
    }

    fn append(&self, org: AgencyId, entry: &Entry) -> Found<()> {
        let Entry { seq, at, dev, n, id, actor, envelope, eff, aud, hash } = entry;
        let sql = "
            INSERT INTO entry (org, seq, at, dev, n, id, actor, raw, sig, eff, aud, hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let (raw, sig) = (&envelope.raw, envelope.sig);
        self.of(org)?.put(
            "keeping an entry",
            sql,
            (org.0, seq, at.0, dev.0, n, id.0, actor.0, raw, sig, eff, aud, hash),
        )
    }

    fn put_touched(&self, org: AgencyId, key: Key, seq: u64, trail: &str) -> Found<()> {
        let sql = "
            INSERT INTO touched (org, key, seq, trail)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (org, key, seq) DO NOTHING";
        self.of(org)?.put("noting what was touched", sql, (org.0, key_bytes(key), seq, trail))
    }

    fn put_blob_use(&self, org: AgencyId, blob: BlobId, named: &BlobUse) -> Found<()> {
        let BlobUse { key, dev, proof } = named;
        let sql = "
            INSERT INTO blob_use (org, blob, key, dev, proven)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (org, blob, key, dev) DO UPDATE
            SET proven = max(proven, ?5)";
        let proven = *proof == Proof::Proven;
        self.of(org)?.put(
            "noting who names a file",
            sql,
            (org.0, blob.0, key_bytes(*key), dev.0, proven),
        )
    }

    fn put_state(&self, org: AgencyId, state: Kept<'_>) -> Found<()> {
        let Kept { key, ver, body, aud, aud_ever } = state;
        let sql = "
            INSERT INTO state (org, key, ver, body, aud, aud_ever)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (org, key) DO UPDATE
            SET ver = ?3, body = ?4, aud = ?5, aud_ever = ?6";
        self.of(org)?.put("keeping a state", sql, (org.0, key_bytes(key), ver, body, aud, aud_ever))
    }

    fn put_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()> {
        let (doing, key) = ("filing a document", key_bytes(key));
        match filed {
            Filed::Number(book, year, no) => {
                let sql = "
                    INSERT INTO number (org, book, year, no, key)
                    VALUES (?1, ?2, ?3, ?4, ?5)";
                self.of(org)?.put(doing, sql, (org.0, book.0, year, no, key))
            }
            Filed::Reference(year, text) => {
                let sql = "
                    INSERT INTO reference (org, year, text, key)
                    VALUES (?1, ?2, ?3, ?4)";
                self.of(org)?.put(doing, sql, (org.0, year, text, key))
            }
            Filed::Waiting(book, at) => {
                let sql = "
                    INSERT INTO waiting (org, book, at, key)
                    VALUES (?1, ?2, ?3, ?4)";
                self.of(org)?.put(doing, sql, (org.0, book.0, at.0, key))
            }
        }
    }

    fn drop_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()> {
        let (doing, key) = ("taking a document out of its file", key_bytes(key));
        match filed {
            Filed::Number(book, year, no) => {
                let sql = "
                    DELETE FROM number
                    WHERE org = ?1 AND book = ?2 AND year = ?3 AND no = ?4 AND key = ?5";
                self.of(org)?.put(doing, sql, (org.0, book.0, year, no, key))
            }
            Filed::Reference(year, text) => {
                let sql = "
                    DELETE FROM reference
                    WHERE org = ?1 AND year = ?2 AND text = ?3 AND key = ?4";
                self.of(org)?.put(doing, sql, (org.0, year, text, key))
            }
            Filed::Waiting(book, at) => {
                let sql = "
                    DELETE FROM waiting
                    WHERE org = ?1 AND book = ?2 AND at = ?3 AND key = ?4";
                self.of(org)?.put(doing, sql, (org.0, book.0, at.0, key))
            }
        }
    }

    fn put_key(&self, org: AgencyId, key: &DeviceKey) -> Found<()> {
        let DeviceKey { dev, officer, public, pending } = key;
        let sql = "
            INSERT INTO device_key (org, dev, officer, public, pending)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (org, dev, officer, public) DO UPDATE
            SET pending = ?5";
        self.of(org)?.put("keeping a key", sql, (org.0, dev.0, officer.0, public.0, pending))
    }

    fn put_out(&self, out: &Out) -> Found<()> {
        let Out { id, from, to, parcel, rank, deliver, at, due, tries, body, via } = out;
        let via = via.map(|via| via.0);
        let sql = "
            INSERT INTO outbox
                (id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (id) DO UPDATE
            SET due = ?8, tries = ?9, via = ?11";
        self.put(
            "keeping what goes to another agency",
            sql,
            (id, from.0, to.0, parcel.0, rank, deliver, at.0, due.0, tries, body, via),
        )
    }

    fn put_peer(&self, key: PublicKey, body: &str) -> Found<()> {
        let sql = "
            INSERT INTO peer (key, body)
            VALUES (?1, ?2)
            ON CONFLICT (key) DO UPDATE
            SET body = ?2";
        self.put("keeping another server", sql, (key.0, body))
    }

    fn drop_peer(&self, key: PublicKey) -> Found<()> {
        let sql = "
            DELETE FROM peer
            WHERE key = ?1";
        self.put("forgetting another server", sql, [key.0])
    }

    fn put_release(&self, name: &str, body: &str) -> Found<()> {
        let sql = "
            INSERT INTO release (name, body)
            VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE
            SET body = ?2";
        self.put("keeping a release", sql, (name, body))
    }

    fn put_program(&self, org: AgencyId, dev: DeviceId, body: &str) -> Found<()> {
        let sql = "
            INSERT INTO program (org, dev, body)
            VALUES (?1, ?2, ?3)
            ON CONFLICT (org, dev) DO UPDATE
            SET body = ?3";
        self.put("noting what a PC runs", sql, (org.0, dev.0, body))
    }

    fn put_home(&self, home: &Home) -> Found<()> {
        let Home { org, peer, at, stands } = home;
        let sql = "
            INSERT INTO home (org, peer, at, stands)
            VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (org, peer) DO UPDATE
            SET at = ?3, stands = ?4";
        self.put("noting where an agency lives", sql, (org.0, peer.0, at.0, stands))
    }

    fn drop_home(&self, org: AgencyId, peer: PublicKey) -> Found<()> {
        let sql = "
            DELETE FROM home
            WHERE org = ?1 AND peer = ?2";
        self.put("forgetting where an agency lives", sql, (org.0, peer.0))
    }

    fn drop_out(&self, id: &[u8; 16]) -> Found<()> {
        let sql = "
            DELETE FROM outbox
            WHERE id = ?1";
        self.put("forgetting what has gone", sql, [id])
    }

    fn hurry_outs(&self, from: AgencyId, behind: Behind, due: Moment) -> Found<()> {
        let parcels = "
            UPDATE outbox
            SET due = ?2
            WHERE from_org = ?1 AND parcel = ?3 AND due > ?2";
        let documents = "
            UPDATE outbox
            SET due = ?2
            WHERE from_org = ?1 AND deliver AND due > ?2";
        let doing = "hurrying what waits";
        match behind {
            Behind::Parcel(parcel) => self.put(doing, parcels, (from.0, due.0, parcel.0)),
            Behind::Files => self.put(doing, documents, (from.0, due.0)),
        }
    }

    fn put_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()> {
        let sql = "
            INSERT INTO unfetched (org, seq, parcel)
            VALUES (?1, ?2, ?3)
            ON CONFLICT DO NOTHING";
        self.put("noting what nobody has read", sql, (org.0, seq, parcel.0))
    }

    fn drop_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()> {
        let sql = "
            DELETE FROM unfetched
            WHERE org = ?1 AND seq = ?2 AND parcel = ?3";
        self.put("noting what was read", sql, (org.0, seq, parcel.0))
    }

    fn put_listed(&self, id: AgencyId, body: &str) -> Found<()> {
        let sql = "
            INSERT INTO listed (id, ver, body)
            VALUES (?1, (SELECT coalesce(max(ver), 0) + 1 FROM listed), ?2)
            ON CONFLICT (id) DO UPDATE
            SET ver = excluded.ver, body = excluded.body";
        self.put("keeping an entry of the directory", sql, (id.0, body))
    }

    fn hold_directory(&self) -> Found<()> {
        // There is one writer.
        Ok(())
    }

    fn put_keeper(&self, org: AgencyId, at: Moment) -> Found<()> {
        self.keep_keeper(org, at)
    }

    fn drop_keeper(&self, org: AgencyId) -> Found<()> {
        self.forget_keeper(org)
    }

    fn append_statement(&self, statement: &StatementKept) -> Found<()> {
        self.add_statement(statement)
    }

    fn put_session(&self, hash: &Hash, session: &Session, now: Moment) -> Found<()> {
        let sql = "
            DELETE FROM token
            WHERE until < ?1";
        self.put("forgetting sessions", sql, [now.0])?;
        let Session { org, dev, officer, until } = session;
        let sql = "
            INSERT INTO token (hash, org, dev, officer, until)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        self.put("keeping a session", sql, (hash, org.0, dev.0, officer.0, until.0))
    }

    fn put_code(&self, hash: &Hash, code: &Code) -> Found<()> {
        let Code { of, until, used } = code;
        let (org, officer) = (of.map(|(org, _)| org.0), of.map(|(_, officer)| officer.0));
        let sql = "
            INSERT INTO code (hash, org, officer, until, used)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (hash) DO UPDATE
            SET until = ?4, used = ?5";
        self.put("keeping a code", sql, (hash, org, officer, until.0, used))
    }
}
