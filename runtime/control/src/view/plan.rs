//! A plan.

use alcove_execution::{Missing, SubmittedPlan};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A compiled plan, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// Its identity: the BLAKE3 digest of its bytes, in hex.
    pub digest: String,
    /// What it may touch.
    #[schema(value_type = Option<Object>)]
    pub manifest: Option<Box<RawValue>>,
    /// What it needs and the tenant was not granted: no app can be made of it until that is empty.
    pub missing: Vec<MissingView>,
}

/// Something that an app needs and the tenant was not granted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MissingView {
    /// `connector`, `action`, `host` or `ai`.
    pub kind: &'static str,
    /// Which; of `ai`: the action that asks a model.
    pub name: String,
}

impl From<SubmittedPlan> for PlanView {
    fn from(plan: SubmittedPlan) -> Self {
        let manifest = RawValue::from_string(plan.manifest).ok();
        let missing = plan.lacking.into_iter().map(MissingView::from).collect();
        Self { digest: plan.digest, manifest, missing }
    }
}

impl From<Missing> for MissingView {
    fn from(Missing { kind, name }: Missing) -> Self {
        Self { kind, name }
    }
}
