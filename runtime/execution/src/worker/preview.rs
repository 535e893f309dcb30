//! What a run would do after an approval, up to the next one: the guest is executed once more, answered from the
//! journal, with the approval taken as given; what it calls then is written down and not performed.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_host::{Backend, Call, CancellationToken, End, Level, RunLimits, RunRequest};
use alcove_ids::EffectId;
use alcove_journal::{
    cursor::{Cursor, EffectAnswer, History, ReadAnswer},
    digest_of_arguments,
    entry::Effect,
};
use alcove_plan::{
    codec::{Outcome, PageWriter},
    failure::Failure,
    types::{Kind, Type},
    value::Value,
};
use alcove_platform::{Blocked, EffectCall, Performer, Scope};
use async_trait::async_trait;

use super::{calls::Calls, halt::defect};
use crate::{LoadedPlan, node::Node};

/// Calls that are shown one by one.
const CALLS_SHOWN_MAX: usize = 500;

/// What stands where the output of a call goes that was not performed.
const LATER: &str = "(known later)";

/// What a preview goes by.
pub(super) struct Basis<'a> {
    pub(super) node: &'a Node,
    pub(super) plan: &'a Arc<LoadedPlan>,
    pub(super) scope: &'a Scope,
    pub(super) limits: RunLimits,
    pub(super) cancel: CancellationToken,
}

/// The calls that follow the approval, as a list of `{call, indices, action, id, path, params}`, and `{more}` for those
/// that are too many, `{stops}` where the run would fail.
pub(super) async fn make(basis: Basis<'_>, history: History, approval: &Effect) -> Result<Value, Failure> {
    let Basis { node, plan, scope, limits, cancel } = basis;
    let input = history.started().input.clone();
    let mut calls = Calls::new(&node.platform, Arc::clone(plan), scope.execution.clone(), &history)?;
    calls.suppose(approval);
    let prepared = calls.handles();
    let seen = Seen::default();
    let backend = PreviewBackend {
        plan: Arc::clone(plan),
        calls,
        cursor: Cursor::new(history),
        now_us: node.clock.now().micros(),
        approval: approval.id.clone(),
        seen: seen.clone(),
        withheld: false,
    };
    let program = plan.program_bytes();
    let request = RunRequest { program, prepared, input, limits, backend: Box::new(backend), cancel };
    let result = node.runtime.run(request).await;
    let (mut shown, left_out) = seen.take();
    if left_out > 0 {
        shown.push(Value::object([("more", Value::Int(i64::try_from(left_out).unwrap_or(i64::MAX)))]));
    }
    if let Err(stop) = result.end.map(|_: End| ()) {
        shown.push(Value::object([("stops", Value::str(stop.failure.to_string()))]));
    }
    Ok(Value::list(shown))
}

/// The calls so far, and how many more there were.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<(Vec<Value>, usize)>>);

impl Seen {
    fn add(&self, call: impl FnOnce() -> Value) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.0.len() < CALLS_SHOWN_MAX { seen.0.push(call()) } else { seen.1 += 1 }
    }

    fn take(&self) -> (Vec<Value>, usize) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct PreviewBackend {
    plan: Arc<LoadedPlan>,
    calls: Calls,
    cursor: Cursor,
    now_us: i64,
    approval: EffectId,
    seen: Seen,
    /// Whether the run has come past a call whose outputs it now lacks.
    withheld: bool,
}

#[async_trait]
impl Backend for PreviewBackend {
    async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        let query = u32::try_from(query).map_err(|_| defect("a call names no query of the plan"))?;
        read(self.cursor.start_query(query, digest_of_arguments(&arguments)))
    }

    async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        let query = u32::try_from(query).map_err(|_| defect("a call names no query of the plan"))?;
        read(self.cursor.next_page(query))
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        let mut blocked = Blocked::default();
        let mut outcomes = Vec::with_capacity(calls.len());
        for call in calls {
            let (place, call) = match self.calls.prepare(call) {
                Ok(prepared) => prepared,
                Err(failure) => {
                    outcomes.push(Outcome::Failed(failure));
                    continue;
                }
            };
            let outcome = if blocked.holds(&call) { Outcome::NotPerformed } else { self.answer(place, &call) };
            blocked.note(&call, &outcome);
            outcomes.push(outcome);
        }
        outcomes
    }

    fn log(&mut self, _: Level, _: u32, _: &str) {}
}

