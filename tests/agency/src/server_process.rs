//! The real server as a process: started, killed, started again at the same place.
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to listen.
const START_WAIT: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Hexadecimal digits of a server's key.
const KEY_DIGITS: usize = 64;
const ID_DIGITS: usize = 32;

/// A server with its folder; it may be down.
pub struct ServerProcess {
    program: PathBuf,
    folder: PathBuf,
    at: SocketAddr,
    key: String,
    sealed: Option<Sealed>,
    running: Option<Child>,
}

/// A certificate for `localhost` and its key, which everybody in a test trusts.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub chain: PathBuf,
    pub key: PathBuf,
}

fn word_of(said: &str, is_part: impl Fn(char) -> bool, digits: usize) -> String {
    let mut words = said.split(|letter: char| !is_part(letter));
    words.find(|word| word.len() == digits).unwrap_or_default().to_owned()
}

/// What `ulimit -f` of a plain shell counts in.
const ULIMIT_BLOCK: u64 = 512;

/// A file to which a process adds what it complains of.
pub(crate) fn appended(path: &Path) -> File {
    File::options().create(true).append(true).open(path).unwrap()
}

impl ServerProcess {
    /// Makes a server's folder and chooses a free port; it is not started.
    pub fn in_folder(program: &Path, folder: &Path) -> ServerProcess {
        ServerProcess::made_with(program, folder, &[])
    }

    /// The same over a PostgreSQL.
    pub fn on_storage(program: &Path, folder: &Path, url: &str) -> ServerProcess {
        ServerProcess::made_with(program, folder, &["--storage", url])
    }

    fn made_with(program: &Path, folder: &Path, words: &[&str]) -> ServerProcess {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let at = free.local_addr().unwrap();
        let (program, folder) = (program.to_owned(), folder.to_owned());
        let key = String::new();
        let mut made = ServerProcess { program, folder, at, key, sealed: None, running: None };
        let said = made.asks(&["init"], words);
        made.key = word_of(&said, |letter| letter.is_ascii_hexdigit(), KEY_DIGITS);
        made
    }

    /// From its next start on it is heard only through TLS, and believes this certificate.
    pub fn is_sealed(&mut self, sealed: &Sealed) {
        self.sealed = Some(sealed.clone());
    }

    /// Where it is called.
    pub fn base(&self) -> String {
        match self.sealed {
            Some(_) => format!("https://localhost:{}", self.at.port()),
            None => format!("http://{}", self.at),
        }
    }

    /// Runs one of the operator's commands over the folder.
    pub fn runs(&self, words: &[&str], after: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(words).arg(&self.folder).args(after);
        command.stdin(Stdio::null()).output().unwrap()
    }

    fn asks(&self, words: &[&str], after: &[&str]) -> String {
        let output = self.runs(words, after);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn starts(&mut self) {
        let mut command = Command::new(&self.program);
        command.arg("serve").arg(&self.folder).arg("--listen").arg(self.at.to_string());
        command.env("RUST_LOG", "warn");
        if let Some(Sealed { chain, key }) = &self.sealed {
            command.arg("--certificate").arg(chain).arg("--key").arg(key);
            command.env("SSL_CERT_FILE", chain);
        }
        let log = appended(&self.folder.with_extension("log"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.running = Some(command.spawn().unwrap());
    }

    /// The same on a disk that is nearly full: no file grows by more than this.
    pub fn starts_with_room(&mut self, bytes: u64) {
        let files = std::fs::read_dir(&self.folder).unwrap().flatten();
        let sizes = files.filter_map(|file| file.metadata().ok()).map(|about| about.len());
        let most = sizes.max().unwrap_or_default() + bytes;
        let mut command = Command::new("sh");
        // What is written beyond that is refused, as by a disk, and ends no process.
        let limited = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", most / ULIMIT_BLOCK);
        command.args(["-c", &limited, "sh"]).arg(&self.program);
        command.arg("serve").arg(&self.folder).arg("--listen").arg(self.at.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(command.spawn().unwrap());
    }

    /// Waits until it listens.
    pub fn listens(&mut self) {
        let began = Instant::now();
        while TcpStream::connect(self.at).is_err() {
            assert!(began.elapsed() < START_WAIT, "the server does not listen");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.running.as_mut().is_some_and(|child| child.try_wait().unwrap().is_some())
    }

    /// Killed at once: it can end nothing.
    pub fn is_killed(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.at
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// The process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.running.as_ref().map(Child::id)
    }

    pub fn adoption_code(&self) -> String {
        let said = self.asks(&["org", "create"], &[]);
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let mut words = said.split(|letter: char| !is_part(letter));
        let code = words.find(|word| word.matches('-').count() >= 2);
        code.unwrap_or_else(|| panic!("no code: {said}")).to_owned()
    }

    /// The one agency of this server.
    pub fn agency(&self) -> String {
        word_of(&self.asks(&["org", "list"], &[]), |letter| letter.is_ascii_hexdigit(), ID_DIGITS)
    }

    /// Writes the log of its agency into a file.
    pub fn exports(&self, to: &Path) {
        let agency = self.agency();
        self.asks(&["export"], &[to.to_str().unwrap(), "--org", &agency]);
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.is_killed();
    }
}
