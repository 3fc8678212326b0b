//! Lists of documents by exact index, twins, suggestions, and who a document is.
use contract::{
    Counts, CountsAsked, DocumentFilter, DocumentWindow, Failure, Next, NextAsked, OneId,
    PartyForm, Suggestion, Suggestions, Twin, Twins, TwinsAsked, WindowAsked,
};
use jiff::civil::Date;
use register::{
    Attachment, BlobId, BookId, DocumentId, IncomingFields, Key, Outgoing, Party, Scope, State,
    render_number,
};
use store::{DocumentStanding, ListFilter, Narrow, TaskPhase, TaskQuery, TasksOf, TwinOf, View};

use super::overdue::{OVERDUE, overdue_documents, overdue_window};
use super::rows::{document_rows, row_of_state};
use crate::acts::{book_id, document_id};
use crate::desk::Desk;
use crate::directory::read_party;
use crate::session::AtDesk;
use crate::words::{date, failure};

/// Rows one answer may have.
const ROWS_MAX: u32 = 200;
/// States counted in one answer.
const STATES_MAX: usize = 16;
/// Twins shown.
const TWINS_MAX: u32 = 10;
/// Suggestions with a digit each.
const DIGITS_MAX: usize = 9;
/// Own phrases kept for an officer.
const PHRASES_MAX: usize = 30;
/// Working days proposed as a deadline when nothing else speaks.
const USUAL_WORKING_DAYS: u32 = 5;

/// The page's filter as the store's.
pub(crate) fn filter_in(at: &AtDesk, filter: &DocumentFilter) -> Result<ListFilter, Failure> {
    let DocumentFilter { direction, book, state, party, from, to } = filter;
    let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let reader = at.reader();
    let narrow = match set(state).as_deref() {
        None => None,
        Some("open") => Some(Narrow::Open),
        Some("urgent") => Some(Narrow::UrgentOpen),
        // Late work is work not handed in: the wider list where late ones cannot be told apart.
        Some(OVERDUE) => Some(Narrow::Standing(DocumentStanding::InProgress)),
        Some(name) => {
            let standing = DocumentStanding::named(name).ok_or_else(|| {
                failure("unknown", "Không có tình trạng này.", "Chọn lại bộ lọc.")
            })?;
            Some(Narrow::Standing(standing))
        }
    };
    let party = set(party).and_then(|text| read_party(&text)).map(|party| match party {
        Party::Officer(id) => Scope::Officer(id),
        Party::Unit(id) => Scope::Unit(id),
    });
    Ok(ListFilter {
        direction: direction.map(|direction| match direction {
            contract::Direction::Incoming => register::Direction::Incoming,
            contract::Direction::Outgoing => register::Direction::Outgoing,
        }),
        book: set(book).map(|id| book_id(&id)).transpose()?,
        narrow,
        party,
        from_day: reader.date("from", &set(from).unwrap_or_default())?,
        to_day: reader.date("to", &set(to).unwrap_or_default())?,
    })
}

impl Desk {
    pub(crate) fn document_window(&self, asked: WindowAsked) -> Result<DocumentWindow, Failure> {
        let WindowAsked { filter, first, count } = asked;
        let count = count.min(ROWS_MAX);
        let at = self.at_desk()?;
        let late = filter.state.as_deref() == Some(OVERDUE);
        let filter = filter_in(&at, &filter)?;
        if late {
            return self.look(&at.opened, |view| overdue_window(view, &at, &filter, first, count));
        }
        self.look(&at.opened, |view| {
            let window = view.window(&at.lens, &filter, first, count)?;
            let rows = document_rows(view, &at, &window.rows)?;
            Ok(DocumentWindow {
                rows,
                first: window.first,
                total: window.total,
                exact: window.exact,
            })
        })
    }

    /// How many documents each state has; late ones are looked for, the others are counted.
    pub(crate) fn counts_of_states(&self, asked: CountsAsked) -> Result<Counts, Failure> {
        let CountsAsked { direction, states } = asked;
        let at = self.at_desk()?;
        let mut counts = Vec::new();
        for state in states.into_iter().take(STATES_MAX) {
            let filter = DocumentFilter {
                direction: Some(direction),
                state: Some(state.clone()),
                ..DocumentFilter::default()
            };
            let filter = filter_in(&at, &filter)?;
            let count = self.look(&at.opened, |view| match state.as_str() {
                OVERDUE => Ok(overdue_documents(view, &at, &filter)?.len() as u64),
                _ => view.count(&at.lens, &filter),
            })?;
            counts.push((state, count));
        }
        Ok(Counts { counts })
    }

    /// The next number of a book on a date, and who may give it.
    pub(crate) fn number_to_come(&self, asked: NextAsked) -> Result<Next, Failure> {
        let at = self.at_desk()?;
        let id = book_id(&asked.book)?;
        let on = at.reader().date("date", &asked.date)?.unwrap_or(at.today);
        let book = at.directory.books.get(&id);
        let book =
            book.ok_or_else(|| failure("unknown", "Không thấy sổ này trên máy.", "Chọn sổ khác."))?;
        let count = book.year(on.year());
        let held = self.holds(book);
        Ok(Next {
            number: held.then_some(count.next),
            text: if held { render_number(count.next) } else { String::new() },
            last_date: count.last_date.map(|date| date.to_string()),
            holder: (!held).then(|| at.directory.holder(book.lease.holder)),
        })
    }

