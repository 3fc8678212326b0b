//! Everything that is derived from one document or task: its buckets, words, numbers, relations.
//! Pure, so that a rebuilt index is the index that acts wrote.
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use register::{
    Arrival, BlobId, BookId, Direction, HeldNumber, Incoming, Key, OfficerId, Outgoing, ParcelId,
    Party, Scope, Stage, State, Task, Urgency, audience, reference,
};

use crate::day::{day_of, wanted};
use crate::shown::{Words, number_text, shown_incoming, shown_outgoing};
use crate::standing::{DocumentStanding, is_urgent, standing_of_incoming, standing_of_outgoing};

/// Who sees a document without being named on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// The whole office.
    Public,
    /// Clerks, leaders, the office head.
    Staff,
    /// Only those it names.
    Restricted,
}

impl Class {
    pub(crate) fn letter(self) -> char {
        match self {
            Class::Public => 'p',
            Class::Staff => 's',
            Class::Restricted => 'r',
        }
    }
}

/// What stands in the mark of a document, before its book has a small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marked {
    pub direction: Direction,
    pub standing: DocumentStanding,
    pub urgency: Urgency,
    pub book: Option<BookId>,
    pub class: Class,
    /// It carries a stamped number that is another's.
    pub clash: bool,
}

/// How one thing hangs on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// A task given from a document.
    TaskOf = 1,
    /// An outgoing document that is the product of a task.
    DraftOf = 2,
    /// An outgoing document that answers an incoming one.
    AnswerTo = 3,
    /// What came from another agency and waits for a clerk; it hangs on [`TRAY`].
    Waits = 4,
    /// A document that takes the place of another, or what came in place of what had come.
    ReplacementOf = 5,
}

/// What an officer has to do with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TaskRole {
    /// May see it.
    Sees = 0,
    /// Leads or co-operates.
    Works = 1,
    /// Gave it.
    Assigned = 2,
}

/// Where a task stands, as far as lists are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Something is to be done by those who work on it.
    Open = 0,
    /// The result waits for its answer.
    Waiting = 1,
    /// Done or withdrawn.
    Closed = 2,
}

/// What everything hangs on that came from another agency and waits for a clerk.
pub(crate) const TRAY: Key = Key::Arrival(ParcelId([0; 16]));

/// The rank of an open task without a deadline: after all others.
pub(crate) const NO_DEADLINE_RANK: i64 = 1 << 40;

/// Everything derived from one state; empty for what is neither document nor task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filing {
    pub marked: Option<Marked>,
    pub wide: BTreeSet<String>,
    pub personal: BTreeSet<String>,
    pub words: Words,
    pub typed_numbers: BTreeSet<String>,
    pub number: Option<(BookId, i16, u32)>,
    /// 57a: it stands in the book behind 57.
    pub lettered: BTreeSet<(BookId, i16, u32, String)>,
    pub reference: Option<(i16, String)>,
    pub waiting: Option<(BookId, i64)>,
    pub twin: Option<[u8; 16]>,
    /// Files it names, and the bytes it says they have.
    pub blobs: BTreeMap<BlobId, u64>,
    pub issuer: Option<String>,
    pub relations: BTreeSet<(Key, Relation)>,
    /// Its files overtake others, although it stands in no list.
    pub urgent: bool,
    pub unread: BTreeMap<OfficerId, i64>,
    pub task_scopes: BTreeSet<(String, TaskRole, Phase, i64)>,
    /// The day it came or was made.
    pub day: Option<i64>,
}

/// How much of a filing is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Everything.
    Whole,
    /// Only its lists: the state itself is unchanged, but a task of it is not.
    Lists,
}

/// Files a state; `tasks` are those that an incoming document gave and that are in force.
pub(crate) fn file(state: &State, tasks: &[Task], depth: Depth) -> Filing {
    match state {
        State::Incoming(document) => {
            let (marked, parties) = marked_incoming(state, document, tasks);
            let lists = placed(state, &marked, &parties);
            match depth {
                Depth::Whole => file_incoming(state, document, lists),
                Depth::Lists => lists,
            }
        }
        State::Outgoing(document) => file_outgoing(state, document),
        State::Task(task) => file_task(state, task),
        State::Arrival(arrival) => file_arrival(arrival),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Book(_)
        | State::Year(_) => Filing::default(),
    }
}

