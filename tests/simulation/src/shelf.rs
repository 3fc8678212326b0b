//! The register of one simulated PC, in maps. A copy of the value is a crash-safe disk: what was
//! not put back into place did not happen.
use std::collections::BTreeMap;
use std::convert::Infallible;

use register::{
    Answer, Ask, Book, BookId, Command, CommandId, DeviceId, DocumentId, Key, NumberUse, ReadTo,
    Refusal, State, numbers_seen,
};
use sync::Hash;
use sync::replica::{Anew, Life, Offered, Placed, Shelf, Waiting};
use sync::wire::{Stamp, Witness};

/// Everything one PC keeps.
#[derive(Debug, Clone)]
pub struct MapShelf {
    life: Life,
    /// Numbers as they were seen, each with the version it had then.
    pub seen: BTreeMap<(Key, i16, u32), (u64, Witness)>,
    /// The versions that states had in a life that was lost.
    was: BTreeMap<Key, u64>,
    cursor: u64,
    shown: BTreeMap<Key, Placed>,
    confirmed: BTreeMap<Key, Option<Placed>>,
    waiting: Vec<Waiting>,
    touched: BTreeMap<Key, u32>,
    handed: BTreeMap<BookId, Book>,
    numbers: BTreeMap<(BookId, i16, u32), DocumentId>,
    /// Confirmed commands, with what the log said of them.
    pub sent: Vec<Waiting>,
    offered: Offered,
    /// Refused or held, until its author lets it go.
    pub returned: BTreeMap<CommandId, Refusal>,
}

impl Default for MapShelf {
    fn default() -> MapShelf {
        MapShelf {
            life: Life { epoch: 1, anew: Anew::Settled, read_to: ReadTo::default() },
            seen: BTreeMap::new(),
            was: BTreeMap::new(),
            cursor: 0,
            shown: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            waiting: Vec::new(),
            touched: BTreeMap::new(),
            handed: BTreeMap::new(),
            numbers: BTreeMap::new(),
            sent: Vec::new(),
            offered: Offered::default(),
            returned: BTreeMap::new(),
        }
    }
}

impl MapShelf {
    /// A PC that comes new to a server knows its life.
    pub fn comes_to(&mut self, epoch: u32) {
        if self.shown.is_empty() && self.waiting.is_empty() {
            self.life.epoch = epoch;
        }
    }

    /// The life of the server it knows, and how far it has come with it.
    pub fn knows(&self) -> Life {
        self.life
    }

    /// Forgets what no log of this life has and is not newer than this entry of another: what a PC
    /// does that compares the versions of two lives (R11 broken).
    pub fn forgets_up_to(&mut self, head0: u64) {
        let orphans = self.orphans().unwrap_or_default();
        let old = |state: &State| self.was.get(&state.key()).is_some_and(|ver| *ver <= head0);
        let gone: Vec<Key> = orphans.iter().filter(|one| old(one)).map(State::key).collect();
        for key in gone {
            self.index(key, None);
            self.shown.remove(&key);
            self.confirmed.remove(&key);
        }
        self.seen.retain(|_, (ver, _)| *ver > head0);
    }

    /// All that is confirmed.
    fn base(&self) -> impl Iterator<Item = &Placed> {
        let under = self.confirmed.values().filter_map(Option::as_ref);
        let bare = self.shown.iter().filter(|(key, _)| !self.confirmed.contains_key(key));
        under.chain(bare.map(|(_, placed)| placed))
    }

    /// What is on the screen.
    pub fn screen(&self) -> &BTreeMap<Key, Placed> {
        &self.shown
    }

    /// A book as it is shown.
    pub fn book(&self, id: BookId) -> Option<&Book> {
        match self.shown.get(&Key::Book(id)).map(|placed| &placed.state) {
            Some(State::Book(book)) => Some(book),
            Some(_) | None => None,
        }
    }

