//! The operator puts a new version of the program on the server, for some PCs first.
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use register::{BlobId, DeviceId, Moment};
use server::{Blobs as _, BlobsInFolder, NotARelease, Session, release_house};
use sha2::{Digest as _, Sha256};
use sync::SigningKey;
use sync::release::{
    Manifest, Platform, Program, Release, ReleaseAnswer, ReleaseAsked, ReleaseFile, Sum, Version,
};
use sync::wire::{Hex, PART_BYTES, PartHashes, Trouble};

use crate::cast::{LAN, ORG, Pc, Server, TU, now, trouble};
use crate::line::Listening;
use crate::operator::{code_of_a_new_server, comes_to_it, says, serving, way};

pub fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// A packed program of so many bytes; nobody unpacks it here.
fn program(bytes: u64, seed: u8) -> Vec<u8> {
    (0..bytes).map(|at| (at % 253) as u8 ^ seed).collect()
}

fn sum(bytes: &[u8]) -> Sum {
    Sum { bytes: bytes.len() as u64, sha256: Hex(Sha256::digest(bytes).into()) }
}

fn manifest(text: &str, packed: &[u8]) -> Manifest {
    let packed = sum(packed);
    Manifest {
        version: version(text),
        platform: Platform::Linux,
        made: now(),
        notes: "In sổ nhanh hơn.".into(),
        register: 4,
        after: None,
        files: vec![ReleaseFile { program: Program::Window, plain: packed, packed }],
    }
}

/// A release in one file, as its publisher makes it.
fn container(manifest: &Manifest, packed: &[u8]) -> Vec<u8> {
    let release = Release::sign(manifest, &SigningKey::from_bytes(&[3; 32])).unwrap();
    [release.head().unwrap(), packed.to_vec()].concat()
}

fn asked(running: &str) -> ReleaseAsked {
    ReleaseAsked { version: version(running), platform: Platform::Linux, back: None }
}

/// Which version a PC is told of.
fn told(server: &Server, session: &Session, running: &str) -> Option<String> {
    let answer = server.ledger.release(session, &asked(running), now()).unwrap();
    let release = answer.release?;
    Some(release.read_of_its_key().unwrap().version.to_string())
}

#[test]
fn of_a_hundred_pcs_those_that_are_meant_are_told_and_none_once_it_is_withdrawn() {
    let server = Server::new();
    let pc = server.adopted();
    let session = server.session(&pc, LAN);
    let pcs: Vec<Session> =
        (0..100).map(|n| Session { dev: DeviceId([n; 16]), ..session }).collect();
    let count = |running: &str| {
        pcs.iter().filter(|session| told(&server, session, running).is_some()).count()
    };
    let (two, three) = (program(700, 1), program(800, 2));
    let add = |text: &str, packed: &[u8], stage| {
        let file = container(&manifest(text, packed), packed);
        server.ledger.add_release(&mut &file[..], (stage, Vec::new()))
    };
    assert_eq!(count("0.1.0"), 0);
    add("0.2.0", &two, 10).unwrap();
    let first = count("0.1.0");
    assert!((4..=18).contains(&first), "{first}");
    server.ledger.stage_release(version("0.2.0"), 50).unwrap();
    assert!(count("0.1.0") > first);
    server.ledger.stage_release(version("0.2.0"), 100).unwrap();
    assert_eq!((count("0.1.0"), count("0.2.0"), count("0.3.0")), (100, 0, 0));
    // The newest that a PC may have, whatever others get already.
    add("0.3.0", &three, 10).unwrap();
    let newest = |session| told(&server, session, "0.1.0").unwrap();
    let third = pcs.iter().filter(|session| newest(*session) == "0.3.0").count();
    assert!((1..=25).contains(&third), "{third}");
    server.ledger.withdraw_release(version("0.3.0")).unwrap();
    assert!(pcs.iter().all(|session| newest(session) == "0.2.0"));
    let answer = server.ledger.release(&session, &asked("0.1.0"), now()).unwrap();
    assert_eq!(answer.withdrawn, [version("0.3.0")]);
    let elsewhere = ReleaseAsked { platform: Platform::Windows, ..asked("0.1.0") };
    let none = server.ledger.release(&session, &elsewhere, now()).unwrap();
    assert_eq!(none, ReleaseAnswer::default());
    // Its bytes are gone, those of the other are not; and it does not come again.
    let size = |packed: &[u8]| server.ledger.release_size(BlobId(sum(packed).sha256.0), now());
    assert_eq!(trouble(size(&three)), Trouble::NotFound);
    assert_eq!(size(&two).unwrap(), 700);
    assert!(matches!(add("0.3.0", &three, 10), Err(NotARelease::Taken)));
    let stage = server.ledger.stage_release(version("0.3.0"), 10);
    assert!(matches!(stage, Err(NotARelease::Taken)));
}

