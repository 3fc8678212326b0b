//! Stories of people: founding, who left, the last administrator, decided days.
use std::collections::BTreeSet;

use register::{
    Act, AgencyFounded, AgencyId, Command, DayKind, DecidedDay, DecidedYear, Key, Officer, Party,
    RecipientGroup, Refusal, Role, State, Unit, UnitId, Where,
};

use crate::cast::{
    AN, BINH, ECONOMY, HUNG, LAN, ORG, Office, TU, day, directive, founding, officer, unit,
    waiting, work,
};

fn left(of: Officer) -> Act {
    Act::SetOfficer { officer: Officer { active: false, ..of } }
}

#[test]
fn an_agency_is_founded_once_by_one_of_its_administrators() {
    let mut office = Office::bare();
    assert_eq!(
        office.does(LAN, Act::Found(founding())),
        Err(Refusal::Forbidden { needs: Role::Administrator })
    );
    assert_eq!(
        office.does(TU, Act::TakeLease { book: crate::cast::ARRIVALS }),
        Err(Refusal::Malformed),
        "nothing happens before"
    );
    let mut lost = founding();
    lost.officers[0].unit = Some(UnitId([99; 16]));
    assert_eq!(office.does(TU, Act::Found(lost)), Err(Refusal::NotAllowed { field: Where::Unit }));
    office.does(TU, Act::Found(founding())).unwrap();
    assert_eq!(office.does(TU, Act::Found(founding())), Err(Refusal::FoundedAlready));
    let command = office.command(LAN, waiting(1, "2026-11-20"));
    let other = Command { org: AgencyId([9; 16]), ..command };
    assert_eq!(office.world.act(&other), Err(Refusal::Malformed));
}

/// The founder stood in the list twice, the second time without his role: nobody administered.
#[test]
fn a_founding_names_everybody_once() {
    let mut office = Office::bare();
    let twice = founding();
    let mut officers = twice.officers.clone();
    officers.push(officer(TU, "Tú", None, &[Role::Official]));
    assert_eq!(
        office.does(TU, Act::Found(AgencyFounded { officers, ..twice.clone() })),
        Err(Refusal::Exists { what: Key::Officer(TU) })
    );
    let mut units = twice.units.clone();
    units.push(unit(ECONOMY, "Phòng Kinh tế", "KT"));
    assert_eq!(
        office.does(TU, Act::Found(AgencyFounded { units, ..twice })),
        Err(Refusal::Exists { what: Key::Unit(ECONOMY) })
    );
}

#[test]
fn an_officer_who_left_does_nothing_and_gets_nothing_new() {
    let mut office = Office::open();
    office.arrives(1, "2026-11-20").unwrap();
    office.directs(1, 1, Party::Officer(AN)).unwrap();
    let an = office.person(AN);
    office.does(TU, left(an)).unwrap();
    let task = crate::cast::job(1);
    let report = Act::Progress { task, percent: 10, note: String::new() };
    assert_eq!(office.does(AN, report), Err(Refusal::NotActive));
    let again = directive(1, 2, Some(work(2, Party::Officer(AN), "")), &[]);
    assert_eq!(office.does(HUNG, again), Err(Refusal::NotActive));
    let pass = Act::Transfer { task, to: Party::Officer(BINH), note: String::new() };
    office.does(BINH, pass).expect("his work is passed on by his head of unit");
    let hung = office.person(HUNG);
    office.does(TU, left(hung)).unwrap();
    let (document, to) = (crate::cast::doc(1), HUNG);
    let submit = Act::SubmitIncoming { document, to, proposal: String::new() };
    assert_eq!(office.does(LAN, submit), Err(Refusal::Forbidden { needs: Role::Leader }));
}

#[test]
fn a_closed_unit_gets_no_new_work() {
    let mut office = Office::open();
    let closed = Unit { open: false, ..unit(ECONOMY, "Phòng Kinh tế", "KT") };
    office.does(TU, Act::SetUnit { unit: closed }).unwrap();
    let set = work(1, Party::Unit(ECONOMY), "");
    assert_eq!(
        office.does(HUNG, Act::CreateTask { set, information: Vec::new() }),
        Err(Refusal::NotActive)
    );
}

