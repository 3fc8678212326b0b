//! The start: the installed program hands over to a newer one, and takes over again when that one
//! does not come up.
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

use sync::release::{Program, Version};

use super::{Programs, StartedBy, Whole};
use crate::clock::{Source as _, ThisPc};
use crate::faults::log;

/// Who handed over: its version, and the form of a register it reads.
const STARTED_BY: &str = "VANTHU_STARTED_BY";
/// Where that one lies.
const INSTALLED: &str = "VANTHU_INSTALLED";
/// Between two looks whether a version has come up.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Who handed over to this program, if anybody did. What the installed program finds there comes
/// from a newer one that has started something else.
pub(super) fn started_by() -> Option<StartedBy> {
    super::folder_of_this()?;
    let said = std::env::var(STARTED_BY).ok()?;
    let (version, form) = said.split_once('/')?;
    Some(StartedBy { version: Version::parse(version)?, form: form.parse().ok()? })
}

/// The program that was installed: the one that chooses a version when it is started.
pub fn installed() -> Option<Command> {
    let path = std::env::var_os(INSTALLED).map(PathBuf::from);
    let path = path.or_else(|| std::env::current_exe().ok())?;
    let mut command = Command::new(path);
    command.env_remove(STARTED_BY).env_remove(INSTALLED);
    Some(command)
}

/// A newer version that is to run.
#[derive(Debug)]
pub struct Next {
    programs: Programs,
    whole: Whole,
    /// It has come up here before.
    proven: bool,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// It runs, or was closed: there is nothing more to do.
    Handed,
    /// It ended before its window stood: the next choice is to be asked for.
    Fell,
}

impl Programs {
    /// The version to hand over to, if there is one. It was looked over; that it is begun with is
    /// noted, and the register is copied where it will be brought to a newer form. The profile is
    /// locked meanwhile.
    pub fn next(&self) -> Option<Next> {
        if self.started_by.is_some() {
            return None;
        }
        if let Err(fault) = self.put_registers_back() {
            log("putting the register back from before a version that fell", &fault);
        }
        loop {
            let notes = self.notes();
            let whole = self.best(&notes)?;
            let version = whole.manifest.version;
            if !whole.is_right() {
                tracing::error!(%version, "a version is not what its publisher signed");
                super::remove(&whole.folder);
                // What cannot be taken away would be looked at for ever.
                if whole.folder.exists() {
                    return None;
                }
                continue;
            }
            let proven = notes.came_up(version);
            if !proven {
                let rises = whole.manifest.register > self.form && self.has_register();
                let copied = if rises { self.copy_register(version) } else { Ok(()) };
                let ready = copied
                    .and_then(|()| self.note(|all| all.of(version).starts(rises, ThisPc.now())));
                if let Err(fault) = ready {
                    log("preparing a new version", &fault);
                    return None;
                }
            }
            return Some(Next { programs: self.clone(), whole, proven });
        }
    }

    /// The command line of the newest version whose window has come up here, where it is newer than
    /// this program: it knows the register as that window keeps it. It chooses nothing and tries
    /// nothing, so that a batch at night does not begin what nobody looks at.
    pub fn command_line(&self) -> Option<Command> {
        if self.started_by.is_some() {
            return None;
        }
        let notes = self.notes();
        let whole = self.whole().into_iter().rfind(|whole| {
            notes.came_up(whole.manifest.version) && self.may_start(whole, &notes)
        })?;
        Some(self.starts(&whole.command_line()?))
    }

    /// Another version, told who starts it.
    fn starts(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env(STARTED_BY, format!("{}/{}", self.running, self.form));
        if let Ok(installed) = std::env::current_exe() {
            command.env(INSTALLED, installed);
        }
        command
    }
}

impl Next {
    /// Its version.
    pub fn version(&self) -> Version {
        self.whole.manifest.version
    }

    fn command(&self, arguments: impl Iterator<Item = OsString>) -> Command {
        let mut command = self.programs.starts(&self.whole.path(Program::Window));
        command.args(arguments);
        command
    }

    /// Hands over with the same arguments. One that has come up before is handed over to for good;
    /// another one is watched until its window stands, and this process ends with it. The profile
    /// is not locked meanwhile.
    pub fn run(self, arguments: impl Iterator<Item = OsString>) -> Run {
        let mut command = self.command(arguments);
        tracing::info!(version = %self.version(), proven = self.proven, "hands over");
        if self.proven {
            return match begun(&mut command) {
                Ok(()) => Run::Handed,
                Err(fault) => {
                    log("starting a newer version", &fault);
                    // Whatever keeps the system from starting it, the office is not kept waiting.
                    let version = self.version();
                    self.programs.noted(|notes| notes.of(version).came_up = false);
                    Run::Fell
                }
            };
        }
        match command.spawn() {
            Ok(child) => self.watch(child),
            Err(fault) => {
                log("starting a newer version", &fault);
                Run::Fell
            }
        }
    }

    fn watch(&self, mut child: Child) -> Run {
        loop {
            if self.programs.notes().known(self.version()).stands() {
                // Who started this process may take its end for that of the window.
                if let Err(fault) = child.wait() {
                    log("waiting for a newer version to end", &fault);
                }
                return Run::Handed;
            }
            match child.try_wait() {
                Ok(None) => sleep(LOOK_EVERY),
                // Closed before it stood: nobody wants a window now.
                Ok(Some(ended)) if ended.success() => return Run::Handed,
                Ok(Some(ended)) => {
                    tracing::error!(version = %self.version(), %ended, "a version fell");
                    return Run::Fell;
                }
                Err(fault) => {
                    log("watching a newer version", &fault);
                    return Run::Handed;
                }
            }
        }
    }
}

/// This process becomes the other program, or waits for it where that cannot be and tells how it
/// ended.
///
/// # Errors
/// When it cannot be started; then this process goes on.
pub fn becomes(command: &mut Command) -> std::io::Result<ExitStatus> {
    if cfg!(unix) {
        begun(command)?;
    }
    command.status()
}

/// This process becomes the other program.
#[cfg(unix)]
fn begun(command: &mut Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

/// The other program goes on without this process.
#[cfg(not(unix))]
fn begun(command: &mut Command) -> std::io::Result<()> {
    command.spawn().map(|_| ())
}
