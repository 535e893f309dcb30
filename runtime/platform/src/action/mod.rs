//! Changing: a plan's action, held against the catalog, and its performance as set-valued SQL.
//!
//! A batch of calls of one action is one statement per table, whatever its length: the calls travel as one JSON
//! parameter (`sql/sqlite/README.md`). Measured with `cargo test -p alcove-platform --release -- --ignored speed`, which
//! states the figures it holds.

mod attempt;
mod check;
mod ledger;
mod params;
mod perform;
mod prepare;
mod script;
mod verdict;

#[cfg(test)]
mod tests;

pub use perform::EffectCall;
pub(crate) use perform::perform;
pub use prepare::{Performer, PreparedAction};
pub use verdict::Blocked;
