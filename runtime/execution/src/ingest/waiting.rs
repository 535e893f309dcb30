//! A caller waits for runs.

use std::time::Duration;

use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::executions;

use super::{Settled, waiters::Wait};
use crate::node::Node;

/// How often the database is asked about a run that another node may have.
const LOOK: Duration = Duration::from_millis(500);

/// Runs that a caller waits for.
pub(super) struct Awaited<'n> {
    node: &'n Node,
    tenant: &'n TenantId,
    waits: Vec<(ExecutionId, Wait)>,
}

impl<'n> Awaited<'n> {
    /// Waits for these runs from now on: before they can end.
    pub(super) fn register<'r>(
        node: &'n Node,
        tenant: &'n TenantId,
        runs: impl IntoIterator<Item = &'r ExecutionId>,
    ) -> Self {
        let wait = |run: &ExecutionId| (run.clone(), node.waiters.register(tenant, run));
        Self { node, tenant, waits: runs.into_iter().map(wait).collect() }
    }

    /// How those of the runs stand that end, or wait, within this time.
    pub(super) async fn settled(self, most: Duration) -> Vec<Settled> {
        let Self { node, tenant, waits } = self;
        let ends = tokio::time::Instant::now() + most;
        let mut all = Vec::with_capacity(waits.len());
        for (run, wait) in waits {
            let settled = tokio::time::timeout_at(ends, settled(node, tenant, &run, wait)).await;
            match settled {
                Ok(settled) => all.push(settled),
                Err(_) => node.waiters.forget(tenant, &run),
            }
        }
        all
    }
}

/// How a run stands once it has ended or waits.
async fn settled(node: &Node, tenant: &TenantId, run: &ExecutionId, wait: Wait) -> Settled {
    let told = wait.settled();
    tokio::pin!(told);
    loop {
        tokio::select! {
            biased;
            told = &mut told => match told {
                Some(settled) => return settled,
                // The engine ends, and with it the caller's connection.
                None => std::future::pending().await,
            },
            () = tokio::time::sleep(LOOK) => {
                if let Some(settled) = stored(node, tenant, run).await {
                    return settled;
                }
            }
        }
    }
}

/// Whether a run is there for everybody to see.
pub(super) async fn is_stored(node: &Node, tenant: &TenantId, run: &ExecutionId) -> bool {
    let rows = node.store.query_of(tenant.as_str(), &executions::get(node.store.dialect(), tenant, run)).await;
    rows.is_ok_and(|rows| !rows.is_empty())
}

/// How a run stands by its row, if it has ended or waits. A database that does not answer is asked again.
pub(super) async fn stored(node: &Node, tenant: &TenantId, run: &ExecutionId) -> Option<Settled> {
    let rows = node.store.query_of(tenant.as_str(), &executions::get(node.store.dialect(), tenant, run)).await.ok()?;
    Settled::of(&executions::Row::decode(rows.first()?).ok()?)
}
