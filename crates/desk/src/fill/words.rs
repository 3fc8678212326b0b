//! Subjects of documents from the decree's own words, 12 to 31 syllables, and who issues them.
use std::collections::BTreeSet;

use assets::names::Gender;

use super::chance::Chance;
use super::names::Names;

/// Syllables of a subject.
const SYLLABLES_MIN: usize = 12;
const SYLLABLES_MAX: usize = 31;
/// Communes of the neighbourhood that write to this one.
const NEIGHBOURS: usize = 46;

/// Who issues a document, and the abbreviation in its symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issuer {
    /// `Sở Nội vụ`.
    pub name: String,
    /// `SNV`.
    pub abbreviation: String,
    /// Units that draft there: the end of a symbol.
    pub units: &'static [&'static str],
}

const ISSUERS: [(&str, &str, &[&str]); 54] = [
    ("UBND tỉnh Hiếu Sơn", "UBND", &["KTN", "NNMT", "VX", "NC", "TH", "HC"]),
    ("Văn phòng UBND tỉnh", "VPUBND", &["TH", "HC", "KSTT", "NC"]),
    ("HĐND tỉnh Hiếu Sơn", "HĐND", &["KTNS", "PC", "VHXH"]),
    ("Sở Nội vụ", "SNV", &["CCHC", "CBCC", "XDCQ", "TĐKT", "LĐVL"]),
    ("Sở Tài chính", "STC", &["NS", "GCS", "KHĐT", "TCDN"]),
    ("Sở Xây dựng", "SXD", &["QH", "QLN", "HTKT", "GT"]),
    ("Sở Nông nghiệp và Môi trường", "SNNMT", &["TL", "CNTY", "QLĐĐ", "MT", "KL"]),
    ("Sở Công Thương", "SCT", &["QLTM", "QLCN", "ATMT"]),
    ("Sở Khoa học và Công nghệ", "SKHCN", &["CĐS", "BCVT", "QLKH"]),
    ("Sở Văn hoá, Thể thao và Du lịch", "SVHTTDL", &["QLVH", "DL", "TDTT", "GĐ"]),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", &["GDMN", "GDPT", "KHTC", "TCCB"]),
    ("Sở Y tế", "SYT", &["NVY", "KHTC", "ATTP", "DSTE", "BTXH"]),
    ("Sở Tư pháp", "STP", &["HCTP", "PBGDPL", "XDKT"]),
    ("Sở Dân tộc và Tôn giáo", "SDTTG", &["CSDT", "TG"]),
    ("Thanh tra tỉnh", "TTr", &["NV1", "NV2", "VP"]),
    ("Công an tỉnh", "CAT", &["PC06", "PC07", "PV01", "PA05"]),
    ("Bộ Chỉ huy Quân sự tỉnh", "BCH", &["TM", "CT"]),
    ("Bảo hiểm xã hội tỉnh", "BHXH", &["QLT", "CĐBHXH"]),
    ("Thuế tỉnh", "THUE", &["NVDTPC", "QLHKD"]),
    ("Kho bạc Nhà nước khu vực", "KBNN", &["KTNN", "KSC"]),
    ("Ngân hàng Chính sách xã hội tỉnh", "NHCS", &["KHNV", "TD"]),
    ("Toà án nhân dân khu vực 3", "TAKV3", &["VP", "HC"]),
    ("Viện kiểm sát nhân dân khu vực 3", "VKSKV3", &["VP"]),
    ("Thi hành án dân sự tỉnh", "THADS", &["NV", "VP"]),
    ("Tỉnh uỷ Hiếu Sơn", "TU", &["VP"]),
    ("Ban Tổ chức Tỉnh uỷ", "BTCTU", &["TCĐ"]),
    ("Ban Tuyên giáo và Dân vận Tỉnh uỷ", "BTGDVTU", &["TT"]),
    ("Uỷ ban MTTQ Việt Nam tỉnh", "MTTQ", &["BTT"]),
    ("Hội Nông dân tỉnh", "HNDT", &["KT"]),
    ("Hội Liên hiệp Phụ nữ tỉnh", "BTV", &["GĐXH"]),
    ("Tỉnh đoàn Hiếu Sơn", "TĐTN", &["PT"]),
    ("Điện lực khu vực An Hiếu", "ĐL", &["KT", "KD"]),
    ("Chi nhánh Văn phòng đăng ký đất đai khu vực 3", "CNVPĐK", &["ĐKCG", "TTLT"]),
    ("Chi cục Thuế khu vực", "CCT", &["NVDTPC", "KK"]),
    ("Chi cục Chăn nuôi và Thú y", "CCCNTY", &["DT"]),
    ("Chi cục Thuỷ lợi", "CCTL", &["QLCT"]),
    ("Hạt Kiểm lâm khu vực", "HKL", &["QLBVR"]),
    ("Trung tâm Kiểm soát bệnh tật tỉnh", "TTKSBT", &["PCBTN"]),
    ("Ban Quản lý dự án đầu tư xây dựng khu vực", "BQLDA", &["KTTĐ"]),
    ("Công ty TNHH MTV Khai thác thuỷ lợi", "KTTL", &["KT"]),
    ("Đảng uỷ xã An Hiếu", "ĐU", &["VP"]),
    ("HĐND xã An Hiếu", "HĐND", &["VP"]),
    ("Uỷ ban MTTQ xã An Hiếu", "MTTQ", &["BTT"]),
    ("Công an xã An Hiếu", "CAX", &["QLHC", "ANTT"]),
    ("Ban Chỉ huy Quân sự xã An Hiếu", "BCHQS", &["TT"]),
    ("Trạm Y tế xã An Hiếu", "TYT", &["NV"]),
    ("Trường THCS An Hiếu", "THCS", &["VP"]),
    ("Trường Tiểu học An Hiếu", "TH", &["VP"]),
    ("Trường Mầm non An Hiếu", "MN", &["VP"]),
    ("Trường THPT Hiếu Sơn 2", "THPT", &["VP"]),
    ("Hội Cựu chiến binh xã An Hiếu", "HCCB", &["CH"]),
    ("Hội Người cao tuổi xã An Hiếu", "HNCT", &["CH"]),
    ("Hợp tác xã Nông nghiệp Tân Mỹ", "HTX", &["VP"]),
    ("Thôn Tân Mỹ", "TM", &["BQL"]),
];

