//! Bodies of calls and answers: JSON, packed or plain, never larger than their limits.
use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use sync::wire::{
    BODY_BYTES_MAX, PACK_BYTES, PACK_HEADER, PACK_NAME, PACKED_BYTES_MAX, PACKED_MARK, Trouble,
};

use crate::fault::{CallError, malformed};

const ZSTD: &str = "zstd";
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What costs more to pack than it saves.
const PACKED_FROM_BYTES: usize = 512;
/// The same with the dictionary, which knows how bodies begin.
const PACKED_SMALL_FROM_BYTES: usize = 64;
const PACKING_LEVEL: i32 = 3;
/// How long the rest of a body is read that nobody wants.
const PASSED_OVER_WAIT: Duration = Duration::from_secs(3);

static PACKS: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(PACK_BYTES, PACKING_LEVEL));
static UNPACKS: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(PACK_BYTES));

/// A body as it came, with its place among those that are in memory.
pub(super) struct Received {
    pub bytes: Bytes,
    /// Bytes it may have once it is unpacked.
    unpacked_max: usize,
    _place: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// The body of somebody who is known, with a place that it keeps until it is read.
    pub fn of_session(self, place: OwnedSemaphorePermit) -> Received {
        Received { unpacked_max: BODY_BYTES_MAX, _place: Some(place), ..self }
    }
}

/// Waits for a body, but not for ever and not for more of it than there may be.
pub(super) async fn received(
    body: Body,
    bytes_max: usize,
    wait: Duration,
) -> Result<Received, Response> {
    match timeout(wait, to_bytes(body, bytes_max)).await {
        // A stranger's body is no larger unpacked than it may be in all.
        Ok(Ok(bytes)) => Ok(Received { bytes, unpacked_max: bytes_max, _place: None }),
        // It was too long, or the line broke, and then nobody hears this.
        Ok(Err(_)) => Err(too_long()),
        Err(_) => Err(does_not_come()),
    }
}

fn told(status: StatusCode, what: &str) -> Response {
    json(status, &Trouble::Malformed { what: what.to_owned() }, Packing::Plain)
}

pub(super) fn too_long() -> Response {
    told(StatusCode::PAYLOAD_TOO_LARGE, "a body over its limit")
}

pub(super) fn does_not_come() -> Response {
    told(StatusCode::REQUEST_TIMEOUT, "a body that does not come")
}

/// What came of a body.
pub(super) struct Begun {
    pub bytes: Vec<u8>,
    pub end: End,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All of it is there.
    All,
    /// The line broke, or nothing came for too long.
    BrokeOff,
    /// It has more bytes than it may.
    TooLong,
}

/// Waits for a body as [`received`] does, and gives what came of it before the line broke.
pub(super) async fn begun(mut body: Body, bytes_max: usize, wait: Duration) -> Begun {
    let mut bytes = Vec::new();
    let all = async {
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let Ok(frame) = frame else { return End::BrokeOff };
            let more = frame.data_ref().map(Bytes::as_ref).unwrap_or_default();
            if bytes.len().saturating_add(more.len()) > bytes_max {
                return End::TooLong;
            }
            bytes.extend_from_slice(more);
        }
        End::All
    };
    let end = timeout(wait, all).await.unwrap_or(End::BrokeOff);
    Begun { bytes, end }
}

/// Reads on without keeping anything, so that who is told no before he has said all of it hears
/// it: a line that is closed on unread bytes takes the answer with it.
pub(super) async fn pass_over(mut body: Body, wait: Duration) {
    let all = async {
        let mut left = PACKED_BYTES_MAX;
        while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            left = left.saturating_sub(frame.data_ref().map_or(1, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    // Who has still not said all of it may not hear it.
    if timeout(wait.min(PASSED_OVER_WAIT), all).await.is_err() {
        tracing::debug!("a body was not passed over to its end");
    }
}

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// As it is.
    Plain,
    /// With zstd.
    Zstd,
    /// With zstd and the dictionary that both sides have.
    Dictionary,
}

fn names_zstd(headers: &HeaderMap, header: &HeaderName) -> bool {
    let named = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|name| {
        name.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(ZSTD))
    })
}

fn has_dictionary(headers: &HeaderMap) -> bool {
    headers.get(PACK_HEADER).is_some_and(|named| named == PACK_NAME)
}

