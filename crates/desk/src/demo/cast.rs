//! The people and units of the demo commune.
use contract::{AgencyForm, DefaultsShown, OfficerSetup, Setup, UnitSetup};

use crate::fill::{Chance, Names};

/// The people of the scene: name, position, unit, roles.
const NAMED: [(&str, &str, &str, &[&str]); 15] = [
    (CLERK, "Văn thư", "VP", &["clerk"]),
    (CHAIRMAN, "Chủ tịch", "", &["leader"]),
    (VICE_CHAIRMAN, "Phó Chủ tịch", "", &["leader"]),
    (OFFICE_HEAD, "Chánh Văn phòng", "VP", &["office_head", "unit_head"]),
    (TRANG, "Công chức", "VP", &["official"]),
    ("Trần Thị Vân", "Công chức", "VP", &["official"]),
    ("Đinh Công Sáng", "Công chức, quản trị mạng", "VP", &["administrator", "official"]),
    (HUY, "Công chức", "KT", &["official"]),
    (KHANH, "Công chức", "KT", &["official"]),
    (NGHIA, "Công chức", "KT", &["official"]),
    (THIN, "Công chức", "KT", &["official"]),
    (ECONOMY_HEAD, "Trưởng phòng", "KT", &["unit_head", "official"]),
    (BINH, "Công chức", "VHXH", &["official"]),
    (NHUNG, "Công chức", "VHXH", &["official"]),
    (CULTURE_HEAD, "Trưởng phòng", "VHXH", &["unit_head", "official"]),
];

pub(super) const CLERK: &str = "Phan Thị Mỹ Lệ";
pub(super) const CHAIRMAN: &str = "Lê Quang Thạch";
pub(super) const VICE_CHAIRMAN: &str = "Hoàng Minh Hậu";
pub(super) const OFFICE_HEAD: &str = "Nguyễn Văn Đạt";
pub(super) const TRANG: &str = "Trương Thị Thuỳ Trang";
pub(super) const HUY: &str = "Lê Đức Huy";
pub(super) const KHANH: &str = "Võ Ngọc Khánh";
pub(super) const NGHIA: &str = "Đỗ Hữu Nghĩa";
pub(super) const THIN: &str = "Hồ Văn Thìn";
pub(super) const BINH: &str = "Ngô Thanh Bình";
pub(super) const NHUNG: &str = "Bùi Hồng Nhung";
pub(super) const ECONOMY_HEAD: &str = "Phạm Quốc Toàn";
pub(super) const CULTURE_HEAD: &str = "Đặng Thị Kim Liên";

/// Those without a part in the scene: position, unit, role, how many.
const OTHERS: [(&str, &str, &str, usize); 10] = [
    ("Phó Chủ tịch", "", "leader", 1),
    ("Phó Chánh Văn phòng", "VP", "official", 1),
    ("Công chức", "VP", "official", 3),
    ("Phó Trưởng phòng", "KT", "official", 1),
    ("Công chức", "KT", "official", 6),
    ("Phó Trưởng phòng", "VHXH", "official", 1),
    ("Công chức", "VHXH", "official", 5),
    ("Giám đốc Trung tâm", "TTPVHCC", "unit_head", 1),
    ("Công chức", "TTPVHCC", "official", 5),
    ("Trợ lý", "BCHQS", "official", 2),
];

/// What the wizard would have been told.
pub(super) fn setup(chance: &mut Chance, shown: DefaultsShown) -> Setup {
    let agency = AgencyForm {
        name: "Uỷ ban nhân dân xã An Hiếu".to_owned(),
        code: "H50.99.01".to_owned(),
        parent: "Uỷ ban nhân dân tỉnh Hiếu Sơn".to_owned(),
        place: "An Hiếu".to_owned(),
        ..shown.agency
    };
    let mut units = shown.units;
    units.push(UnitSetup {
        name: "Ban Chỉ huy Quân sự xã".to_owned(),
        abbreviation: "BCHQS".to_owned(),
    });
    let mut names = Names::beside(NAMED.iter().map(|(name, ..)| *name));
    let mut officers: Vec<OfficerSetup> = NAMED
        .iter()
        .map(|(name, position, unit, roles)| officer(name, position, unit, roles, &units))
        .collect();
    for (position, unit, role, many) in OTHERS {
        for _ in 0..many {
            let name = names.next(chance);
            officers.push(officer(&name, position, unit, &[role], &units));
        }
    }
    Setup { agency, kinds: shown.kinds, units, officers, books: shown.books }
}

fn officer(
    name: &str,
    position: &str,
    unit: &str,
    roles: &[&str],
    units: &[UnitSetup],
) -> OfficerSetup {
    let unit = units.iter().find(|known| known.abbreviation == unit);
    OfficerSetup {
        name: name.to_owned(),
        position: position.to_owned(),
        unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        pin: String::new(),
    }
}
