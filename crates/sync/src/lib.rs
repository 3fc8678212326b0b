//! What PCs and the server say to each other: the signed command, the chain of a log, the wire.
//!
//! Pure like the register: no clock, no randomness, no file. Keys and bytes are arguments.
#![no_std]
extern crate alloc;

mod chain;
mod envelope;
pub mod evidence;
pub mod peer;
pub mod release;
pub mod replica;
mod statement;
pub mod wire;

pub use chain::{CHAIN_FORMAT, HASH_BYTES, Hash, Link, genesis, link_digest, link_hash};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use envelope::{
    CommandFault, Envelope, SIG_BYTES, SIGNING_DOMAIN, decode, encode, sign, verify,
};
pub use statement::{STATEMENT_BYTES_MAX, is_statement_of, read_statement, sign_statement};
