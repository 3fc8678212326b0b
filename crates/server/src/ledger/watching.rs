//! Hears of what other servers write to the same storage, for those who wait for news here.
use std::sync::Arc;
use std::time::Duration;

use super::Ledger;
use crate::fault::StorageFault;

/// Between two looks: news of a PC at another server come so much later. `NOTIFY` in the commit
/// would be quicker, and takes a lock of the whole database each time (SYNC 3.3).
const LOOKED_EVERY: Duration = Duration::from_millis(200);
/// After a look that failed.
const AGAIN: Duration = Duration::from_secs(2);

/// Watches beside the calls until the ledger is gone, where the storage may be shared.
///
/// # Errors
/// Where no thread can be had.
pub fn watches(ledger: &Arc<Ledger>) -> std::io::Result<()> {
    let ledger = Arc::downgrade(ledger);
    let watches = move || {
        while let Some(ledger) = ledger.upgrade() {
            let rest = match ledger.hear_of_others() {
                Ok(true) => LOOKED_EVERY,
                Ok(false) => return,
                Err(fault) => {
                    tracing::warn!(%fault, "what other servers write is not heard of");
                    AGAIN
                }
            };
            drop(ledger);
            std::thread::sleep(rest);
        }
    };
    std::thread::Builder::new().name("watch".to_owned()).spawn(watches).map(|_| ())
}

impl Ledger {
    /// Looks once; false where nobody else can write.
    fn hear_of_others(&self) -> Result<bool, StorageFault> {
        if !self.heads.is_listened_to() {
            return Ok(true);
        }
        let Some(heads) = self.storage.shared_heads()? else { return Ok(false) };
        for (org, head) in heads {
            if self.heads.grew(org, head) {
                self.quiet.something_came(org);
            }
        }
        Ok(true)
    }
}
