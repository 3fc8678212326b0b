//! Files: up in parts over any line, down to those who see what names them, and to nobody else.
use std::sync::mpsc::{Sender, channel};

use register::{Act, Attachment, BlobId, OutgoingFields, Recipient};
use sha2::{Digest, Sha256};
use sync::wire::{BLOB_BYTES_MAX, BlobStanding, PART_BYTES, PARTS_BYTES_MAX, PartHashes, Trouble};

use crate::cast::{AN, LAN, MAI, Pc, ROOM, SEED, Server, TU, doc, words};
use crate::line::{Line, Listening, understood};
use crate::operator::{code_of_a_new_server, comes_to_it, serving, way};

/// Looks at how far a file is, until a call that broke off must have ended.
const LOOKS_MAX: usize = 5_000;

/// A scan, and what it is called.
pub struct Scan {
    pub bytes: Vec<u8>,
    pub blob: BlobId,
}

impl Scan {
    pub fn of(size: u64, seed: u8) -> Scan {
        let bytes: Vec<u8> = (0..size).map(|at| (at / 7 + at % 251) as u8 ^ seed).collect();
        Scan { blob: BlobId(Sha256::digest(&bytes).into()), bytes }
    }

    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub fn attachment(&self) -> Attachment {
        let (name, mime) = ("Công văn.pdf".into(), "application/pdf".into());
        Attachment { blob: self.blob, name, mime, size: self.size(), pages: None }
    }

    pub fn attach(&self, n: u8) -> Act {
        Act::Attach { document: doc(n), outgoing: false, files: vec![self.attachment()] }
    }

    fn draft(&self, n: u8) -> Act {
        let fields = OutgoingFields {
            kind: "cong-van".into(),
            subject: "Trả lời".into(),
            signer: "Hùng".into(),
            recipients: vec![Recipient { name: "UBND tỉnh".into(), code: String::new() }],
            ..OutgoingFields::default()
        };
        let (document, attachments) = (doc(n), vec![self.attachment()]);
        Act::Draft { document, fields, attachments, answers: None, task: None, replaces: None }
    }
}

type Told<T> = Result<T, (u16, Trouble)>;

impl Line {
    pub fn stands(&self, scan: &Scan, token: &str) -> Told<BlobStanding> {
        self.gets(&format!("/v1/blob/{}/standing?size={}", scan.blob, scan.size()), token)
    }

    pub fn puts(&self, scan: &Scan, token: &str, (from, end): (u64, u64)) -> Told<BlobStanding> {
        let end = end.min(scan.size());
        self.puts_bytes(scan, token, from, &scan.bytes[from as usize..end as usize])
    }

    fn puts_bytes(&self, scan: &Scan, token: &str, from: u64, bytes: &[u8]) -> Told<BlobStanding> {
        let head = put_head(scan, token, (from, from + bytes.len() as u64), &hashes(bytes));
        understood(self.raw(&head, bytes))
    }

    /// Sends what is missing, as a PC does it.
    pub fn sends(&self, scan: &Scan, token: &str) -> BlobStanding {
        let mut standing = self.stands(scan, token).unwrap();
        while let Some(part) = standing.missing().first() {
            let from = part * PART_BYTES;
            standing = self.puts(scan, token, (from, from + PARTS_BYTES_MAX)).unwrap();
        }
        standing
    }

    pub fn reads(&self, scan: &Scan, token: &str, more: &str) -> (u16, String, Vec<u8>) {
        let path = format!("GET /v1/blob/{} HTTP/1.1", scan.blob);
        self.raw(&format!("{path}\r\nauthorization: Bearer {token}{more}"), b"")
    }
}

fn hashes(bytes: &[u8]) -> String {
    PartHashes::of(bytes).to_string()
}

fn put_head(scan: &Scan, token: &str, (from, end): (u64, u64), hash: &str) -> String {
    format!(
        "PUT /v1/blob/{} HTTP/1.1\r\nauthorization: Bearer {token}\r\nx-part-sha256: {hash}\r\n\
         content-range: bytes {from}-{}/{}",
        scan.blob,
        end - 1,
        scan.size()
    )
}

/// A server where Lan has attached the scan to letter 1, and her PC has told so.
fn attached(scan: &Scan) -> (Server, Pc) {
    let server = Server::new();
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    assert_eq!(words(&pc.exchanges(&server, LAN)), ["ok"]);
    (server, pc)
}

