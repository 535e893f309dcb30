//! What stands behind a run's handles: names effects, sends each to who performs it, and records it.

use std::{collections::BTreeMap, sync::Arc};

use alcove_host::{Backend, Call, Level};
use alcove_ids::EffectId;
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    plan::Plan,
    value::Value,
};
use alcove_platform::{
    Blocked, Cursor, EffectCall, Performer, Platform, PreparedAction, PreparedQuery, RunCalls, Scope,
};
use async_trait::async_trait;

use crate::{
    EffectRecord, LoadedPlan, LogEntry, Tier,
    cost::{RECORD_BYTES_MAX, record_bytes},
    outside::{Behalf, Outside},
    quota::{Exceeded, Resource, allowance},
    record::Recorder,
};

/// One run's side of the platform.
pub(crate) struct RunBackend {
    platform: Platform,
    outside: Outside,
    plan: Arc<Plan>,
    queries: Arc<[PreparedQuery]>,
    actions: Arc<[Arc<PreparedAction>]>,
    scope: Scope,
    recorder: Recorder,
    tier: Option<Tier>,
    used: BTreeMap<Resource, u64>,
    /// What the records of effects may still take.
    record_bytes_left: usize,
    dry: bool,
    /// Whether a dry run has come past an action whose outputs the run now lacks.
    outputs_withheld: bool,
    /// The query that is being read. One at a time, so that a run never holds more than one of the database's readers.
    cursor: Option<(usize, Cursor)>,
}

/// Calls that one performer does together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Tables,
    Outside,
    Approval,
    Dry,
}

impl RunBackend {
    pub(crate) fn new(
        platform: Platform,
        outside: Outside,
        plan: &LoadedPlan,
        scope: Scope,
        recorder: Recorder,
    ) -> Self {
        Self {
            platform,
            outside,
            plan: Arc::clone(&plan.plan),
            queries: Arc::clone(&plan.queries),
            actions: Arc::clone(&plan.actions),
            scope,
            recorder,
            tier: None,
            used: BTreeMap::new(),
            record_bytes_left: RECORD_BYTES_MAX,
            dry: false,
            outputs_withheld: false,
            cursor: None,
        }
    }

    /// Holds the run to the quotas of a tier.
    pub(crate) fn with_tier(mut self, tier: Option<Tier>) -> Self {
        self.tier = tier;
        self
    }

    /// Records effects instead of performing them.
    pub(crate) fn dry(mut self, dry: bool) -> Self {
        self.dry = dry;
        self
    }

    async fn page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        let Some((_, cursor)) = self.cursor.as_mut().filter(|(open, _)| *open == query) else {
            return Err(defect("a page was asked for of a query that is not being read"));
        };
        let page = cursor.next_page().await?;
        if page.last {
            self.cursor = None;
        }
        Ok(page.message)
    }

    /// The calls as effects of this run.
    fn effects(&self, calls: Vec<Call>) -> Result<Vec<EffectCall>, Failure> {
        let effect = |call: Call| {
            let action = self.actions.get(call.action).zip(self.plan.actions.get(call.action));
            let (prepared, planned) = action.ok_or_else(|| defect("a call names no action of the plan"))?;
            let place = u32::try_from(call.action).map_err(|_| defect("a call names no action of the plan"))?;
            Ok(EffectCall {
                effect_id: EffectId::derive(&self.scope.execution, place, &call.indices),
                action: Arc::clone(prepared),
                values: call.values,
                indices: call.indices,
                recover_depth: planned.recover_depth,
            })
        };
        calls.into_iter().map(effect).collect()
    }

    fn group(&self, call: &EffectCall) -> Group {
        match call.action.performer() {
            Performer::Approval => Group::Approval,
            _ if self.dry && !call.action.entry().read_only => Group::Dry,
            Performer::Tables => Group::Tables,
            Performer::Ai | Performer::Http | Performer::Api => Group::Outside,
        }
    }

    /// Performs calls of one group; the calls that are left are not blocked at the start.
    async fn perform_group(&mut self, group: Group, calls: &[EffectCall]) -> Vec<Outcome> {
        match group {
            Group::Tables => {
                let allowance = self.tier.map(allowance).unwrap_or_default();
                self.platform.perform_allowed(RunCalls { scope: &self.scope, calls, allowance: &allowance }).await
            }
            Group::Dry => calls.iter().map(|call| self.dry_outcome(call)).collect(),
            Group::Approval => vec![Outcome::Suspended; calls.len()],
            Group::Outside => self.perform_outside(calls).await,
        }
    }

    /// Performs calls one after the other.
    async fn perform_outside(&mut self, calls: &[EffectCall]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(calls.len());
        let mut blocked = Blocked::default();
        for call in calls {
            let outcome = if blocked.holds(call) {
                Outcome::NotPerformed
            } else {
                self.outside(call).await.map_or_else(Outcome::Failed, Outcome::Performed)
            };
            blocked.note(call, &outcome);
            outcomes.push(outcome);
        }
        outcomes
    }

    /// In a dry run parameters are still checked; outputs are null, and so is what is made of them.
    fn dry_outcome(&self, call: &EffectCall) -> Outcome {
        match self.rendered(call) {
            Ok(_) => Outcome::Performed(vec![Value::Null; call.action.outputs().len()]),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    fn rendered(&self, call: &EffectCall) -> Result<Value, Failure> {
        if self.outputs_withheld {
            call.action.rendered_without_outputs(&call.values)
        } else {
            call.action.rendered(&call.values)
        }
    }

    async fn outside(&self, call: &EffectCall) -> Result<Vec<Value>, Failure> {
        let params = call.action.rendered(&call.values)?;
        let (tenant, now_us) = (&self.scope.tenant, self.scope.now.micros());
        let behalf = Behalf { tenant, allowed_origins: &[], not_after: None, now_us, sink: None };
        let performed = self.outside.perform(call, &params, behalf).await;
        let performed = performed.map_err(|unperformed| unperformed.failure)?;
        self.recorder.with(|record| {
            record.tokens_in += performed.tokens_in;
            record.tokens_out += performed.tokens_out;
        });
        Ok(performed.outputs)
    }

    /// How many of the calls the tenant's quota still lets through, and what the next one is told.
    fn within_quota(&mut self, calls: &[EffectCall]) -> (usize, Option<Failure>) {
        let Some(tier) = self.tier else { return (calls.len(), None) };
        for (at, call) in calls.iter().enumerate() {
            let Some(class) = call.action.entry().class else { continue };
            let resource = Resource::of_class(class);
            let used = self.used.entry(resource).or_default();
            if let Some(limit) = resource.amount(tier).filter(|limit| *used >= *limit) {
                let exceeded = Exceeded::at(resource, tier, limit, *used, self.scope.now.micros());
                return (at, Some(exceeded.failure()));
            }
            *used += 1;
        }
        (calls.len(), None)
    }

    /// How many of the calls can still be recorded, and what the next one is told. What a run did is kept until it is
    /// reported, so it is bounded as a whole, whatever one batch may hold.
    fn within_record(&self, calls: &[EffectCall]) -> (usize, Option<Failure>) {
        let mut left = self.record_bytes_left;
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| !call.action.entry().read_only) {
            let Some(rest) = left.checked_sub(record_bytes(call)) else {
                let message = format!("the parameters of all effects of a run take at most {RECORD_BYTES_MAX} bytes");
                return (at, Some(Failure::limit("effect_bytes", RECORD_BYTES_MAX as u64, message)));
            };
            left = rest;
        }
        (calls.len(), None)
    }

    fn record(&mut self, call: &EffectCall, outcome: &Outcome) {
        match outcome {
            Outcome::Performed(outputs) if !call.action.entry().read_only => {
                self.record_bytes_left = self.record_bytes_left.saturating_sub(record_bytes(call));
                // It was rendered to be performed, so it renders.
                let params = self.rendered(call).unwrap_or_default();
                let result = if self.dry { Value::Null } else { named_outputs(&call.action, outputs) };
                let record =
                    EffectRecord { effect_id: call.effect_id.clone(), action: call.action.name(), params, result };
                self.recorder.with(|all| all.effects.push(record));
                self.outputs_withheld |= self.dry && !outputs.is_empty();
            }
            _ => {}
        }
    }
}

