//! Finds in a filter a test `event.field eq constant` that the event must pass, so that subscriptions can be found by
//! the value of that field instead of being asked one after the other.

use alcove_plan::{
    expr::{Compare, Op},
    program::{Program, input_slot},
    value::{Timestamp, Value},
};
use rust_decimal::Decimal;

/// A path into the event, outermost name first.
pub(super) type Path = Box<[Box<str>]>;

/// A test that an event must pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) path: Path,
    pub(super) key: Key,
}

/// A constant that equality can be looked up by: equal keys exactly where the language says `eq`.
///
/// A text that writes a timestamp is no key, because it also equals the timestamp.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Bool(bool),
    Number(Decimal),
    Text(Box<str>),
}

impl Key {
    /// The key of a constant of a filter.
    fn of_constant(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) if Timestamp::parse(text).is_some() => None,
            other => Self::of_value(other),
        }
    }

    /// The key of a value of an event; `None` where no constant with a key equals it.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Str(text) => Some(Self::Text((&**text).into())),
            // `Decimal` compares by value: 1.0 and 1 are one key.
            number => number.as_decimal().map(Self::Number),
        }
    }
}

/// The value at a path of an event; null where there is none.
pub(super) fn at_path(event: &Value, path: &[Box<str>]) -> Value {
    path.iter().fold(event.clone(), |value, name| value.member(name))
}

/// The first test of a filter that decides against it on its own, whatever the rest of the filter says.
///
/// Nothing that is evaluated before it may fail, so that a filter that fails is found by no test and asked itself.
pub(super) fn necessary(program: &Program) -> Option<Test> {
    let code = program.ops.as_slice();
    let mut start = 0;
    loop {
        let end = operand_end(code, start)?;
        let operand = code.get(start..end)?;
        let decides = false_ends(code, end);
        if decides && let Some(test) = equality(program, operand) {
            return Some(test);
        }
        // What comes next is evaluated only if this part is true; else the whole is false.
        if !decides || end == code.len() {
            return None;
        }
        start = end.checked_add(1)?;
    }
}

/// Where the part of a conjunction ends that begins at `start`: at the jump behind it, or at the end of the code.
/// `None` where something before that may fail.
fn operand_end(code: &[Op], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(op) = code.get(at) {
        let next = at.checked_add(1)?;
        at = match *op {
            Op::AndThen(_) if depth == 1 && false_ends(code, at) => return Some(at),
            // A choice inside of the part: one value, whichever way it goes.
            Op::AndThen(distance) | Op::OrElse(distance) => {
                let to = next.checked_add(usize::try_from(distance).ok()?)?;
                if !code.get(next..to)?.iter().all(|op| cannot_fail(*op)) {
                    return None;
                }
                to
            }
            Op::Literal(_) | Op::Slot(_) => {
                depth = depth.checked_add(1)?;
                next
            }
            Op::Compare(_) => {
                depth = depth.checked_sub(1)?;
                next
            }
            op if cannot_fail(op) => next,
            _ => return None,
        };
    }
    Some(at)
}

/// Ops that give a value whatever they meet.
fn cannot_fail(op: Op) -> bool {
    match op {
        Op::Literal(_)
        | Op::Slot(_)
        | Op::Cell(_)
        | Op::Member(_)
        | Op::Index(_)
        | Op::Compare(_)
        | Op::Exists
        | Op::Not
        | Op::OrElse(_)
        | Op::AndThen(_) => true,
        Op::Filter { .. }
        | Op::Text(_)
        | Op::EscapeHtml
        | Op::EscapeUrl
        | Op::Matches(_)
        | Op::List(_)
        | Op::Record(_)
        | Op::Cast(_) => false,
    }
}

/// Whether false on the stack at `at` is what the code ends with.
fn false_ends(code: &[Op], at: usize) -> bool {
    match code.get(at) {
        None => true,
        Some(Op::AndThen(distance)) => {
            let to = usize::try_from(*distance).ok().and_then(|distance| distance.checked_add(at)?.checked_add(1));
            to.is_some_and(|to| false_ends(code, to))
        }
        Some(_) => false,
    }
}

/// The test that a part is, if it is one field of the event compared with one constant.
fn equality(program: &Program, part: &[Op]) -> Option<Test> {
    let [Op::Slot(input_slot::EVENT), path @ .., Op::Literal(literal), Op::Compare(Compare::Eq)] = part else {
        return None;
    };
    let (first, rest) = path.split_first()?;
    let mut names: Vec<Box<str>> = vec![first_name(program, *first)?.into()];
    for op in rest {
        let Op::Member(name) = op else { return None };
        names.push(entry(&program.names, *name)?.as_str().into());
    }
    let key = Key::of_constant(&entry(&program.literals, *literal)?.0)?;
    Some(Test { path: names.into(), key })
}

/// The event's member that an op leads to. Where the event has a shape, only what is in the shape is seen.
fn first_name(program: &Program, op: Op) -> Option<&str> {
    let shape = match program.event_shape {
        Some(shape) => Some(entry(&program.shapes, shape)?),
        None => None,
    };
    match (op, shape) {
        (Op::Cell(position), Some(names)) => names.get(usize::from(position)).map(String::as_str),
        (Op::Member(name), shape) => {
            let name = entry(&program.names, name)?;
            shape.is_none_or(|names| names.contains(name)).then_some(name)
        }
        _ => None,
    }
}

fn entry<T>(table: &[T], index: u32) -> Option<&T> {
    usize::try_from(index).ok().and_then(|index| table.get(index))
}
