//! A person's act as one command: what is signed, kept and sent (SYNC 2.2).
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agency::{Agency, RecipientGroup};
use crate::attachment::{Attachment, BlobId};
use crate::book::{Direction, LeaseClaim, Opening};
use crate::calendar::DecidedYear;
use crate::held::HeldVerdict;
use crate::id::{
    AgencyId, BookId, CommandId, DeviceId, DirectiveId, DocumentId, OfficerId, ParcelId, PublicKey,
    TaskId,
};
use crate::incoming::{IncomingField, IncomingFields};
use crate::moment::Moment;
use crate::outgoing::{OutgoingField, OutgoingFields};
use crate::parcel::Addressee;
use crate::people::{Officer, Unit};
use crate::picture::{Key, State};
use crate::post::{Chased, Delivery, RecallAsked, Receipt};
use crate::task::{Party, Weight};

/// Bytes one command may have (SYNC 2.2).
pub const COMMAND_BYTES_MAX: usize = 64 << 10;

/// One act. Its JSON bytes are signed and kept as they are, never written again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Version of this envelope; 1.
    pub v: u8,
    /// Its name: a UUIDv7 made on the device.
    pub id: CommandId,
    /// The agency.
    pub org: AgencyId,
    /// The device that signed it.
    pub dev: DeviceId,
    /// 1, 2, 3 … per device and agency, without holes.
    pub n: u64,
    /// The officer whose key signed it.
    pub actor: OfficerId,
    /// Device time, at least one millisecond after the command before it.
    pub at: Moment,
    /// Known distance of the device's clock from the server's, in milliseconds.
    pub off: i64,
    /// Number of the newest log entry on the screen when the person acted; 0 before any server.
    pub seen: u64,
    /// Version of this kind of command.
    pub kv: u16,
    /// Commands that must have been accepted first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub need: Vec<CommandId>,
    /// The number claimed, for numbering commands only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<LeaseClaim>,
    /// Files it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobId>,
    /// What is done.
    #[serde(flatten)]
    pub act: Act,
}

/// Everything the wizard of the first run states about an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyFounded {
    /// The agency.
    pub agency: Agency,
    /// Its units.
    pub units: Vec<Unit>,
    /// Its officers; the actor is among them and an administrator.
    pub officers: Vec<Officer>,
}

/// An incoming document entered in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingRegistered {
    /// Name of the new document.
    pub document: DocumentId,
    /// The book.
    pub book: BookId,
    /// The day it came.
    pub arrived_on: Date,
    /// What stands on it.
    pub fields: IncomingFields,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// The page bears a mark of secrecy: the rules refuse it.
    #[serde(default)]
    pub secret: bool,
    /// Printed code, when this PC may not give the number.
    pub slip: Option<String>,
    /// Why it is registered although one like it is there.
    pub twin_reason: Option<String>,
    /// The leader it is submitted to.
    pub submit_to: Option<OfficerId>,
    /// The parcel it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<ParcelId>,
}

/// What a leader writes on an incoming document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectiveGiven {
    /// The incoming document.
    pub document: DocumentId,
    /// Name of the new directive.
    pub directive: DirectiveId,
    /// The words.
    pub text: String,
    /// The task it gives; none when it is for information only.
    pub task: Option<TaskSet>,
    /// Those it goes to for information.
    pub information: Vec<Party>,
}

/// A task as it is assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSet {
    /// Name of the new task.
    pub task: TaskId,
    /// What is to be done; the subject of the document when empty.
    pub content: String,
    /// Chủ trì.
    pub lead: Party,
    /// Phối hợp.
    pub co: Vec<Party>,
    /// Last day.
    pub deadline: Option<Date>,
    /// Sort of work.
    #[serde(default)]
    pub weight: Weight,
    /// Product asked for.
    #[serde(default)]
    pub product: String,
}

/// How an outgoing document left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// The document.
    pub document: DocumentId,
    /// Ngày chuyển.
    pub on: Date,
    /// By post, by hand …
    pub how: String,
}

