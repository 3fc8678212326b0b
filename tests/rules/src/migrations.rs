//! A migration is written once: its checksum stands in `migrations.lock`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{finding::Finding, tree::Tree};

const LOCK: &str = "tests/rules/migrations.lock";

/// Finds migrations that were changed after they were locked, or not locked, or taken away.
pub fn changed_migrations(tree: &Tree) -> Vec<Finding> {
    let locked = tree.file(LOCK).map(|file| file.text.as_str()).unwrap_or_default();
    let mut findings = Vec::new();
    let migrations = tree.files.iter().filter(|file| {
        file.path.contains("/migrations/") && file.ends(".sql") && !file.is_in("tests/")
    });
    let mut seen = Vec::new();
    for file in migrations {
        let line = format!("{}  {}", checksum(&file.text), file.path);
        if !file.text.starts_with("-- ") {
            let why = "a migration says in its head what older programs may do";
            findings.push(Finding::new(&file.path, 1, "no heading comment", why));
        }
        let of_file = locked.lines().find(|locked| locked.ends_with(&format!("  {}", file.path)));
        match of_file {
            Some(of_file) if of_file == line => (),
            Some(_) => {
                let why = "a migration is written once; add a new one";
                findings.push(Finding::new(&file.path, 1, "it was changed", why));
            }
            None => {
                let what = format!("not locked; add `{line}` to {LOCK}");
                findings.push(Finding::new(&file.path, 1, what, "a migration is written once"));
            }
        }
        seen.push(file.path.as_str());
    }
    for (index, line) in locked.lines().enumerate() {
        let path = line.split_once("  ").map(|(_, path)| path);
        if path.is_some_and(|path| !seen.contains(&path)) {
            let why = "a migration stays for ever";
            findings.push(Finding::new(LOCK, index + 1, format!("`{line}` is gone"), why));
        }
    }
    findings
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every write");
        hex
    })
}
