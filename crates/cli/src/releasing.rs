//! `vanthu release`: the publisher's work, on his own machine.
use desk::publishing::{Making, make_key, make_release};
use desk::{Source as _, ThisPc};

use crate::arguments::ReleaseWish;
use crate::{End, Trouble};

/// Makes a key or a release.
pub(crate) fn release(wish: &ReleaseWish) -> Result<End, Trouble> {
    match wish {
        ReleaseWish::Key { file } => {
            let public = make_key(file).map_err(anyhow::Error::from)?;
            println!("{public}");
            eprintln!(
                "Write this line into assets/publisher.keys; keep {} where nobody reads it.",
                file.display()
            );
        }
        ReleaseWish::Make { key, version, platform, notes, after, out, programs } => {
            let after = after.as_deref();
            let now = ThisPc.now();
            let making = Making { key, version, platform, notes, after, programs, out, now };
            let made = make_release(&making).map_err(anyhow::Error::from)?;
            println!(
                "{} for {}: {} bytes to fetch, in {}",
                made.version,
                made.platform.name(),
                made.packed_bytes(),
                out.display()
            );
        }
    }
    Ok(End::Done)
}
