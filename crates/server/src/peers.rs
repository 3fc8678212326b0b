//! Talks with other servers: what waits for one goes there, file by file and bag by bag.
//!
//! Each server has a thread of its own, so that one that is down, slow or mad keeps nothing from
//! the others. It holds no transaction while it waits for a line.
mod carried;
mod line;
mod stick;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{Builder, sleep};
use std::time::Duration;

use register::{AgencyId, BlobId, Moment, PublicKey};
use sync::peer::Lack;
use sync::wire::{PART_BYTES, PARTS_BYTES_MAX, parts_of};
use tokio::io::AsyncReadExt as _;
use tokio::runtime::Runtime;

use crate::fault::CallError;
use crate::ledger::{Ledger, Packed, Peer, Which};

pub use self::carried::{OnStick, Unpacked, pack, unpack};
pub use self::line::LineFault;
use self::line::PeerLine;
pub use self::stick::{Frame, STICK_BYTES_MAX, StickFault, StickReader, StickWriter};

/// Calls of one round: what is left then goes in the next.
const ROUND_CALLS_MAX: usize = 200;
/// Who looks after the threads looks so often whether another server came.
const PEERS_LOOKED_MS: u64 = 5_000;
/// A thread looks so often whether anybody rang or not.
const LOOKED_MS_MAX: i64 = 60_000;
/// A server that has nothing to be told is greeted so often, so that it is known to be there, and
/// whether it was set back.
const GREETED_MS: i64 = 3_600_000;
/// A server that does not answer, or answers nonsense, is asked again after so long, doubled each
/// time up to the most.
const AGAIN_MS: i64 = 1_000;
const AGAIN_MS_MAX: i64 = 600_000;

/// Whether another server may be called there: over a network only sealed.
pub fn is_peer_address(address: &str) -> bool {
    line::base_of(address).is_some()
}

/// Whether a server is called that has nothing to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greets {
    /// No.
    No,
    /// Yes: it is long since it was heard.
    Yes,
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exchanged {
    /// Calls that were answered.
    pub calls: usize,
    /// Matters that the other has settled: entered, or refused for now.
    pub settled: usize,
    /// Bytes of files that went.
    pub bytes: u64,
}

/// One round with another server: everything that is due goes.
///
/// # Errors
/// Whatever kept it from going; what was settled before stays settled.
pub fn exchange(
    ledger: &Ledger,
    peer: &Peer,
    (now, greets): (Moment, Greets),
) -> Result<Exchanged, LineFault> {
    let line = PeerLine::to(&peer.address)?;
    let key = PublicKey(peer.key.0);
    let (mut did, mut sent) = (Exchanged::default(), BTreeSet::new());
    for _ in 0..ROUND_CALLS_MAX {
        let packed = ledger.pack(key, Which::Due, now)?;
        let is_needed = packed.posts > 0 || packed.lists;
        if !is_needed && (did.calls > 0 || greets == Greets::No) {
            break;
        }
        let answer = line.says(&packed.sealed)?;
        let taken = ledger.take_answer((&packed.sealed, &answer), now)?;
        did.calls += 1;
        did.settled += taken.settled;
        if packed.posts > 0 && taken.settled == 0 && taken.lacks.is_empty() {
            return Err(LineFault::Strange("answer that says nothing of what was said"));
        }
        for lack in &taken.lacks {
            if !sent.insert(lack.blob) {
                return Err(LineFault::Strange("question for a file that it has"));
            }
            did.bytes += send_file((ledger, &line), peer, &packed, lack)?;
        }
        if taken.lacks.is_empty() && !packed.more {
            break;
        }
    }
    Ok(did)
}

/// Sends the parts of a file that the other lacks. A file it was not told of is none of its affair.
fn send_file(
    (ledger, line): (&Ledger, &PeerLine),
    peer: &Peer,
    packed: &Packed,
    lack: &Lack,
) -> Result<u64, LineFault> {
    let of = packed.files.get(&lack.blob).filter(|(_, size)| *size == lack.size);
    let (org, size) = *of.ok_or(LineFault::Strange("question for a file it was not told of"))?;
    let reader = PartReader::new()?;
    let together = PARTS_BYTES_MAX / PART_BYTES;
    let (mut part, mut sent) = (0, 0);
    while part < parts_of(size) {
        if lack.have.has(part) {
            part += 1;
            continue;
        }
        let upto = (part..parts_of(size)).take_while(|part| !lack.have.has(*part));
        let count = (upto.count() as u64).min(together);
        let from = part * PART_BYTES;
        let bytes = (count * PART_BYTES).min(size - from);
        let bytes = reader.read(ledger, (org, lack.blob), (from, bytes))?;
        sent += bytes.len() as u64;
        line.sends((ledger.identity(), peer.key), (lack.blob, size), (from, bytes))?;
        part += count;
    }
    Ok(sent)
}

/// Reads parts of files that are here, one after another.
pub(crate) struct PartReader(Runtime);

