//! Somebody has been at a PC's file with its key in his hand: what he turned or cut is told.
use rusqlite::Connection;
use rusqlite::types::Value;
use store::Finding;

use crate::care::{busy_office, findings, tampered};
use crate::office::Office;

/// Bits turned in one run; `VANTHU_MANGLED_ROUNDS` in the environment makes it as many times more.
const TURNED: u64 = 60;
/// What a command is kept as.
const COLUMNS: [&str; 8] = ["dev", "n", "id", "at", "actor", "raw", "sig", "hash"];

/// Chance that is the same every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

fn at_its_file(office: &Office) -> Connection {
    let conn = Connection::open(office.store.path()).unwrap();
    conn.pragma_update(None, "key", format!("x'{}'", "07".repeat(32))).unwrap();
    conn
}

fn is_of(finding: &Finding, number: u64) -> bool {
    match finding {
        Finding::ChainBroken { seq }
        | Finding::CommandNumber { seq }
        | Finding::CommandTime { seq }
        | Finding::Signature { seq }
        | Finding::Columns { seq }
        | Finding::Unreadable { seq }
        | Finding::Refused { seq, .. } => *seq == number,
        Finding::Page { .. }
        | Finding::Differs { .. }
        | Finding::Number { .. }
        | Finding::DateBack { .. } => false,
    }
}

fn turned(value: &Value, chance: &mut Chance) -> Value {
    match value {
        Value::Integer(number) => Value::Integer(number ^ (1 << chance.below(62))),
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << chance.below(8);
            Value::Blob(bytes)
        }
        Value::Null | Value::Real(_) | Value::Text(_) => panic!("no column: {value:?}"),
    }
}

#[test]
fn any_bit_of_any_command_that_was_turned_is_told_with_its_number() {
    let office = busy_office();
    let conn = at_its_file(&office);
    let count: u64 = conn.query_row("SELECT max(seq) FROM command", [], |row| row.get(0)).unwrap();
    let times = std::env::var("VANTHU_MANGLED_ROUNDS").ok().and_then(|times| times.parse().ok());
    let mut chance = Chance(20_261_122);
    for _ in 0..TURNED * times.unwrap_or(1) {
        let seq = 1 + chance.below(count);
        let column = COLUMNS[chance.below(COLUMNS.len() as u64) as usize];
        let read = format!("SELECT {column} FROM command WHERE seq = ?1");
        let whole: Value = conn.query_row(&read, [seq], |row| row.get(0)).unwrap();
        let write = format!("UPDATE command SET {column} = ?2 WHERE seq = ?1");
        // A number or a name that another command has cannot even be written.
        if conn.execute(&write, (seq, turned(&whole, &mut chance))).is_err() {
            continue;
        }
        let found = findings(&office);
        assert!(found.iter().any(|one| is_of(one, seq)), "{column} of {seq}: {found:?}");
        conn.execute(&write, (seq, whole)).unwrap();
    }
    assert_eq!(findings(&office), []);
}

#[test]
fn an_end_that_was_cut_off_is_told_by_what_it_had_made() {
    let office = busy_office();
    let count = office.store.read(|view| view.commands_kept()).unwrap();
    drop(office);
    for cut in (12..count).step_by(3) {
        let office = tampered(busy_office(), &format!("DELETE FROM command WHERE seq > {cut}"));
        let found = findings(&office);
        assert!(
            found.iter().any(|one| matches!(one, Finding::Differs { table: "state", .. })),
            "cut behind {cut}: {found:?}"
        );
    }
}

#[test]
fn a_state_that_was_changed_is_told_with_the_thing_it_is_about() {
    let sql = "UPDATE state SET body = replace(body, 'kiểm kê', 'thống kê')
        WHERE key = (SELECT min(key) FROM state WHERE body LIKE '%kiểm kê%')";
    let found = findings(&tampered(busy_office(), sql));
    let told = found.iter().find_map(|one| match one {
        Finding::Differs { table: "state", of, .. } => *of,
        _ => None,
    });
    assert!(matches!(told, Some(register::Key::Incoming(_))), "{found:?}");
}
