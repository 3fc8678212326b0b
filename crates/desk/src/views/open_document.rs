//! One document, whole: fields, files, directives, the way it has gone, what may be done now.
use contract::{
    Deadline, DirectiveShown, DocumentAsked, DocumentOpened, Failure, Named, OutgoingShown,
    RemarkShown, Step, StepState,
};
use register::{
    Act, Attachment, Directive, Incoming, Key, Outgoing, Party, Stage, State, Task, Urgency,
};
use store::{StoreError, View};

use super::offers::Offers;
use super::parcels::sent_to;
use super::replacing::beside_sent;
use super::rows::{party_seen, row_of_state, standing_out, task_deadline};
use crate::acts::document_id;
use crate::desk::Desk;
use crate::forms::{attachments_out, draft_out, fields_out};
use crate::session::AtDesk;
use crate::words::failure;

/// The files that are not on this PC, where there is a server that may have them.
pub(crate) fn elsewhere(at: &AtDesk, files: &[Attachment]) -> Vec<String> {
    let away = |file: &&Attachment| at.directory.linked && !at.opened.blobs.holds(file.blob);
    files.iter().filter(away).map(|file| file.blob.hex()).collect()
}

impl Desk {
    /// Opens a document; records the first time this officer opens it, when the page asks so.
    pub(crate) fn open_document(&self, asked: DocumentAsked) -> Result<DocumentOpened, Failure> {
        let at = self.at_desk()?;
        let id = document_id(&asked.id)?;
        let mut state = self.document_state(&at, id)?;
        if asked.seen && self.mark_seen(&at, &state)? {
            state = self.document_state(&at, id)?;
        }
        let opened = self.look(&at.opened, |view| match &state {
            State::Incoming(document) => self.incoming_opened(view, &at, document, &state),
            State::Outgoing(document) => self.outgoing_opened(view, &at, document, &state),
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => Ok(None),
        })?;
        opened.ok_or_else(|| {
            failure("unknown", "Không thấy văn bản này trên máy.", "Về danh sách rồi mở lại.")
        })
    }

