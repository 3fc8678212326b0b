//! Stories of incoming documents: registered, corrected, directed, undone, closed.
use expect_test::expect;
use register::{
    Act, Agency, IncomingField, IncomingRegistered, Key, Party, Refusal, Role, Scope, State, Where,
    audience,
};

use crate::cast::{
    AN, BINH, CUC, DUNG, ECONOMY, HUNG, LAN, MAI, NGA, Office, TU, agency, arrived, day, directive,
    doc, job, scan, waiting, word, work,
};

fn seen(n: u8) -> Act {
    Act::Seen { document: doc(n), outgoing: false }
}
fn undo(n: u8, of: u8) -> Act {
    Act::UndoDirective { document: doc(n), directive: word(of) }
}
fn recall(n: u8, of: u8) -> Act {
    Act::RecallDirective { document: doc(n), directive: word(of), reason: "giao nhầm".into() }
}
fn edit(n: u8, field: IncomingField, old: &str, new: &str) -> Act {
    Act::EditIncoming { document: doc(n), field, old: old.into(), new: new.into() }
}

#[test]
fn the_clerk_registers_submits_and_the_chairman_directs() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let submit =
        |to| Act::SubmitIncoming { document: doc(1), to, proposal: "Giao Phòng Kinh tế".into() };
    assert_eq!(
        office.does(LAN, submit(AN)),
        Err(Refusal::Forbidden { needs: Role::Leader }),
        "one submits to a leader"
    );
    office.does(LAN, submit(HUNG)).unwrap();
    office.directs(1, 1, Party::Unit(ECONOMY)).unwrap();
    let scopes = audience(&State::Incoming(Box::new(office.incoming(1))));
    assert!(scopes.contains(&Scope::Unit(ECONOMY)), "the unit sees what it works on");
    expect![[r#"
        20/11 08:00 Lan Registered number: "" → "1/2026"
        20/11 08:00 Lan Submitted “Giao Phòng Kinh tế”
        20/11 08:00 Hùng Directed “Giao thực hiện”
    "#]]
    .assert_eq(&office.history(Key::Incoming(doc(1))));
}

#[test]
fn a_secret_document_stays_off_the_program() {
    let mut office = Office::open();
    let next = office.next(crate::cast::ARRIVALS, 2026);
    let secret = IncomingRegistered { secret: true, ..arrived(1, "2026-11-20") };
    let said = office.claims(LAN, Act::RegisterIncoming(secret), next);
    assert_eq!(said, Err(Refusal::Secret));
    assert!(!office.world.states.contains_key(&Key::Incoming(doc(1))));
}

#[test]
fn only_a_clerk_registers_and_only_what_is_complete() {
    let mut office = Office::open();
    for other in [HUNG, CUC, BINH, AN, TU] {
        assert_eq!(
            office.does(other, waiting(1, "2026-11-20")),
            Err(Refusal::Forbidden { needs: Role::Clerk })
        );
    }
    let mut lacking = arrived(1, "2026-11-20");
    lacking.slip = Some("T-1".into());
    lacking.fields.subject = "  ".into();
    assert_eq!(
        office.does(MAI, Act::RegisterIncoming(lacking.clone())),
        Err(Refusal::Missing { field: Where::Subject })
    );
    lacking.fields.subject = "ữ".repeat(2001);
    assert_eq!(
        office.does(MAI, Act::RegisterIncoming(lacking.clone())),
        Err(Refusal::TooLong { field: Where::Subject, max: 2000 })
    );
    lacking.fields.subject = "ữ".repeat(2000);
    lacking.fields.issued_on = Some(day("2026-11-21"));
    assert_eq!(
        office.does(MAI, Act::RegisterIncoming(lacking.clone())),
        Err(Refusal::IssuedAfterArrival { arrived: day("2026-11-20") })
    );
    lacking.fields.issued_on = Some(day("2026-11-20"));
    lacking.attachments = vec![scan("a.pdf"); 51];
    assert_eq!(
        office.does(MAI, Act::RegisterIncoming(lacking.clone())),
        Err(Refusal::TooLong { field: Where::Attachments, max: 50 })
    );
    lacking.attachments.truncate(50);
    office.does(MAI, Act::RegisterIncoming(lacking.clone())).unwrap();
    assert_eq!(
        office.does(MAI, Act::RegisterIncoming(lacking)),
        Err(Refusal::Exists { what: Key::Incoming(doc(1)) })
    );
}

#[test]
fn two_clerks_correct_one_field_and_the_second_is_told() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let first = edit(1, IncomingField::Issuer, "UBND tỉnh", "Sở Tài chính");
    office.does(LAN, first.clone()).unwrap();
    assert_eq!(office.does(MAI, first), Err(Refusal::ChangedMeanwhile { field: Where::Issuer }));
    office.does(MAI, edit(1, IncomingField::Pages, "", "12")).unwrap();
    office.does(MAI, edit(1, IncomingField::Due, "", "2026-12-05")).unwrap();
    office.does(MAI, edit(1, IncomingField::Urgency, "normal", "express")).unwrap();
    assert_eq!(
        office.does(MAI, edit(1, IncomingField::Pages, "12", "một")),
        Err(Refusal::NotAllowed { field: Where::Pages })
    );
    assert_eq!(
        office.does(MAI, edit(1, IncomingField::Kind, "cong-van", "bài thơ")),
        Err(Refusal::NotAllowed { field: Where::Kind })
    );
    expect![[r#"
        20/11 08:00 Lan Registered number: "" → "1/2026"
        20/11 08:00 Lan Edited issuer: "UBND tỉnh" → "Sở Tài chính"
        20/11 08:00 Mai Edited pages: "" → "12"
        20/11 08:00 Mai Edited due: "" → "2026-12-05"
        20/11 08:00 Mai Edited urgency: "normal" → "express"
    "#]]
    .assert_eq(&office.history(Key::Incoming(doc(1))));
}

/// Once a kind left the catalogue, no spelling mistake in its documents could be corrected.
#[test]
fn a_document_of_a_kind_no_longer_in_use_can_still_be_corrected() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let kinds = agency().kinds.into_iter().filter(|kind| kind.id != "cong-van").collect();
    office.does(TU, Act::SetAgency { agency: Agency { kinds, ..agency() } }).unwrap();
    office.does(LAN, edit(1, IncomingField::Issuer, "UBND tỉnh", "Sở Nội vụ")).unwrap();
}

#[test]
fn files_are_added_and_a_wrong_one_is_taken_off_with_a_reason() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let (document, outgoing) = (doc(1), false);
    let files = vec![scan("phu luc.pdf")];
    office.does(LAN, Act::Attach { document, outgoing, files: files.clone() }).unwrap();
    let blob = files[0].blob;
    let detach = |reason: &str| Act::Detach { document, outgoing, blob, reason: reason.into() };
    assert_eq!(office.does(LAN, detach("")), Err(Refusal::Missing { field: Where::Reason }));
    office.does(LAN, detach("nhầm tệp")).unwrap();
    assert_eq!(
        office.does(LAN, detach("nhầm tệp")),
        Err(Refusal::NotAllowed { field: Where::Attachments })
    );
    assert_eq!(office.incoming(1).attachments, vec![scan("scan.pdf")]);
}

