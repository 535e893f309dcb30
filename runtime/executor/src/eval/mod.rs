//! Expressions: a stack machine over the slots of a run.

mod cast;
mod compare;
mod ops;
mod pattern;
mod text;

use std::sync::Arc;

use alcove_plan::{
    codec::{Input, Zone},
    expr::{ExprId, Op, Slot},
    failure::{Code, Failure},
    program::{Program, input_slot},
    value::{Record, Shape, Value},
};
use jiff::tz::TimeZone;

use self::pattern::Patterns;
use crate::halt::malformed;

/// The variables of a run and everything that evaluating its expressions needs.
#[derive(Debug)]
pub(crate) struct Evaluator<'p> {
    pub(crate) program: &'p Program,
    shapes: Vec<Arc<Shape>>,
    slots: Vec<Value>,
    // INVARIANT: empty between evaluations; upheld by `eval`. No longer than the expression, as an op pushes one value.
    stack: Vec<Value>,
    patterns: Patterns,
    zone: TimeZone,
}

impl<'p> Evaluator<'p> {
    /// Fills the slots that a run begins with.
    pub(crate) fn new(program: &'p Program, input: &Input) -> Result<Self, Failure> {
        let names = |names: &Vec<String>| Arc::new(Shape::new(names.iter().map(String::as_str)));
        let slots = usize::from(program.slots.max(input_slot::FIRST_FREE.0));
        let mut evaluator = Self {
            program,
            shapes: program.shapes.iter().map(names).collect(),
            slots: vec![Value::Null; slots],
            stack: Vec::new(),
            patterns: Patterns::new(program.regexes.len()),
            zone: time_zone(input.zone.as_ref())?,
        };
        evaluator.fill(input)?;
        Ok(evaluator)
    }

    fn fill(&mut self, input: &Input) -> Result<(), Failure> {
        self.set(input_slot::NOW, Value::Time(input.now))?;
        self.set(input_slot::TENANT_ID, Value::str(input.tenant_id.as_str()))?;
        self.set(input_slot::APP_ID, Value::str(input.app_id.as_str()))?;
        self.set(input_slot::EXECUTION_ID, Value::str(input.execution_id.as_str()))?;
        let event = match (self.program.event_shape, &input.event) {
            (Some(shape), Value::Record(event)) => shaped(&self.shape(shape)?, event),
            _ => input.event.clone(),
        };
        self.set(input_slot::EVENT, event)?;
        if let Some(index) = input.delay {
            let delay = self.program.delays.get(index.0 as usize);
            let delay =
                delay.ok_or_else(|| Failure::new(Code::Internal, "the input names a delay that is not there"))?;
            self.set(input_slot::DELAY_ID, Value::str(delay.id.as_str()))?;
            self.set(input_slot::DELAY_INDEX, Value::Int(i64::from(index.0)))?;
        }
        Ok(())
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, id: ExprId) -> Result<Value, Failure> {
        self.stack.clear();
        self.execute(code(self.program, id)?)?;
        let value = self.pop()?;
        if self.stack.is_empty() { Ok(value) } else { Err(malformed("an expression leaves more than one value")) }
    }

    /// Whether an expression is true; null and everything else is not.
    pub(crate) fn holds(&mut self, id: ExprId) -> Result<bool, Failure> {
        Ok(matches!(self.eval(id)?, Value::Bool(true)))
    }

    /// Whether there is no condition, or it is true.
    pub(crate) fn permits(&mut self, condition: Option<ExprId>) -> Result<bool, Failure> {
        condition.map_or(Ok(true), |condition| self.holds(condition))
    }

    /// Evaluates `ids` into `out`, whose old content is dropped.
    pub(crate) fn eval_all(&mut self, ids: &[ExprId], out: &mut Vec<Value>) -> Result<(), Failure> {
        out.clear();
        out.reserve_exact(ids.len());
        for id in ids {
            out.push(self.eval(*id)?);
        }
        Ok(())
    }

    /// The items of a list expression, null as an empty list. `what` is for the message.
    pub(crate) fn eval_list(&mut self, id: ExprId, what: &str) -> Result<Arc<Vec<Value>>, Failure> {
        match self.eval(id)? {
            Value::List(items) => Ok(items),
            Value::Null => Ok(Arc::default()),
            other => Err(Failure::new(Code::Action, format!("{what}: expected list, found {}", other.kind_name()))),
        }
    }

    pub(crate) fn set(&mut self, slot: Slot, value: Value) -> Result<(), Failure> {
        self.replace(slot, value).map(drop)
    }

    /// Sets a slot and gives back what it held.
    pub(crate) fn replace(&mut self, slot: Slot, value: Value) -> Result<Value, Failure> {
        let held = self.slots.get_mut(usize::from(slot.0)).ok_or_else(|| malformed("no such slot"))?;
        Ok(std::mem::replace(held, value))
    }

    /// Sets the slots from `.0` up to, not including, `.1` to null.
    pub(crate) fn clear(&mut self, (from, to): (Slot, Slot)) -> Result<(), Failure> {
        let range = usize::from(from.0)..usize::from(to.0.max(from.0));
        self.slots.get_mut(range).ok_or_else(|| malformed("no such slots"))?.fill(Value::Null);
        Ok(())
    }

    pub(crate) fn get(&self, slot: Slot) -> Result<&Value, Failure> {
        self.slots.get(usize::from(slot.0)).ok_or_else(|| malformed("no such slot"))
    }

    pub(crate) fn shape(&self, index: u32) -> Result<Arc<Shape>, Failure> {
        self.shapes.get(index as usize).cloned().ok_or_else(|| malformed("no such shape"))
    }
}

/// The ops of an expression.
pub(crate) fn code(program: &Program, id: ExprId) -> Result<&[Op], Failure> {
    let expr = program.exprs.get(id.0 as usize).ok_or_else(|| malformed("no such expression"))?;
    let from = expr.start as usize;
    let range = from..from.saturating_add(expr.len as usize);
    program.ops.get(range).ok_or_else(|| malformed("an expression outside of the code"))
}

/// The event with its members where the program expects them; missing ones are null.
fn shaped(shape: &Arc<Shape>, event: &Record) -> Value {
    let cells = shape.names().iter().map(|name| event.get(name).cloned().unwrap_or_default()).collect();
    Value::Record(Arc::new(Record::new(shape.clone(), cells)))
}

fn time_zone(zone: Option<&Zone>) -> Result<TimeZone, Failure> {
    let Some(zone) = zone else { return Ok(TimeZone::UTC) };
    TimeZone::tzif(&zone.name, &zone.tzif)
        .map_err(|error| Failure::new(Code::Internal, format!("time zone `{}`: {error}", zone.name)))
}
