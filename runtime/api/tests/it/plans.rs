//! Compiled plans before there is an app for them, and what a tenant was granted.

use alcove_catalog::Catalog;
use hyper::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Client, MANUAL, WELCOME, World, named};

const PLAN: &str = "application/vnd.alcove.plan";

fn compiled(config: &str) -> Vec<u8> {
    alcove_compiler::compile(config.as_bytes(), Catalog::shipped()).compiled.unwrap().bytes
}

async fn submit(client: &Client, bytes: Vec<u8>) -> Answer {
    client.send(Method::POST, "/v1/plans", &[("content-type", PLAN)], bytes).await
}

#[tokio::test]
async fn a_plan_is_kept_by_its_digest_and_an_app_is_made_of_it() {
    for world in World::each().await {
        let bytes = compiled(MANUAL);
        let answer = submit(&world.caller("cleo"), bytes.clone()).await;
        let location = answer.header("location").unwrap().to_owned();
        let plan = answer.expect(201);
        let digest = plan["digest"].as_str().unwrap().to_owned();
        assert_eq!(location, format!("/v1/plans/{digest}"));
        assert_eq!((&plan["missing"], plan["manifest"]["actions"].as_object().unwrap().len()), (&json!([]), 1));
        // Again, it is the same plan.
        assert_eq!(submit(&world.admin(), bytes.clone()).await.expect(201)["digest"], digest.as_str());
        let app = world.admin().post("/v1/apps?id=made&status=active", json!({ "plan": digest })).await.expect(201);
        assert_eq!(app["name"], "Manual");
        let version = world.admin().get("/v1/apps/made/versions/1").await.expect(200);
        assert_eq!(version["plan"], digest.as_str());
        world.admin().post("/v1/apps/made:run?wait=10s", json!({ "text": "hi" })).await.expect(200);
    }
}

#[tokio::test]
async fn a_plan_is_read_as_json_as_bytes_or_as_text() {
    let world = World::new().await;
    let bytes = compiled(MANUAL);
    let digest = submit(&world.admin(), bytes.clone()).await.expect(201)["digest"].as_str().unwrap().to_owned();
    let path = format!("/v1/plans/{digest}");
    let vic = world.caller("vic");
    let read = async |accept: &str| vic.send(Method::GET, &path, &[("accept", accept)], Vec::new()).await;
    assert_eq!(vic.get(&path).await.expect(200)["digest"], digest.as_str());
    assert_eq!(read("*/*").await.expect(200)["digest"], digest.as_str());
    let plan = read(PLAN).await;
    assert_eq!((plan.status, plan.header("content-type")), (200, Some(PLAN)));
    let text = read("text/plain;q=0.9, application/json;q=0.1").await.expect(200);
    assert!(text.as_str().unwrap().contains("send_notification"), "{text}");
    // The plan of a version is there too.
    world.app("hello", "draft", WELCOME).await;
    let plan = world.admin().get("/v1/apps/hello/versions/1").await.expect(200)["plan"].as_str().unwrap().to_owned();
    vic.get(&format!("/v1/plans/{plan}")).await.expect(200);
}

#[tokio::test]
async fn what_is_no_plan_is_refused_and_what_is_not_there_is_not_found() {
    let world = World::new().await;
    let admin = world.admin();
    submit(&admin, b"no plan".to_vec()).await.problem(422, "refused");
    let mut damaged = compiled(MANUAL);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    submit(&admin, damaged).await.problem(422, "refused");
    let json = admin.post("/v1/plans", json!({})).await;
    json.problem(415, "unsupported-media-type");
    let nowhere = "0".repeat(64);
    for digest in [nowhere.as_str(), "x"] {
        admin.get(&format!("/v1/plans/{digest}")).await.problem(404, "not-found");
        admin.post("/v1/apps", json!({ "plan": digest })).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_plan_is_its_tenants_and_submitting_needs_to_write() {
    let world = World::new().await;
    let digest = submit(&world.admin(), compiled(MANUAL)).await.expect(201)["digest"].as_str().unwrap().to_owned();
    let path = format!("/v1/plans/{digest}");
    world.caller("gil").get(&path).await.problem(404, "not-found");
    world.caller("gil").post("/v1/apps", json!({ "plan": digest })).await.problem(404, "not-found");
    world.caller("nobody").get(&path).await.problem(403, "denied");
    for caller in ["vic", "rob", "bob"] {
        submit(&world.caller(caller), compiled(MANUAL)).await.problem(403, "denied");
    }
}

#[tokio::test]
async fn what_a_tenant_was_not_granted_is_listed_and_no_app_is_made_of_it() {
    for world in World::each().await {
        world.app("before", "draft", WELCOME).await;
        world.grant(json!({ "connectors": ["users"], "actions": ["set_state"] })).await;
        let missing = json!([{ "kind": "action", "name": "send_notification" }]);
        let admin = world.admin();
        let plan = submit(&admin, compiled(MANUAL)).await.expect(201);
        assert_eq!(plan["missing"], missing);
        let refused = |answer: Answer| {
            answer.problem(403, "not-granted");
            assert_eq!(answer.body["missing"], missing);
        };
        refused(admin.post("/v1/apps", json!({ "plan": plan["digest"] })).await);
        refused(admin.post("/v1/apps", serde_json::from_str(MANUAL).unwrap()).await);
        refused(admin.put("/v1/apps/before", named(WELCOME, "Other")).await);
        refused(admin.post("/v1/apps/before:activate", Value::Null).await);
        world.grant(json!({ "actions": ["send_notification"] })).await;
        admin.post("/v1/apps/before:activate", Value::Null).await.expect(200);
    }
}
