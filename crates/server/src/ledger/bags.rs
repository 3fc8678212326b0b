//! Bags of other servers: what they say is entered, and what became of it is told.
//!
//! Nothing here knows whether a bag goes over the line or on a stick. No transaction waits for
//! either: what goes is looked up in one, and taken out in another once the other side has said
//! that it knows it.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use register::{AgencyId, BlobId, Key, Matter, Moment, Post, PublicKey, State};
use sha2::{Digest, Sha256};
use sync::peer::{
    Bag, Became, Done, Lack, Listing, NotTaken, PeerFault, PostSent, SealedBag, read_post,
};
use sync::wire::{Hex, PartMarks, Trouble};

use super::carrying::later;
use super::peers::{Lives, Peer, hear_listing, lives, peer_of, put_peer};
use super::{Ledger, Taking, state_of};
use crate::blobs::{Blobs, Finished, Upload};
use crate::fault::{CallError, StorageFault, malformed};
use crate::storage::{Behind, Found};

/// Files that other servers were asked for and have not sent yet.
const WANTED_MAX: usize = 10_000;

/// What this process remembers of other servers.
#[derive(Default)]
pub(super) struct Peering {
    /// Our life, and how far the logs had come when it began.
    pub(super) life: OnceLock<(u32, Moment)>,
    /// Files that were asked for, with their bytes.
    wanted: Mutex<BTreeMap<(PublicKey, BlobId), u64>>,
}

/// The place of the files that another server sends, before they are given to agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct House(AgencyId);

impl House {
    /// That of the server with this key.
    pub fn of(key: PublicKey) -> House {
        let hash = Sha256::new().chain_update(b"vanthu/peer-house/1\0").chain_update(key.0);
        let mut name = [0; 16];
        for (slot, byte) in name.iter_mut().zip(hash.finalize()) {
            *slot = byte;
        }
        House(AgencyId(name))
    }

    /// Its name among those of agencies.
    pub fn name(self) -> AgencyId {
        self.0
    }

    /// A file on its way there. It counts as that of one PC.
    pub fn upload(self, blob: BlobId, size: u64) -> Upload {
        Upload { org: self.0, dev: register::DeviceId(self.0.0), blob, size }
    }
}

/// What became of a bag.
struct TakenIn {
    peer: Peer,
    done: Vec<Done>,
    /// Matters of ours that it has, and that waited until now.
    settled: usize,
    is_answer: bool,
}

/// What became of a bag from a stick.
pub(crate) struct FromStick {
    /// Matters that are in a log here.
    pub entered: usize,
    /// Matters that were not taken, or lack files.
    pub refused: usize,
    /// Our own matters that were taken out, because the other has them.
    pub settled: usize,
    /// It answers another one.
    pub is_answer: bool,
    /// What is to be said of them.
    pub answer: Option<SealedBag>,
}

/// What an answer says of what was asked.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// Matters that were entered, or refused for now.
    pub settled: usize,
    /// Files that are asked for.
    pub lacks: Vec<Lack>,
}

/// What one server says that is read and may be entered, by the agency it is for.
type ByAgency = BTreeMap<AgencyId, Vec<(Hex<16>, Post)>>;

impl Ledger {
    /// Enters what another server says, and says what became of it.
    ///
    /// # Errors
    /// Troubles of who is no known server, and of bytes that are not what was signed; faults. What
    /// was entered before a fault stays entered.
    pub fn take_bag(&self, sealed: &SealedBag, now: Moment) -> Result<SealedBag, CallError> {
        let TakenIn { peer, done, .. } = self.take_in(sealed, now)?;
        let answers = Some(sealed.seal.hash);
        self.seal_bag(peer.key, &Bag { answers, done, ..self.bag(&peer, now)? })
    }

