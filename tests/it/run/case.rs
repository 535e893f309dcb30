//! A case of the corpus: read from its folder, run on a platform of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use alcove_catalog::{Catalog, ingest};
use alcove_compiler::compile;
use alcove_execution::{LoadedPlan, RunEvent, RunReport, RunSpec, Runner, Tier};
use alcove_host::{CancellationToken, RunLimits, Runtime, RuntimeConfig};
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    trigger::Trigger,
    value::{Timestamp, Value},
};
use alcove_platform::{
    Platform,
    ai::{
        Dialect, HttpProvider, Provider, ProviderConfig,
        cassette::{Cassette, CassetteServer},
    },
};
use alcove_store::Store;
use serde_json::{Value as Json, json};

use super::native::run_natively;

/// How a case is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Executor {
    Wasm,
    Native,
}

/// A case.
pub(crate) struct Case {
    folder: PathBuf,
    options: Json,
}

impl Case {
    pub(crate) fn read(folder: &Path) -> Self {
        let options = json_file(&folder.join("case.json")).unwrap_or_else(|| panic!("{folder:?} has no case.json"));
        Self { folder: folder.to_owned(), options }
    }

    /// Runs it and gives the report as JSON, without what depends on the machine.
    pub(crate) async fn run(&self, executor: Executor) -> Json {
        let (_server, ai) = match json_file(&self.folder.join("ai.json")) {
            Some(cassette) => {
                let (server, ai) = scripted(cassette.to_string().as_bytes()).await;
                (Some(server), Some(ai))
            }
            None => (None, None),
        };
        let runner = Runner::new(sandbox(), Platform::new(Store::open_memory().await.unwrap(), Catalog::shipped()), ai);
        let source = fs::read(self.folder.join("app.json")).unwrap();
        let compilation = compile(&source, Catalog::shipped());
        let compiled = compilation.compiled.unwrap_or_else(|| panic!("{:?}: {:?}", self.folder, compilation.diagnostics));
        let plan = runner.load(&compiled.bytes).unwrap();
        let spec = self.spec(&plan);
        self.load_rows(&runner, &spec).await;
        let delays: Vec<Option<u32>> = match &plan.plan().trigger {
            Trigger::Delayed { delays, .. } => (0..).zip(delays).map(|(at, _)| Some(at)).collect(),
            _ => vec![None],
        };
        let mut reports = Vec::new();
        for delay in delays {
            let spec = RunSpec { delay, ..spec.clone() };
            reports.push(to_json(&match executor {
                Executor::Wasm => runner.run(&plan, spec).await.unwrap(),
                Executor::Native => run_natively(&runner, &plan, spec).await,
            }));
        }
        if reports.len() == 1 { reports.remove(0) } else { Json::Array(reports) }
    }

    fn now(&self) -> Timestamp {
        let text = self.options.get("now").and_then(Json::as_str).unwrap_or("2026-11-16T08:00:00Z");
        Timestamp::parse(text).unwrap()
    }

    fn spec(&self, plan: &LoadedPlan) -> RunSpec {
        let tier = self.options.get("tier").and_then(Json::as_str);
        RunSpec {
            tenant: TenantId::parse("tenant_a").unwrap(),
            app: AppId::parse("app").unwrap(),
            now: self.now(),
            event: self.event(plan),
            delay: None,
            chain_depth: self.options.get("chain_depth").and_then(Json::as_u64).unwrap_or(0).try_into().unwrap(),
            limits: RunLimits::language_defaults(plan.plan().settings.timeout_ms),
            tier: tier.map(|name| Tier::ALL.into_iter().find(|tier| tier.name() == name).unwrap()),
            dry_run: self.options.get("dry_run") == Some(&json!(true)),
            cancel: CancellationToken::new(),
        }
    }

    fn event(&self, plan: &LoadedPlan) -> Option<RunEvent> {
        if matches!(plan.plan().trigger, Trigger::Scheduled { .. }) {
            return Some(RunEvent::due(self.now(), 0));
        }
        let file = json_file(&self.folder.join("event.json"))?;
        let name = file["type"].as_str().unwrap();
        let value = ingest::event(Catalog::shipped(), name, &file["payload"], "evt_1", self.now()).unwrap().event;
        Some(RunEvent { name: name.to_owned(), id: "evt_1".to_owned(), value })
    }

    async fn load_rows(&self, runner: &Runner, spec: &RunSpec) {
        let Some(Json::Object(tables)) = json_file(&self.folder.join("data.json")) else { return };
        for (name, rows) in tables {
            let connector = Catalog::shipped().connector(&name).unwrap();
            let rows: Vec<Vec<Value>> = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| ingest::row(connector, row, spec.now).unwrap_or_else(|error| panic!("{name}: {error}")))
                .collect();
            runner.platform().load_rows(&spec.tenant, &spec.app, &name, &rows).await.unwrap();
        }
    }
}

/// The sandbox of the test process.
pub(crate) fn sandbox() -> Arc<Runtime> {
    static SANDBOX: OnceLock<Arc<Runtime>> = OnceLock::new();
    let start = || {
        let config = RuntimeConfig::embedded(None);
        Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
    };
    Arc::clone(SANDBOX.get_or_init(start))
}

async fn scripted(cassette: &[u8]) -> (CassetteServer, Arc<dyn Provider>) {
    let server = CassetteServer::start(Cassette::parse(cassette).unwrap()).await.unwrap();
    let provider = HttpProvider::new(ProviderConfig {
        dialect: Dialect::Anthropic,
        base_url: server.base_url().to_owned(),
        model: "model".to_owned(),
        key: "key".to_owned(),
    });
    (server, Arc::new(provider.unwrap()))
}

/// The JSON of a file; `None` where there is none.
pub(crate) fn json_file(path: &Path) -> Option<Json> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}")))
}

/// The report as users see it, bar `usage`.
pub(crate) fn to_json(report: &RunReport) -> Json {
    let error = report.error.as_ref().map(|error| {
        let limit = error.limit.as_ref().map(|limit| json!({ "name": limit.name, "value": limit.value }));
        json!({ "code": error.code.as_str(), "path": error.path, "message": error.message, "limit": limit })
    });
    let effects = report.effects.iter().map(|effect| {
        json!({
            "effect_id": effect.effect_id.as_str(),
            "action": effect.action,
            "params": ingest::to_json(&effect.params),
            "result": ingest::to_json(&effect.result),
        })
    });
    let log = report.log.iter().map(|entry| {
        json!({ "level": format!("{:?}", entry.level).to_lowercase(), "path": entry.path, "message": entry.message })
    });
    json!({
        "status": report.status.name(),
        "error": error,
        "effects": effects.collect::<Vec<_>>(),
        "log": log.collect::<Vec<_>>(),
        "result": ingest::to_json(&report.result),
    })
}
