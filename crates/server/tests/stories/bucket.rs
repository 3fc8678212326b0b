//! Files in an object store: between two agencies, over a store that is away, moved and copied.
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use s3_server::S3Server;
use server::{Blobs, BucketAddress, Finished, Identity, Upload, open_bucket};
use sync::wire::PART_BYTES;

use crate::cast::{LAN, ORG, Pc, SEED, Server, arrival, words};
use crate::files::Scan;
use crate::line::Listening;
use crate::operator::says;
use crate::parcels::{NEXT, agency, arrival_of, issues, sends_file};

/// Longer than the writer may be held; far shorter than a store is waited for.
const SOON: Duration = Duration::from_secs(4);
/// Looks whether a letter has come.
const LOOKS_MAX: usize = 10_000;
const DAYS_31_MS: i64 = 31 * 86_400_000;

fn files(store: &S3Server, dir: &Path) -> Arc<dyn Blobs> {
    store.write_key(dir).unwrap();
    let address = BucketAddress::parse(&store.address("xa")).unwrap();
    Arc::new(open_bucket(dir, &address).unwrap())
}

/// A server over a store; called again, as it is after it was ended and begun again.
fn over(store: &S3Server, server: Server) -> Server {
    let files = files(store, server.folder.path());
    server.with_files(files)
}

fn bytes(store: &S3Server) -> usize {
    let objects = store.objects().unwrap();
    objects.iter().filter(|name| name.starts_with("xa/files/")).count()
}

/// Two agencies; the first has issued a letter with this scan to the second.
fn issued(store: &S3Server, scan: &Scan) -> (Server, Pc, Pc) {
    let server = over(store, Server::new());
    let mut pc = agency(&server, ORG, "Uỷ ban nhân dân xã An Hiếu", 0xD1);
    let next = agency(&server, NEXT, "Uỷ ban nhân dân xã Bình An", 0xD2);
    issues(&mut pc, 1, scan, &[(NEXT, 9)]);
    assert!(words(&pc.exchanges(&server, LAN)).iter().all(|word| *word == "ok"));
    (server, pc, next)
}

#[test]
fn a_scan_goes_up_in_one_agency_and_comes_down_in_another_and_its_bytes_are_there_once() {
    let (store, scan) = (S3Server::start().unwrap(), Scan::of(PART_BYTES * 5 + 77, 1));
    let (server, pc, mut next) = issued(&store, &scan);
    let waits = server.ledger.carry(crate::cast::now()).unwrap();
    assert_eq!((waits.done, waits.put_off), (0, 1), "its file is not there yet");
    let line = Listening::of(&server);
    let mine = line.session(&pc, LAN);
    assert!(line.sends(&scan, &mine).stored);
    assert_eq!(line.reads(&scan, &mine, "").2, scan.bytes);
    let theirs = line.session(&next, LAN);
    let is_there = |_| line.reads(&scan, &theirs, "").0 == 200;
    assert!((0..LOOKS_MAX).any(is_there), "who carries was woken by the file");
    next.exchanges(&server, LAN);
    assert_eq!(arrival_of(&next, 9).letter.files.len(), 1);
    assert_eq!(line.reads(&scan, &theirs, "").2, scan.bytes);
    let (status, head, part) = line.reads(&scan, &theirs, "\r\nrange: bytes=262143-600000");
    assert_eq!((status, part.as_slice()), (206, &scan.bytes[262_143..=600_000]));
    assert!(head.contains(&sync::wire::PartHashes::of(&part).to_string()), "{head}");
    assert_eq!(bytes(&store), 1);
    let found = server::verify_with_files(
        &*server.storage,
        &Identity::of(&SEED),
        &*files(&store, server.folder.path()),
    );
    assert!(found.unwrap().iter().all(|agency| agency.flaws.is_empty()));
}

