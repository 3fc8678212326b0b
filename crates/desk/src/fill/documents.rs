//! The documents of a day in a made-up agency and what becomes of each.
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{
    Act, Attachment, BookId, Calendar, DirectiveGiven, DirectiveId, DocumentId, IncomingFields,
    IncomingRegistered, Moment, OfficerId, OutgoingFields, Party, Recipient, Role, Sending, TaskId,
    TaskSet, UnitId, Urgency, Weight, render_number,
};

use super::chance::Chance;
use super::days::{a_while_later, days_later, in_office};
use super::fault::InventFault;
use super::office::{Office, lacks};
use super::scribe::{Scribe, Step};
use super::words::Words;

/// Of a hundred documents so many come in.
const INCOMING_PERCENT: u32 = 70;
/// Of a hundred drafts so many go through the leader; the others were signed on paper.
const SUBMITTED_PERCENT: u32 = 4;

/// What may be drafted here: kind, and the words before its subject.
const DRAFTED: [&str; 6] =
    ["cong-van", "quyet-dinh", "bao-cao", "thong-bao", "ke-hoach", "to-trinh"];

const DIRECTIVES: [&str; 8] = [
    "Chuyển bộ phận chuyên môn nghiên cứu, thực hiện.",
    "Để biết, lưu hồ sơ.",
    "Giao tham mưu văn bản triển khai.",
    "Phối hợp thực hiện theo đúng thời hạn.",
    "Đưa vào chương trình họp giao ban tuần.",
    "Nghiên cứu, báo cáo tôi trước khi thực hiện.",
    "Thông báo đến các thôn biết, thực hiện.",
    "Theo dõi, tổng hợp chung.",
];

/// Who does what in a made-up agency.
pub(crate) struct Flow<'a> {
    office: &'a Office,
    words: &'a Words,
    chance: Chance,
    tasks_per_hundred: u32,
    clerk: OfficerId,
    leader: OfficerId,
    officials: Vec<OfficerId>,
    units: Vec<UnitId>,
    incoming: BookId,
    outgoing: Vec<(&'static str, BookId)>,
}

