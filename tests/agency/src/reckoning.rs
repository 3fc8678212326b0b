//! What is left: every act that was answered, on every desk, once, under the number it was shown.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::journal::{Journal, Noted};
use crate::seat::{Seat, text};
use crate::server_process::ServerProcess;
use crate::six::{PEOPLE, SEE_ALL, profile};
use crate::under_fire::journal;

/// What waits and does not become less for so long is stuck.
const STANDS_STILL: Duration = Duration::from_secs(60);
/// Files move between the meetings.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(100);
/// Documents of one direction that are compared.
const DOCUMENTS_MAX: u64 = 1_000_000;
const LINES_TOGETHER: u64 = 500;
/// Findings that are told.
const TOLD_MAX: usize = 40;

/// The figures of one run.
#[derive(Debug, Default)]
pub struct Reckoning {
    pub acts: u64,
    /// Answered, and not in the log, or a document that is not where it must be.
    pub lost: u64,
    /// In the log twice, or a number with two documents.
    pub doubled: u64,
    /// Numbers between the first and the last that nothing has.
    pub gaps: u64,
    /// Documents whose number or subject is not the one that was shown.
    pub renumbered: u64,
    /// Numbers that were shown and clash: a person is asked.
    pub clashes: u64,
    /// Acts and files that wait although the line is good.
    pub stuck: u64,
    /// Documents that two desks show differently.
    pub differ: u64,
    /// Findings of the two verifiers.
    pub unclean: u64,
    /// Rejected or held in the log, and not in the list of the desk that did it, or the other way
    /// round.
    pub unexplained: u64,
    pub own_ends: u64,
    pub documents: u64,
    pub entries: u64,
    pub returned: BTreeMap<String, u64>,
    pub held: u64,
    pub refused: BTreeMap<String, u64>,
    pub rounds: u32,
    pub seconds: u64,
    pub faults: [u64; 4],
    pub told: Vec<String>,
}

impl Reckoning {
    pub fn is_clean(&self) -> bool {
        let Reckoning { lost, doubled, gaps, renumbered, stuck, differ, unclean, .. } = self;
        let bad = lost + doubled + gaps + renumbered + stuck + differ + unclean;
        bad + self.unexplained + self.own_ends == 0
    }

    fn tell(&mut self, what: String) {
        if self.told.len() < TOLD_MAX {
            self.told.push(what);
        }
    }

    pub fn json(&self, seed: u64, kills: u64) -> Value {
        let [held_back, refused, cut_up, cut_down] = self.faults;
        json!({
            "seed": seed, "kills": kills, "acts": self.acts, "lost": self.lost,
            "doubled": self.doubled, "gaps": self.gaps, "renumbered": self.renumbered,
            "clashes": self.clashes, "stuck": self.stuck, "differ": self.differ,
            "unclean": self.unclean,
            "unexplained": self.unexplained, "own_ends": self.own_ends,
            "documents": self.documents, "entries": self.entries, "returned": self.returned,
            "held": self.held, "refused_at_the_desk": self.refused, "rounds": self.rounds,
            "seconds": self.seconds,
            "line": {
                "held_back": held_back, "refused": refused, "cut_up": cut_up, "cut_down": cut_down,
            },
        })
    }
}

/// One document as a desk shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    number: String,
    reference: String,
    subject: String,
    state: String,
    clash: String,
}

type Register = BTreeMap<String, Shown>;

