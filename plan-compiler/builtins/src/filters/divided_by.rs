//! `divided_by`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call, decimal};

pub(crate) static DIVIDED_BY: Builtin = Builtin {
    filter: Filter::DividedBy,
    name: "divided_by",
    summary: "The quotient, always a number with decimals, rounded half to even at 28 significant digits; null if the \
              divisor is 0.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("divisor", &[Kind::Num])],
        output: Output::Fixed(Type::One(Kind::Num)),
    },
    examples: &[
        Example { input: Sample::Int(7), args: &[Sample::Int(2)], output: Sample::Num("3.5") },
        Example { input: Sample::Int(6), args: &[Sample::Int(3)], output: Sample::Num("2") },
        Example {
            input: Sample::Int(10),
            args: &[Sample::Int(3)],
            output: Sample::Num("3.333333333333333333333333333"),
        },
        Example {
            input: Sample::Int(2),
            args: &[Sample::Int(3)],
            output: Sample::Num("0.6666666666666666666666666667"),
        },
        Example { input: Sample::Int(1), args: &[Sample::Int(0)], output: Sample::Null },
        Example { input: Sample::Int(1), args: &[Sample::Num("0.0")], output: Sample::Null },
        Example { input: Sample::Null, args: &[Sample::Int(2)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let divisor = call.required_decimal(0)?;
    if divisor.is_zero() {
        return Ok(Value::Null);
    }
    call.number(decimal::divide(call.decimal()?, divisor))
}
