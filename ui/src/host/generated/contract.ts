// The contract in TypeScript; written by a test of `contract`.
/**
 * What may be done now, by this officer, with this thing.
 */
export type Action = "direct" | "inform" | "submit" | "undo_directive" | "recall_directive" | "edit" | "attach" | "void" | "close" | "reopen" | "give_number" | "edit_draft" | "submit_draft" | "undo_submit" | "approve" | "return" | "register" | "send" | "progress" | "report" | "undo_report" | "ask_extension" | "decide_extension" | "accept" | "return_result" | "transfer" | "remind" | "withdraw" | "answer" | "issue" | "parcels" | "answer_recall" | "replace";
/**
 * One recipient as chosen.
 */
export type AddresseeForm = { 
/**
 * The agency.
 */
agency: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * What it is sent for.
 */
purpose: string, 
/**
 * Until when it is to answer; empty without.
 */
due: string, };
/**
 * Brings the agency of this PC to a server.
 */
export type AdoptForm = { 
/**
 * Where the server is: `https://vanthu.tinh.gov.vn`.
 */
address: string, 
/**
 * The operator's code.
 */
code: string, 
/**
 * The server's key as printed beside the code.
 */
server_key: string, 
/**
 * What the office calls this PC: `VT-01`.
 */
pc_name: string, };
/**
 * Looks for agencies.
 */
export type AgenciesAsked = { 
/**
 * As typed; marks may be left out.
 */
text: string, 
/**
 * The document that is to be sent, for who got the last one of its kind.
 */
document: string | null, };
/**
 * Agencies.
 */
export type AgenciesFound = { 
/**
 * The likeliest first.
 */
agencies: Array<AgencyFound>, 
/**
 * Groups whose name fits; all of them while nothing is typed.
 */
groups: Array<RecipientsTogether>, };
/**
 * The agency as typed.
 */
export type AgencyForm = { 
/**
 * Name.
 */
name: string, 
/**
 * Abbreviation in symbols.
 */
abbreviation: string, 
/**
 * Agency code.
 */
code: string, 
/**
 * Agency above.
 */
parent: string, 
/**
 * Place name before a date.
 */
place: string, 
/**
 * Hours: four times `07:00`.
 */
hours: [string, string, string, string], 
/**
 * `midnight` or `office_hours`.
 */
deadline_end: string, 
/**
 * Idle minutes before the lock.
 */
lock_minutes: number, };
/**
 * An agency one can write to.
 */
export type AgencyFound = { 
/**
 * The agency.
 */
agency: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * What stands above it.
 */
parent: string, 
/**
 * It takes documents over the exchange.
 */
on_exchange: boolean, 
/**
 * Its last day, where it has ended.
 */
ended: string | null, 
/**
 * A document can be sent to it now.
 */
takes: boolean, 
/**
 * Who took over its duties.
 */
heirs: Array<AgencyFound>, };
/**
 * Answers a recall.
 */
export type AnswerRecallForm = { 
/**
 * The parcel.
 */
id: string, 
/**
 * Give it back.
 */
agree: boolean, 
/**
 * Why not, or a remark.
 */
reason: string, };
/**
 * What came with a document from another agency.
 */
export type ArrivalShown = { 
/**
 * The parcel.
 */
id: string, 
/**
 * Who sent it.
 */
from: string, 
/**
 * Its code.
 */
code: string, 
/**
 * What it is sent for.
 */
purpose: string, 
/**
 * Until when an answer is asked for.
 */
due: string | null, 
/**
 * When it was issued.
 */
issued_at: number, 
/**
 * By whom there.
 */
issued_by: string, 
/**
 * When all of it was here.
 */
arrived_at: number, 
/**
 * Reminders.
 */
chased: number, 
/**
 * Words of the last one.
 */
chase_note: string, 
/**
 * The sender wants it back.
 */
recall: RecallShown | null, 
/**
 * What it takes the place of.
 */
replaces: Replacement | null, 
/**
 * What came in its place, or is to come, oldest first.
 */
replaced_by: Array<Replacement>, 
/**
 * The document it became here.
 */
document: string | null, 
/**
 * Its number here.
 */
number: string, };
/**
 * Work given by a directive.
 */
export type Assigning = { 
/**
 * Lead: `u:…` or `unit:…`.
 */
lead: string, 
/**
 * Co-operating.
 */
co: Array<string>, 
/**
 * Deadline: ISO date, or a number of working days as digits, or empty for none.
 */
deadline: string, 
/**
 * What is to be done; the subject when empty.
 */
content: string, };
/**
 * Adds stored files to a document.
 */
export type AttachForm = { 
/**
 * The document.
 */
id: string, 
/**
 * The files.
 */
files: Array<Attachment>, };
/**
 * A stored file.
 */
export type Attachment = { 
/**
 * SHA-256 in hexadecimal: the name under which its bytes are asked for.
 */
blob: string, 
/**
 * The name people see.
 */
name: string, 
/**
 * Kind of bytes.
 */
mime: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Pages, where it has pages.
 */
pages: number | null, };
/**
 * Where copies go.
 */
export type BackupChosen = { 
/**
 * Folder of the daily copies; empty is beside the register.
 */
copies: string, 
/**
 * Folder of the mirror, on another disk; empty stops it.
 */
mirror: string, };
/**
 * How copies stand.
 */
export type BackupState = { 
/**
 * Folder of the daily copies.
 */
copies: string, 
/**
 * When the last good copy was made and verified.
 */
copied_at: number | null, 
/**
 * What went wrong with the last one, in words.
 */
copy_trouble: string | null, 
/**
 * Folder of the mirror.
 */
mirror: string, 
/**
 * When the mirror last took a command.
 */
mirrored_at: number | null, 
/**
 * Commands that wait for the mirror.
 */
mirror_waiting: number, 
/**
 * What is wrong with the mirror, in words.
 */
mirror_trouble: string | null, };
/**
 * What waits for this officer.
 */
export type Bench = { 
/**
 * Today.
 */
today: string, 
/**
 * Sections in order; empty ones are left out.
 */
sections: Array<BenchSection>, 
/**
 * What the law wants today.
 */
law: Array<DayTask>, };
/**
 * One section.
 */
export type BenchSection = { 
/**
 * What it holds.
 */
kind: BenchSectionKind, 
/**
 * How many in all.
 */
total: number, 
/**
 * The first documents.
 */
documents: Array<DocumentRow>, 
/**
 * The first tasks.
 */
tasks: Array<TaskRow>, 
/**
 * Stands at the right: what was given to others.
 */
aside: boolean, };
/**
 * What a section holds.
 */
export type BenchSectionKind = "tray" | "to_submit" | "awaiting_directive" | "to_approve" | "to_number" | "to_send" | "drafts_returned" | "my_tasks" | "to_accept" | "extensions_asked" | "overdue" | "due_this_week" | "for_information";
/**
 * What an officer can do here about who gives the numbers of a book.
 */
export type BookAct = "take" | "release" | "hand_over" | "take_over" | "force" | "confirm_last" | "carry_mirror" | "reenter";
/**
 * Opens or changes a book.
 */
export type BookForm = { 
/**
 * The book; none opens a new one.
 */
id: string | null, 
/**
 * Name.
 */
name: string, 
/**
 * Incoming or outgoing; only of a new one.
 */
direction: Direction, 
/**
 * Kinds; empty takes all.
 */
kinds: Array<string>, 
/**
 * Where an old book stopped this year; only of a new one.
 */
opening: BookOpening | null, 
/**
 * Open for new documents.
 */
open: boolean, };
/**
 * Who gives the numbers of a book.
 */
export type BookLease = "here" | "other" | "server" | "frozen";
/**
 * All books.
 */
export type BookList = { 
/**
 * Incoming first.
 */
books: Array<Books>, };
/**
 * The end of an old book inside a year.
 */
export type BookOpening = { 
/**
 * Last number.
 */
last_number: number, 
/**
 * Its date.
 */
last_date: string, };
/**
 * A page of a book.
 */
export type BookPage = { 
/**
 * The book.
 */
book: Books, 
/**
 * The year.
 */
year: number, 
/**
 * The lines.
 */
rows: Array<BookRow>, 
/**
 * First number of the year.
 */
first: number, 
/**
 * Last number given.
 */
last: number, };
/**
 * Asks for a page of a book.
 */
export type BookPageAsked = { 
/**
 * The book.
 */
book: string, 
/**
 * The year.
 */
year: number, 
/**
 * First number on the page; 0 is the last page.
 */
from: number, 
/**
 * Lines; at most 200.
 */
count: number, };
/**
 * A printed book.
 */
export type BookPrinted = { 
/**
 * Where the PDF stands on this PC.
 */
path: string, 
/**
 * Its bytes by hash, for showing.
 */
blob: string, 
/**
 * Pages.
 */
pages: number, };
/**
 * A line of a book: ten cells in the order of Phụ lục IV.
 */
export type BookRow = { 
/**
 * The number.
 */
number: number, 
/**
 * `a` of 57a, where a stamped number stayed with a letter; mostly empty.
 */
letter: string, 
/**
 * What it is.
 */
kind: BookRowKind, 
/**
 * The document.
 */
id: string | null, 
/**
 * The ten cells.
 */
cells: Array<string>, 
/**
 * Why it was voided, or what the placeholder waits for.
 */
reason: string, };
/**
 * What a line of a book is.
 */
export type BookRowKind = "document" | "void" | "placeholder";
/**
 * A book to be made; this PC takes its lease.
 */
export type BookSetup = { 
/**
 * Name.
 */
name: string, 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * Kinds it takes; empty takes all.
 */
kinds: Array<string>, 
/**
 * Where the old book stopped this year.
 */
opening: BookOpening | null, };
/**
 * A book and its next number.
 */
export type Books = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * Kinds it takes; empty takes all.
 */
kinds: Array<string>, 
/**
 * Next number this year.
 */
next: number, 
/**
 * Last date this year.
 */
last_date: string | null, 
/**
 * Whether this PC gives its numbers.
 */
held_here: boolean, 
/**
 * Who gives them.
 */
lease: BookLease, 
/**
 * Who gives them, in words.
 */
holder: string, 
/**
 * This PC has asked for the book and has no answer yet.
 */
asked: boolean, 
/**
 * What this officer can do here about it.
 */
acts: Array<BookAct>, 
/**
 * Open for new documents.
 */
open: boolean, 
/**
 * Years with numbers, newest first.
 */
years: Array<number>, 
/**
 * Documents that wait for a number.
 */
waiting: number, 
/**
 * Numbers used on paper that wait to be entered again.
 */
