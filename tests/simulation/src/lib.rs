//! Several PCs, a bad line, and one log, in one thread and in virtual time: the seed is everything.

mod blunders;
pub mod broken;
pub mod cast;
pub mod chance;
pub mod check;
pub mod life;
pub mod line;
pub mod log;
pub mod office;
pub mod on_disk;
pub mod pc;
pub mod region;
pub mod shelf;
pub mod tally;
mod troubles;
