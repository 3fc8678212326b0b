//! Names of people who do not exist, as common as names are.
use std::collections::BTreeSet;

use assets::names::{Gender, given_names, middle_names, surnames};

use super::chance::Chance;

/// Tries before a name that is taken is given all the same.
const TRIES_MAX: u32 = 50;

/// Gives names, none of them twice while there are enough.
pub(crate) struct Names {
    surnames: Vec<(&'static str, u32)>,
    weight: u32,
    men: [Vec<&'static str>; 2],
    women: [Vec<&'static str>; 2],
    taken: BTreeSet<String>,
}

impl Names {
    /// Names beside those that are taken.
    pub fn beside<'a>(taken: impl IntoIterator<Item = &'a str>) -> Names {
        let surnames: Vec<_> = surnames().collect();
        let both = |gender| [middle_names(gender).collect(), given_names(gender).collect()];
        Names {
            weight: surnames.iter().map(|(_, weight)| weight).sum(),
            surnames,
            men: both(Gender::Male),
            women: both(Gender::Female),
            taken: taken.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The next name.
    pub fn next(&mut self, chance: &mut Chance) -> String {
        let mut name = self.any(chance);
        for _ in 0..TRIES_MAX {
            if self.taken.insert(name.clone()) {
                break;
            }
            name = self.any(chance);
        }
        name
    }

    /// A name, taken or not.
    pub fn any(&self, chance: &mut Chance) -> String {
        let gender = if chance.percent(50) { Gender::Male } else { Gender::Female };
        self.of(chance, gender)
    }

    /// A name of a man or of a woman, taken or not.
    pub fn of(&self, chance: &mut Chance, gender: Gender) -> String {
        let [middle, given] = match gender {
            Gender::Male => &self.men,
            Gender::Female => &self.women,
        };
        let (middle, given) = (chance.pick(middle), chance.pick(given));
        let mut at = chance.between(1, self.weight.max(1));
        let mut surname = "Nguyễn";
        for (one, weight) in &self.surnames {
            if at <= *weight {
                surname = one;
                break;
            }
            at -= weight;
        }
        if middle == given {
            return format!("{surname} {given}");
        }
        format!("{surname} {middle} {given}")
    }
}