/// What the journal does not have is behind the approval, where no run reads: its queries come first.
fn read(answer: ReadAnswer) -> Result<Vec<u8>, Failure> {
    match answer {
        ReadAnswer::Replayed(answer) => answer,
        ReadAnswer::Live(_) => Ok(PageWriter::new().finish(true, false)),
        ReadAnswer::Diverged(divergence) => Err(divergence.failure()),
    }
}

impl PreviewBackend {
    fn answer(&mut self, place: u32, call: &EffectCall) -> Outcome {
        if call.effect_id == self.approval {
            return Outcome::Performed(Vec::new());
        }
        let params = if self.withheld {
            call.action.rendered_without_outputs(&call.values)
        } else {
            call.action.rendered(&call.values)
        };
        let effect = self.calls.effect(place, call, &params);
        match self.cursor.effect(&effect, self.now_us) {
            EffectAnswer::Replayed(outcome) => return outcome,
            EffectAnswer::Diverged(divergence) => return Outcome::Failed(divergence.failure()),
            EffectAnswer::Unknown(failure) => return Outcome::Failed(failure),
            EffectAnswer::Live { .. } | EffectAnswer::SendAgain { .. } | EffectAnswer::NotBefore { .. } => {}
        }
        if call.action.performer() == Performer::Approval {
            return Outcome::Suspended;
        }
        self.seen.add(|| self.shown(place, call, &params));
        if let Err(failure) = params {
            return Outcome::Failed(failure);
        }
        self.withheld |= !call.action.outputs().is_empty();
        Outcome::Performed(call.action.outputs().iter().map(|ty| mark(*ty)).collect())
    }

    /// A call, for a person.
    fn shown(&self, place: u32, call: &EffectCall, params: &Result<Value, Failure>) -> Value {
        let planned = usize::try_from(place).ok().and_then(|place| self.plan.plan.actions.get(place));
        let indices = call.indices.iter().map(|index| Value::Int(i64::from(*index)));
        let path = planned.map_or("", |action| self.plan.plan.place(action.place));
        let id = planned.and_then(|action| action.id.as_deref()).map_or(Value::Null, Value::str);
        let mut members = vec![
            ("call", Value::Int(i64::from(place))),
            ("indices", Value::list(indices.collect())),
            ("action", Value::str(call.action.name())),
            ("id", id),
            ("path", Value::str(path)),
        ];
        match params {
            Ok(params) => members.push(("params", self.marked(place, call, params))),
            Err(failure) => members.push(("refused", Value::str(failure.to_string()))),
        }
        Value::object(members)
    }

    /// Parameters that a later output fills as a whole are marked so.
    fn marked(&self, place: u32, call: &EffectCall, params: &Value) -> Value {
        let planned = usize::try_from(place).ok().and_then(|place| self.plan.plan.actions.get(place));
        let (Value::Record(record), Some(planned), true) = (params, planned, self.withheld) else {
            return params.clone();
        };
        let mut members: Vec<(Arc<str>, Value)> =
            record.members().map(|(name, value)| (name.clone(), value.clone())).collect();
        let holes = planned.params.iter().filter(|leaf| matches!(leaf.value, alcove_plan::action::ParamValue::Hole(_)));
        for (leaf, value) in holes.zip(&call.values) {
            let [name] = leaf.path.as_slice() else { continue };
            if value.is_null() && !members.iter().any(|(known, _)| **known == **name) {
                members.push((name.as_str().into(), Value::str(LATER)));
            }
        }
        Value::object(members)
    }
}

/// What stands for an output in what is made of it.
fn mark(ty: Type) -> Value {
    match ty {
        Type::One(Kind::Str) => Value::str(LATER),
        _ => Value::Null,
    }
}
