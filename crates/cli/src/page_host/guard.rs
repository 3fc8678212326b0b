//! Who may speak to the host: one browser on this PC, at the exact address, with the cookie.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Context as _;
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::{AsHeaderName, COOKIE, HOST, ORIGIN};

/// Long enough that nobody guesses it in the life of a process.
const SECRET_BYTES: usize = 32;

/// The cookie's name carries the port, since browsers share cookies between ports.
const COOKIE_NAME: &str = "vanthu";

/// Holds the file with the one-time token, readable by nobody but this user of the PC.
const TOKEN_FILE: &str = "browser.token";

pub(super) struct Guard {
    port: u16,
    address: String,
    origin: String,
    cookie: String,
    /// Gone once it was used.
    token: Mutex<Option<String>>,
    token_file: PathBuf,
}

impl Guard {
    pub(super) fn new(port: u16, profile: &Path) -> anyhow::Result<Guard> {
        let token = secret()?;
        let token_file = profile.join(TOKEN_FILE);
        write_for_us_alone(&token_file, &token)
            .with_context(|| format!("writing the token to {}", token_file.display()))?;
        Ok(Guard {
            port,
            address: format!("127.0.0.1:{port}"),
            origin: format!("http://127.0.0.1:{port}"),
            cookie: secret()?,
            token: Mutex::new(Some(token)),
            token_file,
        })
    }

    /// Returns the address that lets one browser in, once.
    pub(super) fn way_in(&self) -> String {
        let token = self.token.lock().ok().and_then(|token| token.clone()).unwrap_or_default();
        format!("{}/enter?token={token}", self.origin)
    }

    /// Returns what the browser must keep, if the token is the right one and unused.
    pub(super) fn exchange(&self, offered: &str) -> Option<String> {
        let mut token = self.token.lock().ok()?;
        if !same(token.as_deref()?, offered) {
            return None;
        }
        *token = None;
        if let Err(fault) = fs::remove_file(&self.token_file) {
            tracing::warn!(%fault, "the file of the used token stayed");
        }
        let (port, cookie) = (self.port, &self.cookie);
        Some(format!("{COOKIE_NAME}{port}={cookie}; Path=/; HttpOnly; SameSite=Strict"))
    }

    /// Tells whether a request names our address, and comes from our page if it says where from.
    pub(super) fn is_our_address(&self, request: &Request) -> bool {
        let from = header(request, ORIGIN);
        // A browser always says where a request comes from that may change something.
        let may_stay_silent = matches!(*request.method(), Method::GET | Method::HEAD);
        header(request, HOST) == Some(self.address.as_str())
            && (from == Some(self.origin.as_str()) || (from.is_none() && may_stay_silent))
    }

    pub(super) fn has_cookie(&self, request: &Request) -> bool {
        let name = format!("{COOKIE_NAME}{}", self.port);
        header(request, COOKIE).is_some_and(|cookies| {
            cookies
                .split(';')
                .filter_map(|cookie| cookie.trim().split_once('='))
                .any(|(key, value)| key == name && same(&self.cookie, value))
        })
    }
}

fn header(request: &Request, name: impl AsHeaderName) -> Option<&str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Compares in a time that does not tell how much of it was right.
fn same(ours: &str, theirs: &str) -> bool {
    ours.len() == theirs.len()
        && ours.bytes().zip(theirs.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn secret() -> anyhow::Result<String> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).context("asking the system for randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn write_for_us_alone(path: &Path, text: &str) -> std::io::Result<()> {
    // An old file may have been left open to others, so it goes first.
    if path.exists() {
        fs::remove_file(path)?;
    }
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
