//! `simulate`: random offices over a bad line, as many acts as wanted; the last line counts all.
use std::collections::BTreeSet;

use anyhow::bail;
use clap::Parser;
use simulation::broken::Broken;
use simulation::check::{OPS_OF_AN_OFFICE, run};
use simulation::region::{self, OPS_OF_A_REGION};
use simulation::tally::Tally;

/// From so many acts on, a fault that came too seldom makes the run worthless.
const OPS_TO_SEE_ALL: u64 = 5_000_000;
/// How often each has to come.
const SEEN_MIN: u64 = 100;
/// The faults, and what the log must have said.
const MUST_COME: [&str; 56] = [
    "again_held_device_revoked",
    "again_ok",
    "again_rejected_not_holder",
    "began_anew",
    "blunders",
    "brought_back",
    "burnt",
    "clock_wrong",
    "copied",
    "doubled_messages",
    "dropped",
    "enrolled_again",
    "forced",
    "gap_blocks_its_pc",
    "handed_over",
    "held_bad_range",
    "held_date_before_last",
    "held_date_in_future",
    "held_device_revoked",
    "held_exists",
    "held_has_number",
    "held_issued_after_arrival",
    "held_missing",
    "held_not_allowed",
    "held_not_holder",
    "held_not_next",
    "held_nothing_waits",
    "held_number_held",
    "held_number_taken",
    "held_unknown",
    "held_wrong_year",
    "held_year_over",
    "lease_released",
    "line_gone",
    "mirror_carried",
    "mirror_damaged",
    "number_witnessed",
    "numbered_by_holder",
    "numbered_by_server",
    "numbered_by_server_later",
    "paper_range",
    "re_entered",
    "rejected_date_before_last",
    "rejected_device_revoked",
    "rejected_exists",
    "rejected_forbidden",
    "rejected_not_holder",
    "rejected_unknown",
    "rejected_wrong_stage",
    "rejected_year_over",
    "repeated",
    "revoked",
    "server_gone",
    "set_back",
    "stale_answers",
    "waited_for_all",
];

#[derive(Parser)]
struct Arguments {
    /// How many things happen, over all offices.
    #[arg(long, default_value_t = 200_000)]
    ops: u64,

    /// Where chance begins; the same seed gives the same run.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Breaks this rule on purpose: the run must find something.
    #[arg(long, value_name = "RULE", ignore_case = true)]
    without: Option<Broken>,

    /// Several agencies that send each other documents, instead of one office.
    #[arg(long)]
    regions: bool,

    /// Only the last line.
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { ops, seed, without, regions, json } = Arguments::parse();
    if regions {
        return run_regions(ops, seed, json);
    }
    let mut tally = Tally::default();
    let mut broken = 0;
    for at in 0..ops.div_ceil(OPS_OF_AN_OFFICE) {
        let wrong = run(seed + at, OPS_OF_AN_OFFICE, without, &mut tally);
        for (counter, what) in wrong.found.iter().take(3) {
            broken += 1;
            if !json {
                eprintln!("seed {}: {counter}: {what}", seed + at);
            }
        }
    }
    println!("{}", tally.line(seed, ops));
    if ops >= OPS_TO_SEE_ALL {
        // Any other word of the log must come as often: one that came twice shows nothing.
        let wanted: BTreeSet<&str> =
            MUST_COME.into_iter().chain(tally.words_of_the_log()).collect();
        for what in wanted.into_iter().filter(|what| tally.count(what) < SEEN_MIN) {
            broken += 1;
            eprintln!("{what} came {} times only", tally.count(what));
        }
    }
    if broken > 0 {
        bail!("{broken} findings");
    }
    Ok(())
}

/// What must have come between agencies.
const MUST_COME_BETWEEN: [&str; 22] = [
    "came",
    "chased",
    "crossed",
    "doubled_messages",
    "given_back",
    "issued",
    "kept_back",
    "known_already",
    "line_gone",
    "lost_on_the_way",
    "overtaken",
    "peer_down",
    "recall_asked",
    "recalled_unsent",
    "replaced",
    "sent_back",
    "server_down",
    "taken_in",
    "told_again",
    "voided",
    "waited_for_files",
    "worked",
];

fn run_regions(ops: u64, seed: u64, json: bool) -> anyhow::Result<()> {
    let mut tally = Tally::default();
    let mut broken = 0;
    for at in 0..ops.div_ceil(OPS_OF_A_REGION) {
        let (counts, wrong) = region::run(seed + at, OPS_OF_A_REGION);
        tally.join(&counts);
        for one in wrong.iter().take(3) {
            broken += 1;
            if !json {
                eprintln!("seed {}: {}: {}", seed + at, one.counter, one.what);
            }
        }
    }
    println!("{}", tally.line(seed, ops));
    if ops >= OPS_TO_SEE_ALL {
        for what in MUST_COME_BETWEEN.into_iter().filter(|what| tally.count(what) < SEEN_MIN) {
            broken += 1;
            eprintln!("{what} came {} times only", tally.count(what));
        }
    }
    if broken > 0 {
        bail!("{broken} findings");
    }
    Ok(())
}
