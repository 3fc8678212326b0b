//! The threads of the line: one talks when there is something to say, one listens for news, one
//! moves files and what comes after them.
mod moving;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use contract::{Failure, LineMeeting, LineProgress, Topic};
use register::{Key, Moment};

use sync::wire::Trouble;

use crate::clock::Source;
use crate::desk::{Hears, Opened, tell};
use crate::faults::log;
use crate::line::caller::{CallFault, Caller};
use crate::line::files::Files;
use crate::line::programs::{OnItsWay, ProgramsFetched};
use crate::line::talk::{Signs, Step, TalkFault, Talker};
use crate::line::trouble::of_talk;
use crate::programs::Programs;

use self::moving::move_files;

/// Between two meetings without news: what the listener missed is found then.
const REST: Duration = Duration::from_secs(60);
/// The same while the server answers the listener, who then misses nothing.
const REST_LISTENING: Duration = Duration::from_secs(600);
/// After a line that was not there: as long as this, doubled each time, up to the longest.
const AGAIN_FIRST: Duration = Duration::from_secs(2);
const AGAIN_MAX: Duration = Duration::from_secs(60);
/// After a trouble that time alone does not mend.
const AFTER_TROUBLE: Duration = Duration::from_secs(60);
/// Histories that wait to be asked for.
const HISTORIES_MAX: usize = 50;
/// After a file that was not there yet.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How far files are is told no oftener.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// How long somebody who asked for a meeting waits for its end.
const MEETING_WAIT: Duration = Duration::from_secs(60);

/// How it goes with the server just now.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// In one word.
    pub meeting: LineMeeting,
    /// Since when.
    pub since: Moment,
    /// What is wrong.
    pub trouble: Option<Failure>,
    /// On its way up.
    pub up: Option<LineProgress>,
    /// On its way down.
    pub down: Option<LineProgress>,
    /// Milliseconds the last call took.
    pub round_trip_ms: Option<u32>,
    /// A new version of the program that is on its way here.
    pub program: OnItsWay,
}

/// What both threads and the desk know.
struct Shared {
    inner: Mutex<Inner>,
    turned: Condvar,
    hears: Arc<Mutex<Vec<Hears>>>,
    source: Arc<dyn Source>,
    /// Destroys the keys of this PC.
    wipe: Wipe,
}

/// Destroys the keys of a PC that was shut out.
pub(crate) type Wipe = Box<dyn Fn() + Send + Sync>;

struct Inner {
    standing: Standing,
    signs: Option<Signs>,
    off: bool,
    stop: bool,
    /// Somebody wants a meeting now.
    wanted: bool,
    /// Meetings that were begun, and that have ended.
    begun: u64,
    ended: u64,
    /// What the listener listens with: the head it knows, and a token.
    listening: Option<(u64, String)>,
    /// How its last wait ended.
    hearing: Hearing,
    /// A meeting is under way that may bring what the listener hears of.
    meets: bool,
    /// The end of the log as it was told meanwhile.
    told: u64,
    /// What files move with, since the last meeting that went well.
    moving: Option<String>,
    /// The same, kept for questions between meetings.
    token: Option<String>,
    /// Things whose history somebody looks at.
    histories: Vec<Key>,
    /// The mark of the server's releases, since the last meeting that went well.
    releases: u64,
    /// Somebody wants to know what the server has now, whatever its mark was a moment ago.
    asks_releases: bool,
}

/// How the listener's last wait for news ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hearing {
    /// With an answer of the server.
    Answered,
    /// Otherwise: what is new may have been missed.
    Unsure,
}

/// How long the talking thread rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// So long.
    For(Duration),
    /// As the listener is heard: all was said.
    AfterAll,
}

impl Rest {
    fn length(self, hearing: Hearing) -> Duration {
        match (self, hearing) {
            (Rest::For(long), _) => long,
            (Rest::AfterAll, Hearing::Answered) => REST_LISTENING,
            (Rest::AfterAll, Hearing::Unsure) => REST,
        }
    }
}

