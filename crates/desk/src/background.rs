//! What goes on behind the screens: the scan folder, the daily copy, the mirror, the heights.
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use contract::{BackupChosen, BackupState, Done, Failure, ScanFolder as ScanFolderForm, Topic};
use register::{BlobId, Key, Moment, Right, Role};
use store::View;

use crate::acts::done;
use crate::clock::Source;
use crate::copying::Copying;
use crate::desk::{Desk, Hears, Opened, tell};
use crate::faults::{log, of_store};
use crate::heights::HeightsPen;
use crate::keys::FileKey;
use crate::line::{Caller, LineWorker, Signs, Standing};
use crate::programs::Programs;
use crate::scan_folder::{Answer, Offer, ScanFolder, ScanTrouble, Watching};
use crate::tray::{Card, put};
use crate::words::{at_field, failure, refusal};

/// Local name of the watched folder.
const SCAN_FOLDER: &str = "scan_folder";

/// Threads of one open register; all stop when it is dropped.
pub(crate) struct Background {
    watch: Mutex<Watch>,
    copying: Copying,
    heights: Option<HeightsPen>,
    line: Mutex<Option<LineWorker>>,
    hears: Arc<Mutex<Vec<Hears>>>,
    profile: PathBuf,
    wiped: Arc<AtomicBool>,
    keeps_up: bool,
}

/// What is wrong with the folder, in words, and since when.
#[derive(Clone)]
pub(crate) struct Troubled {
    /// In words.
    pub said: String,
    /// Since when it is so.
    pub since: Moment,
}

#[derive(Default)]
struct Watch {
    folder: Option<PathBuf>,
    trouble: Arc<Mutex<Option<Troubled>>>,
    running: Option<ScanFolder>,
}

impl Background {
    pub(crate) fn start(
        desk: &Desk,
        opened: &Arc<Opened>,
        key: FileKey,
        hears: Arc<Mutex<Vec<Hears>>>,
    ) -> Background {
        let copying = Copying::start(desk, opened, key, Arc::clone(&hears));
        let register = Arc::clone(opened);
        let now = move || register.store.read(|view: &View<'_>| view.heights());
        let heights = HeightsPen::start(&desk.profile, now)
            .inspect_err(|error| log("starting to write the heights", error))
            .ok();
        let background = Background {
            watch: Mutex::new(Watch::default()),
            copying,
            heights,
            line: Mutex::new(None),
            hears: Arc::clone(&hears),
            profile: desk.profile.clone(),
            wiped: Arc::clone(&desk.wiped),
            keeps_up: desk.keeps_up,
        };
        background.resume_line(opened, &desk.source);
        let folder = opened.store.local(SCAN_FOLDER).ok().flatten();
        let folder = folder.and_then(|kept| String::from_utf8(kept).ok());
        if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
            background.watch_folder(PathBuf::from(folder), opened, &desk.source, hears);
        }
        background
    }

    /// A command was kept: the mirror takes it soon.
    pub(crate) fn wake(&self) {
        self.copying.wake();
        if let Some(heights) = &self.heights {
            heights.touch();
        }
    }

    /// Goes on with the server this PC belongs to, if it does.
    fn resume_line(&self, opened: &Arc<Opened>, source: &Arc<dyn Source>) {
        let line = match opened.store.read(|view: &View<'_>| view.line()) {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(error) => return log("reading the server's address", &error),
        };
        match Caller::to(&line.address) {
            Ok(caller) => self.start_line(opened, source, caller),
            Err(error) => log("reading the server's address", &error),
        }
    }

