//! What PCs bring back to a server that was set back from a copy (SYNC 2.9).
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use register::{
    Act, BookId, Key, Moment, NumberSeen, OfficerId, ReadTo, Right, State, Witnessed, has,
    numbers_seen,
};
use sync::wire::{Offer, SyncAsked};

use super::{Ledger, Taking, standing};
use crate::fault::{CallError, malformed};
use crate::states::{blobs_of, state_from};
use crate::storage::{BlobUse, Found, Proof, Session, Span};

/// Numbers one PC may have seen: two years of a district.
const WITNESSES_MAX: usize = 200_000;

/// What one PC brings, by name.
#[derive(Default)]
struct Brought {
    read_to: ReadTo,
    states: BTreeMap<Key, State>,
    numbers: BTreeMap<Key, Vec<NumberSeen>>,
}

impl Brought {
    fn of(offer: &Offer) -> Result<Brought, CallError> {
        if offer.witnesses.len() > WITNESSES_MAX {
            return Err(malformed("more numbers than an office gives"));
        }
        let mut brought = Brought { read_to: offer.read_to, ..Brought::default() };
        for sent in &offer.states {
            let state: State = serde_json::from_str(sent.state.get())
                .map_err(|_| malformed("an offered state that cannot be read"))?;
            brought.states.insert(state.key(), state);
        }
        for witness in &offer.witnesses {
            brought.numbers.entry(witness.of).or_default().push(witness.number);
        }
        Ok(brought)
    }
}

impl Ledger {
    /// Enters what a PC has seen in a life that was lost; tells which states it does not take.
    pub(super) fn take_offer(
        &self,
        asked: &SyncAsked,
        session: &Session,
        now: Moment,
    ) -> Result<Vec<Key>, CallError> {
        let Some(offer) = &asked.offer else { return Ok(Vec::new()) };
        let brought = Brought::of(offer)?;
        let identity = Arc::clone(&self.identity);
        let session = *session;
        let (refused, grown) = self.write(Some(asked.org), move |writing| {
            let standing = standing(writing, &session)?;
            let mut taking = Taking::begin(writing, &identity, session.org, now)?;
            let mut refused = Vec::new();
            // A PC that is shut out is told so behind this; what it shows is not believed.
            if taking.was_set_back() && !standing.shut_out && standing.officer.is_some() {
                refused = take(&mut taking, &session, &brought)?;
            }
            Ok((refused, taking.finish()?))
        })?;
        self.heads.grew_by(asked.org, grown);
        Ok(refused)
    }
}

fn take(taking: &mut Taking<'_>, session: &Session, brought: &Brought) -> Found<Vec<Key>> {
    let mut refused = Vec::new();
    let seen = |of, state, number| Witnessed {
        of,
        device: session.dev,
        number,
        state,
        read_to: brought.read_to,
    };
    for (key, state) in &brought.states {
        if taking.knows(*key)? {
            continue;
        }
        let whole = seen(*key, Some(Box::new(state.clone())), None);
        if !witness(taking, session.officer, whole)? {
            refused.push(*key);
            continue;
        }
        // Knowing the name of a file is no proof of having it: the PC may send it again.
        for blob in blobs_of(state) {
            let by_it = BlobUse { key: *key, dev: session.dev, proof: Proof::Named };
            taking.tx.put_blob_use(session.org, blob, &by_it)?;
        }
    }
    for (key, numbers) in &brought.numbers {
        for number in numbers {
            if !taking.shows(*key, *number)? {
                witness(taking, session.officer, seen(*key, None, Some(*number)))?;
            }
        }
    }
    Ok(refused)
}

/// Whether the rules take it; what they do not take is not written (SYNC R16).
fn witness(taking: &mut Taking<'_>, officer: OfficerId, seen: Witnessed) -> Found<bool> {
    Ok(taking.act(officer, Act::Witness(seen), None)?.is_ok())
}

impl Taking<'_> {
    /// Whether the server was set back from a copy, ever.
    fn was_set_back(&self) -> bool {
        self.org.epoch > 1
    }

    fn knows(&mut self, key: Key) -> Found<bool> {
        Ok(self.load(key)?.is_some())
    }

    /// Whether the number is to be seen on its document already, or the document is not here.
    fn shows(&mut self, key: Key, number: NumberSeen) -> Found<bool> {
        let Some(state) = self.load(key)? else { return Ok(true) };
        let year = number.on.year();
        let mut shown = numbers_seen(state).into_iter();
        Ok(shown.any(|one| (one.no, one.on.year()) == (number.no, year)))
    }

    /// Freezes every book of an agency, whoever held it in the copy: nobody numbers until the paper
    /// was read. Says how many.
    pub(crate) fn freeze_all(&mut self) -> Found<usize> {
        let (books, administrator) = self.books_and_administrator()?;
        let Some(by) = administrator else { return Ok(0) };
        let mut frozen = 0;
        for book in books {
            if self.act(by, Act::FreezeBook { book }, None)?.is_ok() {
                frozen += 1;
            }
        }
        Ok(frozen)
    }

    fn books_and_administrator(&self) -> Found<(Vec<BookId>, Option<OfficerId>)> {
        let (mut books, mut officers) = (Vec::new(), Vec::new());
        self.tx.states(self.org.id, Span::After(0), &mut |kept| {
            match kept.key {
                Key::Book(book) => books.push(book),
                Key::Officer(_) => officers.push(kept.body.to_owned()),
                Key::Agency(_)
                | Key::Unit(_)
                | Key::Incoming(_)
                | Key::Outgoing(_)
                | Key::Task(_)
                | Key::Year(_)
                | Key::Device(_)
                | Key::Parcel(_)
                | Key::Arrival(_) => {}
            }
            ControlFlow::Continue(())
        })?;
        let mut administrator = None;
        for body in officers {
            if let State::Officer(officer) = state_from(&body)?
                && has(&officer, Right::Administer)
            {
                administrator = Some(officer.id);
            }
        }
        Ok((books, administrator))
    }
}
