//! What the operator does so that nothing is lost: copies, what comes out of them, logs for others.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use register::{AgencyId, OfficerId};
use server::{
    BLOBS_FOLDER, BlobsInFolder, CODE_BYTES, CopyFault, ExportFault, Identity, Kind, MoveFault,
    PostgresStorage, STORAGE_FILE, SqliteStorage, Storage, WithKey, address_of, bucket_of, chance,
    clock, kind_of, looked_up, move_agency, move_codes, move_directory, move_files, move_peers,
    move_releases, open_bucket, overview, write_address, write_bucket,
};

use crate::operator::{ledger, locked, open, tried_bucket};
use crate::words;

/// Prints every agency in one line, with the name that other commands ask for.
pub fn list_orgs(dir: &Path) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let agencies = overview(&*opened.storage)?;
    if agencies.is_empty() {
        println!("Chưa có cơ quan nào.");
    }
    for agency in agencies {
        println!("{}", words::in_list(&agency));
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a code with which an officer comes to a PC.
pub fn create_code(dir: &Path, org: &str, officer: &str) -> anyhow::Result<ExitCode> {
    let Ok(org) = AgencyId::parse(org) else {
        bail!("“{org}” không phải là mã cơ quan (xem `vanthu-server org list`)");
    };
    let Ok(officer) = OfficerId::parse(officer) else {
        bail!("“{officer}” không phải là mã cán bộ");
    };
    let ledger = ledger(open(dir)?)?;
    let Ok(given) = ledger.operator_code((org, officer), clock(), chance::<CODE_BYTES>()?) else {
        bail!("cơ quan này không có cán bộ ấy, hoặc người ấy đã nghỉ");
    };
    println!("Mã vào máy: {}", given.code);
    println!("Khoá công khai của máy chủ: {}", given.server);
    println!("Mã dùng được một lần, trong 72 giờ, cho đúng người này.");
    Ok(ExitCode::SUCCESS)
}

/// Copies everything into a folder while the server goes on.
pub fn back_up(dir: &Path, to: &Path, key: WithKey) -> anyhow::Result<ExitCode> {
    match server::copy_server(dir, to, key, clock()) {
        Ok(manifest) => {
            println!("{}", words::copied(&manifest, to));
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => refused(&fault, "Chưa sao lưu được, bản sao trước vẫn còn nguyên."),
    }
}

/// Lets the programs of a database copy it, and says what is safe then.
pub fn back_up_with(dir: &Path, command: &[String]) -> anyhow::Result<ExitCode> {
    let Some((program, arguments)) = command.split_first() else {
        bail!("chưa nêu chương trình sao lưu, ví dụ: backup-with DIR -- pg_dump …");
    };
    match server::copied_with(dir, program, arguments) {
        Ok(agencies) => {
            println!("Đã sao lưu; các mục có trước đó của {agencies} cơ quan được coi là an toàn.");
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => refused(&fault, "Chưa có mục nào được coi là đã sao lưu."),
    }
}

/// Makes a server of a copy.
pub fn restore(from: &Path, dir: &Path, key: Option<&Path>) -> anyhow::Result<ExitCode> {
    match server::restore(from, dir, key, clock()) {
        Ok(restored) => {
            println!("{}", words::restored(&restored, dir));
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => refused(&fault, "Chưa khôi phục, thư mục đích vẫn trống."),
    }
}

/// Begins another life on a database that was set back by its own programs.
pub fn begin_anew(dir: &Path) -> anyhow::Result<ExitCode> {
    let _lock = locked(dir)?;
    match server::began_anew(dir, clock()) {
        Ok(restored) => {
            println!("{}", words::restored(&restored, dir));
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => refused(&fault, "Chưa bắt đầu đời mới, hãy chạy lại."),
    }
}

/// Moves agencies from the file of the folder to a database; the whole server, when none is named.
pub fn migrate(dir: &Path, to: &str, org: Option<&str>) -> anyhow::Result<ExitCode> {
    let Some(address) = address_of(to) else {
        bail!("“{to}” không phải là địa chỉ PostgreSQL");
    };
    if kind_of(dir)? != Kind::Sqlite {
        bail!("kho của máy chủ ở {} đã là PostgreSQL", dir.display());
    }
    let one = match org.map(AgencyId::parse) {
        Some(Err(_)) => bail!("mã cơ quan không đúng (xem `vanthu-server org list`)"),
        Some(Ok(org)) => Some(org),
        None => None,
    };
    let _lock = locked(dir)?;
    let identity = Identity::open(dir).context("không đọc được khoá của máy chủ")?;
    let from = SqliteStorage::open(&dir.join(STORAGE_FILE)).context("không mở được kho cũ")?;
    let there = PostgresStorage::open(&address, chance()?).context("không mở được kho mới")?;
    let all = looked_up::<_, server::StorageFault>(&from, |reading| reading.orgs())?;
    let meant = one.map_or(all, |org| vec![org]);
    for org in meant {
        match move_agency(&from, &there, org, &identity) {
            Ok(moved) => println!("{}", words::moved(&moved)),
            // The whole server is gone through again after an interruption.
            Err(MoveFault::ThereAlready) if one.is_none() && is_same(&from, &there, org)? => {
                println!("{org}: đã chuyển từ trước.");
            }
            Err(fault) => bail!("{org}: {}", words::not_moved(&fault)),
        }
    }
    let codes = move_codes(&from, &there, one)?;
    println!("Đã chuyển {codes} mã vào máy.");
    if one.is_none() {
        move_peers(&from, &there)?;
        move_releases(&from, &there)?;
        move_directory(&from, &there)?;
        write_address(dir, &address).context("không ghi được địa chỉ của kho")?;
        println!("Từ nay máy chủ ở {} dùng kho PostgreSQL; kho cũ vẫn còn.", dir.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Moves the files of the folder into an object store; the folder stays as it is.
pub fn migrate_files(dir: &Path, to: &str) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    if bucket_of(dir)?.is_some() {
        bail!("tệp của máy chủ ở {} đã ở kho S3", dir.display());
    }
    let _lock = locked(dir)?;
    let address = tried_bucket(dir, to)?;
    let there = open_bucket(dir, &address).map_err(words::no_files)?;
    let from = BlobsInFolder::new(&dir.join(BLOBS_FOLDER));
    let (mut brought, mut is_whole) = (BTreeMap::new(), true);
    let all = looked_up::<_, server::StorageFault>(&*opened.storage, |reading| reading.orgs())?;
    let has_releases =
        !looked_up::<_, server::StorageFault>(&*opened.storage, |reading| reading.releases())?
            .is_empty();
    for org in all.into_iter().chain(has_releases.then(server::release_house)) {
        let moved = move_files(&from, &there, (org, &mut brought)).map_err(words::no_files)?;
        is_whole &= moved.damaged.is_empty();
        println!("{}", words::files_moved(org, &moved));
    }
    if !is_whole {
        eprintln!(
            "Còn tệp hỏng nên máy chủ vẫn dùng thư mục như trước. Hãy lấy lại tệp ấy từ bản sao, \
             hoặc đưa nó ra khỏi thư mục, rồi chạy lại lệnh này: tệp đã chuyển không chuyển lại."
        );
        return Ok(ExitCode::FAILURE);
    }
    write_bucket(dir, &address).context("không ghi được địa chỉ của kho tệp")?;
    println!("Từ nay tệp của máy chủ ở {} nằm trong kho S3; thư mục cũ vẫn còn.", dir.display());
    Ok(ExitCode::SUCCESS)
}

fn is_same(from: &dyn Storage, to: &dyn Storage, org: AgencyId) -> anyhow::Result<bool> {
    let of = |storage| looked_up::<_, server::StorageFault>(storage, |reading| reading.org(org));
    Ok(of(from)? == of(to)?)
}

/// What a person can do something about is said in words; the rest is a fault.
fn refused(fault: &CopyFault, so_far: &str) -> anyhow::Result<ExitCode> {
    let Some(text) = words::not_copied(fault) else {
        bail!("{so_far} {fault}: {}", words::chain(fault));
    };
    tracing::error!(%fault, "a copy was refused");
    eprintln!("{text}\n{so_far}");
    Ok(ExitCode::FAILURE)
}

/// Writes the log of one agency into a file.
pub fn export(dir: &Path, org: &str, to: &Path) -> anyhow::Result<ExitCode> {
    let Ok(org) = AgencyId::parse(org) else {
        bail!("“{org}” không phải là mã cơ quan (xem `vanthu-server org list`)");
    };
    let opened = open(dir)?;
    let file =
        File::create_new(to).with_context(|| format!("không tạo được tệp mới {}", to.display()))?;
    let mut out = BufWriter::new(file);
    match server::export(&*opened.storage, &opened.identity, org, &mut out) {
        Ok(entries) => {
            out.flush()?;
            out.get_ref().sync_all()?;
            println!("Đã ghi {entries} mục nhật ký vào {}.", to.display());
            println!("Khoá công khai của máy chủ: {}", opened.identity.public_hex());
            Ok(ExitCode::SUCCESS)
        }
        Err(ExportFault::NoAgency) => bail!("máy chủ không có cơ quan {org}"),
        Err(fault) => Err(fault).context("không ghi được nhật ký"),
    }
}

/// Checks such a file, also on a machine that is no server.
pub fn verify_export(file: &Path) -> anyhow::Result<ExitCode> {
    let opened = File::open(file).with_context(|| format!("không mở được {}", file.display()))?;
    match server::verify_export(&mut BufReader::new(opened)) {
        Ok((head, found)) => {
            println!("{}", words::verified(&found));
            println!("Ký bởi máy chủ có khoá công khai: {}", head.server);
            println!("Hãy so khoá này với khoá đã in khi máy vào mạng.");
            let whole = found.flaws.is_empty();
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(ExportFault::Line { line }) => {
            bail!("dòng {line} của tệp không phải là nhật ký của Văn Thư, tệp hỏng hoặc đã bị sửa")
        }
        Err(ExportFault::Unsigned) => {
            bail!("máy chủ không ký cho chỗ kết thúc của nhật ký này, tệp đã bị sửa")
        }
        Err(fault) => Err(fault).context("không đọc được tệp"),
    }
}
