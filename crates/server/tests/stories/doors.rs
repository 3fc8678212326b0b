//! Doors: adoption, enrolment, sessions, and those who are shut out.
use register::{Act, Moment};
use server::CallError;
use sync::wire::{
    ChallengeAsked, CodeAsked, EnrolAsked, Hex, SessionAsked, Trouble, session_bytes,
};

use crate::cast::{AN, LAN, MAI, ORG, Pc, Server, TU, arrival, now, trouble, words};

#[test]
fn an_agency_founded_on_one_pc_is_adopted_with_everything_it_has() {
    let server = Server::new();
    let mut pc = Pc::founded();
    let code = server.ledger.adoption_code(now(), server.chance()).unwrap();
    let enrolled = server.ledger.adopt(pc.adoption(&code), now()).unwrap();
    assert_eq!((enrolled.org, enrolled.officer, enrolled.epoch), (ORG, TU, 1));
    let again = server.ledger.adopt(pc.adoption(&code), now()).unwrap();
    assert_eq!(enrolled, again, "the answer was lost, and the call made again");
    let acks = pc.exchanges(&server, LAN);
    assert_eq!(words(&acks), ["ok"; 5]);
    assert_eq!((pc.number(1), pc.number(2)), (Some(1), Some(2)));
    // Two keys of the PC stand in the log beside its five commands.
    assert_eq!(pc.last.map(|head| head.seq), Some(7));
}

#[test]
fn a_code_opens_for_one_pc_only_and_not_after_three_days() {
    let server = Server::new();
    let pc = Pc::founded();
    let code = server.ledger.adoption_code(now(), server.chance()).unwrap();
    let late = Moment(now().0 + 73 * 3_600_000);
    assert_eq!(trouble(server.ledger.adopt(pc.adoption(&code), late)), Trouble::BadCode);
    let wrong = pc.adoption("0000-0000-0000-0000");
    assert_eq!(trouble(server.ledger.adopt(wrong, now())), Trouble::BadCode);
    let mut forged = pc.adoption(&code);
    forged.name = "VT-02".into();
    forged.dev = Pc::new(7).dev;
    assert_eq!(trouble(server.ledger.adopt(forged, now())), Trouble::BadSignature);
    let first = server.adopted();
    assert_eq!(trouble(server.ledger.adopt(pc.adoption(&code), now())), Trouble::NotEmpty);
    let code = server.code_for(&first, MAI);
    let second = server.ledger.enrol(Pc::new(2).enrolment(&code, MAI), now());
    assert!(second.is_ok());
    let third = server.ledger.enrol(Pc::new(3).enrolment(&code, MAI), now());
    assert_eq!(trouble(third), Trouble::BadCode);
    let again = server.ledger.enrol(Pc::new(2).enrolment(&code.to_lowercase(), MAI), now());
    assert!(again.is_ok(), "the answer was lost, and the call made again");
}

#[test]
fn a_second_pc_enrols_and_has_the_register_newest_first() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut second = server.enrols(&first, 2, MAI);
    let pages = second.copies(&server, MAI);
    assert_eq!(pages, 1, "a small register is one page");
    first.exchanges(&server, LAN);
    second.exchanges(&server, MAI);
    assert_eq!(first.states, second.states);
    assert_eq!(first.last, second.last);
}

#[test]
fn only_an_administrator_makes_codes_and_only_for_who_is_there() {
    let server = Server::new();
    let pc = server.adopted();
    let asked = CodeAsked { officer: MAI };
    let by_lan = server.ledger.code(asked, &server.session(&pc, LAN), now(), [1; 10]);
    assert_eq!(trouble(by_lan), Trouble::NotFound);
    let asked = CodeAsked { officer: register::OfficerId([77; 16]) };
    let by_tu = server.ledger.code(asked, &server.session(&pc, TU), now(), [1; 10]);
    assert_eq!(trouble(by_tu), Trouble::NotFound);
}

