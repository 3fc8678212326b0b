//! What becomes of commands that reach the log late: stories of PCs without a line (SYNC 2.14).
use register::{
    Act, Admitted, Command, DeviceId, HeldVerdict, Holder, Key, LeaseClaim, LeaseForced, OfficerId,
    Outcome, PublicKey, Refusal, Signer, State,
};

use crate::cast::{
    AN, ARRIVALS, CUC, HUNG, LAN, MAI, Office, TU, arrival, day, doc, give, pc, waiting,
};

const EVERYBODY: [OfficerId; 6] = [LAN, MAI, HUNG, CUC, AN, TU];

/// An office whose PCs are known to the log.
fn online() -> Office {
    let mut office = Office::open();
    for officer in EVERYBODY {
        let (device, name, public) = (pc(officer), "PC".into(), PublicKey(pc_key(officer)));
        let act = Act::EnrolDevice { device, name, officer, public };
        let command = office.command(officer, act);
        assert_eq!(office.world.take_in(&command, Signer::Server).outcome, Outcome::Ok);
    }
    office
}

fn pc_key(officer: OfficerId) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&officer.0);
    key
}

fn arrives_late(office: &mut Office, command: &Command) -> Admitted {
    office.world.take_in(command, Signer::Officer)
}

/// A document numbered on the clerk's PC, not yet in the log.
fn stamped(office: &mut Office, n: u8, number: u32, epoch: u32) -> Command {
    let command = office.command(LAN, arrival(n, "2026-11-20"));
    let lease = Some(LeaseClaim { book: ARRIVALS, epoch, year: 2026, number });
    Command { lease, ..command }
}

fn forced(last_number: u32, to: Option<DeviceId>) -> Act {
    forced_seeing(None, last_number, to)
}

fn forced_seeing(epoch: Option<u32>, last_number: u32, to: Option<DeviceId>) -> Act {
    Act::ForceLease(LeaseForced {
        book: ARRIVALS,
        to,
        year: 2026,
        last_number,
        last_date: day("2026-11-20"),
        reason: "máy văn thư hỏng".into(),
        epoch,
    })
}

fn epoch(office: &Office) -> u32 {
    office.book(ARRIVALS).lease.epoch
}

#[test]
fn three_weeks_of_stamped_papers_keep_their_numbers() {
    let mut office = online();
    let epoch = epoch(&office);
    for n in 1..=40u8 {
        let command = stamped(&mut office, n, u32::from(n), epoch);
        let admitted = arrives_late(&mut office, &command);
        assert_eq!((admitted.outcome, admitted.number), (Outcome::Ok, Some(u32::from(n))));
    }
    assert_eq!(office.incoming(40).number, Some(40));
}

#[test]
fn the_same_document_registered_twice_changes_nothing() {
    let mut office = online();
    let epoch = epoch(&office);
    let first = stamped(&mut office, 1, 1, epoch);
    arrives_late(&mut office, &first);
    let again = stamped(&mut office, 1, 1, epoch);
    let admitted = arrives_late(&mut office, &again);
    assert_eq!((admitted.outcome, admitted.number), (Outcome::Ok, Some(1)));
    assert!(admitted.change.states.is_empty());
}

#[test]
fn where_the_server_holds_the_book_it_gives_the_number_in_the_same_entry() {
    let mut office = online();
    let epoch = epoch(&office);
    let released = office.command(LAN, Act::ReleaseLease { book: ARRIVALS, epoch });
    arrives_late(&mut office, &released);
    for n in 1..=2u8 {
        let command = office.command(MAI, waiting(n, "2026-11-20"));
        let admitted = arrives_late(&mut office, &command);
        assert_eq!((admitted.outcome, admitted.number), (Outcome::Ok, Some(u32::from(n))));
    }
    assert_eq!(office.incoming(2).slip, Some("T-MAI-002".into()), "the slip stays searchable");
    assert_eq!(office.book(ARRIVALS).year(2026).next, 3);
}

