//! The one table of commands. From it come the trait, the dispatcher, the schemas and TypeScript.
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    AdoptForm, AgenciesAsked, AgenciesFound, AgencyForm, AnswerRecallForm, AttachForm,
    BackupChosen, BackupState, Bench, BookForm, BookList, BookPage, BookPageAsked, BookPrinted,
    CalendarForm, CalendarYear, Catalogue, ChaseForm, CodeForm, CodeShown, ConfirmLastForm, Counts,
    CountsAsked, DateRead, DefaultsShown, DetachForm, Directed, DirectoryAsked, DirectoryEntry,
    DirectoryShown, DocumentAsked, DocumentOpened, DocumentWindow, Done, DraftForm, DraftSaved,
    Drafts, DropFiles, EnrolForm, EntryForm, EvidenceWritten, ExtensionAsking, Failure, FieldEdit,
    FilesAdded, ForceForm, Found, GroupForm, HandOverForm, HeldDecided, HeldList, History,
    IncomingForm, IssueForm, KindsForm, LineSaver, LineState, LineSwitch, Meant, MirrorForm, Next,
    NextAsked, Nothing, NumberVoid, OfficerForm, OneId, PaperRange, Parcels, PcList, Phrases,
    PinChange, PlaceAsked, PlaceFound, ProgramBack, ProgramState, ProgressForm, Reasoned,
    RecallForm, RecoveryWritten, RefuseArrivalForm, RegisterOutgoingForm, Remarks, ReportForm,
    ScanFolder, ScanFolderState, SearchAsked, SendForm, SendingList, Session, Setup, StatusLine,
    SubmitDraftForm, SubmitForm, Suggestions, SymbolAsked, SymbolProposed, TakeOverFile,
    TaskCounts, TaskFilter, TaskForm, TaskOpened, TaskWindow, TransferForm, Tray, Twins,
    TwinsAsked, TypedDate, Undo, UnitForm, Unlock, UploadFile, Verified, VouchForm, WindowAsked,
    WindowPlace, YearAsked, YearOfBook,
};

/// Bytes one question may have: a scanned file of 64 MiB in base64 and its frame.
pub const QUESTION_BYTES_MAX: usize = 90 << 20;

/// One command as others see it: name, what it is for, schemas of what goes in and comes out.
#[derive(Debug, Clone)]
pub struct CommandShape {
    /// `incoming.register`.
    pub name: &'static str,
    /// One sentence.
    pub purpose: &'static str,
    /// JSON schema of the arguments.
    pub arguments: fn() -> Value,
    /// JSON schema of the answer.
    pub answer: fn() -> Value,
    typescript: fn(&mut String),
}

fn schema<T: schemars::JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

fn reply<Q: DeserializeOwned, A: Serialize>(
    json: &str,
    ask: impl FnOnce(Q) -> Result<A, Failure>,
) -> Result<String, Failure> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    let question = serde_json::from_str(json).map_err(|error| malformed(&error.to_string()))?;
    let answer = ask(question)?;
    serde_json::to_string(&answer).map_err(|error| malformed(&error.to_string()))
}

