//! The bytes of files for the page: `vanthu://localhost/blob/<sha256>`, whole or in parts.

use std::borrow::Cow;

use tauri::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode, response::Builder};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder, async_runtime};

use contract::PartAsked;

use crate::door::Door;

/// The scheme under which the page finds files.
pub(crate) const SCHEME: &str = "vanthu";

/// The page itself comes from here, and nobody else may read the files.
const PAGE_ORIGIN: &str =
    if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// What the reader of PDF files looks at to fetch a file in parts.
const EXPOSED: &str = "accept-ranges, content-length, content-range";

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
        return finish(Response::builder().status(StatusCode::NOT_FOUND), vec![]);
    };
    let range = request.headers().get(RANGE).and_then(|range| range.to_str().ok());
    let asked = PartAsked::of(range);
    let (from, to) = asked.bounds();
    match door.desk().and_then(|desk| desk.blob_range(sha256, from, to)) {
        Ok((bytes, total, mime)) => {
            let builder = Response::builder()
                .header(CONTENT_TYPE, mime)
                .header(ACCEPT_RANGES, "bytes")
                // The next officer at this PC may not have the right to see it.
                .header(CACHE_CONTROL, "no-store")
                .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(CONTENT_LENGTH, bytes.len())
                .header(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            match asked.content_range(bytes.len() as u64, total) {
                Some(part) => {
                    let builder = builder.status(StatusCode::PARTIAL_CONTENT);
                    finish(builder.header(CONTENT_RANGE, part), bytes)
                }
                None => finish(builder, bytes),
            }
        }
        Err(failure) => {
            tracing::info!(sha256, ?failure, "a file was not shown");
            finish(Response::builder().status(StatusCode::NOT_FOUND), vec![])
        }
    }
}

fn finish(builder: Builder, bytes: Vec<u8>) -> Answer {
    builder
        .header(ACCESS_CONTROL_ALLOW_ORIGIN, PAGE_ORIGIN)
        .header(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        .body(Cow::Owned(bytes))
        .expect("every header above is plain ASCII")
}
