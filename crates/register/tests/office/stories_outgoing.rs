//! Stories of outgoing documents: drafted, submitted, approved, numbered, sent.
use expect_test::expect;
use register::{Act, Direction, Key, LeaseClaim, OutgoingField, Refusal, Role, Sending, Where};

use crate::cast::{
    AN, CUC, DECISIONS, DUNG, HUNG, LAN, LETTERS, NGA, Office, SON, TU, day, doc, draft, issue,
    letter_out,
};

fn submit(n: u8) -> Act {
    Act::SubmitDraft { document: doc(n), to: HUNG }
}
fn approve(n: u8) -> Act {
    Act::ApproveDraft { document: doc(n), remarks: String::new() }
}
fn give_back(n: u8) -> Act {
    Act::ReturnDraft { document: doc(n), remarks: "Nêu rõ căn cứ".into() }
}
fn undo(n: u8) -> Act {
    Act::UndoSubmitDraft { document: doc(n) }
}
fn seen(n: u8) -> Act {
    Act::Seen { document: doc(n), outgoing: true }
}
fn send(n: u8, on: &str) -> Act {
    Act::Send(Sending { document: doc(n), on: day(on), how: "Bưu điện".into() })
}
fn signed_on_paper(n: u8) -> Act {
    let Act::RegisterOutgoing { document, book, on, symbol, slip, .. } = issue(n, "2026-11-20")
    else {
        panic!("issue registers");
    };
    Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper: true }
}