#[test]
fn a_file_goes_up_in_any_order_over_a_server_that_is_ended_and_comes_down_whole_or_in_part() {
    let scan = Scan::of(PART_BYTES * 5 + 77, 1);
    let (server, pc) = attached(&scan);
    {
        let line = Listening::of(&server);
        let token = line.session(&pc, LAN);
        assert_eq!(line.stands(&scan, &token).unwrap().missing().len(), 6);
        line.puts(&scan, &token, (PART_BYTES * 5, u64::MAX)).unwrap();
        line.puts(&scan, &token, (PART_BYTES, PART_BYTES * 3)).unwrap();
        let again = line.puts(&scan, &token, (PART_BYTES, PART_BYTES * 3)).unwrap();
        assert!(!again.stored);
        assert_eq!(line.reads(&scan, &token, "").0, 404, "half a file is none");
    }
    let server = server.begun_again();
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let standing = line.stands(&scan, &token).unwrap();
    assert_eq!(standing.missing(), [0, 3, 4]);
    let done = line.sends(&scan, &token);
    assert_eq!((done.stored, done.size), (true, scan.size()));
    assert!(line.puts(&scan, &token, (0, PART_BYTES)).unwrap().stored, "once more does no harm");
    let (status, head, bytes) = line.reads(&scan, &token, "");
    assert_eq!((status, bytes == scan.bytes), (200, true));
    assert!(head.contains(&format!("etag: \"{}\"", scan.blob)), "{head}");
    let range = |range: &str| line.reads(&scan, &token, &format!("\r\nrange: bytes={range}"));
    let (status, head, bytes) = range("262143-262145");
    assert_eq!((status, bytes.as_slice()), (206, &scan.bytes[262_143..=262_145]));
    assert!(head.contains(&format!("content-range: bytes 262143-262145/{}", scan.size())));
    assert_eq!(range("-10").2, scan.bytes[scan.bytes.len() - 10..]);
    assert_eq!(range(&format!("{}-", scan.size() - 3)).2, scan.bytes[scan.bytes.len() - 3..]);
    assert_eq!(range(&format!("{}-", scan.size())).0, 416);
    assert_eq!(range("5-2").0, 200, "what is no range is the whole");
    let other = line.reads(&scan, &token, "\r\nrange: bytes=0-1\r\nif-range: \"other\"");
    assert_eq!(other.0, 200);
    let path = format!("HEAD /v1/blob/{} HTTP/1.1\r\nauthorization: Bearer {token}", scan.blob);
    // The head names a length that no body follows.
    assert!(line.try_raw(&path, b"").is_none());
    let found = server::verify(&*server.storage, &server::Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, []);
}

#[test]
fn bytes_that_are_not_those_of_their_hash_are_never_kept() {
    let scan = Scan::of(PART_BYTES + 9, 2);
    let (server, pc) = attached(&scan);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let wrong = put_head(&scan, &token, (0, PART_BYTES), &"0".repeat(64));
    let told = understood::<BlobStanding>(line.raw(&wrong, &scan.bytes[..PART_BYTES as usize]));
    assert_eq!(told.unwrap_err(), (422, Trouble::WrongBytes));
    assert_eq!(line.stands(&scan, &token).unwrap().missing().len(), 2);
    // A part that was read wrongly from its disk before it was hashed.
    line.puts_bytes(&scan, &token, 0, &vec![7; PART_BYTES as usize]).unwrap();
    let told = line.puts(&scan, &token, (PART_BYTES, u64::MAX)).unwrap_err();
    assert_eq!(told, (422, Trouble::WrongBytes));
    assert_eq!(line.stands(&scan, &token).unwrap().missing().len(), 2);
    assert_eq!(line.reads(&scan, &token, "").0, 404);
    assert!(line.sends(&scan, &token).stored, "it begins anew, and is right");
    assert_eq!(line.reads(&scan, &token, "").2, scan.bytes);
}

#[test]
fn of_a_call_that_breaks_off_or_is_spoiled_the_parts_before_that_place_are_kept() {
    let scan = Scan::of(PART_BYTES * 4, 12);
    let (server, pc) = attached(&scan);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let head = put_head(&scan, &token, (0, PART_BYTES * 4), &hashes(&scan.bytes));
    line.breaks_off(&head, &scan.bytes, (PART_BYTES * 2 + 1_000) as usize);
    // Nobody waits for the end of a call whose line is gone, so its end is looked for.
    let mut kept = (0..LOOKS_MAX).map(|_| line.stands(&scan, &token).unwrap().missing());
    assert_eq!(kept.find(|missing| missing.len() != 4), Some(vec![2, 3]));
    let mut spoiled = scan.bytes[(PART_BYTES * 2) as usize..].to_vec();
    let right = hashes(&spoiled);
    spoiled[PART_BYTES as usize + 5] ^= 1;
    let head = put_head(&scan, &token, (PART_BYTES * 2, PART_BYTES * 4), &right);
    let told = understood::<BlobStanding>(line.raw(&head, &spoiled)).unwrap_err();
    assert_eq!(told, (422, Trouble::WrongBytes));
    assert_eq!(line.stands(&scan, &token).unwrap().missing(), [3]);
    assert!(line.sends(&scan, &token).stored);
    assert_eq!(line.reads(&scan, &token, "").2, scan.bytes);
}

