//! How the data files write types: `s`, `i`, `n`, `b`, `t`, `o`, `any`, `l[s]`, with a trailing `?` for nullable.

use alcove_plan::types::{Kind, Type};
use serde::{Deserialize, Deserializer, de::Error};

/// A type and whether null is one of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// The type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
}

impl TypeName {
    /// Reads the short form.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, nullable) = text.strip_suffix('?').map_or((text, false), |name| (name, true));
        let item = name.strip_prefix("l[").and_then(|rest| rest.strip_suffix(']'));
        let ty = match item {
            Some(item) => Type::ListOf(kind(item)?),
            None => Type::One(kind(name)?),
        };
        Some(Self { ty, nullable })
    }
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "any" => Kind::Any,
        "b" => Kind::Bool,
        "i" => Kind::Int,
        "n" => Kind::Num,
        "s" => Kind::Str,
        "t" => Kind::Time,
        "o" => Kind::Object,
        _ => return None,
    })
}

impl<'de> Deserialize<'de> for TypeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not a type")))
    }
}
