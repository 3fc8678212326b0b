//! Whether the way to PostgreSQL is sealed, and with whose word it is believed.
use std::sync::Arc;

use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::fault::StorageFault;
use crate::storage::Found;

/// Whether every host is this machine.
fn is_here(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        #[cfg(unix)]
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|at: std::net::IpAddr| at.is_loopback())
        }
    })
}

/// Over a network it is sealed, unless the address says `sslmode=disable`; on this machine only
/// where the address asks for it.
pub(super) fn settle(config: &mut Config) {
    if config.get_ssl_mode() == SslMode::Prefer {
        let mode = if is_here(config) { SslMode::Disable } else { SslMode::Require };
        config.ssl_mode(mode);
    }
}

/// Believes the certificates that the system believes, and those of `SSL_CERT_FILE`.
///
/// # Errors
/// Where the system has none.
pub(super) fn connector() -> Found<MakeRustlsConnect> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier());
    let config = config.map_err(|source| StorageFault::Seal { source })?;
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::super::line::config_of;

    #[test]
    fn over_a_network_it_is_sealed_unless_the_address_says_otherwise() {
        let mode = |url: &str| config_of(url).unwrap().get_ssl_mode();
        assert_eq!(mode("postgres://a@db.example.vn/b"), SslMode::Require);
        assert_eq!(mode("postgres://a@10.0.0.7/b?sslmode=prefer"), SslMode::Require);
        assert_eq!(mode("postgres://a@10.0.0.7/b?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://a@127.0.0.1/b"), SslMode::Disable);
        assert_eq!(mode("postgres://a@localhost/b?sslmode=require"), SslMode::Require);
        assert_eq!(mode("postgres:///b?host=/run/postgresql"), SslMode::Disable);
        assert_eq!(mode("postgres://a@localhost,db.example.vn/b"), SslMode::Require);
    }
}
