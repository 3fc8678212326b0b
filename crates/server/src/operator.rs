//! What the operator asks for, done in a server's folder.
use std::fs::File;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use zeroize::Zeroizing;

use server::{
    Blobs, BucketAddress, CODE_BYTES, Identity, Ledger, Storage, TlsListener, address_of,
    bucket_of, certificate, chance, clock, is_there_already, make_folder, open_blobs, open_bucket,
    open_storage, overview, write_address, write_bucket,
};

use crate::words;

/// Held by the one process that serves the folder.
const LOCK_FILE: &str = "server.lock";

/// Between two looks for files that nothing names any more.
const TIDIED_EVERY: Duration = Duration::from_secs(86_400);

/// The address of an object store that answers, as somebody typed it.
pub(crate) fn tried_bucket(dir: &Path, text: &str) -> anyhow::Result<BucketAddress> {
    let address = match BucketAddress::parse(text) {
        Ok(address) => address,
        Err(fault) => bail!("{}", words::no_bucket(&fault)),
    };
    let bucket = open_bucket(dir, &address).map_err(words::no_files)?;
    bucket.try_out().map_err(words::no_files)?;
    Ok(address)
}

/// Makes a server's folder; what is there stays.
pub fn init(dir: &Path, storage: Option<&str>, files: Option<&str>) -> anyhow::Result<ExitCode> {
    let address = storage.map(|text| {
        address_of(text).with_context(|| format!("“{text}” không phải là địa chỉ PostgreSQL"))
    });
    let address = address.transpose()?;
    make_folder(dir).with_context(|| format!("không lập được thư mục {}", dir.display()))?;
    let files = files.map(|text| tried_bucket(dir, text)).transpose()?;
    let seed = Zeroizing::new(chance()?);
    let identity = match Identity::create(dir, &seed) {
        Err(fault) if is_there_already(&fault) => {
            bail!("ở {} đã có một máy chủ, không lập lại", dir.display())
        }
        made => made.context("không ghi được khoá của máy chủ")?,
    };
    if let Some(address) = address {
        write_address(dir, &address).context("không ghi được địa chỉ của kho")?;
    }
    if let Some(files) = files {
        write_bucket(dir, &files).context("không ghi được địa chỉ của kho tệp")?;
    }
    open_storage(dir).context("không lập được kho")?;
    println!("Đã lập máy chủ ở {}.", dir.display());
    println!("Khoá công khai: {}", identity.public_hex());
    println!("Hãy cất một bản sao của tệp server.key ở nơi an toàn.");
    Ok(ExitCode::SUCCESS)
}

/// A server's folder, opened.
pub(crate) struct Opened {
    pub storage: Arc<dyn Storage>,
    pub identity: Identity,
    blobs: Arc<dyn Blobs>,
}

pub(crate) fn open(dir: &Path) -> anyhow::Result<Opened> {
    let here = || format!("ở {} chưa có máy chủ (chạy `vanthu-server init`)", dir.display());
    let identity = Identity::open(dir).with_context(here)?;
    let storage = open_storage(dir).context("không mở được kho")?;
    let blobs = open_blobs(dir).map_err(words::no_files)?;
    Ok(Opened { storage, identity, blobs })
}

pub(crate) fn ledger(opened: Opened) -> anyhow::Result<Ledger> {
    let Opened { storage, identity, blobs } = opened;
    Ok(Ledger::new(storage, identity, chance()?).with_blobs(blobs))
}

/// Prints a code with which one agency comes to this server.
pub fn create_org(dir: &Path) -> anyhow::Result<ExitCode> {
    let ledger = ledger(open(dir)?)?;
    let code = ledger.adoption_code(clock(), chance::<CODE_BYTES>()?)?;
    println!("Mã đưa sổ lên máy chủ: {code}");
    println!("Khoá công khai của máy chủ: {}", ledger.identity().public_hex());
    println!("Mã dùng được một lần, trong 72 giờ.");
    Ok(ExitCode::SUCCESS)
}

