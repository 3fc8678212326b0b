//! Versions on one PC: fetched and checked, begun with, given up, gone back from.
use std::fs;
use std::path::PathBuf;

use register::Moment;
use sync::SigningKey;
use sync::release::{
    Manifest, Platform, Program, Release, ReleaseFault, ReleaseFile, Sum, Version,
};
use sync::wire::Hex;

use super::{Coming, NotWhole, Programs, RELEASE_FILE, StartedBy};
use crate::publishing::{Making, NotMade, make_key, make_release};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// A PC that believes one publisher.
struct Pc {
    folder: tempfile::TempDir,
    key: SigningKey,
}

/// A release, and its one packed file.
struct Made {
    release: Release,
    packed: Vec<u8>,
}

impl Pc {
    fn new() -> Pc {
        let folder = tempfile::tempdir().unwrap();
        Pc { folder, key: SigningKey::from_bytes(&[3; 32]) }
    }

    fn profile(&self) -> PathBuf {
        self.folder.path().join("so")
    }

    /// As the installed program sees it, or one that was handed over to.
    fn seen_from(&self, running: &str, by: Option<&str>) -> Programs {
        let by = by.map(|by| StartedBy { version: version(by), form: 4 });
        Programs {
            trusted: vec![Hex(self.key.verifying_key().to_bytes())],
            platform: Some(Platform::Linux),
            form: 4,
            ..Programs::of(&self.profile()).seen_from(running, by)
        }
    }

    fn makes(&self, text: &str, register: u32, program: &[u8]) -> Made {
        let packed = zstd::bulk::compress(program, 3).unwrap();
        let sum = |bytes: &[u8]| {
            let hash = <sha2::Sha256 as sha2::Digest>::digest(bytes);
            Sum { bytes: bytes.len() as u64, sha256: Hex(hash.into()) }
        };
        let (plain, packed_sum) = (sum(program), sum(&packed));
        let manifest = Manifest {
            version: version(text),
            platform: Platform::Linux,
            made: Moment(1_795_000_000_000),
            notes: "In sổ nhanh hơn.".to_owned(),
            register,
            after: None,
            files: vec![ReleaseFile { program: Program::Window, plain, packed: packed_sum }],
        };
        Made { release: Release::sign(&manifest, &self.key).unwrap(), packed }
    }

    /// A version that came whole with its command line.
    fn gets_both(&self, text: &str) {
        let Made { release, packed } = self.makes(text, 4, b"window or words");
        let mut manifest = release.read(&[Hex(self.key.verifying_key().to_bytes())]).unwrap();
        let words = ReleaseFile { program: Program::CommandLine, ..manifest.files[0].clone() };
        manifest.files.push(words);
        let made = Made { release: Release::sign(&manifest, &self.key).unwrap(), packed };
        let coming = self.seen_from("0.1.0", None).begin_coming(&made.release).unwrap().unwrap();
        while coming.lacks().is_some() {
            arrives(&coming, &made).unwrap();
        }
        coming.finish().unwrap();
    }

    /// A version that came whole.
    fn gets(&self, text: &str, register: u32) {
        let made = self.makes(text, register, format!("program {text}").as_bytes());
        let coming = self.seen_from("0.1.0", None).begin_coming(&made.release).unwrap().unwrap();
        arrives(&coming, &made).unwrap();
        coming.finish().unwrap();
    }
}

fn arrives(coming: &Coming, made: &Made) -> Result<(), NotWhole> {
    let (file, from) = coming.lacks().unwrap();
    coming.keep(&file, &made.packed[from as usize..])
}

fn numbers(programs: &Programs) -> Vec<String> {
    programs.whole().iter().map(|whole| whole.manifest.version.to_string()).collect()
}

fn next(programs: &Programs) -> Option<String> {
    programs.next().map(|next| next.version().to_string())
}

