//! `modulo`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static MODULO: Builtin = Builtin {
    filter: Filter::Modulo,
    name: "modulo",
    summary: "The remainder of a division, with the sign of the input; null if the divisor is 0.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("divisor", &[Kind::Num])],
        output: Output::Arithmetic,
    },
    examples: &[
        Example { input: Sample::Int(7), args: &[Sample::Int(3)], output: Sample::Int(1) },
        Example { input: Sample::Int(-7), args: &[Sample::Int(3)], output: Sample::Int(-1) },
        Example { input: Sample::Num("7.5"), args: &[Sample::Int(2)], output: Sample::Num("1.5") },
        Example { input: Sample::Int(7), args: &[Sample::Int(0)], output: Sample::Null },
        Example { input: Sample::Num("7.5"), args: &[Sample::Int(0)], output: Sample::Null },
        Example { input: Sample::Int(i64::MIN), args: &[Sample::Int(-1)], output: Sample::Int(0) },
        Example { input: Sample::Null, args: &[Sample::Int(2)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let divisor = call.required(0)?;
    match (call.input, divisor) {
        (_, divisor) if divisor.as_decimal().is_some_and(|n| n.is_zero()) => Ok(Value::Null),
        // The one pair that overflows, the smallest integer and -1, has the remainder 0.
        (Value::Int(a), Value::Int(b)) => Ok(Value::Int(a.checked_rem(*b).unwrap_or_default())),
        _ => call.number(call.decimal()?.checked_rem(call.required_decimal(0)?)),
    }
}
