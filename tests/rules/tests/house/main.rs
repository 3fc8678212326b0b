//! The project keeps its own rules.

mod samples;

use rules::{Finding, Tree};

fn tree() -> Tree {
    Tree::of_this_project().expect("git lists the files of the project")
}

fn expect_none(findings: &[Finding]) {
    let listed: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    assert!(findings.is_empty(), "{} findings\n{listed}", findings.len());
}

#[test]
fn rooms_know_each_other_only_as_the_table_of_the_design_says() {
    expect_none(&rules::who_knows_whom(&tree()).expect("cargo describes the workspace"));
}

#[test]
fn only_the_window_knows_tauri() {
    expect_none(&rules::tauri_outside_the_window(&tree()));
    expect_none(&rules::tauri_in_the_page(&tree()));
}

#[test]
fn the_core_never_looks_at_the_world() {
    expect_none(&rules::forbidden_in_the_core(&tree()));
}

#[test]
fn the_kit_has_no_business_and_features_stand_alone() {
    expect_none(&rules::business_words_in_the_kit(&tree()));
    expect_none(&rules::features_that_import_features(&tree()));
}

#[test]
fn words_of_the_screen_stand_in_the_text_folder_of_the_page() {
    expect_none(&rules::vietnamese_outside_text(&tree()));
}

#[test]
fn every_rust_file_opens_with_a_sentence() {
    expect_none(&rules::first_lines(&tree()));
}

#[test]
fn names_say_what_things_are() {
    expect_none(&rules::banned_names(&tree()));
}

#[test]
fn nothing_is_imported_by_glob_and_no_module_is_called_mod() {
    expect_none(&rules::globs_and_mod_files(&tree()));
}

#[test]
fn files_functions_and_lines_keep_their_limits_or_their_listed_exception() {
    expect_none(&rules::lengths(&tree()));
}

#[test]
fn nobody_left_a_note_to_oneself() {
    expect_none(&rules::notes_to_self(&tree()));
}

#[test]
fn tests_run_do_not_expect_panics_and_do_not_sleep() {
    expect_none(&rules::test_habits(&tree()));
}

#[test]
fn every_outside_crate_has_its_reason() {
    expect_none(&rules::dependencies_without_a_reason(&tree()));
}

#[test]
fn migrations_are_written_once() {
    expect_none(&rules::changed_migrations(&tree()));
}

#[test]
fn nothing_secret_and_nothing_of_one_machine_is_kept() {
    expect_none(&rules::secrets(&tree()));
    expect_none(&rules::machine_paths(&tree()));
    expect_none(&rules::registry_hosts(&tree()));
}
