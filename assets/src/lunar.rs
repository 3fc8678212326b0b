//! Lunar feasts as Gregorian days: mùng 1 Tết and Giỗ Tổ (10/3 âm lịch), 1976 to 2100.
//!
//! Computed once by Hồ Ngọc Đức's algorithm on the Vietnamese meridian (UTC+7), which in some years
//! (1985, 2007, 2030, 2053) leads to another day than the Chinese calendar.

use core::ops::RangeInclusive;

/// The years the tables cover.
pub const LUNAR_YEARS: RangeInclusive<u16> = 1976..=2100;

const LUNAR_YEAR_FIRST: u16 = 1976;
const LUNAR_YEAR_COUNT: usize = 125;

/// A day of a Gregorian year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Returns the Gregorian day of mùng 1 Tết in `year`, or nothing outside [`LUNAR_YEARS`].
pub fn lunar_new_year(year: u16) -> Option<MonthDay> {
    of_year(&NEW_YEAR, year)
}

/// Returns the Gregorian day of Giỗ Tổ Hùng Vương (10/3 âm lịch) in `year`, or nothing outside
/// [`LUNAR_YEARS`].
pub fn hung_kings_day(year: u16) -> Option<MonthDay> {
    of_year(&HUNG_KINGS, year)
}

fn of_year(table: &[(u8, u8); LUNAR_YEAR_COUNT], year: u16) -> Option<MonthDay> {
    let row = year.checked_sub(LUNAR_YEAR_FIRST)?;
    let &(month, day) = table.get(usize::from(row))?;
    Some(MonthDay { month, day })
}

/// Mùng 1 Tết, one (month, day) a year from 1976.
#[rustfmt::skip]
const NEW_YEAR: [(u8, u8); LUNAR_YEAR_COUNT] = [
    (1, 31), (2, 18), (2, 7), (1, 28), (2, 16), (2, 5), (1, 25), (2, 13),
    (2, 2), (1, 21), (2, 9), (1, 29), (2, 17), (2, 6), (1, 27), (2, 15),
    (2, 4), (1, 23), (2, 10), (1, 31), (2, 19), (2, 7), (1, 28), (2, 16),
    (2, 5), (1, 24), (2, 12), (2, 1), (1, 22), (2, 9), (1, 29), (2, 17),
    (2, 7), (1, 26), (2, 14), (2, 3), (1, 23), (2, 10), (1, 31), (2, 19),
    (2, 8), (1, 28), (2, 16), (2, 5), (1, 25), (2, 12), (2, 1), (1, 22),
    (2, 10), (1, 29), (2, 17), (2, 6), (1, 26), (2, 13), (2, 2), (1, 23),
    (2, 11), (1, 31), (2, 19), (2, 8), (1, 28), (2, 15), (2, 4), (1, 24),
    (2, 12), (2, 1), (1, 22), (2, 10), (1, 30), (2, 17), (2, 6), (1, 26),
    (2, 14), (2, 2), (1, 23), (2, 11), (2, 1), (2, 18), (2, 8), (1, 28),
    (2, 15), (2, 4), (1, 24), (2, 12), (2, 2), (1, 21), (2, 9), (1, 29),
    (2, 17), (2, 5), (1, 26), (2, 14), (2, 3), (1, 23), (2, 11), (1, 31),
    (2, 19), (2, 7), (1, 27), (2, 15), (2, 5), (1, 24), (2, 12), (2, 2),
    (1, 22), (2, 9), (1, 29), (2, 17), (2, 6), (1, 26), (2, 14), (2, 3),
    (1, 24), (2, 10), (1, 30), (2, 18), (2, 7), (1, 27), (2, 15), (2, 5),
    (1, 25), (2, 12), (2, 1), (1, 21), (2, 9),
];

