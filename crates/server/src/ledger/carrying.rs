//! Carries what logs say to each other: out of the outbox, into the other agency's log.
//!
//! It is written with its cause and goes once the other log has it, in one transaction with that:
//! at least once on the way, exactly once in effect (SYNC 2.6).
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use register::{
    AgencyId, BlobId, Matter, Moment, Post, PublicKey, ReadTo, Receipt, Scope, Told, Undeliverable,
};

use super::peers::{Lives, lives};
use super::{Ledger, Taking, org_of, standing};
use crate::blobs::Blobs;
use crate::fault::{CallError, StorageFault};
use crate::storage::{Behind, Found, Out, Reading, Session, Whither, Writing};

/// Matters looked at together.
const CARRIED_AT_ONCE: u32 = 200;
/// A document waits for its files so long before it is looked at again; a file that comes wakes it.
const FILES_AGAIN_MS: i64 = 30_000;
/// Who carries looks again after so long, whether anybody rang or not.
const LOOKED_MS_MAX: i64 = 60_000;
/// What broke is tried again after so long, doubled each time up to the most.
const AGAIN_MS: i64 = 1_000;
const AGAIN_MS_MAX: i64 = 600_000;

/// What became of what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Entered, or dropped because nobody can have it.
    pub done: usize,
    /// Put off.
    pub put_off: usize,
    /// When the next is due.
    pub next: Option<Moment>,
}

/// Wakes who carries.
#[derive(Default)]
pub(crate) struct Bell {
    /// How often it was rung.
    rung: Mutex<u64>,
    heard: Condvar,
}

impl Bell {
    pub fn ring(&self) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        *rung = rung.wrapping_add(1);
        self.heard.notify_all();
    }

    /// How often it was rung: asked before somebody looks, so that he hears what rings meanwhile.
    pub fn rung(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is rung beyond what was heard, or so long.
    pub fn wait(&self, heard: u64, long: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.heard.wait_timeout_while(rung, long, |rung| *rung == heard));
    }
}

/// Carries between agencies beside the calls, until the ledger is gone.
///
/// # Errors
/// Where no thread can be had.
pub fn carries(ledger: &Arc<Ledger>, clock: fn() -> Moment) -> std::io::Result<()> {
    let ledger = Arc::downgrade(ledger);
    let carries = move || {
        while let Some(ledger) = ledger.upgrade() {
            let heard = ledger.bell.rung();
            let now = clock();
            let long = match ledger.carry(now) {
                Ok(Carried { next: Some(next), .. }) => next.0.saturating_sub(now.0),
                Ok(Carried { next: None, .. }) => LOOKED_MS_MAX,
                Err(fault) => {
                    tracing::error!(%fault, "nothing was carried between agencies");
                    AGAIN_MS
                }
            };
            let bell = Arc::clone(&ledger.bell);
            drop(ledger);
            bell.wait(heard, Duration::from_millis(long.clamp(0, LOOKED_MS_MAX).unsigned_abs()));
        }
    };
    std::thread::Builder::new().name("post".to_owned()).spawn(carries).map(|_| ())
}

/// Where a matter stands on its way.
pub(super) enum Way {
    /// It may go.
    Free,
    /// Not every file of the document is with the server.
    Files,
    /// The document of its parcel has not gone yet.
    Behind,
    /// It was called back meanwhile.
    Gone,
}

pub(super) fn post_of(out: &Out) -> Found<Post> {
    let matter: Matter = serde_json::from_str(&out.body)
        .map_err(|source| StorageFault::Body { what: "matter", source })?;
    Ok(Post { from: out.from, to: out.to, matter })
}

/// A matter that is looked at, with what was found before anybody writes.
struct Due {
    out: Out,
    /// None when it cannot be read.
    post: Option<Post>,
    /// Whether every file of it is there, and the recipient's already. Looked up and shared while
    /// nobody waits for the writer: a store of files may take its time.
    has_files: bool,
}

pub(super) fn later(out: &Out, now: Moment) -> Out {
    let tries = out.tries.saturating_add(1);
    let wait = AGAIN_MS.saturating_mul(1_i64 << tries.min(20)).min(AGAIN_MS_MAX);
    Out { tries, due: Moment(now.0.saturating_add(wait)), ..out.clone() }
}

impl Ledger {
    /// Carries what is due.
    ///
    /// # Errors
    /// Faults of the storage; what was entered before them stays entered.
    pub fn carry(&self, now: Moment) -> Result<Carried, CallError> {
        let due = self.read(|reading| Ok(reading.outs(Whither::Here, now, CARRIED_AT_ONCE)?))?;
        let mut carried = Carried::default();
        let mut by_target: BTreeMap<AgencyId, Vec<Out>> = BTreeMap::new();
        let mut order: Vec<AgencyId> = Vec::new();
        for out in due {
            if !order.contains(&out.to) {
                order.push(out.to);
            }
            by_target.entry(out.to).or_default().push(out);
        }
        for to in order {
            let outs = by_target.remove(&to).unwrap_or_default();
            let (done, put_off) = self.carry_to(to, outs, now)?;
            carried.done += done;
            carried.put_off += put_off;
        }
        carried.next = self.read(|reading| Ok(reading.next_out(Whither::Here)?))?;
        Ok(carried)
    }

