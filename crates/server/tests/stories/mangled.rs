//! Calls of every shape: answered or told what is wrong, and never the end of the server.
use serde_json::{Value, json};
use server::CallError;
use sync::wire::{AdoptAsked, EnrolAsked, Pushed, SessionAsked, SyncAsked};

use crate::cast::{LAN, MAI, SEED, Server, arrival, now};
use crate::files::Scan;
use crate::line::Listening;

/// Calls tried; `VANTHU_MANGLED_ROUNDS` in the environment is how many times as long it goes on,
/// with other chance each time.
const ROUNDS: u64 = 4000;
/// The same over HTTP.
const HTTP_ROUNDS: u64 = 1500;

/// One seed for each time around.
pub fn seeds() -> impl Iterator<Item = u64> {
    let times = std::env::var("VANTHU_MANGLED_ROUNDS").ok().and_then(|times| times.parse().ok());
    20_261_122..20_261_122 + times.unwrap_or(1)
}

/// Chance that is the same every time (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    pub fn pick<'p, T: ?Sized>(&mut self, from: &[&'p T]) -> &'p T {
        from[self.below(from.len() as u64) as usize]
    }

    /// Bytes that are cut off, turned, doubled or replaced.
    fn mangles_bytes(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.below(6).saturating_sub(2) {
            let at = self.below(bytes.len() as u64 + 1) as usize;
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.below(256) as u8),
                2 => bytes.splice(at.., b"\xff\xfe{}[]\0".iter().copied()).for_each(drop),
                3 => bytes.extend_from_within(at..),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (at % 8)),
            }
        }
    }

    pub fn mangles(&mut self, value: &mut Value) {
        if self.below(14) == 0 {
            *value = match self.below(9) {
                0 => Value::Null,
                1 => json!(0),
                2 => json!(-1),
                3 => json!(u64::MAX),
                4 => json!("ữ\u{0}\u{202e}"),
                5 => json!([[[{}]]]),
                6 => json!("00".repeat(16)),
                7 => json!(4_294_967_295_u32),
                _ => json!(i64::MIN),
            };
            return;
        }
        match value {
            Value::Object(map) => map.values_mut().for_each(|value| self.mangles(value)),
            Value::Array(list) => list.iter_mut().for_each(|value| self.mangles(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Counts a call that was answered; one that broke the server is a fault of ours.
fn counted<T>(called: Result<T, CallError>, count: &mut [u32; 2]) {
    match called {
        Ok(_) => count[0] += 1,
        Err(CallError::Trouble(_)) => count[1] += 1,
        Err(CallError::Fault(fault)) => panic!("{fault:?}"),
    }
}

#[test]
fn a_call_of_any_shape_is_answered_or_told_and_breaks_nothing() {
    seeds().for_each(calls_of_any_shape);
}

fn calls_of_any_shape(seed: u64) {
    let server = Server::new();
    let mut pc = server.adopted();
    let code = server.code_for(&pc, MAI);
    let session = server.session(&pc, LAN);
    pc.claims(LAN, arrival(3), pc.claim(3));
    let calls = [
        serde_json::to_value(pc.asks()).unwrap(),
        serde_json::to_value(pc.adoption(&code)).unwrap(),
        serde_json::to_value(pc.enrolment(&code, MAI)).unwrap(),
        json!({ "org": crate::cast::ORG, "dev": pc.dev, "officer": LAN,
            "nonce": "00".repeat(32), "sig": "00".repeat(64) }),
    ];
    let mut chance = Chance(seed);
    let mut count = [0; 2];
    for _ in 0..ROUNDS {
        let which = chance.below(4) as usize;
        let mut call = calls[which].clone();
        chance.mangles(&mut call);
        let text = call.to_string();
        let ledger = &server.ledger;
        match which {
            0 => {
                // The command inside is mangled too, and signed again by who may sign it.
                let mut command: Value = serde_json::from_str(&pc.unsent[0].raw).unwrap();
                chance.mangles(&mut command);
                if let Some(command) = command.as_object_mut() {
                    command.insert("n".into(), json!(chance.below(12)));
                }
                let raw = command.to_string().into_bytes();
                let signed = Pushed::of(&sync::sign(raw, &pc.key(LAN))).unwrap();
                let Ok(mut asked) = serde_json::from_str::<SyncAsked>(&text) else { continue };
                if chance.below(2) == 0 {
                    asked.push = vec![signed];
                } else {
                    asked.relay = vec![signed];
                }
                counted(ledger.sync(&asked, &session, now()), &mut count);
            }
            1 => {
                let Ok(asked) = serde_json::from_str::<AdoptAsked>(&text) else { continue };
                counted(ledger.adopt(asked, now()), &mut count);
            }
            2 => {
                let Ok(asked) = serde_json::from_str::<EnrolAsked>(&text) else { continue };
                counted(ledger.enrol(asked, now()), &mut count);
            }
            _ => {
                let Ok(asked) = serde_json::from_str::<SessionAsked>(&text) else { continue };
                counted(ledger.session(asked, now(), [7; 32]), &mut count);
            }
        }
    }
    assert!(count[0] > 50 && count[1] > 50, "{count:?}");
    let found = server::verify(&*server.storage, &server::Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, [], "after {} entries", found[0].entries);
}

/// What may stand where a number, a hash or a name is expected.
const WORDS: [&str; 14] = [
    "",
    "0",
    "1",
    "-1",
    "262144",
    "18446744073709551615",
    "18446744073709551616",
    "1e9",
    "%00",
    "%ff%fe",
    "incoming:01010101010101010101010101010101",
    "year:-32768",
    "bytes",
    "0000000000000000000000000000000000000000000000000000000000000000",
];

/// A question of any shape, with or without a token.
fn question(chance: &mut Chance, blob: &str) -> String {
    let mut word = || chance.pick(&WORDS);
    let (one, two, three) = (word(), word(), word());
    let name = chance.pick(&[blob, one]);
    match chance.below(8) {
        0 => format!("GET /v1/log?from={one}&to={two}"),
        1 => format!("GET /v1/log?of={one}&from={two}&to={three}"),
        2 => format!("GET /v1/log?{one}={two}"),
        3 => format!("GET /v1/blob/{name}/standing?size={one}"),
        4 => format!("GET /v1/blob/{name}/standing?{one}"),
        5 => format!("GET /v1/blob/{name}"),
        6 => format!("DELETE /v1/blob/{name}"),
        _ => format!("GET /v1/{one}"),
    }
}

fn headers(chance: &mut Chance, token: &str) -> String {
    let mut head =
        format!("\r\nauthorization: Bearer {}", chance.pick(&[token, token, token, "x"]));
    for name in ["range", "if-range", "x-proto", "accept-encoding", "content-encoding"] {
        if chance.below(if name == "range" { 2 } else { 12 }) > 0 {
            continue;
        }
        let (one, two) = (chance.pick(&WORDS), chance.pick(&WORDS));
        match chance.below(4) {
            0 => head.push_str(&format!("\r\n{name}: {one}")),
            1 => head.push_str(&format!("\r\n{name}: bytes={one}-{two}")),
            2 => head.push_str(&format!("\r\n{name}: bytes={one}-{two},{two}-{one}")),
            _ => head.push_str(&format!("\r\n{name}: zstd;q={one}, {two}")),
        }
    }
    head
}

fn parts(chance: &mut Chance, scan: &Scan) -> (String, Vec<u8>) {
    let mut bytes = scan.bytes.clone();
    chance.mangles_bytes(&mut bytes);
    let hash = sync::wire::PartHashes::of(&bytes).to_string();
    let hash = chance.pick(&[hash.as_str(), &hash, &hash, chance_word(bytes.len())]).to_owned();
    let end = (bytes.len() as u64).saturating_sub(1).to_string();
    let (from, size) = (chance.pick(&["0", "0", "262144", "x"]), scan.bytes.len().to_string());
    let end = chance.pick(&[end.as_str(), &end, "0", "18446744073709551615"]);
    let size = chance.pick(&[size.as_str(), &size, "0", "*", "67108865"]);
    let head = format!(
        "PUT /v1/blob/{}\r\nx-part-sha256: {hash}\r\ncontent-range: bytes {from}-{end}/{size}",
        scan.blob
    );
    (head, bytes)
}

fn chance_word(at: usize) -> &'static str {
    WORDS[at % WORDS.len()]
}

#[test]
fn bytes_of_any_shape_at_any_door_are_answered_and_never_the_end_of_the_server() {
    seeds().for_each(bytes_of_any_shape);
}

fn bytes_of_any_shape(seed: u64) {
    let scan = Scan::of(3000, seed as u8);
    let server = Server::new();
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    pc.exchanges(&server, LAN);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    pc.claims(LAN, arrival(3), pc.claim(3));
    let mut chance = Chance(seed);
    let mut count = [0; 6];
    for _ in 0..HTTP_ROUNDS {
        let (request, mut body) = match chance.below(4) {
            0 => (question(&mut chance, &scan.blob.hex()), Vec::new()),
            1 => parts(&mut chance, &scan),
            2 => {
                let path = chance.pick(&["session", "challenge", "adopt", "enrol", "code"]);
                (format!("POST /v1/{path}"), b"{\"code\":\"x\",\"org\":null}".to_vec())
            }
            _ => {
                let mut raw = pc.unsent[0].raw.clone().into_bytes();
                chance.mangles_bytes(&mut raw);
                let mut asked = pc.asks();
                asked.push = Pushed::of(&sync::sign(raw, &pc.key(LAN))).into_iter().collect();
                ("POST /v1/sync".to_owned(), serde_json::to_vec(&asked).unwrap())
            }
        };
        let mut head = headers(&mut chance, &token);
        if request.starts_with("POST") {
            chance.mangles_bytes(&mut body);
            if chance.below(2) == 0 {
                body = zstd::bulk::compress(&body, 3).unwrap();
                chance.mangles_bytes(&mut body);
                head.push_str("\r\ncontent-encoding: zstd");
            }
        }
        let (first, more) = request.split_once("\r\n").unwrap_or((&request, "x-nothing: 1"));
        let head = format!("{first} HTTP/1.1\r\n{more}{head}");
        match line.try_raw(&head, &body).map(|answer| answer.0) {
            None => count[0] += 1,
            Some(status @ 200..=499) => count[status as usize / 100] += 1,
            Some(507) => count[5] += 1,
            Some(status) => panic!("{status} to {head}"),
        }
    }
    assert!(count[2] > 100 && count[4] > 100 && count[0] < 100, "{count:?}");
    assert_eq!(line.raw("GET /health HTTP/1.1", b"").0, 200);
    let found = server::verify(&*server.storage, &server::Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, [], "after {} entries", found[0].entries);
}
