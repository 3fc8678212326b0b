//! Constants of the field that ship with the program: catalogues, lunar dates, fonts.
#![no_std]

#[cfg(test)]
extern crate std;

mod days_off;
#[cfg(feature = "demo")]
pub mod demo;
pub mod ended;
pub mod fonts;
mod kinds;
mod lunar;
pub mod names;
mod rows;
pub mod units;

/// The public keys of who publishes the program, with remarks: what a build trusts.
pub const PUBLISHER_KEYS: &str = include_str!("../publisher.keys");

pub use days_off::{
    DECIDED_DAYS, DECIDED_YEARS, DayKind, DecidedDay, FIXED_HOLIDAYS, FixedHoliday, decided_days,
};
pub use kinds::{COPY_KINDS, Family, KINDS, Kind, kind};
pub use lunar::{LUNAR_YEARS, MonthDay, hung_kings_day, lunar_new_year};
