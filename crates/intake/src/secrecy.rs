//! A secrecy mark in a text: MẬT, TỐI MẬT or TUYỆT MẬT standing alone, as the stamp does.

use unicode_normalization::UnicodeNormalization;

/// A mark of state secrecy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecrecyMark {
    /// MẬT.
    Secret,
    /// TỐI MẬT.
    TopSecret,
    /// TUYỆT MẬT.
    UtmostSecret,
}

/// Words whose second half falls on a line of its own when a heading is broken: BÍ / MẬT.
const FIRST_HALVES: [&str; 7] = ["BÍ", "BẢO", "CƠ", "ĐỘ", "DẤU", "THÂN", "MỨC"];
/// Wider gaps than this part columns: a stamp often stands beside the place and date.
const COLUMN_SPACES: &str = "   ";

/// Finds a secrecy mark that stands on a line, or in a column, of its own.
///
/// Words like "bí mật" or "bảo mật" are no marks, nor is "MẬT" at the end of a broken heading.
pub fn secrecy_mark(text: &str) -> Option<SecrecyMark> {
    let mut before = String::new();
    let mut found = None;
    for line in text.split(['\n', '\r', '\t', '\u{b}', '\u{c}']) {
        // A wide-set mark has wide gaps of its own, so the whole line is asked first.
        let whole = mark_of(&bare(line), &before);
        for cell in line.split(COLUMN_SPACES) {
            let words = bare(cell);
            if words.is_empty() {
                continue;
            }
            found = found.max(whole).max(mark_of(&words, &before));
            before = words;
        }
    }
    found
}

fn mark_of(words: &str, before: &str) -> Option<SecrecyMark> {
    match joined(words).as_str() {
        "TUYỆTMẬT" => Some(SecrecyMark::UtmostSecret),
        "TỐIMẬT" => Some(SecrecyMark::TopSecret),
        "MẬT" => match before.rsplit(' ').next() {
            Some("TUYỆT") => Some(SecrecyMark::UtmostSecret),
            Some("TỐI") => Some(SecrecyMark::TopSecret),
            Some(half) if FIRST_HALVES.contains(&half) => None,
            Some(_) | None => Some(SecrecyMark::Secret),
        },
        _ => None,
    }
}

/// A cell in NFC without the frame, dots or stars that people draw around a mark.
fn bare(cell: &str) -> String {
    let cell: String = cell.nfc().filter(|letter| !is_invisible(*letter)).collect();
    let words = cell.trim_matches(|letter: char| !letter.is_alphanumeric());
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters without spaces, because stamps are set wide: "M Ậ T".
fn joined(words: &str) -> String {
    words.split(' ').collect()
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{SecrecyMark, secrecy_mark};

    #[test]
    fn a_mark_on_a_line_of_its_own_is_found() {
        for (text, mark) in [
            ("UBND TỈNH\nMẬT\nSố: 12/BC-UBND", SecrecyMark::Secret),
            ("  [ TỐI  MẬT ]  ", SecrecyMark::TopSecret),
            ("T U Y Ệ T   M Ậ T", SecrecyMark::UtmostSecret),
            ("T Ố I  M Ậ T", SecrecyMark::TopSecret),
            ("TỐI\nMẬT", SecrecyMark::TopSecret),
            ("MẬT\tQuảng Trị, ngày 05 tháng 01 năm 2026", SecrecyMark::Secret),
            ("MẬT      Cam Lộ, ngày 05 tháng 01", SecrecyMark::Secret),
            ("MA\u{323}\u{302}T", SecrecyMark::Secret),
            ("MẬT\nTUYỆT MẬT", SecrecyMark::UtmostSecret),
        ] {
            assert_eq!(secrecy_mark(text), Some(mark), "{text:?}");
        }
    }

    #[test]
    fn words_with_mat_in_them_are_no_mark() {
        for text in [
            "bảo vệ bí mật nhà nước",
            "MẬT KHẨU",
            "BÍ MẬT",
            "Mật",
            "mật ong",
            "KẾ HOẠCH CÔNG TÁC BẢO VỆ BÍ\nMẬT NHÀ NƯỚC",
            "VỀ VIỆC GIỮ BÍ\nMẬT",
            "THÔNG TIN BẢO\nMẬT",
            "Độ mật: Không",
        ] {
            assert_eq!(secrecy_mark(text), None, "{text:?}");
        }
    }
}
