//! `vanthu-desktop`: the window. It owns a desk and passes one `ask` and one `tell` through.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod arguments;
mod dialogs;
mod door;
mod logs;
mod only_one;
mod pages;
mod painted;
mod window;

use std::process::ExitCode;

use clap::Parser as _;
use desk::programs::{Programs, Run};

use crate::arguments::Arguments;
use crate::only_one::Place;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(fault = format!("{fault:#}"), "the window could not start");
            eprintln!("vanthu-desktop: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let profile = arguments.profile()?;
    logs::begin(&profile)?;
    loop {
        let place = match only_one::take(&profile)? {
            // The window that already shows this profile was asked to come forward.
            Place::Taken => return Ok(()),
            Place::Ours(place) => place,
        };
        let Some(next) = Programs::of(&profile).next() else {
            return window::open(arguments, profile, place);
        };
        drop(place);
        match next.run(std::env::args_os().skip(1)) {
            Run::Handed => return Ok(()),
            Run::Fell => {}
        }
    }
}