/// Stands before every tag, so that no typed word can be one.
pub(crate) const TAG: char = '\u{e000}';

/// The tag of a circle of people in the search index.
pub(crate) fn tag_of(scope: &Scope) -> String {
    match scope {
        Scope::Everyone => format!("{TAG}p"),
        Scope::Staff => format!("{TAG}s"),
        Scope::Unit(id) => format!("{TAG}g{id}"),
        Scope::Officer(id) => format!("{TAG}u{id}"),
    }
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Incoming => "in",
        Direction::Outgoing => "out",
    }
}

/// What a bucket of the whole office or the staff holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    All,
    Open,
    UrgentOpen,
    Clash,
    Standing(DocumentStanding),
}

impl Held {
    fn name(self) -> &'static str {
        match self {
            Held::All => "all",
            Held::Open => "open",
            Held::UrgentOpen => "urgent",
            Held::Clash => "clash",
            Held::Standing(standing) => standing.name(),
        }
    }
}

/// What narrows a bucket beside [`Held`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Anywhere,
    InBook(BookId),
    ByParty(Scope),
    ByPartyInBook(Scope, BookId),
}

/// The name of a bucket.
pub(crate) fn bucket_name(class: Class, direction: Direction, kept: Kept, held: Held) -> String {
    let (letter, direction, held) = (class.letter(), direction_name(direction), held.name());
    match kept {
        Kept::Anywhere => format!("{letter}/{direction}/{held}"),
        Kept::InBook(book) => format!("{letter}/{direction}/book:{book}/{held}"),
        Kept::ByParty(party) => format!("{letter}/{direction}/{}/{held}", party.name()),
        Kept::ByPartyInBook(party, book) => {
            format!("{letter}/{direction}/{}/book:{book}/{held}", party.name())
        }
    }
}

/// The name of a bucket of a circle of people.
pub(crate) fn personal_name(class: Class, scope: &Scope) -> String {
    format!("{}:{}", class.letter(), scope.name())
}

fn wide_buckets(marked: &Marked, parties: &BTreeSet<Scope>) -> BTreeSet<String> {
    let mut held = vec![Held::All, Held::Standing(marked.standing)];
    if marked.standing.is_open() {
        held.push(Held::Open);
        if is_urgent(marked.urgency) {
            held.push(Held::UrgentOpen);
        }
    }
    if marked.clash {
        held.push(Held::Clash);
    }
    let mut kept = vec![Kept::Anywhere];
    kept.extend(marked.book.map(Kept::InBook));
    kept.extend(parties.iter().copied().map(Kept::ByParty));
    if let Some(book) = marked.book {
        kept.extend(parties.iter().map(|party| Kept::ByPartyInBook(*party, book)));
    }
    kept.into_iter()
        .flat_map(|kept| held.iter().map(move |held| (kept, *held)))
        .map(|(kept, held)| bucket_name(marked.class, marked.direction, kept, held))
        .collect()
}

fn class_of(scopes: &BTreeSet<Scope>) -> Class {
    if scopes.contains(&Scope::Everyone) {
        Class::Public
    } else if scopes.contains(&Scope::Staff) {
        Class::Staff
    } else {
        Class::Restricted
    }
}

fn people(scopes: &BTreeSet<Scope>) -> impl Iterator<Item = &Scope> {
    scopes.iter().filter(|scope| match scope {
        Scope::Everyone | Scope::Staff => false,
        Scope::Unit(_) | Scope::Officer(_) => true,
    })
}

/// Fills in what depends only on who may see a document and how it is marked.
fn placed(state: &State, marked: &Marked, parties: &BTreeSet<Scope>) -> Filing {
    let scopes = audience(state);
    let class = marked.class;
    let mut filing = Filing {
        marked: Some(*marked),
        wide: wide_buckets(marked, parties),
        day: wanted(state).map(|wanted| wanted.day),
        ..Filing::default()
    };
    let mut tags = Vec::new();
    if class == Class::Public {
        tags.push(tag_of(&Scope::Everyone));
    } else {
        filing.personal = people(&scopes).map(|scope| personal_name(class, scope)).collect();
        tags.extend(people(&scopes).map(tag_of));
    }
    filing.words.tags = tags.join(" ");
    filing
}