/// Opens every profile, lets all of them meet the server, and looks.
pub fn reckons(folder: &Path, server: &ServerProcess) -> Reckoning {
    let mut found = Reckoning::default();
    let seats: Vec<Seat> = (0..PEOPLE.len()).map(|pc| Seat::at(&profile(folder, pc))).collect();
    all_meet(&seats, &mut found);
    let log = log_of(folder, server);
    looks_at_log(&log, &seats, &mut found);
    let registers: Vec<Register> = seats.iter().map(register_of).collect();
    found.documents = registers.first().map_or(0, BTreeMap::len) as u64;
    compares(&registers, &mut found);
    for (pc, seat) in seats.iter().enumerate() {
        let verified = seat.ask("verify", json!({}));
        for finding in verified["findings"].as_array().unwrap() {
            found.unclean += 1;
            found.tell(format!("PC-{pc} verify: {finding}"));
        }
        let (noted, refused) = Journal::read(&journal(folder, pc));
        refused.into_iter().for_each(|code| *found.refused.entry(code).or_default() += 1);
        found.acts += noted.len() as u64;
        looks_for(&noted, (pc, &registers), &log, &mut found);
    }
    looks_at_books(&seats[0], &mut found);
    let verified = server.runs(&["verify"], &[]);
    if !verified.status.success() {
        found.unclean += 1;
        found.tell(format!("server: {}", String::from_utf8_lossy(&verified.stdout)));
    }
    found
}

fn all_meet(seats: &[Seat], found: &mut Reckoning) {
    let (mut quiet, mut before, mut moved) = (0, u64::MAX, Instant::now());
    while quiet < 2 && moved.elapsed() < STANDS_STILL {
        found.rounds += 1;
        let lines: Vec<Value> = seats.iter().map(|seat| seat.ask("line.meet", json!({}))).collect();
        let waits: u64 = lines.iter().map(waiting).sum();
        quiet = if waits == 0 { quiet + 1 } else { 0 };
        if waits != before {
            (before, moved) = (waits, Instant::now());
        }
        std::thread::sleep(BETWEEN_ROUNDS);
        found.stuck = waits;
        found.told = lines.iter().filter(|line| waiting(line) > 0).map(Value::to_string).collect();
    }
}

/// What waits at one desk: acts, files, and that it meets the server at all.
fn waiting(line: &Value) -> u64 {
    let counts = ["unanswered", "carried", "files_up", "files_down"];
    let here: u64 = counts.iter().map(|count| line[count].as_u64().unwrap()).sum();
    here + u64::from(line["meeting"] != "met")
}

/// What the log says of one act.
struct Entry {
    outcome: String,
    why: String,
}

/// The entries, and by mark how often an act stands in them.
struct Log {
    entries: Vec<Entry>,
    marks: BTreeMap<String, u64>,
}

fn log_of(folder: &Path, server: &ServerProcess) -> Log {
    let to = folder.join("log.jsonl");
    server.exports(&to);
    let text_of_all = std::fs::read_to_string(to).unwrap();
    let mut log = Log { entries: Vec::new(), marks: BTreeMap::new() };
    for line in text_of_all.lines().skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        let said: Value = serde_json::from_str(text(&line["outcome"])).unwrap();
        let mut raw: Value = serde_json::from_str(text(&line["raw"])).unwrap();
        without_old(&mut raw);
        for mark in marks_in(&raw.to_string()) {
            *log.marks.entry(mark).or_default() += 1;
        }
        let outcome = text(&said["outcome"]).to_owned();
        log.entries.push(Entry { outcome, why: text(&said["why"]["no"]).to_owned() });
    }
    log
}

/// What stood in a field before belongs to another act.
fn without_old(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.remove("old");
        fields.values_mut().for_each(without_old);
    }
}

fn marks_in(raw: &str) -> BTreeSet<String> {
    let ends = raw.match_indices('[').filter_map(|(at, _)| {
        let rest = &raw[at..];
        rest.find(']').map(|end| rest[..=end].to_owned())
    });
    ends.filter(|mark| mark.contains('.')).collect()
}

fn looks_at_log(log: &Log, seats: &[Seat], found: &mut Reckoning) {
    found.entries = log.entries.len() as u64;
    let mut in_log = 0;
    for Entry { outcome, why } in log.entries.iter().filter(|entry| entry.outcome != "ok") {
        in_log += 1;
        found.held += u64::from(outcome == "held");
        *found.returned.entry(format!("{outcome}: {why}")).or_default() += 1;
    }
    let listed = |seat: &Seat| seat.ask("line", json!({}))["returned"].as_u64().unwrap();
    let at_desks: u64 = seats.iter().map(listed).sum();
    if in_log != at_desks {
        found.unexplained += in_log.abs_diff(at_desks);
        found.tell(format!("{in_log} not taken in the log, {at_desks} returned at the desks"));
    }
}

