//! Which officers can unlock this PC, and the keys that their PINs open.
//!
//! `keyring.json` holds no key in clear. For each officer it holds the file key of the profile and
//! the seed of his signing key, sealed under a key made from his PIN and the secret of this PC.
//! `device.secret` stands in for the operating system's key store: a private file beside the
//! keyring. It makes a keyring copied alone (a stick, a backup) useless, but whoever copies the
//! whole profile can guess PINs outside this program, where the ten tries do not count.
//!
//! The file key is sealed once more under a recovery code that is shown once, on founding, to be
//! kept on paper: when the disk dies, the code opens the copies and the mirror on another PC.
mod founding;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use register::OfficerId;

use crate::keyring_error::{KEYRING_VERSION, KeyringError, OFFICERS_MAX, TRIES_MAX};
use crate::keys::{BlobKey, FileKey, MirrorKey, RecoveryCode};
use crate::pin::check_pin;
use crate::{durable, pin};

/// Name of the keyring inside a profile, and inside a folder of copies.
pub const KEYRING_FILE: &str = "keyring.json";
const LOCK_FILE: &str = "keyring.lock";
pub(crate) const SECRET_FILE: &str = "device.secret";

/// The PIN of every officer of a demo profile; it guards nothing.
pub const DEMO_PIN: &str = "000000";

const KEYRING_BYTES_MAX: u64 = 1 << 20;
const NAME_CHARS_MAX: usize = 200;
const MEMORY_KIB_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 16;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const SEALED_BYTES: usize = 32 + 32 + TAG_BYTES;

/// How expensive a guess of a PIN is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// 64 MiB twice over: about a tenth of a second on an office PC.
    Office,
    /// As cheap as the method allows: for demo profiles and tests.
    Cheap,
}

impl Cost {
    fn memory_kib(self) -> u32 {
        match self {
            Cost::Office => 64 << 10,
            Cost::Cheap => 64,
        }
    }

    fn passes(self) -> u32 {
        match self {
            Cost::Office => 2,
            Cost::Cheap => 1,
        }
    }
}

/// What a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Real work: only the officer's own PIN opens it.
    Office,
    /// Shown to visitors: every officer has `DEMO_PIN`.
    Demo,
}

/// Who an officer is, as the door shows him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The officer in the register.
    pub id: OfficerId,
    /// Full name.
    pub name: String,
    /// Position.
    pub position: String,
}

/// An officer who has a PIN on this PC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPc {
    /// The officer in the register.
    pub id: OfficerId,
    /// Full name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Wrong PINs left; zero is locked out.
    pub tries_left: u32,
}

/// What a right PIN opens.
#[derive(Debug, Clone)]
pub struct Unlocked {
    /// Whose PIN it was.
    pub officer: OfficerId,
    /// Opens the database.
    pub file_key: FileKey,
    /// Seals the mirror.
    pub mirror_key: MirrorKey,
    /// Seals the files.
    pub blob_key: BlobKey,
    /// Signs this officer's commands on this PC; wiped when dropped.
    pub signing: SigningKey,
}

/// A new keyring, and what its founder needs at once.
#[derive(Debug)]
pub struct Founded {
    /// The keyring on disk.
    pub keyring: Keyring,
    /// The founder, unlocked.
    pub unlocked: Unlocked,
    /// To be shown once and kept on paper.
    pub recovery: RecoveryCode,
}

/// Where an officer's signing key comes from.
#[derive(Clone, Copy)]
enum Seed<'a> {
    /// Made here.
    Fresh,
    /// Made before: the server knows its public half.
    Known(&'a SigningKey),
}

type Result<T> = std::result::Result<T, KeyringError>;

