//! What a question of a run is recognised by when it is asked again.

use alcove_plan::{codec::Encoder, envelope::Digest, value::Value};

/// The digest of a call: the action's type in the catalog and its parameters as they were rendered. Two calls with the
/// same digest would do the same.
pub fn digest_of_call(action: &str, params: &Value) -> Digest {
    let mut encoder = Encoder::new();
    encoder.str(action);
    encoder.value(params);
    derive("alcove journal call v1", &encoder.into_bytes())
}

/// The digest of what a query was started with: one value for each of its holes.
pub fn digest_of_arguments(arguments: &[Value]) -> Digest {
    let mut encoder = Encoder::new();
    encoder.count(arguments.len());
    for argument in arguments {
        encoder.value(argument);
    }
    derive("alcove journal arguments v1", &encoder.into_bytes())
}

/// The digest of what an approver is shown: the calls that follow the approval, with marks where a later output goes
/// in.
pub fn digest_of_preview(preview: &Value) -> Digest {
    let mut encoder = Encoder::new();
    encoder.value(preview);
    derive("alcove journal preview v1", &encoder.into_bytes())
}

fn derive(context: &str, bytes: &[u8]) -> Digest {
    Digest(blake3::derive_key(context, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_stable_and_differs_by_kind_action_and_value() {
        let one = Value::object([("n", Value::Int(1))]);
        let digest = digest_of_call("award_xp", &one);
        assert_eq!(digest, digest_of_call("award_xp", &one));
        for other in [
            digest_of_call("set_state", &one),
            digest_of_call("award_xp", &Value::object([("n", Value::Int(2))])),
            digest_of_call("award_xp", &Value::object([("m", Value::Int(1))])),
            digest_of_arguments(&[Value::Int(1)]),
            digest_of_preview(&one),
        ] {
            assert_ne!(digest, other);
        }
    }

    #[test]
    fn no_arguments_and_a_null_are_two_things() {
        assert_ne!(digest_of_arguments(&[]), digest_of_arguments(&[Value::Null]));
        assert_ne!(digest_of_arguments(&[Value::Null]), digest_of_arguments(&[Value::Null, Value::Null]));
    }
}
