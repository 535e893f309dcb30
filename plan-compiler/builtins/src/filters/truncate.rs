//! `truncate`.

use alloc::string::String;

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static TRUNCATE: Builtin = Builtin {
    filter: Filter::Truncate,
    name: "truncate",
    summary: "At most that many characters (Unicode scalar values), the ellipsis included that shows where text was \
              cut.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[Param::required("length", &[Kind::Int]).valid(at_least_one)],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("Hello world"), args: &[Sample::Int(8)], output: Sample::Str("Hello w…") },
        Example { input: Sample::Str("Hello"), args: &[Sample::Int(5)], output: Sample::Str("Hello") },
        Example { input: Sample::Str("Hello"), args: &[Sample::Int(4)], output: Sample::Str("Hel…") },
        Example { input: Sample::Str("🎉🎉🎉"), args: &[Sample::Int(2)], output: Sample::Str("🎉…") },
        Example { input: Sample::Str("ab"), args: &[Sample::Int(1)], output: Sample::Str("…") },
        Example { input: Sample::Str(""), args: &[Sample::Int(1)], output: Sample::Str("") },
        Example { input: Sample::Null, args: &[Sample::Int(3)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let text = call.text()?;
    // A length beyond 32 bits is more than any string has.
    let length = call.optional_count(0).map_or(usize::MAX, |n| n as usize);
    if text.chars().nth(length).is_none() {
        return Ok(call.input.clone());
    }
    let mut cut: String = text.chars().take(length.saturating_sub(1)).collect();
    cut.push('…');
    Ok(cut.into())
}

fn at_least_one(length: &Value) -> Result<(), &'static str> {
    if matches!(length, Value::Int(..=0)) { Err("must be at least 1") } else { Ok(()) }
}
