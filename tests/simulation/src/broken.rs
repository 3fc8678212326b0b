//! Rules broken on purpose: a simulation that does not notice shows nothing.

/// A rule of the protocol that this run breaks (docs/sync.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Broken {
    /// A gap in one PC's row ends the whole call.
    R1,
    /// A document that is registered again is registered anew.
    R2,
    /// A placeholder may be filled by a number of any epoch.
    R3,
    /// A take-over raises the epoch by one only.
    R4,
    /// Numbers given by the server change a state without a new version.
    R5,
    /// Of a command that comes again only the number counts, not that it was held or refused.
    R6,
    /// A server that was set back is not told what PCs have seen.
    R7,
    /// A server that was set back goes on giving numbers.
    R8,
    /// A number that comes again with its command is taken for a clash.
    R9,
    /// A destroyed PC is never declared so.
    R10,
    /// Only what was seen after the copy was made is told to a server that was set back.
    R11,
    /// An answer is taken whatever the cursor.
    R12,
    /// A command is let go with any page.
    R13,
    /// What a PC carries goes beside its own commands, whatever came first.
    R27,
}

/// All of them.
pub const ALL: [Broken; 14] = [
    Broken::R1,
    Broken::R2,
    Broken::R3,
    Broken::R4,
    Broken::R5,
    Broken::R6,
    Broken::R7,
    Broken::R8,
    Broken::R9,
    Broken::R10,
    Broken::R11,
    Broken::R12,
    Broken::R13,
    Broken::R27,
];

/// Those that show themselves only where a server was lost.
pub const AFTER_A_LOSS: [Broken; 6] =
    [Broken::R2, Broken::R6, Broken::R7, Broken::R8, Broken::R9, Broken::R11];
