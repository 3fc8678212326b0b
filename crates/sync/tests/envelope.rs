//! A signed command is what was signed, and a log shows every entry that was touched.
use register::{
    Act, AgencyId, Command, CommandId, DeviceId, DocumentId, Id, Moment, OfficerId, TaskId,
};
use sync::{
    CommandFault, Envelope, Link, SigningKey, decode, encode, genesis, link_hash, sign, verify,
};

fn id(number: u8) -> Id {
    [number; 16]
}

fn command(act: Act) -> Command {
    Command {
        v: 1,
        id: CommandId(id(1)),
        org: AgencyId(id(2)),
        dev: DeviceId(id(3)),
        n: 1,
        actor: OfficerId(id(4)),
        at: Moment(1_795_000_000_000),
        off: 0,
        seen: 0,
        kv: 1,
        need: Vec::new(),
        lease: None,
        blobs: Vec::new(),
        act,
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

#[test]
fn a_command_read_back_is_the_command_that_was_signed() {
    let given =
        command(Act::Progress { task: TaskId(id(7)), percent: 40, note: "Đã đo đạc".into() });
    let envelope = sign(encode(&given).unwrap(), &key(1));
    assert_eq!(verify(&envelope, &key(1).verifying_key()), Ok(()));
    assert_eq!(decode(&envelope.raw), Ok(given));
}

#[test]
fn a_changed_byte_or_another_key_is_no_signature() {
    let given = command(Act::Seen { document: DocumentId(id(7)), outgoing: false });
    let envelope = sign(encode(&given).unwrap(), &key(1));
    let mut changed = envelope.clone();
    changed.raw[10] ^= 1;
    let wrong = Err(CommandFault::BadSignature);
    assert_eq!(verify(&changed, &key(1).verifying_key()), wrong);
    assert_eq!(verify(&envelope, &key(2).verifying_key()), wrong);
}

#[test]
fn a_command_over_its_limit_is_neither_written_nor_read() {
    let note = "x".repeat(70_000);
    let long = command(Act::Progress { task: TaskId(id(7)), percent: 40, note });
    assert_eq!(encode(&long), Err(CommandFault::TooLarge));
    assert_eq!(decode(&vec![b' '; 70_000]), Err(CommandFault::TooLarge));
    assert_eq!(decode(b"{}"), Err(CommandFault::Unreadable));
}

#[test]
fn every_part_of_an_entry_changes_its_hash() {
    let before = genesis(AgencyId(id(2)));
    let link = Link { seq: 1, at: 5, outcome: "ok", eff: b"" };
    let envelope = Envelope { raw: b"{}".to_vec(), sig: [9; 64] };
    let hash = link_hash(&before, link, &envelope);
    let other_raw = Envelope { raw: b"[]".to_vec(), ..envelope.clone() };
    let other_sig = Envelope { sig: [8; 64], ..envelope.clone() };
    let others = [
        link_hash(&genesis(AgencyId(id(3))), link, &envelope),
        link_hash(&before, Link { seq: 2, ..link }, &envelope),
        link_hash(&before, Link { at: 6, ..link }, &envelope),
        link_hash(&before, Link { outcome: "held", ..link }, &envelope),
        link_hash(&before, Link { eff: b"1", ..link }, &envelope),
        link_hash(&before, link, &other_raw),
        link_hash(&before, link, &other_sig),
    ];
    assert!(others.iter().all(|other| *other != hash));
    assert_eq!(hash, link_hash(&before, link, &envelope));
}