    /// Enters what is for one agency, in one transaction.
    fn carry_to(
        &self,
        to: AgencyId,
        outs: Vec<Out>,
        now: Moment,
    ) -> Result<(usize, usize), CallError> {
        match self.read(|reading| Ok(lives(reading, to)?))? {
            Lives::Here => {}
            Lives::At(peer) => return self.hand_on(peer, outs),
            Lives::Nowhere => return self.nobody_there(outs, now),
        }
        let identity = Arc::clone(&self.identity);
        let due: Vec<Due> = outs.into_iter().map(|out| self.looked_over(out)).collect();
        let (grown, done, put_off, again) = self.write(Some(to), move |writing| {
            let mut taking = Taking::begin(writing, &identity, to, now)?;
            let (mut done, mut put_off) = (0, 0);
            for Due { out, post, has_files } in due {
                // One that cannot be read must not stop the others.
                let Some(post) = post else {
                    writing.put_out(&later(&out, now))?;
                    put_off += 1;
                    continue;
                };
                match way(writing, (&out, &post), has_files)? {
                    Way::Free => {
                        taking.enter(&post)?;
                        writing.drop_out(&out.id)?;
                        if out.deliver {
                            // What was to follow it has waited for this.
                            let behind = Behind::Parcel(out.parcel);
                            writing.hurry_outs(out.from, behind, now)?;
                        }
                        done += 1;
                    }
                    Way::Files => {
                        let due = Moment(now.0.saturating_add(FILES_AGAIN_MS));
                        writing.put_out(&Out { due, ..out })?;
                        put_off += 1;
                    }
                    Way::Gone => {}
                    Way::Behind => {
                        writing.put_out(&later(&out, now))?;
                        put_off += 1;
                    }
                }
            }
            let again = taking.posted;
            Ok((taking.finish()?, done, put_off, again))
        })?;
        self.quiet.something_came(to);
        self.heads.grew_by(to, grown);
        if again {
            self.bell.ring();
        }
        Ok((done, put_off))
    }

    /// The agency lives on another server: who talks with that one takes it from here.
    fn hand_on(&self, peer: PublicKey, outs: Vec<Out>) -> Result<(usize, usize), CallError> {
        let count = outs.len();
        self.write(None, move |writing| {
            for out in outs {
                // It may have been dropped or put off since it was looked at.
                if let Some(out) = writing.out(&out.id)? {
                    writing.put_out(&Out { via: Some(peer), ..out })?;
                }
            }
            Ok(())
        })?;
        self.peer_bell.ring();
        Ok((count, 0))
    }

    /// Looks a matter over before it is entered. Its files are shared then; should it not be
    /// entered after all, nothing there names them, and they go like everything that nothing names.
    fn looked_over(&self, out: Out) -> Due {
        let post = match post_of(&out) {
            Ok(post) => post,
            Err(fault) => {
                tracing::error!(%fault, from = %out.from, "a matter cannot be read");
                return Due { out, post: None, has_files: false };
            }
        };
        let shared = match &self.blobs {
            Some(blobs) => share_files(&**blobs, &post),
            None => Ok(true),
        };
        let has_files = shared.unwrap_or_else(|fault| {
            // Of a store that is away was told by who asked it.
            if !matches!(fault, StorageFault::BucketAway { .. }) {
                tracing::error!(%fault, from = %out.from, "the files of a document cannot be had");
            }
            false
        });
        Due { out, post: Some(post), has_files }
    }

    /// No server that is known has the agency: the sender is told, and nothing waits for ever.
    fn nobody_there(&self, outs: Vec<Out>, now: Moment) -> Result<(usize, usize), CallError> {
        let identity = Arc::clone(&self.identity);
        let mut done = 0;
        for out in outs {
            let identity = Arc::clone(&identity);
            let (from, grown) = self.write(Some(out.from), move |writing| {
                let (parcel, told) = (
                    out.parcel,
                    match post_of(&out)?.matter {
                        Matter::Deliver(_) => {
                            Some(Told::Undeliverable { why: Undeliverable::NoSuchAgency })
                        }
                        Matter::Recall(_) => Some(Told::RecallAnswered {
                            agreed: true,
                            by_itself: true,
                            reason: String::new(),
                        }),
                        Matter::Chase(_) | Matter::Receipt(_) => None,
                    },
                );
                writing.drop_out(&out.id)?;
                let mut taking = Taking::begin(writing, &identity, out.from, now)?;
                if let Some(told) = told {
                    let place = ReadTo { epoch: 0, seq: 1 };
                    let by = String::new();
                    let receipt = Receipt { parcel, place, at: now, by, told };
                    let matter = Matter::Receipt(receipt);
                    taking.enter(&Post { from: out.to, to: out.from, matter })?;
                }
                Ok((out.from, taking.finish()?))
            })?;
            self.heads.grew_by(from, grown);
            done += 1;
        }
        Ok((done, 0))
    }

