//! An app ends.

use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::Event;
use alcove_store::tables::executions::{self, Key};
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, change::Change};
use crate::{Engine, TransitError, transition::apply_in, trigger::forget};

/// Runs that are cancelled at a time.
const RUNS_READ: u32 = 500;

impl Engine {
    /// Deletes an app: what is queued or waits is cancelled at once, what runs at its next host call; no timer of it is
    /// left. Versions, runs and journals are kept, and so the id stays taken.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`].
    pub async fn delete_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<(), LifecycleError> {
        let by: ChangedBy<'_> = by.into();
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let cancelled = cancel_runs(&mut change, app).await?;
        let mut row = change.app(app, AppChange::Delete).await?;
        change.set_status(&mut row, "a person has deleted it");
        forget(&mut change.transaction, tenant, app);
        change.commit(app, "app.deleted", json!({ "runs_cancelled": cancelled })).await
    }
}

/// Cancels every run of the app that has not ended; gives how many these are. Runs come before their app, in the order
/// of their names, as in every transaction that changes both.
async fn cancel_runs(change: &mut Change<'_>, app: &AppId) -> Result<usize, LifecycleError> {
    let mut count = 0;
    let mut after = String::new();
    loop {
        let open = executions::open_of_app(change.dialect(), change.tenant, app, &after, RUNS_READ);
        let ticket = change.transaction.enqueue(open);
        change.transaction.flush().await?;
        let rows = change.transaction.take(ticket)?;
        let keys = rows.iter().map(|cells| Key::decode(cells)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = keys.last() else { return Ok(count) };
        after = last.id.to_string();
        for key in &keys {
            let event = Event::CancelRequested { reason: format!("the app `{app}` was deleted") };
            match apply_in(&mut change.transaction, change.node, change.tenant, &key.id, event).await {
                Ok(after) => {
                    change.after.extend(after);
                    count += 1;
                }
                // It has ended since it was read.
                Err(TransitError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
