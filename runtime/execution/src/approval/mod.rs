//! Questions to people: what a run asks, who may answer, and what the answer makes of the run.
//!
//! For `alcove-control`, through [`Engine`](crate::Engine). The rules are the journal's
//! (`alcove_journal::transition::Request::may_decide`, and the binding of a decision to plan, place and preview); here
//! they meet the rows. A run that waits for an answer is a row and a timer: nothing of it is in memory.

mod error;

mod decide;
mod read;

pub use decide::{Decision, Seen};
pub use error::ApprovalError;
