//! An object store for tests that speaks S3: on a port of loopback, in a folder of its own.
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// The one bucket.
pub const BUCKET: &str = "van-thu";
/// Who may use it.
pub const KEY_ID: &str = "AKIAVANTHU";
/// With what.
pub const SECRET: &str = "a-secret-for-tests";

/// How the store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Answers,
    /// So many calls more; then lines are cut without an answer.
    AnswersOnly(u64),
    /// Calls are heard and nothing is said.
    Hangs,
}

struct Gate {
    mood: watch::Sender<Mood>,
    calls: AtomicU64,
}

impl Gate {
    /// Whether a call is answered; one that hangs waits here.
    async fn lets_in(&self) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut moods = self.mood.subscribe();
        if moods.wait_for(|mood| *mood != Mood::Hangs).await.is_err() {
            return false;
        }
        let mut is_let_in = true;
        self.mood.send_if_modified(|mood| match mood {
            Mood::AnswersOnly(0) => {
                is_let_in = false;
                false
            }
            Mood::AnswersOnly(left) => {
                *left -= 1;
                true
            }
            Mood::Answers | Mood::Hangs => false,
        });
        is_let_in
    }
}

/// A store that runs until this is dropped.
pub struct S3Server {
    folder: TempDir,
    at: SocketAddr,
    gate: Arc<Gate>,
    runtime: Option<Runtime>,
}

fn fault(said: impl std::fmt::Debug) -> io::Error {
    io::Error::other(format!("{said:?}"))
}

async fn serves(stream: TcpStream, service: S3Service, gate: Arc<Gate>) {
    let answers = service_fn(move |request: Request<Incoming>| {
        let (service, gate) = (service.clone(), Arc::clone(&gate));
        async move {
            if !gate.lets_in().await {
                return Err(io::Error::other("the store is away"));
            }
            service.call(request.map(s3s::Body::from)).await.map_err(fault)
        }
    });
    // A line that was cut is what the test wanted.
    if let Err(_cut) = http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await {
    }
}

async fn listens(listener: TcpListener, service: S3Service, gate: Arc<Gate>) -> Infallible {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serves(stream, service.clone(), Arc::clone(&gate)));
        }
    }
}

impl S3Server {
    /// Starts a store with one empty bucket.
    ///
    /// # Errors
    /// Faults of the system.
    pub fn start() -> io::Result<S3Server> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let files = FileSystem::new(folder.path()).map_err(fault)?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let gate = Gate { mood: watch::channel(Mood::Answers).0, calls: AtomicU64::new(0) };
        let gate = Arc::new(gate);
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let at = listener.local_addr()?;
        runtime.spawn(listens(listener, service, Arc::clone(&gate)));
        Ok(S3Server { folder, at, gate, runtime: Some(runtime) })
    }

    /// The address of files under a prefix, as the operator writes it.
    pub fn address(&self, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}?endpoint=http://{}&region=vn-1", self.at)
    }

    /// Writes the key into a server's folder, where only its owner can read it.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn write_key(&self, dir: &Path) -> io::Result<()> {
        let path = dir.join("blobs.credentials");
        let text = format!("AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={SECRET}\n");
        std::fs::write(&path, text)?;
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        Ok(())
    }

    /// It answers every call.
    pub fn answers(&self) {
        self.gate.mood.send_replace(Mood::Answers);
    }

    /// It answers so many calls and is away then: lines are cut.
    pub fn answers_only(&self, calls: u64) {
        self.gate.mood.send_replace(Mood::AnswersOnly(calls));
    }

    /// It hears every call and says nothing.
    pub fn hangs(&self) {
        self.gate.mood.send_replace(Mood::Hangs);
    }

    /// How many calls have come.
    pub fn calls(&self) -> u64 {
        self.gate.calls.load(Ordering::Relaxed)
    }

    /// The names of all objects, in their order.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn objects(&self) -> io::Result<Vec<String>> {
        let bucket = self.folder.path().join(BUCKET);
        let mut found = Vec::new();
        walk(&bucket, &bucket, &mut found)?;
        found.sort();
        Ok(found)
    }

    /// Takes an object away behind everybody's back.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn loses(&self, object: &str) -> io::Result<()> {
        std::fs::remove_file(self.folder.path().join(BUCKET).join(object))
    }
}

fn walk(bucket: &Path, folder: &Path, found: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(bucket, &path, found)?;
        } else if let Ok(name) = path.strip_prefix(bucket) {
            found.push(name.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
