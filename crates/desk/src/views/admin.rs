//! Quản trị and the catalogue that forms choose from.
use contract::{
    AgencyForm, BackupState, CalendarYear, Catalogue, DayForm, Failure, KindForm, OfficerRow,
    UnitRow,
};
use register::{Agency, DayKind, DeadlineEnd, KindShape, computed_days};

use crate::desk::Desk;
use crate::session::role_name;

/// Issuers offered while typing.
const ISSUERS_MAX: u32 = 500;

impl Desk {
    pub(crate) fn catalogue_now(&self) -> Result<Catalogue, Failure> {
        let at = self.at_desk()?;
        let agency = at.agency()?;
        let directory = &at.directory;
        let issuers = self.look(&at.opened, |view| view.issuers(ISSUERS_MAX))?;
        let pins: Vec<String> = match self.keyring().map(|keyring| keyring.officers()) {
            Some(Ok(officers)) => officers.iter().map(|officer| officer.id.hex()).collect(),
            Some(Err(_)) | None => Vec::new(),
        };
        let mut officers: Vec<OfficerRow> = directory
            .officers
            .values()
            .map(|officer| OfficerRow {
                id: officer.id.hex(),
                name: officer.name.clone(),
                position: officer.position.clone(),
                unit: officer.unit.map(|unit| unit.hex()).unwrap_or_default(),
                unit_name: officer.unit.map(|unit| directory.unit_name(unit)).unwrap_or_default(),
                roles: officer.roles.iter().map(|role| role_name(*role)).collect(),
                active: officer.active,
                pin_here: pins.contains(&officer.id.hex()),
            })
            .collect();
        officers.sort_by_cached_key(|officer| text::person_sort_key(&officer.name));
        Ok(Catalogue {
            agency: agency_out(agency),
            kinds: kinds_out(agency),
            units: directory
                .units
                .values()
                .map(|unit| UnitRow {
                    id: unit.id.hex(),
                    name: unit.name.clone(),
                    abbreviation: unit.abbreviation.clone(),
                    open: unit.open,
                })
                .collect(),
            officers,
            issuers: issuers.into_iter().map(|(name, _)| name).collect(),
        })
    }

    /// The days of a year: as decided, else as computed.
    pub(crate) fn year_of_calendar(&self, year: i16) -> Result<CalendarYear, Failure> {
        let at = self.at_desk()?;
        let decided = at.directory.years.iter().find(|known| known.year == year);
        Ok(match decided {
            Some(known) => CalendarYear {
                year,
                decided: true,
                days: known
                    .days
                    .iter()
                    .map(|day| DayForm {
                        date: day.date.to_string(),
                        kind: day_kind(day.kind).to_owned(),
                        name: day.name.clone(),
                    })
                    .collect(),
                basis: known.basis.clone(),
            },
            None => CalendarYear {
                year,
                decided: false,
                days: computed_days(year)
                    .into_iter()
                    .filter(|day| day.year() == year)
                    .map(|day| DayForm {
                        date: day.to_string(),
                        kind: day_kind(DayKind::Holiday).to_owned(),
                        name: String::new(),
                    })
                    .collect(),
                basis: String::new(),
            },
        })
    }

    pub(crate) fn backup_now_state(&self) -> Result<BackupState, Failure> {
        self.at_desk()?;
        self.with_background(crate::background::Background::backup_state)
    }
}

fn day_kind(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::CompensatoryOff => "compensatory_off",
        DayKind::SwappedOff => "swapped_off",
        DayKind::MakeupWorking => "makeup_working",
    }
}

fn kinds_out(agency: &Agency) -> Vec<KindForm> {
    agency
        .kinds
        .iter()
        .map(|kind| KindForm {
            id: kind.id.clone(),
            name: kind.name.clone(),
            abbreviation: kind.abbreviation.clone(),
            shape: match kind.shape {
                KindShape::Named => "named",
                KindShape::Letter => "letter",
                KindShape::Legal => "legal",
            }
            .to_owned(),
            issued_here: kind.issued_here,
        })
        .collect()
}

fn agency_out(agency: &Agency) -> AgencyForm {
    let hour = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let hours = agency.hours;
    AgencyForm {
        name: agency.name.clone(),
        abbreviation: agency.abbreviation.clone(),
        code: agency.code.clone(),
        parent: agency.parent.clone(),
        place: agency.place.clone(),
        hours: [
            hour(hours.morning_from),
            hour(hours.morning_to),
            hour(hours.afternoon_from),
            hour(hours.afternoon_to),
        ],
        deadline_end: match agency.deadline_end {
            DeadlineEnd::Midnight => "midnight",
            DeadlineEnd::OfficeHours => "office_hours",
        }
        .to_owned(),
        lock_minutes: u32::from(agency.lock_minutes),
    }
}