    /// Starts the line; one that was there stops first.
    pub(crate) fn start_line(
        &self,
        opened: &Arc<Opened>,
        source: &Arc<dyn Source>,
        caller: Caller,
    ) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        *line = None;
        let (profile, wiped) = (self.profile.clone(), Arc::clone(&self.wiped));
        let wipe = move || {
            crate::folder::note_shut_out(&profile);
            crate::folder::destroy_keys(&profile);
            wiped.store(true, Ordering::SeqCst);
        };
        let told = (Arc::clone(&self.hears), Box::new(wipe) as crate::line::Wipe);
        let programs = self.keeps_up.then(|| Programs::of(&self.profile));
        *line = LineWorker::start(opened, source, caller, told, programs)
            .inspect_err(|error| log("starting the line", error))
            .ok();
    }

    fn with_line<T>(&self, ask: impl FnOnce(&LineWorker) -> T) -> Option<T> {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.as_ref().map(ask)
    }

    /// How it goes with the server.
    pub(crate) fn line_standing(&self) -> Option<Standing> {
        self.with_line(LineWorker::standing)
    }

    /// Who may open a session now.
    pub(crate) fn line_signs(&self, signs: Option<Signs>) {
        self.with_line(|line| match signs {
            Some(signs) => line.sits(signs),
            None => line.stands_up(),
        });
    }

    /// Somebody looks at the history of a thing.
    pub(crate) fn asks_history(&self, key: Key) {
        self.with_line(|line| line.asks_history(key));
    }

    /// There is something for the server.
    pub(crate) fn wake_line(&self) {
        self.with_line(LineWorker::wake);
    }

    /// Switches the line off or on.
    pub(crate) fn turn_line(&self, off: bool) {
        self.with_line(|line| line.turn(off));
    }

    /// The end of a meeting that begins now.
    pub(crate) fn line_meets(&self) -> Option<crate::line::Meeting> {
        self.with_line(LineWorker::meeting)
    }

    pub(crate) fn backup_state(&self) -> BackupState {
        self.copying.state()
    }

    pub(crate) fn copying(&self) -> &Copying {
        &self.copying
    }

    /// The watched folder, and why it cannot be watched.
    pub(crate) fn scan_folder_state(&self) -> (Option<String>, Option<Troubled>) {
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let trouble = watch.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (watch.folder.as_ref().map(|folder| folder.display().to_string()), trouble)
    }

    fn watch_folder(
        &self,
        folder: PathBuf,
        opened: &Arc<Opened>,
        source: &Arc<dyn Source>,
        hears: Arc<Mutex<Vec<Hears>>>,
    ) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        // The old watcher stops before the new one starts.
        *watch = Watch::default();
        let trouble = Arc::clone(&watch.trouble);
        let (clock, hour, now) = (Arc::clone(source), Arc::clone(source), source.now());
        let watching = Watching::new(&folder, move || clock.now().date());
        let (opened, source) = (Arc::clone(opened), Arc::clone(source));
        let told = Arc::clone(&hears);
        let on_ready = move |offer: Offer<'_>| {
            let answer = take_scan(&opened, source.as_ref(), &offer);
            tell(&told, &[Topic::Tray]);
            answer
        };
        let said = Arc::clone(&trouble);
        let on_trouble = move |now: Option<&ScanTrouble>| {
            if let Some(now) = now {
                log("watching the scan folder", now);
            }
            let mut known = said.lock().unwrap_or_else(PoisonError::into_inner);
            let since = known.as_ref().map_or_else(|| hour.now(), |known| known.since);
            *known = now.map(|now| Troubled { said: words(now), since });
            drop(known);
            tell(&hears, &[Topic::Tray]);
        };
        match ScanFolder::watch(watching, Box::new(on_ready), Box::new(on_trouble)) {
            Ok(running) => watch.running = Some(running),
            Err(error) => {
                log("watching the scan folder", &error);
                *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Troubled {
                    said: "Chưa theo dõi được thư mục quét.".to_owned(),
                    since: now,
                });
            }
        }
        watch.folder = Some(folder);
    }
}

fn words(trouble: &ScanTrouble) -> String {
    match trouble {
        ScanTrouble::NotReadable { path, .. } => {
            format!("Không đọc được thư mục quét {}.", path.display())
        }
        ScanTrouble::NotMoved { path, .. } => {
            format!("Đã nhận tệp {} nhưng chưa chuyển được sang \"Đã nhận\".", path.display())
        }
        ScanTrouble::TooMany { max, .. } => {
            format!("Thư mục quét có hơn {max} tệp chờ; dọn bớt để nhận tiếp.")
        }
        ScanTrouble::BrokeDown { .. } => {
            "Một tệp trong thư mục quét làm chương trình vấp; tệp vẫn ở đó và sẽ được thử lại."
                .to_owned()
        }
    }
}

