//! Who sits at the desk: unlock, lock, switch, PINs; and the picture every use case starts from.
use std::sync::Arc;

use contract::{Done, Failure, OfficerOnPc, Phase, PinChange, Session, Topic, Unlock};
use ed25519_dalek::SigningKey;
use jiff::civil::Date;
use register::{Agency, Officer, OfficerId, Right, Role, has};
use store::Lens;

use crate::acts::done;
use crate::desk::{Desk, Opened};
use crate::directory::Directory;
use crate::durable;
use crate::faults::{fault, log};
use crate::forms::Reader;
use crate::keyring::{Keyring, Person, Purpose, Unlocked};
use crate::keyring_error::KeyringError;
use crate::words::{NOTHING_CHANGED, at_field, failure};

/// Minutes before the lock, until the agency says otherwise.
const LOCK_MINUTES: u32 = 15;

/// Everything a use case starts from, taken once at its beginning.
#[derive(Clone)]
pub(crate) struct AtDesk {
    /// The open register.
    pub opened: Arc<Opened>,
    /// Agency, people, books and calendar.
    pub directory: Arc<Directory>,
    /// Who sits here.
    pub officer: Officer,
    /// What he may see.
    pub lens: Lens,
    /// His signing key.
    pub signing: Arc<SigningKey>,
    /// Today at the office.
    pub today: Date,
}

impl AtDesk {
    /// Reads what people type.
    pub fn reader(&self) -> Reader<'_> {
        Reader { today: self.today, calendar: &self.directory.calendar }
    }

    /// The agency.
    pub fn agency(&self) -> Result<&Agency, Failure> {
        self.directory
            .agency
            .as_ref()
            .ok_or_else(|| failure("unknown", "Chưa lập cơ quan trên máy này.", "Lập cơ quan."))
    }

    /// Whether the officer carries a right.
    pub fn may(&self, right: Right) -> bool {
        has(&self.officer, right)
    }
}

/// Who sits at the desk, and the keys his PIN opened.
pub(crate) struct Seat {
    /// Who.
    pub officer: OfficerId,
    /// His keys.
    pub unlocked: Unlocked,
    /// The signing key, shared with running acts.
    pub signing: Arc<SigningKey>,
}

/// What use cases say when nobody sits here.
pub(crate) fn locked() -> Failure {
    fault(
        "locked",
        "Máy đang khoá.",
        "Chữ đang gõ và mọi văn bản vẫn còn.",
        "Nhập mã PIN để mở lại.",
    )
}

impl Desk {
    /// The picture a use case starts from; refused while locked or when the officer has left.
    pub(crate) fn at_desk(&self) -> Result<AtDesk, Failure> {
        self.close_if_wiped();
        let opened = self.opened().ok_or_else(locked)?;
        let directory = self.directory(&opened)?;
        let seat = self.seat.lock().map_err(|_| locked())?;
        let seat = seat.as_ref().ok_or_else(locked)?;
        let officer = directory.officers.get(&seat.officer).filter(|officer| officer.active);
        let officer = officer.cloned().ok_or_else(|| {
            failure(
                "not_active",
                "Anh chị không còn trong danh sách cán bộ của cơ quan.",
                "Báo quản trị.",
            )
        })?;
        let lens = Lens::of(&officer);
        let today = self.source.now().date();
        let signing = Arc::clone(&seat.signing);
        Ok(AtDesk { opened, directory, officer, lens, signing, today })
    }

    /// Where the program stands.
    pub(crate) fn session_now(&self) -> Result<Session, Failure> {
        self.close_if_wiped();
        let keyring = self.keyring();
        let demo = match &keyring {
            Some(keyring) => keyring.purpose().is_ok_and(|purpose| purpose == Purpose::Demo),
            None => false,
        };
        let mut session = Session {
            phase: Phase::FirstRun,
            agency: String::new(),
            officers: Vec::new(),
            officer: None,
            roles: Vec::new(),
            unit: String::new(),
            today: self.source.now().date().to_string(),
            lock_minutes: LOCK_MINUTES,
            demo,
            screens: Vec::new(),
            version: crate::programs::running().to_string(),
            recovery_code: None,
            recovery_owed: false,
            shut_out: keyring.is_none() && crate::folder::was_shut_out(&self.profile),
        };
        let Some(keyring) = keyring else { return Ok(session) };
        session.phase = Phase::Locked;
        let officers = keyring.officers().map_err(|error| self.keyring_failure(&error))?;
        session.officers = officers
            .into_iter()
            .map(|officer| OfficerOnPc {
                id: officer.id.hex(),
                name: officer.name,
                position: officer.position,
                tries_left: officer.tries_left,
            })
            .collect();
        if let Ok(at) = self.at_desk() {
            let id = at.officer.id.hex();
            session.phase = Phase::Open;
            session.officer = session.officers.iter().find(|known| known.id == id).cloned();
            session.roles = at.officer.roles.iter().map(|role| role_name(*role)).collect();
            session.unit =
                at.officer.unit.map(|unit| at.directory.unit_name(unit)).unwrap_or_default();
            session.screens = screens(&at.officer);
            (session.recovery_code, session.recovery_owed) = self.recovery_now(&at);
            if let Some(agency) = &at.directory.agency {
                session.agency = agency.name.clone();
                session.lock_minutes = u32::from(agency.lock_minutes);
            }
        }
        Ok(session)
    }

