//! The keyring on real files: PINs, tries, resets, recovery and damage.
use std::fs;
use std::path::Path;

use ed25519_dalek::Signer;

use register::OfficerId;

use crate::durable;
use crate::keyring_error::{KeyringError, PIN_CHARS_MAX, TRIES_MAX};
use crate::keys::RecoveryCode;

use super::{
    Cost, DEMO_PIN, Founded, KEYRING_FILE, Keyring, Person, Purpose, SECRET_FILE, Version1,
};

const PIN: &str = "482915";

fn person(byte: u8, name: &str) -> Person {
    Person { id: OfficerId([byte; 16]), name: name.into(), position: "Công chức".into() }
}

fn founded(folder: &Path) -> Founded {
    let founder = person(1, "Trần Thị Hạnh");
    Keyring::found(folder, Purpose::Office, Cost::Cheap, &founder, PIN).unwrap()
}

#[test]
fn an_officer_unlocks_with_his_pin_and_gets_the_same_keys_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = founded(folder.path()).unlocked;
    let keyring = Keyring::load(folder.path()).unwrap();
    let again = keyring.unlock(first.officer, PIN).unwrap();
    assert_eq!(again.file_key.bytes(), first.file_key.bytes());
    assert_eq!(again.signing.verifying_key(), first.signing.verifying_key());
    assert_ne!(again.blob_key.bytes(), again.mirror_key.bytes());
    assert_ne!(again.blob_key.bytes(), again.file_key.bytes());
}

#[test]
fn each_officer_has_his_own_signing_key_and_all_share_the_file_key() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let leader = person(2, "Nguyễn Văn Bình");
    let public = keyring.enrol(&unlocked, &leader, "mật khẩu").unwrap();
    let opened = keyring.unlock(leader.id, "mật khẩu").unwrap();
    assert_eq!(opened.file_key.bytes(), unlocked.file_key.bytes());
    assert_eq!(opened.signing.verifying_key(), public);
    assert_ne!(public, unlocked.signing.verifying_key());
    let names: Vec<_> = keyring.officers().unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Trần Thị Hạnh", "Nguyễn Văn Bình"]);
}

#[test]
fn a_passphrase_typed_with_other_letter_forms_is_the_same_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let leader = person(2, "Nguyễn Văn Bình");
    keyring.enrol(&unlocked, &leader, "m\u{1ead}t kh\u{1ea9}u").unwrap();
    keyring.unlock(leader.id, "ma\u{323}\u{302}t kha\u{302}\u{309}u").unwrap();
}

#[test]
fn ten_wrong_pins_lock_the_officer_out_even_for_the_right_pin_until_a_reset() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let clerk = person(2, "Lê Thị Thu");
    let old = keyring.enrol(&unlocked, &clerk, "111222").unwrap();
    for left in (1..TRIES_MAX).rev() {
        let answer = keyring.unlock(clerk.id, "999999");
        assert!(matches!(answer, Err(KeyringError::WrongPin { left: l }) if l == left));
    }
    assert!(matches!(keyring.unlock(clerk.id, "999999"), Err(KeyringError::LockedOut)));
    assert!(matches!(keyring.unlock(clerk.id, "111222"), Err(KeyringError::LockedOut)));
    assert_eq!(keyring.officers().unwrap()[1].tries_left, 0);

    let new = keyring.enrol(&unlocked, &clerk, "333444").unwrap();
    assert_ne!(old, new, "an administrator must not be able to sign as somebody else's old key");
    keyring.unlock(clerk.id, "333444").unwrap();
}

#[test]
fn a_right_pin_gives_all_ten_tries_back() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    assert!(keyring.unlock(unlocked.officer, "999999").is_err());
    assert_eq!(keyring.officers().unwrap()[0].tries_left, TRIES_MAX - 1);
    keyring.unlock(unlocked.officer, PIN).unwrap();
    assert_eq!(keyring.officers().unwrap()[0].tries_left, TRIES_MAX);
}

#[test]
fn a_try_is_on_disk_before_the_pin_is_checked() {
    // Somebody who kills the program as soon as it is slow must not try for free: the sealed keys
    // are damaged here, so the check itself fails, and the try is gone all the same.
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let mut ring = keyring.read().unwrap();
    ring.officers[0].salt = "not a salt".into();
    keyring.write(&ring).unwrap();
    let answer = keyring.unlock(unlocked.officer, PIN);
    assert!(matches!(answer, Err(KeyringError::Broken { what: "salt", .. })));
    assert_eq!(keyring.officers().unwrap()[0].tries_left, TRIES_MAX - 1);
}

#[test]
fn a_pin_of_five_digits_is_refused_and_costs_no_try() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    assert!(matches!(keyring.unlock(unlocked.officer, "48291"), Err(KeyringError::PinTooShort)));
    let long = "9".repeat(PIN_CHARS_MAX + 1);
    assert!(matches!(keyring.unlock(unlocked.officer, &long), Err(KeyringError::PinTooLong)));
    assert_eq!(keyring.officers().unwrap()[0].tries_left, TRIES_MAX);
}

