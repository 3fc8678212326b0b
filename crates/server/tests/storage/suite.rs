//! The suite itself: one function a promise, for any storage.
use std::ops::ControlFlow;
use std::sync::mpsc::channel;

use register::{AgencyId, BlobId, DocumentId, Key, Moment, OfficerId, ParcelId, PublicKey, TaskId};
use server::{
    Behind, BlobUse, Code, Filed, Found, Fresh, Home, Kept, Out, Proof, Session, Soon, Span,
    StorageFault, Waits, Whither, looked_up, looked_up_lightly, written, written_soon,
};

pub use crate::directory::{
    the_directory_counts_every_change, who_keeps_the_directory_and_what_was_stated_is_known,
};
pub use crate::filed::{
    numbers_and_queues_are_as_they_stand_whatever_was_asked_before,
    what_is_filed_is_found_until_it_is_taken_out,
};
pub use crate::releases::releases_and_what_pcs_run_are_kept_under_their_names;

use crate::cast::{
    BOOK, LAN, Making, ORG, OTHER, PC, bodies, entry, key, letter, org, put_state, reads, writes,
};

pub fn what_is_kept_is_there_when_it_is_opened_again<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    writes(&storage, ORG, |writing| {
        writing.put_org(&org(ORG, 1))?;
        writing.append(ORG, &entry(1))?;
        put_state(writing, ORG, 1, 1)
    });
    drop(storage);
    let storage = making.open();
    reads(&storage, |reading| {
        assert_eq!(reading.orgs()?, [ORG]);
        assert_eq!(reading.org(ORG)?, Some(org(ORG, 1)));
        assert_eq!(reading.org(OTHER)?, None);
        assert_eq!(reading.entry_of(ORG, PC, 1)?, Some(entry(1)));
        assert_eq!(bodies(reading, ORG, Span::After(0), 9), ["body 1 at 1"]);
        Ok(())
    });
    writes(&storage, ORG, |writing| writing.put_org(&org(ORG, 7)));
    assert_eq!(reads(&storage, |reading| reading.org(ORG)), Some(org(ORG, 7)));
}

pub fn an_undone_job_leaves_nothing_and_takes_nobody_with_it<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| writing.put_org(&org(ORG, 0)));
    std::thread::scope(|scope| {
        for n in 1..=40_u64 {
            let storage = &*storage;
            scope.spawn(move || {
                let done = written::<(), StorageFault>(storage, Some(ORG), move |writing| {
                    writing.append(ORG, &entry(n))?;
                    if n % 2 == 0 { Err(StorageFault::Form { what: "even" }) } else { Ok(()) }
                });
                assert_eq!(done.is_ok(), n % 2 == 1);
            });
        }
    });
    let mut kept = Vec::new();
    reads(&*storage, |reading| {
        reading.entries(ORG, 1, &mut |entry| {
            kept.push(entry.seq);
            ControlFlow::Continue(())
        })
    });
    assert_eq!(kept, (1..=40).step_by(2).collect::<Vec<u64>>());
}

pub fn a_job_that_panics_is_undone_and_the_writer_goes_on<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let panicked = written::<(), StorageFault>(&*storage, Some(ORG), |writing| {
        writing.put_org(&org(ORG, 1))?;
        panic!("a fault of ours")
    });
    assert!(matches!(panicked, Err(StorageFault::Panicked)), "{panicked:?}");
    assert_eq!(reads(&*storage, |reading| reading.orgs()), []);
    writes(&*storage, OTHER, |writing| writing.put_org(&org(OTHER, 1)));
    assert_eq!(reads(&*storage, |reading| reading.orgs()), [OTHER]);
}

