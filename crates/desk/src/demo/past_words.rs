//! What came and went in two years: real subjects, issued again by those who write to a commune.
use assets::demo::Document;
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
#[rustfmt::skip]
const NEAR: [(&str, &str, &str, &str); 32] = [
    ("Trường THCS An Hiếu", "BC-THCS", "bao-cao", "Kết quả công tác giáo dục tháng {m} năm {y}"),
    ("Trường THCS An Hiếu", "TTr-THCS", "to-trinh", "Đề nghị bổ sung kinh phí sửa chữa nhỏ phòng học"),
    ("Trường Tiểu học An Hiếu", "BC-TH", "bao-cao", "Tình hình huy động học sinh ra lớp tháng {m} năm {y}"),
    ("Trường Tiểu học An Hiếu", "TTr-TH", "to-trinh", "Xin chủ trương xây dựng tường rào điểm trường thôn {t}"),
    ("Trường Mầm non An Hiếu", "KH-MN", "ke-hoach", "Tuyển sinh trẻ mầm non năm học {y} – {y1}"),
    ("Trạm Y tế xã An Hiếu", "BC-TYT", "bao-cao", "Hoạt động y tế tháng {m} năm {y}"),
    ("Trạm Y tế xã An Hiếu", "TYT-NV", "cong-van", "Phối hợp phun hoá chất diệt muỗi tại thôn {t}"),
    ("Công an xã An Hiếu", "CAX-QLHC", "cong-van", "Phối hợp làm sạch dữ liệu hộ tịch, cư trú đợt {m} năm {y}"),
    ("Công an xã An Hiếu", "BC-CAX", "bao-cao", "Tình hình an ninh, trật tự tháng {m} năm {y}"),
    ("Công an xã An Hiếu", "TB-CAX", "thong-bao", "Phương thức, thủ đoạn lừa đảo trên không gian mạng"),
    ("Đảng uỷ xã An Hiếu", "TB-ĐU", "thong-bao", "Kết luận của Ban Thường vụ Đảng uỷ tại hội nghị tháng {m} năm {y}"),
    ("Đảng uỷ xã An Hiếu", "KH-ĐU", "ke-hoach", "Học tập, quán triệt nghị quyết quý {q} năm {y}"),
    ("HĐND xã An Hiếu", "HĐND-VP", "cong-van", "Chuẩn bị nội dung trình kỳ họp thường lệ năm {y}"),
    ("HĐND xã An Hiếu", "NQ-HĐND", "nghi-quyet", "Điều chỉnh, bổ sung dự toán ngân sách xã năm {y}"),
    ("Uỷ ban MTTQ xã An Hiếu", "BC-MTTQ", "bao-cao", "Tổng hợp ý kiến, kiến nghị của cử tri và Nhân dân quý {q} năm {y}"),
    ("Uỷ ban MTTQ xã An Hiếu", "MTTQ-BTT", "cong-van", "Phối hợp vận động Quỹ Vì người nghèo năm {y}"),
    ("Chi cục Thuế khu vực", "CCT-NVDTPC", "cong-van", "Phối hợp rà soát, thu thuế sử dụng đất phi nông nghiệp năm {y}"),
    ("Chi cục Chăn nuôi và Thú y", "CCCNTY-DT", "cong-van", "Hướng dẫn tiêm phòng gia súc, gia cầm đợt {h} năm {y}"),
    ("Chi cục Thuỷ lợi", "CCTL-QLCT", "cong-van", "Kiểm tra công trình thuỷ lợi trước mùa mưa lũ năm {y}"),
    ("Hạt Kiểm lâm khu vực", "HKL-QLBVR", "cong-van", "Tăng cường phòng cháy, chữa cháy rừng mùa khô năm {y}"),
    ("Chi nhánh Văn phòng đăng ký đất đai khu vực 3", "CNVPĐK-ĐKCG", "cong-van", "Xác nhận hiện trạng sử dụng đất của ông {n}, thôn {t}"),
    ("Chi nhánh Văn phòng đăng ký đất đai khu vực 3", "PC-CNVPĐK", "phieu-chuyen", "Chuyển hồ sơ cấp giấy chứng nhận của bà {n}, thôn {t}"),
    ("Toà án nhân dân khu vực 3", "TAKV3-HC", "cong-van", "Cung cấp tài liệu, chứng cứ về thửa đất của ông {n}, thôn {t}"),
    ("Thi hành án dân sự tỉnh", "THADS-NV", "cong-van", "Xác minh điều kiện thi hành án của ông {n}"),
    ("Điện lực khu vực An Hiếu", "TB-ĐL", "thong-bao", "Ngừng, giảm cung cấp điện tại thôn {t} tháng {m} năm {y}"),
    ("Bảo hiểm xã hội tỉnh", "BHXH-QLT", "cong-van", "Đối chiếu số người tham gia bảo hiểm y tế hộ gia đình tháng {m} năm {y}"),
    ("UBND tỉnh Hiếu Sơn", "GM-UBND", "giay-moi", "Họp trực tuyến về tình hình kinh tế - xã hội tháng {m} năm {y}"),
    ("Văn phòng UBND tỉnh", "TB-VPUBND", "thong-bao", "Kết luận của Phó Chủ tịch UBND tỉnh về giải ngân vốn đầu tư công quý {q} năm {y}"),
    ("Sở Nội vụ", "SNV-CBCC", "cong-van", "Cử công chức dự lớp bồi dưỡng nghiệp vụ văn thư, lưu trữ năm {y}"),
    ("Sở Tài chính", "STC-NS", "cong-van", "Đôn đốc nhập số liệu và công khai ngân sách xã quý {q} năm {y}"),
    ("UBND xã Hà Thượng", "UBND-VP", "cong-van", "Phối hợp quản lý địa giới và trật tự tại khu vực giáp ranh"),
    ("Hợp tác xã Nông nghiệp Tân Mỹ", "HTX-VP", "cong-van", "Đề nghị hỗ trợ giống và vật tư vụ {v} năm {y}"),
];