    /// Records a first opening where it means something: it ends somebody's undo.
    fn mark_seen(&self, at: &AtDesk, state: &State) -> Result<bool, Failure> {
        let me = at.officer.id;
        let act = match state {
            State::Incoming(document) if !document.seen.contains_key(&me) => {
                Act::Seen { document: document.id, outgoing: false }
            }
            State::Outgoing(document) if waits_for_my_eyes(document, me) => {
                Act::Seen { document: document.id, outgoing: true }
            }
            State::Incoming(_)
            | State::Outgoing(_)
            | State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => return Ok(false),
        };
        // Reading must work where writing does not: a full disk does not close the document.
        match self.plain_act(at, act) {
            Ok(_) => {
                self.tell(&[contract::Topic::Documents]);
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }

    fn incoming_opened(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        document: &Incoming,
        state: &State,
    ) -> Result<Option<DocumentOpened>, StoreError> {
        let Some(row) = row_of_state(view, at, state)? else { return Ok(None) };
        let tasks = view.tasks_of_document(document.id)?;
        let directory = &at.directory;
        let mut directives = Vec::new();
        for directive in document.directives.iter().rev() {
            directives.push(self.directive_shown(view, at, document, directive, &tasks)?);
        }
        let mut related = Vec::new();
        for answer in view.answers_to(document.id)? {
            let answer = State::Outgoing(Box::new(answer));
            if at.lens.sees(&answer) {
                related.extend(row_of_state(view, at, &answer)?);
            }
        }
        let submitted_to = document.submitted.map(|(to, _)| {
            party_seen(directory, Party::Officer(to), |id| document.seen.contains_key(&id))
        });
        let arrival = self.arrival_of(view, at, document.arrival)?;
        let (replaces, replaced_by) = match &arrival {
            Some(came) => (came.replaces.clone(), came.replaced_by.clone()),
            None => (None, Vec::new()),
        };
        Ok(Some(DocumentOpened {
            row,
            fields: Some(fields_out(&document.fields)),
            outgoing: None,
            attachments: attachments_out(&document.attachments),
            elsewhere: elsewhere(at, &document.attachments),
            book: book_named(at, document.book),
            arrived_on: Some(document.arrived_on.to_string()),
            slip: document.slip.clone().filter(|_| document.number.is_none()),
            entered: directory.by(document.registered_by, document.registered_at),
            submitted_to,
            proposal: document.proposal.clone(),
            directives,
            steps: incoming_steps(at, document, &tasks),
            related,
            replaces,
            replaced_by,
            void_reason: document.void.as_ref().map(|void| void.reason.clone()),
            actions: Offers::new(self, view, at).of_incoming(document)?,
            arrival,
            recalled: document.recalled.as_ref().map(|withheld| withheld.reason.clone()),
            sent_to: (0, 0),
            statutory: incoming_statutory(at, document),
        }))
    }

    fn directive_shown(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        document: &Incoming,
        directive: &Directive,
        tasks: &[Task],
    ) -> Result<DirectiveShown, StoreError> {
        let directory = &at.directory;
        let known = match directive.task {
            None => None,
            Some(id) => match tasks.iter().find(|task| task.id == id) {
                Some(task) => Some(task.clone()),
                None => view.task(id)?.map(|task| *task),
            },
        };
        let task = known.as_ref();
        let seen = |id| {
            document.seen.contains_key(&id) || task.is_some_and(|task| task.seen.contains_key(&id))
        };
        let shown = |party: &Party| party_seen(directory, *party, seen);
        let (can_undo, can_recall) = if directive.withdrawn.is_some() {
            (false, false)
        } else {
            Offers::new(self, view, at).of_directive(document.id, directive.id)?
        };
        Ok(DirectiveShown {
            id: format!("{}:{}", document.id, directive.id),
            by: directory.by(directive.by, directive.at),
            text: directive.text.clone(),
            task: directive.task.map(|task| task.hex()),
            lead: task.map(|task| shown(&task.lead)),
            co: task.map(|task| task.co.iter().map(shown).collect()).unwrap_or_default(),
            information: directive.information.iter().map(shown).collect(),
            deadline: task.and_then(|task| task_deadline(directory, task, at.today)),
            percent: task.map_or(0, |task| u32::from(task.percent())),
            standing: task.map(standing_word),
            withdrawn: directive.withdrawn.as_ref().map(|void| void.reason.clone()),
            can_undo,
            can_recall,
        })
    }

    fn outgoing_opened(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        document: &Outgoing,
        state: &State,
    ) -> Result<Option<DocumentOpened>, StoreError> {
        let Some(row) = row_of_state(view, at, state)? else { return Ok(None) };
        let directory = &at.directory;
        let mut related = Vec::new();
        if let Some(answered) = document.answers
            && let Some(answered) = view.state(Key::Incoming(answered))?
            && at.lens.sees(&answered)
        {
            related.extend(row_of_state(view, at, &answered)?);
        }
        let (replaces, replaced_by) = beside_sent(view, at, document)?;
        let given = document.given.as_ref();
        let remarks = document.remarks.iter().rev().map(|remark| RemarkShown {
            by: directory.by(remark.by, remark.at),
            text: remark.text.clone(),
        });
        let submitted_to = match document.stage {
            Stage::Submitted { to, at: since } => {
                let seen = |id| document.seen.get(&id).is_some_and(|seen| *seen >= since);
                Some(party_seen(directory, Party::Officer(to), seen))
            }
            Stage::Draft | Stage::Returned { .. } | Stage::Approved { .. } => None,
        };
        let sent = document.dispatch.as_ref();
        Ok(Some(DocumentOpened {
            row,
            fields: None,
            outgoing: Some(OutgoingShown {
                form: draft_out(document),
                remarks: remarks.collect(),
                submissions: document.submissions,
                dated: given.map(|given| given.on.to_string()),
                sent: sent.map(|sent| (sent.how.clone(), sent.on.to_string())),
            }),
            attachments: attachments_out(&document.attachments),
            elsewhere: elsewhere(at, &document.attachments),
            book: given.and_then(|given| book_named(at, given.book)),
            arrived_on: None,
            slip: given.filter(|given| given.number.is_none()).and_then(|given| given.slip.clone()),
            entered: directory.by(document.drafted_by, document.drafted_at),
            submitted_to,
            proposal: String::new(),
            directives: Vec::new(),
            steps: outgoing_steps(at, document),
            related,
            replaces,
            replaced_by,
            void_reason: document.void.as_ref().map(|void| void.reason.clone()),
            actions: Offers::new(self, view, at).of_outgoing(document)?,
            arrival: None,
            recalled: document.recalled.as_ref().map(|void| void.reason.clone()),
            sent_to: sent_to(&view.parcels(&document.parcels)?),
            statutory: outgoing_statutory(at, document),
        }))
    }
}

fn waits_for_my_eyes(document: &Outgoing, me: register::OfficerId) -> bool {
    match document.stage {
        Stage::Submitted { to, at } => {
            to == me && document.seen.get(&me).is_none_or(|seen| *seen < at)
        }
        Stage::Draft | Stage::Returned { .. } | Stage::Approved { .. } => {
            document.drafted_by != me && !document.seen.contains_key(&me)
        }
    }
}

fn standing_word(task: &Task) -> String {
    let word = serde_json::to_value(standing_out(task.standing())).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn book_named(at: &AtDesk, id: register::BookId) -> Option<Named> {
    at.directory.books.get(&id).map(|book| Named { id: id.hex(), name: book.name.clone() })
}

fn step(name: &str, with: String, state: StepState, at: Option<register::Moment>) -> Step {
    Step { name: name.to_owned(), with, state, at: at.map(|at| at.0) }
}

/// The way of an incoming document: registered, submitted, directed, reported, accepted.
fn incoming_steps(at: &AtDesk, document: &Incoming, tasks: &[Task]) -> Vec<Step> {
    let mut steps = Vec::new();
    match register::number_on_paper(document.number, &document.held) {
        Some(number) => {
            let when = Some(document.registered_at);
            steps.push(step("registered", number, StepState::Done, when));
        }
        None => {
            let slip = document.slip.clone().unwrap_or_default();
            steps.push(step("awaiting_number", slip, StepState::Current, None));
        }
    }
    if document.void.is_some() {
        return steps;
    }
    if let Some((to, when)) = document.submitted {
        steps.push(step("submitted", at.directory.name(to), StepState::Done, Some(when)));
    }
    match document.in_force().last() {
        Some(directive) => {
            steps.push(step(
                "directed",
                at.directory.name(directive.by),
                StepState::Done,
                Some(directive.at),
            ));
        }
        None if document.closed.is_none() => {
            steps.push(step("directed", String::new(), StepState::Current, None));
        }
        None => {}
    }
    let open = tasks.iter().filter(|task| task.is_open()).count();
    if let Some(report) = tasks.iter().filter_map(|task| task.reports.last()).max_by_key(|r| r.at) {
        steps.push(step(
            "reported",
            at.directory.name(report.by),
            StepState::Done,
            Some(report.at),
        ));
    } else if open > 0 {
        let percent = tasks.iter().map(Task::percent).max().unwrap_or(0);
        steps.push(step("in_progress", format!("{percent}%"), StepState::Current, None));
    }
    match document.closed {
        Some(when) => steps.push(step("done", String::new(), StepState::Done, Some(when))),
        None => steps.push(step("done", String::new(), StepState::Ahead, None)),
    }
    steps
}

/// The way of an outgoing document: drafted, submitted, approved, numbered, sent.
fn outgoing_steps(at: &AtDesk, document: &Outgoing) -> Vec<Step> {
    let name = |id| at.directory.name(id);
    let mut steps = vec![step(
        "drafted",
        name(document.drafted_by),
        StepState::Done,
        Some(document.drafted_at),
    )];
    let mut approved = false;
    match document.stage {
        Stage::Draft => steps.push(step("submitted", String::new(), StepState::Current, None)),
        Stage::Submitted { to, at: when } => {
            steps.push(step("submitted", name(to), StepState::Current, Some(when)));
        }
        Stage::Returned { by, at: when } => {
            steps.push(step("returned", name(by), StepState::Current, Some(when)));
        }
        Stage::Approved { by, at: when } => {
            approved = true;
            steps.push(step("approved", name(by), StepState::Done, Some(when)));
        }
    }
    let numbered = document.given.as_ref();
    let current = |now: bool| if now { StepState::Current } else { StepState::Ahead };
    match numbered {
        Some(given) => {
            let with = given.number.map(register::render_number).unwrap_or_default();
            let state = if given.number.is_some() { StepState::Done } else { StepState::Current };
            steps.push(step("numbered", with, state, Some(given.at)));
        }
        None => steps.push(step("numbered", String::new(), current(approved), None)),
    }
    match &document.dispatch {
        Some(sent) => steps.push(step("sent", sent.how.clone(), StepState::Done, Some(sent.at))),
        None => {
            let ready = numbered.is_some_and(|given| given.number.is_some());
            steps.push(step("sent", String::new(), current(ready), None));
        }
    }
    steps
}

fn by_law(at: &AtDesk, came: jiff::civil::Date, urgency: Urgency) -> Deadline {
    let due = at.directory.calendar.handle_by(came, urgency);
    let mut deadline = at.directory.deadline(due.date, at.today, None);
    deadline.provisional = due.provisional;
    deadline
}

/// What the law still wants of an incoming document (NĐ 30/2020 Đ23.1).
fn incoming_statutory(at: &AtDesk, document: &Incoming) -> Vec<(String, Deadline)> {
    let waits = document.submitted.is_none()
        && document.directives.is_empty()
        && document.closed.is_none()
        && document.void.is_none();
    if waits {
        let deadline = by_law(at, document.arrived_on, document.fields.urgency);
        return vec![("submit".to_owned(), deadline)];
    }
    Vec::new()
}

/// What the law still wants of an outgoing document (NĐ 30/2020 Đ18.1).
fn outgoing_statutory(at: &AtDesk, document: &Outgoing) -> Vec<(String, Deadline)> {
    match &document.given {
        Some(given) if document.dispatch.is_none() && document.void.is_none() => {
            vec![("send".to_owned(), by_law(at, given.on, document.fields.urgency))]
        }
        Some(_) | None => Vec::new(),
    }
}
