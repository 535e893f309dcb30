use alcove_plan::{
    codec::{decode_value, encode_value},
    limits::STRING_BYTES_MAX,
    value::{Timestamp, Value},
};
use serde_json::{Value as Json, json};

use super::{IngestError, event, row, to_json, value};
use crate::Catalog;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T04:00:00Z").unwrap()
}

fn cell(connector: &str, json: &Json, field: &str) -> Result<Value, String> {
    let connector = Catalog::shipped().connector(connector).unwrap();
    let cells = row(connector, json, now()).map_err(|error| error.to_string())?;
    assert_eq!(cells.len(), connector.fields.len());
    let at = connector.fields.iter().position(|f| f.name == field).unwrap();
    Ok(cells[at].clone())
}

fn parse(text: &str) -> Result<Value, IngestError> {
    value(&serde_json::from_str(text).unwrap())
}

#[test]
fn a_row_needs_only_its_key() {
    let expected = [
        ("id", Value::from("u1")),
        ("name", "".into()),
        ("nickname", Value::Null),
        ("xp_total", Value::Int(0)),
        ("engagement_score", Value::Num(0.into())),
        ("marketing_opt_in", Value::Bool(false)),
        ("interests", Value::list(vec![])),
        ("profile", Value::object::<&str>([])),
        ("last_active_at", Value::Null),
        ("created_at", Value::Time(now())),
        ("updated_at", Value::Time(now())),
    ];
    for (field, value) in expected {
        assert_eq!(cell("users", &json!({"id": "u1"}), field), Ok(value), "{field}");
    }
    assert_eq!(cell("app_state", &json!({"key": "k"}), "value"), Ok(Value::Null));
    assert_eq!(cell("room_members", &json!({"id": "m"}), "joined_at"), Ok(Value::Time(now())));
}

#[test]
fn given_fields_are_read_by_their_type() {
    let json = json!({"id": "u1", "engagement_score": 7, "interests": ["art"], "profile": {"a": [1]},
        "last_active_at": "2026-01-01T01:00:00+01:00", "nickname": null});
    assert_eq!(cell("users", &json, "engagement_score"), Ok(Value::Num(7.into())));
    assert_eq!(cell("users", &json, "interests"), Ok(Value::list(vec!["art".into()])));
    assert_eq!(cell("users", &json, "profile").unwrap().member("a"), Value::list(vec![Value::Int(1)]));
    assert_eq!(cell("users", &json, "last_active_at").map(|t| to_json(&t)), Ok(json!("2026-01-01T00:00:00Z")));
    assert_eq!(
        cell("app_state", &json!({"key": "k", "value": [1, null]}), "value").map(|v| to_json(&v)),
        Ok(json!([1, null]))
    );
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let cases = [
        (json!([]), "`users` needs an object, not list"),
        (json!({}), "`users` needs the field `id`"),
        (json!({"id": 1}), "field `id` of `users` must be string, not integer"),
        (json!({"id": null}), "field `id` of `users` must be string, not null"),
        (json!({"id": "u", "nmae": "x"}), "`users` has no field `nmae`; did you mean `name`?"),
        (json!({"id": "u", "completely_else": 1}), "`users` has no field `completely_else`"),
        (json!({"id": "u", "xp_total": 1.5}), "field `xp_total` of `users` must be integer, not number"),
        (json!({"id": "u", "xp_total": "1"}), "field `xp_total` of `users` must be integer, not string"),
        (json!({"id": "u", "interests": ["a", 1]}), "field `interests` of `users` must be list of string, not list"),
        (json!({"id": "u", "interests": [null]}), "field `interests` of `users` must be list of string, not list"),
        (json!({"id": "u", "profile": []}), "field `profile` of `users` must be object, not list"),
        (json!({"id": "u", "created_at": 5}), "field `created_at` of `users` must be timestamp, not integer"),
        (
            json!({"id": "u", "created_at": "soon"}),
            "field `created_at` of `users` must be an RFC 3339 timestamp, such as `2026-01-31T12:00:00Z`",
        ),
    ];
    for (json, message) in cases {
        assert_eq!(cell("users", &json, "id"), Err(message.to_owned()), "{json}");
    }
}

fn ingest(name: &str, payload: &Json) -> Result<(Json, Vec<String>), String> {
    let ingested = event(Catalog::shipped(), name, payload, "e1", now()).map_err(|error| error.to_string())?;
    Ok((to_json(&ingested.event), ingested.dropped))
}

