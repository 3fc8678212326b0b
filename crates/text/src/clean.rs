//! The one form text is kept in: NFC, nothing invisible, single spaces.

use alloc::{borrow::ToOwned, string::String};

use unicode_normalization::UnicodeNormalization;

use crate::letters::is_dropped;

/// Composes a text to NFC, so that the same letters are the same bytes.
pub fn nfc(text: &str) -> String {
    if is_plainly_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Cleans what was typed into a field of one line.
///
/// NFC; invisible and control characters go; every run of white space is one space, none at the
/// ends; Icelandic Ð, which old keyboards give, becomes Đ.
pub fn clean_line(text: &str) -> String {
    if is_plainly_nfc(text) { in_one_line(text) } else { in_one_line(&composed(text)) }
}

/// Cleans what was typed into a field of many lines: each line as [`clean_line`] does.
///
/// Every kind of line break becomes `\n`; blank lines at the ends go, several inside become one.
pub fn clean_text(text: &str) -> String {
    let text = composed(text);
    let mut clean = String::with_capacity(text.len());
    let mut is_paragraph = false;
    let breaks = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    // The `\n` of a `\r\n` would otherwise count as a blank line.
    for line in text.replace("\r\n", "\n").split(breaks) {
        let line = in_one_line(line);
        if line.is_empty() {
            is_paragraph = true;
            continue;
        }
        if !clean.is_empty() {
            clean.push_str(if is_paragraph { "\n\n" } else { "\n" });
        }
        clean.push_str(&line);
        is_paragraph = false;
    }
    clean
}

/// Counts the characters a person sees, however they were composed.
pub fn count_chars(text: &str) -> usize {
    if is_plainly_nfc(text) { text.chars().count() } else { text.nfc().count() }
}

// What is invisible goes first: it may stand between a letter and its mark.
fn composed(text: &str) -> String {
    text.chars().filter(|&c| !is_dropped(c)).nfc().collect()
}

fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut is_gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            is_gap = true;
        } else if !is_dropped(c) {
            if is_gap && !line.is_empty() {
                line.push(' ');
            }
            is_gap = false;
            line.push(match c {
                'Ð' => 'Đ',
                'ð' => 'đ',
                kept => kept,
            });
        }
    }
    line
}

// Below U+0300 and in the Vietnamese block every character is its own NFC.
fn is_plainly_nfc(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, ..'\u{300}' | '\u{1EA0}'..='\u{1EF9}' | '\u{2010}'..='\u{2027}'))
}
