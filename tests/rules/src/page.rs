//! The fences of the page: one door to Rust, a kit without business, features that stand alone.

use crate::{
    finding::Finding,
    tree::{File, Tree},
    words::{identifiers, vietnamese_word, words_of},
};

const FEATURES: &str = "ui/src/features/";
const KIT: &str = "ui/src/kit/";

/// Words of the business; `document` and `register` are left out, browsers use them too.
const BUSINESS: [&str; 21] = [
    "incoming",
    "outgoing",
    "directive",
    "directives",
    "assignment",
    "officer",
    "officers",
    "clerk",
    "leader",
    "agency",
    "agencies",
    "issuer",
    "signer",
    "addressee",
    "delegation",
    "parcel",
    "parcels",
    "dossier",
    "deadline",
    "commune",
    "secrecy",
];

/// Finds imports of Tauri outside the one file that may.
pub fn tauri_in_the_page(tree: &Tree) -> Vec<Finding> {
    let why = "only ui/src/host/tauri.ts knows Tauri";
    let mut findings = Vec::new();
    for file in tree.page().filter(|file| file.path != "ui/src/host/tauri.ts") {
        let tauri = file.lines().filter(|(_, line)| line.contains("@tauri-apps"));
        findings.extend(tauri.map(|(at, line)| Finding::new(&file.path, at, line.trim(), why)));
    }
    findings
}

/// Finds business words in the kit.
pub fn business_words_in_the_kit(tree: &Tree) -> Vec<Finding> {
    let why = "the kit knows no word of the business";
    let mut findings = Vec::new();
    for file in tree.page().filter(|file| file.is_in(KIT)) {
        for (at, line) in file.lines() {
            let words = identifiers(line).flat_map(words_of);
            let found = words.into_iter().find(|word| BUSINESS.contains(&word.as_str()));
            findings
                .extend(found.map(|word| Finding::new(&file.path, at, format!("`{word}`"), why)));
        }
    }
    findings
}

/// Finds features that import other features, and kit files that import what is above them.
pub fn features_that_import_features(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.page() {
        for (at, specifier) in imports(file) {
            let target = resolved(&file.path, specifier);
            let feature = file.path.strip_prefix(FEATURES).and_then(|path| path.split('/').next());
            let other = target.strip_prefix(FEATURES).and_then(|path| path.split('/').next());
            if feature.is_some() && other.is_some() && feature != other {
                let what = format!("imports `{specifier}`");
                findings.push(Finding::new(&file.path, at, what, "only app/ joins features"));
            }
            let above = ["ui/src/features/", "ui/src/app/", "ui/src/host/"];
            if file.is_in(KIT) && above.iter().any(|above| target.starts_with(above)) {
                let what = format!("imports `{specifier}`");
                findings.push(Finding::new(&file.path, at, what, "the kit knows only itself"));
            }
        }
    }
    findings
}

/// Finds Vietnamese text in the frame, the features and the kit; tests may type it.
pub fn vietnamese_outside_text(tree: &Tree) -> Vec<Finding> {
    let folders = [FEATURES, KIT, "ui/src/app/"];
    let is_bound =
        |file: &&File| folders.iter().any(|folder| file.is_in(folder)) && !file.ends(".test.ts");
    let why = "words come from ui/src/text";
    let mut findings = Vec::new();
    for file in tree.page().filter(is_bound) {
        for (at, line) in file.lines() {
            if let Some(word) = vietnamese_word(without_comment(line)) {
                findings.push(Finding::new(&file.path, at, format!("`{word}`"), why));
            }
        }
    }
    findings
}

// What a comment quotes is not shown to anybody.
fn without_comment(line: &str) -> &str {
    let start = line.trim_start();
    if ["<!--", "//", "/*", "* "].iter().any(|mark| start.starts_with(mark)) {
        return "";
    }
    line.split_once("// ").map_or(line, |(code, _)| code)
}

fn imports(file: &File) -> impl Iterator<Item = (usize, &str)> {
    file.lines().filter_map(|(at, line)| {
        let after = line
            .split_once(" from ")
            .or_else(|| line.split_once("import("))
            .or_else(|| line.trim_start().split_once("import "))?
            .1;
        let quote = after.chars().next().filter(|&quote| quote == '"' || quote == '\'')?;
        Some((at, after.split(quote).nth(1)?))
    })
}

// A path from the root for a relative import; the import as it stands for any other.
fn resolved(from: &str, specifier: &str) -> String {
    if !specifier.starts_with('.') {
        return specifier.replace("$lib/", "ui/src/").replace("$features/", FEATURES);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => (),
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
