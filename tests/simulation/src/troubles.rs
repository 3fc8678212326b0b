//! What goes wrong in the office: books change hands, PCs burn, laptops are lost, the power fails.
use std::collections::BTreeSet;

use jiff::civil::date;
use register::{
    Act, BookId, CommandId, DeviceId, DocumentId, Holder, IncomingRegistered, Key, LeaseForced,
    Moment, State,
};

use sync::replica::Anew;

use crate::cast::{ADMINISTRATOR, ARRIVALS, OFFICE_HEAD, paper};
use crate::office::{Office, Reading, key_of, pc_id};
use crate::pc::Pc;

/// Copies of the server that are kept.
const COPIES_MAX: usize = 3;
const DAY_MS: i64 = 86_400_000;
/// PCs of one run, dead ones too.
const PCS_MAX: usize = 40;

impl Office {
    pub(crate) fn takes(&mut self, at: usize) {
        if self.is_clerk(at) && self.does(at, Act::TakeLease { book: ARRIVALS }, None).is_ok() {
            self.tally.add("lease_asked");
        }
    }

    pub(crate) fn gives_up(&mut self, at: usize) {
        let Some(claim) = self.pcs.get(at).and_then(|pc| pc.claim(ARRIVALS, 2026)) else { return };
        let what = Act::ReleaseLease { book: ARRIVALS, epoch: claim.epoch };
        if let Ok(command) = self.does(at, what, None) {
            self.tally.add("lease_released");
            self.gave_away(at, command.id, claim.epoch);
        }
    }

    pub(crate) fn gave_away(&mut self, at: usize, by: CommandId, epoch: u32) {
        if let Some(pc) = self.pcs.get_mut(at) {
            pc.gave.push((by, epoch));
        }
    }

    /// I8: nobody numbers a book he gave away, and no two under one epoch.
    pub(crate) fn one_holder_at_most(&mut self) {
        let mut epochs = BTreeSet::new();
        let mut two = 0;
        for pc in self.pcs.iter().filter(|pc| !pc.dead && !self.is_shut_out_by_log(pc.dev)) {
            if let Some(claim) = pc.claim(ARRIVALS, 2026)
                && (pc.given_up() >= Some(claim.epoch) || !epochs.insert(claim.epoch))
            {
                two += 1;
            }
        }
        if two > 0 {
            self.tally.more("two_holders", two);
        }
    }

    /// Whether the log no longer trusts a PC; it is wiped when it next calls.
    pub fn is_shut_out_by_log(&self, dev: DeviceId) -> bool {
        let device = self.log.states.get(&Key::Device(dev));
        matches!(device, Some((_, State::Device(device))) if device.revoked.is_some())
    }

    pub(crate) fn hands_over(&mut self, at: usize, live: &[usize]) {
        let others: Vec<usize> =
            live.iter().copied().filter(|to| *to != at && self.is_clerk(*to)).collect();
        let Some(to) = self.chance.of_list(&others).copied() else { return };
        let Some(claim) = self.pcs.get(at).and_then(|pc| pc.claim(ARRIVALS, 2026)) else { return };
        let Some(receiver) = self.pcs.get(to).map(|pc| pc.dev) else { return };
        let what = Act::HandOverLease { book: ARRIVALS, epoch: claim.epoch, to: receiver };
        let Ok(command) = self.does(at, what, None) else { return };
        self.gave_away(at, command.id, claim.epoch);
        let Some(bundle) = self.pcs.get(at).map(|pc| pc.bundle(ARRIVALS)) else { return };
        if let Some(pc) = self.pcs.get_mut(to) {
            pc.receives(bundle);
            self.tally.add("handed_over");
        }
    }

    /// A book goes round by file: whoever wants it is given it by who has it.
    pub(crate) fn passes_on(&mut self, at: usize, live: &[usize]) {
        // A PC that knows it is shut out does nothing any more.
        let has_it = |pc: &Pc| !pc.shut_out && pc.claim(ARRIVALS, 2026).is_some();
        let holder = live.iter().copied().find(|one| self.pcs.get(*one).is_some_and(has_it));
        match holder {
            Some(holder) => self.hands_over(holder, live),
            None => self.takes(at),
        }
    }

    /// The line of everybody is good again.
    pub(crate) fn good_day(&mut self, live: &[usize]) {
        for at in live {
            if let Some(pc) = self.pcs.get_mut(*at) {
                pc.online = true;
            }
        }
    }

    /// The last number on paper in the newest year that has one.
    pub(crate) fn last_on_paper(&self) -> (i16, u32) {
        self.stamped.keys().next_back().copied().unwrap_or((self.now.date().year(), 0))
    }

