//! An app begins.

use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::Subject;
use alcove_store::tables::apps::{self, Status};
use serde_json::json;

use super::{LifecycleError, Submission, change::Change, granted, pinned};
use crate::{Engine, transition::subject_to_json};

impl Engine {
    /// Saves a new app as a draft, or, in the same transaction, activates it at once.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::Taken`], [`LifecycleError::Plan`], [`LifecycleError::Quota`], and those of
    /// [`activate_app`](Self::activate_app).
    pub async fn create_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        submission: &Submission,
        activate: bool,
        by: &Subject,
    ) -> Result<apps::Row, LifecycleError> {
        let node = self.node();
        let submitted = submission.check(&node.platform)?;
        granted::check(node, tenant, submitted.plan.plan()).await?;
        let mut change = Change::begin(node, tenant, by).await?;
        if change.find(app).await?.is_some() {
            return Err(LifecycleError::Taken { app: app.clone() });
        }
        change.has_room().await?;
        let mut row = apps::Row {
            tenant: tenant.clone(),
            id: app.clone(),
            name: submitted.name().to_owned(),
            status: Status::Draft,
            version: 1,
            active_version: None,
            author: subject_to_json(by),
            activator: None,
            failures_in_row: 0,
            reason: None,
            created_at: change.now_us,
            updated_at: change.now_us,
        };
        change.add_version(app, 1, &submitted);
        let insert = apps::insert(change.dialect(), std::slice::from_ref(&row));
        change.transaction.enqueue(insert);
        if activate {
            row.status = Status::Active;
            row.activator = Some(subject_to_json(by));
            pinned::pin(&mut change, &mut row, 1, &submitted.plan).await?;
        }
        let detail = json!({ "version": 1, "plan": submitted.digest().to_string(), "status": row.status.as_str() });
        change.commit(app, "app.created", detail).await?;
        Ok(row)
    }
}
