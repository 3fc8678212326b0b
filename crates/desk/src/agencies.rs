//! The directory of agencies as this PC holds it: found by name and code, without any server.
mod asked;
mod bits;
mod index;
mod shipped;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use register::{AgencyId, Listed};

use asked::Asked;
use bits::Bits;
use index::{Closeness, Index};

/// Entries found at a time.
pub(crate) const FOUND_MAX: usize = 200;
/// Heirs proposed for one that ended.
pub(crate) const HEIRS_SHOWN_MAX: usize = 5;
/// Bodies looked at while heirs are followed.
const FOLLOWED_MAX: usize = 200;

/// All agencies this PC knows, with an index of their words.
pub(crate) struct Agencies {
    /// In the order of Vietnamese dictionaries.
    listed: Vec<Listed>,
    index: Index,
    /// Where each id stands; that of a unit whose place was taken leads to who took it.
    places: Vec<(AgencyId, u32)>,
    /// The entries with a number of the national catalogue, in its order.
    units: Vec<u32>,
}

/// An agency that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// What the directory says of it.
    pub(crate) listed: Listed,
    /// For one that ended: who is there today in its place, the most likely first.
    pub(crate) heirs: Vec<Listed>,
}

impl Agencies {
    /// Makes the directory of what a server listed and of the units that came with the program.
    ///
    /// An entry of the server takes the place of the unit with its number.
    pub(crate) fn of(of_a_server: Vec<Listed>) -> Agencies {
        let (listed, aliases) = merged(of_a_server);
        let (listed, index) = Index::build(listed);
        let numbered = || listed.iter().zip(0u32..);
        let mut places: Vec<(AgencyId, u32)> =
            numbered().map(|(one, entry)| (one.id, entry)).collect();
        places.sort_unstable();
        let taken = |id: &AgencyId| place_of(&places, *id);
        let also: Vec<(AgencyId, u32)> =
            aliases.iter().filter_map(|(unit, by)| taken(by).map(|entry| (*unit, entry))).collect();
        places.extend(also);
        places.sort_unstable();
        let mut units: Vec<(&str, u32)> = numbered()
            .filter(|(one, _)| !one.unit.is_empty())
            .map(|(one, entry)| (one.unit.as_str(), entry))
            .collect();
        units.sort_unstable();
        let units = units.into_iter().map(|(_, entry)| entry).collect();
        Agencies { listed, index, places, units }
    }

    /// Finds those of which every typed word begins a word of the name or of what stands above, or
    /// a code; the number of a unit counts when it was typed whole.
    ///
    /// Marks may be left out; those that were typed are meant. First come those on the exchange,
    /// then the others that are there today, then those that are not; in each of these a whole name
    /// comes before the beginning of one, and this before words that stand anywhere.
    pub(crate) fn find(&self, typed: &str, today: Date, limit: usize) -> Vec<Found> {
        let limit = limit.min(FOUND_MAX);
        let mut groups: BTreeMap<(Standing, Closeness), Vec<u32>> = BTreeMap::new();
        for (entry, closeness) in self.matching(&Asked::read(typed)) {
            let Some(listed) = self.entry(entry) else { continue };
            let group = groups.entry((Standing::of(listed, today), closeness)).or_default();
            if group.len() < limit {
                group.push(entry);
            }
        }
        let entries = groups.values().flatten().take(limit);
        entries.filter_map(|entry| self.entry(*entry)).map(|one| self.found(one, today)).collect()
    }

    /// Every entry, in the order of Vietnamese dictionaries.
    pub(crate) fn all(&self) -> &[Listed] {
        &self.listed
    }

    /// What the directory says of an agency.
    pub(crate) fn get(&self, id: AgencyId) -> Option<&Listed> {
        place_of(&self.places, id).and_then(|entry| self.entry(entry))
    }

    /// An agency with who is there today in its place, where it has ended.
    pub(crate) fn whom(&self, id: AgencyId, today: Date) -> Option<Found> {
        self.get(id).map(|listed| self.found(listed, today))
    }

    /// Who has a code, or had it: one that is there today before one that is not, the code of today
    /// before one of another time. The number of a unit is read where no code is such.
    pub(crate) fn by_code(&self, code: &str, today: Date) -> Option<&Listed> {
        let code = asked::code(code.trim())?;
        let is_its_own = |one: &Listed| asked::code(&one.code).as_ref() == Some(&code);
        let coded = self.index.coded(&code).whole;
        let coded = coded.iter().filter_map(|entry| self.entry(entry));
        let best = coded.min_by_key(|one| (Standing::of(one, today), !is_its_own(one)));
        let numbered = || self.with_unit(&code).filter_map(|entry| self.entry(entry));
        best.or_else(|| numbered().min_by_key(|one| Standing::of(one, today)))
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.listed.len()
    }