    /// Enters what a stick brings; the answer goes on another stick, where there is any.
    ///
    /// # Errors
    /// As [`Ledger::take_bag`].
    pub(crate) fn take_from_stick(
        &self,
        sealed: &SealedBag,
        now: Moment,
    ) -> Result<FromStick, CallError> {
        let TakenIn { peer, done, settled, is_answer } = self.take_in(sealed, now)?;
        let entered = done.iter().filter(|done| done.became == Became::Entered).count();
        let refused = done.len() - entered;
        let answer = if done.is_empty() {
            None
        } else {
            // The first bag of the stick that goes back lists who lives here.
            let (answers, listing) = (Some(sealed.seal.hash), Listing::default());
            let bag = Bag { answers, listing, done, ..self.bag(&peer, now)? };
            Some(self.seal_bag(peer.key, &bag)?)
        };
        Ok(FromStick { entered, refused, settled, is_answer, answer })
    }

    /// Where this server keeps files.
    pub(crate) fn files(&self) -> Option<&dyn Blobs> {
        self.blobs.as_deref()
    }

    /// Enters an answer; says what it settles and which files are asked for.
    ///
    /// # Errors
    /// As [`Ledger::take_bag`]; an answer to something else.
    pub(crate) fn take_answer(
        &self,
        (asked, answer): (&SealedBag, &SealedBag),
        now: Moment,
    ) -> Result<Answered, CallError> {
        let bag = self.opened(answer)?;
        if bag.answers != Some(asked.seal.hash) || answer.seal.from != asked.seal.to {
            return Err(malformed("an answer to something else"));
        }
        self.take_in(answer, now)?;
        let (mut lacks, mut settled) = (BTreeMap::new(), 0);
        for done in bag.done {
            match done.became {
                Became::Lacks { files } => {
                    lacks.extend(files.into_iter().map(|lack| (lack.blob, lack)));
                }
                Became::Entered | Became::Refused { .. } => settled += 1,
            }
        }
        Ok(Answered { settled, lacks: lacks.into_values().collect() })
    }

    /// A server of that key is known, and has signed this for us: asked before a body is read.
    ///
    /// # Errors
    /// [`Trouble::NoSession`] for a stranger, [`Trouble::BadSignature`].
    pub fn must_be_a_peer(&self, seal: &sync::peer::Seal) -> Result<(), CallError> {
        let key = PublicKey(seal.from.0);
        let known = self.read(|reading| Ok(reading.peer(key)?.is_some()))?;
        if !known {
            return Err(Trouble::NoSession.into());
        }
        seal.check(&self.identity.public_hex()).map_err(told)
    }

    fn opened(&self, sealed: &SealedBag) -> Result<Bag, CallError> {
        self.must_be_a_peer(&sealed.seal)?;
        sealed.open(&self.identity.public_hex()).map_err(told)
    }

    fn take_in(&self, sealed: &SealedBag, now: Moment) -> Result<TakenIn, CallError> {
        let mut bag = self.opened(sealed)?;
        let key = PublicKey(sealed.seal.from.0);
        let posts = std::mem::take(&mut bag.posts);
        let done = std::mem::take(&mut bag.done);
        let (life, is_answer) = (bag.life, bag.answers.is_some());
        let peer = self.hear(key, bag, now)?;
        // What a life that is lost has known, this one may not know.
        let settled = if life >= peer.heard.life { self.take_out(key, done, now)? } else { 0 };
        let done = self.enter_posts(key, &posts, now)?;
        Ok(TakenIn { peer, done, settled, is_answer })
    }

    /// What it says of itself.
    fn hear(&self, key: PublicKey, bag: Bag, now: Moment) -> Result<Peer, CallError> {
        let before = self.read(|reading| Ok(peer_of(reading, key)?))?;
        let before = before.ok_or(CallError::Trouble(Trouble::NoSession))?;
        if before.heard.life > 0 && bag.life > before.heard.life {
            // Before its new life is noted: what breaks off here is begun again.
            self.tell_again(key, bag.back_to, now)?;
        }
        let (peer, listed) = self.write(None, move |writing| {
            let mut peer = peer_of(writing, key)?.ok_or(CallError::Trouble(Trouble::NoSession))?;
            let is_old = bag.life < peer.heard.life;
            let listed = hear_listing(writing, (&mut peer, &bag), now)?;
            if !is_old {
                (peer.told, peer.last) = (bag.knows, Some(now));
                put_peer(writing, &peer)?;
            }
            Ok((peer, listed))
        })?;
        if listed {
            self.quiet.directory_changed();
        }
        Ok(peer)
    }

