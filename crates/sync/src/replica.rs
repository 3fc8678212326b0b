//! One PC's half of the protocol: what the log has confirmed, and its own acts over it (SYNC 2.3).
//!
//! Where the bytes are kept is the [`Shelf`]'s affair: a file on a PC, a map in a simulation. All
//! calls of one function here belong into one transaction, so that states, cursor and waiting
//! commands never part.
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use register::{
    Act, Admitted, Answer, Ask, Book, BookId, Change, Command, DeviceId, Key, No, NumberSeen,
    Outcome, Picture, ReadTo, Recorded, Refusal, State, decide, foresee, foresee_again,
};

use crate::chain::Hash;
use crate::envelope::Envelope;
use crate::wire::{Offer, Stamp, StateSent, SyncAnswer, Witness};

/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;

/// Bytes of states one call offers to a server that was set back.
const OFFERED_BYTES_MAX: usize = 4 << 20;

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
    /// What the log said in a life of the server that was lost; it is sent along (SYNC 2.9).
    pub recorded: Option<Recorded>,
    /// The states it made here, by the hash of their text.
    pub predicted: Vec<(Key, Hash)>,
}

/// The life of the server that a PC knows: it begins anew when the server is set back from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Its number; 1 before anything was lost.
    pub epoch: u32,
    /// How far this PC has come with it.
    pub anew: Anew,
    /// How far this PC had read all there was: of this life, or while it offers what it has seen
    /// in the one before, of that.
    pub read_to: ReadTo,
}

/// How far a PC has come with a server that was set back (SYNC 2.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anew {
    /// All is as ever.
    Settled,
    /// It reads again what the server still has; nothing is sent meanwhile.
    Reading,
    /// It offers what the server does not have; no command is sent before that was taken.
    Offering,
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
    /// Shows many states at once, or none in their places; a key may stand there twice.
    fn show_all(&mut self, news: Vec<(Key, Option<Placed>)>) -> Result<(), Self::Fault> {
        news.iter().try_for_each(|(key, placed)| self.show(*key, placed.as_ref()))
    }
    /// Whether no waiting command lies over any state.
    fn is_bare(&mut self) -> Result<bool, Self::Fault> {
        Ok(self.overlaid()?.is_empty())
    }
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
    /// The life of the server this PC knows; [`Life`] of epoch 1, settled, on a new shelf.
    fn life(&mut self) -> Result<Life, Self::Fault>;
    /// Moves to another life, or further on in one.
    fn set_life(&mut self, life: Life) -> Result<(), Self::Fault>;
    /// Every command that is kept, and every one that waits with an answer, waits again without
    /// one, in the order of their numbers and before those that never had one: what the answer
    /// said stands in `recorded`, with this epoch; a `recorded` that is there already stays where
    /// there is no answer. Nothing is predicted of them.
    fn all_wait_again(&mut self, epoch: u32) -> Result<(), Self::Fault>;
    /// Adds every number, and every open held mark, of the confirmed documents of this year and the
    /// last to the witnesses, beside those that are kept from before (SYNC R7, R11).
    fn keep_witnesses(&mut self) -> Result<(), Self::Fault>;
    /// Adds one number that the entry `seq` gave, though its state is not here yet.
    fn keep_witness(&mut self, witness: Witness, seq: u64) -> Result<(), Self::Fault>;
    /// All witnesses.
    fn witnesses(&mut self) -> Result<Vec<Witness>, Self::Fault>;
    /// Every state, shown or confirmed, is of version 0: no log of this life has it yet.
    fn forget_versions(&mut self) -> Result<(), Self::Fault>;
    /// What is confirmed (shown, where nothing lies over it) and still of version 0, while a
    /// server that was set back is read: the log of this life does not have it.
    fn orphans(&mut self) -> Result<Vec<State>, Self::Fault>;
    /// What was offered. It may be forgotten at any time, and is offered again then.
    fn offered(&mut self) -> &mut Offered;
}

