//! Why a runtime could not be made. Failures of runs are [`Failure`](alcove_plan::failure::Failure)s.

use std::io;

/// Why a runtime could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The engine refused its configuration: this machine lacks something that the sandbox needs.
    #[error("the sandbox cannot be set up on this machine")]
    Engine(#[source] wasmtime::Error),
    /// The bytes are not a component that the engine accepts.
    #[error("the executor is not a valid component")]
    Component(#[source] wasmtime::Error),
    /// The component wants an import that the world does not have, or lacks the export `run`.
    #[error("the executor does not fit the world `alcove:executor/executor`")]
    World(#[source] wasmtime::Error),
    /// The thread that keeps the time could not be started.
    #[error("the thread that interrupts long runs cannot be started")]
    Ticker(#[source] io::Error),
}