#[test]
fn a_second_clerk_waits_for_the_number_of_the_holder() {
    let mut office = online();
    let command = office.command(MAI, waiting(1, "2026-11-20"));
    let admitted = arrives_late(&mut office, &command);
    assert_eq!((admitted.outcome, admitted.number), (Outcome::Ok, None));
    let claim = office.next(ARRIVALS, 2026);
    office.claims(LAN, give(1), claim).unwrap();
    assert_eq!(office.incoming(1).number, Some(1));
}

#[test]
fn after_a_take_over_the_old_holders_papers_fill_what_the_paper_said_and_the_rest_is_held() {
    let mut office = online();
    let old = epoch(&office);
    for n in 1..=3u8 {
        let command = stamped(&mut office, n, u32::from(n), old);
        arrives_late(&mut office, &command);
    }
    // Lan's PC stamped 4 to 8 without a line; Cúc reads 6 as the last number on paper.
    let late: Vec<Command> =
        (4..=8u8).map(|n| stamped(&mut office, n, u32::from(n), old)).collect();
    let take_over = office.command(CUC, forced(6, Some(pc(MAI))));
    assert_eq!(arrives_late(&mut office, &take_over).outcome, Outcome::Ok);
    let claim = office.next(ARRIVALS, 2026);
    assert_eq!((claim.number, claim.epoch), (7, old + 1000));
    office.claims(MAI, arrival(20, "2026-11-20"), claim).unwrap();

    let said: Vec<&str> =
        late.iter().map(|command| arrives_late(&mut office, command).outcome.word()).collect();
    assert_eq!(said, ["ok", "ok", "ok", "held", "held"]);
    assert_eq!(office.incoming(6).number, Some(6));
    let clash = office.incoming(7);
    assert_eq!((clash.number, clash.held[0].number), (None, 7));
    assert_eq!(office.incoming(20).number, Some(7), "what is in the book is not touched");

    // The clerk decides: 7a, and a new number for the other.
    let suffix = Act::ResolveHeld {
        document: doc(7),
        outgoing: false,
        given_by: clash.held[0].command,
        verdict: HeldVerdict::Suffix,
        reason: "trùng số trên giấy".into(),
    };
    office.does(LAN, suffix).unwrap();
    assert_eq!(office.incoming(7).held[0].suffix.clone(), Some("a".into()));
    let again = Act::ResolveHeld {
        document: doc(8),
        outgoing: false,
        given_by: office.incoming(8).held[0].command,
        verdict: HeldVerdict::Renumber,
        reason: "đóng lại dấu".into(),
    };
    office.does(LAN, again).unwrap();
    let claim = office.next(ARRIVALS, 2026);
    office.claims(MAI, give(8), claim).unwrap();
    assert_eq!(office.incoming(8).number, Some(8));
}

#[test]
fn a_last_number_stated_too_low_ends_in_clashes_that_are_seen() {
    let mut office = online();
    let old = epoch(&office);
    let late: Vec<Command> =
        (1..=3u8).map(|n| stamped(&mut office, n, u32::from(n), old)).collect();
    let take_over = office.command(CUC, forced(1, Some(pc(MAI))));
    arrives_late(&mut office, &take_over);
    let said: Vec<&str> =
        late.iter().map(|command| arrives_late(&mut office, command).outcome.word()).collect();
    assert_eq!(said, ["ok", "held", "held"]);
}

#[test]
fn an_administrator_takes_over_only_with_a_second_name_and_many_numbers_need_two() {
    let mut office = online();
    assert_eq!(office.does(TU, forced(5, None)), Err(Refusal::NotConfirmed));
    office.does(HUNG, Act::ConfirmLast { book: ARRIVALS, year: 2026, last_number: 5 }).unwrap();
    assert_eq!(office.does(TU, forced(6, None)), Err(Refusal::NotConfirmed), "another number");
    office.does(TU, forced(5, None)).unwrap();
    assert_eq!(office.book(ARRIVALS).lease.holder, Holder::Server);

    let mut office = online();
    assert_eq!(office.does(CUC, forced(300, None)), Err(Refusal::NotConfirmed));
    office.does(CUC, Act::ConfirmLast { book: ARRIVALS, year: 2026, last_number: 300 }).unwrap();
    assert_eq!(office.does(CUC, forced(300, None)), Err(Refusal::NotConfirmed), "the same person");
    office.does(HUNG, Act::ConfirmLast { book: ARRIVALS, year: 2026, last_number: 300 }).unwrap();
    office.does(CUC, forced(300, None)).unwrap();
    assert_eq!(office.book(ARRIVALS).year(2026).next, 301);
}

