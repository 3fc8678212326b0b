//! Who may send and who may read a file: only through a thing that names it (SYNC 2.7).
use std::ops::ControlFlow;
use std::sync::Arc;

use register::{AgencyId, BlobId, Key, PublicKey, State};
use sync::wire::{
    BLOB_BYTES_MAX, BlobStanding, PART_BYTES, PARTS_BYTES_MAX, PartHashes, PartMarks, Trouble,
    parts_of,
};

use super::{House, Ledger, standing};
use crate::blobs::{Blobs, Bytes, Finished, Put, Upload};
use crate::fault::{CallError, malformed};
use crate::states::{blobs_of, meets, state_from};
use crate::storage::{BlobUse, Found, Proof, Reading, Session};

/// Parts of a file as they came.
pub struct PartsSent<'a> {
    /// The file.
    pub blob: BlobId,
    /// Its bytes.
    pub size: u64,
    /// Where these begin.
    pub from: u64,
    /// So many were to come.
    pub announced: u64,
    /// The hashes of the parts.
    pub hashes: &'a PartHashes,
    /// What came: less, where the line broke.
    pub bytes: &'a [u8],
}

/// What a session may do with a file; each includes the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum May {
    /// Nothing: for it the file is not there.
    Nothing,
    /// Send its bytes.
    Send,
    /// Read them.
    Read,
}

/// What the thing looks like to a session, as far as this file goes.
enum Sight {
    /// It does not name the file, or not any more.
    NotNamed,
    /// It names it, and the session does not see that.
    Hidden,
    /// The session sees that it names it.
    Seen,
}

fn sight(
    reading: &dyn Reading,
    session: &Session,
    scopes: &std::collections::BTreeSet<String>,
    (key, blob): (Key, BlobId),
) -> Found<Sight> {
    let mut sight = Ok(Sight::NotNamed);
    reading.state(session.org, key, &mut |kept| {
        let sees = meets(kept.aud, scopes);
        let seen = |state: State| match (blobs_of(&state).contains(&blob), sees) {
            (false, _) => Sight::NotNamed,
            (true, false) => Sight::Hidden,
            (true, true) => Sight::Seen,
        };
        sight = state_from(kept.body).map(seen);
        ControlFlow::Break(())
    })?;
    sight
}

fn may(reading: &dyn Reading, session: &Session, blob: BlobId) -> Result<May, CallError> {
    let standing = standing(reading, session)?;
    if standing.shut_out {
        return Err(Trouble::Revoked.into());
    }
    let mut may = May::Nothing;
    for BlobUse { key, dev, proof } in reading.blob_uses(session.org, blob)? {
        let his = match sight(reading, session, &standing.scopes, (key, blob))? {
            Sight::Seen if proof == Proof::Proven => May::Read,
            Sight::Seen => May::Send,
            // He has passed the thing on, and still owes its file.
            Sight::Hidden if dev == session.dev => May::Send,
            Sight::Hidden | Sight::NotNamed => May::Nothing,
        };
        may = may.max(his);
    }
    Ok(may)
}

fn must_be_a_size(size: u64) -> Result<(), CallError> {
    if (1..=BLOB_BYTES_MAX).contains(&size) {
        return Ok(());
    }
    Err(malformed("a file without bytes, or over its limit"))
}

impl PartsSent<'_> {
    fn must_be_parts(&self) -> Result<(), CallError> {
        must_be_a_size(self.size)?;
        let bytes = self.announced;
        let end = self.from.checked_add(bytes).filter(|end| *end <= self.size);
        let whole = |end: u64| end.is_multiple_of(PART_BYTES) || end == self.size;
        if (1..=PARTS_BYTES_MAX).contains(&bytes)
            && self.from.is_multiple_of(PART_BYTES)
            && end.is_some_and(whole)
            && self.bytes.len() as u64 <= bytes
            && self.hashes.count() == parts_of(bytes)
        {
            return Ok(());
        }
        Err(malformed("bytes that are not whole parts of the file"))
    }
}

impl Ledger {
    fn blobs(&self) -> Result<&Arc<dyn Blobs>, CallError> {
        self.blobs.as_ref().ok_or(CallError::Trouble(Trouble::NotFound))
    }

    fn may(&self, session: &Session, blob: BlobId) -> Result<May, CallError> {
        match self.read(|reading| may(reading, session, blob))? {
            May::Nothing => Err(Trouble::NotFound.into()),
            something @ (May::Send | May::Read) => Ok(something),
        }
    }

    /// The standing of a file this session may read and need not send.
    fn stored(&self, session: &Session, may: May, blob: BlobId) -> Found<Option<BlobStanding>> {
        let Some(blobs) = self.blobs.as_ref().filter(|_| may == May::Read) else { return Ok(None) };
        let stored = |size| BlobStanding {
            size,
            part_bytes: PART_BYTES,
            stored: true,
            have: PartMarks::default(),
        };
        Ok(blobs.size(session.org, blob)?.map(stored))
    }

    /// How far a file has come. One of which every part came before the server was ended is
    /// finished by this.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where nothing the session may see names it; [`Trouble::WrongBytes`].
    pub fn blob_standing(
        &self,
        session: &Session,
        blob: BlobId,
        size: u64,
    ) -> Result<BlobStanding, CallError> {
        let blobs = self.blobs()?;
        must_be_a_size(size)?;
        let may = self.may(session, blob)?;
        let upload = Upload { org: session.org, dev: session.dev, blob, size };
        if let Some(stored) = self.stored(session, may, blob)? {
            // Two calls of one PC may have crossed: the later one began the file anew.
            blobs.forget(&upload)?;
            return Ok(stored);
        }
        let have = blobs.have(&upload)?;
        self.finished(&upload, have)
    }