fn malformed(detail: &str) -> Failure {
    Failure {
        code: String::from("malformed"),
        what: format!("Câu hỏi gửi tới chương trình không đúng dạng: {detail}."),
        safe: String::from("Chưa có gì thay đổi trong sổ."),
        todo: String::from("Mở lại màn hình này rồi làm lại."),
        field: None,
    }
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $method:ident $name:literal ($question:ty) -> $answer:ty;)*) => {
        /// The use cases of one PC, as the page and the command line know them.
        pub trait Desk: Send + Sync {
            $(
                $(#[doc = $doc])*
                #[allow(clippy::missing_errors_doc, reason = "every refusal says itself")]
                fn $method(&self, question: $question) -> Result<$answer, Failure>;
            )*
        }

        /// Every command of the contract, in the order of the table.
        pub const COMMANDS: &[CommandShape] = &[$(
            CommandShape {
                name: $name,
                purpose: concat!($($doc),*),
                arguments: schema::<$question>,
                answer: schema::<$answer>,
                typescript: |out| {
                    out.push_str(&format!(
                        "  /**{} */\n  {:?}: {{ args: {}; answer: {} }};\n",
                        concat!($($doc),*),
                        $name,
                        <$question as ts_rs::TS>::name(&ts_rs::Config::default()),
                        <$answer as ts_rs::TS>::name(&ts_rs::Config::default()),
                    ));
                },
            },
        )*];

        /// Answers one command: JSON in, JSON out.
        ///
        /// # Errors
        /// The failure of the desk, or `malformed` for a name or arguments that are not there.
        pub fn answer(desk: &dyn Desk, name: &str, json: &str) -> Result<String, Failure> {
            if json.len() > QUESTION_BYTES_MAX {
                return Err(malformed("quá lớn"));
            }
            match name {
                $($name => reply(json, |question: $question| desk.$method(question)),)*
                _ => Err(malformed(&format!("không có lệnh {name:.60}"))),
            }
        }

        /// Writes every type of the contract into one folder of TypeScript.
        #[cfg(test)]
        fn export_all(config: &ts_rs::Config) -> Result<(), ts_rs::ExportError> {
            use ts_rs::TS;
            $(
                <$question as TS>::export_all(config)?;
                <$answer as TS>::export_all(config)?;
            )*
            <Failure as TS>::export_all(config)
        }
    };
}

/// The interface of all commands as TypeScript, one line each.
pub fn typescript() -> String {
    let mut out = String::from("export interface Commands {\n");
    for command in COMMANDS {
        (command.typescript)(&mut out);
    }
    out.push_str("}\n");
    out
}

