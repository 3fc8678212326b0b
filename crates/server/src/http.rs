//! The ledger over HTTP: JSON both ways, packed with zstd, one token a call (SYNC 2.3).
mod body;
mod pace;

use std::future::{Future, IntoFuture as _};
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::{IncomingStream, Listener};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use register::Moment;
use sync::wire::{
    AdoptAsked, ChallengeAsked, CodeAsked, EnrolAsked, News, PACKED_BYTES_MAX, PROTOCOL,
    SessionAsked, SyncAsked, Trouble, WAIT_SECONDS_MAX,
};

use crate::fault::{CallError, StorageFault, malformed};
use crate::ledger::{CODE_BYTES, Ledger};
use crate::storage::Session;
use crate::tls::TlsListener;

use self::pace::{Knock, Pace};

/// The version of the messages, as both sides name it.
const PROTOCOL_HEADER: &str = "x-proto";
const BEARER: &str = "Bearer ";
/// Calls worked on at once; each holds a thread, and a reader or a place at the writer.
const CALLS_MAX: usize = 128;
/// Calls that wait for a place among them.
const CALLS_WAITING: Duration = Duration::from_secs(5);
/// Those who wait for news at once.
const WAITS_MAX: usize = 20_000;
/// How long calls under way are waited for when the server is told to stop.
const STOP_WAIT: Duration = Duration::from_secs(10);
/// When a caller who was turned away may come back.
const BUSY_SECONDS: u32 = 5;

#[derive(Clone)]
struct Door {
    ledger: Arc<Ledger>,
    calls: Arc<Semaphore>,
    waits: Arc<Semaphore>,
    pace: Arc<Pace>,
    /// Turns true when the server is told to stop, so that nobody is kept waiting.
    closing: watch::Receiver<bool>,
}

impl Door {
    fn may_knock(&self, from: Peer, knock: Knock) -> Result<(), CallError> {
        if self.pace.allows(from.0, knock, clock()) {
            return Ok(());
        }
        Err(Trouble::Busy { seconds: BUSY_SECONDS }.into())
    }
}

/// Where a call comes from.
#[derive(Clone, Copy)]
pub struct Peer(IpAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Peer {
        Peer(stream.remote_addr().ip())
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Peer {
        Peer(stream.remote_addr().ip())
    }
}

/// The time by this machine's clock.
pub fn clock() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Random bytes of the system.
///
/// # Errors
/// When the system has none.
pub fn chance<const N: usize>() -> Result<[u8; N], StorageFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StorageFault::Randomness)?;
    Ok(bytes)
}

/// Serves until `stop` ends; calls that are under way are answered first.
///
/// # Errors
/// Faults of the listener.
pub async fn serve<L>(
    listener: L,
    ledger: Arc<Ledger>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
    Peer: for<'a> Connected<IncomingStream<'a, L>>,
{
    let (close, closing) = watch::channel(false);
    let door = Door {
        ledger,
        calls: Arc::new(Semaphore::new(CALLS_MAX)),
        waits: Arc::new(Semaphore::new(WAITS_MAX)),
        pace: Arc::default(),
        closing,
    };
    let mut told = door.closing.clone();
    let callers = routes(door).into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(listener, callers).with_graceful_shutdown(async move {
        stop.await;
        close.send_replace(true);
    });
    // A caller who is in the midst of a sentence is not waited for until he ends it.
    let too_long = async move {
        if told.wait_for(|closing| *closing).await.is_ok() {
            tokio::time::sleep(STOP_WAIT).await;
        }
    };
    tokio::select! {
        served = served.into_future() => served,
        () = too_long => {
            tracing::warn!("calls under way were given up");
            Ok(())
        }
    }
}

fn routes(door: Door) -> Router {
    Router::new()
        .route("/v1/challenge", post(challenge))
        .route("/v1/session", post(session))
        .route("/v1/adopt", post(adopt))
        .route("/v1/enrol", post(enrol))
        .route("/v1/code", post(code))
        .route("/v1/sync", post(sync_call))
        .route("/v1/wait", get(wait))
        .route("/v1/log", get(log))
        .route("/health", get(health))
        .layer(DefaultBodyLimit::max(PACKED_BYTES_MAX))
        .with_state(door)
}

impl IntoResponse for CallError {
    fn into_response(self) -> Response {
        let trouble = match self {
            CallError::Trouble(trouble) => trouble,
            CallError::Fault(fault) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "a call broke");
                Trouble::Broken
            }
        };
        let status = match &trouble {
            Trouble::OtherEpoch { .. }
            | Trouble::DeviceFork { .. }
            | Trouble::OtherLog { .. }
            | Trouble::NotEmpty => StatusCode::CONFLICT,
            Trouble::WrongBytes => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Trouble::TooOld { .. } => StatusCode::UPGRADE_REQUIRED,
            Trouble::NoSession | Trouble::BadSignature => StatusCode::UNAUTHORIZED,
            Trouble::Revoked | Trouble::BadCode | Trouble::KnownPc => StatusCode::FORBIDDEN,
            Trouble::NotFound => StatusCode::NOT_FOUND,
            Trouble::Malformed { .. } => StatusCode::BAD_REQUEST,
            Trouble::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
            Trouble::Broken => StatusCode::SERVICE_UNAVAILABLE,
        };
        body::json(status, &trouble, body::Packing::Plain)
    }
}