/// Prints every agency at a glance.
pub fn status(dir: &Path) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let agencies = overview(&*opened.storage)?;
    if agencies.is_empty() {
        println!("Chưa có cơ quan nào.");
    }
    for agency in agencies {
        println!("{}", words::glance(&agency));
    }
    let ledger = ledger(opened)?;
    let versions = ledger.versions()?;
    if !versions.is_empty() {
        println!("{}", words::versions(&versions));
    }
    for peer in ledger.peers_at_a_glance()? {
        println!("{}", words::peer(&peer, clock()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Looks everything over; fails when something is not as it was written.
pub fn verify(dir: &Path) -> anyhow::Result<ExitCode> {
    let opened = open(dir)?;
    let found = server::verify_with_files(&*opened.storage, &opened.identity, &*opened.blobs)
        .map_err(words::no_files)?;
    if bucket_of(dir)?.is_some() {
        println!("Tệp ở kho S3: đã hỏi kho từng tệp có còn không, không đọc lại nội dung.");
    }
    if found.is_empty() {
        println!("Chưa có cơ quan nào.");
    }
    for agency in &found {
        println!("{}", words::verified(agency));
    }
    let stated = server::verify_statements(&*opened.storage)?;
    if stated.count > 0 {
        println!("{}", words::statements(&stated));
    }
    let whole = found.iter().all(|agency| agency.flaws.is_empty()) && stated.flaws.is_empty();
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Serves until the system says stop.
pub fn serve(
    dir: &Path,
    listen: SocketAddr,
    files: Option<(PathBuf, PathBuf)>,
    proxies: &[IpAddr],
) -> anyhow::Result<ExitCode> {
    let tls = files
        .map(|(chain, key)| certificate(&chain, &key))
        .transpose()
        .context("không dùng được chứng thư")?;
    if tls.is_none() && !listen.ip().is_loopback() {
        bail!("chưa có chứng thư TLS nên máy chủ chỉ nghe trên chính máy này, không ở {listen}");
    }
    let opened = open(dir)?;
    let _lock = locked(dir)?;
    let ledger = Arc::new(ledger(opened)?);
    tidies_daily(&ledger).context("không khởi động được")?;
    server::exchanges(&ledger, clock).context("không khởi động được")?;
    let runtime = tokio::runtime::Runtime::new().context("không khởi động được")?;
    // The ledger goes after the runtime: lines to a storage end only where somebody may wait.
    let heard = Arc::clone(&ledger);
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .with_context(|| format!("không nghe được ở {listen}"))?;
        let at = listener.local_addr().context("không biết đang nghe ở đâu")?;
        let stop = stop_signal().context("không nghe được lệnh dừng")?;
        let served = match tls {
            Some(tls) => {
                let listener = TlsListener::new(listener, tls)?;
                println!("Máy chủ đang nghe ở https://{at}.");
                server::serve_behind(listener, heard, proxies, stop).await
            }
            None => {
                println!("Máy chủ đang nghe ở http://{at}.");
                server::serve_behind(listener, heard, proxies, stop).await
            }
        };
        served.context("máy chủ dừng vì lỗi")
    })?;
    drop(runtime);
    drop(ledger);
    println!("Máy chủ đã dừng.");
    Ok(ExitCode::SUCCESS)
}

/// Holds the folder for this process alone.
pub(crate) fn locked(dir: &Path) -> anyhow::Result<File> {
    let lock = File::create(dir.join(LOCK_FILE)).context("không mở được tệp khoá")?;
    if lock.try_lock().is_err() {
        bail!("một máy chủ khác đang chạy trong {}", dir.display());
    }
    Ok(lock)
}

/// Takes files away that nothing names any more, now and every day, beside the calls.
fn tidies_daily(ledger: &Arc<Ledger>) -> std::io::Result<()> {
    let ledger = Arc::downgrade(ledger);
    let tidies = move || {
        while let Some(ledger) = ledger.upgrade() {
            match ledger.take_away_unnamed(clock()) {
                Ok(taken) => {
                    tracing::info!(taken.files, taken.bytes, "files nobody names are gone")
                }
                Err(fault) => tracing::error!(%fault, "files nobody names were not taken away"),
            }
            drop(ledger);
            std::thread::sleep(TIDIED_EVERY);
        }
    };
    std::thread::Builder::new().name("tidy".to_owned()).spawn(tidies).map(|_| ())
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut asked, mut typed) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = asked.recv() => {}
            _ = typed.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(fault) = tokio::signal::ctrl_c().await {
            tracing::error!(%fault, "waiting for the stop signal");
        }
    })
}
