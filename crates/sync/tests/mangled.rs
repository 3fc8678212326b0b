//! Commands of every shape: read or refused, then judged, and never the end of the program.
#![allow(clippy::unwrap_used, reason = "a broken expectation should stop the test where it stands")]
use mangled::{Mangler, mangles};
use register::{
    Act, AgencyId, BookId, Command, CommandId, DeviceId, DirectiveGiven, DirectiveId, DocumentId,
    IncomingField, IncomingFields, IncomingRegistered, LeaseClaim, LeaseForced, Moment, OfficerId,
    Party, Picture, Signer, TaskId, TaskSet, Weight, admit,
};
use serde_json::{Value, json};
use sync::peer::{Bag, Seal, SealedBag, bag_hash, fair, read_post, seal_bytes};
use sync::release::{RELEASE_HEAD_BYTES, Release};
use sync::wire::{Hex, Hex32, Pushed};
use sync::{SigningKey, decode, encode, sign, verify};

/// Commands and bags read in the tests of every day.
const ROUNDS: u64 = 20_000;

fn registered() -> Act {
    let on = "2026-11-20".parse().unwrap();
    Act::RegisterIncoming(IncomingRegistered {
        document: DocumentId([7; 16]),
        book: BookId([3; 16]),
        arrived_on: on,
        fields: IncomingFields {
            number: "12".into(),
            issued_on: Some(on),
            issuer: "UBND tỉnh".into(),
            kind: "cong-van".into(),
            subject: "Về việc rà soát hồ đập".into(),
            ..IncomingFields::default()
        },
        attachments: Vec::new(),
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    })
}

fn directed() -> Act {
    let task = TaskSet {
        task: TaskId([9; 16]),
        content: "Tham mưu trả lời".into(),
        lead: Party::Officer(OfficerId([4; 16])),
        co: Vec::new(),
        deadline: None,
        weight: Weight::Regular,
        product: String::new(),
    };
    Act::Direct(DirectiveGiven {
        document: DocumentId([7; 16]),
        directive: DirectiveId([8; 16]),
        text: "Giao thực hiện".into(),
        task: Some(task),
        information: Vec::new(),
    })
}

fn acts() -> Vec<Act> {
    let (book, document) = (BookId([3; 16]), DocumentId([7; 16]));
    vec![
        registered(),
        directed(),
        Act::GiveNumber { document, outgoing: false },
        Act::HandOverLease { book, epoch: 3, to: DeviceId([2; 16]) },
        Act::ForceLease(LeaseForced {
            book,
            to: None,
            year: 2026,
            last_number: 57,
            last_date: "2026-11-20".parse().unwrap(),
            reason: "máy hỏng".into(),
            epoch: Some(4),
        }),
        Act::EditIncoming {
            document,
            field: IncomingField::Note,
            old: String::new(),
            new: "ghi chú".into(),
        },
    ]
}

fn commands() -> Vec<Value> {
    let command = |act| Command {
        v: 1,
        id: CommandId([1; 16]),
        org: AgencyId([2; 16]),
        dev: DeviceId([3; 16]),
        n: 1,
        actor: OfficerId([4; 16]),
        at: Moment(1_795_000_000_000),
        off: 0,
        seen: 0,
        kv: 1,
        need: vec![CommandId([5; 16])],
        lease: Some(LeaseClaim { book: BookId([3; 16]), epoch: 3, year: 2026, number: 57 }),
        blobs: Vec::new(),
        act,
    };
    let text = |act| serde_json::from_slice(&encode(&command(act)).unwrap()).unwrap();
    acts().into_iter().map(text).collect()
}

#[test]
fn a_command_of_any_shape_is_read_or_refused() {
    let (commands, key) = (commands(), SigningKey::from_bytes(&[1; 32]));
    let mut read = 0_u64;
    let once = |mangler: &mut Mangler| {
        let mut command = mangler.pick(&commands).unwrap().clone();
        mangler.value(&mut command);
        let mut raw = serde_json::to_vec(&command).unwrap();
        if mangler.below(2) == 0 {
            mangler.bytes(&mut raw);
        }
        let envelope = sign(raw, &key);
        let _ = verify(&envelope, &key.verifying_key());
        let _ = Pushed::of(&envelope).map(|pushed| pushed.envelope());
        if let Ok(command) = decode(&envelope.raw) {
            read += 1;
            let _ = encode(&command);
            let _ = admit(&Picture::new(), &command, Signer::Officer, Moment(0));
        }
    };
    mangles("command", ROUNDS, once);
    assert!(read > 100, "{read} were commands still");
}

