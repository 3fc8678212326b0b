//! What goes between two servers on a stick: both ways, twice, late, changed, and beside the line.
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use register::{Key, ParcelStanding, PublicKey};
use server::{OnStick, StickFault, Unpacked, clock, pack, unpack};
use sync::wire::PART_BYTES;

use crate::cast::{LAN, ORG, Pc, Server, words};
use crate::files::Scan;
use crate::operator::says;
use crate::parcels::{
    arrival_of, carries, issues, parcel, parcel_of, recalls, sends_file, stands, takes_in,
};
use crate::peers::{Two, heads, knows, waiting};

fn key(server: &Server) -> PublicKey {
    PublicKey(server.ledger.identity().public_hex().0)
}

fn packs(from: &Server, to: &Server, file: &Path) -> OnStick {
    pack(&from.ledger, key(to), (file, clock())).unwrap()
}

fn reads(server: &Server, file: &Path) -> Unpacked {
    unpack(&server.ledger, file, clock()).unwrap()
}

fn answer(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.answer", file.display()))
}

fn came(pc: &Pc) -> usize {
    pc.states.keys().filter(|key| matches!(key, Key::Arrival(_))).count()
}

/// Two servers without a line, and a document with a scan that waits on each.
fn without_a_line() -> (Two, Scan) {
    let mut two = Two::new();
    two.line_drops();
    let scan = Scan::of(5 * PART_BYTES + 77, 3);
    two.issues(1, &scan);
    issues(&mut two.theirs, 1, &Scan::of(900, 4), &[(ORG, 9)]);
    assert_eq!(words(&two.theirs.exchanges(&two.far, LAN)), ["ok"; 3]);
    sends_file(&two.far, &two.far.session(&two.theirs, LAN), &Scan::of(900, 4));
    (two, scan)
}

#[test]
fn documents_go_both_ways_on_a_stick_and_with_the_line_nothing_comes_twice() {
    let (mut two, scan) = without_a_line();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thu.vtp");
    assert_eq!(packs(&two.near, &two.far, &file), OnStick { posts: 1, files: 1, left: 0 });
    let read = reads(&two.far, &file);
    assert_eq!((read.entered, read.refused), (1, 0));
    let back = read.answer.unwrap();
    assert_eq!((back.0.clone(), back.1.files), (answer(&file), 1), "and what waits goes back");
    two.theirs.exchanges(&two.far, LAN);
    let session = two.far.session(&two.theirs, LAN);
    assert_eq!(two.far.ledger.blob_size(&session, scan.blob).unwrap(), scan.size());
    two.theirs.exchanges(&two.far, LAN);
    carries(&two.far);

    // Read once more, it changes nothing.
    let before = heads(&two);
    assert_eq!(reads(&two.far, &file).entered, 1);
    assert_eq!(heads(&two), before);

    let read = reads(&two.near, &answer(&file));
    assert!(read.entered >= 2 && read.settled == 1, "{read:?}");
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Arrived);
    assert_eq!(came(&two.ours), 1);
    let again = reads(&two.near, &answer(&file));
    assert_eq!(again.settled, 0);
    let third = reads(&two.far, &answer(&answer(&file)));
    assert!(third.settled >= 1, "{third:?}");
    two.theirs.exchanges(&two.far, LAN);
    assert_eq!(stands(&two.theirs, 9), ParcelStanding::Arrived);

    two.line_returns();
    two.is_read();
    two.is_read();
    let before = heads(&two);
    for file in [&file, &answer(&file), &answer(&answer(&file))] {
        let to_far = unpack(&two.far.ledger, file, clock());
        let to_near = unpack(&two.near.ledger, file, clock());
        assert!(to_far.is_ok() != to_near.is_ok(), "each is for one of them");
        two.is_read();
    }
    assert_eq!(heads(&two), before);
    assert_eq!((came(&two.ours), came(&two.theirs)), (1, 1));
    assert_eq!((waiting(&two.near), waiting(&two.far)), (0, 0));
    takes_in(&mut two.theirs, 1, 1);
    assert_eq!(words(&two.theirs.exchanges(&two.far, LAN)), ["ok"]);
    two.is_read();
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Accepted);
}

#[test]
fn what_a_stick_settles_is_told_also_while_the_post_goes_on_beside_it() {
    let (mut two, _) = without_a_line();
    for n in 2..60 {
        issues(&mut two.theirs, n, &Scan::of(900, 4), &[(ORG, n + 100)]);
    }
    two.theirs.exchanges(&two.far, LAN);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thu.vtp");
    packs(&two.near, &two.far, &file);
    assert_eq!(reads(&two.far, &file).settled, 0, "nothing of it was on its way");
    let is_read = AtomicBool::new(false);
    let read = thread::scope(|beside| {
        // What the stick brings is answered at once, and waits for the other server too.
        beside.spawn(|| {
            while !is_read.load(Ordering::Relaxed) {
                two.near.ledger.carry(clock()).unwrap();
            }
        });
        let read = unpack(&two.near.ledger, &answer(&file), clock());
        is_read.store(true, Ordering::Relaxed);
        read
    });
    let read = read.unwrap();
    assert_eq!(read.settled, 1, "{read:?}");
}

