//! The desk of a clerk who registers document after document until somebody stops her.
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use base64::Engine as _;
use serde_json::{Value, json};

use desk::{Desk, ThisPc};
use store::OpenOptions;

/// PIN of the clerk.
pub const PIN: &str = "000000";
/// Said once the register is open.
pub const READY: &str = "ready";
/// Said before the number and the id of a document that is registered.
pub const REGISTERED: &str = "registered";
/// Bytes of the smallest and the largest file.
const FILE_BYTES_MIN: u64 = 200;
const FILE_BYTES_SPREAD: u64 = 90_000;

/// Founds an agency in a new profile, or opens the old one, and registers so many documents. Says
/// each on standard output only after the act returned.
///
/// # Errors
/// When the desk says no: that is a finding.
pub fn work(profile: &Path, documents: u64) -> Result<()> {
    let desk = open(profile)?;
    let books = ask(&desk, "books", json!({}))?;
    let book = books["books"].as_array().into_iter().flatten();
    let mut book = book.filter(|book| book["direction"] == "incoming");
    let book = book.next().context("no book")?["id"].clone();
    say(READY)?;
    for _ in 0..documents {
        let (number, id) = register(&desk, &book)?;
        say(&format!("{REGISTERED} {number} {id}"))?;
    }
    Ok(())
}

pub(crate) fn open(profile: &Path) -> Result<Desk> {
    let desk = Desk::with(profile, Arc::new(ThisPc), OpenOptions::default())?.for_show();
    let session = ask(&desk, "session", json!({}))?;
    if session["phase"] == "first_run" {
        let shown = ask(&desk, "setup.defaults", json!({}))?;
        ask(&desk, "setup.found", setup(shown))?;
        return Ok(desk);
    }
    let officer = session["officers"][0]["id"].clone();
    ask(&desk, "session.unlock", json!({"officer": officer, "pin": PIN}))?;
    Ok(desk)
}

fn setup(shown: Value) -> Value {
    let mut agency = shown["agency"].clone();
    agency["name"] = json!("Uỷ ban nhân dân xã An Hiếu");
    agency["code"] = json!("H50.99.01");
    agency["parent"] = json!("Uỷ ban nhân dân tỉnh Hiếu Sơn");
    agency["place"] = json!("An Hiếu");
    let clerk = json!({"name": "Phan Thị Mỹ Lệ", "position": "Văn thư", "unit": "",
        "roles": ["clerk", "administrator"], "pin": PIN});
    json!({"agency": agency, "kinds": shown["kinds"], "units": shown["units"],
        "officers": [clerk], "books": shown["books"]})
}

fn register(desk: &Desk, book: &Value) -> Result<(u32, String)> {
    let next = next_number(desk, book)?;
    let done = registered(desk, book, (next, file_of(next)))?.0;
    let number = done["said"]["with"][0].as_str().and_then(|number| number.parse().ok());
    let id = done["id"].as_str().context("no id")?.to_owned();
    Ok((number.context("no number")?, id))
}

/// Registers a document with a file; returns its id and the name of the file.
pub(crate) fn register_with(desk: &Desk, book: &Value, file: Vec<u8>) -> Result<(String, String)> {
    let next = next_number(desk, book)?;
    let (done, blob) = registered(desk, book, (next, file))?;
    Ok((done["id"].as_str().context("no id")?.to_owned(), blob))
}

fn next_number(desk: &Desk, book: &Value) -> Result<u64> {
    let next = ask(desk, "book.next", json!({"book": book, "date": ""}))?;
    next["number"].as_u64().context("no next number")
}

fn registered(desk: &Desk, book: &Value, of: (u64, Vec<u8>)) -> Result<(Value, String)> {
    let (next, file) = of;
    let content = base64::engine::general_purpose::STANDARD.encode(file);
    let upload = json!({"name": format!("{next}.txt"), "content": content, "card": false});
    let added = ask(desk, "files.upload", upload)?;
    let attachment = &added["files"][0]["attachment"];
    anyhow::ensure!(attachment.is_object(), "the file was refused: {added}");
    let fields = json!({"number": next.to_string(), "symbol": "UBND-KTN",
        "issuer": "UBND tỉnh Hiếu Sơn", "kind": "cong-van",
        "subject": format!("Về việc kiểm tra an toàn hồ đập, lần {next}")});
    let form = json!({"book": book, "arrived_on": "", "fields": fields,
        "attachments": [attachment], "card": null, "secret": false, "twin_reason": null,
        "submit_to": null});
    let done = ask(desk, "incoming.register", form)?;
    Ok((done, attachment["blob"].as_str().context("no file")?.to_owned()))
}

/// A text whose bytes and length hang on the number.
fn file_of(number: u64) -> Vec<u8> {
    a_file_of(number, FILE_BYTES_MIN + number.wrapping_mul(7919) % FILE_BYTES_SPREAD)
}

/// A text of so many bytes or a few more, of which no two numbers have the same.
pub(crate) fn a_file_of(number: u64, bytes: u64) -> Vec<u8> {
    let line = format!("Văn bản số {number} của UBND tỉnh Hiếu Sơn.\n");
    let lines = bytes / line.len() as u64 + 1;
    (0..lines).flat_map(|_| line.bytes()).collect()
}

pub(crate) fn ask(desk: &Desk, name: &str, args: Value) -> Result<Value> {
    let answer = contract::answer(desk, name, &args.to_string());
    let answer = answer.map_err(|failure| anyhow!("{name}: {failure:?}"))?;
    serde_json::from_str(&answer).with_context(|| format!("reading the answer to {name}"))
}

pub(crate) fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("saying it")
}