/// What a subject begins with.
const BEGINNINGS: [&str; 40] = [
    "Triển khai thực hiện",
    "Báo cáo kết quả thực hiện",
    "Hướng dẫn thực hiện",
    "Tăng cường công tác",
    "Rà soát, thống kê",
    "Đề nghị phối hợp thực hiện",
    "Đôn đốc báo cáo",
    "Góp ý dự thảo kế hoạch",
    "Cung cấp số liệu về",
    "Phê duyệt kế hoạch",
    "Ban hành quy chế về",
    "Công bố danh mục",
    "Kiểm tra, giám sát",
    "Chấn chỉnh công tác",
    "Tổ chức hội nghị tổng kết",
    "Mời họp bàn về",
    "Tuyên truyền, phổ biến",
    "Xây dựng kế hoạch",
    "Thông báo kết luận về",
    "Đăng ký nhu cầu",
    "Cử cán bộ tham gia",
    "Giao chỉ tiêu",
    "Trả lời kiến nghị của cử tri về",
    "Giải quyết khiếu nại, tố cáo về",
    "Thẩm định hồ sơ",
    "Bổ sung kinh phí cho",
    "Phân bổ dự toán",
    "Thành lập đoàn kiểm tra về",
    "Kiện toàn ban chỉ đạo",
    "Phát động phong trào",
    "Chuyển đơn đề nghị về",
    "Xin ý kiến về",
    "Khắc phục tồn tại trong",
    "Tập huấn nghiệp vụ",
    "Đánh giá, xếp loại",
    "Công khai kết quả",
    "Thực hiện chế độ báo cáo",
    "Cập nhật cơ sở dữ liệu về",
    "Báo cáo nhanh tình hình",
    "Lấy ý kiến nhân dân về",
];

