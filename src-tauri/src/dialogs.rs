//! The system's own dialogs: which files, which folder; and its window of a folder.

use std::path::Path;

use tauri::AppHandle;
use tauri::async_runtime::channel;
use tauri_plugin_dialog::{DialogExt as _, FilePath};

/// Lets the officer choose files; the answer is a JSON list of paths, or an empty one.
pub(crate) async fn choose_files(app: &AppHandle) -> String {
    let (chosen, mut answer) = channel(1);
    app.dialog().file().pick_files(move |paths| {
        // The page that asked may be gone by now; then nobody waits for the answer.
        let _ = chosen.try_send(paths.unwrap_or_default());
    });
    as_json(answer.recv().await.unwrap_or_default())
}

/// Lets the officer choose a folder; the answer is a JSON list of one path, or of none.
pub(crate) async fn choose_folder(app: &AppHandle) -> String {
    let (chosen, mut answer) = channel(1);
    app.dialog().file().pick_folder(move |path| {
        let _ = chosen.try_send(path.into_iter().collect());
    });
    as_json(answer.recv().await.unwrap_or_default())
}

/// Shows the folder of a file that was written, in the system's own window; the answer is whether
/// it could be. Only ever a folder is opened, so that nothing in it is run.
pub(crate) fn show_folder(args: &str) -> String {
    let folder = serde_json::from_str::<serde_json::Value>(args).ok().and_then(|asked| {
        let path = Path::new(asked.get("path")?.as_str()?);
        path.parent().filter(|folder| folder.is_dir()).map(Path::to_path_buf)
    });
    let shown = folder.map(open::that_detached);
    if let Some(Err(fault)) = &shown {
        tracing::warn!(%fault, "the folder was not shown");
    }
    matches!(shown, Some(Ok(()))).to_string()
}

fn as_json(paths: Vec<FilePath>) -> String {
    let paths: Vec<String> = paths
        .into_iter()
        .filter_map(|path| path.into_path().ok())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    serde_json::Value::from(paths).to_string()
}
