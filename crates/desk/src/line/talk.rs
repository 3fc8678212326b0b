//! One meeting with the server: own acts up, states down, until both have said all.
use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Topic;
use ed25519_dalek::SigningKey;
use register::{Key, OfficerId};
use store::{Line, Membership, Outbox, Reader, StoreError, View};
use sync::VerifyingKey;
use sync::replica::Taken;
use sync::wire::{
    Below, Challenge, ChallengeAsked, DirectoryPage, Hex, PUSHED_MAX, STATE_FORM, STATED_AT_ONCE,
    SessionAsked, SessionGiven, StatedAnswer, StatedAsked, StatementsPage, SyncAnswer, SyncAsked,
    Trouble, head_bytes, session_bytes,
};

use crate::clock::Source;
use crate::desk::Opened;
use crate::line::ahead::{Ahead, Heard, asked_next, hear};
use crate::line::caller::{CallFault, Caller};
use crate::line::totals::{self, Compared};

/// Bytes of states one answer may carry: a page that a slow line brings in some seconds.
const PAGE_BYTES: u32 = 512 << 10;
/// A session is asked for anew so long before it ends.
const SESSION_SPARE_MS: i64 = 60_000;
/// Commands that a PC which was shut out hands in with one call.
const HANDED_IN_TOGETHER: u32 = 50;
/// Calls of one meeting; a register of a million states needs some thousands.
const CALLS_MAX: u32 = 100_000;
/// Calls on end that bring nothing: 256 MiB of offered states that others see, and the rest of them
/// with the next meeting. Two that go round in a circle are not to ask hundreds of times a second.
const NOTHING_MAX: u32 = 64;
/// Connections that may lie ready from the meeting before: of a question, and of one ahead of it.
const READY_MAX: u32 = 2;

/// Who may open a session now.
#[derive(Clone)]
pub(crate) struct Signs {
    /// The officer.
    pub officer: OfficerId,
    /// His key on this PC.
    pub key: Arc<SigningKey>,
}

/// Why a meeting ended before all was said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TalkFault {
    /// The call.
    #[error("talking to the server")]
    Call(#[from] CallFault),
    /// The register's file.
    #[error("keeping what the server said")]
    Store(#[from] StoreError),
    /// Nobody has sat here since the program started.
    #[error("nobody to open a session")]
    Nobody,
    /// The head is not signed by the server this PC knows.
    #[error("the head is not signed by the server this PC knows")]
    HeadNotSigned,
    /// The server knows this PC no more, which it has met before.
    #[error("the server knows this PC no more")]
    NotKnown,
    /// What this PC holds is not what the server would hand it.
    #[error("this PC and the server hold different registers: {0:?}")]
    Differs(Compared),
    /// This PC did something that neither the server nor its register has.
    #[error("acts of this PC are neither here nor in the log")]
    ActsLost,
    /// Call after call brought nothing, and not all was said.
    #[error("call after call brought nothing, and not all was said")]
    Nowhere,
    /// It was told to stop.
    #[error("told to stop")]
    Stopped,
}

/// What is told on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step {
    /// Acts that were answered in this meeting.
    pub sent: u64,
    /// Acts that wait still.
    pub waits: u64,
    /// How far it is with reading: entries read, of so many.
    pub read: Option<(u64, u64)>,
    /// The cursor this meeting began with.
    since: Option<u64>,
    /// Milliseconds of the last call.
    pub took_ms: u32,
}

/// Talks for one PC.
pub(crate) struct Talker {
    opened: Arc<Opened>,
    source: Arc<dyn Source>,
    caller: Caller,
    sessions: BTreeMap<OfficerId, SessionGiven>,
    last: Option<OfficerId>,
    /// The next question, while the answer before it is taken in.
    ahead: Option<Ahead>,
    /// The version of the directory that the server has.
    directory: u64,
    /// The mark of the releases that the server has.
    releases: u64,
    /// What keepers stated may be other than this PC has read.
    stated_due: bool,
    /// Something of the directory is shown otherwise since it was last told.
    directory_news: bool,
}

/// How one call went on.
enum Went {
    On,
    /// Nothing came, and not all is said.
    Nowhere,
    AllSaid,
}

impl Talker {
    /// A talker over an open register.
    pub fn new(opened: Arc<Opened>, source: Arc<dyn Source>, caller: Caller) -> Talker {
        Talker {
            opened,
            source,
            caller,
            sessions: BTreeMap::new(),
            last: None,
            ahead: None,
            directory: 0,
            releases: 0,
            stated_due: true,
            directory_news: false,
        }
    }

