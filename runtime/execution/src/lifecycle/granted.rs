//! Whether a tenant may have such an app.

use alcove_catalog::Catalog;
use alcove_ids::TenantId;
use alcove_plan::{capability::Manifest, plan::Plan};

use super::{LifecycleError, change::Change};
use crate::{
    node::Node,
    tenant::{Missing, TenantSettings},
};

/// What a plan needs and the tenant was not granted.
pub(super) async fn lacking(node: &Node, tenant: &TenantId, plan: &Plan) -> Result<Vec<Missing>, LifecycleError> {
    let settings = node.tenants.settings(tenant).await?;
    Ok(not_granted(&settings, plan))
}

/// Refuses a plan that needs something that the tenant was not granted.
pub(super) async fn check(node: &Node, tenant: &TenantId, plan: &Plan) -> Result<(), LifecycleError> {
    none(lacking(node, tenant, plan).await?)
}

/// The same, for whoever changes an app at the moment: nobody else's turn to write can be waited for.
pub(super) async fn check_in(change: &mut Change<'_>, plan: &Plan) -> Result<(), LifecycleError> {
    let settings = change.node.tenants.settings_in(&mut change.transaction, change.tenant).await?;
    none(not_granted(&settings, plan))
}

fn not_granted(settings: &TenantSettings, plan: &Plan) -> Vec<Missing> {
    let grants = settings.grants.as_ref();
    grants.map_or_else(Vec::new, |grants| grants.lacking(&Manifest::derive(plan), Catalog::shipped()))
}

fn none(missing: Vec<Missing>) -> Result<(), LifecycleError> {
    if missing.is_empty() { Ok(()) } else { Err(LifecycleError::NotGranted { missing }) }
}
