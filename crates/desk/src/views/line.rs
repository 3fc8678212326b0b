//! Đồng bộ: how this PC stands to its server, what waits, what came back.
use contract::{
    BookLease, Failure, HeldList, HeldRow, LineDiffered, LineMeeting, LineMembership, LineProgress,
    LineShort, LineState, PcList, PcRow, Reach, SendingList, SendingRow, SendingStand, ThingNamed,
};
use register::{
    Act, Book, Command, DocumentId, HeldNumber, Holder, Key, Outcome, Refusal, Right, State,
    reference, render_number,
};
use store::{
    Fetching, FilesOnTheirWay, Line, ListFilter, Membership, Narrow, Sending, StoreError, Traffic,
    View, WINDOW_ROWS_MAX,
};

use crate::acts::{all_again, is_a_twin, numbering_of};
use crate::desk::Desk;
use crate::faults::of_store;
use crate::forms::urgency_out;
use crate::line::{Standing, differs, fetching, totals};
use crate::session::AtDesk;
use crate::words::{failure, refusal};

/// Rows of a list.
const ROWS_MAX: u32 = store::SENDING_ROWS_MAX;
/// Hexadecimal digits of a key that stand together on paper.
const GROUP: usize = 4;
/// Digits of the server's key that people compare.
const KEY_DIGITS: usize = 32;

/// The first half of a key in groups, as it stands on a printed code.
pub(crate) fn key_in_groups(key: &[u8; 32]) -> String {
    let digits: Vec<char> = sync::wire::Hex(*key).to_string().chars().take(KEY_DIGITS).collect();
    let groups = digits.chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-").to_uppercase()
}

/// Whether what was typed is the beginning of a key, however it was grouped.
pub(crate) fn is_key(typed: &str, key: &[u8; 32]) -> bool {
    let plain = |text: &str| {
        text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase()
    };
    let typed = plain(typed);
    typed.len() >= KEY_DIGITS && sync::wire::Hex(*key).to_string().starts_with(&typed)
}

fn membership(line: Option<&Line>) -> LineMembership {
    match line.map(|line| line.membership) {
        None => LineMembership::Alone,
        Some(Membership::Adopting | Membership::ReadingBack) => LineMembership::Adopting,
        Some(Membership::Joined) => LineMembership::Joined,
    }
}

/// How far the first copy is: entries from the newest down.
fn copied((from_head, below): (u64, u64)) -> LineProgress {
    LineProgress { done: from_head.saturating_sub(below), total: from_head, seconds_left: None }
}

struct Here {
    line: Option<Line>,
    /// Where the first copy stands, until it is whole.
    copy: Option<LineProgress>,
    traffic: Traffic,
    held: u32,
    files: FilesOnTheirWay,
    differed: Option<LineDiffered>,
}

impl Desk {
    fn line_here(&self, at: &AtDesk) -> Result<Here, Failure> {
        let store = &at.opened.store;
        let fetching = fetching(store).map_err(|error| of_store(&error))?;
        let differed = totals::differed(store, self.source.now());
        let differed = differed.map_err(|error| of_store(&error))?;
        let differed = differed.map(|(at, found)| LineDiffered { at: at.0, said: differs(found) });
        let again = u64::try_from(all_again(at)?.len()).unwrap_or(u64::MAX);
        self.look(&at.opened, |view| {
            let line = view.line()?;
            let mut traffic = if line.is_some() { view.traffic()? } else { Traffic::default() };
            if traffic.returned > 0 {
                traffic.returned = count_of(&came_back(view)?);
            }
            traffic.returned += again;
            let held = if line.is_some() { count_held(view, at)? } else { 0 };
            let files = view.files_on_their_way(fetching)?;
            let copy = match &line {
                Some(_) => view.reader(at.officer.id)?.first_copy.map(copied),
                None => None,
            };
            Ok(Here { line, copy, traffic, held, files, differed })
        })
    }

    fn standing_of_line(&self) -> Option<Standing> {
        let asked = |background: &crate::background::Background| background.line_standing();
        self.with_background(asked).ok().flatten()
    }

