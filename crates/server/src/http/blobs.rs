//! Files over HTTP: parts up in any order, ranges down (SYNC 2.7).
use std::ops::Range;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use register::BlobId;
use sync::wire::{BlobStanding, PART_HASH_HEADER, PARTS_BYTES_MAX, PartHashes, Trouble};

use super::places::Place;
use super::{Asking, BUSY_SECONDS, CALLS_WAITING, Door, asked, body, worked};
use crate::blobs::Bytes;
use crate::fault::{CallError, malformed};
use crate::ledger::{Ledger, PartsSent};
use crate::storage::Session;

/// Bytes of a file that are in memory for one who reads it.
const PIECE_BYTES: usize = 128 << 10;

pub(super) fn routes() -> Router<Door> {
    Router::new()
        .route("/v1/blob/{blob}", get(download).put(upload))
        .route("/v1/blob/{blob}/standing", get(standing))
        .route("/v1/release/{blob}", get(download_release))
}

pub(super) fn blob_of(text: &str) -> Result<BlobId, CallError> {
    BlobId::parse(text).map_err(|_| malformed("not the hash of a file"))
}

#[derive(Deserialize)]
struct StandingAsked {
    size: u64,
}

/// How far a file has come that this PC sends.
async fn standing(
    State(door): State<Door>,
    Path(blob): Path<String>,
    Query(StandingAsked { size }): Query<StandingAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| {
        ledger.blob_standing(session, blob_of(&blob)?, size)
    })
    .await
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `bytes 0-262143/1000000`: where the bytes stand, and how many the whole file has.
fn content_range(headers: &HeaderMap) -> Option<(Range<u64>, u64)> {
    let (span, size) = header(headers, &CONTENT_RANGE)?.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = span.split_once('-')?;
    let end = u64::from_str(last).ok()?.checked_add(1)?;
    let from = u64::from_str(first).ok()?;
    (from < end).then_some((from..end, u64::from_str(size).ok()?))
}

/// The parts that a call says it brings.
pub(super) struct Span {
    pub from: u64,
    pub announced: u64,
    pub size: u64,
    pub hashes: PartHashes,
}

/// What the head of a call says of the parts it brings.
pub(super) fn span_of(headers: &HeaderMap) -> Result<Span, CallError> {
    let hashes = headers.get(PART_HASH_HEADER).and_then(|value| value.to_str().ok());
    let hashes =
        hashes.and_then(PartHashes::parse).ok_or_else(|| malformed("no hashes of the parts"))?;
    let (span, size) = content_range(headers).ok_or_else(|| malformed("no content-range"))?;
    Ok(Span { from: span.start, announced: span.end - span.start, size, hashes })
}

/// Takes parts of a file that lie beside each other.
async fn upload(
    State(door): State<Door>,
    Path(blob): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let place = door.known(&headers).await.and_then(|session| {
        let place = door.uploads_of_pc.take(&session);
        place.ok_or(CallError::Trouble(Trouble::Busy { seconds: BUSY_SECONDS }))
    });
    let place = match place {
        Ok(place) => place,
        Err(told) => {
            body::pass_over(body, door.patience.body).await;
            return told.into_response();
        }
    };
    let in_memory = timeout(CALLS_WAITING, Arc::clone(&door.bodies).acquire_owned()).await;
    let Ok(Ok(in_memory)) = in_memory else {
        return CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response();
    };
    let begun = body::begun(body, PARTS_BYTES_MAX as usize, door.patience.body).await;
    let end = begun.end;
    if end == body::End::TooLong {
        return body::too_long();
    }
    let packing = body::packing_of(&headers);
    // On its own: where the line broke nobody waits for the end of this, and the parts that came
    // before are kept all the same.
    let kept = tokio::spawn(async move {
        worked(&door, headers, move |ledger, asking| {
            let _places = (place, in_memory);
            keep(ledger, asking, (&blob, &begun))
        })
        .await
    });
    match kept.await {
        Ok(Ok(standing)) => body::json(StatusCode::OK, &standing, packing),
        Ok(Err(_)) if end == body::End::BrokeOff => body::does_not_come(),
        Ok(Err(fault)) => fault.into_response(),
        Err(_) => CallError::from(Trouble::Broken).into_response(),
    }
}

/// Keeps the parts that came right.
fn keep(
    ledger: &Ledger,
    asking: Asking<'_>,
    (blob, begun): (&str, &body::Begun),
) -> Result<BlobStanding, CallError> {
    let session = asking.session(ledger)?;
    let Span { from, announced, size, hashes } = span_of(asking.headers)?;
    let bytes = begun.bytes.as_slice();
    if begun.end == body::End::All && announced != bytes.len() as u64 {
        return Err(malformed("no content-range that is the body's"));
    }
    let blob = blob_of(blob)?;
    ledger.put_parts(&session, &PartsSent { blob, size, from, announced, hashes: &hashes, bytes })
}

/// Which bytes of a file are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    All,
    Some(Range<u64>),
    /// None of them is in the file.
    Beyond,
}

