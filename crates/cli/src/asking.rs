//! Questions to the desk, unlocked as the window unlocks it.
use std::io::{Read as _, Write as _};

use anyhow::Context as _;
use contract::{Failure, Session};
use desk::{Desk, Start};
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::{End, Trouble};

/// Bytes of a question on stdin: as many as the contract takes.
const STDIN_BYTES_MAX: u64 = 90 << 20;

/// Answers one command.
pub(crate) fn ask(arguments: &Arguments, name: &str, json: &str) -> Result<End, Trouble> {
    let json = if json == "-" { stdin()? } else { json.to_owned() };
    let desk = at_desk(arguments)?;
    let answer = contract::answer(&desk, name, &json)?;
    print(&answer)?;
    Ok(End::Done)
}

/// Prints what is found.
pub(crate) fn search(
    arguments: &Arguments,
    text: &str,
    count: u32,
    as_json: bool,
) -> Result<End, Trouble> {
    let desk = at_desk(arguments)?;
    let asked = json!({ "text": text, "count": count }).to_string();
    let answer = contract::answer(&desk, "search", &asked)?;
    if as_json {
        print(&answer)?;
        return Ok(End::Done);
    }
    let found: contract::Found = serde_json::from_str(&answer).context("reading the answer")?;
    let mut lines = String::new();
    for contract::FoundRow { row, marks: _ } in &found.documents {
        let number = if row.number.is_empty() { "–" } else { row.number.as_str() };
        lines.push_str(&format!("{}  {number:>6}  {}  {}: ", row.day, row.reference, row.from));
        lines.push_str(&row.subject);
        lines.push('\n');
    }
    if found.more {
        lines.push_str("…\n");
    }
    write_out(&lines)?;
    Ok(End::Done)
}

/// Checks the register and prints what was found.
pub(crate) fn verify(arguments: &Arguments) -> Result<End, Trouble> {
    let desk = at_desk(arguments)?;
    let answer = contract::answer(&desk, "verify", "{}")?;
    let verified: contract::Verified =
        serde_json::from_str(&answer).context("reading the answer")?;
    print(&answer)?;
    Ok(if verified.findings.is_empty() { End::Done } else { End::Findings })
}

/// Serves the page to a browser until the program ends.
#[cfg(feature = "browser")]
pub(crate) fn browser(arguments: &Arguments, pages: &std::path::Path) -> Result<End, Trouble> {
    let profile = arguments.profile()?;
    let desk = at_desk(arguments)?;
    let profile = profile.canonicalize().context("finding the profile folder")?;
    let ready = |address: &str| {
        // Whoever started this waits for the address; without a reader the page serves on.
        let _ = write_out(&format!("{address}\n"));
    };
    cli::page_host::serve(std::sync::Arc::new(desk), pages.to_owned(), profile, ready)?;
    Ok(End::Done)
}

/// Opens the desk, and unlocks it when somebody was named or only one can be meant.
fn at_desk(arguments: &Arguments) -> Result<Desk, Trouble> {
    let start = Start {
        profile: arguments.profile()?,
        keeps_up: false,
        #[cfg(feature = "demo")]
        seat: arguments.seat.clone(),
    };
    let desk = Desk::open(start).map_err(|fault| {
        let failure = fault.failure();
        tracing::error!(fault = format!("{:#}", anyhow::Error::from(fault)), "no desk");
        Trouble::Shut(failure)
    })?;
    #[cfg(feature = "demo")]
    let desk = if arguments.show { desk.for_show() } else { desk };
    #[cfg(feature = "demo")]
    if arguments.seat.is_some() {
        return Ok(desk);
    }
    let session: Session = told(&desk, "session", &json!({}))?;
    let pin = arguments.pin()?;
    let chosen = match (&arguments.officer, session.officers.as_slice()) {
        (Some(wanted), _) => Some(officer_of(&session, wanted)?),
        (None, [only]) if !pin.is_empty() => Some(only.id.clone()),
        (None, _) => None,
    };
    if let Some(officer) = chosen {
        let _: Session = told(&desk, "session.unlock", &json!({ "officer": officer, "pin": pin }))?;
    }
    Ok(desk)
}

/// The officer who was named, by id or by full name, marks optional.
fn officer_of(session: &Session, wanted: &str) -> Result<String, Trouble> {
    let same = |name: &str| text::fold(name) == text::fold(wanted);
    let known = session.officers.iter().find(|officer| {
        officer.id == wanted || text::same_text(&officer.name, wanted) || same(&officer.name)
    });
    known.map(|officer| officer.id.clone()).ok_or_else(|| {
        Trouble::Refused(Failure {
            code: "unknown".to_owned(),
            what: format!("Không có cán bộ \"{wanted}\" có mã PIN trên máy này."),
            safe: "Chưa có gì thay đổi trong sổ.".to_owned(),
            todo: "Xem danh sách bằng lệnh: vanthu ask session.".to_owned(),
            field: None,
        })
    })
}

fn told<T: for<'a> serde::Deserialize<'a>>(
    desk: &Desk,
    name: &str,
    asked: &Value,
) -> Result<T, Trouble> {
    let answer = contract::answer(desk, name, &asked.to_string())?;
    Ok(serde_json::from_str(&answer).context("reading the answer")?)
}

fn stdin() -> anyhow::Result<String> {
    let mut json = String::new();
    std::io::stdin()
        .take(STDIN_BYTES_MAX)
        .read_to_string(&mut json)
        .context("reading the question from stdin")?;
    Ok(json)
}

fn print(json: &str) -> anyhow::Result<()> {
    write_out(&format!("{json}\n"))
}

/// Writes to stdout; a reader that went away is no fault.
pub(crate) fn write_out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing to stdout"),
    }
}
