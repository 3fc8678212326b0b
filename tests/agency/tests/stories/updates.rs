//! A new version of the program comes through the server: over any line, and never another one than
//! its publisher made.
use std::path::PathBuf;
use std::time::{Duration, Instant};

use agency::{Pc, Proxy, Town};
use desk::demo::PUBLISHER_SEED;
use desk::publishing::{Making, make_key, make_release};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a version may take over loopback, on a PC that does other things too.
const WAIT: Duration = Duration::from_secs(120);
const PLATFORM: &str = "linux-x86_64";

/// A publisher at his own machine.
struct Publisher {
    folder: TempDir,
    key: PathBuf,
}

impl Publisher {
    /// The one that a build for demos believes.
    fn of_demos() -> Publisher {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        let digits: String = PUBLISHER_SEED.iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(&key, digits).unwrap();
        Publisher { folder, key }
    }

    /// One that nobody knows.
    fn stranger() -> Publisher {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        make_key(&key).unwrap();
        Publisher { folder, key }
    }

    fn makes(&self, version: &str, program: &[u8]) -> PathBuf {
        let (window, out) =
            (self.folder.path().join("vanthu-desktop"), self.folder.path().join("ban.vtr"));
        std::fs::write(&window, program).unwrap();
        let making = Making {
            key: &self.key,
            version,
            platform: PLATFORM,
            notes: "In sổ nhanh hơn.",
            after: None,
            programs: &[window],
            out: &out,
            now: register::Moment(1_795_000_000_000),
        };
        make_release(&making).unwrap();
        out
    }
}

/// Bytes that do not pack.
fn program(bytes: usize) -> Vec<u8> {
    let mut value = 7_u32;
    let mut next = || {
        value = value.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        value.to_be_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(bytes).collect()
}

/// The agency of a PC comes to a server over a line.
fn comes_over(pc: &Pc, town: &Town, address: &str) {
    let form = json!({
        "address": address, "code": town.adoption_code(), "server_key": town.key(),
        "pc_name": "VT-01",
    });
    pc.ask("line.adopt", form);
    pc.meets();
}

/// Asks until the program stands so.
fn waits_until(pc: &Pc, what: &str, stands: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let program = pc.ask("program", json!({}));
        if stands(&program) {
            return program;
        }
        assert!(began.elapsed() < WAIT, "{what}: {program}");
        let _ = pc.try_ask("line.meet", json!({}));
    }
}

/// So often that what is to come has begun to.
fn meets_often(pc: &Pc) {
    for _ in 0..20 {
        pc.meets();
    }
}

fn done(program: &Value) -> u64 {
    program["coming"]["progress"]["done"].as_u64().unwrap_or_default()
}

#[test]
fn a_version_comes_over_a_line_that_breaks_to_a_pc_that_is_ended_and_is_whole_in_the_end() {
    let town = Town::open();
    let proxy = Proxy::to(town.at(), 1);
    let mut pc = Pc::new();
    pc.founds();
    comes_over(&pc, &town, &proxy.address());
    assert_eq!(pc.ask("program", json!({}))["next"], Value::Null);
    let bytes = program(900_000);
    town.adds_release(&Publisher::of_demos().makes("0.9.0", &bytes), 100);
    proxy.breaks_after(90_000);
    let some = waits_until(&pc, "nothing comes", |program| done(program) > 100_000);
    assert_eq!(some["coming"]["version"], "0.9.0");
    pc.starts_again();
    // What came is still there, and only the rest is fetched.
    let again = waits_until(&pc, "it is forgotten", |program| {
        program["coming"] != Value::Null || program["next"] != Value::Null
    });
    assert!(again["next"] != Value::Null || done(&again) >= done(&some), "{again}");
    let whole = waits_until(&pc, "it is not whole", |program| program["next"] != Value::Null);
    assert_eq!(whole["next"]["notes"], "In sổ nhanh hơn.");
    assert_eq!((&whole["next"]["version"], &whole["coming"]), (&json!("0.9.0"), &Value::Null));
    let here = pc.folder.path().join("programs/0.9.0/vanthu-desktop");
    assert_eq!(std::fs::read(here).unwrap(), bytes);
    assert_eq!(town.releases()[0].runs, 0, "it is used from the next start on");
    // Withdrawn before anybody began with it: it is dropped.
    town.withdraws_release("0.9.0");
    waits_until(&pc, "it is still there", |program| program["next"] == Value::Null);
    let (folder, began) = (pc.folder.path().join("programs/0.9.0"), Instant::now());
    while folder.exists() {
        assert!(began.elapsed() < WAIT, "its files are still there");
        pc.meets();
    }
}

#[test]
fn what_a_server_makes_of_a_release_is_not_taken_and_the_office_works_on() {
    let town = Town::open();
    let pc = Pc::new();
    pc.founds();
    pc.comes_to(&town);
    // Another publisher's: nothing of it is even fetched.
    town.adds_release(&Publisher::stranger().makes("0.9.1", &program(50_000)), 100);
    meets_often(&pc);
    let program_now = pc.ask("program", json!({}));
    assert_eq!((&program_now["coming"], &program_now["next"]), (&Value::Null, &Value::Null));
    // The publisher's, with other bytes in the server's folder.
    town.adds_release(&Publisher::of_demos().makes("0.9.2", &program(70_000)), 100);
    town.spoils_releases();
    let told = waits_until(&pc, "nobody noticed", |program| program["trouble"] != Value::Null);
    assert_eq!((&told["trouble"]["code"], &told["next"]), (&json!("wrong_bytes"), &Value::Null));
    assert!(!pc.folder.path().join("programs/0.9.2").exists());
    pc.registers(1, "Vẫn vào sổ");
    assert_eq!(pc.meets()["unanswered"], 0);
}

#[test]
fn on_a_narrow_line_a_version_leaves_room_for_the_work_of_people() {
    let town = Town::open();
    let proxy = Proxy::to(town.at(), 2);
    let pc = Pc::new();
    pc.founds();
    comes_over(&pc, &town, &proxy.address());
    proxy.is_narrow(24_000);
    town.adds_release(&Publisher::of_demos().makes("0.9.0", &program(700_000)), 100);
    waits_until(&pc, "nothing comes", |program| done(program) > 0);
    for number in 1..=3 {
        pc.registers(number, "Đến trong lúc tải bản mới");
        let began = Instant::now();
        assert_eq!(pc.meets()["unanswered"], 0);
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    }
    let program = pc.ask("program", json!({}));
    assert_eq!(program["next"], Value::Null, "it is on its way still: {program}");
    // Paid for by the byte: it waits until the line is not.
    pc.ask("line.save", json!({ "on": true }));
    let kept =
        waits_until(&pc, "it is not kept back", |program| program["coming"]["kept_back"] == true);
    meets_often(&pc);
    assert_eq!(done(&pc.ask("program", json!({}))), done(&kept));
    pc.ask("line.save", json!({ "on": false }));
    proxy.is_narrow(0);
    waits_until(&pc, "it is not whole", |program| program["next"]["version"] == "0.9.0");
}
