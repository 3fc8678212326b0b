//! Bodies of calls and answers: JSON, packed or plain, never larger than their limits.
use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use sync::wire::{BODY_BYTES_MAX, Trouble};

use crate::fault::{CallError, malformed};

const ZSTD: &str = "zstd";
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What costs more to pack than it saves.
const PACKED_FROM_BYTES: usize = 512;
const PACKING_LEVEL: i32 = 3;
/// Memory a packed body may ask for, as a power of two: 16 MiB.
const WINDOW_LOG_MAX: u32 = 24;

/// A body as it came, with its place among those that are in memory.
pub(super) struct Received {
    pub bytes: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// The same, with a place that it keeps until it is read.
    pub fn at(self, place: OwnedSemaphorePermit) -> Received {
        Received { _place: Some(place), ..self }
    }
}

/// Waits for a body, but not for ever and not for more of it than there may be.
pub(super) async fn received(
    body: Body,
    bytes_max: usize,
    wait: Duration,
) -> Result<Received, Response> {
    let told = |status, what: &str| {
        json(status, &Trouble::Malformed { what: what.to_owned() }, Packing::Plain)
    };
    match timeout(wait, to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => Ok(Received { bytes, _place: None }),
        // It was too long, or the line broke, and then nobody hears this.
        Ok(Err(_)) => Err(told(StatusCode::PAYLOAD_TOO_LARGE, "a body over its limit")),
        Err(_) => Err(told(StatusCode::REQUEST_TIMEOUT, "a body that does not come")),
    }
}

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// As it is.
    Plain,
    /// With zstd.
    Zstd,
}

fn names_zstd(headers: &HeaderMap, header: &HeaderName) -> bool {
    let named = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|name| {
        name.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(ZSTD))
    })
}

/// How the caller likes his answer.
pub(super) fn packing_of(headers: &HeaderMap) -> Packing {
    if names_zstd(headers, &ACCEPT_ENCODING) { Packing::Zstd } else { Packing::Plain }
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, CallError> {
    let not_packed = |_| malformed("a body that is not packed with zstd");
    let mut decoder = zstd::stream::read::Decoder::new(packed).map_err(not_packed)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(not_packed)?;
    let mut plain = Vec::new();
    // One byte beyond the limit tells a body that is over it from one that just fills it.
    decoder.take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut plain).map_err(not_packed)?;
    if plain.len() > BODY_BYTES_MAX {
        return Err(malformed("a body over its limit"));
    }
    Ok(plain)
}

/// Reads what was asked.
pub(super) fn read<A: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<A, CallError> {
    let plain;
    let text = if !headers.contains_key(CONTENT_ENCODING) {
        body.as_ref()
    } else if names_zstd(headers, &CONTENT_ENCODING) {
        plain = unpack(body)?;
        plain.as_slice()
    } else {
        return Err(malformed("a packing that is not zstd"));
    };
    serde_json::from_slice(text).map_err(|fault| {
        tracing::debug!(%fault, "a body that is not the call's");
        malformed("a body that is not the JSON of this call")
    })
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
    let plain = |text: Vec<u8>| (status, [(CONTENT_TYPE, JSON)], text).into_response();
    if packing == Packing::Plain || text.len() < PACKED_FROM_BYTES {
        return plain(text);
    }
    let headers = [
        (CONTENT_TYPE, JSON),
        (CONTENT_ENCODING, HeaderValue::from_static(ZSTD)),
        (VARY, HeaderValue::from_static("accept-encoding")),
    ];
    match zstd::bulk::compress(&text, PACKING_LEVEL) {
        Ok(packed) => (status, headers, packed).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "an answer could not be packed");
            plain(text)
        }
    }
}
