//! Files that nothing names any more: taken away after thirty days (SYNC 2.7).
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use register::{AgencyId, BlobId, Moment};

use super::carrying::is_on_its_way;
use super::{House, Ledger};
use crate::blobs::Blobs;
use crate::fault::StorageFault;
use crate::states::{blobs_of, state_from};
use crate::storage::{Found, Reading, looked_up, written};

/// How long a file stays after the last thing let it go: a hand that slipped has a month.
const KEPT_MS: i64 = 30 * 86_400_000;
/// Files looked over at one moment of the storage.
const TOGETHER: usize = 100;

/// What was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenAway {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

fn is_long_ago(then: Moment, now: Moment) -> bool {
    then.0.saturating_add(KEPT_MS) < now.0
}

/// Whether something names the file, or did within the time it is kept.
fn is_kept(reading: &dyn Reading, org: AgencyId, (blob, now): (BlobId, Moment)) -> Found<bool> {
    let uses = reading.blob_uses(org, blob)?;
    if uses.is_empty() {
        // In a life that began with a copy a PC may still bring what names it.
        let lives_anew = reading.org(org)?.is_some_and(|org| org.epoch > 1);
        return Ok(lives_anew);
    }
    for named in uses {
        let mut still = Ok(None);
        reading.state(org, named.key, &mut |kept| {
            let ver = kept.ver;
            still =
                state_from(kept.body).map(|state| Some((blobs_of(&state).contains(&blob), ver)));
            ControlFlow::Break(())
        })?;
        let Some((names, ver)) = still? else { continue };
        if names {
            return Ok(true);
        }
        let mut changed = None;
        reading.entries(org, ver, &mut |entry| {
            changed = Some(entry.at);
            ControlFlow::Break(())
        })?;
        // What let it go is no later than what touched the thing last.
        if changed.is_none_or(|at| !is_long_ago(at, now)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn not_kept(
    reading: &dyn Reading,
    org: AgencyId,
    (some, now): (&[BlobId], Moment),
) -> Found<Vec<BlobId>> {
    let mut left = Vec::new();
    for blob in some {
        if !is_kept(reading, org, (*blob, now))? {
            left.push(*blob);
        }
    }
    Ok(left)
}

impl Ledger {
    /// Takes away what nothing has named for thirty days; a server does so once a day.
    ///
    /// # Errors
    /// Faults of storage and disk; what was taken away before them is gone.
    pub fn take_away_unnamed(&self, now: Moment) -> Found<TakenAway> {
        let mut taken = TakenAway::default();
        let Some(blobs) = &self.blobs else { return Ok(taken) };
        self.clear_houses(blobs, (now, &mut taken))?;
        for org in looked_up(&*self.storage, |reading| reading.orgs())? {
            let mut old = Vec::new();
            blobs.stored(org, &mut |blob, written| {
                // One that is new may have come before the word that it is proven.
                if is_long_ago(written, now) {
                    old.push(blob);
                }
            })?;
            for some in old.chunks(TOGETHER) {
                let left =
                    looked_up(&*self.storage, |reading| not_kept(reading, org, (some, now)))?;
                for blob in left {
                    let size = blobs.size(org, blob)?.unwrap_or_default();
                    if self.take_away(blobs, org, (blob, now))? {
                        taken.files += 1;
                        taken.bytes += size;
                    }
                }
            }
        }
        blobs.tidy(now)?;
        Ok(taken)
    }

    /// What other servers sent was given to who it is for; one that goes to somebody else later is
    /// sent again.
    fn clear_houses(
        &self,
        blobs: &Arc<dyn Blobs>,
        (now, taken): (Moment, &mut TakenAway),
    ) -> Found<()> {
        for (key, _) in looked_up(&*self.storage, |reading| reading.peers())? {
            let house = House::of(key).name();
            let mut old = Vec::new();
            blobs.stored(house, &mut |blob, written| {
                if is_long_ago(written, now) {
                    old.push(blob);
                }
            })?;
            for blob in old {
                taken.bytes += blobs.size(house, blob)?.unwrap_or_default();
                blobs.remove(house, blob)?;
                taken.files += 1;
            }
        }
        Ok(())
    }

    /// On the one writer, so that no command names it between the look and the deed; one at a time,
    /// so that nobody waits there for more than one call at a store.
    fn take_away(
        &self,
        blobs: &Arc<dyn Blobs>,
        org: AgencyId,
        (blob, now): (BlobId, Moment),
    ) -> Found<bool> {
        let blobs = Arc::clone(blobs);
        let _alone = self.giving.write().unwrap_or_else(PoisonError::into_inner);
        written(&*self.storage, Some(org), move |writing| {
            // What comes from another agency has its files here before it is entered.
            if is_kept(writing, org, (blob, now))? || is_on_its_way(writing, org, blob)? {
                return Ok(false);
            }
            blobs.remove(org, blob)?;
            Ok::<_, StorageFault>(true)
        })
    }
}
