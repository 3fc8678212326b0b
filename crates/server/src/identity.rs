//! The server's own key, and the name under which it signs entries of its own.
use std::fs::{File, OpenOptions, read};
use std::io::{ErrorKind, Write};
use std::path::Path;

use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use register::{AgencyId, Command, CommandId, DeviceId};
use sync::peer::{Seal, seal_bytes};
use sync::wire::{Head, Hex, Hex32, SignedHead, head_bytes};
use sync::{CommandFault, Envelope, SigningKey, VerifyingKey, encode, sign};

use crate::fault::StorageFault;
use crate::storage::Org;

/// The file of the key, in the server's folder.
pub(crate) const KEY_FILE: &str = "server.key";
const KEY_BYTES: usize = 32;

/// Who the server is.
pub struct Identity {
    key: SigningKey,
    /// The PC it counts as in every log.
    pub dev: DeviceId,
}

/// The first 16 bytes of a hash, as a name of version 8 (made by its own rule).
fn name_of(hash: Sha256) -> [u8; 16] {
    let mut name = [0; 16];
    for (slot, byte) in name.iter_mut().zip(hash.finalize()) {
        *slot = byte;
    }
    name[6] = (name[6] & 0x0f) | 0x80;
    name[8] = (name[8] & 0x3f) | 0x80;
    name
}

impl Identity {
    /// The identity that this seed makes.
    pub fn of(seed: &[u8; KEY_BYTES]) -> Identity {
        let key = SigningKey::from_bytes(seed);
        let mut hash = Sha256::new();
        hash.update(b"vanthu/server-device/1\0");
        hash.update(key.verifying_key().as_bytes());
        Identity { dev: DeviceId(name_of(hash)), key }
    }

    /// The public half of its key.
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The same in the form that travels.
    pub fn public_hex(&self) -> Hex32 {
        Hex(self.public().to_bytes())
    }

    /// The name of the n-th command of the server in a log: the same wherever it is made again.
    pub(crate) fn command_name(&self, org: &Org, n: u64) -> CommandId {
        let mut hash = Sha256::new();
        hash.update(b"vanthu/server-command/1\0");
        hash.update(self.dev.0);
        hash.update(org.id.0);
        hash.update(org.epoch.to_be_bytes());
        hash.update(n.to_be_bytes());
        CommandId(name_of(hash))
    }

    pub(crate) fn sign_command(&self, command: &Command) -> Result<Envelope, CommandFault> {
        Ok(sign(encode(command)?, &self.key))
    }

    /// Signs bytes that say themselves what they are for.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }

    /// Seals what is said to another server.
    pub(crate) fn seal(&self, to: Hex32, hash: Hex32) -> Seal {
        let from = self.public_hex();
        Seal { from, to, hash, sig: Hex(self.sign(&seal_bytes(&from, &to, &hash))) }
    }

    /// The point that this server shares with who has made the other one, and nobody else.
    pub(crate) fn agree(&self, theirs: MontgomeryPoint) -> MontgomeryPoint {
        theirs.mul_clamped(*Zeroizing::new(self.key.to_scalar_bytes()))
    }

    /// The end of a log, with the server's word for it.
    pub(crate) fn sign_head(&self, org: &Org) -> SignedHead {
        let bytes = head_bytes(org.id, org.epoch, org.head, &org.hash);
        let head = Head { seq: org.head, hash: Hex(org.hash) };
        SignedHead { head, sig: Hex(self.key.sign(&bytes).to_bytes()) }
    }

    /// Reads the key of a server's folder.
    ///
    /// # Errors
    /// When it is not there or not a key.
    pub fn open(folder: &Path) -> Result<Identity, StorageFault> {
        Identity::read(&folder.join(KEY_FILE))
    }

    /// Reads a key that lies anywhere.
    ///
    /// # Errors
    /// When it is not there or not a key.
    pub fn read(path: &Path) -> Result<Identity, StorageFault> {
        let bytes = read(path).map_err(|source| StorageFault::Io {
            doing: "reading the server's key",
            path: path.to_path_buf(),
            source,
        })?;
        let bytes = Zeroizing::new(bytes);
        let seed: &[u8; KEY_BYTES] =
            bytes.as_slice().try_into().map_err(|_| StorageFault::Form { what: "server key" })?;
        Ok(Identity::of(seed))
    }

    /// Writes a new key into a server's folder; one that is there stays.
    ///
    /// # Errors
    /// When there is a key already or the folder cannot be written.
    pub fn create(folder: &Path, seed: &[u8; KEY_BYTES]) -> Result<Identity, StorageFault> {
        let path = folder.join(KEY_FILE);
        let made = open_new(&path).and_then(|mut file| {
            file.write_all(seed)?;
            file.sync_all()
        });
        made.map_err(|source| StorageFault::Io {
            doing: "writing the server's key",
            path,
            source,
        })?;
        Ok(Identity::of(seed))
    }
}

/// Makes a server's folder: what stands in it is nobody's but the server's.
///
/// # Errors
/// Faults of the disk.
#[cfg(unix)]
pub fn make_folder(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes a server's folder.
///
/// # Errors
/// Faults of the disk.
#[cfg(not(unix))]
pub fn make_folder(dir: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).create(dir)
}

#[cfg(unix)]
fn open_new(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open_new(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Whether a failure to make the key means that there is one.
pub fn is_there_already(fault: &StorageFault) -> bool {
    matches!(fault, StorageFault::Io { source, .. } if source.kind() == ErrorKind::AlreadyExists)
}

/// Checks a signature by a public key as it is kept.
pub(crate) fn is_signed(public: &[u8; KEY_BYTES], bytes: &[u8], sig: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(sig)).is_ok())
}

/// The name of an agency's row of codes and tokens: only hashes are kept.
pub(crate) fn hash_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// An agency with nothing in its log.
pub(crate) fn empty_org(id: AgencyId) -> Org {
    Org { id, head: 0, hash: sync::genesis(id), epoch: 1, head0: 0, durable: 0 }
}
