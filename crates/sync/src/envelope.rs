//! The signed command: bytes that are written once, signed, and never written again (SYNC 2.2).
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use register::{COMMAND_BYTES_MAX, Command};

/// Stands before the bytes that are signed, so that a signature says what it is for.
pub const SIGNING_DOMAIN: &[u8] = b"vanthu/command/1\0";
/// Bytes of a signature.
pub const SIG_BYTES: usize = 64;

/// A command as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The JSON bytes that were signed.
    pub raw: Vec<u8>,
    /// Ed25519 over the signing domain and the bytes.
    pub sig: [u8; SIG_BYTES],
}

/// Why bytes are no command of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandFault {
    /// More bytes than [`COMMAND_BYTES_MAX`].
    TooLarge,
    /// Not a command this version can read.
    Unreadable,
    /// The signature is not of this key over these bytes.
    BadSignature,
}

impl fmt::Display for CommandFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            CommandFault::TooLarge => "the command has more bytes than its limit",
            CommandFault::Unreadable => "the bytes are no command that this version can read",
            CommandFault::BadSignature => "the signature is not of this key over these bytes",
        })
    }
}

impl core::error::Error for CommandFault {}

/// The bytes of a command, once and for all.
///
/// # Errors
/// [`CommandFault::TooLarge`] when the command is over its limit.
pub fn encode(command: &Command) -> Result<Vec<u8>, CommandFault> {
    let raw = serde_json::to_vec(command).map_err(|_| CommandFault::Unreadable)?;
    if raw.len() > COMMAND_BYTES_MAX {
        return Err(CommandFault::TooLarge);
    }
    Ok(raw)
}

/// Reads a command from its bytes.
///
/// # Errors
/// [`CommandFault::TooLarge`] or [`CommandFault::Unreadable`].
pub fn decode(raw: &[u8]) -> Result<Command, CommandFault> {
    if raw.len() > COMMAND_BYTES_MAX {
        return Err(CommandFault::TooLarge);
    }
    serde_json::from_slice(raw).map_err(|_| CommandFault::Unreadable)
}

fn signed_bytes(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(SIGNING_DOMAIN.len() + raw.len());
    bytes.extend_from_slice(SIGNING_DOMAIN);
    bytes.extend_from_slice(raw);
    bytes
}

/// Signs the bytes of a command.
pub fn sign(raw: Vec<u8>, key: &SigningKey) -> Envelope {
    let sig = key.sign(&signed_bytes(&raw)).to_bytes();
    Envelope { raw, sig }
}

/// Checks the signature of a command.
///
/// # Errors
/// [`CommandFault::BadSignature`].
pub fn verify(envelope: &Envelope, key: &VerifyingKey) -> Result<(), CommandFault> {
    // Strict: a key of small order or a second form of the same signature is never accepted.
    key.verify_strict(&signed_bytes(&envelope.raw), &Signature::from_bytes(&envelope.sig))
        .map_err(|_| CommandFault::BadSignature)
}
