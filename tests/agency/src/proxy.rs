//! A bad line: passes bytes between PCs and a server, late, in part, or not at all.
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::middle::{Call, Follower, Spoiling, Way};

/// Bytes passed on together.
const CHUNK: usize = 64 * 1024;
/// The same over a narrow line, where bytes trickle.
const NARROW_CHUNK: usize = 4 * 1024;
/// A bad line breaks after so many bytes at most.
const BYTES_MAX: u64 = 6_000;
/// A bad line holds every chunk back so long at most.
const HOLDS_MS_MAX: u64 = 150;

/// What becomes of one connection.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// Every byte goes through, each chunk so late.
    Late(Duration),
    /// Closed before anything is passed.
    Refused,
    /// Breaks after so many bytes of the PC.
    CutUp(u64),
    /// Breaks after so many bytes of the server: what was asked is done, and not answered.
    CutDown(u64),
    /// Breaks after so many bytes of either.
    Cut(u64),
}

/// How the line is, and what went over it.
#[derive(Debug, Default)]
pub struct Line {
    is_bad: AtomicBool,
    one_way_ms: AtomicU64,
    /// So many bytes a second go each way, of all connections together; 0 is as many as may be.
    bytes_per_second: AtomicU64,
    /// When the next byte may go up, and down.
    free: [Mutex<Option<Instant>>; 2],
    /// Every answer breaks after so many bytes; 0 is none.
    breaks_after: AtomicU64,
    /// Every connection breaks after a while, so many bytes at most; 0 is none.
    breaks_within: AtomicU64,
    /// Connections that broke as they were told to.
    broke: AtomicU64,
    /// How often the way forgot every connection there was.
    forgot: AtomicU64,
    spoiling: Spoiling,
    up: AtomicU64,
    down: AtomicU64,
    faults: [AtomicU64; 4],
    open: Mutex<Vec<(TcpStream, TcpStream)>>,
}

/// A line to one server; PCs know only this address.
pub struct Proxy {
    at: SocketAddr,
    line: Arc<Line>,
}

impl Proxy {
    /// Listens on a free port; passes to the server, which may come and go.
    pub fn to(server: SocketAddr, seed: u64) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let at = listener.local_addr().unwrap();
        let line = Arc::new(Line::default());
        let mine = Arc::clone(&line);
        thread::spawn(move || {
            let mut chance = Chance::new(seed);
            for pc in listener.incoming().flatten() {
                let fate = mine.fate(&mut chance);
                let (line, chance) = (Arc::clone(&mine), Chance::new(chance.below(u64::MAX)));
                thread::spawn(move || pass(&line, (pc, server), fate, chance));
            }
        });
        Proxy { at, line }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }

    /// From now on connections fail in every way.
    pub fn turns_bad(&self) {
        self.line.is_bad.store(true, Ordering::SeqCst);
        self.cuts_all();
    }

    /// From now on everything goes through.
    pub fn turns_good(&self) {
        self.line.is_bad.store(false, Ordering::SeqCst);
        self.cuts_all();
    }

    /// Every chunk comes so much later, each way.
    pub fn is_far(&self, one_way: Duration) {
        let ms = u64::try_from(one_way.as_millis()).unwrap();
        self.line.one_way_ms.store(ms, Ordering::SeqCst);
        self.cuts_all();
    }

    /// So many bytes a second go each way from now on; 0 is as many as may be.
    pub fn is_narrow(&self, bytes_per_second: u64) {
        self.line.bytes_per_second.store(bytes_per_second, Ordering::SeqCst);
        self.cuts_all();
    }

    /// Every connection breaks after so many bytes of answers; 0 is none.
    pub fn breaks_after(&self, bytes: u64) {
        self.line.breaks_after.store(bytes, Ordering::SeqCst);
        self.cuts_all();
    }

    /// From now on every connection breaks after a while, so many bytes at most, and the body of
    /// one call about a file of so many is spoiled; 0 is none.
    pub fn breaks_and_spoils(&self, bytes_max: u64, one_in: u64) {
        self.line.breaks_within.store(bytes_max, Ordering::SeqCst);
        self.line.spoiling.one_in.store(one_in, Ordering::SeqCst);
        self.cuts_all();
    }

    /// Every connection there is breaks when a PC uses it next, and no sooner: as behind a router
    /// that was started anew.
    pub fn forgets(&self) {
        self.line.forgot.fetch_add(1, Ordering::SeqCst);
    }

    /// Connections that broke after a while.
    pub fn broke(&self) -> u64 {
        self.line.broke.load(Ordering::SeqCst)
    }

    /// Bodies that were spoiled, and how many of them were carried again.
    pub fn spoiled(&self) -> (u64, u64) {
        self.line.spoiling.counts()
    }

    fn cuts_all(&self) {
        for (pc, server) in self.line.open.lock().unwrap().drain(..) {
            close(&pc, &server);
        }
    }

    /// Bytes that went up and down so far.
    pub fn bytes(&self) -> (u64, u64) {
        (self.line.up.load(Ordering::SeqCst), self.line.down.load(Ordering::SeqCst))
    }

    /// Bytes of bodies that went both ways so far, without the heads of calls and answers.
    pub fn bodies(&self) -> u64 {
        self.line.spoiling.bodies()
    }

    /// Connections that were held back, refused, cut on the way up, cut on the way down.
    pub fn faults(&self) -> [u64; 4] {
        [0, 1, 2, 3].map(|which: usize| self.line.faults[which].load(Ordering::SeqCst))
    }
}

