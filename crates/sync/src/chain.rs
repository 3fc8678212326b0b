//! The hash chain of a log: no entry can be changed, left out or moved unseen (SYNC 2.2).
use sha2::{Digest, Sha256};

use register::AgencyId;

use crate::envelope::Envelope;

/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;
/// Version of what goes into a link.
pub const CHAIN_FORMAT: u8 = 1;

/// A SHA-256.
pub type Hash = [u8; HASH_BYTES];

/// What one entry of a log says of itself beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// Its place: 1, 2, 3 …
    pub seq: u64,
    /// When it was taken in, in milliseconds since 1970 UTC.
    pub at: i64,
    /// `ok`, `rejected`, `held`.
    pub outcome: &'a str,
    /// Facts the log's keeper made; empty on a desk.
    pub eff: &'a [u8],
}

/// The hash before the first entry: the agency's id.
pub fn genesis(org: AgencyId) -> Hash {
    let mut hash = [0; HASH_BYTES];
    for (slot, byte) in hash.iter_mut().zip(org.0) {
        *slot = byte;
    }
    hash
}

fn put(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_be_bytes());
    hasher.update(part);
}

/// What an entry adds to the chain: with this alone the chain can be checked.
pub fn link_digest(link: Link<'_>, envelope: &Envelope) -> Hash {
    let mut entry = Sha256::new();
    put(&mut entry, &[CHAIN_FORMAT]);
    put(&mut entry, &link.seq.to_be_bytes());
    put(&mut entry, &link.at.to_be_bytes());
    put(&mut entry, &Sha256::digest(&envelope.raw));
    put(&mut entry, &envelope.sig);
    put(&mut entry, link.outcome.as_bytes());
    put(&mut entry, link.eff);
    entry.finalize().into()
}

/// The hash of an entry, which holds the hash of the one before it.
pub fn link_hash(previous: &Hash, link: Link<'_>, envelope: &Envelope) -> Hash {
    let mut chained = Sha256::new();
    chained.update(previous);
    chained.update(link_digest(link, envelope));
    chained.finalize().into()
}
