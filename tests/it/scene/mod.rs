//! A run of a whole app on a platform of its own, in the sandbox and natively: what most tests here begin with.

mod native;
mod report;
mod sandbox;
mod stage;

pub(crate) use report::to_json;
pub(crate) use sandbox::sandbox;
pub(crate) use stage::{Executor, Stage};

use alcove_catalog::Catalog;
use alcove_compiler::{compile, diagnostic::Severity};
use alcove_execution::Tier;
use alcove_plan::value::Timestamp;
use alcove_store::Store;
use serde_json::{Value as Json, json};

/// What a run begins with, as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) app: Vec<u8>,
    pub(crate) data: Json,
    pub(crate) event: Option<Json>,
    pub(crate) ai: Option<Json>,
    pub(crate) now: Timestamp,
    pub(crate) tier: Option<Tier>,
    pub(crate) dry_run: bool,
    pub(crate) chain_depth: u32,
}

impl Scene {
    /// An app alone: no rows, no event, no model, on a Monday morning.
    pub(crate) fn new(app: impl Into<Vec<u8>>) -> Self {
        Self {
            app: app.into(),
            data: json!({}),
            event: None,
            ai: None,
            now: Timestamp::parse("2026-11-16T07:00:00Z").unwrap(),
            tier: None,
            dry_run: false,
            chain_depth: 0,
        }
    }

    /// A manual app with these steps and actions.
    pub(crate) fn manual(pipeline: &Json, actions: &Json) -> Self {
        Self::triggered(&json!({ "type": "manual" }), pipeline, actions)
    }

    /// An app with this trigger, these steps and actions.
    pub(crate) fn triggered(trigger: &Json, pipeline: &Json, actions: &Json) -> Self {
        let app = json!({
            "schema": "alcove/app@1",
            "name": "App",
            "trigger": trigger,
            "pipeline": pipeline,
            "actions": actions,
        });
        Self::new(app.to_string())
    }

    pub(crate) fn data(self, data: Json) -> Self {
        Self { data, ..self }
    }

    pub(crate) fn event(self, name: &str, payload: &Json) -> Self {
        Self { event: Some(json!({ "type": name, "payload": payload })), ..self }
    }

    pub(crate) fn ai(self, cassette: Json) -> Self {
        Self { ai: Some(cassette), ..self }
    }

    /// The sealed plan, or codes and messages of what is wrong with the app.
    pub(crate) fn compile(&self) -> Result<Vec<u8>, String> {
        let compilation = compile(&self.app, Catalog::shipped());
        if let Some(compiled) = compilation.compiled {
            return Ok(compiled.bytes);
        }
        let errors = compilation.diagnostics.iter().filter(|found| found.code.severity() == Severity::Error);
        let lines = errors.map(|found| format!("{}: {}", found.code.as_str(), found.message));
        Err(lines.collect::<Vec<_>>().join("\n"))
    }

    /// The plan loaded and the rows in place, on a new database.
    pub(crate) async fn stage(&self) -> Stage {
        Stage::new(self, Store::open_memory().await.unwrap()).await
    }

    /// Runs it in the sandbox and natively, each on a database of its own. Both must report the same.
    pub(crate) async fn run(&self) -> Json {
        let sandboxed = self.stage().await.run(Executor::Wasm).await;
        let native = self.stage().await.run(Executor::Native).await;
        assert_eq!(sandboxed, native, "left: the sandbox, right: the native executor");
        sandboxed
    }
}