    pub(crate) fn twins_of(&self, asked: TwinsAsked) -> Result<Twins, Failure> {
        let at = self.at_desk()?;
        Ok(Twins { twins: self.twins_at(&at, asked)? })
    }

    /// The same for a caller who sits here already, and asks of many.
    pub(crate) fn twins_at(&self, at: &AtDesk, asked: TwinsAsked) -> Result<Vec<Twin>, Failure> {
        let TwinsAsked { number, symbol, issuer, issued_on, blobs } = asked;
        let reader = at.reader();
        // While a date is being typed it may not be readable yet: then the year is left open.
        let year = reader.date("issued_on", &issued_on).ok().flatten().map(Date::year);
        let blobs: Vec<BlobId> = blobs.iter().filter_map(|hex| BlobId::parse(hex).ok()).collect();
        let fields = IncomingFields {
            number: reader.line("number", &number)?,
            symbol: reader.line("symbol", &symbol)?,
            issuer: reader.line("issuer", &issuer)?,
            ..IncomingFields::default()
        };
        self.find_twins(at, &fields, year.unwrap_or(at.today.year()), &blobs)
    }

    fn find_twins(
        &self,
        at: &AtDesk,
        fields: &IncomingFields,
        year: i16,
        blobs: &[BlobId],
    ) -> Result<Vec<Twin>, Failure> {
        let of = TwinOf {
            issuer: &fields.issuer,
            number: &fields.number,
            symbol: &fields.symbol,
            year,
            blobs,
        };
        self.look(&at.opened, |view| {
            let mut twins = Vec::new();
            for state in view.twins(&at.lens, &of, TWINS_MAX)? {
                let same_file = match &state {
                    State::Incoming(known) => {
                        known.attachments.iter().any(|file| blobs.contains(&file.blob))
                    }
                    State::Outgoing(_)
                    | State::Agency(_)
                    | State::Unit(_)
                    | State::Officer(_)
                    | State::Device(_)
                    | State::Parcel(_)
                    | State::Arrival(_)
                    | State::Book(_)
                    | State::Task(_)
                    | State::Year(_) => false,
                };
                if let Some(row) = row_of_state(view, at, &state)? {
                    twins.push(Twin { row, same_file });
                }
            }
            Ok(twins)
        })
    }

    /// Refuses a document like one that is registered, until a reason is given (PL VI, I).
    pub(crate) fn refuse_twin(
        &self,
        at: &AtDesk,
        fields: &IncomingFields,
        arrived_on: Date,
        files: &[Attachment],
    ) -> Result<(), Failure> {
        let blobs: Vec<BlobId> = files.iter().map(|file| file.blob).collect();
        let year = fields.issued_on.unwrap_or(arrived_on).year();
        let twins = self.find_twins(at, fields, year, &blobs)?;
        let Some(twin) = twins.first() else { return Ok(()) };
        let day = twin.row.day.parse().map(date).unwrap_or_default();
        let number = &twin.row.number;
        let what = if number.is_empty() {
            format!("Văn bản này đã vào sổ ngày {day}, đang chờ cấp số.")
        } else {
            format!("Văn bản này đã vào sổ số {number} ngày {day}.")
        };
        Err(failure("twin", what, "Xem văn bản đã có, hoặc ghi lý do rồi vào sổ tiếp."))
    }

    pub(crate) fn suggest(&self, asked: &OneId) -> Result<Suggestions, Failure> {
        let at = self.at_desk()?;
        let phrases = self.phrases(&at);
        let document = DocumentId::parse(&asked.id).ok();
        let proposed = self.look(&at.opened, |view| match document {
            Some(id) => Ok(view.incoming(id)?.and_then(|document| document.fields.due)),
            None => Ok(None),
        })?;
        let parties = at.directory.parties();
        let usual = self.usual_leads(&at);
        let first = usual
            .iter()
            .chain(parties.iter())
            .copied()
            .fold(Vec::new(), |mut all: Vec<Party>, party| {
                if !all.contains(&party) {
                    all.push(party);
                }
                all
            })
            .into_iter()
            .take(DIGITS_MAX);
        let first: Vec<Party> = first.collect();
        let first = self.look(&at.opened, |view| {
            first
                .iter()
                .map(|party| {
                    let open_tasks = open_tasks(view, &at, *party)?;
                    Ok(Suggestion { party: at.directory.party(*party), open_tasks })
                })
                .collect::<Result<Vec<_>, store::StoreError>>()
        })?;
        let due = proposed
            .filter(|due| *due >= at.today)
            .unwrap_or_else(|| at.directory.calendar.after(at.today, USUAL_WORKING_DAYS).date);
        Ok(Suggestions {
            first,
            all: parties.iter().map(|party| at.directory.party(*party)).collect(),
            leaders: self.leader_forms(&at),
            phrases,
            deadline: Some(at.directory.deadline(due, at.today, None)),
        })
    }

