//! What starts runs: events from outside, and people who start an app by hand.

use std::time::Duration;

use alcove_catalog::ingest;
use alcove_execution::{IncomingEvent, Reply};
use alcove_plan::value::Timestamp;
use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Control, ControlError, ExecutionView, Permission, Principal, id::random_request};

/// The source of events that are sent without one.
const SOURCE: &str = "api";

/// An event, as somebody sends it.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'b> {
    /// Where it comes from: ids of one source are of one kind. `None`: from this API.
    pub source: Option<&'b str>,
    /// What happened, such as `user.created`.
    pub name: &'b str,
    /// Which event it is: the same id again is the same event.
    pub id: &'b str,
    /// Its data: the text of a JSON object.
    pub payload: &'b str,
    /// When it happened, RFC 3339; `None`: when it is accepted.
    pub timestamp: Option<&'b str>,
}

/// What became of an event. All of it is durable.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// The event.
    pub event_id: String,
    /// Whether it was accepted before; then it starts nothing.
    pub duplicate: bool,
    /// The runs that it started: those of whom the caller knows how they ended, or only which they are.
    pub executions: Vec<Started>,
}

/// A run that was started.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Started {
    /// Which.
    pub id: String,
    /// Where it is, as far as the caller waited for it.
    pub status: &'static str,
    /// Why it was skipped, or what it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Accepted {
    /// Whether there is nothing to wait for any more: every run is over, or there is none.
    pub fn has_ended(&self) -> bool {
        self.executions.iter().all(|run| !matches!(run.status, "queued" | "running" | "waiting"))
    }
}

impl Control {
    /// Accepts an event: once this returns it is durable, with the runs that it starts.
    pub async fn accept(
        &self,
        by: &Principal,
        event: NewEvent<'_>,
        wait: Option<Duration>,
    ) -> Result<Accepted, ControlError> {
        by.must(Permission::Run)?;
        self.accept_one(by, event, wait).await
    }

    /// Accepts events, each by itself: one answer for each, in their order.
    pub async fn accept_batch(
        &self,
        by: &Principal,
        events: Vec<NewEvent<'_>>,
    ) -> Result<Vec<Result<Accepted, ControlError>>, ControlError> {
        by.must(Permission::Run)?;
        // Together, so that they share commits.
        Ok(join_all(events.into_iter().map(|event| self.accept_one(by, event, None))).await)
    }

    async fn accept_one(
        &self,
        by: &Principal,
        event: NewEvent<'_>,
        wait: Option<Duration>,
    ) -> Result<Accepted, ControlError> {
        let payload = ingest::json(event.payload.as_bytes());
        let payload = payload.map_err(|error| ControlError::Invalid(format!("the event's data: {error}")))?;
        let timestamp = event.timestamp.map(|text| {
            let wrong = || ControlError::Invalid(format!("the event's time is `{text}`, which is not RFC 3339"));
            Timestamp::parse(text).ok_or_else(wrong)
        });
        let incoming = IncomingEvent {
            source: event.source.unwrap_or(SOURCE).to_owned(),
            id: event.id.to_owned(),
            name: event.name.to_owned(),
            timestamp: timestamp.transpose()?,
            payload,
        };
        let reply = self.engine.accept(&by.tenant, incoming, wait).await?;
        Ok(Accepted { event_id: event.id.to_owned(), duplicate: reply.duplicate, executions: started(reply) })
    }

    /// Starts a run of an app by hand, with this input: JSON, or nothing. `request` names the request: the same one
    /// again starts nothing.
    pub async fn run_app(
        &self,
        by: &Principal,
        app: &str,
        input: &str,
        request: Option<&str>,
        wait: Option<Duration>,
    ) -> Result<ExecutionView, ControlError> {
        let app = by.app(Permission::Run, app)?;
        let input = if input.trim_ascii().is_empty() { "null" } else { input };
        let input = ingest::json(input.as_bytes());
        let input = input.map_err(|error| ControlError::Invalid(format!("the input: {error}")))?;
        let request = request.map_or_else(random_request, |request| Ok(request.to_owned()))?;
        let run = self.engine.run_manually(&by.tenant, &app, &input, &request, &by.subject, wait);
        let reply = run.await?;
        match reply.executions.first() {
            Some(execution) => self.shown(by, execution).await,
            None => Err(ControlError::Internal("a request started no run".to_owned())),
        }
    }
}

/// The runs of a reply, each with what the caller knows of it.
pub(crate) fn started(reply: Reply) -> Vec<Started> {
    let Reply { executions, mut settled, .. } = reply;
    let run = |id: alcove_ids::ExecutionId| {
        let known = settled.iter().position(|run| run.execution == id).map(|at| settled.swap_remove(at));
        let (status, reason) = known.map_or(("queued", None), |run| (run.state, run.reason));
        Started { id: id.to_string(), status, reason }
    };
    executions.into_iter().map(run).collect()
}
