//! Totals by which a PC and the server see at the end of a call whether they hold the same (L8).
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use register::Key;

use super::{Hex, Hex32};
use crate::chain::{HASH_BYTES, Hash};

/// Stands before what is hashed.
const TOTAL_DOMAIN: &[u8] = b"vanthu/total/1\0";

/// All states of one kind that a session may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// [`Key::tag`].
    pub tag: u8,
    /// How many.
    pub count: u64,
    /// Their hashes over each other.
    pub xor: Hex32,
}

/// What one state adds: SHA-256 over the domain `vanthu/total/1\0`, the key's tag (1 byte) and id
/// (16 bytes), the version (8 bytes, big end first), and the state's JSON text byte for byte as the
/// server sent it in [`super::StateSent::state`]. Behind the version nothing has a length: the text
/// is the rest.
pub fn total_hash(key: Key, ver: u64, text: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(TOTAL_DOMAIN);
    hash.update([key.tag()]);
    hash.update(key.id());
    hash.update(ver.to_be_bytes());
    hash.update(text.as_bytes());
    hash.finalize().into()
}

/// Adds states up, in whatever order they come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals(BTreeMap<u8, (u64, Hash)>);

impl Totals {
    /// Adds one state.
    pub fn add(&mut self, key: Key, ver: u64, text: &str) {
        let (count, xor) = self.0.entry(key.tag()).or_insert((0, [0; HASH_BYTES]));
        *count += 1;
        for (slot, byte) in xor.iter_mut().zip(total_hash(key, ver, text)) {
            *slot ^= byte;
        }
    }

    /// The totals of every kind of which there is one, in the order of their tags.
    pub fn all(&self) -> Vec<Total> {
        let total = |(tag, (count, xor)): (&u8, &(u64, Hash))| Total {
            tag: *tag,
            count: *count,
            xor: Hex(*xor),
        };
        self.0.iter().map(total).collect()
    }
}
