//! Who keeps the directory, what they state, and what was stated.
use std::collections::BTreeMap;

use register::{
    AgencyId, Entries, Key, Listed, Moment, OfficerId, PublicKey, Right, State, Statement,
    Unlisted, entry_of, has, listed_by,
};
use serde::{Deserialize, Serialize};
use sync::wire::{
    Hex, Hex32, LISTED_AT_ONCE, STATED_AT_ONCE, Stated, StatedAnswer, StatedAsked, StatedBecame,
    StatementSent, StatementsPage, Trouble,
};
use sync::{VerifyingKey, is_statement_of, read_statement};

use super::directory::{known, listed_from, put};
use super::{Ledger, standing, state_of};
use crate::fault::{CallError, StorageFault, malformed};
use crate::storage::{
    DeviceKey, Found, Reading, Session, StatementKept, Storage, Writing, looked_up,
};

/// Agencies that may keep the directory: each of their names goes to every PC with a page of it.
const KEEPERS_MAX: usize = 100;

/// What is kept of a statement: enough to look at its signature again when its PC is long gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    at: Moment,
    /// The name of the officer, and that of his agency, as they were.
    by: String,
    of: String,
    public: Hex32,
    sent: StatementSent,
    /// The entry it made.
    entry: Listed,
}

/// A statement that can be trusted, and who made it.
struct Signed {
    statement: Statement,
    sent: StatementSent,
    public: Hex32,
    by: String,
}

/// An agency that keeps the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    /// The agency.
    pub org: AgencyId,
    /// What the directory calls it.
    pub name: String,
    /// Since when it may.
    pub since: Moment,
}

/// Why the directory is not given to an agency.
#[derive(Debug, thiserror::Error)]
pub enum NotAKeeper {
    /// The agency does not live on this server.
    #[error("the agency does not live on this server")]
    NotHere,
    /// There are as many as may be.
    #[error("more keepers than may be")]
    TooMany,
    /// It does not keep it.
    #[error("the agency does not keep the directory")]
    Unknown,
    /// The storage.
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
}

fn body_of(kept: &StatementKept) -> Found<Body> {
    let what = "statement";
    serde_json::from_str(&kept.body).map_err(|source| StorageFault::Body { what, source })
}

/// Every entry of the directory.
fn all(reading: &dyn Reading) -> Found<Entries> {
    let (mut entries, mut above) = (Entries::new(), 0);
    let limit = u32::try_from(LISTED_AT_ONCE).unwrap_or(u32::MAX);
    loop {
        let page = reading.listed(above, limit)?;
        let Some((last, _)) = page.last() else { return Ok(entries) };
        above = *last;
        for (_, body) in &page {
            let listed = listed_from(body)?;
            entries.insert(listed.id, listed);
        }
    }
}

/// Reads a statement and looks whether it is one of a person of this session's PC who may make it.
fn trusted(
    reading: &dyn Reading,
    (session, keys): (&Session, &[DeviceKey]),
    sent: StatementSent,
) -> Found<Result<Signed, Unlisted>> {
    let Some(statement) = read_statement(&sent) else { return Ok(Err(Unlisted::Malformed)) };
    if (statement.org, statement.dev) != (session.org, session.dev) {
        return Ok(Err(Unlisted::Malformed));
    }
    let is_his = |key: &&DeviceKey| {
        let public = VerifyingKey::from_bytes(&key.public.0);
        key.officer == statement.officer
            && public.is_ok_and(|public| is_statement_of(&sent, &public))
    };
    let Some(key) = keys.iter().find(is_his) else { return Ok(Err(Unlisted::NotSigned)) };
    let by = match state_of(reading, session.org, Key::Officer(statement.officer))? {
        Some(State::Officer(officer)) if has(&officer, Right::Administer) => officer.name,
        Some(_) | None => return Ok(Err(Unlisted::NotAdministrator)),
    };
    let public = Hex(key.public.0);
    Ok(Ok(Signed { statement, sent, public, by }))
}

/// Who stated the entry as it stands now, if a keeper did.
fn stated_by(reading: &dyn Reading, now: Option<&Listed>) -> Found<Option<String>> {
    let Some(now) = now else { return Ok(None) };
    let Some(last) = reading.last_statement(now.id)? else { return Ok(None) };
    let last = body_of(&last)?;
    Ok((last.entry == *now).then(|| format!("{} ({})", last.by, last.of)))
}