    pub(crate) fn is_taken_over(&mut self, live: &[usize]) {
        let head = live
            .iter()
            .copied()
            .find(|at| self.pcs.get(*at).is_some_and(|pc| pc.officer == OFFICE_HEAD));
        let Some(at) = head else { return };
        if self.log.waits_for_paper() && !self.all_are_back(live) {
            // They ring each other up until everybody has a line.
            self.good_day(live);
            return self.tally.add("waited_for_all");
        }
        let clerks: Vec<usize> = live.iter().copied().filter(|at| self.is_clerk(*at)).collect();
        let to = self.chance.of_list(&clerks).copied().filter(|_| !self.chance.clone().one_in(3));
        let to = to.and_then(|to| self.pcs.get(to)).map(|pc| pc.dev);
        let seen = self.pcs.get(at).and_then(|pc| pc.shelf.book(ARRIVALS));
        let seen = seen.map(|book| book.lease.epoch);
        let forced = self.forced(to, seen);
        if self.does(at, Act::ForceLease(forced), None).is_ok() {
            self.tally.add("forced");
        }
    }

    pub(crate) fn forced(&mut self, to: Option<DeviceId>, epoch: Option<u32>) -> LeaseForced {
        let (year, last) = self.last_on_paper();
        let missed = if self.reading == Reading::TooLow { self.chance.below(4) as u32 } else { 0 };
        let today = self.now.date();
        let last_date = if today.year() == year { today } else { date(year, 12, 31) };
        LeaseForced {
            book: ARRIVALS,
            to,
            year,
            last_number: last.saturating_sub(missed),
            last_date,
            reason: "máy giữ sổ hỏng".into(),
            epoch,
        }
    }

    /// Whether every PC that lives has told a server that was set back what it has seen.
    fn all_are_back(&self, live: &[usize]) -> bool {
        live.iter().filter_map(|at| self.pcs.get(*at)).all(|pc| {
            let life = pc.shelf.knows();
            let back = life.epoch == self.log.epoch && life.anew == Anew::Settled;
            (back && pc.shelf.unanswered().next().is_none()) || self.is_shut_out_by_log(pc.dev)
        })
    }

    /// A copy of the server is made.
    pub(crate) fn is_copied(&mut self) {
        if self.copies.len() >= COPIES_MAX {
            self.copies.remove(0);
        }
        self.copies.push(self.log.clone());
        self.tally.add("copied");
    }

    /// The server is gone, and one of its copies takes its place.
    pub(crate) fn is_set_back(&mut self) {
        if !self.is_fragile {
            return;
        }
        let Some(mut copy) = self.chance.of_list(&self.copies).cloned() else { return };
        // The copy may be of another life than this log: what it lacks may stand anywhere.
        for entry in self.log.entries.iter().filter(|entry| !copy.has(entry.command.id)) {
            self.set_back.insert(entry.command.id, entry.command.dev);
        }
        let shut_out = self.log.shut_out();
        copy.begins_life(self.log.epoch + 1, self.now, &mut self.tally);
        self.log = copy;
        self.tally.add("set_back");
        for at in 0..self.pcs.len() {
            let known = self.pcs.get(at).map(|pc| Key::Device(pc.dev));
            if known.is_some_and(|key| !self.log.states.contains_key(&key)) {
                self.enrols(at);
                self.tally.add("enrolled_again");
            }
        }
        // The administrator has his list of those he has shut out.
        for (_, key) in shut_out {
            if let Key::Device(device) = key {
                let what = Act::RevokeDevice { device, reason: "mất máy".into() };
                let id = self.chance.id();
                self.log.state_by_server(id, ADMINISTRATOR, what, None, self.now, &mut self.tally);
            }
        }
        self.looks_at_given();
    }

    pub(crate) fn begins_anew(&mut self, at: usize, epoch: u32, head0: u64) {
        if let Some(pc) = self.pcs.get_mut(at).filter(|pc| !pc.dead)
            && pc.begins_anew(epoch, head0)
        {
            self.tally.add("began_anew");
        }
    }

    /// R8: no document gets a number of the server's own while one of a life that was lost is on
    /// its paper, as a PC that lives has seen.
    pub(crate) fn looks_at_given(&mut self) {
        for (document, year, number) in std::mem::take(&mut self.log.given) {
            let other = self.stamped.iter().any(|(place, stamped)| {
                *place != (year, number)
                    && stamped.life < self.log.epoch
                    && stamped.on.get(&document).is_some_and(|knew| self.knows_one(knew))
            });
            if other {
                self.tally.add("numbered_twice");
            }
        }
    }

    fn knows_one(&self, knew: &BTreeSet<DeviceId>) -> bool {
        self.pcs.iter().any(|pc| {
            knew.contains(&pc.dev) && !pc.dead && !pc.shut_out && !self.is_shut_out_by_log(pc.dev)
        })
    }

