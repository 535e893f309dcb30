use alcove_catalog::{Catalog, ingest};
use alcove_execution::{LoadedPlan, RunEvent, RunReport, RunSpec, Runner};
use alcove_host::{CancellationToken, RunLimits};
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    trigger::Trigger,
    value::{Timestamp, Value},
};
use alcove_platform::{Platform, ai::cassette::CassetteServer};
use alcove_store::Store;
use serde_json::Value as Json;

use super::{
    Scene,
    native::run_natively,
    report::to_json,
    sandbox::{sandbox, scripted_model},
};

/// What carries the program out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Executor {
    Wasm,
    Native,
}

/// A scene, set up.
pub(crate) struct Stage {
    pub(crate) runner: Runner,
    pub(crate) plan: LoadedPlan,
    /// May be changed before a run.
    pub(crate) spec: RunSpec,
    _model: Option<CassetteServer>,
}

impl Stage {
    /// Sets a scene up on this database, for the tenant `tenant_a`.
    pub(crate) async fn new(scene: &Scene, store: Store) -> Self {
        let bytes = scene.compile().unwrap_or_else(|problems| panic!("the app does not compile:\n{problems}"));
        let (model, provider) = match &scene.ai {
            Some(cassette) => {
                let (server, provider) = scripted_model(cassette).await;
                (Some(server), Some(provider))
            }
            None => (None, None),
        };
        let runner = Runner::new(sandbox(), Platform::new(store, Catalog::shipped()), provider);
        let plan = runner.load(&bytes).unwrap();
        let spec = spec(scene, plan.plan().settings.timeout_ms, event(scene, &plan.plan().trigger));
        let stage = Self { runner, plan, spec, _model: model };
        stage.load(&stage.spec.tenant, &scene.data).await;
        stage
    }

    /// Adds rows of a tenant: `{"users": […], "rooms": […]}`.
    pub(crate) async fn load(&self, tenant: &TenantId, data: &Json) {
        for (name, rows) in data.as_object().unwrap() {
            let connector = Catalog::shipped().connector(name).unwrap();
            let typed =
                |row| ingest::row(connector, row, self.spec.now).unwrap_or_else(|error| panic!("{name}: {error}"));
            let rows: Vec<Vec<Value>> = rows.as_array().unwrap().iter().map(typed).collect();
            self.runner.platform().load_rows(tenant, &self.spec.app, name, &rows).await.unwrap();
        }
    }

    /// Runs once; a delayed app once for each of its delays, and then gives a list.
    pub(crate) async fn run(&self, executor: Executor) -> Json {
        let Trigger::Delayed { delays, .. } = &self.plan.plan().trigger else {
            return to_json(&self.report(executor).await);
        };
        let mut reports = Vec::new();
        for (delay, _) in (0..).zip(delays) {
            let spec = RunSpec { delay: Some(delay), ..self.spec.clone() };
            reports.push(to_json(&self.report_of(executor, spec).await));
        }
        Json::Array(reports)
    }

    /// Runs once, with [`spec`](Self::spec) as it is.
    pub(crate) async fn report(&self, executor: Executor) -> RunReport {
        self.report_of(executor, self.spec.clone()).await
    }

    async fn report_of(&self, executor: Executor, spec: RunSpec) -> RunReport {
        match executor {
            Executor::Wasm => self.runner.run(&self.plan, spec).await.unwrap(),
            Executor::Native => run_natively(&self.runner, &self.plan, spec).await,
        }
    }
}

fn spec(scene: &Scene, timeout_ms: u32, event: Option<RunEvent>) -> RunSpec {
    RunSpec {
        tenant: TenantId::parse("tenant_a").unwrap(),
        app: AppId::parse("app").unwrap(),
        now: scene.now,
        event,
        request: String::new(),
        delay: None,
        chain_depth: scene.chain_depth,
        limits: RunLimits::language_defaults(timeout_ms),
        tier: scene.tier,
        dry_run: scene.dry_run,
        cancel: CancellationToken::new(),
    }
}

/// The event; a scheduled app without one is due now. The input of a manual app is untyped, like an event of apps.
fn event(scene: &Scene, trigger: &Trigger) -> Option<RunEvent> {
    let Some(file) = &scene.event else {
        return matches!(trigger, Trigger::Scheduled { .. }).then(|| RunEvent::due(scene.now, 0));
    };
    let text = |key: &str, default: &str| file.get(key).and_then(Json::as_str).unwrap_or(default).to_owned();
    let (name, id) = (text("type", "custom.input"), text("id", "evt_1"));
    let timestamp = file.get("timestamp").and_then(Json::as_str).and_then(Timestamp::parse).unwrap_or(scene.now);
    let ingested = ingest::event(Catalog::shipped(), &name, &file["payload"], &id, timestamp).unwrap();
    Some(RunEvent::ingested(&name, &id, ingested))
}
