//! Folding for search: lower case, every mark off, đ as d, white space collapsed.

use alloc::{string::String, vec::Vec};

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::letters::{accented, is_dropped};

/// Folds a text for search. Texts that differ only in case, marks, composition or white space fold
/// to the same.
pub fn fold(text: &str) -> String {
    let mut folded = Folded { text: String::with_capacity(text.len()), is_gap: false };
    for c in text.chars() {
        if c.is_ascii() {
            folded.put_plain(c.to_ascii_lowercase());
        } else if let Some(letter) = accented(c) {
            folded.put_visible(letter.base);
        } else if !is_combining_mark(c) {
            decompose_canonical(c, |part| folded.put(part));
        }
    }
    folded.text
}

/// Folds a text and cuts it into words at everything that is neither letter nor digit.
pub fn fold_words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(String::from)
        .collect()
}

struct Folded {
    text: String,
    is_gap: bool,
}

impl Folded {
    fn put(&mut self, c: char) {
        if is_combining_mark(c) {
            return;
        }
        for lower in c.to_lowercase() {
            if let Some(letter) = accented(lower) {
                self.put_visible(letter.base);
            } else if !is_combining_mark(lower) {
                self.put_plain(lower);
            }
        }
    }

    fn put_plain(&mut self, c: char) {
        if c.is_whitespace() {
            self.is_gap = true;
        } else if !is_dropped(c) {
            self.put_visible(c);
        }
    }

    fn put_visible(&mut self, c: char) {
        if self.is_gap && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.is_gap = false;
        self.text.push(c);
    }
}
