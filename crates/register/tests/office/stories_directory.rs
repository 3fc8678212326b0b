//! The province keeps the directory: what may be said of an agency, and what may not.
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use register::{
    AgencyId, DeviceId, Entries, HEIRS_MAX, LISTED_CODE_MAX, Listed, ListedField, Moment,
    OfficerId, Statement, StatementId, Unlisted, listed_by, must_know_heirs,
};

use crate::chance::Chance;

const TODAY: Date = date(2026, 11, 23);

fn id(n: u8) -> AgencyId {
    AgencyId([n; 16])
}

fn agency(n: u8, name: &str, code: &str) -> Listed {
    Listed {
        id: id(n),
        name: name.to_owned(),
        code: code.to_owned(),
        codes_before: Vec::new(),
        unit: String::new(),
        parent: "tỉnh Hiếu Sơn".to_owned(),
        on_exchange: false,
        from: None,
        to: None,
        heirs: Vec::new(),
    }
}

fn entries(of: impl IntoIterator<Item = Listed>) -> Entries {
    of.into_iter().map(|one| (one.id, one)).collect()
}

fn states(before: Option<Listed>, after: Listed) -> Statement {
    Statement {
        id: StatementId([1; 16]),
        org: id(200),
        dev: DeviceId([1; 16]),
        officer: OfficerId([1; 16]),
        at: Moment::of(TODAY.at(9, 0, 0, 0)),
        before,
        after,
    }
}

/// What becomes of a change of an entry that stands as it was read.
fn changes(among: &Entries, n: u8, change: impl FnOnce(&mut Listed)) -> Result<Listed, Unlisted> {
    let before = among.get(&id(n)).cloned();
    let mut after = before.clone().unwrap_or_else(|| agency(n, "", ""));
    change(&mut after);
    listed_by(&states(before, after), among)
}

fn ended(one: Listed, to: Date, heirs: &[u8]) -> Listed {
    Listed { to: Some(to), heirs: heirs.iter().map(|n| id(*n)).collect(), ..one }
}

fn three() -> Entries {
    let served = agency(3, "UBND xã An Hiếu", "H50.12.03");
    entries([
        agency(1, "Sở Xây dựng", "H50.9"),
        agency(2, "Sở Giao thông", "H50.10"),
        Listed { on_exchange: true, ..served },
    ])
}

#[test]
fn two_departments_become_one_and_the_end_is_taken_back() {
    let mut among = three();
    let end = date(2025, 2, 28);
    let gone = changes(&among, 2, |it| *it = ended(it.clone(), end, &[1])).unwrap();
    assert_eq!(gone, ended(agency(2, "Sở Giao thông", "H50.10"), end, &[1]));
    among.insert(gone.id, gone);
    let new = changes(&among, 4, |it| {
        (it.name, it.code) = ("Sở Xây dựng và Giao thông".into(), "H50.10".into());
    });
    among.insert(id(4), new.expect("who ended holds no code"));
    let back = |among: &Entries| changes(among, 2, |it| (it.to, it.heirs) = (None, Vec::new()));
    let by = "Sở Xây dựng và Giao thông".to_owned();
    assert_eq!(back(&among), Err(Unlisted::CodeHeld { by }), "its code has gone on");
    among.remove(&id(4));
    assert_eq!(back(&among), Ok(agency(2, "Sở Giao thông", "H50.10")));
}

#[test]
fn a_code_that_was_changed_stays_beside_the_new_one() {
    let among = three();
    let mended = changes(&among, 1, |it| it.code = "H50.09".into()).unwrap();
    assert_eq!(mended.codes_before, ["H50.9"]);
    let again = changes(&entries([mended]), 1, |it| it.code = "H50.9".into()).unwrap();
    assert_eq!((again.code.as_str(), again.codes_before), ("H50.9", vec!["H50.09".to_owned()]));
}

