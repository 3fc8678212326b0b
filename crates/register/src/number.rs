//! Registration numbers: how they are written, and how the symbol is built (NĐ 30/2020 PL I, II.3).
use alloc::format;
use alloc::string::{String, ToString};

use crate::agency::{Agency, Kind, KindShape};

/// Numbers under ten carry a leading zero: `05`.
pub fn render_number(number: u32) -> String {
    if number < 10 { format!("0{number}") } else { number.to_string() }
}

/// The whole reference as printed: `05/UBND-VP`; just the number where there is no symbol.
pub fn reference(number: &str, symbol: &str) -> String {
    match (number.is_empty(), symbol.is_empty()) {
        (false, false) => format!("{number}/{symbol}"),
        (false, true) => number.to_string(),
        (true, false) => symbol.to_string(),
        (true, true) => String::new(),
    }
}

/// The symbol of a document of this kind: `QĐ-UBND`, `UBND-VP`, `2026/QĐ-UBND`.
pub fn symbol_for(agency: &Agency, kind: &Kind, unit_abbreviation: &str, year: i16) -> String {
    let of_agency = agency.abbreviation.as_str();
    match kind.shape {
        KindShape::Named if kind.abbreviation.is_empty() => of_agency.to_string(),
        KindShape::Named => format!("{}-{of_agency}", kind.abbreviation),
        KindShape::Letter if unit_abbreviation.is_empty() => of_agency.to_string(),
        KindShape::Letter => format!("{of_agency}-{unit_abbreviation}"),
        KindShape::Legal => format!("{year}/{}-{of_agency}", kind.abbreviation),
    }
}