#[test]
fn parts_of_any_other_shape_are_told_so() {
    let scan = Scan::of(PART_BYTES * 5, 3);
    let (server, pc) = attached(&scan);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    for (from, end) in [(1, PART_BYTES), (0, PART_BYTES - 1), (0, 1), (PART_BYTES, PART_BYTES + 5)]
    {
        let (status, trouble) = line.puts(&scan, &token, (from, end)).unwrap_err();
        assert_eq!((status, matches!(trouble, Trouble::Malformed { .. })), (400, true), "{from}");
    }
    let too_many = line.try_raw(&put_head(&scan, &token, (0, PART_BYTES * 5), ""), &scan.bytes);
    assert_eq!(too_many.map(|answer| answer.0), Some(413));
    let hash = "0".repeat(64);
    let path = format!("PUT /v1/blob/{} HTTP/1.1\r\nauthorization: Bearer {token}", scan.blob);
    for head in [
        path.clone(),
        format!("{path}\r\nx-part-sha256: {hash}"),
        format!("{path}\r\nx-part-sha256: {hash}\r\ncontent-range: bytes 0-0/1"),
        format!("{path}\r\nx-part-sha256: {hash}\r\ncontent-range: bytes 5-4/9"),
        format!("{path}\r\nx-part-sha256: {hash}\r\ncontent-range: bytes */9"),
        format!("{path}\r\nx-part-sha256: {hash}\r\ncontent-range: bytes 0-{}/9", u64::MAX),
    ] {
        assert_eq!(line.raw(&head, b"").0, 400, "{head}");
    }
    for size in [0, BLOB_BYTES_MAX + 1, u64::MAX] {
        let path = format!("/v1/blob/{}/standing?size={size}", scan.blob);
        assert_eq!(line.gets::<BlobStanding>(&path, &token).unwrap_err().0, 400);
    }
    assert_eq!(line.gets::<BlobStanding>("/v1/blob/x/standing?size=1", &token).unwrap_err().0, 400);
}

#[test]
fn a_file_that_no_command_names_is_not_taken_and_is_not_there() {
    let scan = Scan::of(1000, 4);
    let server = Server::new();
    let pc = server.adopted();
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let not_found = (404, Trouble::NotFound);
    assert_eq!(line.stands(&scan, &token).unwrap_err(), not_found);
    assert_eq!(line.puts(&scan, &token, (0, 1000)).unwrap_err(), not_found);
    assert_eq!(line.reads(&scan, &token, "").0, 404);
    assert_eq!(line.stands(&scan, "").unwrap_err(), (401, Trouble::NoSession));
    assert_eq!(line.puts(&scan, "", (0, 1000)).unwrap_err(), (401, Trouble::NoSession));
    assert_eq!(line.reads(&scan, "", "").0, 401);
    let large = Scan::of(PARTS_BYTES_MAX, 4);
    let told = line.puts(&large, "", (0, PARTS_BYTES_MAX)).unwrap_err();
    assert_eq!(told, (401, Trouble::NoSession), "he is heard to the end, and hears it");
}

