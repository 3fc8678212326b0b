//! Incoming documents: register, correct, submit, direct, close.
use contract::{
    AttachForm, DetachForm, Directed, Done, Failure, FieldEdit, IncomingForm, OneId, Reasoned,
    SubmitForm, Topic,
};
use register::{
    Act, BlobId, DirectiveGiven, DirectiveId, DocumentId, IncomingField, IncomingRegistered,
    OfficerId, Party, State, TaskId, TaskSet, render_number,
};

use super::parcels::arrival_of_card;
use super::{book_id, directive_id, document_id, done, undoable};
use crate::acting::{Allotted, Numbering};
use crate::desk::Desk;
use crate::directory::read_party;
use crate::forms::attachments_in;
use crate::words::{at_field, failure};

/// Documents one directive may go on at once.
const DIRECTED_AT_ONCE_MAX: usize = 200;
/// What a registered or changed document touches.
const TOUCHED: &[Topic] = &[Topic::Documents, Topic::Document, Topic::Books];
/// What a directive touches.
const DIRECTED: &[Topic] = &[Topic::Documents, Topic::Document, Topic::Tasks];

impl Desk {
    /// Registers an incoming document: with its number at once when this PC holds the book.
    pub(crate) fn register_document(&self, form: IncomingForm) -> Result<Done, Failure> {
        let IncomingForm {
            book,
            arrived_on,
            fields,
            attachments,
            card,
            secret,
            twin_reason,
            submit_to,
            paper_number,
        } = form;
        let at = self.at_desk()?;
        let book = book_id(&book)?;
        let reader = at.reader();
        let read = reader.incoming(&fields)?;
        let arrived_on = reader.date("arrived_on", &arrived_on)?.unwrap_or(at.today);
        let files = attachments_in(&attachments)?;
        let submit_to = match submit_to.as_deref() {
            None | Some("") => None,
            Some(id) => Some(read_officer(id)?),
        };
        let twin_reason = twin_reason
            .map(|reason| reader.line("twin_reason", &reason))
            .transpose()?
            .filter(|reason| !reason.is_empty());
        if !secret && twin_reason.is_none() {
            self.refuse_twin(&at, &read, arrived_on, &files)?;
        }
        let arrival = card.as_deref().and_then(arrival_of_card);
        let document = DocumentId(self.source.id());
        let numbering = Numbering::typed(book, arrived_on, paper_number);
        let blobs: Vec<BlobId> = files.iter().map(|file| file.blob).collect();
        let made = self.act(&at, numbering, blobs, |Allotted { slip, .. }| {
            Act::RegisterIncoming(IncomingRegistered {
                document,
                book,
                arrived_on,
                fields: read,
                attachments: files,
                secret,
                slip,
                twin_reason,
                submit_to,
                arrival,
            })
        })?;
        if let Some(card) = card {
            self.forget_card(&card)?;
        }
        let mut topics = TOUCHED.to_vec();
        topics.push(Topic::Tray);
        let id = document.hex();
        Ok(match made.claim {
            Some(claim) => done(id, "registered", vec![render_number(claim.number)], &topics),
            None => done(id, "registered_waiting", vec![made.slip.unwrap_or_default()], &topics),
        })
    }

    pub(crate) fn edit_document(&self, form: FieldEdit) -> Result<Done, Failure> {
        let FieldEdit { id, field, old, new } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let field: IncomingField = serde_json::from_value(serde_json::Value::String(field.clone()))
            .map_err(|_| at_field(&field, "Ô này không sửa được ở đây.", "Mở lại văn bản."))?;
        let reader = at.reader();
        let iso =
            |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let count = |count: Option<u32>| count.map(|n| n.to_string()).unwrap_or_default();
        let new = match field {
            IncomingField::IssuedOn => iso(reader.date("issued_on", &new)?),
            IncomingField::Due => iso(reader.deadline("due", &new)?),
            IncomingField::Pages => count(reader.count("pages", &new)?),
            IncomingField::Copies => count(reader.count("copies", &new)?),
            IncomingField::Note => reader.text("note", &new)?,
            IncomingField::Number
            | IncomingField::Symbol
            | IncomingField::Issuer
            | IncomingField::Kind
            | IncomingField::Subject
            | IncomingField::Urgency
            | IncomingField::Signer
            | IncomingField::SignerPosition
            | IncomingField::ToPlaces
            | IncomingField::Language
            | IncomingField::CaseFile => reader.line("field", &new)?,
        };
        self.plain_act(&at, Act::EditIncoming { document, field, old, new })?;
        Ok(done(id, "edited", vec![], TOUCHED))
    }

    pub(crate) fn submit_document(&self, form: SubmitForm) -> Result<Done, Failure> {
        let SubmitForm { id, to, proposal } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let to = read_officer(&to)?;
        let proposal = at.reader().text("proposal", &proposal)?;
        self.plain_act(&at, Act::SubmitIncoming { document, to, proposal })?;
        Ok(done(id, "submitted", vec![at.directory.name(to)], TOUCHED))
    }