#[test]
fn a_wrong_assignment_is_undone_until_somebody_has_seen_it() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.does(LAN, seen(1)).unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    assert_eq!(
        office.does(DUNG, undo(1, 1)),
        Err(Refusal::Forbidden { needs: Role::Leader }),
        "only its writer takes it back"
    );
    office.does(HUNG, undo(1, 1)).unwrap();
    assert!(office.task(1).withdrawn.is_some());
    assert_eq!(office.incoming(1).tasks().count(), 0);
    assert!(matches!(office.does(HUNG, undo(1, 1)), Err(Refusal::Unknown { .. })));

    office.directs(1, 2, Party::Officer(AN)).unwrap();
    office.does(AN, seen(1)).unwrap();
    assert_eq!(office.does(HUNG, undo(1, 2)), Err(Refusal::SeenAlready));
    office.does(HUNG, recall(1, 2)).unwrap();
    assert!(office.task(2).withdrawn.is_some(), "the task stops with the directive");
    expect![[r#"
        20/11 08:00 Hùng Assigned “Giao thực hiện”
        20/11 08:00 Hùng Withdrawn “giao nhầm”
    "#]]
    .assert_eq(&office.history(Key::Task(job(2))));
}

#[test]
fn a_directive_is_seen_too_when_its_task_was_opened() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    office.does(AN, Act::SeenTask { task: job(1) }).unwrap();
    assert_eq!(office.does(HUNG, undo(1, 1)), Err(Refusal::SeenAlready));
}

/// An reported without having opened the task, and the finished work could still be undone.
#[test]
fn a_directive_is_seen_too_when_somebody_works_on_it() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    let (task, text) = (job(1), String::from("xong"));
    let report = Act::Report { task, text, files: Vec::new(), product: None };
    office.does(AN, report).unwrap();
    assert_eq!(office.does(HUNG, undo(1, 1)), Err(Refusal::SeenAlready));
    office.does(HUNG, Act::AcceptResult { task, remarks: String::new() }).unwrap();
    assert_eq!(office.does(HUNG, undo(1, 1)), Err(Refusal::Done));
}

