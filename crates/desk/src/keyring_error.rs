//! Why a keyring did not do what was asked, and the limits it keeps.
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use register::OfficerId;

/// Wrong PINs in a row before an administrator has to set a new one.
pub const TRIES_MAX: u32 = 10;
/// Digits of a PIN, or characters of a passphrase, at least.
pub const PIN_CHARS_MIN: usize = 6;
/// Characters of a passphrase at most.
pub const PIN_CHARS_MAX: usize = 128;
/// Officers with a PIN on one PC.
pub const OFFICERS_MAX: usize = 500;
/// The newest version of `keyring.json` that this program reads.
pub const KEYRING_VERSION: u32 = 1;

/// Why a keyring did not do what was asked.
#[derive(Debug, Error)]
pub enum KeyringError {
    /// The PIN is not the officer's.
    #[error("the PIN is wrong, {left} tries are left")]
    WrongPin {
        /// Tries left; at least one.
        left: u32,
    },
    /// Ten wrong PINs: an administrator sets a new one.
    #[error("the PIN is locked after {TRIES_MAX} wrong tries")]
    LockedOut,
    /// A PIN has six digits, a passphrase six characters, at least.
    #[error("the PIN has fewer than {PIN_CHARS_MIN} characters")]
    PinTooShort,
    /// Longer than anybody types.
    #[error("the PIN has more than {PIN_CHARS_MAX} characters")]
    PinTooLong,
    /// The officer has no PIN on this PC.
    #[error("officer {officer} has no PIN on this PC")]
    Unknown {
        /// Who was asked for.
        officer: OfficerId,
    },
    /// Only a demo profile opens without the officer's own PIN.
    #[error("the profile is not a demo")]
    NotADemo,
    /// Keys of another profile were shown.
    #[error("these keys belong to another profile")]
    AnotherProfile,
    /// There is a keyring here already.
    #[error("{path} is there already")]
    AlreadyThere {
        /// The keyring.
        path: PathBuf,
    },
    /// There is no keyring here.
    #[error("{path} is not there")]
    Missing {
        /// The keyring.
        path: PathBuf,
    },
    /// The secret of this PC is not there: the profile was copied from elsewhere.
    #[error("{path} is not there: the profile comes from another PC")]
    AnotherPc {
        /// Where the secret should be.
        path: PathBuf,
    },
    /// The recovery code does not open this keyring.
    #[error("the recovery code does not open {path}")]
    WrongRecovery {
        /// The keyring.
        path: PathBuf,
    },
    /// Every place of the keyring is taken.
    #[error("the keyring holds {OFFICERS_MAX} officers already")]
    Full,
    /// The file was written by a newer program.
    #[error("{path} has version {version}, this program knows {KEYRING_VERSION}")]
    Newer {
        /// The keyring.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The file is damaged.
    #[error("{path} is damaged: {what}")]
    Broken {
        /// The file.
        path: PathBuf,
        /// Which part.
        what: &'static str,
    },
    /// The disk did not do it.
    #[error("{doing} {path}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
