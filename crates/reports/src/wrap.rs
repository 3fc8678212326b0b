//! Text broken into lines that fit a width.

use std::rc::Rc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::face::{Face, Run, at_size};
use crate::paper::Mp;

/// What ends a text that was cut because its line of the book must fit on one page.
const CUT_MARK: &str = "…";

/// One line of shaped text.
#[derive(Debug, Default, Clone)]
pub(crate) struct TextLine {
    pub runs: Vec<Rc<Run>>,
    /// In units of the em.
    pub width: i32,
}

/// A text broken into lines.
#[derive(Debug, Default)]
pub(crate) struct Wrapped {
    pub lines: Vec<TextLine>,
    /// Whether the end of the text did not fit.
    pub cut: bool,
}

/// The room a text has.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub size: Mp,
    pub width: Mp,
    pub lines_max: usize,
}

/// Text in the one form that is shaped: NFC, single spaces, nothing invisible.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfc() {
        if letter.is_whitespace() || letter.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(letter) {
            out.push(letter);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Breaks a text at spaces, after hyphens and slashes, and within a word only if it must.
pub(crate) fn wrap(face: &mut Face, text: &str, room: Room) -> Wrapped {
    let text = clean(text);
    let mut filling = Filling { room, done: Vec::new(), open: TextLine::default() };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (place, piece) in pieces(word).enumerate() {
            let glued = if place == 0 { Joint::Space } else { Joint::None };
            if filling.place(face, piece, glued) == Placed::Full {
                return filling.cut(face);
            }
        }
    }
    if !filling.open.runs.is_empty() {
        filling.done.push(filling.open);
    }
    Wrapped { lines: filling.done, cut: false }
}

/// A text on one line, cut if it is too long for the room.
pub(crate) fn one_line(face: &mut Face, text: &str, room: Room) -> TextLine {
    wrap(face, text, Room { lines_max: 1, ..room }).lines.into_iter().next().unwrap_or_default()
}

/// What stands between a piece and the piece before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Space,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Placed {
    Yes,
    Full,
}

/// Lines being filled.
struct Filling {
    room: Room,
    done: Vec<TextLine>,
    open: TextLine,
}

impl Filling {
    fn fits(&self, units: i32) -> bool {
        at_size(units, self.room.size) <= self.room.width
    }

    fn place(&mut self, face: &mut Face, piece: &str, joint: Joint) -> Placed {
        let run = face.shape(piece);
        let gap = match joint {
            Joint::Space if !self.open.runs.is_empty() => Some(face.shape(" ")),
            Joint::Space | Joint::None => None,
        };
        let gap_width = gap.as_ref().map_or(0, |gap| gap.width);
        if self.fits(self.open.width + gap_width + run.width) {
            self.open.runs.extend(gap);
            self.open.width += gap_width;
            self.push(run);
            return Placed::Yes;
        }
        if !self.open.runs.is_empty() && self.next_line() == Placed::Full {
            return Placed::Full;
        }
        if self.fits(run.width) {
            self.push(run);
            return Placed::Yes;
        }
        self.place_letters(face, piece)
    }

    /// A piece wider than the column is broken between letters.
    fn place_letters(&mut self, face: &mut Face, piece: &str) -> Placed {
        for letter in letters(piece) {
            let run = face.shape(letter);
            let full = !self.open.runs.is_empty() && !self.fits(self.open.width + run.width);
            if full && self.next_line() == Placed::Full {
                return Placed::Full;
            }
            self.push(run);
        }
        Placed::Yes
    }

    fn push(&mut self, run: Rc<Run>) {
        self.open.width += run.width;
        self.open.runs.push(run);
    }

    fn next_line(&mut self) -> Placed {
        if self.done.len() + 1 >= self.room.lines_max {
            return Placed::Full;
        }
        self.done.push(std::mem::take(&mut self.open));
        Placed::Yes
    }

    fn cut(mut self, face: &mut Face) -> Wrapped {
        let mark = face.shape(CUT_MARK);
        while !self.open.runs.is_empty() && !self.fits(self.open.width + mark.width) {
            let dropped = self.open.runs.pop();
            self.open.width -= dropped.map_or(0, |run| run.width);
        }
        self.push(mark);
        self.done.push(self.open);
        Wrapped { lines: self.done, cut: true }
    }
}

/// The parts of a word between which a line may end: after a hyphen, a slash, an underscore.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    word.split_inclusive(['-', '/', '_', '–', ';'])
}

/// A word letter by letter, each with the marks that belong to it.
fn letters(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest
            .char_indices()
            .skip(1)
            .find(|&(_, letter)| !is_combining_mark(letter))
            .map_or(rest.len(), |(at, _)| at);
        let (first, after) = rest.split_at_checked(end)?;
        rest = after;
        if first.is_empty() { None } else { Some(first) }
    })
}

/// Characters that come along with copied text and have no shape of their own.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{Room, clean, letters, wrap};
    use crate::face::{Cut, Face, at_size};

    fn room(width_points: i32, lines_max: usize) -> Room {
        Room { size: 10_000, width: width_points * 1000, lines_max }
    }

    #[test]
    fn text_is_cleaned_to_nfc_with_single_spaces_and_nothing_invisible() {
        assert_eq!(clean(" Hu\u{1ebf}\u{200b}\n\tVie\u{323}\u{302}t\u{feff} "), "Huế Việt");
    }

    #[test]
    fn a_line_ends_at_a_space_or_after_a_hyphen() {
        let mut face = Face::open(Cut::Regular);
        let wrapped = wrap(&mut face, "4128/UBND-NNMT", room(60, 9));
        assert_eq!(wrapped.lines.len(), 2);
        let wrapped = wrap(&mut face, "Phòng Kinh tế", room(200, 9));
        assert_eq!(wrapped.lines.len(), 1);
    }

    #[test]
    fn no_line_is_wider_than_the_room_even_for_a_word_of_ten_thousand_letters() {
        let mut face = Face::open(Cut::Regular);
        let wrapped = wrap(&mut face, &"ẫ".repeat(10_000), room(50, 40));
        assert!(wrapped.cut);
        assert_eq!(wrapped.lines.len(), 40);
        assert!(wrapped.lines.iter().all(|line| at_size(line.width, 10_000) <= 50_000));
    }

    #[test]
    fn a_mark_without_a_letter_of_its_own_stays_with_its_letter() {
        assert_eq!(letters("x\u{323}y").collect::<Vec<_>>(), ["x\u{323}", "y"]);
    }
}
