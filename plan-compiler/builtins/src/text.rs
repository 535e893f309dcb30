//! Text that never grows past the limit of strings, whatever it is made of.

use alloc::string::String;

use alcove_plan::{
    limits::STRING_BYTES_MAX,
    value::{Value, to_json, to_text},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::EvalError;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes text (RFC 3986, all but unreserved characters), as `url_encode` and URL parameters do.
pub fn percent_encode(text: &str) -> impl Iterator<Item = &str> {
    utf8_percent_encode(text, RESERVED)
}

/// A string under construction.
#[derive(Debug)]
pub(crate) struct Text {
    filter: &'static str,
    out: String,
}

impl Text {
    /// Nothing yet, of the filter `filter`.
    pub(crate) fn new(filter: &'static str) -> Self {
        Self { filter, out: String::new() }
    }

    /// Whether nothing was appended yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Appends text.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), EvalError> {
        if self.out.len() + text.len() > STRING_BYTES_MAX {
            return Err(self.too_long());
        }
        self.out.push_str(text);
        Ok(())
    }

    /// Appends a value as it is written inside a longer string.
    pub(crate) fn push_value(&mut self, value: &Value) -> Result<(), EvalError> {
        self.check_size(value)?;
        to_text(value, &mut self.out);
        self.checked()
    }

    /// Appends a value as JSON.
    pub(crate) fn push_json(&mut self, value: &Value) -> Result<(), EvalError> {
        self.check_size(value)?;
        to_json(value, &mut self.out);
        self.checked()
    }

    /// The text as a value.
    pub(crate) fn finish(self) -> Value {
        self.out.into()
    }

    /// Refuses a value before it is written that would be far too long: values share their parts, so that a small one
    /// can have a huge text.
    fn check_size(&self, value: &Value) -> Result<(), EvalError> {
        budget_after(value, STRING_BYTES_MAX).map(|_| ()).ok_or_else(|| self.too_long())
    }

    fn checked(&self) -> Result<(), EvalError> {
        if self.out.len() > STRING_BYTES_MAX { Err(self.too_long()) } else { Ok(()) }
    }

    fn too_long(&self) -> EvalError {
        EvalError::TooLong { filter: self.filter }
    }
}

/// What is left of `budget` bytes after the shortest text that `value` could have; `None` if it does not suffice.
fn budget_after(value: &Value, budget: usize) -> Option<usize> {
    match value {
        Value::Str(text) => budget.checked_sub(text.len()),
        Value::List(items) => {
            items.iter().try_fold(budget.checked_sub(items.len())?, |left, item| budget_after(item, left))
        }
        Value::Record(record) => record
            .members()
            .try_fold(budget, |left, (name, value)| budget_after(value, left.checked_sub(name.len() + 1)?)),
        _ => Some(budget),
    }
}