    /// Gives one directive on each of several documents; each is an act of its own.
    pub(crate) fn give_directive(&self, form: Directed) -> Result<Done, Failure> {
        let Directed { ids, text, assign, information } = form;
        let at = self.at_desk()?;
        if ids.is_empty() || ids.len() > DIRECTED_AT_ONCE_MAX {
            return Err(failure(
                "too_many",
                format!("Chọn từ 1 đến {DIRECTED_AT_ONCE_MAX} văn bản một lần."),
                "Chia ra làm nhiều lần.",
            ));
        }
        let reader = at.reader();
        let text = reader.text("text", &text)?;
        let information = read_parties("information", &information)?;
        let set = match assign {
            None => None,
            Some(contract::Assigning { lead, co, deadline, content }) => Some(TaskSet {
                task: TaskId([0; 16]),
                content: reader.text("content", &content)?,
                lead: read_parties("lead", &[lead])?.first().copied().ok_or_else(|| {
                    at_field("lead", "Cần người hoặc đơn vị chủ trì.", "Chọn chủ trì.")
                })?,
                co: read_parties("co", &co)?,
                deadline: reader.deadline("deadline", &deadline)?,
                weight: register::Weight::Regular,
                product: String::new(),
            }),
        };
        let mut tokens = Vec::new();
        for id in &ids {
            let document = document_id(id)?;
            let directive = DirectiveId(self.source.id());
            let task = set.clone().map(|set| TaskSet { task: TaskId(self.source.id()), ..set });
            let given = DirectiveGiven {
                document,
                directive,
                text: text.clone(),
                task,
                information: information.clone(),
            };
            self.plain_act(&at, Act::Direct(given))?;
            tokens.push(format!("directive:{document}:{directive}"));
        }
        if !text.is_empty() {
            self.remember_phrase(&at, &text);
        }
        let id = ids.first().cloned().unwrap_or_default();
        let said = match (&set, ids.len()) {
            (Some(set), 1) => {
                done(id, "directed", vec![at.directory.party(set.lead).name], DIRECTED)
            }
            (Some(_), n) => done(id, "directed_many", vec![n.to_string()], DIRECTED),
            (None, 1) if information.is_empty() => done(id, "directed", vec![], DIRECTED),
            (None, 1) => done(id, "informed", vec![], DIRECTED),
            (None, n) => done(id, "directed_many", vec![n.to_string()], DIRECTED),
        };
        Ok(undoable(said, tokens.join(";")))
    }

    pub(crate) fn take_directive_back(&self, id: &str) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let (document, directive) = self.directive_of(&at, id)?;
        self.plain_act(&at, Act::UndoDirective { document, directive })?;
        Ok(done(document.hex(), "directive_undone", vec![], DIRECTED))
    }

    pub(crate) fn call_directive_back(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        let (document, directive) = self.directive_of(&at, &id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::RecallDirective { document, directive, reason })?;
        Ok(done(document.hex(), "directive_recalled", vec![], DIRECTED))
    }

    /// A directive is named as `document:directive`.
    fn directive_of(
        &self,
        _at: &crate::session::AtDesk,
        id: &str,
    ) -> Result<(DocumentId, DirectiveId), Failure> {
        let (document, directive) = id.split_once(':').unwrap_or((id, ""));
        Ok((document_id(document)?, directive_id(directive)?))
    }

    pub(crate) fn close_document(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::CloseIncoming { document, reason })?;
        let token = format!("close:{document}");
        Ok(undoable(done(id, "closed", vec![], TOUCHED), token))
    }

    pub(crate) fn reopen_document(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::ReopenIncoming { document, reason })?;
        Ok(done(id, "reopened", vec![], TOUCHED))
    }

    /// Gives the number of a document that waits for one.
    pub(crate) fn number_waiting(&self, form: OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let document = document_id(&form.id)?;
        let (book, on, outgoing) = self.waiting(&at, document)?;
        let numbering = Numbering::Next { book, on };
        let made = self.act(&at, numbering, vec![], |_| Act::GiveNumber { document, outgoing })?;
        let number = made.claim.map(|claim| render_number(claim.number)).unwrap_or_default();
        Ok(done(form.id, "numbered", vec![number], TOUCHED))
    }

    pub(crate) fn attach_files(&self, form: AttachForm) -> Result<Done, Failure> {
        let AttachForm { id, files } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let files = attachments_in(&files)?;
        let outgoing = self.is_outgoing(&at, document)?;
        let blobs = files.iter().map(|file| file.blob).collect();
        let count = files.len();
        self.act(&at, Numbering::None, blobs, |_| Act::Attach { document, outgoing, files })?;
        Ok(done(id, "attached", vec![count.to_string()], TOUCHED))
    }

    pub(crate) fn detach_file(&self, form: DetachForm) -> Result<Done, Failure> {
        let DetachForm { id, blob, reason } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let outgoing = self.is_outgoing(&at, document)?;
        let reason = at.reader().text("reason", &reason)?;
        let blob = BlobId::parse(&blob)
            .map_err(|_| failure("unknown", "Không thấy tệp này.", "Mở lại văn bản."))?;
        self.plain_act(&at, Act::Detach { document, outgoing, blob, reason })?;
        Ok(done(id, "detached", vec![], TOUCHED))
    }

    pub(crate) fn void_document(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let (outgoing, number) = match self.document_state(&at, document)? {
            State::Outgoing(known) => (true, known.given.and_then(|given| given.number)),
            State::Incoming(known) => (false, known.number),
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => (false, None),
        };
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::Void { document, outgoing, reason })?;
        Ok(match number {
            Some(number) => done(id, "voided", vec![render_number(number)], TOUCHED),
            None => done(id, "draft_given_up", vec![], TOUCHED),
        })
    }
}

/// Reads an officer: `u:<id>` or the bare id.
pub(super) fn read_officer(text: &str) -> Result<OfficerId, Failure> {
    match read_party(text) {
        Some(Party::Officer(id)) => Ok(id),
        Some(Party::Unit(_)) | None => {
            Err(failure("unknown", "Không thấy cán bộ này trên máy.", "Chọn lại trong danh sách."))
        }
    }
}

/// Reads a list of parties.
pub(super) fn read_parties(field: &str, texts: &[String]) -> Result<Vec<Party>, Failure> {
    texts
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| {
            read_party(text).ok_or_else(|| {
                at_field(field, "Không thấy người hoặc đơn vị này.", "Chọn lại trong danh sách.")
            })
        })
        .collect()
}
