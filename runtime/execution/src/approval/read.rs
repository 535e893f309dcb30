//! What is asked.

use alcove_ids::{EffectId, TenantId};
use alcove_store::tables::approvals::{self, Row, Status};

use super::ApprovalError;
use crate::Engine;

impl Engine {
    /// A question, answered or not.
    pub async fn approval(&self, tenant: &TenantId, id: &EffectId) -> Result<Row, ApprovalError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &approvals::get(store.dialect(), tenant, id)).await?;
        let row = rows.first().ok_or_else(|| ApprovalError::Unknown { id: id.clone() })?;
        Ok(Row::decode(row)?)
    }

    /// The questions of a tenant that became of that, oldest first, after one that was asked then.
    pub async fn approvals(
        &self,
        tenant: &TenantId,
        status: Status,
        after: Option<(i64, &str)>,
        limit: u32,
    ) -> Result<Vec<Row>, ApprovalError> {
        let store = &self.node().store;
        let after = after.unwrap_or((i64::MIN, ""));
        let rows =
            store.query_of(tenant.as_str(), &approvals::list(store.dialect(), tenant, status, after, limit)).await?;
        Ok(rows.iter().map(|cells| Row::decode(cells)).collect::<Result<_, _>>()?)
    }
}