/// An issued document sent to agencies of the exchange (Đ18.1; QĐ 28/2018).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The document.
    pub document: DocumentId,
    /// Ngày chuyển.
    pub on: Date,
    /// How it leaves, as it stands in the book.
    pub how: String,
    /// Where to.
    pub to: Vec<Addressee>,
}

/// A book taken over from a PC that does not come back, or unfrozen (SYNC 2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseForced {
    /// The book.
    pub book: BookId,
    /// The PC that gives the numbers from now on; the server when none.
    pub to: Option<DeviceId>,
    /// The year of the count.
    pub year: i16,
    /// The last number in the paper register.
    pub last_number: u32,
    /// Its date.
    pub last_date: Date,
    /// Why.
    pub reason: String,
    /// The epoch of the book that the person saw; a book that nobody may count on is opened by
    /// nobody who did not know that (SYNC R19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
}

/// What a PC has seen in a life of the server that was lost (SYNC 2.9), as the server enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witnessed {
    /// The document or task.
    pub of: Key,
    /// The PC that has seen it.
    pub device: DeviceId,
    /// Its number there, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberSeen>,
    /// The whole of it, where the log of this life does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Box<State>>,
    /// How far that PC had read the log that was lost.
    pub read_to: ReadTo,
}

/// A number as a PC has seen it on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberSeen {
    /// The book.
    pub book: BookId,
    /// The number.
    pub no: u32,
    /// Its date in the book, which says the year too.
    pub on: Date,
    /// The number was another document's, and this one waited for a person.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub held: bool,
}

/// A place in the log of one life of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct ReadTo {
    /// The life.
    pub epoch: u32,
    /// The entry; 0 where nothing is certain.
    pub seq: u64,
}

