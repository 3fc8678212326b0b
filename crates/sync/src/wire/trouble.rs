//! What the server says instead of an answer.
use alloc::string::String;

use serde::{Deserialize, Serialize};

/// Why a call was not answered. Nothing of it was done, unless it says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Trouble {
    /// The server was set back from a copy since (SYNC 2.9).
    OtherEpoch {
        /// Its life now.
        epoch: u32,
        /// Its head when it began.
        head0: u64,
    },
    /// The program is too old to read states; its commands were taken.
    TooOld {
        /// The oldest that can.
        min_app: String,
    },
    /// The session is over or unknown.
    NoSession,
    /// The PC or the officer was shut out; what is here is to be wiped.
    Revoked,
    /// Another PC has sent other bytes under this number: a disk was cloned.
    DeviceFork {
        /// The number.
        n: u64,
    },
    /// The log this PC has seen is not the log of this server.
    OtherLog {
        /// The entry that differs.
        seq: u64,
    },
    /// A code that is wrong, used or over.
    BadCode,
    /// The agency has a log already.
    NotEmpty,
    /// There is no such thing for this session.
    NotFound,
    /// The call is out of bounds: not JSON, too large, too many.
    Malformed {
        /// Which bound.
        what: String,
    },
    /// A signature is not what it should be.
    BadSignature,
    /// This PC is known already; an officer of it has to sign beside the new one.
    KnownPc,
    /// The bytes of a part, or of the whole file, are not those of their hash; they were not kept.
    WrongBytes,
    /// The agency has more unfinished files here than it may.
    NoRoom,
    /// Too many calls; try again later.
    Busy {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Something broke at the server; nothing was done.
    Broken,
}
