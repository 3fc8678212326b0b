//! One line to PostgreSQL: opened when it is needed and again when it broke, used by one thread.
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

use super::sealed::{connector, settle};
use crate::fault::StorageFault;
use crate::storage::Found;

const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How long bytes may be on their way before the line counts as broken.
const SENT_WAIT: Duration = Duration::from_secs(30);
const ALIVE_AFTER: Duration = Duration::from_secs(30);
const ALIVE_EVERY: Duration = Duration::from_secs(10);
const ALIVE_TRIES: u32 = 3;

/// What a line is set to. A commit is on the disk before it is answered, whatever the server's own
/// settings say; plans are made once, and go by an index whatever was counted when the tables were
/// empty; nobody waits without end for a lock, and what a frozen process holds is freed.
const SETTINGS: &str = "
    SET synchronous_commit = on;
    SET plan_cache_mode = force_generic_plan;
    SET jit = off;
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET client_min_messages = warning";

/// Values of one statement.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// One statement on its way.
#[derive(Clone, Copy)]
pub(super) enum Step<'v> {
    /// A word that begins or ends something.
    Plain(&'static str),
    /// A statement whose plan is kept.
    Planned(&'static str, Values<'v>),
}

struct Open {
    runtime: Runtime,
    client: Client,
    /// By the place of their text, which never moves.
    statements: RefCell<BTreeMap<usize, Statement>>,
}

/// A line. It has a runtime of its own that only turns while somebody waits on it, so that nothing
/// is handed from thread to thread.
pub(super) struct Line {
    config: Arc<Config>,
    open: RefCell<Option<Open>>,
    /// Whether it was open before this use.
    was_used: Cell<bool>,
}

/// A configuration with the waits that a line must not be without.
pub(super) fn config_of(url: &str) -> Result<Config, tokio_postgres::Error> {
    let mut config: Config = url.parse()?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_WAIT);
    }
    if config.get_application_name().is_none() {
        config.application_name("vanthu-server");
    }
    settle(&mut config);
    config.tcp_user_timeout(SENT_WAIT);
    config.keepalives_idle(ALIVE_AFTER);
    config.keepalives_interval(ALIVE_EVERY);
    config.keepalives_retries(ALIVE_TRIES);
    Ok(config)
}

/// Lets a line work beside who uses it, until it ends.
fn turns(connection: impl Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static) {
    tokio::spawn(async move {
        if let Err(fault) = connection.await {
            tracing::debug!(%fault, "a line to the storage ended");
        }
    });
}