/// What a server that was set back has been offered of the states it may lack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// With the last call.
    asked: BTreeSet<Key>,
    /// It has taken them. One that is still an orphan is seen by other officers of this PC than who
    /// reads, who will not get it back however often it is offered (R28).
    told: BTreeSet<Key>,
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
    let mut waiting = Waiting {
        command: command.clone(),
        envelope,
        ack: None,
        recorded: None,
        predicted: Vec::new(),
    };
    if !command.act.waits_for_log() {
        waiting.predicted = lay_over(shelf, &change)?;
    }
    shelf.keep_waiting(&waiting)?;
    Ok(change)
}

/// Takes over a book from the PC beside this one, both without a line: its state there is what
/// this PC numbers on from, until the log has seen the hand-over (SYNC 2.5). False when this PC
/// knows an epoch as high already.
///
/// # Errors
/// Faults of the shelf.
pub fn receive_book<S: Shelf>(shelf: &mut S, book: &Book) -> Result<bool, S::Fault> {
    let shown = shelf.shown(Key::Book(book.id))?;
    let epoch = match shown.map(|placed| placed.state) {
        Some(State::Book(known)) => known.lease.epoch,
        Some(_) | None => 0,
    };
    // It was here before, and may have been given away since (R21).
    if epoch >= book.lease.epoch {
        return Ok(false);
    }
    shelf.keep_handed(book)?;
    let state = State::Book(Box::new(book.clone()));
    lay_over(shelf, &Change { states: Vec::from([state]), trail: Vec::new() })?;
    Ok(true)
}

/// The server was set back from a copy: this PC reads it again from the beginning, then offers what
/// it has seen, then sends its commands again with what was said of them (SYNC 2.9). What is on the
/// screen stays until the server shows otherwise. Says whether that is news.
///
/// # Errors
/// Faults of the shelf.
pub fn begin_anew<S: Shelf>(shelf: &mut S, epoch: u32) -> Result<bool, S::Fault> {
    let before = shelf.life()?;
    if epoch <= before.epoch {
        return Ok(false);
    }
    // A PC that had not read the last life to its end shows states of two lives: nothing is
    // certain of them together. The cursor says less than it seems: before the last page it passes
    // entries whose states come later, since others touched them again (R26).
    let read = before.anew == Anew::Settled && before.read_to.epoch == before.epoch;
    let read_to = if read { before.read_to } else { ReadTo { epoch: before.epoch, seq: 0 } };
    shelf.keep_witnesses()?;
    for waiting in shelf.all_waiting()? {
        if let Some((seq, witness)) = number_answered(&waiting) {
            shelf.keep_witness(witness, seq)?;
        }
    }
    shelf.all_wait_again(before.epoch)?;
    shelf.forget_versions()?;
    shelf.set_cursor(0)?;
    *shelf.offered() = Offered::default();
    shelf.set_life(Life { epoch, anew: Anew::Reading, read_to })?;
    Ok(true)
}

/// The number that the log gave to a document of a command, as the answer said before the state
/// came. Who carries the command for this PC may come first, and knows nothing of it (SYNC R25).
#[expect(clippy::wildcard_enum_match_arm, reason = "these two ask the log for a number")]
fn number_answered(waiting: &Waiting) -> Option<(u64, Witness)> {
    let (seq, stamp) = waiting.ack.as_ref().filter(|(_, said)| said.outcome == Outcome::Ok)?;
    let (of, book) = match &waiting.command.act {
        Act::RegisterIncoming(given) => (Key::Incoming(given.document), given.book),
        Act::RegisterOutgoing { document, book, .. } => (Key::Outgoing(*document), *book),
        _ => return None,
    };
    let (no, on) = stamp.no.zip(stamp.on)?;
    Some((*seq, Witness { of, number: NumberSeen { book, no, on, held: false } }))
}

/// What is to be offered with the next call, if anything; no command is sent with it.
///
/// # Errors
/// Faults of the shelf.
pub fn offer<S: Shelf>(shelf: &mut S) -> Result<Option<Offer>, S::Fault> {
    let life = shelf.life()?;
    if life.anew != Anew::Offering {
        return Ok(None);
    }
    let mut states = Vec::new();
    let mut bytes = 0;
    let mut asked = BTreeSet::new();
    for state in untold(shelf)? {
        let Ok(text) = serde_json::to_string(&state) else { continue };
        bytes += text.len();
        if bytes > OFFERED_BYTES_MAX && !states.is_empty() {
            break;
        }
        if let Ok(text) = RawValue::from_string(text) {
            states.push(StateSent { ver: 0, state: text });
            asked.insert(state.key());
        }
    }
    shelf.offered().asked = asked;
    Ok(Some(Offer { witnesses: shelf.witnesses()?, states, read_to: life.read_to }))
}

