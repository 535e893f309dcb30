//! The executor without a sandbox, over the same platform: the oracle.

use std::{sync::Arc, time::Duration};

use alcove_execution::{Begun, LoadedPlan, RunReport, RunSpec, Runner};
use alcove_executor::{Host, Level, RunEnd, run};
use alcove_host::{Backend, Call, End, RunFailure, RunResult, Usage};
use alcove_plan::{
    codec::{BatchReader, Decoder, OutcomesWriter},
    failure::{Code, Failure},
    plan::Plan,
};
use tokio::runtime::Handle;

/// Runs a plan natively.
pub(super) async fn run_natively(runner: &Runner, plan: &LoadedPlan, spec: RunSpec) -> RunReport {
    let Begun { input, backend, finish, .. } = runner.begin(plan, spec).unwrap();
    let (program, host_plan) = (plan.program_bytes(), Arc::new(plan.plan().clone()));
    let mut host = NativeHost { backend, plan: Arc::clone(&host_plan), tokio: Handle::current() };
    let end = tokio::task::spawn_blocking(move || run(&program, &input, &mut host)).await.unwrap();
    let end = match end {
        Ok(RunEnd::Succeeded(report)) => Ok(End::Succeeded(report)),
        Ok(RunEnd::Skipped) => Ok(End::Skipped),
        Ok(RunEnd::Waiting) => Ok(End::Waiting),
        Err(error) => Err(RunFailure { failure: error.failure, place: Some(error.place) }),
    };
    finish.report(&host_plan, RunResult { end, usage: Usage { wall: Duration::ZERO, ..Usage::default() } })
}

struct NativeHost {
    backend: Box<dyn Backend>,
    plan: Arc<Plan>,
    tokio: Handle,
}

fn malformed(error: impl ToString) -> Failure {
    Failure::new(Code::Internal, error)
}

impl Host for NativeHost {
    fn start_query(&mut self, query: u16, arguments: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut decoder = Decoder::message(arguments).map_err(malformed)?;
        let holes = &self.plan.queries[usize::from(query)].holes;
        let values = holes.iter().map(|_| decoder.value()).collect::<Result<_, _>>().map_err(malformed)?;
        self.tokio.block_on(self.backend.start_query(query.into(), values))
    }

    fn next_page(&mut self, query: u16) -> Result<Vec<u8>, Failure> {
        self.tokio.block_on(self.backend.next_page(query.into()))
    }

    fn perform(&mut self, actions: &[u16], batch: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut reader = BatchReader::new(batch).map_err(malformed)?;
        let mut calls = Vec::new();
        while let Some(header) = reader.next_call().map_err(malformed)? {
            let action = usize::from(actions[usize::try_from(header.action).unwrap()]);
            let holes = self.plan.actions[action].holes();
            let values = holes.map(|_| reader.value()).collect::<Result<_, _>>().map_err(malformed)?;
            calls.push(Call { action, indices: header.indices, values });
        }
        let mut outcomes = OutcomesWriter::new();
        for outcome in self.tokio.block_on(self.backend.perform(calls)) {
            outcomes.outcome(&outcome);
        }
        Ok(outcomes.finish())
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        let level = match level {
            Level::Info => alcove_host::Level::Info,
            Level::Warning => alcove_host::Level::Warning,
            Level::Error => alcove_host::Level::Error,
        };
        self.backend.log(level, place, message);
    }
}
