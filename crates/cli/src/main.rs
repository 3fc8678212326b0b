//! `vanthu`: the desk from the command line, for batch work, support and measurement.
mod arguments;
mod asking;
mod evidence;
#[cfg(feature = "demo")]
mod inventing;
mod listing;
mod logs;
mod measuring;
mod newer;
mod releasing;

use std::process::ExitCode;

use clap::Parser as _;
use contract::Failure;

use crate::arguments::{Arguments, Wish};

/// The desk said no.
const REFUSED: u8 = 3;
/// Something is broken.
const BROKEN: u8 = 4;
/// The check of the register, or of a file of evidence, found something.
const FINDINGS: u8 = 1;

/// How a command ended.
pub(crate) enum End {
    /// As wished.
    Done,
    /// What was checked is not as it should be.
    Findings,
    /// What was to be checked could not be read; that was said.
    Unchecked,
}

/// Why it did not end as wished.
pub(crate) enum Trouble {
    /// The desk said no, in three sentences.
    Refused(Failure),
    /// The profile cannot be opened, in three sentences.
    Shut(Failure),
    /// The command line itself failed.
    Broken(anyhow::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Refused(failure)
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(fault: anyhow::Error) -> Trouble {
        Trouble::Broken(fault)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    logs::begin(arguments.verbose);
    if let Some(ended) = newer::hands_over(&arguments) {
        return ended;
    }
    match run(&arguments) {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Findings) => ExitCode::from(FINDINGS),
        Ok(End::Unchecked) => ExitCode::from(REFUSED),
        Err(Trouble::Refused(failure)) => {
            say(&failure);
            ExitCode::from(REFUSED)
        }
        Err(Trouble::Shut(failure)) => {
            say(&failure);
            ExitCode::from(BROKEN)
        }
        Err(Trouble::Broken(fault)) => {
            eprintln!("vanthu: {fault:#}");
            ExitCode::from(BROKEN)
        }
    }
}

fn say(failure: &Failure) {
    let json = serde_json::to_string(failure);
    eprintln!("{}", json.unwrap_or_else(|_| failure.what.clone()));
}

fn run(arguments: &Arguments) -> Result<End, Trouble> {
    match &arguments.wish {
        Wish::Ask { name, json } => asking::ask(arguments, name, json),
        Wish::Commands { json } => listing::commands(*json),
        Wish::Search { text, count, json } => asking::search(arguments, text, *count, *json),
        Wish::Verify { evidence: Some(path), file, server_key } => {
            evidence::verify(path, file, server_key.as_deref())
        }
        Wish::Verify { evidence: None, .. } => asking::verify(arguments),
        Wish::Release(wish) => releasing::release(wish),
        Wish::Bench { rest } => measuring::bench(rest),
        #[cfg(feature = "demo")]
        Wish::Demo { folder, seed } => inventing::demo(folder, *seed),
        #[cfg(feature = "demo")]
        Wish::Fill(wanted) => inventing::fill(wanted),
        #[cfg(feature = "browser")]
        Wish::Browser { pages } => asking::browser(arguments, pages),
    }
}
