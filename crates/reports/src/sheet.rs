//! One page being drawn: text and rules in black.

use pdf_writer::{Content, Name, Settings, Str};

use crate::face::{Cut, EM, Face, Glyph, at_size};
use crate::paper::{Frame, Mp, PAGE_HEIGHT, Spot, points};
use crate::wrap::{Room, TextLine, one_line};

/// The faces of a print.
pub(crate) struct Faces {
    pub all: [Face; 3],
}

impl Faces {
    pub(crate) fn open() -> Faces {
        Faces { all: Cut::ALL.map(Face::open) }
    }

    pub(crate) fn get(&mut self, cut: Cut) -> &mut Face {
        let [regular, bold, italic] = &mut self.all;
        match cut {
            Cut::Regular => regular,
            Cut::Bold => bold,
            Cut::Italic => italic,
        }
    }
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    pub cut: Cut,
    pub size: Mp,
}

/// Where a text stands in its width.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A page being drawn.
pub(crate) struct Sheet {
    content: Content,
}

impl Sheet {
    pub(crate) fn new() -> Sheet {
        Sheet { content: Content::with_settings(Settings { pretty: false }) }
    }

    /// The page as PDF wants it.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.content.finish().into_vec()
    }

    /// Draws a line of text with its baseline at a place.
    pub(crate) fn text(&mut self, line: &TextLine, set: Type, at: Spot) {
        if line.runs.is_empty() {
            return;
        }
        self.content.begin_text();
        self.content.set_font(Name(set.cut.resource()), points(set.size));
        self.content.next_line(points(at.x), points(PAGE_HEIGHT - at.y));
        let mut rest = line.runs.iter().flat_map(|run| run.glyphs.iter().copied()).peekable();
        while let Some(&first) = rest.peek() {
            // A loose mark stands higher or lower than its line: it is shown on its own.
            self.content.set_rise(points(at_size(first.dy, set.size)));
            self.show(std::iter::from_fn(|| rest.next_if(|glyph| glyph.dy == first.dy)));
        }
        self.content.end_text();
    }

    /// Shows glyphs of one height, moved where kerning or a mark asks for it.
    fn show(&mut self, glyphs: impl Iterator<Item = Glyph>) {
        let mut showing = self.content.show_positioned();
        let mut items = showing.items();
        let mut open: Vec<u8> = Vec::new();
        let mut move_by = 0;
        for glyph in glyphs {
            move_by += glyph.dx;
            if move_by != 0 {
                if !open.is_empty() {
                    items.show(Str(&open));
                    open.clear();
                }
                items.adjust((move_by * -1000 / EM) as f32);
            }
            open.extend(glyph.cid.to_be_bytes());
            move_by = glyph.advance - glyph.natural - glyph.dx;
        }
        items.show(Str(&open));
        if move_by != 0 {
            items.adjust((move_by * -1000 / EM) as f32);
        }
    }

    /// Draws a text on one line inside a width, cut if it is too long.
    pub(crate) fn label(&mut self, faces: &mut Faces, text: &str, set: Type, place: Place) {
        let room = Room { size: set.size, width: place.width, lines_max: 1 };
        let line = one_line(faces.get(set.cut), text, room);
        self.aligned(&line, set, place);
    }

    /// Draws a line of text inside a width.
    pub(crate) fn aligned(&mut self, line: &TextLine, set: Type, place: Place) {
        let left = place.width - at_size(line.width, set.size);
        let x = match place.align {
            Align::Left => place.at.x,
            Align::Centre => place.at.x + left / 2,
            Align::Right => place.at.x + left,
        };
        self.text(line, set, Spot { x, y: place.at.y });
    }

    /// Draws a rule.
    pub(crate) fn rule(&mut self, from: Spot, to: Spot, weight: Mp) {
        self.content.set_line_width(points(weight));
        self.content.move_to(points(from.x), points(PAGE_HEIGHT - from.y));
        self.content.line_to(points(to.x), points(PAGE_HEIGHT - to.y));
        self.content.stroke();
    }

    /// Draws an empty box.
    pub(crate) fn frame(&mut self, frame: Frame, weight: Mp) {
        self.content.set_line_width(points(weight));
        let bottom = PAGE_HEIGHT - frame.at.y - frame.height;
        let (x, y) = (points(frame.at.x), points(bottom));
        self.content.rect(x, y, points(frame.width), points(frame.height));
        self.content.stroke();
    }
}

/// The baseline, the width and the side of a text.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub at: Spot,
    pub width: Mp,
    pub align: Align,
}
