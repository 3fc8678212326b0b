//! A book handed over on a stick: its state, and what the giver has not sent, sealed for the
//! receiver and signed by the giver.
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use register::{AgencyId, Book, Device, DeviceId, OfficerId};
use store::Carried;
use sync::wire::{Hex, Hex32, Hex64, Pushed};
use sync::{Envelope, decode};

use crate::durable;

/// How such a file's name ends.
pub(crate) const FILE_END: &str = "vtbg";
/// Bytes of a file: a year of an office without a line, packed.
const FILE_BYTES_MAX: u64 = 10 << 20;
/// Bytes of it unpacked: some 25,000 acts. Nothing of them is kept whole: it is read as it is
/// unpacked.
const PLAIN_BYTES_MAX: u64 = 40 << 20;
const PACKING_LEVEL: i32 = 3;
/// Memory unpacking may ask for, as a power of two: 4 MiB.
const WINDOW_LOG_MAX: u32 = 22;
const VERSION: u32 = 2;
const DOMAIN: &[u8] = b"vanthu/bundle/1\0";
const NONCE_BYTES: usize = 24;
const PROBE: &str = "ban-giao.thu";

/// Why a file was not written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BundleFault {
    /// The disk.
    #[error("the hand-over file")]
    Disk(#[from] std::io::Error),
    /// It is not what was written.
    #[error("the hand-over file is broken")]
    Broken,
    /// It is larger than any office makes it.
    #[error("the hand-over file is over its limit")]
    TooLarge,
    /// No known key signed it.
    #[error("the hand-over file is not signed by a PC that is known here")]
    NotSigned,
    /// It is sealed for another PC.
    #[error("the hand-over file is for another PC")]
    NotForUs,
}

/// What is handed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bundle {
    /// Whose book.
    pub agency: AgencyId,
    /// The giver.
    pub from: DeviceId,
    /// The receiver.
    pub to: DeviceId,
    /// The book as the receiver goes on with it.
    pub book: Book,
    /// What the giver has not sent, its own and what it carries itself.
    pub commands: Vec<Pushed>,
}

/// The key of the content, sealed for one officer of the receiving PC.
#[derive(Serialize, Deserialize)]
struct SealedKey {
    public: Hex32,
    nonce: Hex<NONCE_BYTES>,
    sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Outer {
    v: u32,
    from: DeviceId,
    to: DeviceId,
    ephemeral: Hex32,
    keys: Vec<SealedKey>,
    nonce: Hex<NONCE_BYTES>,
    content: String,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    /// The text of [`Outer`].
    outer: String,
    officer: OfficerId,
    public: Hex32,
    sig: Hex64,
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn unbase64(text: &str) -> Result<Vec<u8>, BundleFault> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| BundleFault::Broken)
}

/// The key two parties share, from one's secret and the other's public half.
fn shared(secret: [u8; 32], public: MontgomeryPoint, to: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let point = Zeroizing::new(public.mul_clamped(secret).to_bytes());
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(to);
    hasher.update(*point);
    Zeroizing::new(hasher.finalize().into())
}

fn seal(key: &[u8; 32], nonce: [u8; NONCE_BYTES], plain: &[u8]) -> Result<String, BundleFault> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), plain).map_err(|_| BundleFault::TooLarge)?;
    Ok(base64(&sealed))
}

fn open(
    key: &[u8; 32],
    nonce: [u8; NONCE_BYTES],
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>, BundleFault> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = cipher.decrypt(&XNonce::from(nonce), unbase64(sealed)?.as_slice());
    plain.map(Zeroizing::new).map_err(|_| BundleFault::Broken)
}

/// Reads what was packed piece by piece, never whole.
fn unpacked(packed: &[u8]) -> Result<Bundle, BundleFault> {
    let mut decoder = zstd::stream::read::Decoder::new(packed).map_err(|_| BundleFault::Broken)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(|_| BundleFault::Broken)?;
    let plain = std::io::BufReader::new(decoder.take(PLAIN_BYTES_MAX));
    serde_json::from_reader(plain).map_err(|_| BundleFault::Broken)
}

fn signed_bytes(outer: &str) -> Vec<u8> {
    [DOMAIN, outer.as_bytes()].concat()
}

