//! Events from outside.

use hyper::Method;
use serde_json::{Value, json};

use crate::world::{MANUAL, WELCOME, World};

fn event(id: &str) -> Value {
    json!({ "type": "user.created", "id": id, "payload": { "user_id": "u1" } })
}

#[tokio::test]
async fn an_event_is_accepted_and_its_run_ends_by_itself() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let accepted = world.caller("rob").post("/v1/events", event("e1")).await.expect(202);
        assert_eq!((&accepted["event_id"], &accepted["duplicate"]), (&json!("e1"), &json!(false)));
        let run = accepted["executions"][0]["id"].as_str().unwrap();
        let run = world.until(&format!("/v1/executions/{run}"), |run| run["status"] == "succeeded").await;
        assert_eq!((&run["app_id"], &run["trigger"]), (&json!("hello"), &json!("event")));
        assert_eq!(run["event"], json!({ "source": "api", "id": "e1" }));
    }
}

#[tokio::test]
async fn a_caller_who_waits_is_told_how_the_runs_ended() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let answer = world.admin().post("/v1/events?wait=10s", event("e1")).await.expect(200);
        assert_eq!(answer["executions"][0]["status"], "succeeded");
        // Two apps: both go through the queue.
        world.app("hello2", "active", WELCOME).await;
        let answer = world.admin().post("/v1/events?wait=10s", event("e2")).await.expect(200);
        let ended = answer["executions"].as_array().unwrap().iter().filter(|run| run["status"] == "succeeded");
        assert_eq!(ended.count(), 2, "{answer}");
    }
}

#[tokio::test]
async fn the_same_event_again_is_a_duplicate_and_another_with_its_id_is_a_conflict() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        for path in ["/v1/events", "/v1/events?wait=10s"] {
            let id = format!("e-{}", path.len());
            let first = world.admin().post(path, event(&id)).await;
            assert!(matches!(first.status, 200 | 202), "{}", first.body);
            let second = world.admin().post(path, event(&id)).await;
            assert!(matches!(second.status, 200 | 202), "{}", second.body);
            assert_eq!((&second.body["duplicate"], &second.body["executions"]), (&json!(true), &json!([])));
            let mut other = event(&id);
            other["payload"]["user_id"] = json!("u2");
            world.admin().post(path, other).await.problem(409, "idempotency-conflict");
        }
        let all =
            world.until("/v1/executions?status=succeeded", |all| all["items"].as_array().unwrap().len() == 2).await;
        assert_eq!(all["next_cursor"], Value::Null);
    }
}

#[tokio::test]
async fn an_idempotency_key_is_an_id() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let mut plain = event("");
        plain.as_object_mut().unwrap().remove("id");
        let body = plain.to_string().into_bytes();
        let send = async |key: &str, body: Vec<u8>| {
            world.admin().send(Method::POST, "/v1/events", &[("idempotency-key", key)], body).await
        };
        assert_eq!(send("k1", body.clone()).await.expect(202)["duplicate"], false);
        assert_eq!(send("k1", body.clone()).await.expect(202)["duplicate"], true);
        assert_eq!(send("k1", event("k1").to_string().into()).await.expect(202)["duplicate"], true);
        send("k1", event("k2").to_string().into()).await.problem(400, "invalid-request");
        world.admin().post("/v1/events", plain).await.problem(400, "invalid-request");
    }
}

#[tokio::test]
async fn an_event_that_no_app_hears_is_accepted_and_starts_nothing() {
    for world in World::each().await {
        let answer = world.admin().post("/v1/events?wait=10s", event("e1")).await.expect(200);
        assert_eq!(answer["executions"], json!([]));
    }
}

#[tokio::test]
async fn an_event_that_does_not_fit_the_catalog_is_refused_and_its_id_stays_free() {
    for world in World::each().await {
        let bad = [
            (422, "refused", json!({ "type": "user.creatd", "id": "e1", "payload": {} })),
            (422, "refused", json!({ "type": "user.created", "id": "e1", "payload": { "user_id": 5 } })),
            (422, "refused", json!({ "type": "user.created", "id": "e1" })),
            (422, "refused", json!({ "type": "user.created", "id": "", "payload": { "user_id": "u1" } })),
            (422, "refused", json!({ "type": "user.created", "id": "x".repeat(513), "payload": { "user_id": "u1" } })),
            (
                400,
                "invalid-request",
                json!({ "type": "user.created", "id": "e1", "timestamp": "today", "payload": {} }),
            ),
            (400, "malformed-body", json!({ "type": "user.created", "id": "e1", "data": {} })),
            (400, "malformed-body", json!({ "type": 5, "id": "e1" })),
            (400, "malformed-body", json!([1])),
        ];
        for (status, code, event) in bad {
            world.admin().post("/v1/events", event).await.problem(status, code);
        }
        assert_eq!(world.admin().post("/v1/events", event("e1")).await.expect(202)["duplicate"], false);
        let longest = world.admin().post("/v1/events", event(&"x".repeat(512))).await;
        assert_eq!(longest.status, 202, "{}", longest.body);
    }
}

#[tokio::test]
async fn a_wait_is_a_duration_of_five_minutes_at_most() {
    for world in World::each().await {
        for wait in ["1", "6m", "301s", "-1s", "x"] {
            world.admin().post(&format!("/v1/events?wait={wait}"), event("e1")).await.problem(400, "invalid-request");
        }
        world.admin().post("/v1/events?wait=5m", event("e1")).await.expect(200);
    }
}

#[tokio::test]
async fn a_request_to_run_an_app_that_is_sent_twice_starts_one_run() {
    for world in World::each().await {
        world.app("by-hand", "active", MANUAL).await;
        let send = async |key: &str| {
            let headers = [("idempotency-key", key), ("content-type", "application/json")];
            let path = "/v1/apps/by-hand:run?wait=10s";
            world.caller("rob").send(Method::POST, path, &headers, b"{\"text\":\"x\"}".to_vec()).await.expect(200)
        };
        let first = send("r1").await;
        assert_eq!(first["starter"], json!({ "kind": "key", "id": "rob" }));
        assert_eq!(send("r1").await["id"], first["id"]);
        assert_ne!(send("r2").await["id"], first["id"]);
        world.caller("rob").post("/v1/apps/nothing:run", Value::Null).await.problem(404, "not-found");
        let body = b"{".to_vec();
        world.caller("rob").send(Method::POST, "/v1/apps/by-hand:run", &[], body).await.problem(400, "invalid-request");
    }
}
