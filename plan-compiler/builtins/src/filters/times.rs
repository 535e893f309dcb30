//! `times`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call, decimal};

pub(crate) static TIMES: Builtin = Builtin {
    filter: Filter::Times,
    name: "times",
    summary: "The product of two numbers.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("factor", &[Kind::Num])],
        output: Output::Arithmetic,
    },
    examples: &[
        Example { input: Sample::Int(6), args: &[Sample::Int(7)], output: Sample::Int(42) },
        Example { input: Sample::Num("19.99"), args: &[Sample::Int(3)], output: Sample::Num("59.97") },
        Example { input: Sample::Num("1.10"), args: &[Sample::Num("1.1")], output: Sample::Num("1.21") },
        Example { input: Sample::Null, args: &[Sample::Int(2)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    match (call.input, call.required(0)?) {
        (Value::Int(a), Value::Int(b)) => call.integer(a.checked_mul(*b)),
        _ => call.number(decimal::multiply(call.decimal()?, call.required_decimal(0)?)),
    }
}
