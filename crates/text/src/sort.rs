//! The order of Vietnamese dictionaries: a ă â b c d đ e ê …, then the tone, word by word.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::letters::{Letter, Tone, letters};

// Bytes of a key in rising order: a shorter word first, digits before letters, Latin letters
// before those of other scripts.
const END_OF_WORD: u8 = 1;
const TONE: u8 = 2;
const NUMBER: u8 = 0x10;
const LATIN: u8 = 0x20;
const FOREIGN: u8 = 0xF0;

// Each Latin letter leaves room for its marks: a, ă, â.
const MARKS_PER_LETTER: u8 = 5;

/// Compares two texts in the order of Vietnamese dictionaries; texts that sort the same are put in
/// the order of their bytes.
pub fn compare(one: &str, other: &str) -> Ordering {
    sort_key(one).cmp(&sort_key(other)).then_with(|| one.cmp(other))
}

/// Returns bytes that sort as the text does in a Vietnamese dictionary.
///
/// Case, punctuation and the place of the tone mark don't count; numbers sort by their value.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() * 2);
    for word in words(text) {
        put_word(&mut key, &word);
    }
    key
}

/// Returns bytes that sort people as Vietnamese lists do: by given name, then surname and middle
/// names.
pub fn person_sort_key(full_name: &str) -> Vec<u8> {
    let words = words(full_name);
    let mut key = Vec::with_capacity(full_name.len() * 2);
    if let Some((given, before)) = words.split_last() {
        for word in core::iter::once(given).chain(before) {
            put_word(&mut key, word);
        }
    }
    key
}

fn words(text: &str) -> Vec<Vec<Letter>> {
    letters(text)
        .split(|letter| !letter.base.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(<[Letter]>::to_vec)
        .collect()
}

fn put_word(key: &mut Vec<u8>, word: &[Letter]) {
    for part in word.chunk_by(|one, next| one.base.is_ascii_digit() == next.base.is_ascii_digit()) {
        match part {
            [first, ..] if first.base.is_ascii_digit() => put_number(key, part),
            _ => part.iter().for_each(|letter| put_letter(key, letter)),
        }
    }
    key.push(END_OF_WORD);
    let tones = word.iter().map(|letter| letter.tone).filter(|&tone| tone != Tone::Level);
    key.extend(tones.map(|tone| TONE + tone as u8));
    key.push(END_OF_WORD);
}

// The count of digits comes first, so that 9 is before 10.
fn put_number(key: &mut Vec<u8>, digits: &[Letter]) {
    let digits = digits.iter().skip_while(|digit| digit.base == '0');
    key.push(NUMBER);
    key.push(u8::try_from(digits.clone().count()).unwrap_or(u8::MAX));
    key.extend(digits.map(|digit| NUMBER + (digit.base as u8 - b'0')));
}

fn put_letter(key: &mut Vec<u8>, letter: &Letter) {
    match letter.base {
        latin @ 'a'..='z' => {
            key.push(LATIN + (latin as u8 - b'a') * MARKS_PER_LETTER + letter.mark as u8);
        }
        other => {
            key.push(FOREIGN);
            key.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}
