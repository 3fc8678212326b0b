//! The desk answers the contract: one line a command.
use contract::{
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

use crate::acts::Reply;
use crate::desk::Desk;

impl contract::Desk for Desk {
    fn session(&self, _: Nothing) -> Result<Session, Failure> {
        self.session_now()
    }
    fn unlock(&self, form: Unlock) -> Result<Session, Failure> {
        self.unlock_for(form)
    }
    fn lock(&self, _: Nothing) -> Result<Session, Failure> {
        self.stand_up();
        self.session_now()
    }
    fn set_pin(&self, form: PinChange) -> Result<Done, Failure> {
        self.change_pin(form)
    }
    fn renew_recovery(&self, _: Nothing) -> Result<Session, Failure> {
        self.make_new_recovery()
    }
    fn recovery_written(&self, form: RecoveryWritten) -> Result<Session, Failure> {
        self.recovery_is_on_paper(&form)
    }
    fn status(&self, _: Nothing) -> Result<StatusLine, Failure> {
        self.status_now()
    }
    fn defaults(&self, _: Nothing) -> Result<DefaultsShown, Failure> {
        Ok(self.first_run_defaults())
    }
    fn places(&self, asked: PlaceAsked) -> Result<PlaceFound, Failure> {
        Ok(self.places_like(&asked))
    }
    fn found(&self, setup: Setup) -> Result<Session, Failure> {
        self.found_agency(setup)
    }
    fn bench(&self, _: Nothing) -> Result<Bench, Failure> {
        self.bench_now()
    }
    fn documents(&self, asked: WindowAsked) -> Result<DocumentWindow, Failure> {
        self.document_window(asked)
    }
    fn count_documents(&self, asked: CountsAsked) -> Result<Counts, Failure> {
        self.counts_of_states(asked)
    }
    fn document(&self, asked: DocumentAsked) -> Result<DocumentOpened, Failure> {
        self.open_document(asked)
    }
    fn document_history(&self, asked: OneId) -> Result<History, Failure> {
        self.history_of_document(&asked)
    }
    fn search(&self, asked: SearchAsked) -> Result<Found, Failure> {
        self.search_now(asked)
    }
    fn next_number(&self, asked: NextAsked) -> Result<Next, Failure> {
        self.number_to_come(asked)
    }
    fn twins(&self, asked: TwinsAsked) -> Result<Twins, Failure> {
        self.twins_of(asked)
    }
    fn register_incoming(&self, form: IncomingForm) -> Result<Done, Failure> {
        self.register_document(form)
    }
    fn edit_incoming(&self, form: FieldEdit) -> Result<Done, Failure> {
        self.edit_document(form)
    }
    fn submit_incoming(&self, form: SubmitForm) -> Result<Done, Failure> {
        self.submit_document(form)
    }
    fn suggestions(&self, asked: OneId) -> Result<Suggestions, Failure> {
        self.suggest(&asked)
    }
    fn direct(&self, form: Directed) -> Result<Done, Failure> {
        self.give_directive(form)
    }
    fn undo_directive(&self, asked: OneId) -> Result<Done, Failure> {
        self.take_directive_back(&asked.id)
    }
    fn recall_directive(&self, form: Reasoned) -> Result<Done, Failure> {
        self.call_directive_back(form)
    }
    fn close_incoming(&self, form: Reasoned) -> Result<Done, Failure> {
        self.close_document(form)
    }
    fn reopen_incoming(&self, form: Reasoned) -> Result<Done, Failure> {
        self.reopen_document(form)
    }
    fn give_number(&self, form: OneId) -> Result<Done, Failure> {
        self.number_waiting(form)
    }
    fn attach(&self, form: AttachForm) -> Result<Done, Failure> {
        self.attach_files(form)
    }
    fn detach(&self, form: DetachForm) -> Result<Done, Failure> {
        self.detach_file(form)
    }
    fn void(&self, form: Reasoned) -> Result<Done, Failure> {
        self.void_document(form)
    }
    fn draft(&self, form: DraftForm) -> Result<Done, Failure> {
        self.save_outgoing(form)
    }
    fn submit_draft(&self, form: SubmitDraftForm) -> Result<Done, Failure> {
        self.submit_outgoing(form)
    }
    fn undo_submit(&self, form: OneId) -> Result<Done, Failure> {
        self.take_submission_back(form)
    }
    fn approve(&self, form: Remarks) -> Result<Done, Failure> {
        self.approve_outgoing(form)
    }
    fn return_draft(&self, form: Remarks) -> Result<Done, Failure> {
        self.return_outgoing(form)
    }
    fn replacement(&self, asked: OneId) -> Result<DraftForm, Failure> {
        self.replacement_form(&asked)
    }
    fn symbol(&self, asked: SymbolAsked) -> Result<SymbolProposed, Failure> {
        self.propose_symbol(asked)
    }
    fn register_outgoing(&self, form: RegisterOutgoingForm) -> Result<Done, Failure> {
        self.number_outgoing(form)
    }
    fn send(&self, form: SendForm) -> Result<Done, Failure> {
        self.send_outgoing(form)
    }
    fn agencies(&self, asked: AgenciesAsked) -> Result<AgenciesFound, Failure> {
        self.find_agencies(&asked)
    }
    fn set_group(&self, form: GroupForm) -> Result<Done, Failure> {
        self.keep_group(&form)
    }
    fn meant(&self, asked: OneId) -> Result<Meant, Failure> {
        self.meant_by(&asked)
    }
    fn issue(&self, form: IssueForm) -> Result<Done, Failure> {
        self.issue_document(form)
    }
    fn parcels(&self, asked: OneId) -> Result<Parcels, Failure> {
        self.parcels_now(asked)
    }
    fn chase(&self, form: ChaseForm) -> Result<Done, Failure> {
        self.chase_parcels(form)
    }
    fn recall(&self, form: RecallForm) -> Result<Done, Failure> {
        self.recall_document(form)
    }
    fn evidence(&self, asked: OneId) -> Result<EvidenceWritten, Failure> {
        self.write_evidence(&asked)
    }
    fn refuse_arrival(&self, form: RefuseArrivalForm) -> Result<Done, Failure> {
        self.send_back(form)
    }
    fn answer_recall(&self, form: AnswerRecallForm) -> Result<Done, Failure> {
        self.answer_to_recall(form)
    }
    fn tasks(&self, filter: TaskFilter) -> Result<TaskWindow, Failure> {
        self.task_list(&filter)
    }
    fn count_tasks(&self, _: Nothing) -> Result<TaskCounts, Failure> {
        self.task_counts()
    }
    fn task(&self, asked: DocumentAsked) -> Result<TaskOpened, Failure> {
        self.open_task(&asked)
    }
    fn task_history(&self, asked: OneId) -> Result<History, Failure> {
        self.history_of_task(&asked)
    }
    fn create_task(&self, form: TaskForm) -> Result<Done, Failure> {
        self.assign_task(form)
    }
    fn progress(&self, form: ProgressForm) -> Result<Done, Failure> {
        self.report_progress(form)
    }
    fn report(&self, form: ReportForm) -> Result<Done, Failure> {
        self.hand_in(form)
    }
    fn undo_report(&self, form: OneId) -> Result<Done, Failure> {
        self.take_report_back(form)
    }
    fn ask_extension(&self, form: ExtensionAsking) -> Result<Done, Failure> {
        self.ask_for_time(form)
    }
    fn grant_extension(&self, form: Remarks) -> Result<Done, Failure> {
        self.reply_to_task(form, Reply::Grant)
    }
    fn refuse_extension(&self, form: Remarks) -> Result<Done, Failure> {
        self.reply_to_task(form, Reply::Refuse)
    }
    fn accept(&self, form: Remarks) -> Result<Done, Failure> {
        self.reply_to_task(form, Reply::Accept)
    }
    fn return_result(&self, form: Remarks) -> Result<Done, Failure> {
        self.reply_to_task(form, Reply::Return)
    }
    fn transfer(&self, form: TransferForm) -> Result<Done, Failure> {
        self.pass_on(form)
    }
    fn remind(&self, form: Remarks) -> Result<Done, Failure> {
        self.reply_to_task(form, Reply::Remind)
    }
    fn withdraw(&self, form: Reasoned) -> Result<Done, Failure> {
        self.withdraw_task(form)
    }
    fn undo(&self, form: Undo) -> Result<Done, Failure> {
        self.take_back(form)
    }
    fn deadline(&self, asked: TypedDate) -> Result<DateRead, Failure> {
        self.read_date(&asked)
    }
    fn books(&self, _: Nothing) -> Result<BookList, Failure> {
        self.book_list()
    }
    fn book_page(&self, asked: BookPageAsked) -> Result<BookPage, Failure> {
        self.page_of_book(&asked)
    }
    fn print_book(&self, asked: YearOfBook) -> Result<BookPrinted, Failure> {
        self.print_year(&asked)
    }
    fn set_book(&self, form: BookForm) -> Result<Done, Failure> {
        self.keep_book(form)
    }
    fn paper_range(&self, form: PaperRange) -> Result<Done, Failure> {
        self.state_paper_range(form)
    }
    fn void_number(&self, form: NumberVoid) -> Result<Done, Failure> {
        self.void_paper_number(form)
    }
    fn tray(&self, _: Nothing) -> Result<Tray, Failure> {
        self.tray_now()
    }
    fn drop_files(&self, form: DropFiles) -> Result<FilesAdded, Failure> {
        self.take_files(&form)
    }
    fn upload(&self, form: UploadFile) -> Result<FilesAdded, Failure> {
        self.take_upload(&form)
    }
    fn dismiss_card(&self, form: Reasoned) -> Result<Done, Failure> {
        self.dismiss(form)
    }
    fn directory(&self, asked: DirectoryAsked) -> Result<DirectoryShown, Failure> {
        self.directory_now(&asked)
    }
    fn directory_entry(&self, asked: OneId) -> Result<DirectoryEntry, Failure> {
        self.directory_entry_of(&asked)
    }
    fn rebase_entry(&self, form: EntryForm) -> Result<EntryForm, Failure> {
        self.rebase_entry_now(&form)
    }
    fn state_entry(&self, form: EntryForm) -> Result<Done, Failure> {
        self.state_in_directory(&form)
    }
    fn let_statement_go(&self, asked: OneId) -> Result<Done, Failure> {
        self.let_go_of_statement(&asked)
    }
    fn catalogue(&self, _: Nothing) -> Result<Catalogue, Failure> {
        self.catalogue_now()
    }
    fn set_agency(&self, form: AgencyForm) -> Result<Done, Failure> {
        self.change_agency(form)
    }
    fn set_kinds(&self, form: KindsForm) -> Result<Done, Failure> {
        self.change_kinds(form)
    }
    fn set_unit(&self, form: UnitForm) -> Result<Done, Failure> {
        self.change_unit(form)
    }
    fn set_officer(&self, form: OfficerForm) -> Result<Done, Failure> {
        self.change_officer(form)
    }
    fn calendar(&self, asked: YearAsked) -> Result<CalendarYear, Failure> {
        self.year_of_calendar(asked.year)
    }
    fn set_calendar(&self, form: CalendarForm) -> Result<Done, Failure> {
        self.change_calendar(form)
    }
    fn set_scan_folder(&self, form: ScanFolder) -> Result<Done, Failure> {
        self.choose_scan_folder(&form)
    }
    fn scan_folder(&self, _: Nothing) -> Result<ScanFolderState, Failure> {
        self.scan_folder_now()
    }
    fn backup(&self, _: Nothing) -> Result<BackupState, Failure> {
        self.backup_now_state()
    }
    fn set_backup(&self, form: BackupChosen) -> Result<Done, Failure> {
        self.choose_backup(&form)
    }
    fn copy_now(&self, _: Nothing) -> Result<BackupState, Failure> {
        self.copy_at_once()
    }
    fn verify(&self, _: Nothing) -> Result<Verified, Failure> {
        self.check_register()
    }
    fn save_draft(&self, form: DraftSaved) -> Result<Nothing, Failure> {
        self.keep_typing(form)
    }
    fn drafts(&self, _: Nothing) -> Result<Drafts, Failure> {
        self.typing()
    }
    fn save_place(&self, form: WindowPlace) -> Result<Nothing, Failure> {
        self.keep_place(&form)
    }
    fn place(&self, _: Nothing) -> Result<WindowPlace, Failure> {
        self.window_place()
    }
    fn save_phrases(&self, form: Phrases) -> Result<Nothing, Failure> {
        let at = self.at_desk()?;
        self.keep_phrases(&at, &form.phrases)?;
        Ok(Nothing {})
    }
    fn line(&self, _: Nothing) -> Result<LineState, Failure> {
        self.line_now()
    }
    fn sending(&self, _: Nothing) -> Result<SendingList, Failure> {
        self.acts_on_their_way()
    }
    fn returned(&self, _: Nothing) -> Result<SendingList, Failure> {
        self.acts_that_came_back()
    }
    fn let_go(&self, form: OneId) -> Result<Done, Failure> {
        self.let_act_go(&form)
    }
    fn redo(&self, form: OneId) -> Result<Done, Failure> {
        self.redo_act(&form)
    }
    fn held(&self, _: Nothing) -> Result<HeldList, Failure> {
        self.clashing_numbers()
    }
    fn decide_held(&self, form: HeldDecided) -> Result<Done, Failure> {
        self.decide_about_clash(form)
    }
    fn program(&self, _: Nothing) -> Result<ProgramState, Failure> {
        Ok(self.program_now())
    }
    fn program_back(&self, form: ProgramBack) -> Result<Done, Failure> {
        self.go_back(form)
    }
    fn switch_line(&self, form: LineSwitch) -> Result<LineState, Failure> {
        self.turn_line(&form)
    }
    fn save_line(&self, form: LineSaver) -> Result<LineState, Failure> {
        self.turn_saver(&form)
    }
    fn meet(&self, _: Nothing) -> Result<LineState, Failure> {
        self.meet_now()
    }
    fn adopt(&self, form: AdoptForm) -> Result<LineState, Failure> {
        self.bring_to_server(&form)
    }
    fn enrol(&self, form: EnrolForm) -> Result<Session, Failure> {
        self.join_agency(form)
    }
    fn enrol_again(&self, form: EnrolForm) -> Result<Session, Failure> {
        self.join_again(&form)
    }
    fn make_code(&self, form: CodeForm) -> Result<CodeShown, Failure> {
        self.code_for(&form)
    }
    fn pcs(&self, _: Nothing) -> Result<PcList, Failure> {
        self.pcs_of_agency()
    }
    fn revoke_pc(&self, form: Reasoned) -> Result<Done, Failure> {
        self.shut_pc_out(form)
    }
    fn retire_pc(&self, form: Reasoned) -> Result<Done, Failure> {
        self.declare_pc_destroyed(form)
    }
    fn take_book(&self, form: OneId) -> Result<Done, Failure> {
        self.ask_for_book(&form)
    }
    fn release_book(&self, form: OneId) -> Result<Done, Failure> {
        self.give_book_back(&form)
    }
    fn hand_over_book(&self, form: HandOverForm) -> Result<Done, Failure> {
        self.hand_book_over(&form)
    }
    fn take_over_book(&self, form: TakeOverFile) -> Result<Done, Failure> {
        self.take_book_from_file(&form)
    }
    fn force_book(&self, form: ForceForm) -> Result<Done, Failure> {
        self.take_book_by_force(form)
    }
    fn carry_mirror(&self, form: MirrorForm) -> Result<Done, Failure> {
        self.carry_from_mirror(&form)
    }
    fn confirm_last(&self, form: ConfirmLastForm) -> Result<Done, Failure> {
        self.confirm_last_number(&form)
    }
    fn vouch(&self, form: VouchForm) -> Result<Done, Failure> {
        self.vouch_for_numbers(form)
    }
}
