//! From one agency to another, and to a whole province at once.
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use agency::ServerProcess;
use anyhow::Context as _;
use contract::Topic;
use desk::Desk;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::files::stored_of;
use super::office::{CLERK, PIN, WAIT, comes_to, founded, founded_as, meets, waits_for};
use super::{Measured, figure};
use crate::at_desk::ask;
use crate::figures::quantiles;

/// Parcels, one after another.
const PARCELS: usize = 300;
/// Agencies of a province, beside the one that sends: communes and departments.
const AGENCIES: usize = 76;
/// So many wait in a tray on a busy morning; then they are dealt with.
const WAITING: usize = 30;
/// A short letter, and a document that goes to everybody.
const LETTER_BYTES: usize = 4_000;
const DOCUMENT_BYTES: usize = 2_000_000;
/// Between two parcels, so that everybody listens again.
const REST: Duration = Duration::from_millis(30);
const LOOKS: Duration = Duration::from_millis(5);

/// A folder of its own, with a server and the agencies that have come to it.
struct Region {
    folder: TempDir,
    server: ServerProcess,
    ours: Desk,
}

impl Region {
    fn founded(beside: &Path) -> anyhow::Result<Region> {
        let folder = TempDir::new_in(beside).context("making a folder for a region")?;
        let here = std::env::current_exe().context("finding this program")?;
        let program = here.with_file_name(format!("vanthu-server{}", std::env::consts::EXE_SUFFIX));
        let mut server = ServerProcess::in_folder(&program, &folder.path().join("server"));
        server.starts();
        server.listens();
        let profile = folder.path().join("ours");
        std::fs::create_dir_all(&profile).context("making a profile")?;
        founded(&profile)?;
        let (ours, _) = comes_to(&server, &profile, PIN)?;
        sits(&ours)?;
        Ok(Region { folder, server, ours })
    }

    /// One more agency comes to the server.
    fn comes(&self, nth: usize) -> anyhow::Result<Desk> {
        let profile = self.folder.path().join(format!("agency-{nth}"));
        std::fs::create_dir_all(&profile).context("making a profile")?;
        founded_as(&profile, &format!("UBND xã Số {nth}"), &format!("H50.{nth:02}.02"))?;
        let (desk, _) = comes_to(&self.server, &profile, PIN)?;
        sits(&desk)?;
        Ok(desk)
    }

    /// A document with its number and a scan that has gone up; its id.
    fn numbered(&self, nth: u32, bytes: usize) -> anyhow::Result<String> {
        let file = stored_of(&self.ours, nth, bytes)?;
        let form = json!({
            "kind": "cong-van", "subject": format!("Rà soát hộ tịch lần {nth}"),
            "signer": "Lê Quang Thạch", "signer_position": "CHỦ TỊCH", "pages": "1",
            "attachments": [file], "recipients": [{ "name": "các xã", "code": "" }],
        });
        let draft: Value = ask(&self.ours, "outgoing.draft", &form)?;
        let id = draft.get("id").and_then(Value::as_str).context("no id")?.to_owned();
        let symbol: Value = ask(&self.ours, "outgoing.symbol", &json!({ "id": id, "date": "" }))?;
        let form = json!({
            "id": id, "book": symbol.get("book"), "on": "", "symbol": symbol.get("symbol"),
            "signed_on_paper": true, "paper_number": null,
        });
        let _: Value = ask(&self.ours, "outgoing.register", &form)?;
        Ok(id)
    }

    fn has_sent_files(&self) -> anyhow::Result<()> {
        meets(&self.ours)?;
        waits_for(&self.ours, |line| line.get("files_up").is_some_and(|many| many == 0))
    }

    fn issues(&self, id: &str, to: &[Value]) -> anyhow::Result<()> {
        let form = json!({ "id": id, "on": "", "to": to });
        let _: Value = ask(&self.ours, "parcels.issue", &form)?;
        Ok(())
    }

    /// The agencies of the directory that have such a name.
    fn finds(&self, text: &str) -> anyhow::Result<Value> {
        let begun = Instant::now();
        loop {
            meets(&self.ours)?;
            let found: Value = ask(&self.ours, "agencies.find", &json!({ "text": text }))?;
            let agency = found.pointer("/agencies/0").cloned().unwrap_or_default();
            let is_it = agency.get("name").is_some_and(|name| name == text);
            if is_it && agency.get("on_exchange").is_some_and(|on| on == true) {
                return Ok(json!({
                    "agency": agency.get("agency"), "name": agency.get("name"),
                    "code": agency.get("code"), "purpose": "để thực hiện", "due": "",
                }));
            }
            anyhow::ensure!(begun.elapsed() < WAIT, "{text} is not in the directory: {found}");
        }
    }

