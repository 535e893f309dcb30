//! The version that triggers start.

use std::sync::Arc;

use alcove_plan::envelope::Digest;
use alcove_store::tables::apps;

use super::{LifecycleError, chain, change::Change, granted};
use crate::{LoadedPlan, TransitError, trigger::arm_schedule};

/// Makes a version the one that triggers start, of an app that is active from now on, in the name of the row's
/// activator.
pub(super) async fn pin(
    change: &mut Change<'_>,
    row: &mut apps::Row,
    version: u32,
    plan: &Arc<LoadedPlan>,
) -> Result<(), LifecycleError> {
    if !plan.plan().settings.enabled {
        return Err(LifecycleError::Disabled { version });
    }
    granted::check_in(change, plan.plan()).await?;
    chain::check(change, &row.id, plan.plan()).await?;
    let app = (change.tenant, &row.id, version);
    arm_schedule(&mut change.transaction, app, plan, change.now, &mut change.after)?;
    row.active_version = Some(version);
    row.failures_in_row = 0;
    row.reason = None;
    let (dialect, key) = (change.dialect(), Change::key(row));
    let activator = row.activator.as_deref().unwrap_or(&row.author);
    change.transaction.enqueue(apps::set_active_version(dialect, &key, version, activator, change.now_us));
    change.rematch();
    Ok(())
}

/// The plan of a stored version.
pub(super) async fn plan(
    change: &mut Change<'_>,
    row: &apps::Row,
    version: u32,
) -> Result<Arc<LoadedPlan>, LifecycleError> {
    let stored = change.version(&row.id, version).await?;
    let digest = Digest::from_hex(&stored.digest).ok_or(TransitError::Missing { what: "digest of the plan" })?;
    let plan = change.node.plans.get_in(&mut change.transaction, change.tenant, digest).await;
    plan.map_err(|source| LifecycleError::Stored { version, source })
}
