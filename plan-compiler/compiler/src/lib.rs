//! The plan compiler: an app's JSON in; diagnostics, and where there are no errors a sealed plan, out.
//!
//! Stages, each a module with one job: [`source`] (text, lines, JSON with spans) ▸ [`parse`] (JSON to [`syntax`], never
//! failing) ▸ `check` (names, types, scopes, limits, against the catalog) ▸ `lower` (to slots and postfix code) ▸
//! `alcove_plan::envelope::seal`. Every stage collects its complaints as [`diagnostic::Diagnostic`]s and goes on.
//!
//! Architecture invariants: pure (no I/O, no async, no clock, no randomness, no hash order), so two compiles of the
//! same source give the same bytes; no panic, whatever the input.

mod compile;

mod check;
mod checked;
mod lower;

pub mod explain;

pub mod codes;
pub mod diagnostic;
pub mod parse;
pub mod source;
pub mod syntax;

pub use compile::{Compilation, Compiled, compile};
