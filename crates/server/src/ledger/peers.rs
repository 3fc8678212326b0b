//! Other servers: who they are, which agencies live there, and what each knows of the other.
use std::collections::BTreeMap;

use register::{AgencyId, Moment, PublicKey};
use serde::{Deserialize, Serialize};
use sync::peer::{Bag, Knows, fair};
use sync::wire::{Hex, Hex32};

use super::{Ledger, directory};
use crate::fault::{CallError, StorageFault};
use crate::storage::{Found, Home, Out, Reading, Waits, Whither, Writing};

/// Other servers that one may know: each has a thread of its own.
const PEERS_MAX: usize = 256;
/// Characters of a name and of an address.
const NAME_CHARS_MAX: usize = 250;
const ADDRESS_CHARS_MAX: usize = 500;

/// Another server, as the operator keeps it and as it was last heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Its key: whoever has it is that server.
    pub key: Hex32,
    /// What the operator calls it.
    pub name: String,
    /// Where it is called; empty where only sticks go.
    pub address: String,
    /// How far its list of agencies is known here.
    #[serde(default)]
    pub heard: Knows,
    /// How far it has said that it knows ours.
    #[serde(default)]
    pub told: Knows,
    /// When something of it was last heard, over the line or on a stick.
    #[serde(default)]
    pub last: Option<Moment>,
}

/// Why the operator's wish about another server is not done.
#[derive(Debug, thiserror::Error)]
pub enum NotAPeer {
    /// The key is this server's own.
    #[error("the key is that of this server")]
    Itself,
    /// The key is none.
    #[error("not a key of a server")]
    NoKey,
    /// The name or the address is empty or too long, or another server has that name.
    #[error("not a name for another server")]
    Name,
    /// There are [`PEERS_MAX`] already.
    #[error("more servers than one may know")]
    TooMany,
    /// There is none of that name.
    #[error("no such server is known")]
    Unknown,
    /// So much still goes there.
    #[error("{0} matters wait for that server")]
    Waits(u64),
    /// It has not said that it has that agency.
    #[error("that server has not said that it has the agency")]
    NotThere,
    /// The storage.
    #[error("the storage failed")]
    Storage(#[from] StorageFault),
}

impl From<CallError> for NotAPeer {
    fn from(fault: CallError) -> NotAPeer {
        match fault {
            CallError::Fault(fault) => NotAPeer::Storage(fault),
            CallError::Trouble(_) => NotAPeer::Unknown,
        }
    }
}

/// Whether a server is forgotten although something waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anyway {
    /// Not then.
    No,
    /// Also then: who sent it is told that it cannot arrive.
    Yes,
}

/// Another server at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerAtAGlance {
    /// It.
    pub peer: Peer,
    /// Agencies that live there.
    pub agencies: u64,
    /// Agencies that it says it has, and that are believed to live elsewhere.
    pub claims: Vec<AgencyId>,
    /// What waits for it.
    pub waits: Option<Waits>,
}

/// Where an agency lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lives {
    Here,
    At(PublicKey),
    Nowhere,
}

/// Where an agency is believed to live.
pub(super) fn lives(reading: &dyn Reading, org: AgencyId) -> Found<Lives> {
    let stands = reading.homes_of(org)?.into_iter().find(|home| home.stands);
    Ok(match stands {
        Some(home) => Lives::At(home.peer),
        None if reading.org(org)?.is_some() => Lives::Here,
        None => Lives::Nowhere,
    })
}

fn peer_from(body: &str) -> Found<Peer> {
    serde_json::from_str(body).map_err(|source| StorageFault::Body { what: "peer", source })
}

pub(super) fn peer_of(reading: &dyn Reading, key: PublicKey) -> Found<Option<Peer>> {
    reading.peer(key)?.map(|body| peer_from(&body)).transpose()
}

pub(super) fn put_peer(writing: &dyn Writing, peer: &Peer) -> Found<()> {
    let body = serde_json::to_string(peer)
        .map_err(|source| StorageFault::Body { what: "peer", source })?;
    writing.put_peer(PublicKey(peer.key.0), &body)
}

fn all(reading: &dyn Reading) -> Found<Vec<Peer>> {
    reading.peers()?.iter().map(|(_, body)| peer_from(body)).collect()
}

