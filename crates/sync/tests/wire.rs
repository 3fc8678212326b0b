//! Small things on the wire: marks of parts, names in questions, totals.
#![allow(clippy::unwrap_used, reason = "a broken expectation should stop the test where it stands")]

use register::{AgencyId, BookId, DeviceId, DocumentId, Key, OfficerId, TaskId, UnitId};
use sync::wire::{BLOB_BYTES_MAX, PART_BYTES, PartMarks, Totals, key_of, key_text, parts_of};

#[test]
fn marks_of_parts_travel_as_digits_and_come_back() {
    let mut marks = PartMarks::default();
    for part in [0, 3, 9, 255] {
        marks.set(part);
    }
    let text = serde_json::to_string(&marks).unwrap();
    assert!(text.starts_with("\"9040"), "{text}");
    assert_eq!(serde_json::from_str::<PartMarks>(&text).unwrap(), marks);
    let missing: Vec<u64> = marks.missing(PART_BYTES * 4 + 1).collect();
    assert_eq!(missing, [1, 2, 4]);
    assert!(!marks.has(u64::MAX));
    marks.set(u64::MAX);
    assert_eq!(parts_of(BLOB_BYTES_MAX), 256);
    let far = format!("\"{}\"", "f".repeat(1000));
    let capped: PartMarks = serde_json::from_str(&far).unwrap();
    assert!(capped.has(255) && !capped.has(256), "nothing beyond the largest file");
    assert!(serde_json::from_str::<PartMarks>("\"xy\"").is_err());
}

#[test]
fn every_kind_of_thing_has_its_name_in_a_question() {
    let id = [0xAB; 16];
    for key in [
        Key::Agency(AgencyId(id)),
        Key::Unit(UnitId(id)),
        Key::Officer(OfficerId(id)),
        Key::Book(BookId(id)),
        Key::Incoming(DocumentId(id)),
        Key::Outgoing(DocumentId(id)),
        Key::Task(TaskId(id)),
        Key::Year(-1),
        Key::Device(DeviceId(id)),
    ] {
        assert_eq!(key_of(&key_text(key)), Some(key));
    }
    for wrong in ["", "incoming", "incoming:", "letter:00", "year:40000", "task:zz"] {
        assert_eq!(key_of(wrong), None, "{wrong}");
    }
}

#[test]
fn totals_do_not_hang_on_the_order_and_differ_for_every_difference() {
    let key = |n| Key::Incoming(DocumentId([n; 16]));
    let of = |states: &[(Key, u64, &str)]| {
        let mut totals = Totals::default();
        for (key, ver, text) in states {
            totals.add(*key, *ver, text);
        }
        totals.all()
    };
    let held = of(&[(key(1), 5, "{}"), (key(2), 6, "{}"), (Key::Year(2026), 7, "[]")]);
    assert_eq!(held, of(&[(Key::Year(2026), 7, "[]"), (key(2), 6, "{}"), (key(1), 5, "{}")]));
    assert_eq!(
        held.iter().map(|total| (total.tag, total.count)).collect::<Vec<_>>(),
        [(5, 2), (8, 1)]
    );
    for other in [
        of(&[(key(1), 5, "{}"), (key(2), 7, "{}"), (Key::Year(2026), 7, "[]")]),
        of(&[(key(1), 5, "{}"), (key(3), 6, "{}"), (Key::Year(2026), 7, "[]")]),
        of(&[(key(1), 5, "{}"), (key(2), 6, "{ }"), (Key::Year(2026), 7, "[]")]),
    ] {
        assert_ne!(held, other);
    }
}
