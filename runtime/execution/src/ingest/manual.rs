//! Somebody starts a run by hand.

use std::time::Duration;

use alcove_catalog::{
    Catalog,
    ingest::{self, IngestError},
};
use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::Subject;
use alcove_plan::{
    envelope::Digest,
    trigger::Trigger,
    value::{Timestamp, Value},
};
use alcove_store::tables::{apps, versions};

use super::{
    AcceptError, Reply,
    accept::{Queued, queued},
};
use crate::{
    Engine, LoadedPlan, RunEvent,
    commit::{Accept, Answer, CommitError},
    node::Node,
    transition::subject_to_json,
    trigger::{Cause, RunInput, Start},
};

/// What such a run sees as the type of its event.
pub(crate) const MANUAL: &str = "manual";

impl Engine {
    /// Starts a run of an app's active version, or of the latest version of a draft. `request` names the request: the
    /// same one again starts nothing, and is answered as it was. With `wait` it returns as soon as the run has ended or
    /// waits, or after that time.
    ///
    /// What an app that runs on events is started with is such an event's payload; null is an empty one.
    pub async fn run_manually(
        &self,
        tenant: &TenantId,
        app: &AppId,
        input: &serde_json::Value,
        request: &str,
        starter: &Subject,
        wait: Option<Duration>,
    ) -> Result<Reply, AcceptError> {
        let node = self.node();
        let now = node.clock.now();
        let version = startable(node, tenant, app).await?;
        let digest =
            Digest::from_hex(&version.digest).ok_or(CommitError::Defect("a stored digest is none".to_owned()))?;
        let plan = node.plans.get(tenant, digest).await?;
        if let Trigger::Delayed { event, .. } = &plan.plan().trigger {
            return Err(AcceptError::Delayed { event: event.clone() });
        }
        let input = input_of(&plan, input, request, now)?;
        let start = Start {
            tenant,
            app,
            version: version.version,
            digest: version.digest,
            cause: Cause::Manual { request, starter: &subject_to_json(starter) },
            input: &input,
            now_us: now.micros(),
        };
        let (tenant, runs) = (tenant.clone(), vec![start.row()]);
        let accept = Accept { tenant, generation: None, event: None, runs, timers: vec![], with: None };
        match queued(node, accept, wait).await? {
            Queued::Accepted(reply) => Ok(reply),
            Queued::Refused(Answer::OverQuota(exceeded)) => Err(AcceptError::Quota(exceeded)),
            Queued::Refused(answer) => Err(CommitError::Defect(format!("a request was answered {answer:?}")).into()),
        }
    }
}

/// The version of an app that somebody may start.
async fn startable(node: &Node, tenant: &TenantId, app: &AppId) -> Result<versions::Row, AcceptError> {
    let dialect = node.store.dialect();
    let missing = || AcceptError::NoApp { app: app.clone() };
    let rows = node.store.query_of(tenant.as_str(), &apps::get(dialect, tenant, app)).await?;
    let row = apps::Row::decode(rows.first().ok_or_else(missing)?)?;
    let version = match row.status {
        apps::Status::Draft => row.version,
        apps::Status::Active => row.active_version.unwrap_or(row.version),
        apps::Status::Deleted => return Err(missing()),
        status @ (apps::Status::Paused | apps::Status::Error) => {
            return Err(AcceptError::NotRunnable { status: status.as_str() });
        }
    };
    let rows = node.store.query_of(tenant.as_str(), &versions::get(dialect, tenant, app, version)).await?;
    Ok(versions::Row::decode(rows.first().ok_or_else(missing)?)?)
}

/// What a run that nobody but a person has caused begins with: what the app's trigger makes of the input.
pub(crate) fn input_of(
    plan: &LoadedPlan,
    input: &serde_json::Value,
    request: &str,
    now: Timestamp,
) -> Result<RunInput, AcceptError> {
    match &plan.plan().trigger {
        Trigger::Manual => Ok(by_hand(input, request, now)?.into()),
        Trigger::Scheduled { .. } => Ok(RunEvent::due(now, 0).value.into()),
        Trigger::Event { event } | Trigger::Delayed { event, .. } => {
            let empty = serde_json::Value::Object(serde_json::Map::new());
            let payload = if input.is_null() { &empty } else { input };
            let typed = ingest::event(Catalog::shipped(), event, payload, request, now)?;
            Ok(RunInput { event: typed.event, left_out: typed.dropped })
        }
    }
}

/// The input of an app that is only started by hand: whatever it is, beside the members that every event has. Null is
/// no event at all.
fn by_hand(input: &serde_json::Value, request: &str, now: Timestamp) -> Result<Value, AcceptError> {
    let members = match ingest::value(input)? {
        Value::Null => return Ok(Value::Null),
        Value::Record(record) => record,
        other => return Err(IngestError::NotAnObject { owner: MANUAL.to_owned(), found: other.kind_name() }.into()),
    };
    let envelope = [("id", Value::from(request)), ("type", Value::from(MANUAL)), ("timestamp", Value::Time(now))];
    let envelope = envelope.map(|(name, value)| (name.to_owned(), value)).into_iter();
    let members = members.members().map(|(name, value)| (name.to_string(), value.clone()));
    Ok(Value::object(envelope.chain(members)))
}
