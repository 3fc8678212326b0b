//! One who sits in the middle of a line: follows the calls of one connection, and spoils files.
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sync::wire::PART_BYTES;

use crate::chance::Chance;

/// Bytes of a head that is followed; a longer one is no call of ours.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Up,
    Down,
}

/// Parts of files as a line sees them: which file, and which of its parts.
type Part = (Way, String, u64);

/// Bytes of a file that one call carries: which file, and where they begin.
type Carried = (Way, String, u64);

/// What was spoiled on a line.
#[derive(Debug, Default)]
pub struct Spoiling {
    /// The body of one call about a file of so many is spoiled; 0 is none.
    pub one_in: AtomicU64,
    /// Spoiled and not asked for again yet.
    open: Mutex<BTreeMap<Part, u64>>,
    spoiled: AtomicU64,
    noticed: AtomicU64,
    bodies: AtomicU64,
}

impl Spoiling {
    /// How many bodies were spoiled, and of how many the same part was carried again.
    pub fn counts(&self) -> (u64, u64) {
        (self.spoiled.load(Ordering::SeqCst), self.noticed.load(Ordering::SeqCst))
    }

    /// Bytes of all bodies that were passed, both ways, without heads.
    pub fn bodies(&self) -> u64 {
        self.bodies.load(Ordering::SeqCst)
    }

    fn are_carried(&self, (way, path, from): &Carried, bytes: u64) {
        let part = |at: u64| (*way, path.clone(), at / PART_BYTES);
        let mut open = self.open.lock().unwrap();
        let again: Vec<Part> =
            open.range(part(*from)..part(from + bytes)).map(|(part, _)| part.clone()).collect();
        for part in again {
            let times = open.remove(&part).unwrap_or_default();
            self.noticed.fetch_add(times, Ordering::SeqCst);
        }
    }

    fn is_spoiled(&self, part: Part) {
        self.spoiled.fetch_add(1, Ordering::SeqCst);
        *self.open.lock().unwrap().entry(part).or_default() += 1;
    }
}

/// The call that is under way on a connection; one follows another.
#[derive(Debug, Default)]
pub struct Call {
    /// The file whose bytes come down, and from where.
    comes_down: Mutex<Option<Carried>>,
}

enum Place {
    Head(Vec<u8>),
    Body {
        left: u64,
        spoil: Option<(u64, Part)>,
    },
    /// Not a call as we make them: passed on as it is.
    Lost,
}

/// Follows one way of a connection.
pub struct Follower<'a> {
    way: Way,
    place: Place,
    chance: Chance,
    call: &'a Call,
    spoiling: &'a Spoiling,
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(named, _)| named.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Where a span begins, as `content-range` and `range` say it.
fn begin(span: &str) -> Option<u64> {
    let digits = span.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    digits.split('-').next()?.parse().ok()
}

impl Follower<'_> {
    pub fn new<'a>(
        way: Way,
        chance: Chance,
        (call, spoiling): (&'a Call, &'a Spoiling),
    ) -> Follower<'a> {
        Follower { way, place: Place::Head(Vec::new()), chance, call, spoiling }
    }

    /// Which way the bytes go that it looks at.
    pub fn way(&self) -> Way {
        self.way
    }

    /// Looks at bytes that pass, and may spoil one of them.
    pub fn sees(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            let (seen, next) = match std::mem::replace(&mut self.place, Place::Lost) {
                Place::Lost => return,
                Place::Head(head) => self.reads_head(head, bytes),
                Place::Body { left, spoil } => self.reads_body((left, spoil), bytes),
            };
            self.place = next;
            bytes = &mut bytes[seen..];
        }
    }

    fn reads_head(&mut self, mut head: Vec<u8>, bytes: &[u8]) -> (usize, Place) {
        for (at, byte) in bytes.iter().enumerate() {
            head.push(*byte);
            if head.ends_with(b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&head).into_owned();
                return (at + 1, self.begins_body(&text));
            }
        }
        let next = if head.len() > HEAD_BYTES_MAX { Place::Lost } else { Place::Head(head) };
        (bytes.len(), next)
    }

    fn begins_body(&mut self, head: &str) -> Place {
        if header(head, "transfer-encoding").is_some() {
            return Place::Lost;
        }
        let left: u64 =
            header(head, "content-length").and_then(|bytes| bytes.parse().ok()).unwrap_or(0);
        let carried = match self.way {
            Way::Up => self.asked(head),
            Way::Down => {
                let asked = self.call.comes_down.lock().unwrap().take();
                asked.filter(|_| head.contains(" 206 "))
            }
        };
        if let Some(carried) = &carried {
            self.spoiling.are_carried(carried, left.next_multiple_of(PART_BYTES));
        }
        let one_in = self.spoiling.one_in.load(Ordering::SeqCst);
        let carried = carried.filter(|_| left > 0 && one_in > 0 && self.chance.below(one_in) == 0);
        let spoil = carried.map(|(way, path, from)| {
            let at = self.chance.below(left);
            (at, (way, path, (from + at) / PART_BYTES))
        });
        if left == 0 { Place::Head(Vec::new()) } else { Place::Body { left, spoil } }
    }

    /// What a call brings; what it fetches is known to the other way.
    fn asked(&self, head: &str) -> Option<Carried> {
        let (method, rest) = head.split_once(' ')?;
        let path = rest.split(' ').next().filter(|path| path.starts_with("/v1/blob/"))?;
        let part = |way, span| Some((way, path.to_owned(), begin(span)?));
        match method {
            "PUT" => part(Way::Up, header(head, "content-range")?),
            "GET" => {
                let down = header(head, "range").and_then(|span| part(Way::Down, span));
                *self.call.comes_down.lock().unwrap() = down;
                None
            }
            _ => None,
        }
    }

    fn reads_body(
        &self,
        (left, spoil): (u64, Option<(u64, Part)>),
        bytes: &mut [u8],
    ) -> (usize, Place) {
        let seen = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        self.spoiling.bodies.fetch_add(seen as u64, Ordering::SeqCst);
        let spoil = match spoil {
            Some((at, part)) if at < seen as u64 => {
                bytes[usize::try_from(at).unwrap()] ^= 0x20;
                self.spoiling.is_spoiled(part);
                None
            }
            later => later.map(|(at, part)| (at - seen as u64, part)),
        };
        let left = left - seen as u64;
        let next = if left == 0 { Place::Head(Vec::new()) } else { Place::Body { left, spoil } };
        (seen, next)
    }
}
