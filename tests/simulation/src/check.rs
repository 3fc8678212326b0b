//! What must hold when all is said: the invariants of the protocol, counted.
use std::collections::{BTreeMap, BTreeSet};

use register::{Act, CommandId, DocumentId, Incoming, Outcome, State};
use sync::{Hash, Link, genesis, link_hash};

use crate::broken::Broken;
use crate::cast::{ARRIVALS, ORG};
use crate::office::{Office, Reading};
use crate::pc::Pc;
use crate::tally::Tally;

/// Acts of one office: some days.
pub const OPS_OF_AN_OFFICE: u64 = 400;

/// What went wrong in one run, in words.
#[derive(Debug, Default)]
pub struct Wrong {
    /// Each with its counter and a sentence.
    pub found: Vec<(&'static str, String)>,
}

impl Wrong {
    fn add(&mut self, counter: &'static str, what: String) {
        self.found.push((counter, what));
    }
}

/// Runs one office from a seed and looks at everything when it has come to rest.
pub fn run(seed: u64, ops: u64, broken: Option<Broken>, tally: &mut Tally) -> Wrong {
    let reading = if seed.is_multiple_of(3) { Reading::TooLow } else { Reading::Right };
    let mut office = Office::open(seed, reading, broken);
    for _ in 0..ops {
        office.happens();
    }
    let mut wrong = Wrong::default();
    if !office.comes_to_rest() {
        wrong.add("stuck", "the office does not come to rest".into());
    }
    if office.unheard > 0 {
        wrong.add("stuck", format!("{} commands of living PCs do not get through", office.unheard));
    }
    let strange = office.tally.count("strange_numbers");
    if strange > 0 {
        wrong.add("strange_at_rest", format!("{strange} numbers of no holder of then or now"));
    }
    let two = office.tally.count("two_holders");
    if two > 0 {
        wrong.add("two_holders_at_rest", format!("{two} times two PCs numbered one book"));
    }
    let twice = office.tally.count("numbered_twice");
    if twice > 0 {
        wrong.add("numbered_twice_at_rest", format!("{twice} documents got a second number"));
    }
    words_stand(&office, &mut wrong);
    numbers_stand(&office, &mut wrong);
    hand_overs_stand(&office, &mut wrong);
    nothing_is_lost(&office, &mut wrong);
    all_see_the_same(&office, &mut wrong);
    papers_are_true(&mut office, &mut wrong);
    chain_holds(&office, &mut wrong);
    for (counter, _) in &wrong.found {
        office.tally.add(counter);
    }
    let waits = office.log.states.values().filter(|(_, state)| is_held(state)).count();
    office.tally.more("held_at_the_end", waits as u64);
    office.tally.more("entries", office.log.head());
    tally.join(&office.tally);
    wrong
}

/// The incoming document that a state is.
pub fn incoming(state: &State) -> Option<&Incoming> {
    if let State::Incoming(document) = state { Some(document) } else { None }
}

fn is_held(state: &State) -> bool {
    matches!(state, State::Incoming(document) if !document.held.is_empty())
}

/// R6: what was refused or held in a life that was lost is so in this one.
fn words_stand(office: &Office, wrong: &mut Wrong) {
    let trusted = |pc: &&Pc| !pc.dead && !office.is_shut_out_by_log(pc.dev);
    for sent in office.pcs.iter().filter(trusted).flat_map(|pc| &pc.shelf.sent) {
        let (Some(before), Some((_, stamp))) = (&sent.recorded, &sent.ack) else { continue };
        let (then, now) = (before.outcome.word(), stamp.outcome.word());
        // Carried by another PC it may have come without what was said of it.
        if stamp.before.is_some() && then != "ok" && then != now {
            wrong.add("renumbered", format!("{} was {then} and is {now}", sent.command.id));
        }
    }
}

/// I4, I5: numbers are start..max, each exactly one of document, void and placeholder, no document
/// has two, and their dates do not go back.
fn numbers_stand(office: &Office, wrong: &mut Wrong) {
    let Some(book) = office.log.book(ARRIVALS) else { return };
    let mut of: BTreeMap<DocumentId, (i16, u32)> = BTreeMap::new();
    for ((_, year, number), document) in &office.log.numbers {
        if of.insert(*document, (*year, *number)).is_some() {
            wrong.add("doubled", format!("{document} has two numbers"));
        }
    }
    for document in office.log.states.values().filter_map(|(_, state)| incoming(state)) {
        let own = document.number.map(|number| (document.year, number));
        if document.held.iter().any(|held| Some((held.year, held.number)) == own) {
            wrong.add("doubled", format!("{} is held for its own number", document.id));
        }
    }
    for (year, count) in &book.years {
        let mut last = None;
        for number in count.first..count.next {
            let document = office.log.numbers.get(&(ARRIVALS, *year, number));
            let ways = usize::from(document.is_some())
                + usize::from(count.voids.contains_key(&number))
                + usize::from(count.placeholder(number).is_some());
            if ways != 1 {
                wrong.add("gaps", format!("number {number} of {year} stands {ways} times"));
            }
            let Some(dated) = document.and_then(|id| office.log.incoming(*id)) else { continue };
            if dated.numbered_on < last {
                wrong.add("gaps", format!("the date of {number} of {year} goes back"));
            }
            last = dated.numbered_on;
        }
        let beyond = (ARRIVALS, *year, count.next)..=(ARRIVALS, *year, u32::MAX);
        if office.log.numbers.range(beyond).next().is_some() {
            wrong.add("gaps", format!("a number of {year} lies beyond the next one"));
        }
    }
}

/// I8: who was given the book by hand has it, unless somebody took it over or was shut out, the
/// server was set back, or a record of a mirror could not be read: a hand-over never comes before
/// what it follows (R27).
fn hand_overs_stand(office: &Office, wrong: &mut Wrong) {
    let disturbs = |act: &Act| {
        matches!(act, Act::ForceLease(_) | Act::RevokeDevice { .. } | Act::FreezeBook { .. })
    };
    let damaged = office.tally.count("mirror_damaged") > 0;
    if office.is_careless || office.log.epoch > 1 || damaged {
        return;
    }
    let calm = office.log.entries.iter().take_while(|entry| !disturbs(&entry.command.act));
    for entry in calm.filter(|entry| entry.stamp.outcome != Outcome::Ok) {
        if matches!(entry.command.act, Act::HandOverLease { .. }) {
            wrong.add("hand_over_refused", format!("{} comes too early", entry.command.id));
        }
    }
}

/// I1, I2: every command is in exactly one entry, unless it died with a PC that met nobody.
fn nothing_is_lost(office: &Office, wrong: &mut Wrong) {
    let mut seen: BTreeSet<CommandId> = BTreeSet::new();
    for entry in &office.log.entries {
        if !seen.insert(entry.command.id) {
            wrong.add("doubled", format!("{} stands in two entries", entry.command.id));
        }
    }
    for id in &office.signed {
        let author = office.set_back.get(id);
        let burnt = office.pcs.iter().any(|pc| Some(&pc.dev) == author && pc.dead);
        if !seen.contains(id) && !office.died.contains(id) && !burnt {
            wrong.add("lost", format!("{id} is in no entry"));
        }
    }
}

/// I9: in a quiet office every screen shows the states of the log.
fn all_see_the_same(office: &Office, wrong: &mut Wrong) {
    for (at, pc) in office.pcs.iter().enumerate().filter(|(_, pc)| !pc.dead) {
        let screen = pc.shelf.screen();
        if screen.len() != office.log.states.len() {
            wrong.add("diverged", format!("PC {at} shows {} states", screen.len()));
        }
        for (key, (ver, state)) in &office.log.states {
            let same = screen.get(key).is_some_and(|one| one.ver == *ver && one.state == *state);
            if !same {
                wrong.add("diverged", format!("PC {at} shows another {key:?}"));
                break;
            }
        }
    }
}

/// I6: a number that was shown as given stands, or its clash is to be seen. What nobody can see is
/// counted apart: every PC that knew of it was destroyed before it met the log (SYNC 2.11).
fn papers_are_true(office: &mut Office, wrong: &mut Wrong) {
    let held: BTreeSet<(i16, u32, DocumentId)> = office
        .log
        .states
        .values()
        .filter_map(|(_, state)| incoming(state))
        .flat_map(|document| document.held.iter().map(|held| (held.year, held.number, document.id)))
        .collect();
    let mut only_paper_knows = 0;
    for ((year, number), stamped) in &office.stamped {
        for (document, knew) in &stamped.on {
            let stands = office.log.numbers.get(&(ARRIVALS, *year, *number)) == Some(document);
            if stands || held.contains(&(*year, *number, *document)) {
                continue;
            }
            let gone = office
                .pcs
                .iter()
                .filter(|pc| knew.contains(&pc.dev))
                .all(|pc| pc.dead || office.is_shut_out_by_log(pc.dev));
            if gone {
                only_paper_knows += 1;
            } else {
                let what = format!("{number}/{year} on the paper of {document} is not to be seen");
                wrong.add("renumbered", what);
            }
        }
    }
    office.tally.more("only_paper_knows", only_paper_knows);
}

/// I3: every entry holds the hash of the one before it.
fn chain_holds(office: &Office, wrong: &mut Wrong) {
    let mut previous: Hash = genesis(ORG);
    for (at, entry) in office.log.entries.iter().enumerate() {
        let eff = serde_json::to_vec(&entry.stamp).unwrap_or_default();
        let outcome = entry.stamp.outcome.word();
        let link = Link { seq: at as u64 + 1, at: entry.at.0, outcome, eff: &eff };
        previous = link_hash(&previous, link, &entry.envelope);
        if previous != entry.hash {
            wrong.add("gaps", format!("entry {} does not follow the one before", at + 1));
        }
    }
}
