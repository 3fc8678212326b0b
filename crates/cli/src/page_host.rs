//! The page in a browser: the same `ask`, `tell` and files over loopback HTTP, for demos and tests.

mod behind;
mod files;
mod guard;
mod tells;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task;

use self::guard::Guard;
use self::tells::Tells;

pub use self::files::Part;

/// The largest question, and the largest file that a browser may hand over.
const BODY_BYTES_MAX: usize = 256 << 20;

/// The page's own rules, as strict as those of the window.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self' data:; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the host serves: the same door that the window has.
pub trait Behind: Send + Sync + 'static {
    /// Answers a question; arguments, answer and failure are JSON.
    fn ask(&self, name: &str, args: &str) -> Result<String, String>;
    /// Returns the bytes of a file between two places; the failure is JSON.
    fn blob(&self, sha256: &str, from: u64, to: u64) -> Result<Part, String>;
    /// Calls `hear` with the topics, as a JSON list, that work in the background has touched.
    fn on_tell(&self, hear: Box<dyn Fn(String) + Send + Sync>);
}

#[derive(Clone)]
struct Host {
    behind: Arc<dyn Behind>,
    guard: Arc<Guard>,
    tells: Arc<Tells>,
    /// The built page, `ui/dist`.
    pages: Arc<Path>,
    profile: Arc<Path>,
}

/// Serves the page until the process ends; `ready` is told the address that lets one browser in.
pub fn serve(
    behind: Arc<dyn Behind>,
    pages: PathBuf,
    profile: PathBuf,
    ready: impl FnOnce(&str),
) -> anyhow::Result<()> {
    anyhow::ensure!(
        pages.join("index.html").is_file(),
        "the page is not built: {} has no index.html",
        pages.display()
    );
    let runtime = tokio::runtime::Runtime::new().context("starting the threads of the host")?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("listening on this PC's own address")?;
        let port = listener.local_addr().context("reading the port of the host")?.port();
        let guard = Arc::new(Guard::new(port, &profile)?);
        let tells = Arc::new(Tells::default());
        let heard = Arc::clone(&tells);
        behind.on_tell(Box::new(move |topics| heard.tell(topics)));
        ready(&guard.way_in());
        let host = Host { behind, guard, tells, pages: pages.into(), profile: profile.into() };
        axum::serve(listener, routes(host)).await.context("serving the page")
    })
}

fn routes(host: Host) -> Router {
    Router::new()
        .route("/ask/{name}", post(ask))
        .route("/tell", get(tell))
        .route("/blob/{sha256}", get(files::blob))
        .route("/file", post(files::take))
        .route("/", get(page))
        .route("/{*path}", get(page))
        .layer(middleware::from_fn_with_state(host.clone(), admit))
        // Outside the guard: whoever comes here has no cookie yet.
        .route("/enter", get(enter))
        .layer(middleware::from_fn_with_state(host.clone(), at_our_address))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(host)
}

/// Turns away every request that was not meant for this very address.
async fn at_our_address(State(host): State<Host>, request: Request, next: Next) -> Response {
    let mut response = if host.guard.is_our_address(&request) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets only the browser in that came with the token.
async fn admit(State(host): State<Host>, request: Request, next: Next) -> Response {
    if host.guard.has_cookie(&request) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// Takes the one-time token and gives the cookie for it.
async fn enter(State(host): State<Host>, Query(Token { token }): Query<Token>) -> Response {
    match host.guard.exchange(&token) {
        Some(cookie) => (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/".to_owned())])
            .into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn ask(
    State(host): State<Host>,
    axum::extract::Path(name): axum::extract::Path<String>,
    args: String,
) -> Response {
    let asked = name.clone();
    // The desk waits for the disk, so it works on a thread that may wait.
    match task::spawn_blocking(move || host.behind.ask(&name, &args)).await {
        Ok(Ok(answer)) => (StatusCode::OK, [(CONTENT_TYPE, JSON)], answer).into_response(),
        Ok(Err(failure)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, [(CONTENT_TYPE, JSON)], failure).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, asked, "a question ended in a panic");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn tell(State(host): State<Host>, Query(After { after }): Query<After>) -> Response {
    let told = host.tells.wait(after).await;
    ([(CONTENT_TYPE, JSON)], told).into_response()
}

async fn page(State(host): State<Host>, uri: Uri) -> Response {
    files::page(&host.pages, uri.path()).await
}

#[cfg(test)]
#[path = "page_host_tests.rs"]
mod tests;
