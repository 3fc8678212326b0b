//! Makes the dictionary of the wire from the bodies of a made-up agency (`sync::wire::PACK_BYTES`).
use std::path::Path;

use anyhow::{Context as _, anyhow};
use register::{AgencyId, DeviceId, Moment};
use rusqlite::{Connection, OpenFlags, Row};
use serde::Serialize;
use serde_json::value::RawValue;
use sync::wire::{Ack, Head, Hex, Pushed, SignedHead, StateSent, SyncAnswer, SyncAsked};

use super::office::opened;
use crate::profiles::writable;

/// Bytes of the dictionary: a larger one makes a lone change hardly smaller.
const DICTIONARY_BYTES: usize = 24 << 10;
/// How hard both sides pack.
const LEVEL: i32 = 3;
/// What a PC asks for.
const PAGE_BYTES: u32 = 512 << 10;
/// Names and hashes are that long at least, moments that many digits.
const NAME_DIGITS: usize = 16;
const MOMENT_DIGITS: usize = 10;
/// Digits that are the same for years: of a name made by a clock, and of a moment.
const NAME_SAME: usize = 3;
const MOMENT_SAME: usize = 2;

/// One entry of a log, as it travelled.
struct Entry {
    org: AgencyId,
    dev: DeviceId,
    n: u64,
    seq: u64,
    at: Moment,
    raw: Vec<u8>,
    sig: [u8; 64],
    eff: String,
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        org: AgencyId(row.get("org")?),
        dev: DeviceId(row.get("dev")?),
        n: row.get("n")?,
        seq: row.get("seq")?,
        at: Moment(row.get("at")?),
        raw: row.get("raw")?,
        sig: row.get("sig")?,
        eff: row.get("eff")?,
    })
}

/// Writes it. The same program makes the same one: names, hashes and signatures are turned into
/// others that depend on nothing, so that only what all agencies have in common is in it.
pub(crate) fn make(profile: &Path, to: &Path) -> anyhow::Result<()> {
    let place = writable(profile)?;
    let (office, _) = opened(&place.path, "")?;
    let file = office.folder.path().join("server").join("server.db");
    let log = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut chance = Digits(1);
    let mut bodies = Vec::new();
    let mut entries = log.prepare("SELECT * FROM entry ORDER BY seq")?;
    let entries = entries.query_map([], entry)?.collect::<Result<Vec<_>, _>>()?;
    for entry in &entries {
        bodies.push(chance.others(&asked(entry)?));
    }
    let mut states = log.prepare("SELECT ver, body FROM state ORDER BY ver")?;
    let states = states.query_map([], |row| Ok((row.get::<_, u64>(0)?, row.get(1)?)))?;
    for state in states {
        let (ver, body): (u64, String) = state?;
        let made_by = entries.iter().find(|entry| entry.seq == ver).context("no entry")?;
        bodies.push(chance.others(&answer(made_by, body)?));
    }
    let dictionary = zstd::dict::from_samples(&bodies, DICTIONARY_BYTES)?;
    let mut packer = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary)?;
    let (mut plain, mut packed, mut small) = (0, 0, 0);
    for body in &bodies {
        plain += body.len();
        packed += zstd::bulk::compress(body.as_bytes(), LEVEL)?.len();
        small += packer.compress(body.as_bytes())?.len();
    }
    let many = bodies.len().max(1);
    eprintln!("{many} bodies of {} B: {} B, {} B", plain / many, packed / many, small / many);
    std::fs::write(to, dictionary).context("writing the dictionary")
}

/// The call that brought one command.
fn asked(entry: &Entry) -> anyhow::Result<String> {
    let raw = String::from_utf8(entry.raw.clone())?;
    let asked = SyncAsked {
        epoch: 1,
        org: entry.org,
        dev: entry.dev,
        app: env!("CARGO_PKG_VERSION").to_owned(),
        forms: [1, 1],
        last: Some(Head { seq: entry.seq, hash: Hex([0; 32]) }),
        push: vec![Pushed { raw, sig: Hex(entry.sig), before: None }],
        relay: Vec::new(),
        cursor: entry.seq,
        below: None,
        max: PAGE_BYTES,
        offer: None,
        totals: false,
    };
    text(&asked)
}

/// What was answered to it, with what it made.
fn answer(entry: &Entry, body: String) -> anyhow::Result<String> {
    let officer = Hex([0; 16]);
    let head = Head { seq: entry.seq, hash: Hex([0; 32]) };
    let answer = SyncAnswer {
        epoch: 1,
        head: SignedHead { head, sig: Hex([0; 64]) },
        durable: 0,
        now: entry.at,
        acks: vec![Ack {
            dev: entry.dev,
            n: entry.n,
            seq: entry.seq,
            stamp: serde_json::from_str(&entry.eff)?,
        }],
        last_n: entry.n,
        stuck: None,
        from: entry.seq.saturating_sub(1),
        to: entry.seq,
        more: false,
        below: None,
        offer_taken: false,
        states: vec![StateSent { ver: entry.seq, state: RawValue::from_string(body)? }],
        gone: Vec::new(),
        scopes: vec!["all".to_owned(), "staff".to_owned(), format!("u:{officer}")],
        totals: None,
        directory: 0,
        releases: 0,
    };
    text(&answer)
}

fn text<T: Serialize>(body: &T) -> anyhow::Result<String> {
    serde_json::to_string(body).map_err(|fault| anyhow!(fault))
}

/// Digits that are the same every time (SplitMix64).
struct Digits(u64);

impl Digits {
    fn next(&mut self, among: &[u8]) -> char {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let at = usize::try_from((z ^ (z >> 31)) % among.len() as u64).unwrap_or(0);
        among.get(at).copied().map_or('0', char::from)
    }

    /// The same text with other names, hashes and moments.
    fn others(&mut self, text: &str) -> String {
        let mut made = String::with_capacity(text.len());
        let mut run = String::new();
        for letter in text.chars().chain(['\0']) {
            if letter.is_ascii_digit() || ('a'..='f').contains(&letter) {
                run.push(letter);
                continue;
            }
            self.take_run(&run, &mut made);
            run.clear();
            made.extend((letter != '\0').then_some(letter));
        }
        made
    }

    fn take_run(&mut self, run: &str, made: &mut String) {
        let is_moment = run.len() >= MOMENT_DIGITS && run.bytes().all(|d| d.is_ascii_digit());
        let (same, among): (usize, &[u8]) = if run.len() >= NAME_DIGITS {
            (NAME_SAME, b"0123456789abcdef")
        } else if is_moment {
            (MOMENT_SAME, b"0123456789")
        } else {
            return made.push_str(run);
        };
        made.extend(run.chars().take(same));
        made.extend((same..run.len()).map(|_| self.next(among)));
    }
}
