//! One application of a filter, as its code sees it.

use alcove_plan::value::{Timestamp, Value};
use jiff::Zoned;
use rust_decimal::Decimal;

use crate::{Builtin, Env, EvalError, text::Text};

/// Input and arguments; the signature has been checked, so the errors of the accessors here do not occur, but a plain
/// answer is cheaper than a proof.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) builtin: &'a Builtin,
    pub(crate) env: &'a Env<'a>,
    pub(crate) input: &'a Value,
    pub(crate) args: &'a [Value],
}

impl<'a> Call<'a> {
    /// The input as text.
    pub(crate) fn text(&self) -> Result<&'a str, EvalError> {
        self.input.as_str().ok_or_else(|| self.wrong_input())
    }

    /// The input as a list.
    pub(crate) fn list(&self) -> Result<&'a [Value], EvalError> {
        match self.input {
            Value::List(items) => Ok(items),
            _ => Err(self.wrong_input()),
        }
    }

    /// The input as a decimal.
    pub(crate) fn decimal(&self) -> Result<Decimal, EvalError> {
        self.input.as_decimal().ok_or_else(|| self.wrong_input())
    }

    /// The input as an instant in the zone of dates.
    pub(crate) fn zoned(&self) -> Result<Zoned, EvalError> {
        match self.input {
            Value::Time(time) => Ok(time.instant().to_zoned(self.env.zone.clone())),
            _ => Err(self.wrong_input()),
        }
    }

    /// The argument at `position`, if it was given.
    pub(crate) fn arg(&self, position: usize) -> Option<&'a Value> {
        self.args.get(position)
    }

    /// A required argument.
    pub(crate) fn required(&self, position: usize) -> Result<&'a Value, EvalError> {
        self.arg(position).ok_or(EvalError::ArgumentCount { filter: self.builtin.name, found: self.args.len() })
    }

    /// A required argument as text.
    pub(crate) fn required_text(&self, position: usize) -> Result<&'a str, EvalError> {
        self.required(position)?.as_str().ok_or_else(|| self.wrong_argument(position))
    }

    /// A required argument as a decimal.
    pub(crate) fn required_decimal(&self, position: usize) -> Result<Decimal, EvalError> {
        self.required(position)?.as_decimal().ok_or_else(|| self.wrong_argument(position))
    }

    /// An argument as text.
    pub(crate) fn optional_text(&self, position: usize) -> Option<&'a str> {
        self.arg(position).and_then(Value::as_str)
    }

    /// An argument as a count.
    pub(crate) fn optional_count(&self, position: usize) -> Option<u32> {
        match self.arg(position) {
            Some(Value::Int(n)) => u32::try_from(*n).ok(),
            _ => None,
        }
    }

    /// An empty string that stays within the limit.
    pub(crate) fn new_text(&self) -> Text {
        Text::new(self.builtin.name)
    }

    /// A decimal result; `None` is out of range.
    pub(crate) fn number(&self, n: Option<Decimal>) -> Result<Value, EvalError> {
        n.map(Value::Num).ok_or_else(|| self.out_of_range())
    }

    /// An integer result; `None` is out of range.
    pub(crate) fn integer(&self, n: Option<i64>) -> Result<Value, EvalError> {
        n.map(Value::Int).ok_or_else(|| self.out_of_range())
    }

    /// A whole decimal as an integer result.
    pub(crate) fn whole(&self, n: Decimal) -> Result<Value, EvalError> {
        self.integer(i64::try_from(n).ok())
    }

    /// A timestamp result, cut to microseconds.
    pub(crate) fn timestamp(&self, zoned: Result<Zoned, jiff::Error>) -> Result<Value, EvalError> {
        let micros = zoned.ok().map(|zoned| zoned.timestamp().as_microsecond());
        micros.and_then(Timestamp::from_micros).map(Value::Time).ok_or_else(|| self.out_of_range())
    }

    /// The result cannot be represented.
    pub(crate) fn out_of_range(&self) -> EvalError {
        EvalError::OutOfRange { filter: self.builtin.name }
    }

    fn wrong_input(&self) -> EvalError {
        let expected = self.builtin.signature.input.words();
        EvalError::Input { filter: self.builtin.name, expected, found: self.input.kind_name() }
    }

    /// The argument at `position` does not go with the input.
    pub(crate) fn wrong_argument(&self, position: usize) -> EvalError {
        let filter = self.builtin.name;
        match (self.builtin.signature.params.get(position), self.arg(position)) {
            (Some(param), Some(arg)) => EvalError::ArgumentKind {
                filter,
                argument: param.name,
                expected: param.accepts.words(),
                found: arg.kind_name(),
            },
            _ => EvalError::ArgumentCount { filter, found: self.args.len() },
        }
    }
}
