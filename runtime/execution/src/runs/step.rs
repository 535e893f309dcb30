//! One event of one run that somebody has caused, in a transaction of its own.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::transition::Event;
use alcove_store::tables::tenants;

use crate::{
    node::Node,
    transition::{TransitError, apply_in},
};

/// Takes a run one step on, makes that durable, and tells who is to hear of it. An error changes nothing.
///
/// What somebody does is audited, so the tenant is locked: first, as in every other change that somebody makes, so that
/// two of them wait for one another in one order.
pub(crate) async fn step(
    node: &Node,
    tenant: &TenantId,
    execution: &ExecutionId,
    event: Event,
) -> Result<(), TransitError> {
    let mut transaction = node.store.begin().await?;
    transaction.for_tenant(tenant.as_str());
    transaction.enqueue(tenants::lock(transaction.dialect(), &[tenant]));
    let after = apply_in(&mut transaction, node, tenant, execution, event).await?;
    transaction.commit().await?;
    node.wakes.tell(after);
    Ok(())
}
