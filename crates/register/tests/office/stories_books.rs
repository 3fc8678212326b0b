//! Stories of books: how numbers start, go on, wait, are voided and are re-entered from paper.
use expect_test::expect;
use register::{Act, Direction, Holder, Key, LeaseClaim, Opening, Refusal, Where};

use crate::cast::{
    ARRIVALS, HUNG, LAN, LETTERS, MAI, Office, TU, arrival, day, doc, give, issue, waiting,
};

fn paper(to: u32, last: &str) -> Act {
    Act::PaperRange {
        book: ARRIVALS,
        year: day(last).year(),
        to,
        last_date: day(last),
        reason: "mất điện".into(),
    }
}

fn claim(office: &Office, year: i16, number: u32) -> LeaseClaim {
    LeaseClaim { number, ..office.next(ARRIVALS, year) }
}

#[test]
fn numbers_start_at_01_on_the_first_of_january_and_the_old_year_is_over() {
    let mut office = Office::open();
    office.on("2026-12-31T08:00");
    office.arrives(1, "2026-12-30").unwrap();
    office.arrives(2, "2026-12-31").unwrap();
    office.on("2027-01-04T08:00");
    office.arrives(3, "2027-01-04").unwrap();
    expect![[r#"
        01  2026-12-30  Công văn thứ 1
        02  2026-12-31  Công văn thứ 2
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2026));
    expect![[r#"
        01  2027-01-04  Công văn thứ 3
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2027));
    assert_eq!(office.arrives(4, "2026-12-31"), Err(Refusal::YearOver { later: 2027 }));
}

#[test]
fn a_book_that_started_inside_a_year_goes_on_after_the_old_one() {
    let mut office = Office::founded();
    let opening = Some(Opening { last_number: 150, last_date: day("2026-03-01") });
    let name = String::from("Văn bản đến");
    let direction = Direction::Incoming;
    let open = Act::OpenBook { book: ARRIVALS, name, direction, kinds: Vec::new(), opening };
    office.does(TU, open).unwrap();
    office.does(LAN, Act::TakeLease { book: ARRIVALS }).unwrap();
    assert_eq!(
        office.arrives(1, "2026-02-27"),
        Err(Refusal::DateBeforeLast { last: day("2026-03-01") })
    );
    office.arrives(1, "2026-03-01").unwrap();
    assert_eq!(office.incoming(1).number, Some(151));
}

/// The old book on paper has numbers of 2026, so the new one gave 01 of 2025 a second time.
#[test]
fn a_book_opened_inside_a_year_gives_no_number_of_the_year_before() {
    let mut office = Office::founded();
    office.on("2026-01-20T08:00");
    let opening = Some(Opening { last_number: 12, last_date: day("2026-01-15") });
    let name = String::from("Văn bản đến");
    let direction = Direction::Incoming;
    let open = Act::OpenBook { book: ARRIVALS, name, direction, kinds: Vec::new(), opening };
    office.does(TU, open).unwrap();
    office.does(LAN, Act::TakeLease { book: ARRIVALS }).unwrap();
    assert_eq!(office.arrives(1, "2025-12-30"), Err(Refusal::YearOver { later: 2026 }));
}

#[test]
fn a_void_keeps_its_line_and_the_next_number_is_the_next_one() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-18").unwrap();
    office.arrives(2, "2026-11-19").unwrap();
    let void = Act::Void { document: doc(1), outgoing: false, reason: "ghi nhầm sổ".into() };
    office.does(LAN, void.clone()).unwrap();
    office.arrives(3, "2026-11-20").unwrap();
    expect![[r#"
        01  2026-11-18  Công văn thứ 1  (huỷ: ghi nhầm sổ)
        02  2026-11-19  Công văn thứ 2
        03  2026-11-20  Công văn thứ 3
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2026));
    assert_eq!(office.does(LAN, void), Err(Refusal::Voided));
}

#[test]
fn a_number_is_the_next_one_and_dates_do_not_go_back() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-19").unwrap();
    let skipped = claim(&office, 2026, 5);
    assert_eq!(
        office.claims(LAN, arrival(2, "2026-11-20"), skipped),
        Err(Refusal::NotNext { next: 2 })
    );
    assert_eq!(
        office.arrives(2, "2026-11-18"),
        Err(Refusal::DateBeforeLast { last: day("2026-11-19") })
    );
    assert_eq!(
        office.arrives(2, "2026-11-21"),
        Err(Refusal::DateInFuture { today: day("2026-11-20") })
    );
    let other_year = claim(&office, 2025, 1);
    assert_eq!(office.claims(LAN, arrival(2, "2026-11-20"), other_year), Err(Refusal::Malformed));
}

