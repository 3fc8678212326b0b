//! Each check sees what it is there to see, and lets what is right pass.

use std::path::PathBuf;

use rules::{File, Finding, Tree};

fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |&(path, text): &(&str, &str)| File { path: path.into(), text: text.into() };
    Tree { root: PathBuf::new(), files: files.iter().map(file).collect() }
}

fn places(findings: Vec<Finding>) -> Vec<String> {
    findings.into_iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}

#[test]
fn tauri_is_seen_in_another_crate_and_in_the_page_but_not_in_a_comment() {
    let tree = tree(&[
        ("crates/desk/src/lib.rs", "//! A desk.\n// not tauri::App\nuse tauri::App;\n"),
        ("crates/desk/Cargo.toml", "[dependencies]\ntauri.workspace = true\n"),
        ("src-tauri/src/main.rs", "use tauri::App;\n"),
        ("ui/src/app/a.ts", "import { open } from \"@tauri-apps/api\";\n"),
        ("ui/src/host/tauri.ts", "import { open } from \"@tauri-apps/api\";\n"),
    ]);
    let found = places(rules::tauri_outside_the_window(&tree));
    assert_eq!(found, ["crates/desk/src/lib.rs:3", "crates/desk/Cargo.toml:2"]);
    assert_eq!(places(rules::tauri_in_the_page(&tree)), ["ui/src/app/a.ts:1"]);
}

