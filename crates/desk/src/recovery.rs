//! The recovery code on its way to paper: shown until an administrator has written it down.
use contract::{Failure, RecoveryWritten, Session, Topic};
use register::{Right, Role};

use crate::desk::Desk;
use crate::faults::of_store;
use crate::keys::RecoveryCode;
use crate::session::{AtDesk, locked};
use crate::words::{at_field, refusal};

/// Local name of the note that the code is not on paper yet; it outlives a kill, the code does not.
const OWED: &str = "recovery_owed";

impl Desk {
    /// The code while it is to be written down, and whether one is owed: to administrators only.
    pub(crate) fn recovery_now(&self, at: &AtDesk) -> (Option<String>, bool) {
        if !at.may(Right::Administer) {
            return (None, false);
        }
        let owed = matches!(at.opened.store.local(OWED), Ok(Some(_)));
        let code = self.recovery.lock().ok().and_then(|code| code.clone());
        (code.filter(|_| owed), owed)
    }

    /// A code was made: it is told until somebody confirms that it is on paper.
    pub(crate) fn owe_recovery(&self, code: &RecoveryCode) -> Result<(), Failure> {
        let opened = self.opened().ok_or_else(locked)?;
        opened.store.keep_local(OWED, b"1").map_err(|error| of_store(&error))?;
        if let Ok(mut known) = self.recovery.lock() {
            *known = Some(code.to_string());
        }
        Ok(())
    }

    pub(crate) fn make_new_recovery(&self) -> Result<Session, Failure> {
        must_administer(&self.at_desk()?)?;
        let keyring = self.keyring().ok_or_else(locked)?;
        let by = {
            let seat = self.seat.lock().map_err(|_| locked())?;
            seat.as_ref().ok_or_else(locked)?.unlocked.clone()
        };
        let code = keyring.renew_recovery(&by).map_err(|error| self.keyring_failure(&error))?;
        self.owe_recovery(&code)?;
        // Copy and mirror take the keyring that the new code opens.
        self.wake_copies();
        self.tell(&[Topic::Session]);
        self.session_now()
    }

    pub(crate) fn recovery_is_on_paper(&self, form: &RecoveryWritten) -> Result<Session, Failure> {
        let at = self.at_desk()?;
        must_administer(&at)?;
        let (code, owed) = self.recovery_now(&at);
        if code.is_none() && owed {
            return Err(at_field(
                "last_group",
                "Mã này không còn trên máy, vì chương trình đã mở lại từ lúc tạo mã.",
                "Tạo mã mới, rồi ghi mã đó ra giấy.",
            ));
        }
        let typed = read_group(&form.last_group);
        if code.is_some_and(|code| code.rsplit('-').next().is_none_or(|last| last != typed)) {
            return Err(at_field(
                "last_group",
                "Nhóm cuối chưa khớp với mã trên màn hình.",
                "Xem lại tờ giấy, rồi gõ nhóm cuối trên đó.",
            ));
        }
        at.opened.store.forget_local(OWED).map_err(|error| of_store(&error))?;
        if let Ok(mut known) = self.recovery.lock() {
            *known = None;
        }
        self.tell(&[Topic::Session]);
        self.session_now()
    }
}

fn must_administer(at: &AtDesk) -> Result<(), Failure> {
    if at.may(Right::Administer) {
        return Ok(());
    }
    Err(refusal(&register::Refusal::Forbidden { needs: Role::Administrator }))
}

/// A group as it is read from paper: any case, O for 0, I or L for 1.
fn read_group(typed: &str) -> String {
    let letters = typed.chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}
