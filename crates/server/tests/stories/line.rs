//! The same over real HTTP: a server on a port of loopback, and a client that knows only the wire.
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread::JoinHandle;

use ed25519_dalek::Signer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::wire::{
    Challenge, ChallengeAsked, CodeAsked, CodeGiven, Enrolled, Hex, LogAnswer, News, SessionAsked,
    SessionGiven, SyncAnswer, Trouble, session_bytes,
};
use tokio::sync::oneshot;

use crate::cast::{LAN, MAI, ORG, Pc, Server, TU, arrival};

/// A server that listens until it is dropped.
pub struct Listening {
    line: Line,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// The way to it.
    pub fn line(&self) -> Line {
        self.line
    }

    pub fn of(server: &Server) -> Listening {
        Listening::patiently(server, server::Patience::default())
    }

    pub fn patiently(server: &Server, patience: server::Patience) -> Listening {
        let ledger = std::sync::Arc::clone(&server.ledger);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
                let listener = listener.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let stop = async {
                    let _ = stopped.await;
                };
                server::serve_patiently(listener, ledger, patience, stop).await.unwrap();
            });
        });
        Listening { line: Line(told.recv().unwrap()), stop: Some(stop), thread: Some(thread) }
    }
}

/// The way to a server.
#[derive(Clone, Copy)]
pub struct Line(pub SocketAddr);

impl Line {
    pub fn at(&self) -> SocketAddr {
        self.0
    }

    pub fn raw(&self, head: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
        self.try_raw(head, body).unwrap()
    }

    /// The status, the head in lower case, and the body; none when the line broke.
    pub fn try_raw(&self, head: &str, body: &[u8]) -> Option<(u16, String, Vec<u8>)> {
        let mut stream = TcpStream::connect(self.0).ok()?;
        let length = body.len();
        let head = format!("{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}");
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).ok()?;
        // A server that refuses a large body may close before it has read it.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer[end + 4..].to_vec();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let whole = length.unwrap_or("0").parse() == Ok(body.len());
        whole.then_some((status, head, body))
    }

    /// Says only so much of a body, and is gone.
    pub fn breaks_off(&self, head: &str, body: &[u8], after: usize) {
        let mut stream = TcpStream::connect(self.0).unwrap();
        let head = format!("{head}\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body[..after]).unwrap();
    }

    pub fn posts<A: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        asked: &A,
    ) -> Result<T, (u16, Trouble)> {
        self.try_posts(path, token, asked).unwrap()
    }

    /// The same over a line that may break.
    pub fn try_posts<A: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        asked: &A,
    ) -> Option<Result<T, (u16, Trouble)>> {
        let packed = zstd::bulk::compress(&serde_json::to_vec(asked).unwrap(), 3).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\nx-proto: 1\r\n\
             content-encoding: zstd\r\naccept-encoding: zstd"
        );
        self.try_raw(&head, &packed).map(understood)
    }

    pub fn gets<T: DeserializeOwned>(&self, path: &str, token: &str) -> Result<T, (u16, Trouble)> {
        understood(self.raw(&format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}"), b""))
    }

    /// A page of text.
    pub fn text(&self, path: &str) -> String {
        let (status, _, body) = self.raw(&format!("GET {path} HTTP/1.1"), b"");
        assert_eq!(status, 200);
        String::from_utf8(body).unwrap()
    }

    pub fn session(&self, pc: &Pc, officer: register::OfficerId) -> String {
        let of = ChallengeAsked { org: pc.org, dev: pc.dev, officer };
        let challenge: Challenge = self.posts("/v1/challenge", "", &of).unwrap();
        let bytes = session_bytes(&challenge.server.0, &challenge.nonce.0);
        let sig = Hex(pc.key(officer).sign(&bytes).to_bytes());
        let asked = SessionAsked { of, nonce: challenge.nonce, sig };
        self.posts::<_, SessionGiven>("/v1/session", "", &asked).unwrap().token
    }
}

pub fn understood<T: DeserializeOwned>(
    (status, head, body): (u16, String, Vec<u8>),
) -> Result<T, (u16, Trouble)> {
    let packed = head.contains("content-encoding: zstd");
    let body = if packed { zstd::stream::decode_all(body.as_slice()).unwrap() } else { body };
    if status == 200 {
        return Ok(serde_json::from_slice(&body).unwrap());
    }
    Err((status, serde_json::from_slice(&body).unwrap()))
}

impl std::ops::Deref for Listening {
    type Target = Line;