/// Takes one statement in, or says why not.
fn take(
    writing: &dyn Writing,
    (entries, of): (&mut Entries, &str),
    (signed, now): (Signed, Moment),
) -> Found<StatedBecame> {
    let Signed { statement, sent, public, by } = signed;
    if let Some(before) = writing.statement(statement.id)? {
        let same = body_of(&before)?.sent == sent;
        let why = Unlisted::Malformed;
        return Ok(if same { StatedBecame::Stands } else { StatedBecame::Refused { why } });
    }
    let there = entries.get(&statement.after.id);
    let entry = match listed_by(&statement, entries) {
        Ok(entry) => entry,
        Err(Unlisted::Meanwhile { .. }) => {
            let why = Unlisted::Meanwhile { by: stated_by(writing, there)? };
            return Ok(StatedBecame::Refused { why });
        }
        Err(why) => return Ok(StatedBecame::Refused { why }),
    };
    if there != Some(&entry) {
        put(writing, &entry)?;
    }
    let body = Body { at: now, by, of: of.to_owned(), public, sent, entry: entry.clone() };
    let body = serde_json::to_string(&body)
        .map_err(|source| StorageFault::Body { what: "statement", source })?;
    let nth = writing.statement_head()? + 1;
    let kept = StatementKept { nth, id: statement.id, about: entry.id, body };
    writing.append_statement(&kept)?;
    entries.insert(entry.id, entry);
    Ok(StatedBecame::Stands)
}

fn keeps(reading: &dyn Reading, org: AgencyId) -> Found<bool> {
    Ok(reading.keepers()?.iter().any(|(keeper, _)| *keeper == org))
}

/// The name under which an agency is listed.
fn name_of(reading: &dyn Reading, org: AgencyId) -> Found<String> {
    Ok(known(reading, org)?.map(|listed| listed.name).unwrap_or_default())
}

impl Ledger {
    /// Takes in what an agency that keeps the directory states, in its order.
    ///
    /// # Errors
    /// Troubles the caller is told; faults. Nothing of the call was done then.
    pub fn state(
        &self,
        asked: StatedAsked,
        session: &Session,
        now: Moment,
    ) -> Result<StatedAnswer, CallError> {
        if asked.stated.len() > STATED_AT_ONCE {
            return Err(malformed("more statements than one call may carry"));
        }
        let signed: Vec<Result<Signed, Unlisted>> = self.read(|reading| {
            if standing(reading, session)?.shut_out {
                return Err(Trouble::Revoked.into());
            }
            let keys = reading.keys(session.org, session.dev)?;
            let each = asked.stated.iter().cloned();
            let each = each.map(|sent| trusted(reading, (session, &keys), sent));
            Ok(each.collect::<Found<_>>()?)
        })?;
        let org = session.org;
        let became = self.write(None, move |writing| {
            writing.hold_directory()?;
            let keeps = keeps(writing, org)?;
            let of = name_of(writing, org)?;
            let mut entries = if keeps { all(writing)? } else { Entries::new() };
            let mut became = Vec::with_capacity(signed.len());
            for signed in signed {
                became.push(match signed {
                    Ok(_) if !keeps => StatedBecame::Refused { why: Unlisted::NotAKeeper },
                    Ok(signed) => take(writing, (&mut entries, &of), (signed, now))?,
                    Err(why) => StatedBecame::Refused { why },
                });
            }
            Ok(became)
        })?;
        self.quiet.directory_changed();
        for refused in became.iter().filter(|became| **became != StatedBecame::Stands) {
            tracing::info!(%org, ?refused, "a statement about the directory was refused");
        }
        Ok(StatedAnswer { head: self.directory_head(now)?, became })
    }

    /// What was stated of the directory above a place, for an agency that keeps it.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] for every other; faults.
    pub fn statements(&self, session: &Session, above: u64) -> Result<StatementsPage, CallError> {
        self.read(|reading| {
            if standing(reading, session)?.shut_out {
                return Err(Trouble::Revoked.into());
            }
            if !keeps(reading, session.org)? {
                return Err(Trouble::NotFound.into());
            }
            let limit = u32::try_from(STATED_AT_ONCE).unwrap_or(u32::MAX);
            let found = reading.statements(above, limit)?;
            let stated = found.iter().map(stated).collect::<Found<_>>()?;
            Ok(StatementsPage { head: reading.statement_head()?, stated })
        })
    }

    /// The agencies that keep the directory.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn keepers(&self) -> Result<Vec<Keeper>, CallError> {
        self.read(|reading| {
            let keeper = |(org, since)| Ok(Keeper { org, name: name_of(reading, org)?, since });
            Ok(reading.keepers()?.into_iter().map(keeper).collect::<Found<_>>()?)
        })
    }

    /// Lets an agency of this server keep the directory.
    ///
    /// # Errors
    /// [`NotAKeeper`].
    pub fn add_keeper(&self, org: AgencyId, now: Moment) -> Result<(), NotAKeeper> {
        let storage = &*self.storage;
        crate::storage::written(storage, None, move |writing| {
            writing.hold_directory()?;
            if writing.org(org)?.is_none() {
                return Err(NotAKeeper::NotHere);
            }
            let keepers = writing.keepers()?;
            if keepers.len() >= KEEPERS_MAX && keepers.iter().all(|(keeper, _)| *keeper != org) {
                return Err(NotAKeeper::TooMany);
            }
            writing.put_keeper(org, now)?;
            Ok(tell(writing, org)?)
        })?;
        self.quiet.directory_changed();
        Ok(())
    }

    /// Takes the directory from an agency; what it stated stands.
    ///
    /// # Errors
    /// [`NotAKeeper::Unknown`]; faults.
    pub fn remove_keeper(&self, org: AgencyId) -> Result<(), NotAKeeper> {
        crate::storage::written(&*self.storage, None, move |writing| {
            writing.hold_directory()?;
            if !keeps(writing, org)? {
                return Err(NotAKeeper::Unknown);
            }
            writing.drop_keeper(org)?;
            Ok(tell(writing, org)?)
        })?;
        self.quiet.directory_changed();
        Ok(())
    }
}

