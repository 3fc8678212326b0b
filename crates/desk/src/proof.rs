//! Evidence checked on any PC: no register, no server, no network.
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use register::{Moment, Receipt, Said, Told, Undeliverable};
use sha2::{Digest, Sha256};
use sync::evidence::{EVIDENCE_BYTES_MAX, EvidenceFault, Proven, check};
use sync::wire::Hex;

use crate::views::key_in_groups;

/// Bytes of a file that are hashed together.
const HASHED_AT_ONCE: usize = 1 << 20;

/// Digits of a server's key by which it is told from others.
const KEY_DIGITS_MIN: usize = 8;
/// What stands of something that does not hold.
const PROVES_NOTHING: &str = "Tệp này không chứng minh được gì. Sổ và văn bản không bị ảnh hưởng.";
/// What is done about a file that was changed.
const ASK_AGAIN: &str =
    "Đừng dùng tệp này: xin nơi gửi xuất lại bằng chứng. Giữ tệp nếu cần làm rõ ai đã sửa.";
/// What is done about a file that is no evidence at all.
const TAKE_ANOTHER: &str = "Chọn đúng tệp .json mà nút Xuất bằng chứng đã ghi.";

/// Why the evidence proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotProven {
    /// The file cannot be read.
    #[error("Không đọc được {path}")]
    Unread {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something in it is not as it was signed.
    #[error("{}", words(*.0).0)]
    Evidence(EvidenceFault),
    /// The key to compare with is no key, or too little of one.
    #[error("Khoá đưa ra để so quá ngắn: cần ít nhất {KEY_DIGITS_MIN} chữ số đầu")]
    ShortKey,
    /// Another server has signed.
    #[error("Bằng chứng do máy chủ khác ký, khoá {key}")]
    OtherServer {
        /// Its key.
        key: String,
    },
    /// A file is none of those that were sent.
    #[error("{path} không phải tệp đã gửi: mã băm không trùng tệp nào trong bằng chứng")]
    OtherFile {
        /// Which.
        path: PathBuf,
    },
}

impl NotProven {
    /// What happened, what is safe, what to do: a line each.
    pub fn told(&self) -> String {
        let (safe, todo) = match self {
            NotProven::Unread { .. } => (
                "Chưa kiểm tra được gì.",
                "Xem lại đường dẫn: phải là một tệp, và người dùng này đọc được.",
            ),
            NotProven::Evidence(fault) => (PROVES_NOTHING, words(*fault).1),
            NotProven::ShortKey => {
                ("Chưa kiểm tra được gì.", "Chép khoá từ bản in của người vận hành máy chủ.")
            }
            NotProven::OtherServer { .. } => (
                "Chữ ký trong tệp đều khớp, nhưng với khoá của máy chủ đó.",
                "So lại với bản in của người vận hành máy chủ. Khác thật thì đừng tin tệp này.",
            ),
            NotProven::OtherFile { .. } => (
                "Bằng chứng vẫn đứng vững; chỉ tệp đưa kèm là khác.",
                "Đưa đúng tệp đã gửi. Tệp mở ra rồi lưu lại, hoặc quét lại, là tệp khác.",
            ),
        };
        format!("{self}.\n{safe}\n{todo}\n")
    }

    /// Whether nothing could be checked at all, so that nothing was found either.
    pub fn is_unchecked(&self) -> bool {
        matches!(self, NotProven::Unread { .. } | NotProven::ShortKey)
    }
}

/// What is wrong with a file of evidence, and what to do about it.
fn words(fault: EvidenceFault) -> (String, &'static str) {
    let (what, todo) = match fault {
        EvidenceFault::Form => ("Tệp này không phải tệp bằng chứng của Văn Thư", TAKE_ANOTHER),
        EvidenceFault::Cut => (
            "Tệp bằng chứng bị cắt ngang, phần cuối không còn",
            "Chép lại tệp cho đủ; vẫn vậy thì xin nơi gửi xuất lại bằng chứng.",
        ),
        EvidenceFault::Newer => (
            "Tệp bằng chứng do bản Văn Thư mới hơn ghi",
            "Cập nhật chương trình này rồi kiểm tra lại.",
        ),
        EvidenceFault::TooLong => ("Tệp lớn quá mức một tệp bằng chứng có thể có", TAKE_ANOTHER),
        EvidenceFault::ServerKey => ("Khoá máy chủ ghi trong tệp không dùng được", ASK_AGAIN),
        EvidenceFault::Chain => (
            "Nội dung không khớp chữ ký của máy chủ: có chỗ đã bị sửa, bớt hoặc đổi thứ tự",
            ASK_AGAIN,
        ),
        EvidenceFault::Key => ("Có khoá người ký không được máy chủ xác nhận", ASK_AGAIN),
        EvidenceFault::NotSent => ("Trong tệp không có mục nào ghi việc gửi", TAKE_ANOTHER),
        EvidenceFault::Signature(seq) => {
            return (format!("Mục {seq} không đúng chữ ký của người ghi"), ASK_AGAIN);
        }
        EvidenceFault::Entry(seq) => {
            return (format!("Mục {seq} không đọc được, hoặc của cơ quan khác"), ASK_AGAIN);
        }
    };
    (what.to_owned(), todo)
}

