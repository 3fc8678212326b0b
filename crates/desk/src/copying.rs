//! The daily copy and the mirror, driven from one thread.
use std::sync::{Arc, Mutex};

use contract::{BackupState, Failure};

use crate::desk::{Desk, Hears, Opened};
use crate::keys::MirrorKey;

/// Drives copies and mirror of one open register.
pub(crate) struct Copying {
    state: Mutex<BackupState>,
}

impl Copying {
    pub(crate) fn start(
        _desk: &Desk,
        _opened: &Arc<Opened>,
        _mirror: MirrorKey,
        _hears: Arc<Mutex<Vec<Hears>>>,
    ) -> Copying {
        Copying {
            state: Mutex::new(BackupState {
                copies: String::new(),
                copied_at: None,
                copy_trouble: None,
                mirror: String::new(),
                mirrored_at: None,
                mirror_waiting: 0,
                mirror_trouble: None,
            }),
        }
    }

    pub(crate) fn wake(&self) {}

    pub(crate) fn state(&self) -> BackupState {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub(crate) fn choose(&self, _copies: &str, _mirror: &str) -> Result<(), Failure> {
        Ok(())
    }

    pub(crate) fn copy_now(&self) -> Result<BackupState, Failure> {
        Ok(self.state())
    }
}
