//! Another server calls: bags both ways, and parts of files that it was asked for (SYNC 2.6).
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use register::{BlobId, PublicKey};
use sync::peer::{BAG_BYTES_MAX, SEAL_HEADER, Seal, SealedBag, parts_hash};
use sync::wire::{PARTS_BYTES_MAX, Trouble};

use super::blobs::{Span, blob_of, span_of};
use super::pace::Knock;
use super::{BUSY_SECONDS, CALLS_WAITING, Door, Peer, body, worked};
use crate::fault::{CallError, malformed};
use crate::ledger::PartsSent;

pub(super) fn routes() -> Router<Door> {
    let routes = Router::new().route("/v1/peer", post(bag));
    routes.route("/v1/peer/blob/{blob}", put(parts))
}

fn seal_of(headers: &HeaderMap) -> Result<Seal, CallError> {
    let named = headers.get(SEAL_HEADER).and_then(|value| value.to_str().ok());
    named.and_then(Seal::parse).ok_or(CallError::Trouble(Trouble::NoSession))
}

/// Lets a server in that is known and has signed what comes, before a byte of it is read. Who is
/// none has his knocks counted.
async fn let_in(
    door: &Door,
    from: Peer,
    headers: &HeaderMap,
) -> Result<(Seal, OwnedSemaphorePermit), CallError> {
    let seal = match seal_of(headers) {
        Ok(seal) => {
            let known = worked(door, headers.clone(), move |ledger, _| {
                ledger.must_be_a_peer(&seal).map(|()| seal)
            });
            known.await
        }
        Err(fault) => Err(fault),
    };
    let seal = match seal {
        Ok(seal) => seal,
        Err(CallError::Trouble(told)) => {
            door.may_knock(from, Knock::Code)?;
            return Err(told.into());
        }
        Err(fault) => return Err(fault),
    };
    let place = timeout(CALLS_WAITING, Arc::clone(&door.bodies).acquire_owned()).await;
    match place {
        Ok(Ok(place)) => Ok((seal, place)),
        Ok(Err(_)) | Err(_) => Err(Trouble::Busy { seconds: BUSY_SECONDS }.into()),
    }
}

/// Takes what another server says, and answers in the same form.
async fn bag(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (seal, place) = match let_in(&door, from, &headers).await {
        Ok(known) => known,
        Err(fault) => {
            body::pass_over(body, door.patience.body).await;
            return fault.into_response();
        }
    };
    let received = match body::received(body, BAG_BYTES_MAX, door.patience.body).await {
        Ok(received) => received,
        Err(told) => return told,
    };
    let answered = worked(&door, headers, move |ledger, asking| {
        let _place = place;
        let text = body::text(asking.headers, &received)?;
        drop(received);
        let raw = String::from_utf8(text).map_err(|_| malformed("a bag that is no text"))?;
        let answer = ledger.take_bag(&SealedBag { seal, raw }, asking.now)?;
        let said = answer.seal.to_string();
        let packing = body::packing_of(asking.headers);
        let mut response = body::packed(StatusCode::OK, answer.raw.into_bytes(), packing);
        let said = HeaderValue::from_str(&said).map_err(|_| Trouble::Broken)?;
        response.headers_mut().insert(HeaderName::from_static(SEAL_HEADER), said);
        Ok(response)
    });
    answered.await.unwrap_or_else(CallError::into_response)
}

/// Takes parts of a file, which lie beside each other.
async fn parts(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    Path(blob): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let known = let_in(&door, from, &headers).await.and_then(|(seal, place)| {
        let (blob, span) = (blob_of(&blob)?, span_of(&headers)?);
        let spanned = (span.from, span.announced, span.size);
        if parts_hash(blob, spanned, &span.hashes) != seal.hash {
            return Err(Trouble::BadSignature.into());
        }
        Ok((PublicKey(seal.from.0), blob, span, place))
    });
    let (key, blob, span, place) = match known {
        Ok(known) => known,
        Err(fault) => {
            body::pass_over(body, door.patience.body).await;
            return fault.into_response();
        }
    };
    let begun = body::begun(body, PARTS_BYTES_MAX as usize, door.patience.body).await;
    let end = begun.end;
    if end == body::End::TooLong {
        return body::too_long();
    }
    let packing = body::packing_of(&headers);
    // On its own, as the parts of a PC: what came before the line broke is kept.
    let kept = tokio::spawn(async move {
        worked(&door, headers, move |ledger, _| {
            let _place = place;
            keep(ledger, (key, blob), (&span, &begun))
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

fn keep(
    ledger: &crate::ledger::Ledger,
    (key, blob): (PublicKey, BlobId),
    (span, begun): (&Span, &body::Begun),
) -> Result<sync::wire::BlobStanding, CallError> {
    let Span { from, announced, size, hashes } = span;
    let bytes = begun.bytes.as_slice();
    let (from, announced, size) = (*from, *announced, *size);
    let whole = begun.end == body::End::All;
    if whole && announced != bytes.len() as u64 {
        return Err(malformed("no content-range that is the body's"));
    }
    ledger.put_peer_parts(key, &PartsSent { blob, size, from, announced, hashes, bytes })
}
