//! The register book laid out: lines into pages, none split, headings on every page.

use std::io::Write;

use crate::cover::{Span, closing_page, cover_page};
use crate::error::{LineFault, ReportError};
use crate::face::{Cut, at_size};
use crate::page_file::{PageFile, PageSlot};
use crate::paper::{
    MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_TOP, Mp, PAGE_HEIGHT, PRINT_WIDTH, Spot, mm, tenths,
};
use crate::picture::{BookLine, BookPicture, Cells, IncomingCells, OutgoingCells, Standing};
use crate::sheet::{Align, Faces, Place, Sheet, Type};
use crate::words::{self, Tally};
use crate::wrap::{Room, TextLine, Wrapped, wrap};

/// The longest book that is printed in one file.
pub const BOOK_LINES_MAX: u64 = 1_000_000;

const BODY: Mp = tenths(105);
const LEADING: Mp = tenths(130);
const HEAD: Type = Type { cut: Cut::Bold, size: tenths(100) };
const HEAD_NUMBER: Type = Type { cut: Cut::Regular, size: tenths(95) };
const TITLE: Type = Type { cut: Cut::Bold, size: tenths(110) };
const SIDE: Type = Type { cut: Cut::Regular, size: tenths(105) };
const FOOT: Type = Type { cut: Cut::Regular, size: tenths(105) };
const SMALL: Type = Type { cut: Cut::Regular, size: tenths(80) };
const PADDING: Mp = tenths(35);
const HEAD_LINES_MAX: usize = 4;
const RULE: Mp = tenths(5);
const STRIKE: Mp = tenths(7);

/// The running head stands above this, the table below.
const TABLE_TOP: Mp = MARGIN_TOP + tenths(180);
/// The last line of the table stands above this, the foot below.
const TABLE_BOTTOM: Mp = PAGE_HEIGHT - MARGIN_BOTTOM - tenths(310);
const NUMBER_ROW: Mp = tenths(145);
/// The tallest line there can be; longer cells are cut, because no line is split over pages.
const CELL_LINES_MAX: usize = 26;

/// A column: its share of the width in thousandths, and its side.
type Column = (i32, Align);

const INCOMING: [Column; 10] = [
    (74, Align::Centre),
    (52, Align::Centre),
    (112, Align::Left),
    (122, Align::Left),
    (76, Align::Centre),
    (232, Align::Left),
    (110, Align::Left),
    (74, Align::Centre),
    (54, Align::Left),
    (94, Align::Left),
];

const OUTGOING: [Column; 10] = [
    (112, Align::Left),
    (76, Align::Centre),
    (242, Align::Left),
    (98, Align::Left),
    (122, Align::Left),
    (84, Align::Left),
    (48, Align::Centre),
    (74, Align::Centre),
    (52, Align::Left),
    (92, Align::Left),
];

/// What was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// All pages, the cover and the closing page among them.
    pub pages: u32,
    /// The lines of the book.
    pub lines: u64,
    /// Lines whose text was cut because a line is never split over pages.
    pub lines_cut: u64,
}

/// Which book: it decides the columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Incoming,
    Outgoing,
}

impl Form {
    fn columns(self) -> &'static [Column; 10] {
        match self {
            Form::Incoming => &INCOMING,
            Form::Outgoing => &OUTGOING,
        }
    }

    fn headings(self) -> &'static [&'static str; 10] {
        match self {
            Form::Incoming => &words::INCOMING_COLUMNS,
            Form::Outgoing => &words::OUTGOING_COLUMNS,
        }
    }

    fn subject_column(self) -> usize {
        match self {
            Form::Incoming => 5,
            Form::Outgoing => 2,
        }
    }
}

/// Prints a book; the same picture and lines give the same bytes.
///
/// Lines come in the order of their numbers. A fault among them ends the print: the bytes written
/// so far are no PDF, and the caller throws them away.
pub fn book_pdf(
    picture: &BookPicture,
    lines: &mut dyn Iterator<Item = Result<BookLine, LineFault>>,
    out: &mut dyn Write,
) -> Result<Printed, ReportError> {
    let mut file = PageFile::begin(out)?;
    // The cover says from which number to which, so it is drawn last; its place is the first.
    let cover = file.next_page();
    let mut lines = lines.zip(1u64..).peekable();
    let form = match lines.peek() {
        Some((Ok(BookLine { cells: Cells::Outgoing(_), .. }), _)) => Form::Outgoing,
        Some((Ok(BookLine { cells: Cells::Incoming(_), .. }) | Err(_), _)) | None => Form::Incoming,
    };
    let mut print = Print {
        picture,
        form,
        faces: Faces::open(),
        headings: Vec::new(),
        file,
        span: Span::default(),
        pages: 0,
        lines_cut: 0,
        page: None,
    };
    print.wrap_headings();
    for (line, place) in lines {
        let line = line.map_err(|source| ReportError::Line { line: place, source })?;
        if place > BOOK_LINES_MAX {
            return Err(ReportError::TooLong { lines_max: BOOK_LINES_MAX });
        }
        let row = print.row(line).ok_or(ReportError::MixedBook { line: place })?;
        print.add(row)?;
    }
    print.finish(cover)
}

