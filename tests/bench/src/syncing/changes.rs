//! One change after another, many that waited, and a large file: from one PC to another.
use std::time::{Duration, Instant};

use agency::Proxy;
use anyhow::Context as _;
use desk::Desk;
use serde_json::{Value, json};
use sync::wire::WAIT_SECONDS_MAX;

use super::office::{Off, Pc, meets, registers, switches};
use super::{Measured, figure};
use crate::at_desk::ask;
use crate::figures::{Figure, quantiles};

/// Changes over loopback, over a far line, and counted by bytes.
const CHANGES: usize = 300;
const FAR_CHANGES: usize = 40;
const COUNTED: usize = 100;
const BATCH: usize = 1_000;
/// Acts that waited for a line.
const QUEUED: usize = 10_000;
/// Of them, changed while somebody was away.
const CHANGED: usize = 5_000;
/// An idle office is counted for two waits of the listener, for a day of so many of these.
const IDLE: Duration = Duration::from_secs(2 * WAIT_SECONDS_MAX);
const DAY_SECONDS: f64 = 8.0 * 3600.0;
/// Between two meetings of a PC at which nothing happens.
const MEETING_SECONDS: f64 = 600.0;
/// Between two changes, so that everybody listens again.
const REST: Duration = Duration::from_millis(30);
/// Half of 200 ms there and back.
const ONE_WAY: Duration = Duration::from_millis(100);
const KIB: f64 = 1024.0;

fn change(from: &Desk, to: &Pc, at: usize) -> anyhow::Result<Duration> {
    std::thread::sleep(REST);
    let begun = Instant::now();
    let id = registers(from, &format!("Kiểm tra an toàn hồ đập tại thôn Tân Mỹ, lần {at}"), &[])?;
    to.shows(&id)?;
    Ok(begun.elapsed())
}

fn changes(from: &Desk, to: &Pc, many: usize) -> anyhow::Result<Vec<Duration>> {
    (0..many).map(|at| change(from, to, at)).collect()
}

/// One change, from the key of the clerk to the other's screen.
pub(super) fn alone(from: &Desk, to: &Pc, documents: u64) -> Measured {
    let times = changes(from, to, CHANGES)?;
    Ok(quantiles("sync, one change", documents, times, [Some(10.0), Some(40.0)]))
}

/// The same where the server is 200 ms away, there and back.
pub(super) fn far(from: (&Desk, &Proxy), to: (&Pc, &Proxy), documents: u64) -> Measured {
    from.1.is_far(ONE_WAY);
    to.1.is_far(ONE_WAY);
    meets(from.0)?;
    meets(&to.0.desk)?;
    let times = changes(from.0, to.0, FAR_CHANGES)?;
    from.1.is_far(Duration::ZERO);
    to.1.is_far(Duration::ZERO);
    meets(from.0)?;
    meets(&to.0.desk)?;
    Ok(quantiles("sync, change, 200 ms", documents, times, [Some(700.0), None]))
}

/// Bytes of both ways so far.
pub(super) fn all_bytes(line: &Proxy) -> f64 {
    let (up, down) = line.bytes();
    (up + down) as f64
}

/// Bytes that went over a line: of bodies, and in all.
fn passed(line: &Proxy) -> [f64; 2] {
    [line.bodies() as f64, all_bytes(line)]
}

/// Bytes of a change there and back, at who makes it and at who reads it.
pub(super) fn bytes(from: (&Desk, &Proxy), to: (&Pc, &Proxy), documents: u64) -> Measured {
    let mut figures = Vec::new();
    let before = [passed(from.1), passed(to.1)];
    changes(from.0, to.0, COUNTED)?;
    let mut tell = |bench, before: [[f64; 2]; 2], many: usize, goal| {
        let lines = [("up", "up, heads too", from.1), ("down", "down, heads too", to.1)];
        for ((bodies, all, line), before) in lines.into_iter().zip(before) {
            let now = passed(line);
            for (metric, goal, (now, before)) in
                [(bodies, Some(goal), (now[0], before[0])), (all, None, (now[1], before[1]))]
            {
                let each = ((now - before) / many as f64).round();
                figures.push(figure(bench, documents, metric, "B", each, goal));
            }
        }
    };
    tell("sync, bytes alone", before, COUNTED, KIB);
    switches(from.0, Off::Yes)?;
    switches(&to.0.desk, Off::Yes)?;
    for at in 0..BATCH {
        registers(from.0, &format!("Kiểm tra kho lưu trữ năm {at} theo kế hoạch"), &[])?;
    }
    let before = [passed(from.1), passed(to.1)];
    switches(from.0, Off::No)?;
    meets(from.0)?;
    switches(&to.0.desk, Off::No)?;
    meets(&to.0.desk)?;
    tell("sync, bytes in batches", before, BATCH, 350.0);
    Ok(figures)
}

