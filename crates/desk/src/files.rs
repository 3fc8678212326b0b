//! Files that come in: looked at, stored under their hash, or refused with a sentence.
use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use contract::{Attachment, DropFiles, Failure, FileAdded, FilesAdded, Topic, UploadFile};
use intake::{
    ATTACHMENT_BYTES_MAX, LookError, Looked, NotAccepted, PageCount, look, secrecy_mark, sniff,
};

use crate::blobs::BlobError;
use crate::desk::Desk;
use crate::faults::{fault, log};
use crate::file_kinds::{mime, name as kind_name};
use crate::session::AtDesk;
use crate::words::failure;

/// Files one drop may bring.
const DROPPED_MAX: usize = 500;

/// The kind of bytes, for the window.
pub fn mime_of(head: &[u8]) -> &'static str {
    mime(sniff(head, "").kind)
}

/// A file that was stored.
pub(crate) struct TakenIn {
    /// As attachment.
    pub attachment: Attachment,
    /// A mark of secrecy was found in its text.
    pub secret: bool,
}

impl Desk {
    /// Takes files by path.
    pub(crate) fn take_files(&self, form: &DropFiles) -> Result<FilesAdded, Failure> {
        let at = self.at_desk()?;
        if form.paths.len() > DROPPED_MAX {
            return Err(failure(
                "too_many",
                format!("Thả nhiều nhất {DROPPED_MAX} tệp một lần."),
                "Chia ra làm nhiều lần.",
            ));
        }
        let mut files = Vec::new();
        for path in &form.paths {
            let path = PathBuf::from(path);
            let name = file_name(&path);
            let taken = self.take_path(&at, &path);
            files.push(self.settle(&at, name, taken, form.cards)?);
        }
        Ok(FilesAdded { files, topics: vec![Topic::Tray] })
    }

    /// Takes one file out of the page.
    pub(crate) fn take_upload(&self, form: &UploadFile) -> Result<FilesAdded, Failure> {
        let at = self.at_desk()?;
        let name = text::clean_line(&form.name);
        let bytes = base64_bytes(&form.content)
            .ok_or_else(|| failure("malformed", "Tệp gửi lên bị đứt giữa chừng.", "Thêm lại tệp."));
        let taken = bytes.and_then(|bytes| self.take_bytes(&at, &name, &bytes));
        let file = self.settle(&at, name, taken, form.card)?;
        Ok(FilesAdded { files: vec![file], topics: vec![Topic::Tray] })
    }

    fn settle(
        &self,
        at: &AtDesk,
        name: String,
        taken: Result<TakenIn, Failure>,
        card: bool,
    ) -> Result<FileAdded, Failure> {
        match taken {
            Ok(TakenIn { secret: true, .. }) => {
                let refused = crate::words::refusal(&register::Refusal::Secret);
                if card {
                    self.put_refused_card(at, "dropped", &refused)?;
                }
                Ok(FileAdded { name, attachment: None, refused: Some(refused) })
            }
            Ok(taken) => {
                if card {
                    self.put_card(at, "dropped", taken.attachment.clone())?;
                }
                Ok(FileAdded { name, attachment: Some(taken.attachment), refused: None })
            }
            Err(refused) => Ok(FileAdded { name, attachment: None, refused: Some(refused) }),
        }
    }

    /// Looks at a file and stores it, by path.
    pub(crate) fn take_path(&self, at: &AtDesk, path: &Path) -> Result<TakenIn, Failure> {
        take_path(&at.opened.blobs, path)
    }

    fn take_bytes(&self, at: &AtDesk, name: &str, bytes: &[u8]) -> Result<TakenIn, Failure> {
        let size = bytes.len() as u64;
        let looked = look(&mut Cursor::new(bytes), name, size).map_err(|e| of_look(&e, name))?;
        if is_secret(&looked) {
            return Ok(secret(name));
        }
        let stored = at
            .opened
            .blobs
            .put(&mut Cursor::new(bytes), ATTACHMENT_BYTES_MAX)
            .map_err(|error| of_blob(&error, name))?;
        Ok(taken(name, stored.id.hex(), stored.size, &looked))
    }
}

/// Looks at a file and stores it: used by the desk and by the watcher of the scan folder.
pub(crate) fn take_path(blobs: &crate::blobs::Blobs, path: &Path) -> Result<TakenIn, Failure> {
    let name = file_name(path);
    let mut file = File::open(path).map_err(|error| not_read(&error, &name))?;
    let facts = file.metadata().map_err(|error| not_read(&error, &name))?;
    if !facts.is_file() {
        return Err(failure(
            "not_a_file",
            format!("\"{name}\" là thư mục, không phải tệp."),
            "Thả từng tệp trong thư mục đó.",
        ));
    }
    let looked = look(&mut file, &name, facts.len()).map_err(|error| of_look(&error, &name))?;
    if is_secret(&looked) {
        return Ok(secret(&name));
    }
    let stored =
        blobs.put_path(path, ATTACHMENT_BYTES_MAX).map_err(|error| of_blob(&error, &name))?;
    Ok(taken(&name, stored.id.hex(), stored.size, &looked))
}