/// PCs look who keeps the directory when it has changed: the entry of the agency comes once more.
fn tell(writing: &dyn Writing, org: AgencyId) -> Found<()> {
    known(writing, org)?.map_or(Ok(()), |listed| put(writing, &listed))
}

fn stated(kept: &StatementKept) -> Found<Stated> {
    let Body { at, by, of, sent, entry, .. } = body_of(kept)?;
    let before = read_statement(&sent).and_then(|statement| statement.before);
    Ok(Stated { nth: kept.nth, id: kept.id, at, by, of, before, after: entry })
}

/// Everything that was stated, in its order.
///
/// # Errors
/// Faults of the storage.
pub fn all_stated(storage: &dyn Storage) -> Found<Vec<Stated>> {
    looked_up(storage, |reading| all_kept(reading)?.iter().map(stated).collect())
}

pub(crate) fn all_kept(reading: &dyn Reading) -> Found<Vec<StatementKept>> {
    let (mut found, mut above) = (Vec::new(), 0);
    loop {
        let page = reading.statements(above, LISTED_AT_ONCE as u32)?;
        let Some(last) = page.last() else { return Ok(found) };
        above = last.nth;
        found.extend(page);
    }
}

/// What was found of the statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementsVerified {
    /// So many there are.
    pub count: u64,
    /// Those that do not say what was signed, or that nobody signed who could.
    pub flaws: Vec<u64>,
}

/// Looks at every statement again: its place, its signature, whose key that is, and whether it
/// makes the entry that is written beside it.
///
/// # Errors
/// Faults of the storage.
pub fn verify_statements(storage: &dyn Storage) -> Found<StatementsVerified> {
    looked_up(storage, |reading| {
        let mut keys: BTreeMap<AgencyId, Vec<(OfficerId, PublicKey)>> = BTreeMap::new();
        let mut found = StatementsVerified::default();
        for (kept, nth) in all_kept(reading)?.iter().zip(1..) {
            found.count += 1;
            if kept.nth != nth || !holds(reading, kept, &mut keys)? {
                found.flaws.push(kept.nth);
            }
        }
        Ok(found)
    })
}

fn holds(
    reading: &dyn Reading,
    kept: &StatementKept,
    keys: &mut BTreeMap<AgencyId, Vec<(OfficerId, PublicKey)>>,
) -> Found<bool> {
    let Ok(body) = body_of(kept) else { return Ok(false) };
    let Some(statement) = read_statement(&body.sent) else { return Ok(false) };
    let org = statement.org;
    let keys = match keys.entry(org) {
        std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
        std::collections::btree_map::Entry::Vacant(free) => {
            let all = reading.all_keys(org)?.into_iter().map(|key| (key.officer, key.public));
            free.insert(all.collect())
        }
    };
    let public = PublicKey(body.public.0);
    let signed = VerifyingKey::from_bytes(&public.0)
        .is_ok_and(|public| is_statement_of(&body.sent, &public));
    // What two stated alike was made of what stood there already.
    let made = |before: Option<&Listed>| {
        let made = entry_of(&statement, before);
        Listed { on_exchange: body.entry.on_exchange, ..made } == body.entry
    };
    Ok(signed
        && keys.contains(&(statement.officer, public))
        && (kept.id, kept.about) == (statement.id, statement.after.id)
        && (made(statement.before.as_ref()) || made(Some(&body.entry))))
}

/// Moves who keeps the directory, what was stated, and every entry that is no agency's own.
///
/// # Errors
/// Faults of the storages.
pub fn move_directory(from: &dyn Storage, to: &dyn Storage) -> Found<()> {
    let (entries, keepers, stated) = looked_up(from, |reading| {
        Ok::<_, StorageFault>((all(reading)?, reading.keepers()?, all_kept(reading)?))
    })?;
    crate::storage::written(to, None, move |writing| {
        for listed in entries.values() {
            if writing.org(listed.id)?.is_none() && known(writing, listed.id)?.is_none() {
                put(writing, listed)?;
            }
        }
        for (org, at) in keepers {
            writing.put_keeper(org, at)?;
        }
        let there = writing.statement_head()?;
        let more = stated.iter().filter(|kept| kept.nth > there);
        more.into_iter().try_for_each(|kept| writing.append_statement(kept))
    })
}
