//! Where what was kept back becomes durable.

use crate::Guarantee;

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// A page that the journal does not have.
    Read,
    /// A local effect.
    Local {
        /// Whether the run, or its report, reads the outputs.
        outputs_read: bool,
        /// Whether it has an `on_failure`.
        has_handler: bool,
    },
    /// An external effect.
    External,
    /// An approval that is not decided, or another reason to wait.
    Suspension,
    /// The end, whatever it is.
    End,
}

impl Coming {
    /// A call of an action.
    pub fn call(guarantee: Guarantee, outputs_read: bool, has_handler: bool) -> Self {
        match guarantee {
            Guarantee::Local => Self::Local { outputs_read, has_handler },
            Guarantee::External(_) => Self::External,
        }
    }
}

/// Why what was kept back becomes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// A read must see the effects.
    Read,
    /// An output is read.
    OutputRead,
    /// A failure would be handled.
    OnFailure,
    /// An external effect must come after everything that led to it.
    External,
    /// The instance is dropped.
    Suspension,
    /// The run ends.
    End,
    /// No more may be kept back.
    Full,
}