/// What the commune itself issues: kind, unit, subject, recipient.
#[rustfmt::skip]
pub(super) const ISSUED: [(&str, &str, &str, &str); 26] = [
    ("quyet-dinh", "KT", "Cấp giấy phép xây dựng nhà ở riêng lẻ cho ông {n}, thôn {t}", "Ông {n}"),
    ("quyet-dinh", "KT", "Cho phép chuyển mục đích sử dụng đất của bà {n}, thôn {t}", "Bà {n}"),
    ("quyet-dinh", "KT", "Phê duyệt dự toán sửa chữa đường giao thông thôn {t} năm {y}", "Phòng Kinh tế"),
    ("quyet-dinh", "VHXH", "Trợ cấp xã hội hằng tháng đối với bà {n}, thôn {t}", "Bà {n}"),
    ("quyet-dinh", "VHXH", "Công nhận hộ thoát nghèo, hộ thoát cận nghèo thôn {t} năm {y}", "Trưởng thôn {t}"),
    ("quyet-dinh", "VP", "Khen thưởng tập thể, cá nhân có thành tích tháng {m} năm {y}", "Các tập thể, cá nhân có tên"),
    ("quyet-dinh", "VP", "Thành lập Tổ công tác giải quyết kiến nghị của cử tri thôn {t}", "Các ông, bà có tên"),
    ("quyet-dinh", "VP", "Xử phạt vi phạm hành chính đối với ông {n}", "Ông {n}"),
    ("cong-van", "VP", "Triển khai nhiệm vụ trọng tâm tháng {m} năm {y}", "Các phòng, đơn vị thuộc xã"),
    ("cong-van", "VP", "Trả lời kiến nghị của cử tri thôn {t}", "HĐND xã An Hiếu"),
    ("cong-van", "KT", "Xác nhận nguồn gốc, thời điểm sử dụng đất của ông {n}, thôn {t}", "Chi nhánh Văn phòng đăng ký đất đai khu vực 3"),
    ("cong-van", "KT", "Đề nghị hỗ trợ kinh phí khắc phục thiệt hại do mưa lũ tại thôn {t}", "Sở Tài chính"),
    ("cong-van", "KT", "Tăng cường phòng, chống dịch bệnh trên đàn gia súc, gia cầm năm {y}", "Các thôn"),
    ("cong-van", "VHXH", "Phối hợp tổ chức ngày hội đại đoàn kết tại thôn {t}", "Uỷ ban MTTQ xã An Hiếu"),
    ("cong-van", "VHXH", "Rà soát đối tượng bảo trợ xã hội quý {q} năm {y}", "Các thôn"),
    ("cong-van", "TTPVHCC", "Xin lỗi về việc chậm trả kết quả hồ sơ của bà {n}", "Bà {n}"),
    ("bao-cao", "VP", "Tình hình kinh tế - xã hội, quốc phòng, an ninh tháng {m} năm {y}", "UBND tỉnh Hiếu Sơn"),
    ("bao-cao", "VP", "Kết quả cải cách hành chính quý {q} năm {y}", "Sở Nội vụ"),
    ("bao-cao", "KT", "Kết quả thu, chi ngân sách xã tháng {m} năm {y}", "Sở Tài chính"),
    ("bao-cao", "VHXH", "Công tác giảm nghèo quý {q} năm {y}", "Sở Nông nghiệp và Môi trường"),
    ("ke-hoach", "VHXH", "Tổ chức lễ hội truyền thống thôn {t} năm {y}", "Các phòng, đơn vị thuộc xã"),
    ("ke-hoach", "KT", "Phòng, chống thiên tai và tìm kiếm cứu nạn năm {y}", "Các phòng, đơn vị thuộc xã"),
    ("thong-bao", "VP", "Lịch tiếp công dân của Chủ tịch UBND xã tháng {m} năm {y}", "Các thôn"),
    ("thong-bao", "VP", "Kết luận của Chủ tịch UBND xã tại giao ban tháng {m} năm {y}", "Các phòng, đơn vị thuộc xã"),
    ("to-trinh", "KT", "Điều chỉnh danh mục đầu tư công trung hạn của xã năm {y}", "HĐND xã An Hiếu"),
    ("giay-moi", "VP", "Họp đánh giá công tác tháng {m} năm {y}", "Các phòng, đơn vị thuộc xã"),
];

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
}

