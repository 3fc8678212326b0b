//! Names that never change: 16 bytes each, a type each, so that no two can be mixed up.
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The bare 16 bytes behind every name.
pub type Id = [u8; 16];

/// The text is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an id of 32 hexadecimal digits")
    }
}

fn nibble(byte: u8) -> Result<u8, NotAnId> {
    match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        b'A'..=b'F' => Ok(byte - b'A' + 10),
        0..=47 | 58..=64 | 71..=96 | 103..=255 => Err(NotAnId),
    }
}

pub(crate) fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], NotAnId> {
    if text.len() != N * 2 {
        return Err(NotAnId);
    }
    let mut out = [0u8; N];
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let &[high, low] = pair else { return Err(NotAnId) };
        *slot = (nibble(high)? << 4) | nibble(low)?;
    }
    Ok(out)
}

pub(crate) fn write_hex(bytes: &[u8], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in bytes {
        write!(out, "{byte:02x}")?;
    }
    Ok(())
}

pub(crate) struct HexVisitor<const N: usize>;

impl<const N: usize> de::Visitor<'_> for HexVisitor<N> {
    type Value = [u8; N];

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} hexadecimal digits", N * 2)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<[u8; N], E> {
        parse_hex(text).map_err(|_| E::custom("not an id"))
    }
}

macro_rules! hex_name {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl $name {
            /// Reads the hexadecimal form.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                parse_hex(text).map($name)
            }

            /// The hexadecimal form as text.
            pub fn hex(&self) -> String {
                alloc::format!("{self}")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, out)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(HexVisitor::<$bytes>).map($name)
            }
        }
    };
}
pub(crate) use hex_name;

hex_name!(/// An agency with its own books and seal.
    AgencyId, 16);
hex_name!(/// A part of an agency.
    UnitId, 16);
hex_name!(/// A person working in an agency.
    OfficerId, 16);
hex_name!(/// A PC on which commands are signed.
    DeviceId, 16);
hex_name!(/// One series of numbers.
    BookId, 16);
hex_name!(/// An incoming or an outgoing document.
    DocumentId, 16);
hex_name!(/// What a leader wrote on a document.
    DirectiveId, 16);
hex_name!(/// Work assigned.
    TaskId, 16);
hex_name!(/// One act of one person.
    CommandId, 16);
hex_name!(/// A document on its way to one agency.
    ParcelId, 16);
hex_name!(/// What a keeper of the directory stated of one agency.
    StatementId, 16);
hex_name!(/// The public half of the key with which an officer signs on one PC.
    PublicKey, 32);
