//! Plans that are submitted before there is an app for them.

use alcove_ids::TenantId;
use alcove_journal::transition::Subject;
use alcove_plan::envelope::Digest;
use alcove_store::tables::{plans, versions};
use serde_json::json;

use super::{LifecycleError, Submission, change::Change, granted};
use crate::{Engine, PlanError, tenant::Missing, transition::subject_to_json};

/// Submitted plans of a tenant that are kept. Of more, the oldest are forgotten: an app has a copy of its own.
const PLANS_MAX: u32 = 1_000;
/// Plans that are forgotten at a time; more than come in at a time.
const FORGOTTEN_MAX: u32 = 10;

/// A plan that a tenant has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedPlan {
    /// Its identity, in hex.
    pub digest: String,
    /// Its bytes, sealed.
    pub plan: Vec<u8>,
    /// What it may touch, as JSON.
    pub manifest: String,
    /// What it needs and the tenant was not granted.
    pub lacking: Vec<Missing>,
}

impl Engine {
    /// Keeps a plan under its digest: verified, held against the catalog, and with what it may touch derived anew. What
    /// the tenant was not granted is said, and refused only when an app is made of it.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::Plan`].
    pub async fn submit_plan(
        &self,
        tenant: &TenantId,
        submission: &Submission,
        by: &Subject,
    ) -> Result<SubmittedPlan, LifecycleError> {
        let node = self.node();
        let submitted = submission.check(&node.platform)?;
        let lacking = granted::lacking(node, tenant, submitted.plan.plan()).await?;
        let row = plans::Row {
            tenant: tenant.clone(),
            digest: submitted.digest().to_string(),
            plan: submitted.bytes.to_vec(),
            manifest: submitted.manifest(),
            author: subject_to_json(by),
            created_at: node.clock.now().micros(),
        };
        let mut change = Change::begin(node, tenant, by).await?;
        let dialect = change.dialect();
        change.transaction.enqueue(plans::add(dialect, std::slice::from_ref(&row)));
        change.transaction.enqueue(plans::make_room(dialect, tenant, PLANS_MAX, FORGOTTEN_MAX));
        change.commit_plain("plan.submitted", json!({ "plan": row.digest })).await?;
        let plans::Row { digest, plan, manifest, .. } = row;
        Ok(SubmittedPlan { digest, plan, manifest, lacking })
    }

    /// A plan of a tenant: one that was submitted, or that of a version of an app.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoPlan`].
    pub async fn plan(&self, tenant: &TenantId, digest: Digest) -> Result<SubmittedPlan, LifecycleError> {
        let node = self.node();
        let (dialect, hex) = (node.store.dialect(), digest.to_string());
        let rows = node.store.query_of(tenant.as_str(), &plans::get(dialect, tenant, &hex)).await?;
        let found = rows.first().map(|cells| plans::Row::decode(cells)).transpose()?;
        let (plan, manifest) = if let Some(plans::Row { plan, manifest, .. }) = found {
            (plan, manifest)
        } else {
            let rows = node.store.query_of(tenant.as_str(), &versions::by_digest(dialect, tenant, &hex)).await?;
            let row = rows.first().ok_or(LifecycleError::NoPlan { digest })?;
            let row = versions::Row::decode(row)?;
            (row.plan, row.manifest)
        };
        let submission = Submission { config: None, plan };
        let loaded = submission.check(&node.platform)?.plan;
        if loaded.digest() != digest {
            let source = PlanError::Changed { wanted: digest, found: loaded.digest() };
            return Err(LifecycleError::Kept { source });
        }
        let lacking = granted::lacking(node, tenant, loaded.plan()).await?;
        Ok(SubmittedPlan { digest: hex, plan: submission.plan, manifest, lacking })
    }
}
