//! One desk on one profile: the register, the files, the keys and who sits here.
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use contract::{Failure, Topic};
use register::{
    AgencyFounded, AgencyId, BlobId, Change, Command, DeviceId, Moment, Officer, State,
};
use store::{OpenOptions, Store, StoreError, View};

use crate::background::Background;
use crate::blobs::Blobs;
use crate::clock::{Source, ThisPc};
use crate::directory::Directory;
use crate::exchange::KnownAgencies;
use crate::faults::{Trouble, fault, log, of_perform, of_store};
use crate::keyring::{Cost, Keyring, Purpose, Unlocked};
use crate::programs::Programs;
use crate::session::{Seat, locked, person};

/// Name of the register inside a profile.
pub const REGISTER_FILE: &str = "register.db";
/// Folder of the files inside a profile.
pub const BLOBS_FOLDER: &str = "blobs";

/// Documents looked at to see whether a file may be shown.
const USERS_MAX: u32 = 50;

/// Hears which topics were touched in the background.
pub type Hears = Box<dyn Fn(&[Topic]) + Send + Sync>;

/// How a desk is opened.
pub struct Start {
    /// The folder of the profile; made when it is not there.
    pub profile: PathBuf,
    /// New versions of the program are fetched, and the server hears which one runs: that of the
    /// window, whatever else is asked at its side.
    pub keeps_up: bool,
    /// Who sits at the desk of a demo profile from the start.
    #[cfg(feature = "demo")]
    pub seat: Option<String>,
}

impl Start {
    /// The desk of a profile beside its window, locked.
    pub fn of(profile: PathBuf) -> Start {
        Start {
            profile,
            keeps_up: false,
            #[cfg(feature = "demo")]
            seat: None,
        }
    }
}

/// Why a desk cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("opening the profile at {profile}")]
pub struct Fault {
    profile: PathBuf,
    said: Failure,
    source: Option<std::io::Error>,
}

impl Fault {
    /// The sentence for the window.
    pub fn failure(&self) -> Failure {
        self.said.clone()
    }
}

/// The use cases of one PC.
pub struct Desk {
    pub(crate) profile: PathBuf,
    pub(crate) source: Arc<dyn Source>,
    pub(crate) seat: Mutex<Option<Seat>>,
    /// Shown until it is on paper.
    pub(crate) recovery: Mutex<Option<String>>,
    pub(crate) options: OpenOptions,
    pub(crate) purpose: Purpose,
    cost: Cost,
    room: Option<u64>,
    pub(crate) keeps_up: bool,
    opened: RwLock<Option<Arc<Opened>>>,
    directory: RwLock<Option<(u64, Arc<Directory>)>>,
    pub(crate) known_agencies: Mutex<Option<KnownAgencies>>,
    hears: Arc<Mutex<Vec<Hears>>>,
    background: Mutex<Option<Background>>,
    /// This PC was shut out, and its keys are destroyed.
    pub(crate) wiped: Arc<AtomicBool>,
}

/// What the first right PIN opens; it stays open until the program ends.
pub(crate) struct Opened {
    /// The register.
    pub store: Store,
    /// The files.
    pub blobs: Blobs,
    /// Whose register it is.
    pub agency: AgencyId,
    /// Bytes that files may take, where it is not what those who read here need.
    pub room: Option<u64>,
}

/// The folder of this user's register.
///
/// # Errors
/// When the system does not say where this user keeps such things.
pub fn profile_of_this_user() -> Result<PathBuf, std::env::VarError> {
    if cfg!(windows) {
        return std::env::var("LOCALAPPDATA").map(|folder| PathBuf::from(folder).join("VanThu"));
    }
    match std::env::var("XDG_DATA_HOME") {
        Ok(folder) if !folder.is_empty() => Ok(PathBuf::from(folder).join("vanthu")),
        Ok(_) | Err(_) => {
            std::env::var("HOME").map(|home| PathBuf::from(home).join(".local/share/vanthu"))
        }
    }
}

