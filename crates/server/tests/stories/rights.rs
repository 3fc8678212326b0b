//! Rights at the server's door: nothing passes that should not, nobody reads what is not his.
mod acts;
mod office;
/// The table against which the rules themselves are shaken.
#[path = "../../../register/tests/office/shaken/rights_table.rs"]
mod table;

use std::collections::BTreeSet;

use register::{AgencyId, Key, Unlisted, audience, scopes_of};
use sync::wire::{
    LogAnswer, StatedAnswer, StatedAsked, StatedBecame, SyncAnswer, SyncAsked, Trouble, key_text,
};

use self::acts::steps;
use self::office::{Office, PEOPLE, QUY};
use crate::cast::{ORG, TU, now};
use crate::keepers::{entry, signs};

/// Every kind of act, that none is forgotten here.
const KINDS: usize = 63;

#[test]
fn whoever_may_not_do_it_is_refused_by_the_server_and_whoever_may_does_it() {
    let mut office = Office::founded();
    let mut kinds = BTreeSet::new();
    let mut refused = 0;
    for step in steps() {
        kinds.insert(step.kind());
        for (who, person) in PEOPLE.iter().enumerate() {
            let command = office.command(who, &step);
            if table::may(&office.world, &command) {
                continue;
            }
            let outcome = office.pushes(who, &command);
            // A fact of what he cannot see is held; like a refusal it changes nothing.
            assert_ne!(outcome.word(), "ok", "{person:?} did {:?}", step.act);
            let changed = office.touched.last_key_value().unwrap().1;
            assert!(changed.is_empty(), "{person:?} changed {changed:?}");
            refused += 1;
        }
        let Some(by) = step.by else { continue };
        let who = PEOPLE.iter().position(|person| *person == by).unwrap();
        let command = office.command(who, &step);
        assert!(table::may(&office.world, &command), "{by:?} may not {:?}", step.act);
        let outcome = office.pushes(who, &command);
        assert_eq!(outcome.word(), step.said, "{by:?} {outcome:?} {:?}", step.act);
        office.sends_files_of(who, &command);
    }
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
    assert!(refused > 250, "only {refused} were tried");
    nobody_reads_what_is_not_his(&office);
}

/// The directory stands in no log, so it has no row in the table: who administers states it.
#[test]
fn of_an_agency_that_keeps_the_directory_only_the_administrator_states_it() {
    let office = Office::founded();
    office.server.ledger.add_keeper(ORG, now()).unwrap();
    for (who, person) in PEOPLE.iter().enumerate() {
        let new = entry(AgencyId([0x60 + who as u8; 16]), "Sở Nội vụ", "");
        let stated = vec![signs((&office.pcs[who], *person), who as u8 + 1, (None, &new))];
        let told = office.line.posts::<_, StatedAnswer>(
            "/v1/directory",
            &office.tokens[who],
            &StatedAsked { stated },
        );
        match *person {
            QUY => assert_eq!(told.unwrap_err(), (403, Trouble::Revoked), "he has left"),
            TU => assert_eq!(told.unwrap().became, [StatedBecame::Stands]),
            _ => {
                let why = Unlisted::NotAdministrator;
                assert_eq!(told.unwrap().became, [StatedBecame::Refused { why }], "{person:?}");
            }
        }
    }
}

fn nobody_reads_what_is_not_his(office: &Office) {
    for (who, person) in PEOPLE.iter().enumerate() {
        let scopes = scopes_of(&office.officer(*person));
        let sees = |key: &Key| !audience(&office.world.states[key]).is_disjoint(&scopes);
        let token = office.tokens[who].clone();
        let afresh = SyncAsked { cursor: 0, ..office.pcs[who].asks() };
        if *person == QUY {
            let told = office.line.posts::<_, SyncAnswer>("/v1/sync", &token, &afresh);
            assert_eq!(told.unwrap_err(), (403, Trouble::Revoked), "he has left");
            let told = office.line.gets::<LogAnswer>("/v1/log", &token);
            assert_eq!(told.unwrap_err(), (403, Trouble::Revoked));
            continue;
        }
        let answer: SyncAnswer = office.line.posts("/v1/sync", &token, &afresh).unwrap();
        let keys: BTreeSet<Key> = answer
            .states
            .iter()
            .map(|sent| serde_json::from_str::<register::State>(sent.state.get()).unwrap().key())
            .collect();
        let his: BTreeSet<Key> =
            office.world.states.keys().filter(|key| sees(key)).copied().collect();
        assert_eq!(keys, his, "{person:?}");
        let log: LogAnswer =
            office.line.gets(&format!("/v1/log?from={}", office.base + 1), &token).unwrap();
        let seqs = |log: &LogAnswer| log.entries.iter().map(|one| one.seq).collect::<BTreeSet<_>>();
        let readable = |seq: &u64| !office.readers[seq].is_disjoint(&scopes);
        let of_log: BTreeSet<u64> = office.touched.keys().copied().filter(readable).collect();
        assert_eq!(seqs(&log), of_log, "{person:?}");
        for key in office.world.states.keys() {
            let path = format!("/v1/log?of={}&from={}", key_text(*key), office.base + 1);
            let log: LogAnswer = office.line.gets(&path, &token).unwrap();
            let touch = |seq: &u64| office.touched[seq].contains(key);
            let of_key: BTreeSet<u64> = of_log.iter().copied().filter(touch).collect();
            assert_eq!(seqs(&log), of_key, "{person:?} {key:?}");
        }
        office.files_are_his_alone(who, &token, &scopes);
    }
}
