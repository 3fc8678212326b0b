//! A PDF written page by page: what is full goes out at once and only offsets stay behind.

use std::io::Write;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Settings, Str, TextStr};

use crate::error::ReportError;
use crate::face::{Cut, EM, Face};
use crate::paper::{PAGE_HEIGHT, PAGE_WIDTH, points};

/// How hard streams are packed: most of the gain for little of the time.
const PACKING_LEVEL: u8 = 5;
/// Pages under one node of the page tree.
const PAGES_PER_NODE: usize = 64;
/// The objects each face takes: font, descendant, descriptor, file, text map.
const OBJECTS_PER_FACE: i32 = 5;

const CATALOG: Ref = Ref::new(1);
const PAGE_TREE: Ref = Ref::new(2);
const DOCUMENT: Ref = Ref::new(3);
const FACES_FROM: i32 = 4;

const IDENTITY: SystemInfo<'_> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A place in the order of pages, kept for a page that may be written later.
#[derive(Clone, Copy)]
pub(crate) struct PageSlot {
    page: Ref,
    node: Ref,
}

/// A PDF that is being written.
pub(crate) struct PageFile<'a> {
    out: &'a mut dyn Write,
    written: u64,
    /// Where each object begins; the object numbered n stands at n - 1.
    offsets: Vec<u64>,
    nodes: Vec<(Ref, Vec<Ref>)>,
}

impl<'a> PageFile<'a> {
    pub(crate) fn begin(out: &'a mut dyn Write) -> Result<PageFile<'a>, ReportError> {
        let fixed = FACES_FROM - 1 + OBJECTS_PER_FACE * Cut::ALL.len() as i32;
        let mut file =
            PageFile { out, written: 0, offsets: vec![0; fixed as usize], nodes: Vec::new() };
        // The second line tells programs that move files that this one is binary.
        file.put(b"%PDF-1.7\n%\x80\x80\x80\x80\n")?;
        Ok(file)
    }

    /// Takes the next place in the order of pages.
    pub(crate) fn next_page(&mut self) -> PageSlot {
        let page = self.new_ref();
        if self.nodes.last().is_none_or(|(_, pages)| pages.len() >= PAGES_PER_NODE) {
            let node = self.new_ref();
            self.nodes.push((node, Vec::new()));
        }
        let (node, pages) = self.nodes.last_mut().expect("a node was pushed if there was none");
        pages.push(page);
        PageSlot { page, node: *node }
    }

    /// Writes what stands on a page.
    pub(crate) fn write_page(&mut self, slot: PageSlot, content: &[u8]) -> Result<(), ReportError> {
        let stream = self.new_ref();
        let packed = pack(content);
        self.object(stream, |chunk| {
            chunk.stream(stream, &packed).filter(Filter::FlateDecode);
        })?;
        self.object(slot.page, |chunk| {
            chunk.page(slot.page).parent(slot.node).contents(stream);
        })
    }

    /// Writes the typefaces, the page tree and the table of offsets.
    pub(crate) fn finish(mut self, faces: &[Face], title: &str) -> Result<(), ReportError> {
        for (place, face) in faces.iter().enumerate() {
            self.write_face(place, face)?;
        }
        self.write_page_tree(faces)?;
        self.object(DOCUMENT, |chunk| {
            let mut document = chunk.indirect(DOCUMENT).dict();
            document.pair(Name(b"Title"), TextStr(title));
            document.pair(Name(b"Creator"), TextStr("Văn Thư"));
        })?;
        self.object(CATALOG, |chunk| {
            let mut catalog = chunk.indirect(CATALOG).start::<pdf_writer::writers::Catalog<'_>>();
            catalog.pages(PAGE_TREE).lang(TextStr("vi"));
            catalog.viewer_preferences().display_doc_title(true);
        })?;
        self.write_offsets()
    }

    fn write_page_tree(&mut self, faces: &[Face]) -> Result<(), ReportError> {
        let nodes = std::mem::take(&mut self.nodes);
        for (node, pages) in &nodes {
            self.object(*node, |chunk| {
                let count = pages.len() as i32;
                chunk.pages(*node).parent(PAGE_TREE).kids(pages.iter().copied()).count(count);
            })?;
        }
        self.object(PAGE_TREE, |chunk| {
            let mut tree = chunk.pages(PAGE_TREE);
            tree.kids(nodes.iter().map(|(node, _)| *node));
            tree.count(nodes.iter().map(|(_, pages)| pages.len() as i32).sum());
            // Every page inherits its size and its typefaces.
            tree.media_box(Rect::new(0.0, 0.0, points(PAGE_WIDTH), points(PAGE_HEIGHT)));
            let mut resources = tree.resources();
            let mut fonts = resources.fonts();
            for (place, face) in faces.iter().enumerate() {
                fonts.pair(Name(face.cut.resource()), face_ref(place, 0));
            }
        })
    }

    fn write_face(&mut self, place: usize, face: &Face) -> Result<(), ReportError> {
        let refs = [0, 1, 2, 3, 4].map(|part| face_ref(place, part));
        let [font, descendant, descriptor, program, text_map] = refs;
        let name = Name(face.cut.name());
        self.object(font, |chunk| {
            chunk
                .type0_font(font)
                .base_font(name)
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(descendant)
                .to_unicode(text_map);
        })?;
        self.object(descendant, |chunk| {
            let mut cid = chunk.cid_font(descendant);
            cid.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY);
            cid.font_descriptor(descriptor).cid_to_gid_map_predefined(Name(b"Identity"));
            cid.widths().consecutive(0, face.widths().iter().map(|&width| thousandths(width)));
        })?;
        self.object(descriptor, |chunk| {
            write_descriptor(chunk, descriptor, face.cut, program);
        })?;
        let bytes = face.subset()?;
        let packed = pack(&bytes);
        self.object(program, |chunk| {
            let mut stream = chunk.stream(program, &packed);
            stream.filter(Filter::FlateDecode);
            stream.pair(Name(b"Length1"), bytes.len() as i32);
        })?;
        let mut texts = UnicodeCmap::<u16>::new(Name(b"VanThu"), IDENTITY);
        for (&glyph, text) in face.texts() {
            texts.pair_with_multiple(glyph, text.chars());
        }
        let packed = pack(&texts.finish().into_vec());
        self.object(text_map, |chunk| {
            chunk.stream(text_map, &packed).filter(Filter::FlateDecode);
        })
    }

