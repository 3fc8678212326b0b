//! The journeys, walked in the real window.

use window::{Look, Place, Seat, Walk, journeys, walk};

fn in_the_window(
    seat: Seat,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    walk(Place::Window, Some(seat), Look::Office, journey)
}

#[test]
fn the_window_opens_on_the_register() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::opens_on_the_register)
}
