//! The demo commune, UBND xã An Hiếu: invented people on real documents, two years of books.
mod cast;
mod past;
mod past_words;
mod scene;
mod scene_before;
mod scene_came;
mod scene_drafts;
mod scene_now;
mod scene_work;
mod seats;
mod timing;
mod waiting_cards;

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use register::Moment;

use self::timing::Timing;
use crate::fill::{
    Chance, InventFault, Office, Scribe, SetClock, Written, at_minute, working_days,
};

/// Makes the demo commune in an empty profile, as it stands at a moment.
///
/// # Errors
/// When there is a register already, and when the disk fails.
pub fn make(profile: &Path, now: Moment, seed: u64) -> Result<Written, InventFault> {
    let mut chance = Chance::new(seed);
    let first = first_day(now.date());
    let clock = Arc::new(SetClock::new(at_minute(first, 6 * 60), seed));
    let setup = |shown| cast::setup(&mut chance, shown);
    let office = Office::found(profile, Arc::clone(&clock), setup)?;
    let timing = Timing::of(&office.directory.calendar, now);
    let mut scribe = Scribe::of(&office);
    let pages = waiting_cards::store_pages(&office, profile)?;
    let days = working_days(&office.directory.calendar, first, timing.last_day());
    past::plan(&office, &mut scribe, &mut chance, &days)?;
    scene::plan(&office, &mut scribe, &timing, &pages)?;
    scribe.write_until(now)?;
    clock.set(now);
    waiting_cards::put(&office, &pages, now)?;
    let written = scribe.written();
    office.opened.store.tidy()?;
    Ok(written)
}

/// What the publisher of demos signs releases with: everybody may know it, and only a build for
/// demos believes it.
pub const PUBLISHER_SEED: [u8; 32] = *b"vanthu: publisher of demos only!";

/// The public half of it.
pub fn publisher() -> sync::wire::Hex32 {
    let key = sync::SigningKey::from_bytes(&PUBLISHER_SEED);
    sync::wire::Hex(key.verifying_key().to_bytes())
}

/// The books begin with the year before this one.
fn first_day(today: Date) -> Date {
    Date::new(today.year().saturating_sub(1), 1, 1).unwrap_or(today)
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
