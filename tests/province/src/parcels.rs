//! Every agency of a province sends documents to all others, while the servers die and one is down
//! for long: each effect is there exactly once, and every receipt has come (SYNC 4.3, T8).
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use agency::{Chance, ServerProcess};
use register::{Act, Arrival, Attachment, BlobId, Parcel, ParcelId, State};
use serde::Serialize;
use server::{Entry, Found, Reading, Storage, looked_up, open_storage};
use sha2::{Digest as _, Sha256};

use crate::account::Account;
use crate::office::{Place, issues, numbers, takes_in};
use crate::road::Road;
use crate::servers::{Deaths, sealed_in, started_with};

/// So many documents of an agency have the same scan: a file goes up once.
const SCANNED_TOGETHER: usize = 5;
const SCAN_BYTES: usize = 20_000;
/// Of so many parcels one is sent back.
const SENT_BACK_ONE_IN: u64 = 20;
/// How long servers may take until they know each other, and until nothing waits.
const HEARS: Duration = Duration::from_secs(300);
const LOOKS: Duration = Duration::from_millis(200);
/// Documents that an agency has on their way at once.
const AT_ONCE: usize = 4;

/// How large, and how hard.
#[derive(Debug, Clone)]
pub struct Plan {
    pub agencies: usize,
    pub documents: usize,
    pub servers: usize,
    /// The last server is down for so long at the beginning.
    pub down: Duration,
    /// Between two deaths of a server, in the middle.
    pub lives: Duration,
    pub seed: u64,
    pub program: PathBuf,
    pub folder: PathBuf,
    /// The PostgreSQL of the last server; a file in its folder when none.
    pub storage: Option<String>,
    /// Every call goes through TLS, of servers to each other too.
    pub sealed: bool,
}

impl Plan {
    fn folder_of(&self, server: usize) -> PathBuf {
        self.folder.join(format!("server-{server}"))
    }

    fn storage_of(&self, server: usize) -> Option<&str> {
        self.storage.as_deref().filter(|_| server + 1 == self.servers)
    }

    /// The register of a server, beside the server itself.
    fn opened(&self, server: usize) -> Arc<dyn Storage> {
        open_storage(&self.folder_of(server)).unwrap()
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    pub agencies: usize,
    pub documents: usize,
    pub parcels: u64,
    pub deaths: u64,
    /// Calls that were made again because nobody answered.
    pub again: u64,
    pub taken_in: u64,
    pub sent_back: u64,
    pub entries: u64,
    pub seconds: u64,
    /// Parcels that nobody got, or that came more than once.
    pub not_once: u64,
    /// Receipts of one kind for one parcel that stand more than once, or are missing.
    pub receipts_wrong: u64,
    /// Parcels of which each kind of receipt has come.
    pub told: BTreeMap<String, u64>,
    /// What still waits in an outbox.
    pub left_over: u64,
    /// Servers in which `verify` found something.
    pub broken: u64,
}

impl Outcome {
    pub fn is_clean(&self) -> bool {
        self.not_once + self.receipts_wrong + self.left_over + self.broken == 0
    }
}

/// One agency at its work: what it has sent and what it has got.
struct Sender {
    place: Place,
    clerk: Account,
    chance: Chance,
    open: BTreeSet<ParcelId>,
    answered: BTreeSet<ParcelId>,
    got: BTreeSet<ParcelId>,
    taken_in: u64,
    sent_back: u64,
}

impl Sender {
    fn reads(&mut self, states: Vec<State>) {
        for state in states {
            if let State::Arrival(came) = &state {
                self.gets(came);
            } else if let State::Parcel(parcel) = &state {
                self.hears(parcel);
            }
        }
    }

    fn gets(&mut self, came: &Arrival) {
        if !came.waits() || !self.got.insert(came.id) {
            return;
        }
        if self.chance.below(SENT_BACK_ONE_IN) == 0 {
            self.sent_back += 1;
            let (arrival, reason) = (came.id, "Không thuộc thẩm quyền".to_owned());
            self.clerk.does(Act::RefuseArrival { arrival, reason, misaddressed: true });
        } else {
            self.taken_in += 1;
            self.clerk.does(takes_in(&self.place, came));
        }
    }

    fn hears(&mut self, parcel: &Parcel) {
        assert!(parcel.lost.is_none(), "{parcel:?}");
        let is_told = parcel.arrived.is_some() && parcel.fetched.is_some();
        if is_told && parcel.answer.is_some() && self.open.remove(&parcel.id) {
            self.answered.insert(parcel.id);
        }
    }

