//! One PC's half of the protocol: what the log has confirmed, and its own acts over it (SYNC 2.3).
//!
//! Where the bytes are kept is the [`Shelf`]'s affair: a file on a PC, a map in a simulation. All
//! calls of one function here belong into one transaction, so that states, cursor and waiting
//! commands never part.
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use sha2::{Digest, Sha256};

use register::{
    Admitted, Answer, Ask, Book, BookId, Change, Command, DeviceId, Key, No, Outcome, Picture,
    Refusal, State, decide, foresee,
};

use crate::chain::Hash;
use crate::envelope::Envelope;
use crate::wire::{Stamp, SyncAnswer};

/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;

/// A state and the last entry that touched it; 0 while no log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The entry.
    pub ver: u64,
    /// The value.
    pub state: State,
}

/// A command that the log has not confirmed here yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The command.
    pub command: Command,
    /// Its bytes.
    pub envelope: Envelope,
    /// What the log said, once it did.
    pub ack: Option<(u64, Stamp)>,
    /// The states it made here, by the hash of their text.
    pub predicted: Vec<(Key, Hash)>,
}

/// Where one PC keeps its register.
pub trait Shelf {
    /// What can break.
    type Fault;
    /// The answer to what a decision asks, over what is shown.
    ///
    /// # Errors
    /// Faults of the shelf; so for all of them.
    #[allow(missing_docs, reason = "the first line speaks for all")]
    fn answer(&mut self, ask: &Ask) -> Result<Answer, Self::Fault>;
    /// Every state whose version is not above it is here.
    fn cursor(&mut self) -> Result<u64, Self::Fault>;
    /// Moves it.
    fn set_cursor(&mut self, cursor: u64) -> Result<(), Self::Fault>;
    /// A state as the screen shows it.
    fn shown(&mut self, key: Key) -> Result<Option<Placed>, Self::Fault>;
    /// Shows a state, or none.
    fn show(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), Self::Fault>;
    /// What the log confirmed of a state over which waiting commands lie; none when none does.
    fn confirmed(&mut self, key: Key) -> Result<Option<Option<Placed>>, Self::Fault>;
    /// Keeps what the log confirmed of such a state.
    fn confirm(&mut self, key: Key, placed: Option<&Placed>) -> Result<(), Self::Fault>;
    /// Nothing lies over the state any more.
    fn settle(&mut self, key: Key) -> Result<(), Self::Fault>;
    /// The states over which waiting commands lie.
    fn overlaid(&mut self) -> Result<Vec<Key>, Self::Fault>;
    /// Books as another PC handed them over, which the log may not know yet.
    fn handed(&mut self) -> Result<Vec<Book>, Self::Fault>;
    /// Keeps such a book.
    fn keep_handed(&mut self, book: &Book) -> Result<(), Self::Fault>;
    /// The log knows the hand-over.
    fn drop_handed(&mut self, book: BookId) -> Result<(), Self::Fault>;
    /// Whether a waiting command, or a hand-over, made this state.
    fn is_touched(&mut self, key: Key) -> Result<bool, Self::Fault>;
    /// Keeps a new waiting command, behind all others.
    fn keep_waiting(&mut self, waiting: &Waiting) -> Result<(), Self::Fault>;
    /// Notes what a waiting command has made now.
    fn predict(
        &mut self,
        of: (DeviceId, u64),
        predicted: &[(Key, Hash)],
    ) -> Result<(), Self::Fault>;
    /// Notes what the log said; false when the command does not wait, or had its answer.
    fn acknowledge(
        &mut self,
        of: (DeviceId, u64),
        seq: u64,
        stamp: &Stamp,
    ) -> Result<bool, Self::Fault>;
    /// Waiting commands whose entry is not above the cursor, in their order.
    fn confirmed_waiting(&mut self, cursor: u64) -> Result<Vec<Waiting>, Self::Fault>;
    /// All that wait, in their order.
    fn all_waiting(&mut self) -> Result<Vec<Waiting>, Self::Fault>;
    /// A command waits no more; it stays with its stamp until a copy elsewhere has it (SYNC 2.9).
    fn drop_waiting(&mut self, waiting: &Waiting) -> Result<(), Self::Fault>;
    /// Shows its author a command that was refused or held, until he lets it go (I14).
    fn hand_back(&mut self, command: &Command, why: &Refusal) -> Result<(), Self::Fault>;
}

/// What an answer changed on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// States that are shown otherwise than before.
    pub changed: BTreeSet<Key>,
    /// The answer belonged to another cursor: its states were left out.
    pub stale: bool,
    /// Waiting commands that were run again.
    pub run_again: usize,
}

