//! One execution of another version: its questions, answered from what was recorded or with nothing.

use std::sync::Arc;

use alcove_host::{Call, Level};
use alcove_ids::{EffectId, ExecutionId};
use alcove_journal::{digest_of_arguments, digest_of_call};
use alcove_plan::{
    codec::{Outcome, PageWriter},
    envelope::Digest,
    failure::Failure,
    value::Value,
};
use alcove_platform::{EffectCall, Performer};

use super::{
    known::{Known, Pages},
    report::{Unanswered, json},
};
use crate::{LoadedPlan, rerun::Rerun, worker::defect};

/// A call of the other version.
pub(super) struct Seen {
    /// The position among its plan's actions.
    pub(super) action: usize,
    /// Indices of the loops around it.
    pub(super) indices: Vec<u32>,
    /// Its rendered parameters, or why it has none.
    pub(super) params: Result<Value, Failure>,
    /// Whether the recorded run has the same call.
    pub(super) matched: bool,
}

/// One execution of another version.
pub(super) struct Session {
    pub(super) plan: Arc<LoadedPlan>,
    /// The plan of the recorded run.
    pub(super) recorded: Arc<LoadedPlan>,
    pub(super) execution: ExecutionId,
    pub(super) known: Known,
    pub(super) seen: Vec<Seen>,
    pub(super) unanswered: Vec<Unanswered>,
    reading: Option<(u32, Option<Pages>)>,
    /// Whether it has come past a call whose outputs it now lacks.
    withheld: bool,
}

impl Session {
    pub(super) fn new(plan: Arc<LoadedPlan>, recorded: Arc<LoadedPlan>, execution: ExecutionId, known: Known) -> Self {
        let (seen, unanswered) = (Vec::new(), Vec::new());
        Self { plan, recorded, execution, known, seen, unanswered, reading: None, withheld: false }
    }
}

impl Rerun for Session {
    fn start_query(&mut self, at: u32, arguments: &[Value]) -> Result<Vec<u8>, Failure> {
        let plan = Arc::clone(&self.plan);
        let query = plan.plan.queries.get(place(at)).ok_or_else(|| defect("a call names no query of the plan"))?;
        let pages = self.known.pages(query, digest_of_arguments(arguments));
        if pages.is_none() {
            self.unanswered.push(Unanswered {
                kind: "query",
                path: plan.plan.place(query.place).to_owned(),
                name: query.connector.clone(),
                arguments: json(&Value::list(arguments.to_vec())),
            });
        }
        self.reading = Some((at, pages));
        self.next_page(at)
    }

    fn next_page(&mut self, at: u32) -> Result<Vec<u8>, Failure> {
        let pages = self.reading.as_mut().filter(|(open, _)| *open == at).and_then(|(_, pages)| pages.as_mut());
        let Some(pages) = pages else { return Ok(nothing()) };
        if let Some(page) = pages.next() {
            return page;
        }
        let plan = &self.plan.plan;
        if let Some(query) = plan.queries.get(place(at)) {
            let (path, name) = (plan.place(query.place).to_owned(), query.connector.clone());
            self.unanswered.push(Unanswered { kind: "page", path, name, arguments: serde_json::Value::Null });
        }
        Ok(nothing())
    }

    fn prepare(&self, call: Call) -> Result<(u32, EffectCall), Failure> {
        let unknown = || defect("a call names no action of the plan");
        let action = self.plan.actions.get(call.action).ok_or_else(unknown)?;
        let planned = self.plan.plan.actions.get(call.action).ok_or_else(unknown)?;
        let at = u32::try_from(call.action).map_err(|_| unknown())?;
        let effect_id = EffectId::derive(&self.execution, at, &call.indices);
        let (values, indices, recover_depth) = (call.values, call.indices, planned.recover_depth);
        Ok((at, EffectCall { effect_id, action: Arc::clone(action), values, indices, recover_depth }))
    }

    fn answer(&mut self, at: u32, call: &EffectCall) -> Outcome {
        let at = place(at);
        let params = if self.withheld {
            call.action.rendered_without_outputs(&call.values)
        } else {
            call.action.rendered(&call.values)
        };
        let matched = self.recorded_call(at, call, &params);
        let outcome = matched.and_then(|position| self.known.call(position)).map(|call| call.outcome.clone());
        let counts = !call.action.entry().read_only && call.action.performer() != Performer::Approval;
        if outcome.is_none() && !counts {
            self.ask(at, call, &params);
        }
        if counts {
            let (indices, params) = (call.indices.clone(), params.clone());
            self.seen.push(Seen { action: at, indices, params, matched: outcome.is_some() });
        }
        outcome.unwrap_or_else(|| {
            if let Err(failure) = params {
                return Outcome::Failed(failure);
            }
            self.withheld |= !call.action.outputs().is_empty();
            Outcome::Performed(vec![Value::Null; call.action.outputs().len()])
        })
    }

    /// What it says is not compared.
    fn log(&mut self, _: Level, _: u32, _: &str) {}
}

impl Session {
    /// A recorded call that is the same.
    fn recorded_call(&mut self, at: usize, call: &EffectCall, params: &Result<Value, Failure>) -> Option<usize> {
        let digest: Digest = match params {
            Ok(params) => digest_of_call(call.action.name(), params),
            Err(_) => digest_of_call(call.action.name(), &Value::list(call.values.clone())),
        };
        let (plan, recorded) = (&self.plan.plan, &self.recorded.plan);
        let here = plan.actions.get(at).map(|action| plan.place(action.place));
        self.known.take(digest, |known| {
            let there = usize::try_from(known.action).ok().and_then(|at| recorded.actions.get(at));
            known.indices == call.indices && there.map(|action| recorded.place(action.place)) == here
        })
    }

    /// The journal does not know what would be answered.
    fn ask(&mut self, at: usize, call: &EffectCall, params: &Result<Value, Failure>) {
        let plan = &self.plan.plan;
        let path = plan.actions.get(at).map_or("", |action| plan.place(action.place)).to_owned();
        let kind = if call.action.performer() == Performer::Approval { "approval" } else { "action" };
        let arguments = params.as_ref().map_or(serde_json::Value::Null, json);
        self.unanswered.push(Unanswered { kind, path, name: call.action.name().to_owned(), arguments });
    }
}

/// A page without rows, and the last.
fn nothing() -> Vec<u8> {
    PageWriter::new().finish(true, false)
}

/// A position among the plan's queries or actions; there is none so large that it does not fit.
fn place(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
