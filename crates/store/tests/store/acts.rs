//! An act is there whole, or not at all.
use std::convert::Infallible;

use register::{Act, Key, Refusal};
use store::{PerformError, StoreError};

use crate::office::{
    CLERK, DEN, DI, LEADER, OFFICIAL, ORG, Office, TODAY, batched, command, document, fields,
    key_of, registered,
};

#[test]
fn what_was_registered_is_there_after_the_program_was_started_again() {
    let mut office = Office::open();
    let made = office.enter("12", "Sở Nội vụ", "Về việc kiểm kê đất đai");
    let office = office.reopened();
    office
        .store
        .read(|view| {
            let found = view.incoming(document(made))?.unwrap();
            assert_eq!(found.number, Some(1));
            assert_eq!(view.next_number(DEN, TODAY.year())?, Some(2));
            assert_eq!(view.trail(Key::Incoming(document(made)), 10)?.len(), 1);
            assert_eq!(view.commands_kept()?, 6);
            assert_eq!(view.agency()?.unwrap().id, ORG);
            assert_eq!(view.issuers(5)?, vec![("Sở Nội vụ".to_string(), 1)]);
            Ok::<(), StoreError>(())
        })
        .unwrap();
}

#[test]
fn a_refused_act_leaves_nothing_behind() {
    let mut office = Office::open();
    office.enter("12", "Sở Nội vụ", "Về việc kiểm kê đất đai");
    let before = office.store.read(|view| view.heights()).unwrap();
    let act = Act::RegisterIncoming(registered(50, fields("1", "", ""), TODAY));
    let refused = office.numbering(DEN, act);
    assert!(matches!(refused, Err(PerformError::Refused(Refusal::Missing { .. }))));
    let act = Act::RegisterIncoming(registered(50, fields("1", "A", "B"), TODAY));
    let refused = office.act(OFFICIAL, act);
    assert!(matches!(refused, Err(PerformError::Refused(Refusal::Forbidden { .. }))));
    let after = office.store.read(|view| view.heights()).unwrap();
    assert_eq!(before, after);
    assert_eq!(before.n, 6);
    assert_eq!(before.numbers.iter().map(|last| last.number).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_command_out_of_turn_or_signed_by_another_is_not_kept() {
    let office = Office::open();
    let act = || Act::TakeLease { book: DI };
    let late = office.store.perform(&key_of(CLERK), |_, turn| {
        let mut late = command(turn, CLERK, act());
        late.n += 1;
        Ok::<_, Infallible>(late)
    });
    assert!(matches!(late, Err(PerformError::WrongTurn)));
    let act = Act::SetYear {
        decided: register::DecidedYear { year: 2026, days: Vec::new(), basis: String::new() },
    };
    let foreign = office
        .store
        .perform(&key_of(LEADER), |_, turn| Ok::<_, Infallible>(command(turn, CLERK, act)));
    assert!(matches!(foreign, Err(PerformError::KeyOfAnother)));
    assert_eq!(office.store.read(|view| view.commands_kept()).unwrap(), 5);
}

#[test]
fn a_batch_that_fails_was_never_done() {
    let office = Office::open();
    let failed: Result<(), StoreError> = office.store.batch(|batch| {
        for made in 1..5 {
            let fields = fields("1", "Sở Tài chính", "Dự toán");
            batched(batch, Act::RegisterIncoming(registered(made, fields, TODAY))).unwrap();
        }
        Err(StoreError::Form { what: "test" })
    });
    assert!(failed.is_err());
    assert_eq!(office.store.read(|view| view.commands_kept()).unwrap(), 5);
    let fields = fields("1", "Sở Tài chính", "Dự toán");
    office.numbering(DEN, Act::RegisterIncoming(registered(1, fields, TODAY))).unwrap();
    assert_eq!(office.store.read(|view| view.next_number(DEN, TODAY.year())).unwrap(), Some(2));
}

#[test]
fn a_batch_of_acts_is_one_commit_and_each_is_signed() {
    let office = Office::open();
    office
        .store
        .batch(|batch| {
            for made in 1..=40 {
                let fields = fields("7", "Sở Tài chính", "Dự toán ngân sách");
                batched(batch, Act::RegisterIncoming(registered(made, fields, TODAY))).unwrap();
            }
            Ok::<(), StoreError>(())
        })
        .unwrap();
    let logged = office.store.read(|view| view.commands_since(5, 100)).unwrap();
    assert_eq!(logged.len(), 40);
    for entry in &logged {
        sync::verify(&entry.envelope, &key_of(CLERK).verifying_key()).unwrap();
    }
}