    /// The entries with all that was typed, and how close they are.
    fn matching(&self, asked: &Asked) -> Vec<(u32, Closeness)> {
        if asked.words.is_empty() {
            return Vec::new();
        }
        let hits: Vec<_> = asked.words.iter().map(|word| self.index.hits(word)).collect();
        let mut left = Bits::all(self.index.len());
        let mut codes = vec![Bits::all(self.index.len()); asked.codes.len()];
        for (word, hits) in asked.words.iter().zip(&hits) {
            let entries = self.index.entries(hits);
            match word.code.and_then(|code| codes.get_mut(code)) {
                Some(code) => code.keep(&entries),
                None => left.keep(&entries),
            }
        }
        let (mut begun, mut whole) = (Bits::none(self.index.len()), Bits::none(self.index.len()));
        for (typed, mut entries) in asked.codes.iter().zip(codes) {
            let mut coded = self.index.coded(typed);
            self.with_unit(typed).for_each(|entry| coded.whole.add(entry));
            begun.add_all(&coded.begun);
            whole.add_all(&coded.whole);
            entries.add_all(&coded.begun);
            entries.add_all(&coded.whole);
            left.keep(&entries);
        }
        let close = |entry| match (whole.has(entry), begun.has(entry)) {
            (true, _) => Closeness::Whole,
            (false, true) => Closeness::Begun.min(self.index.closeness(entry, &hits)),
            (false, false) => self.index.closeness(entry, &hits),
        };
        left.iter().map(|entry| (entry, close(entry))).collect()
    }

    fn with_unit(&self, unit: &str) -> impl Iterator<Item = u32> {
        let of = |entry: u32| self.entry(entry).map_or("", |one| one.unit.as_str());
        let from = self.units.partition_point(|entry| of(*entry) < unit);
        let units = self.units.iter().skip(from).copied();
        units.take_while(move |entry| of(*entry) == unit)
    }

    fn entry(&self, entry: u32) -> Option<&Listed> {
        self.listed.get(entry as usize)
    }

    fn found(&self, listed: &Listed, today: Date) -> Found {
        let has_ended = listed.to.is_some_and(|to| to < today);
        let heirs = if has_ended { self.heirs(listed, today) } else { Vec::new() };
        Found { listed: listed.clone(), heirs }
    }

    /// Who is there today in the place of one that ended; heirs that ended too lead on to theirs.
    fn heirs(&self, ended: &Listed, today: Date) -> Vec<Listed> {
        let mut heirs = Vec::new();
        let mut followed = BTreeSet::from([ended.id]);
        let mut ahead: Vec<AgencyId> = ended.heirs.iter().rev().copied().collect();
        while let Some(id) = ahead.pop() {
            if followed.len() > FOLLOWED_MAX || heirs.len() == HEIRS_SHOWN_MAX {
                break;
            }
            let Some(heir) = self.get(id) else { continue };
            if !followed.insert(heir.id) {
                continue;
            }
            if heir.is_there(today) {
                heirs.push(heir.clone());
            } else {
                ahead.extend(heir.heirs.iter().rev());
            }
        }
        heirs
    }
}

/// Whether something can be sent to it, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    OnExchange,
    There,
    NotThere,
}

impl Standing {
    fn of(listed: &Listed, today: Date) -> Standing {
        match (listed.is_there(today), listed.on_exchange) {
            (true, true) => Standing::OnExchange,
            (true, false) => Standing::There,
            (false, _) => Standing::NotThere,
        }
    }
}

fn place_of(places: &[(AgencyId, u32)], id: AgencyId) -> Option<u32> {
    let at = places.partition_point(|(other, _)| *other < id);
    places.get(at).filter(|(other, _)| *other == id).map(|(_, entry)| *entry)
}

/// What a server listed and the units whose place nobody took; and who took the place of the rest.
fn merged(of_a_server: Vec<Listed>) -> (Vec<Listed>, BTreeMap<AgencyId, AgencyId>) {
    // What was said last of an agency holds.
    let mut by_id: BTreeMap<AgencyId, Listed> =
        of_a_server.into_iter().map(|one| (one.id, one)).collect();
    let mut units = shipped::units();
    let numbers: BTreeSet<String> = by_id.values().map(|one| one.unit.clone()).collect();
    let mut by_number: BTreeMap<&str, Vec<&Listed>> = BTreeMap::new();
    for unit in units.iter().filter(|unit| numbers.contains(&unit.unit)) {
        by_number.entry(&unit.unit).or_default().push(unit);
    }
    let mut aliases = BTreeMap::new();
    for one in by_id.values_mut() {
        let lives = by_number.get(one.unit.as_str()).map_or(&[][..], Vec::as_slice);
        let Some(unit) = same_life(lives, one) else { continue };
        // The first of several with one number takes its place; the others stand beside it.
        aliases.entry(unit.id).or_insert(one.id);
        // A server that says only when a body ended leaves open who came after it.
        if one.to.is_some() && one.heirs.is_empty() {
            one.heirs.clone_from(&unit.heirs);
        }
    }
    units.retain(|unit| !aliases.contains_key(&unit.id) && !by_id.contains_key(&unit.id));
    units.extend(by_id.into_values());
    (units, aliases)
}

/// Which of the units that had one number is meant: that of the same time.
fn same_life<'a>(units: &[&'a Listed], one: &Listed) -> Option<&'a Listed> {
    let end = |one: &Listed| one.to.unwrap_or(Date::MAX);
    let then = units.iter().filter(|unit| end(unit) >= end(one)).min_by_key(|unit| end(unit));
    then.or_else(|| units.iter().max_by_key(|unit| end(unit))).copied()
}
