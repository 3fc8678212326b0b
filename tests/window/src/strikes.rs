//! Real keys through the display server, and the system's own file dialog.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// What GTK calls its file dialogs, when nobody gives them a name: “Open File”, “Open Files”.
const DIALOG_NAME: &str = "Open";

/// Seconds in which the dialog turns from its list to its line of text; it does not say when.
const DIALOG_TURN: &str = "0.4";

/// How long a key stays down, in milliseconds.
const KEY_DOWN_MS: &str = "15";

/// A letter that is on no key is lent one until it is up again: long enough for a window that is
/// busy to look what the key means.
const BORROWED_KEY_DOWN_MS: &str = "400";

/// Types the path of a file into the dialog of GTK, which opens a line for it at the first slash.
pub(crate) fn choose_in_dialog(file: &Path) -> anyhow::Result<()> {
    let path = file.to_string_lossy();
    let rest = path.strip_prefix('/').context("a canonical path begins with a slash")?;
    xdotool(&[
        "search",
        "--sync",
        "--onlyvisible",
        "--name",
        DIALOG_NAME,
        "windowfocus",
        "--sync",
    ])?;
    xdotool(&["key", "slash", "sleep", DIALOG_TURN])?;
    xdotool(&["type", "--delay", "12", rest])?;
    xdotool(&["sleep", DIALOG_TURN, "key", "Return"])
}

/// Strikes keys one after another.
pub(crate) fn strikes(keys: &[&str]) -> anyhow::Result<()> {
    let chain = keys.iter().flat_map(|key| {
        let is_on_a_key = key.len() == 1 || *key == "BackSpace";
        let delay = if is_on_a_key { KEY_DOWN_MS } else { BORROWED_KEY_DOWN_MS };
        ["key", "--clearmodifiers", "--delay", delay, *key]
    });
    xdotool(&chain.collect::<Vec<_>>())
}

/// Runs xdotool, which speaks to the display server.
pub(crate) fn xdotool(arguments: &[&str]) -> anyhow::Result<()> {
    let done = Command::new("xdotool")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("running xdotool")?;
    let said = String::from_utf8_lossy(&done.stderr);
    anyhow::ensure!(done.status.success(), "xdotool {arguments:?}: {said}");
    Ok(())
}
