//! The working calendar against the decisions of the years, the moon and published lists.
use std::path::Path;

use jiff::civil::{Date, Weekday, date};
use register::{
    Calendar, DayKind, DecidedDay, DecidedYear, Due, Urgency, WORKING_DAYS_MAX, computed_days,
};

use crate::cast::day;

fn kind_of(kind: assets::DayKind) -> DayKind {
    match kind {
        assets::DayKind::Holiday => DayKind::Holiday,
        assets::DayKind::CompensatoryOff => DayKind::CompensatoryOff,
        assets::DayKind::SwappedOff => DayKind::SwappedOff,
        assets::DayKind::MakeupWorking => DayKind::MakeupWorking,
    }
}

fn decided(year: u16) -> DecidedYear {
    let of = |day: &assets::DecidedDay| DecidedDay {
        date: date(day.year as i16, day.date.month as i8, day.date.day as i8),
        kind: kind_of(day.kind),
        name: day.name.into(),
    };
    let days = assets::decided_days(year).map(of).collect();
    DecidedYear { year: year as i16, days, basis: "TB 9441/TB-BNV".into() }
}

fn of_2026() -> Calendar {
    Calendar::new(&[decided(2026)])
}

fn firmly(text: &str) -> Due {
    Due { date: day(text), provisional: false }
}

#[test]
fn tet_and_the_day_of_the_hung_kings_follow_the_vietnamese_moon() {
    let table = [
        ("1985-01-21", "1985-04-29"),
        ("2007-02-17", "2007-04-26"),
        ("2024-02-10", "2024-04-18"),
        ("2025-01-29", "2025-04-07"),
        ("2026-02-17", "2026-04-26"),
        ("2027-02-06", "2027-04-16"),
        ("2028-01-26", "2028-04-04"),
        ("2029-02-13", "2029-04-23"),
        ("2030-02-02", "2030-04-12"),
        ("2031-01-23", "2031-04-01"),
        ("2032-02-11", "2032-04-19"),
        ("2033-01-31", "2033-04-09"),
    ];
    for (tet, kings) in table {
        let days = computed_days(day(tet).year());
        assert!(days.contains(&day(tet)) && days.contains(&day(kings)), "{tet} {kings}");
    }
    assert!(computed_days(2033).contains(&day("2033-04-11")), "Saturday, so Monday is off");
    assert!(!computed_days(2025).contains(&day("2025-11-24")));
    assert!(computed_days(2026).contains(&day("2026-11-24")));
}

#[test]
fn a_holiday_on_a_weekend_frees_the_next_working_day_and_never_one_twice() {
    for year in 1976..=2100 {
        let days = computed_days(year);
        let weekend = |day: &&Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let off = days.iter().filter(|day| !weekend(day)).count();
        let kings = assets::hung_kings_day(year as u16).unwrap();
        let shared = matches!((kings.month, kings.day), (4, 30) | (5, 1));
        // 1 + 5 + 1 + 1 + 1 + 2 (+ 1): each holiday costs the office one day of work.
        let law = if year >= 2026 { 12 } else { 11 } - usize::from(shared);
        assert_eq!(off, law, "{year}: {days:?}");
    }
}

#[test]
fn swaps_of_2026_are_worked_and_rested_as_decided() {
    let calendar = of_2026();
    for (off, worked) in [("2026-08-31", "2026-08-22"), ("2026-01-02", "2026-01-10")] {
        assert!(!calendar.is_working(day(off)) && calendar.is_working(day(worked)));
    }
    assert!(!calendar.is_working(day("2026-08-23")), "the Sunday after is free");
    assert_eq!(calendar.next_working(day("2026-08-21")), firmly("2026-08-22"));
    assert_eq!(calendar.next_working(day("2026-08-28")), firmly("2026-09-03"));
    assert_eq!(calendar.next_working(day("2026-02-13")), firmly("2026-02-23"));
    assert_eq!(calendar.next_working(day("2026-04-24")), firmly("2026-04-28"));
    assert_eq!(calendar.skipped(day("2026-11-20"), day("2026-11-27")), [day("2026-11-24")]);
}

