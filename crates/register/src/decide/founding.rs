//! The agency, its units, its people and its decided days: who founds them, who may change them.
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::Acting;
use super::words::{LINE_CHARS_MAX, few, needed, within};
use crate::agency::{Agency, GROUPS_MAX, RecipientGroup};
use crate::command::{Act, AgencyFounded, Command};
use crate::parcel::ADDRESSEES_MAX;
use crate::people::{Officer, Role, Unit};
use crate::picture::{Change, Key, No, Picture, State};
use crate::refusal::{Refusal, Where};
use crate::rights::Right;
use crate::trail::{Deed, TrailLine};

/// Officers stated at once by the wizard; more are added one by one.
const FOUNDING_PEOPLE_MAX: u32 = 150;
/// Kinds in a catalogue.
const KINDS_MAX: u32 = 200;
/// Characters of an agency code (QĐ 09/2025/QĐ-TTg).
const CODE_CHARS_MAX: u32 = 35;
/// Characters of an abbreviation in a symbol.
const ABBREVIATION_CHARS_MAX: u32 = 30;
/// Decided days in one year.
const DECIDED_DAYS_MAX: u32 = 120;

/// The first command of an agency: everything the wizard asked, by its first administrator.
pub(super) fn found(
    picture: &Picture,
    command: &Command,
    founded: &AgencyFounded,
) -> Result<Change, No> {
    if picture.agency_id()?.is_some() {
        return Err(Refusal::FoundedAlready.into());
    }
    if founded.agency.id != command.org {
        return Err(Refusal::Malformed.into());
    }
    check_agency(&founded.agency)?;
    few(Where::Unit, founded.units.len(), FOUNDING_PEOPLE_MAX)?;
    few(Where::Roles, founded.officers.len(), FOUNDING_PEOPLE_MAX)?;
    let mut named = BTreeSet::new();
    for unit in &founded.units {
        check_unit(unit)?;
        once(&mut named, Key::Unit(unit.id))?;
    }
    for officer in &founded.officers {
        check_officer(officer)?;
        once(&mut named, Key::Officer(officer.id))?;
        let known = officer.unit.is_none_or(|id| founded.units.iter().any(|unit| unit.id == id));
        if !known {
            return Err(Refusal::NotAllowed { field: Where::Unit }.into());
        }
    }
    let founder = founded.officers.iter().find(|officer| officer.id == command.actor);
    if !founder.is_some_and(|officer| officer.is(Role::Administrator)) {
        return Err(Refusal::Forbidden { needs: Role::Administrator }.into());
    }
    let line = TrailLine {
        of: Key::Agency(founded.agency.id),
        by_command: command.id,
        by: command.actor,
        at: command.at,
        deed: Deed::Founded,
        altered: Vec::new(),
        words: founded.agency.name.clone(),
    };
    let mut states = Vec::from([State::Agency(Box::new(founded.agency.clone()))]);
    states.extend(founded.units.iter().cloned().map(State::Unit));
    states.extend(founded.officers.iter().cloned().map(State::Officer));
    Ok(Change { states, trail: Vec::from([line]) })
}

/// Refuses a name that stood before in the list: the later one would silently win.
fn once(named: &mut BTreeSet<Key>, what: Key) -> Result<(), No> {
    if named.insert(what) { Ok(()) } else { Err(Refusal::Exists { what }.into()) }
}

/// Changes by an administrator: agency, unit, officer, decided days.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the four acts named here")]
pub(super) fn administer(acting: &Acting<'_>) -> Result<Change, No> {
    acting.must(Right::Administer)?;
    match &acting.command.act {
        Act::SetAgency { agency } => {
            if agency.id != acting.command.org {
                return Err(Refusal::Malformed.into());
            }
            check_agency(agency)?;
            // The groups are the clerks': who changes a name does not bring back those of before.
            let groups = acting.picture.agency(acting.command.org)?.groups.clone();
            let state = State::Agency(Box::new(Agency { groups, ..agency.clone() }));
            Ok(acting.change(state, Deed::Set, &agency.name))
        }
        Act::SetUnit { unit } => {
            check_unit(unit)?;
            Ok(acting.change(State::Unit(unit.clone()), Deed::Set, &unit.name))
        }
        Act::SetOfficer { officer } => set_officer(acting, officer),
        Act::SetYear { decided } => {
            few(Where::Date, decided.days.len(), DECIDED_DAYS_MAX)?;
            within(Where::Note, &decided.basis, LINE_CHARS_MAX)?;
            for day in &decided.days {
                within(Where::Name, &day.name, LINE_CHARS_MAX)?;
                if day.date.year() != decided.year {
                    return Err(Refusal::WrongYear.into());
                }
            }
            Ok(acting.change(State::Year(decided.clone()), Deed::Set, &decided.basis))
        }
        _ => Err(Refusal::Malformed.into()),
    }
}

