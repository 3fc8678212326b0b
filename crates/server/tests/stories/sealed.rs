//! The line sealed with TLS, by a certificate the operator gives.
use std::fs::write;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::operator::{says, serving_with};

/// What a caller hears who trusts just this certificate.
fn hears(at: SocketAddr, trusted: &rcgen::Certificate) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(at)?);
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
    let mut heard = String::new();
    // The server may close the line without a farewell.
    let _ = stream.read_to_string(&mut heard);
    Ok(heard)
}

#[test]
fn with_a_certificate_the_line_is_sealed_and_nobody_is_heard_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    says(&["init"], dir);
    let made = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (ours, other) = (made(), made());
    let (chain, key) = (dir.join("may-chu.pem"), dir.join("may-chu.khoa"));
    write(&chain, ours.cert.pem()).unwrap();
    write(&key, other.signing_key.serialize_pem()).unwrap();
    let (chain, key) = (chain.to_str().unwrap(), key.to_str().unwrap());
    let files = ["serve", "--listen", "127.0.0.1:0", "--certificate", chain, "--key", key];
    let (ran, text) = says(&files, dir);
    assert!(!ran && text.contains("không dùng được chứng thư"), "a key of another: {text}");
    write(key, ours.signing_key.serialize_pem()).unwrap();
    let (mut server, _lines, first) = serving_with(&files[3..], dir);
    let (_, at) = first.trim_end_matches('.').split_once("https://").unwrap();
    let at = at.parse().unwrap();
    let heard = hears(at, &ours.cert).unwrap();
    assert!(heard.starts_with("HTTP/1.1 200") && heard.ends_with("ok"), "{heard}");
    assert!(hears(at, &other.cert).is_err(), "a caller who trusts somebody else hangs up");
    let mut clear = TcpStream::connect(at).unwrap();
    clear.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    let _ = clear.read_to_end(&mut heard);
    assert!(!heard.starts_with(b"HTTP"), "{heard:?}");
    server.kill().unwrap();
    server.wait().unwrap();
}
