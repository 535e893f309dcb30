//! `alcove serve`.

mod callers;
mod log;
mod node;
mod outside;
mod shops;
mod stop;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use alcove_api::{Authentication, RequestLimit, ServerLimits};
use alcove_control::{Control, Shops};
use alcove_execution::{Engine, EngineConfig, EngineParts, Outside, Planted, SystemClock};
use alcove_ids::NodeId;
use alcove_store::{Store, StoreOptions, Synchronous};
use anyhow::Context;
use clap::ValueEnum;
use tokio::net::TcpListener;

use super::{Exit, Format, complaint::Complaint};
use crate::{sandbox, terminal::Terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The database: `sqlite:FILE`, or `postgres://…`, which several nodes may share.
    #[arg(long, value_name = "URL")]
    database: String,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Who may call beside those whose keys are stored (`alcove admin`), a JSON file: `{"keys": [{"key", "tenant",
    /// "subject": {"kind": "person|key|agent", "id"}, "roles"}]}`.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Instead of keys: everybody on this machine is the admin of this tenant.
    #[arg(long, value_name = "TENANT")]
    dev_tenant: Option<String>,
    /// Shops whose webhooks are accepted, a JSON file: `{"shops": [{"domain", "tenant", "currency", "secrets"}]}`.
    #[arg(long, value_name = "FILE")]
    shops: Option<PathBuf>,
    /// The node's name in logs and leases; otherwise one is made.
    #[arg(long)]
    node: Option<String>,
    #[command(flatten)]
    egress: outside::EgressArgs,
    /// How long the node's lease lasts; another node takes over that much later at most.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    lease: u64,
    /// Runs at a time.
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = clap::value_parser!(u32).range(1..=4_096))]
    runs: u32,
    /// Requests of one tenant in a second; more are refused (429).
    #[arg(long, value_name = "NUMBER", default_value_t = RequestLimit::default().per_second)]
    requests_per_second: NonZeroU32,
    /// Requests of one tenant at once, after a pause.
    #[arg(long, value_name = "NUMBER", default_value_t = RequestLimit::default().burst)]
    requests_at_once: NonZeroU32,
    /// A defect on purpose, for the crash harness.
    #[arg(long, hide = true)]
    plant_defect: Option<String>,
    /// When a commit counts as done; `off` is for tests that kill processes, never for data that somebody needs.
    #[arg(long, hide = true, value_enum, default_value = "full")]
    synchronous: When,
    /// How to print complaints.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// When it is on the disk.
    Full,
    /// When the operating system has it.
    Off,
}

/// How long requests may go on before the engine stops, which ends what they wait for.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a server begins with, checked.
struct Setup {
    callers: Authentication,
    shops: Arc<dyn Shops>,
    outside: Outside,
    config: EngineConfig,
    node: NodeId,
    requests: RequestLimit,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let setup = match setup(args) {
        Ok(setup) => setup,
        Err(complaint) => return Ok(complaint.report(args.format, terminal)),
    };
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let tokio = tokio.context("the async runtime cannot start")?;
    tokio.block_on(serve(args, setup, terminal))
}

fn setup(args: &Args) -> Result<Setup, Complaint> {
    let callers = callers::callers(args.keys.as_deref(), args.dev_tenant.as_deref(), args.listen)?;
    let shops = shops::shops(args.shops.as_deref())?;
    let outside = outside::outside(&args.egress, args.dev_tenant.is_some())?;
    let node = match &args.node {
        Some(name) => NodeId::parse(name).map_err(|error| Complaint::caused("usage", "--node", &error))?,
        None => node::by_chance()?,
    };
    let planted = args.plant_defect.as_deref().map(planted).transpose()?;
    let lease = Duration::from_secs(args.lease);
    let config = EngineConfig { lease, runs_max: args.runs, planted, ..EngineConfig::default() };
    let requests = RequestLimit { per_second: args.requests_per_second, burst: args.requests_at_once };
    Ok(Setup { callers, shops, outside, config, node, requests })
}

fn planted(name: &str) -> Result<Planted, Complaint> {
    Planted::named(name).ok_or_else(|| {
        let names = Planted::ALL.map(Planted::name).join(", ");
        Complaint::new("usage", "--plant-defect", "", format!("`{name}` is not a defect; there are {names}"))
    })
}

/// Serves until a signal says to stop; then finishes what was begun, and gives the rest back.
async fn serve(args: &Args, setup: Setup, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    log::start();
    let mut signals = stop::Signals::listen().context("signals cannot be listened to")?;
    let options = StoreOptions {
        synchronous: match args.synchronous {
            When::Full => Synchronous::Full,
            When::Off => Synchronous::Off,
        },
    };
    let store = Store::open(&args.database, &options).await?;
    if store.passes_the_wall().await? {
        tracing::warn!(
            "the database's role is a superuser or has BYPASSRLS, so that row-level security does not keep tenants \
             apart; connect as an ordinary role that owns the database"
        );
    }
    let drain = setup.config.drain;
    let engine = Engine::start(EngineParts {
        name: setup.node,
        store: store.clone(),
        runtime: Arc::new(sandbox::runtime_of(setup.config.runs_max)?),
        outside: setup.outside,
        clock: Arc::new(SystemClock),
        config: setup.config,
    });
    let engine = Arc::new(engine.await.context("the engine cannot start")?);
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("{} is not free", args.listen))?;
    let address = listener.local_addr().context("the socket has no address")?;
    terminal.line(&format!("listening on http://{address}"));

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let control = Control::new(Arc::clone(&engine)).with_shops(setup.shops);
    let stopping = async move { drop(stopped.await) };
    let limits = ServerLimits { tenant: setup.requests, ..ServerLimits::default() };
    let mut server = tokio::spawn(alcove_api::serve(listener, control, setup.callers, limits, stopping));
    tracing::info!(%address, "serving");
    let signal = signals.next().await;
    tracing::info!(signal, "stopping");
    drop(stop);
    let finish = async {
        // What was begun is finished. Callers who wait for a run are told after a moment that it goes on.
        let served = tokio::time::timeout(PATIENCE, &mut server).await;
        let given_back = engine.shut_down().await;
        let served = match served {
            Ok(served) => served,
            Err(_) => server.await,
        };
        (given_back, served)
    };
    tokio::select! {
        finished = tokio::time::timeout(drain * 2, finish) => if let Ok((given_back, served)) = finished {
            served.context("the server has failed")?.context("the server has failed")?;
            given_back.context("the node's lease was not given back; others wait until it ends")?;
        } else {
            tracing::warn!("connections were left open");
        },
        signal = signals.next() => tracing::warn!(signal, "stopping at once"),
    }
    store.close().await;
    Ok(Exit::Done)
}
