//! Programs that do not ask their rules before they sign: the log has to refuse or hold it.
use jiff::ToSpan;
use jiff::civil::Date;
use register::{
    Act, Book, DirectiveGiven, DocumentId, Holder, Incoming, IncomingField, IncomingRegistered,
    LeaseClaim, LeaseForced, Moment, OfficerId,
};

use crate::cast::{ARRIVALS, CHAIRMAN, paper};
use crate::check::incoming;
use crate::office::Office;

/// Days by which a wrong date is wrong.
const DAYS_WRONG: i64 = 60;
/// Kinds of wrong acts of a clerk who keeps the book, and of one who does not.
const BY_HOLDER: u64 = 6;
const BY_CLERK: u64 = 10;

/// What somebody who does wrong sees before him.
struct Seen {
    book: Book,
    today: Date,
    documents: Vec<Incoming>,
    fresh: DocumentId,
    officer: OfficerId,
}

impl Seen {
    fn claim(&self, year: i16, number: u32) -> Option<LeaseClaim> {
        Some(LeaseClaim { book: ARRIVALS, epoch: self.book.lease.epoch, year, number })
    }

    fn next(&self) -> u32 {
        self.book.year(self.today.year()).next
    }

    fn arrival(&self, arrived_on: Date) -> IncomingRegistered {
        IncomingRegistered {
            document: self.fresh,
            book: ARRIVALS,
            arrived_on,
            fields: paper(arrived_on, u64::from(self.next())),
            attachments: Vec::new(),
            secret: false,
            slip: Some("T-?".into()),
            twin_reason: None,
            submit_to: None,
            arrival: None,
        }
    }

    fn range(&self, on: Date, to: u32) -> Act {
        let reason = "mất điện".into();
        Act::PaperRange { book: ARRIVALS, year: on.year(), to, last_date: on, reason }
    }
}

type Wrong = (Act, Option<LeaseClaim>);

impl Office {
    /// Somebody's program signs what the rules refuse.
    pub(crate) fn blunders(&mut self, at: usize) {
        let fresh = DocumentId(self.chance.id());
        let is_clerk = self.is_clerk(at);
        let Some(pc) = self.pcs.get(at) else { return };
        let Some(book) = pc.shelf.book(ARRIVALS).cloned() else { return };
        let shown = pc.shelf.screen().values().filter_map(|placed| incoming(&placed.state));
        let documents: Vec<Incoming> = shown.cloned().collect();
        let today = Moment(self.now.0 + pc.skew).date();
        let keeps = book.lease.holder == Holder::Device(pc.dev);
        let seen = Seen { book, today, documents, fresh, officer: pc.officer };
        let wrong = match () {
            () if keeps && self.chance.one_in(2) => self.by_holder(&seen),
            () if is_clerk => self.by_clerk(&seen),
            () if seen.officer == CHAIRMAN => self.by_chairman(&seen),
            () => self.by_office_head(&seen),
        };
        let Some((what, lease)) = wrong else { return };
        let (id, now) = (self.chance.id(), self.now);
        let Some(pc) = self.pcs.get_mut(at) else { return };
        if let Some(command) = pc.states_blindly(id, now, what, lease) {
            self.signed.insert(command.id);
            self.tally.add("blunders");
        }
    }

    fn by_holder(&mut self, seen: &Seen) -> Option<Wrong> {
        let (today, next) = (seen.today, seen.next());
        let year = today.year();
        let before = today.checked_sub(DAYS_WRONG.days()).ok()?;
        let last_year = Date::new(year - 1, 12, 31).ok()?;
        Some(match self.chance.below(BY_HOLDER) {
            // Its date goes back.
            0 => (Act::RegisterIncoming(seen.arrival(before)), seen.claim(before.year(), next)),
            // The range is upside down.
            1 => (seen.range(today, next.saturating_sub(1)), None),
            // That year is over, or its first number was never known.
            2 => (seen.range(last_year, 3), None),
            // The year and the date do not go together.
            3 => {
                let reason = "mất điện".into();
                let what = Act::PaperRange {
                    book: ARRIVALS,
                    year: year - 1,
                    to: next,
                    last_date: today,
                    reason,
                };
                (what, None)
            }
            // A stamped number waits for a person, and here comes another.
            4 => {
                let held = seen.documents.iter().find(|of| !of.held.is_empty())?;
                let what = Act::GiveNumber { document: held.id, outgoing: false };
                (what, seen.claim(year, next))
            }
            _ => (Act::RegisterIncoming(seen.arrival(today)), seen.claim(year, next + 1)),
        })
    }