fn register_of(seat: &Seat) -> Register {
    let mut all = Register::new();
    for direction in ["incoming", "outgoing"] {
        for row in seat.documents(direction, None, DOCUMENTS_MAX) {
            let of = |name: &str| text(&row[name]).to_owned();
            let (number, reference) = (of("number"), of("reference"));
            let (subject, state, clash) = (of("subject"), of("state"), of("clash"));
            let shown = Shown { number, reference, subject, state, clash };
            all.insert(of("id"), shown);
        }
    }
    all
}

fn compares(registers: &[Register], found: &mut Reckoning) {
    let Some(first) = registers.first() else { return };
    for (pc, register) in registers.iter().enumerate() {
        let mut differ: Vec<&String> = register
            .iter()
            .filter(|(id, shown)| first.get(*id) != Some(*shown))
            .map(|x| x.0)
            .collect();
        if pc < SEE_ALL {
            differ.extend(first.keys().filter(|id| !register.contains_key(*id)));
        }
        found.differ += differ.len() as u64;
        for id in differ {
            found.tell(format!(
                "PC-{pc} shows {id} as {:?}, PC-0 as {:?}",
                register.get(id),
                first.get(id)
            ));
        }
    }
}

fn looks_for(
    noted: &[Noted],
    (pc, registers): (usize, &[Register]),
    log: &Log,
    found: &mut Reckoning,
) {
    for act in noted {
        let times =
            if act.mark.is_empty() { 1 } else { log.marks.get(&act.mark).copied().unwrap_or(0) };
        found.lost += u64::from(times == 0);
        found.doubled += u64::from(times > 1);
        if times != 1 {
            found.tell(format!("PC-{pc}: {} times in the log: {act:?}", times));
        }
        let makes = !act.subject.is_empty();
        if !makes && act.number.is_empty() {
            continue;
        }
        for register in &registers[..SEE_ALL] {
            let Some(shown) = register.get(&act.id) else {
                found.lost += 1;
                found.tell(format!("not on every desk: {act:?}"));
                continue;
            };
            let of = if act.act == "outgoing.register" { &shown.reference } else { &shown.number };
            let same_number = act.number.is_empty() || *of == act.number;
            if !same_number && !shown.clash.is_empty() {
                found.clashes += 1;
                continue;
            }
            if !same_number || (makes && shown.subject != act.subject) {
                found.renumbered += 1;
                found.tell(format!("{act:?} is shown as {shown:?}"));
            }
        }
    }
}

/// Numbers of each book and year: from the first to the last, each one thing.
fn looks_at_books(seat: &Seat, found: &mut Reckoning) {
    for book in seat.books() {
        for year in book["years"].as_array().unwrap() {
            let (mut numbers, mut things) = (BTreeSet::new(), BTreeSet::new());
            let mut from = 1;
            loop {
                let asked = json!({
                    "book": book["id"], "year": year, "from": from, "count": LINES_TOGETHER,
                });
                let page = seat.ask("book.page", asked);
                let rows = page["rows"].as_array().unwrap();
                for row in rows {
                    let is_new = numbers.insert(row["number"].as_u64().unwrap());
                    let is_once = row["id"].is_null() || things.insert(row["id"].to_string());
                    found.doubled += u64::from(!is_new) + u64::from(!is_once);
                }
                let Some(last) = rows.last() else { break };
                from = last["number"].as_u64().unwrap() + 1;
            }
            let last = numbers.last().copied().unwrap_or(0);
            let gaps = last - numbers.len() as u64;
            found.gaps += gaps;
            if gaps > 0 {
                found.tell(format!("{gaps} gaps in {} {year}", book["name"]));
            }
        }
    }
}