    /// The token with which somebody at this PC is known, if there is one.
    pub fn token(&self) -> Option<(OfficerId, String)> {
        let officer = self.last?;
        self.sessions.get(&officer).map(|session| (officer, session.token.clone()))
    }

    /// The mark of the releases of the program that the server has.
    pub fn releases(&self) -> u64 {
        self.releases
    }

    /// The end of the log as this PC has seen it.
    pub fn head(&self) -> u64 {
        self.line().map_or(0, |line| line.head.seq)
    }

    /// Talks until all is said. `on_step` hears how far it is and what is shown otherwise; it says
    /// false to stop.
    ///
    /// # Errors
    /// [`TalkFault`]; what was said before it is kept.
    pub fn meet(
        &mut self,
        signs: Option<&Signs>,
        on_step: &mut dyn FnMut(Step, &[Topic]) -> bool,
    ) -> Result<(), TalkFault> {
        let mut met = self.call_until_all_is_said(signs, on_step);
        self.ahead = None;
        // The way forgets a connection that lay ready, and tells nobody before it is used.
        for _ in 0..READY_MAX {
            if !matches!(&met, Err(TalkFault::Call(fault)) if fault.broke_in_use()) {
                break;
            }
            met = self.call_until_all_is_said(signs, on_step);
            self.ahead = None;
        }
        met?;
        self.say_statements(signs)?;
        self.read_directory(signs)?;
        self.read_stated(signs)
    }

    /// Whether something of the directory is shown otherwise since this was last asked.
    pub fn directory_news(&mut self) -> bool {
        std::mem::take(&mut self.directory_news)
    }

