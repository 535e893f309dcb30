//! `join`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static JOIN: Builtin = Builtin {
    filter: Filter::Join,
    name: "join",
    summary: "The items as one text, with a separator between them; any scalar is rendered, null is empty.",
    signature: Signature {
        input: Accepts::lists_of(&[Kind::Bool, Kind::Num, Kind::Str, Kind::Time]),
        params: &[Param::required("separator", &[Kind::Str])],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example {
            input: Sample::List(&[Sample::Str("a"), Sample::Str("b")]),
            args: &[Sample::Str(", ")],
            output: Sample::Str("a, b"),
        },
        Example {
            input: Sample::List(&[Sample::Int(1), Sample::Num("2.50"), Sample::Bool(true), Sample::Null]),
            args: &[Sample::Str("-")],
            output: Sample::Str("1-2.5-true-"),
        },
        Example {
            input: Sample::List(&[Sample::Time("2026-01-31T12:00:00Z")]),
            args: &[Sample::Str(",")],
            output: Sample::Str("2026-01-31T12:00:00Z"),
        },
        Example { input: Sample::List(&[]), args: &[Sample::Str(",")], output: Sample::Str("") },
        Example { input: Sample::Null, args: &[Sample::Str(",")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let separator = call.required_text(0)?;
    let mut text = call.new_text();
    for (i, item) in call.list()?.iter().enumerate() {
        if i > 0 {
            text.push(separator)?;
        }
        text.push_value(item)?;
    }
    Ok(text.finish())
}
