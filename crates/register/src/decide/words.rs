//! Limits of typed words. They are wide: the lengths of Phụ lục VI warn on the page and never cut.
use alloc::string::String;
use alloc::vec::Vec;

use crate::attachment::{ATTACHMENTS_MAX, Attachment};
use crate::picture::No;
use crate::refusal::{Refusal, Where};
use crate::trail::Altered;

/// Characters in a field of one line.
pub(crate) const LINE_CHARS_MAX: u32 = 500;
/// Characters in a subject, a reason or a directive.
pub(crate) const SUBJECT_CHARS_MAX: u32 = 2000;
/// Characters in a note or a report.
pub(crate) const NOTE_CHARS_MAX: u32 = 5000;
/// Entries in a list of parties or recipients.
pub(crate) const LIST_MAX: u32 = 200;

/// Refuses a text longer than its limit.
pub(crate) fn within(field: Where, text: &str, max: u32) -> Result<(), No> {
    // Bytes bound characters, so a short text is not counted.
    if text.len() <= max as usize || text.chars().count() <= max as usize {
        return Ok(());
    }
    Err(Refusal::TooLong { field, max }.into())
}

/// Refuses an empty text and one longer than its limit.
pub(crate) fn needed(field: Where, text: &str, max: u32) -> Result<(), No> {
    if text.trim().is_empty() {
        return Err(Refusal::Missing { field }.into());
    }
    within(field, text, max)
}

/// Refuses a list longer than its limit.
pub(crate) fn few(field: Where, count: usize, max: u32) -> Result<(), No> {
    if count <= max as usize { Ok(()) } else { Err(Refusal::TooLong { field, max }.into()) }
}

/// Refuses too many files, and names that are no names.
pub(crate) fn files(files: &[Attachment], already: usize) -> Result<(), No> {
    few(Where::Attachments, files.len().saturating_add(already), ATTACHMENTS_MAX as u32)?;
    for file in files {
        needed(Where::Attachments, &file.name, LINE_CHARS_MAX)?;
        within(Where::Attachments, &file.mime, LINE_CHARS_MAX)?;
    }
    Ok(())
}

/// One value before and after.
pub(crate) fn altered(field: &str, before: impl Into<String>, after: impl Into<String>) -> Altered {
    Altered { field: String::from(field), before: before.into(), after: after.into() }
}

/// One value before and after, as the whole list of what changed.
pub(crate) fn one(field: &str, before: &str, after: &str) -> Vec<Altered> {
    Vec::from([altered(field, before, after)])
}
