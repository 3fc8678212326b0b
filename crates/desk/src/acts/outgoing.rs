//! Outgoing documents: draft, submit, approve, return, number, send.
use contract::{
    Done, DraftForm, Failure, OneId, RecipientForm, RegisterOutgoingForm, Remarks, SendForm,
    SubmitDraftForm, SymbolAsked, SymbolProposed, Topic,
};
use register::{
    Act, Address, BlobId, DocumentId, Outgoing, OutgoingField, Sending, reference, render_number,
    symbol_for,
};

use super::incoming::read_officer;
use super::{book_id, document_id, done, undoable};
use crate::acting::{Allotted, Numbering};
use crate::desk::Desk;
use crate::forms::{attachments_in, draft_out};
use crate::session::AtDesk;
use crate::words::{at_field, failure};

const TOUCHED: &[Topic] = &[Topic::Documents, Topic::Document, Topic::Books];

impl Desk {
    /// Makes a draft, or changes the fields of one that differ from what is kept.
    pub(crate) fn save_outgoing(&self, form: DraftForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let fields = at.reader().outgoing(&form)?;
        let files = attachments_in(&form.attachments)?;
        let optional = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(id) = optional(&form.id) {
            return self.change_draft(&at, document_id(&id)?, &form, files);
        }
        let document = DocumentId(self.source.id());
        let answers = optional(&form.answers).map(|id| document_id(&id)).transpose()?;
        let task = optional(&form.task).map(|id| super::task_id(&id)).transpose()?;
        let replaces = optional(&form.replaces).map(|id| document_id(&id)).transpose()?;
        let blobs: Vec<BlobId> = files.iter().map(|file| file.blob).collect();
        self.act(&at, Numbering::None, blobs, |_| Act::Draft {
            document,
            fields,
            attachments: files,
            answers,
            task,
            replaces,
        })?;
        Ok(done(document.hex(), "drafted", vec![], TOUCHED))
    }

    /// The form of a document that takes the place of one that went out: its fields, and everybody
    /// who has it. Files and pages are those of the new one.
    pub(crate) fn replacement_form(&self, asked: &OneId) -> Result<DraftForm, Failure> {
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&asked.id)?)?;
        if document.dispatch.is_none() {
            return Err(failure(
                "not_sent",
                "Văn bản chưa phát hành nên chưa cần văn bản thay thế.",
                "Sửa dự thảo; đã cấp số thì huỷ số, ghi lý do, rồi soạn lại.",
            ));
        }
        let mut form = draft_out(&document);
        for parcel in self.parcels_of(&at, &document)? {
            let Address { code, name, .. } = parcel.to;
            let known = form
                .recipients
                .iter()
                .any(|one| one.name == name || !code.is_empty() && one.code == code);
            if !known && parcel.lost.is_none() {
                form.recipients.push(RecipientForm { name, code });
            }
        }
        if document.fields.due.is_some_and(|due| due < at.today) {
            form.due.clear();
        }
        form.pages.clear();
        form.attachments.clear();
        form.replaces = form.id.take();
        Ok(form)
    }

    fn change_draft(
        &self,
        at: &AtDesk,
        document: DocumentId,
        form: &DraftForm,
        files: Vec<register::Attachment>,
    ) -> Result<Done, Failure> {
        let known = self.outgoing(at, document)?;
        for (field, old, new) in changed_fields(at, &known, form)? {
            self.plain_act(at, Act::EditOutgoing { document, field, old, new })?;
        }
        let kept = |blob: BlobId| known.attachments.iter().any(|file| file.blob == blob);
        let added: Vec<_> = files.iter().filter(|file| !kept(file.blob)).cloned().collect();
        let gone: Vec<BlobId> = known
            .attachments
            .iter()
            .map(|file| file.blob)
            .filter(|blob| !files.iter().any(|file| file.blob == *blob))
            .collect();
        for blob in gone {
            let reason = String::new();
            self.plain_act(at, Act::Detach { document, outgoing: true, blob, reason })?;
        }
        if !added.is_empty() {
            let blobs = added.iter().map(|file| file.blob).collect();
            self.act(at, Numbering::None, blobs, |_| Act::Attach {
                document,
                outgoing: true,
                files: added,
            })?;
        }
        Ok(done(document.hex(), "draft_saved", vec![], TOUCHED))
    }

    pub(crate) fn submit_outgoing(&self, form: SubmitDraftForm) -> Result<Done, Failure> {
        let SubmitDraftForm { id, to } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let to = read_officer(&to)?;
        self.plain_act(&at, Act::SubmitDraft { document, to })?;
        let said = done(id, "draft_submitted", vec![at.directory.name(to)], TOUCHED);
        Ok(undoable(said, format!("submit:{document}")))
    }

    pub(crate) fn take_submission_back(&self, form: OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let document = document_id(&form.id)?;
        self.plain_act(&at, Act::UndoSubmitDraft { document })?;
        Ok(done(form.id, "submission_undone", vec![], TOUCHED))
    }

    pub(crate) fn approve_outgoing(&self, form: Remarks) -> Result<Done, Failure> {
        let Remarks { id, remarks } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let remarks = at.reader().text("remarks", &remarks)?;
        self.plain_act(&at, Act::ApproveDraft { document, remarks })?;
        Ok(done(id, "approved", vec![], TOUCHED))
    }

    pub(crate) fn return_outgoing(&self, form: Remarks) -> Result<Done, Failure> {
        let Remarks { id, remarks } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let remarks = at.reader().text("remarks", &remarks)?;
        self.plain_act(&at, Act::ReturnDraft { document, remarks })?;
        Ok(done(id, "returned", vec![], TOUCHED))
    }

    /// The symbol and number a document would get from the book that takes its kind.
    pub(crate) fn propose_symbol(&self, form: SymbolAsked) -> Result<SymbolProposed, Failure> {
        let SymbolAsked { id, date } = form;
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&id)?)?;
        let on = at.reader().date("date", &date)?.unwrap_or(at.today);
        let symbol = built_symbol(&at, &document, on.year());
        let books = at.directory.books.values().filter(|book| {
            book.direction == register::Direction::Outgoing
                && book.open
                && book.takes(&document.fields.kind)
        });
        // A book that names the kind goes before one that takes every kind.
        let book = books.min_by_key(|book| (book.kinds.is_empty(), book.name.clone()));
        let count = book.map(|book| book.year(on.year()));
        let number = book
            .zip(count.as_ref())
            .and_then(|(book, count)| self.holds(book).then_some(count.next));
        let text = number.map(render_number).unwrap_or_default();
        Ok(SymbolProposed {
            book: book.map(|book| book.id.hex()),
            book_name: book.map(|book| book.name.clone()).unwrap_or_default(),
            number,
            reference: reference(&text, &symbol),
            symbol,
            last_date: count.and_then(|count| count.last_date).map(|date| date.to_string()),
        })
    }

    pub(crate) fn number_outgoing(&self, form: RegisterOutgoingForm) -> Result<Done, Failure> {
        let RegisterOutgoingForm { id, book, on, symbol, signed_on_paper, paper_number } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let book = book_id(&book)?;
        let reader = at.reader();
        let on = reader.date("on", &on)?.unwrap_or(at.today);
        let typed = reader.line("symbol", &symbol)?;
        let symbol = if typed.is_empty() {
            built_symbol(&at, &self.outgoing(&at, document)?, on.year())
        } else {
            typed
        };
        let shown = symbol.clone();
        let numbering = Numbering::typed(book, on, paper_number);
        let made = self.act(&at, numbering, vec![], |Allotted { slip, .. }| {
            Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper }
        })?;
        Ok(match made.claim {
            Some(claim) => {
                let text = reference(&render_number(claim.number), &shown);
                done(id, "registered_outgoing", vec![text], TOUCHED)
            }
            None => done(id, "registered_waiting", vec![made.slip.unwrap_or_default()], TOUCHED),
        })
    }

    pub(crate) fn send_outgoing(&self, form: SendForm) -> Result<Done, Failure> {
        let SendForm { id, on, how } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let reader = at.reader();
        let on = reader.date("on", &on)?.unwrap_or(at.today);
        let how = reader.line("how", &how)?;
        self.plain_act(&at, Act::Send(Sending { document, on, how }))?;
        Ok(done(id, "sent", vec![], TOUCHED))
    }
}

