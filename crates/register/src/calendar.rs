//! The working calendar: weekends, holidays (lunar ones too), and what was decided for a year.
//!
//! Bộ luật Lao động 2019 Đ111, Đ112. Swaps and the days of Tết are decided each year and cannot be
//! computed, so a year without its decided days answers "provisional" (tạm tính).
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::incoming::Urgency;
use crate::moment::{date_from_days, days_of};

/// Working days a deadline may span; about four years.
pub const WORKING_DAYS_MAX: u32 = 1000;

/// What a decided day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday.
    Holiday,
    /// Off because a holiday fell on a weekly day off (Đ111.3).
    CompensatoryOff,
    /// Off in exchange for a make-up day.
    SwappedOff,
    /// A Saturday or Sunday that is worked.
    MakeupWorking,
}

/// One decided day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedDay {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Its name, or the decision it rests on.
    pub name: String,
}

/// All days of a year that differ from a plain week, as decided and editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedYear {
    /// The year.
    pub year: i16,
    /// The days; every holiday of the year stands here.
    pub days: Vec<DecidedDay>,
    /// The decision: `TB 9441/TB-BNV`.
    pub basis: String,
}

/// A day that was counted, and whether it rests on computed holidays only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// A year in between has no decided days yet: "tạm tính".
    pub provisional: bool,
}

/// The calendar of an agency.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    decided: BTreeMap<i16, BTreeMap<Date, DayKind>>,
}

impl Calendar {
    /// A calendar that knows these years.
    pub fn new<'a>(years: impl IntoIterator<Item = &'a DecidedYear>) -> Calendar {
        let of = |year: &DecidedYear| year.days.iter().map(|day| (day.date, day.kind)).collect();
        Calendar { decided: years.into_iter().map(|year| (year.year, of(year))).collect() }
    }

    /// Whether the days of the year were decided.
    pub fn is_decided(&self, year: i16) -> bool {
        self.decided.contains_key(&year)
    }

    /// Whether the office works that day.
    pub fn is_working(&self, date: Date) -> bool {
        self.is_working_in(date, &mut Computed::new())
    }

    fn is_working_in(&self, date: Date, computed: &mut Computed) -> bool {
        let weekend = is_weekend(date);
        match self.decided.get(&date.year()) {
            Some(days) => match days.get(&date) {
                Some(DayKind::MakeupWorking) => true,
                Some(DayKind::Holiday | DayKind::CompensatoryOff | DayKind::SwappedOff) => false,
                None => !weekend,
            },
            None => !weekend && !of_year(computed, date.year()).contains(&date),
        }
    }

    /// The first working day after a day.
    pub fn next_working(&self, date: Date) -> Due {
        self.after(date, 1)
    }

    /// The n-th working day after a day; the day itself is not counted. 0 is the day itself. The
    /// count ends where dates end.
    pub fn after(&self, date: Date, working_days: u32) -> Due {
        let wanted = working_days.min(WORKING_DAYS_MAX);
        let (mut day, mut counted) = (days_of(date), 0);
        let mut provisional = !self.is_decided(date.year());
        let last = days_of(Date::MAX);
        let mut computed = Computed::new();
        while counted < wanted && day < last {
            day += 1;
            let at = date_from_days(day);
            provisional |= !self.is_decided(at.year());
            counted += u32::from(self.is_working_in(at, &mut computed));
        }
        Due { date: date_from_days(day), provisional }
    }

    /// Working days in the span after `from` up to and with `to`; negative when `to` is earlier.
    pub fn working_days(&self, from: Date, to: Date) -> i32 {
        let (low, high, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        // A span that no deadline can have is counted by plain weeks.
        let span = days_of(high) - days_of(low);
        if span > i64::from(WORKING_DAYS_MAX) * 2 {
            return sign * i32::try_from(span * 5 / 7).unwrap_or(i32::MAX);
        }
        let mut computed = Computed::new();
        let worked = (days_of(low) + 1..=days_of(high))
            .filter(|day| self.is_working_in(date_from_days(*day), &mut computed))
            .count();
        sign * i32::try_from(worked).unwrap_or(i32::MAX)
    }

    /// Days after `from` up to `to` that are no weekend and yet not worked: "trừ 24/11".
    pub fn skipped(&self, from: Date, to: Date) -> Vec<Date> {
        let mut computed = Computed::new();
        (days_of(from) + 1..=days_of(to))
            .take(366)
            .map(date_from_days)
            .filter(|date| !is_weekend(*date) && !self.is_working_in(*date, &mut computed))
            .collect()
    }

    /// The last day to register or submit what came on a day: the same day, at the latest the next
    /// working day; at once when urgent (NĐ 30/2020 Đ4.2c, Đ23.1).
    pub fn handle_by(&self, came: Date, urgency: Urgency) -> Due {
        match urgency {
            Urgency::Normal => self.next_working(came),
            Urgency::Urgent | Urgency::VeryUrgent | Urgency::Express => {
                Due { date: came, provisional: false }
            }
        }
    }
}

/// Computed holidays of the years that a count has come through.
type Computed = BTreeMap<i16, BTreeSet<Date>>;

fn of_year(computed: &mut Computed, year: i16) -> &BTreeSet<Date> {
    computed.entry(year).or_insert_with(|| computed_days(year))
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The holidays of a year by the law alone, with the days off that replace those on weekends.
pub fn computed_days(year: i16) -> BTreeSet<Date> {
    let fixed = [(1, 1), (4, 30), (5, 1), (9, 1), (9, 2), (11, 24)];
    let mut days: BTreeSet<Date> = fixed
        .iter()
        // Ngày Văn hóa Việt Nam: NQ 28/2026/QH16, from 2026.
        .filter(|(month, _)| *month != 11 || year >= 2026)
        .filter_map(|(month, day)| Date::new(year, *month, *day).ok())
        .collect();
    let lunar = |found: Option<assets::MonthDay>| {
        found.and_then(|found| Date::new(year, found.month as i8, found.day as i8).ok())
    };
    let of_table = u16::try_from(year).unwrap_or(0);
    days.extend(lunar(assets::hung_kings_day(of_table)));
    if let Some(first) = lunar(assets::lunar_new_year(of_table)) {
        // One day before and four from mùng 1: the usual choice; the decision of the year wins.
        days.extend((-1..=3).map(|step| date_from_days(days_of(first) + step)));
    }
    let on_weekend: Vec<Date> = days.iter().copied().filter(|day| is_weekend(*day)).collect();
    for holiday in on_weekend {
        let mut day = days_of(holiday) + 1;
        while is_weekend(date_from_days(day)) || days.contains(&date_from_days(day)) {
            day += 1;
        }
        days.insert(date_from_days(day));
    }
    days
}
