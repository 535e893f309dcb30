//! What everything on a node shares.

use std::sync::Arc;

use alcove_host::Runtime;
use alcove_platform::Platform;
use alcove_store::Store;
use tokio::sync::Semaphore;

use crate::{
    Clock, EngineConfig, Outside,
    audit::Denials,
    commit::Committer,
    dispatch::{Dispatcher, Standing},
    ingest::Waiters,
    plans::Plans,
    quota::Seen,
    runs::Watchers,
    tenant::Tenants,
    transition::Wakes,
    trigger::Index,
};

/// One process that runs an engine. Made once, shared by all of its tasks.
pub(crate) struct Node {
    /// Its name in leases, and which lease it has.
    pub(crate) standing: Standing,
    /// The database.
    pub(crate) store: Store,
    /// The sandbox.
    pub(crate) runtime: Arc<Runtime>,
    /// Connectors and actions.
    pub(crate) platform: Platform,
    /// Who performs effects that leave the platform.
    pub(crate) outside: Outside,
    /// Plans that are ready to run.
    pub(crate) plans: Plans,
    /// Calls that were refused a moment ago.
    pub(crate) denials: Denials,
    /// What was agreed with each tenant.
    pub(crate) tenants: Tenants,
    /// What was seen of their quotas.
    pub(crate) seen: Seen,
    /// Where everything on the hot path becomes durable.
    pub(crate) committer: Committer,
    /// What time it is.
    pub(crate) clock: Arc<dyn Clock>,
    /// Which runs are on this node, and which are next.
    pub(crate) dispatcher: Dispatcher,
    /// Which apps an event makes run.
    pub(crate) index: Index,
    /// Callers that wait for a run.
    pub(crate) waiters: Waiters,
    /// Who follows a run.
    pub(crate) watchers: Watchers,
    /// Places for dry runs.
    pub(crate) dry_runs: Semaphore,
    /// Who has to be woken after a commit.
    pub(crate) wakes: Wakes,
    /// The settings.
    pub(crate) config: EngineConfig,
}
