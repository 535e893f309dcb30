//! Apps that are not active: what is queued of them stays queued.

use alcove_ids::{AppId, TenantId};
use alcove_store::{
    StoreError,
    tables::{
        RowError,
        apps::{self, Status},
    },
};

use crate::node::Node;

/// Why it is not known which apps are active.
#[derive(Debug, thiserror::Error)]
pub(super) enum PausedError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Whether an app is paused, or went to `error`. If so the dispatcher knows it from now on.
pub(super) async fn is_paused(node: &Node, tenant: &TenantId, app: &AppId) -> Result<bool, PausedError> {
    let key = apps::Key { tenant: tenant.clone(), id: app.clone() };
    let is_paused = standings(node, &[&key]).await?.iter().any(|app| stops(app.status));
    if is_paused {
        node.dispatcher.pause(tenant, app);
    }
    Ok(is_paused)
}

/// Looks at the apps that have runs on this node, or are said to be paused: another node may have paused or resumed
/// them.
pub(super) async fn look(node: &Node) -> Result<(), PausedError> {
    let keys = node.dispatcher.apps().into_iter().map(|(tenant, id)| apps::Key { tenant, id }).collect::<Vec<_>>();
    if keys.is_empty() {
        return Ok(());
    }
    let paused = standings(node, &keys.iter().collect::<Vec<_>>()).await?;
    let paused = paused.into_iter().filter(|app| stops(app.status)).map(|app| app.key).collect::<Vec<_>>();
    for key in &paused {
        node.dispatcher.pause(&key.tenant, &key.id);
    }
    for (tenant, id) in node.dispatcher.scheduler(|scheduler| scheduler.paused()) {
        let key = apps::Key { tenant, id };
        // An app that was paused after it was looked at is looked at again before a run of it is started.
        if !paused.contains(&key) {
            node.dispatcher.scheduler(|scheduler| scheduler.unpause(&key.tenant, &key.id));
        }
    }
    Ok(())
}

async fn standings(node: &Node, keys: &[&apps::Key]) -> Result<Vec<apps::Standing>, PausedError> {
    let rows = node.store.query(&apps::standings(node.store.dialect(), keys)).await?;
    Ok(rows.iter().map(|cells| apps::Standing::decode(cells)).collect::<Result<Vec<_>, _>>()?)
}

/// Whether runs of an app wait.
fn stops(status: Status) -> bool {
    matches!(status, Status::Paused | Status::Error)
}
