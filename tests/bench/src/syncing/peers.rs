//! PCs without a desk: as many as a town has, that push or wait.
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};
use desk::{Source as _, ThisPc};
use ed25519_dalek::{Signer as _, SigningKey};
use register::{
    Act, AgencyId, BookId, Command, CommandId, DeviceId, DocumentId, IncomingFields,
    IncomingRegistered, OfficerId,
};
use reqwest::blocking::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::wire::{
    Challenge, ChallengeAsked, EnrolAsked, Enrolled, Hex, PROTOCOL, Pushed, SessionAsked,
    SessionGiven, SyncAnswer, SyncAsked, enrol_bytes, session_bytes,
};

use super::office::{CLERK, Office, WAIT, arrivals, meets, registers};
use super::{Measured, figure};
use crate::figures::quantiles;

/// PCs that push full calls, and calls of each.
const PACKED_PEERS: usize = 4;
const PACKED_CALLS: u64 = 25;
const PACKED_COMMANDS: u64 = 200;
/// PCs that push one command a call, and calls of each.
const SINGLE_PEERS: usize = 32;
const SINGLE_CALLS: u64 = 60;
/// Those who wait for news.
const WAITING: usize = 1_000;
const WAITING_STACK: usize = 64 << 10;
/// Until all of them are heard to wait.
const SETTLES: Duration = Duration::from_secs(2);
/// Times they are woken.
const WAKES: usize = 5;

struct Peer {
    client: Client,
    base: String,
    key: SigningKey,
    enrolled: Enrolled,
    dev: DeviceId,
    token: String,
    n: u64,
}

fn posted<A: Serialize, T: DeserializeOwned>(
    client: &Client,
    url: &str,
    (token, asked): (Option<&str>, &A),
) -> anyhow::Result<T> {
    let body = serde_json::to_vec(asked)?;
    let mut call = client.post(url).header("content-type", "application/json").body(body);
    call = call.header("x-proto", PROTOCOL.to_string());
    if let Some(token) = token {
        call = call.bearer_auth(token);
    }
    let answer = call.send()?;
    let status = answer.status();
    let body = answer.bytes()?;
    anyhow::ensure!(status.is_success(), "{url}: {status} {}", String::from_utf8_lossy(&body));
    Ok(serde_json::from_slice(&body)?)
}

impl Peer {
    fn enrols(office: &Office, at: usize) -> anyhow::Result<Peer> {
        let base = format!("http://{}", office.server.address());
        let client = Client::builder().tcp_nodelay(true).timeout(WAIT).build()?;
        let shown = office.code(CLERK)?;
        let code = shown.get("code").and_then(Value::as_str).context("no code")?.replace('-', "");
        let dev = DeviceId(ThisPc.id());
        let mut seed = [7; 32];
        seed.iter_mut().zip(dev.0).for_each(|(slot, byte)| *slot = byte);
        let key = SigningKey::from_bytes(&seed);
        let asked = EnrolAsked {
            sig: Hex(key.sign(&enrol_bytes(dev, &code)).to_bytes()),
            public: Hex(key.verifying_key().to_bytes()),
            name: format!("Đo {at}"),
            code,
            dev,
            beside: None,
        };
        let enrolled: Enrolled = posted(&client, &format!("{base}/v1/enrol"), (None, &asked))?;
        let of = ChallengeAsked { org: enrolled.org, dev, officer: enrolled.officer };
        let given: Challenge = posted(&client, &format!("{base}/v1/challenge"), (None, &of))?;
        let bytes = session_bytes(&given.server.0, &given.nonce.0);
        let sig = Hex(key.sign(&bytes).to_bytes());
        let asked = SessionAsked { of, nonce: given.nonce, sig };
        let session: SessionGiven = posted(&client, &format!("{base}/v1/session"), (None, &asked))?;
        Ok(Peer { client, base, key, enrolled, dev, token: session.token, n: 0 })
    }

    fn command(&mut self, book: BookId) -> anyhow::Result<Pushed> {
        self.n += 1;
        let (org, actor): (AgencyId, OfficerId) = (self.enrolled.org, self.enrolled.officer);
        let now = ThisPc.now();
        let command = Command {
            v: 1,
            id: CommandId(ThisPc.id()),
            org,
            dev: self.dev,
            n: self.n,
            actor,
            at: register::Moment(now.0 + i64::try_from(self.n)?),
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act: Act::RegisterIncoming(IncomingRegistered {
                document: DocumentId(ThisPc.id()),
                book,
                arrived_on: now.date(),
                fields: IncomingFields {
                    number: self.n.to_string(),
                    symbol: "UBND-NNMT".to_owned(),
                    issuer: "UBND tỉnh Hiếu Sơn".to_owned(),
                    kind: "cong-van".to_owned(),
                    subject: "Kiểm tra, bảo đảm an toàn hồ đập trong mùa mưa lũ".to_owned(),
                    ..IncomingFields::default()
                },
                attachments: Vec::new(),
                secret: false,
                slip: Some(format!("T-{}", self.n)),
                twin_reason: Some("đo".to_owned()),
                submit_to: None,
                arrival: None,
            }),
        };
        let raw = sync::encode(&command).map_err(|fault| anyhow!("{fault:?}"))?;
        Pushed::of(&sync::sign(raw, &self.key)).map_err(|fault| anyhow!("{fault:?}"))
    }