    /// A file of an agency is whole: a document may have waited for it.
    pub(super) fn file_came(&self, org: AgencyId) -> Result<(), CallError> {
        if self.read(|reading| Ok(reading.next_out(Whither::Anywhere)?))?.is_none() {
            return Ok(());
        }
        self.write_found(org, move |writing| writing.hurry_outs(org, Behind::Files, Moment(0)))?;
        self.bell.ring();
        Ok(())
    }

    /// Who waits for news has read all up to there.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn has_read(&self, session: &Session, upto: u64, now: Moment) -> Result<(), CallError> {
        let (head, sees) = self.read(|reading| {
            let standing = standing(reading, session)?;
            let head = org_of(reading, session.org)?.head;
            Ok((head, standing.scopes.contains(&Scope::Staff.name())))
        })?;
        if sees { self.note_fetched(session.org, upto.min(head), now) } else { Ok(()) }
    }

    /// A session that reads everything of its agency has read up to an entry.
    pub(super) fn note_fetched(
        &self,
        org: AgencyId,
        upto: u64,
        now: Moment,
    ) -> Result<(), CallError> {
        if self.quiet.has_read_all(org, now) {
            return Ok(());
        }
        // All there is, so that what lies behind the cursor is not taken for nothing.
        let waits = self.read(|reading| Ok(reading.unfetched(org, u64::MAX >> 1, 1)?))?;
        let Some((first, _)) = waits.first() else {
            self.quiet.read_all(org, now);
            return Ok(());
        };
        if *first > upto {
            return Ok(());
        }
        let identity = Arc::clone(&self.identity);
        let grown = self.write(Some(org), move |writing| {
            let mut taking = Taking::begin(writing, &identity, org, now)?;
            taking.fetched(upto)?;
            Ok(taking.finish()?)
        })?;
        self.heads.passes_over(org, grown);
        self.bell.ring();
        Ok(())
    }
}

/// Whether it may go now. A document goes with every file whole: what has arrived has arrived
/// (SYNC I16).
pub(super) fn way(
    writing: &dyn Writing,
    (out, post): (&Out, &Post),
    has_files: bool,
) -> Found<Way> {
    let waits = writing.outs_of(out.from, out.parcel)?;
    match &post.matter {
        Matter::Deliver(_) if !waits.iter().any(|other| other.id == out.id) => Ok(Way::Gone),
        Matter::Deliver(_) if !has_files => Ok(Way::Files),
        Matter::Deliver(_) => Ok(Way::Free),
        Matter::Recall(_) => {
            // What has not gone yet does not go any more. What may have gone to another server
            // goes first: a recall that comes before its document would find nothing there.
            let (gone, unsent): (Vec<_>, Vec<_>) =
                waits.iter().filter(|other| other.deliver).partition(|other| other.tries > 0);
            for unsent in unsent {
                writing.drop_out(&unsent.id)?;
            }
            Ok(if gone.is_empty() { Way::Free } else { Way::Behind })
        }
        Matter::Chase(_) if waits.iter().any(|other| other.deliver) => Ok(Way::Behind),
        Matter::Chase(_) | Matter::Receipt(_) => Ok(Way::Free),
    }
}

/// Gives the files of a document to who it goes to; false while one is not whole.
fn share_files(blobs: &dyn Blobs, post: &Post) -> Found<bool> {
    let Matter::Deliver(delivery) = &post.matter else { return Ok(true) };
    for file in &delivery.letter.files {
        if !blobs.share(post.from, post.to, file.blob)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a document on its way to an agency names a file, which may be there already.
pub(super) fn is_on_its_way(reading: &dyn Reading, to: AgencyId, blob: BlobId) -> Found<bool> {
    let outs = reading.outs(Whither::Here, Moment(i64::MAX), u32::MAX)?;
    for out in outs.iter().filter(|out| out.to == to && out.deliver) {
        let names = match post_of(out).map(|post| post.matter) {
            Ok(Matter::Deliver(delivery)) => {
                delivery.letter.files.iter().any(|file| file.blob == blob)
            }
            Ok(Matter::Recall(_) | Matter::Chase(_) | Matter::Receipt(_)) => false,
            // What it names, nobody can say.
            Err(_) => true,
        };
        if names {
            return Ok(true);
        }
    }
    Ok(false)
}
