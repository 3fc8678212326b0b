//! The habits of the house that show in the text of a file.

use crate::{
    finding::Finding,
    rust_code::{CodeLine, code_lines},
    tree::{File, Tree},
    words::has_word,
};

/// Finds Rust files that don't open with a sentence.
pub fn first_lines(tree: &Tree) -> Vec<Finding> {
    let why = "a file opens with one sentence that says what it is for";
    let says = |file: &&File| !file.text.starts_with("//! ");
    tree.rust()
        .filter(says)
        .map(|file| Finding::new(&file.path, 1, "the first line is not `//! …`", why))
        .collect()
}

/// Finds `mod.rs` files and imports of everything.
pub fn globs_and_mod_files(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        if file.ends("/mod.rs") {
            let why = "a module stands beside its folder";
            findings.push(Finding::new(&file.path, 1, "`mod.rs`", why));
        }
        for (index, line) in code_lines(&file.text).iter().enumerate() {
            if line.code.contains("::*") {
                let why = "an import says what it brings";
                findings.push(Finding::new(&file.path, index + 1, line.code.trim(), why));
            }
        }
    }
    findings
}

/// Finds notes to oneself that belong in an issue.
pub fn notes_to_self(tree: &Tree) -> Vec<Finding> {
    // Put together here, so that this file does not find itself.
    let notes =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];
    let why = "open an issue, or do it";
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| is_written_by_hand(file)) {
        for (at, line) in file.lines() {
            if let Some(note) = notes.iter().find(|note| has_word(line, note)) {
                findings.push(Finding::new(&file.path, at, *note, why));
            }
        }
    }
    findings
}

fn is_written_by_hand(file: &File) -> bool {
    let endings = [".rs", ".ts", ".svelte", ".js", ".css", ".toml", ".sql", ".md", ".sh", ".html"];
    endings.iter().any(|ending| file.ends(ending)) || !file.path.contains('.')
}

/// What drives real processes, or slows a line down, has to let real time pass.
fn lets_time_pass(path: &str) -> bool {
    ["tests/agency/src/", "tests/bench/src/syncing/", "tests/province/src/"]
        .iter()
        .any(|drives| path.starts_with(drives))
}

/// Finds tests that are switched off, expect a panic, or sleep.
pub fn test_habits(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let lines = code_lines(&file.text);
        let tests_from = if is_a_test(&file.path) { 0 } else { first_test_line(&lines) };
        for (index, line) in lines.iter().enumerate() {
            let mut find = |what: &str, why| {
                findings.push(Finding::new(&file.path, index + 1, what, why));
            };
            if line.code.contains("#[ignore") {
                find("`#[ignore]`", "a test runs or goes");
            }
            if line.code.contains("should_panic") {
                find("`should_panic`", "a test compares a value");
            }
            if index >= tests_from && !lets_time_pass(&file.path) && has_word(&line.code, "sleep") {
                find("a test sleeps", "wait for a condition");
            }
        }
    }
    for file in tree.page().filter(|file| is_a_test(&file.path)) {
        for (at, line) in file.lines() {
            let waits = ["waitForTimeout(", ".skip(", ".only("];
            if let Some(wait) = waits.iter().find(|wait| line.contains(*wait)) {
                let why = "a test runs as it stands and waits for a condition";
                findings.push(Finding::new(&file.path, at, format!("`{wait}`"), why));
            }
        }
    }
    findings
}

fn is_a_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("tests.rs")
        || path.ends_with(".test.ts")
}

fn first_test_line(lines: &[CodeLine]) -> usize {
    lines.iter().position(|line| line.code.trim() == "#[cfg(test)]").unwrap_or(lines.len())
}

/// Finds outside crates that stand in the workspace without a reason, or outside of it.
pub fn dependencies_without_a_reason(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.ends("Cargo.toml")) {
        let mut section = "";
        for (at, line) in file.lines() {
            if line.starts_with('[') {
                section = line;
                continue;
            }
            if line.trim().is_empty() || line.starts_with(['#', ' ', ']']) {
                continue;
            }
            let is_ours = line.contains("path = \"");
            let has_reason = line.rsplit_once(" # ").is_some_and(|(_, why)| why.len() > 3);
            if section == "[workspace.dependencies]" && !is_ours && !has_reason {
                let why = "a new outside crate brings its reason";
                findings.push(Finding::new(&file.path, at, format!("`{line}`"), why));
            }
            let is_a_list =
                section.ends_with("dependencies]") && section != "[workspace.dependencies]";
            let of_workspace = line.contains("workspace = true");
            if is_a_list && file.path != "Cargo.toml" && !of_workspace {
                let why = "an outside crate stands once, in the workspace";
                findings.push(Finding::new(&file.path, at, format!("`{line}`"), why));
            }
        }
    }
    findings
}
