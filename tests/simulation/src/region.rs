//! Several agencies on several servers that send each other documents over the real rules: what
//! goes between them is lost, doubled, late and out of order, and every clerk works without a line
//! for a while. In one thread and virtual time; the seed is everything.
#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a seat that is not there should stop the run; most states are about something else"
)]
mod desk_acts;
mod place;
mod rest;

use register::{AgencyId, Matter, Moment, ParcelId};

use crate::chance::Chance;
use crate::tally::Tally;

pub use self::place::Place;

/// The morning on which it begins.
const BEGINS: Moment = Moment(1_795_000_000_000);
/// Acts of one region.
pub const OPS_OF_A_REGION: u64 = 400;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// The count it belongs to.
    pub counter: &'static str,
    /// What.
    pub what: String,
}

/// Agencies, their servers, and what is between them.
pub struct Region {
    chance: Chance,
    now: Moment,
    /// The agencies.
    pub places: Vec<Place>,
    /// Servers that cannot be reached.
    down: Vec<bool>,
    /// What really happened.
    pub tally: Tally,
    /// What is wrong so far.
    pub wrong: Vec<Wrong>,
    made: u64,
}

/// Runs a region to its end, and to rest.
pub fn run(seed: u64, ops: u64) -> (Tally, Vec<Wrong>) {
    let mut region = Region::open(seed);
    for _ in 0..ops {
        region.happens();
    }
    region.comes_to_rest();
    region.looks_at_rest();
    (region.tally, region.wrong)
}

impl Region {
    /// Two to five agencies on one or two servers.
    pub fn open(seed: u64) -> Region {
        let mut chance = Chance::of(seed);
        let servers = 1 + chance.below(2) as usize;
        let many = 2 + chance.below(4) as usize;
        let mut places = Vec::new();
        for at in 0..many {
            let server = chance.below(servers as u64) as usize;
            let lease_at_server = chance.one_in(2);
            places.push(Place::founded(at, server, lease_at_server, BEGINS));
        }
        let (tally, wrong) = (Tally::default(), Vec::new());
        Region { chance, now: BEGINS, places, down: vec![false; servers], tally, wrong, made: 0 }
    }

    fn id(&mut self) -> [u8; 16] {
        self.made += 1;
        self.chance.id()
    }

    pub(crate) fn broke(&mut self, counter: &'static str, what: String) {
        self.tally.add(counter);
        self.wrong.push(Wrong { counter, what });
    }

    fn place_at(&self, agency: AgencyId) -> Option<usize> {
        self.places.iter().position(|place| place.id == agency)
    }

    /// One thing happens.
    pub fn happens(&mut self) {
        self.now = Moment(self.now.0 + 1_000 + self.chance.below(600_000) as i64);
        let at = self.chance.below(self.places.len() as u64) as usize;
        match self.chance.below(100) {
            0..40 => self.somebody_acts(at),
            40..66 => self.somebody_meets(at),
            66..90 => self.something_is_carried(),
            90..95 => self.a_file_comes(at),
            95..97 => self.a_server_is_reached_or_not(),
            _ => self.a_line_is_there_or_not(at),
        }
    }

    fn a_server_is_reached_or_not(&mut self) {
        let at = self.chance.below(self.down.len() as u64) as usize;
        if let Some(down) = self.down.get_mut(at) {
            *down = !*down;
            if *down {
                self.tally.add("server_down");
            }
        }
    }

    fn a_line_is_there_or_not(&mut self, at: usize) {
        let seat = self.chance.below(3) as usize;
        let Some(seat) = self.places.get_mut(at).and_then(|place| place.seats.get_mut(seat)) else {
            return;
        };
        seat.has_line = !seat.has_line;
        if !seat.has_line {
            self.tally.add("line_gone");
        }
    }

    fn a_file_comes(&mut self, at: usize) {
        let Some(place) = self.places.get_mut(at) else { return };
        place.files_on_the_way.clear();
    }