    fn deref(&self) -> &Line {
        &self.line
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

#[test]
fn an_agency_comes_to_the_server_and_a_second_pc_hears_of_its_work_at_once() {
    let server = Server::new();
    let line = Listening::of(&server);
    let mut first = Pc::founded();
    let code = server.ledger.adoption_code(server::clock(), server.chance()).unwrap();
    let adopted: Enrolled = line.posts("/v1/adopt", "", &first.adoption(&code)).unwrap();
    assert_eq!(adopted.server, server.ledger.identity().public_hex());
    let token = line.session(&first, LAN);
    let answer: SyncAnswer = line.posts("/v1/sync", &token, &first.asks()).unwrap();
    first.unsent.clear();
    first.takes(answer);
    let by_tu = line.session(&first, TU);
    let given: CodeGiven = line.posts("/v1/code", &by_tu, &CodeAsked { officer: MAI }).unwrap();
    let mut second = Pc::new(2);
    let asked = second.enrolment(&given.code, MAI);
    let enrolled: Enrolled = line.posts("/v1/enrol", "", &asked).unwrap();
    assert_eq!((enrolled.officer, enrolled.name.is_empty()), (MAI, false));
    let token_of_mai = line.session(&second, MAI);
    let answer: SyncAnswer = line.posts("/v1/sync", &token_of_mai, &second.asks()).unwrap();
    second.takes(answer);
    assert_eq!(second.number(2), Some(2));
    let path = format!("/v1/wait?head={}", second.cursor);
    std::thread::scope(|scope| {
        let heard = scope.spawn(|| line.gets::<News>(&path, &token_of_mai).unwrap());
        first.claims(LAN, arrival(3), first.claim(3));
        let answer: SyncAnswer = line.posts("/v1/sync", &token, &first.asks()).unwrap();
        assert_eq!(answer.acks[0].stamp.no, Some(3));
        assert_eq!(heard.join().unwrap().head, answer.head.head.seq);
    });
    let log: LogAnswer = line.gets("/v1/log?from=1&to=999", &token_of_mai).unwrap();
    assert_eq!((log.to, log.entries.len()), (9, 9));
}

#[test]
fn who_has_no_session_and_what_is_out_of_bounds_is_told_so() {
    let server = Server::new();
    let pc = server.adopted();
    let line = Listening::of(&server);
    let (status, trouble) = line.posts::<_, SyncAnswer>("/v1/sync", "", &pc.asks()).unwrap_err();
    assert_eq!((status, trouble), (401, Trouble::NoSession));
    let (status, _, body) = line.raw("GET /health HTTP/1.1", b"");
    assert_eq!((status, body.as_slice()), (200, b"ok".as_slice()));
    let bomb = zstd::bulk::compress(&vec![b' '; 64 << 20], 3).unwrap();
    let post = "POST /v1/challenge HTTP/1.1";
    let packed = format!("{post}\r\ncontent-encoding: zstd");
    let told = |answer| understood::<Challenge>(answer).unwrap_err();
    let what = "a body that is not packed with zstd, or over its limit".into();
    let over = Trouble::Malformed { what };
    assert_eq!(told(line.raw(&packed, &bomb)), (400, over));
    assert_eq!(told(line.raw(&packed, b"nonsense")).0, 400);
    assert_eq!(told(line.raw(post, b"[]")).0, 400);
    assert_eq!(told(line.raw(&format!("{post}\r\ncontent-encoding: br"), b"{}")).0, 400);
    assert_eq!(told(line.raw(&format!("{post}\r\nx-proto: 7"), b"{}")).0, 400);
    assert_eq!(line.raw(post, &vec![b' '; 2 << 20]).0, 413);
    assert_eq!(line.raw("GET /v1/wait?head=x HTTP/1.1", b"").0, 400);
}

#[test]
fn a_server_that_is_told_to_stop_sends_those_home_who_wait() {
    let server = Server::new();
    let pc = server.adopted();
    let mut line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    let (way, head) = (line.line, pc.cursor);
    let waits = std::thread::spawn(move || {
        let path = format!("GET /v1/wait?head={head} HTTP/1.1\r\nauthorization: Bearer {token}");
        way.raw(&path, b"").0
    });
    while server.ledger.heads.listeners(ORG) == 0 {
        std::thread::yield_now();
    }
    drop(line.stop.take());
    assert_eq!(waits.join().unwrap(), 204);
}

/// What comes back until the server closes the line.
fn until_closed(line: &Line, said: &str) -> String {
    let mut stream = TcpStream::connect(line.0).unwrap();
    stream.write_all(said.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

#[test]
fn who_says_nothing_or_only_half_of_it_is_not_waited_for() {
    let server = Server::new();
    let pc = server.adopted();
    let short = std::time::Duration::from_millis(150);
    let line =
        Listening::patiently(&server, server::Patience { head: short, body: short, answer: short });
    let token = line.session(&pc, LAN);
    assert_eq!(until_closed(&line, ""), "");
    assert_eq!(until_closed(&line, "GET /health HTTP/1.1\r\nhost"), "");
    let twice = until_closed(&line, "GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(twice.starts_with("HTTP/1.1 200"), "answered, and then closed: {twice}");
    let half = "content-length: 100\r\n\r\n{";
    let knock = until_closed(&line, &format!("POST /v1/challenge HTTP/1.1\r\nhost: x\r\n{half}"));
    assert!(knock.starts_with("HTTP/1.1 408"), "{knock}");
    let bearer = format!("host: x\r\nauthorization: Bearer {token}");
    let sync = until_closed(&line, &format!("POST /v1/sync HTTP/1.1\r\n{bearer}\r\n{half}"));
    assert!(sync.starts_with("HTTP/1.1 408"), "{sync}");
    let stranger = until_closed(&line, &format!("POST /v1/sync HTTP/1.1\r\nhost: x\r\n{half}"));
    assert!(stranger.starts_with("HTTP/1.1 401"), "he is heard no longer: {stranger}");
}
