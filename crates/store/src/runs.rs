//! Places of days that are known to be taken, as runs without a gap.
use std::collections::BTreeMap;

/// Runs kept; beyond them all are forgotten and found again.
const RUNS_MAX: usize = 4096;

/// Where many documents want the same place, the free one lies behind all of them: it is not looked
/// for from the beginning each time.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// By where it begins: the place behind its end.
    ends: BTreeMap<i64, i64>,
}

impl Runs {
    pub(crate) fn clear(&mut self) {
        self.ends.clear();
    }

    /// The first place from this one on that is not known to be taken.
    pub(crate) fn behind(&self, place: i64) -> i64 {
        let run = self.ends.range(..=place).next_back();
        run.map_or(place, |(_, end)| place.max(*end))
    }

    /// All places from the first up to the last are taken.
    pub(crate) fn take(&mut self, first: i64, last: i64) {
        if self.ends.len() >= RUNS_MAX {
            self.ends.clear();
        }
        let (mut begin, mut end) = (first, last.saturating_add(1));
        while let Some((&other, &its_end)) = self.ends.range(..=end).next_back() {
            if its_end < begin {
                break;
            }
            (begin, end) = (begin.min(other), end.max(its_end));
            self.ends.remove(&other);
        }
        self.ends.insert(begin, end);
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn runs_that_touch_are_one_and_the_free_place_lies_behind_them() {
        let mut runs = Runs::default();
        assert_eq!(runs.behind(5), 5);
        runs.take(5, 6);
        runs.take(10, 12);
        let seen: Vec<i64> = [4, 5, 6, 7, 9, 10, 12, 13].map(|at| runs.behind(at)).into();
        assert_eq!(seen, [4, 7, 7, 7, 9, 13, 13, 13]);
        runs.take(7, 9);
        assert_eq!(runs.ends.len(), 1);
        assert_eq!((runs.behind(4), runs.behind(5), runs.behind(12)), (4, 13, 13));
        runs.take(2, 20);
        assert_eq!((runs.ends.len(), runs.behind(2), runs.behind(21)), (1, 21, 21));
    }
}