    /// Somebody's PC brings what it did, and reads what is so.
    fn somebody_meets(&mut self, at: usize) {
        let seat = self.chance.below(3) as usize;
        let is_down = self.places.get(at).is_some_and(|place| self.is_down(place.server));
        let Some(place) = self.places.get_mut(at) else { return };
        let has_line = place.seats.get(seat).is_some_and(|seat| seat.has_line);
        if !has_line || is_down {
            return;
        }
        place.meets(seat, self.now, &mut self.tally);
    }

    fn is_down(&self, server: usize) -> bool {
        self.down.get(server).copied().unwrap_or(false)
    }

    /// One matter goes, as the servers carry it: at least once.
    fn something_is_carried(&mut self) {
        let all: Vec<(usize, [u8; 16])> = self
            .places
            .iter()
            .enumerate()
            .flat_map(|(at, place)| place.outbox.iter().map(move |row| (at, row.id)))
            .collect();
        let Some((at, id)) = self.chance.of_list(&all).copied() else { return };
        self.carries(at, id);
    }

    pub(crate) fn carries(&mut self, at: usize, id: [u8; 16]) {
        let Some(from) = self.places.get(at) else { return };
        let Some(row) = from.outbox.iter().find(|row| row.id == id).cloned() else { return };
        let (parcel, home) = (row.post.matter.parcel(), from.server);
        if self.is_down(home) {
            return;
        }
        let Some(to) = self.place_at(row.post.to) else { return };
        let there = self.places.get(to).map_or(home, |place| place.server);
        let far = there != home;
        if far && self.is_down(there) {
            self.tally.add("peer_down");
            return;
        }
        if !self.may_go(at, &row.post.matter, parcel, far) {
            return;
        }
        if far {
            self.mark_tried(at, id);
            if self.chance.percent(15) {
                self.tally.add("lost_on_the_way");
                return;
            }
        }
        let before = self.ranks(&row.post.to, parcel);
        if let Some(place) = self.places.get_mut(to) {
            place.enters(&row.post, self.now, &mut self.tally);
        }
        self.must_not_fall(&row.post.to, parcel, before);
        // Between two servers the word that it was entered may be lost; on one it cannot be.
        if far && self.chance.percent(20) {
            self.tally.add("doubled_messages");
            return;
        }
        if let Some(from) = self.places.get_mut(at) {
            from.outbox.retain(|row| row.id != id);
        }
    }

    fn mark_tried(&mut self, at: usize, id: [u8; 16]) {
        let rows = self.places.get_mut(at).map(|place| &mut place.outbox);
        for row in rows.into_iter().flatten().filter(|row| row.id == id) {
            row.tried = true;
        }
    }

    /// The rules of the outbox, as the server keeps them.
    fn may_go(&mut self, at: usize, matter: &Matter, parcel: ParcelId, far: bool) -> bool {
        let Some(place) = self.places.get_mut(at) else { return false };
        let waits: Vec<_> = place
            .outbox
            .iter()
            .filter(|row| row.is_deliver() && row.post.matter.parcel() == parcel)
            .map(|row| (row.id, row.tried))
            .collect();
        match matter {
            Matter::Deliver(_) => {
                let whole = !place.files_on_the_way.contains(&parcel);
                if !whole {
                    self.tally.add("waited_for_files");
                }
                whole
            }
            Matter::Chase(_) => waits.is_empty(),
            Matter::Recall(_) => {
                // What was tried may have been entered there: it goes on, and the recall behind it.
                if far && waits.iter().any(|(_, tried)| *tried) {
                    return false;
                }
                if !waits.is_empty() {
                    self.tally.add("recalled_unsent");
                }
                place.outbox.retain(|row| !waits.iter().any(|(id, _)| *id == row.id));
                true
            }
            Matter::Receipt(_) => true,
        }
    }
}
