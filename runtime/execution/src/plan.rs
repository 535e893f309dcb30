//! Plans, ready to run.

use std::sync::Arc;

use alcove_catalog::{Action as Entry, Class};
use alcove_host::{Prepared, RunLimits};
use alcove_plan::{envelope::Digest, plan::Plan, verify};
use alcove_platform::{Platform, PrepareError, PreparedAction, PreparedQuery};

use crate::facts::{self, ActionFacts};

/// A plan that was verified, held against the catalog, and prepared.
#[derive(Clone, Debug)]
pub struct LoadedPlan {
    pub(crate) digest: Digest,
    pub(crate) plan: Arc<Plan>,
    pub(crate) program: Arc<[u8]>,
    pub(crate) handles: Arc<Prepared>,
    pub(crate) queries: Arc<[PreparedQuery]>,
    pub(crate) actions: Arc<[Arc<PreparedAction>]>,
    /// One for each action of the plan.
    pub(crate) facts: Arc<[ActionFacts]>,
}

/// Why bytes are not a plan that may run here.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// They are not a plan, or a malformed one.
    #[error("the plan was refused")]
    Verify(#[from] verify::LoadError),
    /// It names something that the catalog does not have, or not so.
    #[error("the plan does not agree with the catalog at `{pointer}`")]
    Prepare {
        /// Where in the config: a JSON pointer.
        pointer: String,
        /// What is wrong.
        #[source]
        source: PrepareError,
    },
}

impl LoadedPlan {
    /// Verifies bytes, which may come from anyone, and prepares their queries and actions.
    pub fn load(bytes: &[u8], platform: &Platform) -> Result<Self, LoadError> {
        let sealed = verify::load(bytes)?;
        let prepare_failed =
            |source: PrepareError| LoadError::Prepare { pointer: sealed.plan.place(source.place).to_owned(), source };
        let queries: Result<Vec<_>, _> =
            sealed.plan.queries.iter().map(|query| platform.prepare_query(query)).collect();
        let actions: Result<Vec<_>, _> =
            sealed.plan.actions.iter().map(|action| platform.prepare_action(action)).collect();
        let (queries, actions) = (queries.map_err(prepare_failed)?, actions.map_err(prepare_failed)?);
        // `Prepared::from_plan` asks in the plan's order, which is the order of the prepared actions.
        let mut entries = actions.iter().map(|action| action.entry());
        let handles =
            Prepared::from_plan(&sealed.plan, |action| !action.behind_approval, |_| entries.next().and_then(counter));
        Ok(Self {
            digest: sealed.digest,
            program: sealed.program_bytes.into(),
            handles: Arc::new(handles),
            facts: facts::derive(&sealed.plan, &sealed.program).into(),
            plan: Arc::new(sealed.plan),
            queries: queries.into(),
            actions: actions.into(),
        })
    }

    /// Its identity.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The host's section.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The guest's section.
    pub fn program_bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.program)
    }
}

/// Which of the run's limits counts an action.
fn counter(entry: &Entry) -> Option<usize> {
    match entry.class? {
        Class::Email => Some(RunLimits::EMAILS),
        Class::Ai => Some(RunLimits::AI_CALLS),
        Class::Webhook => None,
    }
}
