//! Doors that open once: an agency is adopted, a PC enrols, an administrator prints a code.
use std::sync::Arc;

use register::{
    Act, AgencyId, Key, Moment, OfficerId, Outcome, PublicKey, Refusal, Right, State, has,
};
use sync::wire::{
    AdoptAsked, CodeAsked, CodeGiven, EnrolAsked, Enrolled, Trouble, adopt_bytes, beside_bytes,
    enrol_bytes,
};

use super::{Ledger, Taking, org_of, standing, state_of};
use crate::fault::{CallError, malformed};
use crate::heads::Grown;
use crate::identity::{empty_org, hash_of, is_signed};
use crate::storage::{Code, DeviceKey, Reading, Session, Writing};

/// A code is for a person who stands beside the PC in the next days.
const CODE_MS: i64 = 72 * 3_600_000;
/// Random bytes of a code: 80 bits, 16 letters.
pub const CODE_BYTES: usize = 10;
/// Letters that a person cannot mix up when he reads them aloud (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters between two strokes.
const GROUP: usize = 4;
/// Officers who signed on the PC that an agency was founded on.
const ADOPTED_KEYS_MAX: usize = 200;
/// Characters of a PC's name.
const NAME_CHARS_MAX: usize = 200;

/// A code as it is printed.
pub fn code_text(chance: [u8; CODE_BYTES]) -> String {
    let mut text = String::new();
    let (mut bits, mut held, mut letters) = (0_u32, 0_u32, 0);
    for byte in chance {
        bits = (bits << 8) | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            let letter = LETTERS.get(((bits >> held) & 31) as usize).copied().unwrap_or(b'0');
            if letters > 0 && letters % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(letter));
            letters += 1;
        }
        bits &= (1 << held) - 1;
    }
    text
}

/// What is kept of a code: the hash of its letters as they were meant.
fn code_hash(text: &str) -> [u8; 32] {
    let meant: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        })
        .collect();
    hash_of(&[b"vanthu/code/1", meant.as_bytes()])
}

fn bad_code() -> CallError {
    CallError::Trouble(Trouble::BadCode)
}

/// The code, while it is still open to who shows himself by `visitor`.
fn open_code(
    reading: &dyn Reading,
    hash: &[u8; 32],
    visitor: &[u8; 32],
    now: Moment,
) -> Result<Code, CallError> {
    let code = reading.code(hash)?.ok_or_else(bad_code)?;
    let mine = code.used.is_none_or(|used| used == *visitor);
    if mine && now <= code.until { Ok(code) } else { Err(bad_code()) }
}

impl Ledger {
    fn keep_code(&self, code: Code, chance: [u8; CODE_BYTES]) -> Result<String, CallError> {
        let text = code_text(chance);
        let hash = code_hash(&text);
        self.write(None, move |writing| Ok(writing.put_code(&hash, &code)?))?;
        Ok(text)
    }

