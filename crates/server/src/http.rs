//! The ledger over HTTP: JSON both ways, packed with zstd, one token a call (SYNC 2.3).
mod blobs;
mod body;
mod connections;
mod front;
mod metrics;
mod news;
mod pace;
mod patient;
mod peers;
mod places;

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::Listener;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use register::{Moment, ParcelId};
use sync::release::ReleaseAsked;
use sync::wire::{
    AdoptAsked, ChallengeAsked, CodeAsked, EnrolAsked, PACKED_BYTES_MAX, PROTOCOL, SessionAsked,
    StatedAsked, SyncAsked, Trouble, key_of,
};

use crate::fault::{CallError, StorageFault, malformed};
use crate::ledger::{CODE_BYTES, Ledger};
use crate::storage::Session;

use self::body::Received;
use self::metrics::Metrics;
use self::pace::{Knock, Pace};
use self::places::Places;

/// The version of the messages, as both sides name it.
const PROTOCOL_HEADER: &str = "x-proto";
const BEARER: &str = "Bearer ";
/// Calls worked on at once; each holds a thread, and a reader or a place at the writer.
const CALLS_MAX: usize = 128;
/// Calls that wait for a place among them.
const CALLS_WAITING: Duration = Duration::from_secs(5);
/// Bodies of those who have a session, received at once; each takes its memory.
const BODIES_MAX: usize = 256;
/// Files sent down at once.
const DOWNLOADS_MAX: usize = 512;
/// Files that one PC sends, and that it is sent, at once; a desk moves one after another.
const UPLOADS_OF_PC_MAX: u32 = 4;
const DOWNLOADS_OF_PC_MAX: u32 = 8;
/// Bytes of a body of somebody who has no session yet: two hundred keys and a name.
const KNOCK_BYTES_MAX: usize = 64 << 10;
/// How long calls under way are waited for when the server is told to stop.
const STOP_WAIT: Duration = Duration::from_secs(10);
/// When a caller who was turned away may come back.
const BUSY_SECONDS: u32 = 5;

/// How long a caller may take, so that who says nothing holds no place.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To say what he wants; also between two calls on one connection.
    pub head: Duration,
    /// To send the body of a call.
    pub body: Duration,
    /// To take some more of an answer.
    pub answer: Duration,
}

impl Default for Patience {
    /// A mebibyte in two minutes is 70 kbit/s; on a worse line a PC sends less at once.
    fn default() -> Patience {
        Patience {
            head: Duration::from_secs(60),
            body: Duration::from_secs(120),
            answer: Duration::from_secs(60),
        }
    }
}

