//! Calls to the server: JSON both ways, packed, with a limit on everything that comes back.
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Once};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName,
    RANGE,
};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use sync::wire::{
    BODY_BYTES_MAX, BlobStanding, News, PACK_BYTES, PACK_HEADER, PACK_NAME, PACKED_MARK,
    PART_HASH_HEADER, PROTOCOL, PartHashes, Trouble, WAIT_SECONDS_MAX,
};

/// How long the server may take to pick up.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How long one call may take; a page of states over a slow line takes its time.
const CALL_WAIT: Duration = Duration::from_secs(120);
/// Beyond the wait for news, for the way there and back.
const NEWS_WAIT_MORE: Duration = Duration::from_secs(15);
/// What costs more to pack than it saves.
const PACKED_FROM_BYTES: usize = 512;
/// The same with the dictionary, which knows how bodies begin.
const PACKED_SMALL_FROM_BYTES: usize = 64;
const PACKING_LEVEL: i32 = 3;
/// Memory a packed answer may ask for, as a power of two.
const WINDOW_LOG_MAX: u32 = 24;
const ZSTD: &str = "zstd";

static PACKS: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(PACK_BYTES, PACKING_LEVEL));
static UNPACKS: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(PACK_BYTES));

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallFault {
    /// The server was not reached, or the line broke off.
    #[error("the server is not reached")]
    NoLine(#[source] reqwest::Error),
    /// The line broke off in the midst of an answer.
    #[error("the answer broke off")]
    BrokeOff(#[source] io::Error),
    /// The server said so.
    #[error("the server says: {0:?}")]
    Said(Trouble),
    /// Something answered that is not our server.
    #[error("an answer that is not the server's: {0}")]
    Strange(&'static str),
    /// The address is none, or would send everything in the clear.
    #[error("the address is not one a server may have")]
    Address,
}

impl CallFault {
    /// A connection that stood broke: the server may be there all the same.
    pub fn broke_in_use(&self) -> bool {
        match self {
            CallFault::NoLine(fault) => !fault.is_connect() && !fault.is_timeout(),
            CallFault::BrokeOff(_) => true,
            CallFault::Said(_) | CallFault::Strange(_) | CallFault::Address => false,
        }
    }
}

/// One server, and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    client: Client,
    base: Url,
    /// The server has said that it has the dictionary we have.
    has_dictionary: Arc<AtomicBool>,
}

/// How a call travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    /// With zstd, where the server is not known to have the dictionary.
    Zstd,
    /// With zstd and the dictionary that both sides have.
    Dictionary,
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

fn is_this_pc(url: &Url) -> bool {
    match url.host_str() {
        Some(host) => host == "localhost" || host == "127.0.0.1" || host == "[::1]",
        None => false,
    }
}

impl Caller {
    /// The way to a server. Over a network only sealed; in the clear only on this PC.
    ///
    /// # Errors
    /// [`CallFault::Address`].
    pub fn to(address: &str) -> Result<Caller, CallFault> {
        let base = Url::parse(address.trim()).map_err(|_| CallFault::Address)?;
        let sealed = base.scheme() == "https";
        let clear = base.scheme() == "http" && is_this_pc(&base);
        if !sealed && !clear {
            return Err(CallFault::Address);
        }
        choose_provider();
        let client = Client::builder()
            .connect_timeout(CONNECT_WAIT)
            .timeout(CALL_WAIT)
            .tcp_nodelay(true)
            .build()
            .map_err(CallFault::NoLine)?;
        Ok(Caller { client, base, has_dictionary: Arc::default() })
    }

    fn url(&self, path: &str) -> Result<Url, CallFault> {
        self.base.join(path).map_err(|_| CallFault::Address)
    }

    /// Asks one thing.
    ///
    /// # Errors
    /// Each way it brings nothing.
    pub fn post<A: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        asked: &A,
    ) -> Result<T, CallFault> {
        let body = serde_json::to_vec(asked).map_err(|_| CallFault::Strange("question"))?;
        let packing = self.packing();
        match self.post_packed((path, token), &body, packing) {
            // Another server may answer there now than the one that had the dictionary.
            Err(CallFault::Said(Trouble::Malformed { .. })) if packing == Packing::Dictionary => {
                self.has_dictionary.store(false, Ordering::Relaxed);
                self.post_packed((path, token), &body, Packing::Zstd)
            }
            answered => answered,
        }
    }

    fn post_packed<T: DeserializeOwned>(
        &self,
        (path, token): (&str, Option<&str>),
        body: &[u8],
        packing: Packing,
    ) -> Result<T, CallFault> {
        let call = self.client.post(self.url(path)?);
        let call = match (packing, packed(body, packing)) {
            (Packing::Dictionary, Some(packed)) => call.body(packed),
            (Packing::Dictionary, None) => call.body(body.to_vec()),
            (Packing::Zstd, made) => {
                let call = call.header(CONTENT_TYPE, "application/json");
                match made {
                    Some(packed) => call.header(CONTENT_ENCODING, ZSTD).body(packed),
                    None => call.body(body.to_vec()),
                }
            }
        };
        self.read(sent(call, token, packing)?)
    }

    fn packing(&self) -> Packing {
        let has = self.has_dictionary.load(Ordering::Relaxed);
        if has { Packing::Dictionary } else { Packing::Zstd }
    }

    /// Asks for something that is there.
    ///
    /// # Errors
    /// As [`Caller::post`].
    pub fn get<T: DeserializeOwned>(&self, path: &str, token: &str) -> Result<T, CallFault> {
        self.read(sent(self.client.get(self.url(path)?), Some(token), self.packing())?)
    }

    /// Sends bytes of a file, from a place of so many in all.
    ///
    /// # Errors
    /// As [`Caller::post`].
    pub fn put_part(
        &self,
        blob: &str,
        (from, size): (u64, u64),
        bytes: Vec<u8>,
        token: &str,
    ) -> Result<BlobStanding, CallFault> {
        let last = (from + bytes.len() as u64).saturating_sub(1);
        let call = self
            .client
            .put(self.url(&format!("/v1/blob/{blob}"))?)
            .header(CONTENT_RANGE, format!("bytes {from}-{last}/{size}"))
            .header(PART_HASH_HEADER, PartHashes::of(&bytes).to_string())
            .body(bytes);
        self.read(sent(call, Some(token), self.packing())?)
    }

    /// Fetches bytes of a file from a place on; returns them and how many the whole has. Where the
    /// line broke or bytes were spoiled, it returns the parts before that place.
    ///
    /// # Errors
    /// As [`Caller::post`].
    pub fn get_range(
        &self,
        blob: &str,
        (from, many): (u64, u64),
        token: &str,
    ) -> Result<(Vec<u8>, u64), CallFault> {
        self.get_range_of(&format!("/v1/blob/{blob}"), (from, many), token)
    }

    /// The same of what lies at a path.
    ///
    /// # Errors
    /// As [`Caller::post`].
    pub fn get_range_of(
        &self,
        path: &str,
        (from, many): (u64, u64),
        token: &str,
    ) -> Result<(Vec<u8>, u64), CallFault> {
        let last = from.saturating_add(many).saturating_sub(1);
        let call = self.client.get(self.url(path)?).header(RANGE, format!("bytes={from}-{last}"));
        let answer = sent(call, Some(token), self.packing())?;
        if !answer.status().is_success() {
            let refused: Result<Nothing, CallFault> = self.read(answer);
            return Err(refused.err().unwrap_or(CallFault::Strange("file")));
        }
        let header =
            |name: HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let size = match header(CONTENT_RANGE).and_then(|range| range.split_once('/')) {
            Some((_, size)) => size.parse().ok(),
            None => header(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        };
        let size = size.ok_or(CallFault::Strange("size of a file"))?;
        let hashes = header(HeaderName::from_static(PART_HASH_HEADER)).and_then(PartHashes::parse);
        let hashes = hashes.ok_or(CallFault::Strange("file without hashes"))?;
        let mut bytes = Vec::new();
        let read = answer.take(many).read_to_end(&mut bytes);
        let (came, right) = (bytes.len(), hashes.right(&bytes));
        bytes.truncate(right);
        match read {
            Err(fault) if bytes.is_empty() => return Err(CallFault::BrokeOff(fault)),
            Ok(_) if right < came && bytes.is_empty() => {
                return Err(CallFault::Strange("bytes of a file"));
            }
            Ok(_) | Err(_) => {}
        }
        if bytes.is_empty() && from < size {
            return Err(CallFault::Strange("file without bytes"));
        }
        Ok((bytes, size))
    }

    /// Waits until the log has grown beyond what is known; nothing when it has not.
    ///
    /// # Errors
    /// As [`Caller::post`].
    pub fn news(&self, known: u64, token: &str) -> Result<Option<News>, CallFault> {
        let wait = Duration::from_secs(WAIT_SECONDS_MAX) + NEWS_WAIT_MORE;
        let call = self.client.get(self.url(&format!("/v1/wait?head={known}"))?).timeout(wait);
        let answer = sent(call, Some(token), self.packing())?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        self.read(answer).map(Some)
    }

    fn read<T: DeserializeOwned>(&self, answer: Response) -> Result<T, CallFault> {
        let good = answer.status().is_success();
        let ours = has_dictionary(&answer);
        // A refusal and a file say nothing of it.
        if good && ours != (self.packing() == Packing::Dictionary) {
            self.has_dictionary.store(ours, Ordering::Relaxed);
        }
        let body = body_of(answer)?;
        if good {
            return serde_json::from_slice(&body).map_err(|fault| {
                tracing::warn!(%fault, "an answer that could not be read");
                CallFault::Strange("answer")
            });
        }
        match serde_json::from_slice::<Trouble>(&body) {
            Ok(trouble) => Err(CallFault::Said(trouble)),
            Err(_) => Err(CallFault::Strange("refusal")),
        }
    }
}

/// An answer of which only the refusal matters.
#[derive(Deserialize)]
struct Nothing {}

fn packed(body: &[u8], packing: Packing) -> Option<Vec<u8>> {
    let from_bytes = match packing {
        Packing::Zstd => PACKED_FROM_BYTES,
        Packing::Dictionary => PACKED_SMALL_FROM_BYTES,
    };
    if body.len() < from_bytes {
        return None;
    }
    match packing {
        Packing::Zstd => zstd::bulk::compress(body, PACKING_LEVEL).ok(),
        Packing::Dictionary => {
            Compressor::with_prepared_dictionary(&PACKS).ok()?.compress(body).ok()
        }
    }
}

/// Every call names our dictionary; one to a server that may not have it says what else we read.
fn sent(
    call: RequestBuilder,
    token: Option<&str>,
    packing: Packing,
) -> Result<Response, CallFault> {
    let call = call.header("x-proto", PROTOCOL.to_string()).header(PACK_HEADER, PACK_NAME);
    let call = match packing {
        Packing::Zstd => call.header(ACCEPT_ENCODING, ZSTD),
        Packing::Dictionary => call,
    };
    let call = match token {
        Some(token) => call.bearer_auth(token),
        None => call,
    };
    call.send().map_err(CallFault::NoLine)
}

fn has_dictionary(answer: &Response) -> bool {
    answer.headers().get(PACK_HEADER).is_some_and(|named| named == PACK_NAME)
}

fn unpacked(body: &[u8], limit: u64) -> Result<Vec<u8>, CallFault> {
    let broke = |_| CallFault::Strange("packed body");
    let mut plain = Vec::new();
    // A body names the dictionary it needs, if it needs one; another is none of ours.
    let decoder = zstd::stream::read::Decoder::with_prepared_dictionary(body, &UNPACKS);
    let mut decoder = decoder.map_err(broke)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broke)?;
    decoder.take(limit).read_to_end(&mut plain).map_err(broke)?;
    Ok(plain)
}

fn body_of(answer: Response) -> Result<Vec<u8>, CallFault> {
    let may_be_small = has_dictionary(&answer);
    let names_zstd = answer
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|named| named.as_bytes().eq_ignore_ascii_case(ZSTD.as_bytes()));
    let limit = BODY_BYTES_MAX as u64 + 1;
    let mut body = Vec::new();
    // Read whole before it is unpacked: a line that breaks off is no fault of who answered.
    answer.take(limit).read_to_end(&mut body).map_err(CallFault::BrokeOff)?;
    let is_packed = names_zstd || (may_be_small && body.starts_with(&PACKED_MARK));
    let plain = if is_packed { unpacked(&body, limit)? } else { body };
    if plain.len() > BODY_BYTES_MAX {
        return Err(CallFault::Strange("body over its limit"));
    }
    Ok(plain)
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
