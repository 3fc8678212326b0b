//! The programs of a walk: a profile of its own, the desk, the page's host and the web drivers.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time;

/// Longer than any driver needs on a busy machine.
const DRIVER_WAIT: Duration = Duration::from_secs(30);

/// Between two looks whether a driver listens.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Who sits at the desk of the demo commune.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// Văn thư.
    Clerk,
    /// Chủ tịch.
    Leader,
    /// Chánh văn phòng.
    Head,
    /// Công chức.
    Official,
    /// Quản trị.
    Administrator,
}

impl Seat {
    /// Returns the word that `--as` takes.
    pub fn word(self) -> &'static str {
        match self {
            Seat::Clerk => "clerk",
            Seat::Leader => "leader",
            Seat::Head => "head",
            Seat::Official => "official",
            Seat::Administrator => "admin",
        }
    }

    /// Returns the role that his officer has in the register.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Seat::Clerk => "clerk",
            Seat::Leader => "leader",
            Seat::Head => "office_head",
            Seat::Official => "official",
            Seat::Administrator => "administrator",
        }
    }
}

/// A program that ends, with everything it started, when this value goes.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    fn start(mut command: Command) -> anyhow::Result<Running> {
        // A driver starts programs of its own; in one group they can be ended together.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        Ok(Running { child })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        // What has already ended needs no ending.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a program that `./dev` has built beside this test.
pub(crate) fn built(name: &str) -> anyhow::Result<PathBuf> {
    let program = built_folder()?.join(name);
    anyhow::ensure!(program.exists(), "{} is not built: ./dev test builds it", program.display());
    Ok(program)
}

/// Where the programs of this build are.
pub(crate) fn built_folder() -> anyhow::Result<PathBuf> {
    let test = std::env::current_exe().context("finding this test")?;
    let folder = test.parent().and_then(Path::parent).context("a test lies in target/…/deps")?;
    Ok(folder.to_owned())
}

/// Returns a folder of the project, by its path from the root.
pub(crate) fn in_the_project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A killed window takes a moment to let go of its profile; another start would only knock at it.
pub(crate) async fn window_has_gone(profile: &Path) -> anyhow::Result<()> {
    let lock = fs::File::open(profile.join("window.lock")).context("the lock of a window")?;
    let (began, mut looks) = (Instant::now(), time::interval(LOOK_AGAIN));
    while lock.try_lock().is_err() {
        anyhow::ensure!(began.elapsed() < DRIVER_WAIT, "the window does not end");
        looks.tick().await;
    }
    Ok(())
}

/// Makes a profile of the demo commune that nobody else uses.
pub(crate) fn demo_profile() -> anyhow::Result<TempDir> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = MADE
        .get_or_init(|| make_demo().map_err(|fault| format!("{fault:#}")))
        .as_ref()
        .map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let copy = empty_profile()?;
    copy_folder(made, copy.path())?;
    Ok(copy)
}

/// Makes an empty profile: the program starts with its wizard.
pub(crate) fn empty_profile() -> anyhow::Result<TempDir> {
    tempfile::Builder::new().prefix("vanthu-walk").tempdir().context("making a profile folder")
}

fn make_demo() -> anyhow::Result<PathBuf> {
    let folder = built_folder()?.join("walk-demo");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("removing the demo of an earlier run")?;
    }
    let made = Command::new(built("vanthu")?)
        .arg("demo")
        .arg(&folder)
        .stdin(Stdio::null())
        .output()
        .context("running vanthu demo")?;
    let said = String::from_utf8_lossy(&made.stderr);
    anyhow::ensure!(made.status.success(), "vanthu demo: {said}");
    Ok(folder)
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Starts the program that drives the real window, and returns its address.
pub(crate) async fn window_driver() -> anyhow::Result<(Running, String)> {
    let port = free_port()?;
    // On a session bus of its own: one that GTK starts by itself outlives the window, and each
    // keeps a notice of the system until none is left for the scan folder.
    let mut command = Command::new("dbus-run-session");
    command.arg("--").arg("WebKitWebDriver");
    command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    driver(command, port).await
}

/// Starts the program that drives Chromium, and returns its address.
pub(crate) async fn browser_driver() -> anyhow::Result<(Running, String)> {
    let port = free_port()?;
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}")).stdout(Stdio::null());
    driver(command, port).await
}

async fn driver(command: Command, port: u16) -> anyhow::Result<(Running, String)> {
    let name = command.get_program().display().to_string();
    let running = Running::start(command)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut looks = time::interval(LOOK_AGAIN);
    time::timeout(DRIVER_WAIT, async {
        while TcpStream::connect(address).await.is_err() {
            looks.tick().await;
        }
    })
    .await
    .with_context(|| format!("waiting for {name}"))?;
    Ok((running, format!("http://{address}")))
}

/// Starts the page's host on a profile, and returns the address that lets one browser in.
pub(crate) fn page_host(profile: &Path, seat: Option<Seat>) -> anyhow::Result<(Running, String)> {
    let mut command = Command::new(built("vanthu")?);
    command.arg("--profile").arg(profile).arg("browser");
    command.arg("--pages").arg(in_the_project("ui/dist"));
    command.args(seat_arguments(seat).iter().map(OsStr::new));
    says_where(command, "http")
}

/// Starts a program that says where it listens, and returns the word that begins so.
pub(crate) fn says_where(mut command: Command, begin: &str) -> anyhow::Result<(Running, String)> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let said = running.child.stdout.take().context("the host has an output")?;
    let address = BufReader::new(said)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.split_whitespace().find(|w| w.starts_with(begin)).map(String::from))
        .context("the program ended without an address")?;
    Ok((running, address))
}

/// Starts the window on a profile, with nobody driving it.
pub(crate) fn window(profile: &Path, seat: Seat) -> anyhow::Result<Running> {
    let mut command = Command::new("dbus-run-session");
    command.arg("--").arg(built("vanthu-desktop")?).arg("--profile").arg(profile);
    command.args(seat_arguments(Some(seat)));
    Running::start(command)
}

/// Returns what tells a program who sits at the desk.
pub(crate) fn seat_arguments(seat: Option<Seat>) -> Vec<String> {
    seat.map(|seat| vec!["--as".to_owned(), seat.word().to_owned()]).unwrap_or_default()
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a port")?;
    Ok(listener.local_addr().context("reading the port")?.port())
}