    fn write_offsets(&mut self) -> Result<(), ReportError> {
        let table_at = self.written;
        let size = self.offsets.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            table.push_str(&format!("{offset:010} 00000 n \n"));
        }
        table.push_str(&format!("trailer\n<</Size {size}/Root 1 0 R/Info 3 0 R>>\n"));
        table.push_str(&format!("startxref\n{table_at}\n%%EOF\n"));
        self.put(table.as_bytes())?;
        self.out.flush().map_err(|source| ReportError::Write { source })
    }

    fn new_ref(&mut self) -> Ref {
        self.offsets.push(0);
        Ref::new(self.offsets.len() as i32)
    }

    fn object(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) -> Result<(), ReportError> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(&mut chunk);
        if let Some(offset) = self.offsets.get_mut(id.get() as usize - 1) {
            *offset = self.written;
        }
        self.put(chunk.as_bytes())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.out.write_all(bytes).map_err(|source| ReportError::Write { source })?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

fn face_ref(place: usize, part: i32) -> Ref {
    Ref::new(FACES_FROM + place as i32 * OBJECTS_PER_FACE + part)
}

/// Figures of Liberation Serif, in thousandths of the em.
fn write_descriptor(chunk: &mut Chunk, id: Ref, cut: Cut, program: Ref) {
    let (slant, stem, flags) = match cut {
        Cut::Regular => (0.0, 80.0, FontFlags::empty()),
        Cut::Bold => (0.0, 140.0, FontFlags::FORCE_BOLD),
        Cut::Italic => (-16.0, 76.0, FontFlags::ITALIC),
    };
    let mut descriptor = chunk.font_descriptor(id);
    descriptor
        .name(Name(cut.name()))
        .flags(flags | FontFlags::SERIF | FontFlags::SYMBOLIC)
        .bbox(Rect::new(-544.0, -303.0, 1302.0, 1000.0))
        .italic_angle(slant)
        .ascent(891.0)
        .descent(-216.0)
        .cap_height(662.0)
        .stem_v(stem)
        .font_file2(program);
    descriptor.finish();
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, PACKING_LEVEL)
}

/// A width in thousandths of the em, to the tenth, as PDF wants it.
fn thousandths(units: i32) -> f32 {
    (units * 10_000 / EM) as f32 / 10.0
}
