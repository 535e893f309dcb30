//! What runs are.

use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::executions::{self, Filter, Row};

use super::RunError;
use crate::Engine;

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
}