    /// Commands without an answer, in their order.
    pub fn unanswered(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| waiting.ack.is_none())
    }

    /// How far it has come: what waits, what lies over what is confirmed, its life and its cursor.
    /// Never one sum of them: a PC that goes on in one may fall back in another by as much.
    pub fn stand(&self) -> (usize, usize, Life, u64) {
        (self.waiting.len(), self.confirmed.len(), self.life, self.cursor)
    }

    /// Whether nothing waits.
    pub fn is_settled(&self) -> bool {
        self.waiting.is_empty()
            && self.handed.is_empty()
            && self.confirmed.is_empty()
            && self.life.anew == Anew::Settled
    }

    fn index(&mut self, key: Key, placed: Option<&Placed>) {
        if let Some(Placed { state: State::Incoming(old), .. }) = self.shown.get(&key)
            && let Some(number) = old.number
        {
            self.numbers.remove(&(old.book, old.year, number));
        }
        if let Some(Placed { state: State::Incoming(new), .. }) = placed
            && let Some(number) = new.number
        {
            self.numbers.insert((new.book, new.year, number), new.id);
        }
    }

    fn count_touches(&mut self, predicted: &[(Key, Hash)], more: bool) {
        for (key, _) in predicted {
            let count = self.touched.entry(*key).or_insert(0);
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                self.touched.remove(key);
            }
        }
    }
}

impl Shelf for MapShelf {
    type Fault = Infallible;

    fn answer(&mut self, ask: &Ask) -> Result<Answer, Infallible> {
        Ok(match ask {
            Ask::State(key) => {
                Answer::State(self.shown.get(key).map(|placed| placed.state.clone()))
            }
            Ask::Number(book, year, number) => {
                let holder = self.numbers.get(&(*book, *year, *number));
                Answer::Number(holder.copied().map(NumberUse::Document))
            }
            Ask::Reference(_, _) => Answer::Reference(None),
            Ask::Agency => Answer::Agency(self.shown.keys().find_map(|key| match key {
                Key::Agency(id) => Some(*id),
                Key::Unit(_)
                | Key::Officer(_)
                | Key::Device(_)
                | Key::Parcel(_)
                | Key::Arrival(_)
                | Key::Book(_)
                | Key::Incoming(_)
                | Key::Outgoing(_)
                | Key::Task(_)
                | Key::Year(_) => None,
            })),
            Ask::Accepted(_) => Answer::Accepted(None),
        })
    }

    fn cursor(&mut self) -> Result<u64, Infallible> {
        Ok(self.cursor)
    }

    fn set_cursor(&mut self, cursor: u64) -> Result<(), Infallible> {
        self.cursor = cursor;
        Ok(())
    }

    fn shown(&mut self, key: Key) -> Result<Option<Placed>, Infallible> {
        Ok(self.shown.get(&key).cloned())
    }

    fn show(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), Infallible> {
        self.index(key, placed);
        match placed {
            Some(placed) => self.shown.insert(key, placed.clone()),
            None => self.shown.remove(&key),
        };
        Ok(())
    }

    fn confirmed(&mut self, key: Key) -> Result<Option<Option<Placed>>, Infallible> {
        Ok(self.confirmed.get(&key).cloned())
    }

    fn confirm(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), Infallible> {
        self.confirmed.insert(key, placed.cloned());
        Ok(())
    }

    fn settle(&mut self, key: Key) -> Result<(), Infallible> {
        self.confirmed.remove(&key);
        Ok(())
    }

    fn overlaid(&mut self) -> Result<Vec<Key>, Infallible> {
        Ok(self.confirmed.keys().copied().collect())
    }

    fn handed(&mut self) -> Result<Vec<Book>, Infallible> {
        Ok(self.handed.values().cloned().collect())
    }

    fn keep_handed(&mut self, book: &Book) -> Result<(), Infallible> {
        self.handed.insert(book.id, book.clone());
        Ok(())
    }

    fn drop_handed(&mut self, book: BookId) -> Result<(), Infallible> {
        self.handed.remove(&book);
        Ok(())
    }

    fn is_touched(&mut self, key: Key) -> Result<bool, Infallible> {
        let handed = matches!(key, Key::Book(book) if self.handed.contains_key(&book));
        Ok(handed || self.touched.contains_key(&key))
    }

    fn keep_waiting(&mut self, waiting: &Waiting) -> Result<(), Infallible> {
        self.count_touches(&waiting.predicted, true);
        self.waiting.push(waiting.clone());
        Ok(())
    }

