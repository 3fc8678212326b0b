//! Waiting for news: a PC is told at once of what it may see, and of all else with the next wait.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use register::AgencyId;
use sync::wire::{News, Trouble, WAIT_SECONDS_MAX};

use super::{BUSY_SECONDS, Door, body, clock, worked};
use crate::fault::CallError;
use crate::ledger::Ledger;
use crate::storage::Session;

/// Those who wait for news at once.
pub(super) const WAITS_MAX: usize = 20_000;
/// Of many who wait for the same one after another is told, so that they do not all call at once.
const APART: Duration = Duration::from_micros(500);
/// So many are told together, and nobody later than that after the first.
const TOLD_TOGETHER: u32 = 16;
const APART_MAX: Duration = Duration::from_millis(500);

/// Waits are up to a fifth shorter, in so many steps.
const LENGTHS: u32 = 500;

#[derive(Deserialize)]
pub(super) struct WaitAsked {
    head: u64,
}

/// How many came and were told so far: each has his turn among those who are told of the same.
static TURN: AtomicU32 = AtomicU32::new(0);

/// Answers as soon as the log has grown by something the session may see, with nothing but how far
/// it reaches; of anything else when the wait is over.
pub(super) async fn wait(
    State(mut door): State<Door>,
    Query(WaitAsked { head: known }): Query<WaitAsked>,
    headers: HeaderMap,
) -> Response {
    let Ok(_place) = Arc::clone(&door.waits).try_acquire_owned() else {
        return CallError::from(Trouble::Busy { seconds: BUSY_SECONDS }).into_response();
    };
    let packing = body::packing_of(&headers);
    // A thousand who come back together take no more threads than other calls do.
    let found = worked(&door, headers, move |ledger, asking| {
        let session = asking.session(ledger)?;
        ledger.has_read(&session, known, clock())?;
        let head = ledger.head(&session)?;
        let news = ledger.heads.listen(session.org, head);
        // What was taken in between the two is heard after all.
        ledger.heads.grew(session.org, ledger.head(&session)?);
        Ok((session, news))
    });
    let (session, mut news) = match found.await {
        Ok(found) => found,
        Err(fault) => return fault.into_response(),
    };
    let ledger = Arc::clone(&door.ledger);
    let concerned = timeout(long(), concerned(&ledger, &session, known, &mut news));
    tokio::select! {
        _ = concerned => {}
        _ = door.closing.wait_for(|closing| *closing) => {
            return StatusCode::NO_CONTENT.into_response();
        }
    }
    let head = *news.borrow();
    if head > known {
        has_its_turn(&ledger, session.org).await;
        body::json(StatusCode::OK, &News { head }, packing)
    } else {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// Those who came together do not come back together.
fn long() -> Duration {
    let whole = Duration::from_secs(WAIT_SECONDS_MAX);
    let nth = TURN.fetch_add(1, Ordering::Relaxed) % LENGTHS;
    whole - whole / 5 * nth / LENGTHS
}

/// Waits until something came that the session may see.
async fn concerned(
    ledger: &Ledger,
    session: &Session,
    known: u64,
    news: &mut watch::Receiver<u64>,
) {
    let mut behind = known;
    loop {
        let Ok(head) = news.wait_for(|head| *head > behind).await.map(|head| *head) else {
            // Nobody tells any more: who waits is let go when his time is over.
            return sleep(Duration::MAX).await;
        };
        if ledger.heads.concerns(session, behind, head) {
            return;
        }
        behind = head;
    }
}

/// In a small office everybody is told at once.
async fn has_its_turn(ledger: &Ledger, org: AgencyId) {
    let many = u32::try_from(ledger.heads.listeners(org)).unwrap_or(u32::MAX);
    if many > TOLD_TOGETHER {
        let nth = TURN.fetch_add(1, Ordering::Relaxed) % many;
        sleep((APART * (nth / TOLD_TOGETHER * TOLD_TOGETHER)).min(APART_MAX)).await;
    }
}
