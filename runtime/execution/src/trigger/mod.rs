//! From what happens to rows: which runs an event, a delay or a tick puts into the queue, and which timers it arms.
//!
//! For `ingest` (events from outside), `outbox` (events that runs cause), `timer` (delays and schedules) and
//! `lifecycle` (which arms the schedule of an app that becomes active). All of them make rows here, so that a run looks
//! the same whatever made it, and has the same id however often its trigger is seen. [`Index`] keeps what the tenants'
//! apps wait for in memory.
//!
//! Architecture invariants: a trigger starts an app once: the id of the run follows from the trigger's name ([`key`]).
//! Nothing here writes; whoever asks puts the rows into its own transaction.

mod input;
mod key;
mod queued;

mod delay;
mod occurrence;
mod schedule;

mod index;

pub(crate) use delay::Delayed;
pub use index::IndexError;
pub(crate) use index::{Index, Source, subscription};
pub(crate) use input::RunInput;
pub(crate) use key::RUN_SOURCE_PREFIX;
pub(crate) use occurrence::{Follows, Occurrence};
pub(crate) use queued::{Cause, Start, left_out};
pub(crate) use schedule::{Schedules, arm_schedule, disarm, forget};
