//! People at work, all at once: what they wait for, and what it costs the server.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use agency::{Chance, ServerProcess};
use register::{Act, Attachment, BlobId, DocumentId, OfficerId, Role};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

use crate::account::Account;
use crate::office::{Place, directs, numbers, registers, role};
use crate::road::Road;
use crate::servers::started;
use crate::times::Quantiles;

/// Of so many documents of a year, so many come in and the rest goes out.
const COMES_IN: u64 = 7_378;
const GOES_OUT: u64 = 6_066;
/// Between two acts on one document.
const THINKS_MS: (u64, u64) = (200, 3_000);
/// PCs are switched on within so long: a quarter of an hour, sixty times as fast.
const COME_WITHIN: Duration = Duration::from_secs(15);
/// Memory and journal are looked at so often.
const LOOKED_EVERY: Duration = Duration::from_secs(2);
/// PCs that come to a server at once.
const COME_AT_ONCE: usize = 16;

/// A number of documents in some time.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    pub documents: u64,
    pub lasts: Duration,
}

/// Who works, and where.
#[derive(Debug, Clone)]
pub struct Load {
    pub agencies: usize,
    pub accounts: usize,
    /// Of a hundred accounts so many have a PC that runs.
    pub awake: usize,
    pub day: Day,
    pub seed: u64,
    pub program: PathBuf,
    pub folder: PathBuf,
    /// A PostgreSQL; a file in the folder when none.
    pub storage: Option<String>,
}

/// What was seen of the server.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Measured {
    pub calls: BTreeMap<&'static str, Quantiles>,
    pub turned_away: u64,
    pub acts: u64,
    pub documents: u64,
    /// MB at a quarter of the time, at the end, and the most.
    pub rss: [f64; 3],
    pub wal: [f64; 3],
    /// Of one core.
    pub cpu: f64,
    pub seconds: f64,
}

type Shared = Arc<Mutex<Account>>;

/// One agency with everybody who works in it.
struct Staffed {
    place: Place,
    people: Vec<Shared>,
}

impl Staffed {
    fn one(&self, wanted: Role, chance: &mut Chance) -> usize {
        let fitting: Vec<usize> =
            (1..self.people.len()).filter(|nth| role(*nth) == wanted).collect();
        *chance.one(&fitting).unwrap()
    }

    fn id(&self, nth: usize) -> OfficerId {
        self.place.officer(nth)
    }
}

/// Founds the agencies, lets everybody in, and lets them work.
pub fn run(load: &Load) -> Measured {
    let server = started(&load.program, &load.folder.join("server"), load.storage.as_deref());
    let road = Road::to(&server);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let staffed = runtime.block_on(everybody_comes(load, &server, &road));
    let wal = load.folder.join("server").join("server.db-wal");
    let watch = Watch::begin(server.id().unwrap(), wal);
    road.times.begin();
    let (acts, documents) = runtime.block_on(works(load, &staffed));
    let mut measured = watch.end();
    measured.calls = road.times.all();
    measured.turned_away = road.times.were_turned_away();
    (measured.acts, measured.documents) = (acts, documents);
    measured
}

async fn everybody_comes(load: &Load, server: &ServerProcess, road: &Road) -> Vec<Arc<Staffed>> {
    let mut all = Vec::new();
    for nth in 0..load.agencies {
        let place = Place::of(nth);
        let each = load.accounts / load.agencies;
        let code = server.adoption_code();
        let [mut first, clerk] = place.comes(road, &code, each).await;
        let mut people: Vec<Shared> = Vec::new();
        let mut codes = Vec::new();
        for nth in 2..each {
            codes.push((nth, first.code_for(place.officer(nth)).await));
        }
        people.push(Arc::new(Mutex::new(first)));
        people.push(Arc::new(Mutex::new(clerk)));
        for some in codes.chunks(COME_AT_ONCE) {
            let come = some.iter().cloned().map(|(nth, code)| {
                let (officer, pc) = (place.officer(nth), format!("PC-{nth}"));
                let mut account = Account::new(road, place.org, officer, &pc);
                tokio::spawn(async move {
                    account.enrols(&code).await;
                    while account.calls().await.more {}
                    Arc::new(Mutex::new(account))
                })
            });
            for one in come.collect::<Vec<_>>() {
                people.push(one.await.unwrap());
            }
        }
        all.push(Arc::new(Staffed { place, people }));
    }
    all
}

/// Those who are awake hear of everything; documents come as they come.
async fn works(load: &Load, staffed: &[Arc<Staffed>]) -> (u64, u64) {
    let over = Arc::new(AtomicBool::new(false));
    let acts = Arc::new(AtomicU64::new(0));
    for agency in staffed {
        let people = u32::try_from(agency.people.len()).unwrap();
        for (nth, account) in agency.people.iter().enumerate() {
            if nth * 100 < load.awake * agency.people.len() {
                let (account, over) = (Arc::clone(account), Arc::clone(&over));
                let comes = COME_WITHIN * u32::try_from(nth).unwrap() / people;
                tokio::spawn(async move {
                    sleep(comes).await;
                    listens(account, over).await;
                });
            }
        }
    }
    let mut chance = Chance::new(load.seed);
    let began = Instant::now();
    let mut ways = Vec::new();
    let mut came = 0;
    while let Some(due) = due(load.day, came) {
        sleep_until(began + due).await;
        let agency = Arc::clone(chance.one(staffed).unwrap());
        let of_this = Chance::new(load.seed ^ (came + 1));
        let way = Way { agency, chance: of_this, acts: Arc::clone(&acts), nth: came };
        ways.push(match chance.below(COMES_IN + GOES_OUT) {
            0..COMES_IN => tokio::spawn(way.of_an_incoming_document()),
            _ => tokio::spawn(way.of_an_outgoing_document()),
        });
        came += 1;
    }
    for way in ways {
        way.await.unwrap();
    }
    over.store(true, Ordering::SeqCst);
    (acts.load(Ordering::SeqCst), came)
}