on_paper: number, 
/**
 * The first of them.
 */
paper: Array<PaperNumber>, 
/**
 * This PC gives its numbers and has not met its server for long.
 */
holding: Holding | null, };
/**
 * Who and when.
 */
export type By = { 
/**
 * Name of the officer.
 */
name: string, 
/**
 * Position.
 */
position: string, 
/**
 * When.
 */
at: number, };
/**
 * Sets the days of a year.
 */
export type CalendarForm = { 
/**
 * The year.
 */
year: number, 
/**
 * All its days.
 */
days: Array<DayForm>, 
/**
 * The decision.
 */
basis: string, };
/**
 * A year of the calendar.
 */
export type CalendarYear = { 
/**
 * The year.
 */
year: number, 
/**
 * Decided; else the days are computed and deadlines "tạm tính".
 */
decided: boolean, 
/**
 * The days.
 */
days: Array<DayForm>, 
/**
 * The decision.
 */
basis: string, };
/**
 * Everything that changes rarely: forms choose from it.
 */
export type Catalogue = { 
/**
 * The agency.
 */
agency: AgencyForm, 
/**
 * Kinds.
 */
kinds: Array<KindForm>, 
/**
 * Units.
 */
units: Array<UnitRow>, 
/**
 * Officers.
 */
officers: Array<OfficerRow>, 
/**
 * Issuers met so far, most frequent first; at most 500.
 */
issuers: Array<string>, };
/**
 * Reminds recipients.
 */
export type ChaseForm = { 
/**
 * The document.
 */
id: string, 
/**
 * Which parcels; empty: all that have said nothing.
 */
parcels: Array<string>, 
/**
 * The words.
 */
note: string, };
/**
 * Makes a code for an officer who comes to a new PC.
 */
export type CodeForm = { 
/**
 * The officer.
 */
officer: string, };
/**
 * A code to print; it opens once.
 */
export type CodeShown = { 
/**
 * The code, in groups.
 */
code: string, 
/**
 * Whom it lets in.
 */
officer: string, 
/**
 * Until when.
 */
until: number, 
/**
 * Where the server is.
 */
address: string, 
/**
 * Its key, in groups.
 */
server_key: string, };
/**
 * A second person states the last number on paper before a book is taken over.
 */
export type ConfirmLastForm = { 
/**
 * The book.
 */
book: string, 
/**
 * The year.
 */
year: number, 
/**
 * The last number in the paper register.
 */
last_number: number, };
/**
 * How many documents some states have.
 */
export type Counts = { 
/**
 * State and count, in the order asked.
 */
counts: [string, number][], };
/**
 * Asks how many documents some states have.
 */
export type CountsAsked = { 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * States as in a filter.
 */
states: Array<string>, };
/**
 * A date as read.
 */
export type DateRead = { 
/**
 * ISO date; none when it cannot be read or there is no such day.
 */
date: string | null, 
/**
 * Counted as a deadline.
 */
deadline: Deadline | null, 
/**
 * Why it cannot be read, in words.
 */
reason: string, };
/**
 * A day of the calendar as typed.
 */
export type DayForm = { 
/**
 * The day.
 */
date: string, 
/**
 * `holiday`, `compensatory_off`, `swapped_off`, `makeup_working`.
 */
kind: string, 
/**
 * Name.
 */
name: string, };
/**
 * Something the law wants done, and by when.
 */
export type DayTask = { 
/**
 * What.
 */
kind: DayTaskKind, 
/**
 * How many.
 */
count: number, 
/**
 * The nearest deadline.
 */
deadline: Deadline, };
/**
 * Something the law wants done today.
 */
export type DayTaskKind = "register" | "submit" | "send";
/**
 * A deadline, counted by the office calendar.
 */
export type Deadline = { 
/**
 * The last day.
 */
date: string, 
/**
 * Working days left: 0 is today, negative is overdue.
 */
left: number, 
/**
 * Late: done after the deadline, by so many working days.
 */
late: number | null, 
/**
 * The year has no decided days yet: "tạm tính".
 */
provisional: boolean, 
/**
 * Days on the way that are no weekend and yet off.
 */
skipped: Array<string>, 
/**
 * The deadline before an extension.
 */
old: string | null, };
/**
 * What the wizard starts from.
 */
export type DefaultsShown = { 
/**
 * The agency as proposed: hours, deadline rule.
 */
agency: AgencyForm, 
/**
 * The kinds of NĐ 30 and the legal ones.
 */
kinds: Array<KindForm>, 
/**
 * Units of a usual commune.
 */
units: Array<UnitSetup>, 
/**
 * Books of a usual commune.
 */
books: Array<BookSetup>, };
/**
 * Takes a file off a document.
 */
export type DetachForm = { 
/**
 * The document.
 */
id: string, 
/**
 * The file.
 */
blob: string, 
/**
 * Why.
 */
reason: string, };
/**
 * Gives a directive.
 */
export type Directed = { 
/**
 * The documents; the same directive goes on each.
 */
ids: Array<string>, 
/**
 * The words.
 */
text: string, 
/**
 * Work; none when it is for information only.
 */
assign: Assigning | null, 
/**
 * For information.
 */
information: Array<string>, };
/**
 * Incoming or outgoing.
 */
export type Direction = "incoming" | "outgoing";
/**
 * A directive as shown.
 */
export type DirectiveShown = { 
/**
 * Id.
 */
id: string, 
/**
 * Who and when.
 */
by: By, 
/**
 * The words.
 */
text: string, 
/**
 * The task it gave.
 */
task: string | null, 
/**
 * Lead.
 */
lead: PartyForm | null, 
/**
 * Co-operating.
 */
co: Array<PartyForm>, 
/**
 * For information.
 */
information: Array<PartyForm>, 
/**
 * Deadline of the task.
 */
deadline: Deadline | null, 
/**
 * Progress of the task in percent.
 */
percent: number, 
/**
 * Standing of the task by wire name.
 */
standing: string | null, 
/**
 * Why it was recalled; empty text when it was undone.
 */
withdrawn: string | null, 
/**
 * Whether this officer may undo it now.
 */
can_undo: boolean, 
/**
 * Whether this officer may recall it now.
 */
can_recall: boolean, };
/**
 * Looks into the directory.
 */
export type DirectoryAsked = { 
/**
 * As typed; marks may be left out. With nothing, what the server lists.
 */
text: string, };
/**
 * One entry, whole.
 */
export type DirectoryEntry = { 
/**
 * The entry as a form.
 */
form: EntryForm, 
/**
 * Whoever sits here may change it.
 */
may: boolean, 
/**
 * The agency is on a server and says name and code itself.
 */
states_itself: boolean, 
/**
 * Who came after it, to be shown.
 */
heirs: Array<AgencyFound>, 
/**
 * What was stated of it, the newest first; empty for those who do not keep the directory.
 */
history: Array<StatedLine>, };
/**
 * The directory.
 */
export type DirectoryShown = { 
/**
 * Whoever sits here may change it.
 */
may: boolean, 
/**
 * The names of the agencies that keep it.
 */
keepers: Array<string>, 
/**
 * What was found, the likeliest first; at most 200.
 */
found: Array<EntryRow>, 
/**
 * What was stated here and waits, or was refused.
 */
stated: Array<StatementRow>, };
/**
 * Asks for one document.
 */
export type DocumentAsked = { 
/**
 * Id.
 */
id: string, 
/**
 * Records that this officer has opened it.
 */
seen: boolean, };
/**
 * What a list shows. Every field narrows it.
 */
export type DocumentFilter = { 
/**
 * Incoming or outgoing; none is both.
 */
direction: Direction | null, 
/**
 * One book.
 */
book: string | null, 
/**
 * One state; `open` is everything not done, `urgent` everything urgent and not done,
 * `overdue` incoming documents with work past its deadline.
 */
state: string | null, 
/**
 * One unit or officer that handles it: `u:…`, `unit:…`.
 */
party: string | null, 
/**
 * From this day.
 */
from: string | null, 
/**
 * To this day.
 */
to: string | null, };
/**
 * One document, whole.
 */
export type DocumentOpened = { 
/**
 * Its line.
 */
row: DocumentRow, 
/**
 * Fields of an incoming document.
 */
fields: Fields | null, 
/**
 * The parts of an outgoing document.
 */
outgoing: OutgoingShown | null, 
/**
 * Its files.
 */
attachments: Array<Attachment>, 
/**
 * Those of them that are with the server only; opened, they come.
 */
elsewhere: Array<string>, 
/**
 * Name of the book.
 */
book: Named | null, 
/**
 * The day it came.
 */
arrived_on: string | null, 
/**
 * Slip code while it waits for a number.
 */
slip: string | null, 
/**
 * Who registered or drafted it.
 */
entered: By, 
/**
 * The leader it was submitted to.
 */
submitted_to: PartyForm | null, 
/**
 * What the office proposes.
 */
proposal: string, 
/**
 * Directives, newest first.
 */
directives: Array<DirectiveShown>, 
/**
 * The way it has gone and what comes next.
 */
steps: Array<Step>, 
/**
 * Documents it answers or that answer it.
 */
related: Array<DocumentRow>, 
/**
 * What it takes the place of.
 */
replaces: Replacement | null, 
/**
 * What takes its place, oldest first; drafts too.
 */
replaced_by: Array<Replacement>, 
/**
 * Why the number was voided.
 */
void_reason: string | null, 
/**
 * What this officer may do now.
 */
actions: Array<Action>, 
/**
 * How it came from another agency.
 */
arrival: ArrivalShown | null, 
/**
 * Why it was taken back by who issued it.
 */
recalled: string | null, 
/**
 * How many agencies it was sent to, and how many of them have it in a book.
 */
sent_to: [number, number], 
/**
 * What the law wants and by when: `register`, `submit`, `send`.
 */
statutory: Array<[string, Deadline]>, };
/**
 * One line of a list.
 */
export type DocumentRow = { 
/**
 * Id.
 */
id: string, 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * Arrival number, or number of an outgoing document; empty while it has none.
 */
number: string, 
/**
 * Number and symbol as printed: `2417/SNV-CCHC`.
 */
reference: string, 
/**
 * Date on the document.
 */
issued_on: string | null, 
/**
 * The day it came, was drafted or issued: the order of the list.
 */
day: string, 
/**
 * Issuer of an incoming, drafting unit of an outgoing document.
 */
from: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Name of the kind.
 */
kind: string, 
/**
 * Urgency.
 */
urgency: Urgency, 
/**
 * Where it stands.
 */
state: DocumentState, 
/**
 * Nearest deadline of its open tasks, or the one on the document.
 */
deadline: Deadline | null, 
/**
 * Who handles it.
 */
handler: string, 
/**
 * Not yet opened by this officer.
 */
unread: boolean, 
/**
 * Files.
 */
attachments: number, 
/**
 * How far it has come on its way to others.
 */
reach: Reach, 
/**
 * A stamped number that clashes with another's: `58`.
 */
clash: string | null, };
/**
 * Where a document stands, in one word.
 */
