//! Packs what waits for another server: looked up in one transaction, sealed outside of it.
use std::collections::{BTreeMap, BTreeSet};

use register::{AgencyId, BlobId, Matter, Moment, Post, PublicKey};
use sync::peer::{
    BAG_FORM, BAG_LISTED_MAX, BAG_POSTS_BYTES_MAX, BAG_POSTS_MAX, Bag, Knows, Listing, PeerFault,
    PostSent, SealedBag, bag_hash, write_bag, write_post,
};
use sync::wire::{Hex, Hex32, Trouble};

use super::Ledger;
use super::carrying::{Way, later, post_of, way};
use super::directory::listed_from;
use super::peers::{Lives, Peer, lives, peer_of};
use crate::fault::CallError;
use crate::storage::{Found, Out, Reading, Whither, Writing};

/// A document waits for its files so long before it is looked at again.
const FILES_AGAIN_MS: i64 = 30_000;
/// Entries of the directory looked at together.
const LISTED_LOOKED_AT: u32 = 1_000;

/// A bag that is ready to go.
#[derive(Debug, Clone)]
pub struct Packed {
    /// It.
    pub sealed: SealedBag,
    /// Matters in it.
    pub posts: usize,
    /// It lists agencies that the other does not know as they are.
    pub lists: bool,
    /// There are more matters than those.
    pub more: bool,
    /// The files of its documents: whose they are here, which, and their bytes.
    pub files: BTreeMap<BlobId, (AgencyId, u64)>,
}

/// Which matters a bag takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which<'a> {
    /// Those that are due.
    Due,
    /// These, which all go on one stick: what follows a document that is on it goes too.
    Named(&'a [[u8; 16]]),
}

/// Matters that go, and the files of their documents.
#[derive(Default)]
struct Going {
    posts: Vec<PostSent>,
    files: BTreeMap<BlobId, (AgencyId, u64)>,
    bytes: usize,
    left: bool,
}

impl Going {
    fn add(&mut self, out: &Out, post: &Post) -> Result<(), PeerFault> {
        let text = write_post(post)?;
        if self.bytes + text.get().len() > BAG_POSTS_BYTES_MAX {
            self.left = true;
            return Ok(());
        }
        self.bytes += text.get().len();
        if let Matter::Deliver(delivery) = &post.matter {
            let files = delivery.letter.files.iter();
            self.files.extend(files.map(|file| (file.blob, (post.from, file.size))));
        }
        self.posts.push(PostSent { id: Hex(out.id), post: text });
        Ok(())
    }
}

/// Looks which matters may go. A document that may have gone is marked, so that a recall does not
/// overtake it.
fn going(
    writing: &dyn Writing,
    (key, outs, is_on_stick): (PublicKey, Vec<(Out, bool)>, bool),
    now: Moment,
) -> Found<Going> {
    let (mut going, mut homes) = (Going::default(), BTreeMap::new());
    for (out, has_files) in outs {
        if going.left {
            break;
        }
        let home = match homes.get(&out.to) {
            Some(home) => *home,
            None => lives(writing, out.to)?,
        };
        homes.insert(out.to, home);
        if home != Lives::At(key) {
            writing.put_out(&Out { via: None, due: now, ..out })?;
            continue;
        }
        let post = match post_of(&out) {
            Ok(post) => post,
            Err(fault) => {
                tracing::error!(%fault, from = %out.from, "a matter cannot be read");
                writing.put_out(&later(&out, now))?;
                continue;
            }
        };
        match way(writing, (&out, &post), has_files)? {
            Way::Behind if !(is_on_stick && is_on_its_way(writing, &out)?) => {
                writing.put_out(&later(&out, now))?;
            }
            Way::Free | Way::Behind => {
                let before = going.posts.len();
                if let Err(fault) = going.add(&out, &post) {
                    tracing::error!(%fault, from = %out.from, "a matter cannot be sent");
                    writing.put_out(&later(&out, now))?;
                } else if out.deliver && out.tries == 0 && going.posts.len() > before {
                    writing.put_out(&Out { tries: 1, ..out })?;
                }
            }
            Way::Files => {
                let due = Moment(now.0.saturating_add(FILES_AGAIN_MS));
                writing.put_out(&Out { due, ..out })?;
            }
            Way::Gone => {}
        }
    }
    Ok(going)
}

/// The document that a matter is about was said already, on this stick or before.
fn is_on_its_way(writing: &dyn Writing, out: &Out) -> Found<bool> {
    let waits = writing.outs_of(out.from, out.parcel)?;
    Ok(waits.iter().all(|other| !other.deliver || other.tries > 0))
}

/// Our agencies that were listed anew since the other has heard.
fn listing_of(reading: &dyn Reading, life: u32, told: Knows) -> Found<Listing> {
    let above = if told.life == life { told.upto } else { 0 };
    let mut listing = Listing { above, upto: above, entries: Vec::new() };
    let ours: BTreeSet<AgencyId> = reading.orgs()?.into_iter().collect();
    loop {
        let page = reading.listed(listing.upto, LISTED_LOOKED_AT)?;
        if page.is_empty() {
            return Ok(listing);
        }
        for (ver, body) in page {
            let listed = listed_from(&body)?;
            if ours.contains(&listed.id) && lives(reading, listed.id)? == Lives::Here {
                if listing.entries.len() >= BAG_LISTED_MAX {
                    return Ok(listing);
                }
                listing.entries.push(listed);
            }
            listing.upto = ver;
        }
    }
}

