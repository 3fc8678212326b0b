//! What was typed, cut into words and codes.
use text::{Typed, TypedWord};

/// Characters of what was typed that are looked at.
const TYPED_CHARS_MAX: usize = 200;
/// Words of what was typed that are looked at.
const WORDS_MAX: usize = 16;

/// What nobody types to its end, and what stands in the directory instead.
const COMMITTEE: [&str; 4] = ["uy", "ban", "nhan", "dan"];
const COMMITTEE_SHORT: &[&str] = &["ubnd"];
/// What is shortened, and the words it stands for.
const SHORTENED: [(&str, &[&str]); 2] = [("tp", &["thành", "phố"]), ("tx", &["thị", "xã"])];
/// Every word that is put in for others.
pub(super) const PUT_IN: [&str; 5] = ["ubnd", "thành", "phố", "thị", "xã"];

/// One word of what was typed.
#[derive(Debug, Clone)]
pub(super) struct AskedWord {
    pub(super) typed: TypedWord,
    fold: String,
    /// Which of the codes it is, or is a part of.
    pub(super) code: Option<usize>,
}

/// What was typed, taken apart.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) words: Vec<AskedWord>,
    /// What may be a code or the beginning of one, folded.
    pub(super) codes: Vec<String>,
}

impl Asked {
    /// Takes apart what was typed.
    pub(super) fn read(typed: &str) -> Asked {
        let typed: String = typed.chars().take(TYPED_CHARS_MAX).collect();
        let mut asked = Asked::default();
        for part in typed.split_whitespace() {
            let words = Typed::new(part);
            if words.words().is_empty() || asked.words.len() + words.words().len() > WORDS_MAX {
                continue;
            }
            let code = code(part).map(|code| {
                asked.codes.push(code);
                asked.codes.len() - 1
            });
            asked.words.extend(words.words().iter().map(|word| AskedWord::new(word, code)));
        }
        let put_in = |words: &[&str]| -> Vec<AskedWord> {
            let typed = Typed::new(&words.join(" "));
            typed.words().iter().map(|word| AskedWord::new(word, None)).collect()
        };
        asked.words = as_listed(&asked.words, |word| &word.fold, put_in);
        asked
    }
}

impl AskedWord {
    fn new(typed: &TypedWord, code: Option<usize>) -> AskedWord {
        AskedWord { typed: typed.clone(), fold: typed.fold(), code }
    }
}

/// Reads a part of what was typed as a code or its beginning: digits, Latin letters, dots.
pub(super) fn code(part: &str) -> Option<String> {
    let folded = text::fold(part);
    let is_code = folded.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        && folded.contains(|c: char| c.is_ascii_digit());
    is_code.then_some(folded)
}

/// Words as the directory lists them: the committee short, kinds of units in full.
pub(super) fn as_listed<'a, T: Clone>(
    words: &'a [T],
    fold: impl Fn(&'a T) -> &'a str,
    put_in: impl Fn(&[&str]) -> Vec<T>,
) -> Vec<T> {
    let mut listed = Vec::with_capacity(words.len());
    let mut rest = words;
    while let [word, after @ ..] = rest {
        rest = after;
        if let Some(after) = after_committee(word, after, &fold) {
            listed.extend(put_in(COMMITTEE_SHORT));
            rest = after;
        } else if let Some((_, full)) = SHORTENED.iter().find(|(short, _)| *short == fold(word)) {
            listed.extend(put_in(full));
        } else {
            listed.push(word.clone());
        }
    }
    listed
}

/// What stands behind the committee written in full; its last word may be only begun.
fn after_committee<'a, T>(
    first: &'a T,
    after: &'a [T],
    fold: &impl Fn(&'a T) -> &'a str,
) -> Option<&'a [T]> {
    let [uy, ban, nhan, dan] = COMMITTEE;
    let [second, third, fourth, rest @ ..] = after else { return None };
    let last = fold(fourth);
    let is_last = last == dan || (rest.is_empty() && dan.starts_with(last));
    let is_it = fold(first) == uy && fold(second) == ban && fold(third) == nhan && is_last;
    is_it.then_some(rest)
}
