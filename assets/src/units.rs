//! Provinces and communes as they are since 01/7/2025, for the first-run wizard.

use crate::rows::rows;

/// The provinces as text: code, kind, name.
pub const PROVINCES: &str = include_str!("../units/provinces.tsv");
/// The communes as text: code, kind, name, code of the province.
pub const COMMUNES: &str = include_str!("../units/communes.tsv");

/// A province or a city under the central government.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Province {
    /// Two digits, of the General Statistics Office.
    pub code: &'static str,
    /// `Tỉnh` or `Thành phố`.
    pub kind: &'static str,
    /// The name without its kind.
    pub name: &'static str,
}

/// A commune, ward or special zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commune {
    /// Five digits, of the General Statistics Office.
    pub code: &'static str,
    /// `Xã`, `Phường` or `Đặc khu`.
    pub kind: &'static str,
    /// The name without its kind.
    pub name: &'static str,
    /// The code of the province it lies in.
    pub province: &'static str,
}

/// Returns the 34 provinces in order of code.
pub fn provinces() -> impl Iterator<Item = Province> + Clone {
    rows::<3>(PROVINCES).map(|[code, kind, name]| Province { code, kind, name })
}

/// Returns every commune, province by province, reading the list as it goes.
pub fn communes() -> impl Iterator<Item = Commune> + Clone {
    rows::<4>(COMMUNES).map(|[code, kind, name, province]| Commune { code, kind, name, province })
}

/// Returns the communes of one province.
pub fn communes_of(province: &str) -> impl Iterator<Item = Commune> + Clone {
    communes().filter(move |commune| commune.province == province)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COMMUNES, Commune, PROVINCES, communes, communes_of, provinces};

    #[test]
    fn there_are_34_provinces_and_3321_communes_each_in_one_of_them() {
        let codes: BTreeSet<&str> = provinces().map(|province| province.code).collect();
        assert_eq!(codes.len(), 34);
        assert_eq!(provinces().count(), PROVINCES.lines().count());
        assert_eq!(communes().count(), 3321);
        assert_eq!(communes().count(), COMMUNES.lines().count());
        assert!(communes().all(|commune| codes.contains(commune.province)));
        assert!(communes().all(|commune| ["Xã", "Phường", "Đặc khu"].contains(&commune.kind)));
        let own: BTreeSet<&str> = communes().map(|commune| commune.code).collect();
        assert_eq!(own.len(), 3321);
    }

    #[test]
    fn ha_noi_has_126_communes_and_ba_dinh_is_one_of_them() {
        assert_eq!(communes_of("01").count(), 126);
        let ba_dinh = communes_of("01").find(|commune| commune.name == "Ba Đình");
        assert_eq!(
            ba_dinh,
            Some(Commune { code: "00004", kind: "Phường", name: "Ba Đình", province: "01" })
        );
    }
}
