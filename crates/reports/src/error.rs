//! Why a print could not be finished.

use std::io;

/// What the source of the lines says when it breaks.
pub type LineFault = Box<dyn std::error::Error + Send + Sync>;

/// Why a print could not be finished; what was written so far is not a PDF.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The place the bytes go to refused them.
    #[error("writing the print")]
    Write {
        /// What the system said.
        source: io::Error,
    },
    /// The lines stopped coming: better no book than half a book.
    #[error("reading line {line} of the book")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What the source of the lines said.
        source: LineFault,
    },
    /// A line of the other direction stood among the lines.
    #[error("laying out line {line}, which belongs to a book of the other direction")]
    MixedBook {
        /// Counted from 1.
        line: u64,
    },
    /// The book is longer than one print may be; print it in parts.
    #[error("laying out a book of more than {lines_max} lines")]
    TooLong {
        /// The limit.
        lines_max: u64,
    },
    /// The typeface could not be cut down to the glyphs that were used.
    #[error("embedding the typeface: {what}")]
    Typeface {
        /// What its reader said.
        what: String,
    },
}
