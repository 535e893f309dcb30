//! What it costs to remember an effect.

use alcove_plan::value::Value;
use alcove_platform::EffectCall;

/// Bytes that the records of all effects of one run may take: some 1,300 for each of the 50,000 of the largest run.
pub(crate) const RECORD_BYTES_MAX: usize = 64 << 20;

/// Bytes of a record beside its parameters: ids, lists, the map of parameters.
const OWN_BYTES: usize = 256;
/// Bytes of a value beside what it points to, with the share of allocators and of names in JSON.
const VALUE_BYTES: usize = 32;

/// About how many bytes the record of a call takes.
pub(crate) fn record_bytes(call: &EffectCall) -> usize {
    OWN_BYTES + call.action.built_values() * VALUE_BYTES + call.values.iter().map(value_bytes).sum::<usize>()
}

/// Recursion is bounded: a value nests 32 deep at most.
fn value_bytes(value: &Value) -> usize {
    let inner = match value {
        Value::Str(text) => text.len(),
        Value::List(items) => items.iter().map(value_bytes).sum(),
        Value::Record(record) => record.members().map(|(name, value)| name.len() + value_bytes(value)).sum(),
        _ => 0,
    };
    VALUE_BYTES + inner
}

#[cfg(test)]
mod tests {
    use alcove_plan::value::Value;

    use super::{VALUE_BYTES, value_bytes};

    #[test]
    fn a_value_costs_what_it_holds_and_something_for_each_part() {
        assert_eq!(value_bytes(&Value::Null), VALUE_BYTES);
        assert_eq!(value_bytes(&"abc".into()), VALUE_BYTES + 3);
        assert_eq!(value_bytes(&Value::list(vec![Value::Null; 10])), 11 * VALUE_BYTES);
        assert_eq!(value_bytes(&Value::object([("ab", Value::from("c"))])), 2 * VALUE_BYTES + 3);
    }
}
