//! Releases of the program as the operator keeps them: taken in, staged, withdrawn.
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};

use register::AgencyId;
use server::NotARelease;
use sync::release::Version;

use crate::operator::{ledger, open};
use crate::words;

fn worded(refused: NotARelease) -> anyhow::Error {
    match words::not_a_release(&refused) {
        Some(words) => anyhow!(words),
        None => anyhow!(refused),
    }
}

fn version_of(text: &str) -> anyhow::Result<Version> {
    Version::parse(text).with_context(|| format!("“{text}” không phải là số bản, như 0.2.0"))
}

/// Takes a release in.
pub fn add(dir: &Path, file: &Path, (stage, orgs): (u8, &[String])) -> anyhow::Result<ExitCode> {
    let mut agencies = Vec::new();
    for org in orgs {
        let Ok(id) = AgencyId::parse(org) else {
            bail!("“{org}” không phải là mã cơ quan (xem `vanthu-server org list`)");
        };
        agencies.push(id);
    }
    let ledger = ledger(open(dir)?)?;
    let from = File::open(file).with_context(|| format!("không mở được {}", file.display()))?;
    let added = ledger.add_release(&mut BufReader::new(from), (stage, agencies)).map_err(worded)?;
    println!("Đã nhận bản {} cho {}.", added.version, added.platform.name());
    println!(
        "Các máy chỉ dùng nếu nhà phát hành là nơi chúng tin; máy chủ không thay được việc ấy."
    );
    list_of(&ledger, Some(added.version))
}

/// Prints the releases.
pub fn list(dir: &Path) -> anyhow::Result<ExitCode> {
    list_of(&ledger(open(dir)?)?, None)
}

fn list_of(ledger: &server::Ledger, one: Option<Version>) -> anyhow::Result<ExitCode> {
    let mut all = ledger.releases_at_a_glance()?;
    all.retain(|at| one.is_none_or(|one| at.manifest.version == one));
    if all.is_empty() {
        println!("Chưa có bản nào.");
    }
    for at in all {
        println!("{}", words::release(&at));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says how many PCs of a hundred get a release.
pub fn stage(dir: &Path, version: &str, percent: u8) -> anyhow::Result<ExitCode> {
    let (version, ledger) = (version_of(version)?, ledger(open(dir)?)?);
    ledger.stage_release(version, percent).map_err(worded)?;
    list_of(&ledger, Some(version))
}

/// Withdraws a release.
pub fn withdraw(dir: &Path, version: &str) -> anyhow::Result<ExitCode> {
    let (version, ledger) = (version_of(version)?, ledger(open(dir)?)?);
    ledger.withdraw_release(version).map_err(worded)?;
    println!("Đã rút. Máy chưa bắt đầu dùng sẽ bỏ đi; máy đang dùng thì vẫn dùng.");
    list_of(&ledger, Some(version))
}
