//! The types that a plan carries: just enough for the host to check what fills a hole.

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// The shape of a single value, or of the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Anything, checked where it is used.
    Any,
    /// `b`: true or false.
    Bool,
    /// `i`: a signed 64-bit integer.
    Int,
    /// `n`: a decimal of 28 significant digits.
    Num,
    /// `s`: UTF-8 text.
    Str,
    /// `t`: an instant, microseconds since the epoch.
    Time,
    /// `o`: named values.
    Object,
    /// A list of anything.
    List,
}

/// A type on the wire. Deliberately not recursive: see the crate's invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Type {
    /// One value of a kind.
    One(Kind),
    /// A list whose items are all of a kind (nulls are not allowed in it, unless the kind is `Any`).
    ListOf(Kind),
}

impl Kind {
    /// Whether `value`, which is not null, is of this kind. An integer is also a decimal.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Bool => matches!(value, Value::Bool(_)),
            Self::Int => matches!(value, Value::Int(_)),
            Self::Num => matches!(value, Value::Int(_) | Value::Num(_)),
            Self::Str => matches!(value, Value::Str(_)),
            Self::Time => matches!(value, Value::Time(_)),
            Self::Object => matches!(value, Value::Record(_)),
            Self::List => matches!(value, Value::List(_)),
        }
    }

    /// The word that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Bool => "boolean",
            Self::Int => "integer",
            Self::Num => "number",
            Self::Str => "string",
            Self::Time => "timestamp",
            Self::Object => "object",
            Self::List => "list",
        }
    }
}

impl Type {
    /// Whether `value`, which is not null, is of this type.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            Self::One(kind) => kind.admits(value),
            Self::ListOf(kind) => match value {
                Value::List(items) => {
                    items.iter().all(|item| kind.admits(item) && (kind == Kind::Any || !item.is_null()))
                }
                _ => false,
            },
        }
    }
}

impl core::fmt::Display for Type {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::One(kind) => f.write_str(kind.name()),
            Self::ListOf(kind) => write!(f, "list of {}", kind.name()),
        }
    }
}
