//! The way to a PostgreSQL on another machine is sealed, or there is none.
use std::process::Command;

use postgres_cluster::Disk;

/// Runs `init` with a storage; says how it ended and what it said.
fn comes(url: &str, trusted: Option<&std::path::Path>) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
    program.env_remove("RUST_LOG").arg("init").arg(folder.path()).args(["--storage", url]);
    if let Some(file) = trusted {
        program.env("SSL_CERT_FILE", file);
    }
    let ran = program.output().unwrap();
    (ran.status.success(), String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
}

#[test]
fn a_server_whose_certificate_is_trusted_is_met_and_no_other() {
    let Some(cluster) = postgres_cluster::alone(Disk::Lazy) else { return };
    let url = cluster.database().unwrap();
    let name = url.trim_start_matches("postgresql:///").split('?').next().unwrap().to_owned();
    let made = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (ours, strange) = (made(), made());
    let port = cluster.listens_sealed(&ours.cert.pem(), &ours.signing_key.serialize_pem()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |called: &str, certificate: &rcgen::Certificate| {
        let path = folder.path().join(called);
        std::fs::write(&path, certificate.pem()).unwrap();
        path
    };
    let (trusted, other) = (file("ours", &ours.cert), file("strange", &strange.cert));
    let sealed = format!("postgres://postgres@localhost:{port}/{name}?sslmode=require");
    assert!(!comes(&sealed, Some(&other)).0, "another's certificate");
    let in_the_clear = format!("postgres://postgres@localhost:{port}/{name}?sslmode=disable");
    assert!(!comes(&in_the_clear, Some(&trusted)).0, "it sends away who comes in the clear");
    let (came, said) = comes(&sealed, Some(&trusted));
    assert!(came, "{said}");
}
