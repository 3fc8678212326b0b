//! The cover and the closing page of a book.

use crate::book::provenance;
use crate::face::Cut;
use crate::paper::{
    Frame, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_TOP, Mp, PAGE_HEIGHT, PRINT_WIDTH, Spot, mm, tenths,
};
use crate::picture::{BookPicture, Standing};
use crate::sheet::{Align, Faces, Place, Sheet, Type};
use crate::words::{OPEN, Tally, count};

const PARENT: Type = Type { cut: Cut::Regular, size: tenths(140) };
const AGENCY: Type = Type { cut: Cut::Bold, size: tenths(150) };
const TITLE: Type = Type { cut: Cut::Bold, size: tenths(280) };
const PLAIN: Type = Type { cut: Cut::Regular, size: tenths(140) };
const STRONG: Type = Type { cut: Cut::Bold, size: tenths(140) };
const SLANTED: Type = Type { cut: Cut::Italic, size: tenths(130) };
const SMALL: Type = Type { cut: Cut::Regular, size: tenths(80) };

/// From where to where a book goes, gathered while its lines pass.
#[derive(Default)]
pub(crate) struct Span {
    pub tally: Tally,
    first: Option<End>,
    last: Option<End>,
}

/// One end of a book.
struct End {
    number: String,
    day: String,
}

impl Span {
    pub(crate) fn add(&mut self, number: &str, day: &str, standing: &Standing) {
        self.tally.add(standing);
        let end = || End { number: number.to_owned(), day: day.to_owned() };
        if self.first.is_none() {
            self.first = Some(end());
        }
        self.last = Some(end());
    }

    fn numbers(&self) -> String {
        let ends = [&self.first, &self.last];
        let [from, to] = ends.map(|end| end.as_ref().map_or(OPEN, |end| end.number.as_str()));
        format!("ừ số {from} đến số {to}")
    }

    fn days(&self) -> String {
        let ends = [&self.first, &self.last];
        let [from, to] = ends.map(|end| end.as_ref().map_or(OPEN, |end| end.day.as_str()));
        format!("Từ ngày {from} đến ngày {to}")
    }
}

/// Draws the cover as Phụ lục IV has it.
pub(crate) fn cover_page(faces: &mut Faces, picture: &BookPicture, span: &Span) -> Sheet {
    let mut sheet = Sheet::new();
    let outer = Frame {
        at: Spot { x: MARGIN_LEFT, y: MARGIN_TOP },
        width: PRINT_WIDTH,
        height: PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM - mm(2),
    };
    sheet.frame(outer, tenths(15));
    let inner = Frame {
        at: Spot { x: outer.at.x + mm(1), y: outer.at.y + mm(1) },
        width: outer.width - 2 * mm(1),
        height: outer.height - 2 * mm(1),
    };
    sheet.frame(inner, tenths(5));
    let mut y = mm(32);
    if !picture.agency_parent.is_empty() {
        centred(&mut sheet, faces, &picture.agency_parent.to_uppercase(), (PARENT, y));
        y += mm(8);
    }
    centred(&mut sheet, faces, &picture.agency.to_uppercase(), (AGENCY, y));
    let middle = MARGIN_LEFT + PRINT_WIDTH / 2;
    let (from, to) = (middle - mm(22), middle + mm(22));
    sheet.rule(Spot { x: from, y: y + mm(3) }, Spot { x: to, y: y + mm(3) }, tenths(7));
    y = mm(86);
    centred(&mut sheet, faces, &picture.title.to_uppercase(), (TITLE, y));
    if !picture.series.is_empty() {
        y += mm(12);
        centred(&mut sheet, faces, &picture.series, (STRONG, y));
    }
    y += mm(16);
    centred(&mut sheet, faces, &format!("Năm: {}", picture.year), (STRONG, y));
    let numbers = format!("T{}", span.numbers());
    for line in [span.days(), numbers, format!("Quyển số: {}", picture.volume)] {
        y += mm(11);
        centred(&mut sheet, faces, &line, (PLAIN, y));
    }
    if let Some(filter) = &picture.filter {
        y += mm(12);
        let extract = format!("Bản trích, bộ lọc: {filter}");
        centred(&mut sheet, faces, &extract, (SLANTED, y));
    }
    sheet
}

/// Draws the closing page: what the book holds, and room for those who sign for it.
pub(crate) fn closing_page(
    faces: &mut Faces,
    picture: &BookPicture,
    span: &Span,
    pages: u32,
) -> Sheet {
    let mut sheet = Sheet::new();
    let mut y = mm(38);
    centred(&mut sheet, faces, "KẾT THÚC SỔ", (AGENCY, y));
    y += mm(18);
    let what = match picture.filter {
        Some(_) => "Bản trích này",
        None => "Sổ này",
    };
    let pages = count(u64::from(pages));
    let volume = format!("{what} có {pages} trang, đánh số từ 1 đến {pages}.");
    let tally = match span.tally.lines() {
        0 => "Chưa có văn bản nào được vào sổ.".to_owned(),
        _ => format!("Gồm {}, t{}.", span.tally.phrase(), span.numbers()),
    };
    for line in [volume, tally] {
        centred(&mut sheet, faces, &line, (PLAIN, y));
        y += mm(9);
    }
    y += mm(14);
    let half = PRINT_WIDTH / 2;
    let right = MARGIN_LEFT + half;
    let date = "……………, ngày …… tháng …… năm ………";
    column(&mut sheet, faces, date, (SLANTED, Spot { x: right, y }));
    y += mm(10);
    let (left_at, right_at) = (Spot { x: MARGIN_LEFT, y }, Spot { x: right, y });
    column(&mut sheet, faces, "NGƯỜI LẬP SỔ", (STRONG, left_at));
    column(&mut sheet, faces, "NGƯỜI ĐỨNG ĐẦU CƠ QUAN", (STRONG, right_at));
    y += mm(7);
    let (left_at, right_at) = (Spot { x: MARGIN_LEFT, y }, Spot { x: right, y });
    column(&mut sheet, faces, "(Ký, ghi rõ họ tên)", (SLANTED, left_at));
    column(&mut sheet, faces, "(Ký, đóng dấu, ghi rõ họ tên)", (SLANTED, right_at));
    let at = Spot { x: MARGIN_LEFT, y: PAGE_HEIGHT - MARGIN_BOTTOM - tenths(20) };
    let foot = Place { at, width: PRINT_WIDTH, align: Align::Left };
    sheet.label(faces, &provenance(picture), SMALL, foot);
    sheet
}

fn centred(sheet: &mut Sheet, faces: &mut Faces, text: &str, (set, y): (Type, Mp)) {
    let inset = mm(8);
    let at = Spot { x: MARGIN_LEFT + inset, y };
    let place = Place { at, width: PRINT_WIDTH - 2 * inset, align: Align::Centre };
    sheet.label(faces, text, set, place);
}

/// Draws a text in the middle of half the page.
fn column(sheet: &mut Sheet, faces: &mut Faces, text: &str, (set, at): (Type, Spot)) {
    sheet.label(faces, text, set, Place { at, width: PRINT_WIDTH / 2, align: Align::Centre });
}