/// What is done. The names are the wire's and never change; fields are only added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
#[allow(missing_docs, reason = "each variant is explained where it is decided")]
pub enum Act {
    #[serde(rename = "agency.found")]
    Found(AgencyFounded),
    #[serde(rename = "agency.set")]
    SetAgency { agency: Agency },
    /// Makes a group of recipients, changes it, or takes it away when nobody is in it.
    #[serde(rename = "agency.group")]
    SetGroup { group: RecipientGroup },
    #[serde(rename = "unit.set")]
    SetUnit { unit: Unit },
    #[serde(rename = "officer.set")]
    SetOfficer { officer: Officer },
    #[serde(rename = "calendar.set")]
    SetYear { decided: DecidedYear },
    #[serde(rename = "book.open")]
    OpenBook {
        book: BookId,
        name: String,
        direction: Direction,
        kinds: Vec<String>,
        opening: Option<Opening>,
    },
    #[serde(rename = "book.set")]
    SetBook { book: BookId, name: String, kinds: Vec<String>, open: bool },
    #[serde(rename = "lease.take")]
    TakeLease { book: BookId },
    #[serde(rename = "lease.release")]
    ReleaseLease { book: BookId, epoch: u32 },
    #[serde(rename = "lease.hand_over")]
    HandOverLease { book: BookId, epoch: u32, to: DeviceId },
    #[serde(rename = "lease.confirm")]
    ConfirmLast { book: BookId, year: i16, last_number: u32 },
    #[serde(rename = "lease.force")]
    ForceLease(LeaseForced),
    #[serde(rename = "book.freeze")]
    FreezeBook { book: BookId },
    /// Server only: what a PC has seen in a life of the server that was lost.
    #[serde(rename = "restore.witness")]
    Witness(Witnessed),
    #[serde(rename = "held.resolve")]
    ResolveHeld {
        document: DocumentId,
        outgoing: bool,
        /// The command that gave the stamped number: a document may carry several.
        given_by: CommandId,
        verdict: HeldVerdict,
        reason: String,
    },
    #[serde(rename = "device.enrol")]
    EnrolDevice { device: DeviceId, name: String, officer: OfficerId, public: PublicKey },
    #[serde(rename = "device.revoke")]
    RevokeDevice { device: DeviceId, reason: String },
    #[serde(rename = "device.retire")]
    RetireDevice { device: DeviceId, reason: String },
    #[serde(rename = "book.paper_range")]
    PaperRange { book: BookId, year: i16, to: u32, last_date: Date, reason: String },
    #[serde(rename = "book.void_number")]
    VoidNumber { book: BookId, year: i16, number: u32, reason: String },
    #[serde(rename = "incoming.register")]
    RegisterIncoming(IncomingRegistered),
    #[serde(rename = "document.number")]
    GiveNumber { document: DocumentId, outgoing: bool },
    #[serde(rename = "incoming.edit")]
    EditIncoming { document: DocumentId, field: IncomingField, old: String, new: String },
    #[serde(rename = "document.attach")]
    Attach { document: DocumentId, outgoing: bool, files: Vec<Attachment> },
    #[serde(rename = "document.detach")]
    Detach { document: DocumentId, outgoing: bool, blob: BlobId, reason: String },
    #[serde(rename = "document.void")]
    Void { document: DocumentId, outgoing: bool, reason: String },
    #[serde(rename = "document.seen")]
    Seen { document: DocumentId, outgoing: bool },
    #[serde(rename = "incoming.submit")]
    SubmitIncoming { document: DocumentId, to: OfficerId, proposal: String },
    #[serde(rename = "incoming.direct")]
    Direct(DirectiveGiven),
    #[serde(rename = "incoming.undo_directive")]
    UndoDirective { document: DocumentId, directive: DirectiveId },
    #[serde(rename = "incoming.recall_directive")]
    RecallDirective { document: DocumentId, directive: DirectiveId, reason: String },
    #[serde(rename = "incoming.close")]
    CloseIncoming { document: DocumentId, reason: String },
    #[serde(rename = "incoming.reopen")]
    ReopenIncoming { document: DocumentId, reason: String },
    #[serde(rename = "outgoing.draft")]
    Draft {
        document: DocumentId,
        fields: OutgoingFields,
        attachments: Vec<Attachment>,
        answers: Option<DocumentId>,
        task: Option<TaskId>,
        /// The document that went out with a mistake and that this one takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<DocumentId>,
    },
    #[serde(rename = "outgoing.edit")]
    EditOutgoing { document: DocumentId, field: OutgoingField, old: String, new: String },
    #[serde(rename = "outgoing.submit")]
    SubmitDraft { document: DocumentId, to: OfficerId },
    #[serde(rename = "outgoing.undo_submit")]
    UndoSubmitDraft { document: DocumentId },
    #[serde(rename = "outgoing.approve")]
    ApproveDraft { document: DocumentId, remarks: String },
    #[serde(rename = "outgoing.return")]
    ReturnDraft { document: DocumentId, remarks: String },
    #[serde(rename = "outgoing.register")]
    RegisterOutgoing {
        document: DocumentId,
        book: BookId,
        on: Date,
        symbol: String,
        slip: Option<String>,
        /// The clerk states that the competent person has signed the paper (Đ15.3, Đ32.2).
        #[serde(default)]
        signed_on_paper: bool,
    },
    #[serde(rename = "outgoing.send")]
    Send(Sending),
    #[serde(rename = "parcel.issue")]
    Issue(Issued),
    #[serde(rename = "parcel.chase")]
    Chase { parcels: Vec<ParcelId>, note: String },
    #[serde(rename = "parcel.recall")]
    Recall {
        document: DocumentId,
        parcels: Vec<ParcelId>,
        reason: String,
        replaced_by: Option<DocumentId>,
    },
    #[serde(rename = "arrival.refuse")]
    RefuseArrival { arrival: ParcelId, reason: String, misaddressed: bool },
    #[serde(rename = "arrival.answer_recall")]
    AnswerRecall { arrival: ParcelId, agree: bool, reason: String },
    /// Server only, as the three below: what other logs tell this one.
    #[serde(rename = "arrival.come")]
    Come(Box<Delivery>),
    #[serde(rename = "arrival.chased")]
    Chased(Chased),
    #[serde(rename = "arrival.recall_asked")]
    RecallAsked(RecallAsked),
    #[serde(rename = "parcel.receipt")]
    Receive(Receipt),
    #[serde(rename = "task.create")]
    CreateTask { set: TaskSet, information: Vec<Party> },
    #[serde(rename = "task.seen")]
    SeenTask { task: TaskId },
    #[serde(rename = "task.progress")]
    Progress { task: TaskId, percent: u8, note: String },
    #[serde(rename = "task.report")]
    Report { task: TaskId, text: String, files: Vec<Attachment>, product: Option<DocumentId> },
    #[serde(rename = "task.undo_report")]
    UndoReport { task: TaskId },
    #[serde(rename = "task.ask_extension")]
    AskExtension { task: TaskId, until: Date, reason: String },
    #[serde(rename = "task.decide_extension")]
    DecideExtension { task: TaskId, grant: bool, remarks: String },
    #[serde(rename = "task.accept")]
    AcceptResult { task: TaskId, remarks: String },
    #[serde(rename = "task.return")]
    ReturnResult { task: TaskId, remarks: String },
    #[serde(rename = "task.transfer")]
    Transfer { task: TaskId, to: Party, note: String },
    #[serde(rename = "task.remind")]
    Remind { task: TaskId, note: String },
    #[serde(rename = "task.withdraw")]
    WithdrawTask { task: TaskId, reason: String },
}