#[test]
fn a_session_is_given_once_to_the_holder_of_the_key_and_ends_at_night() {
    let server = Server::new();
    let pc = server.adopted();
    let of = ChallengeAsked { org: ORG, dev: pc.dev, officer: LAN };
    let challenge = server.ledger.challenge(of, now(), [4; 8]);
    let bytes = session_bytes(&challenge.server.0, &challenge.nonce.0);
    let sig = |key: sync::SigningKey| Hex(ed25519_dalek::Signer::sign(&key, &bytes).to_bytes());
    let asked = SessionAsked { of, nonce: challenge.nonce, sig: sig(pc.key(LAN)) };
    let by_tu = SessionAsked { sig: sig(pc.key(TU)), ..asked };
    assert_eq!(trouble(server.ledger.session(by_tu, now(), [1; 32])), Trouble::BadSignature);
    let later = Moment(now().0 + 121_000);
    assert_eq!(trouble(server.ledger.session(asked, later, [1; 32])), Trouble::BadSignature);
    let given = server.ledger.session(asked, now(), [1; 32]).unwrap();
    assert_eq!(given.scopes.len(), 3, "everyone, staff, herself: {:?}", given.scopes);
    let again = server.ledger.session(asked, now(), [2; 32]);
    assert_eq!(trouble(again), Trouble::BadSignature, "a challenge is answered once");
    let night = Moment(now().0 + 12 * 3_600_000 + 1);
    assert!(server.ledger.session_of(&given.token, now()).is_ok());
    assert_eq!(trouble(server.ledger.session_of(&given.token, night)), Trouble::NoSession);
    assert_eq!(trouble(server.ledger.session_of("no token", now())), Trouble::NoSession);
    let stranger = server.try_session(&Pc::new(99), LAN);
    assert!(matches!(stranger, Err(CallError::Trouble(Trouble::BadSignature))));
}

#[test]
fn the_work_of_a_pc_that_was_shut_out_is_kept_for_the_administrator_and_it_reads_nothing() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut lost = server.enrols(&first, 2, MAI);
    lost.exchanges(&server, MAI);
    lost.does(MAI, arrival(9));
    first.does(TU, Act::RevokeDevice { device: lost.dev, reason: "mất máy".into() });
    first.exchanges(&server, TU);
    assert_eq!(trouble(server.tries(&lost, MAI, &lost.asks())), Trouble::Revoked);
    let session = server.session(&lost, MAI);
    assert_eq!(trouble(server.ledger.log(&session, 1, 100)), Trouble::Revoked);
    assert_eq!(trouble(server.ledger.head(&session)), Trouble::Revoked);
    let session = server.session(&first, TU);
    let log = server.ledger.log(&session, 1, 100).unwrap();
    let last = log.entries.last().unwrap();
    assert!(last.outcome.contains("\"held\"") && last.outcome.contains("device_revoked"));
}

#[test]
fn an_officer_who_left_reads_nothing_more() {
    let server = Server::new();
    let mut pc = server.adopted();
    let officer = crate::cast::lan_with(false);
    pc.does(TU, Act::SetOfficer { officer });
    pc.exchanges(&server, TU);
    assert_eq!(trouble(server.tries(&pc, LAN, &pc.asks())), Trouble::Revoked);
    assert!(server.tries(&pc, TU, &pc.asks()).is_ok(), "the PC itself is trusted");
    assert!(server.enrols(&pc, 3, AN).states.is_empty());
}

#[test]
fn a_code_lets_nobody_in_under_the_name_of_a_pc_that_is_known() {
    let server = Server::new();
    let first = server.adopted();
    let code = server.code_for(&first, AN);
    let mut thief = Pc::new(0x77);
    thief.dev = first.dev;
    let asked = thief.enrolment(&code, AN);
    let stranger = server.ledger.enrol(asked.clone(), now());
    assert_eq!(trouble(stranger), Trouble::KnownPc);
    let by_himself = EnrolAsked { beside: Some(thief.beside(&code, LAN, AN)), ..asked.clone() };
    assert_eq!(trouble(server.ledger.enrol(by_himself, now())), Trouble::BadSignature);
    let of_another = Some(first.beside("other", LAN, AN));
    let forged = EnrolAsked { beside: of_another, ..first.enrolment(&code, AN) };
    assert_eq!(trouble(server.ledger.enrol(forged, now())), Trouble::BadSignature);
    let beside = Some(first.beside(&code, LAN, AN));
    let invited = EnrolAsked { beside, ..first.enrolment(&code, AN) };
    assert!(server.ledger.enrol(invited.clone(), now()).is_ok());
    assert!(server.ledger.enrol(invited, now()).is_ok(), "the answer was lost");
    assert!(server.try_session(&first, AN).is_ok());
    let code = server.code_for(&first, AN);
    let again = server.ledger.enrol(first.enrolment(&code, AN), now());
    assert!(again.is_ok(), "his own key is known there");
}
