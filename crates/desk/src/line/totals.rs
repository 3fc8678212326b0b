//! Once a day a PC compares what it holds with what the server would hand it (L8).
use register::{Moment, OfficerId};
use store::{Line, Membership, Reader, Store, StoreError, View};
use sync::wire::SyncAnswer;

/// Between two comparisons: each reads the whole register, here and on the server.
const EVERY_MS: i64 = 24 * 3_600_000;
/// The place of what the last one found.
const PLACE: &str = "totals";
/// The place of when one last found a difference, and how long that is told.
const DIFFERED: &str = "totals.differed";
const TOLD_MS: i64 = 7 * EVERY_MS;

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// Both hold the same.
    Same,
    /// They differ, and this PC reads its register again.
    ReadsAgain,
    /// They differ still, after it was read again.
    DiffersStill,
}

impl Compared {
    fn byte(self) -> u8 {
        match self {
            Compared::Same => 0,
            Compared::ReadsAgain => 1,
            Compared::DiffersStill => 2,
        }
    }
}

/// What the last comparison found, and when.
fn last(store: &Store) -> Result<Option<(Moment, u8)>, StoreError> {
    let kept = store.local(PLACE)?;
    let read = |kept: Vec<u8>| {
        let (found, at) = kept.split_first()?;
        Some((Moment(i64::from_be_bytes(at.try_into().ok()?)), *found))
    };
    Ok(kept.and_then(read))
}

fn note(store: &Store, now: Moment, found: Compared) -> Result<(), StoreError> {
    let mut kept = vec![found.byte()];
    kept.extend(now.0.to_be_bytes());
    store.keep_local(PLACE, &kept)
}

/// Somebody wants to know today: the next meeting at rest compares.
///
/// # Errors
/// Faults of the file.
pub(crate) fn look_again(store: &Store) -> Result<(), StoreError> {
    match last(store)? {
        Some((_, found)) if found != Compared::ReadsAgain.byte() => store.forget_local(PLACE),
        Some(_) | None => Ok(()),
    }
}

/// When the registers differed within the last week, and how that stands now. It may be mended
/// within a second, and who watches over the register has to hear of it all the same.
///
/// # Errors
/// Faults of the file.
pub(crate) fn differed(
    store: &Store,
    now: Moment,
) -> Result<Option<(Moment, Compared)>, StoreError> {
    let kept = store.local(DIFFERED)?.and_then(|kept| kept.try_into().ok());
    let at = kept.map(|kept| Moment(i64::from_be_bytes(kept)));
    let Some(at) = at.filter(|at| now.0.saturating_sub(at.0).abs() < TOLD_MS) else {
        return Ok(None);
    };
    let stands = match last(store)? {
        Some((_, found)) if found == Compared::ReadsAgain.byte() => Compared::ReadsAgain,
        Some((_, found)) if found == Compared::DiffersStill.byte() => Compared::DiffersStill,
        Some(_) | None => Compared::Same,
    };
    Ok(Some((at, stands)))
}

/// Whether the next call asks for the totals: a day has gone by, or the register was just read
/// again. Where several officers share a PC each sees something else of it, and none all.
///
/// # Errors
/// Faults of the file.
pub(crate) fn are_due(
    store: &Store,
    (line, reader): (&Line, &Reader),
    now: Moment,
) -> Result<bool, StoreError> {
    let at_rest = line.membership == Membership::Joined && reader.cursor == line.head.seq;
    if !at_rest || reader.cursor == 0 || store.read(|view: &View<'_>| view.readers())?.len() != 1 {
        return Ok(false);
    }
    Ok(last(store)?.is_none_or(|(at, found)| {
        found == Compared::ReadsAgain.byte() || now.0.saturating_sub(at.0).abs() >= EVERY_MS
    }))
}

/// Compares the totals of an answer that was taken in; what differs is read again, once.
///
/// # Errors
/// Faults of the file.
pub(crate) fn compare(
    store: &Store,
    (reader, known): (OfficerId, &Reader),
    answer: &SyncAnswer,
    now: Moment,
) -> Result<Compared, StoreError> {
    let Some(theirs) = &answer.totals else { return Ok(Compared::Same) };
    let scopes = answer.scopes.iter().cloned().collect();
    // In a new circle there is much that was not read yet.
    if known.scopes != scopes {
        return Ok(Compared::Same);
    }
    let ours = store.read(|view: &View<'_>| view.totals(&scopes))?;
    let found = match last(store)? {
        _ if ours == *theirs => Compared::Same,
        Some((_, before)) if before == Compared::ReadsAgain.byte() => Compared::DiffersStill,
        Some(_) | None => Compared::ReadsAgain,
    };
    if found != Compared::Same {
        tracing::error!(?found, ?ours, ?theirs, "this PC and the server hold different registers");
        store.keep_local(DIFFERED, &now.0.to_be_bytes())?;
    }
    if found == Compared::ReadsAgain {
        store.read_again(reader)?;
    }
    note(store, now, found)?;
    Ok(found)
}
