//! Made-up agencies: the demo commune, and registers of any size for measuring.
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use desk::fill::{DOCUMENTS_MAX, InventFault, Wanted, Written};
use desk::{Source as _, ThisPc};
use serde_json::json;

use crate::arguments::Fill;
use crate::asking::write_out;
use crate::{End, Trouble};

/// Documents between two words about the progress.
const WORD_EVERY: u64 = 10_000;

/// Makes the demo commune.
pub(crate) fn demo(folder: &Path, seed: u64) -> Result<End, Trouble> {
    let written = desk::demo::make(folder, ThisPc.now(), seed);
    told(folder, written)
}

/// Makes an agency of any size.
pub(crate) fn fill(fill: &Fill) -> Result<End, Trouble> {
    if fill.documents > DOCUMENTS_MAX {
        let fault = anyhow::anyhow!("{DOCUMENTS_MAX} documents are the most");
        return Err(Trouble::Broken(fault));
    }
    let wanted = Wanted {
        documents: fill.documents,
        tasks_per_hundred: fill.tasks_per_hundred.min(100),
        seed: fill.seed,
        now: ThisPc.now(),
    };
    let mut said = 0;
    let mut heard = |written: Written| {
        if !fill.quiet && written.documents / WORD_EVERY > said {
            said = written.documents / WORD_EVERY;
            eprint!("\r{} of {} documents", written.documents, fill.documents);
            // The progress is a courtesy: where it cannot be shown, the work goes on.
            let _ = std::io::stderr().flush();
        }
    };
    let written = desk::fill::fill(&fill.folder, wanted, &mut heard);
    if said > 0 {
        eprintln!();
    }
    told(&fill.folder, written)
}

fn told(folder: &Path, written: Result<Written, InventFault>) -> Result<End, Trouble> {
    let Written { documents, tasks, acts } =
        written.with_context(|| format!("making a made-up agency in {}", folder.display()))?;
    let told = json!({ "documents": documents, "tasks": tasks, "acts": acts });
    write_out(&format!("{told}\n"))?;
    Ok(End::Done)
}
