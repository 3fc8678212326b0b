//! A PC of the agency: a profile, and a desk that is asked as the window asks it.
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use contract::Failure;
use desk::fill::{Wanted, fill};
use desk::keyring::DEMO_PIN;
use desk::{Desk, Source, ThisPc};
use jiff::civil::date;
use register::Moment;
use serde_json::{Value, json};
use store::OpenOptions;
use tempfile::TempDir;

use crate::town::Town;

/// The PIN of everybody.
pub const PIN: &str = "246813";

/// The clock of a PC: as right as this one's, until somebody turns it.
#[derive(Default)]
pub struct Clock {
    ahead_ms: AtomicI64,
}

impl Clock {
    /// It shows so many days more than is right.
    pub fn shows_days_ahead(&self, days: i64) {
        self.ahead_ms.store(days * 24 * 60 * 60 * 1000, Ordering::SeqCst);
    }
}

impl Source for Clock {
    fn now(&self) -> Moment {
        Moment(ThisPc.now().0 + self.ahead_ms.load(Ordering::SeqCst))
    }

    fn id(&self) -> register::Id {
        ThisPc.id()
    }
}

/// A PC with its own disk.
pub struct Pc {
    pub folder: TempDir,
    pub clock: Arc<Clock>,
    desk: Option<Desk>,
    room: Option<u64>,
}

