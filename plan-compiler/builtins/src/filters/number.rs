//! `number`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use super::{arguments::decimals, grouping::grouped};
use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static NUMBER: Builtin = Builtin {
    filter: Filter::Number,
    name: "number",
    summary: "The number with commas between thousands and, if given, exactly that many decimals; halves go away from \
              zero.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("decimals", &[Kind::Int]).optional().valid(decimals)],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Num("1234.5"), args: &[Sample::Int(2)], output: Sample::Str("1,234.50") },
        Example { input: Sample::Int(1_234_567), args: &[], output: Sample::Str("1,234,567") },
        Example { input: Sample::Num("1234.5"), args: &[], output: Sample::Str("1,234.5") },
        Example { input: Sample::Num("999.995"), args: &[Sample::Int(2)], output: Sample::Str("1,000.00") },
        Example { input: Sample::Int(-1234), args: &[Sample::Int(0)], output: Sample::Str("-1,234") },
        Example { input: Sample::Num("-0.4"), args: &[Sample::Int(0)], output: Sample::Str("0") },
        Example { input: Sample::Null, args: &[Sample::Int(2)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let text = grouped(call.decimal()?, call.optional_count(0));
    Ok(text.into())
}