#[test]
fn a_hand_over_without_a_line_leaves_no_two_holders() {
    let mut office = online();
    let before = epoch(&office);
    let over = Act::HandOverLease { book: ARRIVALS, epoch: before, to: pc(MAI) };
    office.does(LAN, over.clone()).unwrap();
    assert_eq!(office.book(ARRIVALS).lease.holder, Holder::Device(pc(MAI)));
    let late = stamped(&mut office, 1, 1, before);
    let admitted = arrives_late(&mut office, &late);
    assert!(matches!(admitted.outcome, Outcome::Held(Refusal::NotHolder { .. })));
    let again = office.command(LAN, over);
    assert!(matches!(arrives_late(&mut office, &again).outcome, Outcome::Rejected(_)));
}

#[test]
fn a_book_handed_to_a_pc_that_was_shut_out_meanwhile_waits_until_the_paper_was_read() {
    let mut office = online();
    let epoch = epoch(&office);
    let over = office.command(LAN, Act::HandOverLease { book: ARRIVALS, epoch, to: pc(MAI) });
    office.does(TU, Act::RevokeDevice { device: pc(MAI), reason: "mất máy".into() }).unwrap();
    assert_eq!(arrives_late(&mut office, &over).outcome, Outcome::Ok);
    assert_eq!(office.book(ARRIVALS).lease.holder, Holder::Frozen);
    let seen = Some(office.book(ARRIVALS).lease.epoch);
    office.does(CUC, forced_seeing(seen, 3, Some(pc(LAN)))).unwrap();
    assert_eq!(office.next(ARRIVALS, 2026).number, 4);
}

#[test]
fn a_clash_is_told_in_the_history_and_the_printed_slip_stays() {
    let mut office = online();
    let old = epoch(&office);
    let paper = office.command(MAI, waiting(1, "2026-11-20"));
    arrives_late(&mut office, &paper);
    let late = office.command(LAN, give(1));
    let lease = Some(LeaseClaim { book: ARRIVALS, epoch: old, year: 2026, number: 4 });
    let late = Command { lease, ..late };
    let take_over = office.command(CUC, forced(2, Some(pc(MAI))));
    arrives_late(&mut office, &take_over);
    assert_eq!(arrives_late(&mut office, &late).outcome.word(), "held");
    let document = office.incoming(1);
    assert_eq!((document.held[0].number, document.slip), (4, Some("T-MAI-001".into())));
    let stamped = stamped(&mut office, 2, 5, old);
    arrives_late(&mut office, &stamped);
    assert_eq!(office.incoming(2).slip, None, "no slip was printed for it");
    for of in [doc(1), doc(2)] {
        let history = office.history(Key::Incoming(of));
        assert!(history.contains("Lan NumberHeld number: \"\" → "), "{history}");
    }
}

#[test]
fn a_pc_whose_clock_is_a_year_ahead_does_not_end_the_year_of_a_book() {
    let mut office = online();
    let epoch = epoch(&office);
    office.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch }).unwrap();
    let now = office.now;
    office.on("2027-11-20T08:00");
    let ahead = office.command(MAI, waiting(1, "2027-11-20"));
    let admitted = office.world.admitted_at(&ahead, Signer::Officer, now);
    assert_eq!((&admitted.outcome, admitted.number), (&Outcome::Ok, None), "it waits");
    office.world.apply(&admitted.change);
    office.now = now;
    let right = office.command(MAI, waiting(2, "2026-11-20"));
    assert_eq!(arrives_late(&mut office, &right).number, Some(1));
    assert_eq!(office.book(ARRIVALS).latest_year(), Some(2026));
}

