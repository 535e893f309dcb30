//! Use cases and authorization: the one place through which the API, and whatever else comes from outside, must go.
//!
//! [`Control`] holds the use cases, one file for each resource. Each takes the [`Principal`] who asks, refuses who
//! lacks the [`Permission`], reads the arguments, and lets the engine do it; what comes back is a view, in the words
//! that callers see.
//!
//! Architecture invariants: nothing is done without a principal, and a permission that no line of [`ROLES`] grants is
//! denied. The tenant is the principal's; no argument names one, so that what belongs to another tenant is not there.

mod permission;
mod principal;

mod keys;

mod error;
mod error_of;

mod control;
mod id;
mod page;
mod source;
mod view;

mod apps;
mod lifecycle;

mod events;
mod executions;

mod approvals;
mod dead_letters;

pub use alcove_execution::{ReplayReport, StepLog};
pub use approvals::{Edit, Ruling, Seen};
pub use apps::NewApp;
pub use control::Control;
pub use dead_letters::Word;
pub use error::ControlError;
pub use events::{Accepted, NewEvent, Started};
pub use executions::ExecutionFilter;
pub use keys::{Keys, KeysError};
pub use page::{List, Page};
pub use permission::{Permission, ROLES};
pub use principal::Principal;
pub use source::Source;
pub use view::{AppView, ApprovalView, DeadLetterView, Diagnostic, Diagnostics, EventRef, ExecutionView, VersionView};
