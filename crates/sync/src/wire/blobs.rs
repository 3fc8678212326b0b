//! Files on their way: parts of fixed size, each with its own hash, in any order (SYNC 2.7).
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::Hex32;

/// Bytes of one part; the last of a file may have fewer.
pub const PART_BYTES: u64 = 256 << 10;
/// Bytes one call may carry: parts that lie beside each other, on a line that is worth it.
pub const PARTS_BYTES_MAX: u64 = 1 << 20;
/// Bytes of one file; the same as a desk takes in.
pub const BLOB_BYTES_MAX: u64 = 64 << 20;
/// Header with the hexadecimal SHA-256 of each part one call carries, with commas between.
pub const PART_HASH_HEADER: &str = "x-part-sha256";

/// How many parts a file of this size has.
pub fn parts_of(size: u64) -> u64 {
    size.div_ceil(PART_BYTES)
}

/// The hashes of parts that lie beside each other: of what broke off on the way, or was spoiled,
/// the parts before that place are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHashes(Vec<Hex32>);

impl PartHashes {
    /// Of bytes that begin where a part does.
    pub fn of(bytes: &[u8]) -> PartHashes {
        PartHashes(bytes.chunks(PART_BYTES as usize).map(hash_of).collect())
    }

    /// The same, where they were reckoned elsewhere.
    pub fn new(hashes: Vec<Hex32>) -> PartHashes {
        PartHashes(hashes)
    }

    /// Reads the header; none when it is not one.
    pub fn parse(text: &str) -> Option<PartHashes> {
        let most = PARTS_BYTES_MAX / PART_BYTES;
        let named = text.split(',').take(most as usize + 1);
        let hashes = named.map(|one| Hex32::parse(one.trim())).collect::<Option<Vec<_>>>()?;
        (hashes.len() as u64 <= most).then_some(PartHashes(hashes))
    }

    /// How many parts these are.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// How many bytes from the beginning are of parts that are right.
    pub fn right(&self, bytes: &[u8]) -> usize {
        let parts = bytes.chunks(PART_BYTES as usize).zip(&self.0);
        parts.take_while(|(part, hash)| hash_of(part) == **hash).map(|(part, _)| part.len()).sum()
    }
}

impl fmt::Display for PartHashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, hash) in self.0.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(f, "{comma}{hash}")?;
        }
        Ok(())
    }
}

fn hash_of(part: &[u8]) -> Hex32 {
    super::Hex(Sha256::digest(part).into())
}

/// Which parts of a file are there. Part 0 is the highest bit of the first byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartMarks(Vec<u8>);

impl PartMarks {
    /// Whether a part is there.
    pub fn has(&self, part: u64) -> bool {
        let byte = usize::try_from(part / 8).ok().and_then(|at| self.0.get(at));
        byte.is_some_and(|byte| byte & mask(part) != 0)
    }

    /// Notes that a part of a file is there.
    pub fn set(&mut self, part: u64) {
        let Ok(at) = usize::try_from(part / 8) else { return };
        if part >= parts_of(BLOB_BYTES_MAX) {
            return;
        }
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(byte) = self.0.get_mut(at) {
            *byte |= mask(part);
        }
    }

    /// The parts that a file of this size still lacks, in their order.
    pub fn missing(&self, size: u64) -> impl Iterator<Item = u64> + '_ {
        (0..parts_of(size)).filter(|part| !self.has(*part))
    }
}

fn mask(part: u64) -> u8 {
    0x80 >> (part % 8)
}

impl Serialize for PartMarks {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut digits = String::with_capacity(self.0.len() * 2);
        for byte in &self.0 {
            digits.extend(
                [byte >> 4, byte & 15]
                    .into_iter()
                    .filter_map(|half| char::from_digit(half.into(), 16)),
            );
        }
        to.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for PartMarks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(from)?;
        let mut marks = PartMarks::default();
        for (at, digit) in (0_u64..).zip(digits.chars()) {
            let half = digit.to_digit(16).ok_or_else(|| de::Error::custom("not a digit"))?;
            for bit in (0..4).filter(|bit| half & (8 >> bit) != 0) {
                marks.set(at * 4 + bit);
            }
        }
        Ok(marks)
    }
}

/// How far a file has come to the server, as one PC may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobStanding {
    /// Bytes of the whole.
    pub size: u64,
    /// Bytes of one part.
    pub part_bytes: u64,
    /// All of it is there, and this PC need not send it.
    pub stored: bool,
    /// The parts this PC has sent; empty once the file is stored.
    #[serde(default)]
    pub have: PartMarks,
}

impl BlobStanding {
    /// The parts that are still to be sent, in their order.
    pub fn missing(&self) -> Vec<u64> {
        if self.stored { Vec::new() } else { self.have.missing(self.size).collect() }
    }
}