/// A bag with a document, a receipt, an agency and what became of two matters.
fn bag() -> Value {
    let text = r#"{"v":1,"life":1,"back_to":0,"at":1795000000000,
        "knows":{"life":1,"upto":7},
        "listing":{"above":0,"upto":9,"entries":[{"id":"b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7",
            "name":"UBND xã","code":"H50.02","parent":"UBND tỉnh","on_exchange":true}]},
        "posts":[
            {"id":"01010101010101010101010101010101","post":{
                "from":"b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7",
                "to":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0",
                "matter":{"matter":"recall","body":{
                    "parcel":"02020202020202020202020202020202","at":1795000000000,
                    "by":"Lan","reason":"sai","replaced_by":null}}}},
            {"id":"03030303030303030303030303030303","post":{
                "from":"b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7b7",
                "to":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0",
                "matter":{"matter":"receipt","body":{
                    "parcel":"04040404040404040404040404040404",
                    "place":{"epoch":1,"seq":3},"at":1795000000000,"by":"",
                    "told":{"is":"arrived"}}}}}],
        "done":[
            {"id":"05050505050505050505050505050505","became":"entered"},
            {"id":"06060606060606060606060606060606","became":"lacks","files":[
                {"blob":"0707070707070707070707070707070707070707070707070707070707070707",
                 "size":700000,"have":"c0"}]}]}"#;
    serde_json::from_str(text).unwrap()
}

fn sealed(key: &SigningKey, to: &Hex32, raw: String) -> SealedBag {
    use ed25519_dalek::Signer as _;
    let (from, hash) = (Hex(key.verifying_key().to_bytes()), bag_hash(raw.as_bytes()));
    let sig = Hex(key.sign(&seal_bytes(&from, to, &hash)).to_bytes());
    SealedBag { seal: Seal { from, to: *to, hash, sig }, raw }
}

#[test]
fn a_bag_of_any_shape_is_read_or_refused() {
    let (key, ours) = (SigningKey::from_bytes(&[1; 32]), Hex([2; 32]));
    let whole = bag();
    let read = sealed(&key, &ours, whole.to_string()).open(&ours).unwrap();
    assert_eq!(read.posts.iter().filter(|sent| read_post(sent).is_ok()).count(), 2);
    let (mut understood, mut posts) = (0_u64, 0_u64);
    let mut opens = |bag: Result<Bag, _>| {
        let Ok(bag) = bag else { return };
        understood += 1;
        posts += bag.posts.iter().filter(|sent| read_post(sent).is_ok()).count() as u64;
        bag.listing.entries.iter().for_each(|entry| drop(fair(entry)));
    };
    let once = |mangler: &mut Mangler| {
        let mut value = whole.clone();
        mangler.value(&mut value);
        let mut raw = value.to_string().into_bytes();
        if mangler.below(2) == 0 {
            mangler.bytes(&mut raw);
        }
        // Signed by a server of another mind, and then changed on the way.
        let mut bag = sealed(&key, &ours, String::from_utf8_lossy(&raw).into_owned());
        opens(bag.open(&ours));
        let mut seal = bag.seal.to_string().into_bytes();
        mangler.bytes(&mut seal);
        if let Some(seal) = Seal::parse(&String::from_utf8_lossy(&seal)) {
            bag.seal = seal;
            opens(bag.open(&ours));
        }
    };
    mangles("peer", ROUNDS, once);
    assert!(understood > 100 && posts > 100, "{understood} were bags still, with {posts} matters");
}

/// A release as its publisher might have made it: whatever its text, the signature is right.
fn released(key: &SigningKey, raw: String) -> Release {
    use ed25519_dalek::Signer as _;
    let sig = Hex(key.sign(&[b"vanthu/release/1\0", raw.as_bytes()].concat()).to_bytes());
    Release { raw, key: Hex(key.verifying_key().to_bytes()), sig }
}

#[test]
fn a_release_of_any_shape_is_read_or_refused() {
    let sum = |bytes: u64, byte: &str| json!({ "bytes": bytes, "sha256": byte.repeat(32) });
    let whole = json!({
        "version": "0.2.0", "platform": "linux-x86_64", "made": 1_795_000_000_000_i64,
        "notes": "Sửa lỗi in sổ", "register": 4, "after": "0.1.0",
        "files": [
            { "program": "vanthu-desktop", "plain": sum(9, "01"), "packed": sum(5, "02") },
        ],
    });
    let key = SigningKey::from_bytes(&[1; 32]);
    let ours = [Hex(key.verifying_key().to_bytes())];
    let read_head = |bytes: &[u8]| {
        let head = bytes.get(..RELEASE_HEAD_BYTES)?.try_into().ok()?;
        let long = Release::long(head).ok()?;
        let release = bytes.get(RELEASE_HEAD_BYTES..)?.get(..long)?;
        Release::parse(release).ok()
    };
    assert!(released(&key, whole.to_string()).read(&ours).is_ok());
    let mut read = 0_u64;
    let once = |mangler: &mut Mangler| {
        let mut value = whole.clone();
        mangler.value(&mut value);
        let mut raw = value.to_string().into_bytes();
        if mangler.below(2) == 0 {
            mangler.bytes(&mut raw);
        }
        let release = released(&key, String::from_utf8_lossy(&raw).into_owned());
        read += u64::from(release.read(&ours).is_ok());
        let Ok(mut bytes) = release.head() else { return };
        mangler.bytes(&mut bytes);
        if let Some(release) = read_head(&bytes) {
            let _ = release.read(&ours);
        }
    };
    mangles("release", ROUNDS, once);
    assert!(read > 100, "{read} were releases still");
}
