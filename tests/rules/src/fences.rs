//! The fences: Tauri stays in the window, and the core never looks at the world.

use crate::{
    finding::Finding,
    rust_code::{before_tests, code_lines},
    tree::{File, Tree},
    words::{has_word, vietnamese_word},
};

const CORE: [&str; 2] = ["crates/register/", "crates/sync/"];

/// What reads a clock, a file or chance.
const HIDDEN_INPUTS: [&str; 14] = [
    "std",
    "SystemTime",
    "Instant",
    "rand",
    "getrandom",
    "OsRng",
    "thread_rng",
    "rusqlite",
    "tokio",
    "reqwest",
    "chrono",
    "tracing",
    "Zoned::now",
    "Timestamp::now",
];

const SQL: [&str; 6] =
    ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];

/// Finds Tauri in any crate but the window.
pub fn tauri_outside_the_window(tree: &Tree) -> Vec<Finding> {
    let why = "only the window knows Tauri";
    let mut findings = Vec::new();
    for file in &tree.files {
        if file.is_in("src-tauri/") || file.is_in("tests/rules/") || file.path == "Cargo.toml" {
            continue;
        }
        if file.ends("Cargo.toml") {
            let tauri = file.lines().filter(|(_, line)| line.starts_with("tauri"));
            findings.extend(tauri.map(|(at, line)| Finding::new(&file.path, at, line, why)));
        }
        if file.ends(".rs") {
            for (index, line) in code_lines(&file.text).iter().enumerate() {
                if line.code.contains("tauri::") || line.code.contains("tauri_") {
                    findings.push(Finding::new(&file.path, index + 1, line.code.trim(), why));
                }
            }
        }
    }
    findings
}

/// Finds what makes `register` or `sync` depend on more than their arguments.
pub fn forbidden_in_the_core(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for core in CORE {
        let lib = format!("{core}src/lib.rs");
        let is_no_std = |file: &File| file.text.lines().any(|line| line == "#![no_std]");
        if !tree.file(&lib).is_some_and(is_no_std) {
            let what = "`#![no_std]` is missing";
            findings.push(Finding::new(&lib, 1, what, "the core is built without an outer world"));
        }
    }
    let sources = tree.rust().filter(|file| {
        CORE.iter()
            .any(|core| file.path.strip_prefix(core).is_some_and(|at| at.starts_with("src/")))
    });
    for file in sources.filter(|file| !file.ends("tests.rs") && !file.path.contains("/tests/")) {
        findings.extend(hidden_inputs(file));
    }
    findings
}

fn hidden_inputs(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = code_lines(&file.text);
    for (index, line) in before_tests(&lines).iter().enumerate() {
        let mut find = |what: String, why| {
            findings.push(Finding::new(&file.path, index + 1, what, why));
        };
        for input in HIDDEN_INPUTS.iter().filter(|input| has_word(&line.code, input)) {
            find(format!("`{input}` in the core"), "time, ids and bytes are arguments");
        }
        if let Some(sql) = SQL.iter().find(|sql| line.literals.contains(*sql)) {
            find(format!("SQL `{}` in the core", sql.trim()), "only the store speaks SQL");
        }
        if vietnamese_word(&line.literals).is_some() {
            find(
                format!("words of the screen: \"{}\"", line.literals),
                "the core decides, the screen has the words",
            );
        }
    }
    findings
}
