//! Hand-over files of every shape: read or refused, in little memory.
use mangled::{Mangler, mangles};
use register::{
    AgencyId, Book, BookId, Device, DeviceId, Direction, Holder, Lease, Moment, OfficerId,
    PublicKey, YearCount,
};

use super::{Bundle, FILE_BYTES_MAX, Hex, PLAIN_BYTES_MAX, Pushed, SigningKey, sealed_for};

/// Files read in the tests of every day.
const ROUNDS: u64 = 1_500;
/// One file in so many is as large as it may be.
const LARGE_ONE_IN: u64 = 300;
const GIVER: DeviceId = DeviceId([1; 16]);
const RECEIVER: DeviceId = DeviceId([2; 16]);
const CLERK: OfficerId = OfficerId([3; 16]);

fn signing(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

fn device(id: DeviceId, key: &SigningKey) -> Device {
    let keys = [(CLERK, vec![PublicKey(key.verifying_key().to_bytes())])].into();
    let since = Moment(1_795_000_000_000);
    Device { id, name: "VT-01".into(), keys, since, revoked: None, retired: None }
}

fn bundle() -> Bundle {
    let raw = r#"{"v":1,"n":7,"act":{"kind":"document.number"}}"#.to_owned();
    let pushed = Pushed { raw, sig: Hex([9; 64]), before: None };
    Bundle {
        agency: AgencyId([4; 16]),
        from: GIVER,
        to: RECEIVER,
        book: Book {
            id: BookId([5; 16]),
            name: "Văn bản đến".into(),
            direction: Direction::Incoming,
            kinds: Vec::new(),
            years: [(2026, YearCount::fresh())].into(),
            lease: Lease { holder: Holder::Device(RECEIVER), epoch: 3, floor: 0 },
            open: true,
            confirmed: None,
            strays: Vec::new(),
        },
        commands: vec![pushed; 3],
    }
}

/// What a known PC signed and sealed, and a program of another mind wrote.
fn by_a_known_pc(mangler: &mut Mangler, receiver: &Device, giver: &SigningKey) -> Vec<u8> {
    let mut value = serde_json::to_value(bundle()).expect("a bundle");
    mangler.value(&mut value);
    let mut plain = value.to_string().into_bytes();
    if mangler.below(2) == 0 {
        mangler.bytes(&mut plain);
    }
    if mangler.below(LARGE_ONE_IN) == 0 {
        let unit: &[u8] = if mangler.below(2) == 0 { b" " } else { b"[0," };
        plain = unit.repeat(PLAIN_BYTES_MAX as usize / 4 / unit.len());
    }
    let by = (CLERK, giver);
    sealed_for((GIVER, RECEIVER), &plain, receiver, by).expect("it fits")
}

/// As much as a file may hold, from somebody whom nobody knows.
fn by_a_stranger(mangler: &mut Mangler, text: &[u8]) -> Vec<u8> {
    let places: [(&[u8], u8); 3] =
        [(br#"\"content\":\""#, b'A'), (br#"\"keys\":["#, b'['), (br#"{"outer":""#, b'[')];
    let (mark, byte) = *mangler.pick(&places).expect("three");
    let at = text.windows(mark.len()).position(|some| some == mark);
    let (head, tail) = text.split_at(at.expect("it stands there") + mark.len());
    let mut large = Vec::with_capacity(FILE_BYTES_MAX as usize);
    large.extend_from_slice(head);
    large.resize(FILE_BYTES_MAX as usize - tail.len(), byte);
    large.extend_from_slice(tail);
    large
}

#[test]
fn a_hand_over_file_of_any_shape_is_read_or_refused() {
    let (giver, receiver) = (signing(1), signing(2));
    let (from, to) = (device(GIVER, &giver), device(RECEIVER, &receiver));
    let whole = serde_json::to_vec(&bundle()).expect("a bundle");
    let whole = sealed_for((GIVER, RECEIVER), &whole, &to, (CLERK, &giver)).expect("it fits");
    let known = |id: DeviceId| (id == GIVER).then(|| from.clone());
    let read = Bundle::parse(whole.clone(), &receiver, &known);
    assert_eq!(read.map(|mut bundle| bundle.carried().is_err()).ok(), Some(true));
    let mut understood = 0_u64;
    let once = |mangler: &mut Mangler| {
        let text = match mangler.below(4) {
            0 => {
                let mut text = whole.clone();
                mangler.bytes(&mut text);
                text
            }
            1 if mangler.below(LARGE_ONE_IN / 10) == 0 => by_a_stranger(mangler, &whole),
            _ => by_a_known_pc(mangler, &to, &giver),
        };
        if let Ok(mut bundle) = Bundle::parse(text, &receiver, &known) {
            understood += 1;
            let _ = bundle.carried();
        }
    };
    mangles("bundle", ROUNDS, once);
    assert!(understood > 10, "{understood} were understood still");
}
