//! Rows of fixtures.

use alcove_plan::{
    types::{Kind, Type},
    value::{Timestamp, Value},
};

use super::{
    IngestError,
    error::nearest,
    typed::{Place, typed},
    untyped::kind_name,
};
use crate::{Connector, TypeName};

/// A row is read inside a list of objects.
const ROW_DEPTH: usize = 2;

/// The cells of a row, one for each field of the connector, in their order.
///
/// Only the key, the first field, must be given. What is left out is null where that is allowed, otherwise 0, false,
/// "", an empty list or object, and `now` for timestamps. A field that the connector does not have is an error.
pub fn row(connector: &Connector, json: &serde_json::Value, now: Timestamp) -> Result<Vec<Value>, IngestError> {
    let owner = connector.name.as_str();
    let members =
        json.as_object().ok_or_else(|| IngestError::NotAnObject { owner: owner.to_owned(), found: kind_name(json) })?;
    if let Some(field) = members.keys().find(|name| connector.field(name).is_none()) {
        let suggestion = nearest(field, connector.fields.iter().map(|field| field.name.as_str()));
        return Err(IngestError::UnknownField { owner: owner.to_owned(), field: field.clone(), suggestion });
    }
    let cells = connector.fields.iter().enumerate().map(|(position, field)| match members.get(&field.name) {
        Some(json) => typed(json, field.ty, Place { owner, field: &field.name, depth: ROW_DEPTH }),
        None if position == 0 => Err(IngestError::MissingField { owner: owner.to_owned(), field: field.name.clone() }),
        None => Ok(omitted(field.ty, now)),
    });
    cells.collect()
}

/// The value of a field that a row leaves out: see [`row`].
pub fn omitted(ty: TypeName, now: Timestamp) -> Value {
    if ty.nullable {
        return Value::Null;
    }
    match ty.ty {
        Type::One(Kind::Any) => Value::Null,
        Type::One(Kind::Bool) => Value::Bool(false),
        Type::One(Kind::Int) => Value::Int(0),
        Type::One(Kind::Num) => Value::Num(0.into()),
        Type::One(Kind::Str) => Value::str(""),
        Type::One(Kind::Time) => Value::Time(now),
        Type::One(Kind::Object) => Value::object::<&str>([]),
        Type::One(Kind::List) | Type::ListOf(_) => Value::list(Vec::new()),
    }
}
