//! Days off as the law fixes them, and as the Prime Minister decided them year by year.
//!
//! Swaps cannot be computed: in a year outside [`DECIDED_YEARS`] deadlines are provisional
//! ("tạm tính").

use core::ops::RangeInclusive;

use crate::MonthDay;

/// The years whose days off were decided and stand in [`DECIDED_DAYS`], complete.
pub const DECIDED_YEARS: RangeInclusive<u16> = 2024..=2026;

/// What a decided day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A public holiday itself, also where it falls on a weekend.
    Holiday,
    /// Off because a holiday fell on a weekly day off (Bộ luật Lao động, Điều 111.3).
    CompensatoryOff,
    /// A working day made free in exchange for a Saturday.
    SwappedOff,
    /// A Saturday worked in exchange for a day off.
    MakeupWorking,
}

/// A day off, or a Saturday worked, by decision for one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecidedDay {
    /// The Gregorian year.
    pub year: u16,
    /// The day in that year.
    pub date: MonthDay,
    /// What it is.
    pub kind: DayKind,
    /// The name on screen.
    pub name: &'static str,
}

/// A holiday that falls on the same Gregorian day every year (Bộ luật Lao động 2019, Điều 112).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedHoliday {
    /// The day.
    pub date: MonthDay,
    /// The first year it is kept.
    pub year_first: u16,
    /// The name on screen.
    pub name: &'static str,
}

/// Returns the decided days of `year` in order, none where the year was not decided.
pub fn decided_days(year: u16) -> impl Iterator<Item = &'static DecidedDay> {
    DECIDED_DAYS.iter().filter(move |day| day.year == year)
}

/// The holidays fixed in the Gregorian year.
///
/// Quốc khánh has a second day, before or after, by yearly choice; Tết has five, by yearly choice;
/// Giỗ Tổ follows the moon.
pub const FIXED_HOLIDAYS: [FixedHoliday; 5] = [
    fixed(1, 1, 1976, "Tết Dương lịch"),
    fixed(4, 30, 1976, "Ngày Chiến thắng"),
    fixed(5, 1, 1976, "Ngày Quốc tế lao động"),
    fixed(9, 2, 1976, "Quốc khánh"),
    fixed(11, 24, 2026, "Ngày Văn hóa Việt Nam"),
];

/// Every decided day, in order of date.
#[rustfmt::skip]
pub const DECIDED_DAYS: [DecidedDay; 45] = [
    holiday(2024, 1, 1, "Tết Dương lịch"),
    holiday(2024, 2, 8, "Tết Nguyên đán"),
    holiday(2024, 2, 9, "Tết Nguyên đán"),
    holiday(2024, 2, 10, "Tết Nguyên đán"),
    holiday(2024, 2, 11, "Tết Nguyên đán"),
    holiday(2024, 2, 12, "Tết Nguyên đán"),
    compensatory_off(2024, 2, 13, "Nghỉ bù Tết Nguyên đán"),
    compensatory_off(2024, 2, 14, "Nghỉ bù Tết Nguyên đán"),
    holiday(2024, 4, 18, "Giỗ Tổ Hùng Vương"),
    swapped_off(2024, 4, 29, "Hoán đổi với thứ Bảy 04/5/2024"),
    holiday(2024, 4, 30, "Ngày Chiến thắng"),
    holiday(2024, 5, 1, "Ngày Quốc tế lao động"),
    makeup_working(2024, 5, 4, "Làm bù cho thứ Hai 29/4/2024"),
    holiday(2024, 9, 2, "Quốc khánh"),
    holiday(2024, 9, 3, "Quốc khánh"),
    holiday(2025, 1, 1, "Tết Dương lịch"),
    holiday(2025, 1, 27, "Tết Nguyên đán"),
    holiday(2025, 1, 28, "Tết Nguyên đán"),
    holiday(2025, 1, 29, "Tết Nguyên đán"),
    holiday(2025, 1, 30, "Tết Nguyên đán"),
    holiday(2025, 1, 31, "Tết Nguyên đán"),
    holiday(2025, 4, 7, "Giỗ Tổ Hùng Vương"),
    makeup_working(2025, 4, 26, "Làm bù cho thứ Sáu 02/5/2025"),
    holiday(2025, 4, 30, "Ngày Chiến thắng"),
    holiday(2025, 5, 1, "Ngày Quốc tế lao động"),
    swapped_off(2025, 5, 2, "Hoán đổi với thứ Bảy 26/4/2025"),
    holiday(2025, 9, 1, "Quốc khánh"),
    holiday(2025, 9, 2, "Quốc khánh"),
    holiday(2026, 1, 1, "Tết Dương lịch"),
    swapped_off(2026, 1, 2, "Hoán đổi với thứ Bảy 10/01/2026"),
    makeup_working(2026, 1, 10, "Làm bù cho thứ Sáu 02/01/2026"),
    holiday(2026, 2, 16, "Tết Nguyên đán"),
    holiday(2026, 2, 17, "Tết Nguyên đán"),
    holiday(2026, 2, 18, "Tết Nguyên đán"),
    holiday(2026, 2, 19, "Tết Nguyên đán"),
    holiday(2026, 2, 20, "Tết Nguyên đán"),
    holiday(2026, 4, 26, "Giỗ Tổ Hùng Vương"),
    compensatory_off(2026, 4, 27, "Nghỉ bù Giỗ Tổ Hùng Vương"),
    holiday(2026, 4, 30, "Ngày Chiến thắng"),
    holiday(2026, 5, 1, "Ngày Quốc tế lao động"),
    makeup_working(2026, 8, 22, "Làm bù cho thứ Hai 31/8/2026"),
    swapped_off(2026, 8, 31, "Hoán đổi với thứ Bảy 22/8/2026"),
    holiday(2026, 9, 1, "Quốc khánh"),
    holiday(2026, 9, 2, "Quốc khánh"),
    holiday(2026, 11, 24, "Ngày Văn hóa Việt Nam"),
];

