//! What a version is made from.

use std::sync::Arc;

use alcove_plan::{capability::Manifest, envelope::Digest};
use alcove_platform::Platform;

use super::LifecycleError;
use crate::LoadedPlan;

/// An app as somebody submits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The app's JSON, from which the plan was compiled; `None`: the plan itself was submitted.
    pub config: Option<String>,
    /// The sealed plan. It is believed in nothing: it is verified, held against the catalog, and what it may touch is
    /// derived anew.
    pub plan: Vec<u8>,
}

/// A submission that was checked.
pub(super) struct Checked<'s> {
    pub(super) config: &'s str,
    pub(super) bytes: &'s [u8],
    pub(super) plan: Arc<LoadedPlan>,
}

impl Submission {
    /// Checks the plan.
    pub(super) fn check(&self, platform: &Platform) -> Result<Checked<'_>, LifecycleError> {
        let plan = Arc::new(LoadedPlan::load(&self.plan, platform)?);
        Ok(Checked { config: self.config.as_deref().unwrap_or_default(), bytes: &self.plan, plan })
    }
}

impl Checked<'_> {
    /// The app's name.
    pub(super) fn name(&self) -> &str {
        &self.plan.plan().name
    }

    /// The identity of the plan.
    pub(super) fn digest(&self) -> Digest {
        self.plan.digest()
    }

    /// What the plan may touch, as JSON.
    pub(super) fn manifest(&self) -> String {
        // Names, numbers and lists of a plan that was decoded from bytes always have a form as JSON.
        serde_json::to_string(&Manifest::derive(self.plan.plan())).unwrap_or_default()
    }
}
