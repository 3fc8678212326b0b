//! Tests of made-up agencies.
use std::collections::BTreeMap;

use jiff::civil::date;
use register::Moment;
use store::{ListFilter, Store, View};
use tempfile::TempDir;

use super::{Wanted, Written, fill};
use crate::desk::REGISTER_FILE;
use crate::keyring::Keyring;

fn wanted(seed: u64) -> Wanted {
    let now = Moment::of(date(2026, 11, 20).at(18, 0, 0, 0));
    Wanted { documents: 300, tasks_per_hundred: 20, seed, now }
}

fn filled(seed: u64) -> (TempDir, Written) {
    let folder = TempDir::new().unwrap();
    let written = fill(folder.path(), wanted(seed), &mut |_| {}).unwrap();
    (folder, written)
}

fn opened(folder: &TempDir) -> Store {
    let keyring = Keyring::load(folder.path()).unwrap();
    let first = keyring.officers().unwrap().remove(0);
    let key = store::FileKey(*keyring.unlock_demo(first.id).unwrap().file_key.bytes());
    Store::open(&folder.path().join(REGISTER_FILE), &key, &Default::default()).unwrap()
}

fn subjects(store: &Store) -> BTreeMap<(i16, u32), String> {
    store
        .read(|view: &View<'_>| {
            let books = view.books()?;
            let book = books.iter().find(|book| book.name == "Văn bản đến").unwrap();
            let mut subjects = BTreeMap::new();
            for year in book.years.keys() {
                for line in view.book_lines(book.id, *year, 1, 1000)? {
                    if let register::State::Incoming(document) = line.state {
                        subjects.insert((*year, line.number), document.fields.subject);
                    }
                }
            }
            Ok::<_, store::StoreError>(subjects)
        })
        .unwrap()
}

#[test]
fn a_filled_register_has_the_documents_that_were_wanted_and_every_invariant_holds() {
    let (folder, written) = filled(3);
    assert_eq!(written.documents, 300);
    assert!(written.acts > 600 && written.tasks > 20, "{written:?}");
    let store = opened(&folder);
    let report = store.verify(&mut |_| {}).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let clerk = store.read(|view: &View<'_>| view.officers()).unwrap();
    let clerk = clerk.iter().find(|officer| officer.is(register::Role::Clerk)).unwrap();
    let lens = store::Lens::of(clerk);
    let all = store.read(|view: &View<'_>| view.count(&lens, &ListFilter::default())).unwrap();
    assert_eq!(all, 300);
}

#[test]
fn the_same_seed_fills_the_same_register_and_another_seed_another_one() {
    let [one, same, other] = [5, 5, 6].map(|seed| subjects(&opened(&filled(seed).0)));
    assert!(one.len() > 150, "{}", one.len());
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn a_profile_that_has_a_register_is_not_filled_again() {
    let (folder, _) = filled(1);
    let again = fill(folder.path(), wanted(1), &mut |_| {});
    assert!(matches!(again, Err(super::InventFault::Exists { .. })));
}
