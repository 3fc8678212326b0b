//! Working days and office hours of a made-up agency.
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use register::{Calendar, Moment};

use super::chance::Chance;

/// Minutes after midnight at which the office is open: two halves of a day.
const MORNING: (u32, u32) = (7 * 60 + 5, 11 * 60 + 25);
const AFTERNOON: (u32, u32) = (13 * 60 + 35, 16 * 60 + 50);

/// The working days between two days, both included.
pub(crate) fn working_days(calendar: &Calendar, from: Date, to: Date) -> Vec<Date> {
    from.series(1.day())
        .take_while(|day| *day <= to)
        .filter(|day| calendar.is_working(*day))
        .collect()
}

/// So many working days before a day; the day itself is not counted.
pub(crate) fn working_days_before(calendar: &Calendar, day: Date, count: u32) -> Date {
    let mut left = count;
    let mut at = day;
    while left > 0 {
        at = at.saturating_sub(1.day());
        left -= u32::from(calendar.is_working(at));
    }
    at
}

/// The instant of a minute of a day.
pub(crate) fn at_minute(day: Date, minute: u32) -> Moment {
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let time = Time::new(hour as i8, minute as i8, 0, 0).unwrap_or(Time::midnight());
    Moment::of(DateTime::from_parts(day, time))
}

/// Some instant of a day in office hours.
pub(crate) fn in_office(day: Date, chance: &mut Chance) -> Moment {
    let (from, to) = if chance.percent(60) { MORNING } else { AFTERNOON };
    let seconds = i64::from(chance.between(0, 59));
    Moment(at_minute(day, chance.between(from, to)).0 + seconds * 1000)
}

/// An instant a while later: the same day when the office is still open, else the next morning.
pub(crate) fn a_while_later(
    calendar: &Calendar,
    at: Moment,
    minutes: u32,
    chance: &mut Chance,
) -> Moment {
    let later = Moment(at.0 + i64::from(minutes) * 60_000);
    if later <= at_minute(at.date(), AFTERNOON.1) {
        return later;
    }
    let next = calendar.next_working(at.date()).date;
    Moment(at_minute(next, MORNING.0).0 + i64::from(chance.between(0, 5_400)) * 1000)
}

/// Some instant in office hours so many working days later.
pub(crate) fn days_later(
    calendar: &Calendar,
    at: Moment,
    days: u32,
    chance: &mut Chance,
) -> Moment {
    if days == 0 {
        return a_while_later(calendar, at, 40, chance);
    }
    in_office(calendar.after(at.date(), days).date, chance)
}