#[test]
fn the_second_clerk_does_not_hold_the_book_and_her_document_awaits_its_number() {
    let mut office = Office::open();
    let next = office.next(ARRIVALS, 2026);
    assert_eq!(
        office.claims(MAI, arrival(1, "2026-11-19"), next),
        Err(Refusal::NotHolder { book: ARRIVALS, holder: Holder::Device(crate::cast::pc(LAN)) })
    );
    assert_eq!(
        office.does(MAI, arrival(1, "2026-11-19")),
        Err(Refusal::Missing { field: Where::Slip })
    );
    office.does(MAI, waiting(1, "2026-11-19")).unwrap();
    office.arrives(2, "2026-11-20").unwrap();
    assert_eq!(office.does(LAN, give(1)), Err(Refusal::Malformed));
    let next = office.next(ARRIVALS, 2026);
    office.claims(LAN, give(1), next).unwrap();
    let next = office.next(ARRIVALS, 2026);
    assert_eq!(office.claims(LAN, give(1), next), Err(Refusal::HasNumber));
    expect![[r#"
        01  2026-11-20  Công văn thứ 2
        02  2026-11-20  Công văn thứ 1
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2026));
    assert_eq!(office.incoming(1).arrived_on, day("2026-11-19"), "the day it came stays");
    expect![[r#"
        20/11 08:00 Mai RegisteredAwaitingNumber “T-MAI-001”
        20/11 08:00 Lan NumberGiven number: "" → "2/2026"
    "#]]
    .assert_eq(&office.history(Key::Incoming(doc(1))));
}

#[test]
fn a_document_that_waited_over_new_year_may_be_the_first_of_the_new_year() {
    let mut office = Office::open();
    office.on("2026-12-31T16:00");
    office.does(MAI, waiting(1, "2026-12-31")).unwrap();
    office.on("2027-01-04T08:00");
    let next = office.next(ARRIVALS, 2027);
    office.claims(LAN, give(1), next).unwrap();
    let document = office.incoming(1);
    assert_eq!((document.year, document.number), (2027, Some(1)));
    assert_eq!(document.numbered_on, Some(day("2027-01-01")));
    assert_eq!(document.arrived_on, day("2026-12-31"), "it came when it came");
}

#[test]
fn a_document_that_waited_over_new_year_gets_a_number_of_the_new_year() {
    let mut office = Office::open();
    office.on("2026-12-31T16:00");
    office.does(MAI, waiting(1, "2026-12-31")).unwrap();
    office.on("2027-01-04T08:00");
    office.arrives(2, "2027-01-04").unwrap();
    let next = office.next(ARRIVALS, 2027);
    office.claims(LAN, give(1), next).unwrap();
    let document = office.incoming(1);
    assert_eq!((document.year, document.number), (2027, Some(2)));
    assert_eq!(document.numbered_on, Some(day("2027-01-04")));
}

/// The letter could be neither numbered nor changed any more: only voided and written again.
#[test]
fn a_letter_that_waited_over_new_year_gets_a_number_of_the_new_year() {
    let mut office = Office::open();
    office.on("2026-12-31T16:00");
    office.approved(1);
    office.approved(2);
    let Act::RegisterOutgoing { document, book, on, symbol, signed_on_paper, .. } =
        issue(1, "2026-12-31")
    else {
        panic!("issue registers");
    };
    let slip = Some(String::from("T-MAI-001"));
    let wait = Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper };
    office.does(MAI, wait).unwrap();
    office.on("2027-01-04T08:00");
    office.numbers(2, "2027-01-04").unwrap();
    let next = office.next(LETTERS, 2027);
    let give = Act::GiveNumber { document: doc(1), outgoing: true };
    assert_eq!(
        office.claims(LAN, give.clone(), LeaseClaim { year: 2026, number: 1, ..next }),
        Err(Refusal::YearOver { later: 2027 })
    );
    office.claims(LAN, give, next).unwrap();
    let given = office.outgoing(1).given.unwrap();
    assert_eq!((given.year, given.number, given.on), (2027, Some(2), day("2027-01-04")));
}

#[test]
fn numbers_used_on_paper_wait_and_are_filled_or_voided() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-16").unwrap();
    office.does(LAN, paper(4, "2026-11-18")).unwrap();
    office.arrives(5, "2026-11-19").unwrap();
    expect![[r#"
        01  2026-11-16  Công văn thứ 1
        02  chờ nhập lại: mất điện
        03  chờ nhập lại: mất điện
        04  chờ nhập lại: mất điện
        05  2026-11-19  Công văn thứ 5
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2026));
    let third = claim(&office, 2026, 3);
    office.claims(LAN, arrival(3, "2026-11-17"), third).unwrap();
    let void =
        |number| Act::VoidNumber {
            book: ARRIVALS, year: 2026, number, reason: "tem hỏng".into()
        };
    office.does(LAN, void(4)).unwrap();
    expect![[r#"
        01  2026-11-16  Công văn thứ 1
        02  chờ nhập lại: mất điện
        03  2026-11-17  Công văn thứ 3
        04  huỷ: tem hỏng
        05  2026-11-19  Công văn thứ 5
    "#]]
    .assert_eq(&office.lines(ARRIVALS, 2026));
    assert_eq!(office.does(LAN, void(3)), Err(Refusal::BadRange));
    assert_eq!(office.does(LAN, paper(400, "2026-11-20")), Err(Refusal::BadRange));
}

/// A statement about paper moved the last date back, and the next document got an older date.
#[test]
fn numbers_used_on_paper_do_not_take_the_dates_of_the_book_back() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-18").unwrap();
    assert_eq!(
        office.does(LAN, paper(4, "2026-11-10")),
        Err(Refusal::DateBeforeLast { last: day("2026-11-18") })
    );
}

/// 03 could be re-entered as of the 20th although 05 is of the 19th.
#[test]
fn a_number_re_entered_from_paper_keeps_its_place_among_the_dates() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-16").unwrap();
    office.does(LAN, paper(4, "2026-11-18")).unwrap();
    office.arrives(5, "2026-11-19").unwrap();
    let third = claim(&office, 2026, 3);
    assert_eq!(
        office.claims(LAN, arrival(3, "2026-11-13"), third),
        Err(Refusal::DateBeforeLast { last: day("2026-11-16") })
    );
    assert_eq!(
        office.claims(LAN, arrival(3, "2026-11-20"), third),
        Err(Refusal::NotAllowed { field: Where::Date })
    );
    office.claims(LAN, arrival(3, "2026-11-17"), third).unwrap();
    let fourth = claim(&office, 2026, 4);
    assert_eq!(
        office.claims(LAN, arrival(4, "2026-11-16"), fourth),
        Err(Refusal::DateBeforeLast { last: day("2026-11-17") })
    );
    office.claims(LAN, arrival(4, "2026-11-18"), fourth).unwrap();
    let second = claim(&office, 2026, 2);
    assert_eq!(
        office.claims(LAN, arrival(2, "2026-11-18"), second),
        Err(Refusal::NotAllowed { field: Where::Date })
    );
    office.claims(LAN, arrival(2, "2026-11-17"), second).unwrap();
}

