//! A file attached to a document, a draft or a report: its name and the hash of its bytes.
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{HexVisitor, NotAnId, hex_name, parse_hex, write_hex};

/// Files on one document, draft or report.
pub const ATTACHMENTS_MAX: usize = 50;

hex_name!(/// SHA-256 of a file's bytes: the only name a stored file has.
    BlobId, 32);

/// One file as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What its bytes are.
    pub blob: BlobId,
    /// The name people see.
    pub name: String,
    /// `application/pdf`.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// Pages, where the file has pages.
    pub pages: Option<u32>,
}