#[test]
fn the_last_administrator_stays_one() {
    let mut office = Office::open();
    let tu = office.person(TU);
    assert_eq!(office.does(TU, left(tu.clone())), Err(Refusal::LastAdministrator));
    let roles = BTreeSet::from([Role::Clerk]);
    let demoted = Officer { roles, ..tu };
    assert_eq!(
        office.does(TU, Act::SetOfficer { officer: demoted }),
        Err(Refusal::LastAdministrator)
    );
    let lan = office.person(LAN);
    let roles = BTreeSet::from([Role::Clerk, Role::Administrator]);
    office.does(TU, Act::SetOfficer { officer: Officer { roles, ..lan } }).unwrap();
    let tu = office.person(TU);
    office.does(LAN, left(tu)).unwrap();
    assert_eq!(
        office.does(TU, Act::SetAgency { agency: crate::cast::agency() }),
        Err(Refusal::NotActive)
    );
}

#[test]
fn an_officer_has_a_name_a_role_and_a_unit_that_exists() {
    let mut office = Office::open();
    let set = |officer| Act::SetOfficer { officer };
    let new = register::OfficerId([50; 16]);
    assert_eq!(
        office.does(TU, set(officer(new, " ", None, &[Role::Clerk]))),
        Err(Refusal::Missing { field: Where::Name })
    );
    assert_eq!(
        office.does(TU, set(officer(new, "Ba", None, &[]))),
        Err(Refusal::Missing { field: Where::Roles })
    );
    let nowhere = UnitId([60; 16]);
    assert_eq!(
        office.does(TU, set(officer(new, "Ba", Some(nowhere), &[Role::Clerk]))),
        Err(Refusal::Unknown { what: Key::Unit(nowhere) })
    );
    for other in [LAN, HUNG, BINH] {
        assert_eq!(
            office.does(other, set(officer(new, "Ba", None, &[Role::Clerk]))),
            Err(Refusal::Forbidden { needs: Role::Administrator })
        );
    }
    office.does(TU, set(officer(new, "Ba", None, &[Role::Clerk]))).unwrap();
}

#[test]
fn decided_days_stand_in_their_year() {
    let mut office = Office::open();
    let decided = |year| DecidedYear {
        year,
        days: vec![DecidedDay {
            date: day("2026-08-22"),
            kind: DayKind::MakeupWorking,
            name: "Làm bù".into(),
        }],
        basis: "TB 9441/TB-BNV".into(),
    };
    let set = |year| Act::SetYear { decided: decided(year) };
    assert_eq!(office.does(TU, set(2027)), Err(Refusal::WrongYear));
    office.does(TU, set(2026)).unwrap();
    assert!(office.world.states.contains_key(&Key::Year(2026)));
    let wrong = Command { v: 2, ..office.command(TU, set(2026)) };
    assert_eq!(office.world.act(&wrong), Err(Refusal::Malformed));
    assert_eq!(wrong.org, ORG);
}

#[test]
fn a_clerk_keeps_groups_of_recipients_and_an_administrator_does_not_bring_old_ones_back() {
    let mut office = Office::open();
    let group = |name: &str, members: &[u8]| {
        let members = members.iter().map(|n| AgencyId([*n; 16])).collect();
        Act::SetGroup { group: RecipientGroup { name: name.into(), members } }
    };
    let kept = |office: &Office| match office.world.states.get(&Key::Agency(ORG)) {
        Some(State::Agency(agency)) => agency.groups.clone(),
        _ => Vec::new(),
    };
    assert!(matches!(office.does(TU, group("Xã bạn", &[1])), Err(Refusal::Forbidden { .. })));
    office.does(LAN, group("Xã bạn", &[1, 2])).unwrap();
    office.does(LAN, group("XÃ BẠN", &[2])).unwrap();
    assert_eq!(kept(&office).len(), 1, "one of that name is changed");
    let twice = Err(Refusal::NotAllowed { field: Where::Recipients });
    assert_eq!(office.does(LAN, group("Sở", &[3, 3])), twice);
    office.does(TU, Act::SetAgency { agency: crate::cast::agency() }).unwrap();
    assert_eq!(kept(&office)[0].members, [AgencyId([2; 16])]);
    office.does(LAN, group("Xã bạn", &[])).unwrap();
    assert_eq!(kept(&office), []);
    assert_eq!(office.does(LAN, group("Xã bạn", &[])), Err(Refusal::NothingWaits));
}
