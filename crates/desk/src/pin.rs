//! What a PIN must be, and how often it may be tried while no disk can count the tries.
use std::sync::atomic::{AtomicU32, Ordering};

use crate::durable;
use crate::keyring_error::{KeyringError, PIN_CHARS_MAX, PIN_CHARS_MIN, TRIES_MAX};

/// The PIN rule: six digits, or a passphrase of six characters, at least.
pub fn check_pin(pin: &str) -> Result<(), KeyringError> {
    match text::nfc(pin).chars().count() {
        0..PIN_CHARS_MIN => Err(KeyringError::PinTooShort),
        PIN_CHARS_MIN..=PIN_CHARS_MAX => Ok(()),
        _ => Err(KeyringError::PinTooLong),
    }
}

/// Tries of this program that no disk could count: full or closed to writing, it must not keep the
/// office from reading its book, and yet nobody may try for ever.
static TRIES: AtomicU32 = AtomicU32::new(0);

/// Counts a try that could not be written; any other fault is handed back.
pub(crate) fn count_unwritten(fault: KeyringError) -> Result<(), KeyringError> {
    let KeyringError::Disk { source, .. } = &fault else { return Err(fault) };
    if !durable::takes_nothing(source) {
        return Err(fault);
    }
    match TRIES.fetch_add(1, Ordering::Relaxed) {
        0..TRIES_MAX => Ok(()),
        TRIES_MAX.. => Err(KeyringError::LockedOut),
    }
}

/// The PIN was right.
pub(crate) fn give_back_unwritten() {
    TRIES.store(0, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use super::{KeyringError, TRIES_MAX, count_unwritten, give_back_unwritten};

    fn of_disk(kind: io::ErrorKind) -> KeyringError {
        KeyringError::Disk { doing: "writing", path: PathBuf::new(), source: kind.into() }
    }

    #[test]
    fn on_a_full_disk_a_pin_has_ten_tries_too() {
        for _ in 0..TRIES_MAX {
            count_unwritten(of_disk(io::ErrorKind::StorageFull)).unwrap();
        }
        let eleventh = count_unwritten(of_disk(io::ErrorKind::ReadOnlyFilesystem));
        assert!(matches!(eleventh, Err(KeyringError::LockedOut)));
        give_back_unwritten();
        count_unwritten(of_disk(io::ErrorKind::StorageFull)).unwrap();
        let broken = count_unwritten(of_disk(io::ErrorKind::InvalidData));
        assert!(matches!(broken, Err(KeyringError::Disk { .. })));
    }
}
