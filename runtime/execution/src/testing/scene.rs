//! A node with a tenant and apps, and nothing that runs by itself but its committer.

use std::{
    ops::Deref,
    sync::{Arc, LazyLock},
};

use alcove_catalog::{Catalog, ingest};
use alcove_host::{Runtime, RuntimeConfig};
use alcove_ids::{AppId, ExecutionId, NodeId, TenantId};
use alcove_journal::transition::{Run, Subject, SubjectKind};
use alcove_plan::value::Timestamp;
use alcove_store::{
    SqlValue, Statement,
    tables::{apps, executions, nodes, tenants, versions},
};

use super::Database;
use crate::{
    CommitError, Engine, EngineConfig, EngineParts, LoadedPlan, Outside, SimulatedClock,
    commit::{Answer, Unit},
    engine,
    node::Node,
    transition::subject_to_json,
};

/// One sandbox for all tests: it takes a second to compile.
static RUNTIME: LazyLock<Arc<Runtime>> = LazyLock::new(|| {
    let config = RuntimeConfig::embedded(None);
    Arc::new(Runtime::new(alcove_executor_wasm::EXECUTOR_COMPONENT, &config).unwrap())
});

/// A node over a database.
pub(crate) struct Scene {
    pub(crate) node: Arc<Node>,
    pub(crate) clock: SimulatedClock,
    pub(crate) database: Database,
}

/// An app that is active in its first version.
#[derive(Clone)]
pub(crate) struct Installed {
    pub(crate) tenant: TenantId,
    pub(crate) app: AppId,
    pub(crate) plan: Arc<LoadedPlan>,
}

