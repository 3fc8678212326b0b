//! One walk: a person at the keyboard of a window or a browser, who presses keys and sees.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

use crate::keys;
use crate::page;
use crate::programs::{self, Running, Seat};
use crate::strikes;
use crate::town::Town;

/// Longer than anything on screen may take on a busy machine; the goals are measured elsewhere.
const SEE_WAIT: Duration = Duration::from_secs(20);

/// More presses of Tab than any screen has places to stop.
const TABS_MAX: usize = 80;

/// Where the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The real window.
    Window,
    /// Chromium, over the loopback host.
    Browser,
}

/// How large the window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// 1366 × 768, the commonest office screen.
    Office,
    /// 1920 × 1080.
    Large,
}

impl Look {
    /// Returns width and height in pixels.
    pub fn size(self) -> (u32, u32) {
        match self {
            Look::Office => (1366, 768),
            Look::Large => (1920, 1080),
        }
    }
}

/// A person at the keyboard.
pub struct Walk {
    driver: WebDriver,
    /// Where this walk takes place.
    pub place: Place,
    profile: TempDir,
    // The driver goes before the host that serves its page, and that before its server.
    _driver: Running,
    _host: Option<Running>,
    _town: Option<Town>,
}

/// Walks a journey on the demo commune; `None` at the desk means an empty profile.
pub fn walk(
    place: Place,
    seat: Option<Seat>,
    look: Look,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    on(place, seat, look, None, journey)
}

/// Walks a journey on the demo commune after it has come to a server.
pub fn walk_in_town(
    place: Place,
    seat: Seat,
    look: Look,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    on(place, Some(seat), look, Some(Town::open()?), journey)
}

fn on(
    place: Place,
    seat: Option<Seat>,
    look: Look,
    town: Option<Town>,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let walk = Walk::start(place, seat, look, town).await?;
        let walked = journey(&walk).await;
        let walked = match walked {
            Ok(()) => Ok(()),
            Err(fault) => Err(fault.context(walk.what_stood_there().await)),
        };
        walk.ends().await;
        walked
    })
}

/// Runs what no web driver watches.
pub fn alone(journey: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    runtime()?.block_on(journey)
}

/// What walks run on.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    // Built beside the desk, the driver's client has no provider of TLS until one is chosen; an
    // earlier walk may have chosen it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

impl Walk {
    async fn start(
        place: Place,
        seat: Option<Seat>,
        look: Look,
        town: Option<Town>,
    ) -> anyhow::Result<Walk> {
        let profile = match seat {
            Some(_) => programs::demo_profile()?,
            None => programs::empty_profile()?,
        };
        if let Some(town) = &town {
            town.takes_in(profile.path())?;
        }
        let mut walk = Walk::open(place, profile, seat, look).await?;
        walk._town = town;
        Ok(walk)
    }

    /// Opens a window on a profile.
    pub(crate) async fn open(
        place: Place,
        profile: TempDir,
        seat: Option<Seat>,
        look: Look,
    ) -> anyhow::Result<Walk> {
        let walk = match place {
            Place::Window => Walk::in_the_window(profile, seat, look).await?,
            Place::Browser => Walk::in_a_browser(profile, seat, look).await?,
        };
        walk.driver.set_script_timeout(SEE_WAIT * 2).await?;
        Ok(walk)
    }

    /// Closes the window; one that has already gone needs no goodbye.
    pub(crate) async fn ends(&self) {
        let _ = self.driver.clone().quit().await;
    }

    /// The power is cut: no program of this PC gets to say a last word. Its disk is what is left.
    pub(crate) async fn dies(self) -> TempDir {
        let Walk { driver, place: _, profile, _driver: programs, _host: host, _town: town } = self;
        drop((programs, host));
        // The client forgets its session; nobody is there to answer it.
        let _ = driver.quit().await;
        drop(town);
        profile
    }

