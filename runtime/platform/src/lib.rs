//! The bindings of the catalog's entries: what a connector reads and an action changes, on the platform's own tables.
//!
//! Internal to the runtime, used by `runtime/execution`. [`Platform::prepare_query`] and [`Platform::prepare_action`]
//! hold a plan, which is untrusted, against the catalog and turn it into constant SQL once; [`Platform::open`] and
//! [`Platform::perform`] run that for one [`Scope`] with values of the guest, and [`Platform::perform_in`] performs
//! effects of many runs in a transaction of its caller. SQLite and PostgreSQL give the same answers.
//!
//! Architecture invariants: the tenant is part of the [`Scope`] and of nothing else, and every statement has it in its
//! condition; a batch holds runs of one tenant. Names in SQL come from the catalog, values are parameters. An effect
//! and its row in the ledger are one transaction. SQL's three-valued logic stays inside: a filter is as two-valued as
//! the guest's predicates.

pub mod ai;
mod cell;
mod dialect;
pub mod http;
mod scope;
mod unperformed;

mod platform;
mod prepare;

mod action;
mod load;
mod query;
mod shop;

#[cfg(test)]
mod schema;
#[cfg(test)]
mod testing;

pub use action::{Allowance, Blocked, EffectCall, Most, Performer, PreparedAction, RunCalls};
pub use load::{LoadError, blank};
pub use platform::Platform;
pub use prepare::{ActionProblem, PrepareError, Problem, QueryProblem};
pub use query::{Cursor, Page, PreparedQuery};
pub use scope::Scope;
pub use unperformed::Unperformed;
