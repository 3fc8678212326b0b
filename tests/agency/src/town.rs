//! The server of a town: on a port of loopback that stays the same when it is started anew.
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use server::{BlobsInFolder, Identity, Ledger, SqliteStorage, chance, clock};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A server with its folder; it may be down.
pub struct Town {
    pub folder: TempDir,
    at: SocketAddr,
    running: Option<Running>,
}

struct Running {
    ledger: Arc<Ledger>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

fn ledger_in(folder: &Path) -> Arc<Ledger> {
    let identity = Identity::open(folder).or_else(|_| Identity::create(folder, &[9; 32])).unwrap();
    let storage = Arc::new(SqliteStorage::open(&folder.join("server.db")).unwrap());
    let blobs = Arc::new(BlobsInFolder::new(&folder.join("blobs")));
    Arc::new(Ledger::new(storage, identity, chance().unwrap()).with_blobs(blobs))
}

fn listening(ledger: &Arc<Ledger>, at: SocketAddr) -> (SocketAddr, Running) {
    let (stop, stopped) = oneshot::channel();
    let (tell, told) = std::sync::mpsc::channel();
    server::exchanges(ledger, clock).unwrap();
    let serves = Arc::clone(ledger);
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(at).unwrap();
            let listener = socket.listen(64).unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let stop = async {
                let _ = stopped.await;
            };
            server::serve(listener, serves, stop).await.unwrap();
        });
        runtime.shutdown_background();
    });
    let at = told.recv().unwrap();
    (at, Running { ledger: Arc::clone(ledger), stop, thread })
}

impl Town {
    /// A server with nothing in it.
    pub fn open() -> Town {
        Town::in_folder(tempfile::tempdir().unwrap())
    }

    /// Another server than the first, with a key of its own.
    pub fn beside() -> Town {
        let folder = tempfile::tempdir().unwrap();
        Identity::create(folder.path(), &[19; 32]).unwrap();
        Town::in_folder(folder)
    }

    fn in_folder(folder: TempDir) -> Town {
        let ledger = ledger_in(folder.path());
        let (at, running) = listening(&ledger, (Ipv4Addr::LOCALHOST, 0).into());
        Town { folder, at, running: Some(running) }
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Where it is, for what stands between.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    fn ledger(&self) -> &Ledger {
        &self.running.as_ref().unwrap().ledger
    }

    /// The key as it is printed beside a code.
    pub fn key(&self) -> String {
        self.ledger().identity().public_hex().to_string()
    }

    /// The operator lets an agency keep the directory.
    pub fn gives_the_directory_to(&self, agency: &str) {
        let agency = register::AgencyId::parse(agency).unwrap();
        self.ledger().add_keeper(agency, clock()).unwrap();
    }

    /// The operator takes it back.
    pub fn takes_the_directory_from(&self, agency: &str) {
        let agency = register::AgencyId::parse(agency).unwrap();
        self.ledger().remove_keeper(agency).unwrap();
    }

    /// The operator writes another server down.
    pub fn knows(&self, other: &Town, name: &str) {
        let key = other.ledger().identity().public_hex();
        self.ledger().add_peer(key, name, &other.address()).unwrap();
    }

    /// What waits for other servers.
    pub fn waits(&self) -> u64 {
        let peers = self.ledger().peers_at_a_glance().unwrap();
        peers.iter().filter_map(|peer| peer.waits).map(|waits| waits.count).sum()
    }

    /// The operator's code for an empty agency.
    pub fn adoption_code(&self) -> String {
        self.ledger().adoption_code(clock(), chance().unwrap()).unwrap()
    }

    /// The operator adds a release of the program, for so many PCs of a hundred.
    pub fn adds_release(&self, file: &Path, stage: u8) {
        let mut file = std::fs::File::open(file).unwrap();
        self.ledger().add_release(&mut file, (stage, Vec::new())).unwrap();
    }

    /// He withdraws it.
    pub fn withdraws_release(&self, version: &str) {
        let version = sync::release::Version::parse(version).unwrap();
        self.ledger().withdraw_release(version).unwrap();
    }

    /// The releases with the PCs that run them and that went back.
    pub fn releases(&self) -> Vec<server::ReleaseAtAGlance> {
        self.ledger().releases_at_a_glance().unwrap()
    }

    /// Somebody who has its disk changes a byte of every file of a release.
    pub fn spoils_releases(&self) {
        let house = self.folder.path().join("blobs").join(server::release_house().hex());
        for shelf in std::fs::read_dir(house).unwrap() {
            for file in std::fs::read_dir(shelf.unwrap().path()).into_iter().flatten() {
                let path = file.unwrap().path();
                let mut bytes = std::fs::read(&path).unwrap();
                *bytes.last_mut().unwrap() ^= 1;
                std::fs::write(&path, bytes).unwrap();
            }
        }
    }

    /// The line is gone for everybody.
    pub fn goes_down(&mut self) {
        let Some(running) = self.running.take() else { return };
        let _ = running.stop.send(());
        running.thread.join().unwrap();
    }

    /// What it has on its disk, as a copy elsewhere keeps it.
    pub fn copy(&mut self) -> TempDir {
        self.goes_down();
        let copy = tempfile::tempdir().unwrap();
        for name in ["server.db", "server.key"] {
            std::fs::copy(self.folder.path().join(name), copy.path().join(name)).unwrap();
        }
        self.comes_back();
        copy
    }

    /// What it has on its disk, as the operator copies it.
    pub fn backed_up(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        let to = copy.path().join("copy");
        server::copy_server(self.folder.path(), &to, server::WithKey::Yes, clock()).unwrap();
        copy
    }

    /// Its disk burned; it is back with what such a copy has.
    pub fn is_set_back(&mut self, copy: &TempDir) {
        self.goes_down();
        let folder = tempfile::tempdir().unwrap();
        server::restore(&copy.path().join("copy"), folder.path(), None, clock()).unwrap();
        self.folder = folder;
        self.comes_back();
    }

    /// Somebody takes the last entry out of its file, and makes the file say that it ends there.
    pub fn cuts_the_last_entry(&self) {
        let conn = rusqlite::Connection::open(self.folder.path().join("server.db")).unwrap();
        conn.execute_batch(
            "
            DELETE FROM entry
            WHERE seq = (SELECT max(seq) FROM entry);
            UPDATE org
            SET head = (SELECT max(seq) FROM entry),
                hash = (SELECT hash FROM entry ORDER BY seq DESC LIMIT 1);",
        )
        .unwrap();
    }

    /// Somebody changes what the server hands out, and no entry of its log.
    pub fn says_otherwise(&self, before: &str, after: &str) {
        let conn = rusqlite::Connection::open(self.folder.path().join("server.db")).unwrap();
        let sql = "
            UPDATE state
            SET body = replace(body, ?1, ?2)
            WHERE instr(body, ?1) > 0";
        assert_eq!(conn.execute(sql, [before, after]).unwrap(), 1);
    }

    /// It is back, at the same place, with what it had.
    pub fn comes_back(&mut self) {
        let ledger = ledger_in(self.folder.path());
        let (_, running) = listening(&ledger, self.at);
        self.running = Some(running);
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.goes_down();
    }
}
