//! `json`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static JSON: Builtin = Builtin {
    filter: Filter::Json,
    name: "json",
    summary: "The value as compact JSON.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Any]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example {
            input: Sample::Object(&[("a", Sample::Int(1)), ("b", Sample::List(&[Sample::Null, Sample::Num("2.50")]))]),
            args: &[],
            output: Sample::Str("{\"a\":1,\"b\":[null,2.5]}"),
        },
        Example { input: Sample::Str("say \"hi\""), args: &[], output: Sample::Str("\"say \\\"hi\\\"\"") },
        Example {
            input: Sample::Time("2026-01-31T12:00:00Z"),
            args: &[],
            output: Sample::Str("\"2026-01-31T12:00:00Z\""),
        },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let mut text = call.new_text();
    text.push_json(call.input)?;
    Ok(text.finish())
}
