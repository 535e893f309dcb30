//! One run: one store, one instance, one call.

use std::sync::Arc;

use alcove_plan::failure::Failure;
use tokio_util::sync::CancellationToken;
use wasmtime::{Engine, Error, Store, UpdateDeadline, component::Resource};

use crate::{
    backend::Backend,
    bindings::{ExecutorPre, Outcome, RunError},
    ctx::{ActionHandle, QueryHandle, RunContext},
    limits::RunLimits,
    memory::MemoryLimiter,
    prepared::Prepared,
    stop::{Deadline, Interruption, internal, trap_failure},
    usage::{End, RunFailure, RunResult, Usage},
    wit::failure_from_guest,
};

/// What a run begins with.
pub struct RunRequest {
    /// The guest's section of a verified plan.
    pub program: Arc<[u8]>,
    /// The handles of the same plan.
    pub prepared: Arc<Prepared>,
    /// An *input* message (`wit/encoding.md`).
    pub input: Vec<u8>,
    /// The bounds.
    pub limits: RunLimits,
    /// The platform, for one tenant.
    pub backend: Box<dyn Backend>,
    /// Stops the run at its next host call or tick.
    pub cancel: CancellationToken,
}

/// Runs once. The store, and with it all that the guest was, is dropped before this returns.
pub(crate) async fn run(engine: &Engine, executor: &ExecutorPre<RunContext>, request: RunRequest) -> RunResult {
    let RunRequest { program, prepared, input, limits, backend, cancel } = request;
    let deadline = Deadline::start(limits.wall_clock, cancel);
    let memory = MemoryLimiter::new(limits.memory_bytes, limits.table_elements);
    let mut store = Store::new(engine, RunContext::new(prepared, backend, limits, memory, deadline));
    let answer = match arm(&mut store) {
        Ok(()) => call(&mut store, executor, &program, &input).await,
        Err(error) => Err(error),
    };
    let fuel = store.data().limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let run = store.data();
    RunResult { end: conclude(run, answer), usage: usage(run, fuel) }
}

/// Puts the limits that Wasmtime enforces in place.
fn arm(store: &mut Store<RunContext>) -> wasmtime::Result<()> {
    let (fuel, hostcall_bytes) = (store.data().limits.fuel, store.data().limits.hostcall_bytes);
    store.limiter(|run| &mut run.memory);
    store.set_fuel(fuel)?;
    store.set_hostcall_fuel(hostcall_bytes);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| {
        store.data().deadline.check().map_err(Error::new)?;
        Ok(UpdateDeadline::Yield(1))
    });
    Ok(())
}

async fn call(
    store: &mut Store<RunContext>,
    executor: &ExecutorPre<RunContext>,
    program: &[u8],
    input: &[u8],
) -> wasmtime::Result<Result<Outcome, RunError>> {
    let executor = executor.instantiate_async(&mut *store).await?;
    let (queries, actions) = handles(&store.data().prepared);
    executor.call_run(store, program, input, &queries, &actions).await
}

/// The handles that the guest is given. There is no other way to come by one.
fn handles(prepared: &Prepared) -> (Vec<Resource<QueryHandle>>, Vec<Option<Resource<ActionHandle>>>) {
    let queries = (0..).zip(&prepared.queries).map(|(index, _)| Resource::new_own(index));
    let actions =
        (0..).zip(&prepared.actions).map(|(index, action)| action.available.then(|| Resource::new_own(index)));
    (queries.collect(), actions.collect())
}

/// How the run ended. Where the host has stopped it, that is the end, whatever the guest made of it.
fn conclude(run: &RunContext, answer: wasmtime::Result<Result<Outcome, RunError>>) -> Result<End, RunFailure> {
    if let Some(failure) = run.stopped() {
        let place = answer.ok().and_then(Result::err).map(|error| error.place);
        return Err(RunFailure { failure: failure.clone(), place });
    }
    match answer {
        Err(error) => Err(RunFailure { failure: cut_short(run, &error), place: None }),
        Ok(Err(error)) => Err(RunFailure { failure: failure_from_guest(error.failure), place: Some(error.place) }),
        Ok(Ok(outcome)) => end(outcome, run.effects.suspended),
    }
}

fn end(outcome: Outcome, suspended: bool) -> Result<End, RunFailure> {
    let defect = |message| Err(RunFailure { failure: internal(message), place: None });
    match (outcome, suspended) {
        (Outcome::Waiting, true) => Ok(End::Waiting),
        (Outcome::Waiting, false) => defect("the executor waits for an approval, but none is open"),
        (_, true) => defect("the executor has ended although an approval is open"),
        (Outcome::Succeeded(report), false) => Ok(End::Succeeded(report)),
        (Outcome::Skipped, false) => Ok(End::Skipped),
    }
}

/// Why a guest was trapped.
fn cut_short(run: &RunContext, error: &Error) -> Failure {
    match error.downcast_ref::<Interruption>() {
        Some(interruption) => run.interruption(*interruption),
        None => trap_failure(error, run.limits.fuel, run.limits.hostcall_bytes),
    }
}

fn usage(run: &RunContext, fuel: u64) -> Usage {
    Usage {
        fuel,
        peak_memory_bytes: run.memory.memory_bytes(),
        host_calls: run.host_calls,
        wall: run.deadline.elapsed(),
        rows: run.queries.rows,
        effects: run.effects.effects,
        counters: run.effects.counters.clone(),
    }
}
