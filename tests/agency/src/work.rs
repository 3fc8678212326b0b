//! The work of one person: random acts of his roles, one after another, each noted when answered.
use base64::Engine as _;
use contract::Failure;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::journal::{Journal, Noted};
use crate::seat::{Seat, text};

/// Newest rows of a list among which a person chooses.
const CHOICE: u64 = 40;
/// Bytes of the largest file that is attached.
const FILE_BYTES_MAX: u64 = 60_000;

/// Somebody at work.
pub struct Work<'a> {
    seat: &'a Seat,
    journal: &'a mut Journal,
    chance: Chance,
    /// Begins every mark of this run: no two acts of all runs have the same words.
    run: String,
    acts: u64,
    roles: Vec<String>,
    people: Vec<Value>,
}

/// An act with what it asks.
struct Wanted {
    act: &'static str,
    question: Value,
    mark: String,
    subject: String,
}

type Chosen = Option<Wanted>;

impl<'a> Work<'a> {
    pub fn begins(seat: &'a Seat, journal: &'a mut Journal, (run, seed): (String, u64)) -> Self {
        let session = seat.ask("session", json!({}));
        let roles = session["roles"].as_array().unwrap().iter().map(|role| text(role).to_owned());
        let roles = roles.collect();
        let people = seat.ask("catalogue", json!({}))["officers"].as_array().unwrap().clone();
        Work { seat, journal, chance: Chance::new(seed), run, acts: 0, roles, people }
    }

    /// Does one thing, and notes it.
    pub fn does_one(&mut self) {
        self.acts += 1;
        let is = |role: &str| self.roles.iter().any(|mine| mine == role);
        let wanted = if is("clerk") {
            self.of_a_clerk()
        } else if is("leader") {
            self.of_a_leader()
        } else if is("office_head") {
            self.of_the_head()
        } else {
            self.of_an_official()
        };
        let Some(Wanted { act, question, mark, subject }) = wanted else { return };
        match self.seat.try_ask(act, question) {
            Ok(done) => {
                let shown = text(&done["said"]["with"][0]).to_owned();
                let numbers = ["registered", "registered_outgoing", "numbered"];
                let is_number = numbers.contains(&text(&done["said"]["sentence"]));
                let number = if is_number { shown } else { String::new() };
                let (act, id) = (act.to_owned(), text(&done["id"]).to_owned());
                self.journal.notes(&Noted { act, id, mark, number, subject });
            }
            Err(Failure { code, .. }) => self.journal.notes_refusal(act, &code),
        }
    }

    fn mark(&self) -> String {
        format!("[{}-{}]", self.run, self.acts)
    }

    fn wants(&self, act: &'static str, question: impl FnOnce(&str) -> Value) -> Chosen {
        let mark = self.mark();
        Some(Wanted { act, question: question(&mark), mark, subject: String::new() })
    }

    fn unmarked(act: &'static str, question: Value) -> Chosen {
        Some(Wanted { act, question, mark: String::new(), subject: String::new() })
    }

    fn document(&mut self, direction: &str, state: &str) -> Option<Value> {
        let rows = self.seat.documents(direction, Some(state), CHOICE);
        self.chance.one(&rows).map(|row| row["id"].clone())
    }

    fn person(&mut self, role: &str) -> String {
        let has = |one: &&Value| one["roles"].as_array().is_some_and(|r| r.contains(&json!(role)));
        let them: Vec<&Value> = self.people.iter().filter(has).collect();
        format!("u:{}", self.chance.one(&them).map_or("", |one| text(&one["id"])))
    }

    fn of_a_clerk(&mut self) -> Chosen {
        match self.chance.below(20) {
            0..=10 => self.registers(),
            11 | 12 => {
                let id = self.document("incoming", "to_submit")?;
                let to = self.person("leader");
                self.wants(
                    "incoming.submit",
                    |mark| json!({ "id": id, "to": to, "proposal": mark }),
                )
            }
            13 => {
                let id = self.document("incoming", "awaiting_directive")?;
                let opened = self.seat.ask("document", json!({ "id": id, "seen": true }));
                let old = opened["fields"]["note"].clone();
                self.wants(
                    "incoming.edit",
                    |mark| json!({ "id": id, "field": "note", "old": old, "new": mark }),
                )
            }
            14 => {
                let id = self.document("incoming", "awaiting_number")?;
                Self::unmarked("document.number", json!({ "id": id }))
            }
            15 | 16 => {
                let id = self.document("outgoing", "approved")?;
                let asked = self.seat.ask("outgoing.symbol", json!({ "id": id, "date": "" }));
                let form = json!({ "id": id, "book": asked["book"], "on": "", "symbol": "" });
                Self::unmarked("outgoing.register", form)
            }
            17 => {
                let id = self.document("outgoing", "to_send")?;
                self.wants("outgoing.send", |mark| json!({ "id": id, "on": "", "how": mark }))
            }
            18 => {
                let id = self.document("incoming", "to_submit")?;
                self.wants("incoming.close", |mark| json!({ "id": id, "reason": mark }))
            }
            _ => self.moves_a_book(),
        }
    }