const fn fixed(month: u8, day: u8, year_first: u16, name: &'static str) -> FixedHoliday {
    FixedHoliday { date: MonthDay { month, day }, year_first, name }
}

const fn holiday(year: u16, month: u8, day: u8, name: &'static str) -> DecidedDay {
    DecidedDay { year, date: MonthDay { month, day }, kind: DayKind::Holiday, name }
}

const fn compensatory_off(year: u16, month: u8, day: u8, name: &'static str) -> DecidedDay {
    DecidedDay { year, date: MonthDay { month, day }, kind: DayKind::CompensatoryOff, name }
}

const fn swapped_off(year: u16, month: u8, day: u8, name: &'static str) -> DecidedDay {
    DecidedDay { year, date: MonthDay { month, day }, kind: DayKind::SwappedOff, name }
}

const fn makeup_working(year: u16, month: u8, day: u8, name: &'static str) -> DecidedDay {
    DecidedDay { year, date: MonthDay { month, day }, kind: DayKind::MakeupWorking, name }
}

#[cfg(test)]
mod tests {
    use std::{format, fs, string::String, vec::Vec};

    use super::{DECIDED_DAYS, DECIDED_YEARS, DayKind, DecidedDay, FIXED_HOLIDAYS, decided_days};
    use crate::{hung_kings_day, lunar_new_year};

    fn iso(day: &DecidedDay) -> String {
        format!("{:04}-{:02}-{:02}", day.year, day.date.month, day.date.day)
    }

    #[test]
    fn the_days_stand_in_order_and_every_decided_year_has_its_eleven_holidays_or_more() {
        let dates: Vec<String> = DECIDED_DAYS.iter().map(iso).collect();
        assert!(dates.is_sorted_by(|one, next| one < next));
        assert!(DECIDED_DAYS.iter().all(|day| DECIDED_YEARS.contains(&day.year)));
        for year in DECIDED_YEARS {
            let holidays = decided_days(year).filter(|day| day.kind == DayKind::Holiday).count();
            assert_eq!(holidays, if year < 2026 { 11 } else { 12 }, "{year}");
        }
    }

    #[test]
    fn a_saturday_is_worked_for_every_day_that_was_swapped() {
        for year in DECIDED_YEARS {
            let of = |kind| decided_days(year).filter(|day| day.kind == kind).count();
            assert_eq!(of(DayKind::SwappedOff), of(DayKind::MakeupWorking), "{year}");
        }
    }

    #[test]
    fn the_fixed_and_the_lunar_feasts_are_among_the_decided_days() {
        for year in DECIDED_YEARS {
            let fixed = FIXED_HOLIDAYS.iter().filter(|day| day.year_first <= year);
            let feasts =
                fixed.map(|day| day.date).chain(lunar_new_year(year)).chain(hung_kings_day(year));
            for feast in feasts {
                let decided = decided_days(year).find(|day| day.date == feast);
                assert_eq!(decided.map(|day| day.kind), Some(DayKind::Holiday), "{feast:?}");
            }
        }
    }

    #[test]
    fn the_published_lists_agree_on_every_weekday_off_and_every_saturday_worked() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/5_holidays/");
        let read = |name: &str| fs::read_to_string(format!("{folder}{name}"));
        let (Ok(off), Ok(worked)) =
            (read("vn_public_holidays_2015_2035.csv"), read("vn_makeup_workdays.csv"))
        else {
            return;
        };
        let dates = |list: &str| -> Vec<String> {
            list.lines()
                .skip(1)
                .filter_map(|line| line.split(',').next())
                .map(String::from)
                .collect()
        };
        let (off, worked) = (dates(&off), dates(&worked));
        // The published lists leave out the swap of 02/01/2026, which was announced late.
        let late = ["2026-01-02", "2026-01-10"];
        for day in DECIDED_DAYS.iter().filter(|day| !late.contains(&iso(day).as_str())) {
            let list = if day.kind == DayKind::MakeupWorking { &worked } else { &off };
            assert!(list.contains(&iso(day)), "{} {}", iso(day), day.name);
        }
        // 01/02/2025 is a Saturday which the list counts as the sixth day of Tết.
        for date in off.iter().chain(&worked).filter(|date| date.as_str() != "2025-02-01") {
            let year: u16 = date.split('-').next().expect("an ISO date").parse().expect("a year");
            let known = DECIDED_DAYS.iter().any(|day| &iso(day) == date);
            assert!(known || !DECIDED_YEARS.contains(&year), "{date} is missing");
        }
    }
}