export type DocumentState = "awaiting_number" | "to_submit" | "awaiting_directive" | "in_progress" | "awaiting_acceptance" | "done" | "draft" | "submitted" | "returned" | "approved" | "to_send" | "sent" | "void";
/**
 * Rows of a list.
 */
export type DocumentWindow = { 
/**
 * The rows.
 */
rows: Array<DocumentRow>, 
/**
 * Index of the first row.
 */
first: number, 
/**
 * Rows in all.
 */
total: number, 
/**
 * Whether `total` is exact; else there are at least so many.
 */
exact: boolean, };
/**
 * What was done, for a toast: the page makes the sentence from `said`.
 */
export type Done = { 
/**
 * Id of what was made or changed.
 */
id: string, 
/**
 * The act and the words that fill its sentence.
 */
said: Said, 
/**
 * How to take it back, while that is possible.
 */
undo: Undo | null, 
/**
 * What the page must ask again.
 */
topics: Array<Topic>, };
/**
 * A draft as typed. Without `id` it is new.
 */
export type DraftForm = { 
/**
 * The draft, when it exists.
 */
id: string | null, 
/**
 * Short name of the kind.
 */
kind: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Urgency.
 */
urgency: Urgency, 
/**
 * Signer.
 */
signer: string, 
/**
 * Capacity and position.
 */
signer_position: string, 
/**
 * Drafting unit.
 */
unit: string, 
/**
 * Recipients.
 */
recipients: Array<RecipientForm>, 
/**
 * Who keeps the file copy.
 */
keeper: string, 
/**
 * Copies.
 */
copies: string, 
/**
 * Pages.
 */
pages: string, 
/**
 * Deadline for an answer.
 */
due: string, 
/**
 * Language.
 */
language: string, 
/**
 * Case file.
 */
case_file: string, 
/**
 * Notes.
 */
note: string, 
/**
 * Files; the first is the document.
 */
attachments: Array<Attachment>, 
/**
 * Incoming document it answers.
 */
answers: string | null, 
/**
 * Task it is the product of.
 */
task: string | null, 
/**
 * Document of this agency that it takes the place of.
 */
replaces: string | null, };
/**
 * Keeps what is being typed.
 */
export type DraftSaved = { 
/**
 * Name of the form and what it is about: `incoming/tray:<id>`.
 */
form: string, 
/**
 * The form as JSON text; empty forgets it.
 */
content: string, };
/**
 * What was being typed.
 */
export type DraftStored = { 
/**
 * Name of the form.
 */
form: string, 
/**
 * The form as JSON text.
 */
content: string, 
/**
 * When it was last typed in.
 */
at: number, };
/**
 * All that this officer was typing.
 */
export type Drafts = { 
/**
 * Newest first.
 */
drafts: Array<DraftStored>, };
/**
 * Files dropped on the window, by path.
 */
export type DropFiles = { 
/**
 * Full paths.
 */
paths: Array<string>, 
/**
 * Make cards of them; else only store them for an open form.
 */
cards: boolean, };
/**
 * A new PC comes to its agency, with a code from paper.
 */
export type EnrolForm = { 
/**
 * Where the server is.
 */
address: string, 
/**
 * The code.
 */
code: string, 
/**
 * The server's key as printed beside it.
 */
server_key: string, 
/**
 * What the office calls this PC.
 */
pc_name: string, 
/**
 * The PIN of the officer the code is for.
 */
pin: string, };
/**
 * One field that was stated otherwise.
 */
export type EntryChange = { 
/**
 * `listed`, `name`, `code`, `unit`, `parent`, `ended`, `heirs`.
 */
field: string, 
/**
 * What stood there.
 */
before: string, 
/**
 * What stands there.
 */
after: string, };
/**
 * An entry as typed; without an agency it is new.
 */
export type EntryForm = { 
/**
 * The agency.
 */
agency: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * Number of its unit in the national catalogue.
 */
unit: string, 
/**
 * What stands above it.
 */
parent: string, 
/**
 * Its last day; empty while it is there.
 */
ended: string, 
/**
 * Who came after it, the most likely first.
 */
heirs: Array<string>, 
/**
 * The refused statement that this one takes the place of.
 */
instead_of: string | null, 
/**
 * Names what was seen of the entry when the form was opened: what changed since is not written
 * over.
 */
seen: string, };
/**
 * An agency as it is listed.
 */
export type EntryRow = { 
/**
 * The agency.
 */
agency: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * What stands above it.
 */
parent: string, 
/**
 * It takes documents over the exchange.
 */
on_exchange: boolean, 
/**
 * Its last day, where one is known.
 */
ended: string | null, 
/**
 * The names of who came after it.
 */
heirs: Array<string>, 
/**
 * Something that was stated of it here waits for the server.
 */
waits: boolean, };
/**
 * A file that proves what became of a parcel.
 */
export type EvidenceWritten = { 
/**
 * Where it is.
 */
path: string, 
/**
 * Receipts in it.
 */
receipts: number, };
/**
 * Asks for more time.
 */
export type ExtensionAsking = { 
/**
 * The task.
 */
id: string, 
/**
 * New deadline: ISO date.
 */
until: string, 
/**
 * Why.
 */
reason: string, };
/**
 * One request for more time.
 */
export type ExtensionShown = { 
/**
 * Who and when.
 */
by: By, 
/**
 * Old deadline.
 */
old: string | null, 
/**
 * New deadline asked for.
 */
new: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Answered: granted or not, by whom, with which words.
 */
verdict: [boolean, By, string] | null, };
/**
 * Why something was not done: three sentences in Vietnamese, and a code.
 */
export type Failure = { 
/**
 * Stable short name.
 */
code: string, 
/**
 * What happened.
 */
what: string, 
/**
 * What is safe.
 */
safe: string, 
/**
 * What to do.
 */
todo: string, 
/**
 * Name of the form field it belongs to, if it belongs to one.
 */
field: string | null, };
/**
 * One corrected field; `old` is what stood on the screen.
 */
export type FieldEdit = { 
/**
 * The document.
 */
id: string, 
/**
 * Name of the field.
 */
field: string, 
/**
 * What stood there.
 */
old: string, 
/**
 * What is to stand there.
 */
new: string, };
/**
 * The fields of an incoming document as typed. Dates are ISO or empty.
 */
export type Fields = { 
/**
 * Number as printed.
 */
number: string, 
/**
 * Symbol.
 */
symbol: string, 
/**
 * Date on the document.
 */
issued_on: string, 
/**
 * Issuer.
 */
issuer: string, 
/**
 * Short name of the kind.
 */
kind: string, 
/**
 * Subject.
 */
subject: string, 
/**
 * Urgency.
 */
urgency: Urgency, 
/**
 * Signer.
 */
signer: string, 
/**
 * Position of the signer.
 */
signer_position: string, 
/**
 * Units or persons it is for.
 */
to_places: string, 
/**
 * Deadline for an answer.
 */
due: string, 
/**
 * Pages.
 */
pages: string, 
/**
 * Copies.
 */
copies: string, 
/**
 * Language.
 */
language: string, 
/**
 * Case file.
 */
case_file: string, 
/**
 * Notes.
 */
note: string, };
/**
 * What became of one file.
 */
export type FileAdded = { 
/**
 * Its name.
 */
name: string, 
/**
 * Stored.
 */
attachment: Attachment | null, 
/**
 * Or why not.
 */
refused: Failure | null, };
/**
 * What became of the files.
 */
export type FilesAdded = { 
/**
 * One each, in order.
 */
files: Array<FileAdded>, 
/**
 * What the page must ask again.
 */
topics: Array<Topic>, };
/**
 * Takes a book over from a PC that is gone.
 */
export type ForceForm = { 
/**
 * The book.
 */
book: string, 
/**
 * The PC that gives its numbers from now on; empty is the server.
 */
to: string, 
/**
 * The last number in the paper register.
 */
last_number: number, 
/**
 * Its date.
 */
last_date: string, 
/**
 * Why.
 */
reason: string, };
/**
 * What was found.
 */
export type Found = { 
/**
 * Documents, newest first.
 */
documents: Array<FoundRow>, 
/**
 * There are more.
 */
more: boolean, 
/**
 * Tasks.
 */
tasks: Array<TaskRow>, 
/**
 * People.
 */
people: Array<Named>, };
/**
 * A document found, with where the words stand.
 */
export type FoundRow = { 
/**
 * The document.
 */
row: DocumentRow, 
/**
 * Character ranges of the subject that match.
 */
marks: Array<[number, number]>, };
/**
 * Keeps a group of recipients; without any it is taken away.
 */
export type GroupForm = { 
/**
 * What it is called; a group of that name is changed.
 */
name: string, 
/**
 * Who is in it.
 */
agencies: Array<string>, };
/**
 * Hands a book over to another PC.
 */
export type HandOverForm = { 
/**
 * The book.
 */
book: string, 
/**
 * The PC that gives its numbers from now on.
 */
to: string, 
/**
 * A folder, mostly of a USB stick, for the hand-over file; empty when both have a line.
 */
folder: string, };
/**
 * What a clerk decides about a stamped number that clashes.
 */
export type HeldDecided = { 
/**
 * The document.
 */
id: string, 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * The clash.
 */
given_by: string, 
/**
 * `suffix`: the number stays with a letter; `void`; `renumber`: a new number, stamped again.
 */
verdict: string, 
/**
 * Why.
 */
reason: string, };
/**
 * Documents whose stamped number clashes.
 */
export type HeldList = { 
/**
 * The rows.
 */
rows: Array<HeldRow>, };
/**
 * A document whose stamped number clashes with another's.
 */
export type HeldRow = { 
/**
 * The document.
 */
id: string, 
/**
 * Incoming or outgoing.
 */
direction: Direction, 
/**
 * The command that gave the number; names the clash.
 */
given_by: string, 
/**
 * The number as it is stamped: `58`.
 */
number: string, 
/**
 * Its year.
 */
year: number, 
/**
 * Its book.
 */
book: string, 
/**
 * What the document is about.
 */
subject: string, 
/**
 * How urgent it is.
 */
urgency: Urgency, 
/**
 * Where it came from, or who drafted it.
 */
party: string, 
/**
 * When the number was given.
 */
at: number, 
/**
 * Why it cannot stand, in words.
 */
why: string, 
/**
 * The document that has the number now.
 */
other: ThingNamed | null, 
/**
 * Its subject.
 */
other_subject: string, 
/**
 * The number with a letter that it would get: `58a`.
 */
with_letter: string, };
/**
 * History of a document or task, newest first.
 */
