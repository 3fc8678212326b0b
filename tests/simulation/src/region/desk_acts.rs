//! What people of a region do at their PCs.
use register::{
    Act, Address, Addressee, Arrival, Attachment, BlobId, BookId, DirectiveGiven, DirectiveId,
    DocumentId, Holder, IncomingFields, IncomingRegistered, Issued, Key, LeaseClaim, Outgoing,
    OutgoingFields, Parcel, ParcelId, Party, State, Task, TaskId, TaskSet, Weight,
};

use super::Region;
use super::place::{ARRIVALS, ISSUES, LEADER, Place};

impl Region {
    /// Somebody of this agency does something.
    pub(super) fn somebody_acts(&mut self, at: usize) {
        let seat = self.chance.below(5) as usize;
        if seat >= 2 {
            self.the_leader_acts(at);
            return;
        }
        match self.chance.below(100) {
            0..25 if seat == 0 => self.issues(at),
            0..25 => self.chases(at, seat),
            25..65 => self.takes_in(at, seat),
            65..72 => self.sends_back(at, seat),
            72..84 => self.recalls(at, seat),
            84..95 => self.answers_recall(at, seat),
            _ => self.voids(at, seat),
        }
    }

    fn acts(&mut self, at: usize, seat: usize, act: Act, claim: Option<LeaseClaim>) -> bool {
        let now = self.now;
        let Some(place) = self.places.get_mut(at) else { return false };
        let mut command = place.command(seat, act, now);
        command.lease = claim;
        place.does(seat, command)
    }

    fn shown<T>(&self, at: usize, seat: usize, pick: impl Fn(&State) -> Option<T>) -> Vec<T> {
        let seat = self.places.get(at).and_then(|place| place.seats.get(seat));
        seat.map(|seat| seat.shown.values().filter_map(pick).collect()).unwrap_or_default()
    }

    fn claim(&self, at: usize, seat: usize, book: BookId) -> Option<LeaseClaim> {
        let seat = self.places.get(at)?.seats.get(seat)?;
        let Some(State::Book(known)) = seat.shown.get(&Key::Book(book)) else { return None };
        let held = known.lease.holder == Holder::Device(seat.dev);
        let year = self.now.date().year();
        let (epoch, number) = (known.lease.epoch, known.year(year).next);
        held.then_some(LeaseClaim { book, epoch, year, number })
    }

    /// A new document, or one that is there, goes to one agency or to several.
    fn issues(&mut self, at: usize) {
        let documents = self.shown(at, 0, outgoing);
        let sent = self.chance.of_list(&documents).filter(|_| self.made.is_multiple_of(3)).cloned();
        let mut replaced = None;
        let document = match sent {
            Some(known) => known.id,
            None => {
                let sent = documents.iter().filter(|document| document.dispatch.is_some());
                let sent: Vec<DocumentId> = sent.map(|document| document.id).collect();
                let wrong = self.chance.one_in(4);
                replaced = self.chance.of_list(&sent).copied().filter(|_| wrong);
                let Some(made) = self.drafts(at, replaced) else { return };
                made
            }
        };
        let before = self.shown(at, 0, parcel);
        let others: Vec<Address> = (self.places.iter().enumerate())
            .filter(|(other, _)| *other != at)
            .map(|(other, place)| address(other, place))
            .collect();
        let mut to = Vec::new();
        for address in others {
            if self.chance.percent(60) {
                let parcel = ParcelId(self.id());
                let (purpose, due) = (String::new(), None);
                let same = |one: &&Parcel| {
                    Some(one.document) == replaced && one.to.agency == address.agency
                };
                let replaces = before.iter().find(same).map(|one| one.id);
                if replaces.is_some() {
                    self.tally.add("replaced");
                }
                to.push(Addressee { parcel, to: address, purpose, due, replaces });
            }
        }
        let parcels: Vec<ParcelId> = to.iter().map(|addressee| addressee.parcel).collect();
        let (on, how) = (self.now.date(), String::new());
        if self.acts(at, 0, Act::Issue(Issued { document, on, how, to }), None) {
            self.tally.add("issued");
            if self.chance.percent(40)
                && let Some(place) = self.places.get_mut(at)
            {
                place.files_on_the_way.extend(parcels);
            }
        }
    }