#[test]
fn a_version_comes_in_pieces_over_starts_of_the_program_and_is_there_only_whole() {
    let pc = Pc::new();
    let program: Vec<u8> = (0..300_000_u32).map(|at| (at.wrapping_mul(at) % 251) as u8).collect();
    let made = pc.makes("0.2.0", 4, &program);
    let half = made.packed.len() / 2;
    let coming = pc.seen_from("0.1.0", None).begin_coming(&made.release).unwrap().unwrap();
    let (file, from) = coming.lacks().unwrap();
    assert_eq!(from, 0);
    coming.keep(&file, &made.packed[..half]).unwrap();
    drop(coming);
    assert_eq!(next(&pc.seen_from("0.1.0", None)), None);
    // The program was ended, and asks again: it goes on where it was.
    let coming = pc.seen_from("0.1.0", None).begin_coming(&made.release).unwrap().unwrap();
    assert_eq!(coming.far(), (half as u64, made.packed.len() as u64));
    arrives(&coming, &made).unwrap();
    assert_eq!((coming.lacks(), numbers(&pc.seen_from("0.1.0", None))), (None, vec![]));
    coming.finish().unwrap();
    let programs = pc.seen_from("0.1.0", None);
    assert_eq!(
        fs::read(programs.folder_of(version("0.2.0")).join("vanthu-desktop")).unwrap(),
        program
    );
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    // It is not taken again, nor is an older one.
    assert!(programs.begin_coming(&made.release).unwrap().is_none());
    let older = pc.makes("0.1.9", 4, b"older");
    assert!(programs.begin_coming(&older.release).unwrap().is_none());
}

#[test]
fn what_a_server_or_a_line_changes_never_becomes_a_version() {
    let pc = Pc::new();
    let programs = pc.seen_from("0.1.0", None);
    let made = pc.makes("0.2.0", 4, b"a program that may be believed");
    let refused = |release: &Release| programs.begin_coming(release).unwrap().is_none();
    // Another text under the signature, another publisher, another platform, an older version.
    let raw = made.release.raw.replace("0.2.0", "0.9.0");
    assert!(refused(&Release { raw, ..made.release.clone() }));
    let mut other = Pc::new();
    other.key = SigningKey::from_bytes(&[4; 32]);
    assert!(refused(&other.makes("0.2.0", 4, b"theirs").release));
    let forged = Release { key: made.release.key, ..other.makes("0.2.0", 4, b"x").release };
    assert_eq!(forged.read(&programs.trusted), Err(ReleaseFault::BadSignature));
    assert!(refused(&forged));
    let elsewhere = Programs { platform: Some(Platform::Windows), ..programs.clone() };
    assert!(elsewhere.begin_coming(&made.release).unwrap().is_none());
    assert!(refused(&pc.makes("0.1.0", 4, b"no newer").release));
    let none = Programs { trusted: Vec::new(), ..programs.clone() };
    assert!(!none.takes() && none.begin_coming(&made.release).unwrap().is_none());
    // Other bytes of the right length: they begin anew, and nothing is whole.
    let coming = programs.begin_coming(&made.release).unwrap().unwrap();
    let (file, _) = coming.lacks().unwrap();
    let mut wrong = made.packed.clone();
    wrong[made.packed.len() - 3] ^= 1;
    assert!(matches!(coming.keep(&file, &wrong), Err(NotWhole::WrongBytes)));
    assert_eq!(coming.lacks().unwrap().1, 0);
    // A publisher who signed a packing that swells, or holds something else.
    let big = pc.makes("0.3.0", 4, &vec![0; 3 << 20]);
    let mut manifest = big.release.read(&programs.trusted).unwrap();
    manifest.files[0].plain.bytes = 100;
    let liar = Release::sign(&manifest, &pc.key).unwrap();
    let coming = programs.begin_coming(&liar).unwrap().unwrap();
    let (file, _) = coming.lacks().unwrap();
    assert!(matches!(coming.keep(&file, &big.packed), Err(NotWhole::WrongBytes)));
    assert!(numbers(&programs).is_empty());
}

#[test]
fn a_version_that_was_changed_on_the_disk_is_not_begun_with() {
    let pc = Pc::new();
    pc.gets("0.2.0", 4);
    pc.gets("0.3.0", 4);
    let programs = pc.seen_from("0.1.0", None);
    let path = programs.folder_of(version("0.3.0")).join("vanthu-desktop");
    let same_length = fs::read(&path).unwrap().len();
    fs::write(&path, vec![b'x'; same_length]).unwrap();
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    assert_eq!(numbers(&programs), ["0.2.0"]);
    // A folder under another version's name, so that an older one passes for a newer.
    let renamed = programs.folder_of(version("0.9.0"));
    fs::rename(programs.folder_of(version("0.2.0")), &renamed).unwrap();
    assert_eq!(next(&programs), None);
    fs::write(renamed.join(RELEASE_FILE), "{").unwrap();
    assert_eq!(next(&programs), None);
}

/// The folder of the command line that would be handed over to.
fn words(programs: &Programs) -> Option<String> {
    let command = programs.command_line()?;
    let path = PathBuf::from(command.get_program());
    assert_eq!(path.file_name().unwrap(), "vanthu");
    Some(path.parent()?.file_name()?.to_str()?.to_owned())
}