    pub(crate) fn unlock_for(&self, form: Unlock) -> Result<Session, Failure> {
        let Unlock { officer, pin } = form;
        let keyring = self.keyring().ok_or_else(locked)?;
        let officer = OfficerId::parse(&officer)
            .map_err(|_| failure("unknown", "Không thấy cán bộ này.", "Chọn lại tên."))?;
        let demo = keyring.purpose().is_ok_and(|purpose| purpose == Purpose::Demo);
        let unlocked = if demo && pin.is_empty() {
            keyring.unlock_demo(officer)
        } else {
            keyring.unlock(officer, &pin)
        };
        let unlocked = unlocked.map_err(|error| self.keyring_failure(&error))?;
        self.sit_down(unlocked)?;
        self.session_now()
    }

    /// Opens the register, if it is not open yet, and seats the officer.
    pub(crate) fn sit_down(&self, unlocked: Unlocked) -> Result<(), Failure> {
        self.open_register(&unlocked)?;
        let signing = Arc::new(unlocked.signing.clone());
        let seat = Seat { officer: unlocked.officer, unlocked, signing };
        if let Ok(mut here) = self.seat.lock() {
            *here = Some(seat);
        }
        let refused = self.at_desk().err();
        if let Some(refused) = refused {
            self.stand_up();
            return Err(refused);
        }
        self.line_signs();
        self.tell(&[Topic::Session]);
        Ok(())
    }

    /// Locks: nobody sits here any more. Running copies go on.
    pub(crate) fn stand_up(&self) {
        if let Ok(mut here) = self.seat.lock() {
            *here = None;
        }
        self.line_signs();
    }

    pub(crate) fn change_pin(&self, form: PinChange) -> Result<Done, Failure> {
        let PinChange { officer, old, new } = form;
        let at = self.at_desk()?;
        let keyring = self.keyring().ok_or_else(locked)?;
        let id = OfficerId::parse(&officer)
            .map_err(|_| failure("unknown", "Không thấy cán bộ này.", "Chọn lại tên."))?;
        if id == at.officer.id && !old.is_empty() {
            keyring.change_pin(id, &old, &new).map_err(|error| self.keyring_failure(&error))?;
        } else {
            if !at.may(Right::Administer) {
                return Err(crate::words::refusal(&register::Refusal::Forbidden {
                    needs: Role::Administrator,
                }));
            }
            let person = at
                .directory
                .officers
                .get(&id)
                .ok_or_else(|| failure("unknown", "Không thấy cán bộ này.", "Chọn lại tên."))?;
            self.enrol_officer(person, &new)?;
            if at.directory.linked
                && let Err(said) = self.make_key_known(&at, id, &new)
            {
                // A PIN whose key the server does not know would sign what nobody takes.
                self.take_pin_back(id);
                return Err(said);
            }
        }
        Ok(done(officer, "pin_set", vec![at.directory.name(id)], &[Topic::Session]))
    }

    /// Gives an officer a PIN and a signing key on this PC, by who sits here.
    pub(crate) fn enrol_officer(&self, officer: &Officer, pin: &str) -> Result<(), Failure> {
        let keyring = self.keyring().ok_or_else(locked)?;
        let opened = self.opened().ok_or_else(locked)?;
        let by = {
            let seat = self.seat.lock().map_err(|_| locked())?;
            seat.as_ref().ok_or_else(locked)?.unlocked.clone()
        };
        let key = keyring
            .enrol(&by, &person(officer), pin)
            .map_err(|error| self.keyring_failure(&error))?;
        opened
            .store
            .keep_officer_key(officer.id, &key)
            .map_err(|error| crate::faults::of_store(&error))
    }

