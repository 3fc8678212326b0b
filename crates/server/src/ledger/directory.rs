//! The directory: every agency of this server lists itself; the operator lists the others, and
//! agencies that keep it ([`super::keepers`]).
use register::{Agency, AgencyId, Listed, Moment, codes_with};
use sync::wire::{DirectoryPage, LISTED_AT_ONCE};

use super::Ledger;
use crate::fault::{CallError, StorageFault};
use crate::storage::{Found, Reading, Session, Writing};

pub(super) fn listed_from(body: &str) -> Found<Listed> {
    serde_json::from_str(body).map_err(|source| StorageFault::Body { what: "listed", source })
}

pub(super) fn known(reading: &dyn Reading, id: AgencyId) -> Found<Option<Listed>> {
    reading.listed_of(id)?.map(|body| listed_from(&body)).transpose()
}

pub(super) fn put(writing: &dyn Writing, listed: &Listed) -> Found<()> {
    let body = serde_json::to_string(listed)
        .map_err(|source| StorageFault::Body { what: "listed", source })?;
    writing.put_listed(listed.id, &body)
}

/// Lists an agency of this server as it states itself, and as it did `until_now`; what others added
/// stays.
pub(super) fn list(
    writing: &dyn Writing,
    (agency, until_now): (&Agency, Option<&Agency>),
) -> Found<()> {
    let before = known(writing, agency.id)?;
    let mut listed = before.clone().unwrap_or_else(|| Listed {
        id: agency.id,
        name: String::new(),
        code: String::new(),
        codes_before: Vec::new(),
        unit: String::new(),
        parent: String::new(),
        on_exchange: true,
        from: None,
        to: None,
        heirs: Vec::new(),
    });
    listed.codes_before = codes_with(&listed.codes_before, &listed.code, &agency.code);
    listed.name.clone_from(&agency.name);
    listed.code.clone_from(&agency.code);
    // Who keeps the directory may say better what stands above it, until it says something new.
    if until_now.is_none_or(|before| before.parent != agency.parent) {
        listed.parent.clone_from(&agency.parent);
    }
    listed.on_exchange = true;
    if before.as_ref() == Some(&listed) {
        return Ok(());
    }
    put(writing, &listed)
}

/// Lists an agency as the other server it lives on states it; what that one leaves open stays.
pub(super) fn list_from(writing: &dyn Writing, theirs: &Listed) -> Found<bool> {
    let before = known(writing, theirs.id)?;
    let mut listed = Listed { on_exchange: true, ..theirs.clone() };
    if let Some(before) = &before {
        let codes = [before.codes_before.as_slice(), &theirs.codes_before].concat();
        listed.codes_before = codes_with(&codes, &before.code, &theirs.code);
        if listed.unit.is_empty() {
            listed.unit.clone_from(&before.unit);
        }
        if listed.heirs.is_empty() {
            listed.heirs.clone_from(&before.heirs);
        }
        listed.from = listed.from.or(before.from);
        listed.to = listed.to.or(before.to);
    }
    if before.as_ref() == Some(&listed) {
        return Ok(false);
    }
    put(writing, &listed)?;
    Ok(true)
}

/// No server that is known has the agency any more.
pub(super) fn unlist(writing: &dyn Writing, id: AgencyId) -> Found<()> {
    match known(writing, id)? {
        Some(listed) if listed.on_exchange => {
            put(writing, &Listed { on_exchange: false, ..listed })
        }
        Some(_) | None => Ok(()),
    }
}

impl Ledger {
    /// The version of the directory.
    pub(super) fn directory_head(&self, now: Moment) -> Result<u64, CallError> {
        if let Some(version) = self.quiet.directory(now) {
            return Ok(version);
        }
        let version = self.read(|reading| Ok(reading.listed_head()?))?;
        self.quiet.directory_is(now, version);
        Ok(version)
    }

    /// A page of the directory for a session; everybody on the server may have all of it.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn directory(&self, _: &Session, above: u64) -> Result<DirectoryPage, CallError> {
        self.read(|reading| {
            let limit = u32::try_from(LISTED_AT_ONCE).unwrap_or(u32::MAX);
            let mut page = DirectoryPage { head: reading.listed_head()?, ..Default::default() };
            page.to = above;
            for (ver, body) in reading.listed(above, limit)? {
                page.to = ver;
                page.listed.push(listed_from(&body)?);
            }
            page.more = page.to < page.head;
            page.keepers = reading.keepers()?.into_iter().map(|(org, _)| org).collect();
            Ok(page)
        })
    }

    /// What the operator states of an agency.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn list(&self, listed: Listed) -> Result<(), CallError> {
        self.quiet.directory_changed();
        self.write(None, move |writing| {
            writing.hold_directory()?;
            let mut listed = listed;
            if let Some(before) = known(writing, listed.id)? {
                // A code that was stated by mistake can be taken out; the one it has now stays.
                listed.codes_before = codes_with(&listed.codes_before, &before.code, &listed.code);
                // Whether it is on this server is not for a person to say.
                let at_peer = writing.homes_of(listed.id)?.iter().any(|home| home.stands);
                listed.on_exchange |= at_peer || writing.org(listed.id)?.is_some();
            }
            Ok(put(writing, &listed)?)
        })
    }
}