pub fn a_log_takes_each_place_name_and_turn_once<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| {
        assert_eq!(writing.last_n(ORG, PC)?, 0);
        writing.append(ORG, &entry(1))?;
        writing.append(ORG, &entry(2))?;
        assert_eq!(writing.last_n(ORG, PC)?, 2, "a transaction sees what it wrote");
        assert_eq!(writing.said_of(ORG, entry(2).id)?.as_deref(), Some("said of 2"));
        assert_eq!(writing.said_of(OTHER, entry(2).id)?, None);
        Ok(())
    });
    writes(&*storage, OTHER, |writing| writing.append(OTHER, &entry(1)));
    let (place, name, turn) = (entry(2), entry(2), entry(2));
    let fresh = entry(3);
    for twin in [
        server::Entry { n: fresh.n, id: fresh.id, ..place },
        server::Entry { n: fresh.n, seq: fresh.seq, ..name },
        server::Entry { seq: fresh.seq, id: fresh.id, ..turn },
    ] {
        let kept = written::<(), StorageFault>(&*storage, Some(ORG), move |writing| {
            writing.append(ORG, &twin)
        });
        assert!(
            matches!(kept, Err(StorageFault::Sql { .. } | StorageFault::Taken { .. })),
            "{kept:?}"
        );
    }
    let mut seen = Vec::new();
    reads(&*storage, |reading| {
        reading.entries(ORG, u64::MAX, &mut |_| panic!("nothing is there"))?;
        reading.entries(ORG, 2, &mut |entry| {
            seen.push(entry);
            ControlFlow::Break(())
        })
    });
    assert_eq!(seen, [entry(2)]);
}

pub fn the_frame_is_all_but_documents_and_tasks<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let frame = [Key::Agency(ORG), Key::Officer(LAN), Key::Book(BOOK), Key::Year(2026)];
    let frame = [&frame[..], &[Key::Device(PC)]].concat();
    let things = [letter(1), Key::Outgoing(DocumentId([2; 16])), Key::Task(TaskId([3; 16]))];
    let all = [&frame[..], &things[..]].concat();
    writes(&*storage, ORG, move |writing| {
        all.iter().try_for_each(|key| {
            let kept = Kept { key: *key, ver: 1, body: "", aud: "", aud_ever: "" };
            writing.put_state(ORG, kept)
        })
    });
    let mut seen = Vec::new();
    reads(&*storage, |reading| {
        reading.states(ORG, Span::Frame, &mut |kept| {
            seen.push(kept.key);
            ControlFlow::Continue(())
        })
    });
    assert_eq!(seen, frame);
}

pub fn states_come_in_the_order_of_their_versions_and_only_of_their_agency<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| {
        for (n, ver) in [(1, 5), (2, 3), (3, 9), (4, 3)] {
            put_state(writing, ORG, n, ver)?;
        }
        put_state(writing, ORG, 2, 7)
    });
    writes(&*storage, OTHER, |writing| put_state(writing, OTHER, 9, 4));
    reads(&*storage, |reading| {
        let up = ["body 4 at 3", "body 1 at 5", "body 2 at 7", "body 3 at 9"];
        assert_eq!(bodies(reading, ORG, Span::After(0), 9), up);
        assert_eq!(bodies(reading, ORG, Span::After(5), 9), up[2..]);
        assert_eq!(bodies(reading, ORG, Span::After(u64::MAX), 9), [""; 0]);
        assert_eq!(bodies(reading, ORG, Span::Below(7), 9), ["body 1 at 5", "body 4 at 3"]);
        assert_eq!(bodies(reading, ORG, Span::Below(u64::MAX), 1), ["body 3 at 9"]);
        let mut one = None;
        reading.state(ORG, letter(2), &mut |kept| {
            one = Some((kept.ver, kept.aud.to_owned(), kept.aud_ever.to_owned()));
            ControlFlow::Break(())
        })?;
        assert_eq!(one, Some((7, "staff".into(), "staff u:1".into())));
        Ok(())
    });
}

pub fn the_history_of_a_thing_is_its_entries<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| {
        for n in 1..=4 {
            writing.append(ORG, &entry(n))?;
        }
        for (n, seq) in [(1, 1), (2, 1), (1, 3), (1, 3), (2, 4)] {
            writing.put_touched(ORG, letter(n), seq, "[]")?;
        }
        Ok(())
    });
    writes(&*storage, OTHER, |writing| {
        writing.append(OTHER, &entry(1))?;
        writing.put_touched(OTHER, letter(1), 1, "[]")
    });
    let seqs = |org, n, from| {
        let mut seqs = Vec::new();
        reads(&*storage, |reading| {
            reading.entries_of(org, letter(n), from, &mut |entry, _| {
                seqs.push(entry.seq);
                ControlFlow::Continue(())
            })
        });
        seqs
    };
    assert_eq!(seqs(ORG, 1, 0), [1, 3]);
    assert_eq!(seqs(ORG, 1, 2), [3]);
    assert_eq!(seqs(ORG, 2, 1), [1, 4]);
    assert_eq!(seqs(ORG, 1, u64::MAX), [0; 0]);
    assert_eq!(seqs(OTHER, 1, 0), [1]);
    assert_eq!(seqs(ORG, 9, 0), [0; 0]);
}

