//! Đồng bộ: what this PC and its server know of each other, what is on its way, what came back.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::books::Holding;
use crate::common::{Direction, Failure, Urgency};

/// Whether the agency lives on this PC alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineMembership {
    /// On this PC alone: nothing is sent anywhere.
    Alone,
    /// What was done here before goes up first.
    Adopting,
    /// One PC of the agency among others.
    Joined,
}

/// How far a thing has come on its way to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The agency lives on this PC alone: there is nowhere to go.
    Alone,
    /// Something of it is on this PC only: *Trên máy này*.
    Here,
    /// All of it is with the server: *Đã tới máy chủ*.
    Server,
}

/// How it goes with the server just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineMeeting {
    /// There is none to meet.
    None,
    /// Switched off in this window.
    Off,
    /// Not met yet since the program started.
    Waiting,
    /// They are talking.
    Talking,
    /// All was said; news are waited for.
    Met,
    /// The server is not reached.
    NoLine,
    /// The server was reached and something is wrong, in words.
    Trouble,
    /// This PC was shut out.
    ShutOut,
}

/// How far a piece of work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineProgress {
    /// Done.
    #[ts(type = "number")]
    pub done: u64,
    /// In all.
    #[ts(type = "number")]
    pub total: u64,
    /// Seconds that are left at this pace, once that can be told.
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
}

/// That the register here was not the server's, within the last week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineDiffered {
    /// When that was found.
    #[ts(type = "number")]
    pub at: i64,
    /// What it was, and how it stands now.
    pub said: Failure,
}

/// How this PC stands to its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineState {
    /// Alone, or one of several.
    pub membership: LineMembership,
    /// How it goes just now.
    pub meeting: LineMeeting,
    /// Since when it goes so.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// What is wrong, when something is.
    pub trouble: Option<Failure>,
    /// What the last comparison with the server's register found amiss.
    pub differed: Option<LineDiffered>,
    /// Where the server is.
    pub address: String,
    /// Its key, in groups as they stand on the printed code.
    pub server_key: String,
    /// What the office calls this PC.
    pub pc_name: String,
    /// When they met last.
    #[ts(type = "number | null")]
    pub met_at: Option<i64>,
    /// Acts of this PC without an answer.
    #[ts(type = "number")]
    pub unanswered: u64,
    /// When the oldest of them was done.
    #[ts(type = "number | null")]
    pub oldest: Option<i64>,
    /// Acts of other PCs that this one carries.
    #[ts(type = "number")]
    pub carried: u64,
    /// Acts that were not taken, until their author lets them go.
    #[ts(type = "number")]
    pub returned: u64,
    /// Documents whose stamped number clashes.
    pub held: u32,
    /// On its way up.
    pub up: Option<LineProgress>,
    /// On its way down: states of the register. Also where it stopped, when the first copy was cut
    /// off.
    pub down: Option<LineProgress>,
    /// Files that are not whole with the server yet.
    #[ts(type = "number")]
    pub files_up: u64,
    /// Files that are not here yet.
    #[ts(type = "number")]
    pub files_down: u64,
    /// Files that come when somebody opens them: too large for a line that is paid by the byte.
    #[ts(type = "number")]
    pub files_kept_back: u64,
    /// Whether large files wait until they are opened.
    pub data_saver: bool,
    /// Milliseconds the last call took.
    pub round_trip_ms: Option<u32>,
    /// Whether the window may switch the line off: in a demo.
    pub may_switch: bool,
    /// Whether this officer may bring the agency to a server.
    pub may_adopt: bool,
    /// Whether another copy of this PC was at the server: it joins again as a new one.
    pub may_join_again: bool,
    /// This PC gives numbers and has not met its server for long.
    pub holding: Option<Holding>,
}

/// Where the line stands, for the foot of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineShort {
    /// Alone, or one of several.
    pub membership: LineMembership,
    /// How it goes just now.
    pub meeting: LineMeeting,
    /// Since when it goes so.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// When they met last.
    #[ts(type = "number | null")]
    pub met_at: Option<i64>,
    /// Acts without an answer.
    #[ts(type = "number")]
    pub unanswered: u64,
    /// Came back, and stamped numbers that clash.
    #[ts(type = "number")]
    pub to_look_at: u64,
    /// On its way up.
    pub up: Option<LineProgress>,
    /// On its way down; also where it stopped, when the first copy was cut off.
    pub down: Option<LineProgress>,
    /// What is wrong, in one sentence; empty when nothing is.
    pub trouble: String,
}

/// What became of an act on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendingStand {
    /// Waits on this PC.
    Waits,
    /// Was not taken.
    Rejected,
    /// Waits for a person.
    Held,
}