impl PastWords {
    /// All of them, in an order that a seed fixes.
    pub fn of(chance: &mut Chance) -> PastWords {
        let short = |document: &Document| document.subject.chars().count() <= CARRIED_CHARS_MAX;
        let mut documents: Vec<Document> = assets::demo::documents().filter(short).collect();
        documents.sort_by_cached_key(|_| chance.next());
        PastWords { documents, at: 0, names: Names::beside([]) }
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
        let (issuer, symbol, kind, subject) = chance.pick(&NEAR);
        let subject = self.filled(chance, &[subject], year, month).concat();
        IncomingFields {
            number: render_number(chance.between(2, 640)),
            symbol: (*symbol).to_owned(),
            issuer: (*issuer).to_owned(),
            kind: (*kind).to_owned(),
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
        let (kind, unit, subject, recipient) = chance.pick(&ISSUED);
        let mut filled = self.filled(chance, &[subject, recipient], year, month).into_iter();
        let subject = filled.next().unwrap_or_default();
        (kind, unit, subject, filled.next().unwrap_or_default())
    }

    fn filled(&self, chance: &mut Chance, texts: &[&str], year: i16, month: i8) -> Vec<String> {
        let quarter = ["I", "II", "III", "IV"].get(usize::from(month.unsigned_abs() - 1) / 3);
        let (half, crop) = if month <= 6 { ("1", "đông xuân") } else { ("2", "hè thu") };
        let name = self.names.any(chance);
        let fill = [
            ("{m}", month.to_string()),
            ("{y1}", (year + 1).to_string()),
            ("{y}", year.to_string()),
            ("{q}", quarter.copied().unwrap_or("IV").to_owned()),
            ("{h}", half.to_owned()),
            ("{v}", crop.to_owned()),
            ("{n}", name),
            ("{t}", (*chance.pick(&HAMLETS)).to_owned()),
        ];
        let replaced = |text: &&str| {
            fill.iter().fold((*text).to_owned(), |text, (mark, word)| text.replace(mark, word))
        };
        texts.iter().map(replaced).collect()
    }
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
