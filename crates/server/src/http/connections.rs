//! Connections: taken one after another, served beside each other, ended in order.
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Semaphore, watch};

use super::front::caller;
use super::patient::Patient;
use super::{Patience, Peer};

/// Connections at once: those who wait for news, and their other calls.
const CONNECTIONS_MAX: usize = 25_000;

/// Serves connections until it is time to close, and then ends those that are under way.
pub(super) async fn take<L: Listener<Addr = SocketAddr>>(
    mut listener: L,
    routes: Router,
    (patience, proxies): (Patience, Arc<[IpAddr]>),
    mut closing: watch::Receiver<bool>,
) {
    let (under_way, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    loop {
        let (stream, from) = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = closing.wait_for(|closing| *closing) => break,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!(%from, "a connection too many was closed");
            continue;
        };
        let routes = TowerToHyperService::new(routes.clone());
        let proxies = Arc::clone(&proxies);
        let service = service_fn(move |mut call: Request<Incoming>| {
            let who = caller(from.ip(), call.headers(), &proxies);
            call.extensions_mut().insert(ConnectInfo(Peer(who)));
            routes.call(call)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.head)
            .serve_connection(TokioIo::new(Patient::new(stream, patience.answer)), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            if let Err(fault) = connection.await {
                tracing::debug!(%from, %fault, "a connection broke");
            }
        });
    }
    drop(listener);
    under_way.shutdown().await;
}
