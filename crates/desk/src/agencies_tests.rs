//! Who is found in the directory, and what is said of those who are no more.
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use register::{AgencyId, Listed};

use crate::agencies::{Agencies, FOUND_MAX, Found, HEIRS_SHOWN_MAX};

const TODAY: Date = date(2026, 11, 20);
const LAST_DAY: Date = date(2025, 6, 30);

/// The directory of a PC that never met a server.
static ALONE: LazyLock<Agencies> = LazyLock::new(|| Agencies::of(Vec::new()));

/// An agency on the exchange, as a server lists it.
fn agency(id: u8, name: &str, code: &str) -> Listed {
    Listed {
        id: AgencyId([id; 16]),
        name: name.to_owned(),
        code: code.to_owned(),
        codes_before: Vec::new(),
        unit: String::new(),
        parent: "tỉnh Tây Ninh".to_owned(),
        on_exchange: true,
        from: None,
        to: None,
        heirs: Vec::new(),
    }
}

fn said(found: &Found) -> String {
    let Found { listed, heirs } = found;
    let mut said = format!("{} ({})", listed.name, listed.parent);
    if !heirs.is_empty() {
        let heirs: Vec<&str> = heirs.iter().map(|heir| heir.name.as_str()).collect();
        said.push_str(&format!(" → {}", heirs.join("; ")));
    }
    said
}

fn find(agencies: &Agencies, typed: &str, limit: usize) -> Vec<String> {
    agencies.find(typed, TODAY, limit).iter().map(said).collect()
}

fn names(agencies: &Agencies, typed: &str, limit: usize) -> Vec<String> {
    agencies.find(typed, TODAY, limit).into_iter().map(|found| found.listed.name).collect()
}

#[test]
fn marks_may_be_left_out_and_those_that_were_typed_are_meant() {
    let found = names(&ALONE, "dinh", FOUND_MAX);
    assert_eq!(found[0], "UBND xã Đinh Trang Thượng", "no tone comes before any");
    for name in ["UBND phường Định Công", "UBND xã Định Hoá", "UBND xã Đình Lập"] {
        assert!(found.iter().any(|found| found == name), "{name} in {found:?}");
    }
    let found = names(&ALONE, "định", FOUND_MAX);
    assert!(found.iter().all(|name| !name.contains("Đình Lập")), "{found:?}");
    assert!(found.contains(&"UBND phường Định Công".to_owned()));

    let with_stroke = find(&ALONE, "đa", FOUND_MAX);
    assert_eq!(with_stroke[0], "UBND xã Đa Kia (thành phố Đồng Nai)");
    assert!(with_stroke.iter().all(|found| found.contains(['Đ', 'đ'])), "{with_stroke:?}");
    assert_eq!(names(&ALONE, "da", 1), ["UBND xã Dang Kang"]);
    assert_eq!(names(&ALONE, "dương hòa", 1), names(&ALONE, "dương hoà", 1));
}

#[test]
fn kinds_and_the_order_of_words_are_free_and_the_committee_may_be_written_in_full() {
    let truc_bach =
        ["UBND phường Trúc Bạch (quận Ba Đình, thành phố Hà Nội) → UBND phường Ba Đình"];
    for typed in [
        "truc bach",
        "phường trúc bạch",
        "UBND phường Trúc Bạch, quận Ba Đình, TP Hà Nội",
        "ha noi ba dinh bach truc",
        "Uỷ ban nhân dân phường Trúc Bạch",
        "tru bac ba dinh",
    ] {
        assert_eq!(find(&ALONE, typed, 1), truc_bach, "{typed}");
    }
    assert_eq!(names(&ALONE, "uy ban nhan d", 3), names(&ALONE, "ubnd", 3));
}

#[test]
fn one_that_ended_says_who_is_there_in_its_place() {
    let found = find(&ALONE, "thi tran loc ninh", 1);
    let expected =
        "UBND thị trấn Lộc Ninh (huyện Lộc Ninh, tỉnh Bình Phước) → UBND phường Lộc Ninh";
    assert_eq!(found, [expected]);
    let divided = find(&ALONE, "phường Cống Vị", 1);
    let expected = "UBND phường Cống Vị (quận Ba Đình, thành phố Hà Nội) → UBND phường Ngọc Hà; \
                    UBND phường Giảng Võ";
    assert_eq!(divided, [expected]);
    let province = find(&ALONE, "tinh ha giang", FOUND_MAX);
    assert!(province[0].starts_with("UBND phường Hà Giang 1"), "who is there comes first");
    let expected = "UBND tỉnh Hà Giang () → UBND tỉnh Tuyên Quang";
    assert_eq!(
        province.iter().find(|found| found.contains('→')).map(String::as_str),
        Some(expected)
    );
}

