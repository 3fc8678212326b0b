//! Sessions: a challenge is signed with the officer's key on this PC, and an opaque token is given.
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use register::Moment;
use sync::Hash;
use sync::wire::{Challenge, ChallengeAsked, Hex, Hex32, SessionAsked, SessionGiven, Trouble};

use super::{Ledger, standing};
use crate::fault::CallError;
use crate::identity::{hash_of, is_signed};
use crate::storage::Session;

/// A session is one office day with its evening.
const SESSION_MS: i64 = 12 * 3_600_000;
/// A challenge is answered at once or not at all.
const CHALLENGE_MS: i64 = 120_000;
/// Answered challenges kept; more in two minutes is no office.
const ANSWERED_MAX: usize = 100_000;

/// Sessions remembered at once, so that the storage is not asked for them at every call.
const REMEMBERED_MAX: usize = 50_000;

/// The parts of a nonce: when it was made, chance, and the mark of this process.
const NONCE_TIME: usize = 8;
const NONCE_CHANCE: usize = 8;

/// Sessions that the storage was asked for. One never changes: it ends by the clock, and whoever is
/// shut out is found in the log at each call.
#[derive(Default)]
pub(super) struct Sessions(Mutex<BTreeMap<Hash, Session>>);

impl Sessions {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Hash, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, hash: &Hash) -> Option<Session> {
        self.all().get(hash).copied()
    }

    fn remember(&self, hash: Hash, session: Session, now: Moment) {
        let mut all = self.all();
        if all.len() >= REMEMBERED_MAX {
            all.retain(|_, session| now <= session.until);
        }
        if all.len() >= REMEMBERED_MAX {
            all.clear();
        }
        all.insert(hash, session);
    }
}

/// What a token is kept as.
fn token_hash(token: &str) -> Result<Hash, CallError> {
    let token: Hex32 = Hex::parse(token).ok_or(CallError::Trouble(Trouble::NoSession))?;
    Ok(hash_of(&[&token.0]))
}

impl Ledger {
    /// Asks for a signature. Nothing is kept: the nonce itself says when and for whom it was made.
    pub fn challenge(&self, asked: ChallengeAsked, now: Moment, chance: [u8; 8]) -> Challenge {
        let nonce = self.nonce(asked, now, chance);
        Challenge { nonce: Hex(nonce), server: self.identity.public_hex() }
    }

    fn nonce(&self, asked: ChallengeAsked, at: Moment, chance: [u8; 8]) -> [u8; 32] {
        let ChallengeAsked { org, dev, officer } = asked;
        let time = at.0.to_be_bytes();
        let mark = hash_of(&[&self.challenger, &org.0, &dev.0, &officer.0, &time, &chance]);
        let mut nonce = [0; 32];
        let bytes = time.into_iter().chain(chance).chain(mark);
        for (slot, byte) in nonce.iter_mut().zip(bytes) {
            *slot = byte;
        }
        nonce
    }

    /// Whether this process made the nonce for this caller not long ago.
    fn is_ours(&self, asked: ChallengeAsked, nonce: &[u8; 32], now: Moment) -> bool {
        let (mut time, mut chance) = ([0; NONCE_TIME], [0; NONCE_CHANCE]);
        let (for_time, rest) = nonce.split_at(NONCE_TIME);
        for (slot, byte) in time.iter_mut().zip(for_time) {
            *slot = *byte;
        }
        for (slot, byte) in chance.iter_mut().zip(rest) {
            *slot = *byte;
        }
        let at = Moment(i64::from_be_bytes(time));
        let fresh = (0..=CHALLENGE_MS).contains(&now.0.saturating_sub(at.0));
        let made = self.nonce(asked, at, chance);
        // Every byte is compared, so that the time it takes says nothing.
        let differs = made.iter().zip(nonce).fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        fresh && differs == 0
    }

    /// Gives a token for a signed challenge.
    ///
    /// # Errors
    /// [`Trouble::BadSignature`], also for an agency, a PC or an officer that is not known.
    pub fn session(
        &self,
        asked: SessionAsked,
        now: Moment,
        chance: [u8; 32],
    ) -> Result<SessionGiven, CallError> {
        let SessionAsked { of, nonce, sig } = asked;
        if !self.is_ours(of, &nonce.0, now) {
            return Err(Trouble::BadSignature.into());
        }
        let bytes = sync::wire::session_bytes(&self.identity.public().to_bytes(), &nonce.0);
        let keys = self.read(|reading| Ok(reading.keys(of.org, of.dev)?))?;
        let signed = keys
            .iter()
            .filter(|key| key.officer == of.officer)
            .any(|key| is_signed(&key.public.0, &bytes, &sig.0));
        if !signed || !self.is_first_answer(&nonce.0, now) {
            return Err(Trouble::BadSignature.into());
        }
        let until = Moment(now.0.saturating_add(SESSION_MS));
        let session = Session { org: of.org, dev: of.dev, officer: of.officer, until };
        let (token, hash) = (Hex(chance), hash_of(&[&chance]));
        let scopes = self.write(None, move |writing| {
            writing.put_session(&hash, &session, now)?;
            Ok(standing(writing, &session)?.scopes)
        })?;
        let scopes = scopes.into_iter().collect();
        Ok(SessionGiven { token: token.to_string(), until, scopes })
    }

    fn is_first_answer(&self, nonce: &[u8; 32], now: Moment) -> bool {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.retain(|_, at| now.0.saturating_sub(at.0) <= CHALLENGE_MS);
        answered.len() < ANSWERED_MAX && answered.insert(*nonce, now).is_none()
    }

    /// The session behind a token.
    ///
    /// # Errors
    /// [`Trouble::NoSession`] when it is over or never was.
    pub fn session_of(&self, token: &str, now: Moment) -> Result<Session, CallError> {
        if let Some(session) = self.session_remembered(token, now) {
            return Ok(session);
        }
        let hash = token_hash(token)?;
        let session = self.read(|reading| Ok(reading.session(&hash)?))?;
        let session = session.filter(|session| now <= session.until);
        let session = session.ok_or(CallError::Trouble(Trouble::NoSession))?;
        self.sessions.remember(hash, session, now);
        Ok(session)
    }

    /// The same where the storage need not be asked.
    pub fn session_remembered(&self, token: &str, now: Moment) -> Option<Session> {
        let session = self.sessions.of(&token_hash(token).ok()?)?;
        (now <= session.until).then_some(session)
    }
}
