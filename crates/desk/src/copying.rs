//! The daily copy and the mirror: one thread that wakes after each act and once a minute.
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use contract::{BackupState, Failure, Topic};
use register::Moment;

use crate::clock::Source;
use crate::copies::{Copies, CopyError, Profile, due};
use crate::desk::{Desk, Hears, Opened, tell};
use crate::faults::{fault, log, of_store};
use crate::keys::FileKey;
use crate::mirror::{Mirror, MirrorError, MirrorState};
use crate::place::PlaceError;
use crate::words::NOTHING_CHANGED;

/// How long the thread sleeps when nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The first moments after the start belong to the screen, unless somebody acts.
const FIRST_LOOK_AFTER: Duration = Duration::from_secs(20);
/// A copy reads and writes the whole register, so it does not begin while a clerk sits down.
const FIRST_COPY_AFTER: Duration = Duration::from_secs(60);
/// Folder of the copies inside a profile, until a better place is chosen.
const COPIES_FOLDER: &str = "copies";
const COPIES: &str = "backup/copies";
/// Local name of the moment of the last good copy.
pub(crate) const COPIED_AT: &str = "backup/copied_at";
const MIRROR: &str = "backup/mirror";
const MIRROR_STATE: &str = "backup/mirror_state";

/// Drives copies and mirror of one open register; stops when dropped.
pub(crate) struct Copying {
    shared: Arc<Shared>,
    wakes: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    profile: PathBuf,
    opened: Arc<Opened>,
    key: FileKey,
    source: Arc<dyn Source>,
    hears: Arc<Mutex<Vec<Hears>>>,
    places: Mutex<Places>,
    /// One copy at a time.
    busy: Mutex<()>,
}

struct Places {
    copies: PathBuf,
    copied_at: Option<Moment>,
    copy_trouble: Option<String>,
    mirror: Option<(PathBuf, Mirror)>,
    mirror_state: MirrorState,
    mirror_trouble: Option<String>,
}

impl Copying {
    pub(crate) fn start(
        desk: &Desk,
        opened: &Arc<Opened>,
        key: FileKey,
        hears: Arc<Mutex<Vec<Hears>>>,
    ) -> Copying {
        let places = known_places(&desk.profile, opened, &key);
        let shared = Arc::new(Shared {
            profile: desk.profile.clone(),
            opened: Arc::clone(opened),
            key,
            source: Arc::clone(&desk.source),
            hears,
            places: Mutex::new(places),
            busy: Mutex::new(()),
        });
        let (wakes, woken) = sync_channel(1);
        let works = Arc::clone(&shared);
        let thread = thread::Builder::new().name("copies".into()).spawn(move || {
            work(&works, &woken);
        });
        if let Err(error) = &thread {
            log("starting the copies", error);
        }
        Copying { shared, wakes: Some(wakes), thread: thread.ok() }
    }

    /// A command was kept. Never waits: one wake that waits stands for all.
    pub(crate) fn wake(&self) {
        if let Some(wakes) = &self.wakes {
            let _ = wakes.try_send(());
        }
    }

    pub(crate) fn state(&self) -> BackupState {
        let places = self.shared.places();
        let mirror_waiting = match places.mirror {
            Some(_) => self.shared.waiting_for_mirror(&places.mirror_state),
            None => 0,
        };
        BackupState {
            copies: places.copies.display().to_string(),
            copied_at: places.copied_at.map(|at| at.0),
            copy_trouble: places.copy_trouble.clone(),
            mirror: places
                .mirror
                .as_ref()
                .map(|(folder, _)| folder.display().to_string())
                .unwrap_or_default(),
            mirrored_at: places.mirror_state.at.map(|at| at.0),
            mirror_waiting,
            mirror_trouble: places.mirror_trouble.clone(),
        }
    }

    /// Chooses both places; an empty text is the profile for copies, and no mirror.
    pub(crate) fn choose(&self, copies: &str, mirror: &str) -> Result<(), Failure> {
        let shared = &self.shared;
        let folder = if copies.is_empty() {
            shared.profile.join(COPIES_FOLDER)
        } else {
            PathBuf::from(copies)
        };
        Copies::adopt(&folder, &shared.key).map_err(|error| not_adopted(&error))?;
        let chosen = match mirror {
            "" => None,
            mirror => {
                let folder = PathBuf::from(mirror);
                let mirror =
                    Mirror::adopt(&folder, &shared.key).map_err(|error| not_adopted(&error))?;
                Some((folder, mirror))
            }
        };
        for (name, value) in [(COPIES, copies), (MIRROR, mirror)] {
            shared
                .opened
                .store
                .keep_local(name, value.as_bytes())
                .map_err(|error| of_store(&error))?;
        }
        {
            let mut places = shared.places();
            places.copies = folder;
            places.copy_trouble = None;
            places.mirror_trouble = None;
            places.mirror_state =
                chosen.as_ref().map(|(_, mirror)| mirror.state()).unwrap_or_default();
            places.mirror = chosen;
        }
        self.wake();
        Ok(())
    }