export type History = { 
/**
 * At most 500 lines.
 */
lines: Array<HistoryLine>, };
/**
 * A value before and after, in words.
 */
export type HistoryAltered = { 
/**
 * Name of the field.
 */
field: string, 
/**
 * Before.
 */
before: string, 
/**
 * After.
 */
after: string, };
/**
 * One line of history.
 */
export type HistoryLine = { 
/**
 * Who and when.
 */
by: By, 
/**
 * Name of what was done: the page has the words.
 */
deed: string, 
/**
 * Values before and after.
 */
altered: Array<HistoryAltered>, 
/**
 * Reason, remarks.
 */
words: string, 
/**
 * The act that was refused, by its wire name: it has no effect, and only its author is told.
 */
refused: string | null, };
/**
 * How long this PC has given numbers without meeting its server.
 */
export type Holding = { 
/**
 * The books it gives the numbers of, by name.
 */
books: Array<string>, 
/**
 * Whole days since they met, once they are so many that they are said.
 */
days: number | null, 
/**
 * Numbers given since then.
 */
numbers: number, 
/**
 * No number is given until somebody vouches for the next ones.
 */
asks: boolean, 
/**
 * Officers of this PC whose PIN vouches.
 */
vouchers: Array<Named>, 
/**
 * Who vouched last since they met.
 */
vouched: Vouched | null, };
/**
 * Registers an incoming document.
 */
export type IncomingForm = { 
/**
 * The book.
 */
book: string, 
/**
 * The day it came; empty is today.
 */
arrived_on: string, 
/**
 * What stands on it.
 */
fields: Fields, 
/**
 * Stored files.
 */
attachments: Array<Attachment>, 
/**
 * The tray card it comes from.
 */
card: string | null, 
/**
 * The clerk says the page bears a mark of secrecy.
 */
secret: boolean, 
/**
 * Why it is registered although one like it is there.
 */
twin_reason: string | null, 
/**
 * Leader it goes to.
 */
submit_to: string | null, 
/**
 * The number it bears on paper already, when it is entered again.
 */
paper_number: number | null, };
/**
 * Sends a document to agencies.
 */
export type IssueForm = { 
/**
 * The document.
 */
id: string, 
/**
 * Day it leaves; empty is today.
 */
on: string, 
/**
 * Where to.
 */
to: Array<AddresseeForm>, };
/**
 * A kind of documents.
 */
export type KindForm = { 
/**
 * Short name.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Abbreviation.
 */
abbreviation: string, 
/**
 * `named`, `letter`, `legal`.
 */
shape: string, 
/**
 * Issued by this agency.
 */
issued_here: boolean, };
/**
 * The catalogue of kinds, whole.
 */
export type KindsForm = { 
/**
 * All kinds.
 */
kinds: Array<KindForm>, };
/**
 * That the register here was not the server's, within the last week.
 */
export type LineDiffered = { 
/**
 * When that was found.
 */
at: number, 
/**
 * What it was, and how it stands now.
 */
said: Failure, };
/**
 * How it goes with the server just now.
 */
export type LineMeeting = "none" | "off" | "waiting" | "talking" | "met" | "no_line" | "trouble" | "shut_out";
/**
 * Whether the agency lives on this PC alone.
 */
export type LineMembership = "alone" | "adopting" | "joined";
/**
 * How far a piece of work has come.
 */
export type LineProgress = { 
/**
 * Done.
 */
done: number, 
/**
 * In all.
 */
total: number, 
/**
 * Seconds that are left at this pace, once that can be told.
 */
seconds_left: number | null, };
/**
 * Lets large files wait until somebody opens them: tiết kiệm dữ liệu.
 */
export type LineSaver = { 
/**
 * They wait from now on.
 */
on: boolean, };
/**
 * Where the line stands, for the foot of the window.
 */
export type LineShort = { 
/**
 * Alone, or one of several.
 */
membership: LineMembership, 
/**
 * How it goes just now.
 */
meeting: LineMeeting, 
/**
 * Since when it goes so.
 */
since: number | null, 
/**
 * When they met last.
 */
met_at: number | null, 
/**
 * Acts without an answer.
 */
unanswered: number, 
/**
 * Came back, and stamped numbers that clash.
 */
to_look_at: number, 
/**
 * On its way up.
 */
up: LineProgress | null, 
/**
 * On its way down; also where it stopped, when the first copy was cut off.
 */
down: LineProgress | null, 
/**
 * What is wrong, in one sentence; empty when nothing is.
 */
trouble: string, };
/**
 * How this PC stands to its server.
 */
export type LineState = { 
/**
 * Alone, or one of several.
 */
membership: LineMembership, 
/**
 * How it goes just now.
 */
meeting: LineMeeting, 
/**
 * Since when it goes so.
 */
since: number | null, 
/**
 * What is wrong, when something is.
 */
trouble: Failure | null, 
/**
 * What the last comparison with the server's register found amiss.
 */
differed: LineDiffered | null, 
/**
 * Where the server is.
 */
address: string, 
/**
 * Its key, in groups as they stand on the printed code.
 */
server_key: string, 
/**
 * What the office calls this PC.
 */
pc_name: string, 
/**
 * When they met last.
 */
met_at: number | null, 
/**
 * Acts of this PC without an answer.
 */
unanswered: number, 
/**
 * When the oldest of them was done.
 */
oldest: number | null, 
/**
 * Acts of other PCs that this one carries.
 */
carried: number, 
/**
 * Acts that were not taken, until their author lets them go.
 */
returned: number, 
/**
 * Documents whose stamped number clashes.
 */
held: number, 
/**
 * On its way up.
 */
up: LineProgress | null, 
/**
 * On its way down: states of the register. Also where it stopped, when the first copy was cut
 * off.
 */
down: LineProgress | null, 
/**
 * Files that are not whole with the server yet.
 */
files_up: number, 
/**
 * Files that are not here yet.
 */
files_down: number, 
/**
 * Files that come when somebody opens them: too large for a line that is paid by the byte.
 */
files_kept_back: number, 
/**
 * Whether large files wait until they are opened.
 */
data_saver: boolean, 
/**
 * Milliseconds the last call took.
 */
round_trip_ms: number | null, 
/**
 * Whether the window may switch the line off: in a demo.
 */
may_switch: boolean, 
/**
 * Whether this officer may bring the agency to a server.
 */
may_adopt: boolean, 
/**
 * Whether another copy of this PC was at the server: it joins again as a new one.
 */
may_join_again: boolean, 
/**
 * This PC gives numbers and has not met its server for long.
 */
holding: Holding | null, };
/**
 * Switches the line of this window off or on: to show what a day without it is like.
 */
export type LineSwitch = { 
/**
 * No line from now on.
 */
off: boolean, };
/**
 * Whom the recipients of a draft mean.
 */
export type Meant = { 
/**
 * Those that can only be one agency, and have not been sent to.
 */
agencies: Array<AgencyFound>, 
/**
 * The others, as the draft calls them: they get it on paper.
 */
on_paper: Array<string>, 
/**
 * Until when the document asks for an answer; empty without.
 */
due: string, };
/**
 * Carries the acts of a PC that is gone to the server, from its mirror.
 */
export type MirrorForm = { 
/**
 * The folder of the mirror.
 */
folder: string, 
/**
 * The recovery code of that PC, from paper.
 */
recovery_code: string, };
/**
 * Something with a name.
 */
export type Named = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, };
/**
 * The next number of a book.
 */
export type Next = { 
/**
 * The number; none when this PC may not give it.
 */
number: number | null, 
/**
 * As printed: `05`.
 */
text: string, 
/**
 * The last date of the book.
 */
last_date: string | null, 
/**
 * Who may give the number, when it is not this PC.
 */
holder: string | null, };
/**
 * Asks which number comes next.
 */
export type NextAsked = { 
/**
 * The book.
 */
book: string, 
/**
 * The date; empty is today.
 */
date: string, };
/**
 * No argument, or nothing to tell.
 */
export type Nothing = Record<symbol, never>;
/**
 * Voids a number used on paper.
 */
export type NumberVoid = { 
/**
 * The book.
 */
book: string, 
/**
 * The year.
 */
year: number, 
/**
 * The number.
 */
number: number, 
/**
 * Why.
 */
reason: string, };
/**
 * An officer as typed; without id he is new.
 */
export type OfficerForm = { 
/**
 * Id.
 */
id: string | null, 
/**
 * Name.
 */
name: string, 
/**
 * Position.
 */
position: string, 
/**
 * Unit id; empty for none.
 */
unit: string, 
/**
 * Roles.
 */
roles: Array<string>, 
/**
 * Still here.
 */
active: boolean, };
/**
 * An officer who has a PIN on this PC.
 */
export type OfficerOnPc = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Position.
 */
position: string, 
/**
 * Wrong PINs left before the PIN must be set anew by an administrator.
 */
tries_left: number, };
/**
 * An officer.
 */
export type OfficerRow = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Position.
 */
position: string, 
/**
 * Unit id; empty for none.
 */
unit: string, 
/**
 * Name of the unit.
 */
unit_name: string, 
/**
 * Roles.
 */
roles: Array<string>, 
/**
 * Still here.
 */
active: boolean, 
/**
 * Has a PIN on this PC.
 */
pin_here: boolean, };
/**
 * An officer to be made.
 */
export type OfficerSetup = { 
/**
 * Full name.
 */
name: string, 
/**
 * Position.
 */
position: string, 
/**
 * Name of the unit; empty for none.
 */
unit: string, 
/**
 * Roles by wire name.
 */
roles: Array<string>, 
/**
 * PIN on this PC; empty for none.
 */
pin: string, };
/**
 * One thing by its id.
 */
export type OneId = { 
/**
 * The id.
 */
id: string, };
/**
 * The parts of an outgoing document that an incoming one does not have.
 */
export type OutgoingShown = { 
/**
 * The fields.
 */
form: DraftForm, 
/**
 * What leaders said, newest first.
 */
remarks: Array<RemarkShown>, 
/**
 * Times it was submitted.
 */
submissions: number, 
/**
 * Date on the document, once numbered.
 */
dated: string | null, 
/**
 * How and when it left.
 */
sent: [string, string] | null, };
/**
 * A number used on paper that waits to be entered again.
 */
