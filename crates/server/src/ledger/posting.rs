//! What an entry of one log says to another: written with the entry, and entered there once.
use register::{
    Act, AgencyId, Delivery, Entering, Key, Matter, Moment, OfficerId, Outcome, ParcelId, Post,
    ReadTo, Receipt, Refusal, State, Told, Urgency, entering, posts,
};
use sha2::{Digest, Sha256};
use sync::Hash;

use super::Taking;
use crate::fault::StorageFault;
use crate::storage::{BlobUse, Found, Out, Proof};

/// Who acts where another agency's log speaks.
const NOBODY: OfficerId = OfficerId([0; 16]);

/// Arrivals that are told to have been read after one call.
const FETCHED_AT_ONCE: u32 = 200;
/// Lower goes first: urgent documents, then whatever people wait for, then receipts.
const RANK_RECEIPT: u8 = 4;
/// So long a recall that is told together with its document waits for that: where the document is
/// not known yet, the recall would be answered as that of one that never came.
const RECALLED_ANEW_MS: i64 = 60_000;

fn rank_of(matter: &Matter) -> u8 {
    match matter {
        Matter::Deliver(delivery) => match delivery.letter.urgency {
            Urgency::Express => 0,
            Urgency::VeryUrgent => 1,
            Urgency::Urgent => 2,
            Urgency::Normal => 3,
        },
        // What was sent by mistake is called back before anybody reads it.
        Matter::Recall(_) => 0,
        Matter::Chase(_) => 3,
        Matter::Receipt(_) => RANK_RECEIPT,
    }
}

/// The name of a matter, from what caused it: the same cause never goes twice.
fn name_of(cause: &Hash, post: &Post, body: &str, at: usize) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(b"vanthu/post/1\0");
    hash.update(cause);
    hash.update(post.to.0);
    hash.update(body);
    hash.update((at as u64).to_be_bytes());
    let mut name = [0; 16];
    for (slot, byte) in name.iter_mut().zip(hash.finalize()) {
        *slot = byte;
    }
    name
}

impl Taking<'_> {
    /// Writes what the newest entry, which made this of a state, says to another agency.
    pub(super) fn tell(&mut self, before: Option<&State>, after: &State) -> Found<()> {
        let place = (self.org.id, self.place());
        let said = posts(place, before, after, &mut |key| Ok(self.load(key)?.clone()))?;
        let comes = |post: &Post| matches!(post.matter, Matter::Deliver(_));
        let comes_whole = said.iter().any(comes);
        for (at, post) in said.iter().enumerate() {
            let waits = match &post.matter {
                Matter::Recall(_) if comes_whole => RECALLED_ANEW_MS,
                Matter::Recall(_) | Matter::Deliver(_) | Matter::Chase(_) | Matter::Receipt(_) => 0,
            };
            self.put_out_by(post, (at, Moment(self.now.0.saturating_add(waits))))?;
        }
        Ok(())
    }

    fn put_out(&mut self, post: &Post, at: usize) -> Found<()> {
        self.put_out_by(post, (at, self.now))
    }

    fn put_out_by(&mut self, post: &Post, (at, due): (usize, Moment)) -> Found<()> {
        let body = serde_json::to_string(&post.matter)
            .map_err(|source| StorageFault::Body { what: "matter", source })?;
        self.posted = true;
        self.tx.put_out(&Out {
            id: name_of(&self.org.hash, post, &body, at),
            from: post.from,
            to: post.to,
            parcel: post.matter.parcel(),
            rank: rank_of(&post.matter),
            deliver: matches!(post.matter, Matter::Deliver(_)),
            at: self.now,
            due,
            tries: 0,
            body,
            via: None,
        })
    }

    fn place(&self) -> ReadTo {
        ReadTo { epoch: self.org.epoch, seq: self.org.head }
    }

    /// Enters what another agency's log says. The same again changes nothing.
    pub fn enter(&mut self, post: &Post) -> Found<()> {
        let parcel = post.matter.parcel();
        let key = match &post.matter {
            Matter::Receipt(_) => Key::Parcel(parcel),
            Matter::Deliver(_) | Matter::Chase(_) | Matter::Recall(_) => Key::Arrival(parcel),
        };
        match entering(post, self.load(key)?.as_ref()) {
            Entering::Say(act) => self.say(*act, post),
            Entering::Answer(told) => self.answer_back(post.from, parcel, told),
            Entering::TellAgain(arrival) => self.tell(None, &State::Arrival(arrival)),
            Entering::Nothing => Ok(()),
        }
    }

    /// Tells the other side anew what is so here: its server was set back and may have forgotten.
    pub(super) fn tell_anew(&mut self, key: Key) -> Found<()> {
        let Some(state) = self.load(key)?.clone() else { return Ok(()) };
        self.tell(None, &state)
    }

    fn say(&mut self, act: Act, post: &Post) -> Found<()> {
        match self.act(NOBODY, act, None)? {
            Ok(_) => match &post.matter {
                Matter::Deliver(delivery) => self.has_come(delivery),
                Matter::Chase(_) | Matter::Recall(_) | Matter::Receipt(_) => Ok(()),
            },
            // It was told before.
            Err(Outcome::Rejected(Refusal::NothingWaits)) => Ok(()),
            Err(why) => {
                let org = self.org.id;
                tracing::warn!(%org, from = %post.from, ?why, "a matter was not entered");
                Ok(())
            }
        }
    }

    /// What came has its files, and nobody has read it yet.
    fn has_come(&mut self, delivery: &Delivery) -> Found<()> {
        let key = Key::Arrival(delivery.parcel);
        for file in &delivery.letter.files {
            let by_post = BlobUse { key, dev: self.identity.dev, proof: Proof::Proven };
            self.tx.put_blob_use(self.org.id, file.blob, &by_post)?;
        }
        self.tx.put_unfetched(self.org.id, self.org.head, delivery.parcel)
    }

    fn answer_back(&mut self, to: AgencyId, parcel: ParcelId, told: Told) -> Found<()> {
        let post = self.receipt(to, parcel, told);
        self.put_out(&post, 0)
    }

    fn receipt(&self, to: AgencyId, parcel: ParcelId, told: Told) -> Post {
        let (place, at, by) = (self.place(), self.now, String::new());
        let matter = Matter::Receipt(Receipt { parcel, place, at, by, told });
        Post { from: self.org.id, to, matter }
    }

    /// A PC of the agency has read up to an entry: who sent what came until there is told.
    pub fn fetched(&mut self, upto: u64) -> Found<()> {
        let mut told = Vec::new();
        for (seq, parcel) in self.tx.unfetched(self.org.id, upto, FETCHED_AT_ONCE)? {
            self.tx.drop_unfetched(self.org.id, seq, parcel)?;
            if let Some(State::Arrival(arrival)) = self.load(Key::Arrival(parcel))? {
                told.push((arrival.from.agency, parcel));
            }
        }
        for (at, (to, parcel)) in told.into_iter().enumerate() {
            let post = self.receipt(to, parcel, Told::Fetched);
            self.put_out(&post, at)?;
        }
        Ok(())
    }
}