/// A line of the book, wrapped and ready to be drawn.
struct Row {
    number: String,
    standing: Standing,
    cells: Vec<(Cut, Vec<TextLine>)>,
    height: Mp,
}

/// A page being filled.
struct Page {
    sheet: Sheet,
    slot: PageSlot,
    y: Mp,
    tally: Tally,
    first: String,
    last: String,
}

/// A book being printed.
struct Print<'a> {
    picture: &'a BookPicture,
    form: Form,
    faces: Faces,
    headings: Vec<Vec<TextLine>>,
    file: PageFile<'a>,
    span: Span,
    pages: u32,
    lines_cut: u64,
    page: Option<Page>,
}

impl Print<'_> {
    fn wrap_headings(&mut self) {
        let face = self.faces.get(HEAD.cut);
        let pairs = self.form.headings().iter().zip(self.form.columns());
        self.headings = pairs
            .map(|(heading, &(share, _))| {
                let width = inner_width(share);
                wrap(face, heading, Room { size: HEAD.size, width, lines_max: HEAD_LINES_MAX })
                    .lines
            })
            .collect();
    }

    /// Wraps a line; none if it belongs to the other book.
    fn row(&mut self, line: BookLine) -> Option<Row> {
        let BookLine { number, day, standing, cells } = line;
        let mut texts = match (cells, self.form) {
            (Cells::Incoming(cells), Form::Incoming) => incoming_texts(cells, &number),
            (Cells::Outgoing(cells), Form::Outgoing) => outgoing_texts(cells, &number),
            (Cells::Incoming(_), Form::Outgoing) | (Cells::Outgoing(_), Form::Incoming) => {
                return None;
            }
        };
        let mut subject_cut = Cut::Regular;
        match &standing {
            Standing::Document => {}
            Standing::Voided { reason } => add_note(&mut texts, &words::voided(reason)),
            Standing::Placeholder => {
                subject_cut = Cut::Italic;
                if let Some(subject) = texts.get_mut(self.form.subject_column()) {
                    *subject = words::PLACEHOLDER.to_owned();
                }
            }
        }
        let mut cells = Vec::with_capacity(texts.len());
        let mut cut = false;
        for (place, (text, &(share, _))) in texts.iter().zip(self.form.columns()).enumerate() {
            let of_cell =
                if place == self.form.subject_column() { subject_cut } else { Cut::Regular };
            let room = Room { size: BODY, width: inner_width(share), lines_max: CELL_LINES_MAX };
            let Wrapped { lines, cut: cell_cut } = wrap(self.faces.get(of_cell), text, room);
            cut |= cell_cut;
            cells.push((of_cell, lines));
        }
        self.lines_cut += u64::from(cut);
        let tallest = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0).max(1);
        let height = LEADING * tallest as Mp + 2 * PADDING;
        self.span.add(&number, &day, &standing);
        Some(Row { number, standing, cells, height })
    }

    fn add(&mut self, row: Row) -> Result<(), ReportError> {
        if self.page.as_ref().is_some_and(|page| page.y + row.height > TABLE_BOTTOM) {
            self.close_page()?;
        }
        let mut page = match self.page.take() {
            Some(page) => page,
            None => self.open_page(),
        };
        if page.first.is_empty() {
            page.first.clone_from(&row.number);
        }
        page.last.clone_from(&row.number);
        page.tally.add(&row.standing);
        self.draw_row(&mut page, &row);
        self.page = Some(page);
        Ok(())
    }

    fn draw_row(&self, page: &mut Page, row: &Row) {
        let struck = match row.standing {
            Standing::Document | Standing::Placeholder => false,
            Standing::Voided { .. } => true,
        };
        let mut x = MARGIN_LEFT;
        let columns = self.form.columns();
        for (place, ((cut, lines), &(share, align))) in row.cells.iter().zip(columns).enumerate() {
            let set = Type { cut: *cut, size: BODY };
            let mut y = page.y + PADDING + tenths(99);
            for line in lines {
                let width = inner_width(share);
                page.sheet.aligned(
                    line,
                    set,
                    Place { at: Spot { x: x + PADDING, y }, width, align },
                );
                // The note keeps the reason, so it stays readable.
                if struck && place + 1 < columns.len() {
                    let wide = at_size(line.width, BODY);
                    let from = match align {
                        Align::Left => x + PADDING,
                        Align::Centre => x + PADDING + (width - wide) / 2,
                        Align::Right => x + PADDING + width - wide,
                    };
                    let height = y - tenths(27);
                    let to = Spot { x: from + wide, y: height };
                    page.sheet.rule(Spot { x: from, y: height }, to, STRIKE);
                }
                y += LEADING;
            }
            x += column_width(share);
        }
        let bottom = page.y + row.height;
        self.rule_row(&mut page.sheet, page.y, bottom);
        page.y = bottom;
    }

    /// Draws the rule below a row and the rules between its columns.
    fn rule_row(&self, sheet: &mut Sheet, top: Mp, bottom: Mp) {
        let right = MARGIN_LEFT + table_width(self.form);
        sheet.rule(Spot { x: MARGIN_LEFT, y: bottom }, Spot { x: right, y: bottom }, RULE);
        let mut x = MARGIN_LEFT;
        sheet.rule(Spot { x, y: top }, Spot { x, y: bottom }, RULE);
        for &(share, _) in self.form.columns() {
            x += column_width(share);
            sheet.rule(Spot { x, y: top }, Spot { x, y: bottom }, RULE);
        }
    }

    fn open_page(&mut self) -> Page {
        self.pages += 1;
        let mut sheet = Sheet::new();
        self.draw_running_head(&mut sheet);
        let right = MARGIN_LEFT + table_width(self.form);
        let (top, tallest) = (TABLE_TOP, self.headings.iter().map(Vec::len).max().unwrap_or(1));
        sheet.rule(Spot { x: MARGIN_LEFT, y: top }, Spot { x: right, y: top }, RULE);
        let bottom = top + LEADING * tallest as Mp + 2 * PADDING;
        let mut x = MARGIN_LEFT;
        let columns = self.form.columns();
        for (place, (lines, &(share, _))) in self.headings.iter().zip(columns).enumerate() {
            let width = inner_width(share);
            let free = (tallest - lines.len()) as Mp * LEADING / 2;
            let mut at = Spot { x: x + PADDING, y: top + PADDING + free + tenths(97) };
            for line in lines {
                sheet.aligned(line, HEAD, Place { at, width, align: Align::Centre });
                at.y += LEADING;
            }
            let below = Spot { x: x + PADDING, y: bottom + tenths(105) };
            let number = format!("({})", place + 1);
            let place = Place { at: below, width, align: Align::Centre };
            sheet.label(&mut self.faces, &number, HEAD_NUMBER, place);
            x += column_width(share);
        }
        self.rule_row(&mut sheet, top, bottom);
        self.rule_row(&mut sheet, bottom, bottom + NUMBER_ROW);
        let slot = self.file.next_page();
        let y = bottom + NUMBER_ROW;
        let (first, last) = (String::new(), String::new());
        Page { sheet, slot, y, tally: Tally::default(), first, last }
    }

    fn draw_running_head(&mut self, sheet: &mut Sheet) {
        let at = Spot { x: MARGIN_LEFT, y: MARGIN_TOP + tenths(100) };
        let side = mm(60);
        let agency = self.picture.agency.to_uppercase();
        let left = Place { at, width: side, align: Align::Left };
        sheet.label(&mut self.faces, &agency, SIDE, left);
        let volume = format!("Quyển số: {}", self.picture.volume);
        let x = MARGIN_LEFT + PRINT_WIDTH - side;
        let right = Place { at: Spot { x, ..at }, width: side, align: Align::Right };
        sheet.label(&mut self.faces, &volume, SIDE, right);
        let middle = Place {
            at: Spot { x: MARGIN_LEFT + side, ..at },
            width: PRINT_WIDTH - 2 * side,
            align: Align::Centre,
        };
        sheet.label(&mut self.faces, &running_title(self.picture), TITLE, middle);
    }

    fn close_page(&mut self) -> Result<(), ReportError> {
        let Some(mut page) = self.page.take() else { return Ok(()) };
        let at = Spot { x: MARGIN_LEFT, y: PAGE_HEIGHT - MARGIN_BOTTOM - tenths(150) };
        let mut count = format!("Trang này: {}", page.tally.phrase());
        if !page.first.is_empty() {
            count.push_str(&format!(", từ số {} đến số {}", page.first, page.last));
        }
        let whole = Place { at, width: PRINT_WIDTH, align: Align::Left };
        page.sheet.label(&mut self.faces, &count, FOOT, whole);
        let number = self.pages.to_string();
        page.sheet.label(&mut self.faces, &number, FOOT, Place { align: Align::Right, ..whole });
        let small = Spot { y: PAGE_HEIGHT - MARGIN_BOTTOM - tenths(20), ..at };
        let small = Place { at: small, width: PRINT_WIDTH, align: Align::Left };
        page.sheet.label(&mut self.faces, &provenance(self.picture), SMALL, small);
        self.file.write_page(page.slot, &page.sheet.finish())
    }

    fn finish(mut self, cover: PageSlot) -> Result<Printed, ReportError> {
        if self.pages == 0 {
            let mut page = self.open_page();
            let at = Spot { x: MARGIN_LEFT + PADDING, y: page.y + PADDING + tenths(120) };
            let place = Place { at, width: PRINT_WIDTH, align: Align::Left };
            let set = Type { cut: Cut::Italic, size: BODY };
            page.sheet.label(&mut self.faces, words::NO_LINES, set, place);
            self.page = Some(page);
        }
        self.close_page()?;
        let closing = self.file.next_page();
        let sheet = closing_page(&mut self.faces, self.picture, &self.span, self.pages);
        self.file.write_page(closing, &sheet.finish())?;
        let sheet = cover_page(&mut self.faces, self.picture, &self.span);
        self.file.write_page(cover, &sheet.finish())?;
        self.file.finish(&self.faces.all, &running_title(self.picture))?;
        let lines = self.span.tally.lines();
        Ok(Printed { pages: self.pages + 2, lines, lines_cut: self.lines_cut })
    }
}

