//! The arrival stamp, dấu ĐẾN, as a picture: lengths and texts, drawn by whoever shows the page.

/// The width of the stamp in tenths of a millimetre (Phụ lục IV, V: 50 mm).
const WIDTH: u16 = 500;
/// The height of the stamp in tenths of a millimetre (35 mm).
const HEIGHT: u16 = 350;
/// The left cell holds the word ĐẾN.
const WORD_WIDTH: u16 = 180;
/// Where the rows end, from above.
const AGENCY_END: u16 = 80;
const NUMBER_END: u16 = 150;
const DAY_END: u16 = 220;
const HANDED_END: u16 = 285;

/// What the stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalStamp {
    /// The agency that received the document.
    pub agency: String,
    /// Số đến.
    pub number: String,
    /// Ngày đến, as text.
    pub day: String,
    /// Chuyển: to whom; may be empty.
    pub handed_to: String,
    /// Số và ký hiệu hồ sơ; may be empty.
    pub case_file: String,
}

/// A part of the stamp; lengths in tenths of a millimetre from its upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StampMark {
    /// A rule from one point to another.
    Rule {
        /// The first point, across and down.
        from: (u16, u16),
        /// The last point, across and down.
        to: (u16, u16),
    },
    /// A text on one line in a box; long text is made smaller by who draws it, never cut.
    Text {
        /// The upper left corner of the box, across and down.
        at: (u16, u16),
        /// The width and height of the box.
        size: (u16, u16),
        /// What is written.
        text: String,
        /// How it is set.
        weight: StampWeight,
    },
}

/// How a text of the stamp is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampWeight {
    /// Bold capitals in the middle of the box.
    Heading,
    /// Regular, from the left.
    Entry,
}

/// The arrival stamp, 50 mm wide and 35 mm high: the agency; ĐẾN beside number and day; Chuyển;
/// the case file.
pub fn arrival_stamp(stamp: &ArrivalStamp) -> Vec<StampMark> {
    let ArrivalStamp { agency, number, day, handed_to, case_file } = stamp;
    let mut marks: Vec<StampMark> = [
        ((0, 0), (WIDTH, 0)),
        ((0, HEIGHT), (WIDTH, HEIGHT)),
        ((0, 0), (0, HEIGHT)),
        ((WIDTH, 0), (WIDTH, HEIGHT)),
        ((0, AGENCY_END), (WIDTH, AGENCY_END)),
        ((WORD_WIDTH, NUMBER_END), (WIDTH, NUMBER_END)),
        ((0, DAY_END), (WIDTH, DAY_END)),
        ((0, HANDED_END), (WIDTH, HANDED_END)),
        ((WORD_WIDTH, AGENCY_END), (WORD_WIDTH, DAY_END)),
    ]
    .into_iter()
    .map(|(from, to)| StampMark::Rule { from, to })
    .collect();
    let right = WIDTH - WORD_WIDTH;
    marks.extend([
        heading((0, 0), (WIDTH, AGENCY_END), agency.to_uppercase()),
        heading((0, AGENCY_END), (WORD_WIDTH, DAY_END - AGENCY_END), "ĐẾN".to_owned()),
        entry((WORD_WIDTH, AGENCY_END), (right, NUMBER_END - AGENCY_END), format!("Số: {number}")),
        entry((WORD_WIDTH, NUMBER_END), (right, DAY_END - NUMBER_END), format!("Ngày: {day}")),
        entry((0, DAY_END), (WIDTH, HANDED_END - DAY_END), format!("Chuyển: {handed_to}")),
        entry((0, HANDED_END), (WIDTH, HEIGHT - HANDED_END), {
            format!("Số và ký hiệu HS: {case_file}")
        }),
    ]);
    marks
}

fn heading(at: (u16, u16), size: (u16, u16), text: String) -> StampMark {
    StampMark::Text { at, size, text, weight: StampWeight::Heading }
}

fn entry(at: (u16, u16), size: (u16, u16), text: String) -> StampMark {
    StampMark::Text { at, size, text, weight: StampWeight::Entry }
}

#[cfg(test)]
mod tests {
    use super::{ArrivalStamp, HEIGHT, StampMark, WIDTH, arrival_stamp};

    #[test]
    fn every_mark_of_the_stamp_stays_inside_fifty_by_thirty_five_millimetres() {
        let stamp = ArrivalStamp {
            agency: "Ủy ban nhân dân xã An Hiếu".to_owned(),
            number: "1235".to_owned(),
            day: "18/11/2026".to_owned(),
            handed_to: String::new(),
            case_file: String::new(),
        };
        for mark in arrival_stamp(&stamp) {
            let (x, y) = match mark {
                StampMark::Rule { to, .. } => to,
                StampMark::Text { at, size, .. } => (at.0 + size.0, at.1 + size.1),
            };
            assert!(x <= WIDTH && y <= HEIGHT);
        }
    }
}
