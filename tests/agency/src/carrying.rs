//! Files between two desks over a line that breaks and spoils, until all are whole on the other.
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sync::wire::PART_BYTES;

use crate::chance::Chance;
use crate::proxy::Proxy;
use crate::seat::{Seat, text};
use crate::server_process::ServerProcess;
use crate::six::{comes_to, founded_at, lets_in_over, profile};

/// The smallest and the largest file.
const FILE_BYTES_MIN: f64 = 200_000.0;
const FILE_BYTES_MAX: f64 = 50_000_000.0;
/// A connection breaks within so many bytes: twenty parts.
pub const BREAKS_WITHIN: u64 = 20 * PART_BYTES;
/// The body of one call about a file of so many is spoiled, in a load of many files.
pub const SPOILED_ONE_IN: u64 = 40;
/// A spoiled body may cost what was behind the spoiled byte: the bytes of one call.
const CALL_BYTES: u64 = 1 << 20;
/// Beyond the bytes of the files: heads of calls, and the register itself, in a hundred.
const BESIDE_IN_A_HUNDRED: u64 = 5;
/// Without a file that became whole for so long, something is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(180);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Bytes read together from a desk, and written together.
const PIECE: u64 = 4 << 20;

/// The program of the server, and which files.
#[derive(Debug, Clone)]
pub struct Load {
    /// `vanthu-server`.
    pub server: PathBuf,
    pub files: u64,
    /// Of all files together, about.
    pub bytes: u64,
    pub seed: u64,
    /// The body of one call about a file of so many is spoiled.
    pub spoiled_one_in: u64,
    /// A connection breaks after so many bytes at most.
    pub breaks_within: u64,
    /// Where the profiles and the server's folder are made.
    pub folder: PathBuf,
}

/// What became of them.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    pub files: u64,
    pub bytes: u64,
    /// Bytes that went up from the first desk, and down to the second.
    pub up: u64,
    pub down: u64,
    /// Connections that were broken on either side.
    pub broke_up: u64,
    pub broke_down: u64,
    /// Spoiled bodies, and how many of them were carried again.
    pub spoiled_up: (u64, u64),
    pub spoiled_down: (u64, u64),
    /// Opened on the second desk and not the bytes of the first.
    pub wrong: u64,
    /// Not there.
    pub missing: u64,
    pub seconds: u64,
    pub told: Vec<String>,
}

/// One file that was given to the first desk.
struct Given {
    subject: String,
    blob: String,
    size: u64,
}

impl Carried {
    /// What the breaks and the spoiled bodies account for: a break costs one part.
    fn most(&self, breaks: u64, spoiled: u64) -> u64 {
        let beside = self.bytes / 100 * BESIDE_IN_A_HUNDRED;
        self.bytes + beside + breaks * PART_BYTES + spoiled * CALL_BYTES
    }

    /// Whether no more was carried than that, up and down.
    fn is_within(&self) -> (bool, bool) {
        (
            self.up <= self.most(self.broke_up, self.spoiled_up.0),
            self.down <= self.most(self.broke_down, self.spoiled_down.0),
        )
    }

    /// Nothing is wrong or missing, every spoiled body that came down was noticed, and no more was
    /// carried than the breaks account for.
    pub fn is_clean(&self) -> bool {
        let Carried { spoiled_up: up, spoiled_down: down, .. } = self;
        self.wrong == 0
            && self.missing == 0
            // A part that came again though it had come, since the answer was lost, is spoiled for
            // nothing: it is not carried once more.
            && up.1 <= up.0
            && down.0 == down.1
            && self.is_within() == (true, true)
    }

    /// Adds another load of its own agency.
    pub fn takes_in(&mut self, other: &Carried) {
        let add = |(a, b): &mut (u64, u64), (c, d)| (*a, *b) = (*a + c, *b + d);
        self.files += other.files;
        self.bytes += other.bytes;
        self.up += other.up;
        self.down += other.down;
        self.broke_up += other.broke_up;
        self.broke_down += other.broke_down;
        add(&mut self.spoiled_up, other.spoiled_up);
        add(&mut self.spoiled_down, other.spoiled_down);
        self.wrong += other.wrong;
        self.missing += other.missing;
        self.seconds += other.seconds;
        self.told.extend(other.told.iter().cloned());
    }