commands! {
    /// Tells where the program stands and who is at the desk.
    session "session" (Nothing) -> Session;
    /// Unlocks for an officer by PIN; also switches officers.
    unlock "session.unlock" (Unlock) -> Session;
    /// Locks; what is being typed stays.
    lock "session.lock" (Nothing) -> Session;
    /// Sets a PIN on this PC.
    set_pin "session.set_pin" (PinChange) -> Done;
    /// Makes a new recovery code; the one on paper opens no copy made from now on.
    renew_recovery "recovery.renew" (Nothing) -> Session;
    /// Says that the recovery code is on paper: it is not shown again.
    recovery_written "recovery.written" (RecoveryWritten) -> Session;
    /// What the foot of the window says.
    status "status" (Nothing) -> StatusLine;
    /// What the wizard of the first run starts from.
    defaults "setup.defaults" (Nothing) -> DefaultsShown;
    /// Looks up communes by name.
    places "setup.places" (PlaceAsked) -> PlaceFound;
    /// Founds the agency with everything the wizard asked, and unlocks for its administrator.
    found "setup.found" (Setup) -> Session;

    /// What waits for this officer today.
    bench "bench" (Nothing) -> Bench;
    /// Rows of a list by exact index, newest first.
    documents "documents" (WindowAsked) -> DocumentWindow;
    /// How many documents each state of a list has.
    count_documents "documents.counts" (CountsAsked) -> Counts;
    /// One document, whole.
    document "document" (DocumentAsked) -> DocumentOpened;
    /// History of a document.
    document_history "document.history" (OneId) -> History;
    /// Search as it is typed.
    search "search" (SearchAsked) -> Found;

    /// The next number of a book and who may give it.
    next_number "book.next" (NextAsked) -> Next;
    /// Documents like the one being typed.
    twins "incoming.twins" (TwinsAsked) -> Twins;
    /// Registers an incoming document.
    register_incoming "incoming.register" (IncomingForm) -> Done;
    /// Corrects one field of an incoming document.
    edit_incoming "incoming.edit" (FieldEdit) -> Done;
    /// Submits an incoming document to a leader.
    submit_incoming "incoming.submit" (SubmitForm) -> Done;
    /// What the assignment box offers for a document.
    suggestions "incoming.suggestions" (OneId) -> Suggestions;
    /// Gives a directive on one or several documents.
    direct "incoming.direct" (Directed) -> Done;
    /// Undoes a directive nobody has seen.
    undo_directive "incoming.undo_directive" (OneId) -> Done;
    /// Recalls a directive that was seen.
    recall_directive "incoming.recall_directive" (Reasoned) -> Done;
    /// Closes a document that needs nothing more.
    close_incoming "incoming.close" (Reasoned) -> Done;
    /// Takes the closing back.
    reopen_incoming "incoming.reopen" (Reasoned) -> Done;
    /// Gives the number of a document that waits for one.
    give_number "document.number" (OneId) -> Done;
    /// Adds stored files to a document.
    attach "document.attach" (AttachForm) -> Done;
    /// Takes a file off a document.
    detach "document.detach" (DetachForm) -> Done;
    /// Voids a number, or gives a draft up.
    void "document.void" (Reasoned) -> Done;

    /// Makes a draft, or changes it.
    draft "outgoing.draft" (DraftForm) -> Done;
    /// Submits a draft to a leader.
    submit_draft "outgoing.submit" (SubmitDraftForm) -> Done;
    /// Takes a submission back.
    undo_submit "outgoing.undo_submit" (OneId) -> Done;
    /// Approves a draft.
    approve "outgoing.approve" (Remarks) -> Done;
    /// Returns a draft with remarks.
    return_draft "outgoing.return" (Remarks) -> Done;
    /// The symbol and number a document would get.
    symbol "outgoing.symbol" (SymbolAsked) -> SymbolProposed;
    /// The form of a document that takes the place of one that went out.
    replacement "outgoing.replacement" (OneId) -> DraftForm;
    /// Numbers and registers an outgoing document.
    register_outgoing "outgoing.register" (RegisterOutgoingForm) -> Done;
    /// Marks an outgoing document as sent.
    send "outgoing.send" (SendForm) -> Done;

    /// Agencies one can write to, as typed.
    agencies "agencies.find" (AgenciesAsked) -> AgenciesFound;
    /// Which agencies the recipients of a draft mean.
    set_group "agencies.group" (GroupForm) -> Done;
    /// Whom the recipients of a draft can only mean.
    meant "agencies.meant" (OneId) -> Meant;
    /// Sends a document to agencies.
    issue "parcels.issue" (IssueForm) -> Done;
    /// Everybody a document was sent to, and what became of it there.
    parcels "parcels" (OneId) -> Parcels;
    /// Reminds those that have said nothing.
    chase "parcels.chase" (ChaseForm) -> Done;
    /// Calls a document back.
    recall "parcels.recall" (RecallForm) -> Done;
    /// Writes a file that proves, on any PC and without a network, what became of a parcel.
    evidence "parcels.evidence" (OneId) -> EvidenceWritten;
    /// Sends back what came from another agency.
    refuse_arrival "arrivals.refuse" (RefuseArrivalForm) -> Done;
    /// Answers an agency that wants its document back.
    answer_recall "arrivals.answer_recall" (AnswerRecallForm) -> Done;

    /// Tasks, the most pressing first.
    tasks "tasks" (TaskFilter) -> TaskWindow;
    /// How many open tasks each view has.
    count_tasks "tasks.counts" (Nothing) -> TaskCounts;
    /// One task, whole; records that this officer has opened it.
    task "task" (DocumentAsked) -> TaskOpened;
    /// History of a task.
    task_history "task.history" (OneId) -> History;
    /// Assigns work without a document.
    create_task "task.create" (TaskForm) -> Done;
    /// Reports progress.
    progress "task.progress" (ProgressForm) -> Done;
    /// Hands in the result.
    report "task.report" (ReportForm) -> Done;
    /// Takes the result back before it was answered.
    undo_report "task.undo_report" (OneId) -> Done;
    /// Asks for more time.
    ask_extension "task.ask_extension" (ExtensionAsking) -> Done;
    /// Grants more time.
    grant_extension "task.grant_extension" (Remarks) -> Done;
    /// Refuses more time.
    refuse_extension "task.refuse_extension" (Remarks) -> Done;
    /// Accepts a result.
    accept "task.accept" (Remarks) -> Done;
    /// Returns a result with remarks.
    return_result "task.return" (Remarks) -> Done;
    /// Passes work on within the unit.
    transfer "task.transfer" (TransferForm) -> Done;
    /// Reminds the lead.
    remind "task.remind" (Remarks) -> Done;
    /// Takes work back that comes from no document.
    withdraw "task.withdraw" (Reasoned) -> Done;
    /// Takes the last act back by its token.
    undo "undo" (Undo) -> Done;
    /// Reads a deadline as typed: `3`, `t6`, `mai`, `25/11`, and counts it.
    deadline "deadline" (TypedDate) -> DateRead;

    /// The books.
    books "books" (Nothing) -> BookList;
    /// A page of a book, as it prints.
    book_page "book.page" (BookPageAsked) -> BookPage;
    /// Prints a book of a year to PDF.
    print_book "book.print" (YearOfBook) -> BookPrinted;
    /// Opens or changes a book; a new one is held by this PC.
    set_book "book.set" (BookForm) -> Done;
    /// States numbers used on paper.
    paper_range "book.paper_range" (PaperRange) -> Done;
    /// Voids a number used on paper.
    void_number "book.void_number" (NumberVoid) -> Done;

    /// The intake tray.
    tray "tray" (Nothing) -> Tray;
    /// Takes files by path: as cards, or for an open form.
    drop_files "files.drop" (DropFiles) -> FilesAdded;
    /// Takes one file from the page.
    upload "files.upload" (UploadFile) -> FilesAdded;
    /// Puts a card aside: it was not to be registered.
    dismiss_card "tray.dismiss" (Reasoned) -> Done;

    /// Agency, kinds, units, officers.
    catalogue "catalogue" (Nothing) -> Catalogue;
    /// Changes the agency.
    set_agency "admin.agency" (AgencyForm) -> Done;
    /// Changes the catalogue of kinds.
    set_kinds "admin.kinds" (KindsForm) -> Done;
    /// Makes or changes a unit.
    set_unit "admin.unit" (UnitForm) -> Done;
    /// Makes or changes an officer.
    set_officer "admin.officer" (OfficerForm) -> Done;
    /// The directory of agencies, searched as it is typed, with who keeps it.
    directory "directory" (DirectoryAsked) -> DirectoryShown;
    /// One entry of the directory, with what was stated of it.
    directory_entry "directory.entry" (OneId) -> DirectoryEntry;
    /// What was typed over an older entry, over the one that stands now.
    rebase_entry "directory.rebase" (EntryForm) -> EntryForm;
    /// States an entry of the directory; it is said to the server when there is a line.
    state_entry "directory.state" (EntryForm) -> Done;
    /// Lets a statement go that the server did not take.
    let_statement_go "directory.let_go" (OneId) -> Done;
    /// The days of a year.
    calendar "calendar" (YearAsked) -> CalendarYear;
    /// Sets the days of a year.
    set_calendar "admin.calendar" (CalendarForm) -> Done;
    /// Chooses the watched folder.
    set_scan_folder "admin.scan_folder" (ScanFolder) -> Done;
    /// The watched folder, and how it stands.
    scan_folder "scan_folder" (Nothing) -> ScanFolderState;
    /// How copies stand.
    backup "backup" (Nothing) -> BackupState;
    /// Chooses where copies go.
    set_backup "admin.backup" (BackupChosen) -> Done;
    /// Makes a copy now, and verifies it.
    copy_now "backup.now" (Nothing) -> BackupState;
    /// Checks every invariant of the register's file.
    verify "verify" (Nothing) -> Verified;

    /// How this PC stands to its server.
    line "line" (Nothing) -> LineState;
    /// Acts of this PC that wait for the server's answer.
    sending "line.sending" (Nothing) -> SendingList;
    /// Acts of this PC that were not taken.
    returned "line.returned" (Nothing) -> SendingList;
    /// Lets an act go that was not taken.
    let_go "line.let_go" (OneId) -> Done;
    /// Does an act again that was not taken.
    redo "line.redo" (OneId) -> Done;
    /// Documents whose stamped number clashes.
    held "held" (Nothing) -> HeldList;
    /// Decides about a stamped number that clashes.
    decide_held "held.decide" (HeldDecided) -> Done;
    /// The version of the program, the next one, and the one before.
    program "program" (Nothing) -> ProgramState;
    /// Goes back to the version before this one from the next start on, or stays after all.
    program_back "program.back" (ProgramBack) -> Done;
    /// Switches the line off or on, in a demo.
    switch_line "line.switch" (LineSwitch) -> LineState;
    /// Lets large files come only when they are opened, or all by themselves.
    save_line "line.save" (LineSaver) -> LineState;
    /// Meets the server now, and waits until all was said.
    meet "line.meet" (Nothing) -> LineState;
    /// Brings the agency of this PC to a server.
    adopt "line.adopt" (AdoptForm) -> LineState;
    /// Joins an agency with a code from paper, on a new PC.
    enrol "setup.enrol" (EnrolForm) -> Session;
    /// Joins again as a new PC, where another copy of this one was at the server before.
    enrol_again "line.enrol_again" (EnrolForm) -> Session;
    /// Makes a code for an officer who comes to a new PC.
    make_code "admin.code" (CodeForm) -> CodeShown;
    /// The PCs of the agency.
    pcs "pcs" (Nothing) -> PcList;
    /// Shuts a PC out that was lost or stolen.
    revoke_pc "admin.revoke_pc" (Reasoned) -> Done;
    /// Declares a PC destroyed.
    retire_pc "admin.retire_pc" (Reasoned) -> Done;
    /// Asks to give the numbers of a book on this PC.
    take_book "book.take" (OneId) -> Done;
    /// Gives a book back to the server.
    release_book "book.release" (OneId) -> Done;
    /// Hands a book over to another PC.
    hand_over_book "book.hand_over" (HandOverForm) -> Done;
    /// Takes a book over from a hand-over file.
    take_over_book "book.take_over" (TakeOverFile) -> Done;
    /// Takes a book over from a PC that is gone.
    force_book "book.force" (ForceForm) -> Done;
    /// Carries what a PC did that is gone, from its mirror.
    carry_mirror "line.carry_mirror" (MirrorForm) -> Done;
    /// A second person states the last number on paper.
    confirm_last "book.confirm_last" (ConfirmLastForm) -> Done;
    /// Lets this PC go on giving numbers that has not met its server for long.
    vouch "book.vouch" (VouchForm) -> Done;

    /// Keeps what is being typed.
    save_draft "typing.save" (DraftSaved) -> Nothing;
    /// What this officer was typing.
    drafts "typing" (Nothing) -> Drafts;
    /// Keeps where the window stood.
    save_place "window.save" (WindowPlace) -> Nothing;
    /// Where the window stood.
    place "window" (Nothing) -> WindowPlace;
    /// Own phrases for directives, to keep.
    save_phrases "phrases.save" (Phrases) -> Nothing;
}

#[cfg(test)]
mod tests {
    use super::{export_all, typescript};

    /// Renews `ui/src/host/generated` and fails when what is committed was not what the table says.
    #[test]
    fn the_page_has_the_types_of_today() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/host/generated");
        let scratch = tempfile::tempdir().unwrap();
        let config = ts_rs::Config::default().with_out_dir(scratch.path());
        export_all(&config).unwrap();
        let mut names: Vec<String> = std::fs::read_dir(scratch.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut all =
            String::from("// The contract in TypeScript; written by a test of `contract`.\n");
        for name in &names {
            let text = std::fs::read_to_string(scratch.path().join(name)).unwrap();
            for line in text.lines() {
                let skip = line.starts_with("import ") || line.starts_with("// This file");
                if !skip && !line.trim().is_empty() {
                    all.push_str(line);
                    all.push('\n');
                }
            }
        }
        all.push_str(&typescript());
        let path = format!("{folder}/contract.ts");
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        if known != all {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(&path, &all).unwrap();
            panic!("{path} was stale; it is written anew: commit it");
        }
    }
}
