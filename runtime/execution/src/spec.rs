//! What a run begins with.

use alcove_catalog::ingest::IngestedEvent;
use alcove_host::{CancellationToken, RunLimits};
use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_plan::{
    codec::{DelayIndex, Input, Parts, VALUES_FREE},
    trigger::Trigger,
    value::{Timestamp, Value},
};

use crate::{LoadedPlan, Tier, zone};

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// Whose run.
    pub tenant: TenantId,
    /// Of which app.
    pub app: AppId,
    /// The run's `now`.
    pub now: Timestamp,
    /// What started it; `None` for a manual run without input.
    pub event: Option<RunEvent>,
    /// Which request this run answers. It tells apart runs that are otherwise the same: a second press of the button in
    /// the same microsecond is a second run with effects of its own, the same request sent twice is one. Empty where
    /// the event or the due time says it.
    pub request: String,
    /// Which delay fired: an index into the trigger's delays.
    pub delay: Option<u32>,
    /// How many runs led to this one by their events.
    pub chain_depth: u32,
    /// The bounds of the sandbox.
    pub limits: RunLimits,
    /// The tenant's tier, whose quotas hold besides; `None`: no quota.
    pub tier: Option<Tier>,
    /// Effects are recorded and not performed; their outputs are null.
    pub dry_run: bool,
    /// Stops the run.
    pub cancel: CancellationToken,
}

/// An event that starts a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEvent {
    /// Its type, such as `user.created`.
    pub name: String,
    /// Its identity, by which a second delivery is recognised.
    pub id: String,
    /// What the run sees as `event`, checked against the catalog (`alcove_catalog::ingest`).
    pub value: Value,
    /// Members of the payload that the catalog does not have. The run does not see them; its log says so.
    pub left_out: Vec<String>,
}

/// Why a run cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// The trigger waits for an event, and there is none.
    #[error("the app runs on `{event}` events, and no event was given")]
    EventMissing {
        /// Which events it waits for.
        event: String,
    },
    /// The event is of another type.
    #[error("the app runs on `{wanted}` events, not on `{given}`")]
    EventType {
        /// Which events it waits for.
        wanted: String,
        /// What came.
        given: String,
    },
    /// A delayed app without a delay, another app with one, or one that it does not have.
    #[error("the app has {delays} delays, and {} was asked for", asked(*delay))]
    Delay {
        /// How many the app has.
        delays: usize,
        /// Which was asked for, from 0.
        delay: Option<u32>,
    },
    /// An event of more values than a run may be given at once.
    #[error("the event holds more than {VALUES_FREE} values")]
    EventSize,
    /// A zone that this build does not know.
    #[error("the time zone `{name}` is not known")]
    Zone {
        /// Its name.
        name: String,
    },
}

impl RunEvent {
    /// An event that the catalog has typed.
    pub fn ingested(name: &str, id: &str, ingested: IngestedEvent) -> Self {
        let IngestedEvent { event, dropped } = ingested;
        Self { name: name.to_owned(), id: id.to_owned(), value: event, left_out: dropped }
    }

    /// What starts a scheduled run: its due time, and how many ticks before it were missed.
    pub fn due(at: Timestamp, missed: i64) -> Self {
        let (name, id) = ("schedule", format!("due:{}", at.micros()));
        let value = Value::object([
            ("id", Value::from(id.as_str())),
            ("type", Value::from(name)),
            ("timestamp", Value::Time(at)),
            ("missed", Value::Int(missed)),
        ]);
        Self { name: name.to_owned(), id, value, left_out: Vec::new() }
    }
}

impl RunSpec {
    /// The execution: the same plan, app, request, event, delay and `now` give the same id.
    pub fn execution(&self, plan: &LoadedPlan) -> ExecutionId {
        let now = self.now.micros().to_le_bytes();
        let delay = self.delay.unwrap_or(u32::MAX).to_le_bytes();
        let event = self.event.as_ref().map_or("", |event| &event.id);
        ExecutionId::derive(
            &self.tenant,
            &self.app,
            &plan.digest.0,
            &[&now, &delay, event.as_bytes(), self.request.as_bytes()],
        )
    }

    /// Checks it against the plan, and makes the guest's *input* message.
    pub(crate) fn input(&self, plan: &LoadedPlan, execution: &ExecutionId) -> Result<Vec<u8>, SpecError> {
        let trigger = &plan.plan.trigger;
        self.check_event(trigger)?;
        self.check_delay(trigger)?;
        let name = trigger.timezone();
        let zone = zone::named(name).map_err(|_| SpecError::Zone { name: name.to_owned() })?;
        let input = Input {
            now: self.now,
            tenant_id: self.tenant.to_string(),
            app_id: self.app.to_string(),
            execution_id: execution.to_string(),
            delay: self.delay.map(DelayIndex),
            zone,
            event: self.event.as_ref().map_or(Value::Null, |event| event.value.clone()),
        };
        let mut parts = Parts::default();
        parts.add(&input.event);
        let message = input.encode();
        if parts.fit(message.len()) { Ok(message) } else { Err(SpecError::EventSize) }
    }

    fn check_event(&self, trigger: &Trigger) -> Result<(), SpecError> {
        let Some(wanted) = trigger.event() else { return Ok(()) };
        match &self.event {
            Some(given) if given.name == wanted => Ok(()),
            Some(given) => Err(SpecError::EventType { wanted: wanted.to_owned(), given: given.name.clone() }),
            None => Err(SpecError::EventMissing { event: wanted.to_owned() }),
        }
    }

    fn check_delay(&self, trigger: &Trigger) -> Result<(), SpecError> {
        let delays = match trigger {
            Trigger::Delayed { delays, .. } => delays.len(),
            _ => 0,
        };
        let fits = match self.delay {
            None => delays == 0,
            Some(at) => usize::try_from(at).is_ok_and(|at| at < delays),
        };
        if fits { Ok(()) } else { Err(SpecError::Delay { delays, delay: self.delay }) }
    }
}

fn asked(delay: Option<u32>) -> String {
    delay.map_or_else(|| "none".to_owned(), |at| format!("delay {at}"))
}