/// Checks a file of evidence, and that these files are among those that were sent; returns what it
/// proves, in words.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_evidence(
    path: &Path,
    files: &[PathBuf],
    server_key: Option<&str>,
) -> Result<String, NotProven> {
    let unread = |source| NotProven::Unread { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(EVIDENCE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    let proven = check(&bytes).map_err(NotProven::Evidence)?;
    if let Some(wanted) = server_key {
        let plain: String = wanted.chars().filter(char::is_ascii_hexdigit).collect();
        let key = Hex(proven.server).to_string();
        if plain.len() < KEY_DIGITS_MIN {
            return Err(NotProven::ShortKey);
        }
        if !key.starts_with(&plain.to_lowercase()) {
            return Err(NotProven::OtherServer { key: key_in_groups(&proven.server) });
        }
    }
    for path in files {
        let hash = hash_of(path)?;
        if !proven.files.iter().any(|file| file.blob.0 == hash) {
            return Err(NotProven::OtherFile { path: path.clone() });
        }
    }
    Ok(told(&proven, files.len()))
}

fn hash_of(path: &Path) -> Result<[u8; 32], NotProven> {
    let unread = |source| NotProven::Unread { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(unread)?;
    let mut hash = Sha256::new();
    let mut bytes = vec![0; HASHED_AT_ONCE];
    loop {
        let read = file.read(&mut bytes).map_err(unread)?;
        let Some(read) = bytes.get(..read).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
    }
    Ok(hash.finalize().into())
}

fn when(at: Moment) -> String {
    let civil = at.civil();
    let (hour, minute) = (civil.hour(), civil.minute());
    format!("{hour:02}:{minute:02} ngày {}", crate::words::date(civil.date()))
}

fn told(proven: &Proven, files: usize) -> String {
    let mut out = String::new();
    let number = proven.number.map_or_else(|| "–".to_owned(), register::render_number);
    let sent = &proven.sent;
    let key = key_in_groups(&proven.server);
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line("Bằng chứng đúng: chuỗi, chữ ký của máy chủ và của người ghi đều khớp.".to_owned());
    line(format!("Máy chủ ký: {key}; nhật ký đến mục {}.", proven.head));
    line(format!("Văn bản số {number}: {}", proven.subject));
    for file in &proven.files {
        line(format!("  Tệp {} ({} byte), SHA-256 {}", file.name, file.size, file.blob));
    }
    line(format!("Gửi tới {} ({}), mục {}.", sent.to, sent.code, sent.seq));
    line(format!(
        "  Người gửi {} lúc {}; máy chủ nhận lúc {}.",
        sent.by,
        when(sent.at),
        when(sent.taken_at)
    ));
    for (seq, receipt) in &proven.receipts {
        line(format!("Mục {seq}: {}", receipt_told(receipt)));
    }
    if files > 0 {
        line(format!("{files} tệp đưa kèm đúng là tệp đã gửi."));
    }
    out
}

fn receipt_told(receipt: &Receipt) -> String {
    let at = when(receipt.at);
    let by = if receipt.by.is_empty() { String::new() } else { format!(", {}", receipt.by) };
    let what = match &receipt.told {
        Told::Arrived => "đã đến nơi nhận (01)".to_owned(),
        Told::Fetched => "máy của nơi nhận đã có".to_owned(),
        Told::Answered(Said::Accepted { number, .. }) => match number {
            Some(number) => {
                format!("đã tiếp nhận, số đến {} (03)", register::render_number(*number))
            }
            None => "đã tiếp nhận, chờ cấp số (03)".to_owned(),
        },
        Told::Answered(Said::Refused { reason, .. }) => format!("từ chối: {reason} (02)"),
        Told::Assigned => "đã phân công (04)".to_owned(),
        Told::InProgress => "đang xử lý (05)".to_owned(),
        Told::Done => "hoàn thành (06)".to_owned(),
        Told::RecallAnswered { agreed: true, .. } => "đồng ý thu hồi (15)".to_owned(),
        Told::RecallAnswered { agreed: false, reason, .. } => {
            format!("không đồng ý thu hồi: {reason} (16)")
        }
        Told::Undeliverable { why: Undeliverable::NoSuchAgency } => {
            "không chuyển được: không có cơ quan này".to_owned()
        }
        Told::Undeliverable { why: Undeliverable::NameTaken } => {
            "không chuyển được: trùng tên lượt gửi".to_owned()
        }
    };
    format!("{what}, {at}{by}")
}
