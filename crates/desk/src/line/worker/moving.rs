//! The thread that moves: files both ways, then a new version of the program.
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use contract::Topic;
use sync::wire::Trouble;

use super::{AGAIN_FIRST, AGAIN_MAX, Inner, LOOK_AGAIN, Shared, TOLD_EVERY};
use crate::desk::{Opened, tell};
use crate::line::caller::CallFault;
use crate::line::files::{FileFault, Files, Stepped};
use crate::line::programs::{ProgramsFetched, Went};

/// Waits until there may be something to move, and tells with what; none when the program ends.
fn waits_for_a_round(shared: &Shared) -> Option<String> {
    let mut inner = shared.lock();
    loop {
        if inner.stop {
            return None;
        }
        let asked = inner.token.clone().filter(|_| !inner.histories.is_empty());
        if let Some(token) = inner.moving.take().or(asked) {
            return Some(token);
        }
        inner = shared.turned.wait(inner).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Moves files after each meeting that went well, until none can move.
pub(super) fn move_files(
    shared: &Shared,
    mut files: Files,
    mut fetched: (Option<ProgramsFetched>, Arc<Opened>),
) {
    // The first time at once, since one line in many broke; then as the meetings do.
    let mut again = Duration::ZERO;
    loop {
        let Some(mut token) = waits_for_a_round(shared) else { return };
        files.begins_round();
        let mut told = Instant::now();
        let mut broke_off = false;
        loop {
            let mut inner = shared.lock();
            let history = inner.histories.pop();
            let fresh = inner.moving.take();
            if inner.stop || inner.off {
                break;
            }
            drop(inner);
            if let Some(fresh) = fresh {
                // Files that were named since then may be urgent.
                token = fresh;
                files.begins_round();
            }
            if let Some(key) = history {
                match files.ask_history(key, &token) {
                    Ok(()) => tell(&shared.hears, &[Topic::History]),
                    Err(fault) => tracing::info!(%fault, "a history was not told"),
                }
            }
            match files.step(&token) {
                Ok(Stepped::Nothing) => match fetch_program(shared, &mut fetched, &token) {
                    Ok(Next::GoesOn) => again = Duration::ZERO,
                    Ok(Next::Rests) => break,
                    Err(fault) => {
                        tracing::info!(%fault, "a new version of the program rests");
                        broke_off = goes_on_after(&FileFault::Call(fault));
                        break;
                    }
                },
                Ok(Stepped::Passed) => {}
                Ok(Stepped::On) if told.elapsed() < TOLD_EVERY => again = Duration::ZERO,
                Ok(Stepped::On | Stepped::Whole) => {
                    (told, again) = (Instant::now(), Duration::ZERO);
                    tell(&shared.hears, &[Topic::Line, Topic::Document]);
                }
                Err(fault) => {
                    tracing::info!(%fault, "files rest");
                    broke_off = goes_on_after(&fault);
                    break;
                }
            }
        }
        tell(&shared.hears, &[Topic::Line]);
        if broke_off {
            look_again(shared, token, again);
            again = (again * 2).clamp(AGAIN_FIRST, AGAIN_MAX);
        } else if files.waits_for_others() {
            look_again(shared, token, LOOK_AGAIN);
        }
    }
}

/// Whether the moving thread goes on.
enum Next {
    GoesOn,
    Rests,
}

/// Fetches a little of a new version of the program, where nothing else moves; what took long is
/// rested from as long, unless something is to move.
fn fetch_program(
    shared: &Shared,
    (programs, opened): &mut (Option<ProgramsFetched>, Arc<Opened>),
    token: &str,
) -> Result<Next, CallFault> {
    let Some(programs) = programs else { return Ok(Next::Rests) };
    let (mark, asks) = {
        let mut inner = shared.lock();
        (inner.releases, std::mem::take(&mut inner.asks_releases))
    };
    if asks {
        programs.asks_anew();
    }
    let before = programs.stands.clone();
    let went = programs.step((&opened.store, token), mark);
    shared.lock().standing.program.clone_from(&programs.stands);
    if programs.stands != before || matches!(went, Ok(Went::Whole)) {
        tell(&shared.hears, &[Topic::Line]);
    }
    match went? {
        Went::Whole => Ok(Next::GoesOn),
        Went::Nothing => Ok(Next::Rests),
        Went::On(long) => {
            let inner = shared.lock();
            let nothing_new = |inner: &mut Inner| {
                inner.moving.is_none() && inner.histories.is_empty() && !inner.stop && !inner.off
            };
            let waited = shared.turned.wait_timeout_while(inner, long, nothing_new);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            Ok(Next::GoesOn)
        }
    }
}

/// Whether the same call may go well soon: a line that broke off, mostly.
fn goes_on_after(fault: &FileFault) -> bool {
    match fault {
        FileFault::Call(CallFault::Said(Trouble::NoSession | Trouble::Revoked)) => false,
        FileFault::Call(_) | FileFault::Store(_) | FileFault::Disk(_) => true,
    }
}

/// What broke off, and a file that another PC is still sending, is looked for again.
fn look_again(shared: &Shared, token: String, long: Duration) {
    let inner = shared.lock();
    let nothing_new =
        |inner: &mut Inner| inner.moving.is_none() && inner.histories.is_empty() && !inner.stop;
    let (mut inner, waited) = shared
        .turned
        .wait_timeout_while(inner, long, nothing_new)
        .unwrap_or_else(PoisonError::into_inner);
    if waited.timed_out() && !inner.off {
        inner.moving = Some(token);
    }
}