    fn has_arrived_at(&self, id: &str) -> anyhow::Result<usize> {
        let parcels: Value = ask(&self.ours, "parcels", &json!({ "id": id }))?;
        let rows = parcels.get("rows").and_then(Value::as_array).context("no rows")?;
        Ok(rows.iter().filter(|row| row.get("arrived_at").is_some_and(Value::is_number)).count())
    }
}

fn sits(desk: &Desk) -> anyhow::Result<()> {
    let known: Value = ask(desk, "catalogue", &json!({}))?;
    let people = known.get("officers").and_then(Value::as_array).context("nobody")?;
    let clerk = people.iter().find(|one| one.get("position").is_some_and(|at| at == CLERK));
    let unlock = json!({ "officer": clerk.and_then(|one| one.get("id")), "pin": PIN });
    let _: Value = ask(desk, "session.unlock", &unlock)?;
    for book in ask::<_, Value>(desk, "books", &json!({}))?
        .get("books")
        .and_then(Value::as_array)
        .context("no books")?
    {
        // The PC of the clerk gives the numbers.
        let _ = ask::<_, Value>(desk, "book.take", &json!({ "id": book.get("id") }));
    }
    meets(desk)
}

fn in_tray(desk: &Desk) -> anyhow::Result<Vec<Value>> {
    let tray: Value = ask(desk, "tray", &json!({}))?;
    Ok(tray.get("cards").and_then(Value::as_array).context("no tray")?.clone())
}

/// All that waits goes back, and both have heard of it.
fn is_emptied(desk: &Desk, sender: &Desk) -> anyhow::Result<()> {
    for card in in_tray(desk)? {
        let id = card.pointer("/arrival/id").context("not from the exchange")?;
        let form = json!({ "id": id, "reason": "đo", "misaddressed": false });
        let _: Value = ask(desk, "arrivals.refuse", &form)?;
    }
    for one in [desk, sender, desk, sender] {
        meets(one)?;
    }
    Ok(())
}

fn shows(desk: &Desk, heard: &Receiver<()>, many: usize) -> anyhow::Result<()> {
    while in_tray(desk)?.len() < many {
        heard.recv_timeout(WAIT).context("nothing new came")?;
    }
    Ok(())
}

/// Measures one parcel after another, and one document to everybody.
pub(crate) fn measure(profile: &Path) -> Measured {
    let region = Region::founded(profile.parent().context("a profile lies in a folder")?)?;
    let mut figures = one_after_another(&region)?;
    figures.extend(to_everybody(&region)?);
    Ok(figures)
}

/// From the key of one clerk to the tray of the other; the scan of the letter is up before.
fn one_after_another(region: &Region) -> Measured {
    let theirs = region.comes(0)?;
    let to = region.finds("UBND xã Số 0")?;
    let (tell, heard) = channel();
    theirs.on_tell(Box::new(move |topics| {
        if topics.contains(&Topic::Tray) {
            let _ = tell.send(());
        }
    }));
    let mut letters = Vec::new();
    for nth in 0..PARCELS {
        letters.push(region.numbered(nth as u32, LETTER_BYTES)?);
    }
    region.has_sent_files()?;
    let mut times = Vec::new();
    for (nth, letter) in letters.iter().enumerate() {
        std::thread::sleep(REST);
        let begun = Instant::now();
        region.issues(letter, std::slice::from_ref(&to))?;
        shows(&theirs, &heard, nth % WAITING + 1)?;
        times.push(begun.elapsed());
        if (nth + 1).is_multiple_of(WAITING) {
            is_emptied(&theirs, &region.ours)?;
        }
    }
    Ok(quantiles("parcels, one", 0, times, [Some(20.0), Some(80.0)]))
}

/// A document of 2 MB to every agency of a province: until the sender sees that all have it.
fn to_everybody(region: &Region) -> Measured {
    let mut to = Vec::new();
    for nth in 1..=AGENCIES {
        drop(region.comes(nth)?);
        to.push(region.finds(&format!("UBND xã Số {nth}"))?);
    }
    let id = region.numbered(PARCELS as u32, DOCUMENT_BYTES)?;
    region.has_sent_files()?;
    let begun = Instant::now();
    region.issues(&id, &to)?;
    while region.has_arrived_at(&id)? < AGENCIES {
        anyhow::ensure!(begun.elapsed() < WAIT, "some have not got it");
        std::thread::sleep(LOOKS);
    }
    let all = (begun.elapsed().as_secs_f64() * 1000.0).round();
    Ok(vec![figure("parcels, 2 MB to 76", 0, "all", "ms", all, Some(1_000.0))])
}
