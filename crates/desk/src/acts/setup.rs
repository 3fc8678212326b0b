//! The first run: an agency founded on this PC, its books held here from epoch 1.
use contract::{
    AgencyForm, BookSetup, DefaultsShown, Failure, KindForm, OfficerSetup, PlaceAsked, PlaceFound,
    Session, Setup, UnitSetup,
};
use register::{
    Act, AgencyFounded, AgencyId, BookId, DecidedDay, DecidedYear, Direction, Officer, OfficerId,
    Role, Unit, UnitId,
};

use super::admin::{read_agency, read_kinds, read_roles};
use super::books::read_opening;
use crate::desk::Desk;
use crate::forms::Reader;
use crate::words::{at_field, failure};

/// Places shown for what was typed.
const PLACES_MAX: usize = 20;

/// Books of a usual commune: one incoming, three outgoing series (DOMAIN 1.4).
const USUAL_BOOKS: &[(&str, contract::Direction, &[&str])] = &[
    ("Văn bản đến", contract::Direction::Incoming, &[]),
    ("Quyết định", contract::Direction::Outgoing, &["quyet-dinh"]),
    ("Công văn", contract::Direction::Outgoing, &["cong-van"]),
    ("Văn bản khác", contract::Direction::Outgoing, &[]),
];

/// Units of a commune of two tiers (DOMAIN 7).
const USUAL_UNITS: &[(&str, &str)] = &[
    ("Văn phòng HĐND và UBND", "VP"),
    ("Phòng Kinh tế", "KT"),
    ("Phòng Văn hoá - Xã hội", "VHXH"),
    ("Trung tâm Phục vụ hành chính công", "TTPVHCC"),
];

/// The catalogue of kinds that ships with the program.
pub fn usual_kinds() -> Vec<KindForm> {
    assets::KINDS
        .iter()
        .map(|kind| KindForm {
            id: kind.id.to_owned(),
            name: kind.name.to_owned(),
            abbreviation: kind.abbreviation.unwrap_or_default().to_owned(),
            shape: shape_of(kind).to_owned(),
            issued_here: kind.commune_may_issue,
        })
        .collect()
}

fn shape_of(kind: &assets::Kind) -> &'static str {
    match kind.family {
        assets::Family::Legal => "legal",
        assets::Family::Administrative | assets::Family::Party | assets::Family::Copy => {
            if kind.id == "cong-van" { "letter" } else { "named" }
        }
    }
}

/// The decided days of every year the program ships.
pub fn shipped_years() -> Vec<DecidedYear> {
    assets::DECIDED_YEARS
        .map(|year| DecidedYear {
            year: i16::try_from(year).unwrap_or(0),
            days: assets::decided_days(year)
                .filter_map(|day| {
                    let (month, of_month) = (day.date.month, day.date.day);
                    let year = i16::try_from(day.year).ok()?;
                    let date = jiff::civil::Date::new(
                        year,
                        i8::try_from(month).ok()?,
                        i8::try_from(of_month).ok()?,
                    );
                    let kind = match day.kind {
                        assets::DayKind::Holiday => register::DayKind::Holiday,
                        assets::DayKind::CompensatoryOff => register::DayKind::CompensatoryOff,
                        assets::DayKind::SwappedOff => register::DayKind::SwappedOff,
                        assets::DayKind::MakeupWorking => register::DayKind::MakeupWorking,
                    };
                    Some(DecidedDay { date: date.ok()?, kind, name: day.name.to_owned() })
                })
                .collect(),
            basis: String::new(),
        })
        .collect()
}

impl Desk {
    pub(crate) fn first_run_defaults(&self) -> DefaultsShown {
        DefaultsShown {
            agency: AgencyForm {
                name: String::new(),
                abbreviation: "UBND".to_owned(),
                code: String::new(),
                parent: String::new(),
                place: String::new(),
                hours: ["07:00", "11:30", "13:30", "17:00"].map(str::to_owned),
                deadline_end: "midnight".to_owned(),
                lock_minutes: 15,
            },
            kinds: usual_kinds(),
            units: USUAL_UNITS
                .iter()
                .map(|(name, abbreviation)| UnitSetup {
                    name: (*name).to_owned(),
                    abbreviation: (*abbreviation).to_owned(),
                })
                .collect(),
            books: USUAL_BOOKS
                .iter()
                .map(|(name, direction, kinds)| BookSetup {
                    name: (*name).to_owned(),
                    direction: *direction,
                    kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
                    opening: None,
                })
                .collect(),
        }
    }