    /// Makes a copy now, brings the mirror up, and says how both stand.
    pub(crate) fn copy_now(&self) -> Result<BackupState, Failure> {
        self.shared.copy();
        self.shared.mirror();
        let state = self.state();
        match &state.copy_trouble {
            None => Ok(state),
            Some(trouble) => Err(fault(
                "not_copied",
                trouble,
                "Sổ trên máy này vẫn nguyên; bản sao trước vẫn còn.",
                "Kiểm tra nơi cất bản sao rồi làm lại.",
            )),
        }
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        // Hanging up is the sign to end.
        self.wakes = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn known_places(profile: &Path, opened: &Opened, key: &FileKey) -> Places {
    let local = |name: &str| -> Option<Vec<u8>> { opened.store.local(name).ok().flatten() };
    let text = |name: &str| {
        let kept = local(name).and_then(|kept| String::from_utf8(kept).ok());
        kept.filter(|kept| !kept.is_empty())
    };
    let state: MirrorState =
        local(MIRROR_STATE).and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_default();
    let copies = match text(COPIES) {
        Some(folder) => PathBuf::from(folder),
        None => {
            let folder = profile.join(COPIES_FOLDER);
            if let Err(error) = Copies::adopt(&folder, key) {
                log("preparing the folder of copies", &error);
            }
            folder
        }
    };
    let mirror = text(MIRROR).map(PathBuf::from).map(|folder| {
        let mirror = Mirror::at(&folder, key, state);
        (folder, mirror)
    });
    let copied_at = text(COPIED_AT).and_then(|at| at.parse().ok()).map(Moment);
    Places {
        copies,
        copied_at,
        copy_trouble: None,
        mirror,
        mirror_state: state,
        mirror_trouble: None,
    }
}

fn work(shared: &Shared, woken: &Receiver<()>) {
    let started = Instant::now();
    let mut wait = FIRST_LOOK_AFTER;
    while woken.recv_timeout(wait) != Err(RecvTimeoutError::Disconnected) {
        wait = LOOK_EVERY;
        shared.mirror();
        let last = shared.places().copied_at;
        if started.elapsed() >= FIRST_COPY_AFTER && due(shared.source.now(), last) {
            shared.copy();
        }
    }
    shared.mirror();
}

impl Shared {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn as_profile(&self) -> Profile<'_> {
        Profile { folder: &self.profile, store: &self.opened.store, blobs: &self.opened.blobs }
    }

    /// What waits for the mirror now: what was done since the mirror was last brought up counts.
    fn waiting_for_mirror(&self, last: &MirrorState) -> u64 {
        let kept = self.opened.store.read(|view| view.commands_kept());
        kept.map_or(last.waiting, |kept| kept.saturating_sub(last.mirrored_seq))
    }

    fn copy(&self) {
        let _one = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.places().copies.clone();
        let now = self.source.now();
        let made = Copies::at(&folder, &self.key).copy_now(self.as_profile(), now);
        match made {
            Ok(copied) => {
                let at = copied.verified_at;
                let text = at.0.to_string();
                if let Err(error) = self.opened.store.keep_local(COPIED_AT, text.as_bytes()) {
                    log("keeping the date of the copy", &error);
                }
                let mut places = self.places();
                places.copied_at = Some(at);
                places.copy_trouble = (!copied.damaged.is_empty()).then(|| {
                    format!("{} tệp đính kèm trên máy này bị hỏng.", copied.damaged.len())
                });
            }
            Err(CopyError::Busy { .. }) => return,
            Err(error) => {
                log("making the daily copy", &error);
                self.places().copy_trouble = Some(copy_words(&error));
            }
        }
        tell(&self.hears, &[Topic::Backup]);
    }

    fn mirror(&self) {
        let mut places = self.places();
        let Some((_, mirror)) = places.mirror.as_mut() else { return };
        let caught_up = mirror.catch_up(self.as_profile(), self.source.now());
        let state = mirror.state();
        let trouble = caught_up.err().map(|error| {
            log("bringing the mirror up", &error);
            mirror_words(&error)
        });
        let told = places.mirror_trouble != trouble || places.mirror_state != state;
        if places.mirror_state != state
            && let Ok(json) = serde_json::to_vec(&state)
            && let Err(error) = self.opened.store.keep_local(MIRROR_STATE, &json)
        {
            log("keeping the state of the mirror", &error);
        }
        places.mirror_state = state;
        places.mirror_trouble = trouble;
        drop(places);
        if told {
            tell(&self.hears, &[Topic::Backup]);
        }
    }
}

fn place_words(error: &PlaceError, what: &str) -> String {
    match error {
        PlaceError::NotThere { folder } => {
            format!(
                "Không thấy nơi cất {what} ({}). Cắm lại USB hoặc nối ổ mạng.",
                folder.display()
            )
        }
        PlaceError::AnotherProfile { .. } => {
            format!("Nơi cất {what} đang chứa bản của cơ quan hoặc máy khác.")
        }
        PlaceError::Full { .. } => format!("Nơi cất {what} đã đầy."),
        PlaceError::ReadOnly { .. } => format!("Nơi cất {what} chỉ cho đọc."),
        PlaceError::Disk { .. } => format!("Nơi cất {what} không ghi được."),
    }
}

fn copy_words(error: &CopyError) -> String {
    match error {
        CopyError::Place(place) => place_words(place, "bản sao"),
        CopyError::Busy { .. } | CopyError::Store(_) | CopyError::Files(_) => {
            "Chưa làm được bản sao hằng ngày.".to_owned()
        }
    }
}

fn mirror_words(error: &MirrorError) -> String {
    match error {
        MirrorError::Place(place) => place_words(place, "bản ghi song song"),
        MirrorError::Differs { .. } => {
            "Bản ghi song song không khớp với sổ trên máy này; chọn thư mục khác.".to_owned()
        }
        MirrorError::Store(_) | MirrorError::Files(_) => "Chưa ghi được bản song song.".to_owned(),
    }
}

fn not_adopted(error: &(dyn std::error::Error + 'static)) -> Failure {
    log("choosing a place for copies", error);
    fault(
        "place",
        "Chưa dùng được thư mục này: không ghi được, hoặc đang chứa bản của máy khác.",
        NOTHING_CHANGED,
        "Chọn thư mục trống trên USB hoặc ổ mạng.",
    )
}
