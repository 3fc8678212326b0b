//! An agency moves from the file of a server to PostgreSQL, and the operator works with either.
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use register::AgencyId;
use server::{
    Commits, Identity, Ledger, MoveFault, PostgresStorage, Reading, SqliteStorage, Storage,
    StorageFault, WriteJob, move_agency, verify,
};

use sync::wire::{StatedAsked, StatedBecame};

use crate::alike::{heads, ledger};
use crate::cast::{SEED, TU, now};
use crate::tape::{Office, Seat};

const CALLS: u64 = 10;
const COMMANDS: u64 = 30;

/// Runs the real program; says how it ended and what it said.
fn says(arguments: &[&str], dir: &Path) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
    let ran = program.env_remove("RUST_LOG").args(arguments).arg(dir).output().unwrap();
    let text = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8(text).unwrap())
}

/// A server in a folder, with two offices that have worked.
fn at_work(dir: &Path) -> SqliteStorage {
    Identity::create(dir, &SEED).unwrap();
    let file = dir.join("server.db");
    let storage = std::sync::Arc::new(SqliteStorage::open(&file).unwrap());
    let ledger = ledger(storage.clone());
    for byte in [1, 2] {
        let mut office = Office::founded(byte, &ledger);
        for _ in 0..CALLS {
            (0..COMMANDS).for_each(|_| office.goes_on());
            office.exchanges(&ledger, 1);
            office.exchanges(&ledger, 2);
        }
    }
    keeps_the_directory(&ledger);
    drop((ledger, storage));
    SqliteStorage::open(&file).unwrap()
}

/// One agency keeps the directory and has listed a department that is on no server.
fn keeps_the_directory(ledger: &Ledger) {
    let seat = Seat::new(AgencyId([1; 16]), 0xD1);
    ledger.add_keeper(seat.org, now()).unwrap();
    let asked = StatedAsked { stated: vec![seat.states(1, 1)] };
    let answer = ledger.state(asked, &seat.session(TU), now()).unwrap();
    assert_eq!(answer.became, [StatedBecame::Stands]);
}

#[test]
fn a_server_moves_to_postgresql_and_everything_it_is_asked_works_there() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let (folder, url) = (tempfile::tempdir().unwrap(), cluster.database().unwrap());
    let dir = folder.path();
    let before = heads(&at_work(dir));
    let (moved, text) = says(&["migrate", "--to", &url], dir);
    assert!(moved, "{text}");
    assert_eq!(text.matches("Mọi thứ đều khớp").count(), 2, "{text}");
    assert!(text.contains("Đã chuyển 4 mã"), "{text}");
    let there = PostgresStorage::open(&url, [1; 8]).unwrap();
    assert_eq!(heads(&there), before);
    let (_, listed) = says(&["directory", "list"], dir);
    assert!(listed.contains("Sở 1"), "{listed}");
    let (_, kept) = says(&["directory", "keeper", "list"], dir);
    assert!(kept.contains("Uỷ ban nhân dân xã An Hiếu"), "{kept}");
    let (_, stated) = says(&["directory", "history"], dir);
    assert!(stated.contains("Sở 1 — thêm mới"), "{stated}");
    assert!(says(&["verify"], dir).1.contains("Danh bạ: 1 lần ghi, chữ ký đều đúng."));
    for asked in [&["verify"][..], &["status"], &["org", "list"], &["org", "create"]] {
        let (done, text) = says(asked, dir);
        assert!(done, "{asked:?}: {text}");
    }
    let (again, text) = says(&["migrate", "--to", &url], dir);
    assert!(!again && text.contains("đã là PostgreSQL"), "{text}");
    let to = folder.path().join("copy");
    let (copied, text) = says(&["backup", dir.to_str().unwrap()], &to);
    assert!(!copied && text.contains("pg_dump"), "{text}");
    let (began, text) = says(&["begin-anew"], dir);
    assert!(began, "{text}");
    let lives: Vec<u32> = heads(&there).iter().map(|org| org.epoch).collect();
    assert!(lives.iter().all(|life| *life > 1), "{lives:?}");
    assert!(says(&["verify"], dir).0);
}

