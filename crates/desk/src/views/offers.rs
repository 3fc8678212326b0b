//! What may be done now: each offer is asked of the rules themselves, so the page never guesses.
use contract::Action;
use register::{
    Act, Address, Addressee, AgencyId, Answer, Attachment, BlobId, Command, DirectiveGiven,
    DirectiveId, DocumentId, Holder, Incoming, IncomingField, Issued, LeaseClaim, Moment, No,
    Outgoing, OutgoingField, OutgoingFields, ParcelId, Party, Picture, Refusal, Sending, Task,
    TaskId, decide,
};
use store::{StoreError, View};

use crate::desk::Desk;
use crate::session::AtDesk;

/// Look-ups one probe may need.
const ASKS_MAX: usize = 100;
/// Words that stand for what the person would type.
const WORDS: &str = "…";

/// Asks the rules about acts that are not performed.
pub(crate) struct Offers<'a> {
    view: &'a View<'a>,
    at: &'a AtDesk,
    command: Command,
    picture: Picture,
    offered: Vec<Action>,
}

impl<'a> Offers<'a> {
    /// Starts with nothing learned.
    pub(crate) fn new(desk: &Desk, view: &'a View<'a>, at: &'a AtDesk) -> Offers<'a> {
        let id = DocumentId([0xff; 16]);
        let act = Act::Seen { document: id, outgoing: false };
        let command = Command {
            v: 1,
            id: register::CommandId([0xff; 16]),
            org: at.opened.agency,
            dev: at.opened.store.device(),
            n: u64::MAX,
            actor: at.officer.id,
            at: Moment(desk.source.now().0),
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        };
        Offers { view, at, command, picture: Picture::new(), offered: Vec::new() }
    }

    fn offer(&mut self, action: Action, act: Act) -> Result<(), StoreError> {
        if self.would(act)? && !self.offered.contains(&action) {
            self.offered.push(action);
        }
        Ok(())
    }

    /// Whether the rules would take the act, or would only ask for something to be typed.
    pub(crate) fn would(&mut self, act: Act) -> Result<bool, StoreError> {
        self.command.act = act;
        for _ in 0..ASKS_MAX {
            match decide(&self.picture, &self.command) {
                Ok(_) => return Ok(true),
                Err(No::Refused(refusal)) => return Ok(only_typing_is_missing(&refusal)),
                Err(No::Needs(ask)) => {
                    let answer: Answer = self.view.answer(&ask)?;
                    self.picture.learn(ask, answer);
                }
            }
        }
        Ok(false)
    }

    /// What may be done with an incoming document.
    pub(crate) fn of_incoming(mut self, document: &Incoming) -> Result<Vec<Action>, StoreError> {
        let id = document.id;
        let words = || WORDS.to_owned();
        let directive = DirectiveGiven {
            document: id,
            directive: DirectiveId([0xff; 16]),
            text: words(),
            task: None,
            information: Vec::new(),
        };
        self.offer(Action::Direct, Act::Direct(directive.clone()))?;
        self.offer(Action::Inform, Act::Direct(directive))?;
        if let Some(leader) = self.at.directory.leaders().first().map(|leader| leader.id) {
            let act = Act::SubmitIncoming { document: id, to: leader, proposal: String::new() };
            self.offer(Action::Submit, act)?;
        }
        let note = document.fields.note.clone();
        let field = IncomingField::Note;
        let edit = Act::EditIncoming { document: id, field, old: note.clone(), new: note };
        self.offer(Action::Edit, edit)?;
        let files = vec![some_file()];
        self.offer(Action::Attach, Act::Attach { document: id, outgoing: false, files })?;
        let void = Act::Void { document: id, outgoing: false, reason: words() };
        self.offer(Action::Void, void)?;
        self.offer(Action::Close, Act::CloseIncoming { document: id, reason: words() })?;
        self.offer(Action::Reopen, Act::ReopenIncoming { document: id, reason: words() })?;
        if document.number.is_none() {
            self.claim_next(document.book, document.arrived_on.year());
            self.offer(Action::GiveNumber, Act::GiveNumber { document: id, outgoing: false })?;
            self.command.lease = None;
        }
        if document.void.is_none() {
            self.offer_answer(id)?;
        }
        if let Some(arrival) = document.arrival {
            let act = Act::AnswerRecall { arrival, agree: true, reason: words() };
            self.offer(Action::AnswerRecall, act)?;
        }
        Ok(self.offered)
    }

    fn offer_answer(&mut self, answers: DocumentId) -> Result<(), StoreError> {
        let agency = self.at.directory.agency.as_ref();
        let kind = agency.and_then(|agency| agency.kinds.iter().find(|kind| kind.issued_here));
        let Some(kind) = kind.map(|kind| kind.id.clone()) else { return Ok(()) };
        let fields = OutgoingFields { kind, subject: WORDS.to_owned(), ..Default::default() };
        let act = Act::Draft {
            document: DocumentId([0xfe; 16]),
            fields,
            attachments: Vec::new(),
            answers: Some(answers),
            task: None,
            replaces: None,
        };
        self.offer(Action::Answer, act)
    }

    fn claim_next(&mut self, book: register::BookId, year: i16) {
        let known = self.at.directory.books.get(&book);
        self.command.lease = known.map(|known| LeaseClaim {
            book,
            epoch: known.lease.epoch,
            year,
            number: known.year(year).next,
        });
    }

    /// Whether this officer may undo, and may recall, a directive.
    pub(crate) fn of_directive(
        &mut self,
        document: DocumentId,
        directive: DirectiveId,
    ) -> Result<(bool, bool), StoreError> {
        let undo = self.would(Act::UndoDirective { document, directive })?;
        let reason = WORDS.to_owned();
        let recall = self.would(Act::RecallDirective { document, directive, reason })?;
        Ok((undo, recall))
    }

    /// What may be done with an outgoing document.
    pub(crate) fn of_outgoing(mut self, document: &Outgoing) -> Result<Vec<Action>, StoreError> {
        let id = document.id;
        let words = || WORDS.to_owned();
        let note = document.fields.note.clone();
        let field = OutgoingField::Note;
        let edit = Act::EditOutgoing { document: id, field, old: note.clone(), new: note };
        self.offer(Action::EditDraft, edit)?;
        let files = vec![some_file()];
        self.offer(Action::Attach, Act::Attach { document: id, outgoing: true, files })?;
        if let Some(leader) = self.at.directory.leaders().first().map(|leader| leader.id) {
            self.offer(Action::SubmitDraft, Act::SubmitDraft { document: id, to: leader })?;
        }
        self.offer(Action::UndoSubmit, Act::UndoSubmitDraft { document: id })?;
        self.offer(Action::Approve, Act::ApproveDraft { document: id, remarks: words() })?;
        self.offer(Action::Return, Act::ReturnDraft { document: id, remarks: words() })?;
        self.offer_register(document)?;
        if let Some(given) = document.given.as_ref().filter(|given| given.number.is_none()) {
            self.claim_next(given.book, given.on.year());
            self.offer(Action::GiveNumber, Act::GiveNumber { document: id, outgoing: true })?;
            self.command.lease = None;
        }
        let sending = Sending { document: id, on: self.at.today, how: String::new() };
        self.offer(Action::Send, Act::Send(sending))?;
        if self.at.directory.linked && self.would_issue(document)? {
            self.offered.push(Action::Issue);
        }
        if !document.parcels.is_empty() {
            self.offered.push(Action::Parcels);
        }
        if self.would_replace(document)? {
            self.offered.push(Action::Replace);
        }
        self.offer(Action::Void, Act::Void { document: id, outgoing: true, reason: words() })?;
        Ok(self.offered)
    }

    /// Whether the rules would let it go to one more agency.
    pub(crate) fn would_issue(&mut self, document: &Outgoing) -> Result<bool, StoreError> {
        let to =
            Address { agency: AgencyId([0xff; 16]), code: String::new(), name: WORDS.to_owned() };
        let addressee = Addressee {
            parcel: ParcelId([0xff; 16]),
            to,
            purpose: String::new(),
            due: None,
            replaces: None,
        };
        let (on, how) = (self.at.today, String::new());
        self.would(Act::Issue(Issued { document: document.id, on, how, to: vec![addressee] }))
    }

    /// Whether the rules would take a draft in its place.
    pub(crate) fn would_replace(&mut self, document: &Outgoing) -> Result<bool, StoreError> {
        self.would(Act::Draft {
            document: DocumentId([0xfe; 16]),
            fields: OutgoingFields { due: None, ..document.fields.clone() },
            attachments: Vec::new(),
            answers: None,
            task: None,
            replaces: Some(document.id),
        })
    }

    fn offer_register(&mut self, document: &Outgoing) -> Result<(), StoreError> {
        let books = self.at.directory.books.values();
        let book = books
            .filter(|book| book.direction == register::Direction::Outgoing && book.open)
            .find(|book| book.takes(&document.fields.kind));
        let Some(book) = book else { return Ok(()) };
        let held =
            matches!(book.lease.holder, Holder::Device(device) if device == self.command.dev);
        let act = Act::RegisterOutgoing {
            document: document.id,
            book: book.id,
            on: self.at.today,
            symbol: String::new(),
            slip: (!held).then(|| WORDS.to_owned()),
            signed_on_paper: true,
        };
        if held {
            self.claim_next(book.id, self.at.today.year());
        }
        self.offer(Action::Register, act)?;
        self.command.lease = None;
        Ok(())
    }

    /// What may be done with a task.
    pub(crate) fn of_task(mut self, task: &Task) -> Result<Vec<Action>, StoreError> {
        let id: TaskId = task.id;
        let words = || WORDS.to_owned();
        self.offer(Action::Progress, Act::Progress { task: id, percent: 50, note: words() })?;
        let report = Act::Report { task: id, text: words(), files: Vec::new(), product: None };
        self.offer(Action::Report, report)?;
        self.offer(Action::UndoReport, Act::UndoReport { task: id })?;
        let today = self.at.today;
        let base = task.deadline.map_or(today, |due| due.max(today));
        let until = self.at.directory.calendar.after(base, 1).date;
        let ask = Act::AskExtension { task: id, until, reason: words() };
        if task.deadline.is_some() {
            self.offer(Action::AskExtension, ask)?;
        }
        let grant = Act::DecideExtension { task: id, grant: true, remarks: words() };
        self.offer(Action::DecideExtension, grant)?;
        self.offer(Action::Accept, Act::AcceptResult { task: id, remarks: words() })?;
        self.offer(Action::ReturnResult, Act::ReturnResult { task: id, remarks: words() })?;
        if !self.transfer_to(task)?.is_empty() {
            self.offered.push(Action::Transfer);
        }
        self.offer(Action::Remind, Act::Remind { task: id, note: words() })?;
        self.offer(Action::Withdraw, Act::WithdrawTask { task: id, reason: words() })?;
        Ok(self.offered)
    }

    /// Those the rules let this officer pass the task on to.
    pub(crate) fn transfer_to(&mut self, task: &Task) -> Result<Vec<Party>, StoreError> {
        let mut parties = Vec::new();
        for party in self.at.directory.parties() {
            let note = String::new();
            self.command.act = Act::Transfer { task: task.id, to: party, note };
            if self.would(self.command.act.clone())? && self.accepted()? {
                parties.push(party);
            }
        }
        Ok(parties)
    }

    /// Whether the last probe was accepted outright.
    fn accepted(&mut self) -> Result<bool, StoreError> {
        Ok(decide(&self.picture, &self.command).is_ok())
    }
}

fn some_file() -> Attachment {
    Attachment {
        blob: BlobId([0; 32]),
        name: WORDS.to_owned(),
        mime: String::new(),
        size: 0,
        pages: None,
    }
}

/// The act would go through once the form is filled in: it is offered, and the form says the rest.
fn only_typing_is_missing(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Missing { .. }
        | Refusal::TooLong { .. }
        | Refusal::NotAllowed { .. }
        | Refusal::DateBeforeLast { .. }
        | Refusal::DateInFuture { .. }
        | Refusal::ReferenceTaken { .. } => true,
        Refusal::Forbidden { .. }
        | Refusal::NotActive
        | Refusal::Unknown { .. }
        | Refusal::Exists { .. }
        | Refusal::Malformed
        | Refusal::Secret
        | Refusal::WrongBook { .. }
        | Refusal::NotHolder { .. }
        | Refusal::NotNext { .. }
        | Refusal::NumberTaken { .. }
        | Refusal::IssuedAfterArrival { .. }
        | Refusal::WrongYear
        | Refusal::YearOver { .. }
        | Refusal::DeadlinePast { .. }
        | Refusal::Voided
        | Refusal::HasNumber
        | Refusal::NoNumber
        | Refusal::SeenAlready
        | Refusal::WrongStage
        | Refusal::Done
        | Refusal::ReportWaits
        | Refusal::ExtensionWaits
        | Refusal::NothingWaits
        | Refusal::ChangedMeanwhile { .. }
        | Refusal::BadRange
        | Refusal::FoundedAlready
        | Refusal::LastAdministrator
        | Refusal::NumberHeld
        | Refusal::NotConfirmed
        | Refusal::DeviceRevoked
        | Refusal::Recalled
        | Refusal::NeedsFailed { .. } => false,
    }
}
