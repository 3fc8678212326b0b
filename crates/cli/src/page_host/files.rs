//! Files for the browser: the built page, the bytes of documents, and files the browser hands over.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use axum::extract::{Path as InPath, Query, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tokio::{fs, task};

use contract::PartAsked;

use super::{Host, JSON};

/// Where files handed over by the browser wait, in the profile.
const HANDED_OVER_FOLDER: &str = "browser-files";

/// A file or a part of one.
pub struct Part {
    /// The bytes themselves.
    pub bytes: Vec<u8>,
    /// How many bytes the whole file has.
    pub total: u64,
    /// What kind of file it is.
    pub mime: String,
}

/// Serves one file of the built page.
pub(super) async fn page(pages: &Path, path: &str) -> Response {
    let asked = Path::new(path.trim_start_matches('/'));
    let asked = if asked == Path::new("") { Path::new("index.html") } else { asked };
    // Nothing but plain names: no way up, no root, no drive.
    if !asked.components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match fs::read(pages.join(asked)).await {
        Ok(bytes) => ([(CONTENT_TYPE, mime_of(asked))], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn mime_of(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// Serves the bytes of a document's file, whole or in part.
pub(super) async fn blob(
    State(host): State<Host>,
    InPath(sha256): InPath<String>,
    headers: HeaderMap,
) -> Response {
    let asked = PartAsked::of(headers.get(RANGE).and_then(|range| range.to_str().ok()));
    let (from, to) = asked.bounds();
    match task::spawn_blocking(move || host.behind.blob(&sha256, from, to)).await {
        Ok(Ok(Part { bytes, total, mime })) => {
            let usual = [(CONTENT_TYPE, mime), (ACCEPT_RANGES, "bytes".to_owned())];
            match asked.content_range(bytes.len() as u64, total) {
                Some(range) => {
                    (StatusCode::PARTIAL_CONTENT, usual, [(CONTENT_RANGE, range)], bytes)
                        .into_response()
                }
                None => (usual, bytes).into_response(),
            }
        }
        Ok(Err(failure)) => {
            (StatusCode::NOT_FOUND, [(CONTENT_TYPE, JSON)], failure).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "a file was not shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// Takes a file from the browser, which cannot say where on the disk it lies, and answers
/// `{"path": …}`: what the system's file dialog would have given in the window.
pub(super) async fn take(
    State(host): State<Host>,
    Query(Named { name }): Query<Named>,
    bytes: Bytes,
) -> Response {
    match keep(&host.profile, &name, &bytes).await {
        Ok(path) => {
            let answer = serde_json::json!({ "path": path.to_string_lossy() }).to_string();
            ([(CONTENT_TYPE, JSON)], answer).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, name, "a file from the browser was not kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn keep(profile: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    /// Two files of one name must not meet, and the name itself must stay as it was.
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let name = Path::new(name).file_name().unwrap_or_else(|| "file".as_ref());
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = profile.join(HANDED_OVER_FOLDER).join(format!("{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).await?;
    let path = folder.join(name);
    fs::write(&path, bytes).await?;
    Ok(path)
}
