//! A small portion of what `province parcels` sends, and a short day of one agency.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres_cluster::{Disk, alone};
use province::{Day, Load, Plan, run, works};

/// The server of the same build, which the workspace builds beside every program of tests.
fn server() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_province")).with_file_name("vanthu-server");
    assert!(beside.exists(), "the program vanthu-server is built beside this one");
    beside
}

fn small(folder: &Path) -> Plan {
    Plan {
        agencies: 8,
        documents: 5,
        servers: 2,
        down: Duration::from_secs(4),
        lives: Duration::from_millis(1_750),
        seed: 5,
        program: server(),
        folder: folder.to_owned(),
        storage: None,
        sealed: false,
    }
}

fn arrives_once(plan: &Plan) {
    let outcome = run(plan);
    assert!(outcome.is_clean(), "{outcome:#?}");
    assert_eq!((outcome.parcels, outcome.taken_in + outcome.sent_back), (280, 280));
}

#[test]
fn what_everybody_sends_to_everybody_arrives_once_while_servers_are_killed_and_one_is_down() {
    let folder = tempfile::tempdir().unwrap();
    arrives_once(&small(folder.path()));
}

#[test]
fn a_server_with_a_file_and_one_on_postgresql_exchange_through_tls_and_are_killed() {
    let Some(cluster) = alone(Disk::Synced) else { return };
    let folder = tempfile::tempdir().unwrap();
    let storage = Some(cluster.database().unwrap());
    arrives_once(&Plan { storage, sealed: true, seed: 6, ..small(folder.path()) });
}

#[test]
fn everybody_of_an_agency_works_and_nobody_is_turned_away() {
    let folder = tempfile::tempdir().unwrap();
    let day = Day { documents: 6, lasts: Duration::from_secs(3) };
    let load = Load {
        agencies: 1,
        accounts: 31,
        awake: 100,
        day,
        seed: 5,
        program: server(),
        folder: folder.path().to_owned(),
        storage: None,
    };
    let seen = works(&load);
    assert_eq!((seen.documents, seen.turned_away), (6, 0));
    assert!(seen.acts >= 6 * 4, "{seen:?}");
    assert!(seen.calls.get("/v1/sync").is_some_and(|calls| calls.count as u64 > seen.acts));
}