    /// Sends its documents and deals with what comes, until everything is answered.
    async fn works(mut self, plan: Plan) -> Sender {
        let others: Vec<Place> =
            (0..plan.agencies).filter(|nth| *nth != self.place.nth).map(Place::of).collect();
        let expected = plan.documents * others.len();
        let mut sent = 0;
        loop {
            let brought = self.clerk.calls().await;
            assert_eq!(brought.refused, [], "agency {}", self.place.nth);
            self.reads(brought.states);
            if brought.more || self.clerk.has_unsent() {
                continue;
            }
            let is_free = self.open.len() <= (AT_ONCE - 1) * others.len();
            if sent < plan.documents && is_free {
                self.sends(sent, &others).await;
                sent += 1;
                continue;
            }
            if self.answered.len() == expected && self.got.len() == expected {
                return self;
            }
            self.clerk.waits().await;
        }
    }

    async fn sends(&mut self, nth: usize, others: &[Place]) {
        let bytes = self.scanned(nth / SCANNED_TOGETHER);
        let blob = BlobId(Sha256::digest(&bytes).into());
        let (name, mime) = ("Công văn.pdf".to_owned(), "application/pdf".to_owned());
        let scan = Attachment { blob, name, mime, size: SCAN_BYTES as u64, pages: None };
        let (document, acts) = numbers(&self.place, &nth.to_string(), vec![scan]);
        for act in acts {
            self.clerk.does(act);
        }
        let issued = issues(document, others.iter().copied());
        if let Act::Issue(issued) = &issued {
            self.open.extend(issued.to.iter().map(|to| to.parcel));
        }
        self.clerk.does(issued);
        while self.clerk.has_unsent() {
            let brought = self.clerk.calls().await;
            assert_eq!(brought.refused, [], "agency {}", self.place.nth);
            self.reads(brought.states);
        }
        self.clerk.sends_file(&blob.to_string(), &bytes).await;
    }

