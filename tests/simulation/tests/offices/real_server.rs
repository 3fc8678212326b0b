//! What came to the log of a simulation comes to a real server on a real file: it says the same.
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::Signer as _;
use register::{
    Act, Command, CommandId, DeviceId, Key, Moment, OfficerId, PublicKey, Signer, State,
};
use server::{
    CallError, DeviceKey, Flaw, Found, Identity, Ledger, Org, Reading, Session, SqliteStorage,
    looked_up, verify, written,
};
use simulation::cast::{ADMINISTRATOR, OFFICE_HEAD, ORG};
use simulation::check::OPS_OF_AN_OFFICE;
use simulation::log::Entry;
use simulation::office::{Office, Reading as Reads};
use simulation::pc::Pc;
use sync::wire::{
    Beside, EnrolAsked, Hex, Pushed, Stamp, SyncAsked, Trouble, beside_bytes, enrol_bytes,
};
use sync::{Envelope, SigningKey, decode, encode, genesis, sign};

/// Offices whose log is told to a real server. Those of an even seed may lose their server, and
/// begin another life with it.
const OFFICES: u64 = 30;
const FIRST: u64 = 2_027;
/// What the key of the server is made from.
const SEED: [u8; 32] = [9; 32];

/// What an entry says, whoever wrote it down: names of the server's own commands are its own.
#[derive(Debug, PartialEq)]
struct Said {
    act: Act,
    actor: OfficerId,
    at: Moment,
    stamp: Stamp,
}

/// The PC at which the administrator and the office head do what the simulation does without one.
const CARE: DeviceId = DeviceId([0xAD; 16]);

fn care_key() -> SigningKey {
    SigningKey::from_bytes(&[0xAD; 32])
}

struct RealServer {
    storage: Arc<SqliteStorage>,
    ledger: Ledger,
    chance: u64,
    /// Commands signed at that PC.
    cared: u64,
}

fn founder(office: &Office) -> &Pc {
    office.pcs.first().expect("the PC of the founding")
}

impl RealServer {
    /// A server that knows the agency and the key of its founder, and has no entry.
    fn in_folder(folder: &Path, office: &Office) -> RealServer {
        let storage = SqliteStorage::open(&folder.join("server.db")).expect("a file");
        let (storage, pc) = (Arc::new(storage), founder(office));
        let (dev, public) = (pc.dev, pc.public());
        let known: Found<()> = written(&*storage, Some(ORG), move |writing| {
            let hash = genesis(ORG);
            writing.put_org(&Org { id: ORG, head: 0, hash, epoch: 1, head0: 0, durable: 0 })?;
            let care = PublicKey(care_key().verifying_key().to_bytes());
            let keys = [
                (dev, ADMINISTRATOR, public),
                (CARE, ADMINISTRATOR, care),
                (CARE, OFFICE_HEAD, care),
            ];
            keys.into_iter().try_for_each(|(dev, officer, public)| {
                writing.put_key(ORG, &DeviceKey { dev, officer, public, pending: None })
            })
        });
        known.expect("an agency");
        let ledger = Ledger::new(storage.clone(), Identity::of(&SEED), [8; 32]);
        RealServer { storage, ledger, chance: 0, cared: 0 }
    }

    /// Hands one command in, as whoever carries it does.
    fn hears(&self, (envelope, at): (&Envelope, Moment), by: DeviceId) {
        let asked = SyncAsked {
            epoch: 1,
            org: ORG,
            dev: by,
            app: "0.1.0".into(),
            forms: [1, 1],
            last: None,
            push: Vec::new(),
            relay: vec![Pushed::of(envelope).expect("a command")],
            cursor: 0,
            below: None,
            max: 0,
            offer: None,
            totals: false,
        };
        let until = Moment(i64::MAX);
        let session = Session { org: ORG, dev: by, officer: OFFICE_HEAD, until };
        match self.ledger.sync(&asked, &session, at) {
            Ok(_) | Err(CallError::Trouble(Trouble::Revoked)) => {}
            Err(fault) => panic!("{fault}"),
        }
    }

    /// Hands in what was done without a PC, as it is done with one.
    fn cares(&mut self, entry: &Entry, by: DeviceId) {
        self.cared += 1;
        let mut id = [0xAD; 16];
        for (slot, byte) in id.iter_mut().zip(self.cared.to_be_bytes()) {
            *slot = byte;
        }
        let id = CommandId(id);
        let command = Command { dev: CARE, n: self.cared, id, ..entry.command.clone() };
        let envelope = sign(encode(&command).expect("a command"), &care_key());
        self.hears((&envelope, entry.at), by);
    }

