//! The way to another server: sealed bags and parts of files, with a limit on all that comes back.
use std::io::{self, Read as _};
use std::sync::Once;
use std::time::Duration;

use register::BlobId;
use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};
use reqwest::redirect::Policy;
use sync::peer::{BAG_BYTES_MAX, SEAL_HEADER, Seal, SealedBag, parts_hash};
use sync::wire::{BlobStanding, Hex32, PART_HASH_HEADER, PROTOCOL, PartHashes, Trouble};

use crate::fault::CallError;
use crate::identity::Identity;

/// How long another server may take to pick up.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How long one call may take, with a mebibyte over a slow line.
const CALL_WAIT: Duration = Duration::from_secs(120);
const PACKING_LEVEL: i32 = 3;
/// Memory a packed answer may ask for, as a power of two.
const WINDOW_LOG_MAX: u32 = 24;
/// Bytes of an answer that is no bag.
const TOLD_BYTES_MAX: u64 = 64 << 10;
const ZSTD: &str = "zstd";

/// Why a round with another server was not ended.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    /// It was not reached, or the line broke off.
    #[error("the other server is not reached")]
    NoLine(#[source] reqwest::Error),
    /// The line broke off in the midst of an answer.
    #[error("the answer broke off")]
    BrokeOff(#[source] io::Error),
    /// It said so.
    #[error("the other server says: {0:?}")]
    Said(Trouble),
    /// Something answered that is not that server, or not of its mind.
    #[error("an answer that makes no sense: {0}")]
    Strange(&'static str),
    /// The address is none, or would send everything in the clear.
    #[error("the address is not one a server may have")]
    Address,
    /// A file of a document is not here any more.
    #[error("file {0} is not here any more")]
    FileGone(BlobId),
    /// The disk.
    #[error("reading a file that goes to another server")]
    Disk(#[source] io::Error),
    /// The ledger.
    #[error("the ledger of this server")]
    Ledger(#[source] CallError),
}

/// One server, and the way to it.
pub(crate) struct PeerLine {
    client: Client,
    base: Url,
}

/// Ring is the one provider that this program is built with; without it a first call would panic.
fn choose_provider() {
    static CHOSEN: Once = Once::new();
    CHOSEN.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("another provider of TLS was there before");
        }
    });
}

/// Reads an address. Over a network only sealed; in the clear only on this machine.
pub(crate) fn base_of(address: &str) -> Option<Url> {
    let base = Url::parse(address.trim()).ok()?;
    let host = base.host_str()?;
    let is_this_machine = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    let clear = base.scheme() == "http" && is_this_machine;
    (base.scheme() == "https" || clear).then_some(base)
}

impl PeerLine {
    /// The way to a server.
    ///
    /// # Errors
    /// [`LineFault::Address`].
    pub fn to(address: &str) -> Result<PeerLine, LineFault> {
        let base = base_of(address).ok_or(LineFault::Address)?;
        choose_provider();
        let client = Client::builder()
            .connect_timeout(CONNECT_WAIT)
            .timeout(CALL_WAIT)
            .redirect(Policy::none())
            .tcp_nodelay(true)
            .build()
            .map_err(LineFault::NoLine)?;
        Ok(PeerLine { client, base })
    }

    fn url(&self, path: &str) -> Result<Url, LineFault> {
        self.base.join(path).map_err(|_| LineFault::Address)
    }

    /// Says something; brings what is answered, as it was signed. Who answered is looked at by who
    /// takes it in.
    ///
    /// # Errors
    /// Each way it brings nothing.
    pub fn says(&self, bag: &SealedBag) -> Result<SealedBag, LineFault> {
        let packed = zstd::bulk::compress(bag.raw.as_bytes(), PACKING_LEVEL);
        let packed = packed.map_err(LineFault::BrokeOff)?;
        let call = self
            .client
            .post(self.url("/v1/peer")?)
            .header("x-proto", PROTOCOL.to_string())
            .header(SEAL_HEADER, bag.seal.to_string())
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, ZSTD)
            .header(ACCEPT_ENCODING, ZSTD)
            .body(packed);
        let answer = good(call.send().map_err(LineFault::NoLine)?)?;
        let seal = answer.headers().get(SEAL_HEADER).and_then(|value| value.to_str().ok());
        let seal = seal.and_then(Seal::parse).ok_or(LineFault::Strange("answer nobody signed"))?;
        let raw = String::from_utf8(body_of(answer)?);
        let raw = raw.map_err(|_| LineFault::Strange("answer that is no text"))?;
        Ok(SealedBag { seal, raw })
    }

    /// Sends bytes of a file from one on, signed.
    ///
    /// # Errors
    /// As [`PeerLine::says`].
    pub fn sends(
        &self,
        (identity, to): (&Identity, Hex32),
        (blob, size): (BlobId, u64),
        (from, bytes): (u64, Vec<u8>),
    ) -> Result<BlobStanding, LineFault> {
        let (hashes, many) = (PartHashes::of(&bytes), bytes.len() as u64);
        let seal = identity.seal(to, parts_hash(blob, (from, many, size), &hashes));
        let last = (from + many).saturating_sub(1);
        let call = self
            .client
            .put(self.url(&format!("/v1/peer/blob/{blob}"))?)
            .header("x-proto", PROTOCOL.to_string())
            .header(SEAL_HEADER, seal.to_string())
            .header(CONTENT_RANGE, format!("bytes {from}-{last}/{size}"))
            .header(PART_HASH_HEADER, hashes.to_string())
            .body(bytes);
        let body = body_of(good(call.send().map_err(LineFault::NoLine)?)?)?;
        serde_json::from_slice(&body).map_err(|_| LineFault::Strange("answer"))
    }
}

fn good(answer: Response) -> Result<Response, LineFault> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let mut body = Vec::new();
    answer.take(TOLD_BYTES_MAX).read_to_end(&mut body).map_err(LineFault::BrokeOff)?;
    let told = serde_json::from_slice::<Trouble>(&body);
    Err(told.map_or(LineFault::Strange("refusal"), LineFault::Said))
}

fn body_of(answer: Response) -> Result<Vec<u8>, LineFault> {
    let named = answer.headers().get(CONTENT_ENCODING);
    let is_packed =
        named.is_some_and(|named| named.as_bytes().eq_ignore_ascii_case(ZSTD.as_bytes()));
    let limit = BAG_BYTES_MAX as u64 + 1;
    let mut body = Vec::new();
    answer.take(limit).read_to_end(&mut body).map_err(LineFault::BrokeOff)?;
    let plain = if is_packed { unpacked(&body, limit)? } else { body };
    if plain.len() > BAG_BYTES_MAX {
        return Err(LineFault::Strange("body over its limit"));
    }
    Ok(plain)
}

fn unpacked(body: &[u8], limit: u64) -> Result<Vec<u8>, LineFault> {
    let broke = |_| LineFault::Strange("packed body");
    let mut decoder = zstd::stream::read::Decoder::new(body).map_err(broke)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broke)?;
    let mut plain = Vec::new();
    decoder.take(limit).read_to_end(&mut plain).map_err(broke)?;
    Ok(plain)
}
