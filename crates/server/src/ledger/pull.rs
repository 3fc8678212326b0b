//! States down: what is new above a cursor, or the first copy, newest first (SYNC 2.4).
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde_json::value::RawValue;

use sync::wire::{Below, Gone, STATES_MAX, StateSent, SyncAsked, Total, Totals};

use crate::fault::StorageFault;
use crate::states::meets;
use crate::storage::{Found, Kept, Org, Reading, Span};

/// Bytes of states one answer may carry, whatever is asked for.
const PAGE_BYTES_MAX: usize = 2 << 20;
/// Bytes one answer may always carry.
const PAGE_BYTES_MIN: usize = 4 << 10;
/// States of the frame that the first page of a copy begins with; an agency has some hundred.
const FRAME_MAX: usize = 4_000;
/// States looked at for one answer, so that who may see little does not hold a reader long.
const LOOKED_AT_MAX: usize = 20_000;

/// One page on its way down.
pub(super) struct Page {
    pub to: u64,
    pub more: bool,
    pub below: Option<Below>,
    pub states: Vec<StateSent>,
    pub gone: Vec<Gone>,
    pub totals: Option<Vec<Total>>,
}

/// What has gathered so far. A page ends only where the number of the log changes (SYNC L5).
struct Gathering<'a> {
    scopes: &'a BTreeSet<String>,
    bytes_max: usize,
    bytes: usize,
    looked_at: usize,
    /// States that came before all others and are not counted.
    frame: usize,
    /// The version of the last state looked at.
    ver: Option<u64>,
    cut: bool,
    states: Vec<StateSent>,
    gone: Vec<Gone>,
}

impl Gathering<'_> {
    fn is_full(&self) -> bool {
        let sent = self.states.len() - self.frame + self.gone.len();
        self.bytes >= self.bytes_max
            || sent >= STATES_MAX as usize
            || self.looked_at >= LOOKED_AT_MAX
    }

    fn look_at(&mut self, kept: Kept<'_>) -> Found<ControlFlow<()>> {
        if self.is_full() && self.ver != Some(kept.ver) {
            self.cut = true;
            return Ok(ControlFlow::Break(()));
        }
        self.ver = Some(kept.ver);
        self.looked_at += 1;
        if meets(kept.aud, self.scopes) {
            let state = RawValue::from_string(kept.body.to_owned())
                .map_err(|source| StorageFault::Body { what: "state", source })?;
            self.bytes += kept.body.len();
            self.states.push(StateSent { ver: kept.ver, state });
        } else if meets(kept.aud_ever, self.scopes) {
            self.gone.push(Gone { of: kept.key, ver: kept.ver });
        }
        Ok(ControlFlow::Continue(()))
    }

    /// What documents are read by comes with the first page, though it is the oldest of all: a list
    /// shows names. It comes again where it stands, which changes nothing.
    fn begin_with_frame(&mut self, reading: &dyn Reading, org: &Org) -> Found<()> {
        let mut fault = None;
        reading.states(org.id, Span::Frame, &mut |kept| {
            if meets(kept.aud, self.scopes) {
                match RawValue::from_string(kept.body.to_owned()) {
                    Ok(state) => self.states.push(StateSent { ver: kept.ver, state }),
                    Err(source) => fault = Some(StorageFault::Body { what: "state", source }),
                }
            }
            if fault.is_some() || self.states.len() >= FRAME_MAX {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        self.frame = self.states.len();
        fault.map_or(Ok(()), Err)
    }

    fn gather(&mut self, reading: &dyn Reading, org: &Org, span: Span) -> Found<()> {
        let mut fault = None;
        reading.states(org.id, span, &mut |kept| match self.look_at(kept) {
            Ok(goes_on) => goes_on,
            Err(broke) => {
                fault = Some(broke);
                ControlFlow::Break(())
            }
        })?;
        fault.map_or(Ok(()), Err)
    }
}

/// The page a call gets.
pub(super) fn page(
    reading: &dyn Reading,
    org: &Org,
    scopes: &BTreeSet<String>,
    asked: &SyncAsked,
) -> Found<Page> {
    let wanted = usize::try_from(asked.max).unwrap_or(PAGE_BYTES_MAX);
    let gathering = Gathering {
        scopes,
        bytes_max: wanted.clamp(PAGE_BYTES_MIN, PAGE_BYTES_MAX),
        bytes: 0,
        looked_at: 0,
        frame: 0,
        ver: None,
        cut: false,
        states: Vec::new(),
        gone: Vec::new(),
    };
    let mut page = match asked.below {
        Some(below) => first_copy(reading, org, gathering, (asked.cursor, below)),
        None => what_is_new(reading, org, gathering, asked.cursor),
    }?;
    // Before the last page a PC cannot hold the same.
    if asked.totals && !page.more && page.to == org.head {
        page.totals = Some(totals(reading, org, scopes)?);
    }
    Ok(page)
}

fn totals(reading: &dyn Reading, org: &Org, scopes: &BTreeSet<String>) -> Found<Vec<Total>> {
    let mut totals = Totals::default();
    reading.states(org.id, Span::After(0), &mut |kept| {
        if meets(kept.aud, scopes) {
            totals.add(kept.key, kept.ver, kept.body);
        }
        ControlFlow::Continue(())
    })?;
    Ok(totals.all())
}

fn what_is_new(
    reading: &dyn Reading,
    org: &Org,
    mut page: Gathering<'_>,
    cursor: u64,
) -> Found<Page> {
    page.gather(reading, org, Span::After(cursor))?;
    let to = if page.cut { page.ver.unwrap_or(cursor) } else { org.head };
    Ok(Page { to, more: page.cut, below: None, states: page.states, gone: page.gone, totals: None })
}

/// The head of the first page stays the end of the whole copy; what comes later is read upwards. A
/// copy begins with `below` 0. Until its last page the cursor stays where it is.
fn first_copy(
    reading: &dyn Reading,
    org: &Org,
    mut page: Gathering<'_>,
    (cursor, asked): (u64, Below),
) -> Found<Page> {
    let begins = asked.below == 0 || asked.from_head > org.head;
    let from_head = if begins { org.head } else { asked.from_head };
    let below = if begins { from_head.saturating_add(1) } else { asked.below };
    if begins {
        page.begin_with_frame(reading, org)?;
    }
    page.gather(reading, org, Span::Below(below.min(from_head.saturating_add(1))))?;
    let next = page.ver.filter(|_| page.cut);
    Ok(Page {
        to: if page.cut { cursor } else { from_head },
        more: page.cut,
        below: next.map(|below| Below { from_head, below }),
        states: page.states,
        gone: Vec::new(),
        totals: None,
    })
}
