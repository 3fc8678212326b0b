//! A new version of the program on its way here: after every file, a little at a time, and a slow
//! line rests as long as it was used.
use std::time::{Duration, Instant};

use contract::{Failure, LineProgress};
use store::{Fetching, Store};
use sync::release::{ReleaseAnswer, ReleaseAsked};
use sync::wire::{PARTS_BYTES_MAX, Trouble};

use crate::durable;
use crate::faults::{fault as said, log};
use crate::line::caller::{CallFault, Caller};
use crate::line::files::fetching;
use crate::programs::{Coming, NotWhole, Programs};

/// Bytes of a call on a slow line: eight seconds at 64 kbit/s.
const LITTLE_BYTES: u64 = 64 << 10;
/// A call that took longer carries little the next time, and is rested from.
const SLOW: Duration = Duration::from_secs(2);
/// After bytes that were not right, or a full disk: as long as this, doubled each time.
const AGAIN_FIRST: Duration = Duration::from_secs(3_600);
const AGAIN_MAX: Duration = Duration::from_secs(24 * 3_600);

/// How it goes with the next version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OnItsWay {
    /// Its version, and how far it is.
    pub coming: Option<(String, LineProgress)>,
    /// It waits because the line is paid for by the byte.
    pub kept_back: bool,
    /// What is wrong.
    pub trouble: Option<Failure>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Went {
    /// Bytes came; the line rests so long.
    On(Duration),
    /// A version is whole.
    Whole,
    /// There is nothing to do now.
    Nothing,
}

/// Fetches versions for one PC.
pub(crate) struct ProgramsFetched {
    programs: Programs,
    caller: Caller,
    /// The mark of the server's releases when it was last asked.
    asked: Option<u64>,
    coming: Option<Coming>,
    carries: u64,
    /// No more than this: a line that always breaks after so many bytes lets fewer through.
    most: u64,
    /// Not before, after something that time alone may mend.
    rests: Option<(Instant, Duration)>,
    pub stands: OnItsWay,
}

impl ProgramsFetched {
    /// The fetcher of a profile.
    pub fn new(programs: Programs, caller: Caller) -> ProgramsFetched {
        let stands = OnItsWay::default();
        let (asked, coming, rests) = (None, None, None);
        ProgramsFetched {
            programs,
            caller,
            asked,
            coming,
            carries: LITTLE_BYTES,
            most: PARTS_BYTES_MAX,
            rests,
            stands,
        }
    }

    /// The next step asks the server, also where its mark is the known one: marks are a moment old.
    pub fn asks_anew(&mut self) {
        self.asked = None;
    }

    /// Does the next thing. `mark` is that of the server's releases.
    ///
    /// # Errors
    /// The call; what came before it stays.
    pub fn step(&mut self, (store, token): (&Store, &str), mark: u64) -> Result<Went, CallFault> {
        if self.asked != Some(mark) {
            self.ask(token)?;
            self.asked = Some(mark);
        }
        self.stands.kept_back = false;
        let Some(coming) = &self.coming else { return Ok(Went::Nothing) };
        if self.rests.is_some_and(|(since, long)| since.elapsed() < long) {
            return Ok(Went::Nothing);
        }
        if fetching(store).is_ok_and(|fetching| fetching != Fetching::Everything) {
            self.stands.kept_back = true;
            return Ok(Went::Nothing);
        }
        let Some((file, from)) = coming.lacks() else { return Ok(self.finishes()) };
        let many = self.carries.min(file.packed.bytes.saturating_sub(from));
        let began = Instant::now();
        // A kill after the last byte, before it was looked at: it is looked at now.
        let bytes = if many == 0 {
            Vec::new()
        } else {
            let path = format!("/v1/release/{}", file.packed.sha256);
            match self.caller.get_range_of(&path, (from, many), token) {
                Ok((bytes, _)) => bytes,
                Err(CallFault::Said(Trouble::NotFound)) => {
                    // Withdrawn meanwhile: the server is asked anew.
                    self.asked = None;
                    self.forget();
                    return Ok(Went::Nothing);
                }
                Err(fault) => {
                    self.most = (many / 2).max(LITTLE_BYTES);
                    self.carries = LITTLE_BYTES;
                    return Err(fault);
                }
            }
        };
        let took = began.elapsed();
        let kept = coming.keep(&file, &bytes);
        self.paces(took);
        match kept {
            Ok(()) => {
                self.shows();
                Ok(Went::On(if took > SLOW { took } else { Duration::ZERO }))
            }
            Err(fault) => Ok(self.rests_after(&fault)),
        }
    }

