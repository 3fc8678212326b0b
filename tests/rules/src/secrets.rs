//! Nothing secret and nothing of one machine is kept in the project.

use crate::{
    finding::Finding,
    tree::{File, Tree},
};

const WHY_SECRET: &str = "a secret in the project is known to everybody for ever";

/// How the tokens of well-known makers begin, and how many characters follow at least.
const TOKENS: [(&str, usize); 12] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 36),
    ("gho_", 36),
    ("ghs_", 36),
    ("github_pat_", 50),
    ("glpat-", 20),
    ("npm_", 36),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("AIza", 35),
    ("pypi-AgEI", 30),
];

const SECRET_NAMES: [&str; 7] =
    ["password", "passwd", "secret", "token", "api_key", "apikey", "private_key"];

const SECRET_ENDINGS: [&str; 7] = [".p12", ".pfx", ".key", ".jks", ".keystore", ".kdbx", ".ppk"];

const SECRET_LENGTH_MIN: usize = 20;

/// Finds private keys, tokens, and long random values that are called a secret.
pub fn secrets(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if SECRET_ENDINGS.iter().any(|end| name.ends_with(end)) || name.starts_with("id_rsa") {
            findings.push(Finding::new(&file.path, 1, "a key file", WHY_SECRET));
        }
        let is_a_lock = name.ends_with(".lock") || name == "package-lock.json";
        for (at, line) in file.lines().filter(|_| !is_a_lock) {
            if let Some(what) = secret_in(line) {
                findings.push(Finding::new(&file.path, at, what, WHY_SECRET));
            }
        }
    }
    findings
}

fn secret_in(line: &str) -> Option<String> {
    if line.contains(concat!("-----BEGIN ", "")) && line.contains(concat!("PRIVATE", " KEY-----")) {
        return Some("a private key".to_owned());
    }
    for (start, length) in TOKENS {
        for (at, _) in line.match_indices(start) {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            let after = line.get(at + start.len()..).unwrap_or_default();
            let follows = after.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '_');
            let is_alone = before.is_none_or(|c| !c.is_ascii_alphanumeric());
            if is_alone && follows.count() >= length {
                return Some(format!("a token `{start}…`"));
            }
        }
    }
    let lower = line.to_lowercase();
    let name = SECRET_NAMES.iter().find(|name| lower.contains(*name))?;
    line.split(['"', '\'', '`']).skip(1).step_by(2).find(|value| is_random(value))?;
    Some(format!("a long random value beside `{name}`"))
}

// Words have vowels and few digits; a secret has letters of both cases and digits, no space.
fn is_random(value: &str) -> bool {
    let count = |is: fn(&char) -> bool| value.chars().filter(is).count();
    let of_secrets = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    value.len() >= SECRET_LENGTH_MIN
        && value.chars().all(of_secrets)
        && count(char::is_ascii_digit) >= 4
        && count(char::is_ascii_uppercase) >= 3
        && count(char::is_ascii_lowercase) >= 3
}

/// Finds paths that exist on one machine only.
pub fn machine_paths(tree: &Tree) -> Vec<Finding> {
    // Put together here, so that this file does not find itself.
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let why = "the project lies anywhere";
    let mut findings = Vec::new();
    for file in &tree.files {
        for (at, line) in file.lines() {
            for path in paths.iter().filter(|path| has_path(line, path)) {
                findings.push(Finding::new(&file.path, at, format!("`{path}`"), why));
            }
        }
    }
    findings
}

fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        // Part of a longer path or of an address otherwise.
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-/}$".contains(c))
    })
}

/// Finds places that say from where packages are fetched, other than the public registries.
pub fn registry_hosts(tree: &Tree) -> Vec<Finding> {
    let why = "packages come from wherever the machine is set to fetch them";
    let mut findings = Vec::new();
    for file in &tree.files {
        for (at, line) in file.lines() {
            if names_a_registry(file, line) {
                findings.push(Finding::new(&file.path, at, line.trim(), why));
            }
        }
    }
    findings
}

fn names_a_registry(file: &File, line: &str) -> bool {
    let line = line.trim();
    let public = ["https://registry.npmjs.org/", "github.com/rust-lang/crates.io-index"];
    let is_public = public.iter().any(|public| line.contains(public));
    if file.ends("package-lock.json") {
        return line.starts_with("\"resolved\"") && !is_public;
    }
    if file.ends("Cargo.lock") {
        return line.starts_with("source") && !is_public;
    }
    if file.ends(".npmrc") {
        return line.contains("registry=") || line.contains("_auth");
    }
    if file.ends("pip.conf") || file.path.contains(".cargo/config") {
        return line.contains("index") || line.contains("registry");
    }
    let hosts = ["art\u{69}factory", "ver\u{64}accio", "dev\u{70}i", "\u{6E}exus/repository"];
    hosts.iter().any(|host| line.contains(host))
}
