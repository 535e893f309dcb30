//! CloudEvents: the cases of the corpus, batches, duplicates and limits.

use std::{fs, path::Path};

use hyper::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Client, World};

const STRUCTURED: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

/// Hears the events of the corpus.
const HEARS: &str = r#"{
  "schema": "alcove/app@1", "name": "Hears",
  "trigger": { "type": "event", "event": "custom.heard" },
  "actions": [
    { "type": "send_notification", "params": { "user_id": "u1", "message": "{{event.text | default:\"nothing\"}}" } }
  ],
  "settings": { "concurrency": "parallel" }
}"#;

fn heard(id: &str) -> Value {
    json!({ "specversion": "1.0", "type": "custom.heard", "source": "/sensors/7", "id": id,
        "data": { "text": "warm" } })
}

async fn send(client: &Client, kind: &str, body: &Value) -> Answer {
    client.send(Method::POST, "/v1/events", &[("content-type", kind)], body.to_string().into_bytes()).await
}

async fn send_case(client: &Client, case: &Value) -> Answer {
    let mut headers: Vec<(&str, &str)> = Vec::new();
    if let Some(kind) = case["content_type"].as_str() {
        headers.push(("content-type", kind));
    }
    for (name, value) in case["headers"].as_object().into_iter().flatten() {
        headers.push((name, value.as_str().unwrap()));
    }
    let body = case["text"].as_str().map_or_else(|| case["body"].to_string(), str::to_owned);
    client.send(Method::POST, "/v1/events", &headers, body.into_bytes()).await
}

#[tokio::test]
async fn each_case_of_the_corpus_is_answered_as_it_says() {
    let world = World::new().await;
    world.app("hears", "active", HEARS).await;
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/cloudevents");
    for file in ["structured.json", "binary.json"] {
        let cases: Vec<Value> = serde_json::from_slice(&fs::read(corpus.join(file)).unwrap()).unwrap();
        for case in cases {
            let about = &case["about"];
            let answer = send_case(&world.caller("rob"), &case).await;
            assert_eq!(answer.status, case["status"], "{about}: {}", answer.body);
            if let Some(code) = case["code"].as_str() {
                answer.problem(answer.status, code);
                continue;
            }
            let run = answer.body["executions"][0]["id"].as_str().unwrap();
            let run = world.admin().get(&format!("/v1/executions/{run}")).await.expect(200);
            assert_eq!(run["event"], case["event"], "{about}");
        }
    }
}

