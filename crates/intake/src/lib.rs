//! A file's bytes in; what it is, how many pages, whether it may enter, out.
//!
//! Nothing here opens a path: the caller brings bytes, facts and the time. The gate of the scan
//! folder is a machine of its own, so every trap of a folder on a share is a test without a wait.

mod gate;
mod kind;
mod look;
mod pdf;
mod pdf_swell;
mod pdf_text;
mod secrecy;

pub use gate::{
    Ending, FileFacts, FileId, GATE_FILES_MAX, GATE_PATIENCE_MS, GATE_QUIET_MS, GATE_READY_MAX,
    Gate, GateLimits, PDF_TAIL_BYTES, Ready, Seen, Taken,
};
pub use kind::{Agreement, Kind, SNIFF_BYTES, Sniffed, sniff};
pub use look::{
    ATTACHMENT_BYTES_MAX, Encryption, FILE_NAME_CHARS_MAX, LookError, Looked, NameWarning,
    NotAccepted, ReadSeek, look,
};
pub use pdf::{PDF_LOOK_WAIT, PageCount, PdfLook};
pub use pdf_swell::STREAM_BYTES_MAX;
pub use pdf_text::{TEXT_CHARS_MAX, TEXT_PAGES_MAX};
pub use secrecy::{SecrecyMark, secrecy_mark};
