//! A set of small numbers: which words, or which entries, are meant.

const WORD: usize = u64::BITS as usize;

/// A set of numbers below a limit.
#[derive(Debug, Clone)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// None of so many.
    pub(super) fn none(of: usize) -> Bits {
        Bits(vec![0; of.div_ceil(WORD)])
    }

    /// Every one of so many.
    pub(super) fn all(of: usize) -> Bits {
        let mut bits = Bits(vec![u64::MAX; of.div_ceil(WORD)]);
        if let (Some(last), over @ 1..) = (bits.0.last_mut(), of % WORD) {
            *last = (1 << over) - 1;
        }
        bits
    }

    /// Adds a number; one beyond the limit is left out.
    pub(super) fn add(&mut self, number: u32) {
        let number = number as usize;
        if let Some(word) = self.0.get_mut(number / WORD) {
            *word |= 1 << (number % WORD);
        }
    }

    pub(super) fn has(&self, number: u32) -> bool {
        let number = number as usize;
        self.0.get(number / WORD).is_some_and(|word| word & (1 << (number % WORD)) != 0)
    }

    /// Keeps what the other has too.
    pub(super) fn keep(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Adds all the other has.
    pub(super) fn add_all(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// The numbers in rising order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let next = left.trailing_zeros();
                (left != 0).then(|| {
                    left &= left - 1;
                    (at * WORD) as u32 + next
                })
            })
        })
    }
}
