//! Evidence for a parcel holds anywhere, and nothing in it can be changed.
use register::{Act, Told};
use serde_json::Value;
use sync::evidence::{EvidenceFault, check};
use sync::wire::Trouble;

use crate::cast::{LAN, Pc, Server, doc, trouble};
use crate::files::Scan;
use crate::parcels::{NEXT, arrival_of, carries, issues, parcel, sent, takes_in};

/// How many kinds of tampering are tried at least.
const KINDS_MIN: usize = 100;

/// A parcel that was taken in under a number, and the evidence for it.
fn proven() -> (Server, Pc, Pc, Scan, Value) {
    let (server, mut ours, mut theirs, scan) = sent();
    takes_in(&mut theirs, 1, 1);
    theirs.exchanges(&server, LAN);
    carries(&server);
    // Other work of the office goes on before and after it.
    ours.does(LAN, Act::Seen { document: doc(1), outgoing: true });
    issues(&mut ours, 2, &scan, &[(NEXT, 2)]);
    ours.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    let session = server.session(&ours, LAN);
    let evidence = server.ledger.evidence(&session, parcel(1)).unwrap();
    (server, ours, theirs, scan, serde_json::to_value(evidence).unwrap())
}

fn checked(evidence: &Value) -> Result<sync::evidence::Proven, EvidenceFault> {
    check(evidence.to_string().as_bytes())
}

#[test]
fn it_tells_what_was_sent_to_whom_and_what_became_of_it() {
    let (server, _, theirs, scan, evidence) = proven();
    let proven = checked(&evidence).unwrap();
    assert_eq!(proven.subject, "Về việc rà soát hộ tịch");
    assert_eq!((proven.number, proven.files[0].blob), (Some(1), scan.blob));
    assert_eq!((proven.sent.to.as_str(), proven.sent.by.as_str()), ("UBND xã Bình An", "Lan"));
    assert_eq!(proven.server, server.ledger.identity().public().to_bytes());
    let told: Vec<&Told> = proven.receipts.iter().map(|(_, receipt)| &receipt.told).collect();
    assert!(matches!(told[..], [Told::Arrived, Told::Fetched, Told::Answered(_)]), "{told:?}");
    assert!(arrival_of(&theirs, 1).taken_in.is_some());
}

#[test]
fn it_is_for_who_may_see_the_parcel_and_for_no_other_agency() {
    let (server, ours, theirs, ..) = proven();
    let session = server.session(&theirs, LAN);
    let said = trouble(server.ledger.evidence(&session, parcel(1)));
    assert_eq!(said, Trouble::NotFound, "the recipient has receipts of its own");
    let session = server.session(&ours, LAN);
    assert_eq!(trouble(server.ledger.evidence(&session, parcel(99))), Trouble::NotFound);
}

/// Every place in a value, from the top.
fn places(value: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(at.clone());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                at.push(name.clone());
                places(inner, at, found);
                at.pop();
            }
        }
        Value::Array(all) => {
            for (index, inner) in all.iter().enumerate() {
                at.push(index.to_string());
                places(inner, at, found);
                at.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn at<'v>(value: &'v mut Value, place: &[String]) -> &'v mut Value {
    value.pointer_mut(&place.iter().map(|part| format!("/{part}")).collect::<String>()).unwrap()
}

/// One thing otherwise: another digit, letter or number; a list turned round or cut short.
fn tampered(value: &mut Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let turned = |at: usize| {
                let mut letters: Vec<char> = text.chars().collect();
                let old = letters[at];
                letters[at] = if old == '1' { '2' } else { '1' };
                Value::String(letters.into_iter().collect())
            };
            let long = text.chars().count();
            let mut all = vec![Value::String(String::new()), Value::String(format!("{text}1"))];
            all.extend(
                [0, long / 3, long / 2, long.saturating_sub(1)]
                    .into_iter()
                    .filter(|at| *at < long)
                    .map(turned),
            );
            all
        }
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            vec![Value::from(number + 1), Value::from(0), Value::from(-1)]
        }
        Value::Array(all) => {
            let mut turned = all.clone();
            turned.reverse();
            let shorter = all[..all.len().saturating_sub(1)].to_vec();
            let later = all.get(1..).unwrap_or_default().to_vec();
            let mut doubled = all.clone();
            doubled.extend(all.last().cloned());
            [turned, shorter, later, doubled].map(Value::Array).into()
        }
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("more".into(), Value::from(1));
            vec![Value::Object(more), Value::Null]
        }
        Value::Null | Value::Bool(_) => vec![Value::from(7)],
    }
}

#[test]
fn nothing_in_it_can_be_changed_left_out_moved_or_added() {
    let (.., evidence) = proven();
    checked(&evidence).unwrap();
    let mut found = Vec::new();
    places(&evidence, &mut Vec::new(), &mut found);
    let (mut kinds, mut tried) = (std::collections::BTreeSet::new(), 0);
    for place in found {
        let mut whole = evidence.clone();
        for (kind, other) in tampered(at(&mut whole, &place)).into_iter().enumerate() {
            let mut changed = evidence.clone();
            *at(&mut changed, &place) = other;
            if changed == evidence {
                continue;
            }
            tried += 1;
            kinds.insert((place.clone(), kind));
            // A key that stands there twice says nothing more than once.
            let twice = place == ["keys"] && matches!(kind, 0 | 3);
            assert!(twice || checked(&changed).is_err(), "{place:?} {kind}");
        }
    }
    assert!(kinds.len() >= KINDS_MIN, "{} kinds", kinds.len());
    println!("{tried} tampered files, {} kinds", kinds.len());
}

#[test]
fn what_one_server_says_is_not_another_ones_word() {
    let (.., evidence) = proven();
    let other = sync::SigningKey::from_bytes(&[77; 32]);
    let mut changed = evidence.clone();
    let public = sync::wire::Hex(other.verifying_key().to_bytes());
    changed["server"] = serde_json::to_value(public).unwrap();
    assert_eq!(checked(&changed).unwrap_err(), EvidenceFault::Chain);
    assert_eq!(check(b"{}").unwrap_err(), EvidenceFault::Form);
    let whole = evidence.to_string();
    for end in [0, 1, whole.len() / 2, whole.len() - 1] {
        assert_eq!(check(&whole.as_bytes()[..end]).unwrap_err(), EvidenceFault::Cut, "at {end}");
    }
    let newer = whole.replace("vanthu/evidence/1", "vanthu/evidence/2");
    assert_eq!(check(newer.as_bytes()).unwrap_err(), EvidenceFault::Newer);
    let newer = r#"{"form":"vanthu/evidence/2","leaves":[]}"#;
    assert_eq!(check(newer.as_bytes()).unwrap_err(), EvidenceFault::Newer);
    assert_eq!(check(&[0xff; 100]).unwrap_err(), EvidenceFault::Form);
}
