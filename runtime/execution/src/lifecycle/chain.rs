//! Whether the active apps of a tenant would set each other off for ever.

use alcove_catalog::Catalog;
use alcove_ids::AppId;
use alcove_plan::{plan::Plan, verify};
use alcove_store::tables::versions::{self, ActivePlan};
use alcove_trigger::chain::{Reach, check_activation};

use super::{LifecycleError, change::Change};
use crate::LoadError;

/// Apps that are read at a time.
const APPS_READ: u32 = 500;

/// Refuses to activate this plan of an app if that would close a ring with apps that are active.
pub(super) async fn check(change: &mut Change<'_>, app: &AppId, plan: &Plan) -> Result<(), LifecycleError> {
    let catalog = Catalog::shipped();
    let reach = Reach::of(app.clone(), plan, catalog);
    // Most apps are not part of any ring, whatever the others are: nothing sets them off, or they set nothing off.
    if reach.hears.is_none() || reach.causes.is_empty() {
        return Ok(());
    }
    let mut active = Vec::new();
    let mut after = String::new();
    loop {
        let page = read(change, &after).await?;
        let Some(last) = page.last() else { break };
        after = last.app.to_string();
        for other in &page {
            let sealed = verify::load(&other.plan).map_err(LoadError::Verify)?;
            active.push(Reach::of(other.app.clone(), &sealed.plan, catalog));
        }
    }
    Ok(check_activation(&reach, &active)?)
}

async fn read(change: &mut Change<'_>, after: &str) -> Result<Vec<ActivePlan>, LifecycleError> {
    let statement = versions::active_of(change.dialect(), change.tenant, after, APPS_READ);
    let ticket = change.transaction.enqueue(statement);
    change.transaction.flush().await?;
    let rows = change.transaction.take(ticket)?;
    Ok(rows.iter().map(|cells| ActivePlan::decode(cells)).collect::<Result<_, _>>()?)
}
