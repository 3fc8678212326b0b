//! A server of a walk: the real program in a folder of its own, and an agency that comes to it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::json;
use tempfile::TempDir;

use crate::programs::{self, Running, Seat};

/// A server on loopback; it ends when this value goes.
pub(crate) struct Town {
    address: String,
    code: String,
    key: String,
    // The program goes before its folder.
    _running: Running,
    _folder: TempDir,
}

impl Town {
    /// Makes a server and starts it.
    pub(crate) fn open() -> anyhow::Result<Town> {
        let folder = programs::empty_profile()?;
        let dir = folder.path().join("may-chu");
        told(&["init"], &dir)?;
        let paper = told(&["org", "create"], &dir)?;
        let mut words = paper.lines().filter_map(|line| line.split_once(": "));
        let code = words.next().context("the operator gets a code")?.1.to_owned();
        let key = words.next().context("the key stands beside the code")?.1.to_owned();
        let mut command = Command::new(programs::built("vanthu-server")?);
        command.args(["serve", "--listen", "127.0.0.1:0"]).arg(&dir).stderr(Stdio::null());
        let (running, address) = programs::says_where(command, "http")?;
        let address = address.trim_end_matches('.').to_owned();
        Ok(Town { address, code, key, _running: running, _folder: folder })
    }

    /// Brings the agency of a profile here: all it did goes up, and all comes back to its clerk.
    pub(crate) fn takes_in(&self, profile: &Path) -> anyhow::Result<()> {
        let form = json!({
            "address": self.address, "code": self.code, "server_key": self.key,
            "pc_name": "VT-01",
        });
        asks(profile, Seat::Administrator, "line.adopt", &form.to_string())?;
        asks(profile, Seat::Administrator, "line.meet", "{}")?;
        asks(profile, Seat::Clerk, "line.meet", "{}")
    }
}

fn told(arguments: &[&str], dir: &Path) -> anyhow::Result<String> {
    let ran = Command::new(programs::built("vanthu-server")?)
        .args(arguments)
        .arg(dir)
        .stdin(Stdio::null())
        .output()
        .context("running vanthu-server")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    anyhow::ensure!(ran.status.success(), "vanthu-server {arguments:?}: {said}");
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

fn asks(profile: &Path, seat: Seat, name: &str, question: &str) -> anyhow::Result<()> {
    let ran = Command::new(programs::built("vanthu")?)
        .arg("--profile")
        .arg(profile)
        .args(["--as", seat.word(), "ask", name, question])
        .stdin(Stdio::null())
        .output()
        .context("running vanthu ask")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    anyhow::ensure!(ran.status.success(), "vanthu ask {name}: {said}");
    Ok(())
}
