//! What a keeper of the directory signs: bytes that are written once, like those of a command.
use alloc::string::String;
use alloc::vec::Vec;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use register::Statement;

use crate::wire::{Hex, StatementSent};

/// Stands before the bytes that are signed, so that no other signature counts here.
const STATEMENT_DOMAIN: &[u8] = b"vanthu/directory/1\0";
/// Bytes of a statement: an entry with all its heirs and codes has some thousand.
pub const STATEMENT_BYTES_MAX: usize = 64 << 10;

fn signed_bytes(raw: &str) -> Vec<u8> {
    let mut bytes = Vec::from(STATEMENT_DOMAIN);
    bytes.extend_from_slice(raw.as_bytes());
    bytes
}

/// Writes a statement down and signs it; none where it is longer than its limit.
pub fn sign_statement(statement: &Statement, key: &SigningKey) -> Option<StatementSent> {
    let raw: String = serde_json::to_string(statement).ok()?;
    let sig = Hex(key.sign(&signed_bytes(&raw)).to_bytes());
    (raw.len() <= STATEMENT_BYTES_MAX).then_some(StatementSent { raw, sig })
}

/// Reads a statement; none where it is not one that this version knows.
pub fn read_statement(sent: &StatementSent) -> Option<Statement> {
    if sent.raw.len() > STATEMENT_BYTES_MAX {
        return None;
    }
    serde_json::from_str(&sent.raw).ok()
}

/// Whether a statement was signed with this key.
pub fn is_statement_of(sent: &StatementSent, key: &VerifyingKey) -> bool {
    // Strict, as for commands.
    key.verify_strict(&signed_bytes(&sent.raw), &Signature::from_bytes(&sent.sig.0)).is_ok()
}
