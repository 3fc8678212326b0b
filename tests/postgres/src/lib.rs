//! A PostgreSQL for tests: started in a temporary folder, gone with the process that asked for it.
use std::fs::{File, Permissions};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What must be set where a PostgreSQL that is missing is a fault and not a shorter test.
const DEMAND: &str = "VANTHU_POSTGRES";
/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Nobody: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

/// Waits for the end of its input, which comes with the end of the test, whatever ends it. Then the
/// cluster stops and its folder goes.
const WARDEN: &str = r#"
    trap '' INT TERM HUP
    folder=$1 programs=$2 settings=$3
    data=$folder/data
    "$programs/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --no-sync \
        >"$folder/made" 2>&1 </dev/null || { cat "$folder/made" >&2; exit 1; }
    printf '%s\n' "$settings" >>"$data/postgresql.conf"
    "$programs/pg_ctl" start -w -s -D "$data" -l "$folder/log" >/dev/null 2>&1 </dev/null ||
        { cat "$folder/log" >&2; exit 1; }
    echo ready
    while read -r _; do :; done
    "$programs/pg_ctl" stop -m immediate -s -D "$data" >/dev/null 2>&1 </dev/null
    rm -rf "$folder"
"#;

/// Whether what is written outlives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// Every commit is on the disk, as in an office.
    Synced,
    /// Commits outlive the end of the processes and no more, which is quicker.
    Lazy,
}

/// A cluster that runs.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    nobody: bool,
    /// The cluster stops when this is closed.
    _alive: ChildStdin,
    _warden: Child,
    made: AtomicU32,
}

/// The folder of the newest programs, if there are some.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().filter_map(Result::ok);
    let version = |path: &Path| -> Option<u32> { path.file_name()?.to_str()?.parse().ok() };
    let newest = versions.map(|entry| entry.path()).max_by_key(|path| version(path));
    let of_path = std::env::var_os("PATH");
    let of_path = of_path.iter().flat_map(std::env::split_paths);
    let all = newest.map(|version| version.join("bin")).into_iter().chain(of_path);
    all.into_iter().find(|folder| folder.join("initdb").is_file())
}

fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|said| said.stdout.starts_with(b"0\n"))
}

