//! What the row of an execution says about what the run did.

use alcove_host::{RunLimits, Usage as Used};
use alcove_plan::{
    failure::Failure,
    report,
    value::{Value, to_json},
};
use serde::{Deserialize, Serialize};

use crate::{LoadedPlan, commit::Summary, transition::failure_to_json};

/// What a run used, as its row keeps it. Executions that begin again count work and time anew; what a run did counts
/// once, as each execution comes by it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    /// Units of work in the sandbox, of all executions.
    fuel: u64,
    /// The largest linear memory, in bytes.
    peak_memory_bytes: u64,
    /// Calls from guest to host.
    host_calls: u64,
    /// Rows that were read.
    rows_read: u64,
    /// Calls of actions that were performed or failed.
    effects: u64,
    /// E-mails.
    emails: u64,
    /// AI calls.
    ai_calls: u64,
    /// Tokens sent to models, of all executions.
    ai_tokens_in: u64,
    /// Tokens received from models, of all executions.
    ai_tokens_out: u64,
    /// Time on a worker, of all executions, in milliseconds.
    wall_ms: u64,
}

impl Usage {
    /// What the row says so far.
    pub(super) fn stored(json: Option<&str>) -> Self {
        // What does not read is what an older build kept: counting begins anew.
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// After one more execution.
    pub(super) fn add(&mut self, used: &Used, (tokens_in, tokens_out): (u64, u64)) {
        let counted = |counter: usize| used.counters.get(counter).copied().map_or(0, u64::from);
        let wall_ms = u64::try_from(used.wall.as_millis()).unwrap_or(u64::MAX);
        *self = Self {
            fuel: self.fuel.saturating_add(used.fuel),
            peak_memory_bytes: self.peak_memory_bytes.max(used.peak_memory_bytes as u64),
            host_calls: used.host_calls,
            rows_read: used.rows,
            effects: u64::from(used.effects),
            emails: counted(RunLimits::EMAILS),
            ai_calls: counted(RunLimits::AI_CALLS),
            ai_tokens_in: self.ai_tokens_in.saturating_add(tokens_in),
            ai_tokens_out: self.ai_tokens_out.saturating_add(tokens_out),
            wall_ms: self.wall_ms.saturating_add(wall_ms),
        };
    }

    fn to_json(self) -> Option<String> {
        serde_json::to_string(&self).ok()
    }
}

/// Of a run that succeeded, with its decoded report.
pub(super) fn of_success(usage: Usage, report: &Value) -> Summary {
    let mut result = String::new();
    to_json(report, &mut result);
    let items = match report.member(report::ITEMS_PROCESSED) {
        Value::Int(items) => u64::try_from(items).unwrap_or(0),
        _ => 0,
    };
    Summary { result: Some(result), error: None, usage: usage.to_json(), items }
}

/// Of a run that failed there.
pub(super) fn of_failure(usage: Usage, plan: &LoadedPlan, failure: &Failure, place: u32) -> Summary {
    let error = Some(failure_to_json(failure, plan.plan.place(place)));
    Summary { result: None, error, usage: usage.to_json(), items: 0 }
}

/// Of a run that has neither succeeded nor failed.
pub(super) fn of_pause(usage: Usage) -> Summary {
    Summary { usage: usage.to_json(), ..Summary::default() }
}
