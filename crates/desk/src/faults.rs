//! Faults: what broke on this PC, logged with its whole chain and said in a sentence.
use contract::Failure;
use store::{PerformError, StoreError};

use crate::words::{NOTHING_CHANGED, refusal};

/// What goes wrong inside a transaction: a failure to say, or a fault of the file.
#[derive(Debug)]
pub enum Trouble {
    /// Said as it stands.
    Said(Failure),
    /// The file.
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(fault: StoreError) -> Trouble {
        Trouble::Store(fault)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Said(failure)
    }
}

impl Trouble {
    /// The failure the page gets.
    pub fn said(self) -> Failure {
        match self {
            Trouble::Said(failure) => failure,
            Trouble::Store(fault) => of_store(&fault),
        }
    }
}

/// A fault with its code and three sentences.
pub fn fault(code: &str, what: &str, safe: &str, todo: &str) -> Failure {
    Failure {
        code: code.to_owned(),
        what: what.to_owned(),
        safe: safe.to_owned(),
        todo: todo.to_owned(),
        field: None,
    }
}

/// Logs an error with its whole chain.
pub fn log(doing: &str, error: &(dyn std::error::Error + 'static)) {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        chain.push_str(": ");
        chain.push_str(&inner.to_string());
        source = inner.source();
    }
    tracing::error!(doing, chain, "fault");
}

/// The sentence of a failed act.
pub fn of_perform(error: PerformError<Trouble>) -> Failure {
    match error {
        PerformError::Draft(trouble) => trouble.said(),
        PerformError::Refused(no) => refusal(&no),
        PerformError::Store(fault) => of_store(&fault),
        error @ (PerformError::Command(_)
        | PerformError::KeyOfAnother
        | PerformError::WrongTurn) => {
            log("performing an act", &error);
            fault(
                "not_signed",
                "Việc này chưa ký được trên máy này.",
                NOTHING_CHANGED,
                "Khoá máy, mở khoá lại rồi làm lại. Nếu vẫn vậy, báo quản trị.",
            )
        }
    }
}

/// The sentence of a fault of the file.
pub fn of_store(error: &StoreError) -> Failure {
    log("using the register", error);
    let kept = "Những gì đã vào sổ vẫn còn nguyên trên đĩa.";
    match error {
        StoreError::Full { .. } => fault(
            "disk_full",
            "Đĩa của máy này đã đầy, nên chưa ghi được việc vừa làm.",
            kept,
            "Dọn bớt tệp trên đĩa rồi làm lại; chữ đã gõ vẫn còn.",
        ),
        StoreError::ReadOnly { .. } => fault(
            "read_only",
            "Thư mục của sổ chỉ cho đọc, nên chưa ghi được việc vừa làm.",
            kept,
            "Nhờ quản trị mở quyền ghi cho thư mục của sổ rồi làm lại.",
        ),
        StoreError::Busy { .. } | StoreError::ReadersBusy { .. } => fault(
            "busy",
            "Chương trình khác đang giữ sổ quá lâu.",
            kept,
            "Đóng chương trình đó (sao chép, quét virus) rồi làm lại.",
        ),
        StoreError::Newer { .. } => fault(
            "newer",
            "Sổ trên máy này do bản Văn Thư mới hơn ghi.",
            "Sổ không bị thay đổi.",
            "Cài bản Văn Thư mới rồi mở lại.",
        ),
        StoreError::NotOurs { .. } => fault(
            "not_ours",
            "Tệp sổ không mở được bằng khoá của máy này.",
            "Chương trình không ghi gì vào tệp đó.",
            "Có thể tệp bị thay bằng tệp khác. Khôi phục từ bản sao hằng ngày.",
        ),
        StoreError::Truncated { .. } | StoreError::Damaged { .. } | StoreError::Disk { .. } => {
            fault(
                "damaged",
                "Tệp sổ trên đĩa bị hỏng hoặc bị cắt mất một phần.",
                "Bản sao hằng ngày và bản ghi song song ở nơi thứ hai vẫn còn.",
                "Không tắt máy giữa chừng; nhờ quản trị khôi phục từ bản sao.",
            )
        }
        StoreError::Missing { .. } => fault(
            "missing",
            "Không thấy tệp sổ trong thư mục của chương trình.",
            "Bản sao hằng ngày vẫn còn, nếu đã đặt ở nơi khác.",
            "Khôi phục từ bản sao hằng ngày.",
        ),
        StoreError::Exists { .. }
        | StoreError::Migrated { .. }
        | StoreError::Sql { .. }
        | StoreError::Io { .. }
        | StoreError::Body { .. }
        | StoreError::Form { .. }
        | StoreError::AsksWithoutEnd { .. }
        | StoreError::DayFull { .. }
        | StoreError::MirrorKey { .. }
        | StoreError::Replay { .. }
        | StoreError::MirrorDiffers { .. }
        | StoreError::CopyDiffers { .. } => fault(
            "fault",
            "Có trục trặc khi dùng tệp sổ.",
            kept,
            "Làm lại; nếu vẫn vậy, gửi nhật ký của chương trình cho quản trị.",
        ),
    }
}