/// What waits for a server is looked over anew: it may go elsewhere now, or nowhere.
fn sort_anew(writing: &dyn Writing, key: PublicKey) -> Found<()> {
    for out in writing.outs(Whither::Peer(key), Moment(i64::MAX), u32::MAX)? {
        writing.put_out(&Out { via: None, due: Moment(0), ..out })?;
    }
    Ok(())
}

/// Notes what a server says of its agencies. The one who was first stays until the operator says
/// otherwise: nobody's letters are silently sent elsewhere.
pub(super) fn hear_listing(
    writing: &dyn Writing,
    (peer, bag): (&mut Peer, &Bag),
    now: Moment,
) -> Found<bool> {
    let key = PublicKey(peer.key.0);
    let listing = &bag.listing;
    if bag.life < peer.heard.life {
        return Ok(false);
    }
    let anew = bag.life > peer.heard.life;
    let known = if anew { 0 } else { peer.heard.upto };
    if listing.above > known || (listing.upto <= known && !anew) {
        return Ok(false);
    }
    let mut listed = false;
    for entry in &listing.entries {
        let Some(entry) = fair(entry) else {
            tracing::warn!(server = %peer.name, org = %entry.id, "an entry beyond its limits");
            continue;
        };
        let homes = writing.homes_of(entry.id)?;
        let known = homes.iter().find(|home| home.peer == key);
        let taken = homes.iter().any(|home| home.stands) || writing.org(entry.id)?.is_some();
        let stands = known.map_or(!taken, |home| home.stands);
        if known.is_none() {
            writing.put_home(&Home { org: entry.id, peer: key, at: now, stands })?;
        }
        if stands {
            listed |= directory::list_from(writing, &entry)?;
        } else {
            tracing::warn!(server = %peer.name, org = %entry.id, "an agency lives in two places");
        }
    }
    peer.heard = Knows { life: bag.life, upto: listing.upto };
    Ok(listed)
}

impl Ledger {
    /// Keeps another server; of one that is known, its name and its address.
    ///
    /// # Errors
    /// What a server cannot be; faults.
    pub fn add_peer(&self, key: Hex32, name: &str, address: &str) -> Result<(), NotAPeer> {
        if key == self.identity.public_hex() {
            return Err(NotAPeer::Itself);
        }
        if sync::VerifyingKey::from_bytes(&key.0).is_err() {
            return Err(NotAPeer::NoKey);
        }
        let (name, address) = (name.trim().to_owned(), address.trim().to_owned());
        let fits = |text: &str, most| text.chars().count() <= most;
        if name.is_empty() || !fits(&name, NAME_CHARS_MAX) || !fits(&address, ADDRESS_CHARS_MAX) {
            return Err(NotAPeer::Name);
        }
        let peers = self.peers()?;
        if peers.iter().any(|other| other.name == name && other.key != key) {
            return Err(NotAPeer::Name);
        }
        let known = peers.iter().find(|other| other.key == key).cloned();
        if known.is_none() && peers.len() >= PEERS_MAX {
            return Err(NotAPeer::TooMany);
        }
        let (heard, told) = (Knows::default(), Knows::default());
        let fresh =
            Peer { key, name: String::new(), address: String::new(), heard, told, last: None };
        let peer = Peer { name, address, ..known.unwrap_or(fresh) };
        self.write(None, move |writing| Ok(put_peer(writing, &peer)?))?;
        self.peer_bell.ring();
        Ok(())
    }