#[test]
fn the_installed_command_line_hands_over_to_that_of_the_version_whose_window_runs() {
    let pc = Pc::new();
    let installed = pc.seen_from("0.1.0", None);
    let draws = |version: &str| pc.seen_from(version, Some("0.1.0")).drawn();
    pc.gets_both("0.2.0");
    assert_eq!(words(&installed), None, "its window has not come up yet");
    draws("0.2.0");
    assert_eq!(words(&installed).as_deref(), Some("0.2.0"));
    // Handed over to, a program hands over to nobody; nor does one that is newer.
    assert_eq!(words(&pc.seen_from("0.2.0", Some("0.1.0"))), None);
    assert_eq!(words(&pc.seen_from("0.2.1", None)), None);
    // One that waits for the next start of the window is not tried before it.
    pc.gets_both("0.3.0");
    assert_eq!(words(&installed).as_deref(), Some("0.2.0"));
    draws("0.3.0");
    assert_eq!(words(&installed).as_deref(), Some("0.3.0"));
    // Who goes back in the window has gone back here too.
    pc.seen_from("0.3.0", Some("0.1.0")).leave(true).unwrap();
    assert_eq!(words(&installed).as_deref(), Some("0.2.0"));
    fs::write(installed.folder_of(version("0.2.0")).join("vanthu"), "other than it").unwrap();
    assert_eq!(words(&installed), None);
    // A version that brought none is not handed over to.
    pc.gets("0.4.0", 4);
    draws("0.4.0");
    assert_eq!(words(&installed), None);
}

#[test]
fn a_version_that_does_not_come_up_twice_is_given_up_and_the_older_one_goes_on() {
    let pc = Pc::new();
    pc.gets("0.2.0", 4);
    let programs = pc.seen_from("0.1.0", None);
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    assert_eq!(next(&programs), None);
    assert_eq!(programs.notes().back(), Some((version("0.2.0"), true)));
    // It is not fetched again; the one that mends it is.
    let again = pc.makes("0.2.0", 4, b"program 0.2.0");
    assert!(programs.begin_coming(&again.release).unwrap().is_none());
    programs.tidy();
    assert!(numbers(&programs).is_empty());
    pc.gets("0.2.1", 4);
    assert_eq!(next(&programs).as_deref(), Some("0.2.1"));
    pc.seen_from("0.2.1", Some("0.1.0")).drawn();
    for _ in 0..5 {
        assert_eq!(next(&programs).as_deref(), Some("0.2.1"), "it came up once");
    }
}

#[test]
fn somebody_goes_back_and_what_was_left_is_not_begun_with_again() {
    let pc = Pc::new();
    pc.gets("0.2.0", 4);
    pc.gets("0.3.0", 4);
    let third = pc.seen_from("0.3.0", Some("0.1.0"));
    third.drawn();
    let before = third.before(&third.notes()).unwrap();
    assert_eq!((before.version, third.can_read(before)), (version("0.2.0"), true));
    third.leave(true).unwrap();
    third.leave(false).unwrap();
    assert_eq!(next(&pc.seen_from("0.1.0", None)).as_deref(), Some("0.3.0"), "he thought better");
    third.leave(true).unwrap();
    let installed = pc.seen_from("0.1.0", None);
    assert_eq!(next(&installed).as_deref(), Some("0.2.0"));
    let second = pc.seen_from("0.2.0", Some("0.1.0"));
    second.drawn();
    assert_eq!(second.before(&second.notes()).unwrap().version, version("0.1.0"));
    assert_eq!(second.notes().back(), Some((version("0.3.0"), false)));
    // Asked beside the window it is the same, from what runs there.
    assert_eq!(installed.before(&installed.notes()).unwrap().version, version("0.1.0"));
    installed.leave(true).unwrap();
    assert_eq!(next(&installed), None);
    second.leave(false).unwrap();
    // Nothing stands before the installed program, and one that reads newer registers stays.
    let alone = pc.seen_from("0.3.0", None);
    assert_eq!(alone.before(&alone.notes()), None);
    let newer = Programs { form: 5, ..second };
    assert!(!newer.can_read(newer.before(&newer.notes()).unwrap()));
}

#[test]
fn a_withdrawn_version_is_dropped_unless_it_has_come_up() {
    let pc = Pc::new();
    pc.gets("0.2.0", 4);
    pc.gets("0.3.0", 4);
    let programs = pc.seen_from("0.1.0", None);
    programs.drop_withdrawn(&[version("0.3.0")]);
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    pc.seen_from("0.2.0", Some("0.1.0")).drawn();
    programs.drop_withdrawn(&[version("0.2.0"), version("0.3.0")]);
    assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
    // What is neither running, next nor before goes.
    pc.gets("0.4.0", 4);
    pc.gets("0.5.0", 4);
    pc.seen_from("0.4.0", Some("0.1.0")).tidy();
    assert_eq!(numbers(&programs), ["0.2.0", "0.4.0", "0.5.0"]);
    pc.seen_from("0.5.0", Some("0.1.0")).tidy();
    assert_eq!(numbers(&programs), ["0.4.0", "0.5.0"]);
}

