//! What happens to a run, in rows: the journal's state machine decides, this carries it out.
//!
//! For `commit`, which does it for many runs at a time, and, by [`apply_in`], for whatever is rare: lifecycle,
//! decisions, redrive, timers, leases that are lost. [`Circumstances`] are what the state machine asks for; [`Writes`]
//! gathers what its actions come to, a statement for each table; [`After`] says who hears of it after the commit.
//!
//! Architecture invariants: every action of the state machine is taken here and nowhere else. Nobody is told of
//! anything before it is durable.

mod error;

mod failure;
mod request;
mod subject;
mod timer;

mod circumstances;

mod actions;
mod moved;
mod writes;

mod apply;

mod wakes;

#[cfg(test)]
mod tests;

pub(crate) use apply::apply_in;
pub(crate) use circumstances::Circumstances;
pub use error::TransitError;
pub(crate) use failure::failure_to_json;
pub(crate) use moved::Moved;
pub(crate) use request::request_to_json;
pub(crate) use subject::{subject_from_json, subject_to_json};
pub(crate) use timer::{run_timer, run_timer_row};
pub(crate) use wakes::{After, Wakes};
pub(crate) use writes::{Writes, journal_row};
