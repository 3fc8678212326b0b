//! Calls of every shape: answered or told what is wrong, and never the end of the server.
use serde_json::{Value, json};
use server::CallError;
use sync::wire::{AdoptAsked, EnrolAsked, Pushed, SessionAsked, SyncAsked};

use crate::cast::{LAN, MAI, SEED, Server, arrival, now};

/// Calls tried.
const ROUNDS: u64 = 4000;

/// Chance that is the same every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    fn mangles(&mut self, value: &mut Value) {
        if self.below(14) == 0 {
            *value = match self.below(9) {
                0 => Value::Null,
                1 => json!(0),
                2 => json!(-1),
                3 => json!(u64::MAX),
                4 => json!("ữ\u{0}\u{202e}"),
                5 => json!([[[{}]]]),
                6 => json!("00".repeat(16)),
                7 => json!(4_294_967_295_u32),
                _ => json!(i64::MIN),
            };
            return;
        }
        match value {
            Value::Object(map) => map.values_mut().for_each(|value| self.mangles(value)),
            Value::Array(list) => list.iter_mut().for_each(|value| self.mangles(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Counts a call that was answered; one that broke the server is a fault of ours.
fn counted<T>(called: Result<T, CallError>, count: &mut [u32; 2]) {
    match called {
        Ok(_) => count[0] += 1,
        Err(CallError::Trouble(_)) => count[1] += 1,
        Err(CallError::Fault(fault)) => panic!("{fault:?}"),
    }
}

#[test]
fn a_call_of_any_shape_is_answered_or_told_and_breaks_nothing() {
    let server = Server::new();
    let mut pc = server.adopted();
    let code = server.code_for(&pc, MAI);
    let session = server.session(&pc, LAN);
    pc.claims(LAN, arrival(3), pc.claim(3));
    let calls = [
        serde_json::to_value(pc.asks()).unwrap(),
        serde_json::to_value(pc.adoption(&code)).unwrap(),
        serde_json::to_value(pc.enrolment(&code, MAI)).unwrap(),
        json!({ "org": crate::cast::ORG, "dev": pc.dev, "officer": LAN,
            "nonce": "00".repeat(32), "sig": "00".repeat(64) }),
    ];
    let mut chance = Chance(20_261_122);
    let mut count = [0; 2];
    for _ in 0..ROUNDS {
        let which = chance.below(4) as usize;
        let mut call = calls[which].clone();
        chance.mangles(&mut call);
        let text = call.to_string();
        let ledger = &server.ledger;
        match which {
            0 => {
                // The command inside is mangled too, and signed again by who may sign it.
                let mut command: Value = serde_json::from_str(&pc.unsent[0].raw).unwrap();
                chance.mangles(&mut command);
                if let Some(command) = command.as_object_mut() {
                    command.insert("n".into(), json!(chance.below(12)));
                }
                let raw = command.to_string().into_bytes();
                let signed = Pushed::of(&sync::sign(raw, &pc.key(LAN))).unwrap();
                let Ok(mut asked) = serde_json::from_str::<SyncAsked>(&text) else { continue };
                if chance.below(2) == 0 {
                    asked.push = vec![signed];
                } else {
                    asked.relay = vec![signed];
                }
                counted(ledger.sync(&asked, &session, now()), &mut count);
            }
            1 => {
                let Ok(asked) = serde_json::from_str::<AdoptAsked>(&text) else { continue };
                counted(ledger.adopt(asked, now()), &mut count);
            }
            2 => {
                let Ok(asked) = serde_json::from_str::<EnrolAsked>(&text) else { continue };
                counted(ledger.enrol(asked, now()), &mut count);
            }
            _ => {
                let Ok(asked) = serde_json::from_str::<SessionAsked>(&text) else { continue };
                counted(ledger.session(asked, now(), [7; 32]), &mut count);
            }
        }
    }
    assert!(count[0] > 50 && count[1] > 50, "{count:?}");
    let found = server::verify(&*server.storage, &server::Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, [], "after {} entries", found[0].entries);
}
