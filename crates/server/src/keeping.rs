//! Who keeps the directory, as the operator says, and what was stated, as he reads it.
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};

use register::{AgencyId, Listed};
use server::{NotAKeeper, Storage, all_stated, clock};

use crate::listing::all;
use crate::operator::{ledger, open};
use crate::words;

/// Words for what cannot be done, where a person can do something about it.
fn worded(refused: NotAKeeper) -> anyhow::Error {
    let words = match &refused {
        NotAKeeper::NotHere => "cơ quan này không ở máy chủ này (xem `org list`); chưa giao gì",
        NotAKeeper::TooMany => "đã giao cho quá nhiều cơ quan; chưa giao thêm",
        NotAKeeper::Unknown => "cơ quan này không giữ danh bạ (xem `directory keeper list`)",
        NotAKeeper::Storage(_) => return anyhow!(refused),
    };
    anyhow!(words)
}

/// The directory as it is printed and read.
fn directory(storage: &dyn Storage) -> anyhow::Result<BTreeMap<AgencyId, Listed>> {
    let mut found = BTreeMap::new();
    for (_, body) in all(storage)? {
        let listed: Listed = serde_json::from_str(&body).context("danh bạ có dòng hỏng")?;
        found.insert(listed.id, listed);
    }
    Ok(found)
}

/// The agency that is meant by its id, or by its code of today.
fn meant(entries: &BTreeMap<AgencyId, Listed>, org: &str) -> anyhow::Result<AgencyId> {
    if let Ok(id) = AgencyId::parse(org) {
        return Ok(id);
    }
    let coded = |one: &&Listed| !one.code.is_empty() && one.code.eq_ignore_ascii_case(org.trim());
    let mut coded: Vec<&Listed> = entries.values().filter(coded).collect();
    // Its code may have gone on from one that has ended.
    coded.sort_by_key(|one| (one.to.is_some(), !one.on_exchange));
    match coded.as_slice() {
        [only] => Ok(only.id),
        [first, second, ..] if first.to.is_none() && second.to.is_some() => Ok(first.id),
        [] => bail!("danh bạ không có mã “{org}”"),
        [_, _, ..] => bail!("mã “{org}” có ở nhiều cơ quan; hãy dùng mã trong `directory list`"),
    }
}

/// Lets an agency keep the directory.
pub fn add(dir: &Path, org: &str) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let entries = directory(&*opened.storage)?;
    let org = meant(&entries, org)?;
    ledger(opened)?.add_keeper(org, clock()).map_err(worded)?;
    let name = entries.get(&org).map_or_else(|| org.to_string(), |one| one.name.clone());
    println!("Đã giao danh bạ cho {name}. Quản trị ở đó thấy ngay ở lần nối tới.");
    Ok(ExitCode::SUCCESS)
}

/// Takes the directory from an agency.
pub fn remove(dir: &Path, org: &str) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let entries = directory(&*opened.storage)?;
    let org = meant(&entries, org)?;
    ledger(opened)?.remove_keeper(org).map_err(worded)?;
    let name = entries.get(&org).map_or_else(|| org.to_string(), |one| one.name.clone());
    println!("{name} thôi giữ danh bạ. Những gì đã ghi vẫn còn.");
    Ok(ExitCode::SUCCESS)
}

/// Prints who keeps the directory.
pub fn list(dir: &Path) -> anyhow::Result<ExitCode> {
    let keepers = ledger(open(dir)?)?.keepers()?;
    if keepers.is_empty() {
        println!("Chưa giao danh bạ cho cơ quan nào.");
    }
    for keeper in keepers {
        println!("{}  {}  từ {}", keeper.org, keeper.name, words::at(keeper.since));
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what was stated, the oldest first, of one agency or of all.
pub fn history(dir: &Path, org: Option<&str>) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let entries = directory(&*opened.storage)?;
    let org = org.map(|org| meant(&entries, org)).transpose()?;
    let mut out = std::io::stdout().lock();
    let stated = all_stated(&*opened.storage).context("không đọc được lịch sử")?;
    for one in stated.iter().filter(|one| org.is_none_or(|org| org == one.after.id)) {
        writeln!(out, "{}", words::stated(one, &entries)).context("không in được")?;
    }
    Ok(ExitCode::SUCCESS)
}