#[test]
fn the_n_th_working_day_and_the_days_between_agree() {
    let calendar = Calendar::new(&[decided(2024), decided(2025), decided(2026)]);
    let mut from = day("2024-01-01");
    while from < day("2026-10-01") {
        for n in [0u32, 1, 2, 5, 10, 30] {
            let due = calendar.after(from, n);
            assert!(!due.provisional, "{from} + {n}");
            assert_eq!(calendar.working_days(from, due.date), n as i32, "{from} + {n}");
            if calendar.is_working(from) {
                assert_eq!(calendar.working_days(due.date, from), -(n as i32), "{from} + {n}");
            }
        }
        from = from.tomorrow().unwrap();
    }
    assert_eq!(calendar.working_days(day("2026-11-20"), day("2026-11-20")), 0);
    assert_eq!(calendar.working_days(day("2026-11-25"), day("2026-11-23")), -1);
}

#[test]
fn a_deadline_in_a_year_without_decided_days_is_provisional() {
    let calendar = of_2026();
    assert_eq!(calendar.after(day("2026-12-30"), 1), firmly("2026-12-31"));
    let over = calendar.after(day("2026-12-31"), 1);
    assert_eq!(over, Due { date: day("2027-01-04"), provisional: true });
    assert!(calendar.after(day("2027-03-01"), 0).provisional);
    assert!(calendar.is_decided(2026) && !calendar.is_decided(2027));
}

#[test]
fn what_came_is_handled_the_next_working_day_and_urgent_papers_at_once() {
    let calendar = of_2026();
    assert_eq!(calendar.handle_by(day("2026-11-20"), Urgency::Normal), firmly("2026-11-23"));
    assert_eq!(calendar.handle_by(day("2026-11-23"), Urgency::Normal), firmly("2026-11-25"));
    for urgency in [Urgency::Urgent, Urgency::VeryUrgent, Urgency::Express] {
        assert_eq!(calendar.handle_by(day("2026-11-20"), urgency), firmly("2026-11-20"));
    }
}

/// A mistyped deadline of the year 9999 made the program count for ever.
#[test]
fn counting_ends_at_the_end_of_time() {
    let calendar = Calendar::default();
    let last = Date::MAX;
    assert_eq!(calendar.after(last, 1).date, last);
    assert_eq!(calendar.next_working(last).date, last);
    assert_eq!(calendar.working_days(last, last), 0);
    assert!(calendar.working_days(Date::MIN, Date::MAX) > 0);
    assert!(calendar.working_days(Date::MAX, Date::MIN) < 0);
    assert!(calendar.skipped(Date::MIN, Date::MAX).len() < 366);
    let far = calendar.after(day("2026-01-01"), u32::MAX);
    assert_eq!(far, calendar.after(day("2026-01-01"), WORKING_DAYS_MAX));
    assert_eq!(computed_days(i16::MIN).len(), computed_days(i16::MAX).len());
}

fn published(name: &str) -> Vec<Date> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/5_holidays");
    let text = std::fs::read_to_string(Path::new(folder).join(name)).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| line.split(',').next()?.parse().ok()).collect()
}

#[test]
fn published_lists_agree_with_the_decided_years_and_nearly_with_the_computed_ones() {
    let off = published("vn_public_holidays_2015_2035.csv");
    let worked = published("vn_makeup_workdays.csv");
    if off.is_empty() {
        return;
    }
    let calendar = Calendar::new(&[decided(2024), decided(2025), decided(2026)]);
    // The lists leave out the swap of 02/01/2026 and count 01/02/2025, a Saturday, as a holiday.
    let late = [day("2026-01-02"), day("2026-01-10")];
    let mut at = day("2024-01-01");
    while at.year() < 2027 {
        let weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        let listed = worked.contains(&at) || !weekend && !off.contains(&at);
        if !late.contains(&at) {
            assert_eq!(calendar.is_working(at), listed, "{at}");
        }
        at = at.tomorrow().unwrap();
    }
    // Outside the days of Tết and of Quốc khánh, which are chosen each year, the law alone gives
    // the published days off.
    for year in 2027..=2035 {
        let chosen = |day: &&Date| matches!(day.month(), 1 | 2 | 9);
        let weekend = |day: &&Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let law = computed_days(year);
        let law: Vec<_> = law.iter().filter(|day| !chosen(day) && !weekend(day)).collect();
        let listed = off.iter().filter(|day| day.year() == year);
        let listed: Vec<_> = listed.filter(|day| !chosen(day) && !weekend(day)).collect();
        assert_eq!(law, listed, "{year}");
    }
}
