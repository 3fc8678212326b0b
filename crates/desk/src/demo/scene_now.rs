//! What came in the last days, and what became of it so far.
use register::Urgency;

use super::cast::{
    BINH, CHAIRMAN, ECONOMY_HEAD, HUY, KHANH, OFFICE_HEAD, THIN, TRANG, VICE_CHAIRMAN,
};
use super::scene_came::{
    Came, Deed, Then, What, Worked, answered_in, came, marked, with_page, worked,
};

/// What came, oldest first.
pub(super) const NOW: &[Came] = &[
    came(
        5,
        505,
        "2210/SGDĐT-KHTC",
        "Sở Giáo dục và Đào tạo",
        "cong-van",
        "Rà soát cơ sở vật chất trường học sau bão",
        Then::Voided { reason: "Vào sổ nhầm: văn bản gửi Trường THPT Hiếu Sơn 2." },
    ),
    with_page(
        "daknong_kh_317.pdf",
        "Nguyễn Bốn",
        came(
            5,
            560,
            "317/KH-UBND",
            "UBND tỉnh Hiếu Sơn",
            "ke-hoach",
            "Sửa đổi, bổ sung Kế hoạch tuyển dụng công chức tỉnh năm nay",
            Then::Worked(Worked {
                information: &[VICE_CHAIRMAN],
                ..worked(
                    CHAIRMAN,
                    "Văn phòng rà soát biên chế, đề xuất nhu cầu tuyển dụng.",
                    "VP",
                    Some(7),
                    &[Deed(5, 640, What::Opened)],
                )
            }),
        ),
    ),
    came(
        4,
        495,
        "1177/STC-GCS",
        "Sở Tài chính",
        "cong-van",
        "Đăng ký mua sắm tập trung năm sau",
        Then::Worked(worked(CHAIRMAN, "Phòng Kinh tế tổng hợp nhu cầu.", "KT", Some(9), &[])),
    ),
    answered_in(
        6,
        came(
            3,
            530,
            "611/CCT-NVDTPC",
            "Chi cục Thuế khu vực",
            "cong-van",
            "Phối hợp rà soát đất phi nông nghiệp trên địa bàn xã",
            Then::Worked(worked(
                VICE_CHAIRMAN,
                "Phòng Kinh tế phối hợp.",
                "KT",
                Some(6),
                &[Deed(2, 500, What::Opened)],
            )),
        ),
    ),
    came(
        3,
        640,
        "540/CAX-QLHC",
        "Công an xã An Hiếu",
        "cong-van",
        "Phối hợp làm sạch dữ liệu hộ tịch đợt 4",
        Then::Worked(worked(VICE_CHAIRMAN, "Giao phối hợp với Công an xã.", BINH, Some(5), &[])),
    ),
    came(
        2,
        470,
        "87/TTr-THCS",
        "Trường THCS An Hiếu",
        "to-trinh",
        "Đề nghị sửa chữa mái nhà học bộ môn trước mùa bão",
        Then::Worked(worked(CHAIRMAN, "Kiểm tra ngay, đề xuất phương án.", HUY, Some(-1), &[])),
    ),
    came(
        2,
        620,
        "112-TB/ĐU",
        "Đảng uỷ xã An Hiếu",
        "thong-bao",
        "Kết luận của Ban Thường vụ Đảng uỷ về công tác giảm nghèo",
        Then::Informed {
            by: CHAIRMAN, to: &["VHXH"], words: "Phòng Văn hoá - Xã hội thực hiện."
        },
    ),
    with_page(
        "stc_tb_172.pdf",
        "Nguyễn Tấn Bi",
        came(
            2,
            860,
            "172/TB-STC",
            "Sở Tài chính",
            "thong-bao",
            "Lịch tiếp công dân tháng 12",
            Then::Informed {
                by: VICE_CHAIRMAN,
                to: &["TTPVHCC", OFFICE_HEAD],
                words: "Niêm yết tại Trung tâm.",
            },
        ),
    ),
    answered_in(
        7,
        came(
            1,
            475,
            "1876/STC-NS",
            "Sở Tài chính",
            "cong-van",
            "Đối chiếu dự toán, chuẩn bị khoá sổ ngân sách xã cuối năm",
            Then::Worked(Worked {
                co: &["VP"],
                ..worked(
                    CHAIRMAN,
                    "Phòng Kinh tế chủ trì.",
                    THIN,
                    Some(7),
                    &[
                        Deed(1, 610, What::Opened),
                        Deed(0, 490, What::Progress(10, "Đang đối chiếu với Kho bạc.")),
                    ],
                )
            }),
        ),
    ),
    marked(
        Urgency::Express,
        came(
            1,
            520,
            "19/CĐ-UBND",
            "UBND tỉnh Hiếu Sơn",
            "cong-dien",
            "Ứng phó mưa lớn, nguy cơ lũ quét, sạt lở đất",
            Then::Worked(Worked {
                co: &["BCHQS", "VP"],
                information: &[VICE_CHAIRMAN],
                ..worked(
                    CHAIRMAN,
                    "Trực ban ngay. Phòng Kinh tế chủ trì, Ban Chỉ huy Quân sự phối hợp.",
                    KHANH,
                    Some(0),
                    &[
                        Deed(1, 570, What::Opened),
                        Deed(1, 960, What::Progress(50, "Đã sơ tán 12 hộ thôn Yên Sơn.")),
                        Deed(0, 470, What::Progress(80, "Đường liên thôn đã thông.")),
                    ],
                )
            }),
        ),
    ),
    answered_in(
        3,
        came(
            1,
            545,
            "2417/SNV-CCHC",
            "Sở Nội vụ",
            "cong-van",
            "Rà soát, báo cáo kết quả thực hiện Kế hoạch cải cách hành chính năm nay",
            Then::Worked(Worked {
                co: &["KT", "VHXH"],
                information: &[VICE_CHAIRMAN],
                ..worked(
                    CHAIRMAN,
                    "Giao Văn phòng chủ trì, phối hợp các phòng. Trình tôi dự thảo báo cáo.",
                    TRANG,
                    Some(3),
                    &[
                        Deed(1, 640, What::Opened),
                        Deed(0, 500, What::Progress(40, "Đã có dự thảo lần 1.")),
                    ],
                )
            }),
        ),
    ),
    came(
        1,
        660,
        "3012/SXD-QH",
        "Sở Xây dựng",
        "cong-van",
        "Góp ý đồ án quy hoạch chung xã đến năm 2045",
        Then::Submitted {
            to: CHAIRMAN,
            proposal: "Phòng Kinh tế chủ trì, lấy ý kiến các thôn, hạn sáu ngày làm việc",
        },
    ),
    came(
        1,
        830,
        "64/BC-MTTQ",
        "Uỷ ban MTTQ xã An Hiếu",
        "bao-cao",
        "Kết quả lấy ý kiến cử tri trước kỳ họp cuối năm",
        Then::Submitted {
            to: CHAIRMAN, proposal: "Văn phòng tổng hợp vào báo cáo trình kỳ họp"
        },
    ),
    came(
        1,
        900,
        "1517/SYT-NVY",
        "Sở Y tế",
        "cong-van",
        "Tăng cường phòng, chống sốt xuất huyết sau mưa lũ",
        Then::Submitted {
            to: VICE_CHAIRMAN,
            proposal: "Trạm Y tế và Phòng Văn hoá - Xã hội phối hợp",
        },
    ),
    marked(
        Urgency::VeryUrgent,
        answered_in(
            0,
            came(
                0,
                435,
                "4128/UBND-NNMT",
                "UBND tỉnh Hiếu Sơn",
                "cong-van",
                "Triển khai cấp bách các biện pháp phòng, chống bệnh dịch tả lợn châu Phi",
                Then::Submitted {
                    to: CHAIRMAN,
                    proposal: "Phòng Kinh tế chủ trì, Trạm Y tế phối hợp, hạn hai ngày làm việc",
                },
            ),
        ),
    ),
    came(
        0,
        450,
        "326/GM-UBND",
        "UBND tỉnh Hiếu Sơn",
        "giay-moi",
        "Họp trực tuyến về giải ngân vốn đầu tư công quý IV",
        Then::Submitted {
            to: CHAIRMAN,
            proposal: "Chủ tịch dự họp, Phòng Kinh tế chuẩn bị số liệu",
        },
    ),
    marked(
        Urgency::Urgent,
        answered_in(
            2,
            came(
                0,
                470,
                "1842/UBND-KTN",
                "UBND tỉnh Hiếu Sơn",
                "cong-van",
                "Kiểm tra, bảo đảm an toàn hồ đập trong mùa mưa lũ",
                Then::Submitted {
                    to: CHAIRMAN,
                    proposal: "Phòng Kinh tế chủ trì, Công an xã phối hợp",
                },
            ),
        ),
    ),
    came(
        0,
        495,
        "219/BC-THCS",
        "Trường THCS An Hiếu",
        "bao-cao",
        "Sơ kết công tác giáo dục học kỳ I",
        Then::Submitted { to: VICE_CHAIRMAN, proposal: "Phòng Văn hoá - Xã hội theo dõi" },
    ),
    with_page(
        "stc_bc_77.pdf",
        "Phan Thị Hiếu",
        came(
            0,
            520,
            "77/BC-STC",
            "Sở Tài chính",
            "bao-cao",
            "Tổng hợp kết quả công tác tiếp công dân của thủ trưởng cơ quan, đơn vị",
            Then::Submitted { to: CHAIRMAN, proposal: "Văn phòng theo dõi, tổng hợp" },
        ),
    ),
    came(
        0,
        600,
        "58/TTr-MN",
        "Trường Mầm non An Hiếu",
        "to-trinh",
        "Xin bổ sung hai giáo viên hợp đồng cho học kỳ II",
        Then::Registered,
    ),
    came(
        0,
        640,
        "1098/SDTTG-CSDT",
        "Sở Dân tộc và Tôn giáo",
        "cong-van",
        "Rà soát người có uy tín trong đồng bào dân tộc thiểu số",
        Then::Registered,
    ),
    marked(
        Urgency::Urgent,
        came(
            0,
            690,
            "702/CCTL-QLCT",
            "Chi cục Thuỷ lợi",
            "cong-van",
            "Vận hành xả lũ hồ An Thái và cảnh báo hạ du",
            Then::Registered,
        ),
    ),
    came(
        0,
        820,
        "1330/SCT-QLTM",
        "Sở Công Thương",
        "cong-van",
        "Bảo đảm cân đối cung cầu hàng hoá dịp cuối năm",
        Then::Worked(worked(
            CHAIRMAN,
            "Phòng Kinh tế triển khai đến các chợ.",
            ECONOMY_HEAD,
            Some(10),
            &[],
        )),
    ),
];