#[test]
fn before_a_version_changes_the_form_of_the_register_a_copy_is_made_and_it_comes_back() {
    let pc = Pc::new();
    pc.gets("0.2.0", 5);
    let (register, log) = (pc.profile().join("register.db"), pc.profile().join("register.db-wal"));
    fs::write(&register, "form 4").unwrap();
    fs::write(&log, "what form 4 has not taken in").unwrap();
    let programs = pc.seen_from("0.1.0", None);
    let opens_and_falls = || {
        assert_eq!(next(&programs).as_deref(), Some("0.2.0"));
        let newer = Programs { form: 5, ..pc.seen_from("0.2.0", Some("0.1.0")) };
        newer.drawn();
        newer.opens();
        fs::write(&register, "form 5, halfway").unwrap();
        let _ = fs::remove_file(&log);
    };
    opens_and_falls();
    assert_eq!(fs::read_to_string(&register).unwrap(), "form 5, halfway", "it is tried once more");
    opens_and_falls();
    assert_eq!(next(&programs), None);
    assert_eq!(fs::read_to_string(&register).unwrap(), "form 4");
    assert_eq!(fs::read_to_string(&log).unwrap(), "what form 4 has not taken in");
    let tried = programs.folder.join("tried-0.2.0/register.db");
    assert_eq!(fs::read_to_string(tried).unwrap(), "form 5, halfway");
    // It is put back once: what is written from now on stays.
    fs::write(&register, "form 4, and a day's work").unwrap();
    assert_eq!(next(&programs), None);
    assert_eq!(fs::read_to_string(&register).unwrap(), "form 4, and a day's work");
}

#[test]
fn a_version_that_has_brought_the_register_to_its_form_has_come_up() {
    let pc = Pc::new();
    pc.gets("0.2.0", 5);
    fs::write(pc.profile().join("register.db"), "form 4").unwrap();
    let programs = pc.seen_from("0.1.0", None);
    assert!(programs.next().is_some());
    let newer = Programs { form: 5, ..pc.seen_from("0.2.0", Some("0.1.0")) };
    newer.drawn();
    // Closed without anybody sitting down, as often as they like.
    for _ in 0..4 {
        assert!(programs.next().is_some());
        newer.drawn();
    }
    newer.opens();
    newer.opened();
    assert!(newer.notes().came_up(version("0.2.0")));
    let before = newer.before(&newer.notes()).unwrap();
    assert!(!newer.can_read(before), "there is no way back by hand");
    newer.tidy();
    assert!(!newer.folder.join("before-0.2.0").exists());
}

#[test]
fn a_publisher_makes_a_release_of_programs_and_of_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (key, out) = (folder.path().join("key"), folder.path().join("ban.vtr"));
    let public = make_key(&key).unwrap();
    assert!(matches!(make_key(&key), Err(NotMade::Disk { .. })), "no key is written over");
    let window = folder.path().join("vanthu-desktop");
    fs::write(&window, vec![7; 100_000]).unwrap();
    let making = Making {
        key: &key,
        version: "0.2.0",
        platform: "linux-x86_64",
        notes: " In sổ nhanh hơn. ",
        after: None,
        programs: std::slice::from_ref(&window),
        out: &out,
        now: Moment(7),
    };
    let made = make_release(&making).unwrap();
    assert_eq!((made.notes.as_str(), made.register), ("In sổ nhanh hơn.", store::form()));
    let bytes = fs::read(&out).unwrap();
    let (head, rest) = bytes.split_at(12);
    let long = Release::long(head.try_into().unwrap()).unwrap();
    let release = Release::parse(&rest[..long]).unwrap();
    assert_eq!(release.read(&[public]).unwrap(), made);
    assert_eq!(rest.len() - long, made.packed_bytes() as usize);
    // Only the key and the release lie there, beside the program.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    let wrong = [
        Making { version: "2", ..making.clone() },
        Making { platform: "linux", ..making.clone() },
        Making { platform: "windows-x86_64", ..making.clone() },
        Making { key: &window, ..making.clone() },
        Making { programs: std::slice::from_ref(&key), ..making.clone() },
        Making { out: folder.path(), ..making },
    ];
    for making in &wrong {
        assert!(make_release(making).is_err(), "{making:?}");
    }
}