    /// Takes out what the other server knows by now; says how many. It speaks only of what was
    /// for it.
    fn take_out(&self, key: PublicKey, done: Vec<Done>, now: Moment) -> Result<usize, CallError> {
        if done.is_empty() {
            return Ok(0);
        }
        self.write(None, move |writing| {
            let mut gone = 0;
            for Done { id, became } in done {
                let Some(out) = writing.out(&id.0)?.filter(|out| out.via == Some(key)) else {
                    continue;
                };
                match became {
                    Became::Entered => {
                        writing.drop_out(&out.id)?;
                        gone += 1;
                        if out.deliver {
                            // What was to follow it has waited for this.
                            let behind = Behind::Parcel(out.parcel);
                            writing.hurry_outs(out.from, behind, now)?;
                        }
                    }
                    Became::Refused { why } => {
                        let (from, to) = (out.from, out.to);
                        tracing::warn!(%from, %to, ?why, "a matter was refused");
                        writing.put_out(&later(&out, now))?;
                    }
                    Became::Lacks { .. } => {}
                }
            }
            Ok(gone)
        })
    }

    /// Enters matters, those of one agency in one transaction; each is taken or refused alone.
    fn enter_posts(
        &self,
        key: PublicKey,
        posts: &[PostSent],
        now: Moment,
    ) -> Result<Vec<Done>, CallError> {
        let (mut done, mut order, mut by_agency) = (Vec::new(), Vec::new(), ByAgency::new());
        for sent in posts {
            match self.looked_at(key, sent)? {
                Ok(post) => {
                    if !by_agency.contains_key(&post.to) {
                        order.push(post.to);
                    }
                    by_agency.entry(post.to).or_default().push((sent.id, post));
                }
                Err(became) => done.push(Done { id: sent.id, became }),
            }
        }
        for to in order {
            let posts = by_agency.remove(&to).unwrap_or_default();
            done.extend(self.enter_of_agency(key, (to, posts), now));
        }
        Ok(done)
    }

    fn looked_at(
        &self,
        key: PublicKey,
        sent: &PostSent,
    ) -> Result<Result<Post, Became>, CallError> {
        let refused = |why| Ok(Err(Became::Refused { why }));
        let Ok(post) = read_post(sent) else { return refused(NotTaken::Unreadable) };
        let (from, to) =
            self.read(|reading| Ok((lives(reading, post.from)?, lives(reading, post.to)?)))?;
        if from != Lives::At(key) {
            return refused(NotTaken::NotYours);
        }
        if to != Lives::Here {
            return refused(NotTaken::NotHere);
        }
        match self.lacks(key, &post)? {
            Ok(files) if files.is_empty() => Ok(Ok(post)),
            Ok(files) => Ok(Err(Became::Lacks { files })),
            Err(why) => refused(why),
        }
    }

    /// The files of a document that its server has not sent yet: knowing a hash is not enough. One
    /// that has come before needs none.
    fn lacks(&self, key: PublicKey, post: &Post) -> Result<Result<Vec<Lack>, NotTaken>, CallError> {
        let Matter::Deliver(delivery) = &post.matter else { return Ok(Ok(Vec::new())) };
        let name = Key::Arrival(delivery.parcel);
        let known = self.read(|reading| Ok(state_of(reading, post.to, name)?))?;
        let files = &delivery.letter.files;
        if files.is_empty() || matches!(known, Some(State::Arrival(_))) {
            return Ok(Ok(Vec::new()));
        }
        let Some(blobs) = &self.blobs else { return Ok(Err(NotTaken::NoFiles)) };
        let house = House::of(key);
        let mut lacks = Vec::new();
        for file in files {
            match blobs.size(house.name(), file.blob)? {
                Some(size) if size == file.size => continue,
                Some(_) => return Ok(Err(NotTaken::Unreadable)),
                None => {}
            }
            // One of which every part came before a kill is finished by this.
            let have = match blobs.finish(&house.upload(file.blob, file.size), &mut || Ok(()))? {
                Finished::Stored => continue,
                Finished::Parts(have) => have,
                Finished::Wrong => PartMarks::default(),
            };
            lacks.push(Lack { blob: file.blob, size: file.size, have });
        }
        let mut wanted = self.peering.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if wanted.len() + lacks.len() > WANTED_MAX {
            // Who still sends one of them is told no, and asks anew.
            wanted.clear();
        }
        wanted.extend(lacks.iter().map(|lack| ((key, lack.blob), lack.size)));
        Ok(Ok(lacks))
    }

