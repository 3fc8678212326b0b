//! Cuts the power and kills the desk many times, and prints what was lost.
use crash::cuts::{Cuts, cut};
use store::Synchronous;

fn main() -> anyhow::Result<()> {
    let started = std::time::Instant::now();
    let count = std::env::args().nth(1).unwrap_or_default().parse().unwrap_or(10);
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        let tally = cut(Cuts { seed: 1, count, synchronous })?;
        println!("{synchronous:?} {tally:#?} {:?}", started.elapsed());
    }
    Ok(())
}