#[derive(Serialize, Deserialize)]
struct Version1 {
    v: u32,
    purpose: Purpose,
    memory_kib: u32,
    passes: u32,
    check: String,
    recovery: Recovery,
    officers: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Recovery {
    nonce: String,
    sealed: String,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    id: OfficerId,
    name: String,
    position: String,
    tries_left: u32,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

#[derive(Deserialize)]
struct AnyVersion {
    v: u32,
}

/// The keyring of one profile. Every call reads the file anew, under a lock: the window and the
/// command line may be open together.
#[derive(Debug, Clone)]
pub struct Keyring {
    folder: PathBuf,
}

impl Keyring {
    /// Opens the keyring of a profile.
    pub fn load(folder: &Path) -> Result<Keyring> {
        let keyring = Keyring { folder: folder.to_owned() };
        keyring.read()?;
        Ok(keyring)
    }

    /// The officers who have a PIN here, in the order in which they were enrolled.
    pub fn officers(&self) -> Result<Vec<OnPc>> {
        let on_pc = |entry: Entry| {
            let Entry { id, name, position, tries_left, .. } = entry;
            OnPc { id, name, position, tries_left }
        };
        Ok(self.read()?.officers.into_iter().map(on_pc).collect())
    }

    /// Office or demo.
    pub fn purpose(&self) -> Result<Purpose> {
        Ok(self.read()?.purpose)
    }

    /// Gives an officer a PIN and a new signing key here, ten tries and no memory of an old PIN.
    /// Returns the public half, which a command must make known to the register.
    pub fn enrol(&self, by: &Unlocked, officer: &Person, pin: &str) -> Result<VerifyingKey> {
        check_pin(pin)?;
        let _lock = self.lock()?;
        let mut ring = self.read()?;
        self.check_profile(&ring, by)?;
        let added = (officer, pin, Seed::Fresh);
        let signing = self.add(&mut ring, &*self.secret()?, &by.file_key, added)?;
        self.write(&ring)?;
        Ok(signing.verifying_key())
    }

    /// Takes an officer's PIN away from this PC.
    pub fn withdraw(&self, by: &Unlocked, officer: OfficerId) -> Result<()> {
        let _lock = self.lock()?;
        let mut ring = self.read()?;
        self.check_profile(&ring, by)?;
        find(&mut ring, officer)?;
        ring.officers.retain(|entry| entry.id != officer);
        self.write(&ring)
    }

    /// Writes the name and position that the door shows, after the register changed them.
    pub fn describe(&self, officer: &Person) -> Result<()> {
        let _lock = self.lock()?;
        let mut ring = self.read()?;
        let entry = find(&mut ring, officer.id)?;
        let (name, position) = (short(&officer.name), short(&officer.position));
        if entry.name == name && entry.position == position {
            return Ok(());
        }
        (entry.name, entry.position) = (name, position);
        self.write(&ring)
    }

    /// Opens the keys of an officer.
    pub fn unlock(&self, officer: OfficerId, pin: &str) -> Result<Unlocked> {
        check_pin(pin)?;
        let _lock = self.lock()?;
        self.open_counted(officer, pin)
    }

    /// Opens the keys of an officer of a demo profile.
    pub fn unlock_demo(&self, officer: OfficerId) -> Result<Unlocked> {
        match self.purpose()? {
            Purpose::Demo => self.unlock(officer, DEMO_PIN),
            Purpose::Office => Err(KeyringError::NotADemo),
        }
    }

    /// Sets an officer's own new PIN; his signing key stays.
    pub fn change_pin(&self, officer: OfficerId, old: &str, new: &str) -> Result<()> {
        check_pin(old)?;
        check_pin(new)?;
        let _lock = self.lock()?;
        let opened = self.open_counted(officer, old)?;
        let mut ring = self.read()?;
        let (memory_kib, passes) = (ring.memory_kib, ring.passes);
        let secret = self.secret()?;
        let entry = find(&mut ring, officer)?;
        let person = Person {
            id: officer,
            name: std::mem::take(&mut entry.name),
            position: std::mem::take(&mut entry.position),
        };
        let keys = (&opened.file_key, &opened.signing);
        *entry = self.seal(keys, &secret, &person, pin_key(new), (memory_kib, passes))?;
        self.write(&ring)
    }

    /// Makes a new recovery code; the old one opens nothing that is copied from now on.
    pub fn renew_recovery(&self, by: &Unlocked) -> Result<RecoveryCode> {
        let _lock = self.lock()?;
        let mut ring = self.read()?;
        self.check_profile(&ring, by)?;
        let (code, recovery) = self.seal_recovery(&by.file_key)?;
        ring.recovery = recovery;
        self.write(&ring)?;
        Ok(code)
    }

    /// The file key of a keyring, out of its recovery code: works on any PC.
    pub fn recover(folder: &Path, code: &RecoveryCode) -> Result<FileKey> {
        let keyring = Keyring { folder: folder.to_owned() };
        let ring = keyring.read()?;
        let nonce = keyring.field::<NONCE_BYTES>(&ring.recovery.nonce, "nonce of the recovery")?;
        let sealed = keyring.field::<{ 32 + TAG_BYTES }>(&ring.recovery.sealed, "recovery")?;
        let opened = XChaCha20Poly1305::new(&code.key().into())
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed, aad: RECOVERY_CONTEXT })
            .map(Zeroizing::new)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
            .map(FileKey::new)
            .filter(|key| key.check() == ring.check);
        opened.ok_or(KeyringError::WrongRecovery { path: keyring.path() })
    }

