//! An agency with a real server process: the filled profile comes to it, other PCs join by codes.
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use agency::ServerProcess;
use anyhow::Context as _;
use contract::Topic;
use desk::Desk;
use serde_json::{Value, json};
use store::OpenOptions;
use tempfile::TempDir;

use crate::at_desk::{Evening, ask, seated_at};

/// Whatever does not come in this time does not come.
pub(super) const WAIT: Duration = Duration::from_secs(600);
/// The position of the officer who administers a filled agency.
pub(super) const ADMINISTRATOR: &str = "Quản trị mạng";
pub(super) const CLERK: &str = "Văn thư";
pub(super) const LEADER: &str = "Chủ tịch";
/// Of officers who do not come from a filled profile.
pub(super) const PIN: &str = "000000";
/// The same where looking costs what is measured.
const LOOKS_NOW_AND_THEN: Duration = Duration::from_millis(50);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The server, its PCs, and where all of it lies.
pub(super) struct Office {
    pub server: ServerProcess,
    pub first: Desk,
    pub folder: TempDir,
    pin: &'static str,
    people: Vec<Value>,
}

/// What a list must show before it is of use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Documents,
    Nothing,
}

/// A PC that joined.
pub(super) struct Pc {
    pub desk: Desk,
    /// Says when its register shows something new.
    heard: Receiver<()>,
}

fn said(desk: &Desk, name: &str, question: &Value) -> anyhow::Result<Value> {
    ask(desk, name, question)
}

/// Starts a server beside this program; the agency of a profile comes to it. Tells how long.
pub(super) fn opened(profile: &Path, pin: &'static str) -> anyhow::Result<(Office, Duration)> {
    let here = std::env::current_exe().context("finding this program")?;
    let program = here.with_file_name(format!("vanthu-server{}", std::env::consts::EXE_SUFFIX));
    let beside = profile.parent().context("a profile lies in a folder")?;
    let folder = TempDir::new_in(beside).context("making a folder for a server")?;
    let mut server = ServerProcess::in_folder(&program, &folder.path().join("server"));
    server.starts();
    server.listens();
    let (first, took) = comes_to(&server, profile, pin)?;
    let known = said(&first, "catalogue", &json!({}))?;
    let people = known.get("officers").and_then(Value::as_array).context("nobody")?.clone();
    Ok((Office { server, first, folder, pin, people }, took))
}

/// The agency of a profile comes to a server. Tells how long it took.
pub(super) fn comes_to(
    server: &ServerProcess,
    profile: &Path,
    pin: &'static str,
) -> anyhow::Result<(Desk, Duration)> {
    let desk = seated_at(profile, (ADMINISTRATOR, pin), OpenOptions::default())?;
    let form = json!({
        "address": format!("http://{}", server.address()), "code": server.adoption_code(),
        "server_key": server.key(), "pc_name": "VT-01",
    });
    let begun = Instant::now();
    said(&desk, "line.adopt", &form)?;
    meets(&desk)?;
    Ok((desk, begun.elapsed()))
}

/// Founds a small agency, all of whose files are there: those of a filled one are only named, and
/// PCs would go on asking for them.
pub(super) fn founded(profile: &Path) -> anyhow::Result<()> {
    founded_as(profile, "UBND xã An Hiếu", "H50.99.01")
}

/// The same under another name and code.
pub(super) fn founded_as(profile: &Path, name: &str, code: &str) -> anyhow::Result<()> {
    let source = Arc::new(Evening::begins());
    let desk = Desk::with(profile, source, OpenOptions::default())?.for_show();
    let mut setup = said(&desk, "setup.defaults", &json!({}))?;
    let set = |at: &mut Value, value: Value| *at = value;
    for (place, value) in [
        ("/agency/name", json!(name)),
        ("/agency/place", json!("An Hiếu")),
        ("/agency/code", json!(code)),
    ] {
        set(setup.pointer_mut(place).context("a form of another shape")?, value);
    }
    let officer = |(name, position, role)| {
        let (unit, roles) = ("", [role]);
        json!({ "name": name, "position": position, "unit": unit, "roles": roles, "pin": PIN })
    };
    let people = [
        ("Đỗ Minh Tú", ADMINISTRATOR, "administrator"),
        ("Phan Thị Mỹ Lệ", CLERK, "clerk"),
        ("Lê Quang Thạch", LEADER, "leader"),
    ];
    let people: Vec<Value> = people.into_iter().map(officer).collect();
    let form = setup.as_object_mut().context("a form of another shape")?;
    form.insert("officers".to_owned(), json!(people));
    said(&desk, "setup.found", &setup).map(|_| ())
}

/// Meets the server until nothing waits here.
pub(super) fn meets(desk: &Desk) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < WAIT {
        let line = said(desk, "line.meet", &json!({}))?;
        let is = |name, value: Value| line.get(name) == Some(&value);
        if is("meeting", json!("met"))
            && is("unanswered", json!(0))
            && is("membership", json!("joined"))
        {
            return Ok(());
        }
    }
    anyhow::bail!("the server was not met: {}", said(desk, "line", &json!({}))?)
}

/// Waits until the line says so.
pub(super) fn waits_for(desk: &Desk, is_so: impl Fn(&Value) -> bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < WAIT {
        if is_so(&said(desk, "line", &json!({}))?) {
            return Ok(());
        }
        std::thread::sleep(LOOK_EVERY);
    }
    anyhow::bail!("it did not come: {}", said(desk, "line", &json!({}))?)
}

