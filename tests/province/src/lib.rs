//! A province at work: many agencies without desks, real servers, and what is looked at after.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "what drives a test stops where it stands, and each thing is named by what it is"
)]

mod account;
mod figures;
mod load;
mod office;
mod pace;
mod parcels;
mod road;
mod servers;
mod times;

pub use figures::{Bench, measure as figures};
pub use load::{Day, Load, Measured, run as works};
pub use pace::{Pace, measure as paces};
pub use parcels::{Outcome, Plan, run};
pub use times::Quantiles;
