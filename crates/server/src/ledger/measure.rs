//! How many commands one PC brings in a day: enough for every office, and an end to a runaway.
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use register::{AgencyId, DeviceId, Moment};
use sync::wire::Trouble;

use crate::fault::CallError;

/// An agency that comes with ten years of its register, 100,000 documents, brings half as many. A
/// runaway PC fills no disk with so many, 2.3 GB.
const COMMANDS_A_DAY_MAX: u64 = 1_000_000;
const DAY_MS: i64 = 86_400_000;
/// The office day begins at midnight in Hà Nội.
const OFFICE_OFFSET_MS: i64 = register::OFFICE_OFFSET_MS;

/// What every PC has brought today. It is counted anew when the server is begun again.
pub(super) struct Measure {
    max: u64,
    brought: Mutex<BTreeMap<(AgencyId, DeviceId), Brought>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Brought {
    day: i64,
    commands: u64,
}

fn day_of(now: Moment) -> i64 {
    now.0.saturating_add(OFFICE_OFFSET_MS).div_euclid(DAY_MS)
}

impl Default for Measure {
    fn default() -> Measure {
        Measure::of(COMMANDS_A_DAY_MAX)
    }
}

impl Measure {
    pub fn of(max: u64) -> Measure {
        Measure { max, brought: Mutex::default() }
    }

    /// Whether a PC may bring more today.
    pub fn must_be_left(&self, of: (AgencyId, DeviceId), now: Moment) -> Result<(), CallError> {
        let today = day_of(now);
        let brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        let full = brought.get(&of).is_some_and(|one| one.day == today && one.commands >= self.max);
        if !full {
            return Ok(());
        }
        let passed = now.0.saturating_add(OFFICE_OFFSET_MS).rem_euclid(DAY_MS);
        let seconds = u32::try_from((DAY_MS - passed) / 1000).unwrap_or(u32::MAX);
        Err(Trouble::Busy { seconds: seconds.max(1) }.into())
    }

    /// Counts what was new to the log.
    pub fn count(&self, of: (AgencyId, DeviceId), now: Moment, commands: u64) {
        let today = day_of(now);
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        if !brought.contains_key(&of) {
            brought.retain(|_, one| one.day == today);
        }
        let one = brought.entry(of).or_insert(Brought { day: today, commands: 0 });
        let before = if one.day == today { one.commands } else { 0 };
        *one = Brought { day: today, commands: before.saturating_add(commands) };
    }
}