/// Why an act was not done.
#[derive(Debug)]
pub enum ActFault<F> {
    /// The rules say no.
    Refused(Refusal),
    /// The shelf broke.
    Shelf(F),
    /// A decision asked without end, which no decision does.
    AsksWithoutEnd,
}

impl<F> From<F> for ActFault<F> {
    fn from(fault: F) -> ActFault<F> {
        ActFault::Shelf(fault)
    }
}

/// The hash by which a state here is compared with the state of the log.
pub fn state_hash(state: &State) -> Hash {
    // A state is always written the same way, so equal states have equal texts.
    let text = serde_json::to_vec(state).unwrap_or_default();
    Sha256::digest(&text).into()
}

/// Does one act of this PC: decided by what is shown, kept over what is confirmed.
///
/// # Errors
/// [`ActFault::Refused`] when the rules say no; nothing is kept then.
pub fn act<S: Shelf>(
    shelf: &mut S,
    command: &Command,
    seal: impl FnOnce(&Command) -> Envelope,
) -> Result<Change, ActFault<S::Fault>> {
    let mut picture = Picture::new();
    let mut decided = None;
    for _ in 0..ASKS_MAX {
        match decide(&picture, command) {
            Ok(change) => {
                decided = Some(change);
                break;
            }
            Err(No::Refused(refusal)) => return Err(ActFault::Refused(refusal)),
            Err(No::Needs(ask)) => {
                let answer = shelf.answer(&ask)?;
                picture.learn(ask, answer);
            }
        }
    }
    let change = decided.ok_or(ActFault::AsksWithoutEnd)?;
    let envelope = seal(command);
    let mut waiting =
        Waiting { command: command.clone(), envelope, ack: None, predicted: Vec::new() };
    if !command.act.waits_for_log() {
        waiting.predicted = lay_over(shelf, &change)?;
    }
    shelf.keep_waiting(&waiting)?;
    Ok(change)
}

/// Takes over a book from the PC beside this one, both without a line: its state there is what
/// this PC numbers on from, until the log has seen the hand-over (SYNC 2.5).
///
/// # Errors
/// Faults of the shelf.
pub fn receive_book<S: Shelf>(shelf: &mut S, book: &Book) -> Result<(), S::Fault> {
    shelf.keep_handed(book)?;
    let state = State::Book(Box::new(book.clone()));
    lay_over(shelf, &Change { states: Vec::from([state]), trail: Vec::new() })?;
    Ok(())
}

/// Takes in one answer: acknowledgements always, states only when they follow what is here.
///
/// # Errors
/// Faults of the shelf.
pub fn take_in<S: Shelf>(
    shelf: &mut S,
    answer: &SyncAnswer,
    states: &[Placed],
) -> Result<Taken, S::Fault> {
    for ack in &answer.acks {
        shelf.acknowledge((ack.dev, ack.n), ack.seq, &ack.stamp)?;
    }
    let mut taken = Taken::default();
    if answer.from != shelf.cursor()? {
        taken.stale = true;
        return Ok(taken);
    }
    let mut news = BTreeSet::new();
    for placed in states {
        let key = placed.state.key();
        news.insert(key);
        place(shelf, key, Some(placed), &mut taken)?;
    }
    for gone in &answer.gone {
        news.insert(gone.of);
        place(shelf, gone.of, None, &mut taken)?;
    }
    shelf.set_cursor(answer.to)?;
    // A page that is not the last leaves out states that were touched again since: an act that was
    // let go now would vanish from the screen until they come (R13).
    let done = if answer.more { Vec::new() } else { shelf.confirmed_waiting(answer.to)? };
    let foreseen = drop_done(shelf, &done)?;
    if came_as_foreseen(shelf, &news, &foreseen)? {
        forget_known_hand_overs(shelf)?;
        for key in foreseen.into_keys().chain(news) {
            settle_if_free(shelf, key)?;
        }
    } else {
        run_again(shelf, &mut taken)?;
    }
    Ok(taken)
}

fn place<S: Shelf>(
    shelf: &mut S,
    key: Key,
    placed: Option<&Placed>,
    taken: &mut Taken,
) -> Result<(), S::Fault> {
    if shelf.confirmed(key)?.is_some() {
        return shelf.confirm(key, placed);
    }
    taken.changed.insert(key);
    shelf.show(key, placed)
}

