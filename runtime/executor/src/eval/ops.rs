//! What each op does.

use std::sync::Arc;

use alcove_builtins::{Env, builtin};
use alcove_plan::{
    expr::{Filter, Op},
    failure::Failure,
    value::{DEPTH_MAX, Record, Value},
};

use super::{Evaluator, cast::cast, compare::compare, text};
use crate::{halt::malformed, measure};

impl Evaluator<'_> {
    /// Runs code to its end. Jumps lead forward only, so it ends.
    pub(super) fn execute(&mut self, code: &[Op]) -> Result<(), Failure> {
        let mut at = 0;
        while let Some(op) = code.get(at) {
            at += 1;
            match *op {
                Op::Literal(i) => {
                    let literal = self.program.literals.get(i as usize).ok_or_else(|| malformed("no such literal"))?;
                    self.stack.push(literal.0.clone());
                }
                Op::Slot(slot) => {
                    // Steps into the value by reference as far as the path goes, and copies only its end.
                    let rest = code.get(at..).unwrap_or_default();
                    let (value, taken) = walk(self.get(slot)?, rest, &self.program.names)?;
                    let value = value.cloned().unwrap_or_default();
                    at += taken;
                    self.stack.push(value);
                }
                Op::Cell(_) | Op::Member(_) | Op::Index(_) => {
                    let value = self.pop()?;
                    let (part, _) = walk(&value, std::slice::from_ref(op), &self.program.names)?;
                    let part = part.cloned().unwrap_or_default();
                    self.stack.push(part);
                }
                Op::Compare(op) => {
                    let right = self.pop()?;
                    let left = self.top()?;
                    *left = Value::Bool(compare(op, left, &right));
                }
                Op::OrElse(distance) => at = self.short_circuit(at, distance, true)?,
                Op::AndThen(distance) => at = self.short_circuit(at, distance, false)?,
                other => self.execute_one(other)?,
            }
        }
        Ok(())
    }

    fn execute_one(&mut self, op: Op) -> Result<(), Failure> {
        match op {
            Op::Filter { filter, args } => self.filter(filter, usize::from(args))?,
            Op::Text(parts) => {
                let text = text::join(self.operands(usize::from(parts))?)?;
                self.give(usize::from(parts), text);
            }
            Op::EscapeHtml => self.map_top(text::escape_html)?,
            Op::EscapeUrl => self.map_top(text::escape_url)?,
            Op::Cast(ty) => {
                let value = self.pop()?;
                self.stack.push(cast(value, ty)?);
            }
            Op::Matches(pattern) => {
                let value = self.pop()?;
                let found = match value.as_str() {
                    Some(text) => self.patterns.get(&self.program.regexes, pattern)?.is_match(text),
                    None => false,
                };
                self.stack.push(Value::Bool(found));
            }
            Op::Exists => self.map_top(|value| Ok(Value::Bool(!value.is_null())))?,
            Op::Not => self.map_top(|value| Ok(Value::Bool(!matches!(value, Value::Bool(true)))))?,
            Op::List(len) => {
                let items = self.take(usize::from(len))?;
                self.push_composite(Value::list(items))?;
            }
            Op::Record(shape) => {
                let shape = self.shape(shape)?;
                let cells = self.take(shape.names().len())?;
                self.push_composite(Value::Record(Arc::new(Record::new(shape, cells))))?;
            }
            // The loop of `execute` has them; they need to know where they stand.
            Op::Literal(_)
            | Op::Slot(_)
            | Op::Cell(_)
            | Op::Member(_)
            | Op::Index(_)
            | Op::Compare(_)
            | Op::OrElse(_)
            | Op::AndThen(_) => return Err(malformed("an op out of place")),
        }
        Ok(())
    }

    /// Where to go on after `OrElse` (`jumps_on` true) or `AndThen` (false).
    fn short_circuit(&mut self, at: usize, distance: u32, jumps_on: bool) -> Result<usize, Failure> {
        let top = self.top()?;
        if matches!(top, Value::Bool(true)) == jumps_on {
            *top = Value::Bool(jumps_on);
            Ok(at.saturating_add(distance as usize))
        } else {
            self.pop()?;
            Ok(at)
        }
    }

    fn filter(&mut self, filter: Filter, args: usize) -> Result<(), Failure> {
        let operands = self.operands(args + 1)?;
        let (input, rest) = operands.split_first().ok_or_else(underflow)?;
        let value = builtin(filter).eval(&Env { zone: &self.zone }, input, rest)?;
        self.give(args + 1, value);
        Ok(())
    }

    /// Pushes a new list or record, whose parts may be shared: checks that it still is of a size that can be walked.
    fn push_composite(&mut self, value: Value) -> Result<(), Failure> {
        let parts = match &value {
            Value::List(items) => items.as_slice(),
            Value::Record(record) => record.cells(),
            _ => &[],
        };
        if parts.iter().any(|part| matches!(part, Value::List(_) | Value::Record(_))) {
            measure::check(&value, DEPTH_MAX)?;
        }
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Result<Value, Failure> {
        self.stack.pop().ok_or_else(underflow)
    }

    fn top(&mut self) -> Result<&mut Value, Failure> {
        self.stack.last_mut().ok_or_else(underflow)
    }

    fn map_top(&mut self, map: impl FnOnce(&Value) -> Result<Value, Failure>) -> Result<(), Failure> {
        let top = self.top()?;
        *top = map(top)?;
        Ok(())
    }

    /// The last so many values, left on the stack.
    fn operands(&self, count: usize) -> Result<&[Value], Failure> {
        let from = self.stack.len().checked_sub(count).ok_or_else(underflow)?;
        self.stack.get(from..).ok_or_else(underflow)
    }

    /// Puts `value` in the place of the last `count` values, which [`operands`](Self::operands) has found there.
    fn give(&mut self, count: usize, value: Value) {
        self.stack.truncate(self.stack.len().saturating_sub(count));
        self.stack.push(value);
    }

    fn take(&mut self, count: usize) -> Result<Vec<Value>, Failure> {
        let from = self.stack.len().checked_sub(count).ok_or_else(underflow)?;
        Ok(self.stack.split_off(from))
    }
}

/// Follows the ops that lead into a value from the front of `code`: the part, and how many ops that was.
fn walk<'v>(value: &'v Value, code: &[Op], names: &[String]) -> Result<(Option<&'v Value>, usize), Failure> {
    let mut part = Some(value);
    for (taken, op) in code.iter().enumerate() {
        part = match (*op, part) {
            (Op::Cell(at), Some(Value::Record(record))) => record.cells().get(usize::from(at)),
            (Op::Index(at), Some(Value::List(items))) => items.get(at as usize),
            (Op::Member(name), part) => {
                let name = names.get(name as usize).ok_or_else(|| malformed("no such name"))?;
                match part {
                    Some(Value::Record(record)) => record.get(name),
                    _ => None,
                }
            }
            (Op::Cell(_) | Op::Index(_), _) => None,
            _ => return Ok((part, taken)),
        };
    }
    Ok((part, code.len()))
}

fn underflow() -> Failure {
    malformed("an op without its operands")
}
