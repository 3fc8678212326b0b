//! Prints a book of a year: lines are read as they are printed, so memory does not grow.
use std::fs::File;
use std::io::BufWriter;

use contract::{BookPrinted, BookRowKind, Failure};
use register::{Book, Direction, render_number};
use reports::{
    BookLine, BookPicture, Cells, IncomingCells, LineFault, OutgoingCells, Standing, book_pdf,
};

use crate::desk::Desk;
use crate::faults::{fault, log};
use crate::session::AtDesk;
use crate::views::{Line, lines_of};
use crate::words::NOTHING_CHANGED;

/// Folder of prints inside a profile.
const PRINTS_FOLDER: &str = "prints";
/// Lines read at a time.
const LINES_AT_ONCE: u32 = 500;
/// Bytes a printed book may have to be shown in the window.
const PRINT_BYTES_MAX: u64 = 512 << 20;

fn not_printed(error: &(dyn std::error::Error + 'static)) -> Failure {
    log("printing a book", error);
    fault(
        "not_printed",
        "Chưa in được sổ ra tệp PDF.",
        NOTHING_CHANGED,
        "Kiểm tra đĩa còn chỗ rồi in lại.",
    )
}

/// Prints the book and stores the PDF so that the window can show it.
pub(crate) fn book(
    desk: &Desk,
    at: &AtDesk,
    book: &Book,
    year: i16,
) -> Result<BookPrinted, Failure> {
    let folder = desk.profile.join(PRINTS_FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| not_printed(&error))?;
    let path = folder.join(format!("{}-{year}.pdf", text::fold(&book.name).replace(' ', "-")));
    let heights = desk.look(&at.opened, |view| view.heights())?;
    let agency = at.agency()?;
    let printed_at = desk.source.now().civil();
    let chain: String = heights.head.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let picture = BookPicture {
        agency_parent: agency.parent.clone(),
        agency: agency.name.clone(),
        title: match book.direction {
            Direction::Incoming => "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
            Direction::Outgoing => "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        }
        .to_owned(),
        series: book.name.clone(),
        year: u16::try_from(year).unwrap_or(0),
        volume: "1".to_owned(),
        printed_by: at.officer.name.clone(),
        printed_at: format!(
            "{:02}:{:02} ngày {}",
            printed_at.hour(),
            printed_at.minute(),
            crate::words::date(printed_at.date())
        ),
        filter: None,
        chain,
    };
    let mut lines = read_lines(desk, at, book, year);
    let mut written = || -> Result<u32, Failure> {
        let file = File::create(&path).map_err(|error| not_printed(&error))?;
        let mut out = BufWriter::new(file);
        let printed =
            book_pdf(&picture, &mut lines, &mut out).map_err(|error| not_printed(&error))?;
        let file = out.into_inner().map_err(|error| not_printed(&error.into_error()))?;
        file.sync_all().map_err(|error| not_printed(&error))?;
        Ok(printed.pages)
    };
    let pages = written()?;
    let stored =
        at.opened.blobs.put_path(&path, PRINT_BYTES_MAX).map_err(|error| not_printed(&error))?;
    Ok(BookPrinted { path: path.display().to_string(), blob: stored.id.hex(), pages })
}

/// The lines of a year, read a few hundred at a time.
fn read_lines<'a>(
    desk: &'a Desk,
    at: &'a AtDesk,
    book: &'a Book,
    year: i16,
) -> impl Iterator<Item = Result<BookLine, LineFault>> + 'a {
    let count = book.year(year);
    let mut from = count.first;
    std::iter::from_fn(move || {
        if from >= count.next {
            return None;
        }
        let read = desk
            .look(&at.opened, |view| lines_of(view, at, book, year, from, LINES_AT_ONCE))
            .map_err(|failure| LineFault::from(std::io::Error::other(failure.what)));
        from = from.saturating_add(LINES_AT_ONCE);
        Some(read)
    })
    .flat_map(|read| match read {
        Ok(lines) => lines.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(fault) => vec![Err(fault)],
    })
    .map(|line| line.map(|line| printed(book.direction, line)))
}

fn printed(direction: Direction, line: Line) -> BookLine {
    let standing = match line.kind {
        BookRowKind::Document => Standing::Document,
        BookRowKind::Void => Standing::Voided { reason: line.reason },
        BookRowKind::Placeholder => Standing::Placeholder,
    };
    let [one, two, three, four, five, six, seven, eight, nine, ten] = line.cells;
    let number = if direction == Direction::Incoming && !two.is_empty() {
        two.clone()
    } else {
        format!("{}{}", render_number(line.number), line.letter)
    };
    let cells = match direction {
        Direction::Incoming => Cells::Incoming(IncomingCells {
            arrived_on: one,
            issuer: three,
            symbol: four,
            dated: five,
            subject: six,
            recipients: seven,
            handed_on: eight,
            received: nine,
            note: ten,
        }),
        Direction::Outgoing => Cells::Outgoing(OutgoingCells {
            symbol: one,
            dated: two,
            subject: three,
            signer: four,
            recipients: five,
            copy_kept_by: six,
            copies: seven,
            handed_on: eight,
            received: nine,
            note: ten,
        }),
    };
    BookLine { number, day: line.day, standing, cells }
}