impl Desk {
    /// Opens the desk of a profile: locked, or at the first run.
    ///
    /// # Errors
    /// When the folder cannot be made or is not one a register may live in.
    pub fn open(start: Start) -> Result<Desk, Fault> {
        let mut desk = Desk::with(&start.profile, Arc::new(ThisPc), OpenOptions::default())?;
        desk.keeps_up = start.keeps_up;
        #[cfg(feature = "demo")]
        if let Some(seat) = start.seat {
            desk.sit_as(&seat).map_err(|said| Fault {
                profile: start.profile.clone(),
                said,
                source: None,
            })?;
        }
        Ok(desk)
    }

    /// Opens a desk with another clock or another way to the disk: for tests and measurements.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn with(
        profile: &Path,
        source: Arc<dyn Source>,
        options: OpenOptions,
    ) -> Result<Desk, Fault> {
        if let Err(said) = crate::folder::may_hold_a_register(profile) {
            return Err(Fault { profile: profile.to_owned(), said, source: None });
        }
        std::fs::create_dir_all(profile).map_err(|error| Fault {
            profile: profile.to_owned(),
            said: fault(
                "profile",
                "Không tạo được thư mục của chương trình.",
                "Chưa có gì được ghi.",
                "Kiểm tra đĩa và quyền ghi, rồi mở lại.",
            ),
            source: Some(error),
        })?;
        if let Err(said) = crate::aside::finish(profile) {
            return Err(Fault { profile: profile.to_owned(), said, source: None });
        }
        Ok(Desk {
            profile: profile.to_owned(),
            source,
            seat: Mutex::new(None),
            recovery: Mutex::new(None),
            options,
            purpose: Purpose::Office,
            cost: Cost::Office,
            room: None,
            keeps_up: true,
            opened: RwLock::new(None),
            directory: RwLock::new(None),
            known_agencies: Mutex::default(),
            hears: Arc::new(Mutex::new(Vec::new())),
            background: Mutex::new(None),
            wiped: Arc::default(),
        })
    }

    /// A desk whose keys are cheap to open, for tests.
    #[cfg(test)]
    pub(crate) fn for_test(profile: &Path) -> Desk {
        let source = Arc::new(ThisPc);
        let mut desk = Desk::with(profile, source, OpenOptions::default()).expect("opens");
        desk.cost = Cost::Cheap;
        desk
    }

    /// The same desk for a profile that is shown to visitors.
    #[must_use]
    pub fn for_show(mut self) -> Desk {
        self.purpose = Purpose::Demo;
        self.cost = Cost::Cheap;
        self
    }

    /// The same desk with room for so many bytes of files, for tests.
    #[must_use]
    pub fn with_room(mut self, bytes: u64) -> Desk {
        self.room = Some(bytes);
        self
    }

    /// The clock and ids of this desk.
    pub fn source(&self) -> Arc<dyn Source> {
        Arc::clone(&self.source)
    }

    /// Registers somebody who hears which topics were touched in the background.
    pub fn on_tell(&self, hears: Hears) {
        if let Ok(mut all) = self.hears.lock() {
            all.push(hears);
        }
    }

    pub(crate) fn listeners(&self) -> Arc<Mutex<Vec<Hears>>> {
        Arc::clone(&self.hears)
    }

    pub(crate) fn tell(&self, topics: &[Topic]) {
        tell(&self.hears, topics);
    }

    /// Bytes `from..to` of a stored file, its length and kind; the session must be open and the
    /// file must hang on something this officer may see.
    ///
    /// # Errors
    /// Locked, unknown, or a fault of the disk.
    pub fn blob_range(
        &self,
        sha256: &str,
        from: u64,
        to: u64,
    ) -> Result<(Vec<u8>, u64, String), Failure> {
        let at = self.at_desk()?;
        let unknown = || crate::words::failure("unknown", "Không thấy tệp này.", "Mở lại văn bản.");
        let blob = BlobId::parse(sha256).map_err(|_| unknown())?;
        self.must_see(&at, blob)?;
        if at.directory.linked && !at.opened.blobs.holds(blob) {
            // Somebody looks at it: it comes before the others.
            at.opened.store.want_file(blob).map_err(|error| of_store(&error))?;
            self.wake_line();
            return Err(crate::words::failure(
                "on_its_way",
                "Tệp này đang trên đường về máy.",
                "Xem phần chữ trước; tệp hiện ra khi về tới.",
            ));
        }
        if from == 0 {
            at.opened.blobs.is_opened(blob);
        }
        let wanted = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
        let (bytes, total) = at.opened.blobs.range(blob, from, wanted).map_err(|error| {
            log("reading a file", &error);
            unknown()
        })?;
        let head = at.opened.blobs.range(blob, 0, 64).map(|(head, _)| head).unwrap_or_default();
        Ok((bytes, total, crate::files::mime_of(&head).to_owned()))
    }

    /// Closes a register whose keys were destroyed, and takes away what nobody can read any more.
    pub(crate) fn close_if_wiped(&self) {
        if !self.wiped.swap(false, Ordering::SeqCst) {
            return;
        }
        self.close_register();
        crate::folder::take_down_failed_founding(&self.profile);
        self.tell(&[Topic::Session]);
    }

    /// Closes the register: nobody sits here, and nothing goes on behind the screens.
    pub(crate) fn close_register(&self) {
        if let Ok(mut seat) = self.seat.lock() {
            *seat = None;
        }
        // The threads end what they are writing before the files go.
        let background = self.background.lock().ok().and_then(|mut here| here.take());
        drop(background);
        if let Ok(mut here) = self.opened.write() {
            *here = None;
        }
        self.forget_directory();
    }

    pub(crate) fn opened(&self) -> Option<Arc<Opened>> {
        self.opened.read().ok()?.clone()
    }

    /// The id of this PC in the log.
    pub fn device(&self) -> Option<DeviceId> {
        self.opened().map(|opened| opened.store.device())
    }

    /// Opens the register with the keys of a PIN; once a program run.
    pub(crate) fn open_register(&self, unlocked: &Unlocked) -> Result<(), Failure> {
        if self.opened().is_some() {
            return Ok(());
        }
        let path = self.profile.join(REGISTER_FILE);
        let key = store::FileKey(*unlocked.file_key.bytes());
        let programs = Programs::of(&self.profile);
        programs.opens();
        let store = Store::open(&path, &key, &self.options).map_err(|error| of_store(&error))?;
        programs.opened();
        let agency = store
            .read(|view: &View<'_>| {
                let agency = view.agency()?.map(|agency| agency.id);
                Ok::<_, StoreError>(agency.or(view.line()?.map(|line| line.agency)))
            })
            .map_err(|error| of_store(&error))?;
        let agency = agency.ok_or_else(|| of_store(&StoreError::Missing { path }))?;
        crate::heights::refuse_older_copy(&self.profile, &store)?;
        self.install(store, agency, unlocked)
    }

    fn install(&self, store: Store, agency: AgencyId, unlocked: &Unlocked) -> Result<(), Failure> {
        let opened = self.with_files(store, agency, unlocked)?;
        self.put_to_use(&opened, unlocked);
        Ok(())
    }

    /// The register with its files, not yet in use.
    pub(crate) fn with_files(
        &self,
        store: Store,
        agency: AgencyId,
        unlocked: &Unlocked,
    ) -> Result<Arc<Opened>, Failure> {
        let folder = self.profile.join(BLOBS_FOLDER);
        let blobs = Blobs::open(&folder, &unlocked.blob_key).map_err(|error| {
            log("opening the files", &error);
            fault(
                "files",
                "Không mở được thư mục tệp của sổ.",
                "Sổ không bị thay đổi.",
                "Kiểm tra đĩa và quyền ghi, rồi mở lại.",
            )
        })?;
        if let Err(error) = blobs.sweep_temporary() {
            log("sweeping half-written files", &error);
        }
        Ok(Arc::new(Opened { store, blobs, agency, room: self.room }))
    }

    /// From now on this is the register of the desk; what goes on behind the screens starts.
    pub(crate) fn put_to_use(&self, opened: &Arc<Opened>, unlocked: &Unlocked) {
        if let Ok(mut here) = self.opened.write() {
            *here = Some(Arc::clone(opened));
        }
        let background =
            Background::start(self, opened, unlocked.file_key.clone(), Arc::clone(&self.hears));
        if let Ok(mut here) = self.background.lock() {
            *here = Some(background);
        }
    }

    /// How expensive a PIN is made on this desk.
    pub(crate) fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether this profile is shown to visitors.
    pub(crate) fn is_for_show(&self) -> bool {
        let purpose = self.keyring().map(|keyring| keyring.purpose());
        matches!(purpose, Some(Ok(Purpose::Demo)))
    }

    /// What is known of agency, people and books is read anew at the next question.
    pub(crate) fn forget_directory(&self) {
        if let Ok(mut known) = self.directory.write() {
            *known = None;
        }
    }

    /// The line to a server that this PC has just come to.
    pub(crate) fn start_line(&self, caller: crate::line::Caller) -> Result<(), Failure> {
        let opened = self.opened().ok_or_else(locked)?;
        self.with_background(|background| {
            background.start_line(&opened, &self.source, caller);
        })?;
        self.line_signs();
        Ok(())
    }

    /// Tells the line who may open a session now.
    pub(crate) fn line_signs(&self) {
        let Ok(seat) = self.seat.lock() else { return };
        let signs = seat.as_ref().map(|seat| crate::line::Signs {
            officer: seat.officer,
            key: Arc::clone(&seat.signing),
        });
        drop(seat);
        if let Ok(background) = self.background.lock()
            && let Some(background) = background.as_ref()
        {
            background.line_signs(signs);
        }
    }

    /// There is something for the server.
    pub(crate) fn wake_line(&self) {
        if let Ok(background) = self.background.lock()
            && let Some(background) = background.as_ref()
        {
            background.wake_line();
        }
    }

    /// Makes keyring, register and files, and founds the agency with its first command.
    pub(crate) fn found_register(
        &self,
        founder: &Officer,
        pin: &str,
        founded: AgencyFounded,
    ) -> Result<(), Failure> {
        let founder_shown = person(founder);
        let made = Keyring::found(&self.profile, self.purpose, self.cost, &founder_shown, pin)
            .map_err(|error| self.keyring_failure(&error))?;
        let unlocked = made.unlocked;
        let path = self.profile.join(REGISTER_FILE);
        let key = store::FileKey(*unlocked.file_key.bytes());
        let device = DeviceId(self.source.id());
        let founding = || -> Result<(), Failure> {
            let store = Store::create(&path, &key, device, &self.options)
                .map_err(|error| of_store(&error))?;
            let agency = founded.agency.id;
            self.first_command(&store, founder, &unlocked, founded)?;
            self.install(store, agency, &unlocked)
        };
        if let Err(said) = founding() {
            // Nothing was registered yet: the next try starts from an empty profile again.
            crate::folder::take_down_failed_founding(&self.profile);
            return Err(said);
        }
        self.sit_down(unlocked)?;
        match self.purpose {
            Purpose::Office => self.owe_recovery(&made.recovery),
            Purpose::Demo => Ok(()),
        }
    }

    fn first_command(
        &self,
        store: &Store,
        founder: &Officer,
        unlocked: &Unlocked,
        founded: AgencyFounded,
    ) -> Result<(), Failure> {
        let now = self.source.now();
        let id = register::CommandId(self.source.id());
        let performed = store.perform(&unlocked.signing, |_view, turn| {
            Ok::<Command, Trouble>(Command {
                v: 1,
                id,
                org: founded.agency.id,
                dev: turn.dev,
                n: turn.n,
                actor: founder.id,
                at: Moment(now.0.max(turn.last_at.0.saturating_add(1))),
                off: 0,
                seen: turn.seen,
                kv: 1,
                need: Vec::new(),
                lease: None,
                blobs: Vec::new(),
                act: register::Act::Found(founded),
            })
        });
        performed.map(|_| ()).map_err(of_perform)
    }

    /// Agency, people and books; read anew when another program has written.
    pub(crate) fn directory(&self, opened: &Opened) -> Result<Arc<Directory>, Failure> {
        let kept = opened
            .store
            .read(|view: &View<'_>| view.revision())
            .map_err(|error| of_store(&error))?;
        if let Ok(known) = self.directory.read()
            && let Some((at, directory)) = known.as_ref()
            && *at == kept
        {
            return Ok(Arc::clone(directory));
        }
        let directory = opened.store.read(read_directory).map_err(|error| of_store(&error))?;
        let directory = Arc::new(directory);
        if let Ok(mut known) = self.directory.write() {
            *known = Some((kept, Arc::clone(&directory)));
        }
        Ok(directory)
    }

    /// Keeps the directory in step with our own acts, so that it is not read anew for each.
    pub(crate) fn learn_change(&self, change: &Change, revision: u64) {
        let Ok(mut known) = self.directory.write() else { return };
        let Some((at, directory)) = known.as_mut() else { return };
        if *at + 1 != revision {
            *known = None;
            return;
        }
        *at = revision;
        let rare = change.states.iter().any(|state| {
            matches!(
                state,
                State::Agency(_)
                    | State::Unit(_)
                    | State::Officer(_)
                    | State::Device(_)
                    | State::Year(_)
            )
        });
        if rare {
            *known = None;
            return;
        }
        for state in &change.states {
            if let State::Book(book) = state {
                Arc::make_mut(directory).books.insert(book.id, (**book).clone());
            }
        }
    }

    pub(crate) fn wake_copies(&self) {
        if let Ok(background) = self.background.lock()
            && let Some(background) = background.as_ref()
        {
            background.wake();
        }
    }

    pub(crate) fn with_background<T>(
        &self,
        ask: impl FnOnce(&Background) -> T,
    ) -> Result<T, Failure> {
        let background = self.background.lock().map_err(|_| locked())?;
        background.as_ref().map(ask).ok_or_else(locked)
    }

    /// Reads in one snapshot.
    pub(crate) fn look<T>(
        &self,
        opened: &Opened,
        read: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        opened.store.read(read).map_err(|error| of_store(&error))
    }

    fn must_see(&self, at: &crate::session::AtDesk, blob: BlobId) -> Result<(), Failure> {
        let seen = self.look(&at.opened, |view| {
            let users = view.uses_of(blob, USERS_MAX)?;
            let mut seen = users.is_empty();
            for user in users {
                seen = seen || view.state(user)?.is_some_and(|state| at.lens.sees(&state));
            }
            Ok(seen)
        })?;
        if seen {
            return Ok(());
        }
        Err(crate::words::failure("unknown", "Không thấy tệp này.", "Mở lại văn bản."))
    }
}

/// Tells everybody who listens.
pub(crate) fn tell(hears: &Mutex<Vec<Hears>>, topics: &[Topic]) {
    if let Ok(all) = hears.lock() {
        for hear in all.iter() {
            hear(topics);
        }
    }
}

fn read_directory(view: &View<'_>) -> Result<Directory, StoreError> {
    let years = view.decided_years()?;
    Ok(Directory {
        agency: view.agency()?,
        units: view.units()?.into_iter().map(|unit| (unit.id, unit)).collect(),
        officers: view.officers()?.into_iter().map(|officer| (officer.id, officer)).collect(),
        books: view.books()?.into_iter().map(|book| (book.id, book)).collect(),
        calendar: register::Calendar::new(&years),
        years,
        devices: view.devices()?.into_iter().map(|device| (device.id, device)).collect(),
        linked: view.line()?.is_some(),
    })
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The background stops first: it ends what it is writing.
        if let Ok(mut background) = self.background.lock() {
            drop(background.take());
        }
    }
}