impl Flow<'_> {
    /// Finds everybody.
    pub fn of<'a>(
        office: &'a Office,
        words: &'a Words,
        chance: Chance,
        tasks_per_hundred: u32,
    ) -> Result<Flow<'a>, InventFault> {
        let officers = || office.directory.officers.values();
        let with = |role: Role| {
            let found = officers().find(|officer| officer.is(role));
            found.map(|officer| officer.id).ok_or_else(|| lacks("officer of a role"))
        };
        let outgoing = DRAFTED
            .into_iter()
            .map(|kind| Ok((kind, office.outgoing_book(kind)?)))
            .collect::<Result<_, InventFault>>()?;
        Ok(Flow {
            office,
            words,
            chance,
            tasks_per_hundred,
            clerk: with(Role::Clerk)?,
            leader: with(Role::Leader)?,
            officials: officers().filter(|o| o.is(Role::Official)).map(|o| o.id).collect(),
            units: office.directory.units.keys().copied().collect(),
            incoming: office.book("Văn bản đến")?,
            outgoing,
        })
    }

    /// Thinks out the documents of one day.
    pub fn day(&mut self, scribe: &mut Scribe<'_>, day: Date, documents: u64) {
        for _ in 0..documents {
            let at = in_office(day, &mut self.chance);
            if self.chance.percent(INCOMING_PERCENT) {
                self.incoming(scribe, at);
            } else {
                self.outgoing(scribe, at);
            }
        }
    }

    fn calendar(&self) -> &Calendar {
        &self.office.directory.calendar
    }

    fn later(&mut self, at: Moment, days: u32) -> Moment {
        let calendar = &self.office.directory.calendar;
        days_later(calendar, at, days, &mut self.chance)
    }

    fn fields(&mut self, day: Date) -> IncomingFields {
        let words = self.words;
        let chance = &mut self.chance;
        let issuer = words.issuer(chance);
        let (kind, abbreviation) = words.coming_kind(chance);
        let symbol = if abbreviation.is_empty() {
            format!("{}-{}", issuer.abbreviation, chance.pick(issuer.units))
        } else {
            format!("{abbreviation}-{}", issuer.abbreviation)
        };
        let urgency = match chance.below(100) {
            0 => Urgency::Express,
            1 | 2 => Urgency::VeryUrgent,
            3..=7 => Urgency::Urgent,
            _ => Urgency::Normal,
        };
        IncomingFields {
            number: render_number(chance.between(1, 4800)),
            symbol,
            issued_on: Some(day.saturating_sub(i64::from(chance.between(0, 6)).days())),
            issuer: issuer.name.clone(),
            kind: kind.to_owned(),
            subject: words.subject(chance, day.year()),
            urgency,
            signer: words.people.any(chance),
            pages: Some(chance.between(1, 14)),
            ..IncomingFields::default()
        }
    }

    fn incoming(&mut self, scribe: &mut Scribe<'_>, at: Moment) {
        let document = DocumentId(self.office.clock.id_at(at));
        let fields = self.fields(at.date());
        let act = Act::RegisterIncoming(IncomingRegistered {
            document,
            book: self.incoming,
            arrived_on: at.date(),
            fields,
            attachments: Vec::new(),
            secret: false,
            slip: None,
            twin_reason: None,
            submit_to: None,
            arrival: None,
        });
        scribe.add(Step { at, by: self.clerk, numbered_in: Some(self.incoming), act });
        let minutes = self.chance.between(20, 240);
        let calendar = &self.office.directory.calendar;
        let then = a_while_later(calendar, at, minutes, &mut self.chance);
        if self.chance.percent(self.tasks_per_hundred) {
            self.assign(scribe, document, then);
        } else if self.chance.percent(85) {
            let information = vec![Party::Unit(*self.chance.pick(&self.units))];
            self.direct(scribe, document, then, None, information);
        } else {
            let reason = "Lưu tham khảo.".to_owned();
            scribe.plain(then, self.clerk, Act::CloseIncoming { document, reason });
        }
    }

    fn direct(
        &mut self,
        scribe: &mut Scribe<'_>,
        document: DocumentId,
        at: Moment,
        task: Option<TaskSet>,
        information: Vec<Party>,
    ) {
        let directive = DirectiveId(self.office.clock.id_at(at));
        let text = (*self.chance.pick(&DIRECTIVES)).to_owned();
        let given = DirectiveGiven { document, directive, text, task, information };
        scribe.plain(at, self.leader, Act::Direct(given));
    }

    /// Work from a document: given, handed in, accepted.
    fn assign(&mut self, scribe: &mut Scribe<'_>, document: DocumentId, at: Moment) {
        let task = TaskId(self.office.clock.id_at(at));
        let lead = *self.chance.pick(&self.officials);
        let allowed = self.chance.between(3, 15);
        let needed = self.chance.between(1, allowed + 2);
        let set = TaskSet {
            task,
            content: String::new(),
            lead: Party::Officer(lead),
            co: Vec::new(),
            deadline: Some(self.calendar().after(at.date(), allowed).date),
            weight: Weight::Regular,
            product: String::new(),
        };
        self.direct(scribe, document, at, Some(set), Vec::new());
        let handed_in = self.later(at, needed);
        let text = "Đã thực hiện xong theo ý kiến chỉ đạo.".to_owned();
        scribe.plain(handed_in, lead, Act::Report { task, text, files: Vec::new(), product: None });
        let answered = self.later(handed_in, 1);
        scribe.plain(answered, self.leader, Act::AcceptResult { task, remarks: String::new() });
    }

    fn outgoing(&mut self, scribe: &mut Scribe<'_>, at: Moment) {
        let document = DocumentId(self.office.clock.id_at(at));
        let (kind, book) = *self.chance.pick(&self.outgoing);
        let drafter = *self.chance.pick(&self.officials);
        let unit = self.office.directory.officers.get(&drafter).and_then(|officer| officer.unit);
        let submitted = self.chance.percent(SUBMITTED_PERCENT);
        let attachments = if submitted { vec![self.paper(document)] } else { Vec::new() };
        let fields = OutgoingFields {
            kind: kind.to_owned(),
            subject: self.words.subject(&mut self.chance, at.date().year()),
            signer: self.office.directory.name(self.leader),
            signer_position: "CHỦ TỊCH".to_owned(),
            unit,
            recipients: vec![Recipient {
                name: self.words.issuer(&mut self.chance).name.clone(),
                code: String::new(),
            }],
            pages: Some(self.chance.between(1, 9)),
            ..OutgoingFields::default()
        };
        let draft =
            Act::Draft { document, fields, attachments, answers: None, task: None, replaces: None };
        scribe.plain(at, drafter, draft);
        let mut then = at;
        if submitted {
            then = self.later(then, 0);
            scribe.plain(then, drafter, Act::SubmitDraft { document, to: self.leader });
            then = self.later(then, 1);
            let remarks = String::new();
            scribe.plain(then, self.leader, Act::ApproveDraft { document, remarks });
        }
        let days = self.chance.between(0, 1);
        then = self.later(then, days);
        let act = Act::RegisterOutgoing {
            document,
            book,
            on: then.date(),
            symbol: self.office.symbol(kind, unit, then.date().year()),
            slip: None,
            signed_on_paper: !submitted,
        };
        scribe.add(Step { at: then, by: self.clerk, numbered_in: Some(book), act });
        let sent = self.later(then, 0);
        let how = "Bưu điện".to_owned();
        let sending = Sending { document, on: sent.date(), how };
        scribe.plain(sent, self.clerk, Act::Send(sending));
    }

    /// The file of a draft; only its name and size stand in the register.
    fn paper(&mut self, document: DocumentId) -> Attachment {
        let mut hash = [0u8; 32];
        for (slot, byte) in hash.iter_mut().zip(document.0.into_iter().chain(document.0)) {
            *slot = byte;
        }
        Attachment {
            blob: register::BlobId(hash),
            name: "Dự thảo.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            size: u64::from(self.chance.between(40_000, 900_000)),
            pages: Some(2),
        }
    }
}
