//! Many callers at once: every one gets his answer; how many a second is printed.
use std::sync::Arc;
use std::time::Instant;

use postgres_cluster::Disk;
use server::{Ledger, PostgresStorage, SqliteStorage, Storage};

use crate::alike::{heads, ledger};
use crate::cast::{LAN, now, words};
use crate::tape::Office;

/// Callers and commands of each, unless the environment says how many callers; then more of each.
const CALLERS: u8 = 8;
const COMMANDS: u64 = 20;
const COMMANDS_MEASURED: u64 = 400;

fn measured() -> Option<u8> {
    let asked = std::env::var("VANTHU_PACE").ok()?;
    Some(asked.parse().expect("VANTHU_PACE is a number of callers"))
}

/// Runs one job a caller, each in his own office, all at once; says how many calls a second.
fn together(offices: &mut [Office], calls: u64, call: impl Fn(&mut Office, u64) + Sync) -> f64 {
    let all = calls * offices.len() as u64;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for office in offices {
            let call = &call;
            scope.spawn(move || (0..calls).for_each(|n| call(office, n)));
        }
    });
    all as f64 / begun.elapsed().as_secs_f64()
}

/// One command a call, made before the clock starts.
fn commands(ledger: &Ledger, offices: &mut [Office], each: u64) -> f64 {
    let tapes: Vec<Vec<sync::wire::Pushed>> = offices
        .iter_mut()
        .map(|office| {
            (0..each).for_each(|n| office.registers(n));
            std::mem::take(&mut office.first.unsent)
        })
        .collect();
    let tape_of = |office: &Office| &tapes[usize::from(office.org.0[0]) - 1];
    together(offices, each, |office, n| {
        let push = tape_of(office)[n as usize].clone();
        office.first.unsent = vec![push];
        let answer = ledger.sync(&office.first.asks(), &office.first.session(LAN), now()).unwrap();
        assert_eq!(words(&answer.acks), ["ok"]);
        office.first.takes(&answer);
    })
}

/// Nothing to send, nothing new.
fn pulls(ledger: &Ledger, offices: &mut [Office], each: u64) -> f64 {
    together(offices, each, |office, _| {
        let answer = ledger.sync(&office.first.asks(), &office.first.session(LAN), now()).unwrap();
        office.first.takes(&answer);
    })
}

fn goes_at_pace(name: &str, storage: Arc<dyn Storage>) {
    let (callers, each) =
        measured().map_or((CALLERS, COMMANDS), |callers| (callers, COMMANDS_MEASURED));
    let ledger = ledger(storage.clone());
    let mut offices: Vec<Office> =
        (1..=callers).map(|byte| Office::founded(byte, &ledger)).collect();
    let before: u64 = heads(&*storage).iter().map(|org| org.head).sum();
    let commands = commands(&ledger, &mut offices, each);
    let after: u64 = heads(&*storage).iter().map(|org| org.head).sum();
    assert_eq!(after - before, each * u64::from(callers));
    let pulls = pulls(&ledger, &mut offices, each * 4);
    let server::Commits { groups, jobs, largest } = storage.commits();
    println!(
        "{name}, {callers} callers: {commands:.0} commands and {pulls:.0} pulls a second; \
         {jobs} jobs in {groups} commits, at most {largest} in one"
    );
}

#[test]
fn many_callers_are_answered_together() {
    let Some(cluster) = postgres_cluster::alone(Disk::Synced) else { return };
    let url = cluster.database().unwrap();
    goes_at_pace("PostgreSQL", Arc::new(PostgresStorage::open(&url, [1; 8]).unwrap()));
    if measured().is_some() {
        let folder = tempfile::tempdir().unwrap();
        let storage = SqliteStorage::open(&folder.path().join("server.db")).unwrap();
        goes_at_pace("SQLite", Arc::new(storage));
    }
}
