//! Chance from a seed: the same seed makes the same agency on every PC.

/// A stream of numbers that a seed fixes (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Chance {
        Chance { state: seed }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.state)
    }

    /// A number from 0 up to, and without, the bound; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias of the remainder is far below anything that shows in an agency.
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A number between two, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether it happens that is to happen so many times in a hundred.
    pub fn percent(&mut self, times: u32) -> bool {
        self.below(100) < u64::from(times)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(all.len() as u64)).unwrap_or(0);
        all.get(at).expect("the lists to choose from are not empty")
    }
}

/// Spreads the bits of a number.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
