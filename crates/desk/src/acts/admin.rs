//! Administration: agency, kinds, units, officers, calendar.
use std::collections::BTreeSet;

use contract::{
    AgencyForm, CalendarForm, Done, Failure, KindForm, KindsForm, OfficerForm, Topic, UnitForm,
};
use jiff::civil::Time;
use register::{
    Act, Agency, AgencyId, DayKind, DeadlineEnd, DecidedDay, DecidedYear, Hours, Kind, KindShape,
    Officer, OfficerId, Role, Unit, UnitId,
};

use super::done;
use crate::desk::Desk;
use crate::forms::Reader;
use crate::words::at_field;

const TOUCHED: &[Topic] = &[Topic::Administration, Topic::Session];
/// Idle minutes before the lock: at least one, at most a working day.
const LOCK_MINUTES_MAX: u32 = 480;

/// Reads a role by its wire name.
pub(super) fn read_role(name: &str) -> Result<Role, Failure> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|_| at_field("roles", "Không có vai trò này.", "Chọn vai trò trong danh sách."))
}

/// Reads a set of roles.
pub(super) fn read_roles(names: &[String]) -> Result<BTreeSet<Role>, Failure> {
    names.iter().map(|name| read_role(name)).collect()
}

/// Reads the catalogue of kinds.
pub(super) fn read_kinds(reader: &Reader<'_>, kinds: &[KindForm]) -> Result<Vec<Kind>, Failure> {
    kinds
        .iter()
        .map(|KindForm { id, name, abbreviation, shape, issued_here }| {
            let shape = match shape.as_str() {
                "named" => KindShape::Named,
                "letter" => KindShape::Letter,
                "legal" => KindShape::Legal,
                _ => return Err(at_field("shape", "Không có dạng ký hiệu này.", "Chọn lại.")),
            };
            Ok(Kind {
                id: reader.line("id", id)?,
                name: reader.line("name", name)?,
                abbreviation: reader.line("abbreviation", abbreviation)?,
                shape,
                issued_here: *issued_here,
            })
        })
        .collect()
}

/// Reads the agency form.
pub(super) fn read_agency(
    reader: &Reader<'_>,
    id: AgencyId,
    form: &AgencyForm,
    kinds: Vec<Kind>,
) -> Result<Agency, Failure> {
    let AgencyForm { name, abbreviation, code, parent, place, hours, deadline_end, lock_minutes } =
        form;
    let [morning_from, morning_to, afternoon_from, afternoon_to] = hours;
    let hours = Hours {
        morning_from: hour(morning_from)?,
        morning_to: hour(morning_to)?,
        afternoon_from: hour(afternoon_from)?,
        afternoon_to: hour(afternoon_to)?,
    };
    let in_order = hours.morning_from < hours.morning_to
        && hours.morning_to <= hours.afternoon_from
        && hours.afternoon_from < hours.afternoon_to;
    if !in_order {
        return Err(at_field("hours", "Giờ làm việc chưa theo thứ tự.", "Sửa lại bốn mốc giờ."));
    }
    Ok(Agency {
        id,
        name: reader.line("name", name)?,
        abbreviation: reader.line("abbreviation", abbreviation)?,
        code: reader.line("code", code)?,
        parent: reader.line("parent", parent)?,
        place: reader.line("place", place)?,
        kinds,
        hours,
        deadline_end: match deadline_end.as_str() {
            "office_hours" => DeadlineEnd::OfficeHours,
            _ => DeadlineEnd::Midnight,
        },
        lock_minutes: u16::try_from((*lock_minutes).clamp(1, LOCK_MINUTES_MAX)).unwrap_or(15),
        // Those that are there stay, whatever stands here.
        groups: Vec::new(),
    })
}

