//! A run of a tenant's app that performs nothing: it reads what is there, records what it would do, and leaves no
//! trace.

use alcove_host::RunLimits;
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    envelope::Digest,
    trigger::Trigger,
    value::{Timestamp, Value},
};

use crate::{
    AcceptError, Engine, LifecycleError, LoadedPlan, RunEvent, RunReport, RunSpec, Runner, SpecError,
    ingest::{MANUAL, input_of},
    trigger::RunInput,
};

/// Dry runs of a node at a time. Each takes a slot of the sandbox that a real run could have.
pub(crate) const DRY_RUNS_MAX: usize = 4;
/// The id of an event for which none is given.
const EVENT: &str = "dry-run";

/// What a dry run begins with.
#[derive(Clone, Copy, Debug)]
pub struct DryRun<'r> {
    /// Which version; `None`: the latest.
    pub version: Option<u32>,
    /// The payload of the event, or the input; null for none.
    pub input: &'r serde_json::Value,
    /// The id of the event; `None`: one that says what it is.
    pub event_id: Option<&'r str>,
    /// Which delay of a delayed app fires; `None`: all, in order.
    pub delay: Option<&'r str>,
    /// What time it is; `None`: what the node's clock says.
    pub now: Option<Timestamp>,
}

/// Why there is no dry run.
#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    /// There is no such app or version, or its plan does not load.
    #[error(transparent)]
    App(#[from] LifecycleError),
    /// The event or the input does not fit.
    #[error(transparent)]
    Input(#[from] AcceptError),
    /// It does not fit the app's trigger.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The app has no such delay.
    #[error("the app has no delay `{delay}`; it has {known}")]
    Delay {
        /// Which was asked for.
        delay: String,
        /// Those that there are.
        known: String,
    },
    /// As many dry runs as may be are on this node.
    #[error("{DRY_RUNS_MAX} dry runs are on this node already; try again in a moment")]
    Busy,
}

impl Engine {
    /// Runs a version of an app without performing anything, on the tenant's own data. One report, or one for each
    /// delay, with its id. Outputs of actions are null; what needs them goes on with null.
    pub async fn dry_run(
        &self,
        tenant: &TenantId,
        app: &AppId,
        dry: DryRun<'_>,
    ) -> Result<Vec<(Option<String>, RunReport)>, DryRunError> {
        let node = self.node();
        let _seat = node.dry_runs.try_acquire().map_err(|_| DryRunError::Busy)?;
        let row = self.app(tenant, app).await?;
        let number = dry.version.unwrap_or(row.version);
        let version = self.version(tenant, app, number).await?;
        let stored = |source| LifecycleError::Stored { version: number, source };
        let digest = Digest::from_hex(&version.digest)
            .ok_or_else(|| LifecycleError::NoVersion { app: app.clone(), version: number })?;
        let plan = node.plans.get(tenant, digest).await.map_err(stored)?;
        let now = dry.now.unwrap_or_else(|| node.clock.now());
        let spec = RunSpec {
            tenant: tenant.clone(),
            app: app.clone(),
            now,
            event: event(&plan, &dry, now)?,
            request: EVENT.to_owned(),
            delay: None,
            chain_depth: 0,
            limits: RunLimits::language_defaults(plan.plan().settings.timeout_ms),
            tier: None,
            dry_run: true,
            cancel: self.stopping().child_token(),
        };
        let runner = Runner::new(std::sync::Arc::clone(&node.runtime), node.platform.clone(), None);
        let mut reports = Vec::new();
        for (delay, spec) in specs(&plan, dry.delay, spec)? {
            reports.push((delay, runner.run(&plan, spec).await?));
        }
        Ok(reports)
    }
}

/// What the run sees as its event.
fn event(plan: &LoadedPlan, dry: &DryRun<'_>, now: Timestamp) -> Result<Option<RunEvent>, AcceptError> {
    let id = dry.event_id.unwrap_or(EVENT);
    let name = match &plan.plan().trigger {
        Trigger::Scheduled { .. } => return Ok(Some(RunEvent::due(now, 0))),
        Trigger::Manual => MANUAL,
        Trigger::Event { event } | Trigger::Delayed { event, .. } => event,
    };
    let RunInput { event: value, left_out } = input_of(plan, dry.input, id, now)?;
    let given = !matches!(value, Value::Null);
    Ok(given.then(|| RunEvent { name: name.to_owned(), id: id.to_owned(), value, left_out }))
}

/// The runs: one, or one for each delay that fires.
fn specs(
    plan: &LoadedPlan,
    wanted: Option<&str>,
    spec: RunSpec,
) -> Result<Vec<(Option<String>, RunSpec)>, DryRunError> {
    let delays: &[_] = match &plan.plan().trigger {
        Trigger::Delayed { delays, .. } => delays,
        _ => &[],
    };
    if wanted.is_none() && delays.is_empty() {
        return Ok(vec![(None, spec)]);
    }
    let fires = (0..).zip(delays).filter(|(_, delay)| wanted.is_none_or(|wanted| wanted == delay.id));
    let of_delay = |(at, id): (u32, &String)| (Some(id.clone()), RunSpec { delay: Some(at), ..spec.clone() });
    let chosen: Vec<_> = fires.map(|(at, delay)| of_delay((at, &delay.id))).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = delays.iter().map(|delay| delay.id.as_str()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { format!("`{}`", known.join("`, `")) };
        return Err(DryRunError::Delay { delay: wanted.unwrap_or_default().to_owned(), known });
    }
    Ok(chosen)
}
