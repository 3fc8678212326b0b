//! Every invariant of the file looked at: chain, signatures, replay, numbers, derived tables.
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::types::Value;

use register::{Book, BookId, Command, Deed, DeviceId, Key, State};
use sync::{Hash, Link, VerifyingKey, decode, genesis, link_hash, verify};

use crate::connection::{Checkpoints, OpenOptions, Synchronous, beside};
use crate::error::{Doing, StoreError};
use crate::keys::key_from;
use crate::log::Logged;
use crate::perform::OUTCOME;
use crate::rebuild::Progress;
use crate::replay::{TakeInFault, take_in_unsigned};
use crate::store::Store;
use crate::verify_line::{check_overlay, copy_states};
use crate::view::View;

/// Findings one report lists.
const FINDINGS_MAX: usize = 200;
/// Commands looked at together.
const COMMANDS_TOGETHER: u32 = 500;
/// Lines of a book looked at together.
const LINES_TOGETHER: u32 = 500;
/// Characters of a row that differs, as it is told.
const ROW_CHARS_MAX: usize = 600;
/// Lines of history of a book that are looked at for paper ranges.
const BOOK_TRAIL_MAX: u32 = 10_000;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by what it says")]
pub enum Finding {
    /// SQLite or the cipher says that a page is damaged.
    Page { said: String },
    /// The entry does not follow from the one before it.
    ChainBroken { seq: u64 },
    /// The number of the command is not the next one of its device.
    CommandNumber { seq: u64 },
    /// The time of the command is not after the one before it.
    CommandTime { seq: u64 },
    /// No key of the actor made this signature.
    Signature { seq: u64 },
    /// Its row does not say what its signed bytes say.
    Columns { seq: u64 },
    /// The bytes are no command.
    Unreadable { seq: u64 },
    /// The rules refuse what was accepted.
    Refused { seq: u64, why: String },
    /// A table holds something else than the commands make.
    Differs { table: &'static str, of: Option<Key>, row: String },
    /// A number is no document, no void and no placeholder, or more than one of them.
    Number { book: BookId, year: i16, number: u32 },
    /// A number has an earlier date than the number before it.
    DateBack { book: BookId, year: i16, number: u32 },
}

/// What looking at everything found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Commands looked at.
    pub commands: u64,
    /// States looked at.
    pub states: u64,
    /// Numbers looked at.
    pub numbers: u64,
    /// What is not as it must be; empty when all is well.
    pub findings: Vec<Finding>,
    /// There is more than is listed.
    pub more: bool,
}

impl VerifyReport {
    /// Whether all is well.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && !self.more
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more = true;
        }
    }
}

/// Tables that replay must make again, each in an order both files have.
const TABLES: &[(&str, &str)] = &[
    ("state", "SELECT key, ver, ord, body FROM state ORDER BY key"),
    ("trail", "SELECT key, seq, part, body FROM trail ORDER BY key, seq, part"),
    (
        "doc",
        "
        SELECT doc.ord, state.key, doc.mark & 2047, bucket.name
        FROM doc
        JOIN state ON state.row = doc.state
        LEFT JOIN bucket ON bucket.id = doc.mark >> 11
        ORDER BY doc.ord",
    ),
    (
        "posting",
        "
        SELECT bucket.name, posting.ord
        FROM bucket
        CROSS JOIN posting ON posting.bucket = bucket.id
        ORDER BY bucket.name, posting.ord",
    ),
    (
        "bucket_day",
        "
        SELECT bucket.name, bucket_day.day, bucket_day.n
        FROM bucket
        CROSS JOIN bucket_day ON bucket_day.bucket = bucket.id
        ORDER BY bucket.name, bucket_day.day",
    ),
    ("bucket", "SELECT name, total FROM bucket WHERE total <> 0 ORDER BY name"),
    (
        "personal",
        "
        SELECT bucket.name, personal.ord, personal.mark & 2047
        FROM bucket
        CROSS JOIN personal ON personal.bucket = bucket.id
        ORDER BY bucket.name, personal.ord",
    ),
    ("number", "SELECT book, year, no, key FROM number ORDER BY book, year, no"),
    (
        "lettered",
        "SELECT book, year, no, letter, key FROM lettered ORDER BY book, year, no, letter, key",
    ),
    ("reference", "SELECT year, text, key FROM reference ORDER BY year, text"),
    ("waiting", "SELECT book, at, key FROM waiting ORDER BY book, at, key"),
    ("typed_number", "SELECT text, ord FROM typed_number ORDER BY text, ord"),
    ("twin", "SELECT print, key FROM twin ORDER BY print, key"),
    ("blob_use", "SELECT blob, key FROM blob_use ORDER BY blob, key"),
    ("issuer", "SELECT name, uses FROM issuer ORDER BY name"),
    (
        "task_scope",
        "
        SELECT bucket.name, role, phase, rank, task
        FROM bucket
        CROSS JOIN task_scope ON task_scope.scope = bucket.id
        ORDER BY bucket.name, role, phase, rank, task",
    ),
    ("relation", "SELECT of, kind, key FROM relation ORDER BY of, kind, key"),
    ("unread", "SELECT officer, kind, at, key FROM unread ORDER BY officer, kind, at, key"),
    ("words", "SELECT term, col, doc FROM temp.words_terms ORDER BY term, col"),
    // Words of older contents stay, so the tables are not the same; none that is used is missing.
    (
        "form",
        "
        SELECT DISTINCT word
        FROM form
        WHERE word IN (SELECT term FROM temp.words_terms WHERE col <> 'tags')
        ORDER BY word",
    ),
];

