//! A PDF that came in, read with care: it may be broken, locked or made to do harm.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::look::Encryption;
use crate::pdf_swell::swells;
use crate::pdf_text::text_of;

/// How long one PDF may keep the reader busy; its file enters all the same.
pub const PDF_LOOK_WAIT: Duration = Duration::from_secs(10);
/// The reader gets a stack of its own, so that deep nesting ends in its limits and not in ours.
const READER_STACK_BYTES: usize = 32 << 20;

/// A reader that ran away cannot be stopped, only left behind; so there may be but a few of them.
const PDF_READERS_MAX: usize = 8;

/// What a reader found in a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfLook {
    /// How many pages there are.
    pub pages: PageCount,
    /// Whether it opens without a password.
    pub encryption: Encryption,
    /// The text layer, line by line; empty for a scan. At most
    /// [`TEXT_CHARS_MAX`](crate::TEXT_CHARS_MAX) characters.
    pub text: String,
}

/// How many pages a PDF has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageCount {
    /// So many.
    Known(u32),
    /// The PDF asks for a password.
    Locked,
    /// The PDF is damaged beyond reading; it may still be kept as it is.
    Damaged,
    /// Something in the PDF unpacks to more than [`STREAM_BYTES_MAX`](crate::STREAM_BYTES_MAX), so
    /// it was not opened.
    Swells,
    /// The reader was not done in [`PDF_LOOK_WAIT`].
    TookTooLong,
}

/// Reads a PDF on a thread of its own and gives up after [`PDF_LOOK_WAIT`].
pub(crate) fn look_at_pdf(bytes: Vec<u8>) -> PdfLook {
    let encrypted = names_encryption(&bytes);
    let Some(turn) = Turn::take() else { return too_long(encrypted) };
    let (answer, answers) = mpsc::sync_channel(1);
    let read = move || {
        let _turn = turn;
        // A reader that panics on a broken file has said all it can: the file is damaged.
        let found = catch_unwind(AssertUnwindSafe(|| read(bytes)));
        // Nobody listens any more after the wait, and then the answer is of no use.
        let _ = answer.send(found.unwrap_or((PageCount::Damaged, String::new())));
    };
    let started = thread::Builder::new()
        .name("pdf-look".to_owned())
        .stack_size(READER_STACK_BYTES)
        .spawn(read);
    let (pages, text) = match started {
        Ok(_) => {
            answers.recv_timeout(PDF_LOOK_WAIT).unwrap_or((PageCount::TookTooLong, String::new()))
        }
        Err(_) => return too_long(encrypted),
    };
    let encryption = match pages {
        PageCount::Locked => Encryption::Locked,
        PageCount::Known(_) | PageCount::Damaged | PageCount::Swells | PageCount::TookTooLong => {
            encrypted.unwrap_or(Encryption::None)
        }
    };
    PdfLook { pages, encryption, text }
}

fn too_long(encrypted: Option<Encryption>) -> PdfLook {
    let encryption = encrypted.unwrap_or(Encryption::None);
    PdfLook { pages: PageCount::TookTooLong, encryption, text: String::new() }
}

/// Whether the trailer names an encryption; the word also begins other names.
fn names_encryption(bytes: &[u8]) -> Option<Encryption> {
    const WORD: &[u8] = b"/Encrypt";
    let named = bytes.windows(WORD.len() + 1).any(|window| {
        window.starts_with(WORD) && window.last().is_some_and(|next| !next.is_ascii_alphabetic())
    });
    named.then_some(Encryption::Opens)
}

/// How many readers are at work or have run away.
static READERS: AtomicUsize = AtomicUsize::new(0);

/// The right to be one of the readers; given back when it falls.
struct Turn;

impl Turn {
    fn take() -> Option<Turn> {
        let more = |readers: usize| (readers < PDF_READERS_MAX).then_some(readers + 1);
        READERS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        READERS.fetch_sub(1, Ordering::Relaxed);
    }
}

fn read(bytes: Vec<u8>) -> (PageCount, String) {
    if swells(&bytes) {
        return (PageCount::Swells, String::new());
    }
    match Pdf::new(bytes) {
        Ok(pdf) => {
            let count = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
            // A text layer that cannot be read takes nothing away from the pages.
            let text = catch_unwind(AssertUnwindSafe(|| text_of(&pdf))).unwrap_or_default();
            (PageCount::Known(count), text)
        }
        Err(LoadPdfError::Decryption(
            DecryptionError::PasswordProtected
            | DecryptionError::UnsupportedAlgorithm
            | DecryptionError::InvalidEncryption
            | DecryptionError::MissingIDEntry,
        )) => (PageCount::Locked, String::new()),
        Err(LoadPdfError::Invalid) => (PageCount::Damaged, String::new()),
    }
}
