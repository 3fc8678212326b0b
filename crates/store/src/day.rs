//! The order of documents: entry day times 2^24 plus a count within the day, given once.
use jiff::civil::Date;

use register::State;

/// Bits of the count within a day: 16 million documents.
pub(crate) const DAY_BITS: u32 = 24;
/// The largest count within a day.
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

/// The entry day of a document: when it came, or when it was drafted.
pub(crate) fn entry_day(state: &State) -> Option<i64> {
    match state {
        State::Incoming(document) => Some(day_of(document.arrived_on)),
        State::Outgoing(document) => Some(day_of(document.drafted_at.date())),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    }
}