    /// Lets a PC in, as its log has it.
    fn lets_in(&mut self, office: &Office, at: Moment, (device, name): (DeviceId, &str)) {
        let pc = office.pcs.iter().find(|pc| pc.dev == device).expect("a PC");
        self.chance += 1;
        let mut chance = [0; server::CODE_BYTES];
        for (slot, byte) in chance.iter_mut().zip(self.chance.to_be_bytes()) {
            *slot = byte;
        }
        let given = self.ledger.operator_code((ORG, pc.officer), at, chance).expect("a code");
        let public = Hex(pc.public().0);
        let sign = |bytes: &[u8]| Hex(pc.key.sign(bytes).to_bytes());
        let by_founder = beside_bytes(device, &public.0, &given.code);
        let beside = Beside { officer: ADMINISTRATOR, sig: sign(&by_founder) };
        let asked = EnrolAsked {
            sig: sign(&enrol_bytes(device, &given.code)),
            code: given.code,
            dev: device,
            name: name.to_owned(),
            public,
            beside: (device == founder(office).dev).then_some(beside),
        };
        self.ledger.enrol(asked, at).expect("he is let in");
    }

    fn reads<T>(&self, job: impl FnOnce(&dyn Reading) -> Found<T>) -> T {
        looked_up(&*self.storage, job).expect("a file that can be read")
    }

    fn head(&self) -> u64 {
        self.reads(|reading| reading.org(ORG)).map_or(0, |org| org.head)
    }

    fn said(&self) -> Vec<Said> {
        let mut said = Vec::new();
        self.reads(|reading| {
            reading.entries(ORG, 1, &mut |entry| {
                let command = decode(&entry.envelope.raw).expect("a command");
                let stamp = serde_json::from_str(&entry.eff).expect("a stamp");
                said.push(Said { act: command.act, actor: entry.actor, at: entry.at, stamp });
                ControlFlow::Continue(())
            })
        });
        said
    }

    fn states(&self, keys: impl Iterator<Item = Key>) -> BTreeMap<Key, (u64, State)> {
        let mut states = BTreeMap::new();
        self.reads(|reading| {
            for key in keys {
                reading.state(ORG, key, &mut |kept| {
                    let state = serde_json::from_str(kept.body).expect("a state");
                    states.insert(key, (kept.ver, state));
                    ControlFlow::Break(())
                })?;
            }
            Ok(())
        });
        states
    }
}

fn said_by_the_simulation(entries: &[Entry]) -> Vec<Said> {
    let said = entries.iter().map(|entry| Said {
        act: entry.command.act.clone(),
        actor: entry.command.actor,
        at: entry.at,
        stamp: entry.stamp.clone(),
    });
    said.collect()
}

/// Tells the real server everything that came from outside; what it does of its own follows.
fn is_told(real: &mut RealServer, office: &Office) {
    let carrier = office.pcs.iter().find(|pc| pc.officer == OFFICE_HEAD).expect("a carrier").dev;
    for (seq, entry) in (1_u64..).zip(&office.log.entries) {
        match (entry.signer, &entry.command.act) {
            (Signer::Officer, _) => real.hears((&entry.envelope, entry.at), carrier),
            (Signer::Server, Act::EnrolDevice { device, name, .. }) => {
                real.lets_in(office, entry.at, (*device, name));
            }
            (
                Signer::Server,
                Act::RevokeDevice { .. } | Act::RetireDevice { .. } | Act::ForceLease(_),
            ) => real.cares(entry, carrier),
            // It is there already: it followed from the entry before it.
            (Signer::Server, _) => {}
        }
        assert!(real.head() >= seq, "entry {seq} did not come: {:?}", entry.command.act);
    }
}

#[test]
fn a_real_server_says_of_every_command_what_the_log_of_the_simulation_says() {
    let mut entries = 0;
    for seed in (FIRST..).step_by(2).take(usize::try_from(OFFICES).expect("few")) {
        let mut office = Office::open(seed, Reads::Right, None);
        (0..OPS_OF_AN_OFFICE).for_each(|_| office.happens());
        office.comes_to_rest();
        assert_eq!(office.log.epoch, 1, "seed {seed} lost its server");
        let folder = tempfile::tempdir().expect("a folder");
        let mut real = RealServer::in_folder(folder.path(), &office);
        is_told(&mut real, &office);
        let (ours, theirs) = (said_by_the_simulation(&office.log.entries), real.said());
        for (seq, (ours, theirs)) in (1..).zip(ours.iter().zip(&theirs)) {
            assert_eq!(theirs, ours, "seed {seed}, entry {seq}");
        }
        assert_eq!(theirs.len(), ours.len(), "seed {seed}");
        let states = real.states(office.log.states.keys().copied());
        for (key, ours) in &office.log.states {
            assert_eq!(states.get(key), Some(ours), "seed {seed}");
        }
        let found = verify(&*real.storage, &Identity::of(&SEED)).expect("a whole file");
        // Keys that nobody enrolled are there by the hand of this story only.
        let mut flaws = found.iter().flat_map(|one| &one.flaws);
        assert!(flaws.all(|flaw| matches!(flaw, Flaw::Key { .. })), "seed {seed}: {found:?}");
        entries += ours.len();
    }
    println!("{entries} entries");
}
