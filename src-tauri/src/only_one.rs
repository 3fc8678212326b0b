//! One window a profile: a second start brings the first window forward and ends.

use std::env;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Holds the lock; the file beside it says on which port the window hears a knock.
const LOCK_FILE: &str = "window.lock";
const PORT_FILE: &str = "window.port";

/// Set for a window that is started again by itself: the one before it is just ending.
pub(crate) const AGAIN_VARIABLE: &str = "VANTHU_STARTS_AGAIN";
/// So long its end is waited for.
const AGAIN_WAIT: Duration = Duration::from_secs(20);
/// Between two looks whether it has ended.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What was found where the window wanted to sit.
pub(crate) enum Place {
    /// The profile is ours as long as this value lives.
    Ours(Held),
    /// Another window shows this profile.
    Taken,
}

/// The lock on a profile, and the door on which a second start knocks.
pub(crate) struct Held {
    _lock: File,
    knocks: TcpListener,
}

/// Takes the profile for this process, or knocks at the window that has it.
pub(crate) fn take(profile: &Path) -> anyhow::Result<Place> {
    let path = profile.join(LOCK_FILE);
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))?;
    let begun = Instant::now();
    let waits = env::var_os(AGAIN_VARIABLE).map_or(Duration::ZERO, |_| AGAIN_WAIT);
    let locked = loop {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) if begun.elapsed() < waits => thread::sleep(LOOK_EVERY),
            locked => break locked,
        }
    };
    match locked {
        Ok(()) => {
            let knocks =
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening for a knock")?;
            let port = knocks.local_addr().context("reading the port of the knocks")?.port();
            fs::write(profile.join(PORT_FILE), port.to_string())
                .context("writing the port of the knocks")?;
            Ok(Place::Ours(Held { _lock: lock, knocks }))
        }
        Err(TryLockError::WouldBlock) => {
            knock(profile);
            Ok(Place::Taken)
        }
        Err(TryLockError::Error(source)) => {
            Err(source).with_context(|| format!("locking {}", path.display()))
        }
    }
}

/// Calls `come_forward` each time a second start knocks, until the process ends.
pub(crate) fn hear(held: Held, come_forward: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        // The lock lives as long as this thread, and the thread as long as the process.
        let Held { _lock, knocks } = held;
        for knock in knocks.incoming() {
            match knock {
                // A knock says nothing but that it came, so any caller can do no more than this.
                Ok(_) => come_forward(),
                Err(fault) => tracing::warn!(%fault, "a knock was lost"),
            }
        }
    });
}

fn knock(profile: &Path) {
    let port = fs::read_to_string(profile.join(PORT_FILE)).ok().and_then(|port| port.parse().ok());
    let heard = port.is_some_and(|port: u16| {
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).and_then(|mut door| door.flush()).is_ok()
    });
    tracing::info!(heard, "the profile is open in another window");
}
