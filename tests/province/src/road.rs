//! Calls to a server that may be killed at any moment: each is made until it is answered.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use agency::{Sealed, ServerProcess};
use reqwest::{Certificate, Client, RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::wire::{News, PART_HASH_HEADER, PROTOCOL, PartHashes, Trouble, WAIT_SECONDS_MAX};

use crate::times::Times;

/// A call is made again after so long.
const AGAIN: Duration = Duration::from_millis(200);
/// A server that answers nobody for so long is broken.
const GIVES_UP: Duration = Duration::from_secs(300);
const CALL_WAIT: Duration = Duration::from_secs(60);

/// The way to one server, for all who call it.
#[derive(Clone)]
pub struct Road {
    client: Client,
    base: String,
    /// How long calls took, by their path.
    pub times: Arc<Times>,
    again: Arc<AtomicU64>,
}

/// What a server said no to.
pub type Refused = Trouble;

impl Road {
    pub fn to(server: &ServerProcess) -> Road {
        Road::trusting(server, None)
    }

    /// The same, where the server is sealed by this certificate.
    pub fn trusting(server: &ServerProcess, sealed: Option<&Sealed>) -> Road {
        // Where nothing is sealed the client asks for a provider of TLS all the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = Client::builder().tcp_nodelay(true).timeout(CALL_WAIT);
        let builder = match sealed {
            Some(Sealed { chain, .. }) => {
                let chain = std::fs::read(chain).unwrap();
                builder.tls_certs_only([Certificate::from_pem(&chain).unwrap()])
            }
            None => builder,
        };
        let (client, base) = (builder.build().unwrap(), server.base());
        Road { client, base, times: Arc::default(), again: Arc::default() }
    }

    /// Calls that were made again, because nobody answered.
    pub fn again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    pub async fn post<A: Serialize, T: DeserializeOwned>(
        &self,
        path: &'static str,
        token: Option<&str>,
        asked: &A,
    ) -> Result<T, Refused> {
        let body = serde_json::to_vec(asked).unwrap();
        let call = || {
            let url = format!("{}{path}", self.base);
            let call = self.client.post(url).header("content-type", "application/json");
            named(call, token).body(body.clone())
        };
        let answer = self.answered(path, call).await?;
        Ok(serde_json::from_slice(&answer.1).unwrap())
    }

    /// Waits for news; none when nothing came.
    pub async fn news(&self, head: u64, token: &str) -> Result<Option<News>, Refused> {
        let url = format!("{}/v1/wait?head={head}", self.base);
        let wait = CALL_WAIT + Duration::from_secs(WAIT_SECONDS_MAX);
        let call = || named(self.client.get(&url), Some(token)).timeout(wait);
        let (status, body) = self.answered("", call).await?;
        let news = status != StatusCode::NO_CONTENT;
        Ok(news.then(|| serde_json::from_slice(&body).unwrap()))
    }

    /// Sends a file of one part.
    pub async fn put(&self, blob: &str, bytes: &[u8], token: &str) -> Result<(), Refused> {
        let url = format!("{}/v1/blob/{blob}", self.base);
        let range = format!("bytes 0-{}/{}", bytes.len() - 1, bytes.len());
        let call = || {
            let call = self.client.put(&url).header("content-range", &range);
            let call = call.header(PART_HASH_HEADER, PartHashes::of(bytes).to_string());
            named(call, Some(token)).body(bytes.to_vec())
        };
        self.answered("/v1/blob", call).await.map(|_| ())
    }

    async fn answered(
        &self,
        path: &'static str,
        call: impl Fn() -> RequestBuilder,
    ) -> Result<(StatusCode, Vec<u8>), Refused> {
        let began = Instant::now();
        loop {
            let asked = Instant::now();
            if let Some((status, body)) = once(call()).await {
                if status.is_success() {
                    self.times.took(path, asked.elapsed());
                    return Ok((status, body));
                }
                let trouble: Trouble = serde_json::from_slice(&body)
                    .unwrap_or_else(|_| panic!("{path}: {status} {body:?}"));
                if !matches!(trouble, Trouble::Busy { .. } | Trouble::Broken) {
                    return Err(trouble);
                }
                self.times.turned_away();
            }
            assert!(began.elapsed() < GIVES_UP, "{path} is answered by nobody");
            self.again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(AGAIN).await;
        }
    }
}

async fn once(call: RequestBuilder) -> Option<(StatusCode, Vec<u8>)> {
    let answer = call.send().await.ok()?;
    let status = answer.status();
    Some((status, answer.bytes().await.ok()?.to_vec()))
}

fn named(call: RequestBuilder, token: Option<&str>) -> RequestBuilder {
    let call = call.header("x-proto", PROTOCOL.to_string());
    match token {
        Some(token) => call.bearer_auth(token),
        None => call,
    }
}
