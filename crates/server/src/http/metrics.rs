//! What the server did, in numbers and without a name, for whoever watches it from this machine.
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;

use super::news::WAITS_MAX;
use super::{Door, Peer};
use crate::fault::CallError;
use crate::storage::Waits;
use sync::wire::Trouble;

/// Seconds up to which calls are counted together.
const SECONDS: [f64; 8] = [0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, 60.0];
/// What is asked for and is not there has one row, whatever it was called.
const ELSEWHERE: &str = "elsewhere";
/// Digits of a key that tell one server from another.
const KEY_DIGITS: usize = 8;
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Calls of one route.
#[derive(Debug, Clone, Default)]
struct Calls {
    by_code: BTreeMap<u16, u64>,
    /// How many took no longer than each of [`SECONDS`].
    within: [u64; SECONDS.len()],
    count: u64,
    seconds: f64,
}

/// Calls by route.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    calls: Mutex<BTreeMap<String, Calls>>,
}

impl Metrics {
    fn note(&self, route: &str, code: StatusCode, seconds: f64) {
        let mut all = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = all.entry(route.to_owned()).or_default();
        *calls.by_code.entry(code.as_u16()).or_default() += 1;
        calls.count += 1;
        calls.seconds += seconds;
        for (within, limit) in calls.within.iter_mut().zip(SECONDS) {
            *within += u64::from(seconds <= limit);
        }
    }

    fn text(&self) -> String {
        let all = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::from("# TYPE vanthu_calls_total counter\n");
        for (route, calls) in &all {
            for (code, count) in &calls.by_code {
                let row = format!("vanthu_calls_total{{route=\"{route}\",code=\"{code}\"}}");
                row_of(&mut text, &row, count);
            }
        }
        text.push_str("# TYPE vanthu_call_seconds histogram\n");
        for (route, calls) in &all {
            for (limit, count) in SECONDS.iter().zip(calls.within) {
                let name = format!("{{route=\"{route}\",le=\"{limit}\"}}");
                row_of(&mut text, &format!("vanthu_call_seconds_bucket{name}"), &count);
            }
            let name = format!("{{route=\"{route}\",le=\"+Inf\"}}");
            row_of(&mut text, &format!("vanthu_call_seconds_bucket{name}"), &calls.count);
            let name = format!("{{route=\"{route}\"}}");
            row_of(&mut text, &format!("vanthu_call_seconds_sum{name}"), &calls.seconds);
            row_of(&mut text, &format!("vanthu_call_seconds_count{name}"), &calls.count);
        }
        text
    }
}

fn row_of(text: &mut String, name: &str, value: &dyn std::fmt::Display) {
    // Writing into a text does not fail.
    let _ = writeln!(text, "{name} {value}");
}

/// What waits, by the server it goes to: the beginning of its key, none for what stays here.
fn waits_of(text: &mut String, waits: &[Waits]) {
    let name = |waits: &Waits| {
        let key = waits.via.map_or(String::new(), |key| key.hex());
        key.chars().take(KEY_DIGITS).collect::<String>()
    };
    text.push_str("# TYPE vanthu_post_waiting gauge\n");
    for one in waits {
        row_of(text, &format!("vanthu_post_waiting{{server=\"{}\"}}", name(one)), &one.count);
    }
    text.push_str("# TYPE vanthu_post_oldest_seconds gauge\n");
    let now = crate::http::clock();
    for one in waits {
        let seconds = now.0.saturating_sub(one.since.0).max(0) / 1000;
        let row = format!("vanthu_post_oldest_seconds{{server=\"{}\"}}", name(one));
        row_of(text, &row, &seconds);
    }
}

/// Counts every call on its way out.
pub(super) async fn counted(State(door): State<Door>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(ELSEWHERE, MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    door.metrics.note(&route, response.status(), begun.elapsed().as_secs_f64());
    response
}

/// The page that a watcher reads, on this machine only.
pub(super) async fn page(
    State(door): State<Door>,
    ConnectInfo(from): ConnectInfo<Peer>,
) -> Response {
    if !from.0.to_canonical().is_loopback() {
        return CallError::from(Trouble::NotFound).into_response();
    }
    let mut text = door.metrics.text();
    let waiting = WAITS_MAX.saturating_sub(door.waits.available_permits());
    text.push_str("# TYPE vanthu_waiting gauge\n");
    row_of(&mut text, "vanthu_waiting", &waiting);
    let ledger = Arc::clone(&door.ledger);
    match spawn_blocking(move || ledger.measured()).await {
        Ok(Ok(measured)) => {
            text.push_str("# TYPE vanthu_agencies gauge\n");
            row_of(&mut text, "vanthu_agencies", &measured.agencies);
            text.push_str("# TYPE vanthu_entries_total counter\n");
            row_of(&mut text, "vanthu_entries_total", &measured.entries);
            text.push_str("# TYPE vanthu_entries_not_durable gauge\n");
            row_of(&mut text, "vanthu_entries_not_durable", &measured.not_durable);
            text.push_str("# TYPE vanthu_commits_total counter\n");
            row_of(&mut text, "vanthu_commits_total", &measured.commits.groups);
            text.push_str("# TYPE vanthu_committed_jobs_total counter\n");
            row_of(&mut text, "vanthu_committed_jobs_total", &measured.commits.jobs);
            text.push_str("# TYPE vanthu_largest_commit gauge\n");
            row_of(&mut text, "vanthu_largest_commit", &measured.commits.largest);
            waits_of(&mut text, &measured.waits);
            text.push_str("# TYPE vanthu_programs gauge\n");
            for (version, pcs) in &measured.versions {
                row_of(&mut text, &format!("vanthu_programs{{version=\"{version}\"}}"), pcs);
            }
        }
        Ok(Err(fault)) => return fault.into_response(),
        Err(_) => return CallError::from(Trouble::Broken).into_response(),
    }
    (StatusCode::OK, [(CONTENT_TYPE, TEXT)], text).into_response()
}