pub fn who_names_a_file_is_known_and_what_was_proven_stays_so<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let named = |n, proof| BlobUse { key: letter(n), dev: PC, proof };
    writes(&*storage, ORG, move |writing| {
        writing.put_blob_use(ORG, BlobId([1; 32]), &named(1, Proof::Named))?;
        writing.put_blob_use(ORG, BlobId([1; 32]), &named(2, Proof::Proven))?;
        writing.put_blob_use(ORG, BlobId([1; 32]), &named(2, Proof::Named))?;
        writing.put_blob_use(ORG, BlobId([2; 32]), &named(1, Proof::Proven))
    });
    let uses = |org, byte| reads(&*storage, |reading| reading.blob_uses(org, BlobId([byte; 32])));
    assert_eq!(uses(ORG, 1), [named(1, Proof::Named), named(2, Proof::Proven)]);
    assert_eq!(uses(ORG, 2), [named(1, Proof::Proven)]);
    assert_eq!(uses(OTHER, 1), []);
}

pub fn keys_wait_until_their_officer_is_known<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| {
        writing.put_key(ORG, &key(1, Some("VT-01")))?;
        writing.put_key(ORG, &key(2, None))
    });
    reads(&*storage, |reading| {
        assert_eq!(reading.keys(ORG, PC)?, [key(1, Some("VT-01")), key(2, None)]);
        assert_eq!(reading.pending_keys(ORG, LAN)?, [key(1, Some("VT-01"))]);
        assert_eq!(reading.pending_keys(ORG, OfficerId([9; 16]))?, []);
        Ok(())
    });
    writes(&*storage, ORG, |writing| writing.put_key(ORG, &key(1, None)));
    assert_eq!(reads(&*storage, |reading| reading.pending_keys(ORG, LAN)), []);
    assert_eq!(reads(&*storage, |reading| reading.keys(ORG, PC)).len(), 2);
}

pub fn sessions_are_forgotten_when_they_are_over<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let session = |until| Session { org: ORG, dev: PC, officer: LAN, until: Moment(until) };
    writes(&*storage, ORG, move |writing| {
        writing.put_session(&[1; 32], &session(100), Moment(50))?;
        writing.put_session(&[2; 32], &session(200), Moment(100))
    });
    assert_eq!(reads(&*storage, |reading| reading.session(&[1; 32])), Some(session(100)));
    writes(&*storage, ORG, move |writing| {
        writing.put_session(&[3; 32], &session(300), Moment(101))
    });
    assert_eq!(reads(&*storage, |reading| reading.session(&[1; 32])), None);
    assert_eq!(reads(&*storage, |reading| reading.session(&[2; 32])), Some(session(200)));
}

pub fn a_code_says_what_it_let_in<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let of = Some((ORG, LAN));
    let code = Code { of, until: Moment(9), used: None };
    let open = code.clone();
    writes(&*storage, ORG, move |writing| {
        writing.put_code(&[1; 32], &open)?;
        writing.put_code(&[2; 32], &Code { of: None, ..open })
    });
    assert_eq!(reads(&*storage, |reading| reading.code(&[1; 32])), Some(code.clone()));
    let used = Code { used: Some([7; 32]), ..code };
    let kept = used.clone();
    writes(&*storage, ORG, move |writing| writing.put_code(&[1; 32], &kept));
    reads(&*storage, |reading| {
        assert_eq!(reading.code(&[1; 32])?, Some(used));
        assert_eq!(reading.code(&[2; 32])?.map(|code| code.of), Some(None));
        assert_eq!(reading.code(&[3; 32])?, None);
        Ok(())
    });
}

