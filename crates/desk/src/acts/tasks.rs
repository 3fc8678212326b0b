//! Tasks: create, progress, result, more time, acceptance, transfer, reminder, withdrawal, undo.
use contract::{
    Done, ExtensionAsking, Failure, OneId, ProgressForm, Reasoned, Remarks, ReportForm, TaskForm,
    Topic, TransferForm, Undo,
};
use register::{Act, TaskId, TaskSet, Weight};

use super::incoming::read_parties;
use super::{directive_id, document_id, done, task_id, undoable};
use crate::acting::Numbering;
use crate::desk::Desk;
use crate::forms::attachments_in;
use crate::words::{at_field, date, failure};

const TOUCHED: &[Topic] = &[Topic::Tasks, Topic::Documents, Topic::Document];

/// How a task is answered: which act the words go into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// More time is granted.
    Grant,
    /// More time is refused.
    Refuse,
    /// The result is accepted.
    Accept,
    /// The result is returned.
    Return,
    /// The lead is reminded.
    Remind,
}

impl Desk {
    pub(crate) fn assign_task(&self, form: TaskForm) -> Result<Done, Failure> {
        let TaskForm { content, lead, co, information, deadline, product } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let lead = read_parties("lead", &[lead])?
            .first()
            .copied()
            .ok_or_else(|| at_field("lead", "Cần người hoặc đơn vị chủ trì.", "Chọn chủ trì."))?;
        let set = TaskSet {
            task: TaskId(self.source.id()),
            content: reader.text("content", &content)?,
            lead,
            co: read_parties("co", &co)?,
            deadline: reader.deadline("deadline", &deadline)?,
            weight: Weight::Regular,
            product: reader.text("product", &product)?,
        };
        let information = read_parties("information", &information)?;
        let id = set.task;
        self.plain_act(&at, Act::CreateTask { set, information })?;
        let said = done(id.hex(), "task_created", vec![at.directory.party(lead).name], TOUCHED);
        Ok(undoable(said, format!("task:{id}")))
    }

    pub(crate) fn report_progress(&self, form: ProgressForm) -> Result<Done, Failure> {
        let ProgressForm { id, percent, note } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let note = at.reader().text("note", &note)?;
        let percent = u8::try_from(percent).unwrap_or(u8::MAX);
        self.plain_act(&at, Act::Progress { task, percent, note })?;
        Ok(done(id, "progressed", vec![percent.to_string()], TOUCHED))
    }

    pub(crate) fn hand_in(&self, form: ReportForm) -> Result<Done, Failure> {
        let ReportForm { id, text, files, product } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let text = at.reader().text("text", &text)?;
        let files = attachments_in(&files)?;
        let product = product.filter(|id| !id.is_empty());
        let product = product.map(|id| document_id(&id)).transpose()?;
        let blobs = files.iter().map(|file| file.blob).collect();
        self.act(&at, Numbering::None, blobs, |_| Act::Report { task, text, files, product })?;
        Ok(undoable(done(id, "reported", vec![], TOUCHED), format!("report:{task}")))
    }

    pub(crate) fn take_report_back(&self, form: OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let task = task_id(&form.id)?;
        self.plain_act(&at, Act::UndoReport { task })?;
        Ok(done(form.id, "report_undone", vec![], TOUCHED))
    }

    pub(crate) fn ask_for_time(&self, form: ExtensionAsking) -> Result<Done, Failure> {
        let ExtensionAsking { id, until, reason } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let reader = at.reader();
        let until = reader
            .deadline("until", &until)?
            .ok_or_else(|| at_field("until", "Cần hạn mới.", "Ghi ngày xin gia hạn đến."))?;
        let reason = reader.text("reason", &reason)?;
        self.plain_act(&at, Act::AskExtension { task, until, reason })?;
        Ok(done(id, "extension_asked", vec![date(until)], TOUCHED))
    }

    pub(crate) fn reply_to_task(&self, form: Remarks, reply: Reply) -> Result<Done, Failure> {
        let Remarks { id, remarks } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let remarks = at.reader().text("remarks", &remarks)?;
        let (act, sentence) = match reply {
            Reply::Grant => {
                (Act::DecideExtension { task, grant: true, remarks }, "extension_granted")
            }
            Reply::Refuse => {
                (Act::DecideExtension { task, grant: false, remarks }, "extension_refused")
            }
            Reply::Accept => (Act::AcceptResult { task, remarks }, "accepted"),
            Reply::Return => (Act::ReturnResult { task, remarks }, "result_returned"),
            Reply::Remind => (Act::Remind { task, note: remarks }, "reminded"),
        };
        self.plain_act(&at, act)?;
        Ok(done(id, sentence, vec![], TOUCHED))
    }

    pub(crate) fn pass_on(&self, form: TransferForm) -> Result<Done, Failure> {
        let TransferForm { id, to, note } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let to = read_parties("to", &[to])?
            .first()
            .copied()
            .ok_or_else(|| at_field("to", "Cần người nhận.", "Chọn người nhận."))?;
        let note = at.reader().text("note", &note)?;
        self.plain_act(&at, Act::Transfer { task, to, note })?;
        Ok(done(id, "transferred", vec![at.directory.party(to).name], TOUCHED))
    }

    pub(crate) fn withdraw_task(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        let task = task_id(&id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::WithdrawTask { task, reason })?;
        Ok(done(id, "withdrawn", vec![], TOUCHED))
    }

    /// Takes the last act back by the token that came with its answer.
    pub(crate) fn take_back(&self, form: Undo) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let mut last = None;
        for token in form.token.split(';') {
            let mut parts = token.split(':');
            let act = match (parts.next(), parts.next(), parts.next()) {
                (Some("directive"), Some(document), Some(directive)) => Act::UndoDirective {
                    document: document_id(document)?,
                    directive: directive_id(directive)?,
                },
                (Some("close"), Some(document), None) => {
                    Act::ReopenIncoming { document: document_id(document)?, reason: String::new() }
                }
                (Some("submit"), Some(document), None) => {
                    Act::UndoSubmitDraft { document: document_id(document)? }
                }
                (Some("report"), Some(task), None) => Act::UndoReport { task: task_id(task)? },
                (Some("task"), Some(task), None) => {
                    Act::WithdrawTask { task: task_id(task)?, reason: String::new() }
                }
                _ => {
                    return Err(failure(
                        "nothing_waits",
                        "Không còn gì để hoàn tác.",
                        "Lịch sử của văn bản cho biết đã làm gì.",
                    ));
                }
            };
            self.plain_act(&at, act)?;
            last = token.split(':').nth(1).map(str::to_owned);
        }
        Ok(done(last.unwrap_or_default(), "undone", vec![], TOUCHED))
    }
}