export type PaperNumber = { 
/**
 * The number.
 */
number: number, 
/**
 * Its year.
 */
year: number, 
/**
 * No older than this day, when one is known.
 */
after: string | null, 
/**
 * No younger than this day.
 */
until: string, 
/**
 * Why it was used on paper.
 */
reason: string, };
/**
 * Numbers used on paper.
 */
export type PaperRange = { 
/**
 * The book.
 */
book: string, 
/**
 * Last number used on paper.
 */
to: number, 
/**
 * Its date.
 */
last_date: string, 
/**
 * Why.
 */
reason: string, };
/**
 * One recipient of a document.
 */
export type ParcelRow = { 
/**
 * The parcel.
 */
id: string, 
/**
 * The agency.
 */
agency: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * What it is sent for.
 */
purpose: string, 
/**
 * Until when it is to answer.
 */
due: string | null, 
/**
 * Where it stands.
 */
standing: ParcelStanding, 
/**
 * How far it has come from this PC.
 */
reach: Reach, 
/**
 * Files that are still to go up from this PC before it can leave; 0 once it has arrived.
 */
files_left: number, 
/**
 * When it was issued.
 */
sent_at: number, 
/**
 * 01.
 */
arrived_at: number | null, 
/**
 * When a PC of the recipient had it.
 */
fetched_at: number | null, 
/**
 * 02 or 03.
 */
answered_at: number | null, 
/**
 * Who accepted or refused it.
 */
answered_by: string, 
/**
 * Số đến there.
 */
number: string, 
/**
 * Why it was sent back; empty otherwise.
 */
refused: string, 
/**
 * It was sent to the wrong agency.
 */
misaddressed: boolean, 
/**
 * 04.
 */
assigned_at: number | null, 
/**
 * 05.
 */
in_progress_at: number | null, 
/**
 * 06.
 */
done_at: number | null, 
/**
 * Reminders.
 */
chased: number, 
/**
 * The last of them.
 */
chased_at: number | null, 
/**
 * 13, 15, 16.
 */
recall: RecallShown | null, 
/**
 * Why it cannot arrive: `no_such_agency`, `name_taken`.
 */
lost: string | null, 
/**
 * It may be reminded.
 */
may_chase: boolean, 
/**
 * It may be called back.
 */
may_recall: boolean, };
/**
 * Where a parcel stands at its recipient; the numbers are those of QCVN 102.
 */
export type ParcelStanding = "sent" | "undeliverable" | "arrived" | "refused" | "accepted" | "assigned" | "in_progress" | "done" | "recall_asked" | "recalled";
/**
 * Everybody a document was sent to.
 */
export type Parcels = { 
/**
 * The document.
 */
document: DocumentRow, 
/**
 * In the order they were sent.
 */
rows: Array<ParcelRow>, 
/**
 * Those that have it in a book.
 */
accepted: number, 
/**
 * Those that sent it back, or cannot be reached.
 */
refused: number, 
/**
 * Those that said nothing yet.
 */
unanswered: number, 
/**
 * It may be sent to more.
 */
may_issue: boolean, 
/**
 * A document may be drafted that takes its place.
 */
may_replace: boolean, 
/**
 * Why it was taken back from everybody.
 */
recalled: string | null, 
/**
 * What it takes the place of.
 */
replaces: Replacement | null, 
/**
 * What takes its place, oldest first; drafts too.
 */
replaced_by: Array<Replacement>, };
/**
 * An officer or a unit: `u:…` or `unit:…`.
 */
export type PartyForm = { 
/**
 * `u:<id>` or `unit:<id>`.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Position of an officer and his unit; empty for a unit.
 */
detail: string, 
/**
 * Whether it has opened the document or task.
 */
seen: boolean, };
/**
 * The PCs of the agency.
 */
export type PcList = { 
/**
 * The rows.
 */
rows: Array<PcRow>, };
/**
 * A PC of the agency.
 */
export type PcRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * What the office calls it.
 */
name: string, 
/**
 * Who signs on it.
 */
officers: Array<string>, 
/**
 * Since when.
 */
since: number, 
/**
 * This one.
 */
here: boolean, 
/**
 * Books whose numbers it gives.
 */
books: Array<string>, 
/**
 * Why it was shut out.
 */
revoked: string | null, 
/**
 * Why it was declared destroyed.
 */
retired: string | null, };
/**
 * Where the program stands.
 */
export type Phase = "first_run" | "locked" | "open";
/**
 * Own phrases for directives.
 */
export type Phrases = { 
/**
 * In order.
 */
phrases: Array<string>, };
/**
 * Sets a PIN: one's own with the old one, or another's as administrator with an empty old one.
 */
export type PinChange = { 
/**
 * Whose.
 */
officer: string, 
/**
 * The old PIN.
 */
old: string, 
/**
 * The new PIN.
 */
new: string, };
/**
 * Looks a place up by name, marks optional.
 */
export type PlaceAsked = { 
/**
 * Part of the name of a commune.
 */
text: string, };
/**
 * Places found, at most twenty.
 */
export type PlaceFound = { 
/**
 * `xã An Hiếu, tỉnh Hiếu Sơn`.
 */
places: Array<string>, };
/**
 * Goes back to the version before this one, or stays with this one after all.
 */
export type ProgramBack = { 
/**
 * Stays with this one.
 */
stay: boolean, };
/**
 * A version that is on its way here.
 */
export type ProgramComing = { 
/**
 * Its number.
 */
version: string, 
/**
 * Bytes.
 */
progress: LineProgress, 
/**
 * It waits because large files wait until they are opened.
 */
kept_back: boolean, };
/**
 * A version that is not begun with any more on this PC.
 */
export type ProgramGivenUp = { 
/**
 * Its number.
 */
version: string, 
/**
 * It did not come up; else somebody went back from it.
 */
fell: boolean, 
/**
 * That was within the last day.
 */
recent: boolean, };
/**
 * How the program stands.
 */
export type ProgramState = { 
/**
 * The version that runs.
 */
version: string, 
/**
 * Whether this build takes new versions from its server.
 */
takes: boolean, 
/**
 * The version that runs from the next start on.
 */
next: ProgramVersion | null, 
/**
 * One that is on its way.
 */
coming: ProgramComing | null, 
/**
 * Why none comes just now.
 */
trouble: Failure | null, 
/**
 * The version that comes back when somebody goes back from this one.
 */
back_to: string | null, 
/**
 * Somebody has gone back: it comes with the next start.
 */
leaving: boolean, 
/**
 * The newest version that was given up here.
 */
given_up: ProgramGivenUp | null, };
/**
 * A version of the program.
 */
export type ProgramVersion = { 
/**
 * Its number: `0.2.0`.
 */
version: string, 
/**
 * What is new, by its publisher.
 */
notes: string, 
/**
 * When it was made.
 */
made: number, };
/**
 * Reports progress.
 */
export type ProgressForm = { 
/**
 * The task.
 */
id: string, 
/**
 * 0 to 100.
 */
percent: number, 
/**
 * The words.
 */
note: string, };
/**
 * One progress line.
 */
export type ProgressShown = { 
/**
 * Who and when.
 */
by: By, 
/**
 * Percent.
 */
percent: number, 
/**
 * The words.
 */
note: string, };
/**
 * How far a thing has come on its way to others.
 */
export type Reach = "alone" | "here" | "server";
/**
 * An id and the words that go with it.
 */
export type Reasoned = { 
/**
 * The id.
 */
id: string, 
/**
 * Why.
 */
reason: string, };
/**
 * Calls a document back.
 */
export type RecallForm = { 
/**
 * The document.
 */
id: string, 
/**
 * Which parcels; empty: all.
 */
parcels: Array<string>, 
/**
 * Why.
 */
reason: string, 
/**
 * The document that is sent in its place.
 */
replaced_by: string | null, };
/**
 * A recall, and what was said to it.
 */
export type RecallShown = { 
/**
 * When it was asked.
 */
at: number, 
/**
 * By whom.
 */
by: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When it was answered.
 */
answered_at: number | null, 
/**
 * Given back.
 */
agreed: boolean, 
/**
 * Nobody had taken it in, so nobody was asked.
 */
by_itself: boolean, 
/**
 * Who answered.
 */
answered_by: string, 
/**
 * Why not, or a remark.
 */
answer: string, 
/**
 * The document that is sent in its place, where its sender has named one.
 */
replaced_by: Replacement | null, };
/**
 * Somebody it goes to.
 */
export type RecipientForm = { 
/**
 * Name.
 */
name: string, 
/**
 * Agency code, if known.
 */
code: string, };
/**
 * Agencies that are written to together.
 */
export type RecipientsTogether = { 
/**
 * What clerks call the group; number and symbol where it is who got a document before.
 */
name: string, 
/**
 * It is who got the last document of that kind, and no group.
 */
last: boolean, 
/**
 * Who is in it.
 */
members: Array<AgencyFound>, 
/**
 * Members that the directory does not have any more.
 */
unknown: number, };
/**
 * Says that the recovery code is on paper.
 */
export type RecoveryWritten = { 
/**
 * The last group of the code, read from the paper.
 */
last_group: string, };
/**
 * Sends back what came.
 */
export type RefuseArrivalForm = { 
/**
 * The parcel.
 */
id: string, 
/**
 * Why.
 */
reason: string, 
/**
 * It was meant for another agency.
 */
misaddressed: boolean, };
/**
 * Numbers and registers an outgoing document.
 */
export type RegisterOutgoingForm = { 
/**
 * The document.
 */
id: string, 
/**
 * The book.
 */
book: string, 
/**
 * Date on the document; empty is today.
 */
on: string, 
/**
 * Symbol; empty builds it by rule.
 */
symbol: string, 
/**
 * The clerk states that the paper is signed.
 */
signed_on_paper: boolean, 
/**
 * The number it bears on paper already, when it is entered again.
 */
paper_number: number | null, };
/**
 * What a leader said.
 */
export type RemarkShown = { 
/**
 * Who and when.
 */
by: By, 
/**
 * The words.
 */
text: string, };
/**
 * An id and an answer.
 */
export type Remarks = { 
/**
 * The id.
 */
id: string, 
/**
 * The words; may be empty where the act says it all.
 */
remarks: string, };
/**
 * A document beside another one: what that takes the place of, or what takes its place.
 */
