//! What runs are.

use std::sync::Arc;

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::entry::{Record, read_journal};
use alcove_plan::envelope::Digest;
use alcove_store::tables::{
    egress_log,
    executions::{self, Filter, Row},
    journal,
};

use super::RunError;
use crate::{Engine, LoadedPlan, StepLog, TransitError, node::Node, step_log};

impl Engine {
    /// A run.
    pub async fn execution(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<Row, RunError> {
        stored(self.node(), tenant, execution).await
    }

    /// The runs of a tenant, the newest first.
    pub async fn executions(&self, tenant: &TenantId, filter: &Filter, limit: u32) -> Result<Vec<Row>, RunError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &executions::list(store.dialect(), tenant, filter, limit)).await?;
        Ok(rows.iter().map(|cells| Row::decode(cells)).collect::<Result<_, _>>()?)
    }

    /// What a run did, step by step, from its journal.
    pub async fn execution_log(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<StepLog, RunError> {
        let row = self.execution(tenant, execution).await?;
        let (plan, journal) = recorded(self.node(), &row).await?;
        Ok(step_log(&plan, &journal))
    }

    /// The requests that a run has sent, in their order, after the one of this id (`""`: from the first).
    pub async fn execution_calls(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<egress_log::Row>, RunError> {
        let row = self.execution(tenant, execution).await?;
        let store = &self.node().store;
        let rows = store
            .query_of(tenant.as_str(), &egress_log::of_run(store.dialect(), tenant, &row.id, after, limit))
            .await?;
        Ok(rows.iter().map(|cells| egress_log::Row::decode(cells)).collect::<Result<_, _>>()?)
    }
}

/// The row of a run.
pub(super) async fn stored(node: &Node, tenant: &TenantId, execution: &ExecutionId) -> Result<Row, RunError> {
    let rows = node.store.query_of(tenant.as_str(), &executions::get(node.store.dialect(), tenant, execution)).await?;
    let row = rows.first().ok_or_else(|| RunError::Unknown { execution: execution.clone() })?;
    Ok(Row::decode(row)?)
}

/// The plan of a run, and what its journal says so far.
pub(super) async fn recorded(node: &Node, row: &Row) -> Result<(Arc<LoadedPlan>, Vec<Record>), RunError> {
    let digest = Digest::from_hex(&row.digest).ok_or(TransitError::Missing { what: "digest of the plan" })?;
    let plan = node.plans.get(&row.tenant, digest).await.map_err(TransitError::from)?;
    let mut bytes = Vec::new();
    for cells in
        node.store.query_of(row.tenant.as_str(), &journal::read(node.store.dialect(), &row.tenant, &row.id)).await?
    {
        bytes.extend(journal::Row::decode(&cells)?.records);
    }
    Ok((plan, read_journal(&bytes).map_err(TransitError::from)?))
}
