//! What one run has in the host: the data of its store.

use std::sync::Arc;

use alcove_plan::failure::Failure;

use crate::{
    backend::Backend,
    limits::RunLimits,
    memory::MemoryLimiter,
    perform::EffectState,
    prepared::Prepared,
    stop::{Deadline, Interruption, internal, shorten},
    wit::{log::LogState, queries::QueryStates},
};

/// What a guest holds of a query: nothing but its index in the plan. No value of this type exists.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub enum QueryHandle {}

/// What a guest holds of an action: nothing but its index in the plan. No value of this type exists.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub enum ActionHandle {}

/// The data of a store. The tenant is not in it: it is inside the backend.
pub(crate) struct RunContext {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) limits: RunLimits,
    pub(crate) memory: MemoryLimiter,
    pub(crate) deadline: Deadline,
    pub(crate) queries: QueryStates,
    pub(crate) effects: EffectState,
    pub(crate) log: LogState,
    pub(crate) host_calls: u64,
    stopped: Option<Failure>,
}

impl RunContext {
    /// A run that has not begun.
    pub(crate) fn new(
        prepared: Arc<Prepared>,
        backend: Box<dyn Backend>,
        limits: RunLimits,
        memory: MemoryLimiter,
        deadline: Deadline,
    ) -> Self {
        Self {
            queries: QueryStates::new(prepared.queries.len()),
            effects: EffectState::new(&limits),
            log: LogState::new(limits.log_bytes),
            prepared,
            backend,
            limits,
            memory,
            deadline,
            host_calls: 0,
            stopped: None,
        }
    }

    /// Begins every host call that can fail. A run that was stopped gets nothing but the reason, again.
    pub(crate) fn enter(&mut self) -> Result<(), Failure> {
        self.host_calls += 1;
        if let Some(failure) = &self.stopped {
            return Err(failure.clone());
        }
        self.deadline.check_cancelled().map_err(|interruption| self.interrupt(interruption))
    }

    /// Why the run was stopped, if it was.
    pub(crate) fn stopped(&self) -> Option<&Failure> {
        self.stopped.as_ref()
    }

    /// Passes on a failure; if it is of a kind that stops runs, this run is over.
    pub(crate) fn fail(&mut self, failure: Failure) -> Failure {
        let failure = shorten(failure);
        if failure.code.stops_run() && self.stopped.is_none() {
            self.stopped = Some(failure.clone());
        }
        failure
    }

    /// Stops the run for a defect of the guest or of the platform.
    pub(crate) fn defect(&mut self, message: impl Into<String>) -> Failure {
        self.fail(internal(message))
    }

    /// Stops the run from outside.
    pub(crate) fn interrupt(&mut self, interruption: Interruption) -> Failure {
        let failure = self.interruption(interruption);
        self.fail(failure)
    }

    /// The failure that an interruption is, with this run's limits.
    pub(crate) fn interruption(&self, interruption: Interruption) -> Failure {
        self.deadline.failure(interruption, self.memory.memory_bytes_max(), self.memory.table_elements_max())
    }
}
