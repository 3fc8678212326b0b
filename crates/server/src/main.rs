//! The operator's command line: `vanthu-server`.

mod operator;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Máy chủ Văn Thư: sổ chung của các cơ quan.
#[derive(Parser)]
#[command(name = "vanthu-server", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Lập một máy chủ mới trong thư mục.
    Init {
        /// Thư mục của máy chủ.
        dir: PathBuf,
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
    },
    /// Việc với các cơ quan.
    #[command(subcommand)]
    Org(OrgTask),
    /// Xem các cơ quan và máy của họ.
    Status {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
    /// Kiểm tra toàn bộ: chuỗi, chữ ký, từng quyết định, từng số.
    Verify {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum OrgTask {
    /// In một mã để một cơ quan đưa sổ của mình lên máy chủ.
    Create {
        /// Thư mục của máy chủ.
        dir: PathBuf,
    },
}

fn main() -> ExitCode {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    let Arguments { task } = Arguments::parse();
    let ran = match task {
        Task::Init { dir } => operator::init(&dir),
        Task::Serve { dir, listen, certificate, key } => {
            operator::serve(&dir, listen, certificate.zip(key))
        }
        Task::Org(OrgTask::Create { dir }) => operator::create_org(&dir),
        Task::Status { dir } => operator::status(&dir),
        Task::Verify { dir } => operator::verify(&dir),
    };
    match ran {
        Ok(code) => code,
        Err(fault) => {
            tracing::error!("{fault:#}");
            eprintln!("{}", words::broke(&fault));
            ExitCode::FAILURE
        }
    }
}