    pub(crate) fn line_now(&self) -> Result<LineState, Failure> {
        let at = self.at_desk()?;
        let Here { line, copy, traffic, held, files, differed } = self.line_here(&at)?;
        let fetching = fetching(&at.opened.store).map_err(|error| of_store(&error))?;
        let standing = self.standing_of_line();
        let trouble = standing.as_ref().and_then(|standing| standing.trouble.clone());
        let alone = line.is_none();
        let pc_name = at.directory.pc_name(at.opened.store.device());
        Ok(LineState {
            membership: membership(line.as_ref()),
            meeting: standing.as_ref().map_or(LineMeeting::None, |standing| standing.meeting),
            since: standing.as_ref().map(|standing| standing.since.0),
            may_join_again: trouble.as_ref().is_some_and(is_a_twin),
            trouble,
            differed,
            address: line.as_ref().map(|line| line.address.clone()).unwrap_or_default(),
            server_key: line.as_ref().map(|line| key_in_groups(&line.server)).unwrap_or_default(),
            pc_name: if alone { String::new() } else { pc_name },
            met_at: line.as_ref().and_then(|line| (line.met_at.0 > 0).then_some(line.met_at.0)),
            unanswered: traffic.unanswered,
            oldest: traffic.oldest.map(|at| at.0),
            carried: traffic.carried,
            returned: traffic.returned,
            held,
            up: standing.as_ref().and_then(|standing| standing.up),
            down: standing.as_ref().and_then(|standing| standing.down).or(copy),
            files_up: files.up,
            files_down: files.down,
            files_kept_back: files.kept_back,
            data_saver: fetching != Fetching::Everything,
            round_trip_ms: standing.as_ref().and_then(|standing| standing.round_trip_ms),
            may_switch: !alone && self.is_for_show(),
            may_adopt: alone && at.may(Right::Administer),
            holding: self.holding(&at)?,
        })
    }

    /// For the foot of the window.
    pub(crate) fn line_short(&self, at: &AtDesk) -> Result<LineShort, Failure> {
        let Here { line, copy, traffic, held, .. } = self.line_here(at)?;
        let standing = self.standing_of_line();
        Ok(LineShort {
            membership: membership(line.as_ref()),
            meeting: standing.as_ref().map_or(LineMeeting::None, |standing| standing.meeting),
            since: standing.as_ref().map(|standing| standing.since.0),
            met_at: line.as_ref().and_then(|line| (line.met_at.0 > 0).then_some(line.met_at.0)),
            unanswered: traffic.unanswered,
            to_look_at: traffic.returned + u64::from(held),
            up: standing.as_ref().and_then(|standing| standing.up),
            down: standing.as_ref().and_then(|standing| standing.down).or(copy),
            trouble: standing
                .and_then(|standing| standing.trouble)
                .map(|trouble| trouble.what)
                .unwrap_or_default(),
        })
    }

    pub(crate) fn acts_on_their_way(&self) -> Result<SendingList, Failure> {
        let at = self.at_desk()?;
        self.look(&at.opened, |view| {
            let total = view.traffic()?.unanswered;
            let rows = view.unanswered(ROWS_MAX)?;
            let rows = rows.iter().map(|row| sending_row(view, &at, row));
            Ok(SendingList { rows: rows.collect::<Result<_, _>>()?, total })
        })
    }

    pub(crate) fn acts_that_came_back(&self) -> Result<SendingList, Failure> {
        let at = self.at_desk()?;
        let again = all_again(&at)?;
        self.look(&at.opened, |view| {
            let mut rows = Vec::new();
            for (id, command) in &again {
                rows.push(row_again(view, &at, (id, command))?);
            }
            for row in came_back(view)? {
                rows.push(sending_row(view, &at, &row)?);
            }
            let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            Ok(SendingList { rows, total })
        })
    }

    pub(crate) fn clashing_numbers(&self) -> Result<HeldList, Failure> {
        let at = self.at_desk()?;
        self.look(&at.opened, |view| {
            let mut rows = Vec::new();
            let window = view.window(&at.lens, &clashing(), 0, WINDOW_ROWS_MAX)?;
            for found in &window.rows {
                for held in found.state.held().iter().filter(|held| held.is_open()) {
                    rows.extend(held_row(view, &at, &found.state, held)?);
                }
            }
            Ok(HeldList { rows })
        })
    }

    pub(crate) fn pcs_of_agency(&self) -> Result<PcList, Failure> {
        let at = self.at_desk()?;
        let here = at.opened.store.device();
        let books = |id| {
            let holds = |book: &&Book| book.lease.holder == Holder::Device(id);
            at.directory.books.values().filter(holds).map(|book| book.name.clone()).collect()
        };
        let why = |why: &Option<register::Void>| why.as_ref().map(|why| why.reason.clone());
        let rows = at.directory.devices.values().map(|device| PcRow {
            id: device.id.hex(),
            name: device.name.clone(),
            officers: device.keys.keys().map(|id| at.directory.name(*id)).collect(),
            since: device.since.0,
            here: device.id == here,
            books: books(device.id),
            revoked: why(&device.revoked),
            retired: why(&device.retired),
        });
        Ok(PcList { rows: rows.collect() })
    }

