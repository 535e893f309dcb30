//! Whether a tenant may have such an app.

use alcove_catalog::Catalog;
use alcove_ids::TenantId;
use alcove_plan::{capability::Manifest, plan::Plan};

use super::LifecycleError;
use crate::{node::Node, tenant::Missing};

/// What a plan needs and the tenant was not granted.
pub(super) async fn lacking(node: &Node, tenant: &TenantId, plan: &Plan) -> Result<Vec<Missing>, LifecycleError> {
    let settings = node.tenants.settings(tenant).await?;
    let grants = settings.grants.as_ref();
    Ok(grants.map_or_else(Vec::new, |grants| grants.lacking(&Manifest::derive(plan), Catalog::shipped())))
}

/// Refuses a plan that needs something that the tenant was not granted.
pub(super) async fn check(node: &Node, tenant: &TenantId, plan: &Plan) -> Result<(), LifecycleError> {
    match lacking(node, tenant, plan).await? {
        missing if missing.is_empty() => Ok(()),
        missing => Err(LifecycleError::NotGranted { missing }),
    }
}
