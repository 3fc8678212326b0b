//! Two hundred thousand random acts over a bad line break nothing.
#![allow(clippy::panic, reason = "a broken expectation should stop the test where it stands")]
mod real_server;

use register::Key;
use simulation::broken::ALL;
use simulation::check::{OPS_OF_AN_OFFICE, run};
use simulation::office::{Office, Reading};
use simulation::on_disk::OnDisk;
use simulation::region::{self, OPS_OF_A_REGION};
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

/// Acts of agencies that send each other documents, and how often each thing came at least.
const SEEN_BETWEEN_MIN: u64 = 8;
const OPS_BETWEEN: u64 = 400_000;

#[test]
fn between_agencies_each_effect_comes_once_and_both_ends_say_the_same() {
    let mut tally = Tally::default();
    for at in 0..OPS_BETWEEN / OPS_OF_A_REGION {
        let (counts, wrong) = region::run(SEED + at, OPS_OF_A_REGION);
        assert!(wrong.is_empty(), "seed {}: {wrong:?}", SEED + at);
        tally.join(&counts);
    }
    println!("{}", tally.line(SEED, OPS_BETWEEN));
    for what in [
        "came",
        "crossed",
        "doubled_messages",
        "given_back",
        "overtaken",
        "peer_down",
        "recalled_unsent",
    ] {
        assert!(
            tally.count(what) >= SEEN_BETWEEN_MIN,
            "{what} came {} times only",
            tally.count(what)
        );
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

/// Offices that broke once, each for another reason than those that are run anyway.
const BROKE_ONCE: [u64; 9] =
    [2649, 8784, 20_029, 20_083, 22_820, 3_011_046, 3_011_366, 9_803_262, 9_806_892];

#[test]
fn an_office_that_broke_once_does_not_break_again() {
    let mut tally = Tally::default();
    for seed in BROKE_ONCE {
        let wrong = run(seed, OPS_OF_AN_OFFICE, None, &mut tally);
        assert!(wrong.found.is_empty(), "seed {seed}: {:?}", wrong.found);
    }
}

/// Offices whose PCs keep a real file beside their maps.
const OFFICES_ON_DISK: u64 = 12;

/// Offices whose book goes from hand to hand.
const PASSING: [u64; 4] = [20_029, 20_083, 20_119, 20_191];

#[test]
fn a_pc_with_a_real_file_sees_what_the_protocol_says() {
    for seed in (SEED..SEED + OFFICES_ON_DISK).chain(PASSING) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut office = Office::open(seed, Reading::Right, None);
        // The first PC begins with the commands of the founding, which its file would lack.
        for pc in office.pcs.iter_mut().skip(1) {
            let path = folder.path().join(format!("{}.db", pc.dev));
            pc.disk = Some(OnDisk::joined(&path, pc.dev, pc.officer).expect("a file"));
        }
        for act in 0..OPS_OF_AN_OFFICE {
            office.happens();
            look(&office, (seed, act));
            if act % ACTS_BETWEEN_CHECKS == 0 {
                look_closely(&office, (seed, act));
            }
        }
        office.comes_to_rest();
        look(&office, (seed, OPS_OF_AN_OFFICE));
        look_closely(&office, (seed, OPS_OF_AN_OFFICE));
    }
}

/// Everything that follows from the states is looked at now and then: it takes longer.
const ACTS_BETWEEN_CHECKS: u64 = 80;

fn look_closely(office: &Office, when: (u64, u64)) {
    for disk in office.pcs.iter().filter_map(|pc| pc.disk.as_ref()) {
        assert_eq!(disk.flaws().expect("a whole file"), Vec::<String>::new(), "{when:?}");
    }
}

fn look(office: &Office, when: (u64, u64)) {
    let keys: Vec<Key> = office.log.states.keys().copied().collect();
    for pc in &office.pcs {
        assert!(pc.differs.is_empty(), "{when:?}: {:?}", pc.differs);
        let Some(disk) = &pc.disk else { continue };
        let mine = pc.shelf.screen().keys().copied().chain(keys.iter().copied());
        let differs = disk.differs(&pc.shelf, &mine.collect::<Vec<_>>()).expect("readable");
        assert_eq!(differs, None, "{when:?}: {}", pc.dev);
    }
}
