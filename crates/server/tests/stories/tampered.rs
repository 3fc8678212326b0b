//! Somebody has been at the server's disk: whatever he turned, cut or put back is told, with where.
use std::fs;

use register::Key;
use rusqlite::Connection;
use rusqlite::types::Value;
use server::{Flaw, Identity, STORAGE_FILE, SqliteStorage, verify};
use sync::wire::{SyncAsked, Trouble};

use crate::cast::{AN, LAN, Pc, SEED, Server, arrival, doc, trouble};
use crate::files::Scan;
use crate::flaws::{busy, look};
use crate::mangled::{Chance, seeds};
use crate::operator::{code_of_a_new_server, comes_to_it, says, serving, way};

/// Bytes turned in one run; `VANTHU_MANGLED_ROUNDS` in the environment makes it as many times more.
const TURNED: u64 = 150;
/// The same in the file itself.
const TURNED_IN_FILE: u64 = 30;
/// What an entry is made of.
const COLUMNS: [&str; 10] = ["at", "dev", "n", "id", "actor", "raw", "sig", "eff", "aud", "hash"];
const TEXTS: [&str; 2] = ["eff", "aud"];

fn is_of(flaw: &Flaw, number: u64) -> bool {
    match flaw {
        Flaw::Missing { seq }
        | Flaw::Unreadable { seq }
        | Flaw::Chain { seq }
        | Flaw::Columns { seq }
        | Flaw::Signature { seq }
        | Flaw::Verdict { seq } => *seq == number,
        Flaw::End { .. }
        | Flaw::State { .. }
        | Flaw::Key { .. }
        | Flaw::History { .. }
        | Flaw::Histories { .. }
        | Flaw::File { .. }
        | Flaw::FileGone { .. }
        | Flaw::Number { .. } => false,
    }
}

fn at_its_disk(server: &Server) -> Connection {
    Connection::open(server.folder.path().join(STORAGE_FILE)).unwrap()
}

fn column_of(conn: &Connection, column: &str, seq: u64) -> Value {
    let read =
        if TEXTS.contains(&column) { format!("CAST({column} AS BLOB)") } else { column.into() };
    let sql = format!("SELECT {read} FROM entry WHERE seq = ?1");
    conn.query_row(&sql, [seq], |row| row.get(0)).unwrap()
}

fn put(conn: &Connection, column: &str, seq: u64, value: &Value) -> bool {
    let write = if TEXTS.contains(&column) { "CAST(?2 AS TEXT)" } else { "?2" };
    let sql = format!("UPDATE entry SET {column} = {write} WHERE seq = ?1");
    // A number or a name that another entry has cannot even be written.
    conn.execute(&sql, (seq, value)).is_ok()
}

fn turned(value: &Value, chance: &mut Chance) -> Value {
    match value {
        Value::Integer(number) => Value::Integer(number ^ (1 << chance.below(64))),
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << chance.below(8);
            Value::Blob(bytes)
        }
        Value::Null | Value::Real(_) | Value::Text(_) => panic!("no column of an entry: {value:?}"),
    }
}

#[test]
fn any_bit_of_any_entry_that_was_turned_is_told_with_its_number() {
    let server = busy();
    let conn = at_its_disk(&server);
    let entries = look(&server).entries;
    for seed in seeds() {
        let mut chance = Chance(seed);
        for _ in 0..TURNED {
            let (seq, column) = (1 + chance.below(entries), chance.pick(&COLUMNS));
            let whole = column_of(&conn, column, seq);
            if !put(&conn, column, seq, &turned(&whole, &mut chance)) {
                continue;
            }
            let flaws = look(&server).flaws;
            let told = flaws.iter().any(|flaw| is_of(flaw, seq));
            assert!(told, "{column} of {seq}: {flaws:?}");
            assert!(put(&conn, column, seq, &whole));
        }
    }
    assert_eq!(look(&server).flaws, []);
}

/// What is found in a folder of the same server with this file.
fn found_in(bytes: &[u8]) -> Vec<Flaw> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(STORAGE_FILE);
    fs::write(&path, bytes).unwrap();
    let storage = SqliteStorage::open(&path).unwrap();
    verify(&storage, &Identity::of(&SEED)).unwrap().remove(0).flaws
}