pub fn readers_see_one_moment_while_the_writer_goes_on<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    writes(&*storage, ORG, |writing| writing.put_org(&org(ORG, 1)));
    let seen = looked_up::<_, StorageFault>(&*storage, |reading| {
        let before = reading.org(ORG)?;
        writes(&*storage, ORG, |writing| writing.put_org(&org(ORG, 2)));
        Ok((before, reading.org(ORG)?))
    });
    let (before, after) = seen.unwrap();
    assert_eq!((before, after), (Some(org(ORG, 1)), Some(org(ORG, 1))));
    assert_eq!(reads(&*storage, |reading| reading.org(ORG)), Some(org(ORG, 2)));
}

pub fn what_is_told_to_be_looked_up_soon_is_found_as_it_is<M: Making>() {
    let Some(making) = M::new() else { return };
    writes(&making.open(), ORG, |writing| {
        writing.put_org(&org(ORG, 1))?;
        writing.append(ORG, &entry(1))?;
        writing.put_filed(ORG, letter(1), &Filed::Number(BOOK, 2026, 5))?;
        put_state(writing, ORG, 1, 1)
    });
    // Two commands may be about one letter, and one may be there already.
    let soon = Soon {
        names: vec![entry(1).id, entry(2).id, entry(1).id],
        states: vec![letter(1), letter(2), letter(1)],
        numbers: vec![(BOOK, 2026, 5), (BOOK, 2026, 6), (BOOK, 2026, 5)],
    };
    let found = written_soon::<_, StorageFault>(&making.open(), (ORG, soon), |writing| {
        let mut there = Vec::new();
        for n in [1, 2] {
            let before = there.len();
            writing.state(ORG, letter(n), &mut |_| {
                there.push(n);
                ControlFlow::Continue(())
            })?;
            let said = writing.said_of(ORG, entry(n.into()).id)?.is_some();
            let numbered = writing.number(ORG, BOOK, 2026, 4 + u32::from(n))?.is_some();
            assert_eq!([said, numbered], [there.len() > before; 2]);
        }
        Ok(there)
    });
    assert_eq!(found.unwrap(), [1]);
}

pub fn what_is_looked_at_lightly_is_of_one_moment_too<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let change = |head: u64| {
        writes(&*storage, ORG, move |writing| {
            put_state(writing, ORG, 1, head)?;
            writing.put_org(&org(ORG, head))
        });
    };
    for (before, fresh) in [(1, Fresh::Now), (3, Fresh::AsWritten)] {
        change(before);
        let mut runs = 0;
        let seen = looked_up_lightly::<_, StorageFault>(&*storage, fresh, |reading| {
            runs += 1;
            let head = reading.org(ORG)?.map(|org| org.head);
            if runs == 1 {
                change(before + 1);
            }
            let mut ver = None;
            reading.state(ORG, letter(1), &mut |kept| {
                ver = Some(kept.ver);
                ControlFlow::Break(())
            })?;
            reading.entries(ORG, 1, &mut |_| panic!("nothing is there"))?;
            Ok((head, ver))
        });
        let (head, ver) = seen.unwrap();
        assert!(head.is_some_and(|head| head >= before) && head == ver, "{head:?} and {ver:?}");
    }
}

pub fn fifty_agencies_are_written_by_many_at_once<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        for agency in 1..=50_u8 {
            let (storage, tell) = (&*storage, tell.clone());
            scope.spawn(move || {
                let id = AgencyId([agency; 16]);
                for n in 1..=20 {
                    writes(storage, id, move |writing| {
                        let head = writing.org(id)?.map_or(0, |org| org.head);
                        writing.append(id, &entry(head + 1))?;
                        writing.put_org(&org(id, head + 1))
                    });
                    tell.send((id, n)).unwrap();
                }
            });
        }
    });
    drop(tell);
    assert_eq!(told.iter().count(), 1000);
    reads(&*storage, |reading| {
        for id in reading.orgs()? {
            assert_eq!(reading.org(id)?.map(|org| org.head), Some(20));
            assert_eq!(reading.last_n(id, PC)?, 20);
        }
        Ok(())
    });
}

