//! What documents are filed under: numbers, references, and the queues of those without a number.
use std::collections::{BTreeMap, BTreeSet};

use register::{DocumentId, Moment};
use server::{Filed, Reading, StorageFault, Writing, written};

use crate::cast::{BOOK, Making, ORG, OTHER, letter, org, reads, writes};
use crate::suite::open_alone;

pub fn what_is_filed_is_found_until_it_is_taken_out<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let number = Filed::Number(BOOK, 2026, 5);
    let reference = Filed::Reference(2026, "05/UBND".into());
    let waits = |n: u8| Filed::Waiting(BOOK, Moment(n.into()));
    let (put, dropped) = ((number.clone(), reference.clone()), (number, reference));
    writes(&*storage, ORG, move |writing| {
        writing.put_filed(ORG, letter(1), &put.0)?;
        writing.put_filed(ORG, letter(1), &put.1)?;
        for n in [3, 2, 4] {
            writing.put_filed(ORG, letter(n), &waits(n))?;
        }
        writing.drop_filed(ORG, letter(3), &waits(3))
    });
    reads(&*storage, |reading| {
        assert_eq!(reading.number(ORG, BOOK, 2026, 5)?, Some(letter(1)));
        assert_eq!(reading.number(OTHER, BOOK, 2026, 5)?, None);
        assert_eq!(reading.reference(ORG, 2026, "05/UBND")?, Some(DocumentId([1; 16])));
        assert_eq!(reading.reference(ORG, 2025, "05/UBND")?, None);
        assert_eq!(reading.waiting(ORG, BOOK, 9)?, [letter(2), letter(4)]);
        assert_eq!(reading.waiting(ORG, BOOK, 1)?, [letter(2)]);
        Ok(())
    });
    let taken = written::<(), StorageFault>(&*storage, Some(ORG), |writing| {
        writing.put_filed(ORG, letter(9), &Filed::Number(BOOK, 2026, 5))
    });
    assert!(taken.is_err(), "a number is one document's");
    writes(&*storage, ORG, move |writing| {
        writing.drop_filed(ORG, letter(9), &dropped.0)?;
        assert!(writing.number(ORG, BOOK, 2026, 5)?.is_some(), "it was another's");
        writing.drop_filed(ORG, letter(1), &dropped.0)?;
        writing.drop_filed(ORG, letter(1), &dropped.1)
    });
    reads(&*storage, |reading| {
        assert_eq!(reading.number(ORG, BOOK, 2026, 5)?, None);
        assert_eq!(reading.reference(ORG, 2026, "05/UBND")?, None);
        Ok(())
    });
}

/// What was looked up before must not be believed longer than it is so.
pub fn numbers_and_queues_are_as_they_stand_whatever_was_asked_before<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let (mut queue, mut numbers) = (BTreeSet::new(), BTreeMap::new());
    for round in 1..=120_u8 {
        let place = |n: u8| Filed::Waiting(BOOK, Moment(n.into()));
        let number = |no: u8| Filed::Number(BOOK, 2026, no.into());
        let mut filed = vec![(letter(round), place(round), true)];
        queue.insert(round);
        // First the queue grows; then it is served to its end, and some give their numbers back.
        for turn in 0..if round > 40 { round % 4 } else { 0 } {
            let Some(first) = queue.pop_first() else { continue };
            let no = numbers.keys().next_back().map_or(1, |top: &u8| top + 1 - turn % 2);
            filed.push((letter(first), place(first), false));
            if let Some(before) = numbers.insert(no, first) {
                filed.push((letter(before), number(no), false));
            }
            filed.push((letter(first), number(no), true));
        }
        let (waits, given) = (queue.clone(), numbers.clone());
        let is_so = move |reading: &dyn Reading| {
            let waits: Vec<_> = waits.iter().map(|n| letter(*n)).collect();
            assert_eq!(reading.waiting(ORG, BOOK, 200)?, waits);
            assert_eq!(reading.waiting(ORG, BOOK, 2)?, waits[..waits.len().min(2)]);
            let top = given.len() as u8;
            for no in [1, top.saturating_sub(1), top, top + 1, top + 9] {
                let holder = given.get(&no).map(|n| letter(*n));
                assert_eq!(reading.number(ORG, BOOK, 2026, no.into())?, holder, "{no}");
            }
            Ok(())
        };
        let then = is_so.clone();
        writes(&*storage, ORG, move |writing| {
            writing.put_org(&org(ORG, round.into()))?;
            for (key, filed, come) in &filed {
                let file = if *come { Writing::put_filed } else { Writing::drop_filed };
                file(writing, ORG, *key, filed)?;
            }
            then(writing)
        });
        reads(&*storage, is_so);
    }
}
