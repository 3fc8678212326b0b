//! Two servers on one database: one order for each agency, whoever writes.
use std::sync::{Arc, Barrier};
use std::time::Duration;

use register::{Act, BookId, Direction};
use s3_server::S3Server;
use server::{
    Blobs, BucketAddress, CallError, Finished, Identity, Ledger, Org, PostgresStorage,
    StorageFault, Upload, clock, open_bucket, verify, verify_statements, written,
};
use sha2::{Digest as _, Sha256};
use sync::wire::{StatedAsked, StatedBecame, StuckWhy, Trouble};

use crate::alike::{heads, ledger};
use crate::cast::{LAN, ORG, Pc, SEED, TU, now};
use crate::tape::{Office, Seat};

const DAYS_31_MS: i64 = 31 * 86_400_000;

const OFFICES: u8 = 3;
const COMMANDS: u64 = 40;
/// Entries that two keepers state at once.
const KEPT_ROUNDS: u8 = 20;
/// How long news may take from one server to the other.
const HEARS: Duration = Duration::from_secs(20);

fn servers(url: &str) -> [(Arc<PostgresStorage>, Ledger); 2] {
    let storages = std::thread::scope(|scope| {
        // They start together on a database in which nothing is made yet.
        let opened = [1, 2].map(|byte| scope.spawn(move || PostgresStorage::open(url, [byte; 8])));
        opened.map(|opened| Arc::new(opened.join().unwrap().unwrap()))
    });
    storages.map(|storage| (storage.clone(), ledger(storage)))
}

#[test]
fn what_two_servers_write_for_one_agency_stands_in_one_order() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(storage, one), (_, other)] = servers(&cluster.database().unwrap());
    let mut offices: Vec<Office> = (1..=OFFICES).map(|byte| Office::founded(byte, &one)).collect();
    std::thread::scope(|scope| {
        for office in &mut offices {
            let (mut second, one, other) = (office.apart(), &one, &other);
            scope.spawn(move || {
                for n in 0..COMMANDS {
                    office.registers(n);
                    office.exchanges(one, 1);
                }
            });
            scope.spawn(move || {
                for n in 0..COMMANDS {
                    second.takes_in(n);
                    second.exchanges(other, 2);
                }
            });
        }
    });
    let found = verify(&*storage, &Identity::of(&SEED)).unwrap();
    assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
    for org in heads(&*storage) {
        assert!(org.head >= COMMANDS * 2, "{org:?}");
    }
}

#[test]
fn who_waits_at_one_server_hears_what_is_written_at_the_other() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(_, one), (_, other)] = servers(&cluster.database().unwrap());
    let mut office = Office::founded(1, &one);
    let other = Arc::new(other);
    let mut news = other.heads.listen(office.org, 0);
    server::watches(&other).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let hears = |news: &mut tokio::sync::watch::Receiver<u64>, known: u64| {
        let heard = async { news.wait_for(|head| *head > known).await.map(|head| *head).unwrap() };
        runtime.block_on(async { tokio::time::timeout(HEARS, heard).await.expect("no news") })
    };
    let founded = hears(&mut news, 0);
    office.registers(0);
    office.exchanges(&one, 1);
    assert!(hears(&mut news, founded) > founded);
}

/// What a server knows of an agency is older than what another one wrote; nobody suffers from it.
#[test]
fn a_pc_that_one_server_has_just_let_in_brings_its_acts_to_the_other() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(_, one), (_, other)] = servers(&cluster.database().unwrap());
    let office = Office::founded(1, &one);
    let mut third = Seat::new(office.org, 0xD3);
    let open = Act::OpenBook {
        book: BookId([0xB7; 16]),
        name: "Quyết định".into(),
        direction: Direction::Outgoing,
        kinds: Vec::new(),
        opening: None,
    };
    third.does((TU, 9), open, None);
    let session = third.session(TU);
    let refused = other.sync(&third.asks(), &session, now()).unwrap();
    assert_eq!(refused.stuck.map(|stuck| stuck.why), Some(StuckWhy::BadSignature));
    let code = one.operator_code((office.org, TU), now(), [3; 10]).unwrap().code;
    third.enrols(&one, (TU, &code)).unwrap();
    let taken = other.sync(&third.asks(), &session, now()).unwrap();
    assert!(taken.stuck.is_none(), "{:?}", taken.stuck);
    assert_eq!(taken.acks.len(), 1);
}

#[test]
fn what_is_brought_to_a_server_that_has_not_heard_of_a_new_life_is_not_taken() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(storage, one), (_, other)] = servers(&cluster.database().unwrap());
    let mut office = Office::founded(1, &one);
    office.registers(0);
    office.exchanges(&other, 1);
    let org = office.org;
    let head = written::<_, StorageFault>(&*storage, Some(org), move |writing| {
        let org = writing.org(org)?.unwrap();
        writing.put_org(&Org { epoch: 2, head0: org.head, ..org.clone() })?;
        Ok(org.head)
    });
    let head = head.unwrap();
    office.registers(1);
    let told = other.sync(&office.first.asks(), &office.first.session(LAN), now());
    assert!(
        matches!(
            told,
            Err(CallError::Trouble(Trouble::OtherEpoch { epoch: 2, head0 })) if head0 == head
        ),
        "{told:?}"
    );
    assert_eq!(heads(&*storage)[0].head, head);
}

