//! `round`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};
use rust_decimal::RoundingStrategy;

use super::arguments::decimals;
use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call, decimal};

pub(crate) static ROUND: Builtin = Builtin {
    filter: Filter::Round,
    name: "round",
    summary: "Rounded to that many decimals, 0 if not given; halves go away from zero. With 0 it gives an integer.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("decimals", &[Kind::Int]).optional().valid(decimals)],
        output: Output::Rounded,
    },
    examples: &[
        Example { input: Sample::Num("2.5"), args: &[], output: Sample::Int(3) },
        Example { input: Sample::Num("-2.5"), args: &[], output: Sample::Int(-3) },
        Example { input: Sample::Num("3.14159"), args: &[Sample::Int(2)], output: Sample::Num("3.14") },
        Example { input: Sample::Num("2.005"), args: &[Sample::Int(2)], output: Sample::Num("2.01") },
        Example { input: Sample::Num("2.4"), args: &[Sample::Int(0)], output: Sample::Int(2) },
        Example { input: Sample::Int(7), args: &[Sample::Int(2)], output: Sample::Int(7) },
        Example { input: Sample::Null, args: &[Sample::Int(2)], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    match call.optional_count(0).unwrap_or_default() {
        _ if matches!(call.input, Value::Int(_)) => Ok(call.input.clone()),
        0 => call.whole(call.decimal()?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)),
        places => {
            let rounded = call.decimal()?.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            call.number(decimal::fit(rounded))
        }
    }
}
