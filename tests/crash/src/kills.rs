//! Kills: a real desk registers on a real disk, is killed at any moment, and goes on.
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::chance::Chance;
use crate::profile::{keys_of, look, shown_by};
use crate::registrar::READY;
use crate::shown::{Shown, Tally};

/// Kills that one profile lives through, so that looking at all of it stays quick.
const KILLS_PER_PROFILE: u64 = 50;
/// One kill of so many comes while the desk is still opening.
const WHILE_OPENING_ONE_IN: u64 = 6;
/// Longest time between the start of the work, or of the opening, and the kill.
const WORK_MS_MAX: u64 = 80;
const OPENING_MS_MAX: u64 = 60;
/// Documents that are shown before the time runs, at most: a slow PC has kills in every place too.
const DOCUMENTS_FIRST_MAX: u64 = 4;
/// A desk that says nothing for so long is stuck.
const WORD_WAIT: Duration = Duration::from_secs(60);

/// Which kills.
#[derive(Debug, Clone)]
pub struct Kills {
    /// The first seed; each kill has the next one.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// The program whose word `registrar` is the desk.
    pub program: PathBuf,
    /// Where profiles are made; none is the folder for temporary files.
    pub folder: Option<PathBuf>,
}

/// Kills the desk so many times and looks at its profile after each.
///
/// # Errors
/// When the test itself cannot run; what the kills did is in the tally.
pub fn kill(kills: &Kills) -> Result<Tally> {
    let mut tally = Tally::default();
    let (mut left, mut seed) = (kills.count, kills.seed);
    while left > 0 {
        let of_this = left.min(KILLS_PER_PROFILE);
        one_profile(kills, seed..seed.saturating_add(of_this), &mut tally)?;
        left -= of_this;
        seed += of_this;
    }
    Ok(tally)
}

fn one_profile(kills: &Kills, seeds: std::ops::Range<u64>, tally: &mut Tally) -> Result<()> {
    let folder = match &kills.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .context("making a folder")?;
    let profile = folder.path().join("profile");
    let mut shown = Shown::default();
    // The founding is let through; the kills begin with the registering.
    let founding = run_to_the_end(&kills.program, &profile)?;
    anyhow::ensure!(founding.iter().any(|line| line == READY), "founding failed: {founding:?}");
    shown.documents.extend(founding.iter().filter_map(|line| shown_by(line)));
    let keys = keys_of(&profile)?;
    for (seed, under_way) in seeds.zip(1..) {
        let mut of_this = Tally { ends: 1, ..Tally::default() };
        let (said, complaint) = start_and_kill(&kills.program, &profile, seed)?;
        shown.documents.extend(said.iter().filter_map(|line| shown_by(line)));
        if !complaint.is_empty() {
            of_this.unclean(format!("the desk said: {complaint}"));
        }
        look(&profile, &keys, (&shown, under_way), &mut of_this);
        // Documents shown before count once in the sum.
        of_this.shown = said.iter().filter_map(|line| shown_by(line)).count() as u64;
        tally.take_in(of_this, &format!("kill {seed}"));
    }
    Ok(())
}

fn registrar(program: &Path, profile: &Path, documents: u64) -> Command {
    let mut command = Command::new(program);
    command.arg("registrar").arg(profile).arg("--documents").arg(documents.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run_to_the_end(program: &Path, profile: &Path) -> Result<Vec<String>> {
    let ended = registrar(program, profile, 1).output().context("starting the desk")?;
    let said = String::from_utf8_lossy(&ended.stdout).lines().map(str::to_owned).collect();
    let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
    anyhow::ensure!(ended.status.success(), "the desk failed: {complaint}");
    Ok(said)
}

/// What it said until it was killed, and what it complained of.
fn start_and_kill(program: &Path, profile: &Path, seed: u64) -> Result<(Vec<String>, String)> {
    let mut chance = Chance::new(seed);
    let mut child = registrar(program, profile, u64::MAX).spawn().context("starting the desk")?;
    let (lines, reader) = lines_of(&mut child)?;
    let mut said = Vec::new();
    if !chance.once_in(WHILE_OPENING_ONE_IN) {
        // The time runs from the word of the open desk, or from that of one of its documents.
        for _ in 0..=chance.below(DOCUMENTS_FIRST_MAX) {
            said.extend(lines.recv_timeout(WORD_WAIT).ok());
        }
        listen(&lines, Duration::from_millis(1 + chance.below(WORK_MS_MAX)), &mut said);
    } else {
        listen(&lines, Duration::from_millis(1 + chance.below(OPENING_MS_MAX)), &mut said);
    }
    child.kill().context("killing the desk")?;
    child.wait().context("waiting for the end of the desk")?;
    // What it had said before the kill was shown, whenever we read it.
    said.extend(lines.iter());
    anyhow::ensure!(reader.join().is_ok(), "the reader of its words broke down");
    let mut complaint = String::new();
    if let Some(mut errors) = child.stderr.take() {
        errors.read_to_string(&mut complaint).context("reading its complaints")?;
    }
    Ok((said, complaint))
}

fn lines_of(child: &mut Child) -> Result<(Receiver<String>, thread::JoinHandle<()>)> {
    let out = child.stdout.take().context("the desk has no voice")?;
    let (tell, told) = channel();
    let reader = thread::spawn(move || {
        let mut out = BufReader::new(out);
        loop {
            let mut line = String::new();
            // A line cut off by the kill was never shown whole.
            let whole = out.read_line(&mut line).is_ok_and(|_| line.ends_with('\n'));
            if !whole || tell.send(line.trim_end().to_owned()).is_err() {
                return;
            }
        }
    });
    Ok((told, reader))
}

/// Hears what is said until the moment comes.
fn listen(lines: &Receiver<String>, during: Duration, said: &mut Vec<String>) {
    let until = Instant::now() + during;
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => said.push(line),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}
