//! The clock and the source of ids: the one place where the desk asks what time it is.
use std::time::{SystemTime, UNIX_EPOCH};

use register::{Id, Moment};

/// Reads the clock of this PC.
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Where time and ids come from: the PC in earnest, a seed in tests and in made-up agencies.
pub trait Source: Send + Sync {
    /// The time.
    fn now(&self) -> Moment;
    /// A fresh id; later ids sort after earlier ones.
    fn id(&self) -> Id;
}

/// Clock and randomness of this PC.
pub struct ThisPc;

impl Source for ThisPc {
    fn now(&self) -> Moment {
        now()
    }

    fn id(&self) -> Id {
        let mut random = [0u8; 10];
        getrandom::fill(&mut random).expect("the system gives randomness");
        let millis = u64::try_from(now().0).unwrap_or(0);
        *uuid::Builder::from_unix_timestamp_millis(millis, &random).as_uuid().as_bytes()
    }
}
