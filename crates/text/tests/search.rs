//! Folding for search, and the check of what was typed.

use text::{Typed, fold, fold_words, typed_marks_match};

#[test]
fn folding_takes_off_case_tones_marks_and_the_stroke() {
    let table = [
        ("Đắk Lắk", "dak lak"),
        ("QUYẾT ĐỊNH số 123/QĐ-UBND", "quyet dinh so 123/qd-ubnd"),
        ("Thủy lợi", "thuy loi"),
        ("Ngưỡng cửa", "nguong cua"),
        ("Ðức", "duc"),
        ("Ea H’Leo, Krông Nô", "ea h’leo, krong no"),
        ("Müller Straße", "muller straße"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ];
    for (text, folded) in table {
        assert_eq!(fold(text), folded);
    }
}

#[test]
fn folding_drops_what_cannot_be_seen_and_collapses_white_space() {
    assert_eq!(fold("  a\u{200B}n\t\u{A0}\r\n hi\u{AD}ế\u{FEFF}u \0 "), "an hieu");
    assert_eq!(fold("\u{200D}\u{200C}\u{2060}"), "");
}

#[test]
fn decomposed_text_folds_like_composed_text() {
    assert_eq!(fold("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t"), "tieng viet");
    assert_eq!(fold("e\u{301}\u{302}"), "e", "marks in the wrong order");
    assert_eq!(fold("o\u{31B}\u{309}"), "o");
}

#[test]
fn a_symbol_is_cut_into_its_words() {
    assert_eq!(
        fold_words("Số: 05/QĐ-UBND (kèm phụ lục)"),
        ["so", "05", "qd", "ubnd", "kem", "phu", "luc"]
    );
    assert!(fold_words(" -/. ").is_empty());
}

#[test]
fn a_word_is_indexed_by_its_fold_and_by_one_form_with_marks() {
    let forms = |text: &str| {
        let words = text::indexed_words(text);
        words.into_iter().map(|word| (word.fold, word.marked)).collect::<Vec<_>>()
    };
    let (fold, marked) = forms("hoà").remove(0);
    assert_eq!((fold.as_str(), forms("hòa")), ("hoa", vec![(fold.clone(), marked)]));
    assert_eq!(forms("QĐ-UBND 05").iter().filter(|(_, marked)| marked.is_some()).count(), 1);
}

/// Texts of Vietnamese letters, composed and not, and a few foreign ones.
const LETTERS: &str = "[a-zA-Z0-9ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệ\
     íìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ\
     ĐÁÀ/ .ßİéÂ\u{300}\u{301}-]{0,40}";

proptest::proptest! {
    #[test]
    fn words_are_cut_and_found_by_their_indexed_form_as_in_the_text(
        text in LETTERS,
        begun in 0_usize..6,
    ) {
        let words = text::indexed_words(&text);
        let folds: Vec<String> = words.iter().map(|word| word.fold.clone()).collect();
        proptest::prop_assert_eq!(folds, fold_words(&text));
        for word in &words {
            let form = word.marked.as_ref().unwrap_or(&word.fold);
            let typed: String = form.chars().take(begun).collect();
            let typed = Typed::new(&typed);
            if let [typed] = typed.words() {
                proptest::prop_assert!(typed.begins_form(form));
            }
            proptest::prop_assert_eq!(&fold(form), &word.fold);
        }
    }
}

#[test]
fn a_mark_that_was_typed_is_meant() {
    let yes = [
        ("dat", "đất đai"),
        ("dat", "thành đạt"),
        ("đất", "ĐẤT ĐAI"),
        ("đât", "đất"),
        ("hòa", "Hoà bình"),
        ("hoà", "Hòa Bình"),
        ("ủy ban", "Uỷ ban nhân dân"),
        ("qúy", "quý III"),
        ("thuy loi", "công trình thuỷ lợi"),
        ("lợi thuỷ", "thủy lợi"),
        ("ngu", "Nguyễn"),
        ("nguyê", "Nguyễn"),
        ("hó", "hoá đơn"),
        ("123/ubnd", "123/UBND-VP"),
        ("", "gì cũng được"),
        ("đa\u{301}t", "ĐÁT"),
    ];
    for (typed, text) in yes {
        assert!(typed_marks_match(typed, text), "{typed:?} is in {text:?}");
    }
    let no = [
        ("đất", "dạt"),
        ("đất", "đạt"),
        ("đất", "dất"),
        ("đ", "dân"),
        ("hoà", "hoá"),
        ("hoàn", "hoà"),
        ("bà con", "bạ con"),
        ("ba co", "ba"),
        ("co ba", "con ba"),
        ("thuỷ lợi", "thuỷ lơi"),
    ];
    for (typed, text) in no {
        assert!(!typed_marks_match(typed, text), "{typed:?} is not in {text:?}");
    }
}

#[test]
fn a_query_without_marks_needs_no_second_look() {
    assert!(!Typed::new("quyet dinh 123").has_marks());
    assert!(Typed::new("quyết").has_marks());
    assert!(Typed::new("dinh đ").has_marks());
}

#[test]
fn the_published_vectors_of_diacritic_removal_agree() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/8_vietnamese_text/tone_and_diacritics_vectors.json"
    );
    let Ok(vectors) = std::fs::read_to_string(path) else { return };
    let vectors: serde_json::Value = serde_json::from_str(&vectors).unwrap();
    for vector in vectors["remove_diacritics"].as_array().unwrap() {
        let (input, expected) = (&vector["input"], &vector["expected"]);
        let expected = expected.as_str().unwrap().to_lowercase();
        assert_eq!(fold(input.as_str().unwrap()), fold(&expected), "{input}");
        assert_eq!(fold(input.as_str().unwrap()), expected.trim(), "{input}");
    }
}
