//! The life of an app: drafted, activated, paused, resumed, rolled back, deleted.
//!
//! For `alcove-control`, through [`Engine`](crate::Engine): one method for each change, one file for each method. A
//! change is one transaction: it locks the tenant, looks at the [table of states](after), performs, and adds to the
//! audit log; what is refused changes nothing. [`change`] holds what all of them do alike.
//!
//! Architecture invariants: a version never changes, and runs stay pinned to theirs. Whatever changes which events
//! start what also moves the tenant's generation on, so that nobody accepts an event by an index that is out of date.

mod error;
mod revision;
mod status;

mod chain;
mod change;
mod granted;
mod pinned;
mod submission;

mod activate;
mod create;
mod delete;
mod edit;
mod pause;
mod resume;
mod rollback;

mod state;
mod submit;

mod read;

#[cfg(test)]
mod tests;

pub use error::LifecycleError;
pub use revision::{ChangedBy, Revision};
pub use status::{AppChange, after};
pub use submission::Submission;
pub use submit::SubmittedPlan;
