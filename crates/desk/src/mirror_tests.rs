//! The mirror of a real profile: a stick pulled out, a torn end, an older register, a dead disk.
use std::fs;
use std::fs::OpenOptions as FileOptions;

use register::Moment;

use crate::blobs::Blobs;
use crate::copies::Profile;
use crate::copies::tests::Pc;
use crate::keyring::Keyring;
use crate::place::PlaceError;
use crate::small_office::SmallOffice;

use super::{COMMANDS_FILE, Mirror, MirrorError, mirrored_blobs, read_back};

const NOW: Moment = Moment(1_795_000_000_000);
const LATER: Moment = Moment(1_795_000_060_000);

fn mirror(stick: &tempfile::TempDir, pc: &Pc) -> Mirror {
    Mirror::adopt(&stick.path().join("van-thu"), &pc.key).unwrap()
}

#[test]
fn every_command_and_file_is_mirrored_and_the_state_says_so() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let early = pc.blobs.put(&mut &b"before"[..], 100).unwrap().id;
    let mut mirror = mirror(&stick, &pc);
    pc.office.registers(2);
    let state = mirror.catch_up(pc.profile(), NOW).unwrap();
    assert_eq!((state.mirrored_seq, state.waiting, state.at), (5, 0, Some(NOW)));
    let named = pc.blobs.put(&mut &b"named by a command"[..], 100).unwrap().id;
    pc.office.registers_file(named);
    let state = mirror.catch_up(pc.profile(), LATER).unwrap();
    assert_eq!((state.mirrored_seq, state.at), (6, Some(LATER)));
    let blobs = mirrored_blobs(&mirror.folder, &pc.key).unwrap();
    blobs.verify(early).unwrap();
    blobs.verify(named).unwrap();
}

#[test]
fn a_stick_pulled_out_is_missing_since_then_and_catches_up_when_it_is_back() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let mut mirror = mirror(&stick, &pc);
    mirror.catch_up(pc.profile(), NOW).unwrap();
    let away = stick.path().join("in a pocket");
    fs::rename(&mirror.folder, &away).unwrap();
    pc.office.registers(4);
    for _ in 0..2 {
        let answer = mirror.catch_up(pc.profile(), LATER);
        assert!(matches!(answer, Err(MirrorError::Place(PlaceError::NotThere { .. }))));
    }
    let state = mirror.state();
    assert_eq!((state.waiting, state.missing_since, state.at), (4, Some(LATER), Some(NOW)));

    // The program ends and starts again while the stick is out.
    let mut mirror = Mirror::at(&mirror.folder, &pc.key, state);
    assert!(mirror.catch_up(pc.profile(), Moment(LATER.0 + 1)).is_err());
    assert_eq!(mirror.state().missing_since, Some(LATER));
    // An empty mount point of the same name is not the stick.
    fs::create_dir(&mirror.folder).unwrap();
    assert!(mirror.catch_up(pc.profile(), LATER).is_err());
    fs::remove_dir(&mirror.folder).unwrap();
    fs::rename(&away, &mirror.folder).unwrap();
    let state = mirror.catch_up(pc.profile(), LATER).unwrap();
    assert_eq!((state.mirrored_seq, state.waiting, state.missing_since), (7, 0, None));
}

#[test]
fn a_torn_end_is_cut_off_and_appended_again() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    pc.office.registers(5);
    let mut mirror = mirror(&stick, &pc);
    mirror.catch_up(pc.profile(), NOW).unwrap();
    let path = mirror.folder.join(COMMANDS_FILE);
    let length = fs::metadata(&path).unwrap().len();
    for torn in [1, 100, 1000] {
        FileOptions::new().write(true).open(&path).unwrap().set_len(length - torn).unwrap();
        let mut mirror = Mirror::at(&mirror.folder, &pc.key, mirror.state());
        assert_eq!(mirror.catch_up(pc.profile(), NOW).unwrap().mirrored_seq, 8);
    }
}

#[test]
fn a_pc_whose_disk_died_is_built_anew_from_the_stick_and_the_code_on_paper() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let file = pc.blobs.put(&mut &b"a scanned page"[..], 100).unwrap().id;
    pc.office.registers_file(file);
    pc.office.registers(3);
    let mut mirror = mirror(&stick, &pc);
    mirror.catch_up(pc.profile(), NOW).unwrap();
    let before = pc.office.store.read(|view| view.heights()).unwrap();
    let (device, code, folder) = (pc.office.store.device(), pc.code.clone(), mirror.folder.clone());
    drop((pc, mirror));

    let key = Keyring::recover(&folder, &code).unwrap();
    let new = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&new.path().join("blobs"), &key.blobs()).unwrap();
    let register = new.path().join("register.db");
    let back = read_back(&folder, &key, &register, device, &blobs).unwrap();
    assert_eq!(back.store.read(|view| view.heights()).unwrap(), before);
    assert_eq!(back.files.files, 1);
    blobs.verify(file).unwrap();
}

#[test]
fn a_mirror_ahead_of_an_older_register_is_not_written_to() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let mut mirror = mirror(&stick, &pc);
    pc.office.registers(3);
    mirror.catch_up(pc.profile(), NOW).unwrap();
    let length = fs::metadata(mirror.folder.join(COMMANDS_FILE)).unwrap().len();
    // Another register under the same key, with fewer commands.
    let older = SmallOffice::found(&pc.folder.path().join("older.db"), &pc.key);
    older.registers(1);
    let profile = Profile { store: &older.store, ..pc.profile() };
    let mut mirror = Mirror::at(&mirror.folder, &pc.key, mirror.state());
    assert!(matches!(mirror.catch_up(profile, LATER), Err(MirrorError::Differs { .. })));
    assert_eq!(fs::metadata(mirror.folder.join(COMMANDS_FILE)).unwrap().len(), length);
}

#[test]
fn a_new_recovery_code_reaches_the_keyring_in_the_mirror() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let mut mirror = mirror(&stick, &pc);
    mirror.catch_up(pc.profile(), NOW).unwrap();
    let keyring = Keyring::load(pc.folder.path()).unwrap();
    let opened = keyring.unlock(crate::small_office::CLERK, "482915").unwrap();
    let code = keyring.renew_recovery(&opened).unwrap();
    mirror.catch_up(pc.profile(), LATER).unwrap();
    assert!(Keyring::recover(&mirror.folder, &pc.code).is_err());
    Keyring::recover(&mirror.folder, &code).unwrap();
}
