//! Random acts on what goes out, on documents of both directions, and on tasks.
use register::{
    Act, Direction, DocumentId, Key, OfficerId, Outgoing, OutgoingField, Party, Sending, Stage,
    Standing, State, Task,
};

use crate::run::{Shaken, unit_id};

impl Shaken {
    pub fn act_on_outgoing(&mut self, kind: u64) -> (OfficerId, Act) {
        let with_drafter = |document: &Outgoing| {
            document.void.is_none()
                && document.given.is_none()
                && matches!(document.stage, Stage::Draft | Stage::Returned { .. })
        };
        let submitted = |document: &Outgoing| {
            document.void.is_none() && matches!(document.stage, Stage::Submitted { .. })
        };
        match kind {
            20 | 21 => {
                let again = self.chance.one_in(40);
                let known = self.chance.of_list(&self.outgoing).copied().filter(|_| again);
                let wrong = self.chance.one_in(4);
                let act = Act::Draft {
                    document: known.unwrap_or_else(|| DocumentId(self.fresh())),
                    fields: self.fields_out(),
                    attachments: self.files(),
                    answers: self.chance.of_late(&self.incoming).copied(),
                    task: self.chance.of_late(&self.tasks).copied(),
                    replaces: self.chance.of_late(&self.outgoing).copied().filter(|_| wrong),
                };
                (self.any_officer(), act)
            }
            22 => {
                let document = self.outgoing_where(with_drafter);
                let (mut old, mut drafter) = (String::new(), self.clerk());
                if let Some(State::Outgoing(of)) = self.world.states.get(&Key::Outgoing(document)) {
                    (old, drafter) = (of.fields.subject.clone(), of.drafted_by);
                }
                let (field, new) = (OutgoingField::Subject, self.text("V/v"));
                (drafter, Act::EditOutgoing { document, field, old, new })
            }
            23 => {
                let document = self.outgoing_where(with_drafter);
                let to = if self.chance.one_in(8) { self.any_officer() } else { self.leader() };
                (self.drafter(document), Act::SubmitDraft { document, to })
            }
            24 => {
                let document = self.outgoing_where(submitted);
                (self.drafter(document), Act::UndoSubmitDraft { document })
            }
            25 => {
                let document = self.outgoing_where(submitted);
                let remarks = self.text("Đồng ý");
                (
                    self.leader(),
                    match self.chance.below(4) {
                        0 => Act::ReturnDraft { document, remarks },
                        _ => Act::ApproveDraft { document, remarks },
                    },
                )
            }
            26 => self.register_outgoing(),
            _ => {
                let sending = Sending {
                    document: self.outgoing_where(|document| {
                        document.dispatch.is_none()
                            && document.given.as_ref().is_some_and(|given| given.number.is_some())
                    }),
                    on: self.date(-1, 0),
                    how: self.text("Bưu điện"),
                };
                (self.clerk(), Act::Send(sending))
            }
        }
    }

    fn register_outgoing(&mut self) -> (OfficerId, Act) {
        let document = self.outgoing_where(|document| {
            document.given.is_none() && matches!(document.stage, Stage::Approved { .. })
        });
        let book = self.book(Direction::Outgoing);
        let act = Act::RegisterOutgoing {
            document,
            book,
            on: self.lately(),
            symbol: if self.chance.one_in(4) { self.text("QĐ") } else { "UBND".into() },
            slip: self.chance.one_in(2).then(|| self.text("T-7F31")),
            signed_on_paper: self.chance.one_in(6),
        };
        (self.keeper(book), act)
    }

    fn drafter(&mut self, document: DocumentId) -> OfficerId {
        match self.world.states.get(&Key::Outgoing(document)) {
            Some(State::Outgoing(of)) => of.drafted_by,
            Some(_) | None => self.clerk(),
        }
    }