/// One act on its way, or back from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SendingRow {
    /// Its name in this list.
    pub id: String,
    /// What it was, by the name of its command: `incoming.register`.
    pub act: String,
    /// What it was about, in words: `số đến 1236`, `123/UBND-VP`.
    pub of: String,
    /// The document or task it was about.
    pub thing: Option<ThingNamed>,
    /// How urgent that is.
    pub urgency: Urgency,
    /// Who did it.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// What became of it.
    pub stand: SendingStand,
    /// Why it came back: what happened, what is safe, what to do.
    pub why: Option<Failure>,
    /// It can be done again with one key.
    pub may_redo: bool,
}

/// A thing to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ThingNamed {
    /// `incoming`, `outgoing` or `task`.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// Acts on their way or back from it, at most 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SendingList {
    /// The rows.
    pub rows: Vec<SendingRow>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// A document whose stamped number clashes with another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HeldRow {
    /// The document.
    pub id: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// The command that gave the number; names the clash.
    pub given_by: String,
    /// The number as it is stamped: `58`.
    pub number: String,
    /// Its year.
    pub year: i16,
    /// Its book.
    pub book: String,
    /// What the document is about.
    pub subject: String,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Where it came from, or who drafted it.
    pub party: String,
    /// When the number was given.
    #[ts(type = "number")]
    pub at: i64,
    /// Why it cannot stand, in words.
    pub why: String,
    /// The document that has the number now.
    pub other: Option<ThingNamed>,
    /// Its subject.
    pub other_subject: String,
    /// The number with a letter that it would get: `58a`.
    pub with_letter: String,
}

/// Documents whose stamped number clashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HeldList {
    /// The rows.
    pub rows: Vec<HeldRow>,
}

/// What a clerk decides about a stamped number that clashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HeldDecided {
    /// The document.
    pub id: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// The clash.
    pub given_by: String,
    /// `suffix`: the number stays with a letter; `void`; `renumber`: a new number, stamped again.
    pub verdict: String,
    /// Why.
    pub reason: String,
}

/// Switches the line of this window off or on: to show what a day without it is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineSwitch {
    /// No line from now on.
    pub off: bool,
}

/// Lets large files wait until somebody opens them: tiết kiệm dữ liệu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct LineSaver {
    /// They wait from now on.
    pub on: bool,
}

/// Brings the agency of this PC to a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AdoptForm {
    /// Where the server is: `https://vanthu.tinh.gov.vn`.
    pub address: String,
    /// The operator's code.
    pub code: String,
    /// The server's key as printed beside the code.
    pub server_key: String,
    /// What the office calls this PC: `VT-01`.
    pub pc_name: String,
}

/// A new PC comes to its agency, with a code from paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EnrolForm {
    /// Where the server is.
    pub address: String,
    /// The code.
    pub code: String,
    /// The server's key as printed beside it.
    pub server_key: String,
    /// What the office calls this PC.
    pub pc_name: String,
    /// The PIN of the officer the code is for.
    pub pin: String,
}

/// Makes a code for an officer who comes to a new PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct CodeForm {
    /// The officer.
    pub officer: String,
}

/// A code to print; it opens once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct CodeShown {
    /// The code, in groups.
    pub code: String,
    /// Whom it lets in.
    pub officer: String,
    /// Until when.
    #[ts(type = "number")]
    pub until: i64,
    /// Where the server is.
    pub address: String,
    /// Its key, in groups.
    pub server_key: String,
}

/// A PC of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PcRow {
    /// Its id.
    pub id: String,
    /// What the office calls it.
    pub name: String,
    /// Who signs on it.
    pub officers: Vec<String>,
    /// Since when.
    #[ts(type = "number")]
    pub since: i64,
    /// This one.
    pub here: bool,
    /// Books whose numbers it gives.
    pub books: Vec<String>,
    /// Why it was shut out.
    pub revoked: Option<String>,
    /// Why it was declared destroyed.
    pub retired: Option<String>,
}

/// The PCs of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PcList {
    /// The rows.
    pub rows: Vec<PcRow>,
}

/// Hands a book over to another PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HandOverForm {
    /// The book.
    pub book: String,
    /// The PC that gives its numbers from now on.
    pub to: String,
    /// A folder, mostly of a USB stick, for the hand-over file; empty when both have a line.
    pub folder: String,
}

/// Takes a book that was handed over from its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TakeOverFile {
    /// The file.
    pub path: String,
}

/// Carries the acts of a PC that is gone to the server, from its mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct MirrorForm {
    /// The folder of the mirror.
    pub folder: String,
    /// The recovery code of that PC, from paper.
    pub recovery_code: String,
}

/// Takes a book over from a PC that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ForceForm {
    /// The book.
    pub book: String,
    /// The PC that gives its numbers from now on; empty is the server.
    pub to: String,
    /// The last number in the paper register.
    pub last_number: u32,
    /// Its date.
    pub last_date: String,
    /// Why.
    pub reason: String,
}

/// A second person states the last number on paper before a book is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ConfirmLastForm {
    /// The book.
    pub book: String,
    /// The year.
    pub year: i16,
    /// The last number in the paper register.
    pub last_number: u32,
}
