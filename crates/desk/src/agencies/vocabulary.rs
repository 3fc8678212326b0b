//! The words of the directory while it is indexed: each is taken apart and folded once.
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use text::IndexedWord;

use super::asked::{PUT_IN, as_listed};

/// Kinds of units, which may be left out when a name is typed.
const KINDS: [&[&str]; 9] = [
    &["xa"],
    &["phuong"],
    &["dac", "khu"],
    &["thi", "tran"],
    &["huyen"],
    &["quan"],
    &["thi", "xa"],
    &["thanh", "pho"],
    &["tinh"],
];

/// Words of a line, at a guess: room for them is made at once.
const WORDS_EXPECTED: usize = 8;

/// Words that were met, numbered as they came.
#[derive(Default)]
pub(super) struct Vocabulary<'a> {
    numbers: BTreeMap<IndexedWord, u32>,
    folds: Vec<String>,
    parts: HashMap<&'a str, Vec<u32>>,
    /// Whole lines that come again and again.
    lines: HashMap<&'a str, u32>,
}

/// A name in words.
pub(super) struct Name {
    /// As the directory lists names: the committee short, kinds in full.
    pub(super) words: Vec<u32>,
    /// As it was written, where that differs.
    pub(super) written: Vec<u32>,
    /// So many words say what body it is, and so many with the kind of its unit.
    pub(super) body: u8,
    pub(super) kind: u8,
}

/// The words in the order of what they fold to, and what their numbers became.
pub(super) struct Words {
    pub(super) sorted: Vec<IndexedWord>,
    /// The place of each word in `sorted`, by its number.
    places: Vec<u32>,
    /// The rank of each word in the order of Vietnamese dictionaries, by its number.
    ranks: Vec<u32>,
}

impl Name {
    /// Its own part, without body and kind.
    pub(super) fn bare(&self) -> &[u32] {
        self.words.get(usize::from(self.kind)..).unwrap_or_default()
    }
}

impl Words {
    /// The place of a word in `sorted`, by its number.
    pub(super) fn place(&self, word: u32) -> u32 {
        self.places.get(word as usize).copied().unwrap_or_default()
    }

    /// The order of Vietnamese dictionaries, word by word.
    pub(super) fn compare(&self, one: &[u32], other: &[u32]) -> Ordering {
        let rank = |word: &u32| self.ranks.get(*word as usize);
        one.iter().map(rank).cmp(other.iter().map(rank))
    }
}

impl<'a> Vocabulary<'a> {
    /// With the words that are put in for others.
    pub(super) fn new() -> Vocabulary<'a> {
        let mut vocabulary = Vocabulary::default();
        for full in PUT_IN {
            vocabulary.part(full);
        }
        vocabulary
    }

    /// The words of a text.
    fn words_of(&mut self, text: &'a str) -> Vec<u32> {
        let mut words = Vec::with_capacity(WORDS_EXPECTED);
        for part in text.split_whitespace() {
            words.extend_from_slice(self.part(part));
        }
        words
    }

    fn part(&mut self, part: &'a str) -> &[u32] {
        if !self.parts.contains_key(part) {
            let words = text::indexed_words(part).into_iter();
            let numbers = words.map(|word| self.number(word)).collect();
            self.parts.insert(part, numbers);
        }
        self.parts.get(part).map_or(&[], Vec::as_slice)
    }

    fn number(&mut self, word: IndexedWord) -> u32 {
        let next = self.folds.len() as u32;
        if let Some(known) = self.numbers.get(&word) {
            return *known;
        }
        self.folds.push(word.fold.clone());
        self.numbers.insert(word, next);
        next
    }

    fn fold(&self, word: u32) -> &str {
        self.folds.get(word as usize).map_or("", String::as_str)
    }

    fn as_listed(&self, written: &[u32]) -> Vec<u32> {
        let put_in = |full: &[&str]| {
            let words = full.iter().filter_map(|word| self.parts.get(word));
            words.flatten().copied().collect()
        };
        as_listed(written, |word| self.fold(*word), put_in)
    }

    /// A line that many entries share: its place among such lines, which grow by a new one.
    pub(super) fn line(&mut self, text: &'a str, lines: &mut Vec<Vec<u32>>) -> u32 {
        if let Some(known) = self.lines.get(text) {
            return *known;
        }
        let place = lines.len() as u32;
        let written = self.words_of(text);
        let mut words = self.as_listed(&written);
        words.extend(written);
        lines.push(words);
        self.lines.insert(text, place);
        place
    }

    /// A name in words, and where its own part begins.
    pub(super) fn name(&mut self, text: &'a str) -> Name {
        let written = self.words_of(text);
        let words = self.as_listed(&written);
        let fold_at = |at: usize| words.get(at).map_or("", |word| self.fold(*word));
        let body = usize::from(fold_at(0) == "ubnd");
        let is_kind = |kind: &&&[&str]| {
            words.len() > body + kind.len()
                && kind.iter().zip(body..).all(|(kind, at)| *kind == fold_at(at))
        };
        let kind = body + KINDS.iter().find(is_kind).map_or(0, |kind| kind.len());
        let written = if written == words { Vec::new() } else { written };
        Name { words, written, body: body as u8, kind: kind as u8 }
    }

    /// Puts the words in order; afterwards there are no new ones.
    pub(super) fn sort(self) -> Words {
        let mut places = vec![0; self.folds.len()];
        let mut ranks = places.clone();
        let mut keys = Vec::with_capacity(places.len());
        let mut sorted = Vec::with_capacity(places.len());
        for (place, (word, number)) in self.numbers.into_iter().enumerate() {
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place as u32;
            }
            keys.push((text::sort_key(word.marked.as_ref().unwrap_or(&word.fold)), number));
            sorted.push(word);
        }
        keys.sort_unstable();
        let same = keys.chunk_by(|(one, _), (next, _)| one == next);
        for (rank, (_, number)) in
            same.enumerate().flat_map(|(rank, same)| same.iter().map(move |key| (rank, key)))
        {
            if let Some(slot) = ranks.get_mut(*number as usize) {
                *slot = rank as u32;
            }
        }
        Words { sorted, places, ranks }
    }
}
