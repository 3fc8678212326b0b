//! New versions of the program, as the real window takes them: handed over to, given up, told.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time;

use crate::journeys::in_both_lights;
use crate::programs::{self, Running, Seat};
use crate::town::Town;
use crate::walk::Walk;

/// What the publisher of demos signs with: `desk::demo::PUBLISHER_SEED`.
const PUBLISHER_SEED: &[u8] = b"vanthu: publisher of demos only!";
/// A window of a hundred megabytes is fetched, unpacked and checked by programs built for tests.
const WAIT: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Which version a test gives what name.
const NEXT: &str = "0.9.0";
const DIES: &str = "0.9.1";
/// What a small program leaves behind, to tell that it was started and how.
const BEGAN: &str = "began";

/// Makes a release of some programs with the real command line.
fn makes(folder: &Path, version: &str, programs: &[PathBuf]) -> anyhow::Result<PathBuf> {
    let (key, out) = (folder.join("key"), folder.join(format!("{version}.vtr")));
    let digits: String = PUBLISHER_SEED.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(&key, digits)?;
    let made = Command::new(programs::built("vanthu")?)
        .args(["release", "make", "--platform", "linux-x86_64", "--notes", "In sổ nhanh hơn."])
        .args(["--version", version, "--key"])
        .arg(&key)
        .arg("--out")
        .arg(&out)
        .args(programs)
        .output()
        .context("running vanthu release make")?;
    let said = String::from_utf8_lossy(&made.stderr);
    anyhow::ensure!(made.status.success(), "vanthu release make: {said}");
    Ok(out)
}

/// The same of a small program with these words.
fn makes_small(folder: &Path, version: &str, words: &str) -> anyhow::Result<PathBuf> {
    let program = folder.join("vanthu-desktop");
    fs::write(&program, format!("#!/bin/sh\n{words}\n"))?;
    makes(folder, version, &[program])
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) -> anyhow::Result<()> {
    let (began, mut looks) = (Instant::now(), time::interval(LOOK_AGAIN));
    while !is_so() {
        anyhow::ensure!(began.elapsed() < WAIT, "{what}");
        looks.tick().await;
    }
    Ok(())
}

/// A PC on which somebody starts the installed window.
struct Pc {
    profile: TempDir,
}

impl Pc {
    fn starts(&self) -> anyhow::Result<Running> {
        programs::window(self.profile.path(), Seat::Clerk)
    }

    async fn ends(&self, window: Running) -> anyhow::Result<()> {
        drop(window);
        programs::window_has_gone(self.profile.path()).await
    }

    fn has(&self, version: &str) -> bool {
        self.profile.path().join("programs").join(version).exists()
    }

    /// What is noted of a version.
    fn noted(&self, version: &str) -> Option<Value> {
        let notes = fs::read(self.profile.path().join("programs/notes.json")).ok()?;
        serde_json::from_slice::<Value>(&notes).ok()?.get(version).cloned()
    }

    fn came_up(&self, version: &str) -> bool {
        self.noted(version).and_then(|noted| noted.get("came_up")?.as_bool()) == Some(true)
    }

    /// The version that answers when the installed command line is asked.
    fn version_of_words(&self) -> anyhow::Result<String> {
        let mut command = Command::new(programs::built("vanthu")?);
        command.arg("--profile").arg(self.profile.path());
        let ran = command.args(["--as", "clerk", "ask", "program"]).output()?;
        let said = String::from_utf8_lossy(&ran.stderr);
        anyhow::ensure!(ran.status.success(), "vanthu ask program: {said}");
        let answer: Value = serde_json::from_slice(&ran.stdout)?;
        Ok(answer.get("version").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// How often a window of a version has begun.
    fn starts_of(&self, version: &str) -> usize {
        let logs = fs::read_dir(self.profile.path().join("logs")).into_iter().flatten();
        let all = logs.filter_map(|log| fs::read_to_string(log.ok()?.path()).ok());
        let begins = format!("the window starts version={version}");
        all.map(|log| log.lines().filter(|line| line.contains(&begins)).count()).sum()
    }
}

/// The real window is fetched as a newer version, handed over to, and there again when the one
/// after it dies at its start; the operator sees both.
pub async fn a_newer_window_is_handed_over_to_and_one_that_dies_is_given_up() -> anyhow::Result<()>
{
    let (town, making) = (Town::open()?, programs::empty_profile()?);
    let pc = Pc { profile: programs::demo_profile()? };
    town.takes_in(pc.profile.path())?;
    let both = [programs::built("vanthu-desktop")?, programs::built("vanthu")?];
    town.adds_release(&makes(making.path(), NEXT, &both)?)?;
    let window = pc.starts()?;
    until("the newer window is not fetched", || pc.has(NEXT)).await?;
    anyhow::ensure!(pc.starts_of(NEXT) == 0, "it is used from the next start on");
    anyhow::ensure!(pc.version_of_words()? != NEXT, "and by the command line no earlier");
    pc.ends(window).await?;
    let window = pc.starts()?;
    until("the newer window does not come up", || pc.came_up(NEXT)).await?;
    anyhow::ensure!(pc.starts_of(NEXT) == 1, "it was begun once");
    anyhow::ensure!(pc.version_of_words()? == NEXT, "the installed command line hands over too");
    pc.ends(window).await?;
    town.adds_release(&makes_small(making.path(), DIES, "exit 7")?)?;
    // It goes on by itself: it fetches what comes after it.
    let window = pc.starts()?;
    until("the one after it is not fetched", || pc.has(DIES)).await?;
    pc.ends(window).await?;
    let window = pc.starts()?;
    until("the one before is not there again", || pc.starts_of(NEXT) == 3).await?;
    let noted = pc.noted(DIES).context("what happened is noted")?;
    anyhow::ensure!(noted.get("starts") == Some(&Value::from(2)), "{noted}");
    until("the operator does not see it", || {
        let list = town.lists_releases().unwrap_or_default();
        list.contains("1 máy đang dùng") && list.contains("1 máy đã quay về bản trước")
    })
    .await?;
    drop(window);
    Ok(())
}

/// The version that is here already when the walk begins.
pub async fn a_clerk_reads_of_a_new_version_and_starts_it(walk: &Walk) -> anyhow::Result<()> {
    let making = programs::empty_profile()?;
    let words = format!("echo \"$@\" > \"$(dirname \"$0\")/{BEGAN}\"");
    walk.town()?.adds_release(&makes_small(making.path(), NEXT, &words)?)?;
    walk.goes_to("Đồng bộ").await?;
    walk.chooses_act("Gặp máy chủ ngay").await?;
    walk.sees(&format!("Có bản {NEXT}, dùng từ lần mở sau")).await?;
    walk.sees("In sổ nhanh hơn.").await?;
    in_both_lights(walk, "a new version").await?;
    if let Some(folder) = std::env::var_os("VANTHU_SCREENS") {
        for theme in ["light", "dark"] {
            walk.lights(theme).await?;
            let file = Path::new(&folder).join(format!("ban-moi-{theme}.png"));
            walk.pictures(&file).await?;
        }
    }
    // The window ends with the key, and says nothing of it any more.
    let _ = walk.press("M").await;
    let began = walk.profile().join("programs").join(NEXT).join(BEGAN);
    until("it was not started", || fs::read_to_string(&began).is_ok_and(|told| !told.is_empty()))
        .await?;
    let told = fs::read_to_string(&began)?;
    anyhow::ensure!(told.contains("--as clerk"), "it was started with {told}");
    Ok(())
}