impl Line {
    /// Waits for the turn of these bytes on a narrow line.
    fn takes_turn(&self, way: Way, bytes: usize) {
        let rate = self.bytes_per_second.load(Ordering::SeqCst);
        if rate == 0 {
            return;
        }
        let lasts = Duration::from_secs_f64(bytes as f64 / rate as f64);
        let due = {
            let mut free = self.free[usize::from(way == Way::Down)].lock().unwrap();
            let now = Instant::now();
            let due = free.unwrap_or(now).max(now) + lasts;
            *free = Some(due);
            due
        };
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }

    fn chunk(&self) -> usize {
        if self.bytes_per_second.load(Ordering::SeqCst) == 0 { CHUNK } else { NARROW_CHUNK }
    }

    fn fate(&self, chance: &mut Chance) -> Fate {
        let breaks_after = self.breaks_after.load(Ordering::SeqCst);
        if breaks_after > 0 {
            return Fate::CutDown(breaks_after);
        }
        let breaks_within = self.breaks_within.load(Ordering::SeqCst);
        if breaks_within > 0 {
            return Fate::Cut(chance.below(breaks_within));
        }
        if !self.is_bad.load(Ordering::SeqCst) {
            return Fate::Late(Duration::from_millis(self.one_way_ms.load(Ordering::SeqCst)));
        }
        let (which, fate) = match chance.below(8) {
            0..=3 => (0, Fate::Late(Duration::from_millis(chance.below(HOLDS_MS_MAX)))),
            4 => (1, Fate::Refused),
            5 => (2, Fate::CutUp(chance.below(BYTES_MAX))),
            _ => (3, Fate::CutDown(chance.below(BYTES_MAX))),
        };
        self.faults[which].fetch_add(1, Ordering::SeqCst);
        fate
    }
}

fn close(one: &TcpStream, other: &TcpStream) {
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

fn pass(line: &Arc<Line>, (pc, server): (TcpStream, SocketAddr), fate: Fate, mut chance: Chance) {
    if matches!(fate, Fate::Refused) {
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let _ = (pc.set_nodelay(true), server.set_nodelay(true));
    let (Ok(pc_too), Ok(server_too)) = (pc.try_clone(), server.try_clone()) else { return };
    if let (Ok(one), Ok(other)) = (pc.try_clone(), server.try_clone()) {
        let mut open = line.open.lock().unwrap();
        open.retain(|(pc, _)| pc.peer_addr().is_ok());
        open.push((one, other));
    }
    let (late, up, down) = match fate {
        Fate::Late(late) => (late, u64::MAX, u64::MAX),
        Fate::CutUp(bytes) => (Duration::ZERO, bytes, u64::MAX),
        Fate::CutDown(bytes) => (Duration::ZERO, u64::MAX, bytes),
        Fate::Cut(bytes) => (Duration::ZERO, bytes, bytes),
        Fate::Refused => return,
    };
    let call = Call::default();
    let mut follows = |way| {
        let chance = Chance::new(chance.below(u64::MAX));
        Follower::new(way, chance, (&call, &line.spoiling))
    };
    let (upward, downward) = (follows(Way::Up), follows(Way::Down));
    thread::scope(|both| {
        both.spawn(|| flow(line, (server_too, pc_too), (late, down), (&line.down, downward)));
        flow(line, (pc, server), (late, up), (&line.up, upward));
    });
}

/// Passes one way until an end is closed or the bytes are used up; then both are cut.
fn flow(
    line: &Line,
    (from, to): (TcpStream, TcpStream),
    (late, most): (Duration, u64),
    (count, mut follower): (&AtomicU64, Follower<'_>),
) {
    let way = follower.way();
    let known = line.forgot.load(Ordering::SeqCst);
    if late.is_zero() {
        let broke = copy((&from, line.chunk()), most, count, |bytes| {
            if way == Way::Up && line.forgot.load(Ordering::SeqCst) != known {
                return false;
            }
            line.takes_turn(way, bytes.len());
            follower.sees(bytes);
            (&to).write_all(bytes).is_ok()
        });
        line.broke.fetch_add(u64::from(broke), Ordering::SeqCst);
        return close(&from, &to);
    }
    let (tell, told): (Sender<(Instant, Vec<u8>)>, Receiver<_>) = channel();
    let writes = to.try_clone();
    let writer = thread::spawn(move || {
        let Ok(mut to) = writes else { return };
        for (due, bytes) in told {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                return;
            }
        }
    });
    let from_here = (&from, line.chunk());
    copy(from_here, most, count, |bytes| {
        tell.send((Instant::now() + late, bytes.to_vec())).is_ok()
    });
    drop(tell);
    let _ = writer.join();
    close(&from, &to);
}

/// Says whether it ended because the bytes were used up.
fn copy(
    (mut from, chunk): (&TcpStream, usize),
    mut most: u64,
    count: &AtomicU64,
    mut pass: impl FnMut(&mut [u8]) -> bool,
) -> bool {
    let mut bytes = vec![0; chunk];
    while most > 0 {
        let read = match from.read(&mut bytes) {
            Ok(0) => return false,
            Ok(read) => read,
            Err(fault) if fault.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return false,
        };
        let passed = read.min(usize::try_from(most).unwrap_or(usize::MAX));
        most -= passed as u64;
        count.fetch_add(passed as u64, Ordering::SeqCst);
        if !pass(&mut bytes[..passed]) {
            return false;
        }
    }
    true
}