    /// Takes a try, checks the PIN, gives the tries back. The try is on disk before the check, so
    /// that killing the program during it gives nothing away.
    fn open_counted(&self, officer: OfficerId, pin: &str) -> Result<Unlocked> {
        let secret = self.secret()?;
        let mut ring = self.read()?;
        let entry = find(&mut ring, officer)?;
        entry.tries_left =
            entry.tries_left.min(TRIES_MAX).checked_sub(1).ok_or(KeyringError::LockedOut)?;
        let left = entry.tries_left;
        let taken = entry.clone();
        let counted = self.write(&ring);
        let is_written = counted.is_ok();
        if let Err(fault) = counted {
            // A disk that takes nothing must not keep the office from reading its book.
            pin::count_unwritten(fault)?;
        }
        let Some((file_key, signing)) = self.open(&taken, &secret, pin_key(pin))? else {
            return Err(match left {
                0 => KeyringError::LockedOut,
                1.. => KeyringError::WrongPin { left },
            });
        };
        find(&mut ring, officer)?.tries_left = TRIES_MAX;
        if is_written {
            self.write(&ring)?;
        } else {
            pin::give_back_unwritten();
        }
        Ok(unlocked(officer, file_key, signing))
    }

    fn add(
        &self,
        ring: &mut Version1,
        secret: &[u8; 32],
        file_key: &FileKey,
        (officer, pin, seed): (&Person, &str, Seed<'_>),
    ) -> Result<SigningKey> {
        let signing = match seed {
            Seed::Known(signing) => signing.clone(),
            Seed::Fresh => {
                let seed = durable::random().map_err(disk("making a key for", &self.path()))?;
                SigningKey::from_bytes(&Zeroizing::new(seed))
            }
        };
        let cost = (ring.memory_kib, ring.passes);
        let entry = self.seal((file_key, &signing), secret, officer, pin_key(pin), cost)?;
        if let Ok(known) = find(ring, officer.id) {
            *known = entry;
        } else if ring.officers.len() < OFFICERS_MAX {
            ring.officers.push(entry);
        } else {
            return Err(KeyringError::Full);
        }
        Ok(signing)
    }

    fn seal(
        &self,
        (file_key, signing): (&FileKey, &SigningKey),
        secret: &[u8; 32],
        officer: &Person,
        pin: Zeroizing<String>,
        (memory_kib, passes): (u32, u32),
    ) -> Result<Entry> {
        let (salt, nonce) = random_pair().map_err(disk("making a salt for", &self.path()))?;
        let key = self.stretch(&pin, secret, &salt, (memory_kib, passes))?;
        let mut keys = Zeroizing::new([0u8; 64]);
        for (slot, byte) in keys.iter_mut().zip(file_key.bytes().iter().chain(signing.as_bytes())) {
            *slot = *byte;
        }
        let sealed = XChaCha20Poly1305::new((&*key).into())
            .encrypt(
                &XNonce::from(nonce),
                Payload { msg: keys.as_slice(), aad: &context(officer.id) },
            )
            .map_err(|_| self.broken("sealing"))?;
        Ok(Entry {
            id: officer.id,
            name: short(&officer.name),
            position: short(&officer.position),
            tries_left: TRIES_MAX,
            memory_kib,
            passes,
            salt: durable::hex(&salt),
            nonce: durable::hex(&nonce),
            sealed: durable::hex(&sealed),
        })
    }

    /// `None` where the PIN is wrong.
    fn open(
        &self,
        entry: &Entry,
        secret: &[u8; 32],
        pin: Zeroizing<String>,
    ) -> Result<Option<(FileKey, SigningKey)>> {
        let salt = self.field::<SALT_BYTES>(&entry.salt, "salt")?;
        let nonce = self.field::<NONCE_BYTES>(&entry.nonce, "nonce")?;
        let sealed = self.field::<SEALED_BYTES>(&entry.sealed, "sealed keys")?;
        let key = self.stretch(&pin, secret, &salt, (entry.memory_kib, entry.passes))?;
        let opened = XChaCha20Poly1305::new((&*key).into())
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed, aad: &context(entry.id) });
        let Ok(keys) = opened.map(Zeroizing::new) else { return Ok(None) };
        let halves = keys.split_first_chunk::<32>();
        let (file_key, seed) = halves.ok_or_else(|| self.broken("length of the keys"))?;
        let seed = <[u8; 32]>::try_from(seed).map(Zeroizing::new);
        let seed = seed.map_err(|_| self.broken("length of the keys"))?;
        Ok(Some((FileKey::new(*file_key), SigningKey::from_bytes(&seed))))
    }

    fn stretch(
        &self,
        pin: &str,
        secret: &[u8; 32],
        salt: &[u8; SALT_BYTES],
        (memory_kib, passes): (u32, u32),
    ) -> Result<Zeroizing<[u8; 32]>> {
        if memory_kib > MEMORY_KIB_MAX || passes > PASSES_MAX {
            return Err(self.broken("cost of a PIN"));
        }
        let mut key = Zeroizing::new([0u8; 32]);
        Params::new(memory_kib, passes, 1, Some(32))
            .and_then(|params| {
                Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params)
            })
            .and_then(|argon| argon.hash_password_into(pin.as_bytes(), salt, key.as_mut_slice()))
            .map_err(|_| self.broken("cost of a PIN"))?;
        Ok(key)
    }

    fn seal_recovery(&self, file_key: &FileKey) -> Result<(RecoveryCode, Recovery)> {
        let fresh = RecoveryCode::random().and_then(|code| Ok((code, durable::random()?)));
        let (code, nonce) = fresh.map_err(disk("making a code for", &self.path()))?;
        let sealed = XChaCha20Poly1305::new(&code.key().into())
            .encrypt(
                &XNonce::from(nonce),
                Payload { msg: file_key.bytes().as_slice(), aad: RECOVERY_CONTEXT },
            )
            .map_err(|_| self.broken("sealing"))?;
        Ok((code, Recovery { nonce: durable::hex(&nonce), sealed: durable::hex(&sealed) }))
    }

    fn check_profile(&self, ring: &Version1, by: &Unlocked) -> Result<()> {
        if by.file_key.check() == ring.check { Ok(()) } else { Err(KeyringError::AnotherProfile) }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(KEYRING_FILE)
    }

    fn broken(&self, what: &'static str) -> KeyringError {
        KeyringError::Broken { path: self.path(), what }
    }

    fn field<const N: usize>(&self, text: &str, what: &'static str) -> Result<[u8; N]> {
        durable::unhex(text).ok_or_else(|| self.broken(what))
    }

    /// Held until dropped; other programs on the same profile wait.
    fn lock(&self) -> Result<File> {
        let path = self.folder.join(LOCK_FILE);
        let opened = durable::append_private(&path).or_else(|fault| {
            if durable::takes_nothing(&fault) { File::open(&path) } else { Err(fault) }
        });
        let lock = opened.and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        lock.map_err(disk("locking", &path))
    }

    fn secret(&self) -> Result<Zeroizing<[u8; 32]>> {
        let path = self.folder.join(SECRET_FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                return Err(KeyringError::AnotherPc { path });
            }
            Err(why) => return Err(disk("reading", &path)(why)),
        };
        let secret = <[u8; 32]>::try_from(bytes.as_slice());
        let what = "length of the secret";
        secret.map(Zeroizing::new).map_err(|_| KeyringError::Broken { path, what })
    }

    fn secret_or_new(&self) -> Result<Zeroizing<[u8; 32]>> {
        match self.secret() {
            Err(KeyringError::AnotherPc { path }) => {
                let fresh = durable::random().map_err(disk("making", &path))?;
                let secret = Zeroizing::new(fresh);
                durable::replace(&path, secret.as_slice()).map_err(disk("writing", &path))?;
                Ok(secret)
            }
            known => known,
        }
    }

    fn read(&self) -> Result<Version1> {
        let path = self.path();
        match fs::metadata(&path) {
            Ok(facts) if facts.len() > KEYRING_BYTES_MAX => return Err(self.broken("size")),
            Ok(_) => (),
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                return Err(KeyringError::Missing { path });
            }
            Err(why) => return Err(disk("reading", &path)(why)),
        }
        let bytes = fs::read(&path).map_err(disk("reading", &path))?;
        let any: AnyVersion = serde_json::from_slice(&bytes).map_err(|_| self.broken("JSON"))?;
        if any.v > KEYRING_VERSION {
            return Err(KeyringError::Newer { path, version: any.v });
        }
        serde_json::from_slice(&bytes).map_err(|_| self.broken("fields"))
    }

    fn write(&self, ring: &Version1) -> Result<()> {
        let path = self.path();
        let bytes = serde_json::to_vec_pretty(ring).map_err(|_| self.broken("fields"))?;
        durable::replace(&path, &bytes).map_err(disk("writing", &path))
    }
}

