//! Bodies of every shape: read or told what is wrong, in little memory.
use mangled::{Mangler, mangles};
use register::{AgencyId, DeviceId, DocumentId, Key, NumberSeen, ReadTo};
use serde_json::Value;
use serde_json::value::RawValue;
use sync::wire::{Head, Hex, Offer, PACK_NAME, Pushed, StateSent, SyncAsked, Witness};

use super::{
    BODY_BYTES_MAX, Bytes, CONTENT_ENCODING, HeaderMap, PACK_BYTES, PACK_HEADER, PACKED_BYTES_MAX,
    Packing, Received, packing_of, read,
};

/// Bodies read in the tests of every day.
const ROUNDS: u64 = 3_000;
/// One body in so many is as large as it may be, or larger.
const LARGE_ONE_IN: u64 = 400;

fn asked() -> Value {
    let raw = "{\"v\":1,\"id\":\"00\",\"act\":{\"kind\":\"incoming.register\"}}".repeat(4);
    let pushed = Pushed { raw, sig: Hex([7; 64]), before: None };
    let state = RawValue::from_string("{\"t\":\"year\",\"body\":{}}".into());
    let of = Key::Incoming(DocumentId([7; 16]));
    let on = "2026-11-20".parse().expect("a date");
    let number = NumberSeen { book: register::BookId([3; 16]), no: 57, on, held: false };
    let asked = SyncAsked {
        epoch: 3,
        org: AgencyId([2; 16]),
        dev: DeviceId([3; 16]),
        app: "0.1.0".into(),
        forms: [1, 1],
        last: Some(Head { seq: 9, hash: Hex([1; 32]) }),
        push: vec![pushed.clone(), pushed.clone()],
        relay: vec![pushed],
        cursor: 7,
        below: None,
        max: 1 << 18,
        offer: Some(Box::new(Offer {
            witnesses: vec![Witness { of, number }],
            states: vec![StateSent { ver: 0, state: state.expect("JSON") }],
            read_to: ReadTo { epoch: 2, seq: 8 },
        })),
        totals: true,
    };
    serde_json::to_value(asked).expect("a body")
}

/// As much as may be in one body, of what packs to nothing or grows when it is read. It is made in
/// one piece, so that the memory of the process is that of the decoder.
fn large(mangler: &mut Mangler, asked: &Value) -> Vec<u8> {
    let one = asked.pointer("/push/0").map(Value::to_string).unwrap_or_default() + ",";
    let body = asked.to_string();
    let places = [("", "["), ("", "[0,"), ("", " "), ("\"push\":[", &one), ("\"app\":\"", "ữ")];
    let (mark, unit) = *mangler.pick(&places).expect("five");
    let at = body.find(mark).expect("it stands there") + mark.len();
    let (head, tail) = body.split_at(at);
    let mut text = Vec::with_capacity(BODY_BYTES_MAX + unit.len());
    text.extend_from_slice(head.as_bytes());
    while text.len() + unit.len() + tail.len() < BODY_BYTES_MAX {
        text.extend_from_slice(unit.as_bytes());
    }
    text.extend_from_slice(tail.as_bytes());
    if mangler.below(4) == 0 {
        text.extend_from_slice(unit.repeat(8).as_bytes());
    }
    text
}

fn small(text: &[u8], level: i32) -> Vec<u8> {
    let mut packs = zstd::bulk::Compressor::with_dictionary(level, PACK_BYTES).expect("it is one");
    packs.compress(text).expect("it packs")
}

fn is_read(headers: &HeaderMap, body: Vec<u8>) -> bool {
    let body = Received { bytes: Bytes::from(body), unpacked_max: BODY_BYTES_MAX, _place: None };
    read::<SyncAsked>(headers, &body).is_ok()
}

fn named(pack: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(PACK_HEADER, pack.parse().expect("a header"));
    headers
}

#[test]
fn a_body_packed_with_the_dictionary_is_read_and_with_another_one_refused() {
    let text = asked().to_string().into_bytes();
    let packed = small(&text, 3);
    assert!(is_read(&named(PACK_NAME), packed.clone()));
    assert!(is_read(&named(PACK_NAME), text.clone()), "it need not be packed");
    assert!(!is_read(&named("2"), packed.clone()), "nobody said that it is packed");
    let mut other = packed;
    // The name of the dictionary stands behind the mark and one byte of what follows.
    other[5] ^= 0xff;
    assert!(!is_read(&named(PACK_NAME), other));
    let bomb = small(&vec![b' '; BODY_BYTES_MAX + 1], 3);
    assert!(bomb.len() < PACKED_BYTES_MAX && !is_read(&named(PACK_NAME), bomb));
}

#[test]
fn who_has_another_dictionary_or_none_is_answered_as_before() {
    assert_eq!(packing_of(&named(PACK_NAME)), Packing::Dictionary);
    let mut headers = named("2");
    assert_eq!(packing_of(&headers), Packing::Plain);
    headers.insert("accept-encoding", "zstd".parse().expect("a header"));
    assert_eq!(packing_of(&headers), Packing::Zstd);
    headers.remove(PACK_HEADER);
    assert_eq!(packing_of(&headers), Packing::Zstd);
}

#[test]
fn a_body_of_any_shape_is_read_or_told_what_is_wrong() {
    let asked = asked();
    let mut understood = 0_u64;
    let once = |mangler: &mut Mangler| {
        let mut value = asked.clone();
        mangler.value(&mut value);
        let mut text = value.to_string().into_bytes();
        if mangler.below(LARGE_ONE_IN) == 0 {
            text = large(mangler, &asked);
        } else if mangler.below(2) == 0 {
            mangler.bytes(&mut text);
        }
        let mut headers = HeaderMap::new();
        if mangler.below(3) > 0 || text.len() > PACKED_BYTES_MAX {
            let level = 1 + i32::try_from(mangler.below(3)).unwrap_or(0);
            text = if mangler.below(2) == 0 {
                headers.insert(PACK_HEADER, PACK_NAME.parse().expect("a header"));
                small(&text, level)
            } else {
                headers.insert(CONTENT_ENCODING, "zstd".parse().expect("a header"));
                zstd::bulk::compress(&text, level).expect("it packs")
            };
            if mangler.below(3) == 0 {
                mangler.bytes(&mut text);
            }
        }
        // What is longer than this is not received at all.
        text.truncate(PACKED_BYTES_MAX);
        let body =
            Received { bytes: Bytes::from(text), unpacked_max: BODY_BYTES_MAX, _place: None };
        if read::<SyncAsked>(&headers, &body).is_ok() {
            understood += 1;
        }
    };
    mangles("sync body", ROUNDS, once);
    assert!(understood > 10, "{understood} were understood still");
}