#[test]
fn a_server_is_made_on_a_database_at_once() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let (folder, url) = (tempfile::tempdir().unwrap(), cluster.database().unwrap());
    let dir = folder.path().join("server");
    let (made, text) = says(&["init", "--storage", &url], &dir);
    assert!(made, "{text}");
    assert!(!dir.join("server.db").exists(), "everything is in the database");
    assert_eq!(says(&["status"], &dir), (true, "Chưa có cơ quan nào.\n".into()));
    let (made, text) = says(&["init", "--storage", "mysql://here"], &folder.path().join("other"));
    assert!(!made && text.contains("không phải là địa chỉ"), "{text}");
}

/// A storage whose line breaks after so many writes.
struct Breaking<'s> {
    storage: &'s PostgresStorage,
    writes_left: AtomicU64,
}

impl Storage for Breaking<'_> {
    fn commits(&self) -> Commits {
        self.storage.commits()
    }

    fn write(&self, of: Option<AgencyId>, job: WriteJob) -> Result<(), StorageFault> {
        let left = self.writes_left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(StorageFault::WriterGone);
        }
        self.writes_left.store(left - 1, Ordering::Relaxed);
        self.storage.write(of, job)
    }

    fn read(
        &self,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault> {
        self.storage.read(job)
    }
}

#[test]
fn a_move_that_was_interrupted_anywhere_is_done_again_and_ends_whole() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let from = at_work(folder.path());
    let (org, identity) = (AgencyId([1; 16]), Identity::of(&SEED));
    let storage = PostgresStorage::open(&cluster.database().unwrap(), [1; 8]).unwrap();
    let moved = (0..).find_map(|writes| {
        let breaking = Breaking { storage: &storage, writes_left: AtomicU64::new(writes) };
        match move_agency(&from, &breaking, org, &identity) {
            Ok(moved) => Some((moved, writes)),
            Err(MoveFault::Storage(_)) => {
                assert!(heads(&storage).is_empty(), "by half it is not there");
                None
            }
            Err(fault) => panic!("{fault:?}"),
        }
    });
    let (moved, writes) = moved.unwrap();
    assert!(writes >= 3, "{writes} writes");
    assert_eq!(heads(&storage), [moved.org]);
    let again = move_agency(&from, &storage, org, &identity);
    assert!(matches!(again, Err(MoveFault::ThereAlready)), "{again:?}");
    let found = verify(&storage, &identity).unwrap();
    assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
}

#[test]
fn what_a_program_of_the_database_copied_is_safe_when_it_ended_well() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = cluster.database().unwrap();
    let (came, said) = says(&["init", "--storage", &url], folder.path());
    assert!(came, "{said}");
    let storage = std::sync::Arc::new(PostgresStorage::open(&url, [1; 8]).unwrap());
    let ledger = ledger(storage.clone());
    let mut office = Office::founded(1, &ledger);
    office.registers(0);
    office.exchanges(&ledger, 1);
    let backs_up = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
        program.env_remove("RUST_LOG").arg("backup-with").arg(folder.path()).arg("--");
        program.args(words).output().unwrap().status.success()
    };
    let safe = || heads(&*storage).iter().map(|org| (org.durable, org.head)).collect::<Vec<_>>();
    let head = heads(&*storage)[0].head;
    assert!(!backs_up(&["false"]) && !backs_up(&["/no/such/program"]));
    assert_eq!(safe(), [(0, head)], "nothing was copied");
    let dump = folder.path().join("dump");
    assert!(backs_up(&["pg_dump", "--format=custom", "--file", dump.to_str().unwrap(), &url]));
    assert_eq!(safe(), [(head, head)]);
    assert!(dump.metadata().unwrap().len() > 0);
}

#[test]
fn a_server_on_postgresql_stops_when_told() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = cluster.database().unwrap();
    assert!(says(&["init", "--storage", &url], folder.path()).0);
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
    program.env_remove("RUST_LOG").args(["serve", "--listen", "127.0.0.1:0"]).arg(folder.path());
    let mut serving = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let (_, at) = first.trim_end_matches('.').split_once("http://").unwrap();
    let mut line = TcpStream::connect(at).unwrap();
    line.write_all(b"GET /health HTTP/1.1\r\nhost: s\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(Command::new("kill").arg(serving.id().to_string()).status().unwrap().success());
    assert_eq!(lines.next().unwrap().unwrap(), "Máy chủ đã dừng.");
    let ended = serving.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}
