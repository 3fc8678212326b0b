//! Two years of ordinary days: what came, what was done about it, what went out.
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{
    Act, DirectiveGiven, DirectiveId, DocumentId, IncomingRegistered, Moment, OfficerId,
    OutgoingFields, Party, Recipient, Right, Sending, TaskId, TaskSet, UnitId, Weight, has,
};

use super::cast::{CHAIRMAN, CLERK, VICE_CHAIRMAN};
use super::past_words::PastWords;
use crate::fill::{
    Chance, InventFault, Office, Scribe, Step, a_while_later, days_later, in_office,
};

/// Of a hundred documents that came, so many were to be worked on.
const WORKED_ON: u32 = 20;
/// Days at the end which the scene fills with its own documents.
const SCENE_DAYS: usize = 6;
/// Days from which on everything is told: opened by the leader, opened by the lead, progress.
const TOLD_DAYS: usize = 45;

const WORDS: [&str; 7] = [
    "Chuyển phòng chuyên môn nghiên cứu, thực hiện.",
    "Giao tham mưu văn bản triển khai.",
    "Để biết, lưu hồ sơ công việc.",
    "Thông báo đến các thôn.",
    "Đưa vào chương trình công tác tháng.",
    "Theo dõi, tổng hợp chung vào báo cáo tháng.",
    "Thực hiện theo đúng thời hạn.",
];

const REPORTS: [&str; 4] = [
    "Đã thực hiện xong, có báo cáo kèm theo hồ sơ.",
    "Đã hoàn thành, số liệu đã nhập vào phần mềm của ngành.",
    "Đã triển khai đến các thôn, không có vướng mắc.",
    "Đã gửi báo cáo cho cơ quan yêu cầu.",
];

/// Adds the acts of all days.
pub(super) fn plan(
    office: &Office,
    scribe: &mut Scribe<'_>,
    chance: &mut Chance,
    days: &[Date],
) -> Result<(), InventFault> {
    let words = PastWords::of(chance);
    let mut past = Past::of(office, chance.clone(), words)?;
    let this_year = days.last().map_or(0, |day| day.year());
    for (at, day) in days.iter().enumerate() {
        let left = days.len() - at;
        let (came, went) = match (day.year() == this_year, left <= SCENE_DAYS) {
            (_, true) => (2, 1),
            (true, false) => (past.chance.between(4, 7), past.chance.between(1, 3)),
            (false, false) => (past.chance.between(1, 3), past.chance.between(0, 1)),
        };
        past.told = left <= TOLD_DAYS;
        for _ in 0..came {
            past.comes(scribe, *day);
        }
        for _ in 0..went {
            past.goes(scribe, *day)?;
        }
    }
    Ok(())
}

struct Past<'a> {
    office: &'a Office,
    chance: Chance,
    words: PastWords,
    clerk: OfficerId,
    leaders: [OfficerId; 2],
    workers: Vec<OfficerId>,
    units: Vec<UnitId>,
    told: bool,
}