pub fn a_job_writes_to_no_agency_that_it_did_not_name<M: Making>() {
    let Some(storage) = open_alone::<M>() else { return };
    for of in [None, Some(OTHER)] {
        let written =
            written::<(), StorageFault>(&*storage, of, |writing| writing.put_org(&org(ORG, 1)));
        assert!(matches!(written, Err(StorageFault::OtherAgency { org: ORG })), "{written:?}");
    }
    assert_eq!(reads(&*storage, |reading| reading.orgs()), []);
}

/// A storage together with what it stands in.
pub struct Alone<M: Making> {
    made: M::Made,
    _making: M,
}

impl<M: Making> std::ops::Deref for Alone<M> {
    type Target = M::Made;

    fn deref(&self) -> &M::Made {
        &self.made
    }
}

pub fn open_alone<M: Making>() -> Option<Alone<M>> {
    let making = M::new()?;
    Some(Alone { made: making.open(), _making: making })
}

fn matter(n: u8, parcel: u8, due: i64) -> Out {
    Out {
        id: [n; 16],
        from: ORG,
        to: OTHER,
        parcel: ParcelId([parcel; 16]),
        rank: n,
        deliver: n == 1,
        at: Moment(5),
        due: Moment(due),
        tries: 0,
        body: format!("matter {n}"),
        via: None,
    }
}

pub fn what_goes_between_agencies_is_there_until_it_has_gone<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    writes(&storage, ORG, |writing| {
        writing.put_org(&org(ORG, 0))?;
        for (n, parcel, due) in [(3, 7, 30), (1, 7, 90), (2, 8, 10), (4, 9, 95)] {
            writing.put_out(&matter(n, parcel, due))?;
        }
        writing.put_unfetched(ORG, 4, ParcelId([7; 16]))?;
        writing.put_unfetched(ORG, 9, ParcelId([8; 16]))?;
        // The job that wrote them sees them.
        assert_eq!(writing.outs_of(ORG, ParcelId([7; 16]))?.len(), 2);
        assert_eq!(writing.unfetched(ORG, 8, 9)?, [(4, ParcelId([7; 16]))]);
        Ok(())
    });
    let due = |at: i64| {
        let found = reads(&storage, |reading| reading.outs(Whither::Anywhere, Moment(at), 9));
        found.into_iter().map(|out| out.id[0]).collect::<Vec<u8>>()
    };
    assert_eq!(due(30), [2, 3], "the lower rank first");
    assert_eq!(reads(&storage, |reading| reading.next_out(Whither::Here)), Some(Moment(10)));
    writes(&storage, ORG, |writing| {
        writing.put_out(&Out { tries: 1, ..matter(2, 8, 70) })?;
        writing.hurry_outs(ORG, Behind::Parcel(ParcelId([9; 16])), Moment(20))?;
        writing.hurry_outs(ORG, Behind::Files, Moment(15))?;
        writing.drop_out(&[3; 16])?;
        writing.drop_unfetched(ORG, 4, ParcelId([7; 16]))
    });
    assert_eq!(due(15), [1], "a document, which had waited for its files");
    assert_eq!(due(20), [1, 4], "and what is of the other parcel");
    assert_eq!(due(69), [1, 4], "nothing else is hurried");
    writes(&storage, ORG, |writing| {
        writing.put_out(&Out { tries: 2, ..matter(2, 8, 80) })?;
        // The job sees what it has not kept yet, and what is due already stays as it is.
        writing.hurry_outs(ORG, Behind::Parcel(ParcelId([8; 16])), Moment(60))?;
        writing.hurry_outs(ORG, Behind::Parcel(ParcelId([7; 16])), Moment(60))?;
        let seen = writing.outs(Whither::Here, Moment(60), 9)?;
        assert_eq!(seen.iter().map(|out| out.due.0).collect::<Vec<_>>(), [15, 60, 20]);
        writing.drop_out(&[4; 16])
    });
    assert_eq!(due(60), [1, 2]);
    reads(&storage, |reading| {
        assert_eq!(reading.outs_of(ORG, ParcelId([7; 16]))?.len(), 1);
        assert_eq!(reading.unfetched(ORG, 99, 9)?, [(9, ParcelId([8; 16]))]);
        Ok(())
    });
    drop(storage);
    let storage = making.open();
    assert_eq!(reads(&storage, |reading| reading.outs(Whither::Anywhere, Moment(99), 9)).len(), 2);
}

