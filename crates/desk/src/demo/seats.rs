//! Who sits at the desk of a demo profile from the start, chosen by role and without a PIN.
use contract::Failure;
use register::{Officer, Role};

use crate::desk::Desk;
use crate::keyring::Purpose;
use crate::words::failure;

/// The words for a seat, and the roles its officer holds; he holds no other but those beside them.
const SEATS: [(&str, Role, &[Role]); 5] = [
    ("clerk", Role::Clerk, &[]),
    ("leader", Role::Leader, &[]),
    ("head", Role::OfficeHead, &[Role::UnitHead]),
    ("official", Role::Official, &[]),
    ("admin", Role::Administrator, &[Role::Official]),
];

impl Desk {
    /// Seats the first officer of a role: only in a profile that is shown to visitors.
    ///
    /// # Errors
    /// In every other profile, and for a word that names no seat.
    pub fn sit_as(&self, seat: &str) -> Result<(), Failure> {
        let wanted = SEATS.iter().find(|(word, ..)| *word == seat).ok_or_else(|| {
            failure(
                "unknown",
                format!("Không có chỗ ngồi nào tên \"{seat}\"."),
                "Chọn clerk, leader, head, official hoặc admin.",
            )
        })?;
        let keyring = self.keyring().ok_or_else(not_for_show)?;
        if keyring.purpose().map_err(|error| self.keyring_failure(&error))? != Purpose::Demo {
            return Err(not_for_show());
        }
        let on_pc = keyring.officers().map_err(|error| self.keyring_failure(&error))?;
        // The register is read for the roles, so somebody must open it first.
        let first = on_pc.first().ok_or_else(not_for_show)?;
        let unlocked =
            keyring.unlock_demo(first.id).map_err(|error| self.keyring_failure(&error))?;
        self.sit_down(unlocked)?;
        let directory = self.at_desk()?.directory;
        let fits = |officer: &&Officer| sits(officer, wanted.1, wanted.2);
        let known = on_pc.iter().filter_map(|on_pc| directory.officers.get(&on_pc.id));
        let Some(chosen) = known.into_iter().find(fits) else {
            self.stand_up();
            return Err(not_for_show());
        };
        let unlocked =
            keyring.unlock_demo(chosen.id).map_err(|error| self.keyring_failure(&error))?;
        self.sit_down(unlocked)
    }
}

fn sits(officer: &Officer, role: Role, beside: &[Role]) -> bool {
    let more = officer.roles.iter().any(|held| *held != role && !beside.contains(held));
    officer.is(role) && !more
}

fn not_for_show() -> Failure {
    failure(
        "not_a_demo",
        "Chỉ sổ dùng thử mới chọn được người ngồi theo vai trò.",
        "Mở khoá bằng mã PIN của anh chị.",
    )
}
