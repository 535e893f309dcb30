//! The sandbox: runs one executor component, once for each run, in a fresh WebAssembly instance.
//!
//! For `execution`, which brings plans, limits and the platform. The only crate that names Wasmtime.
//!
//! Architecture invariants: a guest imports `wit/executor` and nothing else. It holds handles, each one query or one
//! action of one verified plan, and every value that it sends is checked against the plan before the [`Backend`] sees
//! it. No function takes a tenant. Nothing in guest memory outlives its run. Every bound in [`RunLimits`] is enforced
//! here or by Wasmtime, not by the guest. `tests/hostile.rs` is the proof, with a guest that is under its attacker's
//! control.

mod config;
mod error;
mod limits;
mod prepared;
mod usage;

mod backend;
mod runtime;

mod instance;

mod bindings;
mod ctx;
mod wit;

mod batch;
mod check;
mod ledger;
mod perform;

mod memory;
mod stop;

mod artifact;
mod code;
mod engine;
mod ticker;

pub use backend::{Backend, Call, Level};
pub use config::RuntimeConfig;
pub use error::RuntimeError;
pub use instance::RunRequest;
pub use limits::{Counter, RunLimits};
pub use prepared::{Prepared, PreparedAction, PreparedQuery};
pub use runtime::Runtime;
pub use tokio_util::sync::CancellationToken;
pub use usage::{End, RunFailure, RunResult, Usage};
