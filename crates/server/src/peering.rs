//! Other servers as the operator keeps them: who they are, and who lives there.
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};

use register::{AgencyId, PublicKey};
use server::{Anyway, NotAPeer, StickFault, clock, is_peer_address};
use sync::wire::Hex32;

use crate::operator::{ledger, open};
use crate::words;

/// Words for what cannot be done, where a person can do something about it.
fn worded(refused: NotAPeer) -> anyhow::Error {
    let words = match &refused {
        NotAPeer::Itself => "khoá này là của chính máy chủ này".to_owned(),
        NotAPeer::NoKey => "khoá không đúng dạng: cần 64 chữ số thập lục phân".to_owned(),
        NotAPeer::Name => {
            "tên trống, quá dài, hoặc đã là tên của một máy chủ khác; chưa ghi gì".to_owned()
        }
        NotAPeer::TooMany => "đã ghi quá nhiều máy chủ; chưa ghi gì".to_owned(),
        NotAPeer::Unknown => "chưa ghi máy chủ nào tên như vậy; xem `peer list`".to_owned(),
        NotAPeer::Waits(count) => format!(
            "còn {count} mục chờ máy chủ ấy nên chưa bỏ; thêm --anyway thì nơi gửi được báo là \
             không gửi đến được"
        ),
        NotAPeer::NotThere => {
            "máy chủ ấy chưa nói là có cơ quan này; chưa đổi gì, xem `peer list`".to_owned()
        }
        NotAPeer::Storage(_) => return anyhow!(refused),
    };
    anyhow!(words)
}

/// Keeps another server.
pub fn add(dir: &Path, key: &str, (name, address): (&str, &str)) -> anyhow::Result<ExitCode> {
    if !address.is_empty() && !is_peer_address(address) {
        bail!("địa chỉ phải là https://…; http:// chỉ dùng được trên chính máy này. Chưa ghi gì");
    }
    let ledger = ledger(open(dir)?)?;
    let key = Hex32::parse(key.trim()).ok_or_else(|| worded(NotAPeer::NoKey))?;
    ledger.add_peer(key, name, address).map_err(worded)?;
    println!("Đã ghi máy chủ “{}”.", name.trim());
    println!("Ở đó cũng cần ghi máy chủ này, với khoá {}.", ledger.identity().public_hex());
    Ok(ExitCode::SUCCESS)
}

/// Prints the other servers.
pub fn list(dir: &Path) -> anyhow::Result<ExitCode> {
    let peers = ledger(open(dir)?)?.peers_at_a_glance()?;
    if peers.is_empty() {
        println!("Chưa ghi máy chủ nào khác.");
    }
    for peer in peers {
        println!("{}", words::peer(&peer, clock()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Forgets another server.
pub fn remove(dir: &Path, name: &str, anyway: Anyway) -> anyhow::Result<ExitCode> {
    ledger(open(dir)?)?.remove_peer(name, anyway).map_err(worded)?;
    println!("Đã bỏ máy chủ “{}”.", name.trim());
    Ok(ExitCode::SUCCESS)
}

/// Decides where an agency lives.
pub fn home(dir: &Path, org: &str, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let org = AgencyId::parse(org).ok().context("mã cơ quan không đúng dạng")?;
    ledger(open(dir)?)?.decide_home(org, name).map_err(worded)?;
    println!("Đã ghi. Văn bản gửi cơ quan này đi đến đó từ bây giờ.");
    Ok(ExitCode::SUCCESS)
}

/// Writes what waits for another server into a file.
pub fn pack(dir: &Path, to: &str, file: &Path) -> anyhow::Result<ExitCode> {
    let ledger = ledger(open(dir)?)?;
    let key = PublicKey(ledger.peer_named(to).map_err(worded)?.key.0);
    let on = server::pack(&ledger, key, (file, clock())).map_err(not_carried)?;
    println!("{}", words::on_stick(&on, file));
    Ok(ExitCode::SUCCESS)
}

/// Takes in a file that another server has written.
pub fn unpack(dir: &Path, file: &Path) -> anyhow::Result<ExitCode> {
    let ledger = ledger(open(dir)?)?;
    let read = server::unpack(&ledger, file, clock()).map_err(not_carried)?;
    println!("{}", words::unpacked(&read));
    Ok(ExitCode::SUCCESS)
}

/// Words for a file that is not written or read, where a person can do something about it.
fn not_carried(fault: StickFault) -> anyhow::Error {
    match words::not_carried(&fault) {
        Some(words) => anyhow!(words),
        None => anyhow!(fault).context("không ghi hoặc đọc được tệp; có thể làm lại"),
    }
}
