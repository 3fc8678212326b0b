//! An agency moves from one storage to another, while its server stands still.
//!
//! The row of the agency goes last: until it is there, the agency is not, and what was interrupted
//! is gone through again. What is filed follows from the states and is filed anew.
use std::ops::ControlFlow;

use register::{AgencyId, BlobId, Key, Moment, ParcelId};
use sync::Hash;

use crate::fault::StorageFault;
use crate::identity::Identity;
use crate::states::{filed, state_from};
use crate::storage::{
    BlobUse, Code, DeviceKey, Entry, Found, Histories, Kept, Org, Out, Reading, Span, Storage,
    Whither, Writing, looked_up, written,
};
use crate::verify::{Verified, verify};

/// Rows that are written in one transaction.
const TOGETHER: usize = 500;

/// An agency that is in its new place, with all that was counted in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The end of its log.
    pub org: Org,
    /// States.
    pub states: u64,
    /// Histories, if any.
    pub histories: Option<Histories>,
    /// Uses of files.
    pub blob_uses: u64,
    /// Keys.
    pub keys: u64,
}

/// Why an agency did not move.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum MoveFault {
    #[error("there is no such agency")]
    NoAgency,
    #[error("the agency is there already")]
    ThereAlready,
    #[error("the log there is not the log here")]
    OtherLog,
    #[error("what was counted there is not what was counted here")]
    Miscounted,
    #[error("the log has flaws where it has come to")]
    Flawed(Vec<Verified>),
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
}

/// A state with all that is kept of it.
struct StateMoved {
    key: Key,
    ver: u64,
    body: String,
    aud: String,
    aud_ever: String,
}

/// One row of an agency.
enum Row {
    Entry(Box<Entry>),
    History(Key, u64, String),
    State(StateMoved),
    BlobUse(BlobId, BlobUse),
    Key(DeviceKey),
    Out(Box<Out>),
    Unfetched(u64, ParcelId),
    Listed(String),
}

/// Rows on their way, and the first fault among them.
struct Carrying<'m> {
    to: &'m dyn Storage,
    org: AgencyId,
    rows: Vec<Row>,
    fault: Option<StorageFault>,
}

impl Carrying<'_> {
    fn add(&mut self, row: Row) -> ControlFlow<()> {
        self.rows.push(row);
        if self.rows.len() >= TOGETHER {
            self.send();
        }
        if self.fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn send(&mut self) {
        let (org, rows) = (self.org, std::mem::take(&mut self.rows));
        let sent = written::<_, StorageFault>(self.to, Some(org), move |writing| {
            rows.iter().try_for_each(|row| put(writing, org, row))
        });
        self.fault = self.fault.take().or(sent.err());
    }
}

/// Writes a row, also when an interrupted move has written it before.
fn put(writing: &dyn Writing, org: AgencyId, row: &Row) -> Found<()> {
    match row {
        Row::Entry(entry) => {
            let before = entry.n <= writing.last_n(org, entry.dev)?;
            if before && writing.entry_of(org, entry.dev, entry.n)?.as_ref() == Some(&**entry) {
                return Ok(());
            }
            writing.append(org, entry)
        }
        Row::History(key, seq, trail) => writing.put_touched(org, *key, *seq, trail),
        Row::State(StateMoved { key, ver, body, aud, aud_ever }) => {
            let kept = Kept { key: *key, ver: *ver, body, aud, aud_ever };
            writing.put_state(org, kept)?;
            for place in filed(&state_from(body)?) {
                writing.drop_filed(org, *key, &place)?;
                writing.put_filed(org, *key, &place)?;
            }
            Ok(())
        }
        Row::BlobUse(blob, named) => writing.put_blob_use(org, *blob, named),
        Row::Key(key) => writing.put_key(org, key),
        Row::Out(out) => writing.put_out(out),
        Row::Unfetched(seq, parcel) => writing.put_unfetched(org, *seq, *parcel),
        Row::Listed(body) if writing.listed_of(org)?.as_ref() == Some(body) => Ok(()),
        Row::Listed(body) => writing.put_listed(org, body),
    }
}

fn carry(reading: &dyn Reading, carrying: &mut Carrying<'_>) -> Found<()> {
    let org = carrying.org;
    reading.entries(org, 1, &mut |entry| carrying.add(Row::Entry(Box::new(entry))))?;
    reading.all_histories(org, &mut |key, seq, trail| {
        carrying.add(Row::History(key, seq, trail.to_owned()))
    })?;
    reading.states(org, Span::After(0), &mut |kept| {
        let Kept { key, ver, body, aud, aud_ever } = kept;
        let (body, aud, aud_ever) = (body.to_owned(), aud.to_owned(), aud_ever.to_owned());
        carrying.add(Row::State(StateMoved { key, ver, body, aud, aud_ever }))
    })?;
    reading.all_blob_uses(org, &mut |blob, named| carrying.add(Row::BlobUse(blob, named)))?;
    let keys = reading.all_keys(org)?.into_iter().map(Row::Key);
    let outs = reading.outs(Whither::Anywhere, Moment(i64::MAX), u32::MAX)?.into_iter();
    // Where it goes is looked up anew in the new place.
    let outs = outs.filter(|out| out.from == org).map(|out| Out { via: None, ..out });
    let outs = outs.map(|out| Row::Out(Box::new(out)));
    let unread = reading.unfetched(org, u64::MAX >> 1, u32::MAX)?.into_iter();
    let unread = unread.map(|(seq, parcel)| Row::Unfetched(seq, parcel));
    let listed = reading.listed_of(org)?.map(Row::Listed);
    for row in keys.chain(outs).chain(unread).chain(listed) {
        if carrying.add(row).is_break() {
            break;
        }
    }
    carrying.send();
    carrying.fault.take().map_or(Ok(()), Err)
}

