//! The keys of a profile: what each opens, how it is derived, and the code that is kept on paper.
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::durable;

const RECOVERY_BYTES: usize = 15;
const RECOVERY_GROUP: usize = 4;
/// Crockford's digits: none is mistaken for another when read from paper.
const RECOVERY_DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name([u8; 32]);

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }

        impl $name {
            /// A key of these bytes.
            pub fn new(bytes: [u8; 32]) -> Self {
                $name(bytes)
            }

            /// The bytes, for the cipher.
            pub fn bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

key!(/// Opens the database of a profile; the other keys are derived from it.
    FileKey);
key!(/// Seals what is written to the mirror.
    MirrorKey);
key!(/// Seals the files of a profile.
    BlobKey);

impl FileKey {
    /// The key of the mirror of the same profile.
    pub fn mirror(&self) -> MirrorKey {
        MirrorKey(self.derive(b"vanthu/mirror/1\0"))
    }

    /// The key of the files of the same profile.
    pub fn blobs(&self) -> BlobKey {
        BlobKey(self.derive(b"vanthu/blobs/1\0"))
    }

    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(self.0).finalize().into()
    }

    /// Tells the keys of two profiles apart and gives nothing away.
    pub fn check(&self) -> String {
        durable::hex(&self.derive(b"vanthu/keyring/check/1\0"))
    }
}

/// The code on paper that opens copies and mirror when this PC is lost: `7K3M-…`, 120 bits.
#[derive(Clone)]
pub struct RecoveryCode([u8; RECOVERY_BYTES]);

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl RecoveryCode {
    /// A fresh code.
    pub fn random() -> std::io::Result<RecoveryCode> {
        durable::random().map(RecoveryCode)
    }

    /// Reads the code as a person typed it: any case, spaces and hyphens, O for 0, I or L for 1.
    pub fn parse(typed: &str) -> Option<RecoveryCode> {
        let mut bytes = [0u8; RECOVERY_BYTES];
        let (mut kept, mut bits, mut slots) = (0u32, 0u32, bytes.iter_mut());
        for letter in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = RECOVERY_DIGITS.iter().position(|known| char::from(*known) == letter)?;
            kept = (kept << 5) | u32::try_from(digit).ok()?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                *slots.next()? = u8::try_from((kept >> bits) & 0xff).ok()?;
                kept &= (1 << bits) - 1;
            }
        }
        (bits == 0 && slots.next().is_none()).then_some(RecoveryCode(bytes))
    }

    /// Seals the file key.
    pub fn key(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"vanthu/recovery/1\0").chain_update(self.0).finalize().into()
    }
}

/// Six groups of four, as it is written down.
impl std::fmt::Display for RecoveryCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mut kept, mut bits, mut written) = (0u32, 0u32, 0usize);
        for byte in self.0 {
            kept = (kept << 8) | u32::from(byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                let digit = ((kept >> bits) & 31) as usize;
                if written > 0 && written.is_multiple_of(RECOVERY_GROUP) {
                    out.write_str("-")?;
                }
                let letter = RECOVERY_DIGITS.get(digit).copied().unwrap_or(b'0');
                write!(out, "{}", char::from(letter))?;
                written += 1;
                kept &= (1 << bits) - 1;
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("RecoveryCode(…)")
    }
}
