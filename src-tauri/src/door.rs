//! The one door between the page and the desk: `ask` passes through here, off the window's thread.

use std::sync::Arc;
use std::time::Instant;

use contract::Failure;
use desk::Desk;
use desk::programs::Programs;
use tauri::ipc::Response;
use tauri::{AppHandle, Emitter as _, Manager as _, State, async_runtime};

use crate::dialogs;
use crate::only_one::AGAIN_VARIABLE;
use crate::painted::Stopwatch;

/// The name of the event that carries the topics touched by work in the background.
const TELL: &str = "tell";

/// What stands behind the door: an open desk, or the reason why there is none.
pub(crate) enum Door {
    Open(Arc<Desk>),
    /// The page is shown all the same, and every question gets this answer.
    Shut(Failure),
}

impl Door {
    /// Opens the desk and lets it tell the page what changes in the background.
    pub(crate) fn open(app: &AppHandle, start: desk::Start) -> Door {
        let desk = match Desk::open(start) {
            Ok(desk) => Arc::new(desk),
            Err(fault) => {
                tracing::error!(?fault, "the desk did not open");
                return Door::Shut(fault.failure());
            }
        };
        let page = app.clone();
        desk.on_tell(Box::new(move |topics| {
            if let Err(fault) = page.emit(TELL, topics) {
                tracing::warn!(%fault, "the page was not told");
            }
        }));
        Door::Open(desk)
    }

    /// Returns the desk, or why there is none.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, Failure> {
        match self {
            Door::Open(desk) => Ok(Arc::clone(desk)),
            Door::Shut(failure) => Err(failure.clone()),
        }
    }
}

/// Answers one question of the page. `args` is JSON, and so is the answer.
#[tauri::command]
pub(crate) async fn ask(
    app: AppHandle,
    door: State<'_, Door>,
    name: String,
    args: String,
) -> Result<Response, Failure> {
    match name.as_str() {
        "window.painted" => {
            app.state::<Stopwatch>().stop();
            if door.desk().is_ok() {
                // Noted on the disk, and nothing on screen waits for it.
                async_runtime::spawn_blocking(move || app.state::<Programs>().drawn());
            }
            Ok(Response::new("null".to_owned()))
        }
        "window.choose_files" => Ok(Response::new(dialogs::choose_files(&app).await)),
        "window.choose_folder" => Ok(Response::new(dialogs::choose_folder(&app).await)),
        "window.restart" => Ok(Response::new(starts_again(&app).to_string())),
        "window.show_folder" => Ok(Response::new(dialogs::show_folder(&args))),
        _ => {
            let desk = door.desk()?;
            let asked = name.clone();
            let since = Instant::now();
            // The desk waits for the disk, so it works on a thread that may wait.
            let answer = async_runtime::spawn_blocking(move || {
                contract::answer(desk.as_ref(), &name, &args)
            })
            .await
            .unwrap_or_else(|fault| {
                tracing::error!(%fault, asked, "a question ended in a panic");
                Err(broken())
            });
            tracing::debug!(asked, took = ?since.elapsed(), "answered");
            answer.map(Response::new)
        }
    }
}

/// Starts the program again as it was started, with the newest version that is here; says whether
/// that works.
fn starts_again(app: &AppHandle) -> bool {
    let Some(mut program) = desk::programs::installed() else { return false };
    program.args(std::env::args_os().skip(1)).env(AGAIN_VARIABLE, "1");
    match program.spawn() {
        Ok(_) => app.exit(0),
        Err(fault) => {
            tracing::error!(%fault, "the program was not started again");
            return false;
        }
    }
    true
}

/// What is said when a question ended in a panic; an act is whole or not there at all.
fn broken() -> Failure {
    Failure {
        code: "broken".to_owned(),
        what: "Việc này chưa làm được vì chương trình có chỗ hỏng.".to_owned(),
        safe: "Sổ và chữ đang gõ vẫn nguyên trên máy này.".to_owned(),
        todo: "Làm lại. Nếu vẫn vậy, gửi thư mục logs cho quản trị.".to_owned(),
        field: None,
    }
}