#[test]
fn a_district_proposes_several_and_never_more_than_the_screen_has_room_for() {
    let found = find(&ALONE, "huyện ba chẽ", 1);
    let expected = "UBND huyện Ba Chẽ (tỉnh Quảng Ninh) → UBND xã Ba Chẽ; UBND xã Kỳ Thượng; \
                    UBND xã Lương Minh";
    assert_eq!(found, [expected]);
    let many = ALONE.find("quận ba đình", TODAY, 1);
    assert_eq!(many[0].listed.heirs.len(), 8);
    assert_eq!(many[0].heirs.len(), HEIRS_SHOWN_MAX);
    assert_eq!(many[0].heirs[0].name, "UBND phường Ba Đình");
    let island = find(&ALONE, "huyen con dao", 1);
    assert_eq!(island, ["UBND huyện Côn Đảo (tỉnh Bà Rịa - Vũng Tàu) → UBND đặc khu Côn Đảo"]);
}

#[test]
fn on_the_last_day_of_the_districts_they_were_there_and_their_heirs_were_not_yet() {
    let [found, ..] = &ALONE.find("quận ba đình", LAST_DAY, 1)[..] else { panic!("found") };
    assert!(found.listed.is_there(LAST_DAY) && found.heirs.is_empty());
    let [found, ..] = &ALONE.find("truc bach", LAST_DAY, 1)[..] else { panic!("found") };
    assert!(found.listed.is_there(LAST_DAY) && found.heirs.is_empty());
    let ba_dinh = ALONE.by_code("00004", TODAY).expect("phường Ba Đình");
    assert_eq!(ba_dinh.from, LAST_DAY.tomorrow().ok());
    assert_eq!(ALONE.by_code("00004", LAST_DAY).expect("its code before").name, {
        "UBND phường Trúc Bạch"
    });
}

#[test]
fn a_province_that_became_a_city_is_one_of_two_on_either_side_of_the_day() {
    let there = |day: Date| {
        let found = ALONE.find("dong nai", day, 1).remove(0);
        assert!(found.listed.is_there(day));
        found.listed.name
    };
    assert_eq!(there(date(2026, 4, 30)), "UBND thành phố Đồng Nai");
    assert_eq!(there(date(2026, 4, 29)), "UBND tỉnh Đồng Nai");
    let [province] = &ALONE.find("tinh dong nai", TODAY, 1)[..] else { panic!("found") };
    assert_eq!(said(province), "UBND tỉnh Đồng Nai () → UBND thành phố Đồng Nai");
    let before = ALONE.find("thi tran loc ninh", TODAY, 1);
    assert_eq!(before[0].listed.parent, "huyện Lộc Ninh, tỉnh Bình Phước");
}

#[test]
fn numbers_are_words_and_sort_by_their_value() {
    let found = find(&ALONE, "phuong 4 quan 5 ho chi minh", 2);
    let expected = "UBND phường 4 (quận 5, thành phố Hồ Chí Minh) → UBND phường Chợ Quán";
    assert_eq!(found, [expected]);
    let districts: Vec<String> = names(&ALONE, "ubnd quan ho chi minh", FOUND_MAX)
        .into_iter()
        .filter(|name| name.starts_with("UBND quận 1"))
        .collect();
    assert_eq!(districts, ["UBND quận 1", "UBND quận 10", "UBND quận 11", "UBND quận 12"]);
}

#[test]
fn on_the_exchange_comes_first_then_who_is_there_and_a_whole_name_before_a_part() {
    let tan_an = agency(1, "Phòng Y tế Tân An", "H50.1");
    let agencies = Agencies::of(vec![tan_an]);
    let found = names(&agencies, "tan an", FOUND_MAX);
    assert_eq!(found[..3], ["Phòng Y tế Tân An", "UBND phường Tân An", "UBND phường Tân An"]);
    let there = agencies.find("tan an", TODAY, FOUND_MAX).into_iter().skip(1);
    let there = there.map(|found| found.listed).filter(|listed| listed.is_there(TODAY));
    let begins = |name: &str| {
        let name = text::fold(name);
        name.contains(" xa tan an") || name.contains(" phuong tan an")
    };
    let begins: Vec<bool> = there.map(|listed| begins(&listed.name)).collect();
    assert!(begins.is_sorted_by(|one, next| one >= next) && begins.contains(&false), "{begins:?}");
    let ended = agencies.find("tan an", TODAY, FOUND_MAX);
    assert!(ended.is_sorted_by_key(|found| !found.listed.is_there(TODAY)));
}

