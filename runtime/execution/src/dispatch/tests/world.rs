//! An engine with apps whose runs end when a test wants them to.

use std::{
    env,
    future::Future,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use alcove_host::{Runtime, RuntimeConfig};
use alcove_ids::{AppId, ExecutionId, NodeId, TenantId};
use alcove_journal::transition::{Event, Subject, SubjectKind};
use alcove_platform::ai::{Completion, Prompt, Provider, ProviderError};
use alcove_store::{Sql, SqlValue, Statement, Store, tables::executions};
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;

use crate::{
    Engine, EngineConfig, EngineParts, IncomingEvent, Outside, Submission, SystemClock,
    node::Node,
    transition::{self, TransitError},
};

/// An engine on a database.
pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) gate: Gate,
}

/// A model that answers when it is let.
#[derive(Clone, Debug)]
pub(super) struct Gate(Arc<GateState>);

#[derive(Debug)]
struct GateState {
    open: Semaphore,
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
}

impl Gate {
    pub(super) fn closed() -> Self {
        let (waiting, most_waiting) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self(Arc::new(GateState { open: Semaphore::new(0), waiting, most_waiting }))
    }

    /// Lets so many answers out.
    pub(super) fn let_through(&self, count: usize) {
        self.0.open.add_permits(count);
    }

    /// How many runs wait for an answer.
    pub(super) fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::SeqCst)
    }

    /// How many have waited at the same time.
    pub(super) fn most_waiting(&self) -> usize {
        self.0.most_waiting.load(Ordering::SeqCst)
    }

    pub(super) async fn waits_for(&self, count: usize) {
        until(async || self.waiting() == count).await;
    }
}

/// Counts a question for as long as it waits, even if nobody wants the answer any more.
struct Asked<'g>(&'g GateState);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Provider for Gate {
    async fn complete(&self, _: &Prompt) -> Result<Completion, ProviderError> {
        let waiting = self.0.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most_waiting.fetch_max(waiting, Ordering::SeqCst);
        let _asked = Asked(&self.0);
        self.0.open.acquire().await.unwrap().forget();
        Ok(Completion { text: "text".to_owned(), tokens_in: 1, tokens_out: 1 })
    }
}

/// Waits until something holds.
pub(super) async fn until<F: Future<Output = bool>>(holds: impl Fn() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.expect("it never came to that");
}

/// An app whose runs wait at the gate and then set a value.
pub(super) fn gated(settings: &Json) -> Json {
    app(
        settings,
        &json!([
            { "id": "text", "type": "ai_generate", "params": { "prompt": "Anything" } },
            { "type": "set_state", "params": { "key": "{{event.key}}", "value": "{{actions.text.text}}" } },
        ]),
    )
}

/// An app that runs on `custom.input`.
pub(super) fn app(settings: &Json, actions: &Json) -> Json {
    json!({
        "schema": "alcove/app@1",
        "name": "App",
        "trigger": { "type": "event", "event": "custom.input" },
        "actions": actions,
        "settings": settings,
    })
}

/// The sandbox of the test process. Its machine code is kept beside the test's binary.
fn sandbox() -> Arc<Runtime> {
    static SANDBOX: OnceLock<Arc<Runtime>> = OnceLock::new();
    let start = || {
        let cache = env::current_exe().unwrap().parent().unwrap().join("machine-code");
        let config = RuntimeConfig::embedded(Some(cache));
        Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
    };
    Arc::clone(SANDBOX.get_or_init(start))
}

pub(super) fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

pub(super) fn app_id(name: &str) -> AppId {
    AppId::parse(name).unwrap()
}

pub(super) fn somebody() -> Subject {
    Subject { kind: SubjectKind::Person, id: "ada".to_owned() }
}

/// Short, so that what is found by looking is found soon.
pub(super) fn config() -> EngineConfig {
    EngineConfig { scan: Duration::from_millis(50), drain: Duration::from_millis(500), ..EngineConfig::default() }
}

impl World {
    pub(super) async fn new(config: EngineConfig) -> Self {
        Self::on(Store::open_memory().await.unwrap(), "node", config).await
    }

