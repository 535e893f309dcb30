//! `start_of`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};
use jiff::Span;

use crate::{Accepts, Builtin, EvalError, Example, LiteralRule, Output, Param, Sample, Signature, call::Call};

pub(crate) static START_OF: Builtin = Builtin {
    filter: Filter::StartOf,
    name: "start_of",
    summary: "The first instant of the day, week (from Monday) or month, in the time zone of the trigger.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Time]),
        params: &[Param::required("unit", &[Kind::Str]).literal(LiteralRule::Always).valid(unit)],
        output: Output::Fixed(Type::One(Kind::Time)),
    },
    examples: &[
        Example {
            input: Sample::Time("2026-01-31T12:30:00Z"),
            args: &[Sample::Str("day")],
            output: Sample::Time("2026-01-31T00:00:00Z"),
        },
        Example {
            input: Sample::Time("2026-01-31T12:30:00Z"),
            args: &[Sample::Str("week")],
            output: Sample::Time("2026-01-26T00:00:00Z"),
        },
        Example {
            input: Sample::Time("2026-01-26T00:00:00Z"),
            args: &[Sample::Str("week")],
            output: Sample::Time("2026-01-26T00:00:00Z"),
        },
        Example {
            input: Sample::Time("2026-01-31T12:30:00Z"),
            args: &[Sample::Str("month")],
            output: Sample::Time("2026-01-01T00:00:00Z"),
        },
        Example { input: Sample::Null, args: &[Sample::Str("day")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let zoned = call.zoned()?;
    let day = zoned.date();
    let first = match call.required_text(0)? {
        "day" => Ok(day),
        "week" => day.checked_sub(Span::new().days(day.weekday().to_monday_zero_offset())),
        _ => Ok(day.first_of_month()),
    };
    // Where clocks skip midnight, the day begins right after the gap; where it comes twice, with the first.
    call.timestamp(first.and_then(|date| date.to_zoned(zoned.time_zone().clone())))
}

fn unit(unit: &Value) -> Result<(), &'static str> {
    match unit.as_str() {
        None | Some("day" | "week" | "month") => Ok(()),
        Some(_) => Err("must be `day`, `week` or `month`"),
    }
}
