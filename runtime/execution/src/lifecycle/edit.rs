//! An app gets a new version.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::apps;
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, Submission, change::Change, granted};
use crate::{Engine, transition::subject_to_json};

impl Engine {
    /// Saves a new version. The active one stays active, until the new one is activated. What was saved last, saved
    /// again, is no new version.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`], [`LifecycleError::Plan`].
    pub async fn edit_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        submission: &Submission,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<apps::Row, LifecycleError> {
        let (node, by): (_, ChangedBy<'_>) = (self.node(), by.into());
        let submitted = submission.check(&node.platform)?;
        granted::check(node, tenant, submitted.plan.plan()).await?;
        let mut change = Change::begin(node, tenant, by).await?;
        let mut row = change.app(app, AppChange::Edit).await?;
        let latest = change.version(app, row.version).await?;
        if latest.digest == submitted.digest().to_string() && latest.config == submitted.config {
            row.updated_at = change.seen_at;
            return Ok(row);
        }
        row.version += 1;
        row.name = submitted.name().to_owned();
        row.author = subject_to_json(by.who);
        change.add_version(app, row.version, &submitted);
        let key = Change::key(&row);
        let update = apps::set_version(change.dialect(), &key, row.version, &row.name, &row.author, change.now_us);
        change.transaction.enqueue(update);
        let detail = json!({ "version": row.version, "plan": submitted.digest().to_string() });
        change.commit(app, "app.edited", detail).await?;
        Ok(row)
    }
}