/// Makes one card of one file. The card is named after the bytes, so a kill between keeping and
/// moving never makes two.
fn take_scan(opened: &Opened, source: &dyn Source, offer: &Offer<'_>) -> Answer {
    let taken = match crate::files::take_path(&opened.blobs, offer.path) {
        Ok(taken) => taken,
        Err(failure) if failure.code == "still_changing" || failure.code == "disk_full" => {
            return Answer::Later;
        }
        Err(failure) if failure.code == "not_read" => return Answer::Later,
        Err(failure) => {
            let refused = format!("{} {}", failure.what, failure.todo);
            return keep_refused(opened, source, offer, refused);
        }
    };
    if taken.secret {
        let said = refusal(&register::Refusal::Secret);
        return keep_refused(opened, source, offer, format!("{} {}", said.what, said.todo));
    }
    let Ok(blob) = BlobId::parse(&taken.attachment.blob) else { return Answer::Later };
    let used = opened.store.read(|view: &View<'_>| view.uses_of(blob, 1));
    if used.is_ok_and(|used| !used.is_empty()) && already_a_card(opened, blob) {
        return Answer::Taken;
    }
    let id: String = blob.hex().chars().take(32).collect();
    let card = Card {
        attachments: vec![taken.attachment],
        source: "scan".to_owned(),
        refused: String::new(),
    };
    match put(&opened.store, id, &card, source.now()) {
        Ok(()) => Answer::Taken,
        Err(error) => {
            log("keeping a card of the scan folder", &error);
            Answer::Later
        }
    }
}

fn already_a_card(opened: &Opened, blob: BlobId) -> bool {
    let id: String = blob.hex().chars().take(32).collect();
    opened.store.tray_entry(&id).is_ok_and(|entry| entry.is_some())
}

fn keep_refused(
    opened: &Opened,
    source: &dyn Source,
    offer: &Offer<'_>,
    refused: String,
) -> Answer {
    let name = crate::files::file_name(offer.path);
    let card = Card {
        attachments: Vec::new(),
        source: "scan".to_owned(),
        refused: format!("{name}: {refused}"),
    };
    let id = register::CommandId(source.id()).hex();
    match put(&opened.store, id, &card, source.now()) {
        Ok(()) => Answer::Refused,
        Err(_) => Answer::Later,
    }
}

impl Desk {
    /// Chooses the watched folder; empty stops watching.
    pub(crate) fn choose_scan_folder(&self, form: &ScanFolderForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if !at.may(Right::KeepBooks) && !at.may(Right::Administer) {
            return Err(refusal(&register::Refusal::Forbidden { needs: Role::Clerk }));
        }
        let path = form.path.trim();
        let folder = PathBuf::from(path);
        if !path.is_empty() && !folder.is_dir() {
            return Err(at_field(
                "path",
                format!("Không thấy thư mục {path}."),
                "Chọn thư mục mà máy quét lưu tệp vào.",
            ));
        }
        if folder.starts_with(&self.profile) && !path.is_empty() {
            return Err(failure(
                "own_folder",
                "Đây là thư mục của chương trình.",
                "Chọn thư mục khác cho máy quét.",
            ));
        }
        at.opened
            .store
            .keep_local(SCAN_FOLDER, path.as_bytes())
            .map_err(|error| of_store(&error))?;
        let hears = self.listeners();
        self.with_background(|background| {
            if path.is_empty() {
                let mut watch = background.watch.lock().unwrap_or_else(PoisonError::into_inner);
                *watch = Watch::default();
            } else {
                background.watch_folder(folder, &at.opened, &self.source, hears);
            }
        })?;
        Ok(done(String::new(), "scan_folder_set", vec![path.to_owned()], &[Topic::Tray]))
    }

    /// Chooses where copies and the mirror go.
    pub(crate) fn choose_backup(&self, form: &BackupChosen) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if !at.may(Right::Administer) && !at.may(Right::KeepBooks) {
            return Err(refusal(&register::Refusal::Forbidden { needs: Role::Administrator }));
        }
        for (field, path) in [("copies", &form.copies), ("mirror", &form.mirror)] {
            let path = path.trim();
            if !path.is_empty() && !PathBuf::from(path).is_dir() {
                return Err(at_field(
                    field,
                    format!("Không thấy thư mục {path}."),
                    "Cắm USB hoặc nối ổ mạng, rồi chọn lại thư mục.",
                ));
            }
        }
        self.with_background(|background| {
            background.copying().choose(form.copies.trim(), form.mirror.trim())
        })??;
        Ok(done(String::new(), "backup_set", vec![], &[Topic::Backup]))
    }

    /// Makes a copy now, and verifies it.
    pub(crate) fn copy_at_once(&self) -> Result<BackupState, Failure> {
        self.at_desk()?;
        self.with_background(|background| background.copying().copy_now())?
    }
}