/// What the server may lack and was not told yet.
fn untold<S: Shelf>(shelf: &mut S) -> Result<Vec<State>, S::Fault> {
    let mut orphans = shelf.orphans()?;
    let Offered { told, .. } = shelf.offered();
    orphans.retain(|state| !told.contains(&state.key()));
    Ok(orphans)
}

/// Whether commands may be sent: not before a server that was set back knows what was seen.
///
/// # Errors
/// Faults of the shelf.
pub fn may_push<S: Shelf>(shelf: &mut S) -> Result<bool, S::Fault> {
    Ok(shelf.life()?.anew == Anew::Settled)
}

/// After the last page of an answer: notes how far all was read, or goes a step further with a
/// server that was set back.
fn goes_on<S: Shelf>(
    shelf: &mut S,
    answer: &SyncAnswer,
    taken: &mut Taken,
) -> Result<(), S::Fault> {
    let life = shelf.life()?;
    let all_known = match life.anew {
        Anew::Settled => {
            let read_to = ReadTo { epoch: life.epoch, seq: answer.to };
            if life.read_to == read_to {
                return Ok(());
            }
            return shelf.set_life(Life { read_to, ..life });
        }
        Anew::Reading => shelf.witnesses()?.is_empty(),
        Anew::Offering => answer.offer_taken,
    };
    if answer.offer_taken {
        let Offered { asked, told } = shelf.offered();
        told.append(asked);
    }
    if all_known && untold(shelf)?.is_empty() {
        *shelf.offered() = Offered::default();
        shelf.set_life(Life { anew: Anew::Settled, ..life })?;
        return run_again(shelf, taken);
    }
    shelf.set_life(Life { anew: Anew::Offering, ..life })
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
    let mut taken = Taken::default();
    if answer.epoch != shelf.life()?.epoch {
        taken.stale = true;
        return Ok(taken);
    }
    for ack in &answer.acks {
        shelf.acknowledge((ack.dev, ack.n), ack.seq, &ack.stamp)?;
    }
    if answer.from != shelf.cursor()? {
        taken.stale = true;
        return Ok(taken);
    }
    let come = states.iter().map(|placed| (placed.state.key(), Some(placed)));
    let gone = answer.gone.iter().map(|gone| (gone.of, None));
    let mut news = BTreeSet::new();
    // A first copy, and whatever comes to who only reads, needs no look at what waits.
    let bare = shelf.is_bare()?;
    if bare {
        let all: Vec<_> = come.chain(gone).map(|(key, placed)| (key, placed.cloned())).collect();
        taken.changed.extend(all.iter().map(|(key, _)| *key));
        shelf.show_all(all)?;
    } else {
        for (key, placed) in come.chain(gone) {
            news.insert(key);
            place(shelf, key, placed, &mut taken)?;
        }
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
    if !answer.more {
        goes_on(shelf, answer, &mut taken)?;
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
        let predicted = run(shelf, &waiting)?;
        taken.changed.extend(predicted.iter().map(|(key, _)| *key));
        shelf.predict((waiting.command.dev, waiting.command.n), &predicted)?;
        taken.run_again += 1;
    }
    Ok(())
}

/// What the log would say of a waiting command now, laid over what is shown.
fn run<S: Shelf>(shelf: &mut S, waiting: &Waiting) -> Result<Vec<(Key, Hash)>, S::Fault> {
    let command = &waiting.command;
    if command.act.waits_for_log() {
        return Ok(Vec::new());
    }
    let mut picture = Picture::new();
    for _ in 0..ASKS_MAX {
        let foreseen = match &waiting.recorded {
            Some(recorded) => foresee_again(&picture, command, recorded),
            None => foresee(&picture, command),
        };
        match foreseen {
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