    /// The figures in one line.
    pub fn json(&self, seed: u64) -> Value {
        let ratio = |bytes: u64| (bytes * 1_000 / self.bytes.max(1)) as f64 / 1_000.0;
        json!({
            "bench": "blobs", "seed": seed, "files": self.files, "bytes": self.bytes,
            "wrong": self.wrong, "missing": self.missing,
            "cuts_up": self.broke_up, "cuts_down": self.broke_down,
            "spoiled_up": self.spoiled_up.0, "noticed_up": self.spoiled_up.1,
            "spoiled_down": self.spoiled_down.0, "noticed_down": self.spoiled_down.1,
            "sent_up": self.up, "sent_down": self.down,
            "up_by_size": ratio(self.up), "down_by_size": ratio(self.down),
            "within_up": self.is_within().0,
            "within_down": self.is_within().1,
            "seconds": self.seconds,
        })
    }
}

/// Sizes that lie as those of scans do, many small and few large, and make so many bytes together.
fn sizes(load: &Load) -> Vec<u64> {
    let mut chance = Chance::new(load.seed);
    let places: Vec<f64> =
        (0..load.files).map(|_| chance.below(1_000_000) as f64 / 1_000_000.0).collect();
    let span = FILE_BYTES_MAX / FILE_BYTES_MIN;
    let size = |place: f64, slope: f64| (FILE_BYTES_MIN * span.powf(place.powf(slope))) as u64;
    let sum = |slope: f64| places.iter().map(|place| size(*place, slope)).sum::<u64>();
    let (mut flat, mut steep) = (0.01_f64, 1_000.0_f64);
    for _ in 0..60 {
        let between = (flat * steep).sqrt();
        if sum(between) > load.bytes { flat = between } else { steep = between }
    }
    places.iter().map(|place| size(*place, steep)).collect()
}

