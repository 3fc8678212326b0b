//! The words that stand on the paper itself, verbatim from Phụ lục IV where it has them.

use crate::picture::Standing;

/// The ten columns of Sổ đăng ký văn bản đến (Phụ lục IV, VI).
pub(crate) const INCOMING_COLUMNS: [&str; 10] = [
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];

/// The ten columns of Sổ đăng ký văn bản đi (Phụ lục IV, I).
pub(crate) const OUTGOING_COLUMNS: [&str; 10] = [
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
];

/// What stands in the line of a number that was used on paper.
pub(crate) const PLACEHOLDER: &str = "Số đã dùng trên giấy, chưa nhập lại vào máy";
/// What stands on the only page of a book without lines.
pub(crate) const NO_LINES: &str = "Sổ chưa có văn bản nào.";
/// What is left open on the cover of a book without lines.
pub(crate) const OPEN: &str = "…………";

/// The note of a voided number.
pub(crate) fn voided(reason: &str) -> String {
    format!("Huỷ số. Lý do: {reason}")
}

/// A count as it is written in Vietnamese: 12.345.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// How many lines of each standing there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub documents: u64,
    pub voided: u64,
    pub placeholders: u64,
}

impl Tally {
    /// Counts one more line.
    pub(crate) fn add(&mut self, standing: &Standing) {
        match standing {
            Standing::Document => self.documents += 1,
            Standing::Voided { .. } => self.voided += 1,
            Standing::Placeholder => self.placeholders += 1,
        }
    }

    /// All lines.
    pub(crate) fn lines(self) -> u64 {
        self.documents + self.voided + self.placeholders
    }

    /// The tally as a phrase: "9 văn bản, 1 số đã huỷ".
    pub(crate) fn phrase(self) -> String {
        let mut parts = vec![format!("{} văn bản", count(self.documents))];
        if self.voided > 0 {
            parts.push(format!("{} số đã huỷ", count(self.voided)));
        }
        if self.placeholders > 0 {
            parts.push(format!("{} số đã dùng trên giấy", count(self.placeholders)));
        }
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Tally, count};

    #[test]
    fn counts_are_grouped_with_points() {
        assert_eq!(["7", "123", "1.235", "1.000.000"], [7, 123, 1235, 1_000_000].map(count)[..]);
    }

    #[test]
    fn a_tally_names_only_what_there_is() {
        let tally = Tally { documents: 9, voided: 1, placeholders: 0 };
        assert_eq!(tally.phrase(), "9 văn bản, 1 số đã huỷ");
    }
}