/// Nga had opened the document for an earlier directive; the one of today could be undone although
/// she had read it.
#[test]
fn a_directive_read_by_one_who_knew_the_document_is_seen_all_the_same() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let to_nga = [Party::Officer(NGA)];
    office.does(HUNG, directive(1, 1, None, &to_nga)).unwrap();
    office.does(NGA, seen(1)).unwrap();
    assert_eq!(office.does(NGA, seen(1)), Err(Refusal::NothingWaits));
    office.does(HUNG, directive(1, 2, None, &to_nga)).unwrap();
    office.does(NGA, seen(1)).unwrap();
    assert_eq!(office.does(HUNG, undo(1, 2)), Err(Refusal::SeenAlready));
    assert_eq!(office.does(NGA, seen(1)), Err(Refusal::NothingWaits));
}

/// The clock of An's PC was an hour slow, so his opening lay before the directive he opened.
#[test]
fn a_slow_clock_does_not_make_a_seen_directive_unseen() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.on("2026-11-20T10:00");
    office.does(HUNG, directive(1, 1, None, &[Party::Officer(AN)])).unwrap();
    office.on("2026-11-20T09:00");
    office.does(AN, seen(1)).unwrap();
    office.on("2026-11-20T10:05");
    assert_eq!(office.does(HUNG, undo(1, 1)), Err(Refusal::SeenAlready));
}

/// Any officer who knew the name of a document could end the leader's undo.
#[test]
fn one_who_may_not_see_a_document_has_not_seen_it() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    let unknown = |what| Err(Refusal::Unknown { what });
    assert_eq!(office.does(NGA, seen(1)), unknown(Key::Incoming(doc(1))));
    assert_eq!(office.does(NGA, Act::SeenTask { task: job(1) }), unknown(Key::Task(job(1))));
    office.drafts(AN, 2).unwrap();
    let see_draft = Act::Seen { document: doc(2), outgoing: true };
    assert_eq!(office.does(NGA, see_draft.clone()), unknown(Key::Outgoing(doc(2))));
    office.does(BINH, see_draft).unwrap();
}

#[test]
fn what_is_only_for_information_is_done_with_and_closing_can_be_taken_back() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.does(HUNG, directive(1, 1, None, &[Party::Unit(ECONOMY)])).unwrap();
    assert!(office.incoming(1).closed.is_some());
    let (document, reason) = (doc(1), String::from("cần trả lời"));
    let reopen = Act::ReopenIncoming { document, reason: reason.clone() };
    office.does(CUC, reopen.clone()).unwrap();
    assert_eq!(office.does(CUC, reopen), Err(Refusal::WrongStage));
    let close = Act::CloseIncoming { document, reason };
    assert!(matches!(office.does(AN, close.clone()), Err(Refusal::Forbidden { .. })));
    office.does(CUC, close.clone()).unwrap();
    assert_eq!(office.does(CUC, close), Err(Refusal::Done));
}

/// The chairman let one more unit know, and the finished document stood among the open ones again.
#[test]
fn a_finished_document_stays_finished_when_one_more_is_told_of_it() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    let (task, text) = (job(1), String::from("xong"));
    office.does(AN, Act::Report { task, text, files: Vec::new(), product: None }).unwrap();
    office.does(HUNG, Act::AcceptResult { task, remarks: String::new() }).unwrap();
    let closed = office.incoming(1).closed;
    assert!(closed.is_some());
    office.does(HUNG, directive(1, 2, None, &[Party::Officer(NGA)])).unwrap();
    assert_eq!(office.incoming(1).closed, closed);
    let more = Some(work(3, Party::Officer(NGA), ""));
    office.does(HUNG, directive(1, 3, more, &[])).unwrap();
    assert_eq!(office.incoming(1).closed, None, "new work opens it again");
    let close = Act::CloseIncoming { document: doc(1), reason: String::new() };
    assert_eq!(office.does(CUC, close), Err(Refusal::WrongStage));
}

#[test]
fn an_official_cannot_direct_and_a_directive_says_something() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    for other in [AN, BINH, CUC, LAN, TU] {
        assert_eq!(
            office.does(other, directive(1, 1, None, &[Party::Officer(AN)])),
            Err(Refusal::Forbidden { needs: Role::Leader })
        );
    }
    let Act::Direct(mut given) = directive(1, 1, None, &[]) else { panic!("it directs") };
    given.text = " ".into();
    assert_eq!(office.does(HUNG, Act::Direct(given)), Err(Refusal::Missing { field: Where::Text }));
    let past = Some(work(1, Party::Officer(AN), "2026-11-19"));
    assert_eq!(
        office.does(HUNG, directive(1, 1, past, &[])),
        Err(Refusal::DeadlinePast { today: day("2026-11-20") })
    );
}

#[test]
fn a_document_with_a_directive_in_force_keeps_its_number() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    let void = Act::Void { document: doc(1), outgoing: false, reason: "trùng".into() };
    assert_eq!(office.does(LAN, void.clone()), Err(Refusal::WrongStage));
    office.does(HUNG, undo(1, 1)).unwrap();
    office.does(LAN, void).unwrap();
    assert_eq!(office.directs(1, 2, Party::Officer(AN)), Err(Refusal::Voided));
}