#[test]
fn a_number_dated_by_a_clock_that_runs_ahead_is_kept_for_a_person_and_the_book_goes_on() {
    let mut office = online();
    let epoch = epoch(&office);
    let now = office.now;
    let tomorrow = now.date().tomorrow().unwrap();
    office.on("2026-12-15T08:00");
    let claims = |command, number| {
        let lease = Some(LeaseClaim { book: ARRIVALS, epoch, year: 2026, number });
        Command { lease, ..command }
    };
    let near = claims(office.command(LAN, arrival(1, &tomorrow.to_string())), 1);
    let admitted = office.world.admitted_at(&near, Signer::Officer, now);
    assert_eq!(admitted.outcome, Outcome::Ok, "a clock beyond midnight is no harm");
    let ahead = claims(office.command(LAN, arrival(2, "2026-12-15")), 1);
    let admitted = office.world.admitted_at(&ahead, Signer::Officer, now);
    assert_eq!(admitted.outcome, Outcome::Held(Refusal::DateInFuture { today: now.date() }));
    office.world.apply(&admitted.change);
    assert_eq!(office.incoming(2).held[0].number, 1);
    assert_eq!(office.book(ARRIVALS).year(2026).last_date, None);
    let range = Act::PaperRange {
        book: ARRIVALS,
        year: 2026,
        to: 3,
        last_date: day("2026-12-15"),
        reason: "mất điện".into(),
    };
    let range = office.command(LAN, range);
    let admitted = office.world.admitted_at(&range, Signer::Officer, now);
    assert_eq!(admitted.outcome, Outcome::Held(Refusal::DateInFuture { today: now.date() }));
    office.now = now;
    let right = claims(office.command(LAN, arrival(3, "2026-11-20")), 1);
    assert_eq!(arrives_late(&mut office, &right).outcome, Outcome::Ok);
}

#[test]
fn the_server_gives_no_number_to_a_day_that_has_not_come() {
    let mut office = online();
    let epoch = epoch(&office);
    office.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch }).unwrap();
    let now = office.now;
    office.on("2026-12-15T08:00");
    let ahead = office.command(MAI, waiting(1, "2026-12-15"));
    let admitted = office.world.admitted_at(&ahead, Signer::Officer, now);
    assert_eq!((admitted.outcome, admitted.number), (Outcome::Ok, None), "it waits");
    office.world.apply(&admitted.change);
    office.now = now;
    let right = office.command(MAI, waiting(2, "2026-11-20"));
    assert_eq!(arrives_late(&mut office, &right).number, Some(1));
}

#[test]
fn only_the_holder_states_which_numbers_went_on_paper() {
    let mut office = online();
    let epoch = epoch(&office);
    office.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch }).unwrap();
    let range = Act::PaperRange {
        book: ARRIVALS,
        year: 2026,
        to: 3,
        last_date: day("2026-11-20"),
        reason: "mất điện".into(),
    };
    let no = Err(Refusal::NotHolder { book: ARRIVALS, holder: Holder::Server });
    assert_eq!(office.does(LAN, range), no);
}

#[test]
fn a_shut_out_laptop_brings_its_work_for_the_administrator_and_changes_nothing() {
    let mut office = online();
    let epoch = epoch(&office);
    let late = stamped(&mut office, 1, 1, epoch);
    office.does(TU, Act::RevokeDevice { device: pc(LAN), reason: "mất máy".into() }).unwrap();
    let admitted = arrives_late(&mut office, &late);
    assert_eq!(admitted.outcome, Outcome::Held(Refusal::DeviceRevoked));
    assert!(admitted.change.states.is_empty());
    assert!(!office.world.states.contains_key(&Key::Incoming(doc(1))));
}

