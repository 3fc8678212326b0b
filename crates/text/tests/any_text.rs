//! What must hold for any text whatever.

use proptest::prelude::{
    ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use unicode_normalization::UnicodeNormalization;

use text::{
    clean_line, clean_text, compare, count_chars, fold, fold_words, match_key, nfc,
    person_sort_key, same_tone, sort_key, typed_marks_match,
};

/// Anything at all, and text that is mostly Vietnamese, composed and not.
fn any_text() -> impl Strategy<Value = String> {
    let vietnamese = "[a-zA-ZăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậếềểễệỉọộớợứựỳỷÐ \u{300}\u{301}\u{302}\u{303}\
                      \u{306}\u{309}\u{31B}\u{323}\u{200B}\u{AD}\t\r\n0-9/-]{0,60}";
    prop_oneof!["\\PC*", ".*", vietnamese]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(text in any_text()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn composed_and_decomposed_text_fold_and_sort_the_same(text in any_text()) {
        let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(fold(&composed), fold(&decomposed));
        prop_assert_eq!(fold(&composed), fold(&text));
        prop_assert_eq!(nfc(&text), composed.clone());
        prop_assert_eq!(same_tone(&composed), same_tone(&decomposed));
        prop_assert_eq!(count_chars(&decomposed), count_chars(&composed));
    }

    #[test]
    fn cleaning_twice_is_cleaning_once_and_gives_nfc(text in any_text()) {
        for clean in [clean_line, clean_text] {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert_eq!(nfc(&once), once);
        }
        prop_assert!(!clean_line(&text).contains(['\n', '\r', '\t', '\0']));
    }

    #[test]
    fn moving_tones_twice_is_moving_them_once_and_changes_no_letter(text in any_text()) {
        let moved = same_tone(&text);
        prop_assert_eq!(same_tone(&moved), moved.clone());
        prop_assert_eq!(fold(&moved), fold(&text));
    }

    #[test]
    fn a_text_is_found_by_itself_and_by_its_folded_self(text in any_text()) {
        prop_assert!(typed_marks_match(&text, &text));
        prop_assert!(typed_marks_match(&fold(&text), &text));
    }

    #[test]
    fn nothing_panics_and_the_order_is_an_order(one in any_text(), other in any_text()) {
        let (_, _, _) = (fold_words(&one), match_key(&one), person_sort_key(&one));
        let _ = typed_marks_match(&one, &other);
        prop_assert_eq!(compare(&one, &other), compare(&other, &one).reverse());
        prop_assert_eq!(sort_key(&one) == sort_key(&other), sort_key(&other) == sort_key(&one));
    }
}

#[test]
fn every_character_there_is_folds_once_and_the_same_in_both_forms() {
    // Between the two ranges stand only Chinese, Yi and other signs without case or marks.
    for c in ('\0'..'\u{3400}').chain('\u{A000}'..'\u{20000}') {
        let alone = String::from(c);
        let folded = fold(&alone);
        assert_eq!(fold(&folded), folded, "U+{:04X}", c as u32);
        let decomposed: String = alone.nfd().collect();
        assert_eq!(fold(&decomposed), folded, "U+{:04X}", c as u32);
        assert_eq!(clean_line(&clean_line(&alone)), clean_line(&alone), "U+{:04X}", c as u32);
        assert_eq!(nfc(&alone), alone.nfc().collect::<String>(), "U+{:04X}", c as u32);
    }
}
