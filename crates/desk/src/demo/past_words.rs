//! What came and went in two years: real subjects, issued again by those who write to a commune.
use assets::demo::Document;
use assets::names::Gender;
use register::{IncomingFields, Urgency, render_number};

use crate::fill::{Chance, Names};

/// Characters of a subject that goes on with the subject of another document.
const CARRIED_CHARS_MAX: usize = 190;

/// Who hands down what a central agency issued: agency, its abbreviation, a unit of it.
const ABOVE: [(&str, [&str; 3]); 21] = [
    ("Bộ Tài chính", ["Sở Tài chính", "STC", "NS"]),
    ("Bộ Kế hoạch và Đầu tư", ["Sở Tài chính", "STC", "KHĐT"]),
    ("Ngân hàng Nhà nước", ["Ngân hàng Chính sách xã hội tỉnh", "NHCS", "KHNV"]),
    ("Bộ Xây dựng", ["Sở Xây dựng", "SXD", "QLN"]),
    ("Bộ Giao thông vận tải", ["Sở Xây dựng", "SXD", "GT"]),
    ("Bộ Nông nghiệp và Môi trường", ["Sở Nông nghiệp và Môi trường", "SNNMT", "MT"]),
    ("Bộ Nông nghiệp và Phát triển", ["Sở Nông nghiệp và Môi trường", "SNNMT", "TL"]),
    ("Bộ Tài nguyên và Môi trường", ["Sở Nông nghiệp và Môi trường", "SNNMT", "QLĐĐ"]),
    ("Bộ Khoa học và Công nghệ", ["Sở Khoa học và Công nghệ", "SKHCN", "CĐS"]),
    ("Bộ Thông tin và Truyền thông", ["Sở Khoa học và Công nghệ", "SKHCN", "BCVT"]),
    ("Bộ Công Thương", ["Sở Công Thương", "SCT", "QLTM"]),
    ("Bộ Văn hóa", ["Sở Văn hoá, Thể thao và Du lịch", "SVHTTDL", "QLVH"]),
    ("Bộ Y tế", ["Sở Y tế", "SYT", "NVY"]),
    ("Bộ Tư pháp", ["Sở Tư pháp", "STP", "HCTP"]),
    ("Bộ Quốc phòng", ["Bộ Chỉ huy Quân sự tỉnh", "BCH", "TM"]),
    ("Bộ Giáo dục và Đào tạo", ["Sở Giáo dục và Đào tạo", "SGDĐT", "GDPT"]),
    ("Bộ Công an", ["Công an tỉnh", "CAT", "PC06"]),
    ("Bộ Nội vụ", ["Sở Nội vụ", "SNV", "CCHC"]),
    ("Bộ Lao động", ["Sở Nội vụ", "SNV", "LĐVL"]),
    ("Thanh tra Chính phủ", ["Thanh tra tỉnh", "TTr", "NV1"]),
    ("Bộ Dân tộc", ["Sở Dân tộc và Tôn giáo", "SDTTG", "CSDT"]),
];

/// Where everything else comes from.
const PROVINCE: [[&str; 3]; 4] = [
    ["UBND tỉnh Hiếu Sơn", "UBND", "KTN"],
    ["UBND tỉnh Hiếu Sơn", "UBND", "NNMT"],
    ["UBND tỉnh Hiếu Sơn", "UBND", "VX"],
    ["Văn phòng UBND tỉnh", "VPUBND", "TH"],
];

/// What agencies of the neighbourhood write: agency, symbol, kind, subject. `{m}` is the month,
/// `{y}` the year, `{n}` somebody's name, `{t}` a thôn.
const NEAR: &str = include_str!("near.tsv");

/// What the commune itself issues: kind, unit, subject, recipient.
const ISSUED: &str = include_str!("issued.tsv");

const HAMLETS: [&str; 9] = [
    "An Thái",
    "Tân Mỹ",
    "Phú Lộc",
    "Hà Trung",
    "Xuân Lâm",
    "Đồng Tiến",
    "Bình An",
    "Yên Sơn",
    "Hoà Bình",
];

/// Kinds a paper from above comes in as: kind, beginning of its symbol, beginning of its subject,
/// times in a hundred.
const HANDED_DOWN: [(&str, &str, &str, u32); 6] = [
    ("cong-van", "", "Triển khai thực hiện ", 58),
    ("ke-hoach", "KH-", "Thực hiện ", 13),
    ("thong-bao", "TB-", "Kết luận hội nghị triển khai ", 9),
    ("huong-dan", "HD-", "Một số nội dung thực hiện ", 8),
    ("quyet-dinh", "QĐ-", "Công bố thủ tục hành chính theo ", 7),
    ("bao-cao", "BC-", "Sơ kết việc thực hiện ", 5),
];

