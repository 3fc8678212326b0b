//! The wire: what is written is read back as it was, and nonsense is refused, never a panic.
use register::{
    Act, AgencyId, BlobId, Book, Command, IncomingFields, Key, NotAnId, Opening, State, YearCount,
};
use serde_json::{Value, json};

use crate::cast::{AN, ARRIVALS, LAN, Office, arrival, day, waiting};
use crate::chance::Chance;

#[test]
fn a_command_is_written_as_the_protocol_says() {
    let mut office = Office::open();
    let claim = office.next(ARRIVALS, 2026);
    let act = Act::TakeLease { book: ARRIVALS };
    let command = Command { lease: Some(claim), ..office.command(LAN, act) };
    let written = serde_json::to_value(&command).unwrap();
    assert_eq!(written["kind"], "lease.take");
    assert_eq!(written["body"], json!({ "book": ARRIVALS.hex() }));
    assert_eq!(written["lease"]["number"], 1);
    assert!(written.get("need").is_none() && written.get("blobs").is_none());
    let read: Command = serde_json::from_value(written).unwrap();
    assert_eq!(read, command);
}

#[test]
fn a_field_of_a_newer_program_is_passed_over_and_a_missing_one_has_its_default() {
    let mut office = Office::open();
    let command = office.command(LAN, waiting(1, "2026-11-20"));
    let mut written = serde_json::to_value(&command).unwrap();
    written["mood"] = json!("good");
    written["body"]["mood"] = json!({ "of": "the day" });
    written["body"].as_object_mut().unwrap().remove("secret");
    assert_eq!(serde_json::from_value::<Command>(written).unwrap(), command);
    let empty: IncomingFields = serde_json::from_str("{}").unwrap();
    assert_eq!(empty, IncomingFields::default());
}

#[test]
fn a_book_is_read_whatever_the_order_of_its_fields() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    let mut book: Book = office.book(ARRIVALS);
    let opening = Opening { last_number: 7, last_date: day("2025-03-01") };
    let mut count = YearCount::after(opening);
    count.voids.insert(8, "hỏng".into());
    book.years.insert(2025, count);
    let state = State::Book(Box::new(book));
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    // A value sorts its names, so the body comes before the tag.
    let sorted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::from_value::<State>(sorted).unwrap(), state);
}

#[test]
fn a_name_is_32_hexadecimal_digits() {
    let text = "00112233445566778899aAbBcCdDeEfF";
    let id = AgencyId::parse(text).unwrap();
    assert_eq!(id.hex(), text.to_lowercase());
    let digit_short = "0112233445566778899aAbBcCdDeEfF";
    for wrong in ["", digit_short, "g0112233445566778899aabbccddeeff", "ữữữữữữữữữữữữữữữữ"]
    {
        assert_eq!(AgencyId::parse(wrong), Err(NotAnId), "{wrong}");
    }
    assert!(AgencyId::parse(&"é".repeat(16)).is_err(), "32 bytes, not 32 digits");
    assert!(BlobId::parse(&"0f".repeat(32)).is_ok());
}

#[test]
fn every_name_of_a_state_has_its_own_bytes() {
    assert_eq!(Key::Year(2026).id()[..2], 2026i16.to_be_bytes());
    assert_ne!(Key::Officer(AN).tag(), Key::Year(1).tag());
}

fn mangled(chance: &mut Chance, value: &mut Value) {
    if chance.one_in(12) {
        *value = match chance.below(9) {
            0 => Value::Null,
            1 => json!(chance.below(2) == 0),
            2 => json!(-1),
            3 => json!(u64::MAX),
            4 => json!(1e300),
            5 => json!("ữ\u{0}\u{202e}"),
            6 => json!([[[{}]]]),
            7 => json!({ "kind": "task.seen", "body": 3 }),
            _ => json!("-009999-99-99"),
        };
        return;
    }
    match value {
        Value::Object(map) => {
            if chance.one_in(20) {
                map.insert("kind".into(), json!("lease.take"));
            }
            if let Some(gone) = map.keys().next().cloned().filter(|_| chance.one_in(20)) {
                map.remove(&gone);
            }
            map.values_mut().for_each(|value| mangled(chance, value));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| mangled(chance, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn arbitrary_json_is_refused_or_decided_and_never_a_panic() {
    let mut office = Office::open();
    let claim = office.next(ARRIVALS, 2026);
    let register = office.command(LAN, arrival(1, "2026-11-20"));
    let originals = [
        serde_json::to_value(Command { lease: Some(claim), ..register }).unwrap(),
        serde_json::to_value(office.command(LAN, crate::cast::draft(2))).unwrap(),
        serde_json::to_value(office.command(AN, crate::cast::directive(1, 1, None, &[]))).unwrap(),
        serde_json::to_value(office.command(
            AN,
            Act::OpenBook {
                book: ARRIVALS,
                name: "Sổ".into(),
                direction: register::Direction::Incoming,
                kinds: vec!["cong-van".into()],
                opening: Some(Opening { last_number: 1, last_date: day("2026-01-01") }),
            },
        ))
        .unwrap(),
    ];
    let mut chance = Chance::of(20_261_122);
    let (mut read, mut refused) = (0, 0);
    for round in 0..20_000 {
        let mut value = originals[round % originals.len()].clone();
        mangled(&mut chance, &mut value);
        let mut bytes = serde_json::to_vec(&value).unwrap();
        if chance.one_in(3) {
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] = chance.below(256) as u8;
        }
        match serde_json::from_slice::<Command>(&bytes) {
            Ok(command) => {
                read += 1;
                let again = serde_json::to_vec(&command).unwrap();
                assert_eq!(serde_json::from_slice::<Command>(&again).unwrap(), command);
                let _ = office.world.ask(&command);
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 500 && refused > 500, "read {read}, refused {refused}");
}