/// What `Range` says of a file. What it says in another way than with one span is all of it.
fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let same = header(headers, &IF_RANGE).is_none_or(|named| named == tag);
    let span = header(headers, &RANGE).filter(|_| same);
    let Some((first, last)) =
        span.and_then(|span| span.strip_prefix("bytes=")).and_then(|span| span.split_once('-'))
    else {
        return Wanted::All;
    };
    let number = |text: &str| u64::from_str(text.trim()).ok();
    let range = match (first.trim(), last.trim()) {
        ("", last) => number(last).map(|bytes| size.saturating_sub(bytes)..size),
        (first, "") => number(first).map(|first| first..size),
        (first, last) => number(first)
            .zip(number(last))
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| first..last.saturating_add(1).min(size)),
    };
    match range {
        None => Wanted::All,
        Some(range) if range.start < range.end => Wanted::Some(range),
        Some(_) => Wanted::Beyond,
    }
}

/// A file on its way down, which keeps its place until it is sent.
struct OnItsWay {
    bytes: Bytes,
    _places: (OwnedSemaphorePermit, Place),
}

impl AsyncRead for OnItsWay {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.bytes).poll_read(cx, into)
    }
}

/// Which files are meant.
#[derive(Clone, Copy)]
enum Of {
    /// Those that things name.
    Things,
    /// Those of releases of the program: a range of a few parts at a time.
    Releases,
}

/// Sends a stored file, or a range of it.
async fn download(
    State(door): State<Door>,
    Path(blob): Path<String>,
    headers: HeaderMap,
) -> Response {
    sends(door, (Of::Things, blob), headers).await
}

/// Sends a range of a file of a release.
async fn download_release(
    State(door): State<Door>,
    Path(blob): Path<String>,
    headers: HeaderMap,
) -> Response {
    sends(door, (Of::Releases, blob), headers).await
}

/// Opens what is wanted of a file.
fn opened(
    ledger: &Ledger,
    session: &Session,
    (of, blob, wanted): (Of, BlobId, &Wanted),
    (from, bytes): (u64, u64),
) -> Result<(Option<PartHashes>, Bytes), CallError> {
    let span = (from, bytes);
    let by_parts = matches!(wanted, Wanted::Some(_)) && bytes <= PARTS_BYTES_MAX;
    match of {
        Of::Things if by_parts => {
            let (hash, bytes) = ledger.blob_parts(session, blob, span)?;
            Ok((Some(hash), bytes))
        }
        Of::Things => Ok((None, ledger.blob_bytes(session, blob, span)?)),
        Of::Releases if by_parts => {
            let (hash, bytes) = ledger.release_parts(blob, span)?;
            Ok((Some(hash), bytes))
        }
        Of::Releases => Err(malformed("not a range of a few parts")),
    }
}

async fn sends(door: Door, (of, blob): (Of, String), headers: HeaderMap) -> Response {
    let Ok(Ok(place)) = timeout(CALLS_WAITING, Arc::clone(&door.downloads).acquire_owned()).await
    else {
        return CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response();
    };
    let of_pc = Arc::clone(&door.downloads_of_pc);
    let found = worked(&door, headers, move |ledger, asking| {
        let session = asking.session(ledger)?;
        let busy = || CallError::Trouble(Trouble::Busy { seconds: BUSY_SECONDS });
        let of_pc = of_pc.take(&session).ok_or_else(busy)?;
        let blob = blob_of(&blob)?;
        let size = match of {
            Of::Things => ledger.blob_size(&session, blob)?,
            Of::Releases => ledger.release_size(blob, asking.now)?,
        };
        let tag = format!("\"{blob}\"");
        let wanted = wanted(asking.headers, &tag, size);
        let range = match &wanted {
            Wanted::All => 0..size,
            Wanted::Some(range) => range.clone(),
            Wanted::Beyond => return Ok((wanted, tag, size, None)),
        };
        let span = (range.start, range.end - range.start);
        let (hash, bytes) = opened(ledger, &session, (of, blob, &wanted), span)?;
        Ok((wanted, tag, size, Some((bytes, hash, of_pc))))
    });
    let (wanted, tag, size, bytes) = match found.await {
        Ok(found) => found,
        Err(fault) => return fault.into_response(),
    };
    let Some((bytes, hash, of_pc)) = bytes else {
        let none = [(CONTENT_RANGE, format!("bytes */{size}"))];
        return (StatusCode::RANGE_NOT_SATISFIABLE, none).into_response();
    };
    let same = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        // Who may see it changes; what it is does not.
        (CACHE_CONTROL, "private, no-cache".to_owned()),
        (ETAG, tag),
    ];
    let stream =
        ReaderStream::with_capacity(OnItsWay { bytes, _places: (place, of_pc) }, PIECE_BYTES);
    let body = Body::from_stream(stream);
    match wanted {
        Wanted::Some(Range { start, end }) => {
            let range = format!("bytes {start}-{}/{size}", end - 1);
            let of_part = [(CONTENT_RANGE, range), (CONTENT_LENGTH, (end - start).to_string())];
            let hash = hash.map(|hash| [(PART_HASH_HEADER, hash.to_string())]);
            (StatusCode::PARTIAL_CONTENT, same, of_part, hash, body).into_response()
        }
        Wanted::All | Wanted::Beyond => {
            (StatusCode::OK, same, [(CONTENT_LENGTH, size.to_string())], body).into_response()
        }
    }
}
