//! Changes: kept in memory until their group is committed; what is taken is a fault at once.
use std::sync::Arc;

use register::{AgencyId, BlobId, DeviceId, Key, Moment, ParcelId, PublicKey};
use sync::Hash;

use super::pending::StateKept;
use super::tx::Tx;
use crate::fault::StorageFault;
use crate::storage::{
    Behind, BlobUse, Code, DeviceKey, Entry, Filed, Found, Home, Kept, Org, Out, Reading, Session,
    StatementKept, Writing,
};

impl Tx<'_> {
    /// The order of an agency is kept only for jobs that have named it.
    fn changes(&self, org: AgencyId) -> Found<()> {
        if self.of.get() != Some(org) {
            return Err(StorageFault::OtherAgency { org });
        }
        self.pending.borrow_mut().changed.put(org, ());
        Ok(())
    }

    fn must_be_free(&self, org: AgencyId, entry: &Entry) -> Found<()> {
        let taken = |is_free: bool, what| {
            if is_free { Ok(()) } else { Err(StorageFault::Taken { what }) }
        };
        let behind = entry.seq > self.last_seq(org)?;
        taken(behind || !self.has_entry(org, entry.seq)?, "place in the log")?;
        let next = entry.n > self.last_n(org, entry.dev)?;
        taken(next || self.entry_of(org, entry.dev, entry.n)?.is_none(), "turn of a PC")?;
        let absent = self.absent.borrow().names.contains(&(org, entry.id));
        let named = self.pending.borrow().names.get(&(org, entry.id)).is_some();
        let new = !named && (absent || self.said_of(org, entry.id)?.is_none());
        taken(new, "name of a command")
    }

    fn is_waiting(&self, org: AgencyId, filed: (&Filed, Key)) -> Found<bool> {
        let (Filed::Waiting(book, at), key) = filed else { return Ok(false) };
        if let Some(waits) = self.pending.borrow().waiting.get(&(org, *book, *at, key)) {
            return Ok(*waits);
        }
        self.waits_there(org, *book, (*at, key))
    }
}

