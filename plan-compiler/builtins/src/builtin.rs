//! What a template filter is.

use alcove_plan::{expr::Filter, limits::STRING_BYTES_MAX, value::Value};
use jiff::tz::TimeZone;

use crate::{ALL, EvalError, Example, Signature, call::Call};

/// The version of the semantics of all filters together. A run is resumed with the version that it began with.
pub const BUILTINS_VERSION: u16 = 1;

/// One template filter.
#[derive(Debug)]
pub struct Builtin {
    /// Its number in plans.
    pub filter: Filter,
    /// Its name in templates.
    pub name: &'static str,
    /// What it does, in one or two sentences for authors of apps.
    pub summary: &'static str,
    /// What it takes and gives.
    pub signature: Signature,
    /// Inputs and what they give; documentation shows them, tests run them.
    pub examples: &'static [Example],
    pub(crate) run: fn(&Call<'_>) -> Result<Value, EvalError>,
}

/// What a filter may know besides its input.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The trigger's time zone, in which dates are written and days begin.
    pub zone: &'a TimeZone,
}

impl Builtin {
    /// Applies the filter.
    ///
    /// A null input or argument gives null, except to `default`. Where a timestamp is wanted, text that is RFC 3339 is
    /// read as one. Everything is checked, as plans are not trusted and `any` is known only now: errors are E005, and
    /// E009 where a string would be longer than 64 KiB.
    pub fn eval(&self, env: &Env<'_>, input: &Value, args: &[Value]) -> Result<Value, EvalError> {
        let lenient = self.filter == Filter::Default;
        if !lenient && (input.is_null() || args.iter().any(Value::is_null)) {
            return Ok(Value::Null);
        }
        let read = self.signature.input.read(input);
        let input = read.as_ref().unwrap_or(input);
        if !lenient {
            self.signature.admits(self.name, input, args)?;
        }
        let value = (self.run)(&Call { builtin: self, env, input, args })?;
        match &value {
            Value::Str(text) if text.len() > STRING_BYTES_MAX => Err(EvalError::TooLong { filter: self.name }),
            _ => Ok(value),
        }
    }
}

/// The filter that templates call `name`.
pub fn by_name(name: &str) -> Option<&'static Builtin> {
    let at = ALL.binary_search_by(|builtin| builtin.name.cmp(name)).ok()?;
    ALL.get(at).copied()
}