#[test]
fn a_changed_pin_keeps_the_signing_key_and_closes_the_old_pin() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let wrong = keyring.change_pin(unlocked.officer, "999999", "777888");
    assert!(matches!(wrong, Err(KeyringError::WrongPin { .. })));
    keyring.change_pin(unlocked.officer, PIN, "777888").unwrap();
    assert!(matches!(keyring.unlock(unlocked.officer, PIN), Err(KeyringError::WrongPin { .. })));
    let opened = keyring.unlock(unlocked.officer, "777888").unwrap();
    assert_eq!(opened.signing.verifying_key(), unlocked.signing.verifying_key());
    assert_eq!(keyring.officers().unwrap()[0].name, "Trần Thị Hạnh");
}

#[test]
fn the_keyring_alone_opens_nothing_without_the_secret_of_this_pc() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Founded { unlocked, .. } = founded(here.path());
    fs::copy(here.path().join(KEYRING_FILE), there.path().join(KEYRING_FILE)).unwrap();
    let stolen = Keyring::load(there.path()).unwrap();
    assert!(matches!(stolen.unlock(unlocked.officer, PIN), Err(KeyringError::AnotherPc { .. })));
    fs::write(there.path().join(SECRET_FILE), [7u8; 32]).unwrap();
    assert!(matches!(stolen.unlock(unlocked.officer, PIN), Err(KeyringError::WrongPin { .. })));
}

#[test]
fn the_code_on_paper_opens_a_copied_keyring_on_another_pc() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Founded { keyring, unlocked, recovery } = founded(here.path());
    let typed = recovery.to_string().to_lowercase().replace('-', " ").replace('0', "o");
    let code = RecoveryCode::parse(&typed).unwrap();
    fs::copy(here.path().join(KEYRING_FILE), there.path().join(KEYRING_FILE)).unwrap();
    let key = Keyring::recover(there.path(), &code).unwrap();
    assert_eq!(key.bytes(), unlocked.file_key.bytes());

    let new = keyring.renew_recovery(&unlocked).unwrap();
    let answer = Keyring::recover(here.path(), &code);
    assert!(matches!(answer, Err(KeyringError::WrongRecovery { .. })));
    Keyring::recover(here.path(), &new).unwrap();

    let rebuilt = tempfile::tempdir().unwrap();
    let clerk = person(1, "Trần Thị Hạnh");
    let again =
        Keyring::found_again(rebuilt.path(), key, Purpose::Office, Cost::Cheap, &clerk, PIN)
            .unwrap();
    assert_eq!(again.unlocked.blob_key.bytes(), unlocked.blob_key.bytes());
    assert_ne!(again.unlocked.signing.verifying_key(), unlocked.signing.verifying_key());
}

#[test]
fn a_recovery_code_with_a_letter_missing_or_wrong_is_not_a_code() {
    assert!(RecoveryCode::parse("").is_none());
    assert!(RecoveryCode::parse("0000-0000-0000-0000-0000-000").is_none());
    assert!(RecoveryCode::parse("0000-0000-0000-0000-0000-00000").is_none());
    assert!(RecoveryCode::parse("0000-0000-0000-0000-0000-000U").is_none());
    assert!(RecoveryCode::parse("0000-0000-0000-0000-0000-0000").is_some());
    assert_eq!(RecoveryCode::random().unwrap().to_string().len(), 29);
}

#[test]
fn a_demo_opens_without_a_pin_and_an_office_does_not() {
    let (demo, office) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clerk = person(1, "Trần Thị Hạnh");
    let Founded { keyring, .. } =
        Keyring::found(demo.path(), Purpose::Demo, Cost::Cheap, &clerk, DEMO_PIN).unwrap();
    keyring.unlock_demo(clerk.id).unwrap();
    let Founded { keyring, .. } = founded(office.path());
    assert!(matches!(keyring.unlock_demo(clerk.id), Err(KeyringError::NotADemo)));
}

#[test]
fn an_office_keyring_marked_demo_by_hand_still_needs_the_pin() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let path = folder.path().join(KEYRING_FILE);
    let text = fs::read_to_string(&path).unwrap().replace("\"office\"", "\"demo\"");
    fs::write(&path, text).unwrap();
    let answer = keyring.unlock_demo(unlocked.officer);
    assert!(matches!(answer, Err(KeyringError::WrongPin { .. })));
}

