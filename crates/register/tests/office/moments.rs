//! Instants and civil dates: the office's day begins at midnight in Hà Nội, wherever the PC is.
use jiff::civil::{Date, DateTime};
use register::{Moment, OFFICE_OFFSET_MS};

use crate::cast::day;

const DAY_MS: i64 = 86_400_000;

#[test]
fn every_day_of_three_centuries_comes_back_as_itself() {
    let mut date = day("1900-01-01");
    let mut before = Moment::of(date.at(0, 0, 0, 0)).0 - DAY_MS;
    while date.year() <= 2200 {
        let midnight = Moment::of(date.at(0, 0, 0, 0));
        assert_eq!(midnight.0 - before, DAY_MS, "{date}");
        assert_eq!(midnight.date(), date);
        assert_eq!(midnight.civil(), date.at(0, 0, 0, 0));
        let last = Moment(midnight.0 + DAY_MS - 1);
        assert_eq!(last.civil(), date.at(23, 59, 59, 999_000_000));
        assert_eq!(Moment::of(last.civil()), last);
        before = midnight.0;
        date = date.tomorrow().unwrap();
    }
}

#[test]
fn the_day_changes_at_midnight_in_ha_noi() {
    let utc: DateTime = "2026-11-20T17:00:00".parse().unwrap();
    let seventeen_utc = Moment::of(utc).0 + OFFICE_OFFSET_MS;
    assert_eq!(Moment(seventeen_utc - 1).date(), day("2026-11-20"));
    assert_eq!(Moment(seventeen_utc).date(), day("2026-11-21"));
    assert_eq!(Moment(0).civil(), day("1970-01-01").at(7, 0, 0, 0));
    assert_eq!(Moment(-OFFICE_OFFSET_MS - 1).date(), day("1969-12-31"));
}

#[test]
fn no_instant_is_too_early_or_too_late_for_a_date() {
    for at in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX] {
        let year = Moment(at).date().year();
        assert!((1..=9999).contains(&year), "{at} is in {year}");
    }
    assert!(Moment::of(Date::MIN.at(0, 0, 0, 0)) < Moment::of(Date::MAX.at(0, 0, 0, 0)));
}
