//! Tests of the demo commune.
use contract::Desk as _;
use contract::{DocumentFilter, Nothing, TaskFilter, TaskView, WindowAsked};
use jiff::civil::{DateTime, date};
use register::Moment;
use tempfile::TempDir;

use super::make;
use crate::desk::{Desk, Start};

fn commune(now: DateTime) -> TempDir {
    let folder = TempDir::new().unwrap();
    make(folder.path(), Moment::of(now), 1).unwrap();
    folder
}

fn desk_of(folder: &TempDir, seat: &str) -> Desk {
    let seat = Some(seat.to_owned());
    let start = Start { profile: folder.path().to_owned(), keeps_up: false, seat };
    Desk::open(start).unwrap()
}

fn total(desk: &Desk, state: &str) -> u64 {
    let filter = DocumentFilter { state: Some(state.to_owned()), ..DocumentFilter::default() };
    desk.documents(WindowAsked { filter, first: 0, count: 5 }).unwrap().total
}

#[test]
fn the_demo_commune_has_documents_in_every_state_and_a_seat_for_every_role() {
    let folder = commune(date(2026, 11, 18).at(14, 2, 0, 0));
    for (seat, name) in [
        ("clerk", "Phan Thị Mỹ Lệ"),
        ("leader", "Lê Quang Thạch"),
        ("head", "Nguyễn Văn Đạt"),
        ("official", "Trương Thị Thuỳ Trang"),
        ("admin", "Đinh Công Sáng"),
    ] {
        let desk = desk_of(&folder, seat);
        let session = desk.session(Nothing {}).unwrap();
        assert_eq!(session.officer.unwrap().name, name, "{seat}");
        assert!(session.demo);
    }
    let desk = desk_of(&folder, "clerk");
    let states = [
        "to_submit",
        "awaiting_directive",
        "in_progress",
        "awaiting_acceptance",
        "done",
        "draft",
        "submitted",
        "returned",
        "approved",
        "to_send",
        "sent",
        "void",
        "open",
        "urgent",
    ];
    for state in states {
        assert!(total(&desk, state) > 0, "{state}");
    }
    assert_eq!(desk.tray(Nothing {}).unwrap().cards.len(), 3);
    assert!(desk.verify(Nothing {}).unwrap().findings.is_empty());
}

#[test]
fn a_demo_commune_can_be_made_at_any_hour_of_any_day() {
    // Before the office opens on the first working day of a year, a holiday, Tết, mid-morning.
    for now in [
        date(2026, 1, 5).at(6, 10, 0, 0),
        date(2026, 2, 18).at(12, 0, 0, 0),
        date(2026, 9, 4).at(7, 25, 0, 0),
        date(2027, 3, 7).at(23, 59, 0, 0),
    ] {
        let folder = commune(now);
        let desk = desk_of(&folder, "clerk");
        assert!(total(&desk, "awaiting_directive") > 0, "{now}");
    }
}

#[test]
fn tasks_of_the_demo_commune_are_open_overdue_and_closed() {
    let folder = commune(date(2026, 11, 18).at(14, 2, 0, 0));
    let desk = desk_of(&folder, "leader");
    let all = desk.tasks(TaskFilter { view: TaskView::All, ..TaskFilter::default() }).unwrap();
    let standings: std::collections::BTreeSet<String> =
        all.rows.iter().map(|row| format!("{:?}", row.standing)).collect();
    for wanted in ["NotStarted", "InProgress", "AwaitingAcceptance", "Returned"] {
        assert!(standings.contains(wanted), "{wanted} in {standings:?}");
    }
}
