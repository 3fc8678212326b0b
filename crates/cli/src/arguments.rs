//! What `vanthu` is told on its command line.
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context as _;

/// The register of incoming and outgoing documents, from the command line.
#[derive(clap::Parser)]
#[command(name = "vanthu", version)]
pub(crate) struct Arguments {
    /// The folder that holds the register; by default the one of this user of the PC.
    #[arg(long, value_name = "DIR", global = true)]
    profile: Option<PathBuf>,

    /// Who sits at the desk of a demo profile: clerk, leader, head, official or admin.
    #[cfg(feature = "demo")]
    #[arg(long = "as", value_name = "ROLE", global = true, conflicts_with = "officer")]
    pub(crate) seat: Option<String>,

    /// A profile made now is one that is shown to visitors: its PIN is that of the demo.
    #[cfg(feature = "demo")]
    #[arg(long, global = true)]
    pub(crate) show: bool,

    /// Who acts: an id or a full name of an officer with a PIN on this PC.
    #[arg(long, value_name = "ID|NAME", global = true)]
    pub(crate) officer: Option<String>,

    /// A file whose first line is the PIN; else it is taken from VANTHU_PIN.
    #[arg(long, value_name = "FILE", global = true)]
    pin_file: Option<PathBuf>,

    #[arg(long, env = "VANTHU_PIN", hide = true, hide_env_values = true, global = true)]
    pin: Option<String>,

    /// Logs to stderr; twice for more.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) wish: Wish,
}

/// What is wished.
#[derive(clap::Subcommand)]
pub(crate) enum Wish {
    /// Asks the desk one command of the contract: JSON in, JSON out. Exit 3: refused, 4: broken.
    Ask {
        /// Name of the command, as `vanthu commands` lists it.
        name: String,
        /// Its arguments as JSON; `-` reads them from stdin.
        #[arg(default_value = "{}")]
        json: String,
    },
    /// Lists the contract: every command, what it is for, and its JSON schemas.
    Commands {
        /// One JSON list with the schemas.
        #[arg(long)]
        json: bool,
    },
    /// Searches documents, marks optional, newest first.
    Search {
        /// What is looked for.
        text: String,
        /// Rows at most.
        #[arg(long, default_value_t = 50)]
        count: u32,
        /// The whole answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Checks every invariant of the register's file. Exit 1: something is wrong.
    Verify {
        /// Instead checks a file of evidence; needs neither a register nor a network.
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
        /// Files that must be those the evidence names.
        #[arg(long, value_name = "FILE", requires = "evidence")]
        file: Vec<PathBuf>,
        /// The key the server must have, as printed by its operator; the beginning is enough.
        #[arg(long, value_name = "HEX", requires = "evidence")]
        server_key: Option<String>,
    },
    /// Makes a release of the program that PCs get through their server.
    #[command(subcommand)]
    Release(ReleaseWish),
    /// Measures the desk: the figures of `./dev bench`.
    Bench {
        /// Names of benches, --documents N, --json.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// Makes the demo commune in a new folder.
    #[cfg(feature = "demo")]
    Demo {
        /// The folder.
        folder: PathBuf,
        /// The same seed makes the same commune.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Makes an invented agency of any size in a new folder.
    #[cfg(feature = "demo")]
    Fill(Fill),
    /// Serves the page to one browser on this PC.
    #[cfg(feature = "browser")]
    Browser {
        /// The built page.
        #[arg(long, value_name = "DIR", default_value = "ui/dist")]
        pages: PathBuf,
    },
}

/// What is wished of a release.
#[derive(clap::Subcommand)]
pub(crate) enum ReleaseWish {
    /// Makes the key of a publisher and prints its public half, for `assets/publisher.keys`.
    Key {
        /// A new file for the secret half; whoever has it can publish.
        file: PathBuf,
    },
    /// Packs the programs of one platform and signs what they are.
    Make {
        /// The key, as `release key` wrote it.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Three numbers: 0.2.0.
        #[arg(long)]
        version: String,
        /// What it runs on: linux-x86_64 or windows-x86_64.
        #[arg(long)]
        platform: String,
        /// What is new, in a line or two for who uses it.
        #[arg(long, default_value = "")]
        notes: String,
        /// The oldest version it can follow; any when none.
        #[arg(long, value_name = "VERSION")]
        after: Option<String>,
        /// The file to write: NAME.vtr.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The programs: vanthu-desktop and vanthu, with .exe on Windows.
        #[arg(required = true)]
        programs: Vec<PathBuf>,
    },
}

/// How large an invented agency is.
#[cfg(feature = "demo")]
#[derive(clap::Args)]
pub(crate) struct Fill {
    /// The folder.
    pub folder: PathBuf,
    /// Documents, incoming and outgoing.
    #[arg(long, default_value_t = 10_000)]
    pub documents: u64,
    /// Tasks given for a hundred incoming documents.
    #[arg(long, default_value_t = 12)]
    pub tasks_per_hundred: u32,
    /// The same seed makes the same agency.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// No word about the progress.
    #[arg(long)]
    pub quiet: bool,
}

impl Arguments {
    /// The folder of the register.
    pub(crate) fn profile(&self) -> anyhow::Result<PathBuf> {
        match &self.profile {
            Some(profile) => Ok(profile.clone()),
            None => desk::profile_of_this_user().context("finding this user's folder"),
        }
    }

    /// The PIN; empty when none was given.
    pub(crate) fn pin(&self) -> anyhow::Result<String> {
        let Some(path) = &self.pin_file else {
            return Ok(self.pin.clone().unwrap_or_default());
        };
        let file = std::fs::read_to_string(path)
            .with_context(|| format!("reading the PIN from {}", path.display()))?;
        Ok(file.lines().next().unwrap_or_default().trim().to_owned())
    }
}