#[test]
fn an_agency_on_a_server_says_its_own_name_and_code_and_others_say_the_rest() {
    let among = three();
    let rest = changes(&among, 3, |it| {
        (it.unit, it.parent) = ("01234".into(), "thành phố Hiếu Sơn".into());
        it.to = Some(date(2026, 12, 31));
        it.heirs = vec![id(1), id(2)];
        it.on_exchange = false;
    });
    let rest = rest.unwrap();
    assert_eq!((rest.unit.as_str(), rest.heirs.len(), rest.on_exchange), ("01234", 2, true));
    let itself = |field| Err(Unlisted::StatesItself { field });
    let named = changes(&among, 3, |it| it.name = "UBND phường An Hiếu".into());
    assert_eq!(named, itself(ListedField::Name));
    let coded = changes(&among, 3, |it| it.code = "H50.12.99".into());
    assert_eq!(coded, itself(ListedField::Code));
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_written_over() {
    let among = three();
    let read = among.get(&id(1)).cloned();
    let mine = Listed { unit: "50".into(), ..agency(1, "Sở Xây dựng", "H50.9") };
    let theirs = Listed { parent: String::new(), ..agency(1, "Sở Xây dựng", "H50.9") };
    let now = entries([theirs.clone()]);
    let said = listed_by(&states(read.clone(), mine), &now);
    assert_eq!(said, Err(Unlisted::Meanwhile { by: None }));
    let same = listed_by(&states(read, theirs.clone()), &now);
    assert_eq!(same, Ok(theirs), "two who mend the same in the same way agree");
    let new = listed_by(&states(None, agency(1, "Sở khác", "")), &now);
    assert_eq!(new, Err(Unlisted::Meanwhile { by: None }), "there is one of that id");
}

#[test]
fn an_entry_is_written_as_entries_are() {
    let among = three();
    let on = |n, change: fn(&mut Listed)| changes(&among, n, change).unwrap_err();
    assert_eq!(on(9, |_| ()), Unlisted::NoName);
    assert_eq!(on(1, |it| it.name = " Sở  Xây dựng".into()), Unlisted::Malformed);
    let long = |field, max| Unlisted::TooLong { field, max };
    assert_eq!(on(1, |it| it.name = "x".repeat(251)), long(ListedField::Name, 250));
    assert_eq!(on(1, |it| it.parent = "x".repeat(251)), long(ListedField::Parent, 250));
    assert_eq!(on(1, |it| it.code = "1".repeat(36)), long(ListedField::Code, LISTED_CODE_MAX));
    assert_eq!(on(1, |it| it.code = "H50-9".into()), Unlisted::NotACode);
    assert_eq!(on(1, |it| it.code = "HSƠN.9".into()), Unlisted::NotACode);
    assert_eq!(on(1, |it| it.code = "HSON".into()), Unlisted::NotACode);
    assert_eq!(on(1, |it| it.unit = "1234".into()), Unlisted::NotAUnit);
    assert_eq!(on(1, |it| it.unit = "xã".into()), Unlisted::NotAUnit);
    let taken = Unlisted::CodeHeld { by: "Sở Giao thông".into() };
    assert_eq!(on(1, |it| it.code = "h50.10".into()), taken);
    let from = date(2026, 1, 1);
    let upside_down =
        on(1, |it| (it.from, it.to) = (Some(date(2026, 1, 1)), Some(date(2025, 12, 31))));
    assert_eq!(upside_down, Unlisted::EndsBeforeBeginning { from });
}

#[test]
fn what_stands_from_before_the_rules_stays_until_somebody_changes_it() {
    let old = agency(1, &"Sở  cũ ".repeat(60), "Mã cũ");
    let among = entries([Listed { unit: "1234".into(), ..old.clone() }]);
    let ended = changes(&among, 1, |it| it.to = Some(date(2026, 1, 1)));
    assert_eq!(ended.map(|one| (one.name, one.code)), Ok((old.name, old.code)));
    let mended = changes(&among, 1, |it| it.name = "Sở  cũ".into());
    assert_eq!(mended, Err(Unlisted::Malformed));
}

#[test]
fn heirs_are_others_who_are_known_and_lead_nowhere_back() {
    let mut among = three();
    let end = |it: &mut Listed, heirs: &[u8]| *it = ended(it.clone(), TODAY, heirs);
    let without = changes(&among, 1, |it| it.heirs = vec![id(2)]);
    assert_eq!(without, Err(Unlisted::HeirsWithoutEnd));
    assert_eq!(changes(&among, 1, |it| end(it, &[2, 1])), Err(Unlisted::OwnHeir));
    among.insert(id(2), changes(&among, 2, |it| end(it, &[3])).unwrap());
    among.insert(id(3), changes(&among, 3, |it| end(it, &[4])).unwrap());
    among.insert(id(4), agency(4, "Sở Công thương", ""));
    let back = changes(&among, 4, |it| end(it, &[1, 2]));
    assert_eq!(back, Err(Unlisted::HeirsInCircle { through: "Sở Giao thông".into() }));
    let many: Vec<u8> = (10..=u8::try_from(10 + HEIRS_MAX).unwrap()).collect();
    let max = u32::try_from(HEIRS_MAX).unwrap();
    let too_many = changes(&among, 1, |it| end(it, &many));
    assert_eq!(too_many, Err(Unlisted::TooLong { field: ListedField::Heirs, max }));
    let divided = changes(&among, 1, |it| end(it, &[2, 4])).unwrap();
    assert_eq!(must_know_heirs(&divided, &among), Ok(()));
    let elsewhere = changes(&among, 1, |it| end(it, &[99])).expect("a server knows not all");
    assert_eq!(must_know_heirs(&elsewhere, &among), Err(Unlisted::HeirUnknown));
}

/// Whatever two keepers state in whatever order, what stands keeps the rules.
#[test]
fn a_directory_that_random_keepers_shake_keeps_its_rules() {
    for seed in 0..40 {
        let mut chance = Chance::of(seed);
        let mut among = three();
        let mut read = among.clone();
        let mut taken = 0;
        for _ in 0..300 {
            if chance.one_in(3) {
                read = among.clone();
            }
            let statement = random_statement(&mut chance, &read);
            if let Ok(entry) = listed_by(&statement, &among) {
                taken += u32::from(among.get(&entry.id) != Some(&entry));
                among.insert(entry.id, entry);
            }
            must_be_sound(&among);
        }
        assert!(taken > 20, "seed {seed}: keepers come through ({taken})");
    }
}

fn random_statement(chance: &mut Chance, read: &Entries) -> Statement {
    let n = u8::try_from(chance.below(9)).unwrap();
    let before = read.get(&id(n)).cloned();
    let mut after = before.clone().unwrap_or_else(|| agency(n, "Sở mới", ""));
    match chance.below(5) {
        0 => after.code = format!("H50.{}", chance.below(6)),
        1 => after.name = format!("Sở {}", chance.below(4)),
        2 => after.unit = format!("{:02}", chance.below(99)),
        3 => (after.to, after.heirs) = (None, Vec::new()),
        _ => {
            after.to = Some(date(2026, 1, 1));
            let heirs = (0..chance.below(3)).map(|_| id(u8::try_from(chance.below(9)).unwrap()));
            after.heirs = heirs.collect();
        }
    }
    states(before, after)
}

fn must_be_sound(among: &Entries) {
    let mut codes = BTreeMap::new();
    for one in among.values() {
        if !one.code.is_empty() && one.to.is_none() {
            let other = codes.insert(one.code.clone(), one.id);
            assert_eq!(other, None, "two that stand have the code {}", one.code);
        }
        assert!(one.heirs.is_empty() || one.to.is_some());
        let mut seen = BTreeSet::new();
        let mut ahead = one.heirs.clone();
        while let Some(next) = ahead.pop() {
            assert_ne!(next, one.id, "heirs lead back to {}", one.name);
            if seen.insert(next) {
                ahead.extend(among.get(&next).into_iter().flat_map(|heir| heir.heirs.clone()));
            }
        }
    }
    let served = among.get(&id(3)).unwrap();
    assert_eq!((served.name.as_str(), served.code.as_str()), ("UBND xã An Hiếu", "H50.12.03"));
}
