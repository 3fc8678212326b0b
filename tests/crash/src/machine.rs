//! A PC whose power can be cut: a VFS of SQLite over the disk in memory.
#![allow(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    reason = "SQLite calls a VFS through C pointers; every pointer here is one SQLite or we made"
)]
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use crate::disk::{Disk, FileId};

/// Longest name of a file.
const PATH_BYTES_MAX: c_int = 512;
/// What unix says of an ordinary disk.
const SECTOR_BYTES: c_int = 4096;
const SLOTS: usize = ffi::SQLITE_SHM_NLOCK as usize;

/// The locks that connections hold on a database.
#[derive(Default)]
struct Locks {
    shared: BTreeSet<u64>,
    reserved: Option<u64>,
    pending: Option<u64>,
    exclusive: Option<u64>,
}

/// The memory that connections share beside a write-ahead log.
#[derive(Default)]
struct Shared {
    // Words, so that SQLite finds them aligned; boxed, so that they stay where they are.
    regions: Vec<Box<[u64]>>,
    readers: [BTreeSet<u64>; SLOTS],
    writer: [Option<u64>; SLOTS],
    users: BTreeSet<u64>,
}

#[derive(Default)]
struct State {
    disk: Disk,
    steps: u64,
    cut_at: Option<u64>,
    is_off: bool,
    handles: u64,
    locks: BTreeMap<FileId, Locks>,
    shared: BTreeMap<FileId, Shared>,
}

/// What the power lets happen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Whole,
    /// The power goes while it is under way.
    UnderWay,
    Off,
}

impl State {
    fn step(&mut self) -> Step {
        if self.is_off {
            return Step::Off;
        }
        self.steps += 1;
        if self.cut_at == Some(self.steps) {
            self.is_off = true;
            return Step::UnderWay;
        }
        Step::Whole
    }
}

/// A PC with a disk. Dropped after every connection to it.
pub struct Machine {
    state: Box<Mutex<State>>,
    name: CString,
    vfs: Box<ffi::sqlite3_vfs>,
}

impl Machine {
    /// Plugs a PC in; its power goes at this step, counted in writes, syncs, new and lost names.
    pub fn plug_in(name: &str, disk: Disk, cut_at: Option<u64>) -> anyhow::Result<Machine> {
        let state = Box::new(Mutex::new(State { disk, cut_at, ..State::default() }));
        let name = CString::new(name)?;
        let app = (&raw const *state).cast_mut().cast::<c_void>();
        let mut vfs = Box::new(methods_of_the_pc(&name, app));
        // SAFETY: the box stays where it is until `drop` takes the VFS out again.
        let said = unsafe { ffi::sqlite3_vfs_register(&raw mut *vfs, 0) };
        anyhow::ensure!(said == ffi::SQLITE_OK, "SQLite did not take the VFS: {said}");
        Ok(Machine { state, name, vfs })
    }

