//! `alcove run`: one app, embedded, on an in-memory platform.

mod event;
mod human;
mod inputs;

use std::path::PathBuf;

use alcove_execution::{LoadedPlan, RunReport, RunSpec, Runner, Status};
use alcove_host::{CancellationToken, RunLimits};
use alcove_ids::{AppId, TenantId};
use alcove_plan::trigger::Trigger;
use alcove_platform::ai::cassette::CassetteServer;
use alcove_store::Store;
use anyhow::Context;

use super::{Exit, Format, complaint::Complaint, source};
use crate::{sandbox, terminal::Terminal};
use inputs::Inputs;

/// Whose run it is, without a server.
const TENANT: &str = "local";
/// Which app it is, without a server.
const APP: &str = "app";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app (JSON) or the plan, or `-` for standard input.
    app: PathBuf,
    /// The event, a JSON file: `{"type", "id"?, "timestamp"?, "payload"}`.
    #[arg(long)]
    event: Option<PathBuf>,
    /// Rows to begin with, a JSON file: `{"users": […], "rooms": […]}`.
    #[arg(long)]
    data: Option<PathBuf>,
    /// What time it is, RFC 3339; otherwise what the clock says.
    #[arg(long)]
    now: Option<String>,
    /// Record effects instead of performing them.
    #[arg(long)]
    dry_run: bool,
    /// Hold the run to the quotas of a tier: free, starter, pro, enterprise.
    #[arg(long)]
    tier: Option<String>,
    /// Which delay of a delayed app fires; otherwise all, in order.
    #[arg(long)]
    delay: Option<String>,
    /// Scripted answers for AI actions, a JSON file; otherwise the provider of the `ALCOVE_AI_*` variables.
    #[arg(long)]
    ai: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// What stops a run before it begins.
enum Stop {
    /// It was said already.
    Said(Exit),
    /// It must be said.
    Complaint(Complaint),
}

impl From<Complaint> for Stop {
    fn from(complaint: Complaint) -> Self {
        Self::Complaint(complaint)
    }
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the async runtime cannot start")?;
    tokio.block_on(embedded(args, terminal))
}

async fn embedded(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let inputs = match Inputs::read(args, terminal) {
        Ok(inputs) => inputs,
        Err(Stop::Said(exit)) => return Ok(exit),
        Err(Stop::Complaint(complaint)) => return Ok(complaint.report(args.format, terminal)),
    };
    let (server, ai) = match &inputs.cassette {
        Some(cassette) => {
            let (server, ai) = sandbox::scripted_ai(cassette.clone()).await?;
            (Some(server), Some(ai))
        }
        None => (None::<CassetteServer>, sandbox::configured_ai()?),
    };
    let runner = sandbox::runner(Store::open_memory().await?, ai)?;
    let done = match prepare(args, &inputs, &runner).await {
        Ok((plan, specs)) => report(args, &runner, &plan, specs, terminal).await,
        Err(complaint) => Ok(complaint.report(args.format, terminal)),
    };
    drop(server);
    done
}

/// Loads plan and data, and says what is to be run: one spec, or one for each delay.
async fn prepare(
    args: &Args,
    inputs: &Inputs,
    runner: &Runner,
) -> Result<(LoadedPlan, Vec<(Option<String>, RunSpec)>), Complaint> {
    let file = source::name(&args.app);
    let plan = runner.load(&inputs.plan).map_err(|error| Complaint::caused("invalid-plan", &file, &error))?;
    let (tenant, app) = scope()?;
    for (connector, rows) in &inputs.rows {
        let loaded = runner.platform().load_rows(&tenant, &app, connector, rows).await;
        loaded.map_err(|error| Complaint::caused("invalid-data", &inputs.data_name, &error))?;
    }
    let event = inputs.event(plan.plan())?;
    let spec = RunSpec {
        tenant,
        app,
        now: inputs.now,
        event,
        request: String::new(),
        delay: None,
        chain_depth: 0,
        limits: RunLimits::language_defaults(plan.plan().settings.timeout_ms),
        tier: inputs.tier,
        dry_run: args.dry_run,
        cancel: CancellationToken::new(),
    };
    Ok((plan.clone(), specs(args, plan.plan().trigger.clone(), spec)?))
}

fn scope() -> Result<(TenantId, AppId), Complaint> {
    let ids = TenantId::parse(TENANT).and_then(|tenant| Ok((tenant, AppId::parse(APP)?)));
    ids.map_err(|error| Complaint::caused("usage", "", &error))
}

fn specs(args: &Args, trigger: Trigger, spec: RunSpec) -> Result<Vec<(Option<String>, RunSpec)>, Complaint> {
    let usage = |message: String| Complaint::new("usage", "--delay", "", message);
    let Trigger::Delayed { delays, .. } = trigger else {
        return match &args.delay {
            Some(_) => Err(usage(format!("the app is not delayed, its trigger is `{}`", trigger.kind()))),
            None => Ok(vec![(None, spec)]),
        };
    };
    let chosen: Vec<_> = (0..)
        .zip(&delays)
        .filter(|(_, delay)| args.delay.as_ref().is_none_or(|wanted| *wanted == delay.id))
        .map(|(at, delay)| (Some(delay.id.clone()), RunSpec { delay: Some(at), ..spec.clone() }))
        .collect();
    if chosen.is_empty() {
        let known: Vec<&str> = delays.iter().map(|delay| delay.id.as_str()).collect();
        return Err(usage(format!("there is no such delay; the app has {}", known.join(", "))));
    }
    Ok(chosen)
}

async fn report(
    args: &Args,
    runner: &Runner,
    plan: &LoadedPlan,
    specs: Vec<(Option<String>, RunSpec)>,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let mut reports: Vec<(Option<String>, RunReport)> = Vec::with_capacity(specs.len());
    for (delay, spec) in specs {
        match runner.run(plan, spec).await {
            Ok(report) => reports.push((delay, report)),
            Err(error) => return Ok(Complaint::caused("usage", "--event", &error).report(args.format, terminal)),
        }
    }
    match args.format {
        Format::Json => terminal.json(&RunReport::all_to_json(&reports).to_string()),
        Format::Human => {
            for (delay, report) in &reports {
                human::print(plan.plan(), delay.as_deref(), report, terminal);
            }
        }
    }
    let failed = reports.iter().any(|(_, report)| report.status == Status::Failed);
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
