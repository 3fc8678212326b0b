//! Provinces, districts and communes that ended, most of them on 30/6/2025, and who took over.

use crate::rows::rows;

/// The units that ended, as text: code, kind, name, code of the unit above, last day if it is not
/// [`LAST_DAY`], codes of the heirs. In order of level, code and last day.
///
/// Codes of provinces have two digits, of districts three, of communes five. Many were given
/// again: `00004` was phường Trúc Bạch and is phường Ba Đình. So a line names a unit by its code
/// and its last day, and an heir is the unit of today with that code.
///
/// A commune is here unless one of the same code, kind and name came after it. Its most likely heir
/// comes first: the one that the source gives by default, then by code. One that went whole into
/// another has one heir, one that was divided several. A district has the communes of today on its
/// old ground, the one of its own name first, then those that took over most of its communes. A
/// tone mark put elsewhere (Thanh Hóa, Thanh Hoá) is no change.
pub const ENDED: &str = include_str!("../units/ended.tsv");

/// The last day of districts, and of what was merged with their end.
pub const LAST_DAY: &str = "2025-06-30";

/// Codes that were given to communes on the day after [`LAST_DAY`] and to none before.
pub const NEW_CODES: [&str; 6] = ["06978", "11948", "19742", "20333", "21548", "26732"];

/// A unit that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Two, three or five digits, of the General Statistics Office.
    pub code: &'static str,
    /// `Tỉnh`, `Huyện`, `Quận`, `Thị xã`, `Thành phố`, `Thị trấn`, `Xã` or `Phường`.
    pub kind: &'static str,
    /// The name without its kind.
    pub name: &'static str,
    /// The code of the district it lay in, or of the province; empty for a province.
    pub above: &'static str,
    /// Its last day as `2025-06-30`.
    pub last_day: &'static str,
    heirs: &'static str,
}

impl Ended {
    /// Codes of the units of today that took over, the most likely first.
    pub fn heirs(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.heirs.split(' ')
    }
}

/// Returns the units that ended: provinces, districts, communes, reading the list as it goes.
pub fn ended() -> impl Iterator<Item = Ended> + Clone {
    rows::<6>(ENDED).map(|[code, kind, name, above, last_day, heirs]| {
        let last_day = if last_day.is_empty() { LAST_DAY } else { last_day };
        Ended { code, kind, name, above, last_day, heirs }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::{ENDED, Ended, LAST_DAY, NEW_CODES, ended};
    use crate::units::{communes, provinces};

    fn today() -> BTreeMap<&'static str, String> {
        let provinces = provinces().map(|unit| (unit.code, [unit.kind, unit.name].join(" ")));
        let communes = communes().map(|unit| (unit.code, [unit.kind, unit.name].join(" ")));
        provinces.chain(communes).collect()
    }

    fn of(code: &str) -> Vec<Ended> {
        ended().filter(|unit| unit.code == code).collect()
    }

    fn heirs_by_name(code: &str) -> Vec<String> {
        let today = today();
        of(code).iter().flat_map(Ended::heirs).map(|heir| today[heir].clone()).collect()
    }

    #[test]
    fn all_696_districts_8869_communes_and_38_provinces_stand_here_once_and_in_order() {
        assert_eq!(ended().count(), ENDED.lines().count());
        let of_length = |digits| ended().filter(|unit| unit.code.len() == digits).count();
        assert_eq!([of_length(2), of_length(3), of_length(5)], [38, 696, 8869]);
        let keys: Vec<_> =
            ended().map(|unit| (unit.code.len(), unit.code, unit.last_day)).collect();
        assert!(keys.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn every_heir_is_a_unit_of_today_and_of_its_level_or_below_a_district() {
        let today = today();
        for unit in ended() {
            let heirs: Vec<&str> = unit.heirs().collect();
            let once: BTreeSet<&&str> = heirs.iter().collect();
            assert!(!heirs.is_empty() && heirs.len() <= 50, "{unit:?}");
            assert_eq!(once.len(), heirs.len(), "{unit:?}");
            let digits = if unit.code.len() == 2 { 2 } else { 5 };
            assert!(heirs.iter().all(|heir| heir.len() == digits), "{unit:?}");
            assert!(heirs.iter().all(|heir| today.contains_key(heir)), "{unit:?}");
        }
    }

    #[test]
    fn what_stood_above_is_a_district_that_ended_or_a_province() {
        let districts: BTreeSet<&str> =
            ended().map(|unit| unit.code).filter(|code| code.len() == 3).collect();
        let provinces: BTreeSet<&str> = ended()
            .map(|unit| unit.code)
            .chain(provinces().map(|unit| unit.code))
            .filter(|code| code.len() == 2)
            .collect();
        for unit in ended() {
            let is_known = match (unit.code.len(), unit.last_day) {
                (2, _) => unit.above.is_empty(),
                (5, LAST_DAY) => districts.contains(unit.above),
                _ => provinces.contains(unit.above),
            };
            assert!(is_known, "{unit:?}");
        }
    }

    #[test]
    fn nothing_that_goes_on_under_its_code_kind_and_name_is_said_to_have_ended() {
        let today = today();
        let goes_on = |unit: &Ended| {
            today.get(unit.code).is_some_and(|name| *name == [unit.kind, unit.name].join(" "))
        };
        assert_eq!(ended().find(goes_on), None);
        assert_eq!(of("01"), [], "Hà Nội is Hà Nội");
    }

    #[test]
    fn a_code_that_is_new_belonged_to_nobody_who_ended() {
        let today = today();
        let before: BTreeSet<&str> = ended().map(|unit| unit.code).collect();
        assert!(NEW_CODES.iter().all(|code| today.contains_key(code) && !before.contains(code)));
    }

    #[test]
    fn names_are_composed_clean_and_short() {
        let is_clean = |c: char| {
            !c.is_control()
                && !matches!(c, '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{A0}')
        };
        for unit in ended() {
            let Ended { kind, name, .. } = unit;
            assert!(name.chars().all(is_clean) && name.trim() == name, "{unit:?}");
            assert!(!name.contains("  ") && name.len() < 60, "{unit:?}");
            assert!(
                ["Tỉnh", "Huyện", "Quận", "Thị xã", "Thành phố", "Thị trấn", "Xã", "Phường"]
                    .contains(&kind)
            );
        }
        assert!(!ENDED.contains('\r') && ENDED.ends_with('\n'));
    }

    #[test]
    fn truc_bach_went_to_ba_dinh_and_quan_ba_dinh_to_those_on_its_ground() {
        let [truc_bach] = of("00004")[..] else { panic!("one unit had 00004 before") };
        assert_eq!((truc_bach.name, truc_bach.above), ("Trúc Bạch", "001"));
        assert_eq!(heirs_by_name("00004"), ["Phường Ba Đình"]);
        let heirs = heirs_by_name("001");
        assert_eq!(heirs[..3], ["Phường Ba Đình", "Phường Ngọc Hà", "Phường Giảng Võ"]);
    }

    #[test]
    fn a_commune_that_ended_twice_stands_here_with_both_of_its_days() {
        let days: Vec<String> = of("25270")
            .iter()
            .map(|unit| [unit.kind, unit.name, unit.last_day].join(" ").to_string())
            .collect();
        assert_eq!(days, ["Thị trấn Lộc Ninh 2025-06-30", "Xã Lộc Ninh 2026-04-29"]);
    }
}
