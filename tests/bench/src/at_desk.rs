//! A desk on a filled profile, with its clerk at it, asked through the contract as the page asks.
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use contract::{Failure, Session, Unlock};
use desk::{Desk, Source, ThisPc};
use register::{Id, Moment};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::OpenOptions;

use crate::profiles::evening;

/// Time goes on from the last moment of the filled register, so that no daily copy is due.
pub(crate) struct Evening {
    begun: Instant,
}

impl Evening {
    /// From now on.
    pub(crate) fn begins() -> Evening {
        Evening { begun: Instant::now() }
    }
}

impl Source for Evening {
    fn now(&self) -> Moment {
        let passed = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(0);
        Moment(evening().0 + 60_000 + passed)
    }

    fn id(&self) -> Id {
        ThisPc.id()
    }
}

/// Opens the desk of a profile for its clerk.
pub(crate) fn clerk_at(profile: &Path, options: OpenOptions) -> anyhow::Result<Desk> {
    seated_at(profile, ("Văn thư", ""), options)
}

/// Opens the desk of a profile for the officer of a position, with his PIN.
pub(crate) fn seated_at(
    profile: &Path,
    (position, pin): (&str, &str),
    options: OpenOptions,
) -> anyhow::Result<Desk> {
    let source = Arc::new(Evening::begins());
    let desk = Desk::with(profile, source, options).context("opening the profile")?;
    let session: Session = ask(&desk, "session", &contract::Nothing {})?;
    let found = session.officers.iter().find(|officer| officer.position == position);
    let officer = found.context("a filled register has such an officer")?.id.clone();
    let _: Session = ask(&desk, "session.unlock", &Unlock { officer, pin: pin.to_owned() })?;
    Ok(desk)
}

/// Asks one question and tells how long the desk took: JSON in, JSON out, as the page sees it.
pub(crate) fn timed<Q: Serialize>(
    desk: &Desk,
    name: &str,
    question: &Q,
) -> anyhow::Result<(Duration, String)> {
    let json = serde_json::to_string(question).context("writing a question")?;
    let begun = Instant::now();
    let answer = contract::answer(desk, name, &json);
    let took = begun.elapsed();
    Ok((took, answer.map_err(|failure| said(name, &failure))?))
}

/// Asks one question.
pub(crate) fn ask<Q: Serialize, A: DeserializeOwned>(
    desk: &Desk,
    name: &str,
    question: &Q,
) -> anyhow::Result<A> {
    let (_, answer) = timed(desk, name, question)?;
    serde_json::from_str(&answer).with_context(|| format!("reading the answer to {name}"))
}

/// What the desk said, as a fault of the measurement.
fn said(name: &str, failure: &Failure) -> anyhow::Error {
    anyhow::anyhow!("{name}: {} ({})", failure.what, failure.code)
}
