//! Values of a declared type.

use alcove_plan::{
    types::{Kind, Type},
    value::{Timestamp, Value},
};

use super::{
    IngestError,
    untyped::{bounded, kind_name, nested},
};
use crate::TypeName;

/// A field whose value is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The connector or event.
    pub(super) owner: &'a str,
    /// The field.
    pub(super) field: &'a str,
    /// In how many lists and objects the value will stand.
    pub(super) depth: usize,
}

/// Reads the value of a field.
pub(super) fn typed(json: &serde_json::Value, ty: TypeName, place: Place<'_>) -> Result<Value, IngestError> {
    if json.is_null() && (ty.nullable || ty.ty == Type::One(Kind::Any)) {
        return Ok(Value::Null);
    }
    let wrong = || place.wrong_type(ty.ty, kind_name(json));
    match ty.ty {
        Type::One(Kind::Time) => {
            let text = bounded(json.as_str().ok_or_else(wrong)?)?;
            Timestamp::parse(text).map(Value::Time).ok_or_else(|| place.not_a_timestamp())
        }
        Type::ListOf(Kind::Time) => {
            let items = json.as_array().ok_or_else(wrong)?;
            let item_type = TypeName { ty: Type::One(Kind::Time), nullable: false };
            Ok(Value::list(items.iter().map(|item| typed(item, item_type, place)).collect::<Result<_, _>>()?))
        }
        ty => {
            let value = nested(json, place.depth)?;
            match (ty, value) {
                (_, Value::Null) => Err(wrong()),
                (Type::One(Kind::Num), Value::Int(n)) => Ok(Value::Num(n.into())),
                (ty, value) if ty.admits(&value) => Ok(value),
                _ => Err(wrong()),
            }
        }
    }
}

impl Place<'_> {
    fn wrong_type(&self, expected: Type, found: &'static str) -> IngestError {
        let (owner, field) = (self.owner.to_owned(), self.field.to_owned());
        IngestError::WrongType { owner, field, expected: expected.to_string(), found }
    }

    fn not_a_timestamp(&self) -> IngestError {
        IngestError::NotATimestamp { owner: self.owner.to_owned(), field: self.field.to_owned() }
    }
}