    pub(crate) fn clock_goes_wrong(&mut self, at: usize) {
        let skews = [0, 0, 0, 7 * 60_000, -11 * 60_000, -400 * DAY_MS];
        let skew = self.chance.of_list(&skews).copied().unwrap_or(0);
        if let Some(pc) = self.pcs.get_mut(at) {
            pc.skew = skew;
            self.tally.add("clock_wrong");
        }
    }

    /// A PC is destroyed; another comes for its officer. A stick may have taken all its commands.
    pub(crate) fn burns(&mut self, at: usize, live: &[usize]) {
        if self.pcs.len() >= PCS_MAX {
            return;
        }
        let mirrored = self.chance.one_in(2);
        let Some(pc) = self.pcs.get_mut(at) else { return };
        pc.dead = true;
        let officer = pc.officer;
        let (mut commands, _) = pc.bundle(BookId([0; 16]));
        self.tally.add("burnt");
        // A stick ages: one record cannot be read any more.
        if self.chance.one_in(4) && commands.len() > 1 {
            let bad = self.chance.below(commands.len() as u64) as usize;
            let unread = commands.remove(bad);
            self.died.insert(unread.command.id);
            self.tally.add("mirror_damaged");
        }
        let others: Vec<usize> = live.iter().copied().filter(|one| *one != at).collect();
        let carrier = self.chance.of_list(&others).copied().filter(|_| mirrored);
        match carrier.and_then(|one| self.pcs.get_mut(one)) {
            Some(carrier) => {
                carrier.receives((commands, None));
                self.tally.add("mirror_carried");
            }
            None => {
                let lost = commands.into_iter().map(|one| one.command.id);
                self.died.extend(lost.filter(|id| !self.log.has(*id)));
            }
        }
        let n = self.pcs.len();
        self.pcs.push(Pc::new(pc_id(n), officer, key_of(n)));
        self.enrols(n);
    }

    /// A laptop is lost: what it signed before waits for the administrator.
    pub(crate) fn is_shut_out(&mut self, at: usize, live: &[usize]) {
        if !self.chance.one_in(4) || live.len() <= 3 || self.pcs.len() >= PCS_MAX {
            return;
        }
        let Some(device) = self.pcs.get(at).map(|pc| pc.dev) else { return };
        let what = Act::RevokeDevice { device, reason: "mất máy".into() };
        let id = self.chance.id();
        self.log.state_by_server(id, ADMINISTRATOR, what, None, self.now, &mut self.tally);
        self.tally.add("revoked");
        let n = self.pcs.len();
        let Some(officer) = self.pcs.get(at).map(|pc| pc.officer) else { return };
        self.pcs.push(Pc::new(pc_id(n), officer, key_of(n)));
        self.enrols(n);
    }

    /// No power: the clerk stamps by hand and says so afterwards.
    pub(crate) fn paper_is_used(&mut self, at: usize) {
        let Some(pc) = self.pcs.get(at) else { return };
        let today = Moment(self.now.0 + pc.skew).date();
        let Some(claim) = pc.claim(ARRIVALS, today.year()) else { return };
        let what = Act::PaperRange {
            book: ARRIVALS,
            year: today.year(),
            to: claim.number + self.chance.below(3) as u32,
            last_date: today,
            reason: "mất điện".into(),
        };
        if self.does(at, what, None).is_ok() {
            self.tally.add("paper_range");
        }
    }

    /// What was stamped by hand is entered.
    pub(crate) fn refill(&mut self, live: &[usize]) {
        let clerks: Vec<usize> = live.iter().copied().filter(|at| self.is_clerk(*at)).collect();
        let Some(at) = self.chance.of_list(&clerks).copied() else { return };
        let Some(pc) = self.pcs.get(at) else { return };
        let Some(book) = pc.shelf.book(ARRIVALS) else { return };
        let range = book.years.iter().rev().find_map(|(year, count)| {
            count.placeholders.first().map(|range| (*year, range.clone()))
        });
        let Some((year, range)) = range else { return };
        let keeps = book.lease.holder == Holder::Device(pc.dev);
        if !keeps && book.lease.holder != Holder::Server {
            return;
        }
        let (epoch, dev) = (book.lease.epoch, pc.dev);
        self.papers += 1;
        let document = DocumentId(self.chance.id());
        let number = range.from;
        let registered = IncomingRegistered {
            document,
            book: ARRIVALS,
            arrived_on: range.until,
            fields: paper(range.until, self.papers),
            attachments: Vec::new(),
            secret: false,
            slip: None,
            twin_reason: None,
            submit_to: None,
            arrival: None,
        };
        let claim = register::LeaseClaim { book: ARRIVALS, epoch, year, number };
        if self.does(at, Act::RegisterIncoming(registered), Some(claim)).is_ok() {
            self.tally.add("re_entered");
            self.documents.push(document);
            self.is_seen(year, number, document, dev);
        }
    }
}