const NEAR: PublicKey = PublicKey([0x11; 32]);
const FAR: PublicKey = PublicKey([0x22; 32]);

fn home(org: AgencyId, peer: PublicKey, stands: bool) -> Home {
    Home { org, peer, at: Moment(7), stands }
}

pub fn other_servers_are_known_and_who_lives_there<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    written::<(), StorageFault>(&storage, None, |writing| {
        writing.put_peer(FAR, "far")?;
        writing.put_peer(NEAR, "near")?;
        writing.put_peer(NEAR, "near again")?;
        writing.put_home(&home(ORG, FAR, true))?;
        writing.put_home(&home(ORG, NEAR, false))?;
        writing.put_home(&home(OTHER, NEAR, true))?;
        // The job that wrote them sees them.
        assert_eq!(writing.homes_of(ORG)?, [home(ORG, NEAR, false), home(ORG, FAR, true)]);
        assert_eq!(writing.peer(NEAR)?, Some("near again".to_owned()));
        Ok(())
    })
    .unwrap();
    drop(storage);
    let storage = making.open();
    reads(&storage, |reading| {
        let all = [(NEAR, "near again".to_owned()), (FAR, "far".to_owned())];
        assert_eq!(reading.peers()?, all);
        assert_eq!(reading.homes()?.len(), 3);
        Ok(())
    });
    written::<(), StorageFault>(&storage, None, |writing| {
        writing.drop_peer(FAR)?;
        writing.drop_home(ORG, FAR)?;
        writing.put_home(&home(ORG, NEAR, true))?;
        assert_eq!(writing.homes_of(ORG)?, [home(ORG, NEAR, true)]);
        Ok(())
    })
    .unwrap();
    reads(&storage, |reading| {
        assert_eq!(reading.peer(FAR)?, None);
        assert_eq!(reading.homes()?, [home(ORG, NEAR, true), home(OTHER, NEAR, true)]);
        Ok(())
    });
}

pub fn what_waits_is_told_apart_by_the_server_it_goes_to<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    writes(&storage, ORG, |writing| {
        writing.put_org(&org(ORG, 0))?;
        writing.put_out(&matter(1, 7, 30))?;
        writing.put_out(&Out { via: Some(FAR), ..matter(2, 8, 10) })?;
        writing.put_out(&Out { via: Some(FAR), at: Moment(3), ..matter(3, 9, 20) })?;
        let far: Vec<_> = writing.outs(Whither::Peer(FAR), Moment(99), 9)?;
        assert_eq!(far.len(), 2, "the job that wrote them sees them");
        Ok(())
    });
    reads(&storage, |reading| {
        let of = |whither| -> Found<Vec<u8>> {
            Ok(reading.outs(whither, Moment(99), 9)?.iter().map(|out| out.id[0]).collect())
        };
        assert_eq!(of(Whither::Here)?, [1]);
        assert_eq!(of(Whither::Peer(FAR))?, [2, 3]);
        assert_eq!(of(Whither::Peer(NEAR))?, Vec::<u8>::new());
        assert_eq!(reading.next_out(Whither::Here)?, Some(Moment(30)));
        assert_eq!(reading.next_out(Whither::Peer(FAR))?, Some(Moment(10)));
        assert_eq!(reading.next_out(Whither::Anywhere)?, Some(Moment(10)));
        assert_eq!(reading.out(&[2; 16])?.and_then(|out| out.via), Some(FAR));
        assert_eq!(reading.out_names(FAR, 9)?, [[2; 16], [3; 16]]);
        let here = Waits { via: None, count: 1, since: Moment(5) };
        let far = Waits { via: Some(FAR), count: 2, since: Moment(3) };
        assert_eq!(reading.waits()?, [here, far]);
        Ok(())
    });
    // One that is sorted anew goes where it goes now.
    writes(&storage, ORG, |writing| writing.put_out(&matter(2, 8, 10)));
    let far = reads(&storage, |reading| reading.outs(Whither::Peer(FAR), Moment(99), 9));
    assert_eq!(far.len(), 1);
}
