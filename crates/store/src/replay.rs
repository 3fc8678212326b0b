//! A register built anew from its signed commands: every one decided again, none taken on trust.
use std::path::Path;

use register::DeviceId;
use sync::{Envelope, VerifyingKey, decode, verify};

use crate::connection::{FileKey, OpenOptions};
use crate::error::{ReplayFault, StoreError};
use crate::perform::{Batch, keep_officer_key};
use crate::store::Store;

/// Commands whose effects become durable together.
const COMMANDS_TOGETHER: usize = 500;

/// A kept command, with the key that signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The signed bytes.
    pub envelope: Envelope,
    /// The public key of the officer who signed.
    pub public: [u8; 32],
}

impl Store {
    /// Builds a lost register anew from kept commands, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Replay`] names the first command that did not go through.
    pub fn rebuild_from(
        path: &Path,
        key: &FileKey,
        device: DeviceId,
        options: &OpenOptions,
        kept: &mut dyn Iterator<Item = Result<Kept, StoreError>>,
    ) -> Result<Store, StoreError> {
        let store = Store::create(path, key, device, options)?;
        let mut seq = 0;
        loop {
            let some: Vec<Kept> = kept.take(COMMANDS_TOGETHER).collect::<Result<_, _>>()?;
            if some.is_empty() {
                return Ok(store);
            }
            store.batch(|batch| {
                for kept in &some {
                    seq += 1;
                    take_in(batch, kept).map_err(|fault| in_words(seq, fault))?;
                }
                Ok::<(), StoreError>(())
            })?;
        }
    }
}

fn in_words(seq: u64, fault: TakeInFault) -> StoreError {
    match fault {
        TakeInFault::Replay(source) => StoreError::Replay { seq, source: Box::new(source) },
        TakeInFault::Store(fault) => fault,
    }
}

/// Why a kept command was not taken in.
pub(crate) enum TakeInFault {
    Replay(ReplayFault),
    Store(StoreError),
}

impl From<StoreError> for TakeInFault {
    fn from(fault: StoreError) -> TakeInFault {
        TakeInFault::Store(fault)
    }
}

fn take_in(batch: &mut Batch<'_>, kept: &Kept) -> Result<(), TakeInFault> {
    let key = VerifyingKey::from_bytes(&kept.public);
    let key = key.map_err(|_| TakeInFault::Replay(ReplayFault::Key))?;
    verify(&kept.envelope, &key)
        .map_err(|fault| TakeInFault::Replay(ReplayFault::Command(fault)))?;
    let actor = take_in_unsigned(batch, &kept.envelope)?;
    keep_officer_key(batch.conn(), actor, &key)?;
    Ok(())
}

/// Takes in a command whose signature was looked at by the caller.
pub(crate) fn take_in_unsigned(
    batch: &mut Batch<'_>,
    envelope: &Envelope,
) -> Result<register::OfficerId, TakeInFault> {
    let command =
        decode(&envelope.raw).map_err(|fault| TakeInFault::Replay(ReplayFault::Command(fault)))?;
    if command.dev == batch.device() && command.n != batch.last_n() + 1 {
        return Err(TakeInFault::Replay(ReplayFault::Turn));
    }
    match batch.take_in(&command, envelope)? {
        Ok(()) => Ok(command.actor),
        Err(refusal) => Err(TakeInFault::Replay(ReplayFault::Refused(refusal))),
    }
}
