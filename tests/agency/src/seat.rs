//! A desk of a kept profile with cheap PINs, asked as the window asks it.
use std::path::Path;
use std::sync::Arc;

use contract::Failure;
use desk::{Desk, ThisPc};
use serde_json::{Value, json};
use store::OpenOptions;

/// The PIN of everybody.
pub const PIN: &str = "000000";
/// Rows of a list asked for together.
const ROWS: u64 = 200;

/// Somebody's desk.
pub struct Seat {
    desk: Desk,
}

impl Seat {
    /// Opens a profile; a new one is empty, at another one its first officer sits down.
    pub fn at(profile: &Path) -> Seat {
        let desk = Desk::with(profile, Arc::new(ThisPc), OpenOptions::default());
        let seat = Seat { desk: desk.unwrap().for_show() };
        let session = seat.ask("session", json!({}));
        if session["phase"] != "first_run" {
            let officer = session["officers"][0]["id"].clone();
            seat.ask("session.unlock", json!({ "officer": officer, "pin": PIN }));
        }
        seat
    }

    pub fn try_ask(&self, name: &str, question: Value) -> Result<Value, Failure> {
        let answer = contract::answer(&self.desk, name, &question.to_string())?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    pub fn ask(&self, name: &str, question: Value) -> Value {
        self.try_ask(name, question).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Rows of the documents of a direction, in a state or in any, newest first, at most so many.
    pub fn documents(&self, direction: &str, state: Option<&str>, most: u64) -> Vec<Value> {
        let filter = json!({ "direction": direction, "state": state });
        let mut all = Vec::new();
        while (all.len() as u64) < most {
            let count = ROWS.min(most - all.len() as u64);
            let asked = json!({ "filter": filter, "first": all.len(), "count": count });
            let page = self.ask("documents", asked);
            let rows = page["rows"].as_array().unwrap();
            if rows.is_empty() {
                break;
            }
            all.extend(rows.iter().cloned());
        }
        all
    }

    pub fn books(&self) -> Vec<Value> {
        self.ask("books", json!({}))["books"].as_array().unwrap().clone()
    }
}

/// The text of a field; nothing where there is none.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