    /// Who gives the numbers of a book, in one word.
    pub(crate) fn lease_of(&self, book: &Book) -> BookLease {
        match book.lease.holder {
            Holder::Server => BookLease::Server,
            Holder::Frozen => BookLease::Frozen,
            Holder::Device(_) if self.holds(book) => BookLease::Here,
            Holder::Device(_) => BookLease::Other,
        }
    }
}

/// How far a state has come on its way to others.
pub(crate) fn reach(view: &View<'_>, at: &AtDesk, key: Key) -> Result<Reach, StoreError> {
    if !at.directory.linked {
        return Ok(Reach::Alone);
    }
    Ok(if view.is_only_here(key)? { Reach::Here } else { Reach::Server })
}

/// The first stamped number of a document that clashes.
pub(crate) fn clash(held: &[HeldNumber]) -> Option<String> {
    held.iter().find(|held| held.is_open()).map(|held| render_number(held.number))
}

fn clashing() -> ListFilter {
    ListFilter { narrow: Some(Narrow::Clash), ..ListFilter::default() }
}

fn count_held(view: &View<'_>, at: &AtDesk) -> Result<u32, StoreError> {
    Ok(u32::try_from(view.count(&at.lens, &clashing())?).unwrap_or(u32::MAX))
}

fn count_of(rows: &[Sending]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// Acts that came back, without those whose stamped number is told on its document.
fn came_back(view: &View<'_>) -> Result<Vec<Sending>, StoreError> {
    let mut rows = Vec::new();
    for row in view.returned(ROWS_MAX)? {
        if !is_told_as_clash(view, &row)? {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn is_told_as_clash(view: &View<'_>, row: &Sending) -> Result<bool, StoreError> {
    let is_held = row.said.as_ref().is_some_and(|said| matches!(said.outcome, Outcome::Held(_)));
    let Some(key) = thing_of(&row.command.act).filter(|_| is_held) else { return Ok(false) };
    let state = view.state(key)?;
    let held = state.as_ref().map(State::held).unwrap_or_default();
    Ok(held.iter().any(|held| held.command == row.command.id))
}

/// Why a stamped number cannot stand; who may number today is not what went wrong then.
fn why_held(why: &Refusal) -> String {
    if matches!(why, Refusal::NotHolder { .. }) {
        return "Lúc cấp số này, quyền cấp số của sổ đã chuyển sang nơi khác.".to_owned();
    }
    refusal(why).what
}

fn held_row(
    view: &View<'_>,
    at: &AtDesk,
    state: &State,
    held: &HeldNumber,
) -> Result<Option<HeldRow>, StoreError> {
    let Some((thing, subject, party)) = described(at, state) else { return Ok(None) };
    let (book, direction) = match state {
        State::Outgoing(document) => {
            (document.given.as_ref().map(|given| given.book), contract::Direction::Outgoing)
        }
        State::Incoming(document) => (Some(document.book), contract::Direction::Incoming),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => return Ok(None),
    };
    let book = book.and_then(|book| at.directory.books.get(&book));
    let other = match book {
        Some(book) => view.holder_of(book.id, held.year, held.number)?,
        None => None,
    };
    let other = other.filter(|other| other.key() != state.key() && at.lens.sees(other));
    let described_other = other.as_ref().and_then(|other| described(at, other));
    let (other, other_subject) = match described_other {
        Some((thing, subject, _)) => (Some(thing), subject),
        None => (None, String::new()),
    };
    let taken = book.and_then(|book| {
        book.years.get(&held.year).and_then(|count| count.suffixes.get(&held.number).copied())
    });
    let letter = char::from(b'a' + taken.unwrap_or(0).min(25));
    Ok(Some(HeldRow {
        id: thing.id,
        direction,
        given_by: held.command.hex(),
        number: render_number(held.number),
        year: held.year,
        book: book.map(|book| book.name.clone()).unwrap_or_default(),
        urgency: urgency_out(state.urgency()),
        subject,
        party,
        at: held.at.0,
        why: why_held(&held.why),
        other,
        other_subject,
        with_letter: format!("{}{letter}", render_number(held.number)),
    }))
}

/// A document or task to go to, what it is about, and whose it is.
fn described(at: &AtDesk, state: &State) -> Option<(ThingNamed, String, String)> {
    let named = |kind: &str, id: String| ThingNamed { kind: kind.to_owned(), id };
    match state {
        State::Incoming(document) => Some((
            named("incoming", document.id.hex()),
            document.fields.subject.clone(),
            document.fields.issuer.clone(),
        )),
        State::Outgoing(document) => Some((
            named("outgoing", document.id.hex()),
            document.fields.subject.clone(),
            at.directory.name(document.drafted_by),
        )),
        State::Task(task) => Some((
            named("task", task.id.hex()),
            task.content.clone(),
            at.directory.name(task.assigner),
        )),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Year(_) => None,
    }
}

fn sending_row(view: &View<'_>, at: &AtDesk, row: &Sending) -> Result<SendingRow, StoreError> {
    let command = &row.command;
    let outcome = row.said.as_ref().map(|said| &said.outcome);
    let stand = match outcome {
        None | Some(Outcome::Ok) => SendingStand::Waits,
        Some(Outcome::Rejected(_)) => SendingStand::Rejected,
        Some(Outcome::Held(_)) => SendingStand::Held,
    };
    let key = thing_of(&command.act);
    let state = key.map(|key| view.state(key)).transpose()?.flatten();
    let state = state.filter(|state| at.lens.sees(state));
    let thing = state.as_ref().and_then(|state| described(at, state)).map(|(thing, ..)| thing);
    let mut why = outcome.and_then(Outcome::why).map(|why| why_back(&command.act, why));
    if let Some(why) = &mut why {
        "Việc anh chị làm vẫn lưu trên máy này, chưa có hiệu lực với ai.".clone_into(&mut why.safe);
    }
    Ok(SendingRow {
        id: row.seq.to_string(),
        act: act_name(command),
        of: state.as_ref().map(called).unwrap_or_default(),
        urgency: state.as_ref().map(|state| urgency_out(state.urgency())).unwrap_or_default(),
        thing,
        by: at.directory.name(command.actor),
        at: command.at.0,
        stand,
        why,
        may_redo: stand == SendingStand::Rejected
            && command.actor == at.officer.id
            && command.lease.is_none(),
    })
}

/// An act of a register that was set aside, when this PC joined again.
fn row_again(
    view: &View<'_>,
    at: &AtDesk,
    (id, command): (&str, &Command),
) -> Result<SendingRow, StoreError> {
    let row = Sending { seq: 0, command: command.clone(), said: None };
    let number = command.lease.map(|claim| render_number(claim.number));
    let redone = numbering_of(command).is_some();
    let todo = match (&number, redone) {
        (Some(_), true) => "Làm lại thì văn bản nhận số mới; sửa số đã đóng trên giấy.",
        (Some(_), false) => "Mở văn bản, cấp số lại ở đó; sửa số đã đóng trên giấy.",
        (None, _) => "Bấm Làm lại nếu việc này vẫn cần.",
    };
    let what = match &number {
        Some(number) => format!(
            "Việc này làm trên bản sổ cũ, mang số {number}; máy chủ đã có việc khác ở thứ tự đó."
        ),
        None => "Việc này làm trên bản sổ cũ nên máy chủ chưa nhận.".to_owned(),
    };
    let safe = "Nội dung vẫn lưu trên máy này, chưa có hiệu lực với ai.".to_owned();
    let why = Failure { safe, ..failure("done_in_older_copy", what, todo) };
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others name a thing that is here")]
    let subject = match &command.act {
        Act::RegisterIncoming(registered) => registered.fields.subject.clone(),
        Act::Draft { fields, .. } => fields.subject.clone(),
        _ => String::new(),
    };
    let row = sending_row(view, at, &row)?;
    Ok(SendingRow {
        id: id.to_owned(),
        of: if row.of.is_empty() { subject } else { row.of.clone() },
        stand: SendingStand::Rejected,
        why: Some(why),
        may_redo: redone && command.actor == at.officer.id,
        ..row
    })
}

/// Why an act came back; where the rule alone says too little, with what others did meanwhile.
pub(crate) fn why_back(act: &Act, why: &Refusal) -> Failure {
    if matches!((act, why), (Act::CloseIncoming { .. }, Refusal::WrongStage)) {
        return failure(
            "given_meanwhile",
            "Lúc đó văn bản đã được phân công và việc chưa xong, nên không kết thúc được.",
            "Mở văn bản xem ai đang làm; việc xong thì văn bản tự kết thúc.",
        );
    }
    refusal(why)
}

/// The wire name of what was done.
pub(crate) fn act_name(command: &Command) -> String {
    let value = serde_json::to_value(&command.act).ok();
    let name = value.and_then(|act| act.get("kind")?.as_str().map(str::to_owned));
    name.unwrap_or_default()
}

/// How people call a thing: by its number, else by its subject.
fn called(state: &State) -> String {
    match state {
        State::Incoming(document) => match document.number {
            Some(number) => format!("số đến {}", render_number(number)),
            None => document.slip.clone().unwrap_or_else(|| document.fields.subject.clone()),
        },
        State::Outgoing(document) => match &document.given {
            Some(given) => match given.number {
                Some(number) => reference(&render_number(number), &given.symbol),
                None => given.slip.clone().unwrap_or_else(|| document.fields.subject.clone()),
            },
            None => document.fields.subject.clone(),
        },
        State::Task(task) => task.content.clone(),
        State::Officer(officer) => officer.name.clone(),
        State::Unit(unit) => unit.name.clone(),
        State::Book(book) => book.name.clone(),
        State::Device(device) => device.name.clone(),
        State::Parcel(parcel) => parcel.to.name.clone(),
        State::Arrival(arrival) => arrival.letter.subject.clone(),
        State::Agency(agency) => agency.name.clone(),
        State::Year(year) => year.year.to_string(),
    }
}

fn document(id: DocumentId, outgoing: bool) -> Key {
    if outgoing { Key::Outgoing(id) } else { Key::Incoming(id) }
}

/// The thing an act is about.
pub(crate) fn thing_of(act: &Act) -> Option<Key> {
    Some(match act {
        Act::Found(_) | Act::SetAgency { .. } | Act::SetGroup { .. } | Act::Witness(_) => {
            return None;
        }
        Act::SetUnit { unit } => Key::Unit(unit.id),
        Act::SetOfficer { officer } => Key::Officer(officer.id),
        Act::SetYear { decided } => Key::Year(decided.year),
        Act::OpenBook { book, .. }
        | Act::SetBook { book, .. }
        | Act::TakeLease { book }
        | Act::ReleaseLease { book, .. }
        | Act::HandOverLease { book, .. }
        | Act::ConfirmLast { book, .. }
        | Act::FreezeBook { book }
        | Act::PaperRange { book, .. }
        | Act::VoidNumber { book, .. } => Key::Book(*book),
        Act::ForceLease(forced) => Key::Book(forced.book),
        Act::EnrolDevice { device, .. }
        | Act::RevokeDevice { device, .. }
        | Act::RetireDevice { device, .. } => Key::Device(*device),
        Act::RegisterIncoming(registered) => Key::Incoming(registered.document),
        Act::ResolveHeld { document: id, outgoing, .. }
        | Act::GiveNumber { document: id, outgoing }
        | Act::Attach { document: id, outgoing, .. }
        | Act::Detach { document: id, outgoing, .. }
        | Act::Void { document: id, outgoing, .. }
        | Act::Seen { document: id, outgoing } => document(*id, *outgoing),
        Act::EditIncoming { document, .. }
        | Act::SubmitIncoming { document, .. }
        | Act::UndoDirective { document, .. }
        | Act::RecallDirective { document, .. }
        | Act::CloseIncoming { document, .. }
        | Act::ReopenIncoming { document, .. } => Key::Incoming(*document),
        Act::Direct(given) => Key::Incoming(given.document),
        Act::Draft { document, .. }
        | Act::EditOutgoing { document, .. }
        | Act::SubmitDraft { document, .. }
        | Act::UndoSubmitDraft { document }
        | Act::ApproveDraft { document, .. }
        | Act::ReturnDraft { document, .. }
        | Act::RegisterOutgoing { document, .. } => Key::Outgoing(*document),
        Act::Send(sending) => Key::Outgoing(sending.document),
        Act::Issue(issued) => Key::Outgoing(issued.document),
        Act::Recall { document, .. } => Key::Outgoing(*document),
        Act::Chase { parcels, .. } => Key::Parcel(*parcels.first()?),
        Act::RefuseArrival { arrival, .. } | Act::AnswerRecall { arrival, .. } => {
            Key::Arrival(*arrival)
        }
        Act::Come(delivery) => Key::Arrival(delivery.parcel),
        Act::Chased(chased) => Key::Arrival(chased.parcel),
        Act::RecallAsked(asked) => Key::Arrival(asked.parcel),
        Act::Receive(receipt) => Key::Parcel(receipt.parcel),
        Act::CreateTask { set, .. } => Key::Task(set.task),
        Act::SeenTask { task }
        | Act::Progress { task, .. }
        | Act::Report { task, .. }
        | Act::UndoReport { task }
        | Act::AskExtension { task, .. }
        | Act::DecideExtension { task, .. }
        | Act::AcceptResult { task, .. }
        | Act::ReturnResult { task, .. }
        | Act::Transfer { task, .. }
        | Act::Remind { task, .. }
        | Act::WithdrawTask { task, .. } => Key::Task(*task),
    })
}