impl Writing for Tx<'_> {
    fn put_org(&self, org: &Org) -> Found<()> {
        self.changes(org.id)?;
        self.pending.borrow_mut().orgs.put(org.id, org.clone());
        Ok(())
    }

    fn append(&self, org: AgencyId, entry: &Entry) -> Found<()> {
        self.changes(org)?;
        self.must_be_free(org, entry)?;
        let mut pending = self.pending.borrow_mut();
        pending.turns.put((org, entry.dev, entry.n), entry.seq);
        pending.names.put((org, entry.id), entry.seq);
        pending.entries.put((org, entry.seq), Arc::new(entry.clone()));
        Ok(())
    }

    fn put_touched(&self, org: AgencyId, key: Key, seq: u64, trail: &str) -> Found<()> {
        self.changes(org)?;
        let mut pending = self.pending.borrow_mut();
        if pending.touched.get(&(org, key, seq)).is_none() {
            pending.touched.put((org, key, seq), trail.to_owned());
        }
        Ok(())
    }

    fn put_blob_use(&self, org: AgencyId, blob: BlobId, named: &BlobUse) -> Found<()> {
        self.changes(org)?;
        let BlobUse { key, dev, proof } = *named;
        let mut pending = self.pending.borrow_mut();
        let before = pending.blob_uses.get(&(org, blob, key, dev)).copied();
        let proof = before.map_or(proof, |before| before.max(proof));
        pending.blob_uses.put((org, blob, key, dev), proof);
        Ok(())
    }

    fn put_state(&self, org: AgencyId, state: Kept<'_>) -> Found<()> {
        self.changes(org)?;
        let Kept { key, ver, body, aud, aud_ever } = state;
        let (body, aud, aud_ever) = (body.to_owned(), aud.to_owned(), aud_ever.to_owned());
        let state = Arc::new(StateKept { ver, body, aud, aud_ever });
        self.pending.borrow_mut().states.put((org, key), state);
        Ok(())
    }

    fn put_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()> {
        self.changes(org)?;
        let taken = |what| Err(StorageFault::Taken { what });
        match filed {
            Filed::Number(book, year, no) => {
                if self.number(org, *book, *year, *no)?.is_some() {
                    return taken("number");
                }
                let mut pending = self.pending.borrow_mut();
                pending.numbers.put((org, *book, *year, *no), Some(key));
            }
            Filed::Reference(year, text) => {
                if self.referred(org, *year, text)?.is_some() {
                    return taken("reference");
                }
                let mut pending = self.pending.borrow_mut();
                pending.references.put((org, *year, text.clone()), Some(key));
            }
            Filed::Waiting(book, at) => {
                if self.is_waiting(org, (filed, key))? {
                    return taken("place among those that wait");
                }
                self.pending.borrow_mut().waiting.put((org, *book, *at, key), true);
            }
        }
        Ok(())
    }

    fn drop_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()> {
        self.changes(org)?;
        match filed {
            Filed::Number(book, year, no) => {
                if self.number(org, *book, *year, *no)? == Some(key) {
                    let mut pending = self.pending.borrow_mut();
                    pending.numbers.put((org, *book, *year, *no), None);
                }
            }
            Filed::Reference(year, text) => {
                if self.referred(org, *year, text)? == Some(key) {
                    let mut pending = self.pending.borrow_mut();
                    pending.references.put((org, *year, text.clone()), None);
                }
            }
            Filed::Waiting(book, at) => {
                self.pending.borrow_mut().waiting.put((org, *book, *at, key), false);
            }
        }
        Ok(())
    }

    fn put_key(&self, org: AgencyId, key: &DeviceKey) -> Found<()> {
        self.changes(org)?;
        let DeviceKey { dev, officer, public, pending } = key;
        let mut waits = self.pending.borrow_mut();
        waits.keys.put((org, *dev, *officer, public.0), pending.clone());
        Ok(())
    }

    fn put_out(&self, out: &Out) -> Found<()> {
        self.pending.borrow_mut().outs.put(out.id, Some(out.clone()));
        Ok(())
    }

    fn put_peer(&self, key: PublicKey, body: &str) -> Found<()> {
        self.pending.borrow_mut().peers.put(key.0, Some(body.to_owned()));
        Ok(())
    }

    fn drop_peer(&self, key: PublicKey) -> Found<()> {
        self.pending.borrow_mut().peers.put(key.0, None);
        Ok(())
    }

    fn put_release(&self, name: &str, body: &str) -> Found<()> {
        self.pending.borrow_mut().releases.put(name.to_owned(), body.to_owned());
        Ok(())
    }

    fn put_program(&self, org: AgencyId, dev: DeviceId, body: &str) -> Found<()> {
        self.pending.borrow_mut().programs.put((org, dev), body.to_owned());
        Ok(())
    }

    fn put_home(&self, home: &Home) -> Found<()> {
        self.pending.borrow_mut().homes.put((home.org, home.peer.0), Some(*home));
        Ok(())
    }

    fn drop_home(&self, org: AgencyId, peer: PublicKey) -> Found<()> {
        self.pending.borrow_mut().homes.put((org, peer.0), None);
        Ok(())
    }

    fn drop_out(&self, id: &[u8; 16]) -> Found<()> {
        self.pending.borrow_mut().outs.put(*id, None);
        Ok(())
    }

    fn hurry_outs(&self, from: AgencyId, behind: Behind, due: Moment) -> Found<()> {
        let mut pending = self.pending.borrow_mut();
        let waits = |out: &&Out| out.from == from && behind.holds(out) && out.due > due;
        let written = pending.outs.range(..).into_values().flatten();
        let hurried: Vec<Out> =
            written.filter(waits).map(|out| Out { due, ..out.clone() }).collect();
        for out in hurried {
            pending.outs.put(out.id, Some(out));
        }
        let before = pending.hurried.get(&(from, behind)).copied();
        pending.hurried.put((from, behind), before.map_or(due, |before| due.min(before)));
        Ok(())
    }

    fn put_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()> {
        self.pending.borrow_mut().unfetched.put((org, seq, parcel), true);
        Ok(())
    }

    fn drop_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()> {
        self.pending.borrow_mut().unfetched.put((org, seq, parcel), false);
        Ok(())
    }

    fn put_listed(&self, id: AgencyId, body: &str) -> Found<()> {
        self.pending.borrow_mut().listed.put(id, body.to_owned());
        Ok(())
    }

    fn hold_directory(&self) -> Found<()> {
        self.hold_listed()
    }

    fn put_keeper(&self, org: AgencyId, at: Moment) -> Found<()> {
        if self.all_keepers()?.iter().all(|(keeper, _)| *keeper != org) {
            self.pending.borrow_mut().keepers.put(org, Some(at));
        }
        Ok(())
    }

    fn drop_keeper(&self, org: AgencyId) -> Found<()> {
        self.pending.borrow_mut().keepers.put(org, None);
        Ok(())
    }

    fn append_statement(&self, statement: &StatementKept) -> Found<()> {
        let named = self.statement_named(statement.id)?;
        if named.is_some() || statement.nth <= self.last_statement_nth()? {
            return Err(StorageFault::Taken { what: "statement" });
        }
        self.pending.borrow_mut().statements.put(statement.nth, statement.clone());
        Ok(())
    }

    fn put_session(&self, hash: &Hash, session: &Session, now: Moment) -> Found<()> {
        if self.session(hash)?.is_some() {
            return Err(StorageFault::Taken { what: "session" });
        }
        let mut pending = self.pending.borrow_mut();
        let before = pending.ended.get(&()).copied();
        pending.ended.put((), before.map_or(now, |before| before.max(now)));
        pending.sessions.put(*hash, *session);
        Ok(())
    }

    fn put_code(&self, hash: &Hash, code: &Code) -> Found<()> {
        self.pending.borrow_mut().codes.put(*hash, code.clone());
        Ok(())
    }
}
