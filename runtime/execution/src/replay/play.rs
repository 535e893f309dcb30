//! A replay from its recording to its report.

use std::{sync::Arc, time::Duration};

use alcove_host::{CancellationToken, RunLimits, RunRequest, Runtime};
use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::{
    cursor::{Cursor, History},
    entry::{Ending, Record, Started, read_journal},
};
use alcove_plan::failure::Failure;
use alcove_platform::Platform;

use super::{
    Difference, OtherBuild, Recording, RecordingError, ReplayReport, ReplayStatus,
    lines::Lines,
    session::{Comparison, Session, Stop},
    transcript::Transcript,
};
use crate::{Engine, LoadError, LoadedPlan, rerun::Kept, worker::Calls};

/// A replay waits for nothing, so that its fuel ends it long before this does.
const WALL_CLOCK: Duration = Duration::from_mins(10);

/// Executes recorded runs again. Clones share the sandbox.
#[derive(Clone)]
pub struct Replayer {
    runtime: Arc<Runtime>,
    platform: Platform,
}

/// Why a recording cannot be replayed at all.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is none.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// Its plan does not load in this build.
    #[error(transparent)]
    Plan(#[from] LoadError),
}

/// A replay, and what the guest asked in it.
pub(crate) struct Played {
    pub(crate) report: ReplayReport,
    pub(crate) transcript: Transcript,
}

/// What is replayed: a plan, and the records of one of its runs.
pub(crate) struct Script {
    pub(crate) plan: Arc<LoadedPlan>,
    pub(crate) execution: ExecutionId,
    pub(crate) records: Vec<Record>,
    pub(crate) comparison: Comparison,
}

impl Engine {
    /// Replays a run of a tenant, as far as its journal goes. Nothing is performed and nothing is written.
    pub async fn replay(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<ReplayReport, ReplayError> {
        let node = self.node();
        let recording = Recording::read(&node.store, tenant, execution).await?;
        let replayer = Replayer::new(Arc::clone(&node.runtime), node.platform.clone());
        Ok(replayer.replay(&recording).await?)
    }
}

impl Replayer {
    /// Replays in this sandbox. Of the platform only its catalog is used: nothing is read from its database.
    pub fn new(runtime: Arc<Runtime>, platform: Platform) -> Self {
        Self { runtime, platform }
    }

    /// Replays a run, as far as its journal goes. A journal that cannot be read, or contradicts itself, has diverged.
    pub async fn replay(&self, recording: &Recording) -> Result<ReplayReport, LoadError> {
        self.play(recording).await.map(|played| played.report)
    }

    /// The same, with what the guest asked.
    pub(crate) async fn play(&self, recording: &Recording) -> Result<Played, LoadError> {
        let plan = self.load(&recording.plan)?;
        let execution = recording.execution.clone();
        Ok(match read_journal(&recording.journal) {
            Ok(records) => self.perform(Script { plan, execution, records, comparison: Comparison::Exact }).await,
            Err(error) => Played::refused(&execution, "a journal that can be read", &error),
        })
    }

    /// Verifies a plan and prepares it.
    pub(crate) fn load(&self, plan: &[u8]) -> Result<Arc<LoadedPlan>, LoadError> {
        LoadedPlan::load(plan, &self.platform).map(Arc::new)
    }

    /// The limits of a run of a plan: its own, but for its clock.
    pub(crate) fn limits(plan: &LoadedPlan) -> RunLimits {
        RunLimits { wall_clock: WALL_CLOCK, ..RunLimits::language_defaults(plan.plan.settings.timeout_ms) }
    }

    /// Where runs are executed.
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Executes the guest against its journal.
    pub(crate) async fn perform(&self, script: Script) -> Played {
        let Script { plan, execution, records, comparison } = script;
        let lines = Lines::of(&records);
        let history = match History::read(records) {
            Ok(history) => history,
            Err(error) => return Played::refused(&execution, "a journal that does not contradict itself", &error),
        };
        let other_build = self.other_build(history.started());
        let started = history.started().clone();
        let calls = match Calls::new(&self.platform, Arc::clone(&plan), execution.clone(), &history) {
            Ok(calls) => calls,
            Err(Failure { message, .. }) => {
                return Played::refused(&execution, "changes that fit the plan", &message);
            }
        };
        let prepared = calls.handles();
        let mut session = Session {
            plan: Arc::clone(&plan),
            calls,
            cursor: Cursor::new(history),
            lines,
            comparison,
            transcript: Transcript::default(),
            effects: 0,
            reads: 0,
            stop: None,
        };
        let with = Started { plan: plan.digest(), ..started.clone() };
        if let Err(divergence) = session.cursor.begin(&with) {
            session.diverge(&divergence);
        }
        let begun = session.stop.is_none();
        let kept = Kept::new(session);
        if begun {
            let limits = Self::limits(&plan);
            let result = self.runtime.run(RunRequest {
                program: plan.program_bytes(),
                prepared,
                input: started.input,
                limits,
                backend: kept.backend(),
                cancel: CancellationToken::new(),
            });
            let end = result.await.end;
            kept.with(|session| session.conclude(end));
        }
        kept.with(|session| Played::of(session, &execution, other_build))
    }

    fn other_build(&self, started: &Started) -> Vec<OtherBuild> {
        let pins = [
            ("executor", started.executor.to_string(), self.runtime.executor().to_string()),
            ("builtins", started.builtins_version.to_string(), alcove_builtins::BUILTINS_VERSION.to_string()),
        ];
        let other = pins.into_iter().filter(|(_, recorded, here)| recorded != here);
        other.map(|(what, recorded, here)| OtherBuild { what, recorded, here }).collect()
    }
}

impl Played {
    fn of(session: &mut Session, execution: &ExecutionId, other_build: Vec<OtherBuild>) -> Self {
        let (diverged, stopped_at) = match session.stop.take() {
            Some(Stop::Diverged(difference)) => (Some(difference), None),
            Some(Stop::JournalEnds(stopped)) => (None, Some(stopped)),
            None => (None, None),
        };
        let waits = session.transcript.calls.last();
        let waits = waits.is_some_and(|call| call.outcome == alcove_plan::codec::Outcome::Suspended);
        let run = match session.cursor.history().ending() {
            Some(Ending::Succeeded { .. }) => "succeeded",
            Some(Ending::Failed { .. }) => "failed",
            Some(Ending::Skipped { .. }) => "skipped",
            Some(Ending::Cancelled { .. }) => "cancelled",
            None if waits => "waiting",
            None => "unfinished",
        };
        let status = if diverged.is_some() { ReplayStatus::Diverged } else { ReplayStatus::Replayed };
        let (effects, reads) = (session.effects, session.reads);
        let execution = execution.to_string();
        let report = ReplayReport { execution, status, run, effects, reads, other_build, diverged, stopped_at };
        Self { report, transcript: std::mem::take(&mut session.transcript) }
    }

    /// What is recorded is no journal of this plan.
    fn refused(execution: &ExecutionId, expected: &str, found: &dyn ToString) -> Self {
        let report = ReplayReport {
            execution: execution.to_string(),
            status: ReplayStatus::Diverged,
            run: "unfinished",
            effects: 0,
            reads: 0,
            other_build: Vec::new(),
            diverged: Some(Difference::of_run(expected, found)),
            stopped_at: None,
        };
        Self { report, transcript: Transcript::default() }
    }
}
