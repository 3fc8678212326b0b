//! Lengths of files, functions and lines: limits that a listed exception may only approach.

use std::collections::BTreeMap;

use crate::{
    finding::Finding,
    rust_code::code_lines,
    tree::{File, Tree},
};

const EXCEPTIONS: &str = "tests/rules/exceptions.txt";

const FILE_LINES_MAX: usize = 600;
const COMPONENT_LINES_MAX: usize = 200;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;

/// What is too long, as it would stand in the list of exceptions: kind and place, with the length.
///
/// A file has one row for its lines over the limit, whose length is how many there are.
pub fn measured_lengths(tree: &Tree) -> BTreeMap<String, (String, usize, usize)> {
    let mut measured = BTreeMap::new();
    for file in tree.rust().chain(tree.page()).chain(tree.files.iter().filter(|f| f.ends(".sql"))) {
        let mut note = |kind: &str, name: &str, line: usize, length: usize| {
            let place = format!("{kind} {}{name}", file.path);
            measured.insert(place, (file.path.clone(), line, length));
        };
        let limit = if file.ends(".svelte") { COMPONENT_LINES_MAX } else { FILE_LINES_MAX };
        let lines = file.text.lines().count();
        if lines > limit {
            note("file", "", 1, lines);
        }
        let long: Vec<usize> = file
            .lines()
            .filter(|(_, line)| line.chars().count() > LINE_CHARS_MAX)
            .map(|(at, _)| at)
            .collect();
        if let Some(&first) = long.first() {
            note("long-lines", "", first, long.len());
        }
        if file.ends(".rs") {
            for (name, at, lines) in functions(file) {
                if lines > FUNCTION_LINES_MAX {
                    note("function", &format!("::{name}"), at, lines);
                }
            }
        }
    }
    measured
}

/// Compares what is too long with the list of exceptions: each entry says exactly what is there, so
/// the list shrinks with the code, and growth shows as a change of the list.
pub fn lengths(tree: &Tree) -> Vec<Finding> {
    let listed = tree.file(EXCEPTIONS).map(|file| file.text.as_str()).unwrap_or_default();
    let mut allowed = BTreeMap::new();
    let mut findings = Vec::new();
    for (index, line) in listed.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.rsplit_once(' ').and_then(|(place, max)| Some((place, max.parse().ok()?))) {
            Some((place, max)) => {
                let _: Option<(usize, usize)> = allowed.insert(place.to_owned(), (index + 1, max));
            }
            None => {
                let what = format!("`{line}` is no entry");
                findings.push(Finding::new(EXCEPTIONS, index + 1, what, "kind, place, length"));
            }
        }
    }
    let measured = measured_lengths(tree);
    for (place, (path, line, length)) in &measured {
        let max = allowed.get(place).map_or(0, |&(_, max)| max);
        if *length > max {
            let what = format!("`{place} {length}` is too long");
            findings.push(Finding::new(path, *line, what, WHY_SHORT));
        }
    }
    for (place, (line, max)) in allowed {
        let length = measured.get(&place).map_or(0, |&(_, _, length)| length);
        if length < max {
            let what = format!("`{place} {max}` is now {length}");
            findings.push(Finding::new(EXCEPTIONS, line, what, "an exception may only shrink"));
        }
    }
    findings
}

const WHY_SHORT: &str =
    "files have 600 lines at most, components 200, functions 70, and lines 100 characters";

/// The functions of a file: name, first line, and how many lines from there to the closing brace.
fn functions(file: &File) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    // Functions that are open: name, first line, depth of braces outside, whether the body began.
    let mut open: Vec<(String, usize, usize, bool)> = Vec::new();
    let mut depth = 0;
    for (index, line) in code_lines(&file.text).iter().enumerate() {
        if let Some(name) = function_name(&line.code) {
            open.push((name.to_owned(), index + 1, depth, false));
        }
        for c in line.code.chars() {
            match c {
                '{' => {
                    depth += 1;
                    if let Some(last) = open.last_mut() {
                        last.3 = true;
                    }
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    let ends = |(_, _, outside, began): &(String, usize, usize, bool)| {
                        *began && *outside == depth
                    };
                    if let Some((name, at, _, _)) = open.pop_if(|last| ends(last)) {
                        found.push((name, at, index + 2 - at));
                    }
                }
                // The signature of a trait without a body.
                ';' => {
                    open.pop_if(|(_, _, outside, began)| !*began && *outside == depth);
                }
                _ => (),
            }
        }
    }
    found
}

fn function_name(code: &str) -> Option<&str> {
    let code = code.trim_start();
    let before = [
        "",
        "pub ",
        "pub(crate) ",
        "pub(super) ",
        "const ",
        "pub const ",
        "async ",
        "pub async ",
        "pub(crate) const ",
        "pub(crate) async ",
        "unsafe ",
    ];
    let after = before.iter().find_map(|before| code.strip_prefix(before)?.strip_prefix("fn "))?;
    after.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}
