//! Names of people, for the officers of a demo commune.

use crate::rows::rows;

/// The surnames as text: surname, weight in tenths of a percent.
pub const SURNAMES: &str = include_str!("../names/surnames.tsv");
/// The middle names as text: `nam` or `nữ`, name.
pub const MIDDLE_NAMES: &str = include_str!("../names/middle.tsv");
/// The given names as text: `nam` or `nữ`, name.
pub const GIVEN_NAMES: &str = include_str!("../names/given.tsv");

/// Whose middle and given names are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Names of men.
    Male,
    /// Names of women.
    Female,
}

/// Returns the surnames with their weights, the most common first.
pub fn surnames() -> impl Iterator<Item = (&'static str, u32)> + Clone {
    rows::<2>(SURNAMES)
        .filter_map(|[surname, weight]| weight.parse().ok().map(|weight| (surname, weight)))
}

/// Returns the middle names of men or of women.
pub fn middle_names(gender: Gender) -> impl Iterator<Item = &'static str> + Clone {
    of_gender(MIDDLE_NAMES, gender)
}

/// Returns the given names of men or of women.
pub fn given_names(gender: Gender) -> impl Iterator<Item = &'static str> + Clone {
    of_gender(GIVEN_NAMES, gender)
}

fn of_gender(table: &'static str, gender: Gender) -> impl Iterator<Item = &'static str> + Clone {
    let wanted = match gender {
        Gender::Male => "nam",
        Gender::Female => "nữ",
    };
    rows::<2>(table).filter(move |[whose, _]| *whose == wanted).map(|[_, name]| name)
}

#[cfg(test)]
mod tests {
    use super::{GIVEN_NAMES, Gender, MIDDLE_NAMES, SURNAMES, of_gender, surnames};

    #[test]
    fn nguyen_is_the_most_common_surname_and_every_row_is_read() {
        assert_eq!(surnames().next().map(|(surname, _)| surname), Some("Nguyễn"));
        assert_eq!(surnames().count(), SURNAMES.lines().count());
        assert!(surnames().all(|(_, weight)| weight > 0));
        for table in [MIDDLE_NAMES, GIVEN_NAMES] {
            let read = |gender| of_gender(table, gender).count();
            assert_eq!(read(Gender::Male) + read(Gender::Female), table.lines().count());
        }
    }
}