/// The line of one open register.
pub(crate) struct LineWorker {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stands(&self, meeting: LineMeeting, trouble: Option<Failure>) {
        let mut inner = self.lock();
        let is_news = inner.standing.meeting != meeting;
        if is_news {
            inner.standing.since = self.source.now();
        }
        inner.standing.meeting = meeting;
        inner.standing.trouble = trouble;
        if meeting != LineMeeting::Talking {
            (inner.standing.up, inner.standing.down) = (None, None);
        }
        drop(inner);
        // How long this PC has given numbers by itself stands where they are given.
        let met_again = is_news && meeting == LineMeeting::Met;
        let topics: &[Topic] =
            if met_again { &[Topic::Line, Topic::Books] } else { &[Topic::Line] };
        tell(&self.hears, topics);
    }
}

impl LineWorker {
    /// Starts both threads over an open register.
    pub fn start(
        opened: &Arc<Opened>,
        source: &Arc<dyn Source>,
        caller: Caller,
        (hears, wipe): (Arc<Mutex<Vec<Hears>>>, Wipe),
        programs: Option<Programs>,
    ) -> std::io::Result<LineWorker> {
        let standing = Standing {
            meeting: LineMeeting::Waiting,
            since: source.now(),
            trouble: None,
            up: None,
            down: None,
            round_trip_ms: None,
            program: OnItsWay::default(),
        };
        let inner = Inner {
            standing,
            signs: None,
            off: false,
            stop: false,
            wanted: false,
            begun: 0,
            ended: 0,
            listening: None,
            hearing: Hearing::Unsure,
            meets: false,
            told: 0,
            moving: None,
            token: None,
            histories: Vec::new(),
            releases: 0,
            asks_releases: false,
        };
        let shared = Arc::new(Shared {
            inner: Mutex::new(inner),
            turned: Condvar::new(),
            hears,
            source: Arc::clone(source),
            wipe,
        });
        let (mine, ears) = (Arc::clone(&shared), Arc::clone(&shared));
        let listening = caller.clone();
        let (mover, movers) = (Arc::clone(&shared), caller.clone());
        let fetched = programs.map(|programs| ProgramsFetched::new(programs, movers.clone()));
        let files = Files::new(Arc::clone(opened), movers);
        let fetched = (fetched, Arc::clone(opened));
        let talker = Talker::new(Arc::clone(opened), Arc::clone(source), caller);
        let talks = thread::Builder::new().name("line".to_owned());
        let talks = talks.spawn(move || talk(&mine, talker))?;
        // Not waited for at the end: it may hang in a call for most of a minute, and keeps nothing.
        thread::Builder::new()
            .name("line-news".to_owned())
            .spawn(move || listen(&ears, &listening))?;
        let moves = thread::Builder::new()
            .name("line-files".to_owned())
            .spawn(move || move_files(&mover, files, fetched))?;
        Ok(LineWorker { shared, threads: vec![talks, moves] })
    }

    /// How it goes.
    pub fn standing(&self) -> Standing {
        self.shared.lock().standing.clone()
    }

    /// Somebody sits here who may open a session.
    pub fn sits(&self, signs: Signs) {
        self.shared.lock().signs = Some(signs);
        self.wake();
    }

    /// Nobody sits here: the session goes on, a new one is not opened.
    pub fn stands_up(&self) {
        self.shared.lock().signs = None;
    }

    /// There is something to say.
    pub fn wake(&self) {
        self.shared.lock().wanted = true;
        self.shared.turned.notify_all();
    }

    /// Switches the line off or on.
    pub fn turn(&self, off: bool) {
        let mut inner = self.shared.lock();
        inner.off = off;
        inner.wanted = true;
        if off {
            (inner.listening, inner.moving) = (None, None);
        }
        drop(inner);
        self.shared.turned.notify_all();
        if off {
            self.shared.stands(LineMeeting::Off, None);
        }
    }