#[test]
fn an_agency_comes_once_though_it_knocks_at_two_servers() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(storage, one), (_, other)] = servers(&cluster.database().unwrap());
    let pc = Pc::founded();
    let both = Barrier::new(2);
    let code = one.adoption_code(now(), [7; 10]).unwrap();
    let answers = std::thread::scope(|scope| {
        let knocks = [&one, &other].map(|server| {
            let (pc, code, both) = (&pc, &code, &both);
            scope.spawn(move || {
                both.wait();
                server.adopt(pc.adoption(code), now()).map(|enrolled| enrolled.org)
            })
        });
        knocks.map(|knock| knock.join().unwrap().unwrap())
    });
    assert_eq!(answers, [ORG, ORG], "the same call gets the same answer");
    assert_eq!(heads(&*storage).len(), 1);
}

#[test]
fn one_code_lets_one_agency_in_though_two_come_to_two_servers() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(storage, one), (_, other)] = servers(&cluster.database().unwrap());
    let code = one.adoption_code(now(), [7; 10]).unwrap();
    let both = Barrier::new(2);
    let let_in = std::thread::scope(|scope| {
        let knocks = [(&one, 1), (&other, 2)].map(|(server, byte)| {
            let (code, both) = (&code, &both);
            scope.spawn(move || {
                both.wait();
                crate::tape::Seat::new(register::AgencyId([byte; 16]), 0xD1).knocks(server, code)
            })
        });
        knocks.map(|knock| knock.join().unwrap())
    });
    assert_eq!(let_in.iter().filter(|in_here| **in_here).count(), 1, "{let_in:?}");
    assert_eq!(heads(&*storage).len(), 1);
}

#[test]
fn two_servers_over_one_store_of_files_have_one_file_and_either_takes_it_away() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let store = S3Server::start().unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let files = folders.each_ref().map(|folder| -> Arc<dyn Blobs> {
        store.write_key(folder.path()).unwrap();
        let address = BucketAddress::parse(&store.address("tinh")).unwrap();
        Arc::new(open_bucket(folder.path(), &address).unwrap())
    });
    let [(_, one), (_, other)] = servers(&cluster.database().unwrap());
    let office = Office::founded(1, &one);
    let other = other.with_blobs(Arc::clone(&files[1]));
    let bytes = b"a scan that nothing names";
    let blob = register::BlobId(Sha256::digest(bytes).into());
    let (org, dev, size) = (office.org, office.first.dev, bytes.len() as u64);
    let upload = Upload { org, dev, blob, size };
    files[0].put(&upload, 0, bytes).unwrap();
    assert_eq!(files[0].finish(&upload, &mut || Ok(())).unwrap(), Finished::Stored);
    assert_eq!(files[1].size(org, blob).unwrap(), Some(size));
    let later = register::Moment(clock().0.max(now().0) + DAYS_31_MS);
    let taken = other.take_away_unnamed(later).unwrap();
    assert_eq!((taken.files, taken.bytes), (1, size));
    assert_eq!(files[0].size(org, blob).unwrap(), None);
}

/// Both keepers read the same entry, and each states something else of it at the same time.
#[test]
fn two_keepers_at_two_servers_never_write_over_each_other() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    let [(storage, one), (_, other)] = servers(&cluster.database().unwrap());
    let offices = [1, 2].map(|byte| Office::founded(byte, &one));
    for office in &offices {
        one.add_keeper(office.org, now()).unwrap();
    }
    let both = Barrier::new(2);
    let taken: Vec<usize> = std::thread::scope(|scope| {
        let each = [(&one, &offices[0], 1), (&other, &offices[1], 2)];
        let runs = each.map(|(ledger, office, who)| {
            let both = &both;
            scope.spawn(move || {
                let session = office.first.session(TU);
                let mut stands = 0;
                for n in 0..KEPT_ROUNDS {
                    both.wait();
                    let stated = vec![office.first.states(n, who)];
                    let answer = ledger.state(StatedAsked { stated }, &session, now()).unwrap();
                    stands += usize::from(answer.became == [StatedBecame::Stands]);
                }
                stands
            })
        });
        runs.map(|run| run.join().unwrap()).into_iter().collect()
    });
    assert_eq!(taken.iter().sum::<usize>(), KEPT_ROUNDS as usize, "of two one stands: {taken:?}");
    let found = verify_statements(&*storage).unwrap();
    assert_eq!((found.count, found.flaws), (u64::from(KEPT_ROUNDS), Vec::new()));
}