fn built_symbol(at: &AtDesk, document: &Outgoing, year: i16) -> String {
    let Some(agency) = &at.directory.agency else { return String::new() };
    let Some(kind) = agency.kind(&document.fields.kind) else { return String::new() };
    let unit = document.fields.unit.and_then(|id| at.directory.units.get(&id));
    symbol_for(agency, kind, unit.map_or("", |unit| unit.abbreviation.as_str()), year)
}

/// The fields that differ, as text in the register's own form.
fn changed_fields(
    at: &AtDesk,
    known: &Outgoing,
    form: &DraftForm,
) -> Result<Vec<(OutgoingField, String, String)>, Failure> {
    // Both sides go through the same reading, so what was not touched is equal.
    let fields = at.reader().outgoing(form)?;
    let mut wanted = known.clone();
    wanted.fields = fields;
    let (before, after) = (values(known), values(&wanted));
    if before.len() != after.len() {
        return Err(failure("fault", "Không đọc được dự thảo.", "Mở lại dự thảo."));
    }
    let pairs = before.into_iter().zip(after);
    Ok(pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| (field, old, new))
        .collect())
}

fn values(document: &Outgoing) -> Vec<(OutgoingField, String)> {
    let form = draft_out(document);
    let recipients: Vec<String> = form
        .recipients
        .iter()
        .map(|to| match to.code.as_str() {
            "" => to.name.clone(),
            code => format!("{}\t{code}", to.name),
        })
        .collect();
    let urgency = serde_json::to_value(document.fields.urgency).ok();
    let urgency = urgency.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    vec![
        (OutgoingField::Kind, form.kind),
        (OutgoingField::Subject, form.subject),
        (OutgoingField::Urgency, urgency),
        (OutgoingField::Signer, form.signer),
        (OutgoingField::SignerPosition, form.signer_position),
        (OutgoingField::Unit, form.unit),
        (OutgoingField::Recipients, recipients.join("\n")),
        (OutgoingField::Keeper, form.keeper),
        (OutgoingField::Copies, form.copies),
        (OutgoingField::Pages, form.pages),
        (OutgoingField::Due, form.due),
        (OutgoingField::Language, form.language),
        (OutgoingField::CaseFile, form.case_file),
        (OutgoingField::Note, form.note),
    ]
}

impl Desk {
    /// An outgoing document this session may see.
    pub(crate) fn outgoing(&self, at: &AtDesk, id: DocumentId) -> Result<Outgoing, Failure> {
        self.find_outgoing(at, id)?
            .ok_or_else(|| at_field("id", "Không thấy văn bản này trên máy.", "Về danh sách."))
    }
}