    async fn in_the_window(
        profile: TempDir,
        seat: Option<Seat>,
        look: Look,
    ) -> anyhow::Result<Walk> {
        place_window(profile.path(), look)?;
        let (driver_program, address) = programs::window_driver().await?;
        let mut arguments =
            vec!["--profile".to_owned(), profile.path().to_string_lossy().into_owned()];
        arguments.extend(programs::seat_arguments(seat));
        let mut wanted = Capabilities::new();
        wanted.set(
            "webkitgtk:browserOptions",
            json!({ "binary": programs::built("vanthu-desktop")?, "args": arguments }),
        )?;
        let driver = WebDriver::new(address, wanted).await.context("opening the window")?;
        Ok(Walk {
            driver,
            place: Place::Window,
            profile,
            _driver: driver_program,
            _host: None,
            _town: None,
        })
    }

    async fn in_a_browser(
        profile: TempDir,
        seat: Option<Seat>,
        look: Look,
    ) -> anyhow::Result<Walk> {
        let (host, way_in) = programs::page_host(profile.path(), seat)?;
        let (driver_program, address) = programs::browser_driver().await?;
        let mut wanted = Capabilities::new();
        wanted.set("browserName", "chrome")?;
        wanted.set(
            "goog:chromeOptions",
            json!({ "binary": "/usr/bin/chromium", "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--hide-scrollbars", "--lang=vi",
            ] }),
        )?;
        let driver = WebDriver::new(address, wanted).await.context("starting the browser")?;
        let walk = Walk {
            driver,
            place: Place::Browser,
            profile,
            _driver: driver_program,
            _host: Some(host),
            _town: None,
        };
        let (width, height) = look.size();
        walk.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        )
        .await?;
        walk.driver.goto(way_in).await.context("entering the page")?;
        Ok(walk)
    }

    /// Returns the folder of the profile.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// The server of this walk.
    pub(crate) fn town(&self) -> anyhow::Result<&Town> {
        self._town.as_ref().context("this walk has a server")
    }

    /// Presses keys together, such as `Ctrl+K`, `g`, `Shift+Tab`.
    pub async fn press(&self, chord: &str) -> anyhow::Result<()> {
        let keys = keys::chord(chord)?;
        let down = keys.iter().fold(self.driver.action_chain(), |chain, key| chain.key_down(*key));
        let up = keys.iter().rev().fold(down, |chain, key| chain.key_up(*key));
        up.perform().await.with_context(|| format!("pressing {chord}"))
    }

    /// Presses one chord after the other.
    pub async fn press_all(&self, chords: &[&str]) -> anyhow::Result<()> {
        for chord in chords {
            self.press(chord).await?;
        }
        Ok(())
    }

    /// Types text, letter by letter, where the focus is.
    pub async fn types(&self, text: &str) -> anyhow::Result<()> {
        self.driver
            .action_chain()
            .send_keys(text)
            .perform()
            .await
            .with_context(|| format!("typing {text}"))
    }

    /// Types real keys through the display server, as an input method does; only in the window.
    pub fn strikes(&self, keys: &[&str]) -> anyhow::Result<()> {
        anyhow::ensure!(self.place == Place::Window, "real keys need the real window");
        strikes::strikes(keys)
    }

    /// Presses keys that open the system's file dialog, and chooses one file in it.
    pub async fn chooses_file(&self, opens: &str, file: &Path) -> anyhow::Result<()> {
        let file = file.canonicalize().with_context(|| format!("finding {}", file.display()))?;
        match self.place {
            Place::Window => {
                self.press(opens).await?;
                strikes::choose_in_dialog(&file)
            }
            Place::Browser => {
                // No program reaches a browser's own dialog, so its answer is laid ready.
                let bytes = std::fs::read(&file).context("reading the file to choose")?;
                let bytes: String = bytes.into_iter().map(char::from).collect();
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                self.driver.execute(page::CHOOSE, vec![json!(name), json!(bytes)]).await?;
                self.press(opens).await
            }
        }
    }

    /// Composes text as an input method with a preview does; only in the browser.
    pub async fn composes(&self, steps: &[&str], text: &str) -> anyhow::Result<()> {
        for step in steps {
            let end = step.encode_utf16().count();
            self.devtools(
                "Input.imeSetComposition",
                json!({ "text": step, "selectionStart": end, "selectionEnd": end }),
            )
            .await?;
        }
        self.devtools("Input.insertText", json!({ "text": text })).await
    }

    async fn devtools(&self, name: &str, arguments: Value) -> anyhow::Result<()> {
        anyhow::ensure!(self.place == Place::Browser, "{name} needs a browser");
        self.driver
            .cdp()
            .send_raw(name, arguments)
            .await
            .with_context(|| format!("asking the browser for {name}"))?;
        Ok(())
    }

    /// Waits until a text can be seen.
    pub async fn sees(&self, text: &str) -> anyhow::Result<()> {
        self.until(page::SHOWS, json!([text]))
            .await
            .with_context(|| format!("looking for “{text}”"))
    }

    /// Waits until a text can no longer be seen.
    pub async fn sees_no_more(&self, text: &str) -> anyhow::Result<()> {
        self.until(page::HIDES, json!([text]))
            .await
            .with_context(|| format!("waiting for “{text}” to go"))
    }

    /// Waits until something that a CSS selector names is on the page and has a size.
    pub async fn finds(&self, selector: &str) -> anyhow::Result<()> {
        self.until(page::FINDS, json!([selector]))
            .await
            .with_context(|| format!("looking for {selector}"))
    }

    /// Waits until nothing that a CSS selector names is on the page.
    pub async fn finds_no_more(&self, selector: &str) -> anyhow::Result<()> {
        self.until("document.querySelector(wanted[0]) === null", json!([selector]))
            .await
            .with_context(|| format!("waiting for {selector} to go"))
    }

    /// Waits until the focus stands on the thing of this name.
    pub async fn is_at(&self, name: &str) -> anyhow::Result<()> {
        self.until(page::IS_AT, json!([name]))
            .await
            .with_context(|| format!("waiting for the focus on “{name}”"))
    }

    /// Presses Tab until the focus stands on the thing whose name begins so.
    pub async fn tabs_to(&self, name: &str) -> anyhow::Result<()> {
        let mut passed = Vec::new();
        for _ in 0..TABS_MAX {
            let here = self.reads(page::FOCUSED_NAME).await?;
            if here.as_str().is_some_and(|here| here.starts_with(name)) {
                return Ok(());
            }
            passed.push(here.as_str().unwrap_or_default().to_owned());
            self.press("Tab").await?;
        }
        anyhow::bail!("Tab never came to “{name}”; it passed {passed:?}")
    }

    /// Returns the screens that this officer has, in the order of the rail.
    pub async fn screens(&self) -> anyhow::Result<Vec<String>> {
        self.finds(page::RAIL).await?;
        let names = self.reads(page::RAIL_NAMES).await?;
        serde_json::from_value(names).context("reading the rail")
    }

    /// Goes to a screen by its digit.
    pub async fn goes_to(&self, screen: &str) -> anyhow::Result<()> {
        let screens = self.screens().await?;
        let at = screens.iter().position(|name| name == screen);
        let at = at.with_context(|| format!("{screen} is not among {screens:?}"))?;
        self.press(&format!("Ctrl+{}", at + 1)).await?;
        self.until(page::IS_ON, json!([screen])).await.with_context(|| format!("going to {screen}"))
    }

    /// Goes from one tab of the list to another, as a tab list is walked: Shift+Tab in, arrows.
    pub async fn goes_to_tab(&self, from: &str, to: &str) -> anyhow::Result<()> {
        self.tabs_to(from).await?;
        for _ in 0..TABS_MAX {
            if self.reads(page::FOCUSED_NAME).await?.as_str().is_some_and(|at| at.starts_with(to)) {
                return self.settles().await;
            }
            self.press("→").await?;
        }
        anyhow::bail!("no arrow led from the tab {from} to {to}")
    }

    /// Goes down the list that has rows until the row with this text is the current one.
    pub async fn goes_to_row(&self, text: &str) -> anyhow::Result<()> {
        self.sees(text).await?;
        for _ in 0..TABS_MAX {
            if self.reads(page::IN_A_ROW).await?.as_bool() == Some(true) {
                break;
            }
            self.press("Shift+Tab").await?;
        }
        self.press("Home").await?;
        let mut before = String::new();
        for _ in 0..TABS_MAX {
            let row = self.current_row().await?;
            if row.contains(text) {
                return Ok(());
            }
            // A list that was read again meanwhile may hold it higher up.
            self.press(if row == before { "Home" } else { "↓" }).await?;
            before = row;
        }
        anyhow::bail!("no row with “{text}”; the last one was {}", self.current_row().await?)
    }

    /// Goes down a list of choices to the one whose name begins so, and takes it.
    pub async fn chooses_option(&self, name: &str) -> anyhow::Result<()> {
        self.finds("[role=listbox]").await?;
        for _ in 0..TABS_MAX {
            if self.reads(page::IN_A_ROW).await?.as_bool() == Some(true) {
                break;
            }
            self.press("Tab").await?;
        }
        self.goes_to_first().await?;
        for _ in 0..TABS_MAX {
            let here = self.reads(page::FOCUSED_NAME).await?;
            if here.as_str().is_some_and(|here| here.starts_with(name)) {
                return self.press("Enter").await;
            }
            self.press("↓").await?;
        }
        anyhow::bail!("no arrow led to the choice “{name}”")
    }

    /// Goes up until the arrow leads no further.
    async fn goes_to_first(&self) -> anyhow::Result<()> {
        let mut last = self.reads(page::FOCUSED_NAME).await?;
        for _ in 0..TABS_MAX {
            self.press("↑").await?;
            let here = self.reads(page::FOCUSED_NAME).await?;
            if here == last {
                return Ok(());
            }
            last = here;
        }
        anyhow::bail!("the list of choices has no first one")
    }

    /// Takes the line that begins so in the box of choices that has the focus, by its letters.
    pub async fn picks(&self, begin: &str) -> anyhow::Result<()> {
        // A line that comes later is not taken by letters that were typed before.
        let offered = self.until(page::OFFERS, json!([begin])).await;
        offered.with_context(|| format!("waiting for “{begin}”"))?;
        self.types(begin).await?;
        self.until(page::PICKED, json!([begin])).await.with_context(|| format!("picking “{begin}”"))
    }

    /// Returns what stands in the row that has the focus, or that is chosen.
    pub async fn current_row(&self) -> anyhow::Result<String> {
        let row = self.reads(page::CURRENT_ROW).await?;
        Ok(row.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a page of paper is drawn, with ink on it.
    pub async fn sees_paper(&self) -> anyhow::Result<()> {
        self.until(page::PAPER, json!([])).await.context("waiting for a page of paper")
    }

    /// Waits until the document of the current row is the one that is read.
    pub async fn reads_current_row(&self) -> anyhow::Result<()> {
        self.until(page::IS_READ, json!([])).await.context("waiting for the document of the row")
    }

    /// Runs a command from the palette, by its name.
    pub async fn chooses_act(&self, name: &str) -> anyhow::Result<()> {
        self.press("Ctrl+K").await?;
        self.finds("[role=dialog] input").await?;
        self.types(name).await?;
        self.until(page::OFFERED, json!([name]))
            .await
            .with_context(|| format!("finding “{name}”"))?;
        for _ in 0..TABS_MAX {
            if self.reads(page::LIT).await?.as_str() == Some(name) {
                return self.press("Enter").await;
            }
            self.press("↓").await?;
        }
        anyhow::bail!("no arrow led to “{name}”")
    }

    /// Waits until exactly this is typed in the field that has the focus.
    pub async fn reads_typed(&self, text: &str) -> anyhow::Result<()> {
        self.until("document.activeElement.value === wanted[0]", json!([text]))
            .await
            .with_context(|| format!("waiting for “{text}” in the field"))
    }

    /// Returns the number that the next document gets, as the form says it.
    pub async fn next_number(&self) -> anyhow::Result<String> {
        let button = self.reads(page::REGISTER_BUTTON).await?;
        let label = button.as_str().context("there is no button that registers")?;
        let number = label.strip_prefix("Vào sổ số ").and_then(|rest| rest.split(' ').next());
        Ok(number.with_context(|| format!("no number in “{label}”"))?.to_owned())
    }

    /// Returns what stands in the last thing that a CSS selector names.
    pub async fn last_of(&self, selector: &str) -> anyhow::Result<String> {
        let text = self.driver.execute(page::LAST_TEXT, vec![json!(selector)]).await?;
        let text = text.json().as_str().with_context(|| format!("there is no {selector}"))?;
        Ok(text.trim().to_owned())
    }

    /// Returns what stands in each thing that a CSS selector names.
    pub async fn all_of(&self, selector: &str) -> anyhow::Result<Vec<String>> {
        let texts = self.driver.execute(page::ALL_TEXTS, vec![json!(selector)]).await?;
        serde_json::from_value(texts.json().clone()).with_context(|| format!("reading {selector}"))
    }

    /// Returns all that can be read on the page.
    pub async fn text(&self) -> anyhow::Result<String> {
        let text = self.reads("return document.body.innerText").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Checks the page with axe: nothing serious, in the theme that is on.
    pub async fn is_accessible(&self, screen: &str) -> anyhow::Result<()> {
        let axe = std::fs::read_to_string(programs::in_the_project(page::AXE_FILE))
            .context("reading axe from ui/node_modules")?;
        self.driver.execute(axe, Vec::new()).await.context("bringing axe to the page")?;
        let found = self.driver.execute_async(page::AXE_RUN, Vec::new()).await?;
        let found = found.json().clone();
        let serious = found.as_array().context("axe answers a list")?;
        anyhow::ensure!(serious.is_empty(), "axe on {screen}: {found:#}");
        Ok(())
    }

    /// Waits until nothing on the page is still being read: no busy part, every page drawn.
    pub async fn settles(&self) -> anyhow::Result<()> {
        self.until(page::QUIET, json!([])).await.context("waiting for the page to be quiet")
    }

    /// Chooses light or dark for the page.
    pub async fn lights(&self, theme: &str) -> anyhow::Result<()> {
        self.driver.execute(page::THEME, vec![json!(theme)]).await?;
        // Colours in the middle of their change belong to neither theme.
        self.driver.execute_async(page::SETTLED, Vec::new()).await?;
        Ok(())
    }

    /// Saves what the window shows as a small picture.
    pub async fn pictures(&self, file: &Path) -> anyhow::Result<()> {
        self.driver.execute_async(page::SETTLED, Vec::new()).await?;
        let png = self.driver.screenshot_as_png().await.context("taking a picture")?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, png).with_context(|| format!("writing {}", file.display()))?;
        // A palette keeps the words sharp and the file a fifth of its size.
        let status = Command::new("convert")
            .arg(file)
            .args(["-strip", "-dither", "None", "-colors", "128"])
            .arg(format!("PNG8:{}", file.display()))
            .stdin(Stdio::null())
            .status()
            .context("running convert")?;
        anyhow::ensure!(status.success(), "convert could not make {} small", file.display());
        Ok(())
    }

    /// Runs a script in the page and returns its answer.
    pub async fn reads(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    async fn until(&self, condition: &str, arguments: Value) -> anyhow::Result<()> {
        let patience = u64::try_from(SEE_WAIT.as_millis()).unwrap_or(u64::MAX);
        let script = page::until(condition);
        let came = self.driver.execute_async(script, vec![arguments, json!(patience)]).await?;
        anyhow::ensure!(came.json().as_bool() == Some(true), "it did not come in {SEE_WAIT:?}");
        Ok(())
    }

    pub(crate) async fn what_stood_there(&self) -> String {
        let folder = std::env::var_os("VANTHU_WALK_FAILURES").map(PathBuf::from);
        let name = std::thread::current().name().unwrap_or("walk").replace("::", "-");
        if let Some(folder) = folder {
            // The report matters more than its picture.
            let _ = self.pictures(&folder.join(format!("{name}.png"))).await;
        }
        let text = self.text().await.unwrap_or_default();
        let focus = self.reads(page::FOCUSED_NAME).await.unwrap_or_default();
        format!("the focus stood on {focus}, and on the page stood:\n{text}\n")
    }
}

/// Writes the size of the window where the window looks for it.
fn place_window(profile: &Path, look: Look) -> anyhow::Result<()> {
    let (width, height) = look.size();
    let place = json!({ "main": {
        "width": width, "height": height, "x": 0, "y": 0, "prev_x": 0, "prev_y": 0,
        "maximized": false, "visible": true, "decorated": true, "fullscreen": false,
    } });
    std::fs::write(profile.join("window-state.json"), place.to_string())
        .context("placing the window")
}