#[test]
fn an_agency_that_is_named_gets_it_on_every_pc_and_what_pcs_run_is_counted() {
    let server = Server::new();
    let pc = server.adopted();
    let session = server.session(&pc, LAN);
    let packed = program(700, 1);
    let file = container(&manifest("0.2.0", &packed), &packed);
    server.ledger.add_release(&mut &file[..], (0, vec![ORG])).unwrap();
    assert_eq!(told(&server, &session, "0.1.0").as_deref(), Some("0.2.0"));
    let second = Session { dev: DeviceId([7; 16]), ..session };
    let third = Session { dev: DeviceId([8; 16]), ..session };
    server.ledger.release(&second, &asked("0.2.0"), now()).unwrap();
    let back = ReleaseAsked { back: Some(version("0.2.0")), ..asked("0.1.0") };
    server.ledger.release(&third, &back, now()).unwrap();
    let at = &server.ledger.releases_at_a_glance().unwrap()[0];
    assert_eq!((at.runs, at.back, at.stage, at.agencies.as_slice()), (1, 1, 0, &[ORG][..]));
    let counts: Vec<_> = server.ledger.versions().unwrap().into_iter().collect();
    assert_eq!(counts, [(version("0.1.0"), 2), (version("0.2.0"), 1)]);
    // Files that nothing names are taken away after a month; those of a release stay.
    let month = Moment(now().0 + 90 * 86_400_000);
    server.ledger.take_away_unnamed(month).unwrap();
    let blobs = BlobsInFolder::new(&server.folder.path().join("blobs"));
    let blob = BlobId(sum(&packed).sha256.0);
    assert_eq!(blobs.size(release_house(), blob).unwrap(), Some(700));
}

#[test]
fn a_release_that_was_changed_or_cut_is_not_taken() {
    let server = Server::new();
    let packed = program(PART_BYTES * 2 + 9, 1);
    let whole = container(&manifest("0.2.0", &packed), &packed);
    let add = |bytes: &[u8]| server.ledger.add_release(&mut &bytes[..], (100, Vec::new()));
    for at in [0, 9, 20, 200, whole.len() - 5] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(add(&changed).is_err(), "byte {at}");
    }
    for end in [0, 7, 100, whole.len() - packed.len(), whole.len() - 1] {
        assert!(add(&whole[..end]).is_err(), "cut at {end}");
    }
    assert!(server.ledger.releases_at_a_glance().unwrap().is_empty());
    add(&whole).unwrap();
    add(&whole).unwrap();
    // Another one of the same version is never given out in its place.
    let other = program(5, 9);
    let twin = container(&manifest("0.2.0", &other), &other);
    assert!(matches!(add(&twin), Err(NotARelease::Taken)));
}