impl<'a> Past<'a> {
    fn of(office: &'a Office, chance: Chance, words: PastWords) -> Result<Past<'a>, InventFault> {
        let officers = office.directory.officers.values();
        // Those who work in units; leaders and the clerk have other things to do.
        let works = officers.filter(|officer| {
            !has(officer, Right::SeeAll) && has(officer, Right::Work) && officer.unit.is_some()
        });
        Ok(Past {
            office,
            chance,
            words,
            clerk: office.who(CLERK)?,
            leaders: [office.who(CHAIRMAN)?, office.who(VICE_CHAIRMAN)?],
            workers: works.map(|officer| officer.id).collect(),
            units: office.directory.units.keys().copied().collect(),
            told: false,
        })
    }

    fn later(&mut self, at: Moment, days: u32) -> Moment {
        days_later(&self.office.directory.calendar, at, days, &mut self.chance)
    }

    fn comes(&mut self, scribe: &mut Scribe<'_>, day: Date) {
        let Ok(book) = self.office.book("Văn bản đến") else { return };
        let at = in_office(day, &mut self.chance);
        let document = DocumentId(self.office.clock.id_at(at));
        let mut fields = self.words.coming(&mut self.chance, day.year(), day.month());
        fields.issued_on = Some(day.saturating_sub(i64::from(self.chance.between(0, 5)).days()));
        let leader = if self.chance.percent(70) { self.leaders[0] } else { self.leaders[1] };
        let act = Act::RegisterIncoming(IncomingRegistered {
            document,
            book,
            arrived_on: day,
            fields,
            attachments: Vec::new(),
            secret: false,
            slip: None,
            twin_reason: None,
            submit_to: self.told.then_some(leader),
            arrival: None,
        });
        scribe.add(Step { at, by: self.clerk, numbered_in: Some(book), act });
        let minutes = self.chance.between(25, 300);
        let calendar = &self.office.directory.calendar;
        let then = a_while_later(calendar, at, minutes, &mut self.chance);
        if self.told {
            scribe.plain(then, leader, Act::Seen { document, outgoing: false });
        }
        if self.chance.percent(WORKED_ON) {
            self.work(scribe, document, leader, then);
        } else {
            let unit = Party::Unit(*self.chance.pick(&self.units));
            self.direct(scribe, document, leader, then, None, vec![unit]);
        }
    }

    fn direct(
        &mut self,
        scribe: &mut Scribe<'_>,
        document: DocumentId,
        leader: OfficerId,
        at: Moment,
        task: Option<TaskSet>,
        information: Vec<Party>,
    ) {
        let directive = DirectiveId(self.office.clock.id_at(at));
        let text = (*self.chance.pick(&WORDS)).to_owned();
        let given = DirectiveGiven { document, directive, text, task, information };
        scribe.plain(at, leader, Act::Direct(given));
    }

    fn work(
        &mut self,
        scribe: &mut Scribe<'_>,
        document: DocumentId,
        leader: OfficerId,
        at: Moment,
    ) {
        let lead = *self.chance.pick(&self.workers);
        let task = TaskId(self.office.clock.id_at(at));
        let allowed = self.chance.between(3, 12);
        // One in fifteen comes late.
        let needed = match self.chance.below(15) {
            0 => allowed + self.chance.between(1, 2),
            _ => self.chance.between(1, allowed.saturating_sub(1).max(1)),
        };
        let set = TaskSet {
            task,
            content: String::new(),
            lead: Party::Officer(lead),
            co: Vec::new(),
            deadline: Some(self.office.directory.calendar.after(at.date(), allowed).date),
            weight: Weight::Regular,
            product: String::new(),
        };
        self.direct(scribe, document, leader, at, Some(set), Vec::new());
        let mut worked = at;
        if self.told {
            worked = self.later(at, 0);
            scribe.plain(worked, lead, Act::SeenTask { task });
            let seen = Act::Seen { document, outgoing: false };
            scribe.plain(Moment(worked.0 + 45_000), lead, seen);
            let percent = if self.chance.percent(50) { 30 } else { 60 };
            worked = self.later(worked, needed / 2);
            let note = "Đang thực hiện.".to_owned();
            scribe.plain(worked, lead, Act::Progress { task, percent, note });
        }
        // Handed in after the progress, which may be told on the same day.
        let handed_in = Moment(self.later(at, needed).0.max(worked.0 + 1_800_000));
        let text = (*self.chance.pick(&REPORTS)).to_owned();
        scribe.plain(handed_in, lead, Act::Report { task, text, files: Vec::new(), product: None });
        let answered = self.later(handed_in, 1);
        scribe.plain(answered, leader, Act::AcceptResult { task, remarks: String::new() });
    }

    fn goes(&mut self, scribe: &mut Scribe<'_>, day: Date) -> Result<(), InventFault> {
        let at = in_office(day, &mut self.chance);
        let document = DocumentId(self.office.clock.id_at(at));
        let (kind, unit, subject, recipient) =
            self.words.going(&mut self.chance, day.year(), day.month());
        let unit = self.office.unit(unit)?.id;
        let officers = &self.office.directory.officers;
        let in_unit = |id: &OfficerId| officers.get(id).is_some_and(|o| o.unit == Some(unit));
        let drafters: Vec<OfficerId> = self.workers.iter().copied().filter(in_unit).collect();
        let drafter = if drafters.is_empty() { self.clerk } else { *self.chance.pick(&drafters) };
        let chairman = self.chance.percent(65);
        let signer = if chairman { CHAIRMAN } else { VICE_CHAIRMAN };
        let position =
            if chairman { "CHỦ TỊCH" } else { "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH" };
        let fields = OutgoingFields {
            kind: kind.to_owned(),
            subject,
            signer: signer.to_owned(),
            signer_position: position.to_owned(),
            unit: Some(unit),
            recipients: vec![Recipient { name: recipient, code: String::new() }],
            keeper: "Văn thư".to_owned(),
            copies: Some(self.chance.between(2, 20)),
            pages: Some(self.chance.between(1, 6)),
            ..OutgoingFields::default()
        };
        let (attachments, answers, task) = (Vec::new(), None, None);
        scribe.plain(
            at,
            drafter,
            Act::Draft { document, fields, attachments, answers, task, replaces: None },
        );
        let days = self.chance.between(0, 2);
        let numbered = self.later(at, days);
        let book = self.office.outgoing_book(kind)?;
        let act = Act::RegisterOutgoing {
            document,
            book,
            on: numbered.date(),
            symbol: self.office.symbol(kind, Some(unit), numbered.date().year()),
            slip: None,
            signed_on_paper: true,
        };
        scribe.add(Step { at: numbered, by: self.clerk, numbered_in: Some(book), act });
        let sent = self.later(numbered, 0);
        let how = if self.chance.percent(70) { "Chuyển tay" } else { "Bưu điện" };
        let sending = Sending { document, on: sent.date(), how: how.to_owned() };
        scribe.plain(sent, self.clerk, Act::Send(sending));
        Ok(())
    }
}
