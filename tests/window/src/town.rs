//! A server of a walk: the real program in a folder of its own, and an agency that comes to it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::exchange::NEXT_DOOR;
use crate::office::Neighbour;
use crate::programs::{self, Running, Seat};
use crate::province::PROVINCE_PC;

/// The PIN of everybody in a profile that is shown to visitors.
const DEMO_PIN: &str = "000000";

/// The code of the agency of the demo.
const DEMO_CODE: &str = "H50.99.01";

/// A server on loopback; it ends when this value goes.
pub(crate) struct Town {
    address: String,
    key: String,
    // The program goes before its folder.
    _running: Running,
    folder: TempDir,
}

impl Town {
    /// Makes a server and starts it.
    pub(crate) fn open() -> anyhow::Result<Town> {
        let folder = programs::empty_profile()?;
        let dir = folder.path().join("may-chu");
        told(&["init"], &dir)?;
        let (_, key) = adoption(&dir)?;
        let mut command = Command::new(programs::built("vanthu-server")?);
        command.args(["serve", "--listen", "127.0.0.1:0"]).arg(&dir).stderr(Stdio::null());
        let (running, address) = programs::says_where(command, "http")?;
        let address = address.trim_end_matches('.').to_owned();
        Ok(Town { address, key, _running: running, folder })
    }

    /// Brings the agency of a profile here: all it did goes up, and all comes back to its clerk.
    pub(crate) fn takes_in(&self, profile: &Path) -> anyhow::Result<()> {
        let (code, _) = adoption(&self.folder.path().join("may-chu"))?;
        let form = json!({
            "address": self.address, "code": code, "server_key": self.key,
            "pc_name": "VT-01",
        });
        let demo = ["--as", Seat::Administrator.word()];
        asks(profile, &demo, "line.adopt", &form)?;
        asks(profile, &demo, "line.meet", &json!({}))?;
        asks(profile, &["--as", Seat::Clerk.word()], "line.meet", &json!({}))?;
        Ok(())
    }

    /// The operator adds a release of the program, for every PC.
    pub(crate) fn adds_release(&self, file: &Path) -> anyhow::Result<()> {
        let file = file.to_string_lossy().into_owned();
        let dir = self.folder.path().join("may-chu").to_string_lossy().into_owned();
        says(&["release", "add", "--stage", "100", &dir, &file]).map(|_| ())
    }

    /// What he sees of the releases.
    pub(crate) fn lists_releases(&self) -> anyhow::Result<String> {
        told(&["release", "list"], &self.folder.path().join("may-chu"))
    }

    /// The operator lets the agency of the demo keep the directory.
    pub(crate) fn gives_the_directory(&self) -> anyhow::Result<()> {
        let dir = self.folder.path().join("may-chu");
        told(&["directory", "keeper", "add", "--org", DEMO_CODE], &dir).map(drop)
    }

    /// Another agency, with a clerk who administers it too, on its only PC.
    pub(crate) fn takes_in_neighbour(
        &self,
        profile: &Path,
        neighbour: &Neighbour,
    ) -> anyhow::Result<()> {
        let show = ["--show"];
        let mut setup = asks(profile, &show, "setup.defaults", &json!({}))?;
        let officer = |name: &str, position: &str, role: &str| {
            let (roles, unit) = ([role], "");
            json!({
                "name": name, "position": position, "unit": unit, "roles": roles, "pin": DEMO_PIN,
            })
        };
        let officers = json!([
            officer("Phạm Văn Sáng", "Quản trị mạng", "administrator"),
            officer("Nguyễn Thị Thu", "Văn thư", "clerk"),
            officer("Trần Văn Bình", "Chủ tịch", "leader"),
        ]);
        if let Some(setup) = setup.as_object_mut() {
            setup.insert("officers".to_owned(), officers);
            if let Some(agency) = setup.get_mut("agency").and_then(Value::as_object_mut) {
                agency.insert("name".to_owned(), json!(neighbour.name));
                agency.insert("place".to_owned(), json!("Bình An"));
                agency.insert("code".to_owned(), json!(neighbour.code));
            }
        }
        asks(profile, &show, "setup.found", &setup)?;
        let (code, _) = adoption(&self.folder.path().join("may-chu"))?;
        let form = json!({
            "address": self.address, "code": code, "server_key": self.key,
            "pc_name": neighbour.pc,
        });
        let administrator = ["--as", Seat::Administrator.word()];
        asks(profile, &administrator, "line.adopt", &form)?;
        asks(profile, &administrator, "line.meet", &json!({}))?;
        asks(profile, &["--as", Seat::Clerk.word()], "line.meet", &json!({}))?;
        Ok(())
    }