#[test]
fn who_sends_while_the_store_is_away_is_told_to_come_again_and_then_sends_nothing_twice() {
    let (store, scan) = (S3Server::start().unwrap(), Scan::of(PART_BYTES * 2, 2));
    let server = over(&store, Server::new());
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    pc.exchanges(&server, LAN);
    {
        let line = Listening::of(&server);
        let token = line.session(&pc, LAN);
        store.answers_only(0);
        let told = line.puts(&scan, &token, (0, PART_BYTES * 2)).unwrap_err();
        assert_eq!((told.0, matches!(told.1, sync::wire::Trouble::Busy { .. })), (429, true));
    }
    store.answers();
    let server = over(&store, server);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    assert!(line.stands(&scan, &token).unwrap().stored, "its parts were kept");
    assert_eq!(line.reads(&scan, &token, "").2, scan.bytes);
}

#[test]
fn while_a_store_says_nothing_the_office_writes_on_and_a_letter_waits_for_its_file() {
    let (store, scan) = (S3Server::start().unwrap(), Scan::of(900, 3));
    let (server, mut pc, mut next) = issued(&store, &scan);
    let session = server.session(&pc, LAN);
    sends_file(&server, &session, &scan);
    store.hangs();
    let calls = store.calls();
    let carried = std::thread::scope(|scope| {
        let ledger = Arc::clone(&server.ledger);
        let carrying = scope.spawn(move || ledger.carry(crate::cast::now()).unwrap());
        while store.calls() == calls {
            std::thread::yield_now();
        }
        let begun = Instant::now();
        pc.claims(LAN, arrival(3), pc.claim(1));
        assert_eq!(words(&pc.exchanges(&server, LAN)), ["ok"]);
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        carrying.join().unwrap()
    });
    assert_eq!((carried.done, carried.put_off), (0, 1));
    store.answers();
    let server = over(&store, server);
    let later = register::Moment(crate::cast::now().0 + 60_000);
    assert_eq!(server.ledger.carry(later).unwrap().done, 1);
    next.exchanges(&server, LAN);
    assert_eq!(arrival_of(&next, 9).letter.files.len(), 1);
}

#[test]
fn two_servers_over_one_store_have_the_same_files_and_what_nobody_names_goes() {
    let (store, scan) = (S3Server::start().unwrap(), Scan::of(PART_BYTES + 5, 4));
    let server = over(&store, Server::new());
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    pc.exchanges(&server, LAN);
    sends_file(&server, &server.session(&pc, LAN), &scan);
    let elsewhere = tempfile::tempdir().unwrap();
    let other = server::Ledger::new(server.storage.clone(), Identity::of(&SEED), [77; 32]);
    let other = other.with_blobs(files(&store, elsewhere.path()));
    let session = server.session(&pc, LAN);
    assert_eq!(other.blob_size(&session, scan.blob).unwrap(), scan.size());
    let detach = register::Act::Detach {
        document: crate::cast::doc(1),
        outgoing: false,
        blob: scan.blob,
        reason: "nhầm văn bản".into(),
    };
    pc.does(LAN, detach);
    pc.exchanges(&server, LAN);
    let late = |days: i64| {
        let later = crate::cast::now().0.max(server::clock().0);
        register::Moment(later + days * DAYS_31_MS)
    };
    let taken = other.take_away_unnamed(late(1)).unwrap();
    assert_eq!((taken.files, taken.bytes), (1, scan.size()));
    assert_eq!(bytes(&store), 1, "the bytes stay until a second look");
    other.take_away_unnamed(late(2)).unwrap();
    assert_eq!(store.objects().unwrap(), Vec::<String>::new());
}

/// A server in a folder whose one agency has stored these.
fn served(dir: &Path, scans: &[Scan]) {
    let blobs = server::BlobsInFolder::new(&dir.join("blobs"));
    for scan in scans {
        let dev = register::DeviceId([5; 16]);
        let upload = Upload { org: ORG, dev, blob: scan.blob, size: scan.size() };
        blobs.put(&upload, 0, &scan.bytes).unwrap();
        assert_eq!(blobs.finish(&upload, &mut || Ok(())).unwrap(), Finished::Stored);
    }
}