impl Ledger {
    /// Our life, and how far our logs had come when it began: what was told to us after that moment
    /// we may have forgotten.
    fn our_life(&self) -> Result<(u32, Moment), CallError> {
        if let Some(known) = self.peering.life.get() {
            return Ok(*known);
        }
        let (mut life, mut back_to) = (1, Moment(0));
        self.read(|reading| {
            (life, back_to) = (1, Moment(0));
            for id in reading.orgs()? {
                let Some(org) = reading.org(id)?.filter(|org| org.epoch >= life) else { continue };
                if org.epoch > life {
                    (life, back_to) = (org.epoch, Moment(0));
                }
                reading.entries(id, org.head0, &mut |entry| {
                    let is_it = org.epoch > 1 && entry.seq == org.head0;
                    back_to = if is_it { back_to.max(entry.at) } else { back_to };
                    std::ops::ControlFlow::Break(())
                })?;
            }
            Ok(())
        })?;
        // A life begins while the server stands still, so this process sees one.
        Ok(*self.peering.life.get_or_init(|| (life, back_to)))
    }

    pub(super) fn seal_bag(&self, to: Hex32, bag: &Bag) -> Result<SealedBag, CallError> {
        let raw = write_bag(bag).map_err(|fault| {
            tracing::error!(%fault, "a bag cannot be written");
            CallError::Trouble(Trouble::Broken)
        })?;
        let seal = self.identity.seal(to, bag_hash(raw.as_bytes()));
        Ok(SealedBag { seal, raw })
    }

    pub(super) fn bag(&self, peer: &Peer, now: Moment) -> Result<Bag, CallError> {
        let (life, back_to) = self.our_life()?;
        let listing = self.read(|reading| Ok(listing_of(reading, life, peer.told)?))?;
        let (posts, done) = (Vec::new(), Vec::new());
        let (v, answers, knows) = (BAG_FORM, None, peer.heard);
        Ok(Bag { v, life, back_to, at: now, answers, knows, listing, posts, done })
    }

    /// Packs what waits for another server.
    ///
    /// # Errors
    /// Faults of the storage; a server that is not known.
    pub(crate) fn pack(
        &self,
        key: PublicKey,
        which: Which<'_>,
        now: Moment,
    ) -> Result<Packed, CallError> {
        let peer = self.read(|reading| Ok(peer_of(reading, key)?))?;
        let peer = peer.ok_or(CallError::Trouble(Trouble::NotFound))?;
        let (outs, is_on_stick) = self.read(|reading| {
            let most = u32::try_from(BAG_POSTS_MAX).unwrap_or(u32::MAX);
            Ok(match which {
                Which::Due => (reading.outs(Whither::Peer(key), now, most)?, false),
                Which::Named(names) => {
                    let found = names.iter().map(|name| reading.out(name));
                    (found.filter_map(Result::transpose).collect::<Found<Vec<_>>>()?, true)
                }
            })
        })?;
        let count = outs.len();
        // A store of files may take its time: nobody waits for the writer meanwhile.
        let outs: Vec<(Out, bool)> = outs
            .into_iter()
            .map(|out| {
                let has_files = self.has_files(&out);
                (out, has_files)
            })
            .collect();
        let going = if outs.is_empty() {
            Going::default()
        } else {
            self.write(None, move |writing| Ok(going(writing, (key, outs, is_on_stick), now)?))?
        };
        let mut bag = Bag { posts: going.posts, ..self.bag(&peer, now)? };
        if is_on_stick && !bag.posts.is_empty() {
            // The first bag on the stick lists them, and has no posts.
            bag.listing = Listing::default();
        }
        let more = going.left || count >= BAG_POSTS_MAX;
        let more = more || bag.listing.entries.len() >= BAG_LISTED_MAX;
        let (posts, lists) = (bag.posts.len(), !bag.listing.entries.is_empty());
        let sealed = self.seal_bag(peer.key, &bag)?;
        Ok(Packed { sealed, posts, lists, more, files: going.files })
    }

    /// Whether every file of a matter is whole here.
    fn has_files(&self, out: &Out) -> bool {
        let (Some(blobs), true) = (&self.blobs, out.deliver) else { return true };
        let all_there = || -> Found<bool> {
            let Matter::Deliver(delivery) = post_of(out)?.matter else { return Ok(true) };
            for file in &delivery.letter.files {
                if blobs.size(out.from, file.blob)?.is_none() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        all_there().unwrap_or_else(|fault| {
            tracing::warn!(%fault, from = %out.from, "the files of a document cannot be had");
            false
        })
    }

    /// The names of what waits for a server, due or not.
    pub(crate) fn names_for(&self, key: PublicKey, most: u32) -> Result<Vec<[u8; 16]>, CallError> {
        self.read(|reading| Ok(reading.out_names(key, most)?))
    }

    /// How much waits for a server.
    pub(crate) fn waits_for(&self, key: PublicKey) -> Result<u64, CallError> {
        let waits = self.read(|reading| Ok(reading.waits()?))?;
        Ok(waits.iter().find(|waits| waits.via == Some(key)).map_or(0, |waits| waits.count))
    }
}
