//! The check at run time: values in.

use alloc::string::String;

use alcove_plan::{
    types::Kind,
    value::{Timestamp, Value},
};

use super::{Accepts, Signature};
use crate::EvalError;

impl Signature {
    /// Refuses input and arguments, none of them null, that the filter called `filter` does not take.
    pub(crate) fn admits(&self, filter: &'static str, input: &Value, args: &[Value]) -> Result<(), EvalError> {
        if let Err(found) = self.input.admits(input) {
            return Err(EvalError::Input { filter, expected: self.input.words(), found });
        }
        let required = self.params.iter().filter(|param| param.required).count();
        if args.len() < required || args.len() > self.params.len() {
            return Err(EvalError::ArgumentCount { filter, found: args.len() });
        }
        for (param, arg) in self.params.iter().zip(args) {
            let argument = param.name;
            if let Err(found) = param.accepts.admits(arg) {
                return Err(EvalError::ArgumentKind { filter, argument, expected: param.accepts.words(), found });
            }
            (param.valid)(arg).map_err(|reason| EvalError::ArgumentValue { filter, argument, reason })?;
        }
        Ok(())
    }
}

impl Accepts {
    /// Text that stands for a timestamp, as a timestamp, where timestamps are taken and text is not.
    pub(crate) fn read(&self, value: &Value) -> Option<Value> {
        if self.kinds.contains(&Kind::Time) && !self.kinds.contains(&Kind::Str) && !self.kinds.contains(&Kind::Any) {
            value.as_str().and_then(Timestamp::parse).map(Value::Time)
        } else {
            None
        }
    }

    /// The kinds in words, such as "a string or a list".
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        for (i, kind) in self.kinds.iter().enumerate() {
            words.push_str(match i {
                0 => "",
                _ if i + 1 == self.kinds.len() => " or ",
                _ => ", ",
            });
            words.push_str(match kind {
                Kind::Any => "anything",
                Kind::Bool => "a boolean",
                Kind::Int => "an integer",
                Kind::Num => "a number",
                Kind::Str => "a string",
                Kind::Time => "a timestamp",
                Kind::Object => "an object",
                Kind::List if self.items.contains(&Kind::Object) && self.items.len() == 1 => "a list of objects",
                Kind::List if self.items.contains(&Kind::Any) => "a list",
                Kind::List => "a list of scalars",
            });
        }
        words
    }

    /// The kind of what is not taken is the error.
    fn admits(&self, value: &Value) -> Result<(), &'static str> {
        if !self.kinds.iter().any(|kind| kind.admits(value)) {
            return Err(value.kind_name());
        }
        let Value::List(items) = value else { return Ok(()) };
        if self.items.contains(&Kind::Any) {
            return Ok(());
        }
        let fits = |item: &Value| item.is_null() || self.items.iter().any(|kind| kind.admits(item));
        items.iter().find(|item| !fits(item)).map_or(Ok(()), |item| Err(in_list(item)))
    }
}

fn in_list(item: &Value) -> &'static str {
    match item {
        Value::List(_) => "list with a list in it",
        Value::Record(_) => "list with an object in it",
        Value::Str(_) => "list with a string in it",
        _ => "list with a scalar in it",
    }
}
