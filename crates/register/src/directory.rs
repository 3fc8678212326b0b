//! What a keeper of the directory states of one agency, and whether it can stand so.
//!
//! The directory is no state of an agency's log: it belongs to the server, and several keep it. A
//! statement therefore names the entry it was made from; one that was changed meanwhile is not
//! written over.
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{AgencyId, DeviceId, OfficerId, StatementId};
use crate::listed::{CODES_MAX, HEIRS_MAX, Listed};
use crate::moment::Moment;

/// Characters of a name and of what stands above an agency.
pub const LISTED_NAME_MAX: u32 = 250;
/// Characters of a code (QĐ 20/2020/QĐ-TTg).
pub const LISTED_CODE_MAX: u32 = 35;
/// Digits of a unit in the national catalogue: province, district of before, commune.
const UNIT_DIGITS: [usize; 3] = [2, 3, 5];

/// The whole directory as somebody knows it.
pub type Entries = BTreeMap<AgencyId, Listed>;

/// What one keeper states of one agency, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Said twice, it is one.
    pub id: StatementId,
    /// The agency that keeps the directory.
    pub org: AgencyId,
    /// The PC.
    pub dev: DeviceId,
    /// Who states it.
    pub officer: OfficerId,
    /// When, by the clock of that PC.
    pub at: Moment,
    /// The entry it was made from; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Listed>,
    /// The entry as it is to be.
    pub after: Listed,
}

/// A field of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each stands for the field of the same name")]
pub enum ListedField {
    Name,
    Code,
    CodesBefore,
    Unit,
    Parent,
    To,
    Heirs,
}

/// Why an entry cannot stand as it was stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "no")]
pub enum Unlisted {
    /// The agency does not keep the directory.
    NotAKeeper,
    /// The officer does not administer the agency, or has left it.
    NotAdministrator,
    /// The signature is of no key of this officer on this PC.
    NotSigned,
    /// It is no statement of this program.
    Malformed,
    /// An agency has a name.
    NoName,
    /// The field holds more characters or entries than its limit.
    TooLong {
        /// Which.
        field: ListedField,
        /// Its limit.
        max: u32,
    },
    /// A code has Latin letters, digits and dots, and a digit among them.
    NotACode,
    /// The number of a unit has two, three or five digits.
    NotAUnit,
    /// Another agency that is there has the code.
    CodeHeld {
        /// Its name.
        by: String,
    },
    /// An agency that is on a server states this of itself.
    StatesItself {
        /// What.
        field: ListedField,
    },
    /// It ends before it began.
    EndsBeforeBeginning {
        /// Its first day.
        from: Date,
    },
    /// Only an agency that ends has heirs.
    HeirsWithoutEnd,
    /// Nobody is his own heir.
    OwnHeir,
    /// The directory has no such heir.
    HeirUnknown,
    /// Following the heirs leads back to where one began.
    HeirsInCircle {
        /// The heir whose heirs lead back.
        through: String,
    },
    /// Somebody changed the entry since it was read.
    Meanwhile {
        /// Who stated it last, and of which agency; none where the agency or the operator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
}

impl Unlisted {
    /// A stable short name for the page and for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Unlisted::NotAKeeper => "not_a_keeper",
            Unlisted::NotAdministrator => "forbidden",
            Unlisted::NotSigned => "not_signed",
            Unlisted::Malformed => "malformed",
            Unlisted::NoName => "missing",
            Unlisted::TooLong { .. } => "too_long",
            Unlisted::NotACode => "not_a_code",
            Unlisted::NotAUnit => "not_a_unit",
            Unlisted::CodeHeld { .. } => "code_held",
            Unlisted::StatesItself { .. } => "states_itself",
            Unlisted::EndsBeforeBeginning { .. } => "ends_before_beginning",
            Unlisted::HeirsWithoutEnd => "heirs_without_end",
            Unlisted::OwnHeir => "own_heir",
            Unlisted::HeirUnknown => "heir_unknown",
            Unlisted::HeirsInCircle { .. } => "heirs_in_circle",
            Unlisted::Meanwhile { .. } => "changed_meanwhile",
        }
    }
}

/// The codes an entry had, with one more that it has no longer: the oldest go where there are too
/// many.
pub fn codes_with(before: &[String], gone: &str, now: &str) -> Vec<String> {
    let mut codes: Vec<String> = before.to_vec();
    if !gone.is_empty() && gone != now {
        codes.push(String::from(gone));
    }
    let mut seen = BTreeSet::from([String::from(now)]);
    codes.retain(|code| seen.insert(code.clone()));
    let over = codes.len().saturating_sub(CODES_MAX);
    codes.drain(..over);
    codes
}

/// The entry that a statement makes of the one that is there now.
///
/// Whether it is on the exchange is not for a person to say, and a code that it has no longer
/// stays beside the others.
pub fn entry_of(statement: &Statement, now: Option<&Listed>) -> Listed {
    let after = &statement.after;
    let gone = now.map_or("", |now| now.code.as_str());
    Listed {
        codes_before: codes_with(&after.codes_before, gone, &after.code),
        on_exchange: now.is_some_and(|now| now.on_exchange),
        ..after.clone()
    }
}

/// The entry as a statement leaves it, or why it cannot be.
///
/// `among` is what is known of the others. A circle of heirs is seen as far as they are known.
///
/// # Errors
/// The first rule it breaks.
pub fn listed_by(statement: &Statement, among: &Entries) -> Result<Listed, Unlisted> {
    let now = among.get(&statement.after.id);
    let entry = entry_of(statement, now);
    // Two who correct the same thing in the same way agree.
    if now == Some(&entry) {
        return Ok(entry);
    }
    if now != statement.before.as_ref() {
        return Err(Unlisted::Meanwhile { by: None });
    }
    must_be_written_well(&entry, now)?;
    if let Some(now) = now.filter(|now| now.on_exchange) {
        states_itself(now, &entry)?;
    }
    if let (Some(from), Some(to)) = (entry.from, entry.to)
        && to < from
    {
        return Err(Unlisted::EndsBeforeBeginning { from });
    }
    must_have_its_code_alone((&entry, now), among, statement.at.date())?;
    must_have_heirs(&entry, among)?;
    Ok(entry)
}