fn party_scope(party: Party) -> Scope {
    match party {
        Party::Officer(id) => Scope::Officer(id),
        Party::Unit(id) => Scope::Unit(id),
    }
}

/// A number or reference as people type it: folded, without white space and leading zeros.
pub(crate) fn typed_number(text: &str) -> String {
    let folded: String = text::fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    folded.trim_start_matches('0').to_string()
}

fn typed_numbers(number: &str, symbol: &str) -> BTreeSet<String> {
    let mut typed = BTreeSet::new();
    typed.insert(typed_number(number));
    if !number.is_empty() && !symbol.is_empty() {
        typed.insert(typed_number(&reference(number, symbol)));
    }
    typed.remove("");
    typed
}

/// What makes two incoming documents the same: issuer, number, symbol and year.
pub(crate) fn twin_print(issuer: &str, number: &str, symbol: &str, year: i16) -> Option<[u8; 16]> {
    let number = text::match_key(number);
    let number = number.trim_start_matches('0');
    if number.is_empty() || issuer.trim().is_empty() {
        return None;
    }
    let mut hasher = Sha256::new();
    for part in [text::match_key(issuer).as_str(), number, text::match_key(symbol).as_str()] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(year.to_be_bytes());
    let digest: [u8; 32] = hasher.finalize().into();
    let mut print = [0; 16];
    for (slot, byte) in print.iter_mut().zip(digest) {
        *slot = byte;
    }
    Some(print)
}

fn marked_incoming(
    state: &State,
    document: &Incoming,
    tasks: &[Task],
) -> (Marked, BTreeSet<Scope>) {
    let marked = Marked {
        direction: Direction::Incoming,
        standing: standing_of_incoming(document, tasks),
        urgency: document.fields.urgency,
        book: Some(document.book),
        class: class_of(&audience(state)),
        clash: document.held.iter().any(HeldNumber::is_open),
    };
    let parties = document
        .in_force()
        .flat_map(|directive| directive.parties.iter().copied().map(party_scope))
        .collect();
    (marked, parties)
}

fn file_incoming(state: &State, document: &Incoming, mut filing: Filing) -> Filing {
    let fields = &document.fields;
    let number = number_text(state);
    filing.words = shown_incoming(document, &number).folded(filing.words.tags);
    filing.typed_numbers = typed_numbers(&fields.number, &fields.symbol);
    filing.typed_numbers.extend(Some(number).filter(|number| !number.is_empty()));
    filing.number = document.number.map(|number| (document.book, document.year, number));
    if document.number.is_none() {
        filing.lettered = lettered(document.book, &document.held);
    }
    filing.blobs = document.attachments.iter().map(|file| (file.blob, file.size)).collect();
    filing.issuer = Some(fields.issuer.clone());
    if document.void.is_none() {
        let year = fields.issued_on.unwrap_or(document.arrived_on).year();
        filing.twin = twin_print(&fields.issuer, &fields.number, &fields.symbol, year);
        if document.number.is_none() && document.held.is_empty() {
            filing.waiting = Some((document.book, document.registered_at.0));
        }
        filing.unread = unread_incoming(document);
    }
    filing
}

fn lettered(book: BookId, held: &[HeldNumber]) -> BTreeSet<(BookId, i16, u32, String)> {
    let with_letter =
        |held: &HeldNumber| Some((book, held.year, held.number, held.suffix.clone()?));
    held.iter().filter_map(with_letter).collect()
}

fn unread_incoming(document: &Incoming) -> BTreeMap<OfficerId, i64> {
    let mut unread = BTreeMap::new();
    if let Some((to, at)) = document.submitted {
        unread.insert(to, at.0);
    }
    for directive in document.in_force() {
        for party in directive.parties.iter().chain(&directive.information) {
            match party {
                Party::Officer(id) => {
                    unread.insert(*id, directive.at.0);
                }
                Party::Unit(_) => {}
            }
        }
    }
    unread.retain(|officer, _| !document.seen.contains_key(officer));
    unread
}