    /// Calls ready to be sent: what the PC does is not measured.
    fn calls(&mut self, (calls, each): (u64, u64), book: BookId) -> anyhow::Result<Vec<SyncAsked>> {
        let mut all = Vec::new();
        for _ in 0..calls {
            let push = (0..each).map(|_| self.command(book)).collect::<anyhow::Result<_>>()?;
            all.push(SyncAsked {
                epoch: self.enrolled.epoch,
                org: self.enrolled.org,
                dev: self.dev,
                app: "1.0.0".to_owned(),
                forms: [1, 1],
                last: None,
                push,
                relay: Vec::new(),
                cursor: 0,
                below: None,
                max: 0,
                offer: None,
                totals: false,
            });
        }
        Ok(all)
    }

    fn pushes(&self, calls: &[SyncAsked]) -> anyhow::Result<()> {
        for asked in calls {
            let url = format!("{}/v1/sync", self.base);
            let answer: SyncAnswer = posted(&self.client, &url, (Some(&self.token), asked))?;
            anyhow::ensure!(answer.acks.len() == asked.push.len(), "{:?}", answer.stuck);
        }
        Ok(())
    }
}

/// Signed commands a second, in full calls and one by one, many PCs at once.
pub(super) fn commands(office: &Office, documents: u64) -> Measured {
    let book = BookId::parse(arrivals(&office.first)?.as_str().unwrap_or_default())
        .map_err(|_| anyhow!("not the id of a book"))?;
    let packed = rate(office, (PACKED_PEERS, (PACKED_CALLS, PACKED_COMMANDS)), book)?;
    let single = rate(office, (SINGLE_PEERS, (SINGLE_CALLS, 1)), book)?;
    let of = |bench, rate: f64, goal| {
        [
            figure(bench, documents, "each", "µs", (1e6 / rate).round(), Some(goal)),
            figure(bench, documents, "a second", "", rate.round(), None),
        ]
    };
    let packed = of("sync, commands packed", packed, 200.0);
    Ok(packed.into_iter().chain(of("sync, commands single", single, 1_000.0)).collect())
}

fn rate(
    office: &Office,
    (peers, (calls, each)): (usize, (u64, u64)),
    book: BookId,
) -> anyhow::Result<f64> {
    let begin = Arc::new(Barrier::new(peers + 1));
    let mut threads = Vec::new();
    for at in 0..peers {
        let mut peer = Peer::enrols(office, at)?;
        let ready = peer.calls((calls, each), book)?;
        let begin = Arc::clone(&begin);
        threads.push(thread::spawn(move || {
            begin.wait();
            peer.pushes(&ready)
        }));
    }
    begin.wait();
    let begun = Instant::now();
    for thread in threads {
        thread.join().map_err(|_| anyhow!("a PC broke down"))??;
    }
    Ok(peers as f64 * (calls * each) as f64 / begun.elapsed().as_secs_f64())
}

/// Memory and wake-up of a thousand who wait for news.
pub(super) fn waiting(office: &Office, documents: u64) -> Measured {
    let peer = Peer::enrols(office, 0)?;
    office.sits(CLERK)?;
    let process = office.server.id().context("the server does not run")?;
    let before = resident(process)?;
    let (mut memory, mut times) = (0.0_f64, Vec::new());
    for _ in 0..WAKES {
        let empty = peer.calls_for_head()?;
        let mut threads = Vec::new();
        for _ in 0..WAITING {
            let (at, token) = (office.server.address(), peer.token.clone());
            let thread = thread::Builder::new().stack_size(WAITING_STACK);
            threads.push(thread.spawn(move || woken(at, &token, empty))?);
        }
        thread::sleep(SETTLES);
        // What others did before is no part of the wait.
        meets(&office.first)?;
        memory = memory.max(resident(process)?);
        let begun = Instant::now();
        registers(&office.first, "Giấy mời họp giao ban đầu tuần", &[])?;
        for thread in threads {
            let woken = thread.join().map_err(|_| anyhow!("one who waits broke down"))??;
            times.push(woken.saturating_duration_since(begun));
        }
    }
    let of = |metric, value: f64, goal| {
        figure("sync, 1,000 wait", documents, metric, "MB", (value / 102.4).round() / 10.0, goal)
    };
    let mut figures = vec![of("RSS", memory, Some(60.0)), of("RSS less", memory - before, None)];
    figures.extend(quantiles("sync, 1,000 wait", documents, times, [None, Some(100.0)]));
    Ok(figures)
}

impl Peer {
    /// The end of the log.
    fn calls_for_head(&self) -> anyhow::Result<u64> {
        let url = format!("{}/v1/wait?head=0", self.base);
        let call = self.client.get(url).bearer_auth(&self.token);
        let answer = call.header("x-proto", PROTOCOL.to_string()).send()?.bytes()?;
        let news: Value = serde_json::from_slice(&answer)?;
        let head = news.pointer("/head/head/seq").or_else(|| news.pointer("/head/seq"));
        head.or_else(|| news.get("head")).and_then(Value::as_u64).context("no head")
    }
}

/// Waits for news on a connection of its own; tells when they came.
fn woken(at: SocketAddr, token: &str, head: u64) -> anyhow::Result<Instant> {
    let mut line = TcpStream::connect(at)?;
    line.set_read_timeout(Some(WAIT))?;
    let asked = format!(
        "GET /v1/wait?head={head} HTTP/1.1\r\nhost: {at}\r\nauthorization: Bearer {token}\r\n\
         x-proto: {PROTOCOL}\r\n\r\n"
    );
    line.write_all(asked.as_bytes())?;
    let mut answer = [0; 512];
    let read = line.read(&mut answer)?;
    let came = Instant::now();
    let is_news = answer.get(..read).is_some_and(|said| said.starts_with(b"HTTP/1.1 200"));
    anyhow::ensure!(is_news, "{}", String::from_utf8_lossy(&answer));
    Ok(came)
}

/// KiB a process has in memory.
fn resident(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .context("reading the memory of the server: only Linux tells it")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
    Ok(kib.parse()?)
}
