//! Agency, people, books and calendar as one picture in memory: what every row and form needs.
use std::cmp::Ordering;
use std::collections::BTreeMap;

use contract::{By, PartyForm};
use jiff::civil::Date;
use register::{
    Agency, Book, BookId, Calendar, DecidedYear, Device, DeviceId, Holder, Moment, Officer,
    OfficerId, Party, Right, Unit, UnitId, has,
};

/// People of one PC who are called by name; the others are counted.
const PEOPLE_NAMED: usize = 3;

/// What changes rarely, held whole: a commune has some hundred officers and a dozen books.
#[derive(Debug, Default, Clone)]
pub struct Directory {
    /// The agency; none before the first run is over.
    pub agency: Option<Agency>,
    /// Units by id.
    pub units: BTreeMap<UnitId, Unit>,
    /// Officers by id.
    pub officers: BTreeMap<OfficerId, Officer>,
    /// Books by id.
    pub books: BTreeMap<BookId, Book>,
    /// Decided years.
    pub years: Vec<DecidedYear>,
    /// The calendar they make.
    pub calendar: Calendar,
    /// PCs by id.
    pub devices: BTreeMap<DeviceId, Device>,
    /// The agency has a server.
    pub linked: bool,
}

impl Directory {
    /// Name of an officer; a dash for one who is not known here.
    pub fn name(&self, id: OfficerId) -> String {
        self.officers.get(&id).map_or_else(|| "–".to_owned(), |officer| officer.name.clone())
    }

    /// What the office calls a PC.
    pub fn pc_name(&self, id: DeviceId) -> String {
        self.devices.get(&id).map_or_else(|| "–".to_owned(), |device| device.name.clone())
    }

    /// Who gives the numbers of a book, in words.
    pub fn holder(&self, holder: Holder) -> String {
        match holder {
            Holder::Server if self.linked => "Máy chủ cấp số".to_owned(),
            Holder::Server => "Chưa máy nào giữ quyền cấp số".to_owned(),
            Holder::Frozen => "Đang tạm dừng cấp số".to_owned(),
            Holder::Device(id) => {
                let Some(device) = self.devices.get(&id) else {
                    return "Máy khác giữ quyền cấp số".to_owned();
                };
                let named = device.keys.keys().take(PEOPLE_NAMED).map(|id| self.name(*id));
                let mut people = named.collect::<Vec<_>>().join(", ");
                if let Some(more @ 1..) = device.keys.len().checked_sub(PEOPLE_NAMED) {
                    people.push_str(&format!(" và {more} người"));
                }
                format!("Máy {} ({people}) giữ quyền cấp số", device.name)
            }
        }
    }

    /// Who and when.
    pub fn by(&self, id: OfficerId, at: Moment) -> By {
        let officer = self.officers.get(&id);
        By {
            name: self.name(id),
            position: officer.map(|officer| officer.position.clone()).unwrap_or_default(),
            at: at.0,
        }
    }

    /// Name of a unit.
    pub fn unit_name(&self, id: UnitId) -> String {
        self.units.get(&id).map_or_else(|| "–".to_owned(), |unit| unit.name.clone())
    }

    /// A party as shown.
    pub fn party(&self, party: Party) -> PartyForm {
        match party {
            Party::Officer(id) => {
                let officer = self.officers.get(&id);
                let unit = officer.and_then(|officer| officer.unit).map(|id| self.unit_name(id));
                let position = officer.map(|officer| officer.position.clone()).unwrap_or_default();
                let detail = match unit {
                    Some(unit) if position.is_empty() => unit,
                    Some(unit) => format!("{position}, {unit}"),
                    None => position,
                };
                PartyForm { id: party_id(party), name: self.name(id), detail, seen: false }
            }
            Party::Unit(id) => PartyForm {
                id: party_id(party),
                name: self.unit_name(id),
                detail: String::new(),
                seen: false,
            },
        }
    }

    /// Everybody work can be given to: leaders, then units with their officers.
    pub fn parties(&self) -> Vec<Party> {
        let mut parties: Vec<Party> =
            self.units.values().filter(|unit| unit.open).map(|unit| Party::Unit(unit.id)).collect();
        parties.extend(
            self.officers.values().filter(|officer| officer.active).map(|o| Party::Officer(o.id)),
        );
        parties.sort_by_cached_key(|party| match party {
            Party::Unit(id) => (0, text::sort_key(&self.unit_name(*id))),
            Party::Officer(id) => (1, text::sort_key(given_name_first(&self.name(*id)).as_str())),
        });
        parties
    }

    /// Those a document can be submitted to.
    pub fn leaders(&self) -> Vec<&Officer> {
        self.officers.values().filter(|officer| has(officer, Right::Direct)).collect()
    }

    /// Name of a kind by its short name.
    pub fn kind_name(&self, id: &str) -> String {
        let kind = self.agency.as_ref().and_then(|agency| agency.kind(id));
        kind.map_or_else(|| id.to_owned(), |kind| kind.name.clone())
    }

    /// A deadline counted from today.
    pub fn deadline(&self, due: Date, today: Date, done: Option<Date>) -> contract::Deadline {
        let provisional =
            !self.calendar.is_decided(due.year()) || !self.calendar.is_decided(today.year());
        let late = done
            .filter(|done| *done > due)
            .map(|done| u32::try_from(self.calendar.working_days(due, done).max(1)).unwrap_or(1));
        let skipped = if today <= due { self.calendar.skipped(today, due) } else { Vec::new() };
        // Over a weekend no working day passes, and yet Friday's deadline is not today's.
        let counted = self.calendar.working_days(today, due);
        let left = match due.cmp(&today) {
            Ordering::Less => counted.min(-1),
            Ordering::Equal => 0,
            Ordering::Greater => counted.max(1),
        };
        contract::Deadline {
            date: due.to_string(),
            left,
            late,
            provisional,
            skipped: skipped.iter().map(ToString::to_string).collect(),
            old: None,
        }
    }
}

/// Vietnamese lists of people go by the given name, which stands last.
fn given_name_first(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((rest, given)) => format!("{given} {rest}"),
        None => name.to_owned(),
    }
}

/// The contract's form of a party.
pub fn party_id(party: Party) -> String {
    match party {
        Party::Officer(id) => format!("u:{id}"),
        Party::Unit(id) => format!("unit:{id}"),
    }
}

/// Reads the contract's form of a party.
pub fn read_party(text: &str) -> Option<Party> {
    if let Some(id) = text.strip_prefix("unit:") {
        return UnitId::parse(id).ok().map(Party::Unit);
    }
    let id = text.strip_prefix("u:").unwrap_or(text);
    OfficerId::parse(id).ok().map(Party::Officer)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Directory;

    #[test]
    fn over_a_weekend_a_deadline_of_friday_is_late_and_one_of_sunday_is_not_today() {
        let directory = Directory::default();
        let (friday, sunday) = (date(2026, 11, 20), date(2026, 11, 22));
        assert_eq!(directory.deadline(friday, sunday, None).left, -1);
        assert_eq!(directory.deadline(sunday, friday, None).left, 1);
        assert_eq!(directory.deadline(sunday, sunday, None).left, 0);
        assert_eq!(directory.deadline(date(2026, 11, 25), friday, None).left, 2);
    }
}
