//! Stands between the desk and the system: every change of a file under one folder is written down.
#![allow(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    reason = "these are the C functions by which the program speaks to the system; each passes its \
              arguments on as they came and only looks at them"
)]
use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_uint, c_void};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crash::trace::Event;

static RECORDS: AtomicBool = AtomicBool::new(false);
static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);
/// Longest path that is looked up.
const PATH_BYTES_MAX: usize = 4096;

struct Recorder {
    root: PathBuf,
    out: BufWriter<RawFile>,
}

/// Writes past the functions below.
struct RawFile(File);

impl std::io::Write for RawFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        use std::os::fd::AsRawFd as _;
        let (from, count) = (bytes.as_ptr(), bytes.len());
        // SAFETY: the slice is alive for the call.
        let said = unsafe { libc::syscall(libc::SYS_write, self.0.as_raw_fd(), from, count) };
        usize::try_from(said).map_err(|_| std::io::Error::last_os_error())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes down from now on what happens under a folder, until [`end`].
pub fn begin(trace: &Path, root: &Path) -> std::io::Result<()> {
    let out = BufWriter::new(RawFile(File::create(trace)?));
    let recorder = Recorder { root: root.to_path_buf(), out };
    *RECORDER.lock().unwrap_or_else(PoisonError::into_inner) = Some(recorder);
    RECORDS.store(true, Ordering::SeqCst);
    Ok(())
}

/// Ends the record.
pub fn end() -> std::io::Result<()> {
    RECORDS.store(false, Ordering::SeqCst);
    let recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner).take();
    recorder.map_or(Ok(()), |mut recorder| recorder.out.flush())
}

impl Recorder {
    fn note(&mut self, event: Event) {
        // A record that is not whole is found when it is read.
        let _ = event.write_to(&mut self.out);
    }

    fn within(&self, path: PathBuf) -> Option<PathBuf> {
        path.starts_with(&self.root).then_some(path)
    }

    unsafe fn named(&self, path: *const c_char) -> Option<PathBuf> {
        self.within(PathBuf::from(OsStr::from_bytes(CStr::from_ptr(path).to_bytes())))
    }

    fn opened(&self, file: c_int) -> Option<PathBuf> {
        let link = CString::new(format!("/proc/self/fd/{file}")).ok()?;
        let mut bytes = vec![0u8; PATH_BYTES_MAX];
        let (to, room) = (bytes.as_mut_ptr(), bytes.len());
        // SAFETY: the buffer has that room.
        let count =
            unsafe { libc::syscall(libc::SYS_readlinkat, libc::AT_FDCWD, link.as_ptr(), to, room) };
        let path = bytes.get(..usize::try_from(count).ok()?)?;
        self.within(PathBuf::from(OsStr::from_bytes(path)))
    }
}

/// Does a call, and what it changed is written down before anything else can happen.
fn recorded<T>(call: impl FnOnce() -> T, note: impl FnOnce(&T, &mut Recorder)) -> T {
    if !RECORDS.load(Ordering::SeqCst) {
        return call();
    }
    let mut recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
    let said = call();
    if let Some(recorder) = recorder.as_mut() {
        // SAFETY: the place of errno is always there.
        let errno = unsafe { *libc::__errno_location() };
        note(&said, recorder);
        // SAFETY: as above; what we did must not change what the caller reads.
        unsafe { *libc::__errno_location() = errno };
    }
    said
}

// SAFETY for all below: each is the system's function of the same name, with its arguments.

unsafe fn open_any(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let creates = flags & libc::O_CREAT != 0;
    let call = || {
        let here = libc::AT_FDCWD;
        let makes = creates && libc::syscall(libc::SYS_faccessat, here, path, 0) != 0;
        (libc::syscall(libc::SYS_openat, here, path, flags, mode) as c_int, makes)
    };
    let (file, _) = recorded(call, |(file, made), recorder| {
        let Some(path) = recorder.named(path).filter(|_| *file >= 0) else { return };
        if *made {
            recorder.note(Event::Made(path));
        } else if flags & libc::O_TRUNC != 0 {
            recorder.note(Event::Length { path, length: 0 });
        }
    });
    file
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    open_any(path, flags, mode)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    open_any(path, flags | libc::O_LARGEFILE, mode)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, from: *const c_void, count: usize) -> isize {
    let call = || libc::syscall(libc::SYS_write, file, from, count) as isize;
    recorded(call, |written, recorder| {
        let Ok(count) = usize::try_from(*written) else { return };
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), count).to_vec();
        if file == libc::STDOUT_FILENO {
            return recorder.note(Event::Said(bytes));
        }
        let Some(path) = recorder.opened(file) else { return };
        let end = libc::syscall(libc::SYS_lseek, file, 0, libc::SEEK_CUR) as u64;
        let at = end.saturating_sub(count as u64);
        recorder.note(Event::Wrote { path, at, bytes });
    })
}

unsafe fn write_at(file: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    let call = || libc::syscall(libc::SYS_pwrite64, file, from, count, at) as isize;
    recorded(call, |written, recorder| {
        let (Ok(count), Ok(at)) = (usize::try_from(*written), u64::try_from(at)) else { return };
        let Some(path) = recorder.opened(file) else { return };
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), count).to_vec();
        recorder.note(Event::Wrote { path, at, bytes });
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite(file: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    write_at(file, from, count, at)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(file: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    write_at(file, from, count, at)
}

unsafe fn set_length(file: c_int, length: i64) -> c_int {
    let call = || libc::syscall(libc::SYS_ftruncate, file, length) as c_int;
    recorded(call, |said, recorder| {
        let Some(path) = recorder.opened(file).filter(|_| *said == 0) else { return };
        recorder.note(Event::Length { path, length: length as u64 });
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate(file: c_int, length: i64) -> c_int {
    set_length(file, length)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(file: c_int, length: i64) -> c_int {
    set_length(file, length)
}

unsafe fn synced(file: c_int, how: libc::c_long) -> c_int {
    recorded(
        || libc::syscall(how, file) as c_int,
        |said, recorder| {
            let Some(path) = recorder.opened(file).filter(|_| *said == 0) else { return };
            recorder.note(Event::Synced(path));
        },
    )
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(file: c_int) -> c_int {
    synced(file, libc::SYS_fsync)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    synced(file, libc::SYS_fdatasync)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let here = libc::AT_FDCWD;
    let call = || libc::syscall(libc::SYS_renameat2, here, from, here, to, 0) as c_int;
    recorded(call, |said, recorder| {
        let names = recorder.named(from).zip(recorder.named(to)).filter(|_| *said == 0);
        let Some((from, to)) = names else { return };
        recorder.note(Event::Renamed { from, to });
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    let call = || libc::syscall(libc::SYS_unlinkat, libc::AT_FDCWD, path, 0) as c_int;
    recorded(call, |said, recorder| {
        let Some(path) = recorder.named(path).filter(|_| *said == 0) else { return };
        recorder.note(Event::Removed(path));
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(path: *const c_char, mode: c_uint) -> c_int {
    let call = || libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, path, mode) as c_int;
    recorded(call, |said, recorder| {
        let Some(path) = recorder.named(path).filter(|_| *said == 0) else { return };
        recorder.note(Event::FolderMade(path));
    })
}
