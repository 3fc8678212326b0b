//! What a person at a desk has seen to be done, on paper that no kill of the program takes away.
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

/// One line each, written after the desk answered.
pub struct Journal {
    file: File,
}

/// One act that was answered.
#[derive(Debug, Clone)]
pub struct Noted {
    /// Which act.
    pub act: String,
    /// The document or task.
    pub id: String,
    /// Words that only this act carries; empty where an act has none.
    pub mark: String,
    /// Number or reference that was shown; empty when none was.
    pub number: String,
    /// Subject of a document that was made.
    pub subject: String,
}

impl Journal {
    pub fn at(path: &Path) -> Journal {
        let file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        Journal { file }
    }

    pub fn notes(&mut self, noted: &Noted) {
        let Noted { act, id, mark, number, subject } = noted;
        self.line(&json!({
            "act": act, "id": id, "mark": mark, "number": number, "subject": subject,
        }));
    }

    /// An act that the desk would not do.
    pub fn notes_refusal(&mut self, act: &str, code: &str) {
        self.line(&json!({ "refused": format!("{act}: {code}") }));
    }

    fn line(&mut self, line: &Value) {
        // In one call: a kill leaves a whole line or none.
        self.file.write_all(format!("{line}\n").as_bytes()).unwrap();
        self.file.flush().unwrap();
    }

    /// Everything noted, and every refusal.
    pub fn read(path: &Path) -> (Vec<Noted>, Vec<String>) {
        let (mut all, mut refused) = (Vec::new(), Vec::new());
        for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if let Some(code) = line["refused"].as_str() {
                refused.push(code.to_owned());
                continue;
            }
            let of = |name: &str| line[name].as_str().unwrap().to_owned();
            all.push(Noted {
                act: of("act"),
                id: of("id"),
                mark: of("mark"),
                number: of("number"),
                subject: of("subject"),
            });
        }
        (all, refused)
    }
}
