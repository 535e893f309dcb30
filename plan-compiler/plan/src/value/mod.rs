//! Values: what flows through a run.
//!
//! Cheap to clone: everything that is not a scalar is shared. Values form trees. The codec refuses what is deeper
//! than [`DEPTH_MAX`] and whoever builds values keeps to it, so that functions here may recurse.

mod order;
mod record;
mod text;
mod time;

#[cfg(test)]
pub(crate) mod tests;

use alloc::{string::String, sync::Arc, vec::Vec};

use rust_decimal::Decimal;

pub use order::{compare, equal, kind_rank, sort_order};
pub use record::{Record, Shape};
pub use text::{render_decimal, to_json, to_text};
pub use time::Timestamp;

/// Lists and objects nest at most this deep.
pub const DEPTH_MAX: usize = 32;

/// One value of the language.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing: missing or null.
    #[default]
    Null,
    /// `b`.
    Bool(bool),
    /// `i`.
    Int(i64),
    /// `n`.
    Num(Decimal),
    /// `s`.
    Str(Arc<str>),
    /// `t`.
    Time(Timestamp),
    /// `l`.
    List(Arc<Vec<Value>>),
    /// `o`: an object, or a row.
    Record(Arc<Record>),
}

impl Value {
    /// A string value.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// A list value.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(items))
    }

    /// An object from names and values, in their order. A repeated name keeps its first place and its last value.
    pub fn object<N: Into<Arc<str>>>(members: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Record(Arc::new(Record::from_members(members)))
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a string value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an `i` or an `n` as a decimal.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(n) => Some(Decimal::from(*n)),
            Self::Num(n) => Some(*n),
            _ => None,
        }
    }

    /// The member called `name` of an object; null for anything else and for a missing member.
    #[must_use]
    pub fn member(&self, name: &str) -> Value {
        match self {
            Self::Record(record) => record.get(name).cloned().unwrap_or_default(),
            _ => Self::Null,
        }
    }

    /// The word that messages use for the kind of this value.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "integer",
            Self::Num(_) => "number",
            Self::Str(_) => "string",
            Self::Time(_) => "timestamp",
            Self::List(_) => "list",
            Self::Record(_) => "object",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

/// Structural equality: an `i` never equals an `n`, and objects with other orders differ. Decimals are equal by value
/// (`1.0` and `1.00`). Null equals null. Predicates use [`equal`].
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Num(a), Self::Num(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Record(a), Self::Record(b)) => a == b,
            _ => false,
        }
    }
}