    /// Says what officers of this PC state of the directory, in the order in which they did.
    fn say_statements(&mut self, signs: Option<&Signs>) -> Result<(), TalkFault> {
        let many = u32::try_from(STATED_AT_ONCE).unwrap_or(u32::MAX);
        loop {
            let waiting =
                self.opened.store.read(|view: &View<'_>| view.waiting_statements(many))?;
            if waiting.is_empty() {
                return Ok(());
            }
            let (_, token) = self.session(signs)?;
            let stated = waiting.iter().map(|own| own.sent.clone()).collect();
            let asked = StatedAsked { stated };
            let said: Result<StatedAnswer, CallFault> =
                self.caller.post("/v1/directory", Some(&token), &asked);
            let answer = match said {
                Ok(answer) => answer,
                // What else is said goes on without it.
                Err(CallFault::Said(Trouble::Malformed { .. } | Trouble::NotFound)) => {
                    tracing::warn!("the server takes no statements about the directory");
                    return Ok(());
                }
                Err(fault) => return Err(fault.into()),
            };
            if answer.became.len() != waiting.len() {
                return Err(CallFault::Strange("answers for other statements").into());
            }
            let ids = waiting.iter().map(|own| own.statement.id);
            let became: Vec<_> = ids.zip(answer.became).collect();
            self.opened.store.note_became(&became)?;
            self.directory = answer.head;
            (self.stated_due, self.directory_news) = (true, true);
        }
    }

    /// Reads what keepers stated, where this agency is one of them.
    fn read_stated(&mut self, signs: Option<&Signs>) -> Result<(), TalkFault> {
        let store = &self.opened.store;
        if !self.stated_due || !store.keepers()?.contains(&self.opened.agency) {
            return Ok(());
        }
        loop {
            let (_, token) = self.session(signs)?;
            let store = &self.opened.store;
            let above = store.read(|view: &View<'_>| view.stated_upto())?;
            let path = format!("/v1/directory/statements?above={above}");
            let page: Result<StatementsPage, CallFault> = self.caller.get(&path, &token);
            let page = match page {
                Ok(page) => page,
                Err(CallFault::Said(Trouble::NotFound)) => return Ok(()),
                Err(fault) => return Err(fault.into()),
            };
            if page.head < above {
                store.state_all_again()?;
                return self.say_statements(signs);
            }
            let Some(last) = page.stated.last() else {
                self.stated_due = false;
                return Ok(());
            };
            if last.nth <= above {
                return Err(CallFault::Strange("statements that were told already").into());
            }
            store.keep_stated(&page.stated)?;
            self.directory_news = true;
        }
    }

    fn call_until_all_is_said(
        &mut self,
        signs: Option<&Signs>,
        on_step: &mut dyn FnMut(Step, &[Topic]) -> bool,
    ) -> Result<(), TalkFault> {
        let mut step = Step::default();
        let mut renewed = false;
        let mut nothing = 0;
        for _ in 0..CALLS_MAX {
            let (officer, token) = self.session(signs)?;
            match self.call(officer, &token, &mut step, on_step) {
                Ok(Went::AllSaid) => return Ok(()),
                Ok(Went::On) => nothing = 0,
                Ok(Went::Nowhere) if nothing < NOTHING_MAX => nothing += 1,
                Ok(Went::Nowhere) => return Err(TalkFault::Nowhere),
                // A server that was started anew may have forgotten us.
                Err(TalkFault::Call(CallFault::Said(Trouble::OtherEpoch { epoch, .. }))) => {
                    if !self.opened.store.begin_anew(officer, epoch)? {
                        let said = Trouble::OtherEpoch { epoch, head0: 0 };
                        return Err(TalkFault::Call(CallFault::Said(said)));
                    }
                }
                Err(TalkFault::Call(CallFault::Said(Trouble::NoSession))) if !renewed => {
                    renewed = true;
                    self.sessions.remove(&officer);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Reads what is new in the directory of agencies, so that it is whole without a line.
    fn read_directory(&mut self, signs: Option<&Signs>) -> Result<(), TalkFault> {
        loop {
            let known = self.opened.store.listed_upto()?;
            if known == self.directory {
                return Ok(());
            }
            // A server that was set back has fewer changes: all is read again.
            let above = if known > self.directory { 0 } else { known };
            let (_, token) = self.session(signs)?;
            let path = format!("/v1/directory?above={above}");
            let page: DirectoryPage = self.caller.get(&path, &token)?;
            self.directory = page.head;
            let upto = if page.listed.is_empty() { page.head } else { page.to };
            self.opened.store.keep_listed((&page.listed, &page.keepers), upto)?;
            (self.stated_due, self.directory_news) = (true, true);
        }
    }

    /// A session of who sits here now, or of who sat here last.
    fn session(&mut self, signs: Option<&Signs>) -> Result<(OfficerId, String), TalkFault> {
        let officer = signs.map(|signs| signs.officer).or(self.last).ok_or(TalkFault::Nobody)?;
        let now = self.source.now();
        if let Some(session) = self.sessions.get(&officer)
            && session.until.0 > now.0.saturating_add(SESSION_SPARE_MS)
        {
            self.last = Some(officer);
            return Ok((officer, session.token.clone()));
        }
        let signs = signs.ok_or(TalkFault::Nobody)?;
        let line = self.line()?;
        let of = ChallengeAsked { org: line.agency, dev: self.opened.store.device(), officer };
        let given = open_session(&self.caller, of, &signs.key, line.server);
        let given = given.map_err(|fault| {
            let has_met = line.head.seq > 0;
            if has_met && matches!(fault, CallFault::Said(Trouble::BadSignature)) {
                TalkFault::NotKnown
            } else {
                TalkFault::Call(fault)
            }
        })?;
        let token = given.token.clone();
        self.sessions.insert(officer, given);
        self.last = Some(officer);
        Ok((officer, token))
    }

    fn line(&self) -> Result<Line, TalkFault> {
        let line = self.opened.store.read(|view: &View<'_>| view.line())?;
        line.ok_or(TalkFault::Store(StoreError::Form { what: "line" }))
    }

    fn call(
        &mut self,
        officer: OfficerId,
        token: &str,
        step: &mut Step,
        on_step: &mut dyn FnMut(Step, &[Topic]) -> bool,
    ) -> Result<Went, TalkFault> {
        let line = self.line()?;
        let (heard, reader, may_push) = self.hear_next(officer, token)?;
        must_be_signed(&line, &heard.answer)?;
        must_go_on(&line, &heard.answer)?;
        self.directory = heard.answer.directory;
        self.releases = heard.answer.releases;
        self.ahead = self.asks_ahead(&heard, officer, token)?;
        let Heard { asked, answer, states, took } = heard;
        let store = &self.opened.store;
        let taken = store.take_in(officer, &answer, &states)?;
        if !asked.relay.is_empty() {
            store.wait_for_none_of(&asked.relay)?;
        }
        let since = *step.since.get_or_insert(reader.cursor);
        if !taken.stale {
            match totals::compare(store, (officer, &reader), &answer, self.source.now())? {
                Compared::Same => {}
                found @ (Compared::ReadsAgain | Compared::DiffersStill) => {
                    return Err(TalkFault::Differs(found));
                }
            }
        }
        let traffic = store.read(|view: &View<'_>| view.traffic())?;
        step.took_ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        step.sent += answer.acks.len() as u64;
        step.waits = traffic.unanswered + traffic.carried;
        step.read = far(&answer, since);
        let topics = topics_of(&taken, &answer);
        let goes_on = on_step(*step, &topics);
        // What waits behind a gap that only another PC can fill is not asked for in a circle.
        let stuck = answer.acks.is_empty() && asked.push.len() + asked.relay.len() > 0;
        // Behind what a server that was set back has to be told first, commands wait.
        let all_said = may_push && (step.waits == 0 || stuck);
        if !goes_on {
            return Err(TalkFault::Stopped);
        }
        if self.line()?.membership == Membership::Adopting {
            return Ok(if stuck { Went::AllSaid } else { Went::On });
        }
        let reader = store.read(|view: &View<'_>| view.reader(officer))?;
        let all_read = !answer.more && !taken.stale && reader.cursor >= answer.to;
        if !all_read || !all_said {
            let brought = !states.is_empty() || !answer.acks.is_empty() || !answer.gone.is_empty();
            let goes_on = brought || answer.more || taken.stale;
            return Ok(if goes_on { Went::On } else { Went::Nowhere });
        }
        if line.membership == Membership::ReadingBack {
            store.finish_adoption(officer)?;
        }
        if store.read(|view: &View<'_>| view.lacks_acts())? {
            return Err(TalkFault::ActsLost);
        }
        Ok(Went::AllSaid)
    }

    /// The next answer: the one that is on its way, where it fits.
    fn hear_next(
        &mut self,
        officer: OfficerId,
        token: &str,
    ) -> Result<(Heard, Reader, bool), TalkFault> {
        if let Some(ahead) = self.ahead.take() {
            let (asked, reader, may_push) = self.asks_now(officer, 0)?;
            if let Some(heard) = ahead.heard(officer, &asked) {
                return Ok((heard?, reader, may_push));
            }
        }
        let (asked, reader, may_push) = self.asks_now(officer, PUSHED_MAX as u32)?;
        Ok((hear(&self.caller, token, asked)?, reader, may_push))
    }

    /// The question as this PC stands now, with so many commands, and whether it may send any.
    fn asks_now(
        &self,
        officer: OfficerId,
        many: u32,
    ) -> Result<(SyncAsked, Reader, bool), TalkFault> {
        let store = &self.opened.store;
        let (offer, may_push) = store.offer(officer)?;
        let many = if may_push { many } else { 0 };
        let (line, reader, outbox) = store.read(|view: &View<'_>| {
            let line = view.line()?.ok_or(StoreError::Form { what: "line" })?;
            Ok::<_, StoreError>((line, view.reader(officer)?, view.outbox(many)?))
        })?;
        let compares = totals::are_due(store, (&line, &reader), self.source.now())?;
        let asked = SyncAsked {
            offer: offer.map(Box::new),
            totals: compares,
            ..self.question(&line, &reader, outbox)
        };
        Ok((asked, reader, may_push))
    }

    /// Sends what will be asked once this answer is taken in.
    fn asks_ahead(
        &self,
        heard: &Heard,
        officer: OfficerId,
        token: &str,
    ) -> Result<Option<Ahead>, TalkFault> {
        let outbox = match heard.asked.push.len() + heard.asked.relay.len() {
            0 => Outbox { own: Vec::new(), carried: Vec::new() },
            // What waits begins with what is answered now.
            _ => self.opened.store.read(|view: &View<'_>| view.outbox(2 * PUSHED_MAX as u32))?,
        };
        let asked = asked_next(heard, outbox);
        Ok(asked.and_then(|asked| Ahead::asks((&self.caller, token), officer, asked)))
    }

    /// Hands in what this PC did before it heard that it was shut out: the server takes it and says
    /// nothing of it (SYNC F26).
    ///
    /// # Errors
    /// [`TalkFault`]; then it is handed in again later.
    pub fn hand_in_the_rest(&mut self, signs: Option<&Signs>) -> Result<(), TalkFault> {
        let (officer, token) = self.session(signs)?;
        let mut after = 0;
        loop {
            let store = &self.opened.store;
            let (line, reader, rest) = store.read(|view: &View<'_>| {
                let line = view.line()?.ok_or(StoreError::Form { what: "line" })?;
                let rest = view.unanswered_after(after, HANDED_IN_TOGETHER)?;
                Ok::<_, StoreError>((line, view.reader(officer)?, rest))
            })?;
            let Some((last, _)) = rest.last() else { return Ok(()) };
            after = *last;
            let own = rest.into_iter().map(|(_, pushed)| pushed).collect();
            let outbox = Outbox { own, carried: Vec::new() };
            let asked = self.question(&line, &reader, outbox);
            let said: Result<SyncAnswer, CallFault> =
                self.caller.post("/v1/sync", Some(&token), &asked);
            match said {
                Ok(_) | Err(CallFault::Said(Trouble::Revoked)) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    fn question(&self, line: &Line, reader: &Reader, outbox: Outbox) -> SyncAsked {
        let adopting = line.membership == Membership::Adopting;
        let (from_head, below) = reader.first_copy.unwrap_or((0, 0));
        let copying = reader.cursor == 0 && !adopting;
        SyncAsked {
            epoch: line.epoch,
            org: line.agency,
            dev: self.opened.store.device(),
            app: crate::programs::running().to_string(),
            forms: [STATE_FORM, STATE_FORM],
            last: (line.head.seq > 0).then_some(line.head),
            push: outbox.own,
            relay: outbox.carried,
            cursor: reader.cursor,
            below: copying.then_some(Below { from_head, below }),
            max: if adopting { 0 } else { PAGE_BYTES },
            offer: None,
            totals: false,
        }
    }
}

/// Opens a session: the server gives something to sign that names its key.
pub(crate) fn open_session(
    caller: &Caller,
    of: ChallengeAsked,
    key: &SigningKey,
    server: [u8; 32],
) -> Result<SessionGiven, CallFault> {
    use ed25519_dalek::Signer as _;

    let challenge: Challenge = caller.post("/v1/challenge", None, &of)?;
    if challenge.server.0 != server {
        return Err(CallFault::Strange("key of another server"));
    }
    let sig = key.sign(&session_bytes(&server, &challenge.nonce.0));
    let asked = SessionAsked { of, nonce: challenge.nonce, sig: Hex(sig.to_bytes()) };
    caller.post("/v1/session", None, &asked)
}

/// How far the first copy is, or what was missed since the last meeting; nothing when one answer
/// has brought all of it.
fn far(answer: &SyncAnswer, since: u64) -> Option<(u64, u64)> {
    if let Some(below) = answer.below {
        let total = below.from_head.max(1);
        return Some((total.saturating_sub(below.below), total));
    }
    let total = answer.head.head.seq.saturating_sub(since);
    answer.more.then(|| (answer.to.saturating_sub(since).min(total), total))
}

fn must_be_signed(line: &Line, answer: &SyncAnswer) -> Result<(), TalkFault> {
    let key = VerifyingKey::from_bytes(&line.server).map_err(|_| TalkFault::HeadNotSigned)?;
    let head = answer.head.head;
    let bytes = head_bytes(line.agency, answer.epoch, head.seq, &head.hash.0);
    let sig = ed25519_dalek::Signature::from_bytes(&answer.head.sig.0);
    key.verify_strict(&bytes, &sig).map_err(|_| TalkFault::HeadNotSigned)
}

/// A log grows, and what stood at a place stays there. A server that shows another one, and signs
/// it, was set back without a word or is not what it was.
fn must_go_on(line: &Line, answer: &SyncAnswer) -> Result<(), TalkFault> {
    let (seen, told) = (line.head, answer.head.head);
    let goes_on = told.seq > seen.seq || told == seen;
    if seen.seq == 0 || answer.epoch != line.epoch || goes_on {
        return Ok(());
    }
    Err(TalkFault::Call(CallFault::Said(Trouble::OtherLog { seq: seen.seq })))
}

/// Which parts of the screen an answer touches.
fn topics_of(taken: &Taken, answer: &SyncAnswer) -> Vec<Topic> {
    let mut topics = vec![];
    let mut add = |topic: Topic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    };
    for key in &taken.changed {
        match key {
            Key::Agency(_) | Key::Unit(_) | Key::Year(_) => add(Topic::Administration),
            Key::Officer(_) => {
                add(Topic::Administration);
                add(Topic::Session);
            }
            Key::Device(_) => add(Topic::Line),
            Key::Book(_) => add(Topic::Books),
            Key::Parcel(_) => add(Topic::Document),
            Key::Arrival(_) => {
                add(Topic::Tray);
                add(Topic::Document);
            }
            Key::Incoming(_) | Key::Outgoing(_) => {
                add(Topic::Documents);
                add(Topic::Document);
            }
            Key::Task(_) => add(Topic::Tasks),
        }
    }
    if !answer.acks.is_empty() || !topics.is_empty() {
        // The words of how far a thing has come stand on its own screen.
        topics.extend([Topic::Line, Topic::Documents, Topic::Document, Topic::Tasks]);
        topics.sort_unstable();
        topics.dedup();
    }
    topics
}
