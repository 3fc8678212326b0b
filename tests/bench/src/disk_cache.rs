//! What the system remembers of a register: all of it, as after a morning's work, or nothing, as
//! after the PC was switched on.
use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::Context as _;
use desk::REGISTER_FILE;

/// Reads the whole register once, so that the system remembers it.
pub(crate) fn warm(profile: &Path) -> anyhow::Result<()> {
    let mut register = File::open(profile.join(REGISTER_FILE)).context("opening the register")?;
    io::copy(&mut register, &mut io::sink()).context("reading the register")?;
    Ok(())
}

/// Asks the system to forget the register; says whether this system can be asked.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the standard library gives no advice about files")]
pub(crate) fn forget(profile: &Path) -> anyhow::Result<bool> {
    use std::os::fd::AsRawFd as _;

    let register = File::open(profile.join(REGISTER_FILE)).context("opening the register")?;
    // What was written and has not come to the disk yet is not forgotten.
    register.sync_all().context("syncing the register")?;
    // SAFETY: the descriptor is open until the end of this function, and no memory is passed.
    let said =
        unsafe { libc::posix_fadvise(register.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) };
    Ok(said == 0)
}

/// Other systems are not asked.
#[cfg(not(target_os = "linux"))]
pub(crate) fn forget(_profile: &Path) -> anyhow::Result<bool> {
    Ok(false)
}
