//! The description of the calls says what the server does: its routes, its messages, its fields.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

fn described() -> Value {
    serde_json::from_str(include_str!("../../src/http/openapi.json")).unwrap()
}

fn source(folder: &str, file: &str) -> String {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut text = fs::read_to_string(base.join(format!("{file}.rs"))).unwrap();
    let mut parts: Vec<_> = fs::read_dir(base.join(file)).unwrap().collect();
    parts.sort_by_key(|part| part.as_ref().unwrap().path());
    for part in parts.into_iter().map(|part| part.unwrap().path()) {
        if part.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(part).unwrap());
        }
    }
    text
}

#[test]
fn every_route_is_described_and_every_description_is_a_route() {
    let text = source("src", "http");
    let mut routes = BTreeSet::new();
    for line in text.split(".route(\"").skip(1) {
        let (path, rest) = line.split_once('"').unwrap();
        let rest = rest.split_once('\n').unwrap().0;
        for method in ["get", "post", "put"] {
            if rest.contains(&format!("{method}(")) {
                routes.insert(format!("{method} {path}"));
            }
        }
    }
    let mut told = BTreeSet::new();
    for (path, methods) in described()["paths"].as_object().unwrap() {
        told.extend(methods.as_object().unwrap().keys().map(|one| format!("{one} {path}")));
    }
    assert_eq!(routes, told);
}

/// The messages of the wire with their fields, as the source has them.
fn messages() -> BTreeMap<String, BTreeSet<String>> {
    let text = source("../sync/src", "wire");
    let mut messages = BTreeMap::new();
    let mut known = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        known = (known || line.contains("Serialize")) && !line.is_empty();
        let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {"))
        else {
            continue;
        };
        if !known {
            continue;
        }
        let (mut fields, mut flat) = (BTreeSet::new(), false);
        for line in lines.by_ref().take_while(|line| *line != "}") {
            flat = flat || line.contains("#[serde(flatten)]");
            if let Some((field, _)) =
                line.trim().strip_prefix("pub ").and_then(|one| one.split_once(": "))
            {
                if !flat {
                    fields.insert(field.to_owned());
                }
                flat = false;
            }
        }
        messages.insert(name.to_owned(), fields);
    }
    messages
}

#[test]
fn every_message_is_described_with_all_its_fields() {
    let told = described();
    let messages = messages();
    assert!(messages.len() > 20, "{messages:?}");
    for (name, fields) in messages {
        let schema = &told["components"]["schemas"][&name];
        let own = schema["allOf"].as_array().and_then(|all| all.last()).unwrap_or(schema);
        let known: BTreeSet<String> = own["properties"]
            .as_object()
            .unwrap_or_else(|| panic!("{name} is not described"))
            .keys()
            .cloned()
            .collect();
        assert_eq!(known, fields, "{name}");
    }
}
