//! `default`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static DEFAULT: Builtin = Builtin {
    filter: Filter::Default,
    name: "default",
    summary: "The input, or the argument where the input is null or missing.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Any]),
        params: &[Param::required("value", &[Kind::Any])],
        output: Output::UnionWithArg,
    },
    examples: &[
        Example { input: Sample::Null, args: &[Sample::Str("friend")], output: Sample::Str("friend") },
        Example { input: Sample::Str("Ada"), args: &[Sample::Str("friend")], output: Sample::Str("Ada") },
        Example { input: Sample::Str(""), args: &[Sample::Str("friend")], output: Sample::Str("") },
        Example { input: Sample::Int(0), args: &[Sample::Int(7)], output: Sample::Int(0) },
        Example { input: Sample::Bool(false), args: &[Sample::Bool(true)], output: Sample::Bool(false) },
        Example { input: Sample::Null, args: &[Sample::Null], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let fallback = call.required(0)?;
    Ok(if call.input.is_null() { fallback.clone() } else { call.input.clone() })
}
