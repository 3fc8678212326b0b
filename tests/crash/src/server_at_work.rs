//! A server and a desk that brings it documents with files, and says of each when it is taken.
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use server::{
    BLOBS_FOLDER, BlobsInFolder, CODE_BYTES, Identity, Ledger, STORAGE_FILE, SqliteStorage, chance,
    clock,
};

use crate::registrar::{READY, a_file_of, ask, open, register_with, say};

/// Said before the id of a document and the name of its file, once the server has both.
pub const TAKEN: &str = "taken";
/// Bytes of the largest file: several calls of several parts.
const FILE_BYTES_MAX: u64 = 2_500_000;
/// Documents between two meetings, at most.
const TOGETHER_MAX: u64 = 4;
/// How long the server may take to get a file.
const FILES_WAIT: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Serves from an empty folder, and brings so many documents from a desk elsewhere.
///
/// # Errors
/// When server or desk say no: that is a finding.
pub fn work(folder: &Path, profile: &Path, documents: u64) -> Result<()> {
    let (address, code, key) = serve(folder)?;
    let desk = open(profile)?;
    let form = json!({
        "address": address, "code": code, "server_key": key, "pc_name": "VT-01",
    });
    ask(&desk, "line.adopt", form)?;
    ask(&desk, "line.meet", json!({}))?;
    let books = ask(&desk, "books", json!({}))?;
    let mut books = books["books"].as_array().into_iter().flatten();
    let book = books.find(|book| book["direction"] == "incoming").context("no book")?;
    let book = &book["id"];
    say(READY)?;
    let mut made = 0;
    while made < documents {
        let together = (1 + made % TOGETHER_MAX).min(documents - made);
        let mut brought = Vec::new();
        for _ in 0..together {
            made += 1;
            let bytes = 1 + made.wrapping_mul(1_299_709) % FILE_BYTES_MAX;
            brought.push(register_with(&desk, book, a_file_of(made, bytes))?);
        }
        ask(&desk, "line.meet", json!({}))?;
        is_all_there(&desk)?;
        for (id, blob) in brought {
            say(&format!("{TAKEN} {id} {blob}"))?;
        }
    }
    Ok(())
}

/// Waits until the window says that nothing is on its way any more.
fn is_all_there(desk: &desk::Desk) -> Result<()> {
    let until = Instant::now() + FILES_WAIT;
    loop {
        let line = ask(desk, "line", json!({}))?;
        if line["unanswered"] == 0 && line["files_up"] == 0 {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < until, "the server does not get it: {line}");
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The server in this process, as its program makes it: address, a code for an agency, its key.
fn serve(folder: &Path) -> Result<(String, String, String)> {
    let identity = Identity::create(folder, &chance()?)?;
    let key = identity.public_hex().to_string();
    let storage = Arc::new(SqliteStorage::open(&folder.join(STORAGE_FILE))?);
    let blobs = Arc::new(BlobsInFolder::new(&folder.join(BLOBS_FOLDER)));
    let ledger = Arc::new(Ledger::new(storage, identity, chance()?).with_blobs(blobs));
    let code = ledger.adoption_code(clock(), chance::<CODE_BYTES>()?)?;
    let (tell, told) = channel();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().context("starting the server")?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let _ = tell.send(listener.local_addr()?);
            server::serve(listener, ledger, std::future::pending()).await
        })
    });
    let at = told.recv().context("the server does not listen")?;
    Ok((format!("http://{at}"), code, key))
}
