//! The servers of a province: real processes, killed and started again while they work.
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use agency::{Chance, Sealed, ServerProcess};

/// A server is dead so long.
const DEAD_MS: (u64, u64) = (50, 800);

/// Starts a server in a folder; on PostgreSQL where its address is given.
pub fn started(program: &Path, folder: &Path, storage: Option<&str>) -> ServerProcess {
    started_with(program, folder, (storage, None))
}

/// The same, heard through TLS where a certificate is given.
pub fn started_with(
    program: &Path,
    folder: &Path,
    (storage, sealed): (Option<&str>, Option<&Sealed>),
) -> ServerProcess {
    let mut server = match storage {
        Some(url) => ServerProcess::on_storage(program, folder, url),
        None => ServerProcess::in_folder(program, folder),
    };
    if let Some(sealed) = sealed {
        server.is_sealed(sealed);
    }
    server.starts();
    server.listens();
    server
}

/// Kills servers while others work, until it is told to stop.
pub struct Deaths {
    stop: Arc<AtomicBool>,
    count: Arc<AtomicU64>,
    killer: Option<thread::JoinHandle<()>>,
}

impl Deaths {
    /// One server after another, after about so long; the last of several is down once for long.
    pub fn begin(
        servers: Arc<Mutex<Vec<ServerProcess>>>,
        seed: u64,
        (down, lives): (Duration, Duration),
    ) -> Deaths {
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stops, counts) = (Arc::clone(&stop), Arc::clone(&count));
        let middle = u64::try_from(lives.as_millis()).unwrap();
        let lives = (middle / 4, middle * 7 / 4);
        let killer = thread::spawn(move || {
            let mut chance = Chance::new(seed);
            let rests = |(from, to), chance: &mut Chance| {
                thread::sleep(Duration::from_millis(chance.within(from, to)));
            };
            let last = servers.lock().unwrap().len() - 1;
            if last > 0 && !down.is_zero() {
                servers.lock().unwrap()[last].is_killed();
                thread::sleep(down);
                comes_back(&servers, last);
            }
            while !stops.load(Ordering::SeqCst) {
                rests(lives, &mut chance);
                let which = chance.below(last as u64 + 1) as usize;
                servers.lock().unwrap()[which].is_killed();
                counts.fetch_add(1, Ordering::SeqCst);
                rests(DEAD_MS, &mut chance);
                comes_back(&servers, which);
            }
        });
        Deaths { stop, count, killer: Some(killer) }
    }

    /// Ends it; every server runs. Says how often one died.
    pub fn end(mut self) -> u64 {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(killer) = self.killer.take() {
            killer.join().unwrap();
        }
        self.count.load(Ordering::SeqCst)
    }
}

fn comes_back(servers: &Mutex<Vec<ServerProcess>>, which: usize) {
    let mut servers = servers.lock().unwrap();
    servers[which].starts();
    servers[which].listens();
}

/// A certificate for servers on this machine, made for one run.
pub fn sealed_in(folder: &Path) -> Sealed {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let sealed = Sealed { chain: folder.join("chain.pem"), key: folder.join("chain.key") };
    std::fs::write(&sealed.chain, made.cert.pem()).unwrap();
    std::fs::write(&sealed.key, made.signing_key.serialize_pem()).unwrap();
    sealed
}
