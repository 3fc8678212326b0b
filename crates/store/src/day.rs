//! The order of documents: entry day times 2^24 plus a place within the day, given once.
use jiff::civil::Date;

use register::State;

/// Bits of the place within a day: 16 million documents.
pub(crate) const DAY_BITS: u32 = 24;
/// The last place within a day.
pub(crate) const DAY_MASK: i64 = (1 << DAY_BITS) - 1;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1 January 1970.
pub(crate) fn day_of(date: Date) -> i64 {
    i64::from(date.since(EPOCH).map_or(0, |span| span.get_days()))
}

/// The date of a day number.
pub(crate) fn date_of(day: i64) -> Date {
    let days = i32::try_from(day).unwrap_or(0);
    EPOCH.checked_add(jiff::Span::new().days(days.clamp(-700_000, 2_900_000))).unwrap_or(EPOCH)
}

/// The first place of a day.
pub(crate) fn day_start(day: i64) -> i64 {
    day << DAY_BITS
}

/// The day of a place.
pub(crate) fn day_of_ord(ord: i64) -> i64 {
    ord >> DAY_BITS
}

/// Where a document wants to stand: its entry day, and a place within it by the moment it was
/// entered, so that every PC has the documents of a day in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// When it came, or when it was drafted.
    pub day: i64,
    /// The place; the next free one behind it is taken.
    pub ord: i64,
}

/// Milliseconds between two places on the day itself, and on the days after it.
const DAY_STEP_MS: i64 = 21;
const LATER_STEP_MS: i64 = 1000;
/// Places of the day itself, and of the 48 days after it; what was entered later stands behind.
const DAY_PLACES: i64 = 1 << (DAY_BITS - 2);
const LATER_PLACES: i64 = 1 << (DAY_BITS - 2);
/// Midnight at the office is so much before midnight of the world's clock.
const OFFICE_AHEAD_MS: i64 = 7 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// The place a document wants.
pub(crate) fn wanted(state: &State) -> Option<Wanted> {
    let (date, at) = match state {
        State::Incoming(document) => (document.arrived_on, document.registered_at),
        State::Outgoing(document) => (document.drafted_at.date(), document.drafted_at),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => return None,
    };
    let day = day_of(date);
    let midnight = day.saturating_mul(DAY_MS).saturating_sub(OFFICE_AHEAD_MS);
    let since = at.0.saturating_sub(midnight).max(0);
    let within = match since.checked_sub(DAY_MS).filter(|later| *later >= 0) {
        None => since / DAY_STEP_MS,
        Some(later) => DAY_PLACES + (later / LATER_STEP_MS).min(LATER_PLACES),
    };
    Some(Wanted { day, ord: day_start(day) + within })
}