    /// Under which name SQLite finds it.
    pub fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        lock(&self.state).steps
    }

    /// Whether the power is gone.
    pub fn is_off(&self) -> bool {
        lock(&self.state).is_off
    }

    /// Pulls the plug now.
    pub fn pull_the_plug(&self) {
        lock(&self.state).is_off = true;
    }

    /// The disk, taken out.
    pub fn take_disk(&self) -> Disk {
        std::mem::take(&mut lock(&self.state).disk)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: it was registered in `plug_in` and its connections are closed by now.
        unsafe { ffi::sqlite3_vfs_unregister(&raw mut *self.vfs) };
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn methods_of_the_pc(name: &CStr, app: *mut c_void) -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<Handle>() as c_int,
        mxPathname: PATH_BYTES_MAX,
        pNext: std::ptr::null_mut(),
        zName: name.as_ptr(),
        pAppData: app,
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(wait),
        xCurrentTime: Some(current_time),
        xGetLastError: None,
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// SQLite's own struct first, then what we know of an open file.
#[repr(C)]
struct Handle {
    base: ffi::sqlite3_file,
    open: *mut Open,
}

struct Open {
    state: *const Mutex<State>,
    number: u64,
    file: FileId,
    path: Option<PathBuf>,
    /// Like the system's VFS: the first sync of a new journal makes its name durable too.
    names_wait: bool,
    delete_on_close: bool,
}

// SAFETY for all below: SQLite hands in the pointers that `open` and `plug_in` gave it.

unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> (&'a mut Open, MutexGuard<'a, State>) {
    let open = &mut *(*file.cast::<Handle>()).open;
    let state = lock(&*open.state);
    (open, state)
}

unsafe fn state_of<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Mutex<State> {
    &*(*vfs).pAppData.cast::<Mutex<State>>().cast_const()
}

unsafe fn path_of(name: *const c_char) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(CStr::from_ptr(name).to_bytes()))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    (*file).pMethods = std::ptr::null();
    let shared = state_of(vfs);
    let mut state = lock(shared);
    if state.is_off {
        return ffi::SQLITE_CANTOPEN;
    }
    let name = name.cast::<c_char>();
    let path = (!name.is_null()).then(|| path_of(name));
    let found = path.as_ref().and_then(|path| state.disk.find(path));
    let creates = flags & ffi::SQLITE_OPEN_CREATE != 0;
    let journal = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL;
    let id = match (found, &path) {
        (Some(id), _) => id,
        (None, None) => state.disk.create_nameless(),
        (None, Some(_)) if !creates => return ffi::SQLITE_CANTOPEN,
        (None, Some(path)) => {
            if state.step() != Step::Whole {
                return ffi::SQLITE_CANTOPEN;
            }
            state.disk.create(path)
        }
    };
    state.handles += 1;
    let open = Open {
        state: &raw const *shared,
        number: state.handles,
        file: id,
        path,
        names_wait: found.is_none() && flags & journal != 0,
        delete_on_close: flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0,
    };
    let handle = file.cast::<Handle>();
    (*handle).open = Box::into_raw(Box::new(open));
    (*handle).base.pMethods = &raw const METHODS;
    if !out_flags.is_null() {
        *out_flags = flags;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let (open, mut state) = opened(file);
    release(&mut state, open.file, open.number);
    if open.delete_on_close
        && let Some(path) = &open.path
        && state.step() == Step::Whole
    {
        state.disk.remove(path);
    }
    drop(state);
    drop(Box::from_raw((*file.cast::<Handle>()).open));
    (*file).pMethods = std::ptr::null();
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    amount: c_int,
    at: i64,
) -> c_int {
    let (open, state) = opened(file);
    if state.is_off {
        return ffi::SQLITE_IOERR_READ;
    }
    let to = std::slice::from_raw_parts_mut(to.cast::<u8>(), amount as usize);
    let from = state.disk.bytes(open.file).get(at as usize..).unwrap_or_default();
    let count = from.len().min(to.len());
    let (filled, rest) = to.split_at_mut(count);
    filled.copy_from_slice(from.get(..count).unwrap_or_default());
    rest.fill(0);
    if rest.is_empty() { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_SHORT_READ }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    at: i64,
) -> c_int {
    let (open, mut state) = opened(file);
    let step = state.step();
    if step != Step::Off {
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), amount as usize);
        state.disk.write(open.file, at as usize, bytes);
    }
    if step == Step::Whole { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_WRITE }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let (open, mut state) = opened(file);
    let step = state.step();
    if step != Step::Off {
        state.disk.set_length(open.file, size as usize);
    }
    if step == Step::Whole { ffi::SQLITE_OK } else { ffi::SQLITE_IOERR_TRUNCATE }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    let (open, mut state) = opened(file);
    if state.step() != Step::Whole {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    state.disk.sync(open.file);
    if open.names_wait
        && let Some(path) = &open.path
    {
        state.disk.sync_folder(folder_of(path));
        open.names_wait = false;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    let (open, state) = opened(file);
    *size = state.disk.bytes(open.file).len() as i64;
    if state.is_off { ffi::SQLITE_IOERR_FSTAT } else { ffi::SQLITE_OK }
}

unsafe extern "C" fn lock_file(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let (open, mut state) = opened(file);
    let me = open.number;
    let locks = state.locks.entry(open.file).or_default();
    let others = |held: Option<u64>| held.is_some_and(|holder| holder != me);
    let busy = match level {
        ffi::SQLITE_LOCK_SHARED => others(locks.pending) || others(locks.exclusive),
        _ => others(locks.reserved) || others(locks.pending),
    };
    if busy {
        return ffi::SQLITE_BUSY;
    }
    match level {
        ffi::SQLITE_LOCK_SHARED => {
            locks.shared.insert(me);
        }
        ffi::SQLITE_LOCK_RESERVED => locks.reserved = Some(me),
        _ => {
            locks.pending = Some(me);
            if locks.shared.iter().any(|holder| *holder != me) {
                return ffi::SQLITE_BUSY;
            }
            locks.exclusive = Some(me);
        }
    }
    ffi::SQLITE_OK
}

fn release(state: &mut State, file: FileId, me: u64) {
    let locks = state.locks.entry(file).or_default();
    for held in [&mut locks.reserved, &mut locks.pending, &mut locks.exclusive] {
        if *held == Some(me) {
            *held = None;
        }
    }
    locks.shared.remove(&me);
}

unsafe extern "C" fn unlock_file(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let (open, mut state) = opened(file);
    release(&mut state, open.file, open.number);
    if level == ffi::SQLITE_LOCK_SHARED {
        state.locks.entry(open.file).or_default().shared.insert(open.number);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved(file: *mut ffi::sqlite3_file, held: *mut c_int) -> c_int {
    let (open, state) = opened(file);
    let reserved = state.locks.get(&open.file).is_some_and(|locks| locks.reserved.is_some());
    *held = c_int::from(reserved);
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _what: c_int,
    _with: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    // As the system's VFS: what is beside a write is not harmed by it.
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    let (open, mut state) = opened(file);
    let shared = state.shared.entry(open.file).or_default();
    shared.users.insert(open.number);
    let (region, words) = (region as usize, size as usize / size_of::<u64>());
    while extend != 0 && shared.regions.len() <= region {
        shared.regions.push(vec![0; words].into_boxed_slice());
    }
    let place = shared.regions.get_mut(region);
    *to = place.map_or(std::ptr::null_mut(), |region| region.as_mut_ptr().cast());
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let (open, mut state) = opened(file);
    let me = open.number;
    let shared = state.shared.entry(open.file).or_default();
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    let slots = || offset as usize..(offset + count) as usize;
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        for slot in slots() {
            let_go(shared, slot, me);
        }
        return ffi::SQLITE_OK;
    }
    for slot in slots() {
        let written = shared.writer.get(slot).copied().flatten();
        let written = written.is_some_and(|holder| holder != me);
        let mut readers = shared.readers.get(slot).into_iter().flatten();
        if written || (exclusive && readers.any(|holder| *holder != me)) {
            return ffi::SQLITE_BUSY;
        }
    }
    for slot in slots() {
        if exclusive && let Some(writer) = shared.writer.get_mut(slot) {
            *writer = Some(me);
        } else if let Some(readers) = shared.readers.get_mut(slot) {
            readers.insert(me);
        }
    }
    ffi::SQLITE_OK
}

fn let_go(shared: &mut Shared, slot: usize, me: u64) {
    if let Some(writer) = shared.writer.get_mut(slot)
        && *writer == Some(me)
    {
        *writer = None;
    }
    if let Some(readers) = shared.readers.get_mut(slot) {
        readers.remove(&me);
    }
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    let (open, mut state) = opened(file);
    let Some(shared) = state.shared.get_mut(&open.file) else { return ffi::SQLITE_OK };
    for slot in 0..SLOTS {
        let_go(shared, slot, open.number);
    }
    shared.users.remove(&open.number);
    if shared.users.is_empty() {
        state.shared.remove(&open.file);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_names: c_int,
) -> c_int {
    let mut state = lock(state_of(vfs));
    let path = path_of(name);
    if state.disk.find(&path).is_none() {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    let step = state.step();
    if step != Step::Off {
        state.disk.remove(&path);
    }
    if step != Step::Whole {
        return ffi::SQLITE_IOERR_DELETE;
    }
    if sync_names != 0 {
        state.disk.sync_folder(folder_of(&path));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    there: *mut c_int,
) -> c_int {
    let state = lock(state_of(vfs));
    let found = state.disk.find(&path_of(name));
    // As the system's VFS: an empty journal is as good as none.
    *there = c_int::from(found.is_some_and(|file| !state.disk.bytes(file).is_empty()));
    if state.is_off { ffi::SQLITE_IOERR_ACCESS } else { ffi::SQLITE_OK }
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    to: *mut c_char,
) -> c_int {
    let name = CStr::from_ptr(name).to_bytes_with_nul();
    if name.len() > room as usize {
        return ffi::SQLITE_CANTOPEN;
    }
    std::ptr::copy_nonoverlapping(name.as_ptr().cast(), to, name.len());
    ffi::SQLITE_OK
}

/// The system's own VFS, for what a power cut does not touch.
unsafe fn system<'a>() -> Option<(&'a ffi::sqlite3_vfs, *mut ffi::sqlite3_vfs)> {
    let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
    vfs.as_ref().map(|known| (known, vfs))
}

unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    amount: c_int,
    to: *mut c_char,
) -> c_int {
    let own = system().and_then(|(known, vfs)| Some((known.xRandomness?, vfs)));
    own.map_or(0, |(call, vfs)| call(vfs, amount, to))
}

unsafe extern "C" fn wait(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    let own = system().and_then(|(known, vfs)| Some((known.xSleep?, vfs)));
    own.map_or(0, |(call, vfs)| call(vfs, microseconds))
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, to: *mut f64) -> c_int {
    let own = system().and_then(|(known, vfs)| Some((known.xCurrentTime?, vfs)));
    own.map_or(ffi::SQLITE_ERROR, |(call, vfs)| call(vfs, to))
}

unsafe extern "C" fn current_time_ms(_vfs: *mut ffi::sqlite3_vfs, to: *mut i64) -> c_int {
    let own = system().and_then(|(known, vfs)| Some((known.xCurrentTimeInt64?, vfs)));
    own.map_or(ffi::SQLITE_ERROR, |(call, vfs)| call(vfs, to))
}
