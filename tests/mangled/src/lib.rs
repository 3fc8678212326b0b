//! Bytes and values of any shape for a decoder, as long as somebody wants, and what that took.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// How many times as long it goes on, with other chance each time.
pub const ROUNDS: &str = "VANTHU_MANGLED_ROUNDS";
/// Until so many minutes are over; then the memory of the process is looked at too.
pub const MINUTES: &str = "VANTHU_MANGLED_MINUTES";
/// What a decoder may need, with all that the process is besides, in MB.
pub const PEAK_MB_MAX: u64 = 64;
/// Panics that are told before it ends.
const PANICS_MAX: u64 = 10;
/// A value is another one, once in so many.
const ANOTHER_ONE_IN: u64 = 14;

/// Chance that is the same every time (SplitMix64).
#[derive(Debug, Clone)]
pub struct Mangler(u64);

impl Mangler {
    /// The row of a seed.
    pub fn of(seed: u64) -> Mangler {
        Mangler(seed)
    }

    /// A number below this one; 0 below nothing.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)).checked_rem(end).unwrap_or(0)
    }

    /// A place in something of this length, or its end.
    fn place(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64 + 1)).unwrap_or(0)
    }

    /// One of some.
    pub fn pick<'p, T>(&mut self, from: &'p [T]) -> Option<&'p T> {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(at)
    }

    /// Bytes that are cut off, turned, doubled or replaced.
    pub fn bytes(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.below(6).saturating_sub(1) {
            let at = self.place(bytes.len());
            match self.below(6) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.below(256) as u8),
                2 => bytes.splice(at.., b"\xff\xfe{}[]\0".iter().copied()).for_each(drop),
                3 if bytes.len() < LONG => bytes.extend_from_within(at..),
                4 => bytes.splice(at..at, std::iter::repeat_n(b'[', 300)).for_each(drop),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8)),
            }
        }
    }

    /// A value in which some others stand where they do not belong.
    pub fn value(&mut self, value: &mut Value) {
        if self.below(ANOTHER_ONE_IN) == 0 {
            *value = match self.below(11) {
                0 => Value::Null,
                1 => json!(0),
                2 => json!(-1),
                3 => json!(u64::MAX),
                4 => json!("ữ\u{0}\u{202e}"),
                5 => json!([[[{}]]]),
                6 => json!("00".repeat(16)),
                7 => json!(u32::MAX),
                8 => json!("-9999-12-31"),
                9 => Value::Object(Map::new()),
                _ => json!(i64::MIN),
            };
            return;
        }
        match value {
            Value::Object(map) => {
                if self.below(ANOTHER_ONE_IN) == 0
                    && let Some(name) = map.keys().next().cloned()
                {
                    map.remove(&name);
                }
                map.values_mut().for_each(|value| self.value(value));
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.value(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Bytes that are not doubled any more.
const LONG: usize = 1 << 20;

/// Lets a decoder read mangled things so many times, as many times more as [`ROUNDS`] says, or
/// until [`MINUTES`] are over; prints one line of figures.
///
/// # Panics
/// When a round did, and when all of it took more memory than it may.
pub fn mangles(decoder: &str, rounds: u64, mut once: impl FnMut(&mut Mangler)) {
    let of = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let until = of(MINUTES).map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    let wanted = rounds.saturating_mul(of(ROUNDS).unwrap_or(1));
    let (mut done, mut panics) = (0, 0);
    loop {
        let over = until.map_or(done >= wanted, |until| Instant::now() >= until);
        if over || panics >= PANICS_MAX {
            break;
        }
        done += 1;
        let round = || once(&mut Mangler::of(done));
        if catch_unwind(AssertUnwindSafe(round)).is_err() {
            panics += 1;
            eprintln!("{decoder}: round {done} panicked");
        }
    }
    let peak = peak_mb();
    println!(
        "{}",
        json!({ "decoder": decoder, "rounds": done, "panics": panics, "peak_mb": peak })
    );
    assert_eq!(panics, 0, "{decoder}: see the rounds above");
    let fits = until.is_none() || peak.is_none_or(|peak| peak <= PEAK_MB_MAX);
    assert!(fits, "{decoder}: {peak:?} MB, more than {PEAK_MB_MAX}");
}

/// The most memory this process has had, where the system tells it.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kb: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kb.div_ceil(1024))
}
