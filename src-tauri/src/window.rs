//! Builds the window and lets it run.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use desk::programs::Programs;
use tauri::{App, AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

use crate::arguments::Arguments;
use crate::door::{self, Door};
use crate::only_one::{self, Held};
use crate::pages;
use crate::painted::Stopwatch;

const LABEL: &str = "main";
const TITLE: &str = "Văn Thư";

/// The commonest office screen, less its bars; the smallest window that every screen must work in.
const FIRST_SIZE: (f64, f64) = (1366.0, 768.0);
const SMALLEST_SIZE: (f64, f64) = (1024.0, 640.0);

/// A page with nothing on it, to measure what any window costs.
#[cfg(feature = "demo")]
const BLANK_PAGE: &str = "blank.html";

/// Where the window was, kept in the profile so that each profile has its own place.
const PLACE_FILE: &str = "window-state.json";

/// Opens the window on a profile and returns when it is closed.
pub(crate) fn open(arguments: &Arguments, profile: PathBuf, held: Held) -> anyhow::Result<()> {
    let start = start(arguments, &profile);
    let page = page(arguments);
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(place_kept_in(&profile))
        .manage(Stopwatch::of_this_start())
        .manage(Programs::of(&profile))
        .register_asynchronous_uri_scheme_protocol(pages::SCHEME, pages::serve)
        .invoke_handler(tauri::generate_handler![door::ask])
        .setup(move |app| {
            app.manage(Door::open(app.handle(), start));
            show(app, page)?;
            let app = app.handle().clone();
            only_one::hear(held, move || come_forward(&app));
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("running the window")
}

#[cfg(feature = "demo")]
fn page(arguments: &Arguments) -> WebviewUrl {
    if arguments.blank { WebviewUrl::App(BLANK_PAGE.into()) } else { WebviewUrl::default() }
}

#[cfg(not(feature = "demo"))]
fn page(_arguments: &Arguments) -> WebviewUrl {
    WebviewUrl::default()
}

#[cfg(feature = "demo")]
fn start(arguments: &Arguments, profile: &Path) -> desk::Start {
    desk::Start { profile: profile.to_owned(), keeps_up: true, seat: arguments.seat.clone() }
}

#[cfg(not(feature = "demo"))]
fn start(_arguments: &Arguments, profile: &Path) -> desk::Start {
    desk::Start { profile: profile.to_owned(), keeps_up: true }
}

fn place_kept_in(profile: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        // The plugin joins this to its own folder, which an absolute path replaces.
        .with_filename(profile.join(PLACE_FILE).to_string_lossy())
        .build()
}

fn show(app: &App, page: WebviewUrl) -> tauri::Result<WebviewWindow> {
    WebviewWindowBuilder::new(app, LABEL, page)
        .title(TITLE)
        .inner_size(FIRST_SIZE.0, FIRST_SIZE.1)
        .min_inner_size(SMALLEST_SIZE.0, SMALLEST_SIZE.1)
        .center()
        .on_navigation(is_our_page)
        .build()
}

/// The page never leaves itself: a link in a document must not turn the window into a browser.
fn is_our_page(url: &Url) -> bool {
    let ours = if cfg!(windows) {
        url.host_str() == Some("tauri.localhost")
    } else {
        url.scheme() == "tauri"
    };
    ours || url.as_str() == "about:blank"
}

fn come_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let came = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(fault) = came {
        tracing::warn!(%fault, "the window did not come forward");
    }
}