/// Switches the line of a PC off or on.
pub(super) fn switches(desk: &Desk, off: Off) -> anyhow::Result<()> {
    said(desk, "line.switch", &json!({ "off": off == Off::Yes })).map(|_| ())
}

/// Whether a line is off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    Yes,
    No,
}

impl Office {
    /// The id of an officer of a position.
    pub fn officer(&self, position: &str) -> anyhow::Result<String> {
        let found =
            self.people.iter().find(|one| one.get("position").is_some_and(|at| at == position));
        let id = found.and_then(|one| one.get("id").and_then(Value::as_str));
        Ok(id.with_context(|| format!("nobody is {position}"))?.to_owned())
    }

    /// A code for a new PC of an officer.
    pub fn code(&self, position: &str) -> anyhow::Result<Value> {
        said(&self.first, "admin.code", &json!({ "officer": self.officer(position)? }))
    }

    /// A new PC for an officer; `at` is where it believes the server to be. Tells how long it took
    /// until its list was there, and until all was.
    pub fn joins(
        &self,
        position: &str,
        (name, at): (&str, &str),
        wants: Wants,
    ) -> anyhow::Result<(Pc, [Duration; 2])> {
        let code = self.code(position)?;
        let profile: PathBuf = self.folder.path().join(name);
        std::fs::create_dir_all(&profile).context("making a profile")?;
        let source = Arc::new(Evening::begins());
        let desk = Desk::with(&profile, source, OpenOptions::default())?.for_show();
        let (tell, heard) = channel();
        desk.on_tell(Box::new(move |topics| {
            if topics.contains(&Topic::Documents) {
                let _ = tell.send(());
            }
        }));
        let form = json!({
            "address": at, "code": code.get("code"), "server_key": code.get("server_key"),
            "pc_name": name, "pin": PIN,
        });
        let begun = Instant::now();
        said(&desk, "setup.enrol", &form)?;
        let asked = json!({ "filter": { "direction": "incoming" }, "first": 0, "count": 50 });
        let total = |page: &Value| page.get("total").and_then(Value::as_u64).unwrap_or(0);
        while wants == Wants::Documents && total(&said(&desk, "documents", &asked)?) == 0 {
            anyhow::ensure!(begun.elapsed() < WAIT, "no document came");
            std::thread::sleep(LOOK_EVERY);
        }
        let usable = begun.elapsed();
        // All is here when nothing is on its way down; what both hold is compared after that.
        while !said(&desk, "line", &json!({}))?.get("down").is_some_and(Value::is_null) {
            anyhow::ensure!(begun.elapsed() < WAIT, "the first copy did not end");
            std::thread::sleep(LOOKS_NOW_AND_THEN);
        }
        let all = begun.elapsed();
        meets(&desk)?;
        Ok((Pc { desk, heard }, [usable, all]))
    }

    /// Somebody sits down at the first PC.
    pub fn sits(&self, position: &str) -> anyhow::Result<()> {
        let unlock = json!({ "officer": self.officer(position)?, "pin": self.pin });
        said(&self.first, "session.unlock", &unlock).map(|_| ())
    }
}

impl Pc {
    /// Waits until it shows a document.
    pub fn shows(&self, document: &str) -> anyhow::Result<()> {
        loop {
            let asked = json!({ "id": document, "seen": false });
            if contract::answer(&self.desk, "document", &asked.to_string()).is_ok() {
                return Ok(());
            }
            self.heard.recv_timeout(WAIT).context("nothing new came")?;
        }
    }
}

/// The book of arrivals.
pub(super) fn arrivals(desk: &Desk) -> anyhow::Result<Value> {
    let books = said(desk, "books", &json!({}))?;
    let books = books.get("books").and_then(Value::as_array).context("no books")?;
    let book = books.iter().find(|book| book.get("direction").is_some_and(|way| way == "incoming"));
    Ok(book.and_then(|book| book.get("id")).context("no book of arrivals")?.clone())
}

/// Registers one letter; returns its id.
pub(super) fn registers(desk: &Desk, subject: &str, files: &[Value]) -> anyhow::Result<String> {
    let form = json!({
        "book": arrivals(desk)?, "arrived_on": "",
        "fields": {
            "number": "1", "symbol": "UBND-NNMT", "issued_on": "2026-11-19",
            "issuer": "UBND tỉnh Hiếu Sơn", "kind": "cong-van", "subject": subject,
            "signer": "Nguyễn Thị Thanh Hà", "pages": "2",
        },
        "attachments": files, "card": null, "secret": false, "twin_reason": "đo",
        "submit_to": null,
    });
    let done = said(desk, "incoming.register", &form).or_else(|_| {
        // After 500 numbers without its server a PC asks; the clerk gives a reason, and goes on.
        said(desk, "book.vouch", &json!({ "officer": "", "pin": "", "reason": "đo" }))?;
        said(desk, "incoming.register", &form)
    })?;
    Ok(done.get("id").and_then(Value::as_str).context("no id")?.to_owned())
}

/// The numbers of the arrivals are given by another PC from now on.
pub(super) fn hands_on(from: &Desk, to: &Desk) -> anyhow::Result<()> {
    gives_back(from)?;
    meets(to)?;
    said(to, "book.take", &json!({ "id": arrivals(from)? }))?;
    meets(to)?;
    meets(from)
}

/// The server gives the numbers of the arrivals from now on.
pub(super) fn gives_back(from: &Desk) -> anyhow::Result<()> {
    said(from, "book.release", &json!({ "id": arrivals(from)? }))?;
    meets(from)
}
