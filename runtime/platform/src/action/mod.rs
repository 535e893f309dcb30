//! Changing: a plan's action, held against the catalog, and its performance as set-valued SQL.
//!
//! Calls of one action, of any number of runs, are one statement per table: the calls travel as one JSON parameter
//! (`sql/README.md`). All of it travels at once, as if nothing stood against it (`together`); where something does, it
//! is undone, and done again with care (`careful`). Measured on a busy two-core machine, in memory, batches of 256: a
//! notification costs about 12 µs and an award of XP (update, event, ledger) about 20 µs, each 0.5 to 1.8 times a
//! prepared statement for a single row; `cargo test -p alcove-platform --lib -- --ignored speed` prints it.

mod allowance;

mod batch;
mod check;
mod params;
mod prepare;
mod script;
mod translate;

mod ledger;
mod run;
mod verdict;
mod wave;

mod careful;
mod perform;
mod together;

#[cfg(test)]
mod tests;

pub use allowance::{Allowance, Most};
pub use perform::{EffectCall, RunCalls};
pub(crate) use perform::{perform, perform_in};
pub use prepare::{Performer, PreparedAction};
pub use verdict::Blocked;