impl Store {
    /// Looks at every invariant of the file: its pages, the chain and the signatures of its log,
    /// that its commands replayed make its states and derived tables, that no number is missing.
    /// Works on a snapshot; the program goes on meanwhile. Needs as much free disk as the file has.
    ///
    /// # Errors
    /// Faults that keep it from looking; what it finds is in the report.
    pub fn verify(&self, progress: &mut dyn FnMut(Progress)) -> Result<VerifyReport, StoreError> {
        let scratch = Scratch::beside(self)?;
        // Pages of an unfinished folding are torn in the file and whole in the log; the check of
        // the cipher looks at the file alone. Read-only, or with a reader in the way, it goes on.
        if let Err(fault) = self.checkpoint() {
            tracing::debug!(%fault, "the log was not folded before the check");
        }
        self.read(|view| {
            let mut report = VerifyReport::default();
            check_pages(view.conn, &mut report)?;
            let source = source_of(view)?;
            check_log(view, (&scratch.store, source), &mut report, progress)?;
            if source == Source::Server {
                copy_states(view, &scratch.store)?;
                scratch.store.rebuild_derived(progress)?;
            }
            scratch.store.read(|made| compare(view.conn, made.conn, source, &mut report))?;
            if source == Source::Server {
                check_overlay(view, &mut report)?;
            }
            check_numbers(view, source, &mut report)?;
            Ok::<_, StoreError>(report)
        })
    }
}

/// Where the states of a register come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// From the commands of this PC: they make every state again.
    ThisPc,
    /// From the log of its agency.
    Server,
}

fn source_of(view: &View<'_>) -> Result<Source, StoreError> {
    Ok(if view.line()?.is_some() { Source::Server } else { Source::ThisPc })
}

/// A register that is replayed into and thrown away.
struct Scratch {
    store: Store,
    files: Vec<PathBuf>,
}

impl Scratch {
    fn beside(of: &Store) -> Result<Scratch, StoreError> {
        let path = beside(of.path(), ".verify");
        let files = vec![path.clone(), beside(&path, "-wal"), beside(&path, "-shm")];
        forget(&files);
        let options = OpenOptions {
            synchronous: Synchronous::Off,
            checkpoints: Checkpoints::Background,
            vfs: None,
            ..OpenOptions::default()
        };
        let store = Store::create(&path, &of.site.key, of.device(), &options)?;
        Ok(Scratch { store, files })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        forget(&self.files);
    }
}

fn forget(files: &[PathBuf]) {
    for file in files {
        if let Err(fault) = fs::remove_file(file)
            && fault.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%fault, "a scratch file was not removed");
        }
    }
}

fn check_pages(conn: &Connection, report: &mut VerifyReport) -> Result<(), StoreError> {
    for pragma in ["cipher_integrity_check", "quick_check"] {
        let mut said: Vec<String> = Vec::new();
        conn.pragma_query(None, pragma, |row| {
            said.push(row.get(0)?);
            Ok(())
        })
        .doing("looking at the pages")?;
        for said in said.into_iter().filter(|said| said != "ok") {
            report.found(Finding::Page { said });
        }
    }
    Ok(())
}

