//! Stories of tasks: progress, report, return, more time, transfer, withdrawal.
use expect_test::expect;
use register::{Act, Key, Party, Refusal, Role, Scope, Standing, State, TaskSet, Where, audience};

use crate::cast::{
    AN, BINH, CUC, CULTURE, DUNG, ECONOMY, HUNG, LAN, NGA, Office, SON, day, doc, job, work,
};

fn report() -> Act {
    Act::Report { task: job(1), text: "Đã xong".into(), files: Vec::new(), product: None }
}
fn progress(percent: u8) -> Act {
    Act::Progress { task: job(1), percent, note: "đang làm".into() }
}
fn accept() -> Act {
    Act::AcceptResult { task: job(1), remarks: "Tốt".into() }
}
fn give_back() -> Act {
    Act::ReturnResult { task: job(1), remarks: "Thiếu biểu".into() }
}
fn longer(until: &str) -> Act {
    Act::AskExtension { task: job(1), until: day(until), reason: "chờ số liệu".into() }
}
fn answer(grant: bool) -> Act {
    Act::DecideExtension { task: job(1), grant, remarks: String::new() }
}
fn pass(to: Party) -> Act {
    Act::Transfer { task: job(1), to, note: String::new() }
}
fn withdraw(reason: &str) -> Act {
    Act::WithdrawTask { task: job(1), reason: reason.into() }
}
fn create(set: TaskSet) -> Act {
    Act::CreateTask { set, information: Vec::new() }
}
fn with_an() -> Office {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    office
}

#[test]
fn an_official_works_reports_is_asked_again_and_the_document_is_done_with() {
    let mut office = with_an();
    assert_eq!(office.task(1).standing(), Standing::NotStarted);
    office.does(AN, progress(40)).unwrap();
    assert_eq!(office.task(1).standing(), Standing::InProgress);
    assert_eq!(office.does(AN, progress(130)), Err(Refusal::NotAllowed { field: Where::Percent }));
    assert!(matches!(office.does(NGA, progress(50)), Err(Refusal::Forbidden { .. })));
    assert_eq!(office.does(HUNG, accept()), Err(Refusal::NothingWaits));
    office.does(AN, report()).unwrap();
    assert_eq!(office.does(AN, report()), Err(Refusal::ReportWaits));
    assert!(matches!(office.does(AN, accept()), Err(Refusal::Forbidden { .. })));
    office.does(HUNG, give_back()).unwrap();
    assert_eq!(office.task(1).standing(), Standing::Returned);
    office.on("2026-12-02T09:00");
    office.does(AN, report()).unwrap();
    office.does(DUNG, accept()).expect("another leader may answer");
    let task = office.task(1);
    assert_eq!((task.standing(), task.is_late()), (Standing::Done, true));
    assert!(office.incoming(1).closed.is_some());
    assert_eq!(office.does(AN, progress(100)), Err(Refusal::Done));
    expect![[r#"
        20/11 08:00 Hùng Assigned “Giao thực hiện”
        20/11 08:00 An Progressed percent: "0" → "40" “đang làm”
        20/11 08:00 An Reported “Đã xong”
        20/11 08:00 Hùng ResultReturned “Thiếu biểu”
        02/12 09:00 An Reported “Đã xong”
        02/12 09:00 Dũng Accepted “Tốt”
    "#]]
    .assert_eq(&office.history(Key::Task(job(1))));
}

#[test]
fn a_document_with_two_tasks_is_done_with_after_the_second() {
    let mut office = with_an();
    office.directs(1, 2, Party::Officer(NGA)).unwrap();
    office.does(AN, report()).unwrap();
    office.does(HUNG, accept()).unwrap();
    assert_eq!(office.incoming(1).closed, None);
    let (task, text) = (job(2), String::from("xong"));
    office.does(NGA, Act::Report { task, text, files: Vec::new(), product: None }).unwrap();
    office.does(HUNG, Act::AcceptResult { task, remarks: String::new() }).unwrap();
    assert!(office.incoming(1).closed.is_some());
}

#[test]
fn a_report_is_taken_back_before_it_is_answered_and_not_after() {
    let mut office = with_an();
    let undo = Act::UndoReport { task: job(1) };
    assert_eq!(office.does(AN, undo.clone()), Err(Refusal::NothingWaits));
    office.does(AN, report()).unwrap();
    assert_eq!(office.does(BINH, undo.clone()), Err(Refusal::NothingWaits));
    office.does(AN, undo.clone()).unwrap();
    assert_eq!(office.task(1).standing(), Standing::NotStarted);
    office.does(AN, report()).unwrap();
    office.does(HUNG, give_back()).unwrap();
    assert_eq!(office.does(AN, undo), Err(Refusal::NothingWaits));
}

#[test]
fn more_time_keeps_both_deadlines() {
    let mut office = with_an();
    assert_eq!(
        office.does(AN, longer("2026-12-01")),
        Err(Refusal::NotAllowed { field: Where::Deadline })
    );
    assert_eq!(
        office.does(AN, longer("2026-11-19")),
        Err(Refusal::DeadlinePast { today: day("2026-11-20") })
    );
    office.does(AN, longer("2026-12-10")).unwrap();
    assert_eq!(office.does(AN, longer("2026-12-11")), Err(Refusal::ExtensionWaits));
    assert!(matches!(office.does(BINH, answer(true)), Err(Refusal::Forbidden { .. })));
    office.does(HUNG, answer(true)).unwrap();
    assert_eq!(office.does(HUNG, answer(true)), Err(Refusal::NothingWaits));
    office.does(AN, longer("2026-12-20")).unwrap();
    office.does(HUNG, answer(false)).unwrap();
    let task = office.task(1);
    assert_eq!(task.deadline, Some(day("2026-12-10")));
    let kept: Vec<_> = task.extensions.iter().map(|asked| (asked.old, asked.new)).collect();
    assert_eq!(
        kept,
        [
            (Some(day("2026-12-01")), day("2026-12-10")),
            (Some(day("2026-12-10")), day("2026-12-20"))
        ]
    );
}

#[test]
fn the_head_of_a_unit_passes_work_on_inside_it_and_the_new_lead_sees_the_document() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Unit(ECONOMY)).unwrap();
    assert!(matches!(office.does(AN, report()), Err(Refusal::Forbidden { .. })));
    assert!(matches!(office.does(SON, pass(Party::Officer(AN))), Err(Refusal::Forbidden { .. })));
    let outside = pass(Party::Officer(NGA));
    assert!(matches!(office.does(BINH, outside), Err(Refusal::Forbidden { .. })));
    assert_eq!(
        office.does(BINH, pass(Party::Unit(ECONOMY))),
        Err(Refusal::NotAllowed { field: Where::Lead })
    );
    office.does(BINH, pass(Party::Officer(AN))).unwrap();
    let scopes = audience(&State::Incoming(Box::new(office.incoming(1))));
    assert!(scopes.contains(&Scope::Officer(AN)) && scopes.contains(&Scope::Unit(ECONOMY)));
    office.does(AN, report()).unwrap();
    office.does(HUNG, pass(Party::Unit(CULTURE))).expect("a leader passes it anywhere");
}

