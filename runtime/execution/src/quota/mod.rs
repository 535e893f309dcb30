//! Quotas: what a tenant's tier allows it, exact whatever happens at the same time.
//!
//! [`Resource`] is the one table of what is limited. What is counted over time has a counter for each window, in the
//! tables of the engine; a *stock* (apps, keys) is counted where it is. Used by `commit` (runs, local effects, and what
//! external effects reserve), `timer` and `outbox` (runs), `lifecycle` (apps), the tables' scripts (state keys), the
//! one-shot runner, and `alcove-control`, which shows it.
//!
//! ```text
//!  accept ─▶ one more of executions ┬ fits ▶ queued
//!                                   └ else ▶ skipped, reason quota │ waiting, with a place in a window to come
//!  local effect ─▶ counted in its own commit          ┐
//!  external effect ─▶ reserved with its intent         ├ else ▶ E002 │ the run waits until the window's end
//!                     settled with its result          ┘
//! ```
//!
//! Architecture invariants: nothing is counted in another transaction than the one in which it happens. Counters are
//! taken before anything else in it, so that two transactions do not wait for each other. A tenant without a tier costs
//! no statement. A reservation that no result has settled counts, whoever made it and whatever became of them.

mod resource;
mod window;

mod exceeded;
mod stock;

mod rooms;
mod seen;
mod spread;

mod admit;
mod admit_all;
mod places;

mod spending;

mod usage;

#[cfg(test)]
mod tests;

pub(crate) use admit::{Admission, AdmitError, Admitted};
pub(crate) use admit_all::admit_all;
pub use exceeded::Exceeded;
pub use resource::Resource;
pub(crate) use rooms::{Counter, Rooms};
pub(crate) use seen::Seen;
pub(crate) use spending::{Settlement, Spending, Want};
pub(crate) use spread::{resume_at, seed};
pub(crate) use stock::allowance;
pub use stock::one_more;
pub use usage::{Rate, ResourceUsage, Usage};
pub use window::Window;
