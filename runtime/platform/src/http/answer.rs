//! From an answer, or its absence, to outputs or a failure.

use alcove_catalog::{Guarantee, ingest};
use alcove_egress::{EgressError, Response};
use alcove_plan::{
    failure::{Code, Failure},
    limits::STRING_BYTES_MAX,
    value::Value,
};

use crate::Unperformed;

/// The largest answer that is read.
pub(super) const BODY_BYTES_MAX: usize = 256 * 1024;

/// What is said of an answer that leaves open what has happened.
const UNKNOWN: &str = "it is not known whether the request took effect, and its receiver is not known to honour \
                       idempotency keys";

/// The outputs of a call that succeeded: status and body.
pub(super) fn outputs(sent: Result<Response, EgressError>, guarantee: Guarantee) -> Result<Vec<Value>, Unperformed> {
    let (status, body) = success(sent, guarantee)?;
    Ok(vec![Value::Int(i64::from(status)), body.as_deref().map_or(Value::Null, body_value)])
}

/// The status of an answer that says that all is well, and its body, if that is not too large.
pub(super) fn success(
    sent: Result<Response, EgressError>,
    guarantee: Guarantee,
) -> Result<(u16, Option<Vec<u8>>), Unperformed> {
    let (status, body) = match sent {
        Ok(Response { status, body }) => (status, Some(body)),
        // It has happened; only its answer is of no use.
        Err(EgressError::ResponseTooLarge { status, .. }) => (status, None),
        Err(error) => {
            let nothing_was_sent = error.nothing_was_sent();
            return Err(Unperformed { nothing_was_sent, ..Unperformed::sent(failure(&error, guarantee)) });
        }
    };
    let failure = match status {
        200..=299 => return Ok((status, body)),
        // A gateway does not know what became of what it passed on.
        502 | 504 if guarantee == Guarantee::Unproven => {
            Failure::new(Code::UnknownOutcome, format!("the answer has status {status}: {UNKNOWN}"))
        }
        408 | 425 | 429 | 500..=599 => Failure::new(Code::External, format!("the answer has status {status}")),
        _ => Failure::new(Code::Action, format!("the answer has status {status}")),
    };
    Err(Unperformed::sent(failure))
}

fn failure(error: &EgressError, guarantee: Guarantee) -> Failure {
    match error {
        error if error.is_refusal() => Failure::new(Code::Action, error),
        error if guarantee == Guarantee::Unproven && !error.nothing_was_sent() => {
            Failure::new(Code::UnknownOutcome, format!("{error}: {UNKNOWN}"))
        }
        error => Failure::new(Code::External, error),
    }
}

/// JSON as what it says, other text as it is. Null where it is neither, or too large to be a value.
fn body_value(body: &[u8]) -> Value {
    let json = serde_json::from_slice(body).ok().and_then(|json| ingest::value(&json).ok());
    json.unwrap_or_else(|| match std::str::from_utf8(body) {
        Ok(text) if !text.is_empty() && text.len() <= STRING_BYTES_MAX => Value::str(text),
        _ => Value::Null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str, guarantee: Guarantee) -> Result<Vec<Value>, Code> {
        let response = Response { status, body: body.as_bytes().to_vec() };
        outputs(Ok(response), guarantee).map_err(|unperformed| unperformed.failure.code)
    }

    #[test]
    fn success_gives_the_status_and_the_body() {
        let cases =
            [("", Value::Null), ("fine", Value::str("fine")), (r#"{"a":1}"#, Value::object([("a", Value::Int(1))]))];
        for (body, value) in cases {
            assert_eq!(answered(201, body, Guarantee::Unproven), Ok(vec![Value::Int(201), value]), "{body}");
        }
    }

    #[test]
    fn a_text_as_long_as_the_limit_is_kept_and_a_longer_one_is_not() {
        let text = "x".repeat(STRING_BYTES_MAX);
        assert_eq!(answered(200, &text, Guarantee::Keyed).unwrap()[1], Value::str(text.as_str()));
        assert_eq!(answered(200, &format!("{text}x"), Guarantee::Keyed).unwrap()[1], Value::Null);
    }

    #[test]
    fn who_answers_with_a_refusal_is_not_asked_again_and_who_is_unwell_is() {
        for status in [400, 401, 404, 410, 422] {
            assert_eq!(answered(status, "", Guarantee::Unproven), Err(Code::Action), "{status}");
        }
        for status in [408, 429, 500, 503] {
            assert_eq!(answered(status, "", Guarantee::Unproven), Err(Code::External), "{status}");
        }
    }

    #[test]
    fn a_gateway_leaves_the_outcome_open_unless_the_receiver_honours_keys() {
        for status in [502, 504] {
            assert_eq!(answered(status, "", Guarantee::Unproven), Err(Code::UnknownOutcome), "{status}");
            assert_eq!(answered(status, "", Guarantee::Keyed), Err(Code::External), "{status}");
        }
    }
}