#[test]
fn a_clock_sql_and_words_are_seen_in_the_core_but_not_in_its_tests() {
    let register = "//! Điều 15.\n#![no_std]\n// std is not here\nfn now() { SystemTime::now() }\n\
                    const Q: &str = \"SELECT id FROM a\";\nconst W: &str = \"số đến\";\n\
                    #[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
    let tree = tree(&[
        ("crates/register/src/lib.rs", register),
        ("crates/sync/src/lib.rs", "//! Sync.\nuse std::time::Duration;\n"),
        ("crates/store/src/lib.rs", "//! Store.\nuse std::fs;\n"),
    ]);
    let found = places(rules::forbidden_in_the_core(&tree));
    let expected = [
        "crates/sync/src/lib.rs:1",
        "crates/register/src/lib.rs:4",
        "crates/register/src/lib.rs:5",
        "crates/register/src/lib.rs:6",
        "crates/sync/src/lib.rs:2",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_feature_may_import_itself_and_the_kit_but_no_other_feature() {
    let tree = tree(&[
        (
            "ui/src/features/tasks/a.ts",
            "import { b } from \"./b\";\nimport K from \"../../kit/K\";\n",
        ),
        ("ui/src/features/tasks/c.ts", "import { d } from \"../incoming/d\";\n"),
        ("ui/src/kit/k.ts", "import { x } from \"../app/x\";\nconst incomingRow = 1;\n"),
        ("ui/src/app/x.ts", "import { d } from \"../features/incoming/d\";\n"),
    ]);
    let found = places(rules::features_that_import_features(&tree));
    assert_eq!(found, ["ui/src/features/tasks/c.ts:1", "ui/src/kit/k.ts:1"]);
    assert_eq!(places(rules::business_words_in_the_kit(&tree)), ["ui/src/kit/k.ts:2"]);
}

#[test]
fn vietnamese_words_are_seen_in_components_but_not_in_text_or_tests() {
    let tree = tree(&[
        ("ui/src/app/A.svelte", "<p>{words.title}</p>\n<p>Sổ</p>\n<!-- Sổ: a word quoted. -->\n"),
        ("ui/src/kit/fold.ts", "text.replace(/[đĐ]/g, \"đ\");\n"),
        ("ui/src/app/a.test.ts", "type(\"đất\");\n"),
        ("ui/src/text/vi.ts", "title: \"Sổ\"\n"),
    ]);
    assert_eq!(places(rules::vietnamese_outside_text(&tree)), ["ui/src/app/A.svelte:2"]);
}

#[test]
fn empty_names_are_seen_where_they_are_declared() {
    let tree = tree(&[
        (
            "crates/a/src/lib.rs",
            "//! A.\npub struct BookManager;\npub(crate) fn process_row() {}\n\
             const fn do_it() {}\nfn document() { tracing::info!(\"x\"); }\nenum DocumentInfo {}\n\
             struct Datum;\n",
        ),
        ("crates/a/src/utils.rs", "//! U.\n"),
        ("ui/src/app/a.ts", "export class TaskService {}\nconst row = loadData();\n"),
    ]);
    let expected = [
        "crates/a/src/lib.rs:2",
        "crates/a/src/lib.rs:3",
        "crates/a/src/lib.rs:4",
        "crates/a/src/lib.rs:6",
        "ui/src/app/a.ts:1",
        "crates/a/src/utils.rs:1",
    ];
    assert_eq!(places(rules::banned_names(&tree)), expected);
}

#[test]
fn a_file_without_a_sentence_a_glob_and_a_mod_file_are_seen() {
    let tree = tree(&[
        ("crates/a/src/lib.rs", "//! A.\nuse b::*;\nconst X: &str = \"a::*\"; // c::*\n"),
        ("crates/a/src/b/mod.rs", "use x::y;\n"),
    ]);
    assert_eq!(places(rules::first_lines(&tree)), ["crates/a/src/b/mod.rs:1"]);
    let found = places(rules::globs_and_mod_files(&tree));
    assert_eq!(found, ["crates/a/src/lib.rs:2", "crates/a/src/b/mod.rs:1"]);
}

#[test]
fn what_is_too_long_is_seen_and_an_exception_must_say_how_long_it_is() {
    let long_line = format!("// {}\n", "ấ".repeat(98));
    let body = "    a();\n".repeat(69);
    let text = format!("//! A.\n{long_line}fn long() {{\n{body}}}\ntrait T {{\n    fn s();\n}}\n");
    let of =
        |list: &str| tree(&[("crates/a/src/lib.rs", &text), ("tests/rules/exceptions.txt", list)]);
    let found = places(rules::lengths(&of("")));
    assert_eq!(found, ["crates/a/src/lib.rs:3", "crates/a/src/lib.rs:2"]);
    let exact = "function crates/a/src/lib.rs::long 71\nlong-lines crates/a/src/lib.rs 1\n";
    assert_eq!(places(rules::lengths(&of(exact))), Vec::<String>::new());
    let generous = exact.replace("71", "72") + "file crates/gone.rs 700\n";
    let found = places(rules::lengths(&of(&generous)));
    assert_eq!(found, ["tests/rules/exceptions.txt:3", "tests/rules/exceptions.txt:1"]);
}

#[test]
fn notes_sleeps_and_switched_off_tests_are_seen() {
    let note = concat!("// TO", "DO later\n");
    let source = "//! A.\nfn wait() { sleep(ONE); }\n#[cfg(test)]\nmod tests {\n    #[ignore]\n    \
                  fn t() { sleep(ONE); }\n}\n";
    let tree = tree(&[("crates/a/src/lib.rs", source), ("crates/a/src/b.rs", note)]);
    assert_eq!(places(rules::notes_to_self(&tree)), ["crates/a/src/b.rs:1"]);
    let found = places(rules::test_habits(&tree));
    assert_eq!(found, ["crates/a/src/lib.rs:5", "crates/a/src/lib.rs:6"]);
}

#[test]
fn an_outside_crate_stands_once_with_its_reason() {
    let root = "[workspace.dependencies]\n# ours\ntext = { path = \"crates/text\" }\n\
                serde = \"1\" # values\nrand = \"0.9\"\n";
    let tree = tree(&[
        ("Cargo.toml", root),
        (
            "crates/a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\n\
                                 x = \"1\"\n",
        ),
    ]);
    let found = places(rules::dependencies_without_a_reason(&tree));
    assert_eq!(found, ["Cargo.toml:5", "crates/a/Cargo.toml:5"]);
}

#[test]
fn a_migration_that_was_changed_or_taken_away_is_seen() {
    let sql = "crates/store/src/migrations/0001_first.sql";
    let lock = format!("{}  {sql}\n{}  crates/store/src/migrations/0002_gone.sql\n", "0", "1");
    let unlocked = tree(&[(sql, "-- First.\n")]);
    assert_eq!(places(rules::changed_migrations(&unlocked)), [format!("{sql}:1")]);
    let changed = tree(&[(sql, "-- First.\n"), ("tests/rules/migrations.lock", &lock)]);
    let expected = [format!("{sql}:1"), "tests/rules/migrations.lock:2".to_owned()];
    assert_eq!(places(rules::changed_migrations(&changed)), expected);
}

#[test]
fn keys_tokens_and_places_of_one_machine_are_seen() {
    let key = concat!("-----BEGIN RSA PRI", "VATE KEY-----\n");
    let token = format!("let t = \"{}{}\";\n", "ghp_", "a1".repeat(18));
    let random = format!("password = \"{}\"\n", "aB3x".repeat(6));
    let path = format!("cd {}\n", concat!("/ro", "ot/vanthu"));
    let tree = tree(&[
        ("a.pem", key),
        ("b.rs", &token),
        ("c.toml", &random),
        ("d.sh", &path),
        ("e.rs", "let password = ask_for_password(\"Mật khẩu của anh chị\");\n"),
        ("f.md", "https://example.vn/work/1\n"),
        ("ui/package-lock.json", "\"resolved\": \"http://10.0.0.1/npm/a.tgz\"\n"),
        ("g.p12", ""),
    ]);
    assert_eq!(places(rules::secrets(&tree)), ["a.pem:1", "b.rs:1", "c.toml:1", "g.p12:1"]);
    assert_eq!(places(rules::machine_paths(&tree)), ["d.sh:1"]);
    assert_eq!(places(rules::registry_hosts(&tree)), ["ui/package-lock.json:1"]);
}
