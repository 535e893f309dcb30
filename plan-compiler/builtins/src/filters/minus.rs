//! `minus`.

use alcove_plan::{
    expr::Filter,
    types::Kind,
    value::{Timestamp, Value},
};

use super::arguments::duration;
use crate::{
    Accepts, Builtin, EvalError, Example, LiteralRule, Output, Param, Sample, Signature, call::Call, decimal,
    parse_duration,
};

pub(crate) static MINUS: Builtin = Builtin {
    filter: Filter::Minus,
    name: "minus",
    summary: "The difference of two numbers, or a timestamp earlier by a duration such as `30d` or `1d12h`; a day is \
              24 hours, also where clocks change.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num, Kind::Time]),
        params: &[Param::required("amount", &[Kind::Num, Kind::Str]).literal(LiteralRule::Strings).valid(duration)],
        output: Output::Arithmetic,
    },
    examples: &[
        Example { input: Sample::Int(2), args: &[Sample::Int(3)], output: Sample::Int(-1) },
        Example { input: Sample::Int(2), args: &[Sample::Num("0.5")], output: Sample::Num("1.5") },
        Example {
            input: Sample::Time("2026-01-31T12:00:00Z"),
            args: &[Sample::Str("30d")],
            output: Sample::Time("2026-01-01T12:00:00Z"),
        },
        Example { input: Sample::Null, args: &[Sample::Int(1)], output: Sample::Null },
        Example { input: Sample::Int(1), args: &[Sample::Null], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    match (call.input, call.required(0)?) {
        (Value::Int(a), Value::Int(b)) => call.integer(a.checked_sub(*b)),
        (Value::Time(time), Value::Str(text)) => {
            let micros = parse_duration(text).and_then(|ms| ms.checked_mul(1_000));
            let moved = micros.and_then(|micros| time.micros().checked_sub(micros)).and_then(Timestamp::from_micros);
            moved.map(Value::Time).ok_or_else(|| call.out_of_range())
        }
        (Value::Time(_), _) | (_, Value::Str(_)) => Err(call.wrong_argument(0)),
        _ => call.number(decimal::subtract(call.decimal()?, call.required_decimal(0)?)),
    }
}
