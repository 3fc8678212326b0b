//! Prepares what Tauri compiles into the window.

use std::fs;
use std::path::Path;

/// Shown when the window was built before its pages were.
const PAGES_MISSING: &str =
    "<!doctype html><meta charset=utf-8><title>Văn Thư</title><p>Build ui/dist first: ./dev run";

fn main() {
    // Checks and lints need no pages, but Tauri wants the folder to be there.
    let pages = Path::new("../ui/dist");
    if !pages.join("index.html").exists() {
        fs::create_dir_all(pages).expect("ui/ stands beside src-tauri/ and can be written");
        fs::write(pages.join("index.html"), PAGES_MISSING).expect("ui/dist was just made");
    }
    tauri_build::build();
}
