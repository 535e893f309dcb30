//! A database with engines on it, under one simulated clock.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use alcove_catalog::Catalog;
use alcove_execution::{
    Clock, Engine, EngineConfig, EngineParts, IncomingEvent, Outside, Reply, SimulatedClock, Submission,
};
use alcove_host::{Runtime, RuntimeConfig};
use alcove_ids::{AppId, NodeId, TenantId};
use alcove_journal::transition::{Subject, SubjectKind};
use alcove_plan::value::Timestamp;
use alcove_store::{
    Sql, SqlValue, Statement, Store, StoreOptions,
    tables::executions::{Filter, Row},
};
use serde_json::{Value as Json, json};

/// How long something may take that should happen at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A database, and the time.
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    pub(crate) clock: SimulatedClock,
    pub(crate) config: EngineConfig,
    _server: Option<alcove_test_postgres::Database<'static>>,
}

/// One world for each database, at this time.
pub(crate) async fn worlds(now: &str) -> Vec<World> {
    vec![sqlite(now).await, postgres(now).await]
}

pub(crate) async fn sqlite(now: &str) -> World {
    world("sqlite", Store::open_memory().await.unwrap(), now, None)
}

pub(crate) async fn postgres(now: &str) -> World {
    let server = alcove_test_postgres::fresh_database().unwrap();
    let store = Store::open(server.url(), &StoreOptions::DURABLE).await.unwrap();
    world("postgres", store, now, Some(server))
}

fn world(
    name: &'static str,
    store: Store,
    now: &str,
    server: Option<alcove_test_postgres::Database<'static>>,
) -> World {
    World { name, store, clock: SimulatedClock::new(at(now)), config: EngineConfig::default(), _server: server }
}

impl World {
    /// Starts an engine.
    pub(crate) async fn engine(&self, node: &str) -> Engine {
        let parts = EngineParts {
            name: NodeId::parse(node).unwrap(),
            store: self.store.clone(),
            runtime: sandbox(),
            outside: Outside::default(),
            clock: Arc::new(self.clock.clone()),
            config: self.config.clone(),
        };
        Engine::start(parts).await.unwrap()
    }

    pub(crate) fn advance_to(&self, now: &str) {
        self.clock.advance_to(at(now));
    }

    /// The rows of a query that ends with the tenant.
    pub(crate) async fn rows(&self, sql: &'static str) -> Vec<Vec<SqlValue>> {
        self.store.query(&Statement::new(Sql::fixed(sql), Vec::new())).await.unwrap()
    }

    /// The number that a query gives.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        match self.rows(sql).await[0][0] {
            SqlValue::Int(n) => n,
            ref other => panic!("{sql}: {other:?}"),
        }
    }

    /// Performs statements.
    pub(crate) async fn perform(&self, sql: &'static str, params: Vec<SqlValue>) {
        let mut transaction = self.store.begin().await.unwrap();
        transaction.for_all_tenants();
        transaction.execute(&Sql::fixed(sql), &params).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// All runs, the first first.
    pub(crate) async fn runs(&self, engine: &Engine) -> Vec<Row> {
        let mut runs = engine.executions(&tenant(), &Filter::default(), 10_000).await.unwrap();
        runs.sort_by(|a, b| (a.queued_at, a.delay, &a.app).cmp(&(b.queued_at, b.delay, &b.app)));
        runs
    }

    /// Waits until there are so many runs, and all of them have ended or wait.
    pub(crate) async fn settled(&self, engine: &Engine, count: usize) -> Vec<Row> {
        self.until(&format!("{count} runs that have settled"), async || {
            let runs = self.runs(engine).await;
            let open = runs.iter().filter(|run| matches!(run.state.as_str(), "queued" | "running")).count();
            assert!(runs.len() <= count, "{}: {} runs, not {count}", self.name, runs.len());
            (runs.len() == count && open == 0).then_some(runs)
        })
        .await
    }

    /// Waits until something is so.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let wait = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, wait).await;
        found.unwrap_or_else(|_| panic!("{}: waited in vain for {what} at {}", self.name, self.clock.now()))
    }

    /// Long enough for something to happen that must not.
    pub(crate) async fn linger(&self) {
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

/// The sandbox of the test process. Its machine code is kept between processes.
fn sandbox() -> Arc<Runtime> {
    static SANDBOX: OnceLock<Arc<Runtime>> = OnceLock::new();
    let start = || {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("machine-code");
        let config = RuntimeConfig::embedded(Some(cache));
        Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
    };
    Arc::clone(SANDBOX.get_or_init(start))
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

pub(crate) fn app(id: &str) -> AppId {
    AppId::parse(id).unwrap()
}

pub(crate) fn ada() -> Subject {
    Subject { kind: SubjectKind::Person, id: "ada".to_owned() }
}

/// An app that writes down what it is started with.
pub(crate) fn keeping(trigger: &Json, key: &str, value: &str) -> Json {
    let action = json!({"type": "set_state", "params": {"key": key, "value": value}});
    json!({"schema": "alcove/app@1", "name": "Test", "trigger": trigger, "actions": [action]})
}

/// An app that causes another event.
pub(crate) fn passing_on(event: &str, next: &str) -> Json {
    let action = json!({"type": "emit_event", "params": {"event": next, "payload": {"n": "{{event.n}}"}}});
    let trigger = json!({"type": "event", "event": event});
    json!({"schema": "alcove/app@1", "name": "Test", "trigger": trigger, "actions": [action]})
}

pub(crate) fn submission(config: &Json) -> Submission {
    let config = config.to_string();
    let compiled = alcove_compiler::compile(config.as_bytes(), Catalog::shipped()).compiled;
    let compiled = compiled.unwrap_or_else(|| panic!("`{config}` does not compile"));
    Submission { plan: compiled.bytes, config: Some(config) }
}

/// Makes an app, active at once.
pub(crate) async fn activate(engine: &Engine, id: &str, config: &Json) {
    engine.create_app(&tenant(), &app(id), &submission(config), true, &ada()).await.unwrap();
}

/// Sends an event.
pub(crate) async fn send(engine: &Engine, name: &str, id: &str, payload: Json) -> Reply {
    let (source, name, id) = ("shop".to_owned(), name.to_owned(), id.to_owned());
    engine.accept(&tenant(), IncomingEvent { source, id, name, timestamp: None, payload }, None).await.unwrap()
}
