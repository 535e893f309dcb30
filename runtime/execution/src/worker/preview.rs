//! What a run would do after an approval, up to the next one: the guest is executed once more, answered from the
//! journal, with the approval taken as given; what it calls then is written down and not performed.

use std::sync::Arc;

use alcove_host::{Call, CancellationToken, End, Level, RunLimits, RunRequest};
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
use alcove_platform::{EffectCall, Performer, Scope};

use super::calls::Calls;
use crate::{
    LoadedPlan,
    node::Node,
    rerun::{Kept, Rerun},
};

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
    let preview = Kept::new(Preview {
        plan: Arc::clone(plan),
        calls,
        cursor: Cursor::new(history),
        now_us: node.clock.now().micros(),
        approval: approval.id.clone(),
        shown: Vec::new(),
        left_out: 0,
        withheld: false,
    });
    let program = plan.program_bytes();
    let request = RunRequest { program, prepared, input, limits, backend: preview.backend(), cancel };
    let result = node.runtime.run(request).await;
    let (mut shown, left_out) = preview.with(|preview| (std::mem::take(&mut preview.shown), preview.left_out));
    if left_out > 0 {
        shown.push(Value::object([("more", Value::Int(i64::try_from(left_out).unwrap_or(i64::MAX)))]));
    }
    if let Err(stop) = result.end.map(|_: End| ()) {
        shown.push(Value::object([("stops", Value::str(stop.failure.to_string()))]));
    }
    Ok(Value::list(shown))
}

struct Preview {
    plan: Arc<LoadedPlan>,
    calls: Calls,
    cursor: Cursor,
    now_us: i64,
    approval: EffectId,
    /// The calls so far.
    shown: Vec<Value>,
    /// How many more there were.
    left_out: usize,
    /// Whether the run has come past a call whose outputs it now lacks.
    withheld: bool,
}

impl Rerun for Preview {
    fn start_query(&mut self, query: u32, arguments: &[Value]) -> Result<Vec<u8>, Failure> {
        read(self.cursor.start_query(query, digest_of_arguments(arguments)))
    }

    fn next_page(&mut self, query: u32) -> Result<Vec<u8>, Failure> {
        read(self.cursor.next_page(query))
    }

    fn prepare(&self, call: Call) -> Result<(u32, EffectCall), Failure> {
        self.calls.prepare(call)
    }

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
        if self.shown.len() < CALLS_SHOWN_MAX {
            let shown = self.show(place, call, &params);
            self.shown.push(shown);
        } else {
            self.left_out += 1;
        }
        if let Err(failure) = params {
            return Outcome::Failed(failure);
        }
        self.withheld |= !call.action.outputs().is_empty();
        Outcome::Performed(call.action.outputs().iter().map(|ty| mark(*ty)).collect())
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

impl Preview {
    /// A call, for a person.
    fn show(&self, place: u32, call: &EffectCall, params: &Result<Value, Failure>) -> Value {
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