/// A program under the name of nobody, where this process is root's.
fn command(program: &Path, nobody: bool) -> Command {
    if !nobody {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let id = NOBODY.to_string();
    command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"]).arg(program);
    command
}

impl Cluster {
    /// Starts a cluster; none where its programs are not installed.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(disk: Disk) -> io::Result<Option<Cluster>> {
        let Some(programs) = programs() else { return Ok(None) };
        let nobody = is_root();
        let folder = tempfile::Builder::new().prefix("vt-pg-").tempdir()?.keep();
        if nobody {
            chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        let fsync = match disk {
            Disk::Synced => "on",
            Disk::Lazy => "off",
        };
        let settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 400\n\
             fsync = {fsync}\nfull_page_writes = {fsync}\nshared_buffers = 128MB\n\
             max_wal_size = 2GB\nlog_min_messages = warning",
            folder.display()
        );
        let mut warden = command(Path::new("/bin/sh"), nobody)
            .args(["-c", WARDEN, "warden"])
            .arg(&folder)
            .arg(&programs)
            .arg(settings)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (alive, said) = (warden.stdin.take(), warden.stdout.take());
        let mut first = String::new();
        if let Some(said) = said {
            BufReader::new(said).read_line(&mut first)?;
        }
        match alive {
            Some(alive) if first == "ready\n" => Ok(Some(Cluster {
                folder,
                programs,
                nobody,
                _alive: alive,
                _warden: warden,
                made: AtomicU32::new(0),
            })),
            Some(_) | None => Err(io::Error::other("PostgreSQL did not start")),
        }
    }

    /// Makes an empty database and says how it is reached.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn database(&self) -> io::Result<String> {
        let name = format!("office_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let mut createdb = Command::new(self.programs.join("createdb"));
        createdb.args(["-U", "postgres", "-T", "template0", "-h"]).arg(&self.folder).arg(&name);
        succeeds(&mut createdb)?;
        Ok(format!("postgresql:///{name}?host={}&user=postgres", self.folder.display()))
    }

    /// Listens on a port of this machine too, where every line is sealed; says which port.
    ///
    /// # Errors
    /// When it does not start again.
    pub fn listens_sealed(&self, certificate: &str, key: &str) -> io::Result<u16> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let data = self.folder.join("data");
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let path = data.join(name);
            std::fs::write(&path, text)?;
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            if self.nobody {
                chown(&path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let adds = |name: &str, lines: String| {
            File::options().append(true).open(data.join(name))?.write_all(lines.as_bytes())
        };
        adds(
            "postgresql.conf",
            format!("ssl = on\nlisten_addresses = '127.0.0.1'\nport = {port}\n"),
        )?;
        // Whoever comes over the network in the clear is sent away.
        std::fs::write(
            data.join("pg_hba.conf"),
            "local all all trust\nhostssl all all all trust\n",
        )?;
        self.control(&["stop", "-m", "fast", "-w", "-s"])?;
        self.control(&["start", "-w", "-s"])?;
        Ok(port)
    }

    /// Ends every process of the cluster at once, as a power cut would.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stop_at_once(&self) -> io::Result<()> {
        self.control(&["stop", "-m", "immediate", "-w", "-s"])
    }

    /// Starts it again on what is on the disk.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&self) -> io::Result<()> {
        self.control(&["start", "-w", "-s"])
    }

    /// Kills one process that serves a line, which makes the whole cluster recover.
    ///
    /// # Errors
    /// When there is none.
    pub fn kill_a_line(&self, url: &str) -> io::Result<()> {
        let sql = "
            SELECT pid
            FROM pg_stat_activity
            WHERE application_name = 'vanthu-server' AND datname = current_database()
            ORDER BY state, pid
            LIMIT 1";
        let mut psql = Command::new(self.programs.join("psql"));
        let said = psql.args(["-q", "-A", "-t", "-c", sql]).arg(url).output()?;
        let pid = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        succeeds(Command::new("kill").args(["-9", &pid]))
    }

    fn control(&self, words: &[&str]) -> io::Result<()> {
        let mut control = command(&self.programs.join("pg_ctl"), self.nobody);
        control.args(words).arg("-D").arg(self.folder.join("data"));
        control.arg("-l").arg(self.folder.join("log"));
        control.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        succeeds(&mut control)
    }
}

fn succeeds(command: &mut Command) -> io::Result<()> {
    let done = command.stdin(Stdio::null()).status()?;
    if done.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("{:?} ended with {done}", command.get_program())))
}

/// The cluster that all tests of this process share; none where PostgreSQL is not installed, which
/// is said once, and is a fault where the environment demands it.
///
/// # Panics
/// When it does not start, or is demanded and missing.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED.get_or_init(|| or_said(Cluster::start(Disk::Lazy))).as_ref()
}

/// A cluster of one test's own, whose end is no matter to others.
///
/// # Panics
/// When it does not start, or is demanded and missing.
pub fn alone(disk: Disk) -> Option<Cluster> {
    or_said(Cluster::start(disk))
}

fn or_said(started: io::Result<Option<Cluster>>) -> Option<Cluster> {
    let cluster = started.expect("PostgreSQL is installed, so it must start");
    if cluster.is_none() {
        let demanded = std::env::var_os(DEMAND).is_some_and(|demand| demand == "must");
        assert!(!demanded, "{DEMAND}=must, and PostgreSQL is not installed");
        say_that_it_is_missing();
    }
    cluster
}

fn say_that_it_is_missing() {
    static SAID: Mutex<bool> = Mutex::new(false);
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if !*said {
        let text = "PostgreSQL is not installed: what needs it is NOT TESTED here\n";
        // Straight to the terminal: what a test that passes prints is never seen.
        let shown = io::stderr().write_all(text.as_bytes());
        *said = shown.is_ok();
    }
}