fn column_width(share: i32) -> Mp {
    PRINT_WIDTH / 1000 * share
}

fn inner_width(share: i32) -> Mp {
    column_width(share) - 2 * PADDING
}

fn table_width(form: Form) -> Mp {
    form.columns().iter().map(|&(share, _)| column_width(share)).sum()
}

/// The title at the head of every page; an extract says that it is one.
pub(crate) fn running_title(picture: &BookPicture) -> String {
    let mut title = format!("{} NĂM {}", picture.title.to_uppercase(), picture.year);
    if !picture.series.is_empty() {
        title.push_str(&format!(" ({})", picture.series));
    }
    if picture.filter.is_some() {
        title.push_str(" – BẢN TRÍCH");
    }
    title
}

/// Who printed, when, from which state of the book, and what was left out.
pub(crate) fn provenance(picture: &BookPicture) -> String {
    let BookPicture { printed_by, printed_at, filter, chain, .. } = picture;
    let mut line = format!("In ngày {printed_at}. Người in: {printed_by}. Mã sổ: {chain}.");
    if let Some(filter) = filter {
        line.push_str(&format!(" Bản trích, bộ lọc: {filter}."));
    }
    line
}

fn add_note(texts: &mut [String; 10], note: &str) {
    let [.., last] = texts;
    if !last.is_empty() {
        last.push_str(". ");
    }
    last.push_str(note);
}

fn incoming_texts(cells: IncomingCells, number: &str) -> [String; 10] {
    let IncomingCells {
        arrived_on,
        issuer,
        symbol,
        dated,
        subject,
        recipients,
        handed_on,
        received,
        note,
    } = cells;
    let number = number.to_owned();
    [arrived_on, number, issuer, symbol, dated, subject, recipients, handed_on, received, note]
}

fn outgoing_texts(cells: OutgoingCells, number: &str) -> [String; 10] {
    let OutgoingCells {
        symbol,
        dated,
        subject,
        signer,
        recipients,
        copy_kept_by,
        copies,
        handed_on,
        received,
        note,
    } = cells;
    // A number without a document has no symbol; the number itself must still be seen.
    let symbol = if symbol.is_empty() { number.to_owned() } else { symbol };
    [symbol, dated, subject, signer, recipients, copy_kept_by, copies, handed_on, received, note]
}
