//! Bàn làm việc: what waits for this officer today, by role; nothing else.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::Deadline;
use crate::documents::DocumentRow;
use crate::tasks::TaskRow;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BenchSectionKind {
    /// Chờ vào sổ.
    Tray,
    /// Chờ trình.
    ToSubmit,
    /// Chờ ý kiến.
    AwaitingDirective,
    /// Chờ duyệt, ký.
    ToApprove,
    /// Chờ số.
    ToNumber,
    /// Chờ phát hành.
    ToSend,
    /// Dự thảo bị trả lại.
    DraftsReturned,
    /// Việc của tôi.
    MyTasks,
    /// Chờ duyệt kết quả.
    ToAccept,
    /// Xin gia hạn.
    ExtensionsAsked,
    /// Quá hạn.
    Overdue,
    /// Đến hạn trong tuần.
    DueThisWeek,
    /// Để biết.
    ForInformation,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BenchSection {
    /// What it holds.
    pub kind: BenchSectionKind,
    /// How many in all.
    pub total: u32,
    /// The first documents.
    pub documents: Vec<DocumentRow>,
    /// The first tasks.
    pub tasks: Vec<TaskRow>,
    /// Stands at the right: what was given to others.
    pub aside: bool,
}

/// Something the law wants done today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayTaskKind {
    /// Register what came (Đ22).
    Register,
    /// Submit what was registered (Đ23.1).
    Submit,
    /// Send what was signed (Đ18.1).
    Send,
}

/// Something the law wants done, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DayTask {
    /// What.
    pub kind: DayTaskKind,
    /// How many.
    pub count: u32,
    /// The nearest deadline.
    pub deadline: Deadline,
}

/// What waits for this officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Bench {
    /// Today.
    pub today: String,
    /// Sections in order; empty ones are left out.
    pub sections: Vec<BenchSection>,
    /// What the law wants today.
    pub law: Vec<DayTask>,
}
