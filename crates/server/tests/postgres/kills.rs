//! PostgreSQL killed in the middle of writes: what was answered is there, and nothing by half.
use std::sync::Arc;
use std::sync::mpsc::channel;

use postgres_cluster::{Cluster, Disk};
use server::{CallError, Identity, Ledger, PostgresStorage, verify};
use sync::wire::SyncAnswer;

use crate::alike::{heads, ledger};
use crate::cast::{LAN, SEED, now, words};
use crate::tape::Office;

const OFFICES: u8 = 6;
const COMMANDS: u64 = 60;
/// Commands that are answered between two kills.
const ANSWERED_BETWEEN: usize = 40;
/// Calls that may fail in a row before the storage counts as gone.
const TRIES_MAX: usize = 200_000;

/// Calls until there is an answer, as a PC does.
fn insists(ledger: &Ledger, office: &Office) -> SyncAnswer {
    for _ in 0..TRIES_MAX {
        match ledger.sync(&office.first.asks(), &office.first.session(LAN), now()) {
            Ok(answer) => return answer,
            Err(CallError::Fault(_)) => std::thread::yield_now(),
            Err(trouble) => panic!("a fault of the storage is no trouble of the caller: {trouble}"),
        }
    }
    panic!("the storage never answered again")
}

fn kill(cluster: &Cluster, url: &str, round: usize) {
    if round.is_multiple_of(2) {
        cluster.stop_at_once().unwrap();
        cluster.start_again().unwrap();
    } else {
        cluster.kill_a_line(url).unwrap();
    }
}

#[test]
fn what_was_answered_outlives_the_kills_and_nothing_is_there_by_half() {
    let Some(cluster) = postgres_cluster::alone(Disk::Lazy) else { return };
    let url = cluster.database().unwrap();
    let storage = Arc::new(PostgresStorage::open(&url, [1; 8]).unwrap());
    let ledger = ledger(storage.clone());
    let mut offices: Vec<Office> =
        (1..=OFFICES).map(|byte| Office::founded(byte, &ledger)).collect();
    let before: u64 = heads(&*storage).iter().map(|org| org.head).sum();
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        for office in &mut offices {
            let (ledger, tell) = (&ledger, tell.clone());
            scope.spawn(move || {
                for n in 0..COMMANDS {
                    office.registers(n);
                    let answer = insists(ledger, office);
                    assert_eq!(words(&answer.acks), ["ok"]);
                    office.hears(&answer);
                    tell.send(()).unwrap();
                }
            });
        }
        drop(tell);
        let mut round = 0;
        while told.iter().take(ANSWERED_BETWEEN).count() == ANSWERED_BETWEEN {
            kill(&cluster, &url, round);
            round += 1;
        }
        assert!(round > 3, "{round} kills");
    });
    let heads = heads(&*storage);
    let after: u64 = heads.iter().map(|org| org.head).sum();
    assert_eq!(after - before, u64::from(OFFICES) * COMMANDS, "each command once");
    let found = verify(&*storage, &Identity::of(&SEED)).unwrap();
    assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
    drop((ledger, storage));
    let opened_again = PostgresStorage::open(&url, [2; 8]).unwrap();
    assert_eq!(crate::alike::heads(&opened_again), heads);
}
