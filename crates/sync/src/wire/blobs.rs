//! Files on their way: parts of fixed size, each with its own hash, in any order (SYNC 2.7).
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bytes of one part; the last of a file may have fewer.
pub const PART_BYTES: u64 = 256 << 10;
/// Bytes one call may carry: parts that lie beside each other, on a line that is worth it.
pub const PARTS_BYTES_MAX: u64 = 1 << 20;
/// Bytes of one file; the same as a desk takes in.
pub const BLOB_BYTES_MAX: u64 = 64 << 20;
/// Header with the hexadecimal SHA-256 of the bytes one call carries.
pub const PART_HASH_HEADER: &str = "x-part-sha256";

/// How many parts a file of this size has.
pub fn parts_of(size: u64) -> u64 {
    size.div_ceil(PART_BYTES)
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