/// The file as it lies when nobody serves.
fn file_of(server: Server) -> Vec<u8> {
    let path = server.folder.path().join(STORAGE_FILE);
    let Server { ledger, storage, folder, .. } = server;
    drop((ledger, storage));
    let conn = Connection::open(&path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(conn);
    let bytes = fs::read(&path).unwrap();
    drop(folder);
    bytes
}

#[test]
fn any_bit_of_a_command_turned_in_the_file_itself_is_told_with_its_entry() {
    let server = busy();
    let conn = at_its_disk(&server);
    let entries = look(&server).entries;
    let blob = |column: &str, seq| {
        let Value::Blob(bytes) = column_of(&conn, column, seq) else { panic!("{column} of {seq}") };
        bytes
    };
    let stored: Vec<_> =
        (1..=entries).flat_map(|seq| ["raw", "sig"].map(|name| (seq, blob(name, seq)))).collect();
    drop(conn);
    let whole = file_of(server);
    let mut chance = Chance(11);
    let mut tried = 0;
    for _ in 0..TURNED_IN_FILE {
        let (seq, bytes) = &stored[chance.below(stored.len() as u64) as usize];
        let at = chance.below(bytes.len() as u64) as usize;
        let mut file = whole.clone();
        // A page that was used before may hold the same bytes still.
        let places: Vec<usize> = (0..file.len().saturating_sub(bytes.len()))
            .filter(|from| file[*from..].starts_with(bytes))
            .collect();
        for from in &places {
            file[from + at] ^= 1 << chance.below(8);
        }
        // One that lies across pages is not found in one piece.
        if places.is_empty() {
            continue;
        }
        tried += 1;
        let flaws = found_in(&file);
        assert!(flaws.iter().any(|flaw| is_of(flaw, *seq)), "{seq}: {flaws:?}");
    }
    assert!(tried > TURNED_IN_FILE / 2, "{tried}");
}

#[test]
fn an_end_that_was_cut_off_is_told_even_where_the_log_says_it_ends_there() {
    let whole = file_of(busy());
    for cut in 1..=18 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(STORAGE_FILE);
        fs::write(&path, &whole).unwrap();
        let conn = Connection::open(&path).unwrap();
        conn.execute("DELETE FROM entry WHERE seq > ?1", [cut]).unwrap();
        let found = |storage: &SqliteStorage| {
            verify(storage, &Identity::of(&SEED)).unwrap().remove(0).flaws
        };
        let flaws = found(&SqliteStorage::open(&path).unwrap());
        assert!(flaws.contains(&Flaw::End { says: 19 }), "{cut}: {flaws:?}");
        let sql = "UPDATE org SET head = ?1, hash = (SELECT hash FROM entry WHERE seq = ?1)";
        conn.execute(sql, [cut]).unwrap();
        let flaws = found(&SqliteStorage::open(&path).unwrap());
        assert!(!flaws.is_empty(), "cut behind {cut}");
    }
}

#[test]
fn a_file_put_back_as_it_was_is_told_by_the_first_pc_that_has_seen_more() {
    let server = Server::new();
    let mut pc = server.adopted();
    at_its_disk(&server).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let old = fs::read(server.folder.path().join(STORAGE_FILE)).unwrap();
    pc.claims(LAN, arrival(3), pc.claim(3));
    pc.exchanges(&server, LAN);
    let seen = pc.last.map_or(0, |head| head.seq);
    let Server { ledger, storage, folder, .. } = server;
    drop((ledger, storage));
    fs::write(folder.path().join(STORAGE_FILE), old).unwrap();
    for side in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.path().join(format!("{STORAGE_FILE}{side}")));
    }
    // Nothing in the file itself is wrong: an older truth is a truth.
    let server = Server::of(folder, 40);
    assert_eq!(look(&server).flaws, []);
    pc.claims(LAN, arrival(4), pc.claim(4));
    let told = trouble(server.tries(&pc, LAN, &pc.asks()));
    assert_eq!(told, Trouble::OtherLog { seq: seen });
    // Also once the log has grown as long as it was, with something else.
    let mut forgetful = SyncAsked { last: None, ..pc.asks() };
    forgetful.push.clear();
    assert!(server.tries(&pc, LAN, &forgetful).is_ok());
    let mut other = server.enrols(&pc, 3, AN);
    other.last = None;
    for _ in 0..3 {
        other.does(AN, register::Act::Seen { document: doc(1), outgoing: false });
    }
    other.exchanges(&server, AN);
    assert_eq!(trouble(server.tries(&pc, LAN, &pc.asks())), Trouble::OtherLog { seq: seen });
}

