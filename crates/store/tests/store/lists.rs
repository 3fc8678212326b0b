//! Lists, search and twins show what the lens may see, newest first, by exact index.
use std::sync::Arc;

use jiff::civil::date;
use register::{Act, Direction, Party, Scope, Sending, State};
use store::{
    DocumentStanding, Found, ListFilter, Narrow, StoreError, TaskPhase, TaskQuery, TasksOf, TwinOf,
};

use crate::office::{
    CLERK, DEN, DI, LEADER, OFFICIAL, OTHER, Office, TODAY, UNIT, directed, document, fields, lens,
    task,
};

fn subjects(rows: &[Arc<Found>]) -> Vec<&str> {
    rows.iter()
        .map(|found| match &found.state {
            State::Incoming(document) => document.fields.subject.as_str(),
            State::Outgoing(document) => document.fields.subject.as_str(),
            other => panic!("no document: {other:?}"),
        })
        .collect()
}

fn incoming() -> ListFilter {
    ListFilter { direction: Some(Direction::Incoming), ..ListFilter::default() }
}

#[test]
fn a_list_is_newest_first_and_every_index_gives_its_row() {
    let mut office = Office::open();
    for day in 1..=10 {
        for at in 0..7 {
            let made = fields("1", "Sở Y tế", &format!("{day}.{at}"));
            office.enter_on(made, date(2026, 11, day));
        }
    }
    office
        .store
        .read(|view| {
            let all = view.window(&lens(CLERK), &incoming(), 0, 100)?;
            assert_eq!((all.rows.len(), all.total, all.exact), (70, 70, true));
            assert_eq!(subjects(&all.rows)[0], "10.6");
            for first in 0..70 {
                let some = view.window(&lens(CLERK), &incoming(), first, 9)?;
                let wanted = all.rows.iter().skip(first as usize).take(9).cloned();
                assert_eq!(some.rows, wanted.collect::<Vec<_>>());
            }
            let week = ListFilter {
                from_day: Some(date(2026, 11, 3)),
                to_day: Some(date(2026, 11, 4)),
                ..incoming()
            };
            let some = view.window(&lens(CLERK), &week, 5, 4)?;
            assert_eq!((some.total, view.count(&lens(CLERK), &week)?), (14, 14));
            assert_eq!(subjects(&some.rows), ["4.1", "4.0", "3.6", "3.5"]);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}

#[test]
fn a_document_moves_through_its_lists_with_its_task() {
    let mut office = Office::open();
    let made = office.enter("12", "Sở Nội vụ", "Kiểm kê đất");
    let standing = |office: &Office| {
        office.store.read(|view| {
            let all = view.window(&lens(CLERK), &incoming(), 0, 10)?;
            let standing = all.rows[0].standing;
            let narrow = Some(Narrow::Standing(standing));
            let same = view.window(&lens(CLERK), &ListFilter { narrow, ..incoming() }, 0, 10)?;
            assert_eq!(same.rows, all.rows);
            let open = ListFilter { narrow: Some(Narrow::Open), ..incoming() };
            assert_eq!(view.count(&lens(CLERK), &open)?, u64::from(standing.is_open()));
            let book = ListFilter { book: Some(DEN), narrow, ..ListFilter::default() };
            assert_eq!(view.count(&lens(CLERK), &book)?, 1);
            Ok::<_, StoreError>(standing)
        })
    };
    assert_eq!(standing(&office).unwrap(), DocumentStanding::ToSubmit);
    let proposal = String::new();
    let submit = Act::SubmitIncoming { document: document(made), to: LEADER, proposal };
    office.act(CLERK, submit).unwrap();
    assert_eq!(standing(&office).unwrap(), DocumentStanding::AwaitingDirective);
    assert_eq!(office.store.read(|view| view.unread(LEADER, 9)).unwrap().len(), 1);
    office.act(LEADER, directed(made, "Xử lý ngay", Party::Officer(OFFICIAL))).unwrap();
    assert_eq!(standing(&office).unwrap(), DocumentStanding::InProgress);
    let text = "Đã xong".to_string();
    let report = Act::Report { task: task(made), text, files: Vec::new(), product: None };
    office.act(OFFICIAL, report).unwrap();
    assert_eq!(standing(&office).unwrap(), DocumentStanding::AwaitingAcceptance);
    let accept = Act::AcceptResult { task: task(made), remarks: String::new() };
    office.act(LEADER, accept).unwrap();
    assert_eq!(standing(&office).unwrap(), DocumentStanding::Done);
}

#[test]
fn an_official_sees_what_names_him_his_unit_or_the_whole_office() {
    let mut office = Office::open();
    let mine = office.enter("1", "Sở Nội vụ", "việc của tôi");
    let unit = office.enter("2", "Sở Nội vụ", "việc của phòng");
    office.enter("3", "Sở Nội vụ", "việc của người khác");
    let draft = office.draft("dự thảo của phòng");
    let issued = office.draft("đã phát hành");
    office.issue(issued);
    office.act(LEADER, directed(mine, "Giao", Party::Officer(OFFICIAL))).unwrap();
    office.act(LEADER, directed(unit, "Giao", Party::Unit(UNIT))).unwrap();
    let everything = ListFilter::default();
    office
        .store
        .read(|view| {
            let seen = view.window(&lens(OFFICIAL), &everything, 0, 10)?;
            let wanted = ["đã phát hành", "dự thảo của phòng", "việc của phòng", "việc của tôi"];
            assert_eq!((subjects(&seen.rows), seen.total), (wanted.to_vec(), 4));
            let seen = view.window(&lens(OFFICIAL), &everything, 2, 1)?;
            assert_eq!(subjects(&seen.rows), ["việc của phòng"]);
            let seen = view.window(&lens(OTHER), &everything, 0, 10)?;
            assert_eq!(subjects(&seen.rows), ["đã phát hành"]);
            assert_eq!(view.window(&lens(CLERK), &everything, 0, 10)?.total, 5);
            let party = Some(Scope::Unit(UNIT));
            let by_unit = ListFilter { party, ..ListFilter::default() };
            for who in [CLERK, OFFICIAL] {
                let seen = view.window(&lens(who), &by_unit, 0, 10)?;
                let wanted = ["đã phát hành", "dự thảo của phòng", "việc của phòng"];
                assert_eq!(subjects(&seen.rows), wanted);
            }
            let within = ListFilter { party, book: Some(DI), ..ListFilter::default() };
            let seen = view.window(&lens(CLERK), &within, 0, 10)?;
            assert_eq!(subjects(&seen.rows), ["đã phát hành"]);
            for (who, found) in [(CLERK, 3), (OFFICIAL, 2), (OTHER, 0)] {
                let seen = view.search(&lens(who), "viec cua", &everything, 50)?;
                assert_eq!(seen.rows.len(), found);
            }
            Ok::<(), StoreError>(())
        })
        .unwrap();
    let _ = draft;
}

#[test]
fn search_finds_every_word_and_takes_typed_marks_at_their_word() {
    let mut office = Office::open();
    office.enter("123", "Sở Tài nguyên", "Giao đất dịch vụ năm 2026");
    office.enter("45a", "Sở Xây dựng", "Đạt chuẩn nông thôn mới");
    office.enter("5", "UBND huyện", "Hoà giải ở cơ sở");
    let found = |typed: &str| {
        let seen =
            office.store.read(|view| view.search(&lens(CLERK), typed, &ListFilter::default(), 50));
        subjects(&seen.unwrap().rows).iter().map(|subject| subject.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("dat"), ["Đạt chuẩn nông thôn mới", "Giao đất dịch vụ năm 2026"]);
    assert_eq!(found("đất"), ["Giao đất dịch vụ năm 2026"]);
    assert_eq!(found("ĐẠT chu"), ["Đạt chuẩn nông thôn mới"]);
    assert_eq!(found("hòa giải"), ["Hoà giải ở cơ sở"]);
    assert_eq!(found("giao dat v"), ["Giao đất dịch vụ năm 2026"]);
    assert_eq!(found("dat giao"), ["Giao đất dịch vụ năm 2026"]);
    assert_eq!(found("da giao"), Vec::<String>::new());
    assert_eq!(found("123/UBND"), ["Giao đất dịch vụ năm 2026"]);
    assert_eq!(found("45A"), ["Đạt chuẩn nông thôn mới"]);
    assert_eq!(found("05/ubnd-vp"), ["Hoà giải ở cơ sở"]);
    assert_eq!(found("3"), ["Hoà giải ở cơ sở"]);
    assert_eq!(found("\" OR ("), Vec::<String>::new());
    assert_eq!(found(""), Vec::<String>::new());
}

#[test]
fn search_finds_what_the_text_says_for_whatever_is_typed() {
    let mut office = Office::open();
    let words = [
        "nghị",
        "nghỉ",
        "nghi",
        "quyết",
        "quyét",
        "hoà",
        "hòa",
        "đất",
        "dat",
        "đạt",
        "thông",
        "thống",
        "thongtin",
        "2026",
        "20261",
        "trường",
        "truong",
        "Trưởng",
        "ở",
        "o",
    ];
    let mut subjects_given = Vec::new();
    for at in 0..60_usize {
        let picked = [at % 20, (at * 7 + 3) % 20, (at * 13 + 5) % 20, (at * 11 + at / 20) % 20];
        let subject = picked.map(|word| words[word]).join(" ");
        office.enter(&format!("9{at}"), "Sở X", &subject);
        subjects_given.insert(0, (subject, format!("9{at} UBND VP Sở X cong-van {}", at + 1)));
    }
    let mut typed: Vec<String> = Vec::new();
    for word in words {
        let letters: Vec<char> = word.chars().collect();
        typed.extend((1..=letters.len()).map(|end| letters[..end].iter().collect()));
    }
    let pairs: Vec<String> =
        typed.iter().zip(typed.iter().rev()).map(|(one, other)| format!("{one} {other}")).collect();
    for typed in typed.iter().chain(&pairs).filter(|typed| !typed.starts_with(['2', '9'])) {
        let everything = ListFilter::default();
        let seen = office.store.read(|view| view.search(&lens(CLERK), typed, &everything, 100));
        let wanted: Vec<&String> = subjects_given
            .iter()
            .filter(|(subject, rest)| text::typed_marks_match(typed, &format!("{subject} {rest}")))
            .map(|(subject, _)| subject)
            .collect();
        let rows = seen.unwrap().rows;
        assert_eq!(subjects(&rows), wanted, "typed {typed}");
    }
}

#[test]
fn a_corrected_field_is_found_by_its_new_words_only() {
    let mut office = Office::open();
    let made = office.enter("12", "Sở Nội vụ", "Kiểm kê đất đai");
    let edit = Act::EditIncoming {
        document: document(made),
        field: register::IncomingField::Subject,
        old: "Kiểm kê đất đai".to_string(),
        new: "Thống kê dân số".to_string(),
    };
    office.act(CLERK, edit).unwrap();
    let filter = ListFilter::default();
    office
        .store
        .read(|view| {
            assert_eq!(view.search(&lens(CLERK), "dat dai", &filter, 9)?.rows.len(), 0);
            assert_eq!(view.search(&lens(CLERK), "dân số", &filter, 9)?.rows.len(), 1);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}

#[test]
fn a_twin_is_seen_whatever_the_place_of_its_tone_mark() {
    let mut office = Office::open();
    office.enter("12", "Uỷ ban nhân dân tỉnh", "Kiểm kê đất đai");
    let of = |number| TwinOf {
        issuer: "ủy ban nhân dân  tỉnh",
        number,
        symbol: "UBND-VP",
        year: 2026,
        blobs: &[],
    };
    office
        .store
        .read(|view| {
            assert_eq!(view.twins(&lens(CLERK), &of("12"), 5)?.len(), 1);
            assert_eq!(view.twins(&lens(CLERK), &of("13"), 5)?.len(), 0);
            assert_eq!(view.twins(&lens(OTHER), &of("12"), 5)?.len(), 0);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}

#[test]
fn tasks_are_listed_by_whose_they_are_and_the_most_pressing_first() {
    let mut office = Office::open();
    for subject in ["một", "hai", "ba"] {
        let made = office.enter("1", "Sở Nội vụ", subject);
        office.act(LEADER, directed(made, subject, Party::Officer(OFFICIAL))).unwrap();
    }
    assert_eq!(office.store.read(|view| view.unread_tasks(OFFICIAL, 10)).unwrap().len(), 3);
    let until = date(2026, 12, 20);
    let reason = "khó".to_string();
    office.act(OFFICIAL, Act::AskExtension { task: task(1), until, reason }).unwrap();
    let remarks = String::new();
    office.act(LEADER, Act::DecideExtension { task: task(1), grant: true, remarks }).unwrap();
    office
        .store
        .read(|view| {
            let list = |who, of, phase| {
                let query = TaskQuery { of, phase, limit: 10 };
                let tasks = view.tasks(&lens(who), &query).unwrap();
                assert_eq!(tasks.len() as u32, view.count_tasks(&lens(who), &query).unwrap());
                tasks.into_iter().map(|task| task.content).collect::<Vec<_>>()
            };
            let wanted = ["hai", "ba", "một"];
            assert_eq!(list(OFFICIAL, TasksOf::Officer(OFFICIAL), TaskPhase::Open), wanted);
            assert_eq!(list(LEADER, TasksOf::AssignedBy(LEADER), TaskPhase::Open), wanted);
            assert_eq!(list(CLERK, TasksOf::All, TaskPhase::Open), wanted);
            assert_eq!(list(OTHER, TasksOf::All, TaskPhase::Open), Vec::<String>::new());
            let late = TaskPhase::OverdueOn(date(2026, 12, 5));
            assert_eq!(list(OFFICIAL, TasksOf::All, late), ["hai", "ba"]);
            assert_eq!(view.tasks_of_document(document(1))?.len(), 1);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}

#[test]
fn an_outgoing_document_goes_from_draft_to_sent() {
    let mut office = Office::open();
    let made = office.draft("Trả lời công văn");
    office.issue(made);
    let sending = Sending { document: document(made), on: TODAY, how: "bưu điện".to_string() };
    office.act(CLERK, Act::Send(sending)).unwrap();
    office
        .store
        .read(|view| {
            let sent = ListFilter {
                narrow: Some(Narrow::Standing(DocumentStanding::Sent)),
                ..ListFilter::default()
            };
            assert_eq!(view.count(&lens(OTHER), &sent)?, 1);
            assert_eq!(view.book_lines(DI, 2026, 1, 10)?.len(), 1);
            assert_eq!(view.search(&lens(OTHER), "01/UBND", &sent, 9)?.rows.len(), 1);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}
