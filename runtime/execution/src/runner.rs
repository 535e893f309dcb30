//! One run, from its plan to its report.

use std::sync::Arc;

use alcove_host::{Backend, CancellationToken, End, Level, RunFailure, RunLimits, RunRequest, RunResult, Runtime};
use alcove_ids::ExecutionId;
use alcove_plan::{
    codec::{DecodeError, VALUES_FREE, decode_value},
    failure::{Code, Failure},
    plan::Plan,
    value::Value,
};
use alcove_platform::{Platform, Scope, ai::Provider};

use crate::{
    LoadError, LoadedPlan, LogEntry, Outside, ReportedError, RunReport, RunSpec, SpecError, Status, Usage,
    backend::RunBackend,
    record::{Record, Recorder, TRIGGER, left_out},
};

/// What all runs share. Clones share it too.
#[derive(Clone)]
pub struct Runner {
    runtime: Arc<Runtime>,
    platform: Platform,
    outside: Outside,
}

impl Runner {
    /// Runs plans in this sandbox, on this platform; without a provider AI actions fail, and so does what would leave
    /// the platform otherwise.
    pub fn new(runtime: Arc<Runtime>, platform: Platform, ai: Option<Arc<dyn Provider>>) -> Self {
        Self { runtime, platform, outside: Outside { ai, ..Outside::default() } }
    }

    /// The platform.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Loads a plan that may come from anyone.
    pub fn load(&self, bytes: &[u8]) -> Result<LoadedPlan, LoadError> {
        LoadedPlan::load(bytes, &self.platform)
    }

    /// Runs a plan once, in an instance of its own. A run that fails is a report, not an error.
    pub async fn run(&self, plan: &LoadedPlan, spec: RunSpec) -> Result<RunReport, SpecError> {
        let Begun { input, backend, limits, cancel, finish } = self.begin(plan, spec)?;
        let (program, prepared) = (Arc::clone(&plan.program), Arc::clone(&plan.handles));
        let result = self.runtime.run(RunRequest { program, prepared, input, limits, backend, cancel }).await;
        Ok(finish.report(&plan.plan, result))
    }

    /// Everything of a run but the sandbox: for whoever brings another executor, as the tests do with the native one.
    pub fn begin(&self, plan: &LoadedPlan, spec: RunSpec) -> Result<Begun, SpecError> {
        let execution = spec.execution(plan);
        let input = spec.input(plan, &execution)?;
        let scope = Scope {
            tenant: spec.tenant,
            app: spec.app,
            execution: execution.clone(),
            now: spec.now,
            chain_depth: spec.chain_depth,
        };
        let recorder = Recorder::default();
        let members = spec.event.iter().flat_map(|event| &event.left_out);
        recorder.with(|record| record.log.extend(members.map(|member| left_out_entry(member))));
        let backend = RunBackend::new(self.platform.clone(), self.outside.clone(), plan, scope, recorder.clone())
            .with_tier(spec.tier)
            .dry(spec.dry_run);
        let finish = Finish { execution, recorder };
        Ok(Begun { input, backend: Box::new(backend), limits: spec.limits, cancel: spec.cancel, finish })
    }
}

/// A run that has begun.
pub struct Begun {
    /// The guest's input message.
    pub input: Vec<u8>,
    /// What stands behind its handles.
    pub backend: Box<dyn Backend>,
    /// The bounds of the sandbox.
    pub limits: RunLimits,
    /// Stops the run.
    pub cancel: CancellationToken,
    /// What makes the report.
    pub finish: Finish,
}

/// Makes the report of a run.
pub struct Finish {
    execution: ExecutionId,
    recorder: Recorder,
}

impl Finish {
    /// The report of the run that ended so.
    pub fn report(self, plan: &Plan, result: RunResult) -> RunReport {
        let record = self.recorder.take();
        let usage = usage(&result, &record);
        let (status, error, value) = conclude(plan, result);
        let Record { effects, log, .. } = record;
        RunReport { execution: self.execution, status, error, effects, log, usage, result: value }
    }
}

fn left_out_entry(member: &str) -> LogEntry {
    LogEntry { level: Level::Warning, path: TRIGGER.to_owned(), message: left_out(member) }
}

fn conclude(plan: &Plan, result: RunResult) -> (Status, Option<ReportedError>, Value) {
    match result.end {
        Ok(End::Skipped) => (Status::Skipped, None, Value::Null),
        Ok(End::Waiting) => (Status::Waiting, None, Value::Null),
        Ok(End::Succeeded(report)) => match decode_value(&report) {
            Ok(value) => (Status::Succeeded, None, value),
            Err(error) => {
                let failure = unreadable(error);
                (Status::Failed, Some(reported(plan, RunFailure { failure, place: None })), Value::Null)
            }
        },
        Err(failure) => (Status::Failed, Some(reported(plan, failure)), Value::Null),
    }
}

/// A report of too many values is one of large widgets; any other that does not decode is a defect.
pub(crate) fn unreadable(error: DecodeError) -> Failure {
    if error.is_too_much() {
        let message =
            format!("the run's result holds more than {VALUES_FREE} values; give its widgets fewer rows or fields");
        Failure::limit("report_values", VALUES_FREE as u64, message)
    } else {
        Failure::new(Code::Internal, format!("the executor's report is a {error}"))
    }
}

fn reported(plan: &Plan, failure: RunFailure) -> ReportedError {
    let RunFailure { failure: Failure { code, message, limit }, place } = failure;
    ReportedError { code, path: plan.place(place.unwrap_or(0)).to_owned(), message, limit }
}

fn usage(result: &RunResult, record: &Record) -> Usage {
    let counted = |counter: usize| result.usage.counters.get(counter).copied().unwrap_or(0);
    Usage {
        fuel: result.usage.fuel,
        peak_memory_bytes: result.usage.peak_memory_bytes,
        host_calls: result.usage.host_calls,
        rows_read: result.usage.rows,
        effects: result.usage.effects,
        emails: counted(RunLimits::EMAILS),
        ai_calls: counted(RunLimits::AI_CALLS),
        ai_tokens_in: record.tokens_in,
        ai_tokens_out: record.tokens_out,
        wall: result.usage.wall,
    }
}
