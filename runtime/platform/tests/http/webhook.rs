//! `webhook_call`.

use std::time::{Duration, Instant};

use alcove_catalog::Guarantee;
use alcove_egress::{AllowList, Egress, Policy, SignatureHeaders, SigningKey, verify};
use alcove_plan::{
    failure::{Code, Failure},
    value::Value,
};
use alcove_platform::http::{Sending, perform, timeout};

use crate::receiver::{Answer, HOST, Receiver};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn params(members: &[(&str, Value)]) -> Value {
    let url = ("url", Value::str(format!("{HOST}/hook").as_str()));
    Value::object(members.iter().cloned().chain([url]))
}

fn text(text: &str) -> Value {
    Value::str(text)
}

fn headers(count: usize) -> Value {
    let names: Vec<String> = (0..count).map(|at| format!("x-{at}")).collect();
    Value::object(names.iter().map(|name| (name.as_str(), text("value"))))
}

fn open() -> AllowList {
    AllowList::parse([HOST]).unwrap()
}

async fn call(receiver: &Receiver, params: &Value, guarantee: Guarantee) -> Result<Vec<Value>, Failure> {
    let allowed = open();
    let sent = perform(&receiver.egress(), params, receiver.sending(&allowed, guarantee)).await;
    sent.map_err(|unperformed| unperformed.failure)
}

async fn code(receiver: &Receiver, params: &Value, guarantee: Guarantee) -> Code {
    call(receiver, params, guarantee).await.unwrap_err().code
}

