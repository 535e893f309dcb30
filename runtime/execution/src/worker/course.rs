//! A run in the hands of a worker: executions of its guest, one after the other, until the worker lets go of it.

use std::{sync::Arc, time::Duration};

use alcove_host::{CancellationToken, RunLimits, RunRequest};
use alcove_journal::{
    cursor::{Cursor, History},
    entry::{Record, Started, read_journal},
};
use alcove_plan::failure::Failure;
use alcove_platform::Scope;
use alcove_store::tables::journal;
use tokio::time::Instant;

use super::{
    backend::JournaledBackend,
    calls::Calls,
    end::Leave,
    halt::defect,
    hold::{Durable, SharedHold},
    reserved::Reserved,
    session::{Beginning, Session},
    summary::Usage,
};
use crate::{LoadedPlan, commit::CommitError, dispatch::Interruption, node::Node};

/// Executions of a guest under one lease that were misled, at the most. Each makes an effect known that the one before
/// did not know, so this is far above what a sound run needs.
const AGAIN_MAX: u32 = 1_000;

/// The pause after something that the database did not take or give.
pub(super) const UNAVAILABLE: Duration = Duration::from_millis(500);

/// A run in the hands of a worker.
pub(super) struct Course {
    pub(super) node: Arc<Node>,
    pub(super) plan: Arc<LoadedPlan>,
    pub(super) scope: Scope,
    pub(super) hold: SharedHold,
    /// The start, for as long as the journal does not have it.
    pub(super) opening: Vec<Record>,
    pub(super) interruption: Interruption,
    pub(super) cancel: CancellationToken,
    pub(super) usage: Usage,
    pub(super) began: Instant,
}

/// How a worker let go of a run.
#[derive(Debug)]
pub(super) enum Left {
    /// It has said what became of it, and that is durable.
    Over,
    /// It has lost it, or cannot say anything.
    Lost,
    /// The run was not accepted after all.
    Refused,
}

impl Course {
    /// Carries the run on from its journal.
    pub(super) async fn carry(mut self, journal: Vec<Record>) -> Left {
        let mut journal = Some(journal);
        let mut again = 0;
        loop {
            let records = match journal.take() {
                Some(records) => Ok(records),
                None => self.read_journal().await,
            };
            let left = match records {
                Ok(records) => self.attempt(records).await,
                Err(error) => Err(Leave::Uncommitted(error)),
            };
            let error = match left {
                Ok(()) => return Left::Over,
                Err(Leave::Lost | Leave::Uncommitted(CommitError::Closed)) => return Left::Lost,
                Err(Leave::Refused) => return Left::Refused,
                Err(Leave::Again) if again < AGAIN_MAX => {
                    again += 1;
                    continue;
                }
                Err(Leave::Again) => CommitError::Defect(format!("the run was misled {AGAIN_MAX} times")),
                Err(Leave::Wait(_)) => CommitError::Defect("what ends a run waits for a quota".to_owned()),
                Err(Leave::Uncommitted(CommitError::Unavailable(_))) => {
                    tokio::select! {
                        () = self.cancel.cancelled() => return Left::Lost,
                        () = tokio::time::sleep(UNAVAILABLE) => continue,
                    }
                }
                Err(Leave::Uncommitted(error)) => error,
            };
            return self.give_up(&error).await;
        }
    }

    /// Executes the guest once, and ends the run as that came out.
    async fn attempt(&mut self, journal: Vec<Record>) -> Result<(), Leave> {
        let reserved = Reserved::read(&self.node, &self.scope, &journal).await;
        let reserved = reserved.map_err(|error| Leave::Uncommitted(CommitError::Unavailable(error.to_string())))?;
        let mut session = match self.begin(journal, reserved).await {
            Ok(session) => session,
            Err(failure) => {
                let end = self.failed(failure, 0, None).await;
                return self.let_go(Durable { end: Some(end), ..Durable::default() }).await;
            }
        };
        if session.halt.is_some() {
            return self.conclude(&mut session, None).await;
        }
        let input = session.cursor.history().started().input.clone();
        let prepared = session.calls.handles();
        let (backend, returned) = JournaledBackend::new(session);
        let request = RunRequest {
            program: self.plan.program_bytes(),
            prepared,
            input,
            limits: self.limits(),
            backend: Box::new(backend),
            cancel: self.cancel.clone(),
        };
        let result = self.node.runtime.run(request).await;
        let Some(mut session) = returned.take() else {
            return Err(Leave::Uncommitted(CommitError::Defect("a guest has ended without its session".to_owned())));
        };
        self.usage.add(&result.usage, session.tokens);
        self.conclude(&mut session, Some(result.end)).await
    }

    /// The limits of the next execution: the time that is left is that of the run on this worker.
    pub(super) fn limits(&self) -> RunLimits {
        let mut limits = RunLimits::language_defaults(self.plan.plan.settings.timeout_ms);
        limits.wall_clock = limits.wall_clock.saturating_sub(self.began.elapsed());
        limits
    }

    async fn begin(&self, journal: Vec<Record>, reserved: Reserved) -> Result<Box<Session>, Failure> {
        let records = if journal.is_empty() {
            self.hold.lock().await.open(self.opening.clone());
            self.opening.clone()
        } else {
            journal
        };
        let history = History::read(records).map_err(defect)?;
        let with = self.executed_with(history.started());
        let execution = self.scope.execution.clone();
        let calls = Calls::new(&self.node.platform, Arc::clone(&self.plan), execution, &history)?;
        let mut session = Box::new(Session::new(Beginning {
            node: Arc::clone(&self.node),
            plan: Arc::clone(&self.plan),
            scope: self.scope.clone(),
            hold: Arc::clone(&self.hold),
            cursor: Cursor::new(history),
            calls,
            reserved,
        }));
        if let Err(divergence) = session.cursor.begin(&with) {
            session.stop(divergence.into());
        }
        Ok(session)
    }

    /// What the guest is executed with now. The data of its time zone are in its input, so they are those that it began
    /// with.
    fn executed_with(&self, started: &Started) -> Started {
        Started {
            plan: self.plan.digest(),
            executor: self.node.runtime.executor(),
            builtins_version: alcove_builtins::BUILTINS_VERSION,
            tz_version: started.tz_version.clone(),
            input: started.input.clone(),
        }
    }

    /// The journal as it is.
    pub(super) async fn read_journal(&self) -> Result<Vec<Record>, CommitError> {
        let unavailable = |error: alcove_store::StoreError| CommitError::Unavailable(error.to_string());
        let damaged = |error: &dyn std::error::Error| CommitError::Defect(error.to_string());
        let mut transaction = self.node.store.begin().await.map_err(unavailable)?;
        transaction.for_tenant(self.scope.tenant.as_str());
        let read = journal::read(transaction.dialect(), &self.scope.tenant, &self.scope.execution);
        let rows = transaction.query(&read.sql, &read.params).await.map_err(unavailable)?;
        transaction.rollback().await;
        let mut bytes = Vec::new();
        for row in &rows {
            bytes.extend(journal::Row::decode(row).map_err(|error| damaged(&error))?.records);
        }
        read_journal(&bytes).map_err(|error| damaged(&error))
    }

    /// The run cannot be carried on as it should: it fails, if that at least becomes durable.
    async fn give_up(&mut self, error: &CommitError) -> Left {
        tracing::error!(execution = %self.scope.execution, %error, "a run could not be carried on");
        let end = self.failed(defect(error), 0, None).await;
        match self.let_go(Durable { end: Some(end), ..Durable::default() }).await {
            Ok(()) => Left::Over,
            Err(_) => Left::Lost,
        }
    }
}