fn due(day: Day, came: u64) -> Option<Duration> {
    let share = came as f64 / day.documents as f64;
    (came < day.documents).then(|| day.lasts.mul_f64(share))
}

/// A PC that waits for news and reads what there is.
async fn listens(account: Shared, over: Arc<AtomicBool>) {
    while !over.load(Ordering::SeqCst) {
        let asks = account.lock().await.asks_for_news().await;
        if asks.news().await {
            let mut account = account.lock().await;
            while account.calls().await.more {}
        }
    }
}

/// One document and those who deal with it.
struct Way {
    agency: Arc<Staffed>,
    chance: Chance,
    acts: Arc<AtomicU64>,
    nth: u64,
}

impl Way {
    async fn does(&mut self, who: usize, act: Act) {
        let account = Arc::clone(&self.agency.people[who]);
        let mut account = account.lock().await;
        account.does(act);
        while account.has_unsent() {
            assert_eq!(account.calls().await.refused, [], "document {}", self.nth);
        }
        drop(account);
        self.acts.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(self.chance.within(THINKS_MS.0, THINKS_MS.1))).await;
    }

    async fn of_an_incoming_document(mut self) {
        let agency = Arc::clone(&self.agency);
        let mut one = |role| agency.one(role, &mut self.chance);
        let (clerk, leader, official) = (one(Role::Clerk), one(Role::Leader), one(Role::Official));
        let words = self.nth.to_string();
        let (document, registered) = registers(&agency.place, &words, Some(agency.id(leader)));
        self.does(clerk, registered).await;
        self.does(leader, Act::Seen { document, outgoing: false }).await;
        let (task, direct) = directs(document, agency.id(official));
        self.does(leader, direct).await;
        self.does(official, Act::SeenTask { task }).await;
        for percent in [30, 80] {
            let note = "Đang tổng hợp".to_owned();
            self.does(official, Act::Progress { task, percent, note }).await;
        }
        let text = "Đã rà soát xong, không có vướng mắc".to_owned();
        let report = Act::Report { task, text, files: Vec::new(), product: None };
        self.does(official, report).await;
        self.does(leader, Act::AcceptResult { task, remarks: String::new() }).await;
    }

    async fn of_an_outgoing_document(mut self) {
        let agency = Arc::clone(&self.agency);
        let mut one = |role| agency.one(role, &mut self.chance);
        let (clerk, leader) = (one(Role::Clerk), one(Role::Leader));
        let words = self.nth.to_string();
        let (document, [draft, registered]): (DocumentId, [Act; 2]) =
            numbers(&agency.place, &words, vec![scan(&words)]);
        self.does(clerk, draft).await;
        self.does(clerk, Act::SubmitDraft { document, to: agency.id(leader) }).await;
        self.does(leader, Act::ApproveDraft { document, remarks: String::new() }).await;
        self.does(clerk, registered).await;
    }
}

/// A scan that is named and stays where it is.
fn scan(words: &str) -> Attachment {
    let blob = BlobId(Sha256::digest(words).into());
    let (name, mime) = ("Dự thảo.pdf".to_owned(), "application/pdf".to_owned());
    Attachment { blob, name, mime, size: 1, pages: None }
}

/// Looks at a process while others use it.
struct Watch {
    over: Arc<AtomicBool>,
    process: u32,
    began: (std::time::Instant, f64),
    looks: std::thread::JoinHandle<Vec<[f64; 2]>>,
}

impl Watch {
    fn begin(process: u32, wal: PathBuf) -> Watch {
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let looks = std::thread::spawn(move || {
            let mut looks = Vec::new();
            while !ends.load(Ordering::SeqCst) {
                looks.push([rss(process), megabytes(&wal)]);
                std::thread::park_timeout(LOOKED_EVERY);
            }
            looks
        });
        Watch { over, process, began: (std::time::Instant::now(), cpu(process)), looks }
    }

    fn end(self) -> Measured {
        self.over.store(true, Ordering::SeqCst);
        self.looks.thread().unpark();
        let looks = self.looks.join().unwrap();
        let of = |which: usize| {
            let all: Vec<f64> = looks.iter().map(|look| look[which]).collect();
            let at = |share: usize| all[(all.len() - 1) * share / 4];
            [at(1), at(4), all.iter().copied().fold(0.0, f64::max)]
        };
        let seconds = self.began.0.elapsed().as_secs_f64();
        let cpu = (cpu(self.process) - self.began.1) / seconds;
        Measured { rss: of(0), wal: of(1), cpu, seconds, ..Measured::default() }
    }
}

fn megabytes(file: &Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |about| about.len() as f64 / 1e6)
}

fn rss(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    let kib: f64 = line.split_whitespace().next().unwrap_or("0").parse().unwrap_or(0.0);
    kib * 1024.0 / 1e6
}

/// Seconds of a processor that a process has used; Linux counts them in hundredths.
fn cpu(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks() + ticks()) / 100.0
}
