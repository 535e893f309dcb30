//! A run that has just been accepted, as a row.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_journal::{
    entry::SkipReason,
    transition::{Run, State},
};
use alcove_store::tables::executions;

use super::{RunInput, key};

/// What a run begins with.
#[derive(Clone, Debug)]
pub(crate) struct Start<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) app: &'a AppId,
    /// The version that it is pinned to.
    pub(crate) version: u32,
    /// The plan of that version, in hex.
    pub(crate) digest: String,
    pub(crate) cause: Cause<'a>,
    pub(crate) input: &'a RunInput,
    /// When it is accepted, in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) now_us: i64,
}

/// What starts a run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cause<'a> {
    /// An event, at once or after a delay.
    Event {
        source: &'a str,
        id: &'a str,
        /// Which delay.
        delay: Option<u32>,
        /// How many runs led to it.
        chain_depth: u32,
        /// The run that caused it.
        parent: Option<&'a ExecutionId>,
    },
    /// A tick, by its due time in microseconds since 1970-01-01T00:00:00Z.
    Due(i64),
    /// A person or a program.
    Manual {
        /// Which request.
        request: &'a str,
        /// Who: a subject, as JSON.
        starter: &'a str,
    },
}

/// The run as one that never begins.
pub(crate) fn left_out(row: executions::Row, reason: SkipReason) -> executions::Row {
    let run = Run { state: State::Skipped(reason), ..Run::queued() };
    executions::Row {
        state: executions::State::Skipped,
        reason: Some(reason.as_str().to_owned()),
        run: run.encode(),
        ended_at: Some(row.queued_at),
        ..row
    }
}

impl Start<'_> {
    /// The run, in the queue.
    pub(crate) fn row(self) -> executions::Row {
        let (key, trigger) = match self.cause {
            Cause::Event { source, id, delay: Some(delay), .. } => {
                (key::delay(source, id, delay), executions::Trigger::Delayed)
            }
            Cause::Event { source, id, delay: None, .. } => (key::event(source, id), executions::Trigger::Event),
            Cause::Due(due_us) => (key::due(due_us), executions::Trigger::Scheduled),
            Cause::Manual { request, .. } => (key::manual(request), executions::Trigger::Manual),
        };
        let (event, delay, chain_depth, parent) = match self.cause {
            Cause::Event { source, id, delay, chain_depth, parent } => (Some((source, id)), delay, chain_depth, parent),
            Cause::Due(_) | Cause::Manual { .. } => (None, None, 0, None),
        };
        // A request may come again much later, and must be recognised by its key alone.
        let at_us = match self.cause {
            Cause::Event { .. } => self.now_us,
            Cause::Due(due_us) => due_us,
            Cause::Manual { .. } => 0,
        };
        let starter = match self.cause {
            Cause::Manual { starter, .. } => Some(starter.to_owned()),
            Cause::Event { .. } | Cause::Due(_) => None,
        };
        executions::Row {
            tenant: self.tenant.clone(),
            id: ExecutionId::of_trigger(self.tenant, self.app, &key, at_us),
            app: self.app.clone(),
            version: self.version,
            digest: self.digest,
            trigger,
            event_source: event.map(|(source, _)| source.to_owned()),
            event_id: event.map(|(_, id)| id.to_owned()),
            delay,
            parent: parent.cloned(),
            chain_depth,
            starter,
            state: executions::State::Queued,
            reason: None,
            run: Run::queued().encode(),
            token: 0,
            node: None,
            attempts: 0,
            items: 0,
            input: Some(self.input.encode()),
            queued_at: self.now_us,
            started_at: None,
            ended_at: None,
            due_at: None,
            result: None,
            error: None,
            usage: None,
            dead_letter: false,
        }
    }
}
