//! What runs are.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::entry::read_journal;
use alcove_store::tables::{
    executions::{self, Filter, Row},
    journal,
};

use super::RunError;
use crate::{Engine, StepLog, TransitError, digest_from_hex, step_log};

impl Engine {
    /// A run.
    pub async fn execution(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<Row, RunError> {
        let store = &self.node().store;
        let rows = store.query(&executions::get(store.dialect(), tenant, execution)).await?;
        let row = rows.first().ok_or_else(|| RunError::Unknown { execution: execution.clone() })?;
        Ok(Row::decode(row)?)
    }

    /// The runs of a tenant, the newest first.
    pub async fn executions(&self, tenant: &TenantId, filter: &Filter, limit: u32) -> Result<Vec<Row>, RunError> {
        let store = &self.node().store;
        let rows = store.query(&executions::list(store.dialect(), tenant, filter, limit)).await?;
        Ok(rows.iter().map(|cells| Row::decode(cells)).collect::<Result<_, _>>()?)
    }

    /// What a run did, step by step, from its journal.
    pub async fn execution_log(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<StepLog, RunError> {
        let node = self.node();
        let row = self.execution(tenant, execution).await?;
        let digest = digest_from_hex(&row.digest).ok_or(TransitError::Missing { what: "digest of the plan" })?;
        let plan = node.plans.get(tenant, digest).await.map_err(TransitError::from)?;
        let mut bytes = Vec::new();
        for cells in node.store.query(&journal::read(node.store.dialect(), tenant, execution)).await? {
            bytes.extend(journal::Row::decode(&cells)?.records);
        }
        Ok(step_log(&plan, &read_journal(&bytes).map_err(TransitError::from)?))
    }
}