#[test]
fn a_stick_that_is_read_after_a_recall_brings_nothing_back() {
    let (mut two, _) = without_a_line();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thu.vtp");
    packs(&two.near, &two.far, &file);
    recalls(&mut two.ours, 1);
    two.ours.exchanges(&two.near, LAN);
    carries(&two.near);
    two.ours.exchanges(&two.near, LAN);
    assert_ne!(stands(&two.ours, 1), ParcelStanding::Recalled, "it may be there by now");
    two.line_returns();
    two.is_read();
    two.is_read();
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Recalled);
    assert!(arrival_of(&two.theirs, 1).is_recalled());
    let (_, before) = heads(&two);
    reads(&two.far, &file);
    two.is_read();
    assert_eq!(heads(&two).1, before, "nothing comes of it there");
    assert!(arrival_of(&two.theirs, 1).is_recalled());
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Recalled);
}

#[test]
fn a_document_its_reminder_and_its_recall_go_on_one_stick_in_their_order() {
    let (mut two, _) = without_a_line();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("mot.vtp"), folder.path().join("hai.vtp"));
    packs(&two.near, &two.far, &first);
    let parcels = vec![parcel(1)];
    two.ours.does(LAN, register::Act::Chase { parcels, note: "Nhắc".into() });
    recalls(&mut two.ours, 1);
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(packs(&two.near, &two.far, &second).posts, 3);
    reads(&two.far, &second);
    two.theirs.exchanges(&two.far, LAN);
    let arrival = arrival_of(&two.theirs, 1);
    assert!(arrival.is_recalled() && arrival.chased.len() == 1);
    let before = heads(&two);
    reads(&two.far, &first);
    assert_eq!(heads(&two), before, "the older one says nothing new");
    reads(&two.near, &answer(&second));
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Recalled);
    assert!(parcel_of(&two.ours, 1).arrived.is_some());
}

#[test]
fn a_stick_that_was_changed_anywhere_does_nothing_and_says_so() {
    let (two, _) = without_a_line();
    let folder = tempfile::tempdir().unwrap();
    let (file, other) = (folder.path().join("thu.vtp"), folder.path().join("khac.vtp"));
    packs(&two.near, &two.far, &file);
    let whole = fs::read(&file).unwrap();
    let before = heads(&two);
    let refused = |bytes: &[u8]| {
        fs::write(&other, bytes).unwrap();
        let fault = unpack(&two.far.ledger, &other, clock()).unwrap_err();
        let told =
            matches!(fault, StickFault::Broken | StickFault::NotForUs | StickFault::Stranger(_));
        assert!(told, "{fault:?}");
        assert_eq!(heads(&two), before);
        assert!(!answer(&other).exists());
    };
    for step in 0..100 {
        let mut bytes = whole.clone();
        let at = step * (whole.len() - 1) / 99;
        bytes[at] ^= 1 << (step % 8);
        refused(&bytes);
    }
    for end in [0, 15, 60, 128, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..end]);
    }
    refused(&[whole.as_slice(), b"x"].concat());
    // A frame that is left out, and the whole of it by somebody else.
    let stranger = Server::other(99);
    knows(&stranger, &two.far, "Tỉnh bên", "");
    packs(&stranger, &two.far, &other);
    let fault = unpack(&two.far.ledger, &other, clock()).unwrap_err();
    assert!(matches!(fault, StickFault::Stranger(_)), "{fault:?}");
    let fault = unpack(&stranger.ledger, &file, clock()).unwrap_err();
    assert!(matches!(fault, StickFault::NotForUs), "{fault:?}");
    assert_eq!(reads(&two.far, &file).entered, 1, "the whole one still goes");
}

#[test]
fn the_operator_carries_a_file_and_is_told_what_became_of_it() {
    let (folders, files) = (
        [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()],
        tempfile::tempdir().unwrap(),
    );
    let dirs = [folders[0].path(), folders[1].path()];
    let keys = dirs.map(|dir| {
        let (_, text) = says(&["init"], dir);
        text.split("công khai: ").nth(1).unwrap().lines().next().unwrap().to_owned()
    });
    let file = files.path().join("thu.vtp");
    let name = file.to_str().unwrap();
    let (done, text) = says(&["peer", "pack", "--to", "Tỉnh bên", "--file", name], dirs[0]);
    assert!(!done && text.contains("peer list"), "{text}");
    says(&["peer", "add", "--key", &keys[1], "--name", "Tỉnh bên"], dirs[0]);
    let (done, text) = says(&["peer", "pack", "--to", "Tỉnh bên", "--file", name], dirs[0]);
    assert!(done && text.contains("Đã ghi 0 mục"), "{text}");
    let (done, text) = says(&["peer", "unpack", "--file", name], dirs[1]);
    assert!(!done && text.contains("chưa được ghi ở đây") && text.contains(&keys[0]), "{text}");
    says(&["peer", "add", "--key", &keys[0], "--name", "Tỉnh ta"], dirs[1]);
    let (done, text) = says(&["peer", "unpack", "--file", name], dirs[1]);
    assert!(done && text.contains("“Tỉnh ta”") && text.contains("Không cần mang gì"), "{text}");
    let (done, text) = says(&["peer", "unpack", "--file", name], dirs[0]);
    assert!(!done && text.contains("gửi cho máy chủ khác"), "{text}");
    fs::write(&file, b"khong phai").unwrap();
    let (done, text) = says(&["peer", "unpack", "--file", name], dirs[1]);
    assert!(!done && text.contains("hỏng") && text.contains("chưa nhận gì"), "{text}");
    assert!(says(&["peer", "list"], dirs[1]).1.contains("chỉ bằng thẻ nhớ"));
}
