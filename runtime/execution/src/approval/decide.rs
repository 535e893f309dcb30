//! Somebody answers.

use std::sync::Arc;

use alcove_ids::{EffectId, TenantId};
use alcove_journal::{
    entry::Edit,
    transition::{Binding, Decider, Event, Ruling, TransitionError, Verdict},
};
use alcove_plan::envelope::Digest;
use alcove_store::tables::approvals::{Row, Status};

use super::ApprovalError;
use crate::{Engine, LoadedPlan, PlanError, TransitError, runs::step, worker::validate_edits};

/// What somebody who answers has seen. An answer holds for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The digest of the run's plan.
    pub plan: Digest,
    /// The digest of the preview.
    pub preview: Digest,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// What was shown may happen.
    Approve,
    /// It may not: the run is cancelled.
    Reject,
    /// It may happen with these changes.
    Modify(Vec<Edit>),
}

impl Engine {
    /// Answers a question; gives it as it is then. What is changed is checked as the compiler and the host would.
    ///
    /// # Errors
    ///
    /// [`ApprovalError::Unknown`], [`ApprovalError::Closed`] and [`ApprovalError::Edit`]; [`ApprovalError::Transit`] if
    /// something else waits than was seen, if it is too late, or if the decider may not answer.
    pub async fn decide(
        &self,
        tenant: &TenantId,
        id: &EffectId,
        by: Decider,
        seen: Seen,
        decision: Decision,
    ) -> Result<Row, ApprovalError> {
        let question = self.approval(tenant, id).await?;
        if question.status != Status::Open {
            return Err(ApprovalError::Closed { status: question.status });
        }
        let node = self.node();
        let verdict = match decision {
            Decision::Approve => Verdict::Approve,
            Decision::Reject => Verdict::Reject,
            Decision::Modify(edits) => {
                let plan = self.plan_of(tenant, seen.plan).await?;
                validate_edits(&node.platform, &plan, &edits)?;
                Verdict::Modify(edits)
            }
        };
        let binding = Binding { plan: seen.plan, effect: id.clone(), preview: seen.preview };
        let event = Event::Decided(Ruling { by, binding, verdict });
        step(node, tenant, &question.execution, event).await?;
        self.approval(tenant, id).await
    }

    /// The plan that was seen. One that there is not cannot be the run's.
    async fn plan_of(&self, tenant: &TenantId, digest: Digest) -> Result<Arc<LoadedPlan>, TransitError> {
        match self.node().plans.get(tenant, digest).await {
            Err(PlanError::Unknown { .. }) => Err(TransitionError::Outdated("plan").into()),
            plan => Ok(plan?),
        }
    }
}
