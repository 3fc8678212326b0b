//! Books: series of numbers per year, who may give the next one, and why one may be missing.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::held::HeldNumber;
use crate::id::{BookId, DeviceId, DocumentId, OfficerId};

/// Numbers one statement about paper may cover (SYNC 2.5); more needs a second named person.
pub const PLACEHOLDERS_MAX: u32 = 200;
/// Numbers a statement of two persons may cover: more than a year of a commune.
pub const CONFIRMED_PLACEHOLDERS_MAX: u32 = 20_000;
/// How far a forced take-over raises the epoch, so that hand-overs made meanwhile stay below it
/// (SYNC R4).
pub const FORCE_STRIDE: u32 = 1000;

/// How far the epoch rises when the server is set back from a copy: no take-over of the life that
/// was lost reaches it.
pub(crate) const RESTORE_STRIDE: u32 = 1_000_000;

/// Incoming or outgoing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Sổ đăng ký văn bản đến.
    Incoming,
    /// Sổ đăng ký văn bản đi.
    Outgoing,
}

/// One series. Which kinds share it is the head's decision (NĐ 30/2020 Đ15.1), so it is plain
/// state, not code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Never changes.
    pub id: BookId,
    /// `Văn bản đến`, `Quyết định`.
    pub name: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// Short names of the kinds it takes; empty takes every kind.
    pub kinds: Vec<String>,
    /// Counters by year.
    #[serde(deserialize_with = "by_number")]
    pub years: BTreeMap<i16, YearCount>,
    /// Who may give its numbers.
    pub lease: Lease,
    /// A closed book takes nothing new.
    pub open: bool,
    /// The last paper number as a second person stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
    /// Numbers stamped on documents that the log does not have yet (SYNC R24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strays: Vec<Stray>,
}

/// A number that is on a paper, while its document is on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    /// The document.
    pub document: DocumentId,
    /// Who stamped it.
    pub by: OfficerId,
    /// The number, as the document will show it.
    pub held: HeldNumber,
}

/// The count of one year: numbers `first..next` are each a document, a void or a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearCount {
    /// 1, or the first number after an opening range.
    pub first: u32,
    /// The number the next document gets.
    pub next: u32,
    /// Date of the last number given; dates never go back (NĐ 30/2020 Đ15.1).
    pub last_date: Option<Date>,
    /// The old book this one goes on from, when it started inside a year.
    pub opening: Option<Opening>,
    /// Numbers used on paper and not yet re-entered.
    pub placeholders: Vec<Placeholders>,
    /// Numbers voided without a document, with the reason printed in the book.
    #[serde(deserialize_with = "by_number")]
    pub voids: BTreeMap<u32, String>,
    /// Letters given behind a number that two papers carry: how many.
    #[serde(default, deserialize_with = "by_number", skip_serializing_if = "BTreeMap::is_empty")]
    pub suffixes: BTreeMap<u32, u8>,
}

/// Where an old book stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Last number in the old book.
    pub last_number: u32,
    /// Its date.
    pub last_date: Date,
}

/// A range used on paper, to be re-entered; the epochs that may fill it (SYNC R3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placeholders {
    /// First number.
    pub from: u32,
    /// Last number.
    pub to: u32,
    /// Lowest lease epoch that may fill it.
    pub epoch_from: u32,
    /// Highest lease epoch that may fill it.
    pub epoch_to: u32,
    /// Why the numbers were used on paper; empty after the server was set back.
    pub reason: String,
    /// Date of the number before the range: what is re-entered is not older (NĐ 30/2020 Đ15.1).
    pub after: Option<Date>,
    /// What is re-entered is not younger: the next number has this date or a later one.
    pub until: Date,
}

