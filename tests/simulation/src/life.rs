//! The server is set back to a copy and lives another life: what PCs bring is entered again.
use std::collections::BTreeMap;

use jiff::civil::Date;
use register::{
    Act, Admitted, Answer, Ask, Change, Command, DocumentId, HeldNumber, Holder, Key, Moment,
    NumberSeen, OfficerId, Outcome, Recorded, Refusal, Signer, State, Witnessed, numbers_seen,
};
use sync::wire::{Offer, SyncAsked};

use crate::broken::Broken;
use crate::cast::{ADMINISTRATOR, ARRIVALS};
use crate::log::Log;
use crate::tally::Tally;

impl Log {
    /// This copy begins another life. Nobody numbers in it until the paper was read.
    pub fn begins_life(&mut self, epoch: u32, now: Moment, tally: &mut Tally) {
        self.epoch = epoch;
        self.head0 = self.head();
        self.given.clear();
        let Some(before) = self.book(ARRIVALS).cloned() else { return };
        if self.broken == Some(Broken::R8) {
            return self.number_waiting(ARRIVALS, now, tally);
        }
        let act = Act::FreezeBook { book: ARRIVALS };
        let id = self.name_of_own();
        self.state_by_server(id, ADMINISTRATOR, act, None, now, tally);
        let epoch = self.book(ARRIVALS).map_or(1, |book| book.lease.epoch);
        for year in [2026, 2027] {
            let numbers = before.year(year).next..=u32::MAX;
            self.stated.push((year, numbers, before.lease.floor..=epoch - 1));
        }
    }

    /// Enters what a PC has seen in a life that was lost; says which states are not taken.
    pub(crate) fn take_offer(
        &mut self,
        asked: &SyncAsked,
        now: Moment,
        tally: &mut Tally,
    ) -> Vec<Key> {
        let Some(offer) = &asked.offer else { return Vec::new() };
        let states = read(offer);
        let shut_out = matches!(
            self.states.get(&Key::Device(asked.dev)),
            Some((_, State::Device(device))) if device.revoked.is_some()
        );
        if self.broken == Some(Broken::R7) || shut_out {
            return states.into_keys().filter(|key| !self.states.contains_key(key)).collect();
        }
        let mut refused = Vec::new();
        for (of, state) in states {
            if self.states.contains_key(&of) {
                continue;
            }
            let whole = (of, None, Some(Box::new(state)));
            if !self.witness(asked, whole, now, tally) {
                refused.push(of);
            }
        }
        for witness in &offer.witnesses {
            if !self.shows(witness.of, witness.number) {
                let one = (witness.of, Some(witness.number), None);
                if self.witness(asked, one, now, tally) {
                    tally.add("number_witnessed");
                }
            }
        }
        refused
    }

    fn witness(
        &mut self,
        asked: &SyncAsked,
        (of, number, state): (Key, Option<NumberSeen>, Option<Box<State>>),
        now: Moment,
        tally: &mut Tally,
    ) -> bool {
        let read_to = asked.offer.as_ref().map(|offer| offer.read_to).unwrap_or_default();
        if state.is_some() {
            tally.add("brought_back");
        }
        let act = Act::Witness(Witnessed { of, device: asked.dev, number, state, read_to });
        let id = self.name_of_own();
        self.state_by_server(id, ADMINISTRATOR, act, None, now, tally) == Outcome::Ok
    }

    /// The name of the server's next command: no two lives have the same.
    pub(crate) fn name_of_own(&self) -> [u8; 16] {
        let mut id = [0xE0; 16];
        let epoch = self.epoch.to_be_bytes();
        let bytes = epoch.into_iter().chain((self.head() + 1).to_be_bytes());
        for (slot, byte) in id.iter_mut().skip(4).zip(bytes) {
            *slot = byte;
        }
        id
    }

    fn shows(&self, of: Key, number: NumberSeen) -> bool {
        let Some((_, state)) = self.states.get(&of) else { return true };
        numbers_seen(state)
            .iter()
            .any(|one| (one.no, one.on.year()) == (number.no, number.on.year()))
    }

    /// Remembers which numbers the server gave of its own.
    pub(crate) fn note_given(
        &mut self,
        command: &Command,
        signer: Signer,
        number: Option<u32>,
        on: Option<Date>,
    ) {
        let (document, given) = match (&command.act, command.lease, signer) {
            (Act::GiveNumber { document, .. }, Some(claim), Signer::Server) => {
                (*document, Some((claim.year, claim.number)))
            }
            (Act::RegisterIncoming(registered), None, Signer::Officer) => {
                (registered.document, on.map(|on| on.year()).zip(number))
            }
            _ => return,
        };
        if let Some((year, number)) = given {
            self.given.push((document, year, number));
        }
    }

    /// What a server that breaks a rule believes of a command that comes again.
    pub(crate) fn broken_record(&self, before: &Recorded) -> Recorded {
        let mut before = before.clone();
        if self.broken == Some(Broken::R6) {
            before.outcome = Outcome::Ok;
        }
        before
    }

    /// What a server that breaks a rule makes of it.
    pub(crate) fn broken_again(&self, command: &Command, admitted: Admitted) -> Admitted {
        let same = admitted.outcome == Outcome::Ok && admitted.change == Change::default();
        let (Some(Broken::R9), true, Some(number)) = (self.broken, same, admitted.number) else {
            return admitted;
        };
        let year = admitted.on.map_or(2026, |on| on.year());
        let Some(document) = numbers(command).and_then(|of| self.incoming(of)) else {
            return admitted;
        };
        let mut document = document.clone();
        let why = Refusal::HasNumber;
        document.held.push(HeldNumber {
            number,
            year,
            epoch: 0,
            why: why.clone(),
            command: command.id,
            at: command.at,
            suffix: None,
        });
        let states = vec![State::Incoming(Box::new(document))];
        let change = Change { states, trail: Vec::new() };
        Admitted { outcome: Outcome::Held(why), change, ..admitted }
    }

    /// What a server that breaks a rule knows.
    pub(crate) fn broken_answer(&self, command: &Command, ask: &Ask) -> Answer {
        let Some(document) = numbers(command).filter(|_| command.lease.is_none()) else {
            return self.answer(ask);
        };
        if self.broken == Some(Broken::R2) && *ask == Ask::State(Key::Incoming(document)) {
            return Answer::State(None);
        }
        self.answer(ask)
    }

    /// Whether nobody numbers because the server was set back.
    pub fn waits_for_paper(&self) -> bool {
        let held = self.book(ARRIVALS).map(|book| book.lease.holder);
        self.epoch > 1 && held == Some(Holder::Frozen)
    }

    /// Who the log has shut out.
    pub fn shut_out(&self) -> Vec<(OfficerId, Key)> {
        let revoked = self.states.iter().filter_map(|(key, (_, state))| match state {
            State::Device(device) => device.revoked.as_ref().map(|by| (by.by, *key)),
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Book(_)
            | State::Incoming(_)
            | State::Outgoing(_)
            | State::Task(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Year(_) => None,
        });
        revoked.collect()
    }
}

/// The document that a registration enters.
fn numbers(command: &Command) -> Option<DocumentId> {
    if let Act::RegisterIncoming(registered) = &command.act {
        Some(registered.document)
    } else {
        None
    }
}

fn read(offer: &Offer) -> BTreeMap<Key, State> {
    let read = |text: &str| serde_json::from_str::<State>(text).ok();
    let states = offer.states.iter().filter_map(|sent| read(sent.state.get()));
    states.map(|state| (state.key(), state)).collect()
}
