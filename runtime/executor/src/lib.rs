//! Interprets a [`Program`](alcove_plan::program::Program): the one component that every app run executes.
//!
//! Internal to Alcove. It builds twice from the same source: natively, where tests use it as the oracle and the
//! dispatcher asks [`matches()`], and for `wasm32-unknown-unknown`, where `guest` ties it to `wit/executor`.
//!
//! Architecture invariants: everything that it reaches goes through [`Host`]. It has no clock, randomness, file or
//! thread. Neither data nor blocks make it recurse (frames lie on a vector); helpers that walk a value do, as deep as
//! [`DEPTH_MAX`](alcove_plan::value::DEPTH_MAX) allows. Bytes from outside never make it panic.

mod host;
mod run;
mod trigger;

mod eval;
mod halt;
mod key;
mod measure;

mod effects;
mod entities;
mod flow;
mod report;
mod steps;

#[cfg(target_arch = "wasm32")]
mod guest;
#[cfg(target_arch = "wasm32")]
mod heap;
#[cfg(test)]
mod tests;

pub use host::{Host, Level};
pub use run::{RunEnd, RunError, run};
pub use trigger::matches;