#[test]
fn a_letter_goes_from_its_drafter_to_the_chairman_to_the_clerk_and_out() {
    let mut office = Office::open();
    office.drafts(AN, 1).unwrap();
    office.does(AN, submit(1)).unwrap();
    assert_eq!(
        office.numbers(1, "2026-11-20"),
        Err(Refusal::WrongStage),
        "the number comes after the signature"
    );
    office.does(HUNG, give_back(1)).unwrap();
    let edit = Act::EditOutgoing {
        document: doc(1),
        field: OutgoingField::Subject,
        old: "Trả lời số 1".into(),
        new: "Trả lời công văn số 123".into(),
    };
    office.does(AN, edit.clone()).unwrap();
    assert_eq!(
        office.does(AN, edit.clone()),
        Err(Refusal::ChangedMeanwhile { field: Where::Subject })
    );
    office.does(AN, submit(1)).unwrap();
    assert_eq!(office.does(AN, edit.clone()), Err(Refusal::WrongStage));
    office.does(DUNG, approve(1)).unwrap();
    assert_eq!(office.does(LAN, send(1, "2026-11-20")), Err(Refusal::NoNumber));
    office.numbers(1, "2026-11-20").unwrap();
    assert_eq!(office.numbers(1, "2026-11-20"), Err(Refusal::HasNumber));
    assert_eq!(office.does(AN, edit), Err(Refusal::HasNumber), "issued is issued");
    assert_eq!(
        office.does(LAN, send(1, "2026-11-19")),
        Err(Refusal::DateBeforeLast { last: day("2026-11-20") })
    );
    office.does(LAN, send(1, "2026-11-20")).unwrap();
    assert_eq!(office.does(LAN, send(1, "2026-11-20")), Err(Refusal::WrongStage));
    let void = Act::Void { document: doc(1), outgoing: true, reason: "sai".into() };
    assert_eq!(office.does(LAN, void), Err(Refusal::WrongStage), "what has left is not voided");
    expect![[r#"
        20/11 08:00 An Drafted
        20/11 08:00 An Submitted
        20/11 08:00 Hùng Returned “Nêu rõ căn cứ”
        20/11 08:00 An Edited subject: "Trả lời số 1" → "Trả lời công văn số 123"
        20/11 08:00 An Submitted
        20/11 08:00 Dũng Approved
        20/11 08:00 Lan Registered number: "" → "1/2026" “01/UBND-KT”
        20/11 08:00 Lan Sent “Bưu điện”
    "#]]
    .assert_eq(&office.history(Key::Outgoing(doc(1))));
}

#[test]
fn what_has_gone_out_is_replaced_by_another_and_what_has_not_is_changed() {
    let mut office = Office::open();
    office.approved(1);
    office.numbers(1, "2026-11-20").unwrap();
    let instead = || {
        let fields = letter_out("Trả lời số 1, đã sửa");
        let (document, attachments) = (doc(2), vec![crate::cast::scan("moi.pdf")]);
        let replaces = Some(doc(1));
        Act::Draft { document, fields, attachments, answers: None, task: None, replaces }
    };
    assert_eq!(office.does(AN, instead()), Err(Refusal::WrongStage), "nobody has it yet");
    office.does(LAN, send(1, "2026-11-20")).unwrap();
    office.does(AN, instead()).unwrap();
    assert_eq!(office.outgoing(2).replaces, Some(doc(1)));
}

#[test]
fn a_submission_is_undone_until_the_leader_has_opened_it() {
    let mut office = Office::open();
    office.drafts(AN, 1).unwrap();
    office.does(AN, submit(1)).unwrap();
    office.does(CUC, seen(1)).unwrap();
    assert!(matches!(office.does(NGA, undo(1)), Err(Refusal::Forbidden { .. })));
    office.does(AN, undo(1)).unwrap();
    assert_eq!(office.does(AN, undo(1)), Err(Refusal::WrongStage));
    office.does(AN, submit(1)).unwrap();
    office.does(HUNG, seen(1)).unwrap();
    assert_eq!(office.does(AN, undo(1)), Err(Refusal::SeenAlready));
    assert_eq!(office.does(HUNG, seen(1)), Err(Refusal::NothingWaits));
    office.does(HUNG, give_back(1)).unwrap();
    office.does(AN, submit(1)).unwrap();
    office.does(AN, undo(1)).expect("what he saw was the submission before");
}

/// The clock of the chairman's PC was slow, so he had opened the draft before it was submitted.
#[test]
fn a_slow_clock_does_not_make_an_opened_submission_unopened() {
    let mut office = Office::open();
    office.drafts(AN, 1).unwrap();
    office.on("2026-11-20T10:00");
    office.does(AN, submit(1)).unwrap();
    office.on("2026-11-20T09:00");
    office.does(HUNG, seen(1)).unwrap();
    office.on("2026-11-20T10:05");
    assert_eq!(office.does(AN, undo(1)), Err(Refusal::SeenAlready));
}

#[test]
fn the_clerk_cannot_approve_and_nobody_else_numbers() {
    let mut office = Office::open();
    office.drafts(AN, 1).unwrap();
    office.does(AN, submit(1)).unwrap();
    for other in [LAN, CUC, SON, AN, TU] {
        let refused = Err(Refusal::Forbidden { needs: Role::Leader });
        assert_eq!(office.does(other, approve(1)), refused);
        assert_eq!(office.does(other, give_back(1)), refused);
    }
    office.does(HUNG, approve(1)).unwrap();
    let next = office.next(LETTERS, 2026);
    assert_eq!(
        office.claims(HUNG, issue(1, "2026-11-20"), next),
        Err(Refusal::Forbidden { needs: Role::Clerk })
    );
}

#[test]
fn an_approved_draft_goes_back_to_be_changed_until_it_has_its_number() {
    let mut office = Office::open();
    office.approved(1);
    let withdrawn =
        Act::Attach { document: doc(1), outgoing: true, files: vec![crate::cast::scan("moi.pdf")] };
    assert_eq!(office.does(AN, withdrawn), Err(Refusal::WrongStage));
    office.does(DUNG, give_back(1)).unwrap();
    office.does(AN, submit(1)).unwrap();
    office.does(HUNG, approve(1)).unwrap();
    office.numbers(1, "2026-11-20").unwrap();
    assert_eq!(office.does(HUNG, give_back(1)), Err(Refusal::HasNumber));
}

#[test]
fn a_letter_signed_on_paper_is_numbered_without_a_click_of_the_chairman() {
    let mut office = Office::open();
    office.drafts(AN, 1).unwrap();
    assert_eq!(office.numbers(1, "2026-11-20"), Err(Refusal::WrongStage));
    let next = office.next(LETTERS, 2026);
    office.claims(LAN, signed_on_paper(1), next).unwrap();
    assert_eq!(office.outgoing(1).given.unwrap().number, Some(1));
    office.drafts(AN, 2).unwrap();
    office.does(AN, submit(2)).unwrap();
    let next = office.next(LETTERS, 2026);
    assert_eq!(
        office.claims(LAN, signed_on_paper(2), next),
        Err(Refusal::WrongStage),
        "it lies with the chairman"
    );
}

#[test]
fn number_and_symbol_are_the_only_ones_of_the_year() {
    let mut office = Office::open();
    let (book, name) = (DECISIONS, String::from("Quyết định"));
    let (direction, kinds) = (Direction::Outgoing, Vec::new());
    office.does(TU, Act::OpenBook { book, name, direction, kinds, opening: None }).unwrap();
    office.does(LAN, Act::TakeLease { book }).unwrap();
    office.approved(1);
    office.approved(2);
    office.numbers(1, "2026-11-20").unwrap();
    let other = |symbol: &str| Act::RegisterOutgoing {
        document: doc(2),
        book,
        on: day("2026-11-20"),
        symbol: symbol.into(),
        slip: None,
        signed_on_paper: false,
    };
    let next = office.next(book, 2026);
    assert_eq!(
        office.claims(LAN, other("UBND-KT"), next),
        Err(Refusal::ReferenceTaken { reference: "01/UBND-KT".into(), by: doc(1) })
    );
    office.claims(LAN, other("QĐ-UBND"), next).unwrap();
}

#[test]
fn a_claim_of_an_old_lease_or_of_another_book_gives_no_number() {
    let mut office = Office::open();
    office.approved(1);
    let next = office.next(LETTERS, 2026);
    let old = LeaseClaim { epoch: next.epoch - 1, ..next };
    assert!(matches!(
        office.claims(LAN, issue(1, "2026-11-20"), old),
        Err(Refusal::NotHolder { .. })
    ));
    let other = LeaseClaim { book: crate::cast::ARRIVALS, ..next };
    assert_eq!(office.claims(LAN, issue(1, "2026-11-20"), other), Err(Refusal::Malformed));
}

#[test]
fn a_draft_is_of_a_kind_issued_here_and_has_a_file_before_it_is_submitted() {
    let mut office = Office::open();
    let mut fields = letter_out("Luật");
    fields.kind = "luat".into();
    let none = Vec::new;
    let (document, answers, task) = (doc(1), None, None);
    let law = Act::Draft { document, fields, attachments: none(), answers, task, replaces: None };
    assert_eq!(office.does(AN, law), Err(Refusal::NotAllowed { field: Where::Kind }));
    assert!(matches!(office.does(TU, draft(1)), Err(Refusal::Forbidden { .. })));
    let fields = letter_out("Thư");
    let bare = Act::Draft { document, fields, attachments: none(), answers, task, replaces: None };
    office.does(AN, bare).unwrap();
    assert_eq!(office.does(AN, submit(1)), Err(Refusal::Missing { field: Where::Attachments }));
    assert!(matches!(office.does(NGA, submit(1)), Err(Refusal::Forbidden { .. })));
    let void = Act::Void { document, outgoing: true, reason: "không cần nữa".into() };
    assert!(matches!(office.does(NGA, void.clone()), Err(Refusal::Forbidden { .. })));
    office.does(AN, void).unwrap();
    assert_eq!(office.does(AN, submit(1)), Err(Refusal::Voided));
}