#[test]
fn codes_of_both_decisions_are_found_from_their_beginning_and_those_of_older_paper_too() {
    let mut so_noi_vu = agency(1, "Sở Nội vụ", "H53.03");
    so_noi_vu.codes_before = vec!["000.00.03.H53".to_owned()];
    let mut so_cu = agency(2, "Sở Lao động", "000.00.04.H53");
    (so_cu.to, so_cu.on_exchange, so_cu.heirs) = (Some(LAST_DAY), false, vec![so_noi_vu.id]);
    let agencies = Agencies::of(vec![so_noi_vu, so_cu]);
    for typed in ["H53.03", "h53.0", "000.00.03.H53", "000.00.03", "H53 nội vụ", "H53.03.00"] {
        assert_eq!(names(&agencies, typed, 1), ["Sở Nội vụ"], "{typed}");
    }
    let expected = "Sở Lao động (tỉnh Tây Ninh) → Sở Nội vụ";
    for typed in ["000.00.04.H53", "H53.04", "so lao dong"] {
        assert_eq!(find(&agencies, typed, 1), [expected], "{typed}");
    }
    assert_eq!(names(&agencies, "H53.99", 5), [""; 0]);
    assert_eq!(names(&agencies, "phường 3", FOUND_MAX).iter().position(|n| n == "Sở Nội vụ"), None);

    let by = |code| agencies.by_code(code, TODAY).map(|one| one.name.as_str());
    assert_eq!(by(" h53.03 "), Some("Sở Nội vụ"));
    assert_eq!(by("000.00.03.H53"), Some("Sở Nội vụ"));
    assert_eq!(by("000.00.04.H53"), Some("Sở Lao động"));
    assert_eq!(by("H53.0"), None);
    assert_eq!(by("00004"), Some("UBND phường Ba Đình"));
    assert_eq!(by(""), None);
}

#[test]
fn a_code_that_was_given_again_is_that_of_who_has_it_now() {
    let mut before = agency(1, "Chi cục cũ", "H53.7");
    before.to = Some(LAST_DAY);
    let mut other = agency(2, "Chi cục đổi mã", "H53.8");
    other.codes_before = vec!["H53.7".to_owned()];
    let now = agency(3, "Chi cục mới", "H53.7");
    let agencies = Agencies::of(vec![before, other, now]);
    let by = |day| agencies.by_code("H53.7", day).map(|one| one.name.as_str());
    assert_eq!(by(TODAY), Some("Chi cục mới"));
}

#[test]
fn what_a_server_lists_takes_the_place_of_the_unit_and_of_the_heir() {
    let shipped = ALONE.by_code("00004", TODAY).expect("phường Ba Đình").clone();
    let mut ba_dinh = agency(7, "Ủy ban nhân dân phường Ba Đình", "H26.1.4");
    (ba_dinh.unit, ba_dinh.parent) = ("00004".to_owned(), "TP Hà Nội".to_owned());
    let party = Listed {
        unit: "00004".to_owned(), ..agency(8, "Đảng uỷ phường Ba Đình", "A26.1")
    };
    let agencies = Agencies::of(vec![ba_dinh.clone(), party]);
    assert_eq!(agencies.get(shipped.id), Some(&ba_dinh));
    assert_eq!(agencies.get(ba_dinh.id), Some(&ba_dinh));
    let found = find(&agencies, "phường ba đình thành phố hà nội", 3);
    assert_eq!(found[0], "Ủy ban nhân dân phường Ba Đình (TP Hà Nội)");
    assert!(found.iter().all(|found| !found.starts_with("UBND phường Ba Đình")), "{found:?}");
    assert_eq!(names(&agencies, "ubnd phuong ba dinh", 1), [ba_dinh.name.as_str()]);
    let truc_bach = agencies.find("truc bach", TODAY, 1);
    assert_eq!(truc_bach[0].heirs, [ba_dinh]);
    assert_eq!(names(&agencies, "dang uy ba dinh", 1), ["Đảng uỷ phường Ba Đình"]);
}

