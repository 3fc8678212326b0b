//! Which entries of the directory have a word or a code, and how close a name is to what was typed.
use register::Listed;
use text::{IndexedWord, TypedWord};

use super::asked::{AskedWord, code};
use super::bits::Bits;
use super::vocabulary::{Name, Vocabulary, Words};

/// How close an entry is to what was typed, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// Its whole name, or its code, was typed; its parent may follow.
    Whole,
    /// Its name or code begins so.
    Begun,
    /// The words stand somewhere in it.
    Somewhere,
}

/// What one typed word may be.
pub(super) struct Hits {
    begun: Bits,
    whole: Bits,
}

/// What a typed code may be.
pub(super) struct Coded {
    pub(super) begun: Bits,
    pub(super) whole: Bits,
}

/// The words of all entries.
pub(super) struct Index {
    /// In order of what they fold to.
    words: Vec<IndexedWord>,
    /// The entries that have each word, one word after the other.
    having: Vec<u32>,
    having_to: Vec<u32>,
    /// The words of each name, one entry after the other.
    names: Vec<u32>,
    names_to: Vec<NameEnd>,
    /// Codes of today and before, folded; an older one also from its other end.
    codes: Vec<(String, u32)>,
}

struct NameEnd {
    to: u32,
    body: u8,
    kind: u8,
}

/// An entry in words while the index is made.
struct Entry {
    number: u32,
    name: Name,
    /// Which of the lines about what stands above.
    parent: u32,
}

impl Index {
    /// Indexes the directory and puts it in the order of Vietnamese dictionaries: by name without
    /// body and kind, then with them, then by what stands above.
    pub(super) fn build(listed: Vec<Listed>) -> (Vec<Listed>, Index) {
        let mut vocabulary = Vocabulary::new();
        let mut parents = Vec::new();
        let mut entries: Vec<Entry> = Vec::with_capacity(listed.len());
        for (number, one) in listed.iter().enumerate() {
            let name = vocabulary.name(&one.name);
            let parent = vocabulary.line(&one.parent, &mut parents);
            entries.push(Entry { number: number as u32, name, parent });
        }
        let words = vocabulary.sort();
        sort(&mut entries, &parents, &words, &listed);

        let mut left: Vec<Option<Listed>> = listed.into_iter().map(Some).collect();
        let take = |entry: &Entry| left.get_mut(entry.number as usize).and_then(Option::take);
        let listed: Vec<Listed> = entries.iter().filter_map(take).collect();
        let (having, having_to) = having(&entries, &parents, &words);
        let (names, names_to) = names(&entries, &words);
        let codes = codes(&listed);
        (listed, Index { words: words.sorted, having, having_to, names, names_to, codes })
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.names_to.len()
    }

    /// The words that a typed one begins, and those it is. Marks that were typed are meant.
    pub(super) fn hits(&self, asked: &AskedWord) -> Hits {
        let typed = &asked.typed;
        let fold = typed.fold();
        let mut hits =
            Hits { begun: Bits::none(self.words.len()), whole: Bits::none(self.words.len()) };
        let from = self.words.partition_point(|word| word.fold < fold);
        for (place, word) in self.words.iter().enumerate().skip(from) {
            if !word.fold.starts_with(&fold) {
                break;
            }
            if begins(typed, word) {
                hits.begun.add(place as u32);
                // A word that begins another of the same length is that word.
                if word.fold.len() == fold.len() {
                    hits.whole.add(place as u32);
                }
            }
        }
        hits
    }

    /// The entries with a word of these.
    pub(super) fn entries(&self, hits: &Hits) -> Bits {
        let mut entries = Bits::none(self.len());
        for word in hits.begun.iter() {
            for entry in run(&self.having, &self.having_to, word, |to| *to) {
                entries.add(*entry);
            }
        }
        entries
    }

    /// The entries with a code that is, or begins with, what was typed.
    pub(super) fn coded(&self, typed: &str) -> Coded {
        let mut coded = Coded { begun: Bits::none(self.len()), whole: Bits::none(self.len()) };
        let from = self.codes.partition_point(|(code, _)| code.as_str() < typed);
        let codes = self.codes.iter().skip(from);
        for (code, entry) in codes.take_while(|(code, _)| code.starts_with(typed)) {
            coded.begun.add(*entry);
            if code == typed {
                coded.whole.add(*entry);
            }
        }
        coded
    }

    /// How close the name of an entry is to all the words typed.
    pub(super) fn closeness(&self, entry: u32, typed: &[Hits]) -> Closeness {
        let name = run(&self.names, &self.names_to, entry, |end| end.to);
        let Some(end) = self.names_to.get(entry as usize) else { return Closeness::Somewhere };
        let close = [0, end.body, end.kind].map(|from| {
            let kind = usize::from(end.kind.saturating_sub(from));
            // Who typed only what all of a kind have named nobody yet.
            if kind > 0 && typed.len() <= kind {
                return Closeness::Somewhere;
            }
            closeness(name.get(usize::from(from)..).unwrap_or_default(), typed)
        });
        close.into_iter().min().unwrap_or(Closeness::Somewhere)
    }
}