/// A PC at which nobody does anything keeps its line: with its waits for news, and now and then a
/// meeting.
pub(super) fn idle((of, line): (&Desk, &Proxy), documents: u64) -> Measured {
    let before = all_bytes(line);
    meets(of)?;
    let meeting = all_bytes(line) - before;
    let before = all_bytes(line);
    std::thread::sleep(IDLE);
    let waits = all_bytes(line) - before;
    let day = waits * DAY_SECONDS / IDLE.as_secs_f64() + meeting * DAY_SECONDS / MEETING_SECONDS;
    let day = (day / 1e3).round() / 1e3;
    Ok(vec![figure("sync, idle day", documents, "both ways", "MB", day, Some(0.4))])
}

/// The question of one change.
type Form<'f> = &'f dyn Fn(usize, &str) -> Value;

/// Many documents were changed while somebody was away: first what nobody searches by, then what
/// everybody does.
pub(super) fn caught_up(
    (from, leader): (&Desk, &str),
    ids: &[String],
    (to, line): (&Pc, &Proxy),
    documents: u64,
) -> Measured {
    let mut figures = Vec::new();
    let submit = |_: usize, id: &str| json!({ "id": id, "to": leader, "proposal": "" });
    let edit = |at: usize, id: &str| {
        let new = format!("Đính chính tình hình canh gác, phòng cháy chữa cháy lần {at}");
        json!({ "id": id, "field": "subject", "old": subject(at), "new": new })
    };
    let kinds: [(_, _, Form<'_>, _); 2] = [
        ("sync, 5,000 changed", "incoming.submit", &submit, 800.0),
        ("sync, 5,000 reworded", "incoming.edit", &edit, 1_500.0),
    ];
    for (bench, act, form, goal) in kinds {
        switches(&to.desk, Off::Yes)?;
        for (at, id) in ids.iter().enumerate().take(CHANGED) {
            let _: Value = ask(from, act, &form(at, id))?;
        }
        meets(from)?;
        let before = all_bytes(line);
        let begun = Instant::now();
        switches(&to.desk, Off::No)?;
        meets(&to.desk)?;
        let took = (begun.elapsed().as_secs_f64() * 1000.0).round();
        let megabytes = ((all_bytes(line) - before) / 1e4).round() / 100.0;
        let of =
            |metric, unit, value, goal| figure(bench, documents, metric, unit, value, Some(goal));
        figures.extend([of("all", "ms", took, goal), of("bytes", "MB", megabytes, 1.0)]);
    }
    Ok(figures)
}

fn subject(at: usize) -> String {
    format!("Báo cáo kết quả tuần tra rừng đợt {at}")
}

/// Acts that waited go up; then somebody who was away reads them. Gives what was registered.
pub(super) fn queued(
    from: &Desk,
    to: &Pc,
    documents: u64,
) -> anyhow::Result<(Vec<String>, Vec<Figure>)> {
    switches(from, Off::Yes)?;
    switches(&to.desk, Off::Yes)?;
    let ids = (0..QUEUED).map(|at| registers(from, &subject(at), &[]));
    let ids = ids.collect::<anyhow::Result<Vec<_>>>()?;
    let last = ids.last().context("nothing was registered")?;
    let begun = Instant::now();
    switches(from, Off::No)?;
    meets(from)?;
    let pushed = begun.elapsed();
    let begun = Instant::now();
    switches(&to.desk, Off::No)?;
    meets(&to.desk)?;
    to.shows(last)?;
    let pulled = begun.elapsed();
    let of = |metric, time: Duration, goal| {
        let value = (time.as_secs_f64() * 1000.0).round();
        figure("sync, 10,000 queued", documents, metric, "ms", value, Some(goal))
    };
    let figures = vec![of("push", pushed, 1_500.0), of("pull", pulled, 700.0)];
    Ok((ids, figures))
}