const RECOVERY_CONTEXT: &[u8] = b"vanthu/keyring/recovery/1\0";

/// One form, so that a passphrase typed with another keyboard program is the same.
fn pin_key(pin: &str) -> Zeroizing<String> {
    Zeroizing::new(text::nfc(pin))
}

fn random_pair<const A: usize, const B: usize>() -> io::Result<([u8; A], [u8; B])> {
    Ok((durable::random()?, durable::random()?))
}

fn short(words: &str) -> String {
    words.chars().take(NAME_CHARS_MAX).collect()
}

/// Binds sealed keys to their officer, so that entries cannot be exchanged.
fn context(officer: OfficerId) -> Vec<u8> {
    [b"vanthu/keyring/1\0".as_slice(), &officer.0].concat()
}

fn find(ring: &mut Version1, officer: OfficerId) -> Result<&mut Entry> {
    let known = ring.officers.iter_mut().find(|entry| entry.id == officer);
    known.ok_or(KeyringError::Unknown { officer })
}

fn unlocked(officer: OfficerId, file_key: FileKey, signing: SigningKey) -> Unlocked {
    let (mirror_key, blob_key) = (file_key.mirror(), file_key.blobs());
    Unlocked { officer, file_key, mirror_key, blob_key, signing }
}

fn disk<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> KeyringError + 'a {
    move |source| KeyringError::Disk { doing, path: path.to_owned(), source }
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