#[tokio::test]
async fn a_batch_is_answered_event_by_event_and_what_is_wrong_with_one_harms_no_other() {
    for world in World::each().await {
        world.app("hears", "active", HEARS).await;
        let admin = world.admin();
        let all = send(&admin, BATCH, &json!([heard("1"), heard("2")])).await.expect(202);
        let ids: Vec<&Value> =
            all["events"].as_array().unwrap().iter().map(|event| &event["accepted"]["event_id"]).collect();
        assert_eq!(ids, ["1", "2"]);

        let mut other_body = heard("1");
        other_body["data"]["text"] = json!("cold");
        let mut binary = heard("4");
        binary["data_base64"] = json!("AQID");
        let batch = json!([heard("3"), other_body, heard("2"), binary, 5, heard("6"), heard("6")]);
        let mixed = send(&admin, BATCH, &batch).await.expect(207);
        let events = mixed["events"].as_array().unwrap();
        let statuses: Vec<u64> = events.iter().map(|event| event["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, [202, 409, 202, 415, 400, 202, 202], "{mixed}");
        let codes: Vec<Option<&str>> = events.iter().map(|event| event["problem"]["code"].as_str()).collect();
        let conflict = Some("idempotency-conflict");
        let (media, malformed) = (Some("unsupported-media-type"), Some("malformed-body"));
        assert_eq!(codes, [None, conflict, None, media, malformed, None, None]);
        let duplicates: Vec<bool> = events.iter().map(|event| event["accepted"]["duplicate"] == true).collect();
        assert_eq!(duplicates, [false, false, true, false, false, false, true]);
        world.until("/v1/executions?status=succeeded", |runs| runs["items"].as_array().unwrap().len() == 4).await;
    }
}

#[tokio::test]
async fn the_same_id_from_another_source_is_another_event_and_from_the_same_a_duplicate() {
    for world in World::each().await {
        world.app("hears", "active", HEARS).await;
        let admin = world.admin();
        let mut elsewhere = heard("1");
        elsewhere["source"] = json!("/sensors/8");
        for (event, duplicate) in [(heard("1"), false), (elsewhere, false), (heard("1"), true)] {
            let answer = send(&admin, STRUCTURED, &event).await.expect(202);
            assert_eq!(answer["duplicate"], duplicate, "{event}");
        }
        // What is ignored does not make it another event; what it says does.
        let mut traced = heard("1");
        traced["traceparent"] = json!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assert_eq!(send(&admin, STRUCTURED, &traced).await.expect(202)["duplicate"], true);
        let mut later = heard("1");
        later["time"] = json!("2026-03-01T08:00:00Z");
        send(&admin, STRUCTURED, &later).await.problem(409, "idempotency-conflict");
        // Plain events have a source of their own.
        let plain = json!({ "type": "custom.heard", "id": "1", "payload": { "text": "warm" } });
        assert_eq!(admin.post("/v1/events", plain).await.expect(202)["duplicate"], false);
    }
}

#[tokio::test]
async fn an_event_is_as_long_as_the_limits_and_no_longer() {
    let world = World::new().await;
    let admin = world.admin();
    for (member, prefix) in [("id", ""), ("source", "/"), ("type", "custom.")] {
        for (bytes, status) in [(512, 202), (513, 422)] {
            let mut event = heard(&format!("{member}-{bytes}"));
            event[member] = json!(format!("{prefix}{}", "a".repeat(bytes - prefix.len())));
            let answer = send(&admin, STRUCTURED, &event).await;
            assert_eq!(answer.status, status, "{member} of {bytes} bytes: {}", answer.body);
        }
    }
    let batch = |events: usize| (0..events).map(|at| heard(&format!("b{at}"))).collect::<Value>();
    let answer = send(&admin, BATCH, &batch(100)).await.expect(202);
    assert_eq!(answer["events"].as_array().unwrap().len(), 100);
    send(&admin, BATCH, &batch(101)).await.problem(400, "invalid-request");
    assert_eq!(send(&admin, BATCH, &json!([])).await.expect(202)["events"], json!([]));

    let room = (1 << 20) - heard("l").to_string().len();
    let padded = |bytes: usize| format!("{}{}", heard("l"), " ".repeat(bytes)).into_bytes();
    let headers = [("content-type", STRUCTURED)];
    admin.send(Method::POST, "/v1/events", &headers, padded(room)).await.expect(202);
    admin.send(Method::POST, "/v1/events", &headers, padded(room + 1)).await.problem(413, "body-too-large");
}

#[tokio::test]
async fn who_may_not_send_events_may_not_send_them_as_cloudevents() {
    let world = World::new().await;
    for caller in ["vic", "bob", "nobody"] {
        let caller = world.caller(caller);
        send(&caller, STRUCTURED, &heard("1")).await.problem(403, "denied");
        send(&caller, BATCH, &json!([heard("1")])).await.problem(403, "denied");
        send(&caller, BATCH, &json!([])).await.problem(403, "denied");
    }
    send(&world.stranger(), BATCH, &json!([heard("1")])).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_caller_may_wait_for_one_event_and_not_for_a_batch() {
    let world = World::new().await;
    world.app("hears", "active", HEARS).await;
    let (admin, path) = (world.admin(), "/v1/events?wait=10s");
    let body = heard("1").to_string().into_bytes();
    let answer = admin.send(Method::POST, path, &[("content-type", STRUCTURED)], body).await.expect(200);
    assert_eq!(answer["executions"][0]["status"], "succeeded");
    let body = json!([heard("2")]).to_string().into_bytes();
    admin.send(Method::POST, path, &[("content-type", BATCH)], body).await.problem(400, "invalid-request");
}
