//! Calls to servers that have the dictionary, have none, or have it no more.
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value, json};
use sync::wire::{PACK_BYTES, PACKED_MARK, Trouble};

use super::{CallFault, Caller};

/// A call as it came: its head, and its body.
type Heard = (String, Vec<u8>);

fn heard(line: &mut TcpStream) -> Option<Heard> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        line.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?.to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    line.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// A server that answers each call in turn with a status, headers and a body.
fn answers(all: Vec<(&'static str, Vec<u8>)>) -> (Caller, Receiver<Heard>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let at = listener.local_addr().expect("an address");
    let (tell, told) = channel();
    thread::spawn(move || {
        for (head, body) in all {
            let (mut line, _) = listener.accept().expect("a call");
            tell.send(heard(&mut line).expect("a whole call")).expect("somebody listens");
            let length = body.len();
            let head =
                format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            line.write_all(&[head.as_bytes(), &body].concat()).expect("an answer");
        }
    });
    (Caller::to(&format!("http://{at}")).expect("an address"), told)
}

fn asks(caller: &Caller) -> Result<Value, CallFault> {
    let asked = json!({ "epoch": 1, "push": [], "app": "0.1.0 ".repeat(200) });
    caller.post("/v1/sync", Some("token"), &asked)
}

fn small(body: &Value) -> Vec<u8> {
    let mut packs = zstd::bulk::Compressor::with_dictionary(3, PACK_BYTES).expect("it is one");
    packs.compress(body.to_string().as_bytes()).expect("it packs")
}

const HAS_IT: &str = "200 OK\r\nx-pack: 1";

#[test]
fn a_server_that_has_the_dictionary_is_asked_and_answers_with_it() {
    let answer = json!({ "epoch": 1, "states": [], "scopes": ["all", "staff"], "gone": [] });
    let body = answer.to_string().into_bytes();
    let (caller, told) = answers(vec![(HAS_IT, body), (HAS_IT, small(&answer))]);
    assert_eq!(asks(&caller).expect("an answer"), answer);
    assert_eq!(asks(&caller).expect("an answer"), answer);
    let (head, _) = told.recv().expect("the first call");
    assert!(head.contains("x-pack: 1\r\n") && head.contains("content-encoding: zstd"), "{head}");
    let (head, body) = told.recv().expect("the second call");
    assert!(!head.contains("encoding") && body.starts_with(&PACKED_MARK), "{head}");
    assert!(zstd::bulk::decompress(&body, 1 << 20).is_err(), "it needs the dictionary");
}

#[test]
fn a_server_without_the_dictionary_is_talked_to_as_before() {
    let plain = || ("200 OK", b"{}".to_vec());
    let packed = zstd::bulk::compress(b"{\"epoch\":1}", 3).expect("it packs");
    let packed = ("200 OK\r\ncontent-encoding: zstd", packed);
    let (caller, told) = answers(vec![plain(), packed]);
    asks(&caller).expect("an answer");
    assert_eq!(asks(&caller).expect("an answer"), json!({ "epoch": 1 }));
    for (head, body) in told {
        assert!(head.contains("content-encoding: zstd") && head.contains("accept-encoding: zstd"));
        assert!(zstd::bulk::decompress(&body, 1 << 20).is_ok());
    }
}

#[test]
fn a_server_that_has_the_dictionary_no_more_is_asked_once_again_without() {
    let what = "a body that is not the JSON of this call".to_owned();
    let refusal = serde_json::to_vec(&Trouble::Malformed { what }).expect("JSON");
    let all =
        vec![(HAS_IT, b"{}".to_vec()), ("400 Bad Request", refusal), ("200 OK", b"{}".to_vec())];
    let (caller, told) = answers(all);
    asks(&caller).expect("an answer");
    asks(&caller).expect("an answer");
    let bodies: Vec<_> = told.into_iter().map(|(_, body)| body).collect();
    let is_plain = |body: &Vec<u8>| zstd::bulk::decompress(body, 1 << 20).is_ok();
    assert_eq!(bodies.iter().map(is_plain).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn an_answer_packed_with_another_dictionary_is_none_of_the_servers() {
    let other = b"another dictionary ".repeat(20);
    let mut packs = zstd::bulk::Compressor::with_dictionary(3, &other).expect("it is one");
    let packed =
        packs.compress(&b"{\"other\":\"another dictionary\"}".repeat(9)).expect("it packs");
    let mut named = small(&json!({ "states": [1, 2, 3] }));
    // The name of the dictionary stands behind the mark and one byte of what follows.
    named[5] ^= 0xff;
    let (caller, _told) = answers(vec![(HAS_IT, packed), (HAS_IT, named)]);
    for _ in 0..2 {
        assert!(matches!(asks(&caller), Err(CallFault::Strange(_))));
    }
}
