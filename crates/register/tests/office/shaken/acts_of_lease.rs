//! Random acts on who gives the numbers, on PCs, and on stamped numbers that clash.
use register::{Act, BookId, DeviceId, Holder, Key, LeaseForced, OfficerId, PublicKey, State};

use crate::run::Shaken;

/// PCs that are known at the start.
pub const PCS: u8 = 30;

impl Shaken {
    fn pc(&mut self) -> DeviceId {
        DeviceId([1 + self.chance.below(u64::from(PCS)) as u8; 16])
    }

    /// Mostly one of the books of every day.
    fn daily_book(&mut self) -> BookId {
        let daily = self.chance.below(4) as usize;
        self.books.get(daily).copied().unwrap_or(BookId([253; 16]))
    }

    fn lease_of(&self, book: BookId) -> (Holder, u32) {
        match self.world.states.get(&Key::Book(book)) {
            Some(State::Book(book)) => (book.lease.holder, book.lease.epoch),
            Some(_) | None => (Holder::Server, 0),
        }
    }

    fn held_document(&mut self) -> (register::DocumentId, bool) {
        if self.chance.one_in(2) {
            (self.incoming_where(|document| !document.held.is_empty()), false)
        } else {
            (self.outgoing_where(|document| !document.held.is_empty()), true)
        }
    }

    /// The command behind one of its stamped numbers; of none when there is none.
    fn clash_of(&self, document: register::DocumentId, outgoing: bool) -> register::CommandId {
        let key = if outgoing { Key::Outgoing(document) } else { Key::Incoming(document) };
        let held = match self.world.states.get(&key) {
            Some(State::Incoming(document)) => document.held.first(),
            Some(State::Outgoing(document)) => document.held.first(),
            Some(_) | None => None,
        };
        held.map_or(register::CommandId([0; 16]), |held| held.command)
    }

    pub fn act_on_lease(&mut self, kind: u64) -> (OfficerId, Act) {
        let book = self.daily_book();
        let (_, epoch) = self.lease_of(book);
        let reason = self.text("máy hỏng");
        match kind {
            40 => {
                let keeper = self.keeper(book);
                if self.chance.one_in(3) {
                    (keeper, Act::ReleaseLease { book, epoch })
                } else {
                    let near = DeviceId([1 + self.chance.below(3) as u8; 16]);
                    let to = if self.chance.one_in(8) { self.pc() } else { near };
                    (keeper, Act::HandOverLease { book, epoch, to })
                }
            }
            41 => {
                let (year, last_number) = self.last_on_paper(book);
                (self.from(5, 7), Act::ConfirmLast { book, year, last_number })
            }
            42 => {
                let epoch = match self.world.states.get(&Key::Book(book)) {
                    Some(State::Book(of)) => Some(of.lease.epoch),
                    Some(_) | None => None,
                };
                let (year, last_number) = match self.world.states.get(&Key::Book(book)) {
                    Some(State::Book(of)) if of.confirmed.is_some() && self.chance.one_in(2) => {
                        of.confirmed.map(|said| (said.year, said.last_number)).unwrap_or((2026, 1))
                    }
                    Some(_) | None => self.last_on_paper(book),
                };
                let to = (!self.chance.one_in(4)).then(|| self.from(1, 3).0).map(DeviceId);
                let last_date = self.date(-1, 0);
                let by = if self.chance.one_in(2) { self.from(5, 7) } else { self.from(39, 40) };
                let forced = LeaseForced { book, to, year, last_number, last_date, reason, epoch };
                (by, Act::ForceLease(forced))
            }
            43 => {
                let (document, outgoing) = self.held_document();
                let verdict = match self.chance.below(3) {
                    0 => register::HeldVerdict::Suffix,
                    1 => register::HeldVerdict::Void,
                    _ => register::HeldVerdict::Renumber,
                };
                let given_by = self.clash_of(document, outgoing);
                let act = Act::ResolveHeld { document, outgoing, given_by, verdict, reason };
                (self.clerk(), act)
            }
            _ => self.act_on_pc(book, reason),
        }
    }

    fn act_on_pc(&mut self, book: BookId, reason: String) -> (OfficerId, Act) {
        let admin = self.from(39, 40);
        // Those of the clerks stay, as a rule: without them no number would be given.
        let device = if self.chance.one_in(30) { self.pc() } else { DeviceId([20; 16]) };
        match self.chance.below(6) {
            0 => (admin, Act::FreezeBook { book }),
            1 => {
                let officer = self.any_officer();
                let (name, public) = (self.text("VT"), PublicKey([3; 32]));
                (admin, Act::EnrolDevice { device: self.pc(), name, officer, public })
            }
            2 | 3 => (admin, Act::RevokeDevice { device: self.spare_pc(device), reason }),
            _ => (admin, Act::RetireDevice { device: self.spare_pc(device), reason }),
        }
    }

    fn spare_pc(&mut self, other: DeviceId) -> DeviceId {
        let spare = DeviceId([4 + self.chance.below(u64::from(PCS) - 4) as u8; 16]);
        if self.chance.one_in(20) { other } else { spare }
    }

    fn last_on_paper(&mut self, book: BookId) -> (i16, u32) {
        let year = self.now.date().year();
        let next = match self.world.states.get(&Key::Book(book)) {
            Some(State::Book(book)) => book.year(year).next,
            Some(_) | None => 1,
        };
        let last = match self.chance.below(12) {
            0 => next + 400,
            1 => 0,
            2 => u32::MAX,
            3 | 4 => next.saturating_sub(1),
            _ => next + self.chance.below(4) as u32,
        };
        (year, last)
    }
}