#[test]
fn what_a_server_lists_as_ended_is_the_unit_of_that_time_and_keeps_its_heirs() {
    let mut truc_bach = agency(9, "UBND phường Trúc Bạch (cũ)", "000.01.04.H26");
    (truc_bach.unit, truc_bach.to) = ("00004".to_owned(), Some(LAST_DAY));
    truc_bach.on_exchange = false;
    let agencies = Agencies::of(vec![truc_bach]);
    let expected = "UBND phường Trúc Bạch (cũ) (tỉnh Tây Ninh) → UBND phường Ba Đình";
    assert_eq!(find(&agencies, "truc bach", 5), [expected]);
    assert_eq!(names(&agencies, "00004", 1), ["UBND phường Ba Đình"]);
}

#[test]
fn heirs_are_followed_through_those_that_ended_too_and_a_circle_ends() {
    let ended = |id, name, heirs: &[u8]| {
        let heirs = heirs.iter().map(|id| AgencyId([*id; 16])).collect();
        Listed { to: Some(LAST_DAY), heirs, ..agency(id, name, "") }
    };
    let agencies = Agencies::of(vec![
        ended(1, "Trạm Một", &[2, 4]),
        ended(2, "Trạm Hai", &[1, 3, 99]),
        agency(3, "Trung tâm Ba", ""),
        agency(4, "Trung tâm Bốn", ""),
        ended(5, "Trạm Vòng", &[6, 5]),
        ended(6, "Trạm Quanh", &[5]),
    ]);
    let expected = "Trạm Một (tỉnh Tây Ninh) → Trung tâm Ba; Trung tâm Bốn";
    assert_eq!(find(&agencies, "trạm một", 1), [expected]);
    assert_eq!(find(&agencies, "trạm vòng", 1), ["Trạm Vòng (tỉnh Tây Ninh)"]);
}

#[test]
fn what_was_said_last_of_an_agency_holds() {
    let agencies = Agencies::of(vec![agency(1, "Tên cũ lắm", ""), agency(1, "Tên mới", "")]);
    assert_eq!(names(&agencies, "tên", 5).first().map(String::as_str), Some("Tên mới"));
    assert_eq!(names(&agencies, "tên cũ lắm", 5), [""; 0]);
}

#[test]
fn whatever_is_typed_gets_an_answer_within_its_limits() {
    for typed in ["", " ", "...", "-/-", "\u{200B}", "\u{301}", "\t\n", "–", "🏛"] {
        assert_eq!(names(&ALONE, typed, 10), [""; 0], "{typed:?}");
    }
    assert_eq!(names(&ALONE, &"đ".repeat(10_000), 10), [""; 0]);
    assert_eq!(names(&ALONE, &"xã ".repeat(10_000), 10).len(), 10);
    assert_eq!(names(&ALONE, &"1.".repeat(5_000), 10), [""; 0]);
    assert_eq!(names(&ALONE, "u", usize::MAX).len(), FOUND_MAX);
    assert_eq!(names(&ALONE, "u", 0), [""; 0]);
    let decomposed = "tru\u{301}c ba\u{323}ch";
    assert_eq!(names(&ALONE, decomposed, 1), ["UBND phường Trúc Bạch"]);
    let loose = "TRU\u{301}C\u{A0}\u{200B}BẠCH, (Ba Đình)";
    assert_eq!(names(&ALONE, loose, 1), ["UBND phường Trúc Bạch"]);
    let odd = Agencies::of(vec![agency(1, "", "…"), agency(2, "Xa\u{303} La\u{301}", "H.1")]);
    assert_eq!(names(&odd, "xã lá", 1), ["Xa\u{303} La\u{301}"]);
    assert_eq!(odd.get(AgencyId([0; 16])), None);
}

#[test]
fn every_unit_has_its_own_id_and_those_of_today_that_of_their_code() {
    // The first 16 bytes of SHA-256 of "vanthu/unit/1\0" and the code: a server derives it too.
    let ba_dinh = ALONE.by_code("00004", TODAY).expect("phường Ba Đình");
    assert_eq!(ba_dinh.id.hex(), "eee7f29ce5028f711e39c0a225e498d3");
    let truc_bach = &ALONE.find("truc bach", TODAY, 1)[0].listed;
    assert_eq!(truc_bach.unit, ba_dinh.unit);
    assert_ne!(truc_bach.id, ba_dinh.id);
    assert_eq!(ALONE.len(), 34 + 3321 + 9603);
}