export type Replacement = { 
/**
 * Number and symbol; empty for a draft, and for what has not come here.
 */
reference: string, 
/**
 * The date on it.
 */
dated: string | null, 
/**
 * The one-sentence summary.
 */
subject: string, 
/**
 * Which way it went.
 */
direction: Direction, 
/**
 * The document on this PC.
 */
document: string | null, 
/**
 * Its card, while it waits in the tray.
 */
card: string | null, };
/**
 * Hands in the result.
 */
export type ReportForm = { 
/**
 * The task.
 */
id: string, 
/**
 * The words.
 */
text: string, 
/**
 * Files.
 */
files: Array<Attachment>, 
/**
 * Outgoing document that is the product.
 */
product: string | null, };
/**
 * One result report.
 */
export type ReportShown = { 
/**
 * Who and when.
 */
by: By, 
/**
 * The words.
 */
text: string, 
/**
 * Files.
 */
files: Array<Attachment>, 
/**
 * Outgoing document that is the product.
 */
product: string | null, 
/**
 * Answered: accepted or not, by whom, with which words.
 */
verdict: [boolean, By, string] | null, };
/**
 * The act and what fills its sentence: `registered`, `1236`.
 */
export type Said = { 
/**
 * Name of the sentence in the page's text.
 */
sentence: string, 
/**
 * What fills it, in order.
 */
with: Array<string>, };
/**
 * The watched folder.
 */
export type ScanFolder = { 
/**
 * Full path; empty stops watching.
 */
path: string, };
/**
 * How the watched folder stands.
 */
export type ScanFolderState = { 
/**
 * The folder; none when none is watched.
 */
folder: string | null, 
/**
 * Why it cannot be watched, in words.
 */
trouble: string | null, 
/**
 * Since when.
 */
trouble_since: number | null, 
/**
 * Cards that wait in the tray.
 */
waiting: number, 
/**
 * Files that were refused and stand in the tray as cards without content: why, newest last.
 */
refused: Array<string>, };
/**
 * What is looked for.
 */
export type SearchAsked = { 
/**
 * What was typed.
 */
text: string, 
/**
 * Narrows it.
 */
filter: DocumentFilter, 
/**
 * Rows; at most 200, 50 when 0.
 */
count: number, 
/**
 * Also tasks, people and books: for the palette.
 */
everything: boolean, };
/**
 * Marks it as sent.
 */
export type SendForm = { 
/**
 * The document.
 */
id: string, 
/**
 * Day it left; empty is today.
 */
on: string, 
/**
 * How: by post, by hand.
 */
how: string, };
/**
 * Acts on their way or back from it, at most 200.
 */
export type SendingList = { 
/**
 * The rows.
 */
rows: Array<SendingRow>, 
/**
 * How many there are in all.
 */
total: number, };
/**
 * One act on its way, or back from it.
 */
export type SendingRow = { 
/**
 * Its name in this list.
 */
id: string, 
/**
 * What it was, by the name of its command: `incoming.register`.
 */
act: string, 
/**
 * What it was about, in words: `số đến 1236`, `123/UBND-VP`.
 */
of: string, 
/**
 * The document or task it was about.
 */
thing: ThingNamed | null, 
/**
 * How urgent that is.
 */
urgency: Urgency, 
/**
 * Who did it.
 */
by: string, 
/**
 * When.
 */
at: number, 
/**
 * What became of it.
 */
stand: SendingStand, 
/**
 * Why it came back: what happened, what is safe, what to do.
 */
why: Failure | null, 
/**
 * It can be done again with one key.
 */
may_redo: boolean, };
/**
 * What became of an act on its way.
 */
export type SendingStand = "waits" | "rejected" | "held";
/**
 * The state of the session.
 */
export type Session = { 
/**
 * Where the program stands.
 */
phase: Phase, 
/**
 * Name of the agency.
 */
agency: string, 
/**
 * Those who can unlock on this PC.
 */
officers: Array<OfficerOnPc>, 
/**
 * Who is at the desk.
 */
officer: OfficerOnPc | null, 
/**
 * Roles of who is at the desk: `clerk`, `leader`, `office_head`, `unit_head`, `official`,
 * `administrator`.
 */
roles: Array<string>, 
/**
 * Unit of who is at the desk.
 */
unit: string, 
/**
 * Today at the office.
 */
today: string, 
/**
 * Idle minutes before the lock.
 */
lock_minutes: number, 
/**
 * A demo profile: officers can be switched without a PIN.
 */
demo: boolean, 
/**
 * Names of screens this officer has, in order.
 */
screens: Array<string>, 
/**
 * Version of the program.
 */
version: string, 
/**
 * The recovery code, told to an administrator after it was made and until he has confirmed
 * that it is on paper. With it the copies and the mirror open on another PC.
 */
recovery_code: string | null, 
/**
 * This administrator has yet to write the recovery code down. Without a code beside it the
 * program ended before he did: then a new one must be made.
 */
recovery_owed: boolean, 
/**
 * The register that was here is gone: this PC was shut out of its agency.
 */
shut_out: boolean, };
/**
 * Everything the wizard asked. The first officer with the role `administrator` founds the agency
 * and must have a PIN.
 */
export type Setup = { 
/**
 * The agency.
 */
agency: AgencyForm, 
/**
 * Kinds in use.
 */
kinds: Array<KindForm>, 
/**
 * Units.
 */
units: Array<UnitSetup>, 
/**
 * Officers.
 */
officers: Array<OfficerSetup>, 
/**
 * Books.
 */
books: Array<BookSetup>, };
/**
 * What was stated of an entry, once.
 */
export type StatedLine = { 
/**
 * When the server took it.
 */
at: number, 
/**
 * Who stated it.
 */
by: string, 
/**
 * Of which agency.
 */
of: string, 
/**
 * What changed.
 */
changes: Array<EntryChange>, };
/**
 * Something that was stated on this PC and that the directory does not say yet.
 */
export type StatementRow = { 
/**
 * Its name.
 */
id: string, 
/**
 * What it calls the agency that it is about.
 */
name: string, 
/**
 * When it was stated.
 */
at: number, 
/**
 * By whom.
 */
by: string, 
/**
 * What is to change.
 */
changes: Array<EntryChange>, 
/**
 * Why the server did not take it; none while it waits.
 */
refused: Failure | null, 
/**
 * The same over the entry that stands now, to be stated again.
 */
again: EntryForm, 
/**
 * Who is named in it as having come after the agency.
 */
heirs: Array<AgencyFound>, };
/**
 * The foot of the window.
 */
export type StatusLine = { 
/**
 * Books this PC holds, with their next numbers.
 */
books: Array<Books>, 
/**
 * Commands kept on this PC.
 */
kept: number, 
/**
 * When the last good copy was made.
 */
copied_at: number | null, 
/**
 * When the mirror last took a command.
 */
mirrored_at: number | null, 
/**
 * A sentence when a copy, the mirror or the disk needs somebody.
 */
warning: string | null, 
/**
 * Counts beside the names of screens: screen, count.
 */
counts: Array<[string, number]>, 
/**
 * How it goes with the server.
 */
line: LineShort, };
/**
 * A step of the way: the page has the words.
 */
export type Step = { 
/**
 * Name: `registered`, `directed`, `reported`, `accepted`, `drafted`, `approved`, …
 */
name: string, 
/**
 * What fills its words.
 */
with: string, 
/**
 * Where it stands.
 */
state: StepState, 
/**
 * When.
 */
at: number | null, };
/**
 * Where a step of the way stands.
 */
export type StepState = "done" | "current" | "ahead";
/**
 * Submits a draft.
 */
export type SubmitDraftForm = { 
/**
 * The draft.
 */
id: string, 
/**
 * The leader.
 */
to: string, };
/**
 * Submits an incoming document to a leader.
 */
export type SubmitForm = { 
/**
 * The document.
 */
id: string, 
/**
 * The leader.
 */
to: string, 
/**
 * What the office proposes.
 */
proposal: string, };
/**
 * Somebody who may lead, proposed first.
 */
export type Suggestion = { 
/**
 * Who.
 */
party: PartyForm, 
/**
 * Open tasks he leads now.
 */
open_tasks: number, };
/**
 * What the assignment box offers.
 */
export type Suggestions = { 
/**
 * For a digit each: at most nine.
 */
first: Array<Suggestion>, 
/**
 * Everybody work can be given to.
 */
all: Array<PartyForm>, 
/**
 * Leaders.
 */
leaders: Array<PartyForm>, 
/**
 * Own phrases, most used first.
 */
phrases: Array<string>, 
/**
 * Proposed deadline as a date.
 */
deadline: Deadline | null, };
/**
 * Asks for the symbol and the number a document would get.
 */
export type SymbolAsked = { 
/**
 * The document.
 */
id: string, 
/**
 * Date; empty is today.
 */
date: string, };
/**
 * The symbol and the number a document would get.
 */
export type SymbolProposed = { 
/**
 * The book that takes its kind.
 */
book: string | null, 
/**
 * Its name.
 */
book_name: string, 
/**
 * The number, when this PC may give it.
 */
number: number | null, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * As printed: `05/QĐ-UBND`.
 */
reference: string, 
/**
 * The last date of the book.
 */
last_date: string | null, };
/**
 * Takes a book that was handed over from its file.
 */
export type TakeOverFile = { 
/**
 * The file.
 */
path: string, };
/**
 * How many open tasks each view has; at most 1,000 each.
 */
export type TaskCounts = { 
/**
 * View and count.
 */
counts: Array<[TaskView, number]>, };
/**
 * Which tasks.
 */
export type TaskFilter = { 
/**
 * Whose.
 */
view: TaskView, 
/**
 * Done and withdrawn ones instead of open ones.
 */
closed: boolean, 
/**
 * Only overdue ones.
 */
overdue: boolean, };
/**
 * Assigns work without a document.
 */
export type TaskForm = { 
/**
 * What is to be done.
 */
content: string, 
/**
 * Lead.
 */
lead: string, 
/**
 * Co-operating.
 */
co: Array<string>, 
/**
 * For information.
 */
information: Array<string>, 
/**
 * Deadline: ISO date, working days as digits, or empty.
 */
deadline: string, 
/**
 * Product asked for.
 */
product: string, };
/**
 * One task, whole.
 */
