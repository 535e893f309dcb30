//! Actions that are requests to the platform's own API. None ships; this catalog has some.

use alcove_catalog::{ActionBinding, Catalog, Guarantee};
use alcove_egress::AllowList;
use alcove_ids::TenantId;
use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use alcove_platform::http::PlatformApi;

use crate::receiver::{Answer, Receiver};

const ACTIONS: &str = r#"{ "actions": [
    { "name": "grant_badge", "category": "badges", "summary": "Grants a badge.", "guarantee": "keyed",
      "params": [
        { "name": "user_id", "type": "s", "kind": "id" },
        { "name": "badge", "type": "s", "kind": "plain" },
        { "name": "note", "type": "s?" },
        { "name": "extra", "type": "o?", "kind": "json" }
      ],
      "outputs": [{ "name": "total", "type": "i" }, { "name": "label", "type": "s?" }],
      "binding": { "api": {
        "method": "PUT", "path": "/v1/users/{user_id}/badges/{badge}",
        "body": { "message": "note", "with": "extra" },
        "outputs": { "total": "/badges/total", "label": "/label" }
      } } },
    { "name": "revoke_badges", "category": "badges", "summary": "Revokes all badges.", "guarantee": "keyed",
      "params": [{ "name": "user_id", "type": "s", "kind": "id" }],
      "binding": { "api": { "method": "DELETE", "path": "/v1/users/{user_id}/badges" } } }
] }"#;

async fn call(receiver: &Receiver, name: &str, params: &[(&str, Value)], may: bool) -> Result<Vec<Value>, Failure> {
    let catalog = Catalog::from_files([("test.json", ACTIONS)]).unwrap();
    let action = catalog.action(name).unwrap();
    let ActionBinding::Api(asked) = &action.binding else { panic!("{action:?}") };
    let api = PlatformApi::new(&format!("{}/base/", receiver.base), Some("operators-key".to_owned())).unwrap();
    let allowed = if may { api.allowed().clone() } else { AllowList::default() };
    let sending = receiver.sending(&allowed, Guarantee::Keyed);
    let (params, tenant) = (Value::object(params.iter().cloned()), TenantId::parse("acme").unwrap());
    let sent = api.perform(action, asked, &params, &tenant, sending).await;
    sent.map_err(|unperformed| unperformed.failure)
}

fn user_and_badge(user: &str, badge: &str) -> Vec<(&'static str, Value)> {
    vec![("user_id", Value::str(user)), ("badge", Value::str(badge))]
}

#[tokio::test]
async fn an_action_is_a_request_with_the_effects_key_and_its_outputs_are_where_the_catalog_says() {
    let receiver = Receiver::saying(200, r#"{"badges":{"total":3},"label":"gold","more":1}"#).await;
    let mut params = user_and_badge("u1", "early_bird");
    params.push(("extra", Value::object([("a", Value::Int(1))])));
    let outputs = call(&receiver, "grant_badge", &params, true).await.unwrap();
    assert_eq!(outputs, [Value::Int(3), Value::str("gold")]);
    let received = receiver.only();
    assert_eq!(received.line, "PUT /base/v1/users/u1/badges/early_bird");
    assert_eq!(received.body, r#"{"with":{"a":1}}"#);
    for (name, value) in [
        ("idempotency-key", "eff_1"),
        ("alcove-tenant", "acme"),
        ("authorization", "Bearer operators-key"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(received.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_parameter_is_one_segment_of_the_path_whatever_it_holds() {
    for (value, line) in [
        ("a/b", "a%2Fb"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2e%2e", "%252e%252e"),
        ("a b", "a%20b"),
        ("Zoë", "Zo%C3%AB"),
        ("\\..", "%5C.."),
    ] {
        let receiver = Receiver::saying(204, "").await;
        call(&receiver, "revoke_badges", &[("user_id", Value::str(value))], true).await.unwrap();
        let received = receiver.only();
        assert_eq!((received.line, received.body), (format!("DELETE /base/v1/users/{line}/badges"), String::new()));
    }
    for value in ["", ".", ".."] {
        let receiver = Receiver::saying(204, "").await;
        let refused = call(&receiver, "revoke_badges", &[("user_id", Value::str(value))], true).await.unwrap_err();
        assert!(refused.code == Code::Action && refused.message.contains("user_id"), "{refused:?}");
        assert!(receiver.received().is_empty(), "{value}");
    }
}

#[tokio::test]
async fn an_answer_without_an_output_fails_the_action_for_good() {
    for (body, fits) in [
        (r#"{"badges":{"total":3}}"#, true),
        (r#"{"badges":{"total":null}}"#, false),
        (r#"{"badges":{"total":"3"}}"#, false),
        (r#"{"badges":{"total":3},"label":4}"#, false),
        ("{}", false),
        ("not JSON", false),
        ("", false),
    ] {
        let receiver = Receiver::saying(200, body).await;
        let outputs = call(&receiver, "grant_badge", &user_and_badge("u1", "b"), true).await;
        assert_eq!(outputs.map_err(|failure| failure.code).err(), (!fits).then_some(Code::Action), "{body}");
    }
}

#[tokio::test]
async fn a_tenant_that_may_not_reach_the_platform_does_not() {
    let receiver = Receiver::saying(200, "{}").await;
    let refused = call(&receiver, "revoke_badges", &[("user_id", Value::str("u1"))], false).await.unwrap_err();
    assert!(refused.code == Code::Action && refused.message.contains("allow-list of the tenant"), "{refused:?}");
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_platform_that_is_unwell_is_asked_again_and_one_that_refuses_is_not() {
    let user = [("user_id", Value::str("u1"))];
    for (status, code) in [(503, Code::External), (502, Code::External), (422, Code::Action), (404, Code::Action)] {
        let receiver = Receiver::saying(status, "").await;
        assert_eq!(call(&receiver, "revoke_badges", &user, true).await.unwrap_err().code, code, "{status}");
    }
    let receiver = Receiver::start(Answer::Elsewhere(307, "http://127.0.0.2/")).await;
    assert_eq!(call(&receiver, "revoke_badges", &user, true).await.unwrap_err().code, Code::Action);
}

#[test]
fn the_operators_key_is_never_shown() {
    let api = PlatformApi::new("http://127.0.0.1:9/base", Some("operators-key".to_owned())).unwrap();
    assert!(!format!("{api:?}").contains("operators-key"), "{api:?}");
    let error = PlatformApi::new("https://me:secret@platform.example.com", None).unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
}