#[test]
fn events_carry_envelope_and_payload() {
    let (event, dropped) = ingest("user.created", &json!({"user_id": "u1", "colour": "red"})).unwrap();
    let expected = json!({"id": "e1", "type": "user.created", "timestamp": "2026-11-20T04:00:00Z", "user_id": "u1",
        "referrer_id": null});
    assert_eq!((event, dropped), (expected, vec!["colour".to_owned()]));
}

#[test]
fn a_declared_field_may_have_a_name_of_the_envelope() {
    let payload = json!({"contribution_id": "c", "user_id": "u", "type": "login", "days_in_a_row": 7, "xp": 5});
    assert_eq!(ingest("contribution.completed", &payload).unwrap().0["type"], "login");
}

#[test]
fn custom_events_carry_what_they_like_but_for_the_envelope() {
    let (event, dropped) = ingest("custom.milestone", &json!({"level": 1.5, "id": 7, "o": {"a": []}})).unwrap();
    assert_eq!((&event["level"], &event["o"], &event["id"]), (&json!(1.5), &json!({"a": []}), &json!("e1")));
    assert_eq!(dropped, ["id"]);
}

#[test]
fn events_that_do_not_fit_are_refused() {
    let cases = [
        ("user.craeted", json!({}), "no event is called `user.craeted`; did you mean `user.created`?"),
        ("custom.", json!({}), "no event is called `custom.`"),
        ("user.created", json!(null), "`user.created` needs an object, not null"),
        ("user.created", json!({}), "`user.created` needs the field `user_id`"),
        (
            "xp.awarded",
            json!({"user_id": "u", "amount": "5"}),
            "field `amount` of `xp.awarded` must be integer, not string",
        ),
    ];
    for (name, payload, message) in cases {
        assert_eq!(ingest(name, &payload), Err(message.to_owned()), "{name} {payload}");
    }
}

#[test]
fn numbers_arrive_exactly_or_not_at_all() {
    let exact = [
        ("0", "0"),
        ("-0", "0"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808"),
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("1.5E+2", "150"),
        ("2.5e-3", "0.0025"),
        ("1.0", "1"),
        ("-12.50", "-12.5"),
        ("1234567890123456789012345.678", "1234567890123456789012345.678"),
        ("9999999999999999999999999999", "9999999999999999999999999999"),
        ("1.000000000000000000000000000000000000", "1"),
    ];
    for (text, expected) in exact {
        assert_eq!(to_json(&parse(text).unwrap()).to_string(), expected, "{text}");
    }
    assert_eq!(parse("9223372036854775807"), Ok(Value::Int(i64::MAX)));
    assert!(matches!(parse("9223372036854775808"), Ok(Value::Num(_))));
    assert!(matches!(parse("1.0"), Ok(Value::Num(_))));
    for text in ["10000000000000000000000000000", "1.2345678901234567890123456789", "1e400", "1e-29", "-1E+28"] {
        assert!(matches!(parse(text), Err(IngestError::Number { .. })), "{text}");
    }
}

#[test]
fn depth_ends_at_32() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let deepest = parse(&nested(32)).unwrap();
    assert_eq!(decode_value(&encode_value(&deepest)).as_ref(), Ok(&deepest));
    assert_eq!(parse(&nested(33)), Err(IngestError::TooDeep));
    let payload = |depth| json!({"x": serde_json::from_str::<Json>(&nested(depth)).unwrap()});
    assert!(ingest("custom.deep", &payload(31)).is_ok());
    assert!(ingest("custom.deep", &payload(32)).is_err());
    assert!(cell("app_state", &json!({"key": "k", "value": payload(29)}), "value").is_ok());
    assert!(cell("app_state", &json!({"key": "k", "value": payload(30)}), "value").is_err());
}

#[test]
fn strings_and_names_end_at_64_kib() {
    let text = |len: usize| "é".repeat(len / 2);
    assert!(value(&json!(text(STRING_BYTES_MAX))).is_ok());
    let error = value(&json!([text(STRING_BYTES_MAX + 2)])).unwrap_err();
    assert_eq!(error.to_string(), "a string has 65538 bytes; at most 65536 are allowed");
    let name = text(STRING_BYTES_MAX + 2);
    assert!(value(&json!({ name.as_str(): 1 })).is_err());
    assert!(ingest("custom.x", &json!({ name: 1 })).is_err());
}

#[test]
fn json_comes_back_as_it_was() {
    let text = r#"{"b":[1,-2.5,true,null,"é\u0000{{x}}"],"a":{"z":{},"y":[]}}"#;
    let json: Json = serde_json::from_str(text).unwrap();
    assert_eq!(to_json(&value(&json).unwrap()), json);
}