export type TaskOpened = { 
/**
 * Its line.
 */
row: TaskRow, 
/**
 * Co-operating.
 */
co: Array<PartyForm>, 
/**
 * For information.
 */
information: Array<PartyForm>, 
/**
 * Product asked for.
 */
product: string, 
/**
 * When it was assigned.
 */
assigned_at: number, 
/**
 * Directive it came with.
 */
directive: string, 
/**
 * Progress, newest first.
 */
progress: Array<ProgressShown>, 
/**
 * Reports, newest first.
 */
reports: Array<ReportShown>, 
/**
 * Requests for more time, newest first.
 */
extensions: Array<ExtensionShown>, 
/**
 * The document it comes from.
 */
document: DocumentRow | null, 
/**
 * Files of that document.
 */
attachments: Array<Attachment>, 
/**
 * Drafts that are its product.
 */
drafts: Array<DocumentRow>, 
/**
 * Those it can be passed on to.
 */
transfer_to: Array<PartyForm>, 
/**
 * What this officer may do now.
 */
actions: Array<Action>, };
/**
 * One line of a list of tasks.
 */
export type TaskRow = { 
/**
 * Id.
 */
id: string, 
/**
 * What is to be done.
 */
content: string, 
/**
 * Where it stands.
 */
standing: TaskStanding, 
/**
 * Deadline.
 */
deadline: Deadline | null, 
/**
 * Lead.
 */
lead: PartyForm, 
/**
 * Who assigned it.
 */
assigner: string, 
/**
 * Urgency.
 */
urgency: Urgency, 
/**
 * Progress in percent.
 */
percent: number, 
/**
 * The document it comes from: id and reference.
 */
document: [string, string] | null, 
/**
 * Extension asked for: the new date.
 */
extension: string | null, 
/**
 * The day the result was handed in that was accepted.
 */
done_on: string | null, 
/**
 * Times reminded.
 */
reminders: number, 
/**
 * Not yet opened by this officer.
 */
unread: boolean, 
/**
 * How far it has come on its way to others.
 */
reach: Reach, };
/**
 * Where a task stands.
 */
export type TaskStanding = "not_started" | "in_progress" | "awaiting_acceptance" | "returned" | "done" | "withdrawn";
/**
 * Whose tasks.
 */
export type TaskView = "mine" | "unit" | "assigned" | "all";
/**
 * Tasks, the most pressing first.
 */
export type TaskWindow = { 
/**
 * At most 1,000.
 */
rows: Array<TaskRow>, 
/**
 * More than are shown.
 */
more: boolean, };
/**
 * A thing to go to.
 */
export type ThingNamed = { 
/**
 * `incoming`, `outgoing` or `task`.
 */
kind: string, 
/**
 * Its id.
 */
id: string, };
/**
 * What the page drops from its cache when it is touched.
 */
export type Topic = "documents" | "document" | "tasks" | "books" | "tray" | "administration" | "session" | "backup" | "line" | "history";
/**
 * Passes work on within the unit.
 */
export type TransferForm = { 
/**
 * The task.
 */
id: string, 
/**
 * To whom.
 */
to: string, 
/**
 * The words.
 */
note: string, };
/**
 * The tray.
 */
export type Tray = { 
/**
 * Oldest first.
 */
cards: Array<TrayCard>, 
/**
 * The folder that is watched.
 */
folder: string | null, 
/**
 * Why the folder cannot be watched, in words.
 */
trouble: string | null, };
/**
 * A card.
 */
export type TrayCard = { 
/**
 * Id.
 */
id: string, 
/**
 * The files.
 */
attachments: Array<Attachment>, 
/**
 * Where it came from: `scan`, `dropped`, `exchange`.
 */
source: string, 
/**
 * When.
 */
came_at: number, 
/**
 * What can be said.
 */
state: TrayCardState, 
/**
 * Why it was refused, in words.
 */
reason: string, 
/**
 * A document like it.
 */
twin: Twin | null, 
/**
 * What was typed so far.
 */
fields: Fields, 
/**
 * Subject typed so far, or the name of the file.
 */
title: string, 
/**
 * What came with it from another agency.
 */
arrival: ArrivalShown | null, 
/**
 * Its files that are not on this PC yet, by hash.
 */
elsewhere: Array<string>, };
/**
 * What can be said of a card.
 */
export type TrayCardState = "empty" | "typed" | "twin" | "refused" | "recall" | "recalled";
/**
 * A document like this one.
 */
export type Twin = { 
/**
 * The document.
 */
row: DocumentRow, 
/**
 * The same file; else the same issuer, number, symbol and year.
 */
same_file: boolean, };
/**
 * Documents like this one.
 */
export type Twins = { 
/**
 * At most ten.
 */
twins: Array<Twin>, };
/**
 * Looks for documents like this one.
 */
export type TwinsAsked = { 
/**
 * Number as printed.
 */
number: string, 
/**
 * Symbol.
 */
symbol: string, 
/**
 * Issuer.
 */
issuer: string, 
/**
 * Date on the document, for the year.
 */
issued_on: string, 
/**
 * Files by hash.
 */
blobs: Array<string>, };
/**
 * A date as typed.
 */
export type TypedDate = { 
/**
 * What was typed: `3`, `t6`, `mai`, `25/11`, `25/11/2026`.
 */
text: string, 
/**
 * Digits alone are working days from today; else a day of the month.
 */
deadline: boolean, };
/**
 * A command that takes an act back.
 */
export type Undo = { 
/**
 * Token given to `undo`.
 */
token: string, };
/**
 * A unit as typed; without id it is new.
 */
export type UnitForm = { 
/**
 * Id.
 */
id: string | null, 
/**
 * Name.
 */
name: string, 
/**
 * Abbreviation.
 */
abbreviation: string, 
/**
 * Open.
 */
open: boolean, };
/**
 * A unit.
 */
export type UnitRow = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Abbreviation.
 */
abbreviation: string, 
/**
 * Open.
 */
open: boolean, };
/**
 * A unit to be made.
 */
export type UnitSetup = { 
/**
 * Name.
 */
name: string, 
/**
 * Abbreviation in symbols.
 */
abbreviation: string, };
/**
 * Unlocks.
 */
export type Unlock = { 
/**
 * Who.
 */
officer: string, 
/**
 * PIN of at least six digits; empty in a demo profile.
 */
pin: string, };
/**
 * A file sent by the page itself, in base64, where there are no paths (a browser).
 */
export type UploadFile = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its bytes in base64.
 */
content: string, 
/**
 * Make a card of it; else only store it for an open form.
 */
card: boolean, };
/**
 * The mark on the page.
 */
export type Urgency = "normal" | "urgent" | "very_urgent" | "express";
/**
 * What the check of the register's file found.
 */
export type Verified = { 
/**
 * Commands checked.
 */
commands: number, 
/**
 * Documents checked.
 */
documents: number, 
/**
 * What is wrong, in words; nothing when all is well.
 */
findings: Array<string>, };
/**
 * Lets this PC go on giving numbers without its server.
 */
export type VouchForm = { 
/**
 * One of the vouchers; empty when none of them is there.
 */
officer: string, 
/**
 * His PIN.
 */
pin: string, 
/**
 * Why it cannot wait, when none of them is there.
 */
reason: string, };
/**
 * Somebody let this PC go on giving numbers.
 */
export type Vouched = { 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: number, 
/**
 * Why without the PIN of a leader; empty with it.
 */
reason: string, };
/**
 * Asks for rows by index, newest first.
 */
export type WindowAsked = { 
/**
 * What the list shows.
 */
filter: DocumentFilter, 
/**
 * Index of the first row.
 */
first: number, 
/**
 * Rows; at most 200.
 */
count: number, };
/**
 * Where the window stood: kept for each officer, opaque to everything but the page.
 */
export type WindowPlace = { 
/**
 * JSON text of the page; empty when there is none.
 */
place: string, };
/**
 * Asks for a year.
 */
export type YearAsked = { 
/**
 * The year.
 */
year: number, };
/**
 * A book and a year.
 */