fn file_outgoing(state: &State, document: &Outgoing) -> Filing {
    let marked = Marked {
        direction: Direction::Outgoing,
        standing: standing_of_outgoing(document),
        urgency: document.fields.urgency,
        book: document.given.as_ref().map(|given| given.book),
        class: class_of(&audience(state)),
        clash: document.held.iter().any(HeldNumber::is_open),
    };
    let mut parties = BTreeSet::from([Scope::Officer(document.drafted_by)]);
    parties.extend(document.fields.unit.map(Scope::Unit));
    let mut filing = placed(state, &marked, &parties);
    let number = number_text(state);
    filing.words = shown_outgoing(document, &number).folded(filing.words.tags);
    filing.blobs = document.attachments.iter().map(|file| (file.blob, file.size)).collect();
    if let Some(given) = &document.given {
        filing.typed_numbers = typed_numbers(&number, &given.symbol);
        match given.number {
            Some(no) => {
                filing.number = Some((given.book, given.year, no));
                filing.reference = Some((given.year, reference(&number, &given.symbol)));
            }
            None if document.void.is_none() && document.held.is_empty() => {
                filing.waiting = Some((given.book, given.at.0))
            }
            None => filing.lettered = lettered(given.book, &document.held),
        }
    }
    filing.relations = relations(document);
    if document.void.is_none()
        && document.given.is_none()
        && let Stage::Submitted { to, at } = document.stage
        && document.seen.get(&to).is_none_or(|seen| *seen < at)
    {
        filing.unread.insert(to, at.0);
    }
    filing
}

fn relations(document: &Outgoing) -> BTreeSet<(Key, Relation)> {
    let Outgoing { task, answers, replaces, .. } = document;
    let mut relations = BTreeSet::new();
    relations.extend(task.map(|task| (Key::Task(task), Relation::DraftOf)));
    relations.extend(answers.map(|document| (Key::Incoming(document), Relation::AnswerTo)));
    relations.extend(replaces.map(|document| (Key::Outgoing(document), Relation::ReplacementOf)));
    relations
}

/// What has come is no document yet, but a clerk reads its files: they are fetched at once.
fn file_arrival(arrival: &Arrival) -> Filing {
    let mut filing = Filing { day: Some(day_of(arrival.arrived_at.date())), ..Filing::default() };
    if !arrival.is_recalled() {
        let files = arrival.letter.files.iter();
        filing.blobs = files.map(|file| (file.blob, file.size)).collect();
        filing.urgent = is_urgent(arrival.letter.urgency);
    }
    // One that was taken back before anybody had it is shown for a while: its card is gone else.
    let vanished = arrival.is_recalled() && arrival.taken_in.is_none();
    if arrival.waits() || vanished {
        filing.relations.insert((TRAY, Relation::Waits));
    }
    let replaced = arrival.replaces.map(|parcel| (Key::Arrival(parcel), Relation::ReplacementOf));
    filing.relations.extend(replaced);
    filing
}

fn file_task(state: &State, task: &Task) -> Filing {
    let phase = match task.standing() {
        register::Standing::AwaitingAcceptance => Phase::Waiting,
        register::Standing::Done | register::Standing::Withdrawn => Phase::Closed,
        register::Standing::NotStarted
        | register::Standing::InProgress
        | register::Standing::Returned => Phase::Open,
    };
    let rank = match phase {
        Phase::Open | Phase::Waiting => task.deadline.map_or(NO_DEADLINE_RANK, day_of),
        Phase::Closed => -task.assigned_at.0,
    };
    let day = Some(day_of(task.assigned_at.date()));
    let mut filing = Filing { day, ..Filing::default() };
    let mut put = |scope: Scope, role| filing.task_scopes.insert((scope.name(), role, phase, rank));
    for scope in audience(state) {
        put(scope, TaskRole::Sees);
    }
    put(party_scope(task.lead), TaskRole::Works);
    for party in &task.co {
        put(party_scope(*party), TaskRole::Works);
    }
    put(Scope::Officer(task.assigner), TaskRole::Assigned);
    filing.relations = task
        .document
        .map(|document| (Key::Incoming(document), Relation::TaskOf))
        .into_iter()
        .collect();
    let files = task.reports.iter().flat_map(|report| &report.files);
    filing.blobs = files.map(|file| (file.blob, file.size)).collect();
    if task.is_open() {
        for party in [task.lead].iter().chain(&task.co).chain(&task.information) {
            match party {
                Party::Officer(id) if !task.seen.contains_key(id) => {
                    filing.unread.insert(*id, task.assigned_at.0);
                }
                Party::Officer(_) | Party::Unit(_) => {}
            }
        }
    }
    filing
}
