//! The same tape on both storages gives the same answers and the same hash of every log.
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use register::AgencyId;
use server::{
    CallError, Identity, Ledger, Org, PostgresStorage, Session, SqliteStorage, Storage,
    StorageFault, looked_up, verify,
};
use sync::wire::{SyncAnswer, SyncAsked};

use crate::cast::{SEED, now};
use crate::tape::{Asked, Chance, Office};

/// Commands of the tape, unless the environment says how many.
const COMMANDS: u64 = 5_000;
const OFFICES: u8 = 5;
/// Commands that one PC gathers before it calls.
const GATHERED_MAX: u64 = 12;

/// Two ledgers that must agree, and the time each took.
struct Both {
    sqlite: Ledger,
    postgres: Ledger,
    took: std::cell::Cell<[Duration; 2]>,
}

impl Both {
    fn took(&self, which: usize, begun: Instant) {
        let mut took = self.took.get();
        took[which] += begun.elapsed();
        self.took.set(took);
    }
}

impl Asked for Both {
    fn sync(&self, asked: &SyncAsked, session: &Session) -> SyncAnswer {
        let begun = Instant::now();
        let answer = self.sqlite.sync(asked, session, now()).unwrap();
        self.took(0, begun);
        let begun = Instant::now();
        let other = self.postgres.sync(asked, session, now()).unwrap();
        self.took(1, begun);
        let text = |answer: &SyncAnswer| serde_json::to_string(answer).unwrap();
        assert_eq!(text(&answer), text(&other), "both say the same");
        answer
    }

    fn each<T: PartialEq + std::fmt::Debug>(
        &self,
        call: impl Fn(&Ledger) -> Result<T, CallError>,
    ) -> T {
        let answer = call(&self.sqlite).unwrap();
        assert_eq!(answer, call(&self.postgres).unwrap());
        answer
    }
}

pub fn heads(storage: &dyn Storage) -> Vec<Org> {
    looked_up::<_, StorageFault>(storage, |reading| {
        let orgs: Vec<AgencyId> = reading.orgs()?;
        orgs.into_iter().map(|org| Ok(reading.org(org)?.unwrap())).collect()
    })
    .unwrap()
}

fn commands() -> u64 {
    let asked = std::env::var("VANTHU_TAPE").ok();
    asked.map_or(COMMANDS, |asked| asked.parse().expect("VANTHU_TAPE is a number of commands"))
}

pub fn ledger(storage: Arc<dyn Storage>) -> Ledger {
    Ledger::new(storage, Identity::of(&SEED), [8; 32]).with_commands_a_day(u64::MAX)
}

#[test]
fn the_same_tape_gives_the_same_log_on_both_storages() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Arc::new(SqliteStorage::open(&folder.path().join("server.db")).unwrap());
    let postgres = PostgresStorage::open(&cluster.database().unwrap(), [1; 8]).unwrap();
    let postgres = Arc::new(postgres);
    let both = Both {
        sqlite: ledger(sqlite.clone()),
        postgres: ledger(postgres.clone()),
        took: std::cell::Cell::default(),
    };
    let mut chance = Chance::of(7);
    let mut offices: Vec<Office> = (1..=OFFICES).map(|byte| Office::founded(byte, &both)).collect();
    let (all, mut done) = (commands(), 0);
    while done < all {
        let office = &mut offices[chance.below(OFFICES.into()) as usize];
        for _ in 0..=chance.below(GATHERED_MAX) {
            office.goes_on();
            done += 1;
        }
        office.exchanges(&both, 1);
        office.exchanges(&both, 2);
    }
    let (ours, theirs) = (heads(&*sqlite), heads(&*postgres));
    assert_eq!(ours, theirs, "one hash says that every decision was the same");
    let [sqlite_took, postgres_took] = both.took.get();
    let entries: u64 = ours.iter().map(|org| org.head).sum();
    println!(
        "{done} commands, {entries} entries: SQLite {:.1} s, PostgreSQL {:.1} s ({:.0} a second)",
        sqlite_took.as_secs_f64(),
        postgres_took.as_secs_f64(),
        done as f64 / postgres_took.as_secs_f64()
    );
    let mut effective = 0;
    looked_up::<_, StorageFault>(&*postgres, |reading| {
        for org in reading.orgs()? {
            reading.entries(org, 1, &mut |entry| {
                effective += u64::from(entry.eff.contains("\"ok\""));
                ControlFlow::Continue(())
            })?;
        }
        Ok(())
    })
    .unwrap();
    assert!(effective * 2 > entries, "a tape of refusals shows little: {effective} took effect");
    let found = verify(&*postgres, &Identity::of(&SEED)).unwrap();
    assert_eq!(found, verify(&*sqlite, &Identity::of(&SEED)).unwrap());
    assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
}
