//! Rules broken on purpose: a simulation that does not notice shows nothing.

/// A rule of the protocol that this run breaks (docs/sync.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Broken {
    /// A gap in one PC's row ends the whole call.
    R1,
    /// A placeholder may be filled by a number of any epoch.
    R3,
    /// A take-over raises the epoch by one only.
    R4,
    /// Numbers given by the server change a state without a new version.
    R5,
    /// A destroyed PC is never declared so.
    R10,
    /// An answer is taken whatever the cursor.
    R12,
    /// A command is let go with any page.
    R13,
}

/// All of them.
pub const ALL: [Broken; 7] =
    [Broken::R1, Broken::R3, Broken::R4, Broken::R5, Broken::R10, Broken::R12, Broken::R13];
