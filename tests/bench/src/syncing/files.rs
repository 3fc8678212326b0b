//! A large scan goes up, and comes down to somebody who was away; also over a breaking line.
use std::time::{Duration, Instant};

use agency::Proxy;
use anyhow::Context as _;
use base64::Engine as _;
use desk::Desk;
use serde_json::{Value, json};

use super::changes::all_bytes;
use super::office::{Off, Pc, meets, registers, switches, waits_for};
use super::{Measured, figure};
use crate::at_desk::ask;

/// A large scan.
const SCAN_BYTES: usize = 50_000_000;
/// A connection that breaks does so after half of this on average: twenty cuts in a scan.
const BREAKS_WITHIN: u64 = 5_000_000;
/// A part that is under way when the line breaks is sent again.
const PART_BYTES: f64 = 256.0 * 1024.0;
/// What heads and parts in flight may add to a file.
const MORE: f64 = 1.05;

fn stored(at: &Desk, seed: u32) -> anyhow::Result<Value> {
    stored_of(at, seed, SCAN_BYTES)
}

/// A scan like no other, stored at a desk.
pub(super) fn stored_of(at: &Desk, seed: u32, bytes: usize) -> anyhow::Result<Value> {
    let mut page = b"%PDF-1.4\n%scan\n".to_vec();
    let mut value = seed;
    while page.len() < bytes {
        value = value.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        page.extend(value.to_be_bytes());
    }
    page.extend(b"\n%%EOF\n");
    let content = base64::engine::general_purpose::STANDARD.encode(&page);
    let upload = json!({ "name": "quet.pdf", "content": content, "card": false });
    let stored: Value = ask(at, "files.upload", &upload)?;
    stored.pointer("/files/0/attachment").context("the scan was not stored").cloned()
}

fn goes_up(from: &Desk, file: Value) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    registers(from, "Hồ sơ địa chính bản quét", &[file])?;
    meets(from)?;
    waits_for(from, |line| line.get("files_up").is_some_and(|many| many == 0))?;
    Ok(begun.elapsed())
}

fn comes_down(to: &Desk) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    switches(to, Off::No)?;
    meets(to)?;
    waits_for(to, |line| line.get("files_down").is_some_and(|many| many == 0))?;
    Ok(begun.elapsed())
}

/// A scan of 50 MB goes up, then comes down to somebody who was away.
pub(super) fn scan(from: &Desk, to: &Pc, documents: u64) -> Measured {
    let file = stored(from, 7)?;
    switches(&to.desk, Off::Yes)?;
    let up = goes_up(from, file)?;
    let down = comes_down(&to.desk)?;
    let mut figures = Vec::new();
    for (metric, rate, time) in [("up", "up rate", up), ("down", "down rate", down)] {
        let seconds = time.as_secs_f64();
        let milliseconds = (seconds * 1000.0).round();
        let of = |metric, unit, value, goal| {
            figure("sync, file of 50 MB", documents, metric, unit, value, goal)
        };
        figures.push(of(metric, "ms", milliseconds, Some(333.0)));
        figures.push(of(rate, "MB/s", (SCAN_BYTES as f64 / seconds / 1e6).round(), None));
    }
    Ok(figures)
}

/// The same where every connection of both breaks: what the cuts cost is one part each at most.
pub(super) fn cut(from: (&Desk, &Proxy), to: (&Pc, &Proxy), documents: u64) -> Measured {
    let file = stored(from.0, 11)?;
    switches(&to.0.desk, Off::Yes)?;
    let mut figures = Vec::new();
    let mut moved = |line: &Proxy, metrics: [&'static str; 2], moves: &mut dyn FnMut() -> _| {
        let (bytes, broke) = (all_bytes(line), line.broke());
        line.breaks_and_spoils(BREAKS_WITHIN, 0);
        let moved: anyhow::Result<Duration> = moves();
        line.breaks_and_spoils(0, 0);
        moved?;
        let cuts = (line.broke() - broke) as f64;
        let sent = ((all_bytes(line) - bytes) / 1e4).round() / 100.0;
        let most = (SCAN_BYTES as f64 * MORE + cuts * PART_BYTES) / 1e6;
        let [cuts_of, sent_of] = metrics;
        let of = |metric, unit, value, goal| {
            figure("sync, 50 MB with cuts", documents, metric, unit, value, goal)
        };
        figures.push(of(cuts_of, "", cuts, None));
        figures.push(of(sent_of, "MB", sent, Some((most * 100.0).round() / 100.0)));
        anyhow::Ok(())
    };
    moved(from.1, ["cuts up", "sent up"], &mut || goes_up(from.0, file.clone()))?;
    moved(to.1, ["cuts down", "sent down"], &mut || comes_down(&to.0.desk))?;
    meets(from.0)?;
    Ok(figures)
}