#[test]
fn a_pc_reads_a_release_in_ranges_and_who_has_no_session_reads_nothing() {
    let server = Server::new();
    let pc = server.adopted();
    let packed = program(PART_BYTES * 2 + 9, 1);
    let file = container(&manifest("0.2.0", &packed), &packed);
    server.ledger.add_release(&mut &file[..], (100, Vec::new())).unwrap();
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let path = "/v1/release?version=0.1.0&platform=linux-x86_64&back=0.1.5";
    let answer: ReleaseAnswer = line.gets(path, &token).unwrap();
    assert!(answer.release.is_some());
    let blob = sum(&packed).sha256;
    let get = |token: &str, range: &str| {
        let head =
            format!("GET /v1/release/{blob} HTTP/1.1\r\nauthorization: Bearer {token}{range}");
        line.raw(&head, b"")
    };
    let (status, head, body) = get(&token, "\r\nrange: bytes=262144-393215");
    assert_eq!((status, body.as_slice()), (206, &packed[262_144..393_216]));
    assert!(head.contains(&PartHashes::of(&body).to_string()), "{head}");
    assert_eq!(get(&token, "").0, 400);
    assert_eq!(get("", "\r\nrange: bytes=0-9").0, 401);
    let wrong =
        "GET /v1/release?version=1&platform=linux-x86_64 HTTP/1.1\r\nauthorization: Bearer ";
    assert_eq!(line.raw(&format!("{wrong}{token}"), b"").0, 400);
    let other = "7".repeat(64);
    let head = format!("GET /v1/release/{other} HTTP/1.1\r\nauthorization: Bearer {token}");
    assert_eq!(line.raw(&head, b"").0, 404);
    // A PC hears in what it asks anyway that there is something to ask for.
    let mark = |pc: &Pc| server.calls(pc, TU, &pc.asks()).releases;
    let before = mark(&pc);
    assert_ne!(before, 0);
    server.ledger.stage_release(version("0.2.0"), 5).unwrap();
    assert_ne!(mark(&pc), before);
}

fn written(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join(format!("{text}.vtr"));
    let packed = program(900, 1);
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&container(&manifest(text, &packed), &packed)).unwrap();
    path
}

#[test]
fn the_operator_adds_stages_and_withdraws_a_release_beside_the_server_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("may-chu");
    let code = code_of_a_new_server(&dir);
    let (mut serving, _lines, first) = serving(&dir);
    let mut pc = Pc::founded();
    comes_to_it(&mut pc, way(&first), &code);
    let runs = |more: &[&str]| {
        let mut arguments = vec!["release", more[0]];
        arguments.push(dir.to_str().unwrap());
        arguments.extend(&more[1..]);
        let program = env!("CARGO_BIN_EXE_vanthu-server");
        let ran = std::process::Command::new(program).args(&arguments).output().unwrap();
        (ran.status.success(), String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
    };
    assert_eq!(runs(&["list"]), (true, "Chưa có bản nào.\n".to_owned()));
    let file = written(folder.path(), "0.2.0");
    let (added, text) = runs(&["add", file.to_str().unwrap(), "--stage", "10"]);
    assert!(added && text.contains("Bản 0.2.0 cho linux-x86_64, cho 10 % số máy"), "{text}");
    let (staged, text) = runs(&["stage", "0.2.0", "100"]);
    assert!(staged && text.contains("cho 100 % số máy"), "{text}");
    let line = way(&first);
    let token = line.session(&pc, LAN);
    let path = "/v1/release?version=0.1.0&platform=linux-x86_64";
    let asks = || line.gets::<ReleaseAnswer>(path, &token).unwrap().release;
    let until = Instant::now() + Duration::from_secs(10);
    while asks().is_none() {
        assert!(Instant::now() < until, "the server that runs has not heard of it");
    }
    let (_, text) = says(&["status"], &dir);
    assert!(text.contains("Chương trình trên các máy: bản 0.1.0: 1 máy"), "{text}");
    let (gone, text) = runs(&["withdraw", "0.2.0"]);
    assert!(gone && text.contains("đã rút"), "{text}");
    let (wrong, text) = runs(&["stage", "0.9.0", "5"]);
    assert!(!wrong && text.contains("không có bản nào"), "{text}");
    let (wrong, text) = runs(&["add", dir.join("server.key").to_str().unwrap()]);
    assert!(!wrong && text.contains("không phải là tệp bản mới"), "{text}");
    serving.kill().unwrap();
    serving.wait().unwrap();
}
