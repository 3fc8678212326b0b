//! How the scene goes on: opened, directed, worked on, answered; and work without a document.
use register::{
    Act, DirectiveGiven, DirectiveId, DocumentId, OfficerId, Party, Role, TaskId, TaskSet, Weight,
};

use super::cast::{CHAIRMAN, CLERK, ECONOMY_HEAD, NGHIA, OFFICE_HEAD, THIN, TRANG, VICE_CHAIRMAN};
use super::scene_came::{Deed, Then, What, Worked};
use super::timing::Timing;
use crate::fill::{InventFault, Office, Scribe, lacks};

/// Minutes after the arrival at which a leader opens and directs.
const OPENED_AFTER: u32 = 22;
const DIRECTED_AFTER: u32 = 28;

/// Where and when a document came.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub days_ago: u32,
    pub minute: u32,
    pub document: DocumentId,
}

/// A task whose deeds are told.
struct Told<'a> {
    task: TaskId,
    document: Option<(DocumentId, DirectiveId)>,
    assigner: OfficerId,
    lead: Party,
    so_far: &'a [Deed],
}

/// Adds what became of a document.
pub(super) fn follow(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    place: Place,
    then: &Then,
) -> Result<(), InventFault> {
    let Place { days_ago, minute, document } = place;
    let clerk = office.who(CLERK)?;
    let soon = timing.at(days_ago, minute + 12);
    match then {
        Then::Registered | Then::Submitted { .. } => Ok(()),
        Then::Closed { reason } => {
            let reason = (*reason).to_owned();
            scribe.plain(soon, clerk, Act::CloseIncoming { document, reason });
            Ok(())
        }
        Then::Voided { reason } => {
            let reason = (*reason).to_owned();
            scribe.plain(soon, clerk, Act::Void { document, outgoing: false, reason });
            Ok(())
        }
        Then::Informed { by, to, words } => {
            let information = parties(office, to)?;
            let given = Given { by, words, task: None, information };
            direct(office, scribe, timing, place, given).map(|_| ())
        }
        Then::Worked(worked) => work(office, scribe, timing, place, worked),
    }
}

struct Given<'a> {
    by: &'a str,
    words: &'a str,
    task: Option<TaskSet>,
    information: Vec<Party>,
}

fn direct(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    place: Place,
    given: Given<'_>,
) -> Result<DirectiveId, InventFault> {
    let Place { days_ago, minute, document } = place;
    let by = office.who(given.by)?;
    let opened = timing.at(days_ago, minute + OPENED_AFTER);
    scribe.plain(opened, by, Act::Seen { document, outgoing: false });
    let at = timing.at(days_ago, minute + DIRECTED_AFTER);
    let directive = DirectiveId(office.clock.id_at(at));
    let act = Act::Direct(DirectiveGiven {
        document,
        directive,
        text: given.words.to_owned(),
        task: given.task,
        information: given.information,
    });
    scribe.plain(at, by, act);
    Ok(directive)
}

fn work(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    place: Place,
    worked: &Worked,
) -> Result<(), InventFault> {
    let lead = office.party(worked.lead)?;
    let at = timing.at(place.days_ago, place.minute + DIRECTED_AFTER);
    let task = TaskId(office.clock.id_at(at));
    let set = TaskSet {
        task,
        content: String::new(),
        lead,
        co: parties(office, worked.co)?,
        deadline: worked.due.map(|days| timing.due(days)),
        weight: Weight::Regular,
        product: String::new(),
    };
    let given = Given {
        by: worked.by,
        words: worked.words,
        task: Some(set),
        information: parties(office, worked.information)?,
    };
    let directive = direct(office, scribe, timing, place, given)?;
    let told = Told {
        task,
        document: Some((place.document, directive)),
        assigner: office.who(worked.by)?,
        lead,
        so_far: worked.so_far,
    };
    tell(office, scribe, timing, told)
}

/// Work without a document: working days before the last one, who gives it, to whom, what, what
/// sort of work, days until it is due, deeds.
type Alone = (u32, &'static str, &'static str, &'static str, Weight, Option<i32>, &'static [Deed]);