/// What a subject is about.
const MATTERS: [&str; 84] = [
    "cải cách hành chính",
    "văn thư, lưu trữ",
    "quản lý văn bản điện tử",
    "lập hồ sơ và nộp lưu hồ sơ",
    "sử dụng chữ ký số",
    "kiểm soát thủ tục hành chính",
    "chuyển đổi số cấp xã",
    "tiếp nhận và trả kết quả hồ sơ",
    "giải quyết thủ tục hành chính về đất đai",
    "cấp giấy chứng nhận quyền sử dụng đất",
    "quản lý trật tự xây dựng",
    "quy hoạch chung xây dựng xã",
    "giải phóng mặt bằng tuyến đường liên thôn",
    "bồi thường, hỗ trợ và tái định cư",
    "xây dựng nông thôn mới nâng cao",
    "giảm nghèo bền vững",
    "rà soát hộ nghèo, hộ cận nghèo",
    "chi trả trợ cấp bảo trợ xã hội",
    "chăm sóc người có công với cách mạng",
    "phòng, chống bệnh dịch tả lợn châu Phi",
    "phòng, chống sốt xuất huyết",
    "an toàn thực phẩm",
    "tiêm chủng mở rộng",
    "bảo hiểm y tế hộ gia đình",
    "phổ cập giáo dục, xoá mù chữ",
    "tuyển sinh đầu cấp",
    "sửa chữa trường, lớp học",
    "phòng, chống đuối nước trẻ em",
    "xây dựng gia đình văn hoá",
    "lễ hội truyền thống của thôn",
    "thể dục thể thao quần chúng",
    "thiết chế văn hoá cơ sở",
    "hoạt động của đài truyền thanh",
    "phòng cháy, chữa cháy rừng",
    "phòng, chống thiên tai và tìm kiếm cứu nạn",
    "bảo đảm an toàn hồ đập mùa mưa lũ",
    "tu sửa công trình thuỷ lợi nội đồng",
    "cung cấp nước sạch nông thôn",
    "thu gom, xử lý rác thải sinh hoạt",
    "bảo vệ môi trường làng nghề",
    "khai thác khoáng sản trái phép",
    "quản lý vật tư nông nghiệp",
    "chuyển đổi cơ cấu cây trồng",
    "phát triển sản phẩm OCOP",
    "hợp tác xã kiểu mới",
    "vay vốn giải quyết việc làm",
    "đào tạo nghề cho lao động nông thôn",
    "đưa lao động đi làm việc ở nước ngoài",
    "thu ngân sách trên địa bàn",
    "quyết toán ngân sách xã",
    "mua sắm tài sản công",
    "kiểm kê tài sản công",
    "thực hành tiết kiệm, chống lãng phí",
    "phòng, chống tham nhũng",
    "kê khai tài sản, thu nhập",
    "tiếp công dân",
    "hoà giải ở cơ sở",
    "chứng thực bản sao, chữ ký",
    "đăng ký khai sinh, khai tử",
    "làm sạch dữ liệu hộ tịch",
    "cấp căn cước cho công dân",
    "quản lý cư trú",
    "phòng, chống ma tuý",
    "bảo đảm trật tự an toàn giao thông",
    "tuyển chọn và gọi công dân nhập ngũ",
    "huấn luyện dân quân tự vệ",
    "diễn tập khu vực phòng thủ",
    "bầu cử đại biểu Quốc hội và Hội đồng nhân dân",
    "sắp xếp tổ chức bộ máy",
    "tinh giản biên chế",
    "đánh giá cán bộ, công chức",
    "nâng lương thường xuyên",
    "thi đua, khen thưởng",
    "kỷ luật, kỷ cương hành chính",
    "văn hoá công vụ",
    "trực bảo vệ dịp Tết Nguyên đán",
    "kỷ niệm ngày Thương binh - Liệt sĩ",
    "tổng điều tra kinh tế",
    "điều tra dân số giữa kỳ",
    "giá đất cụ thể",
    "cấp mã số vùng trồng",
    "số hoá hồ sơ địa chính",
    "hạ tầng viễn thông tại các thôn",
    "định danh điện tử",
];

/// What a subject goes on with.
const QUALIFIERS: [&str; 28] = [
    "trên địa bàn xã",
    "trên địa bàn tỉnh",
    "tại các thôn, bản",
    "theo chỉ đạo của Chủ tịch UBND tỉnh",
    "theo Nghị định số 30/2020/NĐ-CP của Chính phủ",
    "theo kết luận của Thường trực Tỉnh uỷ",
    "đối với cơ quan, đơn vị thuộc UBND xã",
    "trong tình hình mới",
    "bằng nguồn vốn ngân sách nhà nước",
    "thuộc chương trình mục tiêu quốc gia",
    "trong các trường học",
    "trong đợt cao điểm",
    "sau khi sắp xếp đơn vị hành chính",
    "theo mô hình chính quyền địa phương hai cấp",
    "phục vụ người dân và doanh nghiệp",
    "trước mùa mưa bão",
    "giai đoạn một",
    "bảo đảm đúng thời hạn",
    "gắn với chuyển đổi số",
    "qua Cổng dịch vụ công quốc gia",
    "theo quy định của pháp luật",
    "tại Trung tâm Phục vụ hành chính công",
    "của các tổ chức chính trị - xã hội",
    "để tổng hợp, báo cáo UBND tỉnh",
    "theo đề nghị của Sở Tài chính",
    "theo kiến nghị của cử tri",
    "của hộ gia đình, cá nhân",
    "do doanh nghiệp đầu tư",
];

/// Kinds of incoming documents with their abbreviations and how often they come.
pub(crate) const COMING_KINDS: [(&str, &str, u32); 10] = [
    ("cong-van", "", 52),
    ("ke-hoach", "KH", 11),
    ("quyet-dinh", "QĐ", 10),
    ("thong-bao", "TB", 8),
    ("bao-cao", "BC", 7),
    ("giay-moi", "GM", 5),
    ("to-trinh", "TTr", 3),
    ("huong-dan", "HD", 2),
    ("cong-dien", "CĐ", 1),
    ("nghi-quyet", "NQ", 1),
];