fn counted(reading: &dyn Reading, org: Org) -> Found<Moved> {
    let (mut states, mut blob_uses) = (0, 0);
    reading.states(org.id, Span::After(0), &mut |_| {
        states += 1;
        ControlFlow::Continue(())
    })?;
    reading.all_blob_uses(org.id, &mut |_, _| {
        blob_uses += 1;
        ControlFlow::Continue(())
    })?;
    let keys = reading.all_keys(org.id)?.len() as u64;
    let histories = reading.histories(org.id)?;
    Ok(Moved { org, states, histories, blob_uses, keys })
}

/// The hash of the last entry, as the log itself has it.
fn end_of_log(reading: &dyn Reading, org: &Org) -> Found<Option<Hash>> {
    let mut last = None;
    reading.entries(org.id, org.head, &mut |entry| {
        last = Some((entry.seq, entry.hash));
        ControlFlow::Continue(())
    })?;
    Ok(last.filter(|(seq, _)| *seq == org.head).map(|(_, hash)| hash))
}

/// Moves one agency: its log, states, histories, uses of files and keys. It is looked over where it
/// has come to. Nothing is taken away where it was.
///
/// # Errors
/// An agency that is there already; whatever is not there as it was here.
pub fn move_agency(
    from: &dyn Storage,
    to: &dyn Storage,
    org: AgencyId,
    identity: &Identity,
) -> Result<Moved, MoveFault> {
    let before = looked_up::<_, StorageFault>(from, |reading| {
        reading.org(org)?.map(|org| counted(reading, org)).transpose()
    })?;
    let before = before.ok_or(MoveFault::NoAgency)?;
    if looked_up(to, |reading| reading.org(org))?.is_some() {
        return Err(MoveFault::ThereAlready);
    }
    looked_up::<_, StorageFault>(from, |reading| {
        let mut carrying = Carrying { to, org, rows: Vec::new(), fault: None };
        carry(reading, &mut carrying)
    })?;
    let row = before.org.clone();
    let after = looked_up::<_, StorageFault>(to, |reading| {
        let end = end_of_log(reading, &row)?;
        Ok((end, counted(reading, row.clone())?))
    })?;
    if row.head > 0 && after.0 != Some(row.hash) {
        return Err(MoveFault::OtherLog);
    }
    if after.1 != before {
        return Err(MoveFault::Miscounted);
    }
    written::<_, StorageFault>(to, Some(org), move |writing| writing.put_org(&row))?;
    let found: Vec<Verified> = verify(to, identity)?
        .into_iter()
        .filter(|found| found.org == org && !found.flaws.is_empty())
        .collect();
    if found.is_empty() { Ok(before) } else { Err(MoveFault::Flawed(found)) }
}

/// Moves what is known of other servers, and of who lives there.
///
/// # Errors
/// Faults of the storages.
pub fn move_peers(from: &dyn Storage, to: &dyn Storage) -> Found<()> {
    let (peers, homes) =
        looked_up(from, |reading| Ok::<_, StorageFault>((reading.peers()?, reading.homes()?)))?;
    written(to, None, move |writing| {
        peers.iter().try_for_each(|(key, body)| writing.put_peer(*key, body))?;
        homes.iter().try_for_each(|home| writing.put_home(home))
    })
}

/// Moves the releases of the program, and what PCs run.
///
/// # Errors
/// Faults of the storages.
pub fn move_releases(from: &dyn Storage, to: &dyn Storage) -> Found<()> {
    let (releases, programs) = looked_up(from, |reading| {
        Ok::<_, StorageFault>((reading.releases()?, reading.programs()?))
    })?;
    written(to, None, move |writing| {
        releases.iter().try_for_each(|(name, body)| writing.put_release(name, body))?;
        programs.iter().try_for_each(|(org, dev, body)| writing.put_program(*org, *dev, body))
    })
}

/// Moves the codes that were printed and are still good, of one agency, or all.
///
/// # Errors
/// Faults of the storages.
pub fn move_codes(from: &dyn Storage, to: &dyn Storage, of: Option<AgencyId>) -> Found<u64> {
    let codes = looked_up(from, |reading| reading.all_codes())?;
    let is_meant = |code: &Code| of.is_none() || code.of.map(|(org, _)| org) == of;
    let meant: Vec<_> = codes.into_iter().filter(|(_, code)| is_meant(code)).collect();
    let count = meant.len() as u64;
    written(to, None, move |writing| {
        for (hash, code) in meant {
            // One that was used there since must not be open again.
            if writing.code(&hash)?.is_none() {
                writing.put_code(&hash, &code)?;
            }
        }
        Ok::<_, StorageFault>(count)
    })
}
