//! Where the tone mark stands: hoà and hòa, uỷ and ủy are the same word.

use alloc::{string::String, vec::Vec};

use unicode_normalization::char::is_combining_mark;

use crate::{
    clean::{clean_line, nfc},
    letters::{Letter, Mark, Tone, letter},
};

/// Moves every tone mark to one place, so that two spellings of a word become equal.
///
/// The place is the one of the house spelling: hoà, uỷ, khoẻ, quý. Documents keep their own
/// spelling; this form is for comparing, not for storing.
pub fn same_tone(text: &str) -> String {
    let text = nfc(text);
    let mut moved = String::with_capacity(text.len());
    let mut run: Vec<Letter> = Vec::new();
    for c in text.chars() {
        match letter(c) {
            Some(letter) => run.push(letter),
            None => {
                // A mark that composes with nothing would compose once its letter's tone is gone.
                if !is_combining_mark(c) {
                    place_tones(&mut run);
                }
                put_run(&mut moved, &mut run);
                moved.push(c);
            }
        }
    }
    place_tones(&mut run);
    put_run(&mut moved, &mut run);
    moved
}

/// Returns a key that is equal for texts which a person would call the same: without regard to
/// case, tone placement, invisible characters and white space; marks count.
pub fn match_key(text: &str) -> String {
    same_tone(&clean_line(text)).to_lowercase()
}

/// Says whether a person would call two texts the same; see [`match_key`].
pub fn same_text(one: &str, other: &str) -> bool {
    match_key(one) == match_key(other)
}

fn put_run(moved: &mut String, run: &mut Vec<Letter>) {
    moved.extend(run.drain(..).map(Letter::compose));
}

fn place_tones(run: &mut [Letter]) {
    let mut before = None;
    let mut groups = run.chunk_by_mut(|one, next| one.is_vowel() == next.is_vowel()).peekable();
    while let Some(group) = groups.next() {
        if group.iter().any(|letter| letter.is_vowel()) {
            let coda = if groups.peek().is_some() { Coda::Consonant } else { Coda::Open };
            place_tone(group, before, coda);
        }
        before = group.last().map(|letter| letter.base);
    }
}

/// What follows the vowels of a syllable.
#[derive(Clone, Copy, PartialEq)]
enum Coda {
    Open,
    Consonant,
}

fn place_tone(vowels: &mut [Letter], before: Option<char>, coda: Coda) {
    let mut tones = vowels.iter().map(|vowel| vowel.tone).filter(|&tone| tone != Tone::Level);
    // Two tones in one group of vowels is no Vietnamese syllable; it stays as it was written.
    let (Some(tone), None) = (tones.next(), tones.next()) else { return };
    let glide = glide_length(vowels, before);
    let Some((_, nucleus)) = vowels.split_at_checked(glide) else { return };
    let place = glide + place_in(nucleus, coda);
    for (index, vowel) in vowels.iter_mut().enumerate() {
        vowel.tone = if index == place { tone } else { Tone::Level };
    }
}

// The u of `qu` and the i of `gi` belong to the consonant when a vowel follows.
fn glide_length(vowels: &[Letter], before: Option<char>) -> usize {
    match (before, vowels) {
        (Some('q'), [first, _, ..]) if first.base == 'u' && first.mark == Mark::Plain => 1,
        (Some('g'), [first, _, ..]) if first.base == 'i' => 1,
        _ => 0,
    }
}

fn place_in(nucleus: &[Letter], coda: Coda) -> usize {
    if let Some(marked) = nucleus.iter().rposition(|vowel| vowel.mark != Mark::Plain) {
        return marked;
    }
    match nucleus {
        [] | [_] => 0,
        [first, second] => {
            let rises = matches!((first.base, second.base), ('o', 'a' | 'e') | ('u', 'y'));
            usize::from(rises || coda == Coda::Consonant)
        }
        [_, _, _, ..] => 1,
    }
}