impl Open {
    fn connect(config: &Config) -> Found<Open> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(
            |source| StorageFault::Io {
                doing: "starting a line to the storage",
                path: std::path::PathBuf::new(),
                source,
            },
        )?;
        let doing = "opening a line";
        let said = |source| StorageFault::Line { doing, source };
        let client = runtime.block_on(async {
            let client = if config.get_ssl_mode() == SslMode::Disable {
                let (client, connection) = config.connect(NoTls).await.map_err(said)?;
                turns(connection);
                client
            } else {
                let (client, connection) = config.connect(connector()?).await.map_err(said)?;
                turns(connection);
                client
            };
            client.batch_execute(SETTINGS).await.map_err(said)?;
            Ok::<_, StorageFault>(client)
        })?;
        Ok(Open { runtime, client, statements: RefCell::default() })
    }

    async fn prepare(&self, sql: &'static str) -> Result<(), tokio_postgres::Error> {
        let place = sql.as_ptr() as usize;
        if !self.statements.borrow().contains_key(&place) {
            let statement = self.client.prepare(sql).await?;
            self.statements.borrow_mut().insert(place, statement);
        }
        Ok(())
    }

    async fn step(&self, step: Step<'_>) -> Result<Vec<Row>, tokio_postgres::Error> {
        match step {
            Step::Plain(sql) => self.client.batch_execute(sql).await.map(|()| Vec::new()),
            Step::Planned(sql, values) => {
                let place = sql.as_ptr() as usize;
                let statement = self.statements.borrow().get(&place).cloned();
                match statement {
                    Some(statement) => self.client.query(&statement, values).await,
                    // Every plan is made before the first step goes out.
                    None => self.client.query(sql, values).await,
                }
            }
        }
    }

    /// Sends all steps together and waits for all answers.
    fn run(&self, steps: &[Step<'_>]) -> Result<Vec<Vec<Row>>, tokio_postgres::Error> {
        self.runtime.block_on(async {
            for step in steps {
                if let Step::Planned(sql, _) = step {
                    self.prepare(sql).await?;
                }
            }
            let going = steps.iter().map(|step| Box::pin(self.step(*step)) as Going<'_, _>);
            in_order(going.collect()).await.into_iter().collect()
        })
    }
}

type Going<'g, T> = Pin<Box<dyn Future<Output = T> + 'g>>;

/// Waits for all; they are first asked in their order, so that they are sent in it.
async fn in_order<T>(mut going: Vec<Going<'_, T>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = going.iter().map(|_| None).collect();
    poll_fn(move |context| {
        let mut waits = false;
        for (slot, one) in done.iter_mut().zip(&mut going) {
            if slot.is_none() {
                match one.as_mut().poll(context) {
                    Poll::Ready(answer) => *slot = Some(answer),
                    Poll::Pending => waits = true,
                }
            }
        }
        if waits { Poll::Pending } else { Poll::Ready(done.drain(..).flatten().collect()) }
    })
    .await
}

impl Line {
    pub fn new(config: Arc<Config>) -> Line {
        Line { config, open: RefCell::new(None), was_used: Cell::new(false) }
    }

    fn opened<T>(&self, work: impl FnOnce(&Open) -> T) -> Found<T> {
        let mut open = self.open.borrow_mut();
        if open.is_none() {
            *open = Some(Open::connect(&self.config)?);
            self.was_used.set(false);
        }
        open.as_ref().map(work).ok_or(StorageFault::WriterGone)
    }

    /// Runs steps that go out together; none counts when one failed.
    pub fn run(&self, doing: &'static str, steps: &[Step<'_>]) -> Found<Vec<Vec<Row>>> {
        let ran = self.opened(|open| open.run(steps))?;
        self.was_used.set(true);
        ran.map_err(|source| StorageFault::Line { doing, source })
    }

    /// The same for the first steps of a transaction. A line that broke while nobody used it is
    /// opened again.
    pub fn begin(&self, doing: &'static str, steps: &[Step<'_>]) -> Found<Vec<Vec<Row>>> {
        let ran = self.run(doing, steps);
        match &ran {
            Err(StorageFault::Line { source, .. }) if is_broken(source) && self.was_used.get() => {
                self.hang_up();
                self.run(doing, steps)
            }
            Err(_) | Ok(_) => ran,
        }
    }

    /// Sends a word whose answer nobody waits for.
    pub fn send(&self, word: &'static str) {
        let sent = self.opened(|open| {
            open.runtime.block_on(async {
                let mut going = pin!(open.client.batch_execute(word));
                poll_fn(|context| {
                    let answered = going.as_mut().poll(context).is_ready();
                    Poll::Ready(answered)
                })
                .await;
                // The line writes it out while this yields.
                tokio::task::yield_now().await;
            });
        });
        if sent.is_err() {
            self.hang_up();
        }
    }

    /// Ends the line; the next use opens another one.
    pub fn hang_up(&self) {
        *self.open.borrow_mut() = None;
    }
}

/// Whether the line itself ended, and not only a statement on it.
fn is_broken(fault: &tokio_postgres::Error) -> bool {
    // 57P01 to 57P03: the database is stopping, or starting.
    let stops = fault.code().is_some_and(|code| code.code().starts_with("57P"));
    fault.is_closed() || stops || fault.as_db_error().is_none()
}
