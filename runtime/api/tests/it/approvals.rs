//! Questions to people, and who may answer them.

use serde_json::{Value, json};

use crate::world::{APPROVAL, World};

/// An app of ann's that has asked; gives the question and the path of its run.
async fn asked(world: &World) -> (Value, String) {
    world.app("careful", "active", APPROVAL).await;
    let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/executions/{run}");
    world.until(&path, |run| run["status"] == "waiting").await;
    let asked = world.caller("bob").get("/v1/approvals").await.expect(200)["items"][0].clone();
    assert_eq!((&asked["execution_id"], &asked["status"]), (&json!(run), &json!("open")));
    (asked, path)
}

fn seen(asked: &Value) -> Value {
    json!({ "plan": asked["plan"], "preview_digest": asked["preview_digest"] })
}

fn path(asked: &Value, verb: &str) -> String {
    format!("/v1/approvals/{}{verb}", asked["id"].as_str().unwrap())
}

#[tokio::test]
async fn what_is_approved_goes_on() {
    for world in World::each().await {
        let (asked, run) = asked(&world).await;
        assert_eq!((&asked["title"], &asked["message"]), (&json!("May it?"), &json!("About u1")));
        assert!(asked["preview"].to_string().contains("send_notification"), "{asked}");
        assert_eq!(world.caller("bob").get(&path(&asked, "")).await.expect(200), asked);
        let decided = world.caller("bob").post(&path(&asked, ":approve"), seen(&asked)).await.expect(200);
        assert_eq!(decided["status"], "approved");
        assert_eq!(decided["decided_by"], json!({ "kind": "person", "id": "bob" }));
        world.until(&run, |run| run["status"] == "succeeded").await;
        world.caller("bob").post(&path(&asked, ":reject"), seen(&asked)).await.problem(409, "conflict");
    }
}

#[tokio::test]
async fn what_is_rejected_is_cancelled() {
    for world in World::each().await {
        let (asked, run) = asked(&world).await;
        world.caller("bob").post(&path(&asked, ":reject"), seen(&asked)).await.expect(200);
        let run = world.until(&run, |run| run["status"] == "cancelled").await;
        assert_eq!(run["error"]["code"], "E011");
        assert_eq!(world.admin().get("/v1/approvals").await.expect(200)["items"], json!([]));
        let rejected = world.admin().get("/v1/approvals?status=rejected").await.expect(200);
        assert_eq!(rejected["items"].as_array().unwrap().len(), 1);
        world.admin().get("/v1/approvals?status=maybe").await.problem(400, "invalid-request");
    }
}

#[tokio::test]
async fn nobody_decides_about_their_own_and_an_agent_about_none() {
    for world in World::each().await {
        let (asked, _) = asked(&world).await;
        // ann wrote the app and activated it.
        for name in ["ann", "agent"] {
            for verb in [":approve", ":reject"] {
                world.caller(name).post(&path(&asked, verb), seen(&asked)).await.problem(403, "denied");
            }
        }
        assert_eq!(world.admin().get(&path(&asked, "")).await.expect(200)["status"], "open");
        // A key that had no part in it may.
        world.caller("key").post(&path(&asked, ":approve"), seen(&asked)).await.expect(200);
    }
}

#[tokio::test]
async fn only_who_has_a_role_that_the_app_names_may_decide() {
    for world in World::each().await {
        let app = APPROVAL.replace("\"title\"", "\"roles\": [\"finance\"], \"title\"");
        world.app("careful", "active", &app).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        world.until(&format!("/v1/executions/{run}"), |run| run["status"] == "waiting").await;
        let asked = world.admin().get("/v1/approvals").await.expect(200)["items"][0].clone();
        assert_eq!(asked["roles"], json!(["finance"]));
        world.caller("bob").post(&path(&asked, ":approve"), seen(&asked)).await.problem(403, "denied");
    }
}

#[tokio::test]
async fn a_decision_about_something_else_than_waits_is_refused() {
    for world in World::each().await {
        let (asked, _) = asked(&world).await;
        let other = "0".repeat(64);
        for member in ["plan", "preview_digest"] {
            for verb in [":approve", ":reject", ":modify"] {
                let mut seen = seen(&asked);
                seen[member] = json!(other);
                if verb == ":modify" {
                    let value = json!("Hello");
                    seen["edits"] = json!([{ "action": 1, "path": ["message"], "value": value }]);
                }
                world.caller("bob").post(&path(&asked, verb), seen).await.problem(409, "conflict");
            }
            let mut short = seen(&asked);
            short[member] = json!("00");
            world.caller("bob").post(&path(&asked, ":approve"), short.clone()).await.problem(400, "invalid-request");
            short.as_object_mut().unwrap().remove(member);
            world.caller("bob").post(&path(&asked, ":approve"), short).await.problem(400, "malformed-body");
        }
        world.caller("bob").post("/v1/approvals/eff_x:approve", seen(&asked)).await.problem(404, "not-found");
        world.caller("bob").get("/v1/approvals/eff_x").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn what_is_modified_happens_as_it_was_modified() {
    for world in World::each().await {
        let (asked, run) = asked(&world).await;
        let modify = async |edits: Value| {
            let mut body = seen(&asked);
            body["edits"] = edits;
            world.caller("bob").post(&path(&asked, ":modify"), body).await
        };
        modify(json!([])).await.problem(422, "refused");
        modify(json!([{ "action": 1, "path": ["mesage"], "value": "x" }])).await.problem(422, "refused");
        modify(json!([{ "action": 9, "path": ["message"], "value": "x" }])).await.problem(422, "refused");
        modify(json!([{ "action": 1, "path": ["message"], "value": ["x"] }])).await.problem(422, "refused");
        modify(json!([{ "action": 1, "indices": [0], "path": ["message"], "value": "x" }]))
            .await
            .problem(422, "refused");
        modify(json!([{ "action": 1, "path": ["message"], "value": "x", "more": 1 }]))
            .await
            .problem(400, "malformed-body");
        let decided = modify(json!([{ "action": 1, "path": ["message"], "value": "Good morning" }])).await.expect(200);
        assert_eq!(decided["status"], "modified");
        world.until(&run, |run| run["status"] == "succeeded").await;
    }
}