    fn drafts(&mut self, at: usize, replaces: Option<DocumentId>) -> Option<DocumentId> {
        let document = DocumentId(self.id());
        let file = Attachment {
            blob: BlobId([self.made as u8; 32]),
            name: "Công văn.pdf".into(),
            mime: "application/pdf".into(),
            size: 1,
            pages: None,
        };
        let fields = OutgoingFields {
            kind: "cong-van".into(),
            subject: format!("Công văn {}", self.made),
            signer: "Hùng".into(),
            ..OutgoingFields::default()
        };
        let attachments = vec![file];
        let draft =
            Act::Draft { document, fields, attachments, answers: None, task: None, replaces };
        let claim = self.claim(at, 0, ISSUES)?;
        let on = self.now.date();
        let registered = Act::RegisterOutgoing {
            document,
            book: ISSUES,
            on,
            symbol: "UBND".into(),
            slip: None,
            signed_on_paper: true,
        };
        let done = self.acts(at, 0, draft, None) && self.acts(at, 0, registered, Some(claim));
        done.then_some(document)
    }

    fn takes_in(&mut self, at: usize, seat: usize) {
        let open = self.shown(at, seat, |state| {
            arrival(state).filter(|one| one.waits() && one.taken_in.is_none())
        });
        let Some(came) = self.chance.of_list(&open).cloned() else { return };
        let claim = self.claim(at, seat, ARRIVALS);
        let document = DocumentId(self.id());
        let fields = IncomingFields {
            number: came.letter.number.clone(),
            symbol: came.letter.symbol.clone(),
            issuer: came.from.name.clone(),
            kind: came.letter.kind.clone(),
            subject: came.letter.subject.clone(),
            ..IncomingFields::default()
        };
        let registered = IncomingRegistered {
            document,
            book: ARRIVALS,
            arrived_on: self.now.date(),
            fields,
            attachments: came.letter.files.clone(),
            secret: false,
            slip: claim.is_none().then(|| format!("T-{}", self.made)),
            twin_reason: None,
            submit_to: Some(LEADER),
            arrival: Some(came.id),
        };
        if self.acts(at, seat, Act::RegisterIncoming(registered), claim) {
            self.tally.add("taken_in");
        }
    }

    fn sends_back(&mut self, at: usize, seat: usize) {
        let open = self.shown(at, seat, |state| {
            arrival(state).filter(|one| one.waits() && one.taken_in.is_none())
        });
        let Some(came) = self.chance.of_list(&open).map(|one| one.id) else { return };
        let (reason, misaddressed) = ("không thuộc thẩm quyền".into(), self.chance.one_in(2));
        if self.acts(at, seat, Act::RefuseArrival { arrival: came, reason, misaddressed }, None) {
            self.tally.add("sent_back");
        }
    }

    fn chases(&mut self, at: usize, seat: usize) {
        let unanswered = self.shown(at, seat, |state| parcel(state).filter(Parcel::is_unanswered));
        let Some(one) = self.chance.of_list(&unanswered).map(|one| one.id) else { return };
        if self.acts(at, seat, Act::Chase { parcels: vec![one], note: "nhắc".into() }, None) {
            self.tally.add("chased");
        }
    }

    fn recalls(&mut self, at: usize, seat: usize) {
        let live = self.shown(at, seat, |state| parcel(state).filter(Parcel::is_live));
        let Some(one) = self.chance.of_list(&live).cloned() else { return };
        let all = self.chance.one_in(3);
        let chosen = |other: &&Parcel| {
            if all { other.document == one.document } else { other.id == one.id }
        };
        let parcels = live.iter().filter(chosen).map(|other| other.id).collect();
        let (document, reason) = (one.document, "sai trích yếu".into());
        let instead = self.shown(at, seat, |state| {
            outgoing(state).filter(|other| other.replaces == Some(document))
        });
        let replaced_by = self.chance.of_list(&instead).map(|other| other.id);
        let act = Act::Recall { document, parcels, reason, replaced_by };
        if self.acts(at, seat, act, None) {
            self.tally.add("recall_asked");
        }
    }