/// Mùng 10 tháng Ba, one (month, day) a year from 1976.
#[rustfmt::skip]
const HUNG_KINGS: [(u8, u8); LUNAR_YEAR_COUNT] = [
    (4, 9), (4, 27), (4, 16), (4, 6), (4, 24), (4, 14), (4, 3), (4, 22),
    (4, 10), (4, 29), (4, 18), (4, 7), (4, 25), (4, 15), (4, 5), (4, 24),
    (4, 12), (4, 1), (4, 20), (4, 9), (4, 27), (4, 16), (4, 6), (4, 25),
    (4, 14), (4, 3), (4, 22), (4, 11), (4, 28), (4, 18), (4, 7), (4, 26),
    (4, 15), (4, 4), (4, 23), (4, 12), (3, 31), (4, 19), (4, 9), (4, 28),
    (4, 16), (4, 6), (4, 25), (4, 14), (4, 2), (4, 21), (4, 10), (4, 29),
    (4, 18), (4, 7), (4, 26), (4, 16), (4, 4), (4, 23), (4, 12), (4, 1),
    (4, 19), (4, 9), (4, 28), (4, 17), (4, 6), (4, 24), (4, 13), (4, 3),
    (4, 20), (4, 10), (4, 29), (4, 19), (4, 7), (4, 26), (4, 15), (4, 4),
    (4, 22), (4, 11), (4, 1), (4, 20), (4, 9), (4, 28), (4, 17), (4, 6),
    (4, 24), (4, 13), (4, 2), (4, 21), (4, 10), (3, 31), (4, 19), (4, 8),
    (4, 26), (4, 15), (4, 4), (4, 23), (4, 11), (4, 1), (4, 20), (4, 9),
    (4, 27), (4, 16), (4, 5), (4, 24), (4, 13), (4, 2), (4, 21), (4, 11),
    (3, 30), (4, 18), (4, 7), (4, 26), (4, 14), (4, 3), (4, 22), (4, 12),
    (4, 1), (4, 20), (4, 9), (4, 28), (4, 16), (4, 5), (4, 24), (4, 13),
    (4, 2), (4, 21), (4, 11), (4, 29), (4, 18),
];

#[cfg(test)]
mod tests {
    use super::{LUNAR_YEARS, MonthDay, hung_kings_day, lunar_new_year};

    fn day(month: u8, day: u8) -> Option<MonthDay> {
        Some(MonthDay { month, day })
    }

    #[test]
    fn tet_and_gio_to_fall_on_the_days_of_the_vietnamese_almanac() {
        let almanac = [
            (1985, (1, 21), (4, 29)),
            (2007, (2, 17), (4, 26)),
            (2024, (2, 10), (4, 18)),
            (2025, (1, 29), (4, 7)),
            (2026, (2, 17), (4, 26)),
            (2027, (2, 6), (4, 16)),
            (2028, (1, 26), (4, 4)),
            (2029, (2, 13), (4, 23)),
            (2030, (2, 2), (4, 12)),
            (2031, (1, 23), (4, 1)),
            (2032, (2, 11), (4, 19)),
            (2033, (1, 31), (4, 9)),
        ];
        for (year, tet, gio_to) in almanac {
            assert_eq!(lunar_new_year(year), day(tet.0, tet.1), "Tết {year}");
            assert_eq!(hung_kings_day(year), day(gio_to.0, gio_to.1), "Giỗ Tổ {year}");
        }
    }

    #[test]
    fn every_year_of_the_table_has_a_tet_in_its_season_and_no_other_year_has_one() {
        for year in LUNAR_YEARS {
            let tet = lunar_new_year(year).expect("a year of the table");
            let gio_to = hung_kings_day(year).expect("a year of the table");
            assert!(day(1, 20) < Some(tet) && Some(tet) < day(2, 22), "Tết {year}: {tet:?}");
            assert!(day(3, 27) < Some(gio_to) && Some(gio_to) < day(5, 1), "{year}: {gio_to:?}");
        }
        assert_eq!(lunar_new_year(1975), None);
        assert_eq!(lunar_new_year(2101), None);
        assert_eq!(hung_kings_day(0), None);
    }

    #[test]
    fn the_holidays_published_from_2015_to_2035_agree() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/data/5_holidays/vn_public_holidays_2015_2035.csv"
        );
        let Ok(published) = std::fs::read_to_string(path) else { return };
        let mut compared = 0;
        for line in published.lines().skip(1) {
            let fields: std::vec::Vec<&str> = line.split(',').collect();
            let date: std::vec::Vec<u16> =
                fields[0].split('-').map(|part| part.parse().unwrap()).collect();
            let published = day(date[1] as u8, date[2] as u8);
            match fields[1] {
                "Tết Nguyên Đán" => assert_eq!(lunar_new_year(date[0]), published),
                "Ngày Giỗ Tổ Hùng Vương" => assert_eq!(hung_kings_day(date[0]), published),
                _ => continue,
            }
            compared += 1;
        }
        assert_eq!(compared, 42, "two feasts in each of 21 years");
    }
}
