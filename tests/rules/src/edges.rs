//! Who may know whom: the table of the design, compared with what cargo says.

use std::{collections::BTreeMap, io, process::Command};

use serde_json::Value;

use crate::{finding::Finding, tree::Tree};

const WHY: &str = "the rooms know each other only as the design's table says";

/// One room a row: who it may know. Any room may know `text` and `assets` besides.
const MAY_KNOW: [(&str, &[&str]); 14] = [
    ("src-tauri", &["desk", "contract"]),
    ("crates/cli", &["desk", "contract"]),
    (
        "crates/desk",
        &[
            "contract", "reports", "intake", "edxml", "signing", "store", "sync", "register",
            "mangled",
        ],
    ),
    ("crates/server", &["edxml", "sync", "register", "mangled", "postgres-cluster", "s3-server"]),
    ("crates/store", &["sync", "register"]),
    ("crates/reports", &["register"]),
    ("crates/sync", &["register", "mangled"]),
    ("crates/register", &[]),
    ("crates/intake", &[]),
    ("crates/signing", &[]),
    ("crates/edxml", &[]),
    ("crates/contract", &[]),
    ("crates/text", &[]),
    ("assets", &[]),
];

const LEAVES: [&str; 2] = ["text", "assets"];

/// Compares the edges between our packages with the table. Packages under `tests/` may know all.
pub fn who_knows_whom(tree: &Tree) -> io::Result<Vec<Finding>> {
    let described = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(&tree.root)
        .output()?;
    if !described.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&described.stderr)));
    }
    let described: Value = serde_json::from_slice(&described.stdout)?;
    Ok(wrong_edges(&described, &tree.root.to_string_lossy()))
}

/// Compares what `cargo metadata` says of a workspace at `root` with the table.
pub(crate) fn wrong_edges(described: &Value, root: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in described["packages"].as_array().into_iter().flatten() {
        let manifest = package["manifest_path"].as_str().unwrap_or_default().replace('\\', "/");
        let manifest = manifest.strip_prefix(root).unwrap_or(&manifest).trim_start_matches('/');
        let room = manifest.trim_end_matches("/Cargo.toml");
        if room.starts_with("tests/") {
            continue;
        }
        let table: BTreeMap<&str, &[&str]> = MAY_KNOW.into_iter().collect();
        let Some(allowed) = table.get(room) else {
            findings.push(Finding::new(manifest, 1, format!("`{room}` is not in the table"), WHY));
            continue;
        };
        for known in ours_among(&package["dependencies"]) {
            let is_leaf = LEAVES.contains(&known) && !room.ends_with("text") && room != "assets";
            if !is_leaf && !allowed.contains(&known) {
                let what = format!("`{room}` knows `{known}`");
                findings.push(Finding::new(manifest, 1, what, WHY));
            }
        }
    }
    findings
}

// Only a package of ours is known by its path.
fn ours_among(dependencies: &Value) -> impl Iterator<Item = &str> {
    dependencies
        .as_array()
        .into_iter()
        .flatten()
        .filter(|dependency| dependency["path"].is_string())
        .filter_map(|dependency| dependency["name"].as_str())
}
