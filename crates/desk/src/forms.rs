//! Forms of the page taken apart into values of the register, cleaned and with dates read.
use contract::{DraftForm, Failure, Fields, RecipientForm};
use jiff::civil::Date;
use register::{
    Attachment, BlobId, Calendar, IncomingFields, OutgoingFields, Recipient, UnitId, Urgency,
};

use crate::dates::{Digits, read};
use crate::words::at_field;

/// Characters a typed field may have before it is even cleaned; the rules have lower limits.
const TYPED_CHARS_MAX: usize = 20_000;

/// Reads what people type, knowing today and the calendar.
pub struct Reader<'a> {
    /// Today at the office.
    pub today: Date,
    /// The office calendar.
    pub calendar: &'a Calendar,
}

impl Reader<'_> {
    /// One line, cleaned: NFC, no control or zero-width characters.
    pub fn line(&self, field: &str, typed: &str) -> Result<String, Failure> {
        self.check_size(field, typed)?;
        Ok(text::clean_line(typed))
    }

    /// A text with line breaks, cleaned.
    pub fn text(&self, field: &str, typed: &str) -> Result<String, Failure> {
        self.check_size(field, typed)?;
        Ok(text::clean_text(typed))
    }

    fn check_size(&self, field: &str, typed: &str) -> Result<(), Failure> {
        if typed.len() > TYPED_CHARS_MAX && typed.chars().count() > TYPED_CHARS_MAX {
            return Err(at_field(
                field,
                format!("Ô này có hơn {TYPED_CHARS_MAX} ký tự."),
                "Rút gọn, phần còn lại để trong tệp đính kèm.",
            ));
        }
        Ok(())
    }

    /// A date that stands on paper, or none when empty.
    pub fn date(&self, field: &str, typed: &str) -> Result<Option<Date>, Failure> {
        self.dated(field, typed, Digits::DayOfMonth)
    }

    /// A deadline: digits are working days.
    pub fn deadline(&self, field: &str, typed: &str) -> Result<Option<Date>, Failure> {
        self.dated(field, typed, Digits::WorkingDays)
    }

    fn dated(&self, field: &str, typed: &str, digits: Digits) -> Result<Option<Date>, Failure> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        read(typed, self.today, digits, self.calendar)
            .map(Some)
            .map_err(|no| at_field(field, no.words(typed), "Sửa lại ngày."))
    }

    /// A count, or none when empty.
    pub fn count(&self, field: &str, typed: &str) -> Result<Option<u32>, Failure> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let read = typed.parse::<u32>().ok().filter(|count| *count <= 99_999);
        read.map(Some).ok_or_else(|| {
            let shown: String = typed.chars().take(20).collect();
            at_field(field, format!("\"{shown}\" không phải là số đếm."), "Ghi bằng chữ số.")
        })
    }

    /// Fields of an incoming document.
    pub fn incoming(&self, form: &Fields) -> Result<IncomingFields, Failure> {
        let Fields {
            number,
            symbol,
            issued_on,
            issuer,
            kind,
            subject,
            urgency,
            signer,
            signer_position,
            to_places,
            due,
            pages,
            copies,
            language,
            case_file,
            note,
        } = form;
        Ok(IncomingFields {
            number: self.line("number", number)?,
            symbol: self.line("symbol", symbol)?,
            issued_on: self.date("issued_on", issued_on)?,
            issuer: self.line("issuer", issuer)?,
            kind: self.line("kind", kind)?,
            subject: self.line("subject", subject)?,
            urgency: urgency_in(*urgency),
            signer: self.line("signer", signer)?,
            signer_position: self.line("signer_position", signer_position)?,
            to_places: self.line("to_places", to_places)?,
            due: self.deadline("due", due)?,
            pages: self.count("pages", pages)?,
            copies: self.count("copies", copies)?,
            language: self.line("language", language)?,
            case_file: self.line("case_file", case_file)?,
            note: self.text("note", note)?,
        })
    }

    /// Fields of an outgoing document.
    pub fn outgoing(&self, form: &DraftForm) -> Result<OutgoingFields, Failure> {
        let DraftForm {
            id: _,
            kind,
            subject,
            urgency,
            signer,
            signer_position,
            unit,
            recipients,
            keeper,
            copies,
            pages,
            due,
            language,
            case_file,
            note,
            attachments: _,
            answers: _,
            task: _,
            replaces: _,
        } = form;
        let unit = match unit.trim() {
            "" => None,
            id => Some(UnitId::parse(id).map_err(|_| {
                at_field("unit", "Không thấy đơn vị này.", "Chọn đơn vị trong danh sách.")
            })?),
        };
        let recipients = recipients
            .iter()
            .filter(|recipient| !recipient.name.trim().is_empty())
            .map(|RecipientForm { name, code }| {
                Ok(Recipient {
                    name: self.line("recipients", name)?,
                    code: self.line("recipients", code)?,
                })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        Ok(OutgoingFields {
            kind: self.line("kind", kind)?,
            subject: self.line("subject", subject)?,
            urgency: urgency_in(*urgency),
            signer: self.line("signer", signer)?,
            signer_position: self.line("signer_position", signer_position)?,
            unit,
            recipients,
            keeper: self.line("keeper", keeper)?,
            copies: self.count("copies", copies)?,
            pages: self.count("pages", pages)?,
            due: self.deadline("due", due)?,
            language: self.line("language", language)?,
            case_file: self.line("case_file", case_file)?,
            note: self.text("note", note)?,
        })
    }
}

/// Urgency of the page as the register's.
pub fn urgency_in(urgency: contract::Urgency) -> Urgency {
    match urgency {
        contract::Urgency::Normal => Urgency::Normal,
        contract::Urgency::Urgent => Urgency::Urgent,
        contract::Urgency::VeryUrgent => Urgency::VeryUrgent,
        contract::Urgency::Express => Urgency::Express,
    }
}

/// Urgency of the register as the page's.
pub fn urgency_out(urgency: Urgency) -> contract::Urgency {
    match urgency {
        Urgency::Normal => contract::Urgency::Normal,
        Urgency::Urgent => contract::Urgency::Urgent,
        Urgency::VeryUrgent => contract::Urgency::VeryUrgent,
        Urgency::Express => contract::Urgency::Express,
    }
}

/// Files of the page as the register's; a hash that is none is refused.
pub fn attachments_in(files: &[contract::Attachment]) -> Result<Vec<Attachment>, Failure> {
    files
        .iter()
        .map(|contract::Attachment { blob, name, mime, size, pages }| {
            let blob = BlobId::parse(blob).map_err(|_| {
                at_field("attachments", "Không thấy tệp này trên máy.", "Thêm lại tệp.")
            })?;
            Ok(Attachment {
                blob,
                name: text::clean_line(name),
                mime: mime.clone(),
                size: *size,
                pages: *pages,
            })
        })
        .collect()
}

/// Files of the register as the page's.
pub fn attachments_out(files: &[Attachment]) -> Vec<contract::Attachment> {
    files
        .iter()
        .map(|Attachment { blob, name, mime, size, pages }| contract::Attachment {
            blob: blob.hex(),
            name: name.clone(),
            mime: mime.clone(),
            size: *size,
            pages: *pages,
        })
        .collect()
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn number(count: Option<u32>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// Fields of an incoming document as the page shows them.
pub fn fields_out(fields: &IncomingFields) -> Fields {
    let IncomingFields {
        number: on_page,
        symbol,
        issued_on,
        issuer,
        kind,
        subject,
        urgency,
        signer,
        signer_position,
        to_places,
        due,
        pages,
        copies,
        language,
        case_file,
        note,
    } = fields;
    Fields {
        number: on_page.clone(),
        symbol: symbol.clone(),
        issued_on: day(*issued_on),
        issuer: issuer.clone(),
        kind: kind.clone(),
        subject: subject.clone(),
        urgency: urgency_out(*urgency),
        signer: signer.clone(),
        signer_position: signer_position.clone(),
        to_places: to_places.clone(),
        due: day(*due),
        pages: number(*pages),
        copies: number(*copies),
        language: language.clone(),
        case_file: case_file.clone(),
        note: note.clone(),
    }
}

/// An outgoing document as the draft form shows it.
pub fn draft_out(document: &register::Outgoing) -> DraftForm {
    let fields = &document.fields;
    let recipients = fields.recipients.iter();
    DraftForm {
        id: Some(document.id.hex()),
        kind: fields.kind.clone(),
        subject: fields.subject.clone(),
        urgency: urgency_out(fields.urgency),
        signer: fields.signer.clone(),
        signer_position: fields.signer_position.clone(),
        unit: fields.unit.map(|unit| unit.hex()).unwrap_or_default(),
        recipients: recipients
            .map(|Recipient { name, code }| RecipientForm {
                name: name.clone(),
                code: code.clone(),
            })
            .collect(),
        keeper: fields.keeper.clone(),
        copies: number(fields.copies),
        pages: number(fields.pages),
        due: day(fields.due),
        language: fields.language.clone(),
        case_file: fields.case_file.clone(),
        note: fields.note.clone(),
        attachments: attachments_out(&document.attachments),
        answers: document.answers.map(|id| id.hex()),
        task: document.task.map(|id| id.hex()),
        replaces: document.replaces.map(|id| id.hex()),
    }
}
