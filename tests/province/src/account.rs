//! Somebody at a PC without a desk: keys, what is not sent, how far it has read.
use ed25519_dalek::{Signer as _, SigningKey};
use register::{
    Act, AgencyId, Command, CommandId, DeviceId, Id, Moment, OfficerId, Outcome, State,
};
use sha2::{Digest as _, Sha256};
use sync::wire::{
    AdoptAsked, Challenge, ChallengeAsked, CodeAsked, CodeGiven, EnrolAsked, Enrolled, Head, Hex,
    OfficerKey, PUSHED_MAX, Pushed, STATE_FORM, SessionAsked, SessionGiven, SyncAnswer, SyncAsked,
    Trouble, adopt_bytes, enrol_bytes, session_bytes,
};

use crate::road::Road;

/// Bytes of states one answer may carry.
const PAGE_BYTES: u32 = 512 << 10;

/// The name of a thing, from what it is.
pub fn id(words: &str) -> Id {
    let mut id = [0; 16];
    id.iter_mut().zip(Sha256::digest(words)).for_each(|(slot, byte)| *slot = byte);
    id
}

/// The time by this machine's clock.
pub fn now() -> Moment {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    Moment(i64::try_from(since.as_millis()).unwrap())
}

/// One officer at one PC.
pub struct Account {
    pub road: Road,
    pub org: AgencyId,
    pub officer: OfficerId,
    pub dev: DeviceId,
    key: SigningKey,
    token: Option<String>,
    n: u64,
    unsent: Vec<Pushed>,
    cursor: u64,
    last: Option<Head>,
}

/// What a call brought.
pub struct Brought {
    pub states: Vec<State>,
    /// There is more behind it.
    pub more: bool,
    /// Commands that were not taken as they stand.
    pub refused: Vec<Outcome>,
}

/// A PC that waits for news.
pub struct Waiting {
    road: Road,
    head: u64,
    token: String,
}

impl Waiting {
    /// Whether the log has grown, or the session has to be opened anew.
    pub async fn news(&self) -> bool {
        !matches!(self.road.news(self.head, &self.token).await, Ok(None))
    }

    async fn is_over(&self) -> bool {
        self.road.news(self.head, &self.token).await.is_err()
    }
}

impl Account {
    pub fn new(road: &Road, org: AgencyId, officer: OfficerId, pc: &str) -> Account {
        let dev = DeviceId(id(&format!("pc {pc} of {org}")));
        let seed: [u8; 32] = Sha256::digest(format!("key of {officer} on {pc} of {org}")).into();
        Account {
            road: road.clone(),
            org,
            officer,
            dev,
            key: SigningKey::from_bytes(&seed),
            token: None,
            n: 0,
            unsent: Vec::new(),
            cursor: 0,
            last: None,
        }
    }

    /// Somebody else at the same PC.
    pub fn beside(&self, officer: OfficerId) -> Account {
        let seed: [u8; 32] = Sha256::digest(format!("key of {officer} beside {}", self.dev)).into();
        let key = SigningKey::from_bytes(&seed);
        Account { officer, key, token: None, road: self.road.clone(), unsent: vec![], ..*self }
    }

    fn public(&self) -> Hex<32> {
        Hex(self.key.verifying_key().to_bytes())
    }

    /// The agency that was founded here comes to the server; the first of the keys signs.
    pub async fn adopts(&self, code: &str, others: &[&Account]) {
        let code = code.replace('-', "");
        let sig = Hex(self.key.sign(&adopt_bytes(self.org, self.dev, &code)).to_bytes());
        let known = std::iter::once(&self).chain(others);
        let keys = known.map(|one| OfficerKey { officer: one.officer, public: one.public() });
        let (org, dev, name) = (self.org, self.dev, "PC-01".to_owned());
        let asked = AdoptAsked { code, org, dev, name, keys: keys.collect(), sig };
        let _: serde_json::Value = self.road.post("/v1/adopt", None, &asked).await.unwrap();
    }

    /// A code for somebody to come with.
    pub async fn code_for(&mut self, officer: OfficerId) -> String {
        let token = self.token().await;
        let asked = CodeAsked { officer };
        let given: CodeGiven = self.road.post("/v1/code", Some(&token), &asked).await.unwrap();
        given.code
    }

