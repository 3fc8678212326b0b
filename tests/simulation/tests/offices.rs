//! Two hundred thousand random acts over a bad line break nothing.
#![allow(clippy::panic, reason = "a broken expectation should stop the test where it stands")]
use simulation::broken::ALL;
use simulation::check::{OPS_OF_AN_OFFICE, run};
use simulation::tally::Tally;

const OPS: u64 = 200_000;
const SEED: u64 = 2026;
/// Each of these came at least this often, or the run has shown little.
const SEEN_MIN: u64 = 20;
const MUST_COME: [&str; 12] = [
    "began_anew",
    "brought_back",
    "burnt",
    "dropped",
    "forced",
    "handed_over",
    "held_device_revoked",
    "held_not_holder",
    "numbered_by_holder",
    "numbered_by_server",
    "set_back",
    "stale_answers",
];

#[test]
fn four_pcs_over_a_bad_line_lose_double_and_renumber_nothing() {
    let mut tally = Tally::default();
    for at in 0..OPS / OPS_OF_AN_OFFICE {
        let wrong = run(SEED + at, OPS_OF_AN_OFFICE, None, &mut tally);
        assert!(wrong.found.is_empty(), "seed {}: {:?}", SEED + at, wrong.found);
    }
    println!("{}", tally.line(SEED, OPS));
    for what in MUST_COME {
        assert!(tally.count(what) >= SEEN_MIN, "{what} came {} times only", tally.count(what));
    }
}

/// Offices in which a broken rule has to show itself.
const OFFICES_TO_FIND: u64 = 500;

#[test]
fn a_rule_that_is_broken_on_purpose_is_found() {
    for broken in ALL {
        let mut tally = Tally::default();
        let mut found = (0..OFFICES_TO_FIND).filter_map(|at| {
            let wrong = run(SEED + at, OPS_OF_AN_OFFICE, Some(broken), &mut tally);
            wrong.found.into_iter().next().map(|what| (at, what))
        });
        let first = found.next();
        println!("{broken:?}: {first:?}");
        assert!(first.is_some(), "nobody noticed that {broken:?} is broken");
    }
}
