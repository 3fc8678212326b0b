//! What goes out of the scene: drafts at every stage, numbers given, one of them voided.
use std::collections::BTreeMap;

use register::{Act, DocumentId, Moment, OutgoingFields, Recipient, Sending};

use super::cast::{
    CHAIRMAN, CLERK, HUY, KHANH, NGHIA, NHUNG, OFFICE_HEAD, THIN, TRANG, VICE_CHAIRMAN,
};
use super::scene::Pages;
use super::timing::Timing;
use crate::fill::{InventFault, Office, Scribe, Step, lacks};

/// One draft and what was done about it.
struct Drafted {
    days_ago: u32,
    minute: u32,
    by: &'static str,
    kind: &'static str,
    unit: &'static str,
    subject: &'static str,
    to: &'static [&'static str],
    page: &'static str,
    /// Number and symbol of the document it answers; empty for none.
    answers: &'static str,
    so_far: &'static [Deed],
}

/// One thing done about a draft: working days before the last one, minute, deed.
struct Deed(u32, u32, What);

#[derive(Clone, Copy)]
enum What {
    Submitted(&'static str),
    Opened(&'static str),
    Returned(&'static str, &'static str),
    Approved(&'static str),
    Numbered,
    SignedOnPaper,
    Sent(&'static str),
    Voided(&'static str),
    GivenUp(&'static str),
}

const REPORT: &str = "stc_bc_105.pdf";
const LETTER: &str = "stc_bc_140.pdf";

const DRAFTED: &[Drafted] = &[
    Drafted {
        days_ago: 1,
        minute: 500,
        by: TRANG,
        kind: "bao-cao",
        unit: "VP",
        subject: "Kết quả kiểm tra, bảo đảm an toàn hồ đập trước mùa mưa lũ",
        to: &["UBND tỉnh Hiếu Sơn", "Sở Nông nghiệp và Môi trường"],
        page: REPORT,
        answers: "",
        so_far: &[Deed(0, 480, What::Submitted(CHAIRMAN))],
    },
    Drafted {
        days_ago: 6,
        minute: 600,
        by: HUY,
        kind: "quyet-dinh",
        unit: "KT",
        subject: "Phê duyệt kết quả lựa chọn nhà thầu sửa chữa đường thôn An Thái",
        to: &["Phòng Kinh tế", "Nhà thầu được chọn"],
        page: LETTER,
        answers: "",
        so_far: &[
            Deed(5, 480, What::Submitted(CHAIRMAN)),
            Deed(4, 500, What::Opened(CHAIRMAN)),
            Deed(
                4,
                520,
                What::Returned(
                    CHAIRMAN,
                    "Bổ sung căn cứ là báo cáo thẩm định và giá trúng thầu bằng chữ.",
                ),
            ),
            Deed(1, 930, What::Submitted(CHAIRMAN)),
        ],
    },
    Drafted {
        days_ago: 0,
        minute: 510,
        by: TRANG,
        kind: "bao-cao",
        unit: "VP",
        subject: "Kết quả thực hiện Kế hoạch cải cách hành chính năm nay",
        to: &["Sở Nội vụ"],
        page: "",
        answers: "2417/SNV-CCHC",
        so_far: &[],
    },
    Drafted {
        days_ago: 2,
        minute: 840,
        by: NHUNG,
        kind: "ke-hoach",
        unit: "VHXH",
        subject: "Tổ chức ngày hội Đại đoàn kết toàn dân tộc tại các thôn",
        to: &["Các thôn"],
        page: LETTER,
        answers: "1422/SVHTTDL-GĐ",
        so_far: &[
            Deed(1, 480, What::Submitted(VICE_CHAIRMAN)),
            Deed(1, 600, What::Opened(VICE_CHAIRMAN)),
            Deed(
                1,
                610,
                What::Returned(VICE_CHAIRMAN, "Ghi rõ kinh phí và thời gian của từng thôn."),
            ),
        ],
    },
    Drafted {
        days_ago: 2,
        minute: 500,
        by: THIN,
        kind: "cong-van",
        unit: "KT",
        subject: "Đề nghị hỗ trợ kinh phí khắc phục thiệt hại do mưa lũ",
        to: &["Sở Tài chính"],
        page: REPORT,
        answers: "",
        so_far: &[Deed(2, 640, What::Submitted(CHAIRMAN)), Deed(1, 500, What::Approved(CHAIRMAN))],
    },
    Drafted {
        days_ago: 1,
        minute: 560,
        by: KHANH,
        kind: "thong-bao",
        unit: "KT",
        subject: "Tạm cấm đường ngầm tràn thôn Yên Sơn khi có lũ",
        to: &["Các thôn", "Công an xã An Hiếu"],
        page: LETTER,
        answers: "19/CĐ-UBND",
        so_far: &[
            Deed(1, 620, What::Submitted(VICE_CHAIRMAN)),
            Deed(0, 470, What::Approved(VICE_CHAIRMAN)),
        ],
    },
    Drafted {
        days_ago: 1,
        minute: 470,
        by: TRANG,
        kind: "giay-moi",
        unit: "VP",
        subject: "Họp triển khai phòng, chống mưa lũ",
        to: &[
            "Công an xã An Hiếu",
            "Trạm Y tế xã An Hiếu",
            "Trường THCS An Hiếu",
            "Ban Chỉ huy Quân sự xã An Hiếu",
        ],
        page: LETTER,
        answers: "",
        so_far: &[
            Deed(1, 480, What::Submitted(CHAIRMAN)),
            Deed(1, 495, What::Approved(CHAIRMAN)),
            Deed(1, 505, What::Numbered),
            Deed(1, 515, What::Sent("Chuyển tay")),
        ],
    },
    Drafted {
        days_ago: 1,
        minute: 820,
        by: NGHIA,
        kind: "bao-cao",
        unit: "KT",
        subject: "Nhanh tình hình thiệt hại do mưa lũ",
        to: &["UBND tỉnh Hiếu Sơn"],
        page: REPORT,
        answers: "",
        so_far: &[
            Deed(1, 860, What::Submitted(VICE_CHAIRMAN)),
            Deed(1, 900, What::Approved(VICE_CHAIRMAN)),
            Deed(0, 460, What::Numbered),
        ],
    },
    Drafted {
        days_ago: 0,
        minute: 445,
        by: OFFICE_HEAD,
        kind: "cong-van",
        unit: "VP",
        subject: "Cử người trực ban phòng, chống thiên tai",
        to: &["Các phòng, đơn vị thuộc xã"],
        page: "",
        answers: "",
        so_far: &[Deed(0, 490, What::SignedOnPaper)],
    },
    Drafted {
        days_ago: 3,
        minute: 490,
        by: THIN,
        kind: "quyet-dinh",
        unit: "KT",
        subject: "Giao bổ sung dự toán chi sự nghiệp kinh tế",
        to: &["Phòng Kinh tế"],
        page: "",
        answers: "",
        so_far: &[
            Deed(3, 560, What::SignedOnPaper),
            Deed(
                3,
                600,
                What::Voided("Ghi sai số tiền trên bản ký; Chủ tịch ký lại quyết định khác."),
            ),
        ],
    },
    Drafted {
        days_ago: 4,
        minute: 490,
        by: KHANH,
        kind: "cong-van",
        unit: "KT",
        subject: "Xin gia hạn rà soát cầu yếu, ngầm tràn",
        to: &["Sở Xây dựng"],
        page: "",
        answers: "2933/SXD-HTKT",
        so_far: &[Deed(4, 900, What::GivenUp("Sở đã giao cho đơn vị khác."))],
    },
    Drafted {
        days_ago: 2,
        minute: 560,
        by: NHUNG,
        kind: "cong-van",
        unit: "VHXH",
        subject: "Phối hợp phát thanh cảnh báo mưa lũ trên đài truyền thanh các thôn",
        to: &["Các thôn"],
        page: REPORT,
        answers: "",
        so_far: &[
            Deed(2, 600, What::Submitted(VICE_CHAIRMAN)),
            Deed(2, 660, What::Approved(VICE_CHAIRMAN)),
            Deed(2, 700, What::Numbered),
            Deed(2, 840, What::Sent("Chuyển tay")),
        ],
    },
];

/// Adds the drafts; `known` are the documents that came.
pub(super) fn plan(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    pages: &Pages,
    known: &BTreeMap<&str, DocumentId>,
) -> Result<(), InventFault> {
    for drafted in DRAFTED {
        let at = timing.at(drafted.days_ago, drafted.minute);
        let document = DocumentId(office.clock.id_at(at));
        let attachments = match drafted.page {
            "" => Vec::new(),
            page => vec![pages.get(page).cloned().ok_or_else(|| lacks(page))?],
        };
        let answers = known.get(drafted.answers).copied();
        let fields = fields(office, drafted)?;
        let act = Act::Draft { document, fields, attachments, answers, task: None, replaces: None };
        scribe.plain(at, office.who(drafted.by)?, act);
        for Deed(days_ago, minute, what) in drafted.so_far {
            let at = timing.at(*days_ago, *minute);
            goes_on(office, scribe, (at, document), drafted, *what)?;
        }
    }
    Ok(())
}

fn fields(office: &Office, drafted: &Drafted) -> Result<OutgoingFields, InventFault> {
    let by_vice = drafted.so_far.iter().any(|Deed(_, _, what)| match what {
        What::Submitted(to) => *to == VICE_CHAIRMAN,
        What::Opened(_)
        | What::Returned(..)
        | What::Approved(_)
        | What::Numbered
        | What::SignedOnPaper
        | What::Sent(_)
        | What::Voided(_)
        | What::GivenUp(_) => false,
    });
    let (signer, position) = match by_vice {
        true => (VICE_CHAIRMAN, "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
        false => (CHAIRMAN, "CHỦ TỊCH"),
    };
    let named = |name: &&str| Recipient { name: (*name).to_owned(), code: String::new() };
    Ok(OutgoingFields {
        kind: drafted.kind.to_owned(),
        subject: drafted.subject.to_owned(),
        signer: signer.to_owned(),
        signer_position: position.to_owned(),
        unit: Some(office.unit(drafted.unit)?.id),
        recipients: drafted.to.iter().map(named).collect(),
        keeper: "Văn thư".to_owned(),
        copies: Some(5),
        pages: Some(2),
        ..OutgoingFields::default()
    })
}

fn goes_on(
    office: &Office,
    scribe: &mut Scribe<'_>,
    (at, document): (Moment, DocumentId),
    drafted: &Drafted,
    what: What,
) -> Result<(), InventFault> {
    let clerk = office.who(CLERK)?;
    let drafter = office.who(drafted.by)?;
    let (by, act) = match what {
        What::Submitted(to) => (drafter, Act::SubmitDraft { document, to: office.who(to)? }),
        What::Opened(by) => (office.who(by)?, Act::Seen { document, outgoing: true }),
        What::Returned(by, remarks) => {
            (office.who(by)?, Act::ReturnDraft { document, remarks: remarks.to_owned() })
        }
        What::Approved(by) => {
            (office.who(by)?, Act::ApproveDraft { document, remarks: String::new() })
        }
        What::Numbered => return numbered(office, scribe, (at, document), drafted, Signed::Here),
        What::SignedOnPaper => {
            return numbered(office, scribe, (at, document), drafted, Signed::OnPaper);
        }
        What::Sent(how) => {
            let (on, how) = (at.date(), how.to_owned());
            (clerk, Act::Send(Sending { document, on, how }))
        }
        What::Voided(reason) => {
            (clerk, Act::Void { document, outgoing: true, reason: reason.to_owned() })
        }
        What::GivenUp(reason) => {
            (drafter, Act::Void { document, outgoing: true, reason: reason.to_owned() })
        }
    };
    scribe.plain(at, by, act);
    Ok(())
}

/// Where the leader agreed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    Here,
    OnPaper,
}

fn numbered(
    office: &Office,
    scribe: &mut Scribe<'_>,
    (at, document): (Moment, DocumentId),
    drafted: &Drafted,
    signed: Signed,
) -> Result<(), InventFault> {
    let book = office.outgoing_book(drafted.kind)?;
    let unit = Some(office.unit(drafted.unit)?.id);
    let act = Act::RegisterOutgoing {
        document,
        book,
        on: at.date(),
        symbol: office.symbol(drafted.kind, unit, at.date().year()),
        slip: None,
        signed_on_paper: signed == Signed::OnPaper,
    };
    scribe.add(Step { at, by: office.who(CLERK)?, numbered_in: Some(book), act });
    Ok(())
}