    fn leader_forms(&self, at: &AtDesk) -> Vec<PartyForm> {
        let leaders = at.directory.leaders();
        leaders.iter().map(|leader| at.directory.party(Party::Officer(leader.id))).collect()
    }

    /// Those this officer gave work to last, newest first.
    fn usual_leads(&self, at: &AtDesk) -> Vec<Party> {
        let query = TaskQuery {
            of: TasksOf::AssignedBy(at.officer.id),
            phase: TaskPhase::Open,
            limit: 100,
        };
        let tasks = self.look(&at.opened, |view| view.tasks(&at.lens, &query)).unwrap_or_default();
        let mut leads: Vec<Party> = Vec::new();
        for task in tasks {
            if !leads.contains(&task.lead) {
                leads.push(task.lead);
            }
        }
        leads
    }

    pub(crate) fn phrases(&self, at: &AtDesk) -> Vec<String> {
        let name = format!("phrases/{}", at.officer.id);
        let kept = at.opened.store.local(&name).ok().flatten();
        let known: Option<Vec<String>> = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        known.unwrap_or_else(|| {
            [
                "Giao chủ trì tham mưu, trình lãnh đạo trước hạn.",
                "Kính chuyển để biết, thực hiện theo chức năng.",
                "Chủ trì, phối hợp các đơn vị liên quan thực hiện.",
                "Rà soát, báo cáo kết quả bằng văn bản.",
            ]
            .map(str::to_owned)
            .to_vec()
        })
    }

    pub(crate) fn keep_phrases(&self, at: &AtDesk, phrases: &[String]) -> Result<(), Failure> {
        let name = format!("phrases/{}", at.officer.id);
        let kept: Vec<&String> = phrases.iter().take(PHRASES_MAX).collect();
        let json = serde_json::to_vec(&kept).unwrap_or_default();
        at.opened.store.keep_local(&name, &json).map_err(|error| crate::faults::of_store(&error))
    }

    /// Puts what was just written first among the officer's own phrases.
    pub(crate) fn remember_phrase(&self, at: &AtDesk, text: &str) {
        let mut phrases = self.phrases(at);
        phrases.retain(|known| known != text);
        phrases.insert(0, text.to_owned());
        if self.keep_phrases(at, &phrases).is_err() {
            tracing::warn!("a phrase was not kept");
        }
    }

    /// Whether the document is an outgoing one; it must be there and in sight.
    pub(crate) fn is_outgoing(&self, at: &AtDesk, id: DocumentId) -> Result<bool, Failure> {
        Ok(matches!(self.document_state(at, id)?, State::Outgoing(_)))
    }

    /// The state of a document in sight of this session.
    pub(crate) fn document_state(&self, at: &AtDesk, id: DocumentId) -> Result<State, Failure> {
        let state = self.look(&at.opened, |view| {
            Ok(match view.state(Key::Incoming(id))? {
                Some(state) => Some(state),
                None => view.state(Key::Outgoing(id))?,
            })
        })?;
        state.filter(|state| at.lens.sees(state)).ok_or_else(|| {
            failure("unknown", "Không thấy văn bản này trên máy.", "Về danh sách rồi mở lại.")
        })
    }

    /// An outgoing document in sight of this session.
    pub(crate) fn find_outgoing(
        &self,
        at: &AtDesk,
        id: DocumentId,
    ) -> Result<Option<Outgoing>, Failure> {
        let found = self.look(&at.opened, |view| view.outgoing(id))?;
        Ok(found
            .filter(|document| at.lens.sees(&State::Outgoing(document.clone())))
            .map(|document| *document))
    }

    /// The book and date under which a waiting document gets its number.
    pub(crate) fn waiting(
        &self,
        at: &AtDesk,
        id: DocumentId,
    ) -> Result<(BookId, Date, bool), Failure> {
        let state = self.document_state(at, id)?;
        let (book, on, outgoing) = match &state {
            State::Incoming(document) => (document.book, document.arrived_on, false),
            State::Outgoing(document) => match &document.given {
                Some(given) => (given.book, given.on, true),
                None => return Err(no_number_wanted()),
            },
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => return Err(no_number_wanted()),
        };
        Ok((book, on, outgoing))
    }

    /// Reads a document's id that may be of any direction.
    pub(crate) fn any_document(&self, at: &AtDesk, id: &str) -> Result<State, Failure> {
        self.document_state(at, document_id(id)?)
    }
}

fn no_number_wanted() -> Failure {
    failure("wrong_stage", "Văn bản này chưa tới lúc cấp số.", "Mở lại để xem tình trạng.")
}

fn open_tasks(view: &View<'_>, at: &AtDesk, party: Party) -> Result<u32, store::StoreError> {
    let of = match party {
        Party::Officer(id) => TasksOf::Officer(id),
        Party::Unit(id) => TasksOf::Unit(id),
    };
    let query = TaskQuery { of, phase: TaskPhase::Open, limit: 1000 };
    view.count_tasks(&at.lens, &query)
}
