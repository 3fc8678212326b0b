//! One typeface in use: text shaped into glyphs, and in the end only those glyphs embedded.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use harfrust::{
    Buffer, Direction, Feature, Font, Language, Script, ShapeOptions, ShapePlan, ShaperFont, Tag,
};
use subsetter::GlyphRemapper;

use crate::error::ReportError;
use crate::paper::Mp;

/// The units of an em in Liberation Serif.
pub(crate) const EM: i32 = 2048;
/// Shaped words kept for their next use; a full store is emptied, not grown.
const WORDS_KEPT_MAX: usize = 20_000;

/// Which cut of the typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Regular,
    Bold,
    Italic,
}

impl Cut {
    /// All cuts, in the order in which they are embedded.
    pub(crate) const ALL: [Cut; 3] = [Cut::Regular, Cut::Bold, Cut::Italic];

    /// The name of the cut in a page's resources.
    pub(crate) fn resource(self) -> &'static [u8] {
        match self {
            Cut::Regular => b"F1",
            Cut::Bold => b"F2",
            Cut::Italic => b"F3",
        }
    }

    /// The PostScript name, with the six letters that mark a subset.
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Cut::Regular => b"VANTHU+LiberationSerif",
            Cut::Bold => b"VANTHV+LiberationSerif-Bold",
            Cut::Italic => b"VANTHW+LiberationSerif-Italic",
        }
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Cut::Regular => assets::fonts::SERIF_REGULAR,
            Cut::Bold => assets::fonts::SERIF_BOLD,
            Cut::Italic => assets::fonts::SERIF_ITALIC,
        }
    }
}

/// One glyph, placed relative to the pen; lengths in units of the em.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    /// The glyph's number in the embedded subset.
    pub cid: u16,
    /// How far the pen moves.
    pub advance: i32,
    /// How far the pen would move without kerning.
    pub natural: i32,
    /// Where the glyph stands beside the pen; not zero only for loose combining marks.
    pub dx: i32,
    pub dy: i32,
}

/// A shaped piece of text that is never broken.
#[derive(Debug)]
pub(crate) struct Run {
    pub glyphs: Vec<Glyph>,
    /// The sum of the advances, in units of the em.
    pub width: i32,
}

/// A cut of the typeface, with every glyph that was asked of it.
pub(crate) struct Face {
    pub cut: Cut,
    font: Font,
    plan: ShapePlan,
    features: [Feature; 1],
    buffer: Buffer,
    used: GlyphRemapper,
    /// For each glyph of the subset, the text it stands for.
    texts: BTreeMap<u16, String>,
    /// The width of each glyph of the subset.
    widths: Vec<i32>,
    kept: HashMap<String, Rc<Run>>,
}

impl Face {
    pub(crate) fn open(cut: Cut) -> Face {
        let font = Font::new(cut.bytes(), 0).expect("the typeface is shipped with the program");
        // No ligatures: one glyph stands for one letter, so the text can be copied out again.
        let features = [Feature::new(Tag::new(b"liga"), 0, ..)];
        let plan = ShapePlan::new(
            &font,
            Direction::LeftToRight,
            Some(Script::LATIN),
            vietnamese().as_ref(),
            &features,
        );
        let notdef = ShaperFont::new(&font).glyph_h_advance(0u32.into());
        Face {
            cut,
            font,
            plan,
            features,
            buffer: Buffer::new(),
            used: GlyphRemapper::new(),
            texts: BTreeMap::new(),
            widths: vec![notdef],
            kept: HashMap::new(),
        }
    }

    /// Shapes a piece of cleaned text; the same text gives the same glyphs.
    pub(crate) fn shape(&mut self, text: &str) -> Rc<Run> {
        if let Some(run) = self.kept.get(text) {
            return Rc::clone(run);
        }
        let run = Rc::new(self.shape_anew(text));
        if self.kept.len() >= WORDS_KEPT_MAX {
            self.kept.clear();
        }
        self.kept.insert(text.to_owned(), Rc::clone(&run));
        run
    }

    fn shape_anew(&mut self, text: &str) -> Run {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.reset();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(Script::LATIN));
        buffer.set_language(vietnamese());
        let shaper = ShaperFont::new(&self.font);
        let options = ShapeOptions::new().plan(Some(&self.plan)).features(&self.features);
        harfrust::shape(&shaper, &mut buffer, options)
            .expect("the buffer has the direction and the script of the plan");
        let mut run = Run { glyphs: Vec::with_capacity(buffer.len()), width: 0 };
        let mut starts: Vec<u32> = buffer.glyph_infos().iter().map(|info| info.cluster).collect();
        starts.push(text.len() as u32);
        for (place, info) in buffer.glyph_infos().iter().enumerate() {
            let Some(position) = buffer.glyph_positions().get(place) else { break };
            let glyph = u16::try_from(info.glyph_id).unwrap_or(0);
            let natural = shaper.glyph_h_advance(u32::from(glyph).into());
            let cid = self.used.remap(glyph);
            if usize::from(cid) >= self.widths.len() {
                self.widths.push(natural);
            }
            let end = starts.iter().skip(place + 1).find(|&&start| start > info.cluster);
            let letters = end
                .and_then(|&end| text.get(info.cluster as usize..end as usize))
                .unwrap_or_default();
            let first_of_cluster =
                place == 0 || starts.get(place - 1).is_none_or(|&start| start != info.cluster);
            if glyph != 0 && first_of_cluster {
                self.texts.entry(cid).or_insert_with(|| readable(letters));
            }
            let (dx, dy) = (position.x_offset, position.y_offset);
            run.glyphs.push(Glyph { cid, advance: position.x_advance, natural, dx, dy });
            run.width += position.x_advance;
        }
        self.buffer = buffer;
        run
    }

    /// The widths of the subset's glyphs, in glyph order.
    pub(crate) fn widths(&self) -> &[i32] {
        &self.widths
    }

    /// The text of each of the subset's glyphs.
    pub(crate) fn texts(&self) -> &BTreeMap<u16, String> {
        &self.texts
    }

    /// The typeface with only the glyphs that were used.
    pub(crate) fn subset(&self) -> Result<Vec<u8>, ReportError> {
        subsetter::subset(self.cut.bytes(), 0, &self.used)
            .map_err(|fault| ReportError::Typeface { what: fault.to_string() })
    }
}

/// A width in units of the em, at a type size.
pub(crate) fn at_size(units: i32, size: Mp) -> Mp {
    // A line is at most some thousand ems, so the product needs 64 bits and the quotient does not.
    (i64::from(units) * i64::from(size) / i64::from(EM)) as Mp
}

fn vietnamese() -> Option<Language> {
    Language::new("vi")
}

/// Đ and the Icelandic Ð share one glyph; who copies text out of a book means Đ.
fn readable(letters: &str) -> String {
    letters.replace('\u{d0}', "\u{110}")
}
