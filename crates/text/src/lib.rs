//! Vietnamese text: one normal form, folding for search, tone placement.
#![no_std]

extern crate alloc;

mod clean;
mod fold;
mod letters;
mod sort;
mod tone;
mod typed;

pub use clean::{clean_line, clean_text, count_chars, nfc};
pub use fold::{fold, fold_words};
pub use sort::{compare, person_sort_key, sort_key};
pub use tone::{match_key, same_text, same_tone};
pub use typed::{IndexedWord, Printed, Typed, TypedWord, indexed_words, typed_marks_match};
