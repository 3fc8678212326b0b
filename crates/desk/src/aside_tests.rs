//! A power cut at every step of setting a register aside and of putting it back.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Aside, JOINING_FILE, files_of_a_register, finish};
use crate::desk::BLOBS_FOLDER;

/// A profile with a register of which every file says the same word.
fn writes(profile: &Path, word: &str, but: &[&str]) {
    for name in files_of_a_register().iter().filter(|name| !but.contains(&name.as_str())) {
        let path = profile.join(name);
        if name == BLOBS_FOLDER {
            fs::create_dir_all(path.join("ab")).unwrap();
            fs::write(path.join("ab/file"), word).unwrap();
        } else {
            fs::write(path, word).unwrap();
        }
    }
}

/// All that stands in a profile.
fn picture(profile: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![profile.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(profile).unwrap().display().to_string();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// What the disk has when the power goes: the marker, and the first so many steps.
fn cut_off_after(steps: usize, profile: &Path) {
    fs::write(profile.join(JOINING_FILE), if steps == 0 { "" } else { "so-cu-1" }).unwrap();
    if steps >= 2 {
        fs::create_dir(profile.join("so-cu-1")).unwrap();
    }
    for name in files_of_a_register().iter().take(steps.saturating_sub(2)) {
        let from = profile.join(name);
        if from.exists() {
            fs::rename(from, profile.join("so-cu-1").join(name)).unwrap();
        }
    }
}

#[test]
fn wherever_the_power_goes_the_old_register_stands_whole_at_the_next_start() {
    // A register that was closed well has no log beside it.
    for but in [&[][..], &["register.db-wal", "register.db-shm", "device.secret"]] {
        for steps in 0..=files_of_a_register().len() + 2 {
            let folder = tempfile::tempdir().unwrap();
            writes(folder.path(), "old", but);
            let before = picture(folder.path());
            cut_off_after(steps, folder.path());
            finish(folder.path()).unwrap();
            assert_eq!(picture(folder.path()), before, "cut off after step {steps}");
        }
    }
}

#[test]
fn a_power_cut_while_it_comes_back_changes_nothing() {
    let names = files_of_a_register();
    for steps in 0..=names.len() {
        let folder = tempfile::tempdir().unwrap();
        let but = ["register.db-wal", "register.db-shm"];
        writes(folder.path(), "old", &but);
        let before = picture(folder.path());
        cut_off_after(names.len() + 2, folder.path());
        if steps == 0 {
            // The new register was there, with files that the old one lacks.
            writes(folder.path(), "new", &[]);
        }
        for name in names.iter().rev().take(steps) {
            let from = folder.path().join("so-cu-1").join(name);
            if from.exists() {
                fs::rename(from, folder.path().join(name)).unwrap();
            }
        }
        finish(folder.path()).unwrap();
        finish(folder.path()).unwrap();
        assert_eq!(picture(folder.path()), before, "cut off after step {steps}");
    }
}

#[test]
fn a_new_register_that_stands_stays_and_the_old_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    writes(folder.path(), "old", &[]);
    let aside = Aside::of(folder.path()).unwrap();
    assert_eq!(finish(folder.path()).unwrap_err().code, "joins_just_now");
    writes(folder.path(), "new", &[]);
    aside.stays().unwrap();
    let stands = picture(folder.path());
    finish(folder.path()).unwrap();
    assert_eq!(picture(folder.path()), stands);
    assert_eq!((&*stands["register.db"], &*stands["so-cu-1/register.db"]), ("new", "old"));
    let again = Aside::of(folder.path()).unwrap();
    assert!(again.folder().ends_with("so-cu-2"));
    again.comes_back();
    assert_eq!(picture(folder.path()), stands);
}

#[test]
fn a_marker_that_names_no_folder_of_ours_is_only_taken_away() {
    for said in ["../..", "so-cu-", "so-cu-1/..", "blobs", ""] {
        let folder = tempfile::tempdir().unwrap();
        writes(folder.path(), "old", &[]);
        let before = picture(folder.path());
        fs::write(folder.path().join(JOINING_FILE), said).unwrap();
        finish(folder.path()).unwrap();
        assert_eq!(picture(folder.path()), before, "{said}");
    }
}