    /// Whether a server was asked for a file of this size.
    pub(super) fn wants(&self, key: PublicKey, blob: BlobId, size: u64) -> bool {
        let wanted = self.peering.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.get(&(key, blob)) == Some(&size)
    }

    /// It has come.
    pub(super) fn has_been_sent(&self, key: PublicKey, blob: BlobId) {
        let mut wanted = self.peering.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.remove(&(key, blob));
    }

    fn enter_of_agency(
        &self,
        key: PublicKey,
        (to, posts): (AgencyId, Vec<(Hex<16>, Post)>),
        now: Moment,
    ) -> Vec<Done> {
        let entered = |id| Done { id, became: Became::Entered };
        let all: Vec<Post> = posts.iter().map(|(_, post)| post.clone()).collect();
        let Err(fault) = self.enter(key, (to, all), now) else {
            return posts.into_iter().map(|(id, _)| entered(id)).collect();
        };
        tracing::error!(fault = &fault as &dyn std::error::Error, %to, "matters were not entered");
        // One that cannot be entered must not keep the others out.
        let alone =
            posts.into_iter().map(|(id, post)| match self.enter(key, (to, vec![post]), now) {
                Ok(()) => entered(id),
                Err(fault) => {
                    let fault = &fault as &dyn std::error::Error;
                    tracing::error!(fault, %to, "a matter was not entered");
                    Done { id, became: Became::Refused { why: NotTaken::Broken } }
                }
            });
        alone.collect()
    }

    fn enter(
        &self,
        key: PublicKey,
        (to, posts): (AgencyId, Vec<Post>),
        now: Moment,
    ) -> Result<(), CallError> {
        let identity = Arc::clone(&self.identity);
        // Nothing that is given now is taken away before it is named.
        let _given = self.giving.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(blobs) = &self.blobs {
            for post in &posts {
                let parcel = Key::Arrival(post.matter.parcel());
                if self.read(|reading| Ok(state_of(reading, to, parcel)?))?.is_none() {
                    share_all(&**blobs, (House::of(key), post))?;
                }
            }
        }
        let (grown, posted) = self.write(Some(to), move |writing| {
            let mut taking = Taking::begin(writing, &identity, to, now)?;
            for post in &posts {
                taking.enter(post)?;
            }
            let posted = taking.posted;
            Ok((taking.finish()?, posted))
        })?;
        self.quiet.something_came(to);
        self.heads.grew_by(to, grown);
        if posted {
            self.bell.ring();
        }
        Ok(())
    }
}

/// What has arrived is whole (SYNC I16): a file that is gone by now keeps its document out.
fn share_all(blobs: &dyn Blobs, (house, post): (House, &Post)) -> Found<()> {
    let Matter::Deliver(delivery) = &post.matter else { return Ok(()) };
    for file in &delivery.letter.files {
        if !blobs.share(house.name(), post.to, file.blob)? {
            return Err(StorageFault::Form { what: "file of another server" });
        }
    }
    Ok(())
}

/// What who sent it is told.
fn told(fault: PeerFault) -> CallError {
    match fault {
        PeerFault::BadSignature => Trouble::BadSignature.into(),
        PeerFault::NotForUs => malformed("something for another server"),
        PeerFault::TooLarge => malformed("a bag over its limit"),
        PeerFault::Unreadable => malformed("a bag that this version cannot read"),
    }
}
