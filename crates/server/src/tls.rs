//! TLS with the operator's own certificate: handshakes run beside each other, and only so long.
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// A handshake over the worst line that still works.
const HANDSHAKE_WAIT: Duration = Duration::from_secs(15);
/// Handshakes under way at once.
const HANDSHAKES_MAX: usize = 500;
/// Connections that shook hands and wait to be served.
const WAITING_MAX: usize = 64;
/// How long nothing is accepted after the system refused a connection: too many open files.
const REFUSED_PAUSE: Duration = Duration::from_millis(200);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateFault {
    /// A file that is not there, or not of the form.
    #[error("reading {what} from {path}")]
    File {
        /// The certificate or its key.
        what: &'static str,
        /// Where.
        path: String,
        /// What was wrong.
        source: pem::Error,
    },
    /// The two do not belong together, or are of a kind that is not spoken.
    #[error("using the certificate with its key")]
    Pair(#[source] tokio_rustls::rustls::Error),
}

/// Reads a certificate, with those above it, and its key from PEM files.
///
/// # Errors
/// When one of them cannot be read or the two do not belong together.
pub fn certificate(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, CertificateFault> {
    let fault = |what, path: &Path| {
        let path = path.display().to_string();
        move |source| CertificateFault::File { what, path, source }
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(fault("the certificate", chain))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(fault("the certificate's key", key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, key))
        .map_err(CertificateFault::Pair)?;
    Ok(Arc::new(config))
}

/// A port on which everybody speaks TLS.
pub struct TlsListener {
    at: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Listens on a port that is open already.
    ///
    /// # Errors
    /// When the port is none.
    pub fn new(port: TcpListener, config: Arc<ServerConfig>) -> io::Result<TlsListener> {
        let at = port.local_addr()?;
        let (shaken, ready) = mpsc::channel(WAITING_MAX);
        tokio::spawn(shake_hands(port, TlsAcceptor::from(config), shaken));
        Ok(TlsListener { at, ready })
    }
}

/// Goes on until nobody takes the connections any more.
async fn shake_hands(
    port: TcpListener,
    acceptor: TlsAcceptor,
    shaken: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = port.accept() => accepted,
            () = shaken.closed() => return,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(fault) => {
                tracing::warn!(%fault, "a connection was not accepted");
                sleep(REFUSED_PAUSE).await;
                continue;
            }
        };
        let (acceptor, shaken) = (acceptor.clone(), shaken.clone());
        tokio::spawn(async move {
            let _place = place;
            match timeout(HANDSHAKE_WAIT, acceptor.accept(stream)).await {
                // A server that stops takes no more of them.
                Ok(Ok(stream)) => drop(shaken.send((stream, from)).await),
                Ok(Err(fault)) => tracing::debug!(%from, %fault, "a handshake failed"),
                Err(_) => tracing::debug!(%from, "a handshake took too long"),
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // The task that shakes hands is gone; nobody will come.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.at)
    }
}