const ALONE: [Alone; 6] = [
    (
        9,
        CHAIRMAN,
        TRANG,
        "Lập kế hoạch trực Tết Dương lịch",
        Weight::Regular,
        Some(6),
        &[
            Deed(8, 500, What::Opened),
            Deed(1, 600, What::Reported("Có dự thảo kế hoạch và bảng phân công.")),
        ],
    ),
    (
        6,
        VICE_CHAIRMAN,
        NGHIA,
        "Góp ý quy chế phối hợp trực lũ giữa các xã hạ du",
        Weight::Regular,
        None,
        &[],
    ),
    (
        4,
        CHAIRMAN,
        NGHIA,
        "Báo cáo nhanh thiệt hại do mưa lũ hằng ngày",
        Weight::Unplanned,
        Some(2),
        &[Deed(4, 600, What::Opened), Deed(3, 930, What::Progress(10, "Đã gửi báo cáo ngày đầu."))],
    ),
    (
        10,
        OFFICE_HEAD,
        "Trần Thị Vân",
        "Sắp xếp kho lưu trữ tạm của Văn phòng",
        Weight::Regular,
        Some(12),
        &[Deed(9, 480, What::Opened), Deed(5, 600, What::Progress(35, "Xong năm trước."))],
    ),
    (
        7,
        ECONOMY_HEAD,
        THIN,
        "Cập nhật danh mục dự án đầu tư công của xã",
        Weight::Key,
        Some(8),
        &[Deed(6, 480, What::Opened)],
    ),
    (
        8,
        CHAIRMAN,
        TRANG,
        "Chuẩn bị hội nghị đối thoại với thanh niên",
        Weight::Regular,
        Some(4),
        &[Deed(7, 480, What::Recalled("Đoàn xã đã nhận chuẩn bị hội nghị này."))],
    ),
];

/// Adds the work that comes from no document.
pub(super) fn alone(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
) -> Result<(), InventFault> {
    for (days_ago, by, lead, content, weight, due, so_far) in ALONE {
        let at = timing.at(days_ago, 465);
        let (by, lead) = (office.who(by)?, office.party(lead)?);
        let task = TaskId(office.clock.id_at(at));
        let set = TaskSet {
            task,
            content: content.to_owned(),
            lead,
            co: Vec::new(),
            deadline: due.map(|days| timing.due(days)),
            weight,
            product: String::new(),
        };
        scribe.plain(at, by, Act::CreateTask { set, information: Vec::new() });
        let told = Told { task, document: None, assigner: by, lead, so_far };
        tell(office, scribe, timing, told)?;
    }
    Ok(())
}

fn tell(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    told: Told<'_>,
) -> Result<(), InventFault> {
    let Told { task, document, assigner, mut lead, so_far } = told;
    for Deed(days_ago, minute, what) in so_far {
        let at = timing.at(*days_ago, *minute);
        let does = doer(office, lead)?;
        if let (What::Opened, Some((document, _))) = (what, document) {
            scribe.plain(at, does, Act::Seen { document, outgoing: false });
        }
        let (by, act) = match *what {
            What::Opened => (does, Act::SeenTask { task }),
            What::Progress(percent, note) => {
                (does, Act::Progress { task, percent, note: note.to_owned() })
            }
            What::Reported(text) => {
                let text = text.to_owned();
                (does, Act::Report { task, text, files: Vec::new(), product: None })
            }
            What::Returned(remarks) => {
                (assigner, Act::ReturnResult { task, remarks: remarks.to_owned() })
            }
            What::Accepted => (assigner, Act::AcceptResult { task, remarks: String::new() }),
            What::AskedFor(days, reason) => {
                let until = timing.due(days);
                (does, Act::AskExtension { task, until, reason: reason.to_owned() })
            }
            What::Granted(remarks) => {
                let remarks = remarks.to_owned();
                (assigner, Act::DecideExtension { task, grant: true, remarks })
            }
            What::Refused(remarks) => {
                let remarks = remarks.to_owned();
                (assigner, Act::DecideExtension { task, grant: false, remarks })
            }
            What::Reminded(note) => {
                (office.who(OFFICE_HEAD)?, Act::Remind { task, note: note.to_owned() })
            }
            What::Transferred(by, to) => {
                lead = office.party(to)?;
                let note = String::new();
                (office.who(by)?, Act::Transfer { task, to: lead, note })
            }
            What::Recalled(reason) => (assigner, taken_back(task, document, reason)),
        };
        scribe.plain(at, by, act);
    }
    Ok(())
}

fn taken_back(task: TaskId, document: Option<(DocumentId, DirectiveId)>, reason: &str) -> Act {
    let reason = reason.to_owned();
    match document {
        Some((document, directive)) => Act::RecallDirective { document, directive, reason },
        None => Act::WithdrawTask { task, reason },
    }
}

/// Who does the work of a lead: himself, or the head of the unit.
fn doer(office: &Office, lead: Party) -> Result<OfficerId, InventFault> {
    match lead {
        Party::Officer(id) => Ok(id),
        Party::Unit(unit) => {
            let mut officers = office.directory.officers.values();
            let head = officers
                .find(|officer| officer.unit == Some(unit) && officer.is(Role::UnitHead))
                .or_else(|| {
                    let mut officers = office.directory.officers.values();
                    officers
                        .find(|officer| officer.unit == Some(unit) && officer.is(Role::OfficeHead))
                });
            head.map(|officer| officer.id).ok_or_else(|| lacks("head of a unit"))
        }
    }
}

fn parties(office: &Office, named: &[&str]) -> Result<Vec<Party>, InventFault> {
    named.iter().map(|named| office.party(named)).collect()
}
