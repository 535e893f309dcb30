//! The tables of the engine: for each its rows, and its statements for both databases.
//!
//! Internal to the runtime, used by `runtime/execution` and `runtime/control`. A module is a table. Its functions are
//! pure: they give a [`Statement`](crate::Statement) for a dialect, and say which type reads the rows that it gives.
//! Where many rows may be meant, they are one parameter: a JSON array that the database takes apart, so that a commit
//! needs one statement for a table however many runs share it.
//!
//! Architecture invariants: a statement names its tenant, or takes it from each row of its batch, except for the work
//! lists that the engine reads across tenants: each of these says so. Its text is the same for every call, so that the
//! database prepares it once, and the same for both databases but for the marks of a template. A statement that
//! locks rows locks them in the order of their names, and one that changes rows changes them in the order of its batch:
//! whoever makes a batch sorts it, so that two transactions do not wait for each other.

mod after;
mod batch;
mod cells;
mod column;
mod template;
mod words;

pub mod tenants;

pub mod grants;
pub mod members;
pub mod team_members;
pub mod teams;

pub mod api_keys;
pub mod operator_keys;

pub mod app_state;
pub mod apps;
pub mod plans;
pub mod versions;

pub mod effects;
pub mod executions;
pub mod journal;
pub mod locks;

pub mod emitted_events;
pub mod events;
pub mod timers;

pub mod approvals;
pub mod dead_letters;

pub mod counters;
pub mod reservations;

pub mod egress_log;

pub mod nodes;

pub mod audit;
pub mod notices;

pub mod purge;

pub use cells::RowError;