export type YearOfBook = { 
/**
 * The book.
 */
book: string, 
/**
 * The year.
 */
year: number, };
export interface Commands {
  /** Tells where the program stands and who is at the desk. */
  "session": { args: Nothing; answer: Session };
  /** Unlocks for an officer by PIN; also switches officers. */
  "session.unlock": { args: Unlock; answer: Session };
  /** Locks; what is being typed stays. */
  "session.lock": { args: Nothing; answer: Session };
  /** Sets a PIN on this PC. */
  "session.set_pin": { args: PinChange; answer: Done };
  /** Makes a new recovery code; the one on paper opens no copy made from now on. */
  "recovery.renew": { args: Nothing; answer: Session };
  /** Says that the recovery code is on paper: it is not shown again. */
  "recovery.written": { args: RecoveryWritten; answer: Session };
  /** What the foot of the window says. */
  "status": { args: Nothing; answer: StatusLine };
  /** What the wizard of the first run starts from. */
  "setup.defaults": { args: Nothing; answer: DefaultsShown };
  /** Looks up communes by name. */
  "setup.places": { args: PlaceAsked; answer: PlaceFound };
  /** Founds the agency with everything the wizard asked, and unlocks for its administrator. */
  "setup.found": { args: Setup; answer: Session };
  /** What waits for this officer today. */
  "bench": { args: Nothing; answer: Bench };
  /** Rows of a list by exact index, newest first. */
  "documents": { args: WindowAsked; answer: DocumentWindow };
  /** How many documents each state of a list has. */
  "documents.counts": { args: CountsAsked; answer: Counts };
  /** One document, whole. */
  "document": { args: DocumentAsked; answer: DocumentOpened };
  /** History of a document. */
  "document.history": { args: OneId; answer: History };
  /** Search as it is typed. */
  "search": { args: SearchAsked; answer: Found };
  /** The next number of a book and who may give it. */
  "book.next": { args: NextAsked; answer: Next };
  /** Documents like the one being typed. */
  "incoming.twins": { args: TwinsAsked; answer: Twins };
  /** Registers an incoming document. */
  "incoming.register": { args: IncomingForm; answer: Done };
  /** Corrects one field of an incoming document. */
  "incoming.edit": { args: FieldEdit; answer: Done };
  /** Submits an incoming document to a leader. */
  "incoming.submit": { args: SubmitForm; answer: Done };
  /** What the assignment box offers for a document. */
  "incoming.suggestions": { args: OneId; answer: Suggestions };
  /** Gives a directive on one or several documents. */
  "incoming.direct": { args: Directed; answer: Done };
  /** Undoes a directive nobody has seen. */
  "incoming.undo_directive": { args: OneId; answer: Done };
  /** Recalls a directive that was seen. */
  "incoming.recall_directive": { args: Reasoned; answer: Done };
  /** Closes a document that needs nothing more. */
  "incoming.close": { args: Reasoned; answer: Done };
  /** Takes the closing back. */
  "incoming.reopen": { args: Reasoned; answer: Done };
  /** Gives the number of a document that waits for one. */
  "document.number": { args: OneId; answer: Done };
  /** Adds stored files to a document. */
  "document.attach": { args: AttachForm; answer: Done };
  /** Takes a file off a document. */
  "document.detach": { args: DetachForm; answer: Done };
  /** Voids a number, or gives a draft up. */
  "document.void": { args: Reasoned; answer: Done };
  /** Makes a draft, or changes it. */
  "outgoing.draft": { args: DraftForm; answer: Done };
  /** Submits a draft to a leader. */
  "outgoing.submit": { args: SubmitDraftForm; answer: Done };
  /** Takes a submission back. */
  "outgoing.undo_submit": { args: OneId; answer: Done };
  /** Approves a draft. */
  "outgoing.approve": { args: Remarks; answer: Done };
  /** Returns a draft with remarks. */
  "outgoing.return": { args: Remarks; answer: Done };
  /** The symbol and number a document would get. */
  "outgoing.symbol": { args: SymbolAsked; answer: SymbolProposed };
  /** The form of a document that takes the place of one that went out. */
  "outgoing.replacement": { args: OneId; answer: DraftForm };
  /** Numbers and registers an outgoing document. */
  "outgoing.register": { args: RegisterOutgoingForm; answer: Done };
  /** Marks an outgoing document as sent. */
  "outgoing.send": { args: SendForm; answer: Done };
  /** Agencies one can write to, as typed. */
  "agencies.find": { args: AgenciesAsked; answer: AgenciesFound };
  /** Which agencies the recipients of a draft mean. */
  "agencies.group": { args: GroupForm; answer: Done };
  /** Whom the recipients of a draft can only mean. */
  "agencies.meant": { args: OneId; answer: Meant };
  /** Sends a document to agencies. */
  "parcels.issue": { args: IssueForm; answer: Done };
  /** Everybody a document was sent to, and what became of it there. */
  "parcels": { args: OneId; answer: Parcels };
  /** Reminds those that have said nothing. */
  "parcels.chase": { args: ChaseForm; answer: Done };
  /** Calls a document back. */
  "parcels.recall": { args: RecallForm; answer: Done };
  /** Writes a file that proves, on any PC and without a network, what became of a parcel. */
  "parcels.evidence": { args: OneId; answer: EvidenceWritten };
  /** Sends back what came from another agency. */
  "arrivals.refuse": { args: RefuseArrivalForm; answer: Done };
  /** Answers an agency that wants its document back. */
  "arrivals.answer_recall": { args: AnswerRecallForm; answer: Done };
  /** Tasks, the most pressing first. */
  "tasks": { args: TaskFilter; answer: TaskWindow };
  /** How many open tasks each view has. */
  "tasks.counts": { args: Nothing; answer: TaskCounts };
  /** One task, whole; records that this officer has opened it. */
  "task": { args: DocumentAsked; answer: TaskOpened };
  /** History of a task. */
  "task.history": { args: OneId; answer: History };
  /** Assigns work without a document. */
  "task.create": { args: TaskForm; answer: Done };
  /** Reports progress. */
  "task.progress": { args: ProgressForm; answer: Done };
  /** Hands in the result. */
  "task.report": { args: ReportForm; answer: Done };
  /** Takes the result back before it was answered. */
  "task.undo_report": { args: OneId; answer: Done };
  /** Asks for more time. */
  "task.ask_extension": { args: ExtensionAsking; answer: Done };
  /** Grants more time. */
  "task.grant_extension": { args: Remarks; answer: Done };
  /** Refuses more time. */
  "task.refuse_extension": { args: Remarks; answer: Done };
  /** Accepts a result. */
  "task.accept": { args: Remarks; answer: Done };
  /** Returns a result with remarks. */
  "task.return": { args: Remarks; answer: Done };
  /** Passes work on within the unit. */
  "task.transfer": { args: TransferForm; answer: Done };
  /** Reminds the lead. */
  "task.remind": { args: Remarks; answer: Done };
  /** Takes work back that comes from no document. */
  "task.withdraw": { args: Reasoned; answer: Done };
  /** Takes the last act back by its token. */
  "undo": { args: Undo; answer: Done };
  /** Reads a deadline as typed: `3`, `t6`, `mai`, `25/11`, and counts it. */
  "deadline": { args: TypedDate; answer: DateRead };
  /** The books. */
  "books": { args: Nothing; answer: BookList };
  /** A page of a book, as it prints. */
  "book.page": { args: BookPageAsked; answer: BookPage };
  /** Prints a book of a year to PDF. */
  "book.print": { args: YearOfBook; answer: BookPrinted };
  /** Opens or changes a book; a new one is held by this PC. */
  "book.set": { args: BookForm; answer: Done };
  /** States numbers used on paper. */
  "book.paper_range": { args: PaperRange; answer: Done };
  /** Voids a number used on paper. */
  "book.void_number": { args: NumberVoid; answer: Done };
  /** The intake tray. */
  "tray": { args: Nothing; answer: Tray };
  /** Takes files by path: as cards, or for an open form. */
  "files.drop": { args: DropFiles; answer: FilesAdded };
  /** Takes one file from the page. */
  "files.upload": { args: UploadFile; answer: FilesAdded };
  /** Puts a card aside: it was not to be registered. */
  "tray.dismiss": { args: Reasoned; answer: Done };
  /** Agency, kinds, units, officers. */
  "catalogue": { args: Nothing; answer: Catalogue };
  /** Changes the agency. */
  "admin.agency": { args: AgencyForm; answer: Done };
  /** Changes the catalogue of kinds. */
  "admin.kinds": { args: KindsForm; answer: Done };
  /** Makes or changes a unit. */
  "admin.unit": { args: UnitForm; answer: Done };
  /** Makes or changes an officer. */
  "admin.officer": { args: OfficerForm; answer: Done };
  /** The directory of agencies, searched as it is typed, with who keeps it. */
  "directory": { args: DirectoryAsked; answer: DirectoryShown };
  /** One entry of the directory, with what was stated of it. */
  "directory.entry": { args: OneId; answer: DirectoryEntry };
  /** What was typed over an older entry, over the one that stands now. */
  "directory.rebase": { args: EntryForm; answer: EntryForm };
  /** States an entry of the directory; it is said to the server when there is a line. */
  "directory.state": { args: EntryForm; answer: Done };
  /** Lets a statement go that the server did not take. */
  "directory.let_go": { args: OneId; answer: Done };
  /** The days of a year. */
  "calendar": { args: YearAsked; answer: CalendarYear };
  /** Sets the days of a year. */
  "admin.calendar": { args: CalendarForm; answer: Done };
  /** Chooses the watched folder. */
  "admin.scan_folder": { args: ScanFolder; answer: Done };
  /** The watched folder, and how it stands. */
  "scan_folder": { args: Nothing; answer: ScanFolderState };
  /** How copies stand. */
  "backup": { args: Nothing; answer: BackupState };
  /** Chooses where copies go. */
  "admin.backup": { args: BackupChosen; answer: Done };
  /** Makes a copy now, and verifies it. */
  "backup.now": { args: Nothing; answer: BackupState };
  /** Checks every invariant of the register's file. */
  "verify": { args: Nothing; answer: Verified };
  /** How this PC stands to its server. */
  "line": { args: Nothing; answer: LineState };
  /** Acts of this PC that wait for the server's answer. */
  "line.sending": { args: Nothing; answer: SendingList };
  /** Acts of this PC that were not taken. */
  "line.returned": { args: Nothing; answer: SendingList };
  /** Lets an act go that was not taken. */
  "line.let_go": { args: OneId; answer: Done };
  /** Does an act again that was not taken. */
  "line.redo": { args: OneId; answer: Done };
  /** Documents whose stamped number clashes. */
  "held": { args: Nothing; answer: HeldList };
  /** Decides about a stamped number that clashes. */
  "held.decide": { args: HeldDecided; answer: Done };
  /** The version of the program, the next one, and the one before. */
  "program": { args: Nothing; answer: ProgramState };
  /** Goes back to the version before this one from the next start on, or stays after all. */
  "program.back": { args: ProgramBack; answer: Done };
  /** Switches the line off or on, in a demo. */
  "line.switch": { args: LineSwitch; answer: LineState };
  /** Lets large files come only when they are opened, or all by themselves. */
  "line.save": { args: LineSaver; answer: LineState };
  /** Meets the server now, and waits until all was said. */
  "line.meet": { args: Nothing; answer: LineState };
  /** Brings the agency of this PC to a server. */
  "line.adopt": { args: AdoptForm; answer: LineState };
  /** Joins an agency with a code from paper, on a new PC. */
  "setup.enrol": { args: EnrolForm; answer: Session };
  /** Joins again as a new PC, where another copy of this one was at the server before. */
  "line.enrol_again": { args: EnrolForm; answer: Session };
  /** Makes a code for an officer who comes to a new PC. */
  "admin.code": { args: CodeForm; answer: CodeShown };
  /** The PCs of the agency. */
  "pcs": { args: Nothing; answer: PcList };
  /** Shuts a PC out that was lost or stolen. */
  "admin.revoke_pc": { args: Reasoned; answer: Done };
  /** Declares a PC destroyed. */
  "admin.retire_pc": { args: Reasoned; answer: Done };
  /** Asks to give the numbers of a book on this PC. */
  "book.take": { args: OneId; answer: Done };
  /** Gives a book back to the server. */
  "book.release": { args: OneId; answer: Done };
  /** Hands a book over to another PC. */
  "book.hand_over": { args: HandOverForm; answer: Done };
  /** Takes a book over from a hand-over file. */
  "book.take_over": { args: TakeOverFile; answer: Done };
  /** Takes a book over from a PC that is gone. */
  "book.force": { args: ForceForm; answer: Done };
  /** Carries what a PC did that is gone, from its mirror. */
  "line.carry_mirror": { args: MirrorForm; answer: Done };
  /** A second person states the last number on paper. */
  "book.confirm_last": { args: ConfirmLastForm; answer: Done };
  /** Lets this PC go on giving numbers that has not met its server for long. */
  "book.vouch": { args: VouchForm; answer: Done };
  /** Keeps what is being typed. */
  "typing.save": { args: DraftSaved; answer: Nothing };
  /** What this officer was typing. */
  "typing": { args: Nothing; answer: Drafts };
  /** Keeps where the window stood. */
  "window.save": { args: WindowPlace; answer: Nothing };
  /** Where the window stood. */
  "window": { args: Nothing; answer: WindowPlace };
  /** Own phrases for directives, to keep. */
  "phrases.save": { args: Phrases; answer: Nothing };
}