fn hour(typed: &str) -> Result<Time, Failure> {
    let (hours, minutes) = typed.trim().split_once([':', 'h', 'g']).unwrap_or((typed.trim(), "0"));
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    match (hours.trim().parse::<i8>(), minutes.trim().parse::<i8>()) {
        (Ok(hours), Ok(minutes)) => Time::new(hours, minutes, 0, 0).map_err(|_| no_hour(typed)),
        _ => Err(no_hour(typed)),
    }
}

fn no_hour(typed: &str) -> Failure {
    let typed: String = typed.chars().take(20).collect();
    at_field("hours", format!("Không đọc được giờ \"{typed}\"."), "Ghi như 07:00.")
}

impl Desk {
    pub(crate) fn change_agency(&self, form: AgencyForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let known = at.agency()?;
        let agency = read_agency(&at.reader(), known.id, &form, known.kinds.clone())?;
        self.plain_act(&at, Act::SetAgency { agency })?;
        Ok(done(known.id.hex(), "agency_set", vec![], TOUCHED))
    }

    pub(crate) fn change_kinds(&self, form: KindsForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let mut agency = at.agency()?.clone();
        agency.kinds = read_kinds(&at.reader(), &form.kinds)?;
        let id = agency.id.hex();
        self.plain_act(&at, Act::SetAgency { agency })?;
        Ok(done(id, "kinds_set", vec![], TOUCHED))
    }

    pub(crate) fn change_unit(&self, form: UnitForm) -> Result<Done, Failure> {
        let UnitForm { id, name, abbreviation, open } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let id = match id.as_deref() {
            None | Some("") => UnitId(self.source.id()),
            Some(id) => UnitId::parse(id)
                .map_err(|_| at_field("id", "Không thấy đơn vị này.", "Mở lại danh sách."))?,
        };
        let unit = Unit {
            id,
            name: reader.line("name", &name)?,
            abbreviation: reader.line("abbreviation", &abbreviation)?,
            open,
        };
        let name = unit.name.clone();
        self.plain_act(&at, Act::SetUnit { unit })?;
        Ok(done(id.hex(), "unit_set", vec![name], TOUCHED))
    }

    pub(crate) fn change_officer(&self, form: OfficerForm) -> Result<Done, Failure> {
        let OfficerForm { id, name, position, unit, roles, active } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let id = match id.as_deref() {
            None | Some("") => OfficerId(self.source.id()),
            Some(id) => super::incoming::read_officer(id)?,
        };
        let unit = match unit.as_str() {
            "" => None,
            unit => Some(UnitId::parse(unit).map_err(|_| {
                at_field("unit", "Không thấy đơn vị này.", "Chọn đơn vị trong danh sách.")
            })?),
        };
        let officer = Officer {
            id,
            name: reader.line("name", &name)?,
            position: reader.line("position", &position)?,
            unit,
            roles: read_roles(&roles)?,
            active,
        };
        let name = officer.name.clone();
        self.plain_act(&at, Act::SetOfficer { officer })?;
        Ok(done(id.hex(), "officer_set", vec![name], TOUCHED))
    }

    pub(crate) fn change_calendar(&self, form: CalendarForm) -> Result<Done, Failure> {
        let CalendarForm { year, days, basis } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let days = days
            .iter()
            .map(|contract::DayForm { date, kind, name }| {
                let date = reader
                    .date("date", date)?
                    .ok_or_else(|| at_field("date", "Cần ngày.", "Ghi ngày."))?;
                Ok(DecidedDay {
                    date,
                    kind: read_day_kind(kind)?,
                    name: reader.line("name", name)?,
                })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let decided = DecidedYear { year, days, basis: reader.line("basis", &basis)? };
        self.plain_act(&at, Act::SetYear { decided })?;
        Ok(done(year.to_string(), "calendar_set", vec![year.to_string()], TOUCHED))
    }
}

fn read_day_kind(name: &str) -> Result<DayKind, Failure> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|_| at_field("kind", "Không có loại ngày này.", "Chọn lại."))
}
