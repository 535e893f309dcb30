mod decimals;
mod edges;
mod examples;
mod oracle;
mod signatures;

use alcove_plan::value::Value;
use jiff::tz::TimeZone;

use crate::{Env, EvalError, by_name};

/// Applies a filter in UTC.
fn eval(name: &str, input: impl Into<Value>, args: &[Value]) -> Result<Value, EvalError> {
    eval_in(&TimeZone::UTC, name, input, args)
}

fn eval_in(zone: &TimeZone, name: &str, input: impl Into<Value>, args: &[Value]) -> Result<Value, EvalError> {
    by_name(name).unwrap().eval(&Env { zone }, &input.into(), args)
}

fn num(text: &str) -> Value {
    Value::Num(rust_decimal::Decimal::from_str_exact(text).unwrap())
}

fn time(text: &str) -> Value {
    Value::Time(alcove_plan::value::Timestamp::parse(text).unwrap())
}