/// Lets confirmed commands go; returns what they had foreseen last of each state.
fn drop_done<S: Shelf>(shelf: &mut S, done: &[Waiting]) -> Result<BTreeMap<Key, Hash>, S::Fault> {
    let mut foreseen = BTreeMap::new();
    for waiting in done {
        foreseen.extend(waiting.predicted.iter().copied());
        if let Some((_, stamp)) = &waiting.ack
            && let Some(why) = stamp.outcome.why()
        {
            shelf.hand_back(&waiting.command, why)?;
        }
        shelf.drop_waiting(waiting)?;
    }
    Ok(foreseen)
}

/// Whether the log made of the confirmed commands what this PC had made of them, and nothing came
/// under commands that still wait.
fn came_as_foreseen<S: Shelf>(
    shelf: &mut S,
    news: &BTreeSet<Key>,
    foreseen: &BTreeMap<Key, Hash>,
) -> Result<bool, S::Fault> {
    for (key, hash) in foreseen {
        let confirmed = shelf.confirmed(*key)?.flatten();
        if confirmed.is_none_or(|placed| state_hash(&placed.state) != *hash) {
            return Ok(false);
        }
    }
    for key in news {
        if !foreseen.contains_key(key) && shelf.is_touched(*key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A hand-over that the log knows needs no place of its own any more.
fn forget_known_hand_overs<S: Shelf>(shelf: &mut S) -> Result<(), S::Fault> {
    for book in shelf.handed()? {
        let confirmed = shelf.confirmed(Key::Book(book.id))?.flatten();
        if let Some(Placed { state: State::Book(known), .. }) = confirmed
            && known.lease.epoch >= book.lease.epoch
        {
            shelf.drop_handed(book.id)?;
        }
    }
    Ok(())
}

/// A state over which nothing lies any more is shown as confirmed.
fn settle_if_free<S: Shelf>(shelf: &mut S, key: Key) -> Result<(), S::Fault> {
    let Some(confirmed) = shelf.confirmed(key)? else { return Ok(()) };
    if shelf.is_touched(key)? {
        return Ok(());
    }
    // The text is the same; the version is the log's now.
    shelf.show(key, confirmed.as_ref())?;
    shelf.settle(key)
}

/// Shows what is confirmed, and runs what still waits over it.
fn run_again<S: Shelf>(shelf: &mut S, taken: &mut Taken) -> Result<(), S::Fault> {
    for key in shelf.overlaid()? {
        let confirmed = shelf.confirmed(key)?.flatten();
        shelf.show(key, confirmed.as_ref())?;
        shelf.settle(key)?;
        taken.changed.insert(key);
    }
    for book in shelf.handed()? {
        let shown = shelf.shown(Key::Book(book.id))?;
        let epoch = match shown.map(|placed| placed.state) {
            Some(State::Book(known)) => known.lease.epoch,
            Some(_) | None => 0,
        };
        if epoch >= book.lease.epoch {
            shelf.drop_handed(book.id)?;
        } else {
            let state = State::Book(Box::new(book));
            lay_over(shelf, &Change { states: Vec::from([state]), trail: Vec::new() })?;
        }
    }
    for waiting in shelf.all_waiting()? {
        let predicted = run(shelf, &waiting.command)?;
        taken.changed.extend(predicted.iter().map(|(key, _)| *key));
        shelf.predict((waiting.command.dev, waiting.command.n), &predicted)?;
        taken.run_again += 1;
    }
    Ok(())
}

/// What the log would say of a waiting command now, laid over what is shown.
fn run<S: Shelf>(shelf: &mut S, command: &Command) -> Result<Vec<(Key, Hash)>, S::Fault> {
    if command.act.waits_for_log() {
        return Ok(Vec::new());
    }
    let mut picture = Picture::new();
    for _ in 0..ASKS_MAX {
        match foresee(&picture, command) {
            Ok(Admitted { outcome: Outcome::Rejected(_), .. }) => return Ok(Vec::new()),
            Ok(Admitted { change, .. }) => return lay_over(shelf, &change),
            Err(ask) => {
                let answer = shelf.answer(&ask)?;
                picture.learn(ask, answer);
            }
        }
    }
    Ok(Vec::new())
}

/// Shows new states, and remembers what was confirmed under them.
fn lay_over<S: Shelf>(shelf: &mut S, change: &Change) -> Result<Vec<(Key, Hash)>, S::Fault> {
    let mut predicted = Vec::with_capacity(change.states.len());
    for state in &change.states {
        let key = state.key();
        let shown = shelf.shown(key)?;
        if shelf.confirmed(key)?.is_none() {
            shelf.confirm(key, shown.as_ref())?;
        }
        let ver = shown.map_or(0, |placed| placed.ver);
        shelf.show(key, Some(&Placed { ver, state: state.clone() }))?;
        predicted.push((key, state_hash(state)));
    }
    Ok(predicted)
}
