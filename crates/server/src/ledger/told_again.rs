//! Another server was set back from a copy: what it may have forgotten is told again (SYNC 2.9).
use std::ops::ControlFlow;
use std::sync::Arc;

use register::{AgencyId, Key, Moment, PublicKey, State};

use super::peers::{Lives, lives};
use super::{Ledger, Taking};
use crate::fault::CallError;
use crate::states::state_from;
use crate::storage::{Found, Reading, Span};

/// Told again from so long before the moment its copy was made: clocks of two servers differ, and
/// a reminder may have been under way.
const BEFORE_MS: i64 = 2 * 86_400_000;
/// Things told again in one transaction.
const TOGETHER: usize = 200;

/// The first entry that is not before a moment; entries come in the order of the server's clock.
fn first_since(reading: &dyn Reading, org: AgencyId, since: Moment) -> Found<u64> {
    let (mut low, mut high) = (1, reading.org(org)?.map_or(0, |org| org.head) + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut at = None;
        reading.entries(org, middle, &mut |entry| {
            at = Some(entry.at);
            ControlFlow::Break(())
        })?;
        match at {
            Some(at) if at < since => low = middle + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(low)
}

/// What of an agency's log goes to that server or came from it, and was touched since.
fn since(
    reading: &dyn Reading,
    org: AgencyId,
    (key, since): (PublicKey, Moment),
) -> Found<Vec<Key>> {
    let first = first_since(reading, org, since)?;
    let (mut halves, mut fault) = (Vec::new(), None);
    reading.states(org, Span::After(first.saturating_sub(1)), &mut |kept| {
        if !matches!(kept.key, Key::Parcel(_) | Key::Arrival(_)) {
            return ControlFlow::Continue(());
        }
        match state_from(kept.body) {
            Ok(State::Parcel(parcel)) => halves.push((kept.key, parcel.to.agency)),
            Ok(State::Arrival(arrival)) => halves.push((kept.key, arrival.from.agency)),
            Ok(_) => {}
            Err(broke) => {
                fault = Some(broke);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    let mut meant = Vec::new();
    for (half, other) in halves {
        if lives(reading, other)? == Lives::At(key) {
            meant.push(half);
        }
    }
    Ok(meant)
}

impl Ledger {
    /// Tells a server again what was touched since its copy was made. What it knows all the same
    /// has no second effect.
    pub(super) fn tell_again(
        &self,
        key: PublicKey,
        back_to: Moment,
        now: Moment,
    ) -> Result<(), CallError> {
        let from = Moment(back_to.0.saturating_sub(BEFORE_MS));
        let mut count = 0;
        for org in self.read(|reading| Ok(reading.orgs()?))? {
            let halves = self.read(|reading| Ok(since(reading, org, (key, from))?))?;
            count += halves.len();
            for some in halves.chunks(TOGETHER) {
                let (some, identity) = (some.to_vec(), Arc::clone(&self.identity));
                let grown = self.write(Some(org), move |writing| {
                    let mut taking = Taking::begin(writing, &identity, org, now)?;
                    some.into_iter().try_for_each(|half| taking.tell_anew(half))?;
                    Ok(taking.finish()?)
                })?;
                self.heads.grew_by(org, grown);
            }
        }
        tracing::warn!(count, "a server was set back and is told again what it may have forgotten");
        self.bell.ring();
        Ok(())
    }
}