    /// Somebody looks at the history of a thing that may be told further than is known here.
    pub fn asks_history(&self, key: Key) {
        let mut inner = self.shared.lock();
        if inner.histories.len() < HISTORIES_MAX && !inner.histories.contains(&key) {
            inner.histories.push(key);
        }
        drop(inner);
        self.shared.turned.notify_all();
    }

    /// A meeting that begins now, to be waited for without holding anything.
    pub fn meeting(&self) -> Meeting {
        Meeting { shared: Arc::clone(&self.shared) }
    }
}

/// A meeting somebody asked for.
pub(crate) struct Meeting {
    shared: Arc<Shared>,
}

impl Meeting {
    /// Waits for the end of a meeting that began after the call.
    pub fn wait(self) {
        let mut inner = self.shared.lock();
        let wanted = inner.begun + 1;
        (inner.wanted, inner.asks_releases) = (true, true);
        self.shared.turned.notify_all();
        let until = Instant::now() + MEETING_WAIT;
        while inner.ended < wanted && !inner.off && !inner.stop {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return };
            let (again, _) = self
                .shared
                .turned
                .wait_timeout(inner, left)
                .unwrap_or_else(PoisonError::into_inner);
            inner = again;
        }
    }
}

impl Drop for LineWorker {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.turned.notify_all();
        for thread in std::mem::take(&mut self.threads) {
            if thread.join().is_err() {
                tracing::error!("a thread of the line ended in a panic");
            }
        }
    }
}

/// Waits until there is something to say, the rest is over, or the program ends.
fn rest(shared: &Shared, long: Rest) -> bool {
    let begun = Instant::now();
    let mut inner = shared.lock();
    loop {
        if inner.stop {
            return false;
        }
        if inner.wanted && !inner.off {
            inner.wanted = false;
            return true;
        }
        let left = long.length(inner.hearing).checked_sub(begun.elapsed());
        let Some(left) = left.filter(|_| !inner.off) else {
            if inner.off {
                inner = shared.turned.wait(inner).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            return true;
        };
        let (again, _) =
            shared.turned.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner);
        inner = again;
    }
}

fn talk(shared: &Shared, mut talker: Talker) {
    let mut again = AGAIN_FIRST;
    let mut long = Rest::For(Duration::ZERO);
    while rest(shared, long) {
        let signs = {
            let mut inner = shared.lock();
            inner.begun += 1;
            inner.meets = true;
            inner.signs.clone()
        };
        let met = talker.meet(signs.as_ref(), &mut |step, topics| on_step(shared, step, topics));
        long = match met {
            Ok(()) => {
                again = AGAIN_FIRST;
                hear_news(shared, &talker);
                if talker.directory_news() {
                    tell(&shared.hears, &[Topic::Administration, Topic::Line]);
                }
                shared.stands(LineMeeting::Met, None);
                Rest::AfterAll
            }
            Err(TalkFault::Stopped) => Rest::For(REST),
            Err(TalkFault::Nobody) => {
                shared.stands(LineMeeting::Waiting, None);
                Rest::For(REST)
            }
            Err(TalkFault::Call(CallFault::Said(Trouble::Revoked))) => {
                Rest::For(shut_out(shared, &mut talker, signs.as_ref()))
            }
            Err(fault) => {
                let (meeting, said) = of_talk(&fault);
                if meeting != LineMeeting::NoLine {
                    log("talking to the server", &fault);
                }
                shared.stands(meeting, said);
                let long = if meeting == LineMeeting::NoLine { again } else { AFTER_TROUBLE };
                again = (again * 2).min(AGAIN_MAX);
                Rest::For(long)
            }
        };
        let mut inner = shared.lock();
        (inner.ended, inner.meets) = (inner.begun, false);
        drop(inner);
        shared.turned.notify_all();
    }
}

/// This PC was shut out: it hands in what it did, and then nobody opens it any more.
fn shut_out(shared: &Shared, talker: &mut Talker, signs: Option<&Signs>) -> Duration {
    match talker.hand_in_the_rest(signs) {
        Ok(()) => {
            (shared.wipe)();
            shared.stands(LineMeeting::ShutOut, None);
        }
        Err(fault) => {
            log("handing in what a PC did that was shut out", &fault);
            let (_, said) = of_talk(&fault);
            shared.stands(LineMeeting::ShutOut, said);
        }
    }
    AFTER_TROUBLE
}

