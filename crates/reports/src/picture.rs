//! What a printed book shows: plain values, worded by the caller, laid out here.

/// The head of a register book: everything that is the same on each of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPicture {
    /// The agency above, "UBND TỈNH …"; empty where the decree's header has none.
    pub agency_parent: String,
    /// The agency whose book this is.
    pub agency: String,
    /// The title on the cover, "Sổ đăng ký văn bản đến".
    pub title: String,
    /// The series, "Quyết định", where the agency keeps several books; else empty.
    pub series: String,
    /// The year of the book.
    pub year: u16,
    /// Quyển số.
    pub volume: String,
    /// Who printed it.
    pub printed_by: String,
    /// When it was printed, as text: "18/11/2026 16:45".
    pub printed_at: String,
    /// What was left out; a book with a filter calls itself an extract on every page.
    pub filter: Option<String>,
    /// The end of the chain of commands at printing, eight hexadecimal digits.
    pub chain: String,
}

/// One line of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLine {
    /// The number in this book, as printed: "05", "1235".
    pub number: String,
    /// The day that places the line in the book, as printed: "17/11/2026".
    pub day: String,
    /// What became of the number.
    pub standing: Standing,
    /// The ten columns.
    pub cells: Cells,
}

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A document stands there.
    Document,
    /// The number was voided; the line stays, struck through, with the reason in the last column.
    Voided {
        /// Why, and by whom, as it shall be read.
        reason: String,
    },
    /// The number was used on paper and the document is not entered again yet.
    Placeholder,
}

/// The columns of a line; all lines of one book are of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cells {
    /// Sổ đăng ký văn bản đến (Phụ lục IV, VI). Số đến is the line's number.
    Incoming(IncomingCells),
    /// Sổ đăng ký văn bản đi (Phụ lục IV, I).
    Outgoing(OutgoingCells),
}

/// The columns of the incoming book, beside Số đến.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncomingCells {
    /// (1) Ngày đến.
    pub arrived_on: String,
    /// (3) Tác giả.
    pub issuer: String,
    /// (4) Số, ký hiệu văn bản.
    pub symbol: String,
    /// (5) Ngày tháng văn bản.
    pub dated: String,
    /// (6) Tên loại và trích yếu nội dung văn bản.
    pub subject: String,
    /// (7) Đơn vị hoặc người nhận.
    pub recipients: String,
    /// (8) Ngày chuyển.
    pub handed_on: String,
    /// (9) Ký nhận; empty where a hand signs.
    pub received: String,
    /// (10) Ghi chú.
    pub note: String,
}

/// The columns of the outgoing book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutgoingCells {
    /// (1) Số, ký hiệu văn bản.
    pub symbol: String,
    /// (2) Ngày tháng văn bản.
    pub dated: String,
    /// (3) Tên loại và trích yếu nội dung văn bản.
    pub subject: String,
    /// (4) Người ký.
    pub signer: String,
    /// (5) Nơi nhận văn bản.
    pub recipients: String,
    /// (6) Đơn vị, người nhận bản lưu.
    pub copy_kept_by: String,
    /// (7) Số lượng bản.
    pub copies: String,
    /// (8) Ngày chuyển.
    pub handed_on: String,
    /// (9) Ký nhận; empty where a hand signs.
    pub received: String,
    /// (10) Ghi chú.
    pub note: String,
}