#[test]
fn what_rests_on_a_refused_command_is_refused_with_it() {
    let mut office = online();
    let refused = office.command(
        AN,
        Act::OpenBook {
            book: register::BookId([9; 16]),
            name: "Sổ".into(),
            direction: register::Direction::Incoming,
            kinds: Vec::new(),
            opening: None,
        },
    );
    assert!(matches!(arrives_late(&mut office, &refused).outcome, Outcome::Rejected(_)));
    let draft = office.command(AN, crate::cast::draft(1));
    let resting = Command { need: vec![refused.id], ..draft };
    let said = arrives_late(&mut office, &resting).outcome;
    assert_eq!(said, Outcome::Rejected(Refusal::NeedsFailed { need: refused.id }));
}

#[test]
fn two_corrections_of_one_field_stand_in_the_order_of_the_log_and_both_are_kept() {
    let mut office = online();
    office.arrives(1, "2026-11-20").unwrap();
    let edit = |new: &str| Act::EditIncoming {
        document: doc(1),
        field: register::IncomingField::Subject,
        old: "Công văn thứ 1".into(),
        new: new.into(),
    };
    let (first, second) = (edit("Về hồ đập"), edit("Về đê điều"));
    let (first, second) = (office.command(LAN, first), office.command(MAI, second));
    arrives_late(&mut office, &first);
    let admitted = arrives_late(&mut office, &second);
    assert_eq!(admitted.outcome, Outcome::Ok);
    assert_eq!(office.incoming(1).fields.subject, "Về đê điều");
    let history = office.history(Key::Incoming(doc(1)));
    assert!(history.contains("EditedOver subject: \"Về hồ đập\" → \"Về đê điều\""), "{history}");
}

#[test]
fn the_numbers_of_a_restored_server_are_frozen_until_the_paper_was_read() {
    let mut office = online();
    let freeze = office.command(TU, Act::FreezeBook { book: ARRIVALS });
    assert!(matches!(arrives_late(&mut office, &freeze).outcome, Outcome::Rejected(_)));
    office.world.take_in(&freeze, Signer::Server);
    let claim = office.next(ARRIVALS, 2026);
    let no = office.claims(LAN, arrival(1, "2026-11-20"), claim);
    assert_eq!(no, Err(Refusal::NotHolder { book: ARRIVALS, holder: Holder::Frozen }));
    let of_before = office.does(CUC, forced(2, Some(pc(LAN))));
    assert!(of_before.is_err(), "signed by who did not know");
    let seen = Some(epoch(&office));
    office.does(CUC, forced_seeing(seen, 2, Some(pc(LAN)))).unwrap();
    let claim = office.next(ARRIVALS, 2026);
    assert_eq!(claim.number, 3);
    office.claims(LAN, arrival(1, "2026-11-20"), claim).unwrap();
    assert!(matches!(office.world.states.get(&Key::Device(pc(LAN))), Some(State::Device(_))));
}

#[test]
fn a_number_that_is_heard_of_before_its_document_waits_for_it_in_the_book() {
    let mut office = online();
    let entered = office.command(MAI, waiting(1, "2026-11-20"));
    let claim = office.next(ARRIVALS, 2026);
    let give = office.command(LAN, Act::GiveNumber { document: doc(1), outgoing: false });
    let give = Command { lease: Some(claim), ..give };
    let said = arrives_late(&mut office, &give).outcome;
    assert!(matches!(said, Outcome::Held(Refusal::Unknown { .. })), "{said:?}");
    assert_eq!(office.book(ARRIVALS).strays.len(), 1);
    let said = arrives_late(&mut office, &entered);
    assert_eq!((said.outcome, said.number), (Outcome::Ok, None), "nobody stamps it again");
    let shown: Vec<_> = office.incoming(1).held.iter().map(|one| (one.number, one.year)).collect();
    assert_eq!(shown, [(claim.number, 2026)]);
    assert!(office.book(ARRIVALS).strays.is_empty());
    let history = office.history(Key::Incoming(doc(1)));
    assert!(history.contains("NumberHeld"), "{history}");
}