/// In January the clerk could not enter what she had numbered on paper on 31 December.
#[test]
fn paper_of_the_last_days_of_december_is_re_entered_in_january() {
    let mut office = Office::open();
    office.on("2026-12-31T16:00");
    office.arrives(1, "2026-12-30").unwrap();
    office.does(LAN, paper(2, "2026-12-31")).unwrap();
    office.on("2027-01-04T08:00");
    office.arrives(3, "2027-01-04").unwrap();
    let second = claim(&office, 2026, 2);
    office.claims(LAN, arrival(2, "2026-12-31"), second).unwrap();
    assert_eq!(office.incoming(2).number, Some(2));
}

#[test]
fn a_waiting_document_can_take_a_number_that_was_used_on_paper() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-16").unwrap();
    office.does(MAI, waiting(2, "2026-11-13")).unwrap();
    office.does(LAN, paper(2, "2026-11-17")).unwrap();
    office.arrives(3, "2026-11-20").unwrap();
    let second = claim(&office, 2026, 2);
    office.claims(LAN, give(2), second).unwrap();
    assert_eq!(office.incoming(2).numbered_on, Some(day("2026-11-16")));
}

#[test]
fn a_book_is_taken_once_opened_once_and_takes_nothing_when_closed() {
    let mut office = Office::open();
    assert!(matches!(
        office.does(MAI, Act::TakeLease { book: ARRIVALS }),
        Err(Refusal::NotHolder { .. })
    ));
    let (name, direction) = (String::from("Văn bản đến"), Direction::Incoming);
    let kinds = Vec::new();
    let again = Act::OpenBook { book: ARRIVALS, name, direction, kinds, opening: None };
    assert_eq!(office.does(TU, again), Err(Refusal::Exists { what: Key::Book(ARRIVALS) }));
    let set =
        |open| Act::SetBook { book: ARRIVALS, name: "Sổ đến".into(), kinds: Vec::new(), open };
    assert!(matches!(office.does(LAN, set(false)), Err(Refusal::Forbidden { .. })));
    office.does(HUNG, set(false)).unwrap();
    assert_eq!(office.arrives(1, "2026-11-20"), Err(Refusal::WrongBook { book: ARRIVALS }));
    office.does(HUNG, set(true)).unwrap();
    office.arrives(1, "2026-11-20").unwrap();
}

/// A book of invitations took every kind.
#[test]
fn a_book_takes_only_the_kinds_it_names() {
    let mut office = Office::open();
    let kinds = vec![String::from("quyet-dinh")];
    let name = String::from("Quyết định đến");
    office.does(TU, Act::SetBook { book: ARRIVALS, name, kinds, open: true }).unwrap();
    let refused = Err(Refusal::WrongBook { book: ARRIVALS });
    assert_eq!(office.arrives(1, "2026-11-20"), refused);
    assert_eq!(office.does(MAI, waiting(1, "2026-11-20")), refused);
}