    fn answers_recall(&mut self, at: usize, seat: usize) {
        let asked = self.shown(at, seat, |state| arrival(state).filter(is_asked));
        let Some(one) = self.chance.of_list(&asked).map(|one| one.id) else { return };
        let agree = self.chance.percent(60);
        let reason = if agree { String::new() } else { "đã giải quyết".into() };
        if self.acts(at, seat, Act::AnswerRecall { arrival: one, agree, reason }, None) {
            self.tally.add(if agree { "given_back" } else { "kept_back" });
        }
    }

    fn voids(&mut self, at: usize, seat: usize) {
        let came = self.shown(at, seat, |state| match state {
            State::Incoming(document) if document.void.is_none() => Some(document.id),
            _ => None,
        });
        let Some(document) = self.chance.of_list(&came).copied() else { return };
        let act = Act::Void { document, outgoing: false, reason: "vào nhầm".into() };
        if self.acts(at, seat, act, None) {
            self.tally.add("voided");
        }
    }

    fn the_leader_acts(&mut self, at: usize) {
        let documents = self.shown(at, 2, |state| match state {
            State::Incoming(document) if document.void.is_none() => Some((**document).clone()),
            _ => None,
        });
        let Some(document) = self.chance.of_list(&documents).cloned() else { return };
        let tasks = self.shown(at, 2, |state| task(state, document.id));
        let act = match (tasks.first(), self.chance.below(4)) {
            (None, 0) => Act::CloseIncoming { document: document.id, reason: String::new() },
            (None, _) => self.directs(document.id),
            (Some(task), 0) => Act::WithdrawTask { task: task.id, reason: "thôi".into() },
            (Some(task), 1) => {
                Act::Progress { task: task.id, percent: 10, note: "đang làm".into() }
            }
            (Some(task), 2) => {
                let (text, files, product) = ("xong".into(), Vec::new(), None);
                Act::Report { task: task.id, text, files, product }
            }
            (Some(task), _) => Act::AcceptResult { task: task.id, remarks: String::new() },
        };
        if self.acts(at, 2, act, None) {
            self.tally.add("worked");
        }
    }

    fn directs(&mut self, document: DocumentId) -> Act {
        let task = TaskSet {
            task: TaskId(self.id()),
            content: "Làm".into(),
            lead: Party::Officer(LEADER),
            co: Vec::new(),
            deadline: None,
            weight: Weight::Regular,
            product: String::new(),
        };
        let (directive, text) = (DirectiveId(self.id()), "xử lý".into());
        let task = self.chance.percent(80).then_some(task);
        Act::Direct(DirectiveGiven { document, directive, text, task, information: Vec::new() })
    }
}

fn address(at: usize, place: &Place) -> Address {
    Address { agency: place.id, code: format!("H50.{at}"), name: format!("UBND xã {at}") }
}

fn arrival(state: &State) -> Option<Arrival> {
    match state {
        State::Arrival(arrival) => Some((**arrival).clone()),
        _ => None,
    }
}

fn parcel(state: &State) -> Option<Parcel> {
    match state {
        State::Parcel(parcel) => Some((**parcel).clone()),
        _ => None,
    }
}

fn outgoing(state: &State) -> Option<Outgoing> {
    match state {
        State::Outgoing(document) => Some((**document).clone()),
        _ => None,
    }
}

fn task(state: &State, of: DocumentId) -> Option<Task> {
    match state {
        State::Task(task) if task.document == Some(of) && task.is_open() => Some((**task).clone()),
        _ => None,
    }
}

fn is_asked(arrival: &Arrival) -> bool {
    arrival.recall.as_ref().is_some_and(|recall| recall.answer.is_none())
}
