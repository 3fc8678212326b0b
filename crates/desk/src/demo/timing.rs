//! Days of the scene counted back from the last one on which the office was open.
use jiff::civil::Date;
use register::{Calendar, Moment};

use crate::fill::{at_minute, working_days_before};

/// The office day in minutes after midnight.
const OPENS: u32 = 7 * 60;
const CLOSES: u32 = 17 * 60;
/// Today counts once so many minutes of it are over.
const TODAY_COUNTS_AFTER: u32 = 20;

/// When things happen in the scene.
pub(super) struct Timing {
    calendar: Calendar,
    now: Moment,
    last: Date,
    /// What deadlines are counted from: today, or the next working day.
    base: Date,
}

impl Timing {
    /// The days before a moment.
    pub fn of(calendar: &Calendar, now: Moment) -> Timing {
        let today = now.date();
        let counts =
            calendar.is_working(today) && at_minute(today, OPENS + TODAY_COUNTS_AFTER) <= now;
        let last = if counts { today } else { working_days_before(calendar, today, 1) };
        let base =
            if calendar.is_working(today) { today } else { calendar.next_working(today).date };
        Timing { calendar: calendar.clone(), now, last, base }
    }

    /// The last day of the scene.
    pub fn last_day(&self) -> Date {
        self.last
    }

    /// The day so many working days before the last one.
    pub fn day(&self, days_ago: u32) -> Date {
        working_days_before(&self.calendar, self.last, days_ago)
    }

    /// An instant of a day; a day that is not over yet is told in less time.
    pub fn at(&self, days_ago: u32, minute: u32) -> Moment {
        let day = self.day(days_ago);
        let whole = at_minute(day, minute.clamp(OPENS, CLOSES));
        let opens = at_minute(day, OPENS).0;
        let closes = at_minute(day, CLOSES).0;
        if self.now.0 >= closes {
            return whole;
        }
        // One minute is left, so that no act of the scene lies after the last.
        let passed = (self.now.0 - opens - 60_000).max(0);
        Moment(opens + (whole.0 - opens) * passed / (closes - opens))
    }

    /// A deadline so many working days from today; before it when negative.
    pub fn due(&self, days: i32) -> Date {
        match u32::try_from(days) {
            Ok(days) => self.calendar.after(self.base, days).date,
            Err(_) => working_days_before(&self.calendar, self.base, days.unsigned_abs()),
        }
    }
}
