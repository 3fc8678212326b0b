//! What a file is, told by its first bytes and compared with what its name says.

/// How much of the beginning of a file [`sniff`] wants to see.
pub const SNIFF_BYTES: usize = 16 * 1024;
/// Readers look for the header of a PDF in the first kilobyte; scanners put rubbish before it.
const PDF_HEADER_WITHIN: usize = 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A PDF.
    Pdf,
    /// A Word document since 2007.
    Docx,
    /// An Excel workbook since 2007.
    Xlsx,
    /// A PowerPoint presentation since 2007.
    Pptx,
    /// A Word document before 2007.
    Doc,
    /// An Excel workbook before 2007.
    Xls,
    /// Another file of the old Office family: a presentation, a message, an encrypted document.
    OldOffice,
    /// Rich text.
    Rtf,
    /// An OpenDocument text.
    Odt,
    /// An OpenDocument sheet.
    Ods,
    /// Plain text, CSV or XML.
    Text,
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A TIFF picture, as scanners make them.
    Tiff,
    /// A ZIP archive.
    Zip,
    /// A RAR archive.
    Rar,
    /// A 7z archive.
    SevenZip,
    /// A program, a script or a shortcut: it never enters.
    Executable,
    /// No bytes at all.
    Empty,
    /// Something else.
    Unknown,
}

impl Kind {
    /// The kind that the end of a name promises; none where the name promises nothing we know.
    fn promised_by(name: &str) -> Option<Kind> {
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending.trim_end().to_ascii_lowercase().as_str() {
            "pdf" => Kind::Pdf,
            "docx" => Kind::Docx,
            "xlsx" => Kind::Xlsx,
            "pptx" => Kind::Pptx,
            "doc" | "dot" => Kind::Doc,
            "xls" => Kind::Xls,
            "ppt" | "msg" => Kind::OldOffice,
            "rtf" => Kind::Rtf,
            "odt" => Kind::Odt,
            "ods" => Kind::Ods,
            "txt" | "csv" | "xml" | "edxml" | "md" | "log" => Kind::Text,
            "png" => Kind::Png,
            "jpg" | "jpeg" | "jfif" => Kind::Jpeg,
            "tif" | "tiff" => Kind::Tiff,
            "zip" => Kind::Zip,
            "rar" => Kind::Rar,
            "7z" => Kind::SevenZip,
            "exe" | "com" | "bat" | "cmd" | "scr" | "pif" | "msi" | "dll" | "js" | "jse"
            | "vbs" | "vbe" | "wsf" | "ps1" | "hta" | "lnk" | "url" | "reg" | "jar" | "sh"
            | "desktop" | "cpl" => Kind::Executable,
            _ => return None,
        })
    }

    /// Kinds that programs save under each other's names without harm.
    fn family(self) -> Option<Family> {
        match self {
            Kind::Png | Kind::Jpeg | Kind::Tiff => Some(Family::Picture),
            Kind::Docx
            | Kind::Xlsx
            | Kind::Pptx
            | Kind::Doc
            | Kind::Xls
            | Kind::OldOffice
            | Kind::Rtf
            | Kind::Odt
            | Kind::Ods
            | Kind::Text => Some(Family::Office),
            Kind::Zip | Kind::Rar | Kind::SevenZip => Some(Family::Archive),
            Kind::Pdf | Kind::Executable | Kind::Empty | Kind::Unknown => None,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Family {
    Picture,
    Office,
    Archive,
}

/// Whether the name tells the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// The name says what the file is, or says nothing.
    Same,
    /// The name says a neighbouring kind: a picture of another format, rich text named `.doc`.
    Near,
    /// The name says something else: a PDF that is a ZIP.
    Differs {
        /// What the name promises.
        promised: Kind,
    },
}

/// What a file is and whether its name agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    /// What the bytes are.
    pub kind: Kind,
    /// Whether the name says so too.
    pub agreement: Agreement,
}

/// Tells what a file is from its first bytes, [`SNIFF_BYTES`] of them or all there are.
pub fn sniff(head: &[u8], name: &str) -> Sniffed {
    sniff_parts(Parts { head, tail: &[], directory: &[] }, name)
}

/// The parts of a file that tell what it is.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub head: &'a [u8],
    /// The end, where an archive keeps the list of what is in it.
    pub tail: &'a [u8],
    /// The directory sector of an old Office file.
    pub directory: &'a [u8],
}

pub(crate) fn sniff_parts(parts: Parts<'_>, name: &str) -> Sniffed {
    let promised = Kind::promised_by(name);
    let kind = kind_of(parts, promised);
    let agreement = match promised {
        // A script is plain text; its name is what makes it run.
        Some(Kind::Executable) if kind != Kind::Empty => {
            return Sniffed { kind: Kind::Executable, agreement: Agreement::Same };
        }
        None => Agreement::Same,
        Some(promised) if promised == kind || kind == Kind::Empty => Agreement::Same,
        Some(promised) if promised.family().is_some() && promised.family() == kind.family() => {
            Agreement::Near
        }
        Some(promised) => Agreement::Differs { promised },
    };
    Sniffed { kind, agreement }
}

