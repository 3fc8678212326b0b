//! The journeys, walked in Chromium over the loopback host.

use window::{Look, Place, Seat, Walk, journeys, walk};

fn in_a_browser(
    seat: Seat,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    walk(Place::Browser, Some(seat), Look::Office, journey)
}

#[test]
fn the_browser_opens_on_the_register() -> anyhow::Result<()> {
    in_a_browser(Seat::Clerk, journeys::opens_on_the_register)
}