/// A text sealed for every officer of a PC, signed by one of another.
fn sealed_for(
    (from, to): (DeviceId, DeviceId),
    plain: &[u8],
    receiver: &Device,
    (officer, signing): (OfficerId, &SigningKey),
) -> Result<Vec<u8>, BundleFault> {
    if plain.len() as u64 > PLAIN_BYTES_MAX {
        return Err(BundleFault::TooLarge);
    }
    let packed = Zeroizing::new(zstd::bulk::compress(plain, PACKING_LEVEL)?);
    let content_key = Zeroizing::new(durable::random::<32>()?);
    let secret = Zeroizing::new(durable::random::<32>()?);
    let mut keys = Vec::new();
    for public in receiver.keys.values().flatten() {
        let Ok(verifying) = VerifyingKey::from_bytes(&public.0) else { continue };
        let key = shared(*secret, verifying.to_montgomery(), &public.0);
        let nonce = durable::random()?;
        let sealed = seal(&key, nonce, &*content_key)?;
        keys.push(SealedKey { public: Hex(public.0), nonce: Hex(nonce), sealed });
    }
    let nonce = durable::random()?;
    let outer = Outer {
        v: VERSION,
        from,
        to,
        ephemeral: Hex(MontgomeryPoint::mul_base_clamped(*secret).to_bytes()),
        keys,
        nonce: Hex(nonce),
        content: seal(&content_key, nonce, &packed)?,
    };
    let outer = serde_json::to_string(&outer).map_err(|_| BundleFault::Broken)?;
    let sig = Hex(signing.sign(&signed_bytes(&outer)).to_bytes());
    let public = Hex(signing.verifying_key().to_bytes());
    let text = serde_json::to_vec(&Signed { outer, officer, public, sig });
    let text = text.map_err(|_| BundleFault::Broken)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(BundleFault::TooLarge);
    }
    Ok(text)
}

impl Bundle {
    /// Whether a folder takes a file at all.
    pub fn probe(folder: &Path) -> Result<(), BundleFault> {
        let path = folder.join(PROBE);
        std::fs::write(&path, b"0")?;
        Ok(std::fs::remove_file(&path)?)
    }

    /// Writes the file for a PC, whole or not at all.
    pub fn write(
        &self,
        path: &Path,
        receiver: &Device,
        (officer, signing): (OfficerId, &SigningKey),
    ) -> Result<(), BundleFault> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|_| BundleFault::Broken)?);
        let text = sealed_for((self.from, self.to), &plain, receiver, (officer, signing))?;
        drop(plain);
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(&text)?;
        file.sync_all()?;
        drop(file);
        Ok(std::fs::rename(&part, path)?)
    }

    /// Reads a file that was sealed for the officer who sits here; `giver` looks a PC up.
    pub fn read(
        path: &Path,
        signing: &SigningKey,
        giver: &dyn Fn(DeviceId) -> Option<Device>,
    ) -> Result<Bundle, BundleFault> {
        let mut text = Vec::new();
        File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut text)?;
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(BundleFault::TooLarge);
        }
        Bundle::parse(text, signing, giver)
    }

    /// As [`Bundle::read`], from bytes. What was understood is let go before the next is read.
    pub fn parse(
        text: Vec<u8>,
        signing: &SigningKey,
        giver: &dyn Fn(DeviceId) -> Option<Device>,
    ) -> Result<Bundle, BundleFault> {
        let signed: Signed = serde_json::from_slice(&text).map_err(|_| BundleFault::Broken)?;
        drop(text);
        let outer: Outer = serde_json::from_str(&signed.outer).map_err(|_| BundleFault::Broken)?;
        let known = giver(outer.from).and_then(|device| device.keys.get(&signed.officer).cloned());
        let is_known = known.is_some_and(|keys| keys.iter().any(|key| key.0 == signed.public.0));
        let public =
            VerifyingKey::from_bytes(&signed.public.0).map_err(|_| BundleFault::NotSigned)?;
        let sig = Signature::from_bytes(&signed.sig.0);
        let verified = public.verify_strict(&signed_bytes(&signed.outer), &sig);
        if !is_known || verified.is_err() || outer.v != VERSION {
            return Err(BundleFault::NotSigned);
        }
        let mine = signing.verifying_key().to_bytes();
        let sealed = outer.keys.iter().find(|key| key.public.0 == mine);
        let sealed = sealed.ok_or(BundleFault::NotForUs)?;
        let ephemeral = MontgomeryPoint(outer.ephemeral.0);
        let key = shared(signing.to_scalar_bytes(), ephemeral, &mine);
        let content_key = open(&key, sealed.nonce.0, &sealed.sealed)?;
        let content_key: [u8; 32] =
            content_key.as_slice().try_into().map_err(|_| BundleFault::Broken)?;
        drop(signed);
        let packed = open(&content_key, outer.nonce.0, &outer.content)?;
        let outer = Outer { content: String::new(), ..outer };
        let bundle = unpacked(&packed)?;
        if bundle.from != outer.from || bundle.to != outer.to {
            return Err(BundleFault::Broken);
        }
        Ok(bundle)
    }

    /// The commands as they are carried; the bundle has none then.
    pub fn carried(&mut self) -> Result<Vec<Carried>, BundleFault> {
        let carried = std::mem::take(&mut self.commands).into_iter().map(|pushed| {
            let Pushed { raw, sig, before } = pushed;
            let command = decode(raw.as_bytes()).map_err(|_| BundleFault::Broken)?;
            let envelope = Envelope { raw: raw.into_bytes(), sig: sig.0 };
            let (dev, n, recorded) = (command.dev, command.n, before.map(|before| *before));
            Ok(Carried { dev, n, envelope, recorded })
        });
        carried.collect()
    }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