#[derive(Clone)]
struct Door {
    ledger: Arc<Ledger>,
    calls: Arc<Semaphore>,
    waits: Arc<Semaphore>,
    bodies: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
    uploads_of_pc: Arc<Places>,
    downloads_of_pc: Arc<Places>,
    pace: Arc<Pace>,
    metrics: Arc<Metrics>,
    patience: Patience,
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
pub async fn serve<L: Listener<Addr = SocketAddr>>(
    listener: L,
    ledger: Arc<Ledger>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_patiently(listener, ledger, Patience::default(), stop).await
}

/// The same behind proxies of our own, at these addresses: a call counts under the address that the
/// proxy notes in `X-Forwarded-For`.
///
/// # Errors
/// As [`serve`].
pub async fn serve_behind<L: Listener<Addr = SocketAddr>>(
    listener: L,
    ledger: Arc<Ledger>,
    proxies: &[IpAddr],
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let proxies = proxies.iter().map(IpAddr::to_canonical).collect();
    serve_all(listener, ledger, (Patience::default(), proxies), stop).await
}

/// The same with another measure of patience.
///
/// # Errors
/// As [`serve`].
pub async fn serve_patiently<L: Listener<Addr = SocketAddr>>(
    listener: L,
    ledger: Arc<Ledger>,
    patience: Patience,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_all(listener, ledger, (patience, Arc::default()), stop).await
}

async fn serve_all<L: Listener<Addr = SocketAddr>>(
    listener: L,
    ledger: Arc<Ledger>,
    (patience, proxies): (Patience, Arc<[IpAddr]>),
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    crate::ledger::carries(&ledger, clock)?;
    crate::ledger::watches(&ledger)?;
    let (close, closing) = watch::channel(false);
    let door = Door {
        ledger,
        calls: Arc::new(Semaphore::new(CALLS_MAX)),
        waits: Arc::new(Semaphore::new(news::WAITS_MAX)),
        bodies: Arc::new(Semaphore::new(BODIES_MAX)),
        downloads: Arc::new(Semaphore::new(DOWNLOADS_MAX)),
        uploads_of_pc: Places::of_each(UPLOADS_OF_PC_MAX),
        downloads_of_pc: Places::of_each(DOWNLOADS_OF_PC_MAX),
        pace: Arc::default(),
        metrics: Arc::default(),
        patience,
        closing,
    };
    let closing = door.closing.clone();
    let stops = async move {
        stop.await;
        close.send_replace(true);
        // A caller who is in the midst of a sentence is not waited for until he ends it.
        tokio::time::sleep(STOP_WAIT).await;
    };
    tokio::select! {
        () = connections::take(listener, routes(door), (patience, proxies), closing) => {}
        () = stops => tracing::warn!("calls under way were given up"),
    }
    Ok(())
}

fn routes(door: Door) -> Router {
    Router::new()
        .route("/v1/challenge", post(challenge))
        .route("/v1/session", post(session))
        .route("/v1/adopt", post(adopt))
        .route("/v1/enrol", post(enrol))
        .route("/v1/code", post(code))
        .route("/v1/sync", post(sync_call))
        .route("/v1/wait", get(news::wait))
        .route("/v1/log", get(log))
        .route("/v1/directory", get(directory).post(state))
        .route("/v1/directory/statements", get(statements))
        .route("/v1/evidence", get(evidence))
        .route("/v1/release", get(release))
        .merge(blobs::routes())
        .merge(peers::routes())
        .route("/health", get(health))
        .route("/metrics", get(metrics::page))
        .route("/openapi.json", get(description))
        .layer(from_fn_with_state(door.clone(), metrics::counted))
        .with_state(door)
}

impl IntoResponse for CallError {
    fn into_response(self) -> Response {
        let trouble = match self {
            CallError::Trouble(trouble) => trouble,
            // Nothing is broken here, and what came is kept: later it goes on.
            CallError::Fault(fault @ StorageFault::BucketAway { .. }) => {
                tracing::warn!(%fault, "a call is to come again");
                Trouble::Busy { seconds: BUSY_SECONDS }
            }
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

/// Does something on a thread that may wait for the disk.
async fn worked<T: Send + 'static>(
    door: &Door,
    headers: HeaderMap,
    work: impl FnOnce(&Ledger, Asking) -> Result<T, CallError> + Send + 'static,
) -> Result<T, CallError> {
    let Ok(Ok(place)) = timeout(CALLS_WAITING, Arc::clone(&door.calls).acquire_owned()).await
    else {
        return Err(Trouble::Busy { seconds: BUSY_SECONDS }.into());
    };
    let ledger = Arc::clone(&door.ledger);
    let worked = spawn_blocking(move || {
        let _place = place;
        speaks_our_version(&headers)?;
        work(&ledger, Asking { now: clock(), headers: &headers })
    });
    worked.await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "a call ended in a panic");
        Err(Trouble::Broken.into())
    })
}

/// Reads what is asked, runs one call, and packs its answer.
async fn called<A, T>(
    door: Door,
    headers: HeaderMap,
    received: Result<Received, Response>,
    call: impl FnOnce(&Ledger, A, Asking) -> Result<T, CallError> + Send + 'static,
) -> Response
where
    A: DeserializeOwned,
    T: Serialize,
{
    let received = match received {
        Ok(received) => received,
        Err(told) => return told,
    };
    let answered = worked(&door, headers, move |ledger, asking| {
        let asked = body::read(asking.headers, &received)?;
        drop(received);
        let answer = call(ledger, asked, asking)?;
        Ok(body::json(StatusCode::OK, &answer, body::packing_of(asking.headers)))
    });
    answered.await.unwrap_or_else(CallError::into_response)
}

impl Door {
    /// The body of somebody who has no session yet.
    async fn knock(&self, body: Body) -> Result<Received, Response> {
        body::received(body, KNOCK_BYTES_MAX, self.patience.body).await
    }

    /// Whose call it is. Where that is remembered no thread that may wait is needed.
    async fn known(&self, headers: &HeaderMap) -> Result<Session, CallError> {
        speaks_our_version(headers)?;
        let asking = Asking { now: clock(), headers };
        match self.ledger.session_remembered(asking.token()?, asking.now) {
            Some(session) => Ok(session),
            None => worked(self, headers.clone(), |ledger, asking| asking.session(ledger)).await,
        }
    }

    /// The body of somebody who has a session, which is looked at before a byte of it is read.
    async fn hear(
        &self,
        headers: &HeaderMap,
        body: Body,
        max: usize,
    ) -> Result<Received, Response> {
        if let Err(told) = self.known(headers).await {
            body::pass_over(body, self.patience.body).await;
            return Err(told.into_response());
        }
        let place = timeout(CALLS_WAITING, Arc::clone(&self.bodies).acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response());
        };
        let received = body::received(body, max, self.patience.body).await?;
        Ok(received.of_session(place))
    }
}

/// When and with what somebody asks.
#[derive(Clone, Copy)]
struct Asking<'a> {
    now: Moment,
    headers: &'a HeaderMap,
}