#[test]
fn an_empty_server_in_the_place_of_the_old_one_knows_nobody() {
    let server = Server::new();
    let pc = server.adopted();
    let session = server.session(&pc, LAN);
    let empty = Server::new();
    let called = empty.ledger.sync(&pc.asks(), &session, crate::cast::now());
    assert_eq!(trouble(called), Trouble::NoSession);
    assert_eq!(trouble(empty.try_session(&pc, LAN)), Trouble::BadSignature);
}

/// A server with files and histories.
fn with_files() -> Server {
    let server = Server::new();
    let mut pc = server.adopted();
    for (n, size) in [(1, 3000), (2, 500)] {
        pc.does(LAN, Scan::of(size, n).attach(n));
    }
    pc.exchanges(&server, LAN);
    server
}

fn after(sql: &str) -> Vec<Flaw> {
    let server = with_files();
    assert_eq!(look(&server).flaws, []);
    assert_eq!(at_its_disk(&server).execute(sql, []).unwrap(), 1, "{sql}");
    look(&server).flaws
}

#[test]
fn histories_and_files_are_compared_with_the_log() {
    let first = Key::Incoming(doc(1));
    let of = |seq| Flaw::History { key: first, seq };
    let text = "UPDATE touched SET trail = replace(trail, '1/2026', '7/2026')
        WHERE trail LIKE '%\"1/2026\"%' OR trail LIKE '%1/2026%' AND hex(key) LIKE '05%'";
    let told = after(text);
    assert!(matches!(told.as_slice(), [Flaw::History { .. }]), "{told:?}");
    let attach = "(SELECT max(seq) - 1 FROM entry)";
    let gone = after(&format!("DELETE FROM touched WHERE seq = {attach} AND hex(key) LIKE '05%'"));
    assert_eq!(gone, [of(8)]);
    let more = after(
        "INSERT INTO touched (org, key, seq, trail)
        SELECT org, key, 3, '[]' FROM touched WHERE seq = 9 LIMIT 1",
    );
    assert_eq!(more, [Flaw::Histories { more: 1 }]);
    let (one, two) = (Scan::of(3000, 1).blob, Scan::of(500, 2).blob);
    let gone = after("DELETE FROM blob_use WHERE key = (SELECT min(key) FROM blob_use)");
    assert_eq!(gone, [Flaw::File { key: first, blob: one }]);
    // Somebody opens a file to those who see another thing.
    let opened = after(
        "INSERT INTO blob_use (org, blob, key, dev, proven)
        SELECT org, blob, (SELECT min(key) FROM blob_use), dev, 1 FROM blob_use
        WHERE key = (SELECT max(key) FROM blob_use)",
    );
    assert_eq!(opened, [Flaw::File { key: first, blob: two }]);
    let stranger =
        after("UPDATE blob_use SET dev = zeroblob(16) WHERE key = (SELECT min(key) FROM blob_use)");
    assert_eq!(stranger, vec![Flaw::File { key: first, blob: one }; 2]);
}

#[test]
fn the_operator_reads_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let code = code_of_a_new_server(dir);
    let (mut server, _lines, first) = serving(dir);
    comes_to_it(&mut Pc::founded(), way(&first), &code);
    server.kill().unwrap();
    server.wait().unwrap();
    let (whole, text) = says(&["verify"], dir);
    assert!(whole, "{text}");
    let conn = Connection::open(dir.join(STORAGE_FILE)).unwrap();
    let sql = "UPDATE entry SET sig = zeroblob(64) WHERE seq = 4";
    assert_eq!(conn.execute(sql, []).unwrap(), 1);
    let (whole, text) = says(&["verify"], dir);
    assert!(!whole);
    assert!(text.contains("Chữ ký của mục 4 không phải của người ghi."), "{text}");
    assert!(text.contains("Mục 4 đã bị sửa sau khi ghi"), "{text}");
}