impl PartReader {
    pub fn new() -> Result<PartReader, LineFault> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.map(PartReader).map_err(LineFault::Disk)
    }

    /// So many bytes of a file of an agency, from one on.
    pub fn read(
        &self,
        ledger: &Ledger,
        (org, blob): (AgencyId, BlobId),
        (from, many): (u64, u64),
    ) -> Result<Vec<u8>, LineFault> {
        let mut bytes = Vec::new();
        self.0.block_on(async {
            let reader = ledger.bytes_of(org, blob, (from, many))?;
            let mut reader = reader.take(many);
            reader.read_to_end(&mut bytes).await.map_err(LineFault::Disk)
        })?;
        if bytes.len() as u64 == many { Ok(bytes) } else { Err(LineFault::FileGone(blob)) }
    }
}

/// The servers that have a thread.
type Talking = Arc<Mutex<BTreeSet<[u8; 32]>>>;

/// Talks with every other server beside the calls, until the ledger is gone.
///
/// # Errors
/// Where no thread can be had.
pub fn exchanges(ledger: &Arc<Ledger>, clock: fn() -> Moment) -> std::io::Result<()> {
    let ledger = Arc::downgrade(ledger);
    let talking = Talking::default();
    let looks = move || {
        while let Some(here) = ledger.upgrade() {
            match here.peers() {
                Ok(peers) => {
                    for peer in peers.into_iter().filter(|peer| !peer.address.is_empty()) {
                        begin(&ledger, &talking, (PublicKey(peer.key.0), clock));
                    }
                }
                Err(fault) => tracing::error!(%fault, "the other servers are not known"),
            }
            drop(here);
            sleep(Duration::from_millis(PEERS_LOOKED_MS));
        }
    };
    Builder::new().name("peers".to_owned()).spawn(looks).map(|_| ())
}

/// Begins to talk with a server, unless somebody does.
fn begin(ledger: &Weak<Ledger>, talking: &Talking, (key, clock): (PublicKey, fn() -> Moment)) {
    if !talking.lock().unwrap_or_else(PoisonError::into_inner).insert(key.0) {
        return;
    }
    let (ledger, his) = (ledger.clone(), Arc::clone(talking));
    let talks = move || {
        talk(&ledger, (key, clock));
        his.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.0);
    };
    if let Err(fault) = Builder::new().name("peer".to_owned()).spawn(talks) {
        tracing::error!(%fault, "no thread for another server");
        talking.lock().unwrap_or_else(PoisonError::into_inner).remove(&key.0);
    }
}

/// Talks with one server until it is not known any more.
fn talk(ledger: &Weak<Ledger>, (key, clock): (PublicKey, fn() -> Moment)) {
    let (mut tries, mut greeted) = (0_u32, None::<Moment>);
    while let Some(here) = ledger.upgrade() {
        let bell = Arc::clone(&here.peer_bell);
        let heard = bell.rung();
        let now = clock();
        let peer = match here.peer(key) {
            Ok(Some(peer)) if !peer.address.is_empty() => peer,
            Ok(_) => return,
            Err(fault) => {
                tracing::error!(%fault, "another server is not known");
                drop(here);
                sleep(Duration::from_millis(AGAIN_MS.unsigned_abs()));
                continue;
            }
        };
        let is_new = greeted.is_none_or(|at| now.0.saturating_sub(at.0) >= GREETED_MS);
        let greets = if is_new { Greets::Yes } else { Greets::No };
        match exchange(&here, &peer, (now, greets)) {
            Ok(Exchanged { calls, .. }) => {
                tries = 0;
                greeted = if calls > 0 { Some(now) } else { greeted };
                let next = here.next_for(key).unwrap_or_default();
                drop(here);
                let long = next.map_or(LOOKED_MS_MAX, |next| next.0.saturating_sub(clock().0));
                let long = long.clamp(0, LOOKED_MS_MAX).unsigned_abs();
                bell.wait(heard, Duration::from_millis(long));
            }
            Err(fault) => {
                let fault = &fault as &dyn std::error::Error;
                tracing::warn!(fault, server = %peer.name, tries, "another server is not reached");
                drop(here);
                // Nobody's bell makes a server answer that is down.
                sleep(Duration::from_millis(wait_after(tries).unsigned_abs()));
                tries = tries.saturating_add(1);
            }
        }
    }
}

/// How long a server is left alone that did not answer so often before.
fn wait_after(tries: u32) -> i64 {
    AGAIN_MS.saturating_mul(1_i64 << tries.min(20)).min(AGAIN_MS_MAX)
}

impl From<CallError> for LineFault {
    fn from(fault: CallError) -> LineFault {
        LineFault::Ledger(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::{AGAIN_MS, AGAIN_MS_MAX, wait_after};

    #[test]
    fn a_server_that_is_down_is_asked_ever_less_often_and_never_given_up() {
        assert_eq!([0, 1, 2].map(wait_after), [AGAIN_MS, 2 * AGAIN_MS, 4 * AGAIN_MS]);
        assert_eq!([20, u32::MAX].map(wait_after), [AGAIN_MS_MAX; 2]);
    }
}