fn closeness(name: &[u32], typed: &[Hits]) -> Closeness {
    let mut is_whole = typed.len() >= name.len();
    for (word, hits) in name.iter().zip(typed) {
        if !hits.begun.has(*word) {
            return Closeness::Somewhere;
        }
        is_whole &= hits.whole.has(*word);
    }
    if is_whole { Closeness::Whole } else { Closeness::Begun }
}

fn begins(typed: &TypedWord, word: &IndexedWord) -> bool {
    !typed.has_marks() || word.marked.as_ref().is_some_and(|form| typed.begins_form(form))
}

/// The part of a list that belongs to one number, by where each part ends.
fn run<'a, T>(list: &'a [u32], ends: &[T], number: u32, to: impl Fn(&T) -> u32) -> &'a [u32] {
    let before = (number as usize).checked_sub(1).and_then(|before| ends.get(before));
    let from = before.map_or(0, &to) as usize;
    let to = ends.get(number as usize).map_or(0, to) as usize;
    list.get(from..to).unwrap_or_default()
}

fn sort(entries: &mut [Entry], parents: &[Vec<u32>], words: &Words, listed: &[Listed]) {
    let text = |entry: &Entry| listed.get(entry.number as usize).map(|one| (&one.name, one.id));
    entries.sort_unstable_by(|one, other| {
        let bare = words.compare(one.name.bare(), other.name.bare());
        bare.then_with(|| words.compare(&one.name.words, &other.name.words))
            .then_with(|| words.compare(above(parents, one), above(parents, other)))
            .then_with(|| text(one).cmp(&text(other)))
    });
}

fn above<'a>(parents: &'a [Vec<u32>], entry: &Entry) -> &'a [u32] {
    parents.get(entry.parent as usize).map_or(&[], Vec::as_slice)
}

/// The entries of each word, by the place of the word.
fn having(entries: &[Entry], parents: &[Vec<u32>], words: &Words) -> (Vec<u32>, Vec<u32>) {
    let pairs = || {
        entries.iter().zip(1u32..).flat_map(|(entry, nth)| {
            let Name { words: name, written, body: _, kind: _ } = &entry.name;
            let all = name.iter().chain(written).chain(above(parents, entry));
            all.map(move |word| (words.place(*word) as usize, nth))
        })
    };
    // Once to count and once to write; a word that stands twice in an entry counts once.
    let mut ends = vec![0u32; words.sorted.len()];
    let mut met = ends.clone();
    for (place, nth) in pairs() {
        if let (Some(end), Some(met)) = (ends.get_mut(place), met.get_mut(place))
            && *met != nth
        {
            *met = nth;
            *end += 1;
        }
    }
    let mut so_far = 0;
    let mut next: Vec<u32> = Vec::with_capacity(ends.len());
    for end in &mut ends {
        next.push(so_far);
        so_far += *end;
        *end = so_far;
    }
    let mut having = vec![0u32; so_far as usize];
    met.fill(0);
    for (place, nth) in pairs() {
        if let (Some(next), Some(met)) = (next.get_mut(place), met.get_mut(place))
            && *met != nth
            && let Some(slot) = having.get_mut(*next as usize)
        {
            *met = nth;
            *slot = nth - 1;
            *next += 1;
        }
    }
    (having, ends)
}

fn names(entries: &[Entry], words: &Words) -> (Vec<u32>, Vec<NameEnd>) {
    let (mut names, mut ends) = (Vec::new(), Vec::with_capacity(entries.len()));
    for Entry { name, .. } in entries {
        names.extend(name.words.iter().map(|word| words.place(*word)));
        ends.push(NameEnd { to: names.len() as u32, body: name.body, kind: name.kind });
    }
    (names, ends)
}

fn codes(listed: &[Listed]) -> Vec<(String, u32)> {
    let mut codes = Vec::new();
    for (entry, one) in listed.iter().enumerate() {
        for code in std::iter::once(&one.code).chain(&one.codes_before).filter_map(|one| code(one))
        {
            codes.extend(from_the_other_end(&code).map(|turned| (turned, entry as u32)));
            codes.push((code, entry as u32));
        }
    }
    codes.sort_unstable();
    codes
}

/// `H50.31.00.000` for `000.00.31.H50`, so that typing H50 finds the forms of both years.
fn from_the_other_end(code: &str) -> Option<String> {
    let begins_with_digit = code.starts_with(|c: char| c.is_ascii_digit());
    let last = code.rsplit('.').next()?;
    let is_older = begins_with_digit && last.starts_with(|c: char| c.is_ascii_alphabetic());
    is_older.then(|| code.rsplit('.').collect::<Vec<_>>().join("."))
}
