//! What the window is told on its command line.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

/// Văn Thư: the register of incoming and outgoing documents of one agency.
#[derive(clap::Parser)]
#[command(name = "vanthu-desktop", version)]
pub(crate) struct Arguments {
    /// The folder that holds the register; by default the one of this user of the PC.
    #[arg(long, value_name = "DIR")]
    profile: Option<PathBuf>,

    /// Who sits at the desk of a demo profile: clerk, leader, head or official.
    #[cfg(feature = "demo")]
    #[arg(long = "as", value_name = "ROLE")]
    pub(crate) seat: Option<String>,

    /// Shows an empty page, to measure what any window costs.
    #[cfg(feature = "demo")]
    #[arg(long)]
    pub(crate) blank: bool,
}

impl Arguments {
    /// Returns the folder of the profile, made if it was not there, as an absolute path.
    pub(crate) fn profile(&self) -> anyhow::Result<PathBuf> {
        let profile = match &self.profile {
            Some(profile) => profile.clone(),
            None => desk::profile_of_this_user().context("finding this user's folder")?,
        };
        fs::create_dir_all(&profile)
            .with_context(|| format!("making the profile folder {}", profile.display()))?;
        profile
            .canonicalize()
            .with_context(|| format!("finding the profile folder {}", profile.display()))
    }
}