/// Makes the papers of the past.
pub(super) struct PastWords {
    documents: Vec<Document>,
    at: usize,
    names: Names,
    near: Vec<[&'static str; 4]>,
    issued: Vec<[&'static str; 4]>,
}

impl PastWords {
    /// All of them, in an order that a seed fixes.
    pub fn of(chance: &mut Chance) -> PastWords {
        let short = |document: &Document| document.subject.chars().count() <= CARRIED_CHARS_MAX;
        let mut documents: Vec<Document> = assets::demo::documents().filter(short).collect();
        documents.sort_by_cached_key(|_| chance.next());
        let (near, issued) = (rows(NEAR), rows(ISSUED));
        PastWords { documents, at: 0, names: Names::beside([]), near, issued }
    }

    /// What stands on the next paper that comes in, all but its dates.
    pub fn coming(&mut self, chance: &mut Chance, year: i16, month: i8) -> IncomingFields {
        if chance.percent(36) {
            return self.near(chance, year, month);
        }
        let document = self.documents.get(self.at % self.documents.len().max(1)).copied();
        self.at += 1;
        match document {
            Some(document) => self.handed_down(chance, &document),
            None => self.near(chance, year, month),
        }
    }

    fn near(&self, chance: &mut Chance, year: i16, month: i8) -> IncomingFields {
        let [issuer, symbol, kind, subject] = *chance.pick(&self.near);
        let subject = self.filled(chance, &[subject], year, month).concat();
        IncomingFields {
            number: render_number(chance.between(2, 640)),
            symbol: symbol.to_owned(),
            issuer: issuer.to_owned(),
            kind: kind.to_owned(),
            subject,
            ..self.rest(chance)
        }
    }

    fn handed_down(&self, chance: &mut Chance, document: &Document) -> IncomingFields {
        let mut known = ABOVE.iter();
        let above = known.find(|(central, _)| document.issuer.trim().starts_with(central));
        let [issuer, abbreviation, unit] =
            above.map_or_else(|| *chance.pick(&PROVINCE), |(_, above)| *above);
        let mut at = chance.between(1, 100);
        let mut form = ("cong-van", "", "Triển khai thực hiện ");
        for (kind, mark, beginning, times) in HANDED_DOWN {
            if at <= times {
                form = (kind, mark, beginning);
                break;
            }
            at -= times;
        }
        let (kind, mark, beginning) = form;
        let symbol = match mark {
            "" => format!("{abbreviation}-{unit}"),
            mark => format!("{mark}{abbreviation}"),
        };
        IncomingFields {
            number: render_number(chance.between(15, 4800)),
            symbol,
            issuer: issuer.to_owned(),
            kind: kind.to_owned(),
            subject: format!("{beginning}{}", cited(document)),
            ..self.rest(chance)
        }
    }

    fn rest(&self, chance: &mut Chance) -> IncomingFields {
        let urgency = match chance.below(100) {
            0 => Urgency::Express,
            1 => Urgency::VeryUrgent,
            2..=5 => Urgency::Urgent,
            _ => Urgency::Normal,
        };
        IncomingFields {
            urgency,
            signer: self.names.any(chance),
            pages: Some(chance.between(1, 12)),
            copies: Some(1),
            ..IncomingFields::default()
        }
    }

    /// The next document the commune issues: kind, unit, subject, recipient.
    pub fn going(
        &self,
        chance: &mut Chance,
        year: i16,
        month: i8,
    ) -> (&'static str, &'static str, String, String) {
        let [kind, unit, subject, recipient] = *chance.pick(&self.issued);
        let mut filled = self.filled(chance, &[subject, recipient], year, month).into_iter();
        let subject = filled.next().unwrap_or_default();
        (kind, unit, subject, filled.next().unwrap_or_default())
    }

    fn filled(&self, chance: &mut Chance, texts: &[&str], year: i16, month: i8) -> Vec<String> {
        let quarter = ["I", "II", "III", "IV"].get(usize::from(month.unsigned_abs() - 1) / 3);
        let (half, crop) = if month <= 6 { ("1", "đông xuân") } else { ("2", "hè thu") };
        let woman = self.names.of(chance, Gender::Female);
        let fill = [
            ("{m}", month.to_string()),
            ("{y1}", (year + 1).to_string()),
            ("{y}", year.to_string()),
            ("{q}", quarter.copied().unwrap_or("IV").to_owned()),
            ("{h}", half.to_owned()),
            ("{v}", crop.to_owned()),
            ("bà {n}", format!("bà {woman}")),
            ("Bà {n}", format!("Bà {woman}")),
            ("{n}", self.names.of(chance, Gender::Male)),
            ("{t}", (*chance.pick(&HAMLETS)).to_owned()),
        ];
        let replaced = |text: &&str| {
            fill.iter().fold((*text).to_owned(), |text, (mark, word)| text.replace(mark, word))
        };
        texts.iter().map(replaced).collect()
    }
}

/// The rows of a table: four fields parted by tabs.
fn rows(table: &'static str) -> Vec<[&'static str; 4]> {
    let fields = |line: &'static str| {
        let mut fields = line.split('\t');
        Some([fields.next()?, fields.next()?, fields.next()?, fields.next()?])
    };
    table.lines().filter_map(fields).collect()
}

/// A real document as another one names it.
fn cited(document: &Document) -> String {
    let Document { symbol, kind, issuer, subject, date: _, signer: _, capacity: _ } = document;
    if matches!(*kind, "Luật" | "Bộ luật") {
        return (*subject).to_owned();
    }
    let mut letters = subject.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>());
    let rest = letters.as_str();
    format!("{kind} số {symbol} của {} {}{rest}", issuer.trim(), first.unwrap_or_default())
}
