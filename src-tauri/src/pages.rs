//! The bytes of files for the page: `vanthu://localhost/blob/<sha256>`, whole or in parts.

use std::borrow::Cow;

use tauri::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode, response::Builder};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder, async_runtime};

use crate::door::Door;
use crate::shape::contract;

/// The scheme under which the page finds files.
pub(crate) const SCHEME: &str = "vanthu";

/// The page itself comes from here, and nobody else may read the files.
const PAGE_ORIGIN: &str =
    if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

type Answer = Response<Cow<'static, [u8]>>;

/// Answers one request for a file, off the window's thread.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    async_runtime::spawn_blocking(move || {
        responder.respond(answer(&app.state::<Door>(), &request))
    });
}

fn answer(door: &Door, request: &Request<Vec<u8>>) -> Answer {
    if request.method() == Method::OPTIONS {
        return finish(Response::builder().header(ACCESS_CONTROL_ALLOW_HEADERS, "range"), vec![]);
    }
    let Some(sha256) = request.uri().path().strip_prefix("/blob/") else {
        return empty(StatusCode::NOT_FOUND);
    };
    let range = request.headers().get(RANGE).and_then(|range| range.to_str().ok());
    match door.desk().and_then(|desk| contract::blob_part(&*desk, sha256, range)) {
        Ok(part) => {
            let contract::BlobPart { bytes, content_range, mime } = part;
            let builder = Response::builder()
                .header(CONTENT_TYPE, mime)
                .header(ACCEPT_RANGES, "bytes")
                // A file is named by what is in it, so it never changes; but the next officer
                // at this PC may not have the right to see it.
                .header(CACHE_CONTROL, "no-store")
                .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(ACCESS_CONTROL_EXPOSE_HEADERS, "accept-ranges, content-range");
            let builder = match content_range {
                Some(range) => {
                    builder.status(StatusCode::PARTIAL_CONTENT).header(CONTENT_RANGE, range)
                }
                None => builder,
            };
            finish(builder, bytes)
        }
        Err(failure) => {
            tracing::info!(sha256, ?failure, "a file was not shown");
            empty(StatusCode::NOT_FOUND)
        }
    }
}

fn empty(status: StatusCode) -> Answer {
    finish(Response::builder().status(status), vec![])
}

fn finish(builder: Builder, bytes: Vec<u8>) -> Answer {
    builder
        .header(ACCESS_CONTROL_ALLOW_ORIGIN, PAGE_ORIGIN)
        .body(Cow::Owned(bytes))
        .expect("every header above is plain ASCII")
}
