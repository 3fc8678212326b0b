//! Kinds of files: the name a browser knows, and the name people know.
use intake::Kind;

/// The kind of bytes, for the window.
pub(crate) fn mime(kind: Kind) -> &'static str {
    match kind {
        Kind::Pdf => "application/pdf",
        Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Kind::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Kind::Doc => "application/msword",
        Kind::Xls => "application/vnd.ms-excel",
        Kind::Rtf => "application/rtf",
        Kind::Odt => "application/vnd.oasis.opendocument.text",
        Kind::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        Kind::Text => "text/plain; charset=utf-8",
        Kind::Png => "image/png",
        Kind::Jpeg => "image/jpeg",
        Kind::Tiff => "image/tiff",
        Kind::Zip => "application/zip",
        Kind::Rar => "application/vnd.rar",
        Kind::SevenZip => "application/x-7z-compressed",
        Kind::OldOffice | Kind::Executable | Kind::Empty | Kind::Unknown => {
            "application/octet-stream"
        }
    }
}

/// The name people know a kind by.
pub(crate) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Pdf => "PDF",
        Kind::Docx | Kind::Doc => "văn bản Word",
        Kind::Xlsx | Kind::Xls => "bảng tính Excel",
        Kind::Pptx => "trình chiếu PowerPoint",
        Kind::OldOffice => "tệp Office cũ",
        Kind::Rtf => "văn bản RTF",
        Kind::Odt => "văn bản OpenDocument",
        Kind::Ods => "bảng tính OpenDocument",
        Kind::Text => "tệp chữ",
        Kind::Png | Kind::Jpeg | Kind::Tiff => "ảnh",
        Kind::Zip => "tệp nén ZIP",
        Kind::Rar => "tệp nén RAR",
        Kind::SevenZip => "tệp nén 7z",
        Kind::Executable => "chương trình",
        Kind::Empty => "tệp rỗng",
        Kind::Unknown => "loại tệp không rõ",
    }
}