    fn scanned(&self, nth: usize) -> Vec<u8> {
        let salt = self.place.nth * 1_000 + nth;
        (0..SCAN_BYTES).map(|at| (at * 31 + salt * 7 + at / 251 * salt) as u8).collect()
    }
}

/// Runs it.
pub fn run(plan: &Plan) -> Outcome {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sealed = plan.sealed.then(|| sealed_in(&plan.folder));
    let servers: Vec<ServerProcess> = (0..plan.servers)
        .map(|nth| {
            let with = (plan.storage_of(nth), sealed.as_ref());
            started_with(&plan.program, &plan.folder_of(nth), with)
        })
        .collect();
    know_each_other(&servers);
    let roads: Vec<Road> =
        servers.iter().map(|server| Road::trusting(server, sealed.as_ref())).collect();
    let mut senders = Vec::new();
    for nth in 0..plan.agencies {
        let (place, home) = (Place::of(nth), nth % plan.servers);
        let code = servers[home].adoption_code();
        let [_, clerk] = runtime.block_on(place.comes(&roads[home], &code, 2));
        senders.push(Sender {
            place,
            clerk,
            chance: Chance::new(plan.seed + nth as u64),
            open: BTreeSet::new(),
            answered: BTreeSet::new(),
            got: BTreeSet::new(),
            taken_in: 0,
            sent_back: 0,
        });
    }
    know_all_agencies(plan);
    let began = Instant::now();
    let servers = Arc::new(Mutex::new(servers));
    let deaths = Deaths::begin(Arc::clone(&servers), plan.seed, (plan.down, plan.lives));
    let done = runtime.block_on(async {
        let work = senders.into_iter().map(|sender| tokio::spawn(sender.works(plan.clone())));
        let mut done = Vec::new();
        for one in work.collect::<Vec<_>>() {
            done.push(one.await.unwrap());
        }
        done
    });
    let mut outcome = Outcome {
        agencies: plan.agencies,
        documents: plan.documents,
        parcels: done.iter().map(|one| one.answered.len() as u64).sum(),
        deaths: deaths.end(),
        again: roads.iter().map(Road::again).sum(),
        taken_in: done.iter().map(|one| one.taken_in).sum(),
        sent_back: done.iter().map(|one| one.sent_back).sum(),
        seconds: began.elapsed().as_secs(),
        ..Outcome::default()
    };
    drop(done);
    let mut servers = servers.lock().unwrap();
    come_to_rest(plan);
    for (nth, server) in servers.iter_mut().enumerate() {
        server.is_killed();
        if !server.runs(&["verify"], &[]).status.success() {
            outcome.broken += 1;
        }
        counts(&*plan.opened(nth), &mut outcome);
    }
    let expected = (plan.agencies * (plan.agencies - 1) * plan.documents) as u64;
    outcome.not_once += expected.abs_diff(outcome.parcels);
    for kind in ["arrived", "fetched", "answered"] {
        let told = outcome.told.get(kind).copied().unwrap_or_default();
        outcome.receipts_wrong += expected.abs_diff(told);
    }
    outcome
}

/// Each server knows all others.
fn know_each_other(servers: &[ServerProcess]) {
    for (nth, server) in servers.iter().enumerate() {
        for (other_nth, other) in servers.iter().enumerate().filter(|(other, _)| *other != nth) {
            let (address, name) = (other.base(), other_nth.to_string());
            let words = ["--address", &address, "--key", other.key(), "--name", &name];
            let output = server.runs(&["peer", "add"], &words);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// Waits until each server has heard which agencies live on the others: who is known to nobody is
/// told to the sender as somebody who cannot be reached.
fn know_all_agencies(plan: &Plan) {
    let began = Instant::now();
    let of = |nth: usize| (plan.agencies + plan.servers - 1 - nth) / plan.servers;
    for nth in 0..plan.servers {
        let elsewhere = plan.agencies - of(nth);
        let storage = plan.opened(nth);
        loop {
            let known = read(&*storage, |reading| Ok(reading.homes()?.len()));
            if known == elsewhere {
                break;
            }
            assert!(began.elapsed() < HEARS, "server {nth} knows {known} of {elsewhere}");
            std::thread::sleep(LOOKS);
        }
    }
}

fn read<T>(storage: &dyn Storage, job: impl FnOnce(&dyn Reading) -> Found<T>) -> T {
    looked_up(storage, job).unwrap()
}

fn waiting(storage: &dyn Storage) -> u64 {
    read(storage, |reading| Ok(reading.waits()?.iter().map(|waits| waits.count).sum()))
}

/// What is still to be told of the last receipts goes its way.
fn come_to_rest(plan: &Plan) {
    let began = Instant::now();
    let storages: Vec<_> = (0..plan.servers).map(|nth| plan.opened(nth)).collect();
    while began.elapsed() < HEARS {
        if storages.iter().all(|storage| waiting(&**storage) == 0) {
            return;
        }
        std::thread::sleep(LOOKS);
    }
}

/// Looks through the logs of a server that is dead.
fn counts(storage: &dyn Storage, outcome: &mut Outcome) {
    outcome.left_over += waiting(storage);
    for org in read(storage, |reading| reading.orgs()) {
        let mut seen = Seen::new();
        let entries = read(storage, |reading| {
            let mut entries = 0;
            reading.entries(org, 1, &mut |entry| {
                entries += 1;
                looks_at(&entry, &mut seen);
                ControlFlow::Continue(())
            })?;
            Ok(entries)
        });
        outcome.entries += entries;
        for ((told, _), times) in seen {
            let too_often = u64::from(times) - 1;
            match told {
                None => outcome.not_once += too_often,
                Some(told) => {
                    outcome.receipts_wrong += too_often;
                    *outcome.told.entry(told).or_default() += 1;
                }
            }
        }
    }
}

/// How often each parcel came, and each receipt of it by its word.
type Seen = BTreeMap<(Option<String>, ParcelId), u32>;

/// Notes what an entry that counts says of a parcel.
fn looks_at(entry: &Entry, seen: &mut Seen) {
    let eff: serde_json::Value = serde_json::from_str(&entry.eff).unwrap();
    if eff["outcome"] != "ok" {
        return;
    }
    // Most entries are about something else.
    let raw: serde_json::Value = serde_json::from_slice(&entry.envelope.raw).unwrap();
    let told = match raw["kind"].as_str() {
        Some("arrival.come") => None,
        Some("parcel.receipt") => raw["body"]["told"]["is"].as_str().map(str::to_owned),
        _ => return,
    };
    let parcel = raw["body"]["parcel"].as_str().unwrap();
    *seen.entry((told, ParcelId::parse(parcel).unwrap())).or_default() += 1;
}
