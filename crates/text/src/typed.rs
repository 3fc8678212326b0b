//! What was typed in the search box, checked against a candidate: a mark that was typed is meant.

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
    words: Vec<Word>,
}

impl Typed {
    /// Takes a query apart.
    pub fn new(query: &str) -> Typed {
        Typed { words: words(query) }
    }

    /// Says whether any mark was typed; without one, the folded text says all there is to say.
    pub fn has_marks(&self) -> bool {
        self.words.iter().any(|word| {
            !word.tones.is_empty() || word.letters.iter().any(|letter| letter.mark != Mark::Plain)
        })
    }

    /// Says whether every word stands in `text`, in any order, the last one perhaps only begun.
    pub fn matches(&self, text: &str) -> bool {
        let there = words(text);
        let Some((last, whole)) = self.words.split_last() else { return true };
        whole.iter().all(|typed| there.iter().any(|word| typed.is(word)))
            && there.iter().any(|word| typed_begins(last, word))
    }
}

#[derive(Debug, Clone, Default)]
struct Word {
    letters: Vec<Letter>,
    /// The tones in order; one for a Vietnamese syllable, wherever its mark was put.
    tones: Vec<Tone>,
}

impl Word {
    fn is(&self, there: &Word) -> bool {
        self.letters.len() == there.letters.len()
            && (self.tones.is_empty() || self.tones == there.tones)
            && self.letters_begin(there)
    }

    fn letters_begin(&self, there: &Word) -> bool {
        self.letters.len() <= there.letters.len()
            && self.letters.iter().zip(&there.letters).all(|(typed, found)| {
                typed.base == found.base && (typed.mark == Mark::Plain || typed.mark == found.mark)
            })
    }
}

fn typed_begins(typed: &Word, there: &Word) -> bool {
    there.tones.starts_with(&typed.tones) && typed.letters_begin(there)
}

// The same cuts as in `fold_words`.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
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
