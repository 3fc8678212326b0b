//! One document registered, from the question of the page to the durable act.
use std::path::Path;
use std::time::Duration;

use contract::{BookList, Direction, Fields, IncomingForm, Nothing};
use store::{OpenOptions, Synchronous};

use crate::at_desk::{ask, clerk_at, timed};
use crate::disk_cache;
use crate::figures::{Figure, quantiles};
use crate::profiles::writable;
use crate::slow_disk;

/// Documents registered for each figure.
const REGISTERED: usize = 400;
/// Documents registered before the watch starts.
const WARMING_UP: usize = 20;
/// What an old disk needs for a sync.
const OLD_DISK: Duration = Duration::from_millis(15);

/// One way to the disk.
struct Way {
    bench: &'static str,
    synchronous: Synchronous,
    delay: Duration,
    /// Nothing of the register is in memory at the start.
    cold: bool,
    /// The slowest of a hundred, in milliseconds.
    goal: Option<f64>,
}

const WAYS: [Way; 4] = [
    Way {
        bench: "register",
        synchronous: Synchronous::Full,
        delay: Duration::ZERO,
        cold: false,
        goal: None,
    },
    Way {
        bench: "register, no syncs",
        synchronous: Synchronous::Off,
        delay: Duration::ZERO,
        cold: false,
        goal: Some(3.0),
    },
    Way {
        bench: "register, old disk",
        synchronous: Synchronous::Full,
        delay: OLD_DISK,
        cold: false,
        goal: Some(50.0),
    },
    Way {
        bench: "register, cold disk",
        synchronous: Synchronous::Full,
        delay: Duration::ZERO,
        cold: true,
        goal: None,
    },
];

/// Measures every way.
pub(crate) fn measure(profile: &Path, documents: u64) -> anyhow::Result<Vec<Figure>> {
    let vfs = slow_disk::registered()?;
    let place = writable(profile)?;
    let mut figures = Vec::new();
    disk_cache::warm(&place.path)?;
    for way in WAYS {
        if way.cold && !disk_cache::forget(&place.path)? {
            continue;
        }
        let options = OpenOptions {
            synchronous: way.synchronous,
            vfs: Some(vfs.clone()),
            ..OpenOptions::default()
        };
        let desk = clerk_at(&place.path, options)?;
        let books: BookList = ask(&desk, "books", &Nothing {})?;
        let book = books.books.iter().find(|book| book.direction == Direction::Incoming);
        let book = book.map(|book| book.id.clone()).unwrap_or_default();
        slow_disk::delay(way.delay);
        let before = slow_disk::syncs();
        let (mut times, mut syncs_max) = (Vec::new(), 0);
        for at in 0..WARMING_UP + REGISTERED {
            let form = form(&book, at, way.bench);
            let synced = slow_disk::syncs_here();
            let (took, _) = timed(&desk, "incoming.register", &form)?;
            if at >= WARMING_UP {
                times.push(took);
                syncs_max = syncs_max.max(slow_disk::syncs_here() - synced);
            }
        }
        slow_disk::delay(Duration::ZERO);
        let all = slow_disk::syncs() - before;
        figures.extend(quantiles(way.bench, documents, times, [None, way.goal]));
        if way.synchronous == Synchronous::Full && !way.cold {
            figures.extend(of_syncs(way.bench, documents, syncs_max, all));
        }
    }
    Ok(figures)
}

/// Syncs an act waits for, and those of all threads together.
fn of_syncs(bench: &'static str, documents: u64, most: u64, all: u64) -> [Figure; 2] {
    let acts = (WARMING_UP + REGISTERED) as f64;
    let each = (all as f64 / acts * 100.0).round() / 100.0;
    let figure = |metric, value, goal| Figure { bench, documents, metric, unit: "", value, goal };
    [figure("syncs", most as f64, Some(2.0)), figure("all", each, None)]
}

fn form(book: &str, at: usize, bench: &str) -> IncomingForm {
    IncomingForm {
        book: book.to_owned(),
        arrived_on: String::new(),
        fields: Fields {
            number: (at + 1).to_string(),
            symbol: "UBND-NNMT".to_owned(),
            issued_on: "2026-11-19".to_owned(),
            issuer: "UBND tỉnh Hiếu Sơn".to_owned(),
            kind: "cong-van".to_owned(),
            subject: format!(
                "Kiểm tra, bảo đảm an toàn hồ đập trong mùa mưa lũ tại thôn Tân Mỹ, lần {at}"
            ),
            signer: "Nguyễn Thị Thanh Hà".to_owned(),
            pages: "2".to_owned(),
            ..Fields::default()
        },
        attachments: Vec::new(),
        card: None,
        secret: false,
        // The forms of one run are like those of the run before.
        twin_reason: Some(format!("đo {bench}")),
        submit_to: None,
        paper_number: None,
    }
}
