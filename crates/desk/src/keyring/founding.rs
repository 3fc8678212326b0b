//! The keyring of a new profile: founded, rebuilt from copies, or of a PC that joins an agency.
use std::path::Path;

use ed25519_dalek::SigningKey;

use super::{Cost, Founded, Keyring, Person, Purpose, Result, Seed, Version1, disk, unlocked};
use crate::durable;
use crate::keyring_error::{KEYRING_VERSION, KeyringError};
use crate::keys::FileKey;
use crate::pin::check_pin;

impl Keyring {
    /// Makes the keyring of a new profile with a fresh file key and its first officer.
    pub fn found(
        folder: &Path,
        purpose: Purpose,
        cost: Cost,
        founder: &Person,
        pin: &str,
    ) -> Result<Founded> {
        let fresh = durable::random().map_err(disk("making a key for", folder))?;
        Keyring::found_again(folder, FileKey::new(fresh), purpose, cost, founder, pin)
    }

    /// Makes the keyring of a profile whose file key is known: rebuilt from copies and mirror on
    /// another PC. The officer gets a new signing key and the profile a new recovery code.
    pub fn found_again(
        folder: &Path,
        file_key: FileKey,
        purpose: Purpose,
        cost: Cost,
        founder: &Person,
        pin: &str,
    ) -> Result<Founded> {
        let seed = Seed::Fresh;
        Keyring::found_with(folder, file_key, (purpose, cost), (founder, pin, seed))
    }

    fn found_with(
        folder: &Path,
        file_key: FileKey,
        (purpose, cost): (Purpose, Cost),
        (founder, pin, seed): (&Person, &str, Seed<'_>),
    ) -> Result<Founded> {
        check_pin(pin)?;
        durable::make_folder(folder).map_err(disk("making folder", folder))?;
        let keyring = Keyring { folder: folder.to_owned() };
        let _lock = keyring.lock()?;
        if keyring.path().exists() {
            return Err(KeyringError::AlreadyThere { path: keyring.path() });
        }
        let (code, recovery) = keyring.seal_recovery(&file_key)?;
        let mut ring = Version1 {
            v: KEYRING_VERSION,
            purpose,
            memory_kib: cost.memory_kib(),
            passes: cost.passes(),
            check: file_key.check(),
            recovery,
            officers: Vec::new(),
        };
        let secret = keyring.secret_or_new()?;
        let signing = keyring.add(&mut ring, &secret, &file_key, (founder, pin, seed))?;
        keyring.write(&ring)?;
        let unlocked = unlocked(founder.id, file_key, signing);
        Ok(Founded { keyring, unlocked, recovery: code })
    }

    /// Makes the keyring of a PC that joins an agency, with the key its server knows already.
    pub fn join(
        folder: &Path,
        (purpose, cost): (Purpose, Cost),
        officer: &Person,
        pin: &str,
        signing: &SigningKey,
    ) -> Result<Founded> {
        let fresh = durable::random().map_err(disk("making a key for", folder))?;
        let seed = Seed::Known(signing);
        Keyring::found_with(folder, FileKey::new(fresh), (purpose, cost), (officer, pin, seed))
    }
}