    fn act_on_document(&mut self, kind: u64) -> (OfficerId, Act) {
        let (document, outgoing) = self.some_document();
        let reason = self.text("nhầm");
        let by =
            if outgoing && self.chance.one_in(2) { self.drafter(document) } else { self.clerk() };
        match kind {
            28 => {
                let (id, outgoing) = if self.chance.one_in(2) {
                    (self.incoming_where(|of| of.void.is_none() && of.number.is_none()), false)
                } else {
                    let waits = |of: &Outgoing| {
                        of.given.as_ref().is_some_and(|given| given.number.is_none())
                    };
                    (self.outgoing_where(waits), true)
                };
                let mut book = self.book(Direction::Incoming);
                match (
                    self.world.states.get(&Key::Incoming(id)),
                    self.world.states.get(&Key::Outgoing(id)),
                ) {
                    (Some(State::Incoming(of)), _) => book = of.book,
                    (_, Some(State::Outgoing(of))) => {
                        book = of.given.as_ref().map_or(book, |given| given.book);
                    }
                    (Some(_) | None, Some(_) | None) => {}
                }
                (self.keeper(book), Act::GiveNumber { document: id, outgoing })
            }
            29 => (by, Act::Attach { document, outgoing, files: self.files() }),
            30 => {
                let file = match (
                    self.world.states.get(&Key::Incoming(document)),
                    self.world.states.get(&Key::Outgoing(document)),
                ) {
                    (Some(State::Incoming(of)), _) => of.attachments.first(),
                    (_, Some(State::Outgoing(of))) => of.attachments.first(),
                    (Some(_) | None, Some(_) | None) => None,
                };
                let blob = file.map_or(register::BlobId([9; 32]), |file| file.blob);
                (by, Act::Detach { document, outgoing, blob, reason })
            }
            31 if self.chance.one_in(4) => (by, Act::Void { document, outgoing, reason }),
            _ => {
                let by = match self.chance.below(3) {
                    0 => self.leader(),
                    1 => self.clerk(),
                    _ => self.any_officer(),
                };
                (by, Act::Seen { document, outgoing })
            }
        }
    }

    fn create_task(&mut self) -> (OfficerId, Act) {
        let by = if self.chance.one_in(3) { self.from(7, 12) } else { self.leader() };
        let mut set = self.work();
        if by.0[0] > 7 && !self.chance.one_in(3) {
            set.lead = Party::Unit(unit_id(by.0[0] - 8));
            set.co.clear();
        }
        (by, Act::CreateTask { set, information: self.parties() })
    }

    pub fn act_on_task(&mut self, kind: u64) -> (OfficerId, Act) {
        let text = self.text("Đã làm");
        let at = |standing| move |task: &Task| task.standing() == standing;
        match kind {
            28..=31 => self.act_on_document(kind),
            32 => self.create_task(),
            33 => {
                let (task, assigner, worker) = self.task_where(at(Standing::NotStarted));
                if self.chance.one_in(3) {
                    let by = if self.chance.one_in(2) { worker } else { self.any_officer() };
                    return (by, Act::SeenTask { task });
                }
                if self.chance.one_in(6) {
                    return (assigner, Act::WithdrawTask { task, reason: text });
                }
                let percent = self.chance.below(110) as u8;
                (worker, Act::Progress { task, percent, note: text })
            }
            34 => {
                let (task, _, worker) = self.task_where(|task| {
                    task.is_open() && task.standing() != Standing::AwaitingAcceptance
                });
                let product = self.chance.of_late(&self.outgoing).copied();
                (worker, Act::Report { task, text, files: self.files(), product })
            }
            35 => {
                let (task, assigner, worker) = self.task_where(at(Standing::AwaitingAcceptance));
                let by = if self.chance.one_in(3) { self.leader() } else { assigner };
                match self.chance.below(4) {
                    0 => (worker, Act::UndoReport { task }),
                    1 => (by, Act::ReturnResult { task, remarks: text }),
                    _ => (by, Act::AcceptResult { task, remarks: text }),
                }
            }
            36 => {
                let (task, _, worker) =
                    self.task_where(|task| task.is_open() && task.deadline.is_some());
                (worker, Act::AskExtension { task, until: self.date(10, 60), reason: text })
            }
            37 => {
                let (task, assigner, _) =
                    self.task_where(|task| task.is_open() && task.extension_asked().is_some());
                let grant = !self.chance.one_in(3);
                (assigner, Act::DecideExtension { task, grant, remarks: text })
            }
            38 => {
                let (task, _, worker) = self.task_where(Task::is_open);
                let head = worker.0[0];
                let mut to = self.party();
                if (8..=12).contains(&head) && !self.chance.one_in(3) {
                    // Somebody of his unit: units go round among the officials.
                    to = Party::Officer(OfficerId(
                        [head - 8 + 15 + 5 * self.chance.below(4) as u8; 16],
                    ));
                }
                let by = if self.chance.one_in(3) { self.leader() } else { worker };
                (by, Act::Transfer { task, to, note: text })
            }
            _ => {
                let (task, assigner, _) = self.task_where(Task::is_open);
                let by = if self.chance.one_in(2) { OfficerId([7; 16]) } else { assigner };
                (by, Act::Remind { task, note: text })
            }
        }
    }
}
