//! What makes runs begin: schedules, the index of subscriptions, and the chains in which apps set each other off.
//!
//! Internal to Alcove; the engine (`alcove-execution`) asks it. [`cron`] says when a schedule is due, [`index`] which
//! apps an event makes run, [`chain`] whether a tenant's apps would set each other off for ever.
//!
//! Architecture invariants: pure. No store, no async run time, no clock: time is an argument. No order of a hash
//! reaches an answer.

pub mod chain;
pub mod cron;
pub mod index;