    pub(super) async fn on(store: Store, name: &str, config: EngineConfig) -> Self {
        let gate = Gate::closed();
        let parts = EngineParts {
            name: NodeId::parse(name).unwrap(),
            store,
            runtime: sandbox(),
            outside: Outside { ai: Some(Arc::new(gate.clone())), ..Outside::default() },
            clock: Arc::new(SystemClock),
            config,
        };
        Self { engine: Engine::start(parts).await.unwrap(), gate }
    }

    /// An engine on a Tokio runtime of its own: when that is shut down, it is gone in the middle of whatever it did.
    pub(super) async fn that_crashes<F>(start: impl FnOnce() -> F + Send + 'static) -> (Self, tokio::runtime::Runtime)
    where
        F: Future<Output = Self>,
    {
        let start = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            (runtime.block_on(start()), runtime)
        };
        tokio::task::spawn_blocking(start).await.unwrap()
    }

    pub(super) fn node(&self) -> &Arc<Node> {
        self.engine.node()
    }

    /// Activates an app.
    pub(super) async fn app(&self, of: &str, config: &Json) {
        let (tenant, app) = names(of);
        let config = config.to_string();
        let compilation = compile(config.as_bytes(), Catalog::shipped());
        let problems = format!("{:?}", compilation.diagnostics);
        let plan = compilation.compiled.unwrap_or_else(|| panic!("{problems}")).bytes;
        let submission = Submission { config: Some(config), plan };
        self.engine.create_app(&tenant, &app, &submission, true, &somebody()).await.unwrap();
    }

    /// Sends the tenant an event; gives the runs that it started.
    pub(super) async fn event(&self, of: &str, id: &str, payload: Json) -> Vec<ExecutionId> {
        let name = "custom.input".to_owned();
        let event = IncomingEvent { source: "test".to_owned(), id: id.to_owned(), name, timestamp: None, payload };
        self.engine.accept(&tenant(of), event, None).await.unwrap().executions
    }

    /// Sends an event that starts one run.
    pub(super) async fn run(&self, of: &str, id: &str) -> ExecutionId {
        self.event(of, id, json!({ "key": "k" })).await.remove(0)
    }

    pub(super) async fn row(&self, of: &str, execution: &ExecutionId) -> executions::Row {
        let store = &self.node().store;
        let rows = store.query(&executions::get(store.dialect(), &tenant(of), execution)).await.unwrap();
        executions::Row::decode(&rows[0]).unwrap()
    }

    pub(super) async fn state(&self, of: &str, execution: &ExecutionId) -> &'static str {
        self.row(of, execution).await.state.as_str()
    }

    pub(super) async fn comes_to(&self, of: &str, execution: &ExecutionId, state: &str) {
        until(async || self.state(of, execution).await == state).await;
    }

    /// Something happens to a run.
    pub(super) async fn happens(&self, of: &str, execution: &ExecutionId, event: Event) -> Result<(), TransitError> {
        let node = self.node();
        let mut transaction = node.store.begin().await.unwrap();
        transaction.for_tenant(of);
        let after = transition::apply_in(&mut transaction, node, &tenant(of), execution, event).await?;
        transaction.commit().await.unwrap();
        node.wakes.tell(after);
        Ok(())
    }

    pub(super) async fn cancel(&self, of: &str, execution: &ExecutionId) {
        self.happens(of, execution, Event::CancelRequested { reason: "enough".to_owned() }).await.unwrap();
    }

    /// All rows of a table of the engine or the platform.
    pub(super) async fn rows(&self, table: &'static str) -> Vec<Vec<SqlValue>> {
        let sql = Sql::built(format!("SELECT * FROM {table} ORDER BY 1, 2, 3"));
        self.node().store.query(&Statement::new(sql, Vec::new())).await.unwrap()
    }
}

/// A tenant and an app from `tenant/app`.
pub(super) fn names(of: &str) -> (TenantId, AppId) {
    let (whose, which) = of.split_once('/').unwrap();
    (tenant(whose), app_id(which))
}