    fn registers(&mut self) -> Chosen {
        let books = self.seat.books();
        let book = books.iter().find(|book| book["direction"] == "incoming")?;
        let mark = self.mark();
        let subject = format!("Về việc kiểm tra an toàn hồ đập mùa mưa lũ {mark}");
        let files = if self.chance.below(10) == 0 { vec![self.file(&mark)] } else { vec![] };
        let submit_to = (self.chance.below(2) == 0).then(|| self.person("leader"));
        let question = json!({
            "book": book["id"], "arrived_on": "",
            "fields": {
                "number": format!("{}", self.chance.below(1_000_000)), "symbol": "SNV-CCHC",
                "issuer": "Sở Nội vụ", "kind": "cong-van", "subject": subject,
            },
            "attachments": files, "secret": false, "twin_reason": mark,
            "submit_to": submit_to, "card": null,
        });
        Some(Wanted { act: "incoming.register", question, mark, subject })
    }

    /// A file of some length, as an attachment.
    fn file(&mut self, mark: &str) -> Value {
        let line = format!("Văn bản {mark} của UBND tỉnh Hiếu Sơn.\n");
        let times = 1 + self.chance.below(FILE_BYTES_MAX) / line.len() as u64;
        let bytes = line.repeat(usize::try_from(times).unwrap());
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let upload = json!({ "name": "quet.txt", "content": content, "card": false });
        self.seat.ask("files.upload", upload)["files"][0]["attachment"].clone()
    }

    fn moves_a_book(&mut self) -> Chosen {
        let books = self.seat.books();
        let book = self.chance.one(&books)?;
        match text(&book["lease"]) {
            "server" => Self::unmarked("book.take", json!({ "id": book["id"] })),
            "here" => Self::unmarked("book.release", json!({ "id": book["id"] })),
            _ => None,
        }
    }

    fn of_a_leader(&mut self) -> Chosen {
        match self.chance.below(9) {
            8 => {
                let lead = self.person("official");
                self.wants("task.create", |mark| {
                    json!({
                        "content": format!("Lập báo cáo {mark}"), "lead": lead, "co": [],
                        "information": [], "deadline": "5", "product": "",
                    })
                })
            }
            0..=3 => {
                let id = self.document("incoming", "awaiting_directive")?;
                let lead = self.person("official");
                self.wants("incoming.direct", |mark| {
                    json!({
                        "ids": [id], "text": mark, "information": [],
                        "assign": { "lead": lead, "co": [], "deadline": "5", "content": "" },
                    })
                })
            }
            4 | 5 => {
                let id = self.document("outgoing", "submitted")?;
                self.wants("outgoing.approve", |mark| json!({ "id": id, "remarks": mark }))
            }
            6 => {
                let id = self.document("outgoing", "submitted")?;
                self.wants("outgoing.return", |mark| json!({ "id": id, "remarks": mark }))
            }
            _ => {
                let id = self.task("assigned")?;
                self.wants("task.accept", |mark| json!({ "id": id, "remarks": mark }))
            }
        }
    }

    fn of_the_head(&mut self) -> Chosen {
        if self.chance.below(2) == 0 {
            let id = self.task("all")?;
            return self.wants("task.remind", |mark| json!({ "id": id, "remarks": mark }));
        }
        let id = self.document("incoming", "to_submit")?;
        let to = self.person("leader");
        self.wants("incoming.submit", |mark| json!({ "id": id, "to": to, "proposal": mark }))
    }

    fn of_an_official(&mut self) -> Chosen {
        match self.chance.below(8) {
            0 | 1 => {
                let mark = self.mark();
                let subject = format!("Báo cáo kết quả kiểm tra hồ đập {mark}");
                let question = json!({
                    "kind": "cong-van", "subject": subject, "signer": "Lê Quang Thạch",
                    "recipients": [{ "name": "Sở Nội vụ" }], "attachments": [self.file(&mark)],
                });
                Some(Wanted { act: "outgoing.draft", question, mark, subject })
            }
            2 | 3 => {
                let id = self.document("outgoing", "draft")?;
                let to = self.person("leader");
                Self::unmarked("outgoing.submit", json!({ "id": id, "to": to }))
            }
            4..=6 => {
                let (id, percent) = (self.task("mine")?, self.chance.within(1, 99));
                self.wants(
                    "task.progress",
                    |mark| json!({ "id": id, "percent": percent, "note": mark }),
                )
            }
            _ => {
                let id = self.task("mine")?;
                self.wants(
                    "task.report",
                    |mark| json!({ "id": id, "text": mark, "files": [], "product": null }),
                )
            }
        }
    }

    fn task(&mut self, view: &str) -> Option<Value> {
        let asked = json!({ "view": view, "closed": false, "overdue": false });
        let rows = self.seat.ask("tasks", asked)["rows"].as_array().unwrap().clone();
        self.chance.one(&rows).map(|row| row["id"].clone())
    }
}