    /// The keyring, if this profile has one.
    pub(crate) fn keyring(&self) -> Option<Keyring> {
        match Keyring::load(&self.profile) {
            Ok(keyring) => Some(keyring),
            Err(KeyringError::Missing { .. }) => None,
            Err(error) => {
                log("reading the keyring", &error);
                None
            }
        }
    }

    /// The sentence of a keyring that said no.
    pub(crate) fn keyring_failure(&self, error: &KeyringError) -> Failure {
        match error {
            KeyringError::WrongPin { left } => at_field(
                "pin",
                format!("Mã PIN chưa đúng. Còn {left} lần thử."),
                "Nhập lại mã PIN.",
            ),
            KeyringError::LockedOut => at_field(
                "pin",
                "Mã PIN này đã khoá vì sai mười lần.",
                "Nhờ quản trị đặt mã PIN mới trên máy này.",
            ),
            KeyringError::PinTooShort => at_field(
                "pin",
                "Mã PIN cần ít nhất sáu chữ số, hoặc cụm từ ít nhất sáu ký tự.",
                "Nhập mã dài hơn.",
            ),
            KeyringError::PinTooLong => {
                at_field("pin", "Mã PIN dài quá.", "Nhập mã ngắn hơn 128 ký tự.")
            }
            KeyringError::Unknown { .. } => failure(
                "no_pin",
                "Anh chị chưa có mã PIN trên máy này.",
                "Nhờ quản trị đặt mã PIN.",
            ),
            KeyringError::AnotherPc { .. } => {
                log("unlocking", error);
                fault(
                    "another_pc",
                    "Thư mục này được chép từ máy khác, nên mã PIN không mở được.",
                    "Sổ trong thư mục không bị thay đổi.",
                    "Dùng mã khôi phục trên giấy để dựng lại sổ trên máy này.",
                )
            }
            KeyringError::Disk { source, .. } if durable::takes_nothing(source) => {
                log("using the keyring", error);
                of_disk(source)
            }
            KeyringError::NotADemo
            | KeyringError::AnotherProfile
            | KeyringError::AlreadyThere { .. }
            | KeyringError::Missing { .. }
            | KeyringError::WrongRecovery { .. }
            | KeyringError::Full
            | KeyringError::Newer { .. }
            | KeyringError::Broken { .. }
            | KeyringError::Disk { .. } => {
                log("using the keyring", error);
                fault(
                    "keyring",
                    "Không dùng được tệp khoá của máy này.",
                    NOTHING_CHANGED,
                    "Đóng chương trình, mở lại; nếu vẫn vậy, báo quản trị.",
                )
            }
        }
    }
}

/// The sentence of a disk that takes nothing.
fn of_disk(source: &std::io::Error) -> Failure {
    if durable::is_full(source) {
        return fault(
            "disk_full",
            "Đĩa của máy này đã đầy, nên chưa làm được việc này.",
            NOTHING_CHANGED,
            "Dọn bớt tệp trên đĩa rồi làm lại.",
        );
    }
    fault(
        "read_only",
        "Thư mục của sổ trên máy này chỉ cho đọc, nên chưa làm được việc này.",
        NOTHING_CHANGED,
        "Kiểm tra đĩa và quyền ghi, hoặc báo quản trị.",
    )
}

/// An officer as the door shows him.
pub(crate) fn person(officer: &Officer) -> Person {
    Person { id: officer.id, name: officer.name.clone(), position: officer.position.clone() }
}

/// The wire name of a role.
pub(crate) fn role_name(role: Role) -> String {
    let name = match role {
        Role::Clerk => "clerk",
        Role::Leader => "leader",
        Role::OfficeHead => "office_head",
        Role::UnitHead => "unit_head",
        Role::Official => "official",
        Role::Administrator => "administrator",
    };
    name.to_owned()
}

/// The screens an officer has, in order.
fn screens(officer: &Officer) -> Vec<String> {
    let keeps = has(officer, Right::KeepBooks);
    let staff = has(officer, Right::SeeAll);
    let administers = has(officer, Right::Administer) || has(officer, Right::OpenBooks);
    let all: [(&str, bool); 9] = [
        ("bench", true),
        ("incoming", true),
        ("outgoing", true),
        ("tray", keeps),
        ("tasks", true),
        ("search", true),
        ("books", staff || administers),
        ("line", true),
        ("admin", administers),
    ];
    all.iter().filter(|(_, has)| *has).map(|(name, _)| (*name).to_owned()).collect()
}
