//! What the page may ask and is told: each command once, as types, dispatcher and TypeScript.
//!
//! Knows nothing of ours: the desk takes its own values apart and builds these. Dates are ISO texts
//! (`2026-11-18`), instants milliseconds since 1970, ids 32 hexadecimal digits.
mod admin;
mod bench;
mod books;
mod commands;
mod common;
mod directory;
mod documents;
mod forms;
mod line;
mod outgoing;
mod parcels;
mod part;
mod program;
mod search;
mod session;
mod setup;
mod tasks;
mod tray;

pub use admin::{
    AgencyForm, BackupChosen, BackupState, CalendarForm, CalendarYear, Catalogue, DayForm,
    KindForm, OfficerForm, OfficerRow, ScanFolder, ScanFolderState, UnitForm, UnitRow, YearAsked,
};
pub use bench::{Bench, BenchSection, BenchSectionKind, DayTask, DayTaskKind};
pub use books::{
    BookAct, BookCell, BookForm, BookLease, BookOpening, BookPage, BookPageAsked, BookPrinted,
    BookRow, BookRowKind, Books, Holding, NumberVoid, PaperNumber, PaperRange, VouchForm, Vouched,
};
pub use commands::{COMMANDS, CommandShape, Desk, answer, typescript};
pub use common::{
    Action, Attachment, By, Deadline, Direction, Done, Failure, FieldEdit, FileNamed,
    HistoryAltered, HistoryLine, Named, Nothing, OneId, PartyForm, Reasoned, Remarks, Said, Topic,
    Undo, Undone, Urgency, WARN_CODES,
};
pub use directory::{
    DirectoryAsked, DirectoryEntry, DirectoryShown, EntryChange, EntryForm, EntryRow, StatedLine,
    StatementRow,
};
pub use documents::{
    Assigning, Counts, CountsAsked, Directed, DirectiveShown, DocumentAsked, DocumentFilter,
    DocumentOpened, DocumentRow, DocumentState, DocumentWindow, Fields, History, IncomingForm,
    Next, NextAsked, Step, StepState, SubmitForm, Suggestion, Suggestions, Twin, Twins, TwinsAsked,
    WindowAsked,
};
pub use forms::{
    AttachForm, BookList, DateRead, DetachForm, KindsForm, Phrases, TypedDate, Verified, YearOfBook,
};
pub use line::{
    AdoptForm, CodeForm, CodeShown, ConfirmLastForm, EnrolForm, ForceForm, HandOverForm,
    HeldDecided, HeldList, HeldRow, LineDiffered, LineMeeting, LineMembership, LineProgress,
    LineSaver, LineShort, LineState, LineSwitch, MirrorForm, PcList, PcRow, Reach, SendingList,
    SendingRow, SendingStand, TakeOverFile, ThingNamed,
};
pub use outgoing::{
    DraftForm, OutgoingShown, RecipientForm, RegisterOutgoingForm, RemarkShown, SendForm,
    SubmitDraftForm, SymbolAsked, SymbolProposed,
};
pub use parcels::{
    AddresseeForm, AgenciesAsked, AgenciesFound, AgencyFound, AnswerRecallForm, ArrivalShown,
    ChaseForm, EvidenceWritten, GroupForm, IssueForm, Meant, ParcelRow, ParcelStanding, Parcels,
    RecallForm, RecallShown, RecipientsTogether, RefuseArrivalForm, Replacement,
};
pub use part::{PART_BYTES_MAX, PartAsked};
pub use program::{ProgramBack, ProgramComing, ProgramGivenUp, ProgramState, ProgramVersion};
pub use search::{Found, FoundGroup, FoundRow, SearchAsked};
pub use session::{
    DraftSaved, DraftStored, Drafts, OfficerOnPc, Phase, PinChange, RecoveryWritten, Session,
    SessionAsked, StatusLine, Unlock, WindowPlace,
};
pub use setup::{BookSetup, DefaultsShown, OfficerSetup, PlaceAsked, PlaceFound, Setup, UnitSetup};
pub use tasks::{
    ExtensionAsking, ExtensionShown, ProgressForm, ProgressShown, ReportForm, ReportShown,
    TaskCounts, TaskFilter, TaskForm, TaskOpened, TaskRow, TaskStanding, TaskView, TaskWindow,
    Tasks, TransferForm,
};
pub use tray::{DropFiles, FileAdded, FilesAdded, Tray, TrayCard, TrayCardState, UploadFile};