    /// Keeps parts of a file; the last of them stores it.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where nothing names the file that this PC named or the session sees;
    /// [`Trouble::WrongBytes`] when part or whole is not of its hash, and the parts before it were
    /// kept; [`Trouble::NoRoom`].
    pub fn put_parts(
        &self,
        session: &Session,
        sent: &PartsSent<'_>,
    ) -> Result<BlobStanding, CallError> {
        let blobs = self.blobs()?;
        sent.must_be_parts()?;
        let may = self.may(session, sent.blob)?;
        let (org, dev) = (session.org, session.dev);
        let upload = Upload { org, dev, blob: sent.blob, size: sent.size };
        if let Some(stored) = self.stored(session, may, sent.blob)? {
            blobs.forget(&upload)?;
            return Ok(stored);
        }
        let right = sent.bytes.get(..sent.hashes.right(sent.bytes)).unwrap_or_default();
        if right.is_empty() {
            return Err(Trouble::WrongBytes.into());
        }
        match blobs.put(&upload, sent.from, right)? {
            // What came right is kept; of the rest the PC asks how far it got.
            Put::Kept(_) if (right.len() as u64) < sent.announced => {
                Err(Trouble::WrongBytes.into())
            }
            Put::Kept(have) => self.finished(&upload, have),
            Put::NoRoom => Err(Trouble::NoRoom.into()),
        }
    }

    /// Bytes of a file of an agency that goes to another server.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] when it is not there.
    pub(crate) fn bytes_of(
        &self,
        org: AgencyId,
        blob: BlobId,
        (from, bytes): (u64, u64),
    ) -> Result<Bytes, CallError> {
        let read = self.blobs()?.read(org, blob, from, bytes)?;
        read.ok_or(CallError::Trouble(Trouble::NotFound))
    }

    /// Keeps parts of a file that another server was asked for; the last of them stores it in the
    /// place of that server, from where it is given to every agency it was sent to.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] for a file that it was not asked for; as [`Ledger::put_parts`].
    pub fn put_peer_parts(
        &self,
        key: PublicKey,
        sent: &PartsSent<'_>,
    ) -> Result<BlobStanding, CallError> {
        let blobs = self.blobs()?;
        sent.must_be_parts()?;
        let PartsSent { blob, size, .. } = *sent;
        if !self.wants(key, blob, size) {
            return Err(Trouble::NotFound.into());
        }
        let right = sent.bytes.get(..sent.hashes.right(sent.bytes)).unwrap_or_default();
        if right.is_empty() {
            return Err(Trouble::WrongBytes.into());
        }
        let upload = House::of(key).upload(blob, size);
        let standing = |stored, have| BlobStanding { size, part_bytes: PART_BYTES, stored, have };
        match blobs.put(&upload, sent.from, right)? {
            Put::Kept(_) if (right.len() as u64) < sent.announced => {
                return Err(Trouble::WrongBytes.into());
            }
            Put::Kept(_) => {}
            Put::NoRoom => return Err(Trouble::NoRoom.into()),
        }
        match blobs.finish(&upload, &mut || Ok(()))? {
            Finished::Stored => {
                self.has_been_sent(key, blob);
                Ok(standing(true, PartMarks::default()))
            }
            Finished::Parts(have) => Ok(standing(false, have)),
            Finished::Wrong => Err(Trouble::WrongBytes.into()),
        }
    }

    fn finished(&self, upload: &Upload, have: PartMarks) -> Result<BlobStanding, CallError> {
        let size = upload.size;
        let standing = |stored, have| BlobStanding { size, part_bytes: PART_BYTES, stored, have };
        if have.missing(size).next().is_some() {
            return Ok(standing(false, have));
        }
        let Upload { org, dev, blob, .. } = *upload;
        // Proven first: a kill between the two leaves parts that are finished when they are asked
        // for, and not a file that nobody may read.
        let mut prove = || {
            self.write_found(org, move |writing| {
                let uses = writing.blob_uses(org, blob)?;
                for named in uses.into_iter().filter(|named| named.dev == dev) {
                    let proven = BlobUse { proof: Proof::Proven, ..named };
                    writing.put_blob_use(org, blob, &proven)?;
                }
                Ok(())
            })
        };
        match self.blobs()?.finish(upload, &mut prove)? {
            Finished::Stored => {
                self.file_came(org)?;
                Ok(standing(true, PartMarks::default()))
            }
            Finished::Parts(have) => Ok(standing(false, have)),
            Finished::Wrong => Err(Trouble::WrongBytes.into()),
        }
    }

    /// The bytes of a stored file that this session may read.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] for every other.
    pub fn blob_size(&self, session: &Session, blob: BlobId) -> Result<u64, CallError> {
        let may = self.may(session, blob)?;
        let stored = self.stored(session, may, blob)?;
        stored.map(|stored| stored.size).ok_or(CallError::Trouble(Trouble::NotFound))
    }

    /// A few parts of a stored file with their hashes, so that who gets them sees how far they came
    /// unspoiled; asked for after [`Ledger::blob_size`] has said that this session may.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] when it is not there.
    pub fn blob_parts(
        &self,
        session: &Session,
        blob: BlobId,
        span: (u64, u64),
    ) -> Result<(PartHashes, Bytes), CallError> {
        let read = self.blobs()?.read_checked(session.org, blob, span)?;
        read.ok_or(CallError::Trouble(Trouble::NotFound))
    }

    /// Reads a stored file after [`Ledger::blob_size`] has said that this session may.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] when it is not there.
    pub fn blob_bytes(
        &self,
        session: &Session,
        blob: BlobId,
        (from, bytes): (u64, u64),
    ) -> Result<Bytes, CallError> {
        self.bytes_of(session.org, blob, (from, bytes))
    }
}
