//! The requests of a run, on their way to the log: they become durable with its next commit, which is that of the
//! effect's result unless the run is lost.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_egress::{CallRecord, CallSink};
use alcove_ids::{EffectId, ExecutionId, TenantId};
use alcove_journal::transition::Token;
use alcove_store::tables::egress_log;

/// Requests that no commit has taken along yet. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Called(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tenant: TenantId,
    execution: ExecutionId,
    token: Token,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    told: u32,
    rows: Vec<egress_log::Row>,
}

/// Where requests of one effect are told.
#[derive(Debug)]
pub(super) struct OfEffect {
    called: Called,
    effect: EffectId,
    at_us: i64,
}

impl Called {
    /// None yet, under this hold on a run. Nobody else holds the run with the same token, so that ids are never the
    /// same.
    pub(super) fn new(tenant: TenantId, execution: ExecutionId, token: Token) -> Self {
        Self(Arc::new(Shared { tenant, execution, token, waiting: Mutex::default() }))
    }

    /// Where requests of an effect are told that begin now.
    pub(super) fn of(&self, effect: EffectId, at_us: i64) -> OfEffect {
        OfEffect { called: self.clone(), effect, at_us }
    }

    /// Takes what a commit brings along.
    pub(super) fn take(&self) -> Vec<egress_log::Row> {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut waiting.rows)
    }
}

impl CallSink for OfEffect {
    fn record(&self, call: CallRecord) {
        let Shared { tenant, execution, token, waiting } = &*self.called.0;
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.told = waiting.told.saturating_add(1);
        let row = egress_log::Row {
            tenant: tenant.clone(),
            execution: execution.clone(),
            id: format!("{:010}.{:06}", token.0, waiting.told),
            effect: self.effect.clone(),
            at: self.at_us,
            method: call.method.as_str().to_owned(),
            target: call.target,
            status: call.status,
            error: call.error.map(str::to_owned),
            bytes_out: call.bytes_out,
            bytes_in: call.bytes_in,
            duration_ms: u64::try_from(call.took.as_millis()).unwrap_or(u64::MAX),
            hops: call.hops,
        };
        waiting.rows.push(row);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let waiting = self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !waiting.rows.is_empty() {
            let (calls, execution) = (waiting.rows.len(), self.execution.as_str());
            tracing::warn!(calls, execution, "the log lacks requests of a run that was lost");
        }
    }
}