#[async_trait]
impl Backend for RunBackend {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        // What an earlier query left unread is given back before another reader is asked for.
        self.cursor = None;
        let prepared = self.queries.get(query).ok_or_else(|| defect("a call names no query of the plan"))?;
        self.cursor = Some((query, self.platform.open(&self.scope, prepared, &arguments).await?));
        self.page(query).await
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        self.page(query).await
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        self.cursor = None;
        let count = calls.len();
        let calls = match self.effects(calls) {
            Ok(calls) => calls,
            Err(failure) => return vec![Outcome::Failed(failure); count],
        };
        let mut blocked = Blocked::default();
        let mut outcomes = Vec::with_capacity(count);
        while let Some(rest) = calls.get(outcomes.len()..).filter(|rest| !rest.is_empty()) {
            let done = self.advance(rest, &blocked).await;
            for (call, outcome) in rest.iter().zip(&done) {
                blocked.note(call, outcome);
                self.record(call, outcome);
            }
            outcomes.extend(done);
        }
        outcomes
    }

    fn log(&mut self, level: Level, place: u32, message: &str) {
        let entry = LogEntry { level, path: self.plan.place(place).to_owned(), message: message.to_owned() };
        self.recorder.with(|record| record.log.push(entry));
    }
}

impl RunBackend {
    /// Settles at least one call, from the front.
    async fn advance(&mut self, calls: &[EffectCall], blocked: &Blocked) -> Vec<Outcome> {
        let held = calls.iter().take_while(|call| blocked.holds(call)).count();
        if held > 0 {
            return vec![Outcome::NotPerformed; held];
        }
        let group = calls.first().map_or(Group::Tables, |call| self.group(call));
        let len = calls.iter().take_while(|call| self.group(call) == group && !blocked.holds(call)).count();
        let (len, too_much) = self.within_record(calls.get(..len).unwrap_or_default());
        let (allowed, over_quota) = self.within_quota(calls.get(..len).unwrap_or_default());
        if let (0, Some(failure)) = (allowed, over_quota.or(too_much)) {
            return vec![Outcome::Failed(failure)];
        }
        let calls = calls.get(..allowed).unwrap_or_default();
        let outcomes = self.perform_group(group, calls).await;
        self.refund(calls, &outcomes);
        outcomes
    }

    /// What was not performed does not count against a quota.
    fn refund(&mut self, calls: &[EffectCall], outcomes: &[Outcome]) {
        for (call, outcome) in calls.iter().zip(outcomes) {
            let used = call.action.entry().class.and_then(|class| self.used.get_mut(&Resource::of_class(class)));
            if let (Outcome::NotPerformed, Some(used)) = (outcome, used) {
                *used -= 1;
            }
        }
    }
}

fn named_outputs(action: &PreparedAction, outputs: &[Value]) -> Value {
    let names = action.entry().outputs.iter().map(|output| output.name.as_str());
    Value::object(names.zip(outputs.iter().cloned()))
}

fn defect(message: &str) -> Failure {
    Failure::new(Code::Internal, message)
}
