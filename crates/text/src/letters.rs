//! Vietnamese letters taken apart into base, mark and tone, and put together again.

use alloc::vec::Vec;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The tone of a syllable, in the order of Vietnamese dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    Level,
    Huyen,
    Hoi,
    Nga,
    Sac,
    Nang,
}

/// What makes ă, â, ơ or đ another letter than a, o or d, in alphabetical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    Plain,
    Breve,
    Circumflex,
    Horn,
    Stroke,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
}

/// A letter taken apart. `base` is in lower case and without any mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    pub base: char,
    pub mark: Mark,
    pub tone: Tone,
    pub case: Case,
}

impl Letter {
    pub fn is_vowel(self) -> bool {
        matches!(self.base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
    }

    /// Puts the letter together; the tone of a letter that carries none in Vietnamese is lost.
    pub fn compose(self) -> char {
        let Letter { base, mark, tone, case } = self;
        let row = VOWELS.iter().find(|row| row.base == base && row.mark == mark);
        let column = match case {
            Case::Lower => row.and_then(|row| row.lower.get(tone as usize)),
            Case::Upper => row.and_then(|row| row.upper.get(tone as usize)),
        };
        match (column, mark, case) {
            (Some(&composed), _, _) => composed,
            (None, Mark::Stroke, Case::Lower) => 'đ',
            (None, Mark::Stroke, Case::Upper) => 'Đ',
            (None, _, Case::Lower) => base,
            (None, _, Case::Upper) => base.to_ascii_uppercase(),
        }
    }
}

/// Takes a letter of the Vietnamese alphabet apart, the plain Latin letters included.
pub(crate) fn letter(c: char) -> Option<Letter> {
    if c.is_ascii_alphabetic() {
        let case = if c.is_ascii_uppercase() { Case::Upper } else { Case::Lower };
        let base = c.to_ascii_lowercase();
        return Some(Letter { base, mark: Mark::Plain, tone: Tone::Level, case });
    }
    accented(c)
}

/// Takes a Vietnamese letter beyond ASCII apart.
pub(crate) fn accented(c: char) -> Option<Letter> {
    let code = c as u32;
    let place = match code {
        LATIN_FIRST..=LATIN_LAST => code - LATIN_FIRST,
        EXTENDED_FIRST..=EXTENDED_LAST => code - EXTENDED_FIRST + LATIN_COUNT,
        _ => return None,
    };
    *ACCENTED.get(place as usize)?
}

/// Says whether a character is left out of every text: it takes no room and means nothing.
///
/// Zero-width spaces and joiners come with text copied from pages, soft hyphens from word
/// processors, marks of direction from phones, control characters from broken files.
pub(crate) fn is_dropped(c: char) -> bool {
    let is_invisible = matches!(
        c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}'
    );
    is_invisible || (c.is_control() && !c.is_whitespace())
}

/// Reads a text letter by letter, in lower case, composed or not.
pub(crate) fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    for c in text.chars() {
        match letter(c) {
            Some(letter) => letters.push(letter),
            None => decompose_canonical(c, |part| put_part(&mut letters, part)),
        }
    }
    letters
}

fn put_part(letters: &mut Vec<Letter>, part: char) {
    if is_combining_mark(part) {
        if let Some(last) = letters.last_mut() {
            last.put_on(part);
        }
    } else if !is_dropped(part) {
        let lower = part.to_lowercase();
        letters.extend(lower.map(|base| letter(base).unwrap_or(Letter::plain(base))));
    }
}

impl Letter {
    fn plain(base: char) -> Letter {
        Letter { base, mark: Mark::Plain, tone: Tone::Level, case: Case::Lower }
    }

    fn put_on(&mut self, mark: char) {
        match mark {
            '\u{300}' | '\u{340}' => self.tone = Tone::Huyen,
            '\u{309}' => self.tone = Tone::Hoi,
            '\u{303}' => self.tone = Tone::Nga,
            '\u{301}' | '\u{341}' => self.tone = Tone::Sac,
            '\u{323}' => self.tone = Tone::Nang,
            '\u{306}' => self.mark = Mark::Breve,
            '\u{302}' => self.mark = Mark::Circumflex,
            '\u{31B}' => self.mark = Mark::Horn,
            _ => (),
        }
    }
}

struct Vowel {
    base: char,
    mark: Mark,
    /// One a tone, in the order of [`Tone`].
    lower: [char; TONES],
    upper: [char; TONES],
}

const TONES: usize = 6;

