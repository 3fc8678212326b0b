//! The same PC once more, on a real file: what the map does, the file must do too.
use std::path::Path;
use std::sync::Arc;

use register::{Book, Command, Key, OfficerId, Refusal};
use store::{
    Checkpoints, FileKey, Met, OpenOptions, Outbox, PerformError, Store, StoreError, Synchronous,
    View,
};
use sync::SigningKey;
use sync::replica::Placed;
use sync::wire::{Offer, Pushed, SyncAnswer};

use crate::cast::ORG;
use crate::pc::Carried;
use crate::shelf::MapShelf;

/// Rows of a list that is compared.
const ROWS_MAX: u32 = 200;

/// A register in a file, beside the one in maps.
#[derive(Clone)]
pub struct OnDisk {
    store: Arc<Store>,
    reader: OfficerId,
}

impl OnDisk {
    /// A new register of a PC that has just joined its agency.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn joined(
        path: &Path,
        dev: register::DeviceId,
        reader: OfficerId,
    ) -> Result<OnDisk, StoreError> {
        let options = OpenOptions {
            synchronous: Synchronous::Off,
            checkpoints: Checkpoints::ByCall,
            ..OpenOptions::default()
        };
        let store = Store::create(path, &FileKey([7; 32]), dev, &options)?;
        store.join(&Met { agency: ORG, address: "https://vi-du", server: [9; 32], epoch: 1 })?;
        Ok(OnDisk { store: Arc::new(store), reader })
    }

    /// Does the act of the map; says how it differed.
    pub fn does(
        &self,
        command: &Command,
        key: &SigningKey,
        by_map: &Result<Command, Refusal>,
    ) -> Option<String> {
        let done = self
            .store
            .perform(key, |_, turn| Ok::<_, StoreError>(Command { n: turn.n, ..command.clone() }));
        match (done, by_map) {
            (Ok(performed), Ok(_)) if performed.command == *command => None,
            (Err(PerformError::Refused(why)), Err(refused)) if why == *refused => None,
            (done, by_map) => Some(format!("{done:?} instead of {by_map:?}")),
        }
    }

    /// Takes in what the map took in, for a call with these carried commands.
    pub fn hears(
        &self,
        relayed: &[Pushed],
        (answer, states): (&SyncAnswer, &[Placed]),
    ) -> Option<String> {
        let taken = self.store.take_in(self.reader, answer, states);
        let left = taken.and_then(|_| self.store.wait_for_none_of(relayed));
        left.err().map(|fault| format!("{fault:?}"))
    }

    /// Sends what the map sends: own commands and carried ones.
    pub fn sends(&self, many: usize, by_map: (&[Pushed], &[Pushed])) -> Option<String> {
        let many = u32::try_from(many).unwrap_or(u32::MAX);
        match self.store.read(|view: &View<'_>| view.outbox(many)) {
            Ok(Outbox { own, carried }) if (&own[..], &carried[..]) == by_map => None,
            other => Some(format!("sends {other:?} instead of {by_map:?}")),
        }
    }

    /// Hears that the server lives another life.
    pub fn begins_anew(&self, epoch: u32, by_map: bool) -> Option<String> {
        match self.store.begin_anew(self.reader, epoch) {
            Ok(news) if news == by_map => None,
            other => Some(format!("begins anew: {other:?} instead of {by_map}")),
        }
    }

    /// Offers what it has seen in a life that was lost.
    pub fn offers(&self, (by_map, may_push): (Option<&Offer>, bool)) -> Option<String> {
        let shown = |offer: &Offer| {
            let states: Vec<&str> = offer.states.iter().map(|sent| sent.state.get()).collect();
            format!("{:?} {states:?} {:?}", offer.witnesses, offer.read_to)
        };
        match self.store.offer(self.reader) {
            Ok((offer, may)) if may == may_push => {
                let (ours, its) = (offer.as_ref().map(shown), by_map.map(shown));
                (ours != its).then(|| format!("offers {ours:?} instead of {its:?}"))
            }
            other => Some(format!("{other:?} instead of {may_push}")),
        }
    }

    /// Takes over a book and what the giver had not sent.
    pub fn receives(&self, commands: &[Carried], book: Option<&Book>) -> Option<String> {
        let carried: Vec<_> = commands
            .iter()
            .map(|one| store::Carried {
                dev: one.command.dev,
                n: one.command.n,
                envelope: one.envelope.clone(),
                recorded: one.recorded.clone(),
            })
            .collect();
        let kept = self.store.carry(&carried);
        let received = match book {
            Some(book) => self.store.receive_book(self.reader, book).map(|_| ()),
            None => Ok(()),
        };
        kept.and(received).err().map(|fault| format!("{fault:?}"))
    }

    /// How the file differs from the map.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn differs(&self, map: &MapShelf, keys: &[Key]) -> Result<Option<String>, StoreError> {
        self.store.read(|view: &View<'_>| {
            for key in keys {
                let shown = map.screen().get(key).map(|placed| &placed.state);
                let kept = view.state(*key)?;
                if kept.as_ref() != shown {
                    return Ok(Some(format!("{kept:?} instead of {shown:?}")));
                }
            }
            let unsent: Vec<u64> = map.unanswered().map(|one| one.command.n).collect();
            let traffic = view.traffic()?;
            if traffic.unanswered != unsent.len() as u64 {
                return Ok(Some(format!("{traffic:?} instead of {} unsent", unsent.len())));
            }
            let returned = view.returned(ROWS_MAX)?.len();
            let by_map = map.returned.len().min(ROWS_MAX as usize);
            if returned != by_map {
                return Ok(Some(format!("{returned} came back instead of {by_map}")));
            }
            Ok(None)
        })
    }

    /// Looks at everything that follows from the states.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn flaws(&self) -> Result<Vec<String>, StoreError> {
        let report = self.store.verify(&mut |_| {})?;
        Ok(report.findings.iter().map(|finding| format!("{finding:?}")).collect())
    }
}