fn is_secret(looked: &Looked) -> bool {
    looked.pdf.as_ref().is_some_and(|pdf| secrecy_mark(&pdf.text).is_some())
}

fn secret(name: &str) -> TakenIn {
    let attachment = Attachment {
        blob: String::new(),
        name: name.to_owned(),
        mime: String::new(),
        size: 0,
        pages: None,
    };
    TakenIn { attachment, secret: true }
}

fn taken(name: &str, blob: String, size: u64, looked: &Looked) -> TakenIn {
    let pages = looked.pdf.as_ref().and_then(|pdf| match pdf.pages {
        PageCount::Known(pages) => Some(pages),
        PageCount::Locked | PageCount::Damaged | PageCount::Swells | PageCount::TookTooLong => None,
    });
    let mime = mime(looked.kind).to_owned();
    let attachment = Attachment { blob, name: name.to_owned(), mime, size, pages };
    TakenIn { attachment, secret: false }
}

/// The name people see: the last part of the path, cleaned.
pub(crate) fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    text::clean_line(&name.unwrap_or_else(|| path.display().to_string()))
}

fn not_read(error: &std::io::Error, name: &str) -> Failure {
    log("reading a file that came in", error);
    failure(
        "not_read",
        format!("Không đọc được tệp \"{name}\"."),
        "Kiểm tra tệp còn ở đó và mở được, rồi thêm lại.",
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

fn of_look(error: &LookError, name: &str) -> Failure {
    match error {
        LookError::Read { .. } => {
            log("looking at a file that came in", error);
            failure(
                "not_read",
                format!("Không đọc được tệp \"{name}\"."),
                "Mở thử tệp bằng chương trình khác, hoặc quét lại.",
            )
        }
        LookError::Refused(refused) => of_refused(refused, name),
    }
}

fn of_refused(refused: &NotAccepted, name: &str) -> Failure {
    match refused {
        NotAccepted::Empty => failure(
            "empty_file",
            format!("Tệp \"{name}\" không có nội dung (0 byte)."),
            "Quét lại hoặc xin tệp khác.",
        ),
        NotAccepted::TooLarge { size, size_max } => failure(
            "too_large",
            format!(
                "Tệp \"{name}\" có {}, nhiều hơn mức {}.",
                megabytes(*size),
                megabytes(*size_max)
            ),
            "Quét lại với độ phân giải thấp hơn, hoặc tách thành nhiều tệp.",
        ),
        NotAccepted::Executable => failure(
            "executable",
            format!("Tệp \"{name}\" là chương trình, không phải văn bản."),
            "Không mở tệp này; hỏi lại nơi gửi.",
        ),
        NotAccepted::NameAndContentDiffer { promised, found } => failure(
            "name_differs",
            format!(
                "Tệp \"{name}\" ghi là {} nhưng bên trong là {}.",
                kind_name(*promised),
                kind_name(*found)
            ),
            "Xin nơi gửi tệp đúng, hoặc đổi tên tệp cho đúng loại rồi thêm lại.",
        ),
        NotAccepted::StillChanging => failure(
            "still_changing",
            format!("Tệp \"{name}\" đang được ghi."),
            "Chờ chương trình kia ghi xong rồi thêm lại.",
        ),
    }
}

fn of_blob(error: &BlobError, name: &str) -> Failure {
    log("storing a file", error);
    match error {
        BlobError::Empty => of_refused(&NotAccepted::Empty, name),
        BlobError::TooLarge { size, max } => {
            of_refused(&NotAccepted::TooLarge { size: *size, size_max: *max }, name)
        }
        BlobError::Changed { .. } => of_refused(&NotAccepted::StillChanging, name),
        BlobError::DiskFull { .. } => fault(
            "disk_full",
            "Đĩa của máy này đã đầy, nên chưa lưu được tệp.",
            "Sổ và các tệp đã lưu vẫn còn nguyên.",
            "Dọn bớt tệp trên đĩa rồi thêm lại.",
        ),
        BlobError::ReadOnly { .. } => fault(
            "read_only",
            "Thư mục của sổ chỉ cho đọc, nên chưa lưu được tệp.",
            "Sổ và các tệp đã lưu vẫn còn nguyên.",
            "Nhờ quản trị mở quyền ghi rồi thêm lại.",
        ),
        BlobError::NotAFile { .. }
        | BlobError::Source { .. }
        | BlobError::Missing { .. }
        | BlobError::Damaged { .. }
        | BlobError::Disk { .. } => failure(
            "not_stored",
            format!("Chưa lưu được tệp \"{name}\"."),
            "Kiểm tra tệp và đĩa rồi thêm lại.",
        ),
    }
}

/// Reads base64 with padding; none when it is not whole.
fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text.as_bytes()).ok()
}
