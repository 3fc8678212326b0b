//! Instants and the office's civil date: every date on a document is Asia/Ho_Chi_Minh.
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

/// UTC+7 all year: Vietnam has kept no summer time since 1975.
pub const OFFICE_OFFSET_MS: i64 = 7 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// An instant in milliseconds since 1970 UTC, as the device knew it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The civil date at the office.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// The civil date and time at the office; clamped to the years 1 to 9999.
    pub fn civil(self) -> DateTime {
        let local = self.0.saturating_add(OFFICE_OFFSET_MS);
        let days = local.div_euclid(DAY_MS).clamp(-700_000, 2_900_000);
        let millis = local.rem_euclid(DAY_MS);
        let date = date_from_days(days);
        let (hour, rest) = (millis / 3_600_000, millis % 3_600_000);
        let (minute, rest) = (rest / 60_000, rest % 60_000);
        let (second, milli) = (rest / 1000, rest % 1000);
        let time = Time::new(hour as i8, minute as i8, second as i8, (milli * 1_000_000) as i32)
            .unwrap_or(Time::midnight());
        DateTime::from_parts(date, time)
    }

    /// The instant of a civil date and time at the office.
    pub fn of(at: DateTime) -> Moment {
        let time = at.time();
        let seconds = i64::from(time.hour()) * 3600
            + i64::from(time.minute()) * 60
            + i64::from(time.second());
        let millis = seconds * 1000 + i64::from(time.millisecond());
        Moment(days_of(at.date()) * DAY_MS + millis - OFFICE_OFFSET_MS)
    }
}

/// Days since 1 January 1970 (Howard Hinnant's civil calendar arithmetic, integers only).
pub(crate) fn days_of(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day number; the caller keeps it within the years 1 to 9999.
pub(crate) fn date_from_days(days: i64) -> Date {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted - era * 146_097;
    let of_era_year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
    let part = (5 * of_year + 2) / 153;
    let day = of_year - (153 * part + 2) / 5 + 1;
    let month = if part < 10 { part + 3 } else { part - 9 };
    let year = of_era_year + era * 400 + i64::from(month <= 2);
    Date::new(year as i16, month as i8, day as i8).unwrap_or(Date::constant(1970, 1, 1))
}