/// The end of the log while it is walked.
#[derive(Default)]
struct Walk {
    previous: Option<Hash>,
    last: BTreeMap<DeviceId, (u64, i64)>,
    broken: bool,
}

fn check_log(
    view: &View<'_>,
    (scratch, source): (&Store, Source),
    report: &mut VerifyReport,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    let total = view.commands_kept()?;
    let mut walk = Walk::default();
    loop {
        let some = view.commands_since(report.commands, COMMANDS_TOGETHER)?;
        let Some(end) = some.last().map(|entry| entry.seq) else { return Ok(()) };
        scratch.batch(|batch| {
            for entry in &some {
                check_entry(view, entry, &mut walk, report)?;
                if walk.broken || source == Source::Server {
                    continue;
                }
                match take_in_unsigned(batch, &entry.envelope) {
                    Ok(_) => {}
                    Err(TakeInFault::Store(fault)) => return Err(fault),
                    Err(TakeInFault::Replay(fault)) => {
                        // Nothing after it can be decided as it was.
                        walk.broken = true;
                        let why = fault.to_string();
                        report.found(Finding::Refused { seq: entry.seq, why });
                    }
                }
            }
            Ok(())
        })?;
        report.commands = end;
        progress(Progress { done: end, total });
    }
}

fn check_entry(
    view: &View<'_>,
    entry: &Logged,
    walk: &mut Walk,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let seq = entry.seq;
    let Ok(command) = decode(&entry.envelope.raw) else {
        walk.broken = true;
        report.found(Finding::Unreadable { seq });
        return Ok(());
    };
    let previous = walk.previous.unwrap_or_else(|| genesis(command.org));
    let link = Link { seq, at: command.at.0, outcome: OUTCOME, eff: b"" };
    if link_hash(&previous, link, &entry.envelope) != entry.hash {
        report.found(Finding::ChainBroken { seq });
    }
    walk.previous = Some(entry.hash);
    if !stands_in_its_row(view, seq, &command)? {
        report.found(Finding::Columns { seq });
    }
    let (n, at) = walk.last.get(&command.dev).copied().unwrap_or_default();
    if command.n != n + 1 && !view.was_adopted(command.n.saturating_sub(1))? {
        report.found(Finding::CommandNumber { seq });
    }
    if command.at.0 <= at {
        report.found(Finding::CommandTime { seq });
    }
    walk.last.insert(command.dev, (command.n, command.at.0));
    let keys = view.officer_keys(command.actor)?;
    let signed = keys
        .iter()
        .filter_map(|key| VerifyingKey::from_bytes(key).ok())
        .any(|key| verify(&entry.envelope, &key).is_ok());
    if !signed {
        report.found(Finding::Signature { seq });
    }
    Ok(())
}

/// Whether the row of a command says what was signed.
fn stands_in_its_row(view: &View<'_>, seq: u64, command: &Command) -> Result<bool, StoreError> {
    let sql = "
        SELECT 1
        FROM command
        WHERE seq = ?1 AND dev = ?2 AND n = ?3 AND id = ?4 AND at = ?5 AND actor = ?6";
    let Command { dev, n, id, at, actor, .. } = command;
    Ok(view.one(sql, (seq, dev.0, n, id.0, at.0, actor.0), |_| Ok(()))?.is_some())
}

fn compare(
    kept: &Connection,
    made: &Connection,
    source: Source,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    for conn in [kept, made] {
        conn.execute_batch(
            "
            PRAGMA query_only = OFF;
            CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_terms
            USING fts5vocab('main', 'words', 'col');
            PRAGMA query_only = ON;",
        )
        .doing("looking into the search index")?;
    }
    for (table, sql) in TABLES {
        // What was done elsewhere is told by the log, not by the commands of this PC.
        if source == Source::Server && *table == "trail" {
            continue;
        }
        let states = compare_table(kept, made, (table, sql), report)?;
        if *table == "state" {
            report.states = states;
        }
    }
    Ok(())
}