    fn by_clerk(&mut self, seen: &Seen) -> Option<Wrong> {
        let today = seen.today;
        let tomorrow = today.checked_add(DAYS_WRONG.days()).ok()?;
        let plain = seen.arrival(today);
        let known = self.chance.of_list(&seen.documents).cloned();
        let reason = "nhầm".into();
        Some(match self.chance.below(BY_CLERK) {
            0 => (Act::RegisterIncoming(seen.arrival(tomorrow)), None),
            1 => {
                let mut fields = plain.fields.clone();
                fields.kind = "khong-co".into();
                (Act::RegisterIncoming(IncomingRegistered { fields, ..plain }), None)
            }
            2 => {
                let fields = paper(tomorrow, u64::from(seen.next()));
                (Act::RegisterIncoming(IncomingRegistered { fields, ..plain }), None)
            }
            3 => {
                let mut fields = plain.fields.clone();
                fields.subject.clear();
                (Act::RegisterIncoming(IncomingRegistered { fields, ..plain }), None)
            }
            // The same paper once more, under another number.
            4 => {
                let document = known?.id;
                let again = IncomingRegistered { document, ..plain };
                (Act::RegisterIncoming(again), seen.claim(today.year(), 1))
            }
            // A number that has a document, or none yet, is no paper range.
            5 => {
                let (year, number) = (today.year(), seen.next() + 1);
                (Act::VoidNumber { book: ARRIVALS, year, number, reason }, None)
            }
            6 => (Act::Seen { document: seen.fresh, outgoing: false }, None),
            7 => (Act::Seen { document: self.read_already(seen)?, outgoing: false }, None),
            8 => {
                let (old, new) = (String::new(), "ghi chú".into());
                let field = IncomingField::Note;
                (Act::EditIncoming { document: seen.fresh, field, old, new }, None)
            }
            // The number of another document, as from a life that was lost.
            _ => {
                let mut claim = seen.claim(today.year(), 1)?;
                claim.epoch = claim.epoch.saturating_sub(1);
                (Act::RegisterIncoming(plain), Some(claim))
            }
        })
    }

    fn read_already(&mut self, seen: &Seen) -> Option<DocumentId> {
        let read = seen.documents.iter().filter(|of| of.seen.contains_key(&seen.officer));
        self.chance.of_list(&read.map(|of| of.id).collect::<Vec<_>>()).copied()
    }

    /// The same directive twice, and what only a clerk may do.
    fn by_chairman(&mut self, seen: &Seen) -> Option<Wrong> {
        if self.chance.one_in(3) {
            return Some((Act::RegisterIncoming(seen.arrival(seen.today)), None));
        }
        let directed = seen.documents.iter().filter(|of| !of.directives.is_empty());
        let directed: Vec<_> = directed.collect();
        let document = self.chance.of_list(&directed).copied()?;
        let given = DirectiveGiven {
            document: document.id,
            directive: document.directives.first()?.id,
            text: "Giao thực hiện".into(),
            task: None,
            information: Vec::new(),
        };
        Some((Act::Direct(given), None))
    }

    /// A take-over for a PC that was shut out, in a year that is over, or with a date before the
    /// last one.
    fn by_office_head(&mut self, seen: &Seen) -> Option<Wrong> {
        let year = seen.today.year();
        let count = seen.book.year(year);
        let last = count.last_date?;
        if matches!(seen.book.lease.holder, Holder::Server | Holder::Frozen) {
            return Some((Act::Seen { document: self.read_already(seen)?, outgoing: false }, None));
        }
        let lost: Vec<_> = self.pcs.iter().filter(|pc| self.is_shut_out_by_log(pc.dev)).collect();
        let lost: Vec<_> = lost.into_iter().map(|pc| pc.dev).collect();
        let to = self.chance.of_list(&lost).copied();
        let last_date = match to {
            Some(_) => seen.today,
            None if self.chance.one_in(2) => Date::new(year - 1, 12, 31).ok()?,
            None => last.checked_sub(1.day()).ok().filter(|on| on.year() == year)?,
        };
        let forced = LeaseForced {
            book: ARRIVALS,
            to,
            year: last_date.year(),
            last_number: count.next,
            last_date,
            reason: "nhầm".into(),
            epoch: None,
        };
        Some((Act::ForceLease(forced), None))
    }
}