    /// The other servers that are known.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn peers(&self) -> Result<Vec<Peer>, CallError> {
        self.read(|reading| Ok(all(reading)?))
    }

    /// The server of that key.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn peer(&self, key: PublicKey) -> Result<Option<Peer>, CallError> {
        self.read(|reading| Ok(peer_of(reading, key)?))
    }

    /// When something that goes there is due next.
    ///
    /// # Errors
    /// Faults of the storage.
    pub(crate) fn next_for(&self, key: PublicKey) -> Result<Option<Moment>, CallError> {
        self.read(|reading| Ok(reading.next_out(Whither::Peer(key))?))
    }

    /// The server of that name.
    ///
    /// # Errors
    /// [`NotAPeer::Unknown`]; faults.
    pub fn peer_named(&self, name: &str) -> Result<Peer, NotAPeer> {
        let found = self.peers()?.into_iter().find(|peer| peer.name == name.trim());
        found.ok_or(NotAPeer::Unknown)
    }

    /// The other servers, with who lives there and what waits for them.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn peers_at_a_glance(&self) -> Result<Vec<PeerAtAGlance>, CallError> {
        self.read(|reading| {
            let waits = reading.waits()?;
            let mut of: BTreeMap<PublicKey, (u64, Vec<AgencyId>)> = BTreeMap::new();
            for home in reading.homes()? {
                let (agencies, claims) = of.entry(home.peer).or_default();
                if home.stands {
                    *agencies += 1;
                } else {
                    claims.push(home.org);
                }
            }
            let glance = |peer: Peer| {
                let key = PublicKey(peer.key.0);
                let (agencies, claims) = of.remove(&key).unwrap_or_default();
                let waits = waits.iter().find(|waits| waits.via == Some(key)).copied();
                PeerAtAGlance { peer, agencies, claims, waits }
            };
            Ok(all(reading)?.into_iter().map(glance).collect())
        })
    }

    /// Forgets a server and who lives there.
    ///
    /// # Errors
    /// [`NotAPeer::Waits`], unless it is to be done anyway; faults.
    pub fn remove_peer(&self, name: &str, anyway: Anyway) -> Result<(), NotAPeer> {
        let key = PublicKey(self.peer_named(name)?.key.0);
        let waits = self.read(|reading| Ok(reading.waits()?))?;
        let waits = waits.iter().find(|waits| waits.via == Some(key)).map_or(0, |of| of.count);
        if waits > 0 && anyway == Anyway::No {
            return Err(NotAPeer::Waits(waits));
        }
        self.write(None, move |writing| {
            for home in writing.homes()?.into_iter().filter(|home| home.peer == key) {
                writing.drop_home(home.org, key)?;
                if home.stands && writing.org(home.org)?.is_none() {
                    directory::unlist(writing, home.org)?;
                }
            }
            writing.drop_peer(key)?;
            Ok(sort_anew(writing, key)?)
        })?;
        self.quiet.directory_changed();
        self.bell.ring();
        Ok(())
    }

    /// The operator says where an agency lives that two servers say they have: on another one that
    /// says so, or, with none, here.
    ///
    /// # Errors
    /// [`NotAPeer::NotThere`]; faults.
    pub fn decide_home(&self, org: AgencyId, name: Option<&str>) -> Result<(), NotAPeer> {
        let to = name.map(|name| self.peer_named(name)).transpose()?;
        let to = to.map(|peer| PublicKey(peer.key.0));
        let (homes, is_here) =
            self.read(|reading| Ok((reading.homes_of(org)?, reading.org(org)?.is_some())))?;
        let says_so = match to {
            Some(key) => homes.iter().any(|home| home.peer == key),
            None => is_here,
        };
        if !says_so {
            return Err(NotAPeer::NotThere);
        }
        self.write(None, move |writing| {
            for home in homes {
                writing.put_home(&Home { stands: to == Some(home.peer), ..home })?;
                sort_anew(writing, home.peer)?;
            }
            // What it says of the agency is heard once more, and believed now.
            let peer = to.map(|key| peer_of(writing, key)).transpose()?.flatten();
            if let Some(peer) = peer {
                put_peer(writing, &Peer { heard: Knows { upto: 0, ..peer.heard }, ..peer })?;
            }
            Ok(())
        })?;
        self.bell.ring();
        Ok(())
    }

    /// What waits, by the server it goes to, with its name where it is another one.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn waits(&self) -> Result<Vec<(Option<String>, Waits)>, CallError> {
        self.read(|reading| {
            let names: BTreeMap<[u8; 32], String> =
                all(reading)?.into_iter().map(|peer| (peer.key.0, peer.name)).collect();
            let named = |waits: Waits| {
                let of = |key: PublicKey| {
                    names.get(&key.0).cloned().unwrap_or_else(|| Hex(key.0).to_string())
                };
                (waits.via.map(of), waits)
            };
            Ok(reading.waits()?.into_iter().map(named).collect())
        })
    }
}