#[test]
fn an_operator_chooses_a_store_and_is_told_what_is_missing() {
    let (store, folder) = (S3Server::start().unwrap(), tempfile::tempdir().unwrap());
    let dir = folder.path();
    let address = store.address("xa");
    let init = |address: &str| says(&["init", "--blobs", address], dir);
    let (_, text) = init("s3://tep/x?endpoint=http://10.1.1.1:9000");
    assert!(text.contains("phải dùng https"), "{text}");
    let (_, text) = init("s3://ai:khoa@tep/x");
    assert!(text.contains("không được nằm trong địa chỉ"), "{text}");
    let (_, text) = init(&address);
    assert!(text.contains("chưa có khoá của kho tệp S3"), "{text}");
    store.write_key(dir).unwrap();
    let key = dir.join("blobs.credentials");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode;
        std::fs::set_permissions(&key, mode(0o644)).unwrap();
        let (_, text) = init(&address);
        assert!(text.contains("chmod 600"), "{text}");
        std::fs::set_permissions(&key, mode(0o600)).unwrap();
    }
    let right = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, right.replace(s3_server::SECRET, "another-one")).unwrap();
    let (_, text) = init(&address);
    assert!(text.contains("kho tệp S3 từ chối") && !text.contains("another-one"), "{text}");
    std::fs::write(&key, right).unwrap();
    store.answers_only(0);
    let (_, text) = init(&address);
    assert!(text.contains("kho tệp S3 không trả lời"), "{text}");
    store.answers();
    let (made, text) = init(&address);
    assert!(made && text.contains("Đã lập máy chủ"), "{text}");
    assert!(!text.contains(s3_server::SECRET) && !text.contains(s3_server::KEY_ID), "{text}");
    assert_eq!(store.objects().unwrap(), Vec::<String>::new(), "nothing is left of the trial");
    let (looked, text) = says(&["verify"], dir);
    assert!(looked && text.contains("Tệp ở kho S3"), "{text}");
}

#[test]
fn files_move_from_the_folder_into_a_store_and_a_copy_says_where_they_are() {
    let store = S3Server::start().unwrap();
    let server = Server::new();
    server.adopted();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("server");
    std::fs::create_dir(&dir).unwrap();
    assert!(Identity::create(&dir, &SEED).is_ok());
    server.storage.copy_to(&dir.join(server::STORAGE_FILE)).unwrap();
    let scans = [Scan::of(PART_BYTES * 3 + 1, 6), Scan::of(700, 7), Scan::of(800, 8)];
    served(&dir, &scans);
    store.write_key(&dir).unwrap();
    let spoiled = dir.join("blobs").join(ORG.hex()).join(&scans[1].blob.hex()[..2]);
    let spoiled = spoiled.join(scans[1].blob.hex());
    std::fs::write(&spoiled, vec![1; 700]).unwrap();
    let migrate = || says(&["migrate", "--blobs", &store.address("xa")], &dir);
    // The trial takes three calls; then it breaks off in the midst.
    store.answers_only(7);
    let (moved, text) = migrate();
    assert!(!moved && text.contains("không trả lời"), "{text}");
    store.answers();
    let (moved, text) = migrate();
    assert!(!moved && text.contains("2 tệp đã ở kho S3") && text.contains("đã hỏng"), "{text}");
    assert!(says(&["verify"], &dir).1.find("Tệp ở kho S3").is_none(), "it is not chosen yet");
    std::fs::write(&spoiled, &scans[1].bytes).unwrap();
    let (moved, text) = migrate();
    assert!(moved && text.contains("3 tệp đã ở kho S3"), "{text}");
    assert_eq!(bytes(&store), 3);
    let (again, text) = migrate();
    assert!(!again && text.contains("đã ở kho S3"), "{text}");
    let there = files(&store, &dir);
    assert!(
        scans.iter().all(|scan| {
            there.hash(ORG, scan.blob, 0, scan.size()).unwrap() == Some(scan.blob.0)
        })
    );
    let copy = folder.path().join("copy");
    let (copied, text) = says(&["backup", "--with-key", dir.to_str().unwrap()], &copy);
    assert!(copied && text.contains("không nằm trong bản sao"), "{text}");
    assert!(!copy.join("blobs").exists() && !copy.join("blobs.credentials").exists());
    let back = folder.path().join("back");
    let (restored, text) = says(&["restore", copy.to_str().unwrap()], &back);
    assert!(restored, "{text}");
    let address = std::fs::read_to_string(back.join("blobs.address")).unwrap();
    assert_eq!(address.trim(), store.address("xa"));
}
