//! `length`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static LENGTH: Builtin = Builtin {
    filter: Filter::Length,
    name: "length",
    summary: "The number of characters of a text (Unicode scalar values), of items of a list, of members of an object.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str, Kind::List, Kind::Object]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Int)),
    },
    examples: &[
        Example { input: Sample::Str("Héllo🎉"), args: &[], output: Sample::Int(6) },
        Example { input: Sample::List(&[Sample::Int(1), Sample::Null]), args: &[], output: Sample::Int(2) },
        Example { input: Sample::Object(&[("a", Sample::Int(1))]), args: &[], output: Sample::Int(1) },
        Example { input: Sample::Str(""), args: &[], output: Sample::Int(0) },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let length = match call.input {
        Value::List(items) => items.len(),
        Value::Record(record) => record.cells().len(),
        _ => call.text()?.chars().count(),
    };
    call.integer(i64::try_from(length).ok())
}
