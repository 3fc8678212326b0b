//! The way to an object store: every call has its wait, and a store that is away holds nobody long.
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, MultipartUpload, ObjectMeta, ObjectStore as _,
    ObjectStoreExt as _, PutPayload, RetryConfig,
};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::rustls::crypto::ring::default_provider;

use super::address::{BucketAddress, Credentials};
use crate::fault::StorageFault;
use crate::storage::Found;

/// Until a line to the store is open.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// One try of one call.
const TRY_WAIT: Duration = Duration::from_secs(30);
/// Tries after the first; a store is told once more when it breaks off, or says that it broke.
const TRIES_MORE: usize = 2;
/// A call that looks, names or reads a piece, with all its tries.
pub(super) const LOOK_WAIT: Duration = Duration::from_secs(15);
/// A call that brings a piece.
pub(super) const SEND_WAIT: Duration = Duration::from_secs(60);
/// Calls at the store at once: a part of those this server works on, so that a store that is slow
/// leaves places for all that needs no file.
const CALLS_MAX: usize = 32;
/// Until one of these places is free.
const PLACE_WAIT: Duration = Duration::from_secs(1);
/// After a call without an answer the next ones are told so at once, so long.
const AWAY_PAUSE: Duration = Duration::from_secs(5);

/// The way to the store.
pub(super) struct Way {
    store: AmazonS3,
    prefix: Path,
    places: Semaphore,
    /// Nobody asks before; none when it answered last.
    away_until: Mutex<Option<Instant>>,
}

fn fault(doing: &'static str, source: Error) -> StorageFault {
    StorageFault::Bucket { doing, source: Box::new(source) }
}

/// Whether the store has answered, though with a no.
fn has_answered(fault: &Error) -> bool {
    matches!(
        fault,
        Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    )
}

impl Way {
    /// A way that nobody has gone yet.
    pub fn new(address: &BucketAddress, credentials: &Credentials) -> Found<Way> {
        // The one provider this program is built with; whoever was first chose the same.
        if default_provider().install_default().is_err() {
            tracing::debug!("the provider of TLS was chosen before");
        }
        let doing = "reading the address of the object store";
        let client = ClientOptions::new()
            .with_allow_http(address.is_in_the_clear())
            .with_connect_timeout(CONNECT_WAIT)
            .with_timeout(TRY_WAIT);
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(1),
                base: 2.0,
            },
            max_retries: TRIES_MORE,
            retry_timeout: TRY_WAIT,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&address.bucket)
            .with_region(&address.region)
            .with_access_key_id(&credentials.id)
            .with_secret_access_key(credentials.secret.as_str())
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &address.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(token) = &credentials.token {
            builder = builder.with_token(token.as_str());
        }
        let store = builder.build().map_err(|source| fault(doing, source))?;
        let prefix = Path::parse(&address.prefix);
        let prefix = prefix.map_err(|source| fault(doing, source.into()))?;
        Ok(Way { store, prefix, places: Semaphore::new(CALLS_MAX), away_until: Mutex::default() })
    }

    /// The name of an object under the prefix.
    pub fn name<'p>(&self, parts: impl IntoIterator<Item = &'p str>) -> Path {
        parts.into_iter().fold(self.prefix.clone(), |path, part| path.join(part))
    }

    fn away(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.away_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes one call, in its time, unless the store was away a moment ago.
    async fn call<T>(
        &self,
        doing: &'static str,
        wait: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Found<Result<T, Error>> {
        if self.away().is_some_and(|until| Instant::now() < until) {
            return Err(StorageFault::BucketAway { doing });
        }
        let Ok(Ok(_place)) = timeout(PLACE_WAIT, self.places.acquire()).await else {
            return Err(StorageFault::BucketAway { doing });
        };
        let answered = timeout(wait, call).await;
        let is_there = match &answered {
            Ok(Ok(_)) => true,
            Ok(Err(fault)) => has_answered(fault),
            Err(_) => false,
        };
        *self.away() = if is_there { None } else { Some(Instant::now() + AWAY_PAUSE) };
        match answered {
            Ok(answered) if is_there => Ok(answered),
            Ok(Err(fault)) => {
                let fault = &fault as &dyn std::error::Error;
                tracing::warn!(fault, doing, "the object store does not answer");
                Err(StorageFault::BucketAway { doing })
            }
            Ok(Ok(_)) | Err(_) => {
                tracing::warn!(doing, "the object store takes too long");
                Err(StorageFault::BucketAway { doing })
            }
        }
    }

    async fn done<T>(
        &self,
        doing: &'static str,
        wait: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Found<T> {
        self.call(doing, wait, call).await?.map_err(|source| fault(doing, source))
    }

    /// The same for an object that may be missing.
    async fn found<T>(
        &self,
        doing: &'static str,
        wait: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Found<Option<T>> {
        match self.call(doing, wait, call).await? {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(fault(doing, source)),
        }
    }

    /// The bytes of an object.
    pub async fn size(&self, at: &Path) -> Found<Option<u64>> {
        let head = self.found("looking for a file in the store", LOOK_WAIT, self.store.head(at));
        Ok(head.await?.map(|about| about.size))
    }

    /// A piece of an object, which is in memory then.
    pub async fn piece(&self, at: &Path, (from, end): (u64, u64)) -> Found<Option<Vec<u8>>> {
        let piece = self.store.get_range(at, from..end);
        let piece = self.found("reading a file of the store", LOOK_WAIT, piece);
        Ok(piece.await?.map(Vec::from))
    }

    /// Writes an object in one call.
    pub async fn put(&self, at: &Path, bytes: Vec<u8>) -> Found<()> {
        let put = self.store.put(at, PutPayload::from(bytes));
        self.done("writing into the store", SEND_WAIT, put).await.map(|_| ())
    }

    /// Begins an object that comes in pieces.
    pub async fn begin(&self, at: &Path) -> Found<Box<dyn MultipartUpload>> {
        self.done("beginning a file in the store", LOOK_WAIT, self.store.put_multipart(at)).await
    }

    /// Brings the next piece.
    pub async fn send(&self, to: &mut dyn MultipartUpload, bytes: Vec<u8>) -> Found<()> {
        let sent = to.put_part(PutPayload::from(bytes));
        self.done("writing into the store", SEND_WAIT, sent).await
    }

    /// The object is there, whole, once this was answered.
    pub async fn complete(&self, sent: &mut dyn MultipartUpload) -> Found<()> {
        self.done("ending a file in the store", SEND_WAIT, sent.complete()).await.map(|_| ())
    }

    /// Lets go of pieces; what is left of them is the store's to clean up.
    pub async fn give_up(&self, sent: &mut dyn MultipartUpload) {
        let given_up = self.done("giving up a file in the store", LOOK_WAIT, sent.abort()).await;
        if let Err(fault) = given_up {
            tracing::warn!(%fault, "pieces of a file are left in the store");
        }
    }

    /// Takes an object away, if it is there.
    pub async fn remove(&self, at: &Path) -> Found<()> {
        let gone = self.store.delete(at);
        self.found("taking a file out of the store", LOOK_WAIT, gone).await.map(|_| ())
    }

    /// Tells of each object below a name, page by page, in no order.
    pub async fn list(&self, below: &Path, mut on: impl FnMut(&ObjectMeta)) -> Found<()> {
        let mut listed = self.store.list(Some(below));
        let doing = "listing files of the store";
        while let Some(about) = self.done(doing, LOOK_WAIT, listed.try_next()).await? {
            on(&about);
        }
        Ok(())
    }
}
