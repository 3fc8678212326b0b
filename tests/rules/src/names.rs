//! Names that say nothing, found where something is declared.

use crate::{
    finding::Finding,
    rust_code::code_lines,
    tree::Tree,
    words::{identifiers, words_of},
};

const WHY: &str = "a name comes from the glossary and says what the thing is";

const BANNED: [&str; 11] = [
    "manager",
    "managers",
    "service",
    "services",
    "helper",
    "helpers",
    "util",
    "utils",
    "utility",
    "processor",
    "processors",
];

/// Banned in the names of types, files and modules; fine in the name of a function or a field.
const BANNED_FOR_THINGS: [&str; 3] = ["data", "info", "infos"];

/// Finds banned names of types, modules, functions, constants and files.
pub fn banned_names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        for (index, line) in code_lines(&file.text).iter().enumerate() {
            let found = declared(&line.code, &RUST).and_then(|(kind, name)| banned(kind, name));
            findings.extend(found.map(|what| Finding::new(&file.path, index + 1, what, WHY)));
        }
    }
    for file in tree.page() {
        for (at, line) in file.lines() {
            let found = declared(line, &PAGE).and_then(|(kind, name)| banned(kind, name));
            findings.extend(found.map(|what| Finding::new(&file.path, at, what, WHY)));
        }
    }
    for file in tree.rust().chain(tree.page()) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        // A table of rows is called a data table everywhere.
        if stem != "DataTable" {
            let found = banned(Kind::Thing, stem);
            findings.extend(found.map(|what| Finding::new(&file.path, 1, what, WHY)));
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Thing,
    Act,
}

const RUST: [(&str, Kind); 8] = [
    ("struct", Kind::Thing),
    ("enum", Kind::Thing),
    ("trait", Kind::Thing),
    ("type", Kind::Thing),
    ("mod", Kind::Thing),
    ("const", Kind::Act),
    ("static", Kind::Act),
    ("fn", Kind::Act),
];

const PAGE: [(&str, Kind); 5] = [
    ("class", Kind::Thing),
    ("interface", Kind::Thing),
    ("type", Kind::Thing),
    ("function", Kind::Act),
    ("const", Kind::Act),
];

fn declared<'a>(line: &'a str, keywords: &[(&str, Kind)]) -> Option<(Kind, &'a str)> {
    let mut words = identifiers(line);
    let mut before_last = "";
    while let Some(word) = words.next() {
        let is_first = matches!(
            before_last,
            "" | "pub"
                | "crate"
                | "super"
                | "const"
                | "async"
                | "unsafe"
                | "export"
                | "default"
                | "abstract"
                | "declare"
        );
        if !is_first {
            return None;
        }
        let keyword = keywords.iter().find(|(keyword, _)| *keyword == word);
        if let Some(&(_, kind)) = keyword {
            let name = words.next()?;
            // `const fn name` declares a function.
            return if name == "fn" {
                Some((Kind::Act, words.next()?))
            } else {
                Some((kind, name))
            };
        }
        before_last = word;
    }
    None
}

fn banned(kind: Kind, name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    if kind == Kind::Act && (lower.starts_with("do_") || lower.starts_with("process_")) {
        return Some(format!("`{name}`"));
    }
    let words = words_of(name);
    let is_banned = |word: &String| {
        BANNED.contains(&word.as_str())
            || (kind == Kind::Thing && BANNED_FOR_THINGS.contains(&word.as_str()))
    };
    words.iter().any(is_banned).then(|| format!("`{name}`"))
}
