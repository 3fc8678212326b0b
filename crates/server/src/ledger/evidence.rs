//! Evidence for one parcel, for who may see it (SYNC 2.8: any PC can check the chain).
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use register::{Key, OfficerId, ParcelId, State};
use sync::evidence::{
    EVIDENCE_FORM, EVIDENCE_LINKS_MAX, Evidence, EvidenceKey, EvidenceLink, WholeEntry, key_bytes,
};
use sync::wire::{Hex, Trouble};
use sync::{Link, link_digest};

use super::{Ledger, org_of, stamp_of, standing, state_of};
use crate::fault::{CallError, StorageFault};
use crate::states::meets;
use crate::storage::{Entry, Found, Org, Reading, Session};

impl Ledger {
    /// Everything that proves what became of a parcel, signed by this server.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where the session sees no such parcel; faults.
    pub fn evidence(&self, session: &Session, parcel: ParcelId) -> Result<Evidence, CallError> {
        self.read(|reading| {
            let org = org_of(reading, session.org)?;
            let document = match seen(reading, session, Key::Parcel(parcel))? {
                Some(State::Parcel(known)) => known.document,
                Some(_) | None => return Err(Trouble::NotFound.into()),
            };
            let mut about = BTreeSet::new();
            for key in [Key::Parcel(parcel), Key::Outgoing(document)] {
                reading.entries_of(org.id, key, 1, &mut |entry, _| {
                    about.insert(entry.seq);
                    ControlFlow::Continue(())
                })?;
            }
            let from = about.first().copied().ok_or(CallError::Trouble(Trouble::NotFound))?;
            if org.head.saturating_sub(from) >= EVIDENCE_LINKS_MAX as u64 {
                return Err(Trouble::NotFound.into());
            }
            let before = before(reading, &org, from)?;
            let (links, signers) = links(reading, &org, from, &about)?;
            let keys = self.vouched(reading, &org, signers)?;
            Ok(Evidence {
                form: EVIDENCE_FORM.to_owned(),
                org: org.id,
                epoch: org.epoch,
                parcel,
                server: self.identity.public_hex(),
                keys,
                from,
                before: Hex(before),
                links,
                sig: self.identity.sign_head(&org).sig,
            })
        })
    }

    fn vouched(
        &self,
        reading: &dyn Reading,
        org: &Org,
        signers: Signers,
    ) -> Found<Vec<EvidenceKey>> {
        let mut keys = Vec::new();
        for (dev, officer) in signers {
            let name = name_of(reading, org, officer)?;
            for known in reading.keys(org.id, dev)? {
                if known.officer != officer || known.pending.is_some() {
                    continue;
                }
                let (name, public) = (name.clone(), known.public);
                let mut key = EvidenceKey { dev, officer, name, public, sig: Hex([0; 64]) };
                key.sig = Hex(self.identity.sign(&key_bytes(org.id, &key)));
                keys.push(key);
            }
        }
        Ok(keys)
    }
}

fn seen(reading: &dyn Reading, session: &Session, key: Key) -> Result<Option<State>, CallError> {
    let standing = standing(reading, session)?;
    if standing.shut_out {
        return Err(Trouble::Revoked.into());
    }
    let mut sees = false;
    reading.state(session.org, key, &mut |kept| {
        sees = meets(kept.aud, &standing.scopes);
        ControlFlow::Break(())
    })?;
    if sees { Ok(state_of(reading, session.org, key)?) } else { Ok(None) }
}

/// The hash of the chain before an entry.
fn before(reading: &dyn Reading, org: &Org, from: u64) -> Found<sync::Hash> {
    let mut hash = sync::genesis(org.id);
    if from > 1 {
        reading.entries(org.id, from - 1, &mut |entry| {
            hash = entry.hash;
            ControlFlow::Break(())
        })?;
    }
    Ok(hash)
}

/// Who signed, on which PC.
type Signers = BTreeSet<(register::DeviceId, OfficerId)>;

fn links(
    reading: &dyn Reading,
    org: &Org,
    from: u64,
    about: &BTreeSet<u64>,
) -> Found<(Vec<EvidenceLink>, Signers)> {
    let (mut links, mut signers) = (Vec::new(), Signers::new());
    let mut broke = None;
    reading.entries(org.id, from, &mut |entry| {
        if about.contains(&entry.seq) {
            signers.insert((entry.dev, entry.actor));
        }
        match link(&entry, about.contains(&entry.seq)) {
            Ok(link) => {
                links.push(link);
                ControlFlow::Continue(())
            }
            Err(fault) => {
                broke = Some(fault);
                ControlFlow::Break(())
            }
        }
    })?;
    broke.map_or(Ok((links, signers)), Err)
}

fn link(entry: &Entry, whole: bool) -> Found<EvidenceLink> {
    let stamp = stamp_of(&entry.eff)?;
    if whole {
        let raw = String::from_utf8(entry.envelope.raw.clone())
            .map_err(|_| StorageFault::Form { what: "command" })?;
        let (at, said, sig) = (entry.at, entry.eff.clone(), Hex(entry.envelope.sig));
        return Ok(EvidenceLink::Whole(WholeEntry { at, said, raw, sig }));
    }
    let (seq, at, outcome) = (entry.seq, entry.at.0, stamp.outcome.word());
    let link = Link { seq, at, outcome, eff: entry.eff.as_bytes() };
    Ok(EvidenceLink::Other(Hex(link_digest(link, &entry.envelope))))
}

fn name_of(reading: &dyn Reading, org: &Org, officer: OfficerId) -> Found<String> {
    Ok(match state_of(reading, org.id, Key::Officer(officer))? {
        Some(State::Officer(officer)) => officer.name,
        Some(_) | None => String::new(),
    })
}