impl Asking<'_> {
    fn token(&self) -> Result<&str, CallError> {
        let header = self.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix(BEARER));
        token.ok_or(CallError::Trouble(Trouble::NoSession))
    }

    fn session(&self, ledger: &Ledger) -> Result<Session, CallError> {
        ledger.session_of(self.token()?, self.now)
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
    body: Body,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Session) {
        return busy.into_response();
    }
    let received = door.knock(body).await;
    called(door, headers, received, |ledger, asked: ChallengeAsked, asking| {
        Ok(ledger.challenge(asked, asking.now, chance()?))
    })
    .await
}

async fn session(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Session) {
        return busy.into_response();
    }
    let received = door.knock(body).await;
    called(door, headers, received, |ledger, asked: SessionAsked, asking| {
        ledger.session(asked, asking.now, chance()?)
    })
    .await
}

async fn adopt(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Code) {
        return busy.into_response();
    }
    let received = door.knock(body).await;
    called(door, headers, received, |ledger, asked: AdoptAsked, asking| {
        ledger.adopt(asked, asking.now)
    })
    .await
}

async fn enrol(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(busy) = door.may_knock(from, Knock::Code) {
        return busy.into_response();
    }
    let received = door.knock(body).await;
    called(door, headers, received, |ledger, asked: EnrolAsked, asking| {
        ledger.enrol(asked, asking.now)
    })
    .await
}

async fn code(State(door): State<Door>, headers: HeaderMap, body: Body) -> Response {
    let received = door.hear(&headers, body, KNOCK_BYTES_MAX).await;
    called(door, headers, received, |ledger, asked: CodeAsked, asking| {
        let session = asking.session(ledger)?;
        ledger.code(asked, &session, asking.now, chance::<CODE_BYTES>()?)
    })
    .await
}

async fn sync_call(State(door): State<Door>, headers: HeaderMap, body: Body) -> Response {
    let received = door.hear(&headers, body, PACKED_BYTES_MAX).await;
    called(door, headers, received, |ledger, asked: SyncAsked, asking| {
        let session = asking.session(ledger)?;
        ledger.sync(&asked, &session, asking.now)
    })
    .await
}

/// Asks a question that has no body.
async fn asked<T: Serialize + Send + 'static>(
    door: &Door,
    headers: HeaderMap,
    answer: impl FnOnce(&Ledger, &Session) -> Result<T, CallError> + Send + 'static,
) -> Response {
    let answered = worked(door, headers, move |ledger, asking| {
        let session = asking.session(ledger)?;
        let answer = answer(ledger, &session)?;
        Ok(body::json(StatusCode::OK, &answer, body::packing_of(asking.headers)))
    });
    answered.await.unwrap_or_else(CallError::into_response)
}

/// A range of the log, or the history of one thing.
#[derive(Deserialize)]
struct LogAsked {
    of: Option<String>,
    #[serde(default)]
    from: u64,
    #[serde(default = "to_the_end")]
    to: u64,
}

fn to_the_end() -> u64 {
    u64::MAX
}

async fn log(
    State(door): State<Door>,
    Query(LogAsked { of, from, to }): Query<LogAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| match of {
        None => ledger.log(session, from, to),
        Some(of) => {
            let key = key_of(&of).ok_or_else(|| malformed("not the name of a thing"))?;
            ledger.log_of(session, key, (from, to))
        }
    })
    .await
}

#[derive(Deserialize)]
struct EvidenceAsked {
    parcel: ParcelId,
}

/// What proves what became of a parcel.
async fn evidence(
    State(door): State<Door>,
    Query(EvidenceAsked { parcel }): Query<EvidenceAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| ledger.evidence(session, parcel)).await
}

#[derive(Deserialize)]
struct DirectoryAsked {
    above: u64,
}

/// Who can be written to.
async fn directory(
    State(door): State<Door>,
    Query(DirectoryAsked { above }): Query<DirectoryAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| ledger.directory(session, above)).await
}

/// The newest release of the program that a PC may have above what it says it runs.
async fn release(
    State(door): State<Door>,
    Query(said): Query<ReleaseAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| ledger.release(session, &said, clock())).await
}

/// Who keeps it says something of it.
async fn state(State(door): State<Door>, headers: HeaderMap, body: Body) -> Response {
    let received = door.hear(&headers, body, PACKED_BYTES_MAX).await;
    called(door, headers, received, |ledger, asked: StatedAsked, asking| {
        let session = asking.session(ledger)?;
        ledger.state(asked, &session, asking.now)
    })
    .await
}

/// What was said of it.
async fn statements(
    State(door): State<Door>,
    Query(DirectoryAsked { above }): Query<DirectoryAsked>,
    headers: HeaderMap,
) -> Response {
    asked(&door, headers, move |ledger, session| ledger.statements(session, above)).await
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

/// What the server answers, for programs that are not ours.
async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], include_str!("http/openapi.json")).into_response()
}