    fn paces(&mut self, took: Duration) {
        let faster = (self.carries * 2).min(self.most);
        self.carries = if took > SLOW { LITTLE_BYTES } else { faster };
    }

    /// Tells the server what runs here, and hears what may run here.
    fn ask(&mut self, token: &str) -> Result<(), CallFault> {
        let Some(platform) = self.programs.platform else { return Ok(()) };
        let back = self.programs.notes().back().map(|(version, _)| version);
        let said = ReleaseAsked { version: self.programs.running, platform, back };
        let ReleaseAsked { version, platform, .. } = &said;
        let mut path = format!("/v1/release?version={version}&platform={}", platform.name());
        if let Some(back) = said.back {
            path.push_str(&format!("&back={back}"));
        }
        let answer: ReleaseAnswer = match self.caller.get(&path, token) {
            // A server from before there were releases.
            Err(CallFault::Strange(_) | CallFault::Said(Trouble::NotFound)) => return Ok(()),
            answer => answer?,
        };
        self.most = PARTS_BYTES_MAX;
        self.programs.drop_withdrawn(&answer.withdrawn);
        self.programs.tidy();
        let Some(release) = answer.release.filter(|_| self.programs.takes()) else {
            self.forget();
            return Ok(());
        };
        match self.programs.begin_coming(&release) {
            Ok(Some(coming)) => {
                self.coming = Some(coming);
                self.shows();
            }
            Ok(None) => self.forget(),
            Err(fault) => {
                self.rests_after(&NotWhole::Disk(fault));
            }
        }
        Ok(())
    }

    fn shows(&mut self) {
        self.stands.coming = self.coming.as_ref().map(|coming| {
            let (done, total) = coming.far();
            let far = LineProgress { done, total, seconds_left: None };
            (coming.manifest.version.to_string(), far)
        });
    }

    fn forget(&mut self) {
        self.programs.forget_coming();
        self.coming = None;
        self.stands = OnItsWay::default();
        self.rests = None;
    }

    fn finishes(&mut self) -> Went {
        let Some(coming) = self.coming.take() else { return Went::Nothing };
        let version = coming.manifest.version;
        if let Err(fault) = coming.finish() {
            return self.rests_after(&NotWhole::Disk(fault));
        }
        tracing::info!(%version, "a new version of the program is here");
        self.stands = OnItsWay::default();
        self.rests = None;
        self.programs.tidy();
        Went::Whole
    }

    /// Says what is wrong and tries again later, each time later.
    fn rests_after(&mut self, fault: &NotWhole) -> Went {
        log("fetching a new version of the program", fault);
        let is_full = matches!(fault, NotWhole::Disk(fault) if durable::is_full(fault));
        if is_full {
            // The room is needed for the office's work.
            self.programs.forget_coming();
            self.coming = None;
            self.asked = None;
        }
        let long = self.rests.map_or(AGAIN_FIRST, |(_, long)| (long * 2).min(AGAIN_MAX));
        self.rests = Some((Instant::now(), long));
        self.shows();
        self.stands.trouble = Some(worded(fault, is_full));
        Went::Nothing
    }
}

fn worded(fault: &NotWhole, is_full: bool) -> Failure {
    const SAFE: &str = "Sổ và bản đang dùng không bị ảnh hưởng.";
    match fault {
        NotWhole::Disk(_) if is_full => said(
            "disk_full",
            "Đĩa của máy này đã đầy nên chưa tải được bản mới.",
            SAFE,
            "Dọn bớt đĩa; chương trình tự tải lại sau.",
        ),
        NotWhole::Disk(_) => said(
            "not_kept",
            "Chưa ghi được bản mới xuống đĩa.",
            SAFE,
            "Chương trình tự thử lại. Nếu vẫn vậy, báo quản trị.",
        ),
        NotWhole::WrongBytes => said(
            "wrong_bytes",
            "Bản mới tải về không đúng như nhà phát hành đã ký, nên đã bỏ.",
            SAFE,
            "Chương trình tự tải lại sau. Nếu vẫn vậy, báo quản trị.",
        ),
    }
}