    fn predict(
        &mut self,
        of: (DeviceId, u64),
        predicted: &[(Key, Hash)],
    ) -> Result<(), Infallible> {
        let named = |waiting: &&mut Waiting| (waiting.command.dev, waiting.command.n) == of;
        if let Some(waiting) = self.waiting.iter_mut().find(named) {
            let before = std::mem::replace(&mut waiting.predicted, predicted.to_vec());
            self.count_touches(&before, false);
            self.count_touches(predicted, true);
        }
        Ok(())
    }

    fn acknowledge(
        &mut self,
        of: (DeviceId, u64),
        seq: u64,
        stamp: &Stamp,
    ) -> Result<bool, Infallible> {
        let named = |waiting: &&mut Waiting| {
            (waiting.command.dev, waiting.command.n) == of && waiting.ack.is_none()
        };
        let Some(waiting) = self.waiting.iter_mut().find(named) else { return Ok(false) };
        waiting.ack = Some((seq, stamp.clone()));
        Ok(true)
    }

    fn confirmed_waiting(&mut self, cursor: u64) -> Result<Vec<Waiting>, Infallible> {
        let done = |waiting: &&Waiting| waiting.ack.as_ref().is_some_and(|(seq, _)| *seq <= cursor);
        Ok(self.waiting.iter().filter(done).cloned().collect())
    }

    fn all_waiting(&mut self) -> Result<Vec<Waiting>, Infallible> {
        Ok(self.waiting.clone())
    }

    fn drop_waiting(&mut self, waiting: &Waiting) -> Result<(), Infallible> {
        let of = (waiting.command.dev, waiting.command.n);
        let at = self.waiting.iter().position(|one| (one.command.dev, one.command.n) == of);
        if let Some(at) = at {
            let gone = self.waiting.remove(at);
            self.count_touches(&gone.predicted, false);
            self.sent.push(gone);
        }
        Ok(())
    }

    fn hand_back(&mut self, command: &Command, why: &Refusal) -> Result<(), Infallible> {
        self.returned.insert(command.id, why.clone());
        Ok(())
    }

    fn life(&mut self) -> Result<Life, Infallible> {
        Ok(self.life)
    }

    fn set_life(&mut self, life: Life) -> Result<(), Infallible> {
        self.life = life;
        Ok(())
    }

    fn all_wait_again(&mut self, epoch: u32) -> Result<(), Infallible> {
        let mut all = std::mem::take(&mut self.sent);
        all.append(&mut self.waiting);
        all.sort_by_key(|one| one.command.n);
        for one in &mut all {
            if let Some((seq, stamp)) = one.ack.take() {
                let before = std::mem::take(&mut one.predicted);
                self.count_touches(&before, false);
                one.recorded = Some(stamp.recorded(ReadTo { epoch, seq }));
            }
        }
        self.waiting = all;
        Ok(())
    }

    fn keep_witnesses(&mut self) -> Result<(), Infallible> {
        let mut seen = Vec::new();
        for Placed { ver, state } in self.base() {
            let of = state.key();
            for number in numbers_seen(state) {
                let name = (of, number.on.year(), number.no);
                seen.push((name, (*ver, Witness { of, number })));
            }
        }
        self.seen.extend(seen);
        Ok(())
    }

    fn keep_witness(&mut self, witness: Witness, seq: u64) -> Result<(), Infallible> {
        let name = (witness.of, witness.number.on.year(), witness.number.no);
        self.seen.insert(name, (seq, witness));
        Ok(())
    }

    fn witnesses(&mut self) -> Result<Vec<Witness>, Infallible> {
        Ok(self.seen.values().map(|(_, witness)| *witness).collect())
    }

    fn forget_versions(&mut self) -> Result<(), Infallible> {
        let under = self.confirmed.values_mut().filter_map(Option::as_mut);
        for placed in under.chain(self.shown.values_mut()) {
            if placed.ver > 0 {
                self.was.insert(placed.state.key(), placed.ver);
            }
            placed.ver = 0;
        }
        Ok(())
    }

    fn orphans(&mut self) -> Result<Vec<State>, Infallible> {
        let mut orphans: Vec<State> = self
            .base()
            .filter(|placed| placed.ver == 0)
            .map(|placed| placed.state.clone())
            .collect();
        orphans.sort_by_key(State::key);
        Ok(orphans)
    }

    fn offered(&mut self) -> &mut Offered {
        &mut self.offered
    }
}