    /// A code of the operator's, with which one agency comes to this server.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn adoption_code(
        &self,
        now: Moment,
        chance: [u8; CODE_BYTES],
    ) -> Result<String, CallError> {
        let until = Moment(now.0.saturating_add(CODE_MS));
        self.keep_code(Code { of: None, until, used: None }, chance)
    }

    /// A code of the operator's for an officer, where no administrator can reach his window.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] for an agency or an officer who is not there; faults.
    pub fn operator_code(
        &self,
        (org, officer): (AgencyId, OfficerId),
        now: Moment,
        chance: [u8; CODE_BYTES],
    ) -> Result<CodeGiven, CallError> {
        self.read(|reading| match state_of(reading, org, Key::Officer(officer))? {
            Some(State::Officer(officer)) if officer.active => Ok(()),
            Some(_) | None => Err(Trouble::NotFound.into()),
        })?;
        let until = Moment(now.0.saturating_add(CODE_MS));
        let code = self.keep_code(Code { of: Some((org, officer)), until, used: None }, chance)?;
        Ok(CodeGiven { code, until, server: self.identity.public_hex() })
    }

    /// A code of an administrator's, with which an officer comes to a PC.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] for who may not, and for an officer who is not there.
    pub fn code(
        &self,
        asked: CodeAsked,
        session: &Session,
        now: Moment,
        chance: [u8; CODE_BYTES],
    ) -> Result<CodeGiven, CallError> {
        let org = session.org;
        self.read(|reading| {
            let standing = standing(reading, session)?;
            let administers = standing.officer.is_some_and(|of| has(&of, Right::Administer));
            let there = match state_of(reading, org, Key::Officer(asked.officer))? {
                Some(State::Officer(officer)) => officer.active,
                Some(_) | None => false,
            };
            if standing.shut_out {
                return Err(Trouble::Revoked.into());
            }
            if administers && there { Ok(()) } else { Err(Trouble::NotFound.into()) }
        })?;
        let until = Moment(now.0.saturating_add(CODE_MS));
        let code = Code { of: Some((org, asked.officer)), until, used: None };
        let code = self.keep_code(code, chance)?;
        Ok(CodeGiven { code, until, server: self.identity.public_hex() })
    }

    fn enrolled(
        &self,
        reading: &dyn Reading,
        (org, officer): (AgencyId, OfficerId),
    ) -> Result<Enrolled, CallError> {
        let name = match state_of(reading, org, Key::Agency(org))? {
            Some(State::Agency(agency)) => agency.name,
            Some(_) | None => String::new(),
        };
        let epoch = org_of(reading, org)?.epoch;
        Ok(Enrolled { org, name, officer, epoch, server: self.identity.public_hex() })
    }

    /// An agency that was founded on one PC comes to this server; it pushes from its first command
    /// afterwards. The same call made again gets the same answer.
    ///
    /// # Errors
    /// [`Trouble::BadCode`], [`Trouble::BadSignature`], [`Trouble::NotEmpty`].
    pub fn adopt(&self, asked: AdoptAsked, now: Moment) -> Result<Enrolled, CallError> {
        let AdoptAsked { code, org, dev, name, keys, sig } = asked;
        must_be_a_name(&name)?;
        if keys.len() > ADOPTED_KEYS_MAX {
            return Err(malformed("more keys than an office has people"));
        }
        let first = *keys.first().ok_or_else(|| malformed("no key"))?;
        if dev == self.identity.dev {
            return Err(malformed("the name of the server's own PC"));
        }
        if !is_signed(&first.public.0, &adopt_bytes(org, dev, &code), &sig.0) {
            return Err(Trouble::BadSignature.into());
        }
        let hash = code_hash(&code);
        let visitor = hash_of(&[b"adopt", &org.0, &dev.0, &first.public.0]);
        self.write(Some(org), move |writing| {
            let code = open_code(writing, &hash, &visitor, now)?;
            if code.of.is_some() {
                return Err(bad_code());
            }
            if code.used.is_some() {
                return Ok(());
            }
            let there = writing.org(org)?;
            if there.as_ref().is_some_and(|there| there.head > 0) {
                return Err(Trouble::NotEmpty.into());
            }
            if there.is_none() {
                writing.put_org(&empty_org(org))?;
            }
            for key in keys {
                let (officer, public) = (key.officer, PublicKey(key.public.0));
                let pending = Some(name.clone());
                writing.put_key(org, &DeviceKey { dev, officer, public, pending })?;
            }
            Ok(writing.put_code(&hash, &Code { used: Some(visitor), ..code })?)
        })?;
        self.read(|reading| self.enrolled(reading, (org, first.officer)))
    }

    /// A new PC, or a new officer on one, comes with a code from paper. The same call made again
    /// gets the same answer.
    ///
    /// # Errors
    /// [`Trouble::BadCode`], [`Trouble::BadSignature`], [`Trouble::Revoked`], [`Trouble::KnownPc`].
    pub fn enrol(&self, asked: EnrolAsked, now: Moment) -> Result<Enrolled, CallError> {
        must_be_a_name(&asked.name)?;
        let (dev, public) = (asked.dev, asked.public);
        if dev == self.identity.dev {
            return Err(malformed("the name of the server's own PC"));
        }
        if !is_signed(&public.0, &enrol_bytes(dev, &asked.code), &asked.sig.0) {
            return Err(Trouble::BadSignature.into());
        }
        let hash = code_hash(&asked.code);
        let visitor = hash_of(&[b"enrol", &dev.0, &public.0]);
        let identity = Arc::clone(&self.identity);
        let of =
            self.read(|reading| open_code(reading, &hash, &visitor, now)?.of.ok_or_else(bad_code))?;
        let (org, officer) = of;
        let grown = self.write(Some(org), move |writing: &dyn Writing| {
            let code = open_code(writing, &hash, &visitor, now)?;
            if code.used.is_some() {
                return Ok(Grown::default());
            }
            must_be_let_in(writing, (org, officer), &asked)?;
            let mut taking = Taking::begin(writing, &identity, org, now)?;
            let (name, public) = (asked.name, PublicKey(public.0));
            let act = Act::EnrolDevice { device: dev, name, officer, public };
            taking.act(officer, act, None)?.map_err(|outcome| not_enrolled(&outcome))?;
            let grown = taking.finish()?;
            writing.put_code(&hash, &Code { used: Some(visitor), ..code })?;
            Ok(grown)
        })?;
        self.heads.grew_by(org, grown);
        self.read(|reading| self.enrolled(reading, of))
    }
}

/// A code alone lets nobody in under the name of a PC that is known: what was signed there would be
/// mixed with what a stranger signs. Whoever comes to it has a key there already, or comes beside
/// an officer who has.
fn must_be_let_in(
    reading: &dyn Reading,
    (org, officer): (AgencyId, OfficerId),
    asked: &EnrolAsked,
) -> Result<(), CallError> {
    let keys = reading.keys(org, asked.dev)?;
    if keys.is_empty() {
        return Ok(());
    }
    let comes_again = |key: &DeviceKey| key.officer == officer && key.public.0 == asked.public.0;
    if keys.iter().any(comes_again) {
        return Ok(());
    }
    let Some(beside) = asked.beside else { return Err(Trouble::KnownPc.into()) };
    let bytes = beside_bytes(asked.dev, &asked.public.0, &asked.code);
    let mut his = keys.iter().filter(|key| key.officer == beside.officer);
    let signed = his.any(|key| is_signed(&key.public.0, &bytes, &beside.sig.0));
    let has_left = match state_of(reading, org, Key::Officer(beside.officer))? {
        Some(State::Officer(officer)) => !officer.active,
        Some(_) | None => false,
    };
    if signed && !has_left { Ok(()) } else { Err(Trouble::BadSignature.into()) }
}

fn must_be_a_name(name: &str) -> Result<(), CallError> {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(malformed("a PC without a name, or with a long one"));
    }
    Ok(())
}

fn not_enrolled(outcome: &Outcome) -> CallError {
    match outcome.why() {
        Some(Refusal::DeviceRevoked) => Trouble::Revoked.into(),
        Some(_) | None => malformed("the rules refuse this PC"),
    }
}
