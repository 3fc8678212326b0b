//! `vanthu-bench`: the figures of the desk, each beside its goal.
mod at_desk;
mod disk_cache;
mod figures;
mod listing;
mod memory;
mod profiles;
mod registering;
mod searching;
mod slow_disk;
mod syncing;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser as _;

use crate::figures::{Figure, Form};
use crate::profiles::Profiles;

/// What is measured unless it is said.
const DOCUMENTS: [u64; 2] = [10_000, 100_000];

/// Measures the desk on made-up agencies.
#[derive(clap::Parser)]
#[command(name = "vanthu-bench", version)]
struct Arguments {
    /// Which benches; all of them when none is named.
    #[arg(value_enum)]
    names: Vec<Name>,

    /// Documents in the register; 10,000 and then 100,000 when it is not said.
    #[arg(long)]
    documents: Option<u64>,

    /// One line of JSON a figure.
    #[arg(long)]
    json: bool,

    /// Only tells the memory of a process that has worked with this profile.
    #[arg(long, hide = true, value_name = "DIR")]
    memory_of: Option<PathBuf>,

    /// Only makes the dictionary of the wire from what such an agency says.
    #[arg(long, hide = true, value_name = "FILE")]
    dictionary_to: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// Registering one document, act to durable.
    Register,
    /// Search, every keystroke.
    Search,
    /// Pages of lists.
    Lists,
    /// Memory of a desk after use.
    Memory,
    /// Between PCs and a server; only when it is named.
    Sync,
    /// Between agencies of one server; only when it is named, and the same for every register.
    Parcels,
}

const ALL: [Name; 4] = [Name::Search, Name::Lists, Name::Memory, Name::Register];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(profile) = &arguments.memory_of {
        return memory::tell(profile);
    }
    let form = if arguments.json { Form::Json } else { Form::Table };
    let names = if arguments.names.is_empty() { ALL.to_vec() } else { arguments.names.clone() };
    let counts = arguments.documents.map_or_else(|| DOCUMENTS.to_vec(), |count| vec![count]);
    let profiles = Profiles::beside_this_program()?;
    figures::begin(form);
    for documents in counts {
        let profile = profiles
            .filled(documents)
            .with_context(|| format!("filling a register with {documents} documents"))?;
        if let Some(file) = &arguments.dictionary_to {
            return syncing::dictionary::make(&profile, file);
        }
        for name in &names {
            disk_cache::warm(&profile)?;
            let measured: Vec<Figure> = match name {
                Name::Register => registering::measure(&profile, documents)?,
                Name::Search => searching::measure(&profile, documents)?,
                Name::Lists => listing::measure(&profile, documents)?,
                Name::Memory => memory::measure(&profile, documents)?,
                Name::Parcels => syncing::parcels::measure(&profile)?,
                Name::Sync => syncing::measure(&profile, documents, form)?,
            };
            for figure in measured {
                figures::print(form, &figure);
            }
        }
    }
    Ok(())
}
