//! What failed for good.

use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::dead_letters::{self, Row, Status};

use super::DeadLetterError;
use crate::Engine;

impl Engine {
    /// The dead letter of a run, open or not.
    pub async fn dead_letter(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<Row, DeadLetterError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &dead_letters::get(store.dialect(), tenant, execution)).await?;
        let row = rows.first().ok_or_else(|| DeadLetterError::Unknown { execution: execution.clone() })?;
        Ok(Row::decode(row)?)
    }

    /// The dead letters of a tenant that became of that, oldest first, after one that failed then.
    pub async fn dead_letters(
        &self,
        tenant: &TenantId,
        status: Status,
        after: Option<(i64, &str)>,
        limit: u32,
    ) -> Result<Vec<Row>, DeadLetterError> {
        let store = &self.node().store;
        let after = after.unwrap_or((i64::MIN, ""));
        let rows =
            store.query_of(tenant.as_str(), &dead_letters::list(store.dialect(), tenant, status, after, limit)).await?;
        Ok(rows.iter().map(|cells| Row::decode(cells)).collect::<Result<_, _>>()?)
    }
}