/// Notes how far a meeting is; says whether it goes on.
fn on_step(shared: &Shared, step: Step, topics: &[Topic]) -> bool {
    let mut inner = shared.lock();
    if inner.stop || inner.off {
        return false;
    }
    let total = step.sent + step.waits;
    let progress = |done, total| LineProgress { done, total, seconds_left: None };
    let now = shared.source.now();
    let since = inner.standing.since;
    let spent = u64::try_from(now.0.saturating_sub(since.0)).unwrap_or(0) / 1000;
    let left = |of: LineProgress| LineProgress {
        seconds_left: (of.done > 0 && spent > 0)
            .then(|| spent * of.total.saturating_sub(of.done) / of.done),
        ..of
    };
    if inner.standing.meeting != LineMeeting::Talking && (step.waits > 0 || step.read.is_some()) {
        inner.standing.meeting = LineMeeting::Talking;
        inner.standing.since = now;
        inner.standing.trouble = None;
    }
    inner.standing.up = (step.waits > 0).then(|| left(progress(step.sent, total)));
    inner.standing.down = step.read.map(|(done, total)| left(progress(done, total)));
    inner.standing.round_trip_ms = Some(step.took_ms);
    drop(inner);
    let mut topics = topics.to_vec();
    if !topics.contains(&Topic::Line) && (step.waits > 0 || step.read.is_some()) {
        topics.push(Topic::Line);
    }
    if !topics.is_empty() {
        tell(&shared.hears, &topics);
    }
    true
}

fn hear_news(shared: &Shared, talker: &Talker) {
    let mut inner = shared.lock();
    let token = talker.token().map(|(_, token)| token);
    inner.moving.clone_from(&token);
    inner.token.clone_from(&token);
    inner.releases = talker.releases();
    let head = talker.head();
    // What the listener was told meanwhile, of one's own acts mostly, is here by now.
    inner.meets = false;
    if std::mem::take(&mut inner.told) > head {
        inner.wanted = true;
    } else {
        inner.listening = token.map(|token| (head, token));
    }
    drop(inner);
    shared.turned.notify_all();
}

fn listen(shared: &Shared, caller: &Caller) {
    loop {
        let (head, token) = {
            let mut inner = shared.lock();
            loop {
                if inner.stop {
                    return;
                }
                if let Some(listening) = inner.listening.take() {
                    break listening;
                }
                inner = shared.turned.wait(inner).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let heard = caller.news(head, &token);
        let mut inner = shared.lock();
        if inner.off || inner.stop {
            continue;
        }
        inner.hearing = if heard.is_ok() { Hearing::Answered } else { Hearing::Unsure };
        match heard {
            Ok(Some(news)) if inner.meets => inner.told = news.head,
            Ok(Some(_)) => inner.wanted = true,
            // Nothing new: it goes on listening, unless a meeting has said what to listen for.
            Ok(None) => {
                inner.listening.get_or_insert((head, token));
            }
            // The line was cut, mostly: whether it is back is soon found out.
            Err(CallFault::NoLine(_) | CallFault::BrokeOff(_)) => inner.wanted = true,
            // The next meeting says what is wrong.
            Err(CallFault::Said(_) | CallFault::Strange(_) | CallFault::Address) => {}
        }
        drop(inner);
        shared.turned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Hearing, Rest};

    #[test]
    fn a_pc_whose_listener_is_answered_meets_the_server_seldom_and_else_each_minute() {
        let rests = |rest: Rest| {
            [Hearing::Answered, Hearing::Unsure].map(|hearing| rest.length(hearing).as_secs())
        };
        assert_eq!(rests(Rest::AfterAll), [600, 60]);
        assert_eq!(rests(Rest::For(Duration::from_secs(2))), [2, 2]);
    }
}
