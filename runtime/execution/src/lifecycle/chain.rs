//! Whether the active apps of a tenant would set each other off for ever.

use alcove_catalog::Catalog;
use alcove_ids::AppId;
use alcove_plan::plan::Plan;
use alcove_store::tables::versions::{self, ActivePlan};
use alcove_trigger::chain::{Reach, check_activation};

use super::{LifecycleError, change::Change};
use crate::trigger::{Source, subscription};

/// Apps that are read at a time.
const APPS_READ: u32 = 500;

/// Refuses to activate this plan of an app if that would close a ring with apps that are active.
pub(super) async fn check(change: &mut Change<'_>, app: &AppId, plan: &Plan) -> Result<(), LifecycleError> {
    let reach = Reach::of(app.clone(), plan, Catalog::shipped());
    // Most apps are not part of any ring, whatever the others are: nothing sets them off, or they set nothing off.
    if reach.hears.is_none() || reach.causes.is_empty() {
        return Ok(());
    }
    let active = match known(change).await? {
        Some(active) => active,
        None => read(change).await?,
    };
    Ok(check_activation(&reach, &active)?)
}

/// The active apps that hear and cause something, as the node's index has them, which catches up first. `None`: the
/// index is busy.
pub(super) async fn known(change: &mut Change<'_>) -> Result<Option<Vec<Reach>>, LifecycleError> {
    let (index, tenant, now) = (&change.node.index, change.tenant, change.now);
    let subscriptions = index.subscriptions_in(&mut change.transaction, tenant, now).await?;
    let links = subscriptions.map(|all| all.into_iter().filter(|one| !one.causes.is_empty()).collect::<Vec<_>>());
    Ok(links.map(|links| links.iter().map(|one| Reach::from(&**one)).collect()))
}

/// The same, from the plan of every active app.
pub(super) async fn read(change: &mut Change<'_>) -> Result<Vec<Reach>, LifecycleError> {
    let tenant = change.tenant;
    let mut source = Source::Transaction(&mut change.transaction);
    let (mut active, mut after) = (Vec::new(), String::new());
    loop {
        let statement = versions::active_of(source.dialect(), tenant, &after, APPS_READ);
        let page = source.query(statement).await?;
        let page = page.iter().map(|cells| ActivePlan::decode(cells)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = page.last() else { return Ok(active) };
        after = last.app.to_string();
        // An app whose plan does not read is started by nothing, so it closes no ring.
        let links = page.iter().filter_map(|stored| subscription(stored).ok().flatten());
        active.extend(links.filter(|one| !one.causes.is_empty()).map(|one| Reach::from(&one)));
    }
}