/// Runs one call on a thread that may wait for the disk, and packs its answer.
async fn called<A, T>(
    door: Door,
    headers: HeaderMap,
    body: Bytes,
    call: impl FnOnce(&Ledger, A, Asking) -> Result<T, CallError> + Send + 'static,
) -> Response
where
    A: DeserializeOwned,
    T: Serialize,
{
    let Ok(Ok(place)) = timeout(CALLS_WAITING, Arc::clone(&door.calls).acquire_owned()).await
    else {
        return CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response();
    };
    let worked = spawn_blocking(move || {
        let _place = place;
        let answer = speaks_our_version(&headers).and_then(|()| {
            let asked = body::read(&headers, &body)?;
            call(&door.ledger, asked, Asking { now: clock(), headers: &headers })
        });
        match answer {
            Ok(answer) => body::json(StatusCode::OK, &answer, body::packing_of(&headers)),
            Err(fault) => fault.into_response(),
        }
    });
    worked.await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "a call ended in a panic");
        CallError::from(Trouble::Broken).into_response()
    })
}

/// When and with what somebody asks.
struct Asking<'a> {
    now: Moment,
    headers: &'a HeaderMap,
}

impl Asking<'_> {
    fn session(&self, ledger: &Ledger) -> Result<Session, CallError> {
        let header = self.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix(BEARER));
        ledger.session_of(token.ok_or(CallError::Trouble(Trouble::NoSession))?, self.now)
    }
}

fn speaks_our_version(headers: &HeaderMap) -> Result<(), CallError> {
    let Some(named) = headers.get(PROTOCOL_HEADER) else { return Ok(()) };
    let ours = named.to_str().ok().and_then(|named| named.parse().ok()) == Some(PROTOCOL);
    if ours { Ok(()) } else { Err(malformed("a version of the messages that is not spoken here")) }
}

async fn challenge(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Session) {
        return busy.into_response();
    }
    called(door, headers, body, |ledger, asked: ChallengeAsked, asking| {
        Ok(ledger.challenge(asked, asking.now, chance()?))
    })
    .await
}

async fn session(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Session) {
        return busy.into_response();
    }
    called(door, headers, body, |ledger, asked: SessionAsked, asking| {
        ledger.session(asked, asking.now, chance()?)
    })
    .await
}

async fn adopt(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Code) {
        return busy.into_response();
    }
    called(door, headers, body, |ledger, asked: AdoptAsked, asking| ledger.adopt(asked, asking.now))
        .await
}

async fn enrol(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Code) {
        return busy.into_response();
    }
    called(door, headers, body, |ledger, asked: EnrolAsked, asking| ledger.enrol(asked, asking.now))
        .await
}

async fn code(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    called(door, headers, body, |ledger, asked: CodeAsked, asking| {
        let session = asking.session(ledger)?;
        ledger.code(asked, &session, asking.now, chance::<CODE_BYTES>()?)
    })
    .await
}

async fn sync_call(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    called(door, headers, body, |ledger, asked: SyncAsked, asking| {
        let session = asking.session(ledger)?;
        ledger.sync(&asked, &session, asking.now)
    })
    .await
}

/// A question without a body.
#[derive(Deserialize)]
struct Nothing {}

fn nothing() -> Bytes {
    Bytes::from_static(b"{}")
}

#[derive(Deserialize)]
struct LogAsked {
    from: u64,
    to: u64,
}

async fn log(
    State(door): State<Door>,
    Query(LogAsked { from, to }): Query<LogAsked>,
    headers: HeaderMap,
) -> Response {
    called(door, unpacked(headers), nothing(), move |ledger, Nothing {}, asking| {
        let session = asking.session(ledger)?;
        ledger.log(&session, from, to)
    })
    .await
}

/// The headers of a question that has no body, whatever they say of one.
fn unpacked(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(axum::http::header::CONTENT_ENCODING);
    headers
}

#[derive(Deserialize)]
struct WaitAsked {
    head: u64,
}

/// Answers as soon as the log has grown beyond what is known, with nothing but how far it reaches.
async fn wait(
    State(mut door): State<Door>,
    Query(WaitAsked { head: known }): Query<WaitAsked>,
    headers: HeaderMap,
) -> Response {
    let Ok(_place) = Arc::clone(&door.waits).try_acquire_owned() else {
        return CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response();
    };
    let ledger = Arc::clone(&door.ledger);
    let found = spawn_blocking(move || {
        let session = Asking { now: clock(), headers: &headers }.session(&ledger)?;
        let head = ledger.head(&session)?;
        let news = ledger.heads.listen(session.org, head);
        // What was taken in between the two is heard after all.
        ledger.heads.grew(session.org, ledger.head(&session)?);
        Ok::<_, CallError>(news)
    });
    let mut news = match found.await {
        Ok(Ok(news)) => news,
        Ok(Err(fault)) => return fault.into_response(),
        Err(_) => return CallError::from(Trouble::Broken).into_response(),
    };
    let grown = async { news.wait_for(|head| *head > known).await.map(|head| *head) };
    let heard = tokio::select! {
        grown = grown => grown.ok(),
        _ = door.closing.wait_for(|closing| *closing) => None,
        () = tokio::time::sleep(Duration::from_secs(WAIT_SECONDS_MAX)) => None,
    };
    match heard {
        Some(head) => body::json(StatusCode::OK, &News { head }, body::Packing::Plain),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Says that the server and its storage answer.
async fn health(State(door): State<Door>) -> Response {
    let ledger = Arc::clone(&door.ledger);
    match spawn_blocking(move || ledger.is_well()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok").into_response(),
        Ok(Err(fault)) => fault.into_response(),
        Err(_) => CallError::from(Trouble::Broken).into_response(),
    }
}