/// A head of unit gave people of another unit a duty.
#[test]
fn the_head_of_a_unit_gives_work_inside_it_only() {
    let mut office = Office::open();
    assert!(matches!(
        office.does(AN, create(work(1, Party::Officer(AN), ""))),
        Err(Refusal::Forbidden { .. })
    ));
    let outside = create(work(1, Party::Officer(NGA), ""));
    assert_eq!(office.does(BINH, outside), Err(Refusal::Forbidden { needs: Role::Leader }));
    let mut together = work(1, Party::Officer(AN), "");
    together.co = vec![Party::Officer(NGA)];
    assert_eq!(
        office.does(BINH, create(together.clone())),
        Err(Refusal::Forbidden { needs: Role::Leader })
    );
    together.co = vec![Party::Officer(BINH)];
    office.does(BINH, create(together)).unwrap();
    office.does(AN, report()).unwrap();
    office.does(BINH, accept()).unwrap();
    assert_eq!(office.task(1).deadline, None);
    assert!(!office.task(1).is_late() && !office.task(1).is_overdue(day("2099-01-01")));
    assert_eq!(office.does(AN, longer("2027-01-01")), Err(Refusal::Done));
}

/// Work is followed by leaders and the head of the office; the clerk has no part in tasks.
#[test]
fn the_office_head_reminds_and_a_clerk_does_not() {
    let mut office = with_an();
    let remind = Act::Remind { task: job(1), note: "sắp đến hạn".into() };
    office.does(CUC, remind.clone()).unwrap();
    office.does(HUNG, remind.clone()).unwrap();
    for other in [LAN, BINH, AN] {
        assert!(matches!(office.does(other, remind.clone()), Err(Refusal::Forbidden { .. })));
    }
    assert_eq!(office.task(1).reminders.len(), 2);
}

#[test]
fn work_without_a_document_is_withdrawn_and_with_one_the_directive_is_recalled() {
    let mut office = Office::open();
    office.does(HUNG, create(work(1, Party::Officer(AN), "2026-12-01"))).unwrap();
    office.does(AN, Act::SeenTask { task: job(1) }).unwrap();
    assert_eq!(
        office.does(HUNG, withdraw("")),
        Err(Refusal::Missing { field: Where::Reason }),
        "An has seen it"
    );
    assert!(matches!(office.does(AN, withdraw("x")), Err(Refusal::Forbidden { .. })));
    office.does(HUNG, withdraw("không cần nữa")).unwrap();
    assert_eq!(office.task(1).standing(), Standing::Withdrawn);
    assert_eq!(office.does(AN, progress(10)), Err(Refusal::Done));
    let mut office = with_an();
    assert_eq!(office.does(HUNG, withdraw("x")), Err(Refusal::WrongStage));
    let (document, directive) = (doc(1), crate::cast::word(1));
    let reason = String::from("giao nhầm");
    office.does(AN, report()).unwrap();
    office.does(HUNG, accept()).unwrap();
    assert_eq!(
        office.does(DUNG, Act::RecallDirective { document, directive, reason }),
        Err(Refusal::Done),
        "what is done stays done"
    );
}

#[test]
fn work_goes_to_people_and_units_that_are_there() {
    let mut office = Office::open();
    let mut twice = work(1, Party::Officer(AN), "");
    twice.co = vec![Party::Officer(AN)];
    assert_eq!(office.does(HUNG, create(twice)), Err(Refusal::NotAllowed { field: Where::Co }));
    let stranger = register::OfficerId([77; 16]);
    assert_eq!(
        office.does(HUNG, create(work(1, Party::Officer(stranger), ""))),
        Err(Refusal::Unknown { what: Key::Officer(stranger) })
    );
    office.does(HUNG, create(work(1, Party::Officer(AN), ""))).unwrap();
    assert_eq!(
        office.does(HUNG, create(work(1, Party::Officer(AN), ""))),
        Err(Refusal::Exists { what: Key::Task(job(1)) })
    );
}
