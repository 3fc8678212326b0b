//! How many calls a second a server answers: one command each, and looks that find nothing.
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::account::Account;
use crate::office::{Place, registers};
use crate::road::Road;
use crate::servers::started;

/// Calls a second.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Pace {
    pub commands: f64,
    pub pulls: f64,
}

/// So many callers, each of an agency of his own, call one after another for so long.
pub fn measure(
    (program, folder): (&Path, &Path),
    storage: Option<&str>,
    (callers, lasts): (usize, Duration),
) -> Pace {
    let server = started(program, &folder.join("server"), storage);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let road = Road::to(&server);
    let mut clerks = Vec::new();
    for nth in 0..callers {
        let place = Place::of(nth);
        let [_, clerk] = runtime.block_on(place.comes(&road, &server.adoption_code(), 2));
        clerks.push((place, clerk));
    }
    let (commands, clerks) = runtime.block_on(together(clerks, lasts, Call::Command));
    let (pulls, _) = runtime.block_on(together(clerks, lasts, Call::Pull));
    Pace { commands, pulls }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Command,
    Pull,
}

async fn together(
    clerks: Vec<(Place, Account)>,
    lasts: Duration,
    call: Call,
) -> (f64, Vec<(Place, Account)>) {
    let began = Instant::now();
    let callers = clerks.into_iter().map(|(place, mut clerk)| {
        tokio::spawn(async move {
            let mut calls = 0_u64;
            while began.elapsed() < lasts {
                if call == Call::Command {
                    clerk.does(registers(&place, &calls.to_string(), None).1);
                }
                assert_eq!(clerk.calls().await.refused, []);
                calls += 1;
            }
            (calls, (place, clerk))
        })
    });
    let (mut calls, mut back) = (0, Vec::new());
    for caller in callers.collect::<Vec<_>>() {
        let (of_him, clerk) = caller.await.unwrap();
        calls += of_him;
        back.push(clerk);
    }
    (calls as f64 / began.elapsed().as_secs_f64(), back)
}