#[tokio::test]
async fn a_call_posts_its_body_and_gives_back_what_was_answered() {
    let receiver = Receiver::saying(201, r#"{"id":7}"#).await;
    let body = Value::object([("a", Value::Int(1))]);
    let outputs = call(&receiver, &params(&[("body", body)]), Guarantee::Unproven).await.unwrap();
    assert_eq!(outputs, [Value::Int(201), Value::object([("id", Value::Int(7))])]);
    let received = receiver.only();
    assert_eq!((received.line.as_str(), received.body.as_str()), ("POST /hook", r#"{"a":1}"#));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("idempotency-key"), Some("eff_1"));
    assert_eq!(received.header("webhook-signature"), None, "nobody has given a secret");
}

#[tokio::test]
async fn a_call_has_the_type_that_it_says_and_otherwise_that_of_its_body() {
    let typed = Value::object([("content-type", text("text/csv"))]);
    for (headers, body, content_type) in [
        (Value::Null, text("plain"), "text/plain; charset=utf-8"),
        (typed, text("a,b"), "text/csv"),
        (Value::Null, Value::list(vec![Value::Int(1)]), "application/json"),
    ] {
        let receiver = Receiver::saying(200, "").await;
        call(&receiver, &params(&[("headers", headers), ("body", body)]), Guarantee::Unproven).await.unwrap();
        assert_eq!(receiver.only().header("content-type"), Some(content_type));
    }
}

#[tokio::test]
async fn a_call_has_32_headers_and_not_33() {
    let receiver = Receiver::saying(200, "").await;
    assert!(call(&receiver, &params(&[("headers", headers(32))]), Guarantee::Unproven).await.is_ok());
    assert_eq!(receiver.only().headers.iter().filter(|(name, _)| name.starts_with("x-")).count(), 32);
    let refused = call(&receiver, &params(&[("headers", headers(33))]), Guarantee::Unproven).await.unwrap_err();
    assert!(refused.code == Code::Action && refused.message.contains("at most 32 headers, not 33"), "{refused:?}");
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn headers_that_the_platform_sets_are_refused_in_any_spelling() {
    let receiver = Receiver::saying(200, "").await;
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "IDEMPOTENCY-KEY",
        "webhook-id",
        "Webhook-Timestamp",
        "webhook-signature",
        "proxy-authorization",
    ] {
        let headers = Value::object([(name, text("x"))]);
        let refused = call(&receiver, &params(&[("headers", headers)]), Guarantee::Unproven).await.unwrap_err();
        assert_eq!(refused.code, Code::Action, "{name}");
        assert!(refused.message.contains(&name.to_lowercase()), "{refused:?}");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_get_has_no_body_and_a_method_is_one_of_five() {
    let receiver = Receiver::saying(200, "").await;
    let with_body = params(&[("method", text("GET")), ("body", text("x"))]);
    assert_eq!(code(&receiver, &with_body, Guarantee::Unproven).await, Code::Action);
    for method in ["get", "TRACE", "CONNECT", "HEAD", ""] {
        let refused = code(&receiver, &params(&[("method", text(method))]), Guarantee::Unproven).await;
        assert_eq!(refused, Code::Action, "{method}");
    }
    assert!(receiver.received().is_empty());
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert!(call(&receiver, &params(&[("method", text(method))]), Guarantee::Unproven).await.is_ok());
        assert_eq!(receiver.received().pop().unwrap().line, format!("{method} /hook"));
    }
}

#[test]
fn a_call_takes_ten_seconds_unless_it_says_so_and_a_minute_at_the_most() {
    for (said, seconds) in [(None, 10), (Some("5s"), 5), (Some("60s"), 60), (Some("61s"), 60), (Some("2h"), 60)] {
        let members: Vec<_> = said.map(|said| ("timeout", text(said))).into_iter().collect();
        assert_eq!(timeout(&params(&members)), Duration::from_secs(seconds), "{said:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_a_success_without_a_body() {
    let limit = 256 * 1024;
    // As a JSON text, so that it would be an output if it were read.
    for (bytes, is_read) in [(limit, true), (limit + 1, false)] {
        let list = format!("[{}1]", " ".repeat(bytes - 3));
        let receiver = Receiver::saying(200, &list).await;
        let outputs = call(&receiver, &params(&[]), Guarantee::Unproven).await.unwrap();
        let body = if is_read { Value::list(vec![Value::Int(1)]) } else { Value::Null };
        assert_eq!(outputs, [Value::Int(200), body], "{bytes}");
    }
}

#[tokio::test]
async fn who_does_not_answer_may_have_done_it_unless_it_honours_keys() {
    for (guarantee, wanted) in [(Guarantee::Unproven, Code::UnknownOutcome), (Guarantee::Keyed, Code::External)] {
        let receiver = Receiver::start(Answer::Never).await;
        let slow = call(&receiver, &params(&[("timeout", text("1s"))]), guarantee).await.unwrap_err();
        assert_eq!(slow.code, wanted, "{slow:?}");
        assert_eq!(receiver.only().header("idempotency-key"), Some("eff_1"));
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_an_answer_and_nothing_is_in_doubt() {
    for (status, to) in
        [(302, "/elsewhere"), (307, "https://elsewhere.example.com/"), (308, "http://hooks.example.com/")]
    {
        let receiver = Receiver::start(Answer::Elsewhere(status, to)).await;
        assert_eq!(code(&receiver, &params(&[]), Guarantee::Unproven).await, Code::Action, "{status} {to}");
        assert_eq!(receiver.received().len(), 1);
    }
}

#[tokio::test]
async fn what_is_on_only_one_of_the_lists_is_refused_and_nothing_is_sent() {
    let receiver = Receiver::saying(200, "").await;
    let (listed, nothing) = (open(), AllowList::default());
    let closed = Egress::new(Policy::deny_all()).unwrap();
    for (egress, allowed, whose) in [(receiver.egress(), &nothing, "tenant"), (closed, &listed, "operator")] {
        let sending = receiver.sending(allowed, Guarantee::Unproven);
        let refused = perform(&egress, &params(&[]), sending).await.unwrap_err();
        assert!(refused.nothing_was_sent && refused.failure.code == Code::Action, "{refused:?}");
        assert!(refused.failure.message.contains(&format!("allow-list of the {whose}")), "{refused:?}");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a moment of the request is one of the real clock")]
async fn what_comes_too_late_may_come_another_time() {
    let receiver = Receiver::saying(200, "").await;
    let allowed = open();
    let late = Instant::now().checked_sub(Duration::from_millis(1));
    let sending = Sending { not_after: late, ..receiver.sending(&allowed, Guarantee::Unproven) };
    let refused = perform(&receiver.egress(), &params(&[]), sending).await.unwrap_err();
    assert_eq!(refused.failure.code, Code::External);
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_call_is_signed_with_each_secret_over_what_arrives() {
    let receiver = Receiver::saying(200, "").await;
    let (old, new) = (SigningKey::parse(SECRET).unwrap(), SigningKey::parse(&"A".repeat(32)).unwrap());
    let (allowed, keys, at_s) = (open(), [new.clone(), old.clone()], 1_800_000_000);
    let sending = Sending { signing: &keys, at_s, ..receiver.sending(&allowed, Guarantee::Unproven) };
    let body = Value::object([("name", text("Zoë"))]);
    perform(&receiver.egress(), &params(&[("body", body)]), sending).await.unwrap();
    let received = receiver.only();
    let header = |name| received.header(name).unwrap().to_owned();
    let signed = SignatureHeaders {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    assert_eq!((signed.id.as_str(), signed.timestamp.as_str()), ("eff_1", "1800000000"));
    for key in [old, new] {
        assert_eq!(verify(&[key], &signed, received.body.as_bytes(), at_s), Ok(()));
    }
}