/// A clerk keeps whom the office writes to together.
pub(super) fn set_group(acting: &Acting<'_>, group: &RecipientGroup) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    check_group(group)?;
    let mut agency = acting.picture.agency(acting.command.org)?.clone();
    let key = text::match_key(&group.name);
    let place = agency.groups.iter().position(|other| text::match_key(&other.name) == key);
    match place {
        Some(at) if group.members.is_empty() => {
            agency.groups.remove(at);
        }
        Some(at) => {
            if let Some(known) = agency.groups.get_mut(at) {
                known.clone_from(group);
            }
        }
        None if group.members.is_empty() => return Err(Refusal::NothingWaits.into()),
        None => agency.groups.push(group.clone()),
    }
    few(Where::Recipients, agency.groups.len(), GROUPS_MAX as u32)?;
    Ok(acting.change(State::Agency(Box::new(agency)), Deed::Set, &group.name))
}

fn check_group(group: &RecipientGroup) -> Result<(), No> {
    needed(Where::Name, &group.name, LINE_CHARS_MAX)?;
    few(Where::Recipients, group.members.len(), ADDRESSEES_MAX as u32)?;
    let once: BTreeSet<_> = group.members.iter().collect();
    if once.len() != group.members.len() {
        return Err(Refusal::NotAllowed { field: Where::Recipients }.into());
    }
    Ok(())
}

fn set_officer(acting: &Acting<'_>, officer: &Officer) -> Result<Change, No> {
    check_officer(officer)?;
    if let Some(unit) = officer.unit {
        acting.picture.unit(unit)?;
    }
    // Nobody takes the administration away from himself: the office could be left without one.
    if officer.id == acting.actor.id && !officer.is(Role::Administrator) {
        return Err(Refusal::LastAdministrator.into());
    }
    Ok(acting.change(State::Officer(officer.clone()), Deed::Set, &officer.name))
}

fn check_agency(agency: &Agency) -> Result<(), No> {
    needed(Where::Name, &agency.name, LINE_CHARS_MAX)?;
    needed(Where::Abbreviation, &agency.abbreviation, ABBREVIATION_CHARS_MAX)?;
    within(Where::Code, &agency.code, CODE_CHARS_MAX)?;
    within(Where::Name, &agency.parent, LINE_CHARS_MAX)?;
    within(Where::Name, &agency.place, LINE_CHARS_MAX)?;
    few(Where::Kind, agency.kinds.len(), KINDS_MAX)?;
    few(Where::Recipients, agency.groups.len(), GROUPS_MAX as u32)?;
    for group in &agency.groups {
        check_group(group)?;
    }
    for kind in &agency.kinds {
        needed(Where::Kind, &kind.id, LINE_CHARS_MAX)?;
        needed(Where::Kind, &kind.name, LINE_CHARS_MAX)?;
        within(Where::Abbreviation, &kind.abbreviation, ABBREVIATION_CHARS_MAX)?;
    }
    Ok(())
}

fn check_unit(unit: &Unit) -> Result<(), No> {
    needed(Where::Name, &unit.name, LINE_CHARS_MAX)?;
    within(Where::Abbreviation, &unit.abbreviation, ABBREVIATION_CHARS_MAX)
}

fn check_officer(officer: &Officer) -> Result<(), No> {
    needed(Where::Name, &officer.name, LINE_CHARS_MAX)?;
    within(Where::SignerPosition, &officer.position, LINE_CHARS_MAX)?;
    if officer.roles.is_empty() {
        return Err(Refusal::Missing { field: Where::Roles }.into());
    }
    Ok(())
}