#[test]
fn entries_of_two_officers_cannot_be_exchanged() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let clerk = person(2, "Lê Thị Thu");
    keyring.enrol(&unlocked, &clerk, "111222").unwrap();
    let mut ring = keyring.read().unwrap();
    ring.officers[0].id = clerk.id;
    ring.officers[1].id = unlocked.officer;
    keyring.write(&ring).unwrap();
    // The clerk's own PIN on the leader's name.
    let answer = keyring.unlock(unlocked.officer, "111222");
    assert!(matches!(answer, Err(KeyringError::WrongPin { .. })));
}

#[test]
fn keys_of_another_profile_enrol_nobody() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Founded { keyring, .. } = founded(here.path());
    let stranger = founded(there.path()).unlocked;
    let answer = keyring.enrol(&stranger, &person(2, "Lê Thị Thu"), "111222");
    assert!(matches!(answer, Err(KeyringError::AnotherProfile)));
}

#[test]
fn an_officer_withdrawn_is_unknown_and_one_renamed_is_shown_so() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let clerk = person(2, "Lê Thị Thu");
    keyring.enrol(&unlocked, &clerk, "111222").unwrap();
    keyring.describe(&Person { position: "Văn thư".into(), ..clerk.clone() }).unwrap();
    assert_eq!(keyring.officers().unwrap()[1].position, "Văn thư");
    keyring.unlock(clerk.id, "111222").unwrap();
    keyring.withdraw(&unlocked, clerk.id).unwrap();
    assert!(matches!(keyring.unlock(clerk.id, "111222"), Err(KeyringError::Unknown { .. })));
}

#[test]
fn a_second_founding_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = founded(folder.path());
    let clerk = person(2, "Lê Thị Thu");
    let again = Keyring::found(folder.path(), Purpose::Office, Cost::Cheap, &clerk, PIN);
    assert!(matches!(again, Err(KeyringError::AlreadyThere { .. })));
    first.keyring.unlock(first.unlocked.officer, PIN).unwrap();
}

#[test]
fn damage_is_told_in_its_own_kind_and_never_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Keyring::load(folder.path()), Err(KeyringError::Missing { .. })));
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    let path = folder.path().join(KEYRING_FILE);
    let good = fs::read(&path).unwrap();
    for length in 0..good.len() - 1 {
        fs::write(&path, &good[..length]).unwrap();
        assert!(matches!(Keyring::load(folder.path()), Err(KeyringError::Broken { .. })));
    }
    fs::write(&path, br#"{"v":2,"more":[]}"#).unwrap();
    assert!(matches!(Keyring::load(folder.path()), Err(KeyringError::Newer { version: 2, .. })));
    let mut ring: Version1 = serde_json::from_slice(&good).unwrap();
    ring.officers[0].memory_kib = u32::MAX;
    keyring.write(&ring).unwrap();
    let answer = keyring.unlock(unlocked.officer, PIN);
    assert!(matches!(answer, Err(KeyringError::Broken { what: "cost of a PIN", .. })));
    fs::write(folder.path().join(SECRET_FILE), b"short").unwrap();
    fs::write(&path, &good).unwrap();
    let answer = keyring.unlock(unlocked.officer, PIN);
    assert!(matches!(answer, Err(KeyringError::Broken { what: "length of the secret", .. })));
}

#[test]
fn no_key_and_no_pin_stands_in_clear_in_the_files_or_in_debug_output() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { unlocked, recovery, .. } = founded(folder.path());
    let text = fs::read_to_string(folder.path().join(KEYRING_FILE)).unwrap();
    let seed = durable::hex(unlocked.signing.as_bytes());
    let keys = [
        durable::hex(unlocked.file_key.bytes()),
        durable::hex(unlocked.mirror_key.bytes()),
        durable::hex(unlocked.blob_key.bytes()),
        seed,
        PIN.to_owned(),
        recovery.to_string(),
    ];
    for key in &keys {
        assert!(!text.contains(key.as_str()));
    }
    let shown = format!("{:?} {recovery:?}", unlocked.file_key);
    assert_eq!(shown, "FileKey(…) RecoveryCode(…)");
    unlocked.signing.sign(b"a command");
}

#[test]
fn two_programs_trying_at_once_take_one_try_each() {
    let folder = tempfile::tempdir().unwrap();
    let Founded { keyring, unlocked, .. } = founded(folder.path());
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| assert!(keyring.unlock(unlocked.officer, "999999").is_err()));
        }
    });
    assert_eq!(keyring.officers().unwrap()[0].tries_left, TRIES_MAX - 6);
}

#[test]
fn an_office_pays_64_mib_twice_over_for_each_try() {
    let folder = tempfile::tempdir().unwrap();
    let founder = person(1, "Trần Thị Hạnh");
    let founded =
        Keyring::found(folder.path(), Purpose::Office, Cost::Office, &founder, PIN).unwrap();
    let ring = founded.keyring.read().unwrap();
    assert_eq!((ring.officers[0].memory_kib, ring.officers[0].passes), (65_536, 2));
    founded.keyring.unlock(founder.id, PIN).unwrap();
}