impl Act {
    /// Whether it states what has happened already, on paper or in the office: such a command is
    /// never refused for ever when its officer may state it (SYNC 2.2, I13).
    pub fn is_fact(&self) -> bool {
        match self {
            Act::PaperRange { .. }
            | Act::VoidNumber { .. }
            | Act::RegisterIncoming(_)
            | Act::GiveNumber { .. }
            | Act::Attach { .. }
            | Act::Seen { .. }
            | Act::RegisterOutgoing { .. }
            | Act::Send(_)
            | Act::SeenTask { .. }
            | Act::Progress { .. }
            | Act::Report { .. } => true,
            Act::Found(_)
            | Act::SetAgency { .. }
            | Act::SetGroup { .. }
            | Act::SetUnit { .. }
            | Act::SetOfficer { .. }
            | Act::SetYear { .. }
            | Act::OpenBook { .. }
            | Act::SetBook { .. }
            | Act::TakeLease { .. }
            | Act::ReleaseLease { .. }
            | Act::HandOverLease { .. }
            | Act::ConfirmLast { .. }
            | Act::ForceLease(_)
            | Act::FreezeBook { .. }
            | Act::Witness(_)
            | Act::ResolveHeld { .. }
            | Act::EnrolDevice { .. }
            | Act::RevokeDevice { .. }
            | Act::RetireDevice { .. }
            | Act::EditIncoming { .. }
            | Act::Detach { .. }
            | Act::Void { .. }
            | Act::SubmitIncoming { .. }
            | Act::Direct(_)
            | Act::UndoDirective { .. }
            | Act::RecallDirective { .. }
            | Act::CloseIncoming { .. }
            | Act::ReopenIncoming { .. }
            | Act::Draft { .. }
            | Act::EditOutgoing { .. }
            | Act::SubmitDraft { .. }
            | Act::UndoSubmitDraft { .. }
            | Act::ApproveDraft { .. }
            | Act::ReturnDraft { .. }
            | Act::CreateTask { .. }
            | Act::UndoReport { .. }
            | Act::AskExtension { .. }
            | Act::DecideExtension { .. }
            | Act::AcceptResult { .. }
            | Act::ReturnResult { .. }
            | Act::Transfer { .. }
            | Act::Remind { .. }
            | Act::WithdrawTask { .. }
            | Act::Issue(_)
            | Act::Chase { .. }
            | Act::Recall { .. }
            | Act::RefuseArrival { .. }
            | Act::AnswerRecall { .. }
            | Act::Come(_)
            | Act::Chased(_)
            | Act::RecallAsked(_)
            | Act::Receive(_) => false,
        }
    }

    /// Whether the server says it of its own, because another agency's log says so.
    pub fn is_post(&self) -> bool {
        matches!(self, Act::Come(_) | Act::Chased(_) | Act::RecallAsked(_) | Act::Receive(_))
    }

    /// Whether it takes hold only once the log has accepted it: two PCs without a line must not
    /// both believe that they give the numbers of a book (SYNC I8).
    pub fn waits_for_log(&self) -> bool {
        matches!(self, Act::TakeLease { .. } | Act::ForceLease(_) | Act::FreezeBook { .. })
    }
}
