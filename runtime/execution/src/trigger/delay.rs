//! A delay that has begun: its timer, and the run that it becomes.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_plan::trigger::Delay;
use alcove_store::tables::{executions, timers};
use alcove_trigger::index::Subscription;
use serde::{Deserialize, Serialize};

use super::{Cause, Occurrence, RunInput, Start};

/// A delay of an app after an event, with everything that its run will need: the event may be forgotten by then, and
/// the app have other versions.
#[derive(Clone, Debug)]
pub(crate) struct Delayed {
    tenant: TenantId,
    app: AppId,
    version: u32,
    payload: Payload,
    input: RunInput,
}

/// What its timer keeps, as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    delay: u32,
    digest: String,
    source: String,
    id: String,
    chain_depth: u32,
    parent: Option<String>,
    /// The [`RunInput`], in hex.
    input: String,
}

impl Delayed {
    /// What an event begins for an app.
    pub(super) fn of(event: &Occurrence, subscription: &Subscription) -> Self {
        let payload = Payload {
            delay: 0,
            digest: subscription.digest.to_string(),
            source: event.source.clone(),
            id: event.id.clone(),
            chain_depth: event.chain_depth,
            parent: event.parent.as_ref().map(ToString::to_string),
            input: hex::encode(event.input.encode()),
        };
        let (tenant, app) = (event.tenant.clone(), subscription.app.clone());
        Self { tenant, app, version: subscription.version, payload, input: event.input.clone() }
    }

    /// Reads it from its timer; `None`: it is no delay's.
    pub(crate) fn from_timer(row: &timers::Row) -> Option<Self> {
        let payload: Payload = serde_json::from_str(&row.payload).ok()?;
        let input = RunInput::decode(&hex::decode(&payload.input).ok()?).ok()?;
        let is_delay = row.key.kind == timers::Kind::Delay;
        let (tenant, app) = (row.key.tenant.clone(), row.app.clone());
        is_delay.then_some(Self { tenant, app, version: row.version?, payload, input })
    }

    /// The run that it becomes.
    pub(crate) fn run(&self, now_us: i64) -> executions::Row {
        let parent = self.payload.parent.as_deref().and_then(|parent| ExecutionId::parse(parent).ok());
        let cause = Cause::Event {
            source: &self.payload.source,
            id: &self.payload.id,
            delay: Some(self.payload.delay),
            chain_depth: self.payload.chain_depth,
            parent: parent.as_ref(),
        };
        let digest = self.payload.digest.clone();
        Start { tenant: &self.tenant, app: &self.app, version: self.version, digest, cause, input: &self.input, now_us }
            .row()
    }
}

/// The timer of one of an app's delays, by its position among them.
pub(super) fn row(delayed: &Delayed, index: u32, delay: &Delay, now_us: i64) -> timers::Row {
    let payload = Payload { delay: index, ..delayed.payload.clone() };
    let after_us = i64::try_from(delay.after_ms).unwrap_or(i64::MAX).saturating_mul(1_000);
    timers::Row {
        key: timers::Key {
            tenant: delayed.tenant.clone(),
            kind: timers::Kind::Delay,
            owner: delayed.app.to_string(),
            key: format!("{index}:{}:{}", payload.source, payload.id),
        },
        due_at: now_us.saturating_add(after_us),
        app: delayed.app.clone(),
        version: Some(delayed.version),
        // Texts and numbers always have a form as JSON.
        payload: serde_json::to_string(&payload).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use alcove_ids::{AppId, TenantId};
    use alcove_plan::value::{Timestamp, Value};
    use alcove_store::tables::executions::Trigger;

    use super::*;

    fn delayed() -> Delayed {
        let event = Value::object([("at", Value::Time(Timestamp::from_micros(5).unwrap())), ("n", Value::Int(7))]);
        let input = RunInput { event, left_out: vec!["colour".to_owned()] };
        let payload = Payload {
            delay: 0,
            digest: "ab".repeat(32),
            source: "shop".to_owned(),
            id: "e:1".to_owned(),
            chain_depth: 3,
            parent: Some("run_1".to_owned()),
            input: hex::encode(input.encode()),
        };
        let (tenant, app) = (TenantId::parse("t").unwrap(), AppId::parse("a").unwrap());
        Delayed { tenant, app, version: 2, payload, input }
    }

    #[test]
    fn a_delay_becomes_the_run_of_its_event_whatever_happens_meanwhile() {
        let timer = row(&delayed(), 1, &Delay { id: "day1".to_owned(), after_ms: 1_500 }, 1_000_000);
        assert_eq!((timer.due_at, timer.key.key.as_str()), (2_500_000, "1:shop:e:1"));
        let run = Delayed::from_timer(&timer).unwrap().run(9_000_000);
        assert_eq!((run.trigger, run.delay, run.version, run.chain_depth), (Trigger::Delayed, Some(1), 2, 3));
        assert_eq!((run.event_source.as_deref(), run.event_id.as_deref()), (Some("shop"), Some("e:1")));
        assert_eq!(run.parent.unwrap().as_str(), "run_1");
        assert_eq!(RunInput::decode(&run.input.unwrap()).unwrap(), delayed().input);
        assert_eq!(run.queued_at, 9_000_000);
    }

    #[test]
    fn each_delay_of_an_event_is_a_run_of_its_own() {
        let delay = Delay { id: "d".to_owned(), after_ms: 1 };
        let run = |index| Delayed::from_timer(&row(&delayed(), index, &delay, 0)).unwrap().run(0).id;
        assert_ne!(run(0), run(1));
        assert_eq!(run(0), run(0));
    }

    #[test]
    fn a_timer_of_another_kind_or_with_another_payload_is_no_delay() {
        let timer = row(&delayed(), 0, &Delay { id: "d".to_owned(), after_ms: 1 }, 0);
        for payload in ["", "{}", r#"{"for":"retry"}"#] {
            assert!(Delayed::from_timer(&timers::Row { payload: payload.to_owned(), ..timer.clone() }).is_none());
        }
        let key = timers::Key { kind: timers::Kind::Cron, ..timer.key.clone() };
        assert!(Delayed::from_timer(&timers::Row { key, ..timer }).is_none());
    }
}
