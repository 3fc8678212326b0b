//! One agency as it is: a server on loopback, and desks that speak to it as the window does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test stops where it stands, and each thing is named by what it is"
)]

mod carrying;
mod chance;
mod journal;
mod middle;
mod pc;
mod proxy;
mod reckoning;
mod seat;
mod server_process;
mod six;
mod town;
mod under_fire;
mod work;

pub use carrying::{BREAKS_WITHIN, Carried, Load, SPOILED_ONE_IN, carries};
pub use chance::Chance;
pub use journal::{Journal, Noted};
pub use pc::{Clock, PIN, Pc};
pub use proxy::Proxy;
pub use reckoning::Reckoning;
pub use seat::{Seat, text};
pub use server_process::{Sealed, ServerProcess};
pub use six::{comes_to, founded_at, lets_in};
pub use town::Town;
pub use under_fire::{Fire, kills};
pub use work::Work;
