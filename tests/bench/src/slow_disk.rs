//! A disk whose syncs are counted and made as slow as those of an old one.
#![allow(unsafe_code, reason = "SQLite knows other disks only as tables of C functions")]
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::ffi;

/// The name under which SQLite knows it.
const NAME: &CStr = c"counted";

static DELAY_MS: AtomicU64 = AtomicU64::new(0);
static ALL_SYNCS: AtomicU64 = AtomicU64::new(0);
static REAL: OnceLock<Real> = OnceLock::new();
static WRAPPED: Mutex<BTreeMap<usize, usize>> = Mutex::new(BTreeMap::new());

thread_local! {
    static SYNCS: Cell<u64> = const { Cell::new(0) };
}

/// The system's own disk.
struct Real(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite's own table of functions; it lives as long as the program and is only read.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

/// The functions of a file, and behind them those of the system.
#[repr(C)]
struct Wrapped {
    ours: ffi::sqlite3_io_methods,
    system: *const ffi::sqlite3_io_methods,
}

/// Makes the disk known to SQLite and returns its name.
pub(crate) fn registered() -> anyhow::Result<String> {
    if REAL.get().is_none() {
        // SAFETY: asks for the default table of functions; it is copied, and the copy is leaked,
        // because SQLite keeps the pointer as long as the program runs.
        unsafe {
            let real = ffi::sqlite3_vfs_find(ptr::null());
            anyhow::ensure!(!real.is_null(), "SQLite has no disk");
            let mut counted: ffi::sqlite3_vfs = *real;
            counted.zName = NAME.as_ptr();
            counted.pNext = ptr::null_mut();
            counted.xOpen = Some(open);
            let _ = REAL.set(Real(real));
            let code = ffi::sqlite3_vfs_register(Box::leak(Box::new(counted)), 0);
            anyhow::ensure!(code == ffi::SQLITE_OK, "SQLite did not take the disk: {code}");
        }
    }
    Ok(NAME.to_string_lossy().into_owned())
}

/// Makes every sync take so much longer.
pub(crate) fn delay(time: Duration) {
    DELAY_MS.store(u64::try_from(time.as_millis()).unwrap_or(0), Ordering::Relaxed);
}

/// Syncs this thread has waited for so far.
pub(crate) fn syncs_here() -> u64 {
    SYNCS.get()
}

/// Syncs of all threads so far.
pub(crate) fn syncs() -> u64 {
    ALL_SYNCS.load(Ordering::Relaxed)
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let Some(real) = REAL.get() else { return ffi::SQLITE_CANTOPEN };
    // SAFETY: the arguments are SQLite's own and go to the function they were meant for; the file
    // was opened by it, so its functions are a whole table.
    unsafe {
        let Some(system_open) = (*real.0).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = system_open(real.0, name.cast(), file, flags, out);
        if code == ffi::SQLITE_OK && !(*file).pMethods.is_null() {
            (*file).pMethods = wrapped((*file).pMethods);
        }
        code
    }
}

/// The table of functions that stands for a table of the system; made once for each.
///
/// # Safety
/// `system` is a table that lives as long as the program.
unsafe fn wrapped(system: *const ffi::sqlite3_io_methods) -> *const ffi::sqlite3_io_methods {
    let mut known = WRAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    let ours = known.entry(system as usize).or_insert_with(|| {
        // SAFETY: the caller promises a whole table; it is copied.
        let mut ours = unsafe { *system };
        ours.xSync = Some(sync);
        let wrapped: &'static Wrapped = Box::leak(Box::new(Wrapped { ours, system }));
        ptr::from_ref(wrapped) as usize
    });
    *ours as *const ffi::sqlite3_io_methods
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    SYNCS.set(SYNCS.get() + 1);
    ALL_SYNCS.fetch_add(1, Ordering::Relaxed);
    let wait = DELAY_MS.load(Ordering::Relaxed);
    let until = Instant::now() + Duration::from_millis(wait);
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|t| !t.is_zero()) {
        thread::park_timeout(left);
    }
    // SAFETY: only files whose table was made by `wrapped` come here, and that table is the first
    // part of a `Wrapped`.
    unsafe {
        let wrapped = (*file).pMethods.cast::<Wrapped>();
        match (*(*wrapped).system).xSync {
            Some(system_sync) => system_sync(file, flags),
            None => ffi::SQLITE_OK,
        }
    }
}
