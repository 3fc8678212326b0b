//! The domain: documents, books and their numbers, tasks, people and rights, the working calendar.
//!
//! What is deliberately absent: clocks, randomness, files, SQL, threads and every word of the
//! screen. Time and ids come in with the command; what `decide` needs to know it asks for by name
//! ([`Ask`]) and the caller answers from wherever states are kept.
#![no_std]
extern crate alloc;

mod admit;
mod agency;
mod attachment;
mod audience;
mod book;
mod calendar;
mod command;
mod decide;
mod device;
mod directory;
mod held;
mod id;
mod incoming;
mod listed;
mod moment;
mod number;
mod outgoing;
mod paper;
mod parcel;
mod people;
mod picture;
mod post;
mod refusal;
mod rights;
mod task;
mod trail;

pub use admit::{Admitted, Outcome, Recorded, Signer, admit, foresee, foresee_again, readmit};
pub use agency::{Agency, DeadlineEnd, GROUPS_MAX, Hours, Kind, KindShape, RecipientGroup};
pub use attachment::{ATTACHMENTS_MAX, Attachment, BlobId};
pub use audience::{Scope, audience, scopes_of};
pub use book::{
    Book, Confirmed, Direction, FORCE_STRIDE, Holder, Lease, LeaseClaim, Opening, PLACEHOLDERS_MAX,
    Placeholders, Stray, YearCount,
};
pub use calendar::{
    Calendar, DayKind, DecidedDay, DecidedYear, Due, WORKING_DAYS_MAX, computed_days,
};
pub use command::{
    Act, AgencyFounded, COMMAND_BYTES_MAX, Command, DirectiveGiven, IncomingRegistered, Issued,
    LeaseForced, NumberSeen, ReadTo, Sending, TaskSet, Witnessed,
};
pub use decide::{decide, numbers_seen};
pub use device::Device;
pub use directory::{
    Entries, LISTED_CODE_MAX, LISTED_NAME_MAX, ListedField, Statement, Unlisted, codes_with,
    entry_of, listed_by, must_know_heirs,
};
pub use held::{HeldNumber, HeldVerdict, number_on_paper};
pub use id::{
    AgencyId, BookId, CommandId, DeviceId, DirectiveId, DocumentId, Id, NotAnId, OfficerId,
    ParcelId, PublicKey, StatementId, TaskId, UnitId,
};
pub use incoming::{Directive, Incoming, IncomingField, IncomingFields, Urgency, Void, Withheld};
pub use listed::{CODES_MAX, HEIRS_MAX, Listed};
pub use moment::{Moment, OFFICE_OFFSET_MS};
pub use number::{reference, render_number, symbol_for};
pub use outgoing::{
    Dispatch, Given, Outgoing, OutgoingField, OutgoingFields, Recipient, Remark, Stage,
};
pub use parcel::{
    ADDRESSEES_MAX, Address, Addressee, Answered, Arrival, CHASES_MAX, Chase, Letter, PARCELS_MAX,
    Parcel, ParcelStanding, Recall, RecallAnswer, Said, SentBack, TakenIn, Undeliverable,
};
pub use people::{Officer, Role, Unit};
pub use picture::{Answer, Ask, Change, Key, No, NumberUse, Picture, State};
pub use post::{
    Chased, Delivery, Entering, Matter, Post, RecallAsked, Receipt, Told, entering, posts,
};
pub use refusal::{Refusal, Where};
pub use rights::{Right, has};
pub use task::{Extension, Party, Progress, Report, Standing, Task, Verdict, Weight};
pub use trail::{Altered, Deed, TrailLine};