fn kind_of(parts: Parts<'_>, promised: Option<Kind>) -> Kind {
    const MAGIC: [(&[u8], Kind); 14] = [
        (b"\x89PNG\r\n\x1a\n", Kind::Png),
        (b"\xff\xd8\xff", Kind::Jpeg),
        (b"II*\0", Kind::Tiff),
        (b"MM\0*", Kind::Tiff),
        (b"Rar!\x1a\x07", Kind::Rar),
        (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
        (b"{\\rtf", Kind::Rtf),
        (b"MZ", Kind::Executable),
        (b"\x7fELF", Kind::Executable),
        (b"\xcf\xfa\xed\xfe", Kind::Executable),
        (b"\xca\xfe\xba\xbe", Kind::Executable),
        (b"#!", Kind::Executable),
        // A shortcut of Windows.
        (b"L\0\0\0\x01\x14\x02\0", Kind::Executable),
        (b"%PDF-", Kind::Pdf),
    ];
    let head = parts.head;
    if head.is_empty() {
        return Kind::Empty;
    }
    if let Some(&(_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return kind;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return kind_of_zip(parts, promised);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return kind_of_old_office(parts, promised);
    }
    if holds(head.get(..PDF_HEADER_WITHIN).unwrap_or(head), b"%PDF-") {
        return Kind::Pdf;
    }
    if is_text(head) { Kind::Text } else { Kind::Unknown }
}

fn kind_of_zip(parts: Parts<'_>, promised: Option<Kind>) -> Kind {
    let holds = |needle: &[u8]| holds(parts.head, needle) || holds(parts.tail, needle);
    if holds(b"mimetypeapplication/vnd.oasis.opendocument.text") {
        Kind::Odt
    } else if holds(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        Kind::Ods
    } else if holds(b"word/document.xml") {
        Kind::Docx
    } else if holds(b"xl/workbook.xml") {
        Kind::Xlsx
    } else if holds(b"ppt/presentation.xml") {
        Kind::Pptx
    } else if holds(b"[Content_Types].xml") && parts.tail.is_empty() {
        // Only the beginning was seen: the name decides among the kinds it may be.
        match promised {
            Some(kind @ (Kind::Docx | Kind::Xlsx | Kind::Pptx)) => kind,
            _ => Kind::Zip,
        }
    } else {
        Kind::Zip
    }
}

fn kind_of_old_office(parts: Parts<'_>, promised: Option<Kind>) -> Kind {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(parts.directory, &wide) || holds(parts.head, &wide)
    };
    if holds("EncryptedPackage") {
        Kind::OldOffice
    } else if holds("WordDocument") {
        Kind::Doc
    } else if holds("Workbook") {
        Kind::Xls
    } else if parts.directory.is_empty() {
        match promised {
            Some(kind @ (Kind::Doc | Kind::Xls)) => kind,
            _ => Kind::OldOffice,
        }
    } else {
        Kind::OldOffice
    }
}

/// Whether bytes read as text: UTF-16 with its mark, UTF-8, or an old one-byte code.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a))
}

pub(crate) fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::{Agreement, Kind, Sniffed, sniff};

    fn kind(head: &[u8], name: &str) -> Kind {
        sniff(head, name).kind
    }

    #[test]
    fn every_kind_is_told_by_its_bytes() {
        assert_eq!(kind(b"%PDF-1.7\n", "a"), Kind::Pdf);
        assert_eq!(kind(b"\0\0rubbish of a scanner %PDF-1.4", "a"), Kind::Pdf);
        assert_eq!(kind(b"PK\x03\x04 ... word/document.xml", "a"), Kind::Docx);
        assert_eq!(kind(b"PK\x03\x04 [Content_Types].xml", "bang.xlsx"), Kind::Xlsx);
        let odt = b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.textPK";
        assert_eq!(kind(odt, "a"), Kind::Odt);
        assert_eq!(kind(b"PK\x03\x04....", "a"), Kind::Zip);
        assert_eq!(kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc"), Kind::Doc);
        assert_eq!(kind(b"{\\rtf1", "a"), Kind::Rtf);
        assert_eq!(kind("Kính gửi".as_bytes(), "a.txt"), Kind::Text);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n", "a"), Kind::Png);
        assert_eq!(kind(b"\xff\xd8\xff\xe0", "a"), Kind::Jpeg);
        assert_eq!(kind(b"II*\0", "a"), Kind::Tiff);
        assert_eq!(kind(b"Rar!\x1a\x07\x01\0", "a"), Kind::Rar);
        assert_eq!(kind(b"7z\xbc\xaf\x27\x1c", "a"), Kind::SevenZip);
        assert_eq!(kind(b"MZ\x90\0", "a.pdf"), Kind::Executable);
        assert_eq!(kind(b"", "a.pdf"), Kind::Empty);
        assert_eq!(kind(b"\x01\x02\x03", "a"), Kind::Unknown);
    }

    #[test]
    fn a_pdf_that_is_a_zip_is_told() {
        let sniffed = sniff(b"PK\x03\x04....", "cong-van.pdf");
        let agreement = Agreement::Differs { promised: Kind::Pdf };
        assert_eq!(sniffed, Sniffed { kind: Kind::Zip, agreement });
    }

    #[test]
    fn rich_text_named_doc_is_near_enough() {
        assert_eq!(sniff(b"{\\rtf1", "bao cao.doc").agreement, Agreement::Near);
    }

    #[test]
    fn a_script_is_a_program_by_its_name() {
        assert_eq!(kind(b"MsgBox 1", "cong van.pdf.vbs"), Kind::Executable);
    }
}