    pub(crate) fn places_like(&self, asked: &PlaceAsked) -> PlaceFound {
        let wanted = text::fold(&asked.text);
        if wanted.len() < 2 {
            return PlaceFound { places: Vec::new() };
        }
        let found = assets::units::communes()
            .filter(|commune| text::fold(commune.name).contains(&wanted))
            .take(PLACES_MAX)
            .map(|commune| {
                let province = assets::units::provinces()
                    .find(|province| province.code == commune.province)
                    .map(|province| province.name)
                    .unwrap_or_default();
                format!("{}, {province}", commune.name)
            });
        PlaceFound { places: found.collect() }
    }

    /// Founds the agency: one founding command, then books with their leases, then the years.
    pub(crate) fn found_agency(&self, setup: Setup) -> Result<Session, Failure> {
        let Setup { agency, kinds, units, officers, books } = setup;
        let calendar = register::Calendar::default();
        let reader = Reader { today: self.source.now().date(), calendar: &calendar };
        let kinds = read_kinds(&reader, &kinds)?;
        let id = AgencyId(self.source.id());
        let agency = read_agency(&reader, id, &agency, kinds)?;
        let units = units
            .iter()
            .map(|UnitSetup { name, abbreviation }| {
                Ok(Unit {
                    id: UnitId(self.source.id()),
                    name: reader.line("units", name)?,
                    abbreviation: reader.line("units", abbreviation)?,
                    open: true,
                })
            })
            .collect::<Result<Vec<_>, Failure>>()?;
        let people = officers
            .iter()
            .map(|form| self.read_founding_officer(&reader, form, &units))
            .collect::<Result<Vec<_>, Failure>>()?;
        let founder = people
            .iter()
            .zip(&officers)
            .find(|(officer, form)| officer.is(Role::Administrator) && !form.pin.is_empty());
        let Some((founder, founder_form)) = founder else {
            return Err(at_field(
                "officers",
                "Cần một người giữ vai trò quản trị, có mã PIN trên máy này.",
                "Thêm vai trò quản trị và mã PIN cho một người.",
            ));
        };
        // The PINs are checked before anything is written.
        for form in officers.iter().filter(|form| !form.pin.is_empty()) {
            crate::pin::check_pin(&form.pin).map_err(|error| self.keyring_failure(&error))?;
        }
        let openings = books
            .iter()
            .map(|book| read_opening(&reader, book.opening.clone()))
            .collect::<Result<Vec<_>, Failure>>()?;
        let founded = AgencyFounded { agency, units, officers: people.clone() };
        self.found_register(founder, &founder_form.pin, founded)?;
        for (book, opening) in books.into_iter().zip(openings) {
            self.found_book(book, opening)?;
        }
        let at = self.at_desk()?;
        for decided in shipped_years() {
            self.plain_act(&at, Act::SetYear { decided })?;
        }
        for (officer, form) in people.iter().zip(&officers) {
            if !form.pin.is_empty() && officer.id != founder.id {
                self.enrol_officer(officer, &form.pin)?;
            }
        }
        self.session_now()
    }

    fn read_founding_officer(
        &self,
        reader: &Reader<'_>,
        form: &OfficerSetup,
        units: &[Unit],
    ) -> Result<Officer, Failure> {
        let OfficerSetup { name, position, unit, roles, pin: _ } = form;
        let unit = match unit.trim() {
            "" => None,
            wanted => {
                let known = units.iter().find(|unit| text::same_text(&unit.name, wanted));
                let known = known.ok_or_else(|| {
                    failure("unknown", format!("Không có đơn vị \"{wanted}\"."), "Chọn lại đơn vị.")
                })?;
                Some(known.id)
            }
        };
        Ok(Officer {
            id: OfficerId(self.source.id()),
            name: reader.line("officers", name)?,
            position: reader.line("officers", position)?,
            unit,
            roles: read_roles(roles)?,
            active: true,
        })
    }

    fn found_book(
        &self,
        setup: BookSetup,
        opening: Option<register::Opening>,
    ) -> Result<(), Failure> {
        let BookSetup { name, direction, kinds, opening: _ } = setup;
        let at = self.at_desk()?;
        let book = BookId(self.source.id());
        let direction = match direction {
            contract::Direction::Incoming => Direction::Incoming,
            contract::Direction::Outgoing => Direction::Outgoing,
        };
        let name = at.reader().line("books", &name)?;
        self.plain_act(&at, Act::OpenBook { book, name, direction, kinds, opening })?;
        self.plain_act(&at, Act::TakeLease { book })?;
        Ok(())
    }
}
