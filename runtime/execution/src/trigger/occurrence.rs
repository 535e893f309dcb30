//! An event that has happened, and what follows from it.

use std::sync::Arc;

use alcove_catalog::{
    Catalog,
    ingest::{self, IngestError},
};
use alcove_ids::{ExecutionId, TenantId};
use alcove_plan::{envelope::Digest, value::Timestamp};
use alcove_store::tables::{emitted_events, events, executions, timers};
use alcove_trigger::index::{Start as Begins, Subscription};

use super::{
    Cause, RunInput, Start,
    delay::{self, Delayed},
    key,
};

/// An event that has happened, typed by the catalog.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence {
    pub(crate) tenant: TenantId,
    /// Where it comes from.
    pub(crate) source: String,
    /// Which event of this source it is.
    pub(crate) id: String,
    /// What happened.
    pub(crate) name: String,
    /// When it happened.
    pub(crate) timestamp: Timestamp,
    /// Its data, as JSON.
    pub(crate) payload: String,
    /// The digest of what was sent, in hex: by it a second delivery is told from another event of the same id.
    pub(crate) digest: String,
    /// What runs begin with.
    pub(crate) input: RunInput,
    /// How many runs, each started by an event of the one before, led to it.
    pub(crate) chain_depth: u32,
    /// The run that caused it.
    pub(crate) parent: Option<ExecutionId>,
}

/// What follows from an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Follows {
    /// Runs to put into the queue.
    pub(crate) runs: Vec<executions::Row>,
    /// Delays that begin now.
    pub(crate) timers: Vec<timers::Row>,
}

/// Why something in the outbox is no event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EmittedError {
    /// Its data is not JSON.
    #[error("its data is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It does not fit the catalog.
    #[error(transparent)]
    Catalog(#[from] IngestError),
    /// Its time is none.
    #[error("its time, {0} µs, is out of range")]
    Time(i64),
}

impl Occurrence {
    /// The event that an effect caused.
    pub(crate) fn emitted(row: &emitted_events::Row) -> Result<Self, EmittedError> {
        let timestamp = Timestamp::from_micros(row.created_at).ok_or(EmittedError::Time(row.created_at))?;
        let payload: serde_json::Value = serde_json::from_str(&row.payload)?;
        let typed = ingest::event(Catalog::shipped(), &row.r#type, &payload, &row.id, timestamp)?;
        Ok(Self {
            tenant: row.tenant.clone(),
            source: key::source_of_run(row.execution.as_ref(), &row.caused_by),
            id: row.id.clone(),
            name: row.r#type.clone(),
            timestamp,
            payload: row.payload.clone(),
            digest: Digest::of(row.payload.as_bytes()).to_string(),
            input: RunInput { event: typed.event, left_out: typed.dropped },
            chain_depth: row.chain_depth,
            parent: row.execution.clone(),
        })
    }

    /// Its row in the inbox.
    pub(crate) fn row(&self, received_us: i64) -> events::Row {
        events::Row {
            tenant: self.tenant.clone(),
            source: self.source.clone(),
            id: self.id.clone(),
            r#type: self.name.clone(),
            digest: self.digest.clone(),
            payload: self.payload.clone(),
            timestamp: self.timestamp.micros(),
            chain_depth: self.chain_depth,
            caused_by: self.parent.clone(),
            received_at: received_us,
        }
    }

    /// What the subscriptions that let it through make of it. Delays are counted from now, when it was accepted: the
    /// time that it carries is the sender's word.
    pub(crate) fn follows(&self, matches: &[Arc<Subscription>], now_us: i64) -> Follows {
        let mut follows = Follows::default();
        for subscription in matches {
            match &subscription.start {
                Begins::AtOnce => follows.runs.push(self.start(subscription, now_us).row()),
                Begins::Delayed(delays) => {
                    let delayed = Delayed::of(self, subscription);
                    let rows = (0..).zip(delays).map(|(index, delay)| delay::row(&delayed, index, delay, now_us));
                    follows.timers.extend(rows);
                }
            }
        }
        follows
    }

    fn start<'a>(&'a self, subscription: &'a Subscription, now_us: i64) -> Start<'a> {
        Start {
            tenant: &self.tenant,
            app: &subscription.app,
            version: subscription.version,
            digest: subscription.digest.to_string(),
            cause: Cause::Event {
                source: &self.source,
                id: &self.id,
                delay: None,
                chain_depth: self.chain_depth,
                parent: self.parent.as_ref(),
            },
            input: &self.input,
            now_us,
        }
    }
}