#[test]
fn who_sees_the_document_has_the_file_and_who_does_not_has_nothing_though_he_knows_its_hash() {
    let scan = Scan::of(PART_BYTES + 1, 5);
    let (server, first) = attached(&scan);
    let mut second = server.enrols(&first, 2, MAI);
    let mut third = server.enrols(&first, 3, AN);
    second.exchanges(&server, MAI);
    third.exchanges(&server, AN);
    let line = Listening::of(&server);
    let of = |pc: &Pc, officer| line.session(pc, officer);
    let (lan, mai, an) = (of(&first, LAN), of(&second, MAI), of(&third, AN));
    assert_eq!(line.reads(&scan, &mai, "").0, 404, "it has not come yet");
    assert!(!line.stands(&scan, &mai).unwrap().stored, "but she may know that it is to come");
    line.sends(&scan, &lan);
    assert_eq!(line.reads(&scan, &mai, "").2, scan.bytes);
    assert_eq!(line.reads(&scan, &an, "").0, 404);
    assert_eq!(line.stands(&scan, &an).unwrap_err().0, 404);
    // He names the hash on a draft of his own: he sees the draft, and still has to have the bytes.
    third.does(AN, scan.draft(70));
    assert_eq!(words(&third.exchanges(&server, AN)), ["ok"]);
    assert_eq!(line.reads(&scan, &an, "").0, 404);
    let standing = line.stands(&scan, &an).unwrap();
    assert_eq!((standing.stored, standing.missing().len()), (false, 2));
    line.puts(&scan, &an, (0, PART_BYTES)).unwrap();
    assert_eq!(line.reads(&scan, &an, "").0, 404, "not for half of them");
    // Lan sees his draft too; that she has the bytes does not open it to him.
    assert!(line.puts(&scan, &lan, (0, PART_BYTES)).unwrap().stored);
    assert_eq!(line.reads(&scan, &an, "").0, 404);
    assert!(line.sends(&scan, &an).stored);
    assert_eq!(line.reads(&scan, &an, "").2, scan.bytes);
}

#[test]
fn who_may_read_a_file_names_it_elsewhere_without_sending_it_again() {
    let scan = Scan::of(500, 6);
    let (server, first) = attached(&scan);
    let mut second = server.enrols(&first, 2, MAI);
    second.exchanges(&server, MAI);
    let line = Listening::of(&server);
    line.sends(&scan, &line.session(&first, LAN));
    second.does(MAI, scan.attach(2));
    let detach = Act::Detach {
        document: doc(1),
        outgoing: false,
        blob: scan.blob,
        reason: "nhầm văn bản".into(),
    };
    second.does(MAI, detach);
    assert_eq!(words(&second.exchanges(&server, MAI)), ["ok", "ok"]);
    let mai = line.session(&second, MAI);
    assert!(line.stands(&scan, &mai).unwrap().stored);
    assert_eq!(line.reads(&scan, &mai, "").2, scan.bytes);
    second.does(
        MAI,
        Act::Detach { document: doc(2), outgoing: false, blob: scan.blob, reason: "thừa".into() },
    );
    second.exchanges(&server, MAI);
    assert_eq!(line.reads(&scan, &mai, "").0, 404, "nothing names it any more");
}

#[test]
fn two_pcs_send_the_same_file_at_once_and_neither_spoils_it() {
    let scan = Scan::of(PART_BYTES * 9 + 3, 7);
    let (server, first) = attached(&scan);
    let mut second = server.enrols(&first, 2, MAI);
    second.exchanges(&server, MAI);
    second.does(MAI, scan.attach(2));
    second.exchanges(&server, MAI);
    let line = Listening::of(&server);
    let tokens = [line.session(&first, LAN), line.session(&second, MAI)];
    std::thread::scope(|scope| {
        // Each PC has two that send, as one does that was begun again over a slow line.
        for token in tokens.iter().chain(&tokens) {
            scope.spawn(|| assert!(line.sends(&scan, token).stored));
        }
    });
    for token in &tokens {
        assert_eq!(line.reads(&scan, token, "").2, scan.bytes);
    }
    let parts = server.folder.path().join("blobs").join(crate::cast::ORG.hex()).join("parts");
    assert_eq!(std::fs::read_dir(parts).unwrap().count(), 0, "nothing is left of the way");
}

#[test]
fn an_agency_has_only_so_much_under_way() {
    let scans: Vec<Scan> = (0..3).map(|n| Scan::of(ROOM / 2 - PART_BYTES, 10 + n)).collect();
    let server = Server::new();
    let mut pc = server.adopted();
    let files = scans.iter().map(Scan::attachment).collect();
    pc.does(LAN, Act::Attach { document: doc(1), outgoing: false, files });
    pc.exchanges(&server, LAN);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    line.puts(&scans[0], &token, (0, PART_BYTES)).unwrap();
    line.puts(&scans[1], &token, (0, PART_BYTES)).unwrap();
    let full = line.puts(&scans[2], &token, (0, PART_BYTES)).unwrap_err();
    assert_eq!(full, (507, Trouble::NoRoom));
    assert!(line.sends(&scans[0], &token).stored);
    assert!(line.sends(&scans[2], &token).stored, "there is room again");
}

