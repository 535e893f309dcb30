//! What the measurements share: the sandbox, plans, what runs begin with, a community.

use std::{path::PathBuf, sync::Arc};

use alcove_catalog::{Catalog, ingest};
use alcove_compiler::compile;
use alcove_execution::{LoadedPlan, RunEvent, RunReport, RunSpec, Runner, Status};
use alcove_host::{CancellationToken, RunLimits, Runtime, RuntimeConfig};
use alcove_ids::{AppId, TenantId};
use alcove_plan::value::{Timestamp, Value};
use alcove_platform::Platform;
use alcove_store::Store;
use anyhow::{Context, Result, ensure};
use serde_json::json;

pub(crate) const TENANT: &str = "tenant";
/// 2026-11-16T08:00:00Z.
const NOW_MICROS: i64 = 1_794_816_000_000_000;

/// The executor, ready to run.
pub(crate) struct Sandbox {
    pub(crate) runtime: Arc<Runtime>,
}

impl Sandbox {
    pub(crate) fn start() -> Result<Self> {
        Self::start_with(None)
    }

    /// With the machine code that is kept in this directory; if there is none, it is kept there.
    pub(crate) fn start_with(code: Option<PathBuf>) -> Result<Self> {
        let runtime = Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &RuntimeConfig::embedded(code))?;
        Ok(Self { runtime: Arc::new(runtime) })
    }

    /// Runs apps on this database.
    pub(crate) fn runner(&self, store: Store) -> Runner {
        Runner::new(Arc::clone(&self.runtime), Platform::new(store, Catalog::shipped()), None)
    }
}

/// An app, compiled, verified and prepared, and all that its runs have in common.
pub(crate) struct App {
    runner: Runner,
    plan: LoadedPlan,
    base: RunSpec,
}

impl App {
    pub(crate) fn load(runner: Runner, source: &str) -> Result<Self> {
        let compilation = compile(source.as_bytes(), Catalog::shipped());
        let compiled = compilation.compiled.with_context(|| format!("{:?}", compilation.diagnostics))?;
        let plan = runner.load(&compiled.bytes)?;
        let base = RunSpec {
            tenant: TenantId::parse(TENANT)?,
            app: AppId::parse("app")?,
            now: instant(0)?,
            event: None,
            request: String::new(),
            delay: None,
            chain_depth: 0,
            limits: RunLimits::language_defaults(plan.plan().settings.timeout_ms),
            tier: None,
            dry_run: false,
            cancel: CancellationToken::new(),
        };
        Ok(Self { runner, plan, base })
    }

    /// Runs it, as an execution of its own for each `number`.
    pub(crate) async fn run(&self, number: u32, event: Option<RunEvent>) -> Result<RunReport> {
        let spec = RunSpec { now: instant(number)?, event, ..self.base.clone() };
        let report = self.runner.run(&self.plan, spec).await?;
        ensure!(report.status == Status::Succeeded, "the run failed: {:?}", report.error);
        Ok(report)
    }
}

/// One second after the other.
fn instant(number: u32) -> Result<Timestamp> {
    Timestamp::from_micros(NOW_MICROS + i64::from(number) * 1_000_000).context("an instant out of range")
}

/// Adds `count` members, whose XP are 0, 1, 2 … in no order.
pub(crate) async fn settle(platform: &Platform, count: u32) -> Result<()> {
    let connector = Catalog::shipped().connector("users").context("the catalog has no members")?;
    let row = |number: u32| {
        // Coprime to any count below it, so that each number comes once.
        let xp = u64::from(number) * 7_919 % u64::from(count);
        let json = json!({ "id": user_id(number), "name": format!("Member {number}"), "xp_total": xp });
        ingest::row(connector, &json, instant(0)?).map_err(anyhow::Error::from)
    };
    let rows = (0..count).map(row).collect::<Result<Vec<Vec<Value>>>>()?;
    let (tenant, app) = (TenantId::parse(TENANT)?, AppId::parse("app")?);
    Ok(platform.load_rows(&tenant, &app, "users", &rows).await?)
}

pub(crate) fn user_id(number: u32) -> String {
    format!("user_{number:05}")
}

/// An event of the catalog, different for each `number`.
pub(crate) fn event(name: &str, payload: &serde_json::Value, number: u32) -> Result<RunEvent> {
    let id = format!("evt_{number}");
    Ok(RunEvent::ingested(name, &id, ingest::event(Catalog::shipped(), name, payload, &id, instant(0)?)?))
}