/// Walks a table in both files side by side; the first difference of a table says enough.
fn compare_table(
    kept: &Connection,
    made: &Connection,
    (table, sql): (&'static str, &str),
    report: &mut VerifyReport,
) -> Result<u64, StoreError> {
    let mut kept = kept.prepare(sql).doing("comparing tables")?;
    let mut made = made.prepare(sql).doing("comparing tables")?;
    let columns = kept.column_count();
    let mut kept = kept.query([]).doing("comparing tables")?;
    let mut made = made.query([]).doing("comparing tables")?;
    let mut rows = 0;
    loop {
        let one = values(kept.next().doing("comparing tables")?, columns)?;
        let other = values(made.next().doing("comparing tables")?, columns)?;
        if one != other {
            let row = format!("{:?} instead of {:?}", one, other);
            let row = row.chars().take(ROW_CHARS_MAX).collect();
            let of = thing_of(one.as_deref(), other.as_deref());
            report.found(Finding::Differs { table, of, row });
            return Ok(rows);
        }
        if one.is_none() {
            return Ok(rows);
        }
        rows += 1;
    }
}

/// The thing a row is about that differs: where two rows are about two things, the one that comes
/// first is missing on the other side.
fn thing_of(one: Option<&[Value]>, other: Option<&[Value]>) -> Option<Key> {
    let named = |row: &[Value]| {
        row.iter().find_map(|value| match value {
            Value::Blob(bytes) => key_from(bytes).ok(),
            Value::Null | Value::Integer(_) | Value::Real(_) | Value::Text(_) => None,
        })
    };
    let (one, other) = (one.and_then(named), other.and_then(named));
    one.into_iter().chain(other).min()
}

fn values(
    row: Option<&rusqlite::Row<'_>>,
    columns: usize,
) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    (0..columns).map(|at| row.get(at)).collect::<Result<_, _>>().map(Some).doing("comparing rows")
}

fn check_numbers(
    view: &View<'_>,
    source: Source,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    if source == Source::Server && !view.sees_all()? {
        return Ok(());
    }
    for book in view.books()? {
        let on_paper = match source {
            Source::ThisPc => Some(paper_ranges(view, &book)?),
            // Where paper was used is told by the log; the server looks at the dates.
            Source::Server => None,
        };
        for year in book.years.keys() {
            check_year(view, (&book, *year), on_paper.as_deref(), report)?;
        }
    }
    Ok(())
}

/// Numbers once used on paper: their documents may be entered later, so their dates may go back.
fn paper_ranges(view: &View<'_>, book: &Book) -> Result<Vec<(u32, u32)>, StoreError> {
    let lines = view.trail(Key::Book(book.id), BOOK_TRAIL_MAX)?;
    let stated = lines.iter().filter(|line| line.deed == Deed::PaperRangeStated);
    let range = |text: &str| {
        let (from, to) = text.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    };
    Ok(stated.flat_map(|line| &line.altered).filter_map(|altered| range(&altered.after)).collect())
}

fn check_year(
    view: &View<'_>,
    (book, year): (&Book, i16),
    on_paper: Option<&[(u32, u32)]>,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let count = book.year(year);
    let id = book.id;
    let empty =
        |number: u32| count.voids.contains_key(&number) || count.placeholder(number).is_some();
    let (mut expected, mut last_date) = (count.first, None);
    loop {
        let lines = view.book_lines(id, year, expected, LINES_TOGETHER)?;
        let Some(end) = lines.last().map(|line| line.number) else { break };
        for line in &lines {
            while expected < line.number {
                if !empty(expected) {
                    report.found(Finding::Number { book: id, year, number: expected });
                }
                expected += 1;
            }
            let number = line.number;
            if number >= count.next || empty(number) {
                report.found(Finding::Number { book: id, year, number });
            }
            let refilled = on_paper.is_none_or(|ranges| {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&number))
            });
            let date = date_of_number(&line.state);
            if !refilled && date < last_date {
                report.found(Finding::DateBack { book: id, year, number });
            }
            last_date = if refilled { last_date } else { date };
            expected = number + 1;
        }
        report.numbers += lines.len() as u64;
        expected = end + 1;
    }
    while expected < count.next {
        if !empty(expected) {
            report.found(Finding::Number { book: id, year, number: expected });
        }
        expected += 1;
    }
    Ok(())
}

fn date_of_number(state: &State) -> Option<jiff::civil::Date> {
    match state {
        State::Incoming(document) => document.numbered_on,
        State::Outgoing(document) => document.given.as_ref().map(|given| given.on),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    }
}
