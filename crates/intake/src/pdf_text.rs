//! The text layer of a PDF, put back into lines.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use hayro_syntax::Pdf;

use unicode_normalization::UnicodeNormalization;

/// The longest text that is taken from one PDF.
pub const TEXT_CHARS_MAX: usize = 200_000;
/// The pages whose text is taken; long appendices are found by their first pages.
pub const TEXT_PAGES_MAX: usize = 100;
/// A glyph is one thousandth of its size in text space.
const GLYPH_SPACE: f64 = 1000.0;
/// A step down of this share of the letter size begins a new line.
const LINE_STEP: f64 = 0.5;
/// A gap of this share of the letter size is a space; a wide one is a column.
const SPACE_GAP: f64 = 0.15;
const COLUMN_GAP: f64 = 2.0;

/// The text layer in reading order of the file; columns are parted by tabs, pages by form feeds.
pub(crate) fn text_of(pdf: &Pdf) -> String {
    let cache = InterpreterCache::new();
    let mut lines = Lines::default();
    for page in pdf.pages().iter().take(TEXT_PAGES_MAX) {
        let settings = InterpreterSettings {
            render_content: RenderContent::PAGE,
            ..InterpreterSettings::default()
        };
        let area = Rect::new(0.0, 0.0, 1.0, 1.0);
        let mut context = Context::new(Affine::IDENTITY, area, &cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut lines);
        lines.end_page();
        if lines.is_full() {
            break;
        }
    }
    // A scan has no letters, and then the page breaks say nothing.
    if lines.text.trim().is_empty() { String::new() } else { lines.text.nfc().collect() }
}

/// Text being put into lines.
#[derive(Default)]
struct Lines {
    text: String,
    chars: usize,
    /// Where the last letter ended, and how large it was.
    pen: Option<(Point, f64)>,
}

impl Lines {
    fn is_full(&self) -> bool {
        self.chars >= TEXT_CHARS_MAX
    }

    fn end_page(&mut self) {
        self.push('\u{c}');
        self.pen = None;
    }

    fn push(&mut self, letter: char) {
        if !self.is_full() {
            self.text.push(letter);
            self.chars += 1;
        }
    }

    fn gap_before(&self, at: Point, size: f64) -> Option<char> {
        let (pen, last_size) = self.pen?;
        let size = size.max(last_size);
        let gap = at.x - pen.x;
        if (at.y - pen.y).abs() > LINE_STEP * size || gap < -COLUMN_GAP * size {
            Some('\n')
        } else if gap > COLUMN_GAP * size {
            Some('\t')
        } else if gap > SPACE_GAP * size {
            Some(' ')
        } else {
            None
        }
    }
}

impl<'a> Device<'a> for Lines {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let placed = props.transform * glyph.transform();
            let at = placed * Point::ORIGIN;
            let size = (placed * Point::new(0.0, GLYPH_SPACE) - at).hypot();
            let Some(letters) = glyph.as_unicode() else { continue };
            if let Some(gap) = self.gap_before(at, size)
                && !(gap == ' ' && self.text.ends_with(' '))
            {
                self.push(gap);
            }
            match letters {
                BfString::Char(letter) => self.push(letter),
                BfString::String(letters) => letters.chars().for_each(|letter| self.push(letter)),
            }
            let end = placed * Point::new(advance(glyph), 0.0);
            self.pen = Some((end, size));
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// How far the pen moves after a glyph, in glyph space.
fn advance(glyph: &Glyph<'_>) -> f64 {
    let width = match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    };
    width.map_or(GLYPH_SPACE / 2.0, f64::from)
}
