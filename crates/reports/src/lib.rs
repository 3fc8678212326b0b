//! A picture of a book in, PDF bytes out: the same picture gives the same bytes.
//!
//! The register book is laid out as Phụ lục IV of Nghị định 30/2020/NĐ-CP draws it. Lines are read
//! one at a time and pages are written as soon as they are full, so a book of any length takes the
//! same memory. Nothing here knows the clock: the hour of printing is a text in the picture.

mod book;
mod cover;
mod error;
mod face;
mod page_file;
mod paper;
mod picture;
mod sheet;
mod stamp;
mod words;
mod wrap;

pub use book::{BOOK_LINES_MAX, Printed, book_pdf};
pub use error::{LineFault, ReportError};
pub use picture::{BookLine, BookPicture, Cells, IncomingCells, OutgoingCells, Standing};
pub use stamp::{ArrivalStamp, StampMark, StampWeight, arrival_stamp};
