//! The file's form is the one that was agreed, and no list or search walks a whole table.
use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::office::Office;

fn opened(office: &Office) -> Connection {
    let conn = Connection::open(office.store.path()).unwrap();
    conn.pragma_update(None, "key", format!("x'{}'", "07".repeat(32))).unwrap();
    conn
}

#[test]
fn the_form_of_the_file_is_the_one_that_was_agreed() {
    let office = Office::unfounded();
    let conn = opened(&office);
    let mut sql = conn
        .prepare(
            "
            SELECT sql
            FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'words\\_%' ESCAPE '\\'
            ORDER BY type DESC, name",
        )
        .unwrap();
    let made: Vec<String> =
        sql.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let made = format!("{};\n", made.join(";\n\n"));
    let agreed = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.sql");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&agreed, &made).unwrap();
    }
    assert_eq!(made, fs::read_to_string(&agreed).unwrap().replace("\r\n", "\n"));
}

/// The statements of the readers as they stand in the source.
fn selects() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for name in [
        "window.rs",
        "search.rs",
        "tasks.rs",
        "view.rs",
        "log.rs",
        "local.rs",
        "perform.rs",
        "matching.rs",
    ] {
        let text = fs::read_to_string(source.join(name)).unwrap();
        for part in text.split('"').filter(|part| part.trim_start().starts_with("SELECT")) {
            found.push(part.trim().to_string());
        }
    }
    found
}

#[test]
fn no_list_and_no_search_walks_a_whole_table() {
    let office = Office::open();
    let conn = opened(&office);
    let selects = selects();
    assert!(selects.len() > 30, "{}", selects.len());
    for select in selects {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {select}")).unwrap();
        let count = plan.parameter_count();
        let nothing = vec![rusqlite::types::Null; count];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for step in &steps {
            let virtual_table = step.contains("VIRTUAL TABLE INDEX");
            // Walked from one end and stopped by its LIMIT; the tray is of this PC and small.
            let by_order = step.contains("issuer_by_use")
                || select.contains("ORDER BY seq DESC")
                || select.contains("FROM tray");
            let walks = step.starts_with("SCAN") && !virtual_table && !by_order;
            let sorts = step.contains("TEMP B-TREE")
                && !select.contains("FROM tray")
                && !select.contains("FROM form_draft");
            assert!(!walks && !sorts, "{select}\n{step}");
        }
    }
}