/// Heirs that nobody lists. Only who has the units that come with the program can say so: a server
/// knows those that were stated.
///
/// # Errors
/// [`Unlisted::HeirUnknown`].
pub fn must_know_heirs(entry: &Listed, among: &Entries) -> Result<(), Unlisted> {
    if entry.heirs.iter().all(|heir| among.contains_key(heir)) {
        return Ok(());
    }
    Err(Unlisted::HeirUnknown)
}

/// What stands from before these rules, or as its agency says it, stays until somebody changes it.
fn must_be_written_well(entry: &Listed, now: Option<&Listed>) -> Result<(), Unlisted> {
    let Listed { name, code, codes_before, unit, parent, heirs, .. } = entry;
    let is_new = |text: &str, of: fn(&Listed) -> &str| now.is_none_or(|now| of(now) != text);
    let texts = [
        (ListedField::Name, name, is_new(name, |one| &one.name), LISTED_NAME_MAX),
        (ListedField::Parent, parent, is_new(parent, |one| &one.parent), LISTED_NAME_MAX),
        (ListedField::Code, code, is_new(code, |one| &one.code), LISTED_CODE_MAX),
        (ListedField::Unit, unit, is_new(unit, |one| &one.unit), LISTED_CODE_MAX),
    ];
    for (field, text, is_new, max) in texts {
        if is_new && text::clean_line(text) != *text {
            return Err(Unlisted::Malformed);
        }
        if is_new {
            within(field, text, max)?;
        }
    }
    if name.is_empty() {
        return Err(Unlisted::NoName);
    }
    if is_new(code, |one| &one.code) && !code.is_empty() && !is_a_code(code) {
        return Err(Unlisted::NotACode);
    }
    if is_new(unit, |one| &one.unit) && !unit.is_empty() && !is_a_unit(unit) {
        return Err(Unlisted::NotAUnit);
    }
    for code in codes_before {
        within(ListedField::CodesBefore, code, LISTED_NAME_MAX)?;
    }
    few(ListedField::CodesBefore, codes_before.len(), CODES_MAX)?;
    few(ListedField::Heirs, heirs.len(), HEIRS_MAX)
}

fn within(field: ListedField, text: &str, max: u32) -> Result<(), Unlisted> {
    if text.chars().count() <= max as usize {
        return Ok(());
    }
    Err(Unlisted::TooLong { field, max })
}

fn few(field: ListedField, count: usize, max: usize) -> Result<(), Unlisted> {
    if count <= max {
        return Ok(());
    }
    Err(Unlisted::TooLong { field, max: u32::try_from(max).unwrap_or(u32::MAX) })
}

fn is_a_code(code: &str) -> bool {
    let fits = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    fits && code.contains(|c: char| c.is_ascii_digit())
}

fn is_a_unit(unit: &str) -> bool {
    unit.chars().all(|c| c.is_ascii_digit()) && UNIT_DIGITS.contains(&unit.len())
}

/// Name and code are the word of an agency that is on a server; all else of it others may know
/// better.
fn states_itself(now: &Listed, entry: &Listed) -> Result<(), Unlisted> {
    let own =
        [(ListedField::Name, now.name != entry.name), (ListedField::Code, now.code != entry.code)];
    match own.into_iter().find(|(_, differs)| *differs) {
        Some((field, _)) => Err(Unlisted::StatesItself { field }),
        None => Ok(()),
    }
}

/// A code that comes to an agency, and one of an agency that is taken back, must be free.
fn must_have_its_code_alone(
    (entry, now): (&Listed, Option<&Listed>),
    among: &Entries,
    today: Date,
) -> Result<(), Unlisted> {
    let stands = |one: &Listed| one.to.is_none_or(|to| today <= to);
    let had = now.is_some_and(|now| now.code == entry.code && stands(now));
    if entry.code.is_empty() || had || !stands(entry) {
        return Ok(());
    }
    let holds = |other: &&Listed| {
        other.id != entry.id && stands(other) && other.code.eq_ignore_ascii_case(&entry.code)
    };
    match among.values().find(holds) {
        Some(other) => Err(Unlisted::CodeHeld { by: other.name.clone() }),
        None => Ok(()),
    }
}

fn must_have_heirs(entry: &Listed, among: &Entries) -> Result<(), Unlisted> {
    if entry.heirs.is_empty() {
        return Ok(());
    }
    if entry.to.is_none() {
        return Err(Unlisted::HeirsWithoutEnd);
    }
    if entry.heirs.contains(&entry.id) {
        return Err(Unlisted::OwnHeir);
    }
    for heir in entry.heirs.iter().filter_map(|heir| among.get(heir)) {
        if leads_to(heir, entry.id, among) {
            return Err(Unlisted::HeirsInCircle { through: heir.name.clone() });
        }
    }
    Ok(())
}

fn leads_to(from: &Listed, to: AgencyId, among: &Entries) -> bool {
    let mut followed = BTreeSet::from([from.id]);
    let mut ahead: Vec<AgencyId> = from.heirs.clone();
    while let Some(id) = ahead.pop() {
        if id == to {
            return true;
        }
        if followed.insert(id)
            && let Some(heir) = among.get(&id)
        {
            ahead.extend(&heir.heirs);
        }
    }
    false
}
