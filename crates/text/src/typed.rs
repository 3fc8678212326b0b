//! What was typed in the search box, checked against a candidate: a mark that was typed is meant.

use alloc::string::String;
use alloc::vec::Vec;

use crate::letters::{Letter, Mark, Tone, letters};

/// Says whether every word of `query` stands in `text`, the last one perhaps only begun.
///
/// "dat" finds đất and đạt, "đất" finds neither đạt nor dất, "hòa" finds hoà. One query against
/// many texts is quicker through [`Typed`].
pub fn typed_marks_match(query: &str, text: &str) -> bool {
    Typed::new(query).matches(text)
}

/// A query taken apart once, to be checked against many texts.
#[derive(Debug, Clone)]
pub struct Typed {
    words: Vec<TypedWord>,
}

impl Typed {
    /// Takes a query apart.
    pub fn new(query: &str) -> Typed {
        Typed { words: words(query) }
    }

    /// Says whether any mark was typed; without one, the folded text says all there is to say.
    pub fn has_marks(&self) -> bool {
        self.words.iter().any(TypedWord::has_marks)
    }

    /// Its words, cut as [`crate::fold_words`] cuts them.
    pub fn words(&self) -> &[TypedWord] {
        &self.words
    }

    /// Says whether every word stands in `text`, in any order, the last one perhaps only begun.
    pub fn matches(&self, text: &str) -> bool {
        self.stands_in(&Printed::new(text))
    }

    /// As [`Typed::matches`], for a text that was taken apart before.
    pub fn stands_in(&self, text: &Printed) -> bool {
        let there = &text.words;
        let Some((last, whole)) = self.words.split_last() else { return true };
        whole.iter().all(|typed| there.iter().any(|word| typed.is(word)))
            && there.iter().any(|word| last.begins_word(word))
    }
}

/// A text taken apart once, to be checked against many queries.
#[derive(Debug, Clone)]
pub struct Printed {
    words: Vec<TypedWord>,
}

impl Printed {
    /// Takes a text apart.
    pub fn new(text: &str) -> Printed {
        Printed { words: words(text) }
    }
}

/// A word as a search index keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexedWord {
    /// What it folds to.
    pub fold: String,
    /// Its one form with marks, wherever the tone was put; none for a word without any.
    pub marked: Option<String>,
}

/// The words of a text for a search index.
pub fn indexed_words(text: &str) -> Vec<IndexedWord> {
    let indexed = |word: &TypedWord| IndexedWord { fold: word.fold(), marked: word.marked() };
    words(text).iter().map(indexed).collect()
}

/// A word taken apart.
#[derive(Debug, Clone, Default)]
pub struct TypedWord {
    letters: Vec<Letter>,
    /// The tones in order; one for a Vietnamese syllable, wherever its mark was put.
    tones: Vec<Tone>,
}

impl TypedWord {
    /// What it folds to.
    pub fn fold(&self) -> String {
        self.letters.iter().map(|letter| letter.base).collect()
    }

    /// Says whether any mark was typed.
    pub fn has_marks(&self) -> bool {
        !self.tones.is_empty() || self.letters.iter().any(|letter| letter.mark != Mark::Plain)
    }

    /// Says whether an indexed form is this word; marks that were not typed may stand there.
    pub fn is_form(&self, form: &str) -> bool {
        words(form).first().is_some_and(|there| self.is(there))
    }

    /// Says whether an indexed form begins with this word.
    pub fn begins_form(&self, form: &str) -> bool {
        words(form).first().is_some_and(|there| self.begins_word(there))
    }

    /// The form with marks that is the same for "hoà" and "hòa": the tone behind the last letter.
    fn marked(&self) -> Option<String> {
        if !self.has_marks() {
            return None;
        }
        let moves = self.tones.len() == 1;
        let tone = |letter: &Letter| if moves { Tone::Level } else { letter.tone };
        let composed = |letter: &Letter| Letter { tone: tone(letter), ..*letter }.compose();
        let mut marked: String = self.letters.iter().map(composed).collect();
        if let [only] = self.tones.as_slice() {
            marked.extend(combining(*only));
        }
        // A foreign mark that no Vietnamese letter has is lost in composing.
        (marked != self.fold()).then_some(marked)
    }

    fn is(&self, there: &TypedWord) -> bool {
        self.letters.len() == there.letters.len()
            && (self.tones.is_empty() || self.tones == there.tones)
            && self.letters_begin(there)
    }

    fn letters_begin(&self, there: &TypedWord) -> bool {
        self.letters.len() <= there.letters.len()
            && self.letters.iter().zip(&there.letters).all(|(typed, found)| {
                typed.base == found.base && (typed.mark == Mark::Plain || typed.mark == found.mark)
            })
    }

    fn begins_word(&self, there: &TypedWord) -> bool {
        there.tones.starts_with(&self.tones) && self.letters_begin(there)
    }
}

fn combining(tone: Tone) -> Option<char> {
    match tone {
        Tone::Level => None,
        Tone::Huyen => Some('\u{300}'),
        Tone::Hoi => Some('\u{309}'),
        Tone::Nga => Some('\u{303}'),
        Tone::Sac => Some('\u{301}'),
        Tone::Nang => Some('\u{323}'),
    }
}

// The same cuts as in `fold_words`.
fn words(text: &str) -> Vec<TypedWord> {
    let mut words = Vec::new();
    let mut word = TypedWord::default();
    for letter in letters(text) {
        if letter.base.is_alphanumeric() {
            if letter.tone != Tone::Level {
                word.tones.push(letter.tone);
            }
            word.letters.push(letter);
        } else if !word.letters.is_empty() {
            words.push(core::mem::take(&mut word));
        }
    }
    if !word.letters.is_empty() {
        words.push(word);
    }
    words
}
