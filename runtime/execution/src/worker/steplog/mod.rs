//! The step log of a run, derived from its journal and its plan whenever somebody reads it: one entry for each query,
//! each call of an action in each iteration, and each line that the run has said.
//!
//! What an entry shows of values was decided when it was written (`log_values`); outputs, which the run needs whole,
//! are shown here by the same rule.

mod derive;
mod step;

pub use derive::step_log;
pub(crate) use derive::{StepChange, step_changes};
pub use step::{OmittedSteps, Step, StepLog, StepOutcome, StepValues};
