//! The look at a file before it enters: accepted with what is known of it, or not accepted.

use std::io::{self, Read, Seek, SeekFrom};

use crate::kind::{Agreement, Kind, Parts, SNIFF_BYTES, holds, sniff_parts};
use crate::pdf::{PdfLook, look_at_pdf};

/// The largest file that may enter.
pub const ATTACHMENT_BYTES_MAX: u64 = 64 << 20;
/// Longer names are refused by the exchange of some provinces, so they earn a warning.
pub const FILE_NAME_CHARS_MAX: usize = 50;
/// How much of the end of an archive is searched for the names in it.
const TAIL_BYTES: usize = 64 * 1024;
/// The sector sizes that old Office files have, as powers of two.
const SECTOR_SHIFTS: [u16; 2] = [9, 12];

/// Something to read from, anywhere.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// What is known of a file that may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What it is.
    pub kind: Kind,
    /// Whether its name says so too; never [`Agreement::Differs`].
    pub agreement: Agreement,
    /// What a reader found, if it is a PDF.
    pub pdf: Option<PdfLook>,
    /// Whether it opens only with a password.
    pub encryption: Encryption,
    /// What is wrong with the name, none of it reason enough to refuse.
    pub name_warnings: Vec<NameWarning>,
}

/// Whether a file opens without a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// It is not encrypted.
    None,
    /// It is encrypted and opens without a password.
    Opens,
    /// It asks for a password.
    Locked,
}

/// What is unusual about a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameWarning {
    /// More than [`FILE_NAME_CHARS_MAX`] characters.
    Long {
        /// How many there are.
        chars: usize,
    },
    /// Diacritics or signs that some exchanges refuse.
    NotPlain,
    /// Characters that are not seen or turn the direction of reading, as tricks do.
    HidesLetters,
}

/// Why a file may not enter; the desk words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than may enter; not a byte of it was read.
    #[error("the file has {size} bytes, more than {size_max}")]
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        size_max: u64,
    },
    /// It is a program, a script or a shortcut.
    #[error("the file is a program")]
    Executable,
    /// The name promises something else than the bytes are.
    #[error("the name promises {promised:?}, the bytes are {found:?}")]
    NameAndContentDiffer {
        /// What the name promises.
        promised: Kind,
        /// What it is.
        found: Kind,
    },
    /// Its size changed while it was read: somebody is still writing it.
    #[error("the file changed while it was read")]
    StillChanging,
}

/// Why a look gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The rule speaks.
    #[error("the file may not enter: {0}")]
    Refused(NotAccepted),
    /// The file could not be read.
    #[error("reading the file {name}")]
    Read {
        /// Its name.
        name: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Looks at a file of a known size: what it is, its pages and text if it is a PDF.
pub fn look(file: &mut dyn ReadSeek, name: &str, size: u64) -> Result<Looked, LookError> {
    if size == 0 {
        return Err(LookError::Refused(NotAccepted::Empty));
    }
    if size > ATTACHMENT_BYTES_MAX {
        let refusal = NotAccepted::TooLarge { size, size_max: ATTACHMENT_BYTES_MAX };
        return Err(LookError::Refused(refusal));
    }
    let bytes = read_whole(file, size)
        .map_err(|source| LookError::Read { name: name.to_owned(), source })?;
    if bytes.len() as u64 != size {
        return Err(LookError::Refused(NotAccepted::StillChanging));
    }
    let directory = old_office_directory(&bytes);
    let parts = Parts {
        head: bytes.get(..SNIFF_BYTES).unwrap_or(&bytes),
        tail: bytes.get(bytes.len().saturating_sub(TAIL_BYTES)..).unwrap_or(&bytes),
        directory,
    };
    let sniffed = sniff_parts(parts, name);
    if sniffed.kind == Kind::Executable {
        return Err(LookError::Refused(NotAccepted::Executable));
    }
    if let Agreement::Differs { promised } = sniffed.agreement {
        let refusal = NotAccepted::NameAndContentDiffer { promised, found: sniffed.kind };
        return Err(LookError::Refused(refusal));
    }
    let locked_office = holds(directory, &wide("EncryptedPackage"));
    let pdf = if sniffed.kind == Kind::Pdf { Some(look_at_pdf(bytes)) } else { None };
    let encryption = match &pdf {
        Some(pdf) => pdf.encryption,
        None if locked_office => Encryption::Locked,
        None => Encryption::None,
    };
    let name_warnings = name_warnings(name);
    Ok(Looked { kind: sniffed.kind, agreement: sniffed.agreement, pdf, encryption, name_warnings })
}

fn read_whole(file: &mut dyn ReadSeek, size: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    // One byte more than promised tells that the file has grown.
    file.take(size + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The first directory sector of an old Office file, which names the streams in it.
fn old_office_directory(bytes: &[u8]) -> &[u8] {
    let field = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    let Some(&[shift, _]) = bytes.get(30..32).and_then(|two| <&[u8; 2]>::try_from(two).ok()) else {
        return &[];
    };
    let shift = u16::from(shift);
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0") || !SECTOR_SHIFTS.contains(&shift) {
        return &[];
    }
    let size = 1usize << shift;
    let sector = field(48).map_or(0, u32::from_le_bytes) as usize;
    // Large directories go on elsewhere; the names that matter stand in the first sectors.
    let start = sector.saturating_add(1).saturating_mul(size);
    let end = start.saturating_add(2 * size).min(bytes.len());
    bytes.get(start..end).unwrap_or(&[])
}

fn wide(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn name_warnings(name: &str) -> Vec<NameWarning> {
    let mut warnings = Vec::new();
    let chars = name.chars().count();
    if chars > FILE_NAME_CHARS_MAX {
        warnings.push(NameWarning::Long { chars });
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._- ()".contains(letter);
    if !name.chars().all(plain) {
        warnings.push(NameWarning::NotPlain);
    }
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if name.chars().any(hidden) {
        warnings.push(NameWarning::HidesLetters);
    }
    warnings
}
