//! The engine: everything that a node does, behind one handle.

use std::sync::Arc;

use alcove_catalog::Catalog;
use alcove_host::Runtime;
use alcove_ids::NodeId;
use alcove_platform::Platform;
use alcove_store::{Sql, Statement, Store};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Clock, CommitCounts, CommitError, EngineConfig, IndexError, LeaseError, Outside,
    audit::{self, Denials},
    commit::{Committer, Parts},
    dispatch::{Dispatcher, Dispatching, Standing},
    dry_run::DRY_RUNS_MAX,
    ingest::Waiters,
    node::Node,
    outbox,
    plans::Plans,
    quota::Seen,
    retention,
    runs::Watchers,
    tenant::Tenants,
    timer,
    transition::Wakes,
    trigger::Index,
};

const ANSWER: Sql = Sql::fixed("SELECT 1");

/// A node's engine: it keeps apps, accepts events and carries runs to their ends. The use cases are methods, each in
/// the module that it belongs to.
pub struct Engine {
    node: Arc<Node>,
    stopping: CancellationToken,
    /// `None` once the engine is shut down.
    tasks: Mutex<Option<Tasks>>,
}

/// What an engine is made of.
pub struct EngineParts {
    /// The node's name in leases: no two processes have one at a time.
    pub name: NodeId,
    /// The database.
    pub store: Store,
    /// The sandbox.
    pub runtime: Arc<Runtime>,
    /// What runs may reach outside.
    pub outside: Outside,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub config: EngineConfig,
}

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The apps could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The node got no lease.
    #[error(transparent)]
    Lease(#[from] LeaseError),
}

struct Tasks {
    dispatching: Dispatching,
    others: TaskTracker,
}

impl Engine {
    /// Starts an engine, in tasks of the current Tokio runtime: it takes up what an earlier process has left.
    pub async fn start(parts: EngineParts) -> Result<Self, StartError> {
        let node = node(parts);
        node.index.load(node.clock.now()).await?;
        let dispatching = Dispatching::start(&node).await?;
        let (stopping, others) = (CancellationToken::new(), TaskTracker::new());
        others.spawn(timer::run(Arc::clone(&node), stopping.clone()));
        others.spawn(outbox::run(Arc::clone(&node), stopping.clone()));
        others.spawn(retention::run(Arc::clone(&node), stopping.clone()));
        others.spawn(audit::run(Arc::clone(&node), stopping.clone()));
        let tasks = Mutex::new(Some(Tasks { dispatching, others }));
        Ok(Self { node, stopping, tasks })
    }

    /// Stops: nothing more is started, runs get the configured time to end and are given back then, what waits for a
    /// commit is committed, and the node's lease is given back. The second time it does nothing.
    pub async fn shut_down(&self) -> Result<(), LeaseError> {
        let Some(Tasks { dispatching, others }) = self.tasks.lock().await.take() else { return Ok(()) };
        self.stopping.cancel();
        others.close();
        others.wait().await;
        let given_back = dispatching.shut_down(&self.node).await;
        self.node.committer.close().await;
        given_back
    }

    /// Whether it can do its work: it is not stopping, and its database answers.
    pub async fn ready(&self) -> Result<(), CommitError> {
        if self.stopping.is_cancelled() {
            return Err(CommitError::Closed);
        }
        let answer = self.node.store.query(&Statement::new(ANSWER, Vec::new())).await;
        answer.map(drop).map_err(|error| CommitError::Unavailable(error.to_string()))
    }

    /// How much was committed since the start.
    pub fn commits(&self) -> CommitCounts {
        self.node.committer.counts()
    }

    /// Cancelled as soon as it stops.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// The database, for what is kept in it beside apps and runs.
    pub fn store(&self) -> &Store {
        &self.node.store
    }

    /// What time it is here.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.node.clock
    }

    /// An engine that only answers: nothing on its node runs by itself.
    #[cfg(test)]
    pub(crate) fn idle(node: Arc<Node>) -> Self {
        Self { node, stopping: CancellationToken::new(), tasks: Mutex::new(None) }
    }

    /// What everything on the node shares.
    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.node
    }
}

/// What everything on the node shares, with a committer that writes already.
pub(crate) fn node(parts: EngineParts) -> Arc<Node> {
    let EngineParts { name, store, runtime, outside, clock, config } = parts;
    let platform = Platform::new(store.clone(), Catalog::shipped());
    let plans = Plans::new(store.clone(), platform.clone(), config.plans_kept);
    let (standing, dispatcher, waiters) = (Standing::new(name), Dispatcher::new(&config), Waiters::default());
    let wakes = Wakes {
        plans: plans.clone(),
        dispatcher: dispatcher.clone(),
        waiters: waiters.clone(),
        outbox: Arc::new(Notify::new()),
        timers: Arc::new(Notify::new()),
    };
    let (tenants, seen) = (Tenants::new(store.clone(), Arc::clone(&clock)), Seen::default());
    let committer = Committer::start(Parts {
        standing: standing.clone(),
        store: store.clone(),
        platform: platform.clone(),
        plans: plans.clone(),
        tenants: tenants.clone(),
        seen: seen.clone(),
        clock: Arc::clone(&clock),
        wakes: wakes.clone(),
        config: config.clone(),
    });
    let index = Index::new(store.clone());
    Arc::new(Node {
        standing,
        store,
        runtime,
        platform,
        outside,
        plans,
        denials: Denials::default(),
        tenants,
        seen,
        committer,
        clock,
        dispatcher,
        index,
        waiters,
        watchers: Watchers::default(),
        dry_runs: Semaphore::new(DRY_RUNS_MAX),
        wakes,
        config,
    })
}
