//! The operator's command line: `vanthu-server`.

mod care;
mod keeping;
mod listing;
mod operator;
mod peering;
mod releasing;
mod words;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::WithKey;
use tracing_subscriber::EnvFilter;

/// Máy chủ Văn Thư: sổ chung của các cơ quan.
#[derive(Parser)]
#[command(name = "vanthu-server", version)]
struct Arguments {
    /// Ghi nhật ký vận hành dạng JSON, mỗi dòng một việc; không có tên người.
    #[arg(long, global = true)]
    json_logs: bool,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Lập một máy chủ mới trong thư mục.
    Init {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Địa chỉ kho PostgreSQL (postgres://…); không có thì kho là một tệp trong thư mục.
        #[arg(long, value_name = "URL")]
        storage: Option<String>,
        /// Kho tệp S3 (s3://KHO/TIỀN-TỐ?endpoint=URL&region=VÙNG); không có thì tệp ở thư mục này.
        /// Khoá lấy từ AWS_ACCESS_KEY_ID và AWS_SECRET_ACCESS_KEY, hoặc tệp blobs.credentials.
        #[arg(long, value_name = "URL")]
        blobs: Option<String>,
    },
    /// Chạy máy chủ cho đến khi được bảo dừng.
    Serve {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Địa chỉ và cổng để nghe; không có chứng thư thì chỉ trên chính máy này.
        #[arg(long, default_value = "127.0.0.1:8470")]
        listen: SocketAddr,
        /// Tệp chứng thư TLS (PEM), kèm các chứng thư cấp trên.
        #[arg(long, requires = "key")]
        certificate: Option<PathBuf>,
        /// Tệp khoá của chứng thư (PEM).
        #[arg(long, requires = "certificate")]
        key: Option<PathBuf>,
        /// Địa chỉ của máy chủ trung gian (proxy) đứng trước; nêu nhiều lần nếu có nhiều.
        /// Người gọi được tính theo địa chỉ ghi ở X-Forwarded-For, chỉ khi qua máy này.
        #[arg(long, value_name = "IP")]
        behind: Vec<IpAddr>,
    },
    /// Việc với các cơ quan.
    #[command(subcommand)]
    Org(OrgTask),
    /// Danh bạ các cơ quan: ai, mã nào, ai kế thừa ai.
    #[command(subcommand)]
    Directory(DirectoryTask),
    /// Các máy chủ khác: gửi nhận văn bản với cơ quan ở đó.
    #[command(subcommand)]
    Peer(PeerTask),
    /// Bản mới của chương trình: các máy tự tải về từ máy chủ này.
    #[command(subcommand)]
    Release(ReleaseTask),
    /// Xem các cơ quan và máy của họ, và những gì còn chờ máy chủ khác.
    Status {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Kiểm tra toàn bộ: chuỗi, chữ ký, từng quyết định, từng số.
    Verify {
        /// Thư mục của máy chủ.
        #[arg(required_unless_present = "export")]
        dir: Option<PathBuf>,
        /// Thay vào đó, kiểm tra một tệp nhật ký đã xuất; không cần máy chủ.
        #[arg(long, value_name = "FILE", conflicts_with = "dir")]
        export: Option<PathBuf>,
    },
    /// Mã vào máy.
    #[command(subcommand)]
    Code(CodeTask),
    /// Sao lưu toàn bộ trong khi máy chủ vẫn chạy.
    Backup {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Thư mục của bản sao, nên ở máy khác; dùng lại thì chỉ chép phần mới.
        to: PathBuf,
        /// Chép cả khoá của máy chủ: ai có bản sao đều có thể làm máy chủ này.
        #[arg(long)]
        with_key: bool,
    },
    /// Sao lưu kho PostgreSQL bằng chương trình của chính nó, ví dụ: -- pg_dump …
    /// Xong không lỗi thì các mục có trước đó được coi là đã có bản sao.
    BackupWith {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Chương trình sao lưu và các tham số của nó.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Lập lại máy chủ từ một bản sao, trong một thư mục trống.
    Restore {
        /// Thư mục của bản sao.
        from: PathBuf,
        /// Thư mục mới của máy chủ.
        dir: PathBuf,
        /// Tệp server.key, nếu bản sao không kèm khoá.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Bắt đầu đời mới sau khi khôi phục PostgreSQL từ bản sao cũ hơn; máy chủ phải đang dừng.
    BeginAnew {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Chuyển các cơ quan sang PostgreSQL, hoặc tệp sang kho S3; máy chủ phải đang dừng.
    Migrate {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Địa chỉ kho PostgreSQL (postgres://…).
        #[arg(long, value_name = "URL", required_unless_present = "blobs")]
        to: Option<String>,
        /// Chỉ một cơ quan; không có thì chuyển tất cả, và máy chủ dùng kho mới từ đó.
        #[arg(long)]
        org: Option<String>,
        /// Kho tệp S3 (s3://KHO/TIỀN-TỐ?endpoint=URL&region=VÙNG), như của `init`.
        #[arg(long, value_name = "URL", conflicts_with_all = ["to", "org"])]
        blobs: Option<String>,
    },
    /// Xuất nhật ký của một cơ quan, đủ để kiểm tra ở nơi khác.
    Export {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Tệp để ghi, chưa có.
        to: PathBuf,
        /// Mã cơ quan.
        #[arg(long)]
        org: String,
    },
}

#[derive(Subcommand)]
enum OrgTask {
    /// In một mã để một cơ quan đưa sổ của mình lên máy chủ.
    Create {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Xem các cơ quan và mã của họ.
    List {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum DirectoryTask {
    /// In danh bạ, mỗi cơ quan một dòng JSON; sửa rồi đưa lại được.
    List {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Nhận một tệp như `directory list` in ra: cơ quan đã có thì sửa, chưa có thì thêm.
    Put {
        /// Tệp để nhận.
        #[arg(long)]
        file: PathBuf,
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Cơ quan được giao giữ danh bạ: quản trị ở đó thêm, sửa, cho kết thúc ngay trên cửa sổ.
    #[command(subcommand)]
    Keeper(KeeperTask),
    /// In ai đã ghi gì vào danh bạ, lúc nào.
    History {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Chỉ một cơ quan: mã định danh, hoặc mã trong `directory list`.
        #[arg(long)]
        org: Option<String>,
    },
}

#[derive(Subcommand)]
enum KeeperTask {
    /// Giao danh bạ cho một cơ quan của máy chủ này.
    Add {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Mã định danh, hoặc mã trong `org list`.
        #[arg(long)]
        org: String,
    },
    /// Thôi giao; những gì cơ quan ấy đã ghi vẫn còn.
    Remove {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Mã định danh, hoặc mã trong `org list`.
        #[arg(long)]
        org: String,
    },
    /// Xem cơ quan nào đang giữ danh bạ.
    List {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum PeerTask {
    /// Ghi một máy chủ khác; đã có thì sửa tên và địa chỉ.
    Add {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Khoá công khai của máy chủ ấy, như `init` ở đó đã in ra.
        #[arg(long, value_name = "HEX")]
        key: String,
        /// Tên gọi, để dùng trong các lệnh khác.
        #[arg(long)]
        name: String,
        /// Địa chỉ https://…; không có thì chỉ trao đổi bằng thẻ nhớ.
        #[arg(long, value_name = "URL", default_value = "")]
        address: String,
    },
    /// Xem các máy chủ khác, cơ quan ở đó và những gì còn chờ.
    List {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Ghi ra một tệp những gì đang chờ một máy chủ, kèm tệp văn bản, để mang đi bằng thẻ nhớ.
    Pack {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Tên gọi của máy chủ sẽ nhận.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// Tệp để ghi.
        #[arg(long)]
        file: PathBuf,
    },
    /// Nhận một tệp do máy chủ khác ghi ra, và ghi tệp trả lời bên cạnh để mang về.
    Unpack {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Tệp để nhận.
        #[arg(long)]
        file: PathBuf,
    },
    /// Thôi trao đổi với một máy chủ.
    Remove {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Tên gọi của máy chủ ấy.
        #[arg(long)]
        name: String,
        /// Cả khi còn văn bản chờ: nơi gửi sẽ được báo là không gửi đến được.
        #[arg(long)]
        anyway: bool,
    },
    /// Quyết định một cơ quan ở đâu, khi hai máy chủ cùng nói là ở mình.
    Home {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Mã cơ quan.
        #[arg(long)]
        org: String,
        /// Tên gọi của máy chủ có cơ quan; không có thì là máy chủ này.
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Subcommand)]
enum ReleaseTask {
    /// Nhận một bản mới (tệp .vtr); đã có thì sửa phần máy được nhận.
    Add {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Tệp .vtr của nhà phát hành.
        file: PathBuf,
        /// Bao nhiêu phần trăm số máy được nhận trước.
        #[arg(long, value_name = "PERCENT", default_value_t = 0,
            value_parser = clap::value_parser!(u8).range(0..=100))]
        stage: u8,
        /// Mã cơ quan mà mọi máy đều được nhận trước; nêu nhiều lần nếu có nhiều.
        #[arg(long, value_name = "ORG")]
        org: Vec<String>,
    },
    /// Xem các bản, bao nhiêu máy được nhận, đang dùng và đã quay về bản trước.
    List {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Đổi số phần trăm máy được nhận; máy đã nhận thì vẫn giữ.
    Stage {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Số của bản, như 0.2.0.
        version: String,
        /// Phần trăm.
        #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
    },
    /// Rút một bản: không máy nào nhận nữa, máy chưa bắt đầu dùng thì bỏ đi.
    Withdraw {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Số của bản, như 0.2.0.
        version: String,
    },
}

#[derive(Subcommand)]
enum CodeTask {
    /// In một mã để một người vào máy, khi quản trị không tự in được.
    Create {
        /// Thư mục của máy chủ.
        dir: PathBuf,
        /// Mã cơ quan.
        #[arg(long)]
        org: String,
        /// Mã cán bộ.
        #[arg(long)]
        officer: String,
    },
}

fn main() -> ExitCode {
    let Arguments { json_logs, task } = Arguments::parse();
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr);
    if json_logs {
        logs.json().flatten_event(true).with_current_span(false).init();
    } else {
        logs.init();
    }
    let ran = done(task);
    match ran {
        Ok(code) => code,
        Err(fault) => {
            if !is_refusal(&fault) {
                tracing::error!("{fault:#}");
            }
            eprintln!("{}", words::broke(&fault));
            ExitCode::FAILURE
        }
    }
}

/// What was said no to in words has nothing broken behind it, and nobody looks for it in a log.
fn is_refusal(fault: &anyhow::Error) -> bool {
    let in_words = fault.is::<String>() || fault.is::<&'static str>();
    in_words && fault.chain().count() == 1
}

fn done(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Init { dir, storage, blobs } => {
            operator::init(&dir, storage.as_deref(), blobs.as_deref())
        }
        Task::Serve { dir, listen, certificate, key, behind } => {
            operator::serve(&dir, listen, certificate.zip(key), &behind)
        }
        Task::Org(OrgTask::Create { dir }) => operator::create_org(&dir),
        Task::Org(OrgTask::List { dir }) => care::list_orgs(&dir),
        Task::Directory(task) => in_directory(task),
        Task::Code(CodeTask::Create { dir, org, officer }) => {
            care::create_code(&dir, &org, &officer)
        }
        Task::Peer(task) => peer(task),
        Task::Release(task) => release(task),
        Task::Status { dir } => operator::status(&dir),
        Task::Verify { export: Some(file), .. } => care::verify_export(&file),
        Task::Verify { dir, export: None } => operator::verify(&dir.unwrap_or_default()),
        Task::Backup { dir, to, with_key } => {
            let key = if with_key { WithKey::Yes } else { WithKey::No };
            care::back_up(&dir, &to, key)
        }
        Task::BackupWith { dir, command } => care::back_up_with(&dir, &command),
        Task::Restore { from, dir, key } => care::restore(&from, &dir, key.as_deref()),
        Task::BeginAnew { dir } => care::begin_anew(&dir),
        Task::Migrate { dir, blobs: Some(to), .. } => care::migrate_files(&dir, &to),
        Task::Migrate { dir, to, org, blobs: None } => {
            care::migrate(&dir, &to.unwrap_or_default(), org.as_deref())
        }
        Task::Export { dir, to, org } => care::export(&dir, &org, &to),
    }
}

fn release(task: ReleaseTask) -> anyhow::Result<ExitCode> {
    match task {
        ReleaseTask::Add { dir, file, stage, org } => releasing::add(&dir, &file, (stage, &org)),
        ReleaseTask::List { dir } => releasing::list(&dir),
        ReleaseTask::Stage { dir, version, percent } => releasing::stage(&dir, &version, percent),
        ReleaseTask::Withdraw { dir, version } => releasing::withdraw(&dir, &version),
    }
}

fn peer(task: PeerTask) -> anyhow::Result<ExitCode> {
    match task {
        PeerTask::Add { dir, key, name, address } => peering::add(&dir, &key, (&name, &address)),
        PeerTask::List { dir } => peering::list(&dir),
        PeerTask::Remove { dir, name, anyway } => {
            let anyway = if anyway { server::Anyway::Yes } else { server::Anyway::No };
            peering::remove(&dir, &name, anyway)
        }
        PeerTask::Pack { dir, to, file } => peering::pack(&dir, &to, &file),
        PeerTask::Unpack { dir, file } => peering::unpack(&dir, &file),
        PeerTask::Home { dir, org, name } => peering::home(&dir, &org, name.as_deref()),
    }
}

fn in_directory(task: DirectoryTask) -> anyhow::Result<ExitCode> {
    match task {
        DirectoryTask::List { dir } => listing::print(&dir),
        DirectoryTask::Put { file, dir } => listing::take(&dir, &file),
        DirectoryTask::Keeper(KeeperTask::Add { dir, org }) => keeping::add(&dir, &org),
        DirectoryTask::Keeper(KeeperTask::Remove { dir, org }) => keeping::remove(&dir, &org),
        DirectoryTask::Keeper(KeeperTask::List { dir }) => keeping::list(&dir),
        DirectoryTask::History { dir, org } => keeping::history(&dir, org.as_deref()),
    }
}
