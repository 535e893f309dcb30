//! Which run is started when, and what stops it: the queue of a node, its slots, its lease.
//!
//! Used by the rest of the crate through [`Dispatcher`]. The [`scheduler`] decides, without I/O, which queued run is
//! next; [`start`] takes it and gives it to a worker; [`read`] finds what is queued in the database and nobody has told
//! of; [`lease`] keeps the node alive in the eyes of the others; [`takeover`] finds runs whose node or worker is no
//! more.
//!
//! Architecture invariants: memory is a hint and the database the truth. A run is started here only after its claim is
//! durable; what is forgotten here is found again by reading; two nodes that start the same run find that one claim was
//! refused.

mod interruption;
mod overlap;
mod reach;

mod scheduler;

mod dispatcher;
mod slot;

mod standing;

mod lease;
mod takeover;

mod paused;

mod read;
mod start;

mod tasks;

mod halt;

#[cfg(test)]
mod tests;

pub(crate) use dispatcher::Dispatcher;
pub(crate) use interruption::{Interruption, Why};
pub use lease::LeaseError;
pub(crate) use overlap::Overlap;
pub use reach::Reach;
pub(crate) use slot::Slot;
pub(crate) use standing::Standing;
pub(crate) use tasks::Dispatching;
