//! Real processes that are killed at any moment over a bad line, and what is left of their work.
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::proxy::Proxy;
use crate::reckoning::{Reckoning, reckons};
use crate::server_process::{ServerProcess, appended};
use crate::six::{PEOPLE, moves_in, profile};

/// A process is killed so long after it was started.
const LIVES_MS_MIN: u64 = 200;
const LIVES_MS_MAX: u64 = 3_000;
/// Ends of their own that stop the run: something is broken for good.
const OWN_ENDS_MAX: u64 = 20;

/// The programs, and which kills.
#[derive(Debug, Clone)]
pub struct Fire {
    /// `vanthu-server`.
    pub server: PathBuf,
    /// `desk-at-work`.
    pub desk: PathBuf,
    pub kills: u64,
    pub seed: u64,
    /// Where profiles, journals and the server's folder are made.
    pub folder: PathBuf,
}

/// Where a PC notes what it did.
pub fn journal(folder: &Path, pc: usize) -> PathBuf {
    folder.join(format!("pc-{pc}.journal"))
}

struct Office<'a> {
    fire: &'a Fire,
    server: ServerProcess,
    desks: Vec<Option<Child>>,
    /// When each is killed: the server, then the desks.
    due: Vec<Instant>,
    chance: Chance,
    starts: u64,
    told: Vec<String>,
}

impl Office<'_> {
    fn starts(&mut self, which: usize) {
        self.starts += 1;
        let lives = self.chance.within(LIVES_MS_MIN, LIVES_MS_MAX);
        self.due[which] = Instant::now() + Duration::from_millis(lives);
        if which == 0 {
            return self.server.starts();
        }
        let pc = which - 1;
        let mut command = Command::new(&self.fire.desk);
        let run = format!("{}.{}.{pc}", self.fire.seed, self.starts);
        command.arg(profile(&self.fire.folder, pc)).arg(journal(&self.fire.folder, pc));
        command.arg(run).arg(self.chance.below(u64::MAX).to_string());
        let log = appended(&self.fire.folder.join(format!("pc-{pc}.log")));
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.desks[pc] = Some(command.spawn().unwrap());
    }

    fn is_killed(&mut self, which: usize) {
        if which == 0 {
            if self.server.has_ended() {
                self.told.push("the server ended by itself".to_owned());
            }
            return self.server.is_killed();
        }
        if let Some(mut desk) = self.desks[which - 1].take() {
            if let Some(status) = desk.try_wait().unwrap() {
                self.told.push(format!("PC-{} ended by itself: {status}", which - 1));
            }
            let _ = desk.kill();
            let _ = desk.wait();
        }
    }

    fn burns(&mut self) {
        for which in 0..=PEOPLE.len() {
            self.starts(which);
        }
        for _ in 0..self.fire.kills {
            let next = (0..self.due.len()).min_by_key(|which| self.due[*which]).unwrap();
            sleep(self.due[next].saturating_duration_since(Instant::now()));
            self.is_killed(next);
            assert!((self.told.len() as u64) < OWN_ENDS_MAX, "{:#?}", self.told);
            self.starts(next);
        }
        for which in 0..=PEOPLE.len() {
            self.is_killed(which);
        }
    }
}

impl Drop for Office<'_> {
    fn drop(&mut self) {
        for desk in self.desks.iter_mut().flatten() {
            let _ = desk.kill();
            let _ = desk.wait();
        }
    }
}

/// Kills so many times, then lets everybody meet over a good line and looks at everything.
pub fn kills(fire: &Fire) -> Reckoning {
    let mut server = ServerProcess::in_folder(&fire.server, &fire.folder.join("server"));
    server.starts();
    server.listens();
    let line = Proxy::to(server.address(), fire.seed);
    moves_in(&fire.folder, &server, &line);
    server.is_killed();
    line.turns_bad();
    let began = Instant::now();
    let due = vec![began; PEOPLE.len() + 1];
    let desks = PEOPLE.iter().map(|_| None).collect();
    let (chance, told) = (Chance::new(fire.seed), Vec::new());
    let mut office = Office { fire, server, desks, due, chance, starts: 0, told };
    office.burns();
    let seconds = began.elapsed().as_secs();
    line.turns_good();
    office.server.starts();
    office.server.listens();
    let mut found = reckons(&fire.folder, &office.server);
    let own_ends = std::mem::take(&mut office.told);
    found.own_ends = own_ends.len() as u64;
    found.told.extend(own_ends);
    (found.seconds, found.faults) = (seconds, line.faults());
    found
}