/// Writes a file that a desk takes for a scan; says the hash of it.
fn writes(path: &Path, size: u64, seed: u64) -> String {
    let (mut chance, mut file) = (Chance::new(seed), File::create(path).unwrap());
    let (mut hash, mut left) = (Sha256::new(), usize::try_from(size).unwrap());
    let mut piece = b"II*\0".to_vec();
    while left > 0 {
        let most = left.min(PIECE as usize);
        while piece.len() < most {
            piece.extend(chance.below(u64::MAX).to_le_bytes());
        }
        hash.update(&piece[..most]);
        file.write_all(&piece[..most]).unwrap();
        left -= most;
        piece.clear();
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first desk takes a file in and registers a letter with it; the source is removed.
fn gives(seat: &Seat, load: &Load, (number, size): (u64, u64)) -> Given {
    let path = load.folder.join(format!("quet-{number}.tif"));
    let blob = writes(&path, size, load.seed.wrapping_mul(1_000_003).wrapping_add(number));
    let dropped = seat.ask("files.drop", json!({ "paths": [path], "cards": false }));
    std::fs::remove_file(&path).unwrap();
    let attachment = &dropped["files"][0]["attachment"];
    assert_eq!(text(&attachment["blob"]), blob, "{dropped}");
    let books = seat.books();
    let book = books.iter().find(|book| book["direction"] == "incoming").unwrap();
    let today = seat.ask("session", json!({}))["today"].clone();
    let subject = format!("Văn bản kèm bản quét {number}");
    let form = json!({
        "book": book["id"], "arrived_on": today,
        "fields": {
            "number": number.to_string(), "symbol": "SNV-CCHC", "issued_on": today,
            "issuer": "Sở Nội vụ", "kind": "cong-van", "subject": subject,
        },
        "attachments": [attachment], "secret": false, "twin_reason": null,
        "submit_to": null, "card": null,
    });
    seat.ask("incoming.register", form);
    Given { subject, blob, size }
}

fn files_on_their_way(seat: &Seat, way: &str) -> u64 {
    seat.ask("line", json!({}))[way].as_u64().unwrap()
}

/// Waits until all are whole with the server and on the second desk.
fn waits(first: &Seat, second: &Seat, files: u64, told: &mut Vec<String>) {
    let (mut last, mut since) = (None, Instant::now());
    loop {
        let up = files_on_their_way(first, "files_up");
        let down = files_on_their_way(second, "files_down");
        let known = second.documents("incoming", None, files).len() as u64;
        if (up, down, known) == (0, 0, files) {
            return;
        }
        if last.replace((up, down, known)) != Some((up, down, known)) {
            since = Instant::now();
        }
        if since.elapsed() > STUCK_AFTER {
            return told.push(format!("stuck: {up} to send, {down} to fetch, {known} known"));
        }
        sleep(LOOK_EVERY);
    }
}

/// Opens every file on the second desk as the window does, and compares.
fn compares(second: &Seat, given: &[Given], found: &mut Carried) {
    let rows = second.documents("incoming", None, given.len() as u64);
    for Given { subject, blob, size } in given {
        if !rows.iter().any(|row| text(&row["subject"]) == subject) {
            found.missing += 1;
            found.told.push(format!("{subject}: not in the register"));
            continue;
        }
        match opened(second, blob) {
            Ok((hash, bytes)) if hash == *blob && bytes == *size => {}
            Ok((hash, bytes)) => {
                found.wrong += 1;
                found.told.push(format!("{subject}: {bytes} bytes of {size}, {hash}"));
            }
            Err(why) => {
                found.missing += 1;
                found.told.push(format!("{subject}: {why}"));
            }
        }
    }
}

fn opened(seat: &Seat, blob: &str) -> Result<(String, u64), String> {
    let (mut hash, mut at) = (Sha256::new(), 0);
    loop {
        let range = seat.desk().blob_range(blob, at, at + PIECE);
        let (bytes, total, _) = range.map_err(|failure| format!("{failure:?}"))?;
        hash.update(&bytes);
        at += bytes.len() as u64;
        if at >= total || bytes.is_empty() {
            let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok((hash, at));
        }
    }
}

/// Carries a load of files from one desk to another.
pub fn carries(load: &Load) -> Carried {
    let mut server = ServerProcess::in_folder(&load.server, &load.folder.join("server"));
    server.starts();
    server.listens();
    let near = Proxy::to(server.address(), load.seed);
    let far = Proxy::to(server.address(), load.seed.wrapping_add(1));
    let first = founded_at(&profile(&load.folder, 0));
    comes_to(&first, &server, &near.address());
    let place = (profile(&load.folder, 1), "PC-1");
    let second = lets_in_over(&first, "Trần Thị Mai", &far.address(), (&place.0, place.1));
    let mut found = Carried { files: load.files, ..Carried::default() };
    let began = Instant::now();
    let before = (near.bytes().0, far.bytes().1);
    near.breaks_and_spoils(load.breaks_within, load.spoiled_one_in);
    far.breaks_and_spoils(load.breaks_within, load.spoiled_one_in);
    let sizes = sizes(load);
    found.bytes = sizes.iter().sum();
    let given = (1..).zip(&sizes).map(|(number, size)| gives(&first, load, (number, *size)));
    let given: Vec<Given> = given.collect();
    waits(&first, &second, load.files, &mut found.told);
    found.seconds = began.elapsed().as_secs();
    (found.up, found.down) = (near.bytes().0 - before.0, far.bytes().1 - before.1);
    (found.broke_up, found.broke_down) = (near.broke(), far.broke());
    (found.spoiled_up, found.spoiled_down) = (near.spoiled(), far.spoiled());
    compares(&second, &given, &mut found);
    found
}
