//! The metrics of an aggregate, value by value.

use std::cmp::Ordering;

use alcove_builtins::decimal;
use alcove_plan::{
    failure::Failure,
    program::MetricOp,
    value::{Value, compare},
};
use rust_decimal::Decimal;

use crate::halt::misfit;

/// One metric of one group. Nulls are left out, bar `First` and `Last`.
#[derive(Debug)]
pub(super) enum Accumulator {
    /// Rows, or values that are not null.
    Count(i64),
    /// An integer for as long as all values are.
    Sum(Value),
    /// The sum, and of how many.
    Avg(Decimal, i64),
    Min(Value),
    Max(Value),
    /// `None` before the first row.
    First(Option<Value>),
    Last(Value),
}

impl Accumulator {
    pub(super) fn new(op: MetricOp) -> Self {
        match op {
            MetricOp::Count => Self::Count(0),
            MetricOp::Sum => Self::Sum(Value::Int(0)),
            MetricOp::Avg => Self::Avg(Decimal::ZERO, 0),
            MetricOp::Min => Self::Min(Value::Null),
            MetricOp::Max => Self::Max(Value::Null),
            MetricOp::First => Self::First(None),
            MetricOp::Last => Self::Last(Value::Null),
        }
    }

    /// Takes the value of one more row; `None` where the metric is over rows.
    pub(super) fn add(&mut self, value: Option<Value>) -> Result<(), Failure> {
        let Some(value) = value else {
            if let Self::Count(n) = self {
                *n += 1;
            }
            return Ok(());
        };
        match self {
            Self::First(first) => {
                first.get_or_insert(value);
            }
            Self::Last(last) => *last = value,
            _ if value.is_null() => {}
            Self::Count(n) => *n += 1,
            Self::Sum(sum) => *sum = plus(sum, &value)?,
            Self::Avg(sum, n) => {
                let addend = value.as_decimal().ok_or_else(|| not_a_number("avg", &value))?;
                *sum = decimal::add(*sum, addend).ok_or_else(overflow)?;
                *n += 1;
            }
            Self::Min(best) => keep(best, value, Ordering::Less, "min")?,
            Self::Max(best) => keep(best, value, Ordering::Greater, "max")?,
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Value, Failure> {
        Ok(match self {
            Self::Count(n) => Value::Int(n),
            Self::Avg(_, 0) => Value::Null,
            Self::Avg(sum, n) => Value::Num(decimal::divide(sum, Decimal::from(n)).ok_or_else(overflow)?),
            Self::Sum(value) | Self::Min(value) | Self::Max(value) | Self::Last(value) => value,
            Self::First(value) => value.unwrap_or_default(),
        })
    }
}

fn plus(sum: &Value, value: &Value) -> Result<Value, Failure> {
    if let (Value::Int(sum), Value::Int(value)) = (sum, value) {
        return sum.checked_add(*value).map(Value::Int).ok_or_else(overflow);
    }
    let (Some(a), Some(b)) = (sum.as_decimal(), value.as_decimal()) else {
        return Err(not_a_number("sum", value));
    };
    decimal::add(a, b).map(Value::Num).ok_or_else(overflow)
}

/// Puts `value` in the place of `best` where it is on the `better` side of it.
fn keep(best: &mut Value, value: Value, better: Ordering, op: &str) -> Result<(), Failure> {
    let reference = if best.is_null() { &value } else { &*best };
    let Some(order) = compare(&value, reference) else {
        let (found, held) = (value.kind_name(), reference.kind_name());
        return Err(misfit(format!("`{op}` needs values that compare, found {found} and {held}")));
    };
    if best.is_null() || order == better {
        *best = value;
    }
    Ok(())
}

fn not_a_number(op: &str, value: &Value) -> Failure {
    misfit(format!("`{op}`: expected number, found {}", value.kind_name()))
}

fn overflow() -> Failure {
    misfit("a sum is too large for a number")
}