/// How the caller likes his answer.
pub(super) fn packing_of(headers: &HeaderMap) -> Packing {
    if has_dictionary(headers) {
        Packing::Dictionary
    } else if names_zstd(headers, &ACCEPT_ENCODING) {
        Packing::Zstd
    } else {
        Packing::Plain
    }
}

/// Unpacks in one piece: what is unpacked already is all the memory that needs, whatever window
/// the packing asks for. A body names the dictionary it needs, if it needs one; another is none of
/// ours.
fn unpack(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, CallError> {
    // One byte beyond the limit tells a body that is over it from one that just fills it.
    let unpacked = Decompressor::with_prepared_dictionary(&UNPACKS)
        .and_then(|mut unpacks| unpacks.decompress(packed, bytes_max.saturating_add(1)));
    let plain = unpacked.map_err(|fault| {
        tracing::debug!(%fault, "a body that does not unpack");
        malformed("a body that is not packed with zstd, or over its limit")
    })?;
    if plain.len() > bytes_max {
        return Err(malformed("a body over its limit"));
    }
    Ok(plain)
}

/// Reads what was asked.
pub(super) fn read<A: DeserializeOwned>(
    headers: &HeaderMap,
    body: &Received,
) -> Result<A, CallError> {
    let text = unpacked(headers, body)?;
    serde_json::from_slice(&text).map_err(|fault| {
        tracing::debug!(%fault, "a body that is not the call's");
        malformed("a body that is not the JSON of this call")
    })
}

/// The bytes of what was asked, which are read as they were signed.
pub(super) fn text(headers: &HeaderMap, body: &Received) -> Result<Vec<u8>, CallError> {
    Ok(unpacked(headers, body)?.into_owned())
}

fn unpacked<'b>(headers: &HeaderMap, body: &'b Received) -> Result<Cow<'b, [u8]>, CallError> {
    let is_packed = if !headers.contains_key(CONTENT_ENCODING) {
        has_dictionary(headers) && body.bytes.starts_with(&PACKED_MARK)
    } else if names_zstd(headers, &CONTENT_ENCODING) {
        true
    } else {
        return Err(malformed("a packing that is not zstd"));
    };
    if is_packed {
        return unpack(&body.bytes, body.unpacked_max).map(Cow::Owned);
    }
    Ok(Cow::Borrowed(body.bytes.as_ref()))
}

/// Writes an answer.
pub(super) fn json<T: Serialize>(status: StatusCode, answer: &T, packing: Packing) -> Response {
    let text = match serde_json::to_vec(answer) {
        Ok(text) => text,
        Err(fault) => {
            tracing::error!(%fault, "an answer could not be written");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    packed(status, text, packing)
}

/// The same where the text is there already.
pub(super) fn packed(status: StatusCode, text: Vec<u8>, packing: Packing) -> Response {
    match packing {
        Packing::Zstd if text.len() >= PACKED_FROM_BYTES => {
            let packed = packed_if_it_went(&text, zstd::bulk::compress(&text, PACKING_LEVEL));
            let Some(packed) = packed else { return plain(status, text) };
            let zstd = HeaderValue::from_static(ZSTD);
            (status, [(CONTENT_TYPE, JSON), (CONTENT_ENCODING, zstd)], packed).into_response()
        }
        Packing::Plain | Packing::Zstd => plain(status, text),
        Packing::Dictionary => small(status, text),
    }
}

fn plain(status: StatusCode, text: Vec<u8>) -> Response {
    (status, [(CONTENT_TYPE, JSON)], text).into_response()
}

/// An answer to who has our dictionary: with nothing beside it that he does not read.
fn small(status: StatusCode, text: Vec<u8>) -> Response {
    let packs = |text: &[u8]| {
        Compressor::with_prepared_dictionary(&PACKS).and_then(|mut packs| packs.compress(text))
    };
    let packed = if text.len() < PACKED_SMALL_FROM_BYTES {
        None
    } else {
        packed_if_it_went(&text, packs(&text)).filter(|packed| packed.len() < text.len())
    };
    let mut answer = Response::new(Body::from(packed.unwrap_or(text)));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(HeaderName::from_static(PACK_HEADER), HeaderValue::from_static(PACK_NAME));
    answer
}

/// What packing made; nothing where it failed, which costs only bytes.
fn packed_if_it_went(text: &[u8], packed: std::io::Result<Vec<u8>>) -> Option<Vec<u8>> {
    packed
        .inspect_err(|fault| {
            tracing::error!(%fault, bytes = text.len(), "an answer could not be packed");
        })
        .ok()
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