/// Makes subjects, issuers and people of documents.
pub(crate) struct Words {
    /// Those who issue, the most frequent first.
    pub issuers: Vec<Issuer>,
    /// Names of signers and of people documents are about.
    pub people: Names,
    places: Vec<&'static str>,
}

impl Words {
    /// The words of a seed.
    pub fn of(chance: &mut Chance) -> Words {
        let places: Vec<&str> = assets::units::communes().map(|commune| commune.name).collect();
        let known = ISSUERS.iter().map(|(name, abbreviation, units)| Issuer {
            name: (*name).to_owned(),
            abbreviation: (*abbreviation).to_owned(),
            units,
        });
        let mut issuers: Vec<Issuer> = known.collect();
        let mut neighbours = BTreeSet::new();
        while neighbours.len() < NEIGHBOURS {
            neighbours.insert(*chance.pick(&places));
        }
        issuers.extend(neighbours.into_iter().map(|place| Issuer {
            name: format!("UBND xã {place}"),
            abbreviation: "UBND".to_owned(),
            units: &["VP", "KT", "VHXH"],
        }));
        Words { issuers, people: Names::beside([]), places }
    }

    /// Who issues a document: a few issue most of them.
    pub fn issuer(&self, chance: &mut Chance) -> &Issuer {
        let all = self.issuers.len() as u64;
        let first = chance.below(all);
        let at = first.min(chance.below(all));
        self.issuers.get(usize::try_from(at).unwrap_or(0)).expect("there are issuers")
    }

    /// A kind of an incoming document and its abbreviation.
    pub fn coming_kind(&self, chance: &mut Chance) -> (&'static str, &'static str) {
        let mut at = chance.between(1, 100);
        for (kind, abbreviation, times) in COMING_KINDS {
            if at <= times {
                return (kind, abbreviation);
            }
            at -= times;
        }
        ("cong-van", "")
    }

    /// A subject of a document of a year.
    pub fn subject(&self, chance: &mut Chance, year: i16) -> String {
        let mut subject = format!("{} {}", chance.pick(&BEGINNINGS), chance.pick(&MATTERS));
        let wanted = chance.between(SYLLABLES_MIN as u32, SYLLABLES_MAX as u32 - 4) as usize;
        let mut length = syllables(&subject);
        while length < wanted {
            let more = self.more(chance, year);
            let longer = length + syllables(&more);
            if longer > SYLLABLES_MAX {
                // What is still missing, in words that always fit.
                subject.push_str(&format!(" năm {year}"));
                length += 2;
                continue;
            }
            subject.push(' ');
            subject.push_str(&more);
            length = longer;
        }
        subject
    }

    fn more(&self, chance: &mut Chance, year: i16) -> String {
        match chance.below(9) {
            0 => format!("năm {year}"),
            1 => format!("quý {} năm {year}", chance.pick(&["I", "II", "III", "IV"])),
            2 => format!("tháng {} năm {year}", chance.between(1, 12)),
            3 => format!("tại {}", chance.pick(&self.places)),
            4 => format!("đối với ông {}", self.people.of(chance, Gender::Male)),
            5 => format!("và {}", chance.pick(&MATTERS)),
            6 => format!(
                "của bà {}, thôn {}",
                self.people.of(chance, Gender::Female),
                chance.pick(&self.places)
            ),
            _ => (*chance.pick(&QUALIFIERS)).to_owned(),
        }
    }
}

fn syllables(text: &str) -> usize {
    text.split_whitespace().filter(|word| *word != "-").count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Chance, SYLLABLES_MAX, SYLLABLES_MIN, Words, syllables};

    #[test]
    fn subjects_have_12_to_31_syllables_and_differ_and_about_a_hundred_agencies_issue_them() {
        let mut chance = Chance::new(7);
        let words = Words::of(&mut chance);
        assert_eq!(words.issuers.len(), 100);
        let subjects: BTreeSet<String> =
            (0..2000).map(|_| words.subject(&mut chance, 2026)).collect();
        assert!(subjects.len() > 1950, "{}", subjects.len());
        for subject in &subjects {
            assert!((SYLLABLES_MIN..=SYLLABLES_MAX).contains(&syllables(subject)), "{subject}");
        }
        let mut again = Chance::new(7);
        let same = Words::of(&mut again);
        let subject = same.subject(&mut again, 2026);
        assert!(subjects.contains(&subject), "the same seed says the same: {subject}");
    }
}