impl Deref for Scene {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl Scene {
    /// Submits units at the same time; gives their answers in the same order.
    pub(crate) async fn together(&self, units: Vec<Unit>) -> Vec<Result<Answer, CommitError>> {
        let tasks: Vec<_> = units
            .into_iter()
            .map(|unit| {
                let committer = self.committer.clone();
                tokio::spawn(async move { committer.submit(unit).await })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    }

    /// At noon, with this configuration and without a lease.
    pub(crate) fn with(database: Database, config: EngineConfig) -> Self {
        Self::with_outside(database, config, Outside::default())
    }

    /// At noon, with this configuration, and with this around it.
    pub(crate) fn with_outside(database: Database, config: EngineConfig, outside: Outside) -> Self {
        let clock = SimulatedClock::new(Timestamp::parse("2026-11-20T12:00:00Z").unwrap());
        let node = engine::node(EngineParts {
            name: NodeId::parse("node").unwrap(),
            store: database.store.clone(),
            runtime: Arc::clone(&RUNTIME),
            outside,
            clock: Arc::new(clock.clone()),
            config,
        });
        Self { node, clock, database }
    }

    /// An engine over the same database, with everything that runs by itself.
    pub(crate) async fn engine(&self) -> Engine {
        let parts = EngineParts {
            name: NodeId::parse("node").unwrap(),
            store: self.database.store.clone(),
            runtime: Arc::clone(&RUNTIME),
            outside: Outside::default(),
            clock: Arc::new(self.clock.clone()),
            config: EngineConfig::default(),
        };
        Engine::start(parts).await.unwrap()
    }

    /// The engine of this node, with nothing that runs by itself.
    pub(crate) fn idle_engine(&self) -> Engine {
        Engine::idle(Arc::clone(&self.node))
    }

    /// At noon, with a lease.
    pub(crate) async fn new(database: Database) -> Self {
        let scene = Self::with(database, EngineConfig::default());
        let (name, epoch) = (scene.standing.node().as_str(), scene.standing.epoch());
        let hour_us = 3_600_000_000;
        scene.write(nodes::register(scene.store.dialect(), name, epoch, hour_us, scene.clock_us())).await;
        scene
    }

    /// Makes the app of a config active, for a tenant that is made if it is not there.
    pub(crate) async fn install(&self, tenant: &str, app: &str, config: &str) -> Installed {
        let compiled = alcove_compiler::compile(config.as_bytes(), Catalog::shipped());
        let compiled = compiled.compiled.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let plan = Arc::new(LoadedPlan::load(&compiled.bytes, &self.platform).unwrap());
        let (tenant, app) = (TenantId::parse(tenant).unwrap(), AppId::parse(app).unwrap());
        let (dialect, now) = (self.store.dialect(), self.clock_us());
        let author = subject_to_json(&Subject { kind: SubjectKind::Person, id: "ada".to_owned() });
        self.write(tenants::ensure(dialect, &tenant, "{}", now)).await;
        let version = versions::Row {
            tenant: tenant.clone(),
            app: app.clone(),
            version: 1,
            digest: plan.digest().to_string(),
            config: config.to_owned(),
            plan: compiled.bytes,
            manifest: "{}".to_owned(),
            author: author.clone(),
            created_at: now,
        };
        let row = apps::Row {
            tenant: tenant.clone(),
            id: app.clone(),
            name: "an app".to_owned(),
            status: apps::Status::Active,
            version: 1,
            active_version: Some(1),
            author: author.clone(),
            activator: Some(author),
            failures_in_row: 0,
            reason: None,
            created_at: now,
            updated_at: now,
        };
        self.write(apps::insert(dialect, &[row])).await;
        self.write(versions::insert(dialect, &[version])).await;
        Installed { tenant, app, plan }
    }

    /// Adds rows of a connector, as JSON.
    pub(crate) async fn load(&self, installed: &Installed, connector: &str, rows: &str) {
        let rows: Vec<serde_json::Value> = serde_json::from_str(rows).unwrap();
        let entry = Catalog::shipped().connector(connector).unwrap();
        let now = self.node.clock.now();
        let rows: Vec<_> = rows.iter().map(|row| ingest::row(entry, row, now).unwrap()).collect();
        self.platform.load_rows(&installed.tenant, &installed.app, connector, &rows).await.unwrap();
    }

    /// What time it is, in microseconds.
    pub(crate) fn clock_us(&self) -> i64 {
        self.node.clock.now().micros()
    }

    /// Performs a statement in a transaction of its own.
    pub(crate) async fn write(&self, statement: Statement) -> Vec<Vec<SqlValue>> {
        let mut transaction = self.store.begin().await.unwrap();
        transaction.for_all_tenants();
        let ticket = transaction.enqueue(statement);
        transaction.flush().await.unwrap();
        let rows = transaction.take(ticket).unwrap();
        transaction.commit().await.unwrap();
        rows
    }

    /// The row of a run.
    pub(crate) async fn row(&self, tenant: &TenantId, run: &ExecutionId) -> Option<executions::Row> {
        let rows = self.store.query(&executions::get(self.store.dialect(), tenant, run)).await.unwrap();
        rows.first().map(|row| executions::Row::decode(row).unwrap())
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let sql = alcove_store::Sql::built(format!("SELECT count(*) FROM {table}"));
        let rows = self.store.query(&Statement::new(sql, Vec::new())).await.unwrap();
        rows[0][0].as_int().unwrap()
    }
}

impl Installed {
    /// A run of the app that waits in the queue.
    pub(crate) fn queued(&self, key: &str, trigger: executions::Trigger) -> executions::Row {
        executions::Row {
            tenant: self.tenant.clone(),
            id: ExecutionId::of_trigger(&self.tenant, &self.app, key, 0),
            app: self.app.clone(),
            version: 1,
            digest: self.plan.digest().to_string(),
            trigger,
            event_source: None,
            event_id: None,
            delay: None,
            parent: None,
            chain_depth: 0,
            starter: None,
            state: executions::State::Queued,
            reason: None,
            run: Run::queued().encode(),
            token: 0,
            node: None,
            attempts: 0,
            items: 0,
            input: None,
            queued_at: 0,
            started_at: None,
            ended_at: None,
            due_at: None,
            result: None,
            error: None,
            usage: None,
            dead_letter: false,
        }
    }
}