impl Pc {
    /// A new PC with an empty profile.
    pub fn new() -> Pc {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Clock::default());
        let desk = open(folder.path(), &clock);
        Pc { folder, clock, desk: Some(desk), room: None }
    }

    /// A PC of an agency that has worked for a while; its administrator sits there.
    pub fn filled(documents: u64) -> Pc {
        let folder = tempfile::tempdir().unwrap();
        let now = Moment::of(date(2026, 11, 20).at(17, 30, 0, 0));
        let wanted = Wanted { documents, tasks_per_hundred: 12, seed: 1, now };
        fill(folder.path(), wanted, &mut |_| {}).unwrap();
        let clock = Arc::new(Clock::default());
        let pc = Pc { desk: Some(open(folder.path(), &clock)), folder, clock, room: None };
        pc.seats("Quản trị mạng");
        pc
    }

    /// Somebody of a filled register sits down, by his position.
    pub fn seats(&self, position: &str) {
        let session = self.ask("session", json!({}));
        let officers = session["officers"].as_array().unwrap().clone();
        let found = officers.iter().find(|officer| officer["position"] == position);
        let officer = &found.unwrap()["id"];
        self.ask("session.unlock", json!({ "officer": officer, "pin": DEMO_PIN }));
    }

    /// Asks one thing.
    pub fn try_ask(&self, name: &str, question: Value) -> Result<Value, Failure> {
        let desk = self.desk.as_ref().unwrap();
        let answer = contract::answer(desk, name, &question.to_string())?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    /// Asks one thing that must go well.
    pub fn ask(&self, name: &str, question: Value) -> Value {
        self.try_ask(name, question).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }

    /// The agency is founded here: an administrator who keeps the books, a second clerk, a leader.
    pub fn founds(&self) {
        self.founds_as("UBND xã An Hiếu", "H50.99.01");
    }

    /// The same under another name.
    pub fn founds_as(&self, name: &str, code: &str) {
        let officer = |name: &str, position: &str, roles: &[&str], pin: &str| {
            let unit = "";
            json!({ "name": name, "position": position, "unit": unit, "roles": roles, "pin": pin })
        };
        let mut setup = self.ask("setup.defaults", json!({}));
        let agency = &mut setup["agency"];
        agency["name"] = json!(name);
        agency["place"] = json!("An Hiếu");
        agency["code"] = json!(code);
        setup["officers"] = json!([
            officer("Phan Thị Mỹ Lệ", "Văn thư", &["administrator", "clerk"], PIN),
            officer("Trần Thị Mai", "Văn thư", &["clerk"], ""),
            officer("Lê Quang Thạch", "Chủ tịch", &["leader"], ""),
            officer("Hồ Văn Thìn", "Chánh Văn phòng", &["office_head"], ""),
        ]);
        self.ask("setup.found", setup);
    }

    /// The same with an administrator who keeps no books; the clerk sits at the PC then.
    pub fn founds_apart(&self) {
        let officer = |name: &str, roles: &[&str]| {
            let unit = "";
            json!({ "name": name, "position": unit, "unit": unit, "roles": roles, "pin": PIN })
        };
        let mut setup = self.ask("setup.defaults", json!({}));
        let agency = &mut setup["agency"];
        agency["name"] = json!("UBND xã An Hiếu");
        agency["place"] = json!("An Hiếu");
        agency["code"] = json!("H50.99.01");
        setup["officers"] = json!([
            officer("Đinh Công Sáng", &["administrator"]),
            officer("Phan Thị Mỹ Lệ", &["clerk"]),
        ]);
        self.ask("setup.found", setup);
        let clerk = self.officer("Phan Thị Mỹ Lệ");
        self.ask("session.unlock", json!({ "officer": clerk, "pin": PIN }));
    }

    /// The agency of this PC comes to a server, and all it did is up there.
    pub fn comes_to(&self, town: &Town) -> Value {
        let form = json!({
            "address": town.address(),
            "code": town.adoption_code(),
            "server_key": town.key(),
            "pc_name": "VT-01",
        });
        self.ask("line.adopt", form);
        self.meets()
    }

    /// Meets the server and waits for the end of it.
    pub fn meets(&self) -> Value {
        self.ask("line.meet", json!({}))
    }

    /// The id of an officer by his name.
    pub fn officer(&self, name: &str) -> String {
        let known = self.ask("catalogue", json!({}));
        let officers = known["officers"].as_array().unwrap().clone();
        let found = officers.iter().find(|officer| officer["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))["id"].as_str().unwrap().to_owned()
    }

    /// A new PC for an officer, with a code that this one makes.
    pub fn lets_in(&self, name: &str, pc_name: &str) -> Pc {
        let shown = self.ask("admin.code", json!({ "officer": self.officer(name) }));
        let pc = Pc::new();
        let form = json!({
            "address": shown["address"],
            "code": shown["code"],
            "server_key": shown["server_key"],
            "pc_name": pc_name,
            "pin": PIN,
        });
        pc.ask("setup.enrol", form);
        pc.meets();
        pc
    }

    /// The book of arrivals as this PC shows it.
    pub fn arrivals(&self) -> Value {
        let books = self.ask("books", json!({}));
        let books = books["books"].as_array().unwrap().clone();
        books.into_iter().find(|book| book["direction"] == "incoming").unwrap()
    }

    /// Registers a letter; returns what the desk said.
    pub fn registers(&self, number: u32, subject: &str) -> Value {
        self.registers_with(number, subject, &[])
    }

    /// Stores a file of this PC; returns it as an attachment.
    pub fn stores(&self, name: &str, bytes: &[u8]) -> Value {
        use base64::Engine as _;
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let upload = json!({ "name": name, "content": content, "card": false });
        self.ask("files.upload", upload)["files"][0]["attachment"].clone()
    }

    /// The bytes of a file, once it is here.
    pub fn file(&self, blob: &str) -> Option<Vec<u8>> {
        let desk = self.desk.as_ref().unwrap();
        let mut bytes = Vec::new();
        loop {
            let from = bytes.len() as u64;
            let (some, total, _) = desk.blob_range(blob, from, from + (4 << 20)).ok()?;
            bytes.extend(some);
            if bytes.len() as u64 >= total {
                return Some(bytes);
            }
        }
    }

    /// Registers a letter with files.
    pub fn registers_with(&self, number: u32, subject: &str, files: &[Value]) -> Value {
        self.ask("incoming.register", self.letter(number, subject, files))
    }

    /// Enters a letter again that bears its arrival number on paper.
    pub fn enters_from_paper(&self, arrival: u32, subject: &str) -> Value {
        let mut form = self.letter(arrival, subject, &[]);
        form["paper_number"] = json!(arrival);
        self.ask("incoming.register", form)
    }

    /// The form of a letter that came today.
    pub fn letter(&self, number: u32, subject: &str, files: &[Value]) -> Value {
        let today = self.ask("session", json!({}))["today"].clone();
        json!({
            "book": self.arrivals()["id"],
            "arrived_on": today,
            "fields": {
                "number": number.to_string(), "symbol": "SNV-CCHC", "issued_on": today,
                "issuer": "Sở Nội vụ", "kind": "cong-van", "subject": subject,
            },
            "attachments": files,
            "secret": false,
            "twin_reason": null,
            "submit_to": null,
            "card": null,
        })
    }

    /// Number, subject and reach of every incoming document, newest first.
    pub fn incoming(&self) -> Vec<(String, String, String)> {
        let asked = json!({
            "filter": {
                "direction": "incoming", "book": null, "state": null, "party": null,
                "from": null, "to": null,
            },
            "first": 0, "count": 200,
        });
        let window = self.ask("documents", asked);
        let rows = window["rows"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (text(&row["number"]), text(&row["subject"]), text(&row["reach"])))
            .collect()
    }

    /// The id of the document with a subject.
    pub fn document_of(&self, subject: &str) -> String {
        let rows = self.ask(
            "search",
            json!({
                "text": subject, "count": 5, "everything": false,
                "filter": {
                    "direction": null, "book": null, "state": null, "party": null,
                    "from": null, "to": null,
                },
            }),
        );
        rows["documents"][0]["row"]["id"].as_str().unwrap().to_owned()
    }

    /// Whether the keys of the profile are gone.
    pub fn is_wiped(&self) -> bool {
        !self.folder.path().join("keyring.json").exists()
    }

    /// The program is ended; the profile lies where it was.
    pub fn is_put_out(&mut self) {
        self.desk = None;
    }

    /// The program is ended, its profile copied as an image of the disk would have it, and it
    /// starts again.
    pub fn copies_its_profile(&mut self) -> TempDir {
        self.is_put_out();
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), copy.path());
        self.starts_again();
        copy
    }

    /// The program is ended, and somebody puts such a copy in the place of its profile.
    pub fn is_set_back(&mut self, copy: &TempDir) {
        self.is_put_out();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                std::fs::remove_dir_all(path).unwrap();
            } else {
                std::fs::remove_file(path).unwrap();
            }
        }
        copy_folder(copy.path(), self.folder.path());
        self.starts_again();
    }

    /// The power goes while it joins again: its register lies aside, and a new one was begun.
    pub fn is_cut_off_while_it_joins_again(&mut self) {
        self.is_put_out();
        let (profile, aside) = (self.folder.path(), self.folder.path().join("so-cu-1"));
        let names = ["keyring.json", "device.secret", "heights.json", "blobs", "register.db"];
        std::fs::write(profile.join("joining-again"), "so-cu-1").unwrap();
        std::fs::create_dir(&aside).unwrap();
        for name in names.iter().filter(|name| profile.join(name).exists()) {
            std::fs::rename(profile.join(name), aside.join(name)).unwrap();
        }
        std::fs::create_dir(profile.join("blobs")).unwrap();
        std::fs::write(profile.join("keyring.json"), "{").unwrap();
        self.starts_again();
    }

    /// Its database alone is set back: what stands beside it stays.
    pub fn has_its_database_set_back(&mut self, copy: &TempDir) {
        self.is_put_out();
        for ending in ["", "-wal", "-shm"] {
            let name = format!("register.db{ending}");
            let (from, to) = (copy.path().join(&name), self.folder.path().join(&name));
            if to.exists() {
                std::fs::remove_file(&to).unwrap();
            }
            if from.exists() {
                std::fs::copy(from, to).unwrap();
            }
        }
        self.starts_again();
    }

    /// All its files were opened last so many days ago, and it starts again with room for so many
    /// bytes of them.
    pub fn wakes_up_with_room_for(&mut self, bytes: u64, days: u64) {
        self.is_put_out();
        let then = SystemTime::now() - Duration::from_secs(days * 86_400);
        for folder in std::fs::read_dir(self.folder.path().join("blobs")).unwrap() {
            let folder = folder.unwrap().path();
            for file in std::fs::read_dir(folder).into_iter().flatten() {
                let file = std::fs::File::options().append(true).open(file.unwrap().path());
                file.unwrap().set_modified(then).unwrap();
            }
        }
        self.room = Some(bytes);
        self.starts_again();
    }

    /// Whether the bytes of a file lie on this PC.
    pub fn has_file(&self, blob: &str) -> bool {
        let id = register::BlobId::parse(blob).unwrap();
        self.folder.path().join("blobs").join(desk::blobs::name_of(id)).exists()
    }

    /// Ends the program and starts it again; somebody unlocks.
    pub fn starts_again(&mut self) {
        self.desk = None;
        let desk = open(self.folder.path(), &self.clock);
        self.desk = Some(match self.room {
            Some(bytes) => desk.with_room(bytes),
            None => desk,
        });
        let session = self.ask("session", json!({}));
        let officer = session["officers"][0]["id"].clone();
        self.ask("session.unlock", json!({ "officer": officer, "pin": PIN }));
    }
}

impl Default for Pc {
    fn default() -> Pc {
        Pc::new()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            std::fs::create_dir(&copy).unwrap();
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).unwrap();
        }
    }
}

fn open(profile: &Path, clock: &Arc<Clock>) -> Desk {
    let source: Arc<dyn Source> = Arc::clone(clock) as Arc<dyn Source>;
    Desk::with(profile, source, OpenOptions::default()).unwrap()
}
