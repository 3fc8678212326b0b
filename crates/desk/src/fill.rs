//! Made-up agencies of any size, for measuring: every act is decided and signed as in earnest.
mod chance;
mod days;
mod documents;
mod fault;
mod names;
mod office;
mod scribe;
mod set_clock;
mod words;

use std::path::Path;
use std::sync::Arc;

use contract::{AgencyForm, DefaultsShown, OfficerSetup, Setup};
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::Moment;

use self::documents::Flow;
use self::words::Words;

pub(crate) use self::chance::Chance;
pub(crate) use self::days::{
    a_while_later, at_minute, days_later, in_office, working_days, working_days_before,
};
pub use self::fault::InventFault;
pub(crate) use self::fault::desk_said;
pub(crate) use self::names::Names;
pub(crate) use self::office::{Office, lacks};
pub use self::scribe::Written;
pub(crate) use self::scribe::{Scribe, Step};
pub(crate) use self::set_clock::SetClock;

/// Documents of a commune in a year.
const DOCUMENTS_PER_YEAR: u64 = 13_000;
/// Years that a register may reach back: the moon is known from 1976 on.
const YEARS_MAX: u64 = 48;
/// Documents one register is filled with at most.
pub const DOCUMENTS_MAX: u64 = 10_000_000;
/// Officers beside the five named ones.
const OFFICERS: usize = 25;
/// Days that are thought out before they are written.
const DAYS_AHEAD: usize = 4;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Documents, incoming and outgoing.
    pub documents: u64,
    /// Tasks given for a hundred incoming documents.
    pub tasks_per_hundred: u32,
    /// The same seed makes the same agency.
    pub seed: u64,
    /// The moment up to which it has worked.
    pub now: Moment,
}

/// Makes an agency in an empty profile. `heard` is told now and then how many documents there are.
///
/// # Errors
/// When there is a register already, and when the disk fails.
pub fn fill(
    profile: &Path,
    wanted: Wanted,
    heard: &mut dyn FnMut(Written),
) -> Result<Written, InventFault> {
    let mut chance = Chance::new(wanted.seed);
    let first = first_day(wanted);
    let clock = Arc::new(SetClock::new(at_minute(first, 6 * 60), wanted.seed));
    let words = Words::of(&mut chance);
    let setup = |shown| setup(&mut chance, shown);
    let office = Office::found(profile, Arc::clone(&clock), setup)?;
    let today = wanted.now.date();
    let days = working_days(&office.directory.calendar, first, today);
    // A day counts only while the office is open on it.
    let days: Vec<Date> =
        days.into_iter().filter(|day| at_minute(*day, 17 * 60) <= wanted.now).collect();
    let total = days.len() as u64;
    let mut scribe = Scribe::of(&office);
    let mut flow = Flow::of(&office, &words, chance, wanted.tasks_per_hundred)?;
    for (ahead, chunk) in days.chunks(DAYS_AHEAD).enumerate() {
        let mut last = wanted.now;
        for (within, day) in chunk.iter().enumerate() {
            let at = (ahead * DAYS_AHEAD + within) as u64;
            let of_day = wanted.documents * (at + 1) / total - wanted.documents * at / total;
            flow.day(&mut scribe, *day, of_day);
            last = at_minute(*day, 17 * 60);
        }
        scribe.write_until(last)?;
        clock.set(last);
        heard(scribe.written());
    }
    let written = scribe.written();
    office.close(wanted.now)?;
    Ok(written)
}

/// So far back that the days have as many documents as those of a commune.
fn first_day(wanted: Wanted) -> Date {
    let per_year = DOCUMENTS_PER_YEAR.max(wanted.documents.div_ceil(YEARS_MAX));
    let days = wanted.documents * 365 / per_year + 14;
    let today = wanted.now.date();
    today.saturating_sub(i64::try_from(days).unwrap_or(0).days())
}

fn setup(chance: &mut Chance, shown: DefaultsShown) -> Setup {
    let agency = AgencyForm {
        name: "Uỷ ban nhân dân xã An Hiếu".to_owned(),
        code: "H50.99.01".to_owned(),
        parent: "Uỷ ban nhân dân tỉnh Hiếu Sơn".to_owned(),
        place: "An Hiếu".to_owned(),
        ..shown.agency
    };
    let units: Vec<String> = shown.units.iter().map(|unit| unit.name.clone()).collect();
    let mut names = Names::beside([]);
    let named = [
        ("Văn thư", 0, "clerk"),
        ("Chủ tịch", usize::MAX, "leader"),
        ("Chánh Văn phòng", 0, "office_head"),
        ("Trưởng phòng", 1, "unit_head"),
        ("Quản trị mạng", 0, "administrator"),
    ];
    let officials = (0..OFFICERS).map(|at| ("Công chức", at % units.len().max(1), "official"));
    let officers = named.into_iter().chain(officials).map(|(position, unit, role)| OfficerSetup {
        name: names.next(chance),
        position: position.to_owned(),
        unit: units.get(unit).cloned().unwrap_or_default(),
        roles: vec![role.to_owned()],
        pin: String::new(),
    });
    let officers = officers.collect();
    Setup { agency, kinds: shown.kinds, units: shown.units, officers, books: shown.books }
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