#[rustfmt::skip]
const VOWELS: [Vowel; 12] = [
    vowel('a', Mark::Plain, ['a', 'à', 'ả', 'ã', 'á', 'ạ'], ['A', 'À', 'Ả', 'Ã', 'Á', 'Ạ']),
    vowel('a', Mark::Breve, ['ă', 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ'], ['Ă', 'Ằ', 'Ẳ', 'Ẵ', 'Ắ', 'Ặ']),
    vowel('a', Mark::Circumflex, ['â', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ'], ['Â', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ậ']),
    vowel('e', Mark::Plain, ['e', 'è', 'ẻ', 'ẽ', 'é', 'ẹ'], ['E', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ']),
    vowel('e', Mark::Circumflex, ['ê', 'ề', 'ể', 'ễ', 'ế', 'ệ'], ['Ê', 'Ề', 'Ể', 'Ễ', 'Ế', 'Ệ']),
    vowel('i', Mark::Plain, ['i', 'ì', 'ỉ', 'ĩ', 'í', 'ị'], ['I', 'Ì', 'Ỉ', 'Ĩ', 'Í', 'Ị']),
    vowel('o', Mark::Plain, ['o', 'ò', 'ỏ', 'õ', 'ó', 'ọ'], ['O', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ']),
    vowel('o', Mark::Circumflex, ['ô', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ'], ['Ô', 'Ồ', 'Ổ', 'Ỗ', 'Ố', 'Ộ']),
    vowel('o', Mark::Horn, ['ơ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ'], ['Ơ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ']),
    vowel('u', Mark::Plain, ['u', 'ù', 'ủ', 'ũ', 'ú', 'ụ'], ['U', 'Ù', 'Ủ', 'Ũ', 'Ú', 'Ụ']),
    vowel('u', Mark::Horn, ['ư', 'ừ', 'ử', 'ữ', 'ứ', 'ự'], ['Ư', 'Ừ', 'Ử', 'Ữ', 'Ứ', 'Ự']),
    vowel('y', Mark::Plain, ['y', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ'], ['Y', 'Ỳ', 'Ỷ', 'Ỹ', 'Ý', 'Ỵ']),
];

const TONE_ORDER: [Tone; TONES] =
    [Tone::Level, Tone::Huyen, Tone::Hoi, Tone::Nga, Tone::Sac, Tone::Nang];

// From À to ư, and the Vietnamese part of Latin Extended Additional.
const LATIN_FIRST: u32 = 0xC0;
const LATIN_LAST: u32 = 0x1B0;
const LATIN_COUNT: u32 = LATIN_LAST - LATIN_FIRST + 1;
const EXTENDED_FIRST: u32 = 0x1EA0;
const EXTENDED_LAST: u32 = 0x1EF9;
const ACCENTED_COUNT: usize = (LATIN_COUNT + EXTENDED_LAST - EXTENDED_FIRST + 1) as usize;

static ACCENTED: [Option<Letter>; ACCENTED_COUNT] = accented_letters();

const fn vowel(base: char, mark: Mark, lower: [char; TONES], upper: [char; TONES]) -> Vowel {
    Vowel { base, mark, lower, upper }
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time: a wrong index does not build")]
const fn accented_letters() -> [Option<Letter>; ACCENTED_COUNT] {
    let mut table = [None; ACCENTED_COUNT];
    let mut row = 0;
    while row < VOWELS.len() {
        let Vowel { base, mark, lower, upper } = &VOWELS[row];
        let mut column = 0;
        while column < TONES {
            let tone = TONE_ORDER[column];
            if !lower[column].is_ascii() {
                table[place(lower[column])] =
                    Some(Letter { base: *base, mark: *mark, tone, case: Case::Lower });
                table[place(upper[column])] =
                    Some(Letter { base: *base, mark: *mark, tone, case: Case::Upper });
            }
            column += 1;
        }
        row += 1;
    }
    // Ð and ð are Icelandic, but old keyboards and fonts put them where đ belongs.
    let strokes = [('đ', Case::Lower), ('ð', Case::Lower), ('Đ', Case::Upper), ('Ð', Case::Upper)];
    let mut stroke = 0;
    while stroke < strokes.len() {
        let (c, case) = strokes[stroke];
        table[place(c)] = Some(Letter { base: 'd', mark: Mark::Stroke, tone: Tone::Level, case });
        stroke += 1;
    }
    table
}

const fn place(c: char) -> usize {
    let code = c as u32;
    if code < EXTENDED_FIRST {
        (code - LATIN_FIRST) as usize
    } else {
        (code - EXTENDED_FIRST + LATIN_COUNT) as usize
    }
}
