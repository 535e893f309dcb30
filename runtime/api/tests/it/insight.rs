//! What apps would do: explained, compared, tried without effect; and what they are made of.

use hyper::Method;
use serde_json::{Value, json};

use crate::world::{MANUAL, WELCOME, World};

/// Reads members and writes to them, with a larger loop than is needed.
const WIDER: &str = r#"{
  "schema": "alcove/app@1", "name": "Welcome",
  "trigger": { "type": "event", "event": "user.created" },
  "actions": [
    { "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "Hi" } },
    { "type": "award_xp", "params": { "user_id": "{{event.user_id}}", "amount": 5 } }
  ],
  "settings": { "concurrency": "parallel" }
}"#;

#[tokio::test]
async fn an_app_is_explained_without_being_saved() {
    let world = World::new().await;
    let vic = world.caller("vic");
    let explained = vic.post("/v1/apps:explain", serde_json::from_str(WIDER).unwrap()).await.expect(200);
    assert_eq!((&explained["name"], explained["actions"].as_array().unwrap().len()), (&json!("Welcome"), 2));
    assert!(explained["capabilities"]["actions"]["award_xp"].is_array());
    assert_eq!(vic.get("/v1/apps").await.expect(200)["items"], json!([]));
    vic.post("/v1/apps:explain", json!({ "schema": "alcove/app@1" })).await.problem(422, "invalid-app");
    world.caller("nobody").post("/v1/apps:explain", json!({})).await.problem(403, "denied");
}

#[tokio::test]
async fn versions_are_compared_kind_by_kind() {
    let world = World::new().await;
    world.app("hello", "active", WELCOME).await;
    world.admin().put("/v1/apps/hello", serde_json::from_str(WIDER).unwrap()).await.expect(200);
    let diff = async |range: &str| world.caller("vic").get(&format!("/v1/apps/hello/versions/{range}/diff")).await;
    let wider = diff("1..2").await.expect(200);
    assert_eq!((&wider["change"], &wider["actions"]["added"]), (&json!("wider"), &json!(["award_xp"])));
    assert_eq!(wider["reads"]["change"], "equal");
    let narrower = diff("2..1").await.expect(200);
    assert_eq!((&narrower["change"], &narrower["actions"]["removed"]), (&json!("narrower"), &json!(["award_xp"])));
    assert_eq!(diff("2..2").await.expect(200)["change"], "equal");
    for range in ["1..3", "1", "1..", "a..b", "1...2"] {
        diff(range).await.problem(404, "not-found");
    }
    world.caller("gil").get("/v1/apps/hello/versions/1..2/diff").await.problem(404, "not-found");
    world.caller("nobody").get("/v1/apps/hello/versions/1..2/diff").await.problem(403, "denied");
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_done_and_does_nothing() {
    for world in World::each().await {
        world.app("hello", "draft", WIDER).await;
        let body = json!({ "payload": { "user_id": "u1" }, "now": "2026-03-01T08:00:00Z" });
        let report = world.caller("rob").post("/v1/apps/hello:dry-run", body).await.expect(200);
        assert_eq!(report["status"], "succeeded", "{report}");
        let effects: Vec<&Value> =
            report["effects"].as_array().unwrap().iter().map(|effect| &effect["action"]).collect();
        assert_eq!(effects, ["send_notification", "award_xp"]);
        assert_eq!(report["effects"][1]["params"], json!({ "user_id": "u1", "amount": 5 }));
        assert_eq!(world.admin().get("/v1/executions").await.expect(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn a_dry_run_refuses_what_does_not_fit() {
    let world = World::new().await;
    world.app("hello", "draft", WELCOME).await;
    world.app("manual", "draft", MANUAL).await;
    let admin = world.admin();
    let dry = async |app: &str, body: Value| admin.post(&format!("/v1/apps/{app}:dry-run"), body).await;
    dry("hello", json!({ "payload": {} })).await.problem(422, "refused");
    dry("hello", json!({ "payload": { "user_id": "u1" }, "delay": "later" })).await.problem(422, "refused");
    dry("hello", json!({ "version": 2, "payload": { "user_id": "u1" } })).await.problem(404, "not-found");
    dry("hello", json!({ "now": "today" })).await.problem(400, "invalid-request");
    dry("hello", json!({ "event": {} })).await.problem(400, "malformed-body");
    dry("none", json!({})).await.problem(404, "not-found");
    dry("manual", Value::Null).await.expect(200);
    world.caller("gil").post("/v1/apps/hello:dry-run", json!({})).await.problem(404, "not-found");
    for caller in ["vic", "bob", "nobody"] {
        world.caller(caller).post("/v1/apps/hello:dry-run", json!({})).await.problem(403, "denied");
    }
}

#[tokio::test]
async fn the_building_blocks_are_all_there_and_are_sent_once() {
    let world = World::new().await;
    let vic = world.caller("vic");
    let answer = vic.get("/v1/catalog").await;
    let tag = answer.header("etag").unwrap().to_owned();
    let blocks = answer.expect(200);
    for (kind, name) in [
        ("connectors", "users"),
        ("entities", "user"),
        ("events", "shopify.order.created"),
        ("actions", "create_user_from_shopify"),
        ("filters", "default"),
    ] {
        assert!(blocks[kind].as_array().unwrap().iter().any(|block| block["name"] == name), "{kind}");
    }
    let again = async |tag: &str| vic.send(Method::GET, "/v1/catalog", &[("if-none-match", tag)], Vec::new()).await;
    let unchanged = again(&format!("\"other\", W/{tag}")).await;
    assert_eq!((unchanged.status, &unchanged.body), (304, &Value::Null));
    assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
    again("\"other\"").await.expect(200);
    world.caller("nobody").get("/v1/catalog").await.problem(403, "denied");
}