#[test]
fn a_pc_that_was_shut_out_has_no_files() {
    let scan = Scan::of(400, 8);
    let (server, mut first) = attached(&scan);
    let line = Listening::of(&server);
    line.sends(&scan, &line.session(&first, LAN));
    let lost = server.enrols(&first, 2, MAI);
    let token = line.session(&lost, MAI);
    assert_eq!(line.reads(&scan, &token, "").0, 200);
    first.does(TU, Act::RevokeDevice { device: lost.dev, reason: "mất máy".into() });
    first.exchanges(&server, TU);
    assert_eq!(line.reads(&scan, &token, "").0, 403);
    assert_eq!(line.stands(&scan, &token).unwrap_err(), (403, Trouble::Revoked));
    assert_eq!(line.puts(&scan, &token, (0, 400)).unwrap_err(), (403, Trouble::Revoked));
}

/// Sends what is missing until the line breaks; counts the bytes it sent.
fn sends_until_killed(line: Line, scan: &Scan, pc: &Pc, tell: &Sender<BlobStanding>) -> u64 {
    let token = line.session(pc, LAN);
    let mut sent = 0;
    let mut standing = line.stands(scan, &token).unwrap();
    while let Some(part) = standing.missing().first() {
        let from = part * PART_BYTES;
        let bytes = &scan.bytes[from as usize..(from + PART_BYTES).min(scan.size()) as usize];
        let hash = hashes(bytes);
        let head = put_head(scan, &token, (from, from + bytes.len() as u64), &hash);
        sent += bytes.len() as u64;
        let Some(answer) = line.try_raw(&head, bytes) else { return sent };
        standing = understood(answer).unwrap();
        tell.send(standing.clone()).unwrap();
    }
    sent
}

#[test]
fn parts_that_were_answered_are_there_after_the_server_is_killed() {
    let scan = Scan::of(PART_BYTES * 24 + 5, 9);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let code = code_of_a_new_server(dir);
    let mut pc = Pc::founded();
    pc.does(LAN, scan.attach(1));
    let mut running = serving(dir);
    comes_to_it(&mut pc, way(&running.2), &code);
    let mut sent = 0;
    let mut kills = 0;
    loop {
        let (tell, told) = channel();
        let (line, scan, pc) = (way(&running.2), &scan, &pc);
        let last = std::thread::scope(|scope| {
            let sending = scope.spawn(move || sends_until_killed(line, scan, pc, &tell));
            let last = told.iter().take(5).last();
            running.0.kill().unwrap();
            running.0.wait().unwrap();
            sent += sending.join().unwrap();
            told.iter().last().or(last)
        });
        kills += 1;
        running = serving(dir);
        let line = way(&running.2);
        let token = line.session(pc, LAN);
        let standing = line.stands(scan, &token).unwrap();
        let answered = last.unwrap();
        assert!(standing.stored || standing.missing().len() <= answered.missing().len());
        if standing.stored {
            break;
        }
    }
    let line = way(&running.2);
    let token = line.session(&pc, LAN);
    assert_eq!(line.reads(&scan, &token, "").2, scan.bytes);
    assert!(kills >= 4 && sent <= scan.size() + kills * PART_BYTES, "{sent} in {kills}");
    running.0.kill().unwrap();
    running.0.wait().unwrap();
}

#[test]
fn a_look_over_tells_a_file_that_is_gone_and_one_that_nobody_has_proven() {
    let scan = Scan::of(PART_BYTES + 40, 9);
    let (server, pc) = attached(&scan);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let blobs = server::BlobsInFolder::new(&server.folder.path().join("blobs"));
    let flaws = || {
        let identity = server::Identity::of(&SEED);
        server::verify_with_files(&*server.storage, &identity, &blobs).unwrap().remove(0)
    };
    assert_eq!(flaws().flaws, [], "what was never sent is not missing");
    line.sends(&scan, &token);
    assert_eq!(flaws().flaws, []);
    let disk = rusqlite::Connection::open(server.folder.path().join(server::STORAGE_FILE)).unwrap();
    let says = |proven: bool| {
        let changed = disk.execute("UPDATE blob_use SET proven = ?1", [proven]).unwrap();
        assert!(changed > 0);
    };
    says(false);
    let found = flaws();
    let unproven = |flaw: &server::Flaw| matches!(flaw, server::Flaw::File { .. });
    assert!(!found.flaws.is_empty() && found.flaws.iter().all(unproven), "{:?}", found.flaws);
    says(true);
    server::Blobs::remove(&blobs, found.org, scan.blob).unwrap();
    let found = flaws();
    let gone = |flaw: &server::Flaw| matches!(flaw, server::Flaw::FileGone { .. });
    assert!(!found.flaws.is_empty() && found.flaws.iter().all(gone), "{:?}", found.flaws);
}