    pub async fn enrols(&self, code: &str) {
        let code = code.replace('-', "");
        let sig = Hex(self.key.sign(&enrol_bytes(self.dev, &code)).to_bytes());
        let (dev, name, public) = (self.dev, format!("PC {}", self.officer), self.public());
        let asked = EnrolAsked { code, dev, name, public, sig, beside: None };
        let _: Enrolled = self.road.post("/v1/enrol", None, &asked).await.unwrap();
    }

    async fn token(&mut self) -> String {
        if let Some(token) = &self.token {
            return token.clone();
        }
        loop {
            let of = ChallengeAsked { org: self.org, dev: self.dev, officer: self.officer };
            let given: Challenge = self.road.post("/v1/challenge", None, &of).await.unwrap();
            let bytes = session_bytes(&given.server.0, &given.nonce.0);
            let sig = Hex(self.key.sign(&bytes).to_bytes());
            let asked = SessionAsked { of, nonce: given.nonce, sig };
            // A server that was killed in between has forgotten what it asked to be signed.
            let session: Result<SessionGiven, _> =
                self.road.post("/v1/session", None, &asked).await;
            if let Ok(session) = session {
                self.token = Some(session.token.clone());
                return session.token;
            }
        }
    }

    /// Does something; it goes with the next call.
    pub fn does(&mut self, act: Act) -> CommandId {
        self.n += 1;
        let (org, dev, n, actor) = (self.org, self.dev, self.n, self.officer);
        let id = CommandId(id(&format!("command {n} of {actor} on {dev}")));
        let command = Command {
            v: 1,
            id,
            org,
            dev,
            n,
            actor,
            at: now(),
            off: 0,
            seen: self.cursor,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        };
        let raw = sync::encode(&command).unwrap();
        self.unsent.push(Pushed::of(&sync::sign(raw, &self.key)).unwrap());
        id
    }

    /// Hands what is not sent to somebody at the same PC, whose numbers go on behind it.
    pub fn hands_to(&mut self, other: &mut Account) {
        other.unsent.append(&mut self.unsent);
        other.n = self.n;
    }

    pub fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// Sends what waits and reads a page of what is new.
    pub async fn calls(&mut self) -> Brought {
        let many = self.unsent.len().min(PUSHED_MAX);
        let asked = SyncAsked {
            epoch: 1,
            org: self.org,
            dev: self.dev,
            app: "1.0.0".to_owned(),
            forms: [STATE_FORM, STATE_FORM],
            last: self.last,
            push: self.unsent[..many].to_vec(),
            relay: Vec::new(),
            cursor: self.cursor,
            below: None,
            max: PAGE_BYTES,
            offer: None,
            totals: false,
        };
        let answer = loop {
            let token = self.token().await;
            match self.road.post::<_, SyncAnswer>("/v1/sync", Some(&token), &asked).await {
                Ok(answer) => break answer,
                Err(Trouble::NoSession) => self.token = None,
                Err(trouble) => panic!("{} is told {trouble:?}", self.officer),
            }
        };
        self.takes(answer, many)
    }

    fn takes(&mut self, answer: SyncAnswer, many: usize) -> Brought {
        assert!(answer.stuck.is_none(), "{:?}", answer.stuck);
        self.unsent.drain(..many);
        self.cursor = answer.to;
        self.last = Some(answer.head.head);
        let states = answer.states.iter();
        let states = states.map(|sent| serde_json::from_str(sent.state.get()).unwrap()).collect();
        let outcomes = answer.acks.into_iter().map(|ack| ack.stamp.outcome);
        let refused = outcomes.filter(|outcome| !matches!(outcome, Outcome::Ok)).collect();
        Brought { states, more: answer.more || !self.unsent.is_empty(), refused }
    }

    /// What is asked by a PC that waits; who sits there may go on meanwhile.
    pub async fn asks_for_news(&mut self) -> Waiting {
        let token = self.token().await;
        let head = self.last.map_or(0, |last| last.seq);
        Waiting { road: self.road.clone(), head, token }
    }

    /// Waits until the log has grown, or some time has passed.
    pub async fn waits(&mut self) {
        if self.asks_for_news().await.is_over().await {
            self.token = None;
        }
    }

    pub async fn sends_file(&mut self, blob: &str, bytes: &[u8]) {
        loop {
            let token = self.token().await;
            match self.road.put(blob, bytes, &token).await {
                Ok(()) => return,
                Err(Trouble::NoSession) => self.token = None,
                Err(trouble) => panic!("a file is told {trouble:?}"),
            }
        }
    }
}
