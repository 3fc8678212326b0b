//! The people's committees of all units as the program ships them, before any server was asked.
use std::collections::BTreeMap;

use assets::ended::{Ended, LAST_DAY, NEW_CODES, ended};
use assets::units::{communes, provinces};
use jiff::civil::Date;
use register::{AgencyId, Listed};
use sha2::{Digest, Sha256};

/// What the hash of a unit begins with, so that no other thing has its id.
const PURPOSE: &[u8] = b"vanthu/unit/1\0";

/// Units that are shipped, at a guess: room for them is made at once.
const UNITS_EXPECTED: usize = 13_000;
/// Digits of the code of a province.
const PROVINCE_DIGITS: usize = 2;

/// The id of the committee of a unit of today.
pub(super) fn id_of_today(code: &str) -> AgencyId {
    id(Sha256::new().chain_update(PURPOSE).chain_update(code))
}

/// The id of the committee of a unit that ended. Its day is part of it, because its code may have
/// been given to a unit of today.
pub(super) fn id_of_ended(unit: &Ended) -> AgencyId {
    let hash = Sha256::new().chain_update(PURPOSE).chain_update(unit.code);
    id(hash.chain_update(b"\0").chain_update(unit.last_day))
}

fn id(hash: Sha256) -> AgencyId {
    let digest: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(digest) {
        *to = from;
    }
    AgencyId(id)
}

/// Every unit, those of today and those that ended, in no order that means anything.
pub(super) fn units() -> Vec<Listed> {
    let mut units = Vec::with_capacity(UNITS_EXPECTED);
    let mut days = LastDays::default();
    let above = Above::read();
    let codes = provinces().map(|unit| unit.code).chain(communes().map(|unit| unit.code));
    let ids: BTreeMap<&str, AgencyId> = codes.map(|code| (code, id_of_today(code))).collect();
    for unit in ended() {
        let from = days.first_day(unit.code);
        let to = days.ended(&unit);
        units.push(Listed {
            id: id_of_ended(&unit),
            name: committee(unit.kind, unit.name),
            code: String::new(),
            codes_before: Vec::new(),
            unit: unit.code.to_owned(),
            parent: above.of(&unit),
            on_exchange: false,
            from,
            to,
            heirs: unit.heirs().filter_map(|heir| ids.get(heir).copied()).collect(),
        });
    }
    let today = |code: &str, name: String, parent: String| Listed {
        id: ids.get(code).copied().unwrap_or_else(|| id_of_today(code)),
        name,
        code: String::new(),
        codes_before: Vec::new(),
        unit: code.to_owned(),
        parent,
        on_exchange: false,
        from: days.first_day(code),
        to: None,
        heirs: Vec::new(),
    };
    units.extend(provinces().map(|unit| {
        let name = committee(unit.kind, unit.name);
        today(unit.code, name, String::new())
    }));
    units.extend(communes().map(|unit| {
        let parent = above.today.get(unit.province).cloned().unwrap_or_default();
        today(unit.code, committee(unit.kind, unit.name), parent)
    }));
    units
}

fn committee(kind: &str, name: &str) -> String {
    format!("UBND {} {name}", kind.to_lowercase())
}

fn full_name(kind: &str, name: &str) -> String {
    format!("{} {name}", kind.to_lowercase())
}

/// The last day of whoever had a code, read in order of days.
#[derive(Default)]
struct LastDays(BTreeMap<&'static str, Date>);

impl LastDays {
    /// The first day of whoever has a code next; none where nobody had it otherwise.
    fn first_day(&self, code: &str) -> Option<Date> {
        let before = match self.0.get(code) {
            Some(last) => Some(*last),
            None if NEW_CODES.contains(&code) => LAST_DAY.parse().ok(),
            None => None,
        };
        before.and_then(|last| last.tomorrow().ok())
    }

    fn ended(&mut self, unit: &Ended) -> Option<Date> {
        let last = unit.last_day.parse().ok()?;
        self.0.insert(unit.code, last);
        Some(last)
    }
}

/// What stood above a unit, in words.
struct Above {
    /// Provinces of today by code.
    today: BTreeMap<&'static str, String>,
    /// Provinces that ended, by code.
    ended: BTreeMap<&'static str, (&'static str, String)>,
    /// Districts with their province, by code.
    districts: BTreeMap<&'static str, String>,
}

impl Above {
    fn read() -> Above {
        let provinces = provinces().map(|unit| (unit.code, full_name(unit.kind, unit.name)));
        let mut above = Above {
            today: provinces.collect(),
            ended: BTreeMap::new(),
            districts: BTreeMap::new(),
        };
        // Provinces come before districts, and districts before communes.
        for unit in ended() {
            let name = full_name(unit.kind, unit.name);
            match unit.code.len() {
                ..=PROVINCE_DIGITS => {
                    above.ended.insert(unit.code, (unit.last_day, name));
                }
                3 => {
                    let named = format!("{name}, {}", above.of(&unit));
                    above.districts.insert(unit.code, named);
                }
                _ => break,
            }
        }
        above
    }

    /// The district with its province, or the province, as they were on the last day of a unit.
    fn of(&self, unit: &Ended) -> String {
        let district = self.districts.get(unit.above);
        let province = self.ended.get(unit.above);
        let province = province.filter(|(last_day, _)| *last_day >= unit.last_day);
        district
            .or(province.map(|(_, name)| name))
            .or_else(|| self.today.get(unit.above))
            .cloned()
            .unwrap_or_default()
    }
}
