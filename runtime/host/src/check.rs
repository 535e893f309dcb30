//! Values that a guest sends, held against the holes that they are to fill.

use std::sync::Arc;

use alcove_plan::{
    limits::STRING_BYTES_MAX,
    query::Hole,
    types::{Kind, Type},
    value::Value,
};

/// Why a value may not fill a hole.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misfit {
    /// The hole does not take null.
    #[error("null where {0} is wanted")]
    Null(Type),
    /// Another type.
    #[error("{found} where {wanted} is wanted")]
    Type {
        /// The kind of the value.
        found: &'static str,
        /// The type of the hole.
        wanted: Type,
    },
    /// A string, or the name of a member, of more than [`STRING_BYTES_MAX`] bytes.
    #[error("a string of {0} bytes; at most {STRING_BYTES_MAX} are allowed")]
    String(usize),
}

/// Checks a value against a hole and gives it as the hole wants it: integers widened where decimals are wanted.
pub(crate) fn fit(value: Value, hole: Hole) -> Result<Value, Misfit> {
    if value.is_null() {
        return if hole.nullable { Ok(value) } else { Err(Misfit::Null(hole.ty)) };
    }
    if !hole.ty.admits(&value) {
        return Err(Misfit::Type { found: value.kind_name(), wanted: hole.ty });
    }
    check_strings(&value)?;
    Ok(widen(value, hole.ty))
}

fn widen(value: Value, ty: Type) -> Value {
    match (ty, value) {
        (Type::One(Kind::Num), value) => value.as_decimal().map_or(value, Value::Num),
        (Type::ListOf(Kind::Num), Value::List(items)) => {
            Value::list(items.iter().map(|item| widen(item.clone(), Type::One(Kind::Num))).collect())
        }
        (_, value) => value,
    }
}

/// Recursion is bounded: the decoder refuses values that nest more than 32 deep.
fn check_strings(value: &Value) -> Result<(), Misfit> {
    match value {
        Value::Str(text) => check_string(text),
        Value::List(items) => items.iter().try_for_each(check_strings),
        Value::Record(record) => record.members().try_for_each(|(name, value)| {
            check_string(name)?;
            check_strings(value)
        }),
        _ => Ok(()),
    }
}

fn check_string(text: &Arc<str>) -> Result<(), Misfit> {
    if text.len() > STRING_BYTES_MAX { Err(Misfit::String(text.len())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(ty: Type) -> Hole {
        Hole { ty, nullable: false }
    }

    #[test]
    fn null_fills_only_a_hole_that_says_so() {
        let text = hole(Type::One(Kind::Str));
        assert_eq!(fit(Value::Null, text), Err(Misfit::Null(text.ty)));
        assert_eq!(fit(Value::Null, Hole { nullable: true, ..text }), Ok(Value::Null));
    }

    #[test]
    fn an_integer_is_widened_where_a_number_is_wanted_and_nowhere_else() {
        let one = || Value::Num(1.into());
        assert_eq!(fit(Value::Int(1), hole(Type::One(Kind::Num))), Ok(one()));
        assert_eq!(fit(Value::list(vec![Value::Int(1)]), hole(Type::ListOf(Kind::Num))), Ok(Value::list(vec![one()])));
        assert_eq!(fit(Value::Int(1), hole(Type::One(Kind::Any))), Ok(Value::Int(1)));
        assert!(fit(one(), hole(Type::One(Kind::Int))).is_err());
    }

    #[test]
    fn items_of_a_list_are_checked_one_by_one() {
        let texts = hole(Type::ListOf(Kind::Str));
        assert!(fit(Value::list(vec!["a".into(), "b".into()]), texts).is_ok());
        assert!(fit(Value::list(vec!["a".into(), Value::Int(1)]), texts).is_err());
        assert!(fit(Value::list(vec!["a".into(), Value::Null]), texts).is_err());
        assert!(fit("a".into(), texts).is_err());
    }

    #[test]
    fn a_string_may_have_64_kib_and_not_one_byte_more_wherever_it_is() {
        let any = hole(Type::One(Kind::Any));
        let at = "x".repeat(STRING_BYTES_MAX);
        let past = "x".repeat(STRING_BYTES_MAX + 1);
        let misfit = Err(Misfit::String(STRING_BYTES_MAX + 1));
        assert!(fit(at.as_str().into(), any).is_ok());
        assert_eq!(fit(past.as_str().into(), any), misfit);
        assert_eq!(fit(Value::list(vec![past.as_str().into()]), any), misfit);
        assert_eq!(fit(Value::object([("a", Value::from(past.as_str()))]), any), misfit);
        assert_eq!(fit(Value::object([(past.as_str(), Value::Null)]), any), misfit);
        assert!(fit(Value::object([(at.as_str(), Value::from(at.as_str()))]), any).is_ok());
    }
}
