//! The demo: a community, the seven starter apps, and what each of them did to it.

mod apps;
mod show;

use std::path::Path;

use alcove_catalog::{Catalog, ingest};
use alcove_compiler::compile;
use alcove_execution::{RunEvent, RunReport, RunSpec, Runner, Status};
use alcove_host::{CancellationToken, RunLimits};
use alcove_ids::{AppId, TenantId};
use alcove_plan::{trigger::Trigger, value::Timestamp};
use alcove_platform::ai::cassette::Cassette;
use alcove_store::Store;
use anyhow::{Context, bail, ensure};

use crate::{
    cli::{Exit, source},
    clock, community, sandbox,
    terminal::Terminal,
};
use apps::StarterApp;

/// A Monday morning, 8 o'clock in Paris: the demo is the same on every day.
const NOW: &str = "2026-11-16T07:00:00Z";
const TENANT: &str = "demo";

/// Runs it: on a temporary database, or on one that stays.
pub(crate) async fn run(database: Option<&Path>, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let path = database.map_or_else(|| folder.path().join("demo.db"), Path::to_owned);
    ensure!(!path.exists(), "{} exists already; give the demo a file of its own", path.display());
    let now = Timestamp::parse(NOW).context("the demo's date")?;
    let tenant = TenantId::parse(TENANT)?;

    let store = Store::open_file(&path).await?;
    let (_server, ai) = sandbox::scripted_ai(Cassette::parse(apps::CASSETTE.as_bytes())?).await?;
    let started = clock::stopwatch();
    let runner = sandbox::runner(store, Some(ai))?;
    let sandbox_ready = started.elapsed();
    let started = clock::stopwatch();
    let census = community::settle(runner.platform(), &tenant, &AppId::parse("community")?, now).await?;
    show::opening(&census, started.elapsed(), sandbox_ready, terminal);

    let mut all_succeeded = true;
    for app in &apps::STARTER_APPS {
        all_succeeded &= perform(app, &runner, &tenant, now, terminal).await?;
    }
    show::closing(database, terminal);
    Ok(if all_succeeded { Exit::Done } else { Exit::Failed })
}

/// Compiles one app and runs it, once for each of its events.
async fn perform(
    app: &StarterApp,
    runner: &Runner,
    tenant: &TenantId,
    now: Timestamp,
    terminal: &mut Terminal,
) -> anyhow::Result<bool> {
    let started = clock::stopwatch();
    let compilation = compile(app.config.as_bytes(), Catalog::shipped());
    let Some(compiled) = &compilation.compiled else {
        bail!("{}", source::drawn(&compilation, app.folder, terminal));
    };
    let compile_time = started.elapsed();
    let plan = runner.load(&compiled.bytes)?;
    show::app(&plan, compiled.bytes.len(), compile_time, terminal);
    let mut all_succeeded = true;
    for event in events(app, &plan.plan().trigger, now)? {
        let spec = RunSpec {
            tenant: tenant.clone(),
            app: AppId::parse(app.folder)?,
            now,
            event: Some(event),
            request: String::new(),
            delay: None,
            chain_depth: 0,
            limits: RunLimits::language_defaults(plan.plan().settings.timeout_ms),
            tier: None,
            dry_run: false,
            cancel: CancellationToken::new(),
        };
        let event = spec.event.clone();
        let report: RunReport = runner.run(&plan, spec).await?;
        all_succeeded &= report.status != Status::Failed;
        show::report(event.as_ref(), &report, terminal);
    }
    Ok(all_succeeded)
}

fn events(app: &StarterApp, trigger: &Trigger, now: Timestamp) -> anyhow::Result<Vec<RunEvent>> {
    let Some(name) = trigger.event() else { return Ok(vec![RunEvent::due(now, 0)]) };
    let event = |(number, payload): (usize, &&str)| {
        let id = format!("demo_{}_{number}", app.folder);
        let payload = serde_json::from_str(payload)?;
        Ok(RunEvent::ingested(name, &id, ingest::event(Catalog::shipped(), name, &payload, &id, now)?))
    };
    app.payloads.iter().enumerate().map(event).collect()
}