    /// The neighbours of the demo, made by the script with which `./dev run` makes them.
    pub(crate) fn makes_the_demo_province(
        &self,
        demo: &Path,
    ) -> anyhow::Result<Vec<(&'static str, TempDir)>> {
        let ran = Command::new("node")
            .arg("tests/window/demo_province.mjs")
            .arg(programs::built_folder()?)
            .arg(demo)
            .arg(self.folder.path().join("may-chu"))
            .arg(&self.address)
            .current_dir(programs::in_the_project("."))
            .stdin(Stdio::null())
            .output()
            .context("running node")?;
        let said = String::from_utf8_lossy(&ran.stderr);
        anyhow::ensure!(ran.status.success(), "demo_province.mjs: {said}");
        let mut made = Vec::new();
        for (pc, beside) in [(NEXT_DOOR.pc, "binh-an"), (PROVINCE_PC, "tinh")] {
            let profile = programs::empty_profile()?;
            // They are made beside the demo; here each is gone with its window.
            fs::rename(format!("{}-{beside}", demo.display()), profile.path())
                .with_context(|| format!("taking {beside}"))?;
            made.push((pc, profile));
        }
        Ok(made)
    }

    /// Lets a further PC of the demo in, for the officer of a seat, with a code of the first one.
    pub(crate) fn lets_in(
        &self,
        first: &Path,
        further: &Path,
        (name, seat): (&str, Seat),
    ) -> anyhow::Result<()> {
        let demo = ["--as", Seat::Administrator.word()];
        let known = asks(first, &demo, "catalogue", &json!({}))?;
        let officers = known.get("officers").and_then(Value::as_array);
        let officers = officers.context("the catalogue names officers")?;
        let fits = |officer: &&Value| {
            let roles = officer.get("roles").and_then(Value::as_array);
            roles.is_some_and(|roles| roles.iter().any(|role| role == seat.role()))
        };
        let officer = officers.iter().find(fits).with_context(|| format!("no {seat:?}"))?;
        let given = asks(first, &demo, "admin.code", &json!({ "officer": officer.get("id") }))?;
        let form = json!({
            "address": given.get("address"),
            "code": given.get("code"),
            "server_key": given.get("server_key"),
            "pc_name": name,
            "pin": DEMO_PIN,
        });
        asks(further, &["--show"], "setup.enrol", &form)?;
        Ok(())
    }
}

/// A code of the operator's with which an agency comes, and the server's key beside it.
fn adoption(dir: &Path) -> anyhow::Result<(String, String)> {
    let paper = told(&["org", "create"], dir)?;
    let mut words = paper.lines().filter_map(|line| line.split_once(": "));
    let code = words.next().context("the operator gets a code")?.1.to_owned();
    let key = words.next().context("the key stands beside the code")?.1.to_owned();
    Ok((code, key))
}

fn told(arguments: &[&str], dir: &Path) -> anyhow::Result<String> {
    let dir = dir.to_string_lossy();
    says(&[arguments, &[&dir]].concat())
}

fn says(arguments: &[&str]) -> anyhow::Result<String> {
    let ran = Command::new(programs::built("vanthu-server")?)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("running vanthu-server")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    anyhow::ensure!(ran.status.success(), "vanthu-server {arguments:?}: {said}");
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

/// Asks the desk of a profile one thing, as the command line does.
pub(crate) fn asks(
    profile: &Path,
    who: &[&str],
    name: &str,
    question: &Value,
) -> anyhow::Result<Value> {
    let ran = Command::new(programs::built("vanthu")?)
        .arg("--profile")
        .arg(profile)
        .args(who)
        .args(["ask", name, &question.to_string()])
        .stdin(Stdio::null())
        .output()
        .context("running vanthu ask")?;
    let said = String::from_utf8_lossy(&ran.stderr);
    anyhow::ensure!(ran.status.success(), "vanthu ask {name}: {said}");
    serde_json::from_slice(&ran.stdout).with_context(|| format!("reading the answer of {name}"))
}
