//! A run that does not ask what its journal says it asked.

use std::fmt;

use alcove_ids::EffectId;
use alcove_plan::{
    envelope::Digest,
    failure::{Code, Failure},
};

/// Where a run left its journal. It is stopped there: whatever it does next may repeat what was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run diverged from its journal: it came to {found}, where the journal has {expected}")]
pub struct Divergence {
    /// What the journal has.
    pub expected: Moment,
    /// What the run came to.
    pub found: Moment,
}

/// One thing that a run does, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It begins with something that it is pinned to.
    Start {
        /// What: `plan`, `executor`, `builtins`, `time zones` or `input`.
        pin: &'static str,
        /// Its version or digest.
        value: String,
    },
    /// It reads a page.
    Read {
        /// The position among the plan's queries.
        query: u32,
        /// Which page, from 0.
        page: u32,
        /// What the query was started with.
        arguments: Digest,
    },
    /// It calls an action.
    Effect {
        /// The position among the plan's actions.
        action: u32,
        /// Indices of the loops around it.
        indices: Vec<u32>,
        /// The identity of the effect.
        id: EffectId,
        /// The action's type and rendered parameters.
        digest: Digest,
    },
    /// It waits for a decision.
    Suspend,
    /// It ends.
    End {
        /// How.
        ending: String,
    },
}

/// A place in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// No place in particular: the run as a whole.
    Run,
    /// A query, by its position in the plan.
    Query(u32),
    /// An action, by its position in the plan, in these iterations.
    Action {
        /// The position among the plan's actions.
        action: u32,
        /// Indices of the loops around it.
        indices: Vec<u32>,
    },
}

impl Divergence {
    /// The place to show: where the run came to, or, if that is nowhere, what it left out.
    pub fn place(&self) -> Place {
        match self.found.place() {
            Place::Run => self.expected.place(),
            place => place,
        }
    }

    /// How the run fails: a defect, which nobody tries again.
    pub fn failure(&self) -> Failure {
        Failure::new(Code::Internal, self)
    }
}

impl Moment {
    fn place(&self) -> Place {
        match self {
            Self::Read { query, .. } => Place::Query(*query),
            Self::Effect { action, indices, .. } => Place::Action { action: *action, indices: indices.clone() },
            Self::Start { .. } | Self::Suspend | Self::End { .. } => Place::Run,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { pin, value } => write!(f, "{pin} `{value}`"),
            Self::Read { query, page, arguments } => {
                write!(f, "page {page} of query {query} (arguments {arguments})")
            }
            Self::Effect { action, indices, id, digest } => {
                write!(f, "action {action} at {indices:?} (effect {id}, digest {digest})")
            }
            Self::Suspend => write!(f, "a pause"),
            Self::End { ending } => write!(f, "the end ({ending})"),
        }
    }
}