/// Exactly one party may give numbers at any time (SYNC 2.5); it never expires by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who.
    pub holder: Holder,
    /// The fence: a claim of an older epoch is never accepted silently.
    pub epoch: u32,
    /// The first epoch since the last forced take-over; hand-overs count on from it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub floor: u32,
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// What a second person read off the paper register, before a take-over that needs him.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Who.
    pub by: OfficerId,
    /// The year of the count.
    pub year: i16,
    /// The last number on paper.
    pub last_number: u32,
}

/// Who gives the numbers of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "at", content = "device")]
pub enum Holder {
    /// The server, when it processes the command.
    Server,
    /// One PC, online or not.
    Device(DeviceId),
    /// Nobody, until the last paper number is stated.
    Frozen,
}

/// What a numbering command claims: this number, under this epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseClaim {
    /// The book.
    pub book: BookId,
    /// The epoch of the lease the giver holds.
    pub epoch: u32,
    /// The year of the count.
    pub year: i16,
    /// The number given.
    pub number: u32,
}

/// Reads a map whose names are numbers. JSON writes them as text, and text they remain when the
/// tag of a state stands behind its body.
fn by_number<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: FromStr + Ord,
    V: Deserialize<'de>,
{
    let number = |name: String| name.parse().map_err(|_| D::Error::custom("not a number"));
    BTreeMap::<String, V>::deserialize(from)?
        .into_iter()
        .map(|(name, value)| Ok((number(name)?, value)))
        .collect()
}

impl YearCount {
    /// A year that starts at 01 on 1 January (NĐ 30/2020 Đ15.1).
    pub fn fresh() -> YearCount {
        YearCount {
            first: 1,
            next: 1,
            last_date: None,
            opening: None,
            placeholders: Vec::new(),
            voids: BTreeMap::new(),
            suffixes: BTreeMap::new(),
        }
    }

    /// A year that goes on from an old book.
    pub fn after(opening: Opening) -> YearCount {
        let first = opening.last_number.saturating_add(1);
        YearCount {
            first,
            next: first,
            last_date: Some(opening.last_date),
            opening: Some(opening),
            placeholders: Vec::new(),
            voids: BTreeMap::new(),
            suffixes: BTreeMap::new(),
        }
    }

    /// The paper range that still waits for this number.
    pub fn placeholder(&self, number: u32) -> Option<&Placeholders> {
        self.placeholders.iter().find(|range| range.from <= number && number <= range.to)
    }

    /// The date that a document of this number may not go behind.
    pub fn date_before(&self, number: u32) -> Option<Date> {
        self.placeholder(number).map_or(self.last_date, |range| range.after)
    }

    /// Takes one number out of its paper range, splitting the range where it must. Its date, when
    /// it has one, then bounds the dates of the numbers that still wait.
    pub fn fill(&mut self, number: u32, on: Option<Date>) {
        let mut kept = Vec::with_capacity(self.placeholders.len() + 1);
        for range in self.placeholders.drain(..) {
            if number < range.from || range.to < number {
                kept.push(range);
                continue;
            }
            if range.from < number {
                kept.push(Placeholders { to: number - 1, ..range.clone() });
            }
            if number < range.to {
                kept.push(Placeholders { from: number + 1, ..range });
            }
        }
        for range in &mut kept {
            if range.to < number {
                range.until = on.map_or(range.until, |on| on.min(range.until));
            } else {
                range.after = range.after.max(on);
            }
        }
        self.placeholders = kept;
    }
}

impl Book {
    /// The count of a year as it stands, or as it will start.
    pub fn year(&self, year: i16) -> YearCount {
        self.years.get(&year).cloned().unwrap_or_else(YearCount::fresh)
    }

    /// The latest year in which a number was given, here or in the old book it goes on from.
    pub fn latest_year(&self) -> Option<i16> {
        let begun = |count: &YearCount| count.next > count.first || count.opening.is_some();
        self.years.iter().rev().find(|(_, count)| begun(count)).map(|(year, _)| *year)
    }

    /// Whether the book takes documents of this kind.
    pub fn takes(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|taken| taken == kind)
    }
}
