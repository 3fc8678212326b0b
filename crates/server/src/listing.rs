//! The directory as the operator keeps it: printed, changed in a file, and taken in again.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use register::{AgencyId, CODES_MAX, HEIRS_MAX, Listed};
use serde::Deserialize;
use server::{Ledger, Storage, StorageFault, chance, looked_up};

use crate::operator::{ledger, open};

/// Entries that one file may have: ten times the agencies and ended units of the country.
const ENTRIES_MAX: usize = 200_000;
/// Bytes of one line; an entry with all its heirs and codes has some thousand.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// Characters of a name or a code.
const NAME_CHARS_MAX: usize = 250;
/// Entries read at once.
const AT_ONCE: u32 = 1_000;

/// One line of the file: a name, and a code or the id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Without it, the entry with this code is meant; there is none of it: a new one.
    id: Option<AgencyId>,
    name: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    codes_before: Vec<String>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    on_exchange: bool,
    from: Option<Date>,
    to: Option<Date>,
    /// Ids, or codes of this file or of the directory.
    #[serde(default)]
    heirs: Vec<String>,
}

/// Prints the directory, an entry a line.
pub fn print(dir: &Path) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let mut out = std::io::stdout().lock();
    for (_, body) in all(&*opened.storage)? {
        writeln!(out, "{body}").context("không in được")?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn all(storage: &dyn Storage) -> anyhow::Result<Vec<(u64, String)>> {
    let (mut found, mut above) = (Vec::new(), 0);
    loop {
        let page = looked_up::<_, StorageFault>(storage, |tx| tx.listed(above, AT_ONCE))
            .context("không đọc được danh bạ")?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        above = *last;
        found.extend(page);
    }
}

/// Takes a file in: all of it, or nothing where one line is wrong.
pub fn take(dir: &Path, file: &Path) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let lines = read(file)?;
    let mut known = BTreeMap::new();
    for (_, body) in all(&*opened.storage)? {
        let listed: Listed = serde_json::from_str(&body).context("danh bạ có dòng hỏng")?;
        known.insert(listed.code, listed.id);
    }
    known.remove("");
    let entries = entries(lines, known)?;
    let ledger = ledger(opened)?;
    for listed in &entries {
        put(&ledger, listed)?;
    }
    println!("Danh bạ đã nhận {} cơ quan; các máy có ngay ở lần nối tới.", entries.len());
    Ok(ExitCode::SUCCESS)
}

fn put(ledger: &Ledger, listed: &Listed) -> anyhow::Result<()> {
    ledger
        .list(listed.clone())
        .with_context(|| format!("không ghi được “{}”; chạy lại với đúng tệp này", listed.name))
}

fn read(file: &Path) -> anyhow::Result<Vec<Line>> {
    let here = || format!("không đọc được {}", file.display());
    let mut reader = BufReader::new(File::open(file).with_context(here)?);
    let mut lines = Vec::new();
    loop {
        let nth = lines.len() + 1;
        let mut text = String::new();
        let read = reader.by_ref().take(LINE_BYTES_MAX).read_line(&mut text);
        if read.with_context(here)? == 0 {
            return Ok(lines);
        }
        if text.len() as u64 == LINE_BYTES_MAX || nth > ENTRIES_MAX {
            bail!("dòng {nth}: tệp quá lớn; danh bạ chưa đổi gì");
        }
        let line: Line = serde_json::from_str(&text)
            .with_context(|| format!("dòng {nth} không đúng dạng; danh bạ chưa đổi gì"))?;
        lines.push(line);
    }
}

fn entries(lines: Vec<Line>, mut known: BTreeMap<String, AgencyId>) -> anyhow::Result<Vec<Listed>> {
    let mut ids = Vec::new();
    for (line, nth) in lines.iter().zip(1..) {
        if line.id.is_none() && line.code.is_empty() {
            // Taken twice, it would stand there twice.
            bail!("dòng {nth} thiếu mã; danh bạ chưa đổi gì");
        }
        let id = match line.id.or_else(|| known.get(&line.code).copied()) {
            Some(id) => id,
            None => AgencyId(chance()?),
        };
        if !line.code.is_empty() {
            known.insert(line.code.clone(), id);
        }
        ids.push(id);
    }
    let whole = lines.into_iter().zip(ids).zip(1..);
    whole
        .map(|((line, id), nth)| {
            entry(line, id, &known).with_context(|| format!("dòng {nth}; danh bạ chưa đổi gì"))
        })
        .collect()
}

fn entry(line: Line, id: AgencyId, known: &BTreeMap<String, AgencyId>) -> anyhow::Result<Listed> {
    let Line { id: _, name, code, codes_before, unit, parent, on_exchange, from, to, heirs } = line;
    if name.trim().is_empty() {
        bail!("thiếu tên cơ quan");
    }
    let texts = [&name, &code, &unit, &parent];
    let long = |text: &String| text.chars().count() > NAME_CHARS_MAX;
    if texts.into_iter().any(long) || codes_before.iter().any(long) {
        bail!("tên hoặc mã dài quá {NAME_CHARS_MAX} chữ");
    }
    if codes_before.len() > CODES_MAX || heirs.len() > HEIRS_MAX {
        bail!("quá {CODES_MAX} mã cũ hoặc {HEIRS_MAX} cơ quan kế thừa");
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        bail!("ngày kết thúc trước ngày bắt đầu");
    }
    let heir = |text: &String| match AgencyId::parse(text) {
        Ok(id) => Ok(id),
        Err(_) => known.get(text).copied().with_context(|| format!("không có mã “{text}”")),
    };
    let heirs = heirs.iter().map(heir).collect::<Result<Vec<AgencyId>, _>>()?;
    if heirs.contains(&id) {
        bail!("cơ quan không thể kế thừa chính mình");
    }
    Ok(Listed { id, name, code, codes_before, unit, parent, on_exchange, from, to, heirs })
}
