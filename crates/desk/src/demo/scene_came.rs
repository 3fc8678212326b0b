//! What came in the last days, and what became of it so far.
use register::Urgency;

use super::cast::{
    BINH, CHAIRMAN, CULTURE_HEAD, ECONOMY_HEAD, HUY, KHANH, NGHIA, NHUNG, OFFICE_HEAD, THIN, TRANG,
    VICE_CHAIRMAN,
};

/// One document that came.
pub(super) struct Came {
    /// Working days before the last one of the scene.
    pub days_ago: u32,
    /// Minutes after midnight.
    pub minute: u32,
    pub number_and_symbol: &'static str,
    /// Working days between its date and its arrival.
    pub issued_before: u32,
    pub issuer: &'static str,
    pub kind: &'static str,
    pub subject: &'static str,
    pub signer: &'static str,
    pub urgency: Urgency,
    /// Working days in which it wants an answer.
    pub answer_in: Option<i32>,
    /// Name of the real file it comes with; empty for none.
    pub page: &'static str,
    pub then: Then,
}

/// What became of a document.
pub(super) enum Then {
    /// Nothing yet: the clerk has it.
    Registered,
    /// It lies with a leader, with what the office proposes.
    Submitted { to: &'static str, proposal: &'static str },
    /// It went to somebody for information.
    Informed { by: &'static str, to: &'static [&'static str], words: &'static str },
    /// Somebody works on it.
    Worked(Worked),
    /// Closed by the office without a directive.
    Closed { reason: &'static str },
    /// Its number was voided.
    Voided { reason: &'static str },
}

/// Work and how far it is.
pub(super) struct Worked {
    pub by: &'static str,
    pub words: &'static str,
    pub lead: &'static str,
    pub co: &'static [&'static str],
    pub information: &'static [&'static str],
    /// Working days from today; before it when negative. None for no deadline.
    pub due: Option<i32>,
    pub so_far: &'static [Deed],
}

/// One thing done about a task: working days before the last one, minute, deed.
pub(super) struct Deed(pub u32, pub u32, pub What);

/// What was done.
#[derive(Clone, Copy)]
pub(super) enum What {
    Opened,
    Progress(u8, &'static str),
    Reported(&'static str),
    Returned(&'static str),
    Accepted,
    AskedFor(i32, &'static str),
    Granted(&'static str),
    Refused(&'static str),
    Reminded(&'static str),
    /// By whom and to whom; from then on he leads.
    Transferred(&'static str, &'static str),
    Recalled(&'static str),
}

impl Then {
    /// The leader it was submitted to first.
    pub fn submitted_to(&self) -> Option<&'static str> {
        match self {
            Then::Submitted { to, .. } => Some(to),
            Then::Informed { by, .. } => Some(by),
            Then::Worked(worked) => Some(worked.by),
            Then::Registered | Then::Closed { .. } | Then::Voided { .. } => None,
        }
    }

    /// What the office proposed.
    pub fn proposal(&self) -> &'static str {
        match self {
            Then::Submitted { proposal, .. } => proposal,
            Then::Registered
            | Then::Informed { .. }
            | Then::Worked(_)
            | Then::Closed { .. }
            | Then::Voided { .. } => "",
        }
    }
}

const fn came(
    days_ago: u32,
    minute: u32,
    number_and_symbol: &'static str,
    issuer: &'static str,
    kind: &'static str,
    subject: &'static str,
    then: Then,
) -> Came {
    Came {
        days_ago,
        minute,
        number_and_symbol,
        issued_before: 1,
        issuer,
        kind,
        subject,
        signer: "",
        urgency: Urgency::Normal,
        answer_in: None,
        page: "",
        then,
    }
}

const fn marked(urgency: Urgency, came: Came) -> Came {
    Came { urgency, ..came }
}

const fn answered_in(days: i32, came: Came) -> Came {
    Came { answer_in: Some(days), ..came }
}

const fn with_page(page: &'static str, signer: &'static str, came: Came) -> Came {
    Came { page, signer, ..came }
}

const fn worked(
    by: &'static str,
    words: &'static str,
    lead: &'static str,
    due: Option<i32>,
    so_far: &'static [Deed],
) -> Worked {
    Worked { by, words, lead, co: &[], information: &[], due, so_far }
}

/// Everything that came, oldest first.
#[rustfmt::skip]
pub(super) const CAME: &[Came] = &[
    came(24, 512, "88/HĐND-VP", "HĐND xã An Hiếu", "cong-van",
        "Trả lời kiến nghị của cử tri thôn An Thái",
        Then::Worked(worked(VICE_CHAIRMAN, "Phòng Kinh tế trả lời bằng văn bản.", HUY, Some(-14), &[
            Deed(24, 640, What::Opened), Deed(20, 900, What::Progress(60, "Đã xuống thôn kiểm tra.")),
            Deed(16, 560, What::Reported("Đã có công văn trả lời, gửi cử tri và HĐND xã.")),
            Deed(15, 500, What::Accepted)]))),
    came(22, 535, "1602/STC-NS", "Sở Tài chính", "cong-van",
        "Báo cáo thu ngân sách nhà nước tháng 10 trên địa bàn xã",
        Then::Worked(worked(CHAIRMAN, "Phòng Kinh tế báo cáo đúng biểu mẫu.", THIN, Some(-12), &[
            Deed(21, 480, What::Opened), Deed(11, 960, What::Reported("Đã gửi báo cáo qua trục liên thông.")),
            Deed(10, 520, What::Accepted)]))),
    came(21, 555, "1598/STC-NS", "Sở Tài chính", "cong-van",
        "Công khai tình hình thực hiện dự toán ngân sách quý III",
        Then::Worked(worked(CHAIRMAN, "Giao Phòng Kinh tế công khai đúng quy định.", THIN, Some(2), &[
            Deed(20, 470, What::Opened), Deed(9, 610, What::Progress(70, "Đã có số liệu.")),
            Deed(5, 600, What::Reported("Đã niêm yết tại trụ sở.")),
            Deed(4, 845, What::Returned("Thiếu biểu chi theo lĩnh vực, bổ sung rồi niêm yết lại.")),
            Deed(1, 560, What::Progress(90, "Đang niêm yết lại."))]))),
    came(20, 500, "1340/SNNMT-GN", "Sở Nông nghiệp và Môi trường", "cong-van",
        "Rà soát hộ nghèo, hộ cận nghèo cuối năm theo chuẩn nghèo đa chiều",
        Then::Worked(Worked { co: &["KT"], ..worked(CHAIRMAN,
            "Phòng Văn hoá - Xã hội chủ trì, các thôn phối hợp.", BINH, Some(-3), &[
            Deed(19, 500, What::Opened), Deed(8, 910, What::Progress(40, "Xong 5 trên 9 thôn.")),
            Deed(2, 480, What::Reminded("Nộp kết quả trong tuần này.")),
            Deed(1, 890, What::Progress(60, "Xong 7 trên 9 thôn."))]) })),
    came(18, 820, "77/PC-VPUBND", "Văn phòng UBND tỉnh", "phieu-chuyen",
        "Xác minh đơn của công dân thôn Tân Mỹ về tranh chấp lối đi",
        Then::Worked(worked(VICE_CHAIRMAN, "Giao xác minh, báo cáo đúng hạn.", KHANH, Some(-2), &[
            Deed(17, 480, What::Opened), Deed(6, 650, What::Progress(30, "Đã mời hai bên.")),
            Deed(1, 500, What::AskedFor(3, "Một bên đi vắng đến đầu tuần sau."))]))),
    came(16, 490, "905/CCCNTY-DT", "Chi cục Chăn nuôi và Thú y", "cong-van",
        "Thống kê cơ sở chăn nuôi lợn trên địa bàn xã",
        Then::Worked(worked(VICE_CHAIRMAN, "Giao thống kê theo mẫu của Chi cục.", NGHIA, Some(-1), &[
            Deed(15, 600, What::Opened), Deed(7, 900, What::Progress(50, "Xong 6 thôn.")),
            Deed(6, 480, What::AskedFor(4, "Hai thôn bị chia cắt do mưa lũ.")),
            Deed(6, 900, What::Granted("Đồng ý.")),
            Deed(1, 940, What::Reported("Đã thống kê 214 cơ sở, gửi kèm biểu."))]))),
    came(15, 570, "1711/STC-GCS", "Sở Tài chính", "cong-van",
        "Kiểm kê tài sản công năm nay tại cơ quan, đơn vị cấp xã",
        Then::Worked(worked(CHAIRMAN, "Phòng Kinh tế chủ trì kiểm kê.", NGHIA, Some(2), &[
            Deed(14, 500, What::Opened), Deed(9, 480, What::AskedFor(8, "Chờ biểu mẫu.")),
            Deed(9, 960, What::Refused("Biểu mẫu đã có trong công văn của Sở.")),
            Deed(3, 560, What::Progress(50, "Xong trụ sở và hai trường."))]))),
    came(14, 480, "1190/SNV-CBCC", "Sở Nội vụ", "cong-van",
        "Cử người dự lớp tập huấn công tác văn thư trong môi trường số",
        Then::Worked(worked(CHAIRMAN, "Văn phòng cử người.", TRANG, Some(-5), &[
            Deed(14, 600, What::Opened), Deed(8, 540, What::Reported("Đã cử hai người, gửi danh sách.")),
            Deed(8, 930, What::Accepted)]))),
    came(13, 870, "1203/SKHCN-BCVT", "Sở Khoa học và Công nghệ", "cong-van",
        "Lập danh sách thôn, khu dân cư chưa có sóng di động",
        Then::Worked(worked(VICE_CHAIRMAN, "Lập danh sách, có bản đồ kèm theo.", NHUNG, Some(1), &[
            Deed(12, 480, What::Opened), Deed(6, 600, What::Progress(80, "Còn thôn Yên Sơn.")),
            Deed(2, 950, What::Reported("Có ba điểm lõm sóng tại hai thôn."))]))),
    came(12, 500, "1219/SNV-CBCC", "Sở Nội vụ", "cong-van",
        "Đăng ký nhu cầu đào tạo, bồi dưỡng cán bộ, công chức năm sau",
        Then::Worked(worked(CHAIRMAN, "Văn phòng tổng hợp.", "Trần Thị Vân", Some(8), &[]))),
    came(11, 610, "3125/KH-STC", "Sở Tài chính", "ke-hoach",
        "Tuyên truyền công tác cải cách hành chính của Sở Tài chính",
        Then::Informed { by: CHAIRMAN, to: &["VP", "KT"], words: "Để biết, phối hợp tuyên truyền." }),
    came(10, 520, "140/BC-STC", "Sở Tài chính", "bao-cao",
        "Công tác thanh tra, giải quyết khiếu nại, tố cáo và phòng, chống tham nhũng tháng 10",
        Then::Informed { by: VICE_CHAIRMAN, to: &["VP"], words: "Lưu, theo dõi chung." }),
    came(9, 495, "1422/SVHTTDL-GĐ", "Sở Văn hoá, Thể thao và Du lịch", "cong-van",
        "Tổ chức ngày hội Đại đoàn kết và bình xét gia đình văn hoá",
        Then::Worked(worked(VICE_CHAIRMAN, "Phòng Văn hoá - Xã hội phân công người làm.", "VHXH", Some(6), &[
            Deed(9, 700, What::Opened), Deed(8, 480, What::Transferred(CULTURE_HEAD, NHUNG)),
            Deed(8, 620, What::Opened), Deed(2, 500, What::Progress(25, "Đã có kịch bản."))]))),
    came(8, 840, "2933/SXD-HTKT", "Sở Xây dựng", "cong-van",
        "Rà soát cầu yếu, ngầm tràn trên các tuyến đường xã quản lý",
        Then::Worked(worked(CHAIRMAN, "Giao rà soát, đề xuất cắm biển.", KHANH, Some(3), &[
            Deed(7, 480, What::Opened),
            Deed(5, 480, What::Recalled("Sở đã giao Ban Quản lý dự án làm; xã chỉ phối hợp."))]))),
    with_page("krongno_qd_3021.pdf", "Ngô Xuân Lộc", came(7, 545, "3021/QĐ-UBND", "UBND tỉnh Hiếu Sơn", "quyet-dinh",
        "Ban hành Quy định tổ chức và hoạt động của Ban Tiếp công dân",
        Then::Informed { by: CHAIRMAN, to: &["VP", "TTPVHCC"], words: "Văn phòng nghiên cứu áp dụng ở xã." })),
    came(7, 900, "47/GM-ĐU", "Đảng uỷ xã An Hiếu", "giay-moi",
        "Dự hội nghị Ban Chấp hành Đảng bộ xã lần thứ mười hai",
        Then::Closed { reason: "Đã báo lịch cho lãnh đạo dự họp." }),
    came(6, 480, "1166/STP-PBGDPL", "Sở Tư pháp", "cong-van",
        "Báo cáo kết quả hoà giải ở cơ sở và tiếp cận pháp luật năm nay",
        Then::Worked(worked(VICE_CHAIRMAN, "Giao Văn phòng báo cáo.", TRANG, Some(5), &[
            Deed(6, 600, What::Opened), Deed(3, 480, What::Progress(40, "Đang tổng hợp từ các thôn."))]))),
    came(5, 505, "2210/SGDĐT-KHTC", "Sở Giáo dục và Đào tạo", "cong-van",
        "Rà soát cơ sở vật chất trường học sau bão",
        Then::Voided { reason: "Vào sổ nhầm: văn bản gửi Trường THPT Hiếu Sơn 2." }),
    with_page("daknong_kh_317.pdf", "Nguyễn Bốn", came(5, 560, "317/KH-UBND", "UBND tỉnh Hiếu Sơn", "ke-hoach",
        "Sửa đổi, bổ sung Kế hoạch tuyển dụng công chức tỉnh năm nay",
        Then::Worked(Worked { information: &[VICE_CHAIRMAN], ..worked(CHAIRMAN,
            "Văn phòng rà soát biên chế, đề xuất nhu cầu tuyển dụng.", "VP", Some(7), &[
            Deed(5, 640, What::Opened)]) }))),
    came(4, 495, "1177/STC-GCS", "Sở Tài chính", "cong-van",
        "Đăng ký mua sắm tập trung năm sau",
        Then::Worked(worked(CHAIRMAN, "Phòng Kinh tế tổng hợp nhu cầu.", "KT", Some(9), &[]))),
    answered_in(6, came(3, 530, "611/CCT-NVDTPC", "Chi cục Thuế khu vực", "cong-van",
        "Phối hợp rà soát đất phi nông nghiệp trên địa bàn xã",
        Then::Worked(worked(VICE_CHAIRMAN, "Phòng Kinh tế phối hợp.", "KT", Some(6), &[
            Deed(2, 500, What::Opened)])))),
    came(3, 640, "540/CAX-QLHC", "Công an xã An Hiếu", "cong-van",
        "Phối hợp làm sạch dữ liệu hộ tịch đợt 4",
        Then::Worked(worked(VICE_CHAIRMAN, "Giao phối hợp với Công an xã.", BINH, Some(5), &[]))),
    came(2, 470, "87/TTr-THCS", "Trường THCS An Hiếu", "to-trinh",
        "Đề nghị sửa chữa mái nhà học bộ môn trước mùa bão",
        Then::Worked(worked(CHAIRMAN, "Kiểm tra ngay, đề xuất phương án.", HUY, Some(-1), &[]))),
    came(2, 620, "112-TB/ĐU", "Đảng uỷ xã An Hiếu", "thong-bao",
        "Kết luận của Ban Thường vụ Đảng uỷ về công tác giảm nghèo",
        Then::Informed { by: CHAIRMAN, to: &["VHXH"], words: "Phòng Văn hoá - Xã hội thực hiện." }),
    with_page("stc_tb_172.pdf", "Nguyễn Tấn Bi", came(2, 860, "172/TB-STC", "Sở Tài chính", "thong-bao",
        "Lịch tiếp công dân tháng 12",
        Then::Informed { by: VICE_CHAIRMAN, to: &["TTPVHCC", OFFICE_HEAD], words: "Niêm yết tại Trung tâm." })),
    answered_in(7, came(1, 475, "1876/STC-NS", "Sở Tài chính", "cong-van",
        "Đối chiếu dự toán, chuẩn bị khoá sổ ngân sách xã cuối năm",
        Then::Worked(Worked { co: &["VP"], ..worked(CHAIRMAN, "Phòng Kinh tế chủ trì.", THIN, Some(7), &[
            Deed(1, 610, What::Opened), Deed(0, 490, What::Progress(10, "Đang đối chiếu với Kho bạc."))]) }))),
    marked(Urgency::Express, came(1, 520, "19/CĐ-UBND", "UBND tỉnh Hiếu Sơn", "cong-dien",
        "Ứng phó mưa lớn, nguy cơ lũ quét, sạt lở đất",
        Then::Worked(Worked { co: &["BCHQS", "VP"], information: &[VICE_CHAIRMAN], ..worked(CHAIRMAN,
            "Trực ban ngay. Phòng Kinh tế chủ trì, Ban Chỉ huy Quân sự phối hợp.", KHANH, Some(0), &[
            Deed(1, 570, What::Opened), Deed(1, 960, What::Progress(50, "Đã sơ tán 12 hộ thôn Yên Sơn.")),
            Deed(0, 470, What::Progress(80, "Đường liên thôn đã thông."))]) }))),
    answered_in(3, came(1, 545, "2417/SNV-CCHC", "Sở Nội vụ", "cong-van",
        "Rà soát, báo cáo kết quả thực hiện Kế hoạch cải cách hành chính năm nay",
        Then::Worked(Worked { co: &["KT", "VHXH"], information: &[VICE_CHAIRMAN], ..worked(CHAIRMAN,
            "Giao Văn phòng chủ trì, phối hợp các phòng tổng hợp. Trình tôi dự thảo báo cáo.", TRANG, Some(3), &[
            Deed(1, 640, What::Opened), Deed(0, 500, What::Progress(40, "Đã có dự thảo lần 1."))]) }))),
    came(1, 660, "3012/SXD-QH", "Sở Xây dựng", "cong-van",
        "Góp ý đồ án quy hoạch chung xã đến năm 2045",
        Then::Submitted { to: CHAIRMAN, proposal: "Phòng Kinh tế chủ trì, lấy ý kiến các thôn, hạn sáu ngày làm việc" }),
    came(1, 830, "64/BC-MTTQ", "Uỷ ban MTTQ xã An Hiếu", "bao-cao",
        "Kết quả lấy ý kiến cử tri trước kỳ họp cuối năm",
        Then::Submitted { to: CHAIRMAN, proposal: "Văn phòng tổng hợp vào báo cáo trình kỳ họp" }),
    came(1, 900, "1517/SYT-NVY", "Sở Y tế", "cong-van",
        "Tăng cường phòng, chống sốt xuất huyết sau mưa lũ",
        Then::Submitted { to: VICE_CHAIRMAN, proposal: "Trạm Y tế và Phòng Văn hoá - Xã hội phối hợp" }),
    marked(Urgency::VeryUrgent, answered_in(0, came(0, 435, "4128/UBND-NNMT", "UBND tỉnh Hiếu Sơn", "cong-van",
        "Triển khai cấp bách các biện pháp phòng, chống bệnh dịch tả lợn châu Phi",
        Then::Submitted { to: CHAIRMAN, proposal: "Phòng Kinh tế chủ trì, Trạm Y tế phối hợp, hạn hai ngày làm việc" }))),
    came(0, 450, "326/GM-UBND", "UBND tỉnh Hiếu Sơn", "giay-moi",
        "Họp trực tuyến về giải ngân vốn đầu tư công quý IV",
        Then::Submitted { to: CHAIRMAN, proposal: "Chủ tịch dự họp, Phòng Kinh tế chuẩn bị số liệu" }),
    marked(Urgency::Urgent, answered_in(2, came(0, 470, "1842/UBND-KTN", "UBND tỉnh Hiếu Sơn", "cong-van",
        "Kiểm tra, bảo đảm an toàn hồ đập trong mùa mưa lũ",
        Then::Submitted { to: CHAIRMAN, proposal: "Phòng Kinh tế chủ trì, Công an xã phối hợp" }))),
    came(0, 495, "219/BC-THCS", "Trường THCS An Hiếu", "bao-cao",
        "Sơ kết công tác giáo dục học kỳ I",
        Then::Submitted { to: VICE_CHAIRMAN, proposal: "Phòng Văn hoá - Xã hội theo dõi" }),
    with_page("stc_bc_77.pdf", "Phan Thị Hiếu", came(0, 520, "77/BC-STC", "Sở Tài chính", "bao-cao",
        "Tổng hợp kết quả công tác tiếp công dân của thủ trưởng cơ quan, đơn vị",
        Then::Submitted { to: CHAIRMAN, proposal: "Văn phòng theo dõi, tổng hợp" })),
    came(0, 600, "58/TTr-MN", "Trường Mầm non An Hiếu", "to-trinh",
        "Xin bổ sung hai giáo viên hợp đồng cho học kỳ II",
        Then::Registered),
    came(0, 640, "1098/SDTTG-CSDT", "Sở Dân tộc và Tôn giáo", "cong-van",
        "Rà soát người có uy tín trong đồng bào dân tộc thiểu số",
        Then::Registered),
    marked(Urgency::Urgent, came(0, 690, "702/CCTL-QLCT", "Chi cục Thuỷ lợi", "cong-van",
        "Vận hành xả lũ hồ An Thái và cảnh báo hạ du",
        Then::Registered)),
    came(0, 820, "1330/SCT-QLTM", "Sở Công Thương", "cong-van",
        "Bảo đảm cân đối cung cầu hàng hoá dịp cuối năm",
        Then::Worked(worked(CHAIRMAN, "Phòng Kinh tế triển khai đến các chợ.", ECONOMY_HEAD, Some(10), &[]))),
];
