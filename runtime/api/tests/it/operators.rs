//! What operators do, and what nobody else does.

use std::sync::Arc;

use alcove_api::OPERATIONS;
use alcove_control::{Administration, Directory, NewOperatorKey, Operator};
use alcove_execution::SystemClock;
use hyper::Method;
use serde_json::{Value, json};

use crate::world::{APPROVAL, Client, WELCOME, World};

/// Somebody with the key of an operator.
async fn operator(world: &World) -> Client {
    let directory = Directory::new(world.engine.store().clone(), Arc::new(SystemClock));
    let new = NewOperatorKey { name: "ops", expires_at: None };
    let (_, key) = Administration::new(directory).create_operator_key(&Operator::console(), &new).await.unwrap();
    Client { key: Some(key.leak()), ..world.stranger() }
}

/// An admin of a tenant that was just made.
async fn tenant(world: &World, operator: &Client, id: &str) -> Client {
    operator.post("/v1/admin/tenants", json!({ "id": id })).await.expect(201);
    let body = json!({ "subject": "person:ann", "role": "admin" });
    let made = operator.post(&format!("/v1/admin/tenants/{id}/keys"), body).await.expect(201);
    Client { key: Some(made["key"].as_str().unwrap().to_owned().leak()), ..world.stranger() }
}

async fn patch(client: &Client, path: &str, body: &Value) -> crate::world::Answer {
    let json = ("content-type", "application/json");
    client.send(Method::PATCH, path, &[json], body.to_string().into_bytes()).await
}

#[tokio::test]
async fn an_operator_opens_the_operators_door_and_no_other_and_nobody_else_opens_that() {
    let world = World::new().await;
    let ops = operator(&world).await;
    for operation in OPERATIONS.iter().filter(|operation| operation.is_operators()) {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let path = operation.path.replace(['{', '}'], "");
        for caller in [world.admin(), world.caller("key")] {
            caller.send(method.clone(), &path, &[], Vec::new()).await.problem(403, "denied");
        }
        world.stranger().send(method, &path, &[], Vec::new()).await.problem(401, "unauthenticated");
    }
    for path in ["/v1/me", "/v1/apps", "/v1/keys"] {
        ops.get(path).await.problem(403, "denied");
    }
}

#[tokio::test]
async fn a_tenant_is_made_read_changed_and_listed() {
    for world in World::each().await {
        let ops = operator(&world).await;
        let new = json!({ "id": "initech", "settings": { "tier": "starter" } });
        let made = ops.post("/v1/admin/tenants", new.clone()).await.expect(201);
        assert_eq!(
            (&made["id"], &made["tier"], &made["status"]),
            (&json!("initech"), &json!("starter"), &json!("active"))
        );
        ops.post("/v1/admin/tenants", new).await.problem(409, "conflict");
        for id in ["", "a b", "a:b", "_platform"] {
            ops.post("/v1/admin/tenants", json!({ "id": id })).await.problem(400, "invalid-request");
        }
        let path = "/v1/admin/tenants/initech";
        let change = json!({ "allowed_origins": ["https://hooks.example.com"], "tier": null, "runs_max": 2 });
        let changed = patch(&ops, path, &change).await.expect(200);
        assert_eq!((&changed["tier"], &changed["runs_max"]), (&Value::Null, &json!(2)));
        assert_eq!(ops.get(&format!("{path}/settings")).await.expect(200), changed);
        let own = patch(&ops, &format!("{path}/settings"), &json!({ "own_approvals": true })).await.expect(200);
        assert_eq!((&own["own_approvals"], &own["runs_max"]), (&json!(true), &json!(2)));
        patch(&ops, path, &json!({ "runs_max": 0 })).await.problem(400, "invalid-request");
        patch(&ops, path, &json!({ "tier": "gold" })).await.problem(400, "malformed-body");
        patch(&ops, "/v1/admin/tenants/nobody", &json!({})).await.problem(404, "not-found");
        let listed = ops.get("/v1/admin/tenants").await.expect(200);
        assert!(listed["items"].as_array().unwrap().iter().any(|tenant| tenant["id"] == json!("initech")));
    }
}

#[tokio::test]
async fn a_suspended_tenant_is_refused_until_it_is_resumed() {
    for world in World::each().await {
        let ops = operator(&world).await;
        let ann = tenant(&world, &ops, "initech").await;
        ann.get("/v1/apps").await.expect(200);
        let body = json!({ "reason": "unpaid" });
        ops.post("/v1/admin/tenants/initech:suspend", body).await.expect(200);
        ann.get("/v1/me").await.problem(403, "tenant-suspended");
        ann.post("/v1/apps", serde_json::from_str(WELCOME).unwrap()).await.problem(403, "tenant-suspended");
        world.admin().get("/v1/apps").await.expect(200);
        ops.post("/v1/admin/tenants/initech:resume", Value::Null).await.expect(200);
        ann.get("/v1/apps").await.expect(200);
    }
}

#[tokio::test]
async fn a_tenant_is_deleted_when_its_runs_are_over_or_by_force_and_its_id_stays_taken() {
    for world in World::each().await {
        let ops = operator(&world).await;
        let ann = tenant(&world, &ops, "initech").await;
        let app = serde_json::from_str(APPROVAL).unwrap();
        ann.post("/v1/apps?id=careful&status=active", app).await.expect(201);
        let event = json!({ "type": "user.created", "id": "e1", "payload": { "user_id": "u1" } });
        ann.post("/v1/events", event).await.expect(202);
        let path = "/v1/admin/tenants/initech";
        ops.delete(path).await.problem(409, "conflict");
        ann.get("/v1/apps/careful").await.expect(200);
        ops.delete(&format!("{path}?force=true")).await.expect(204);
        ann.get("/v1/me").await.problem(401, "unauthenticated");
        assert_eq!(ops.get(path).await.expect(200)["status"], "deleted");
        ops.post("/v1/admin/tenants", json!({ "id": "initech" })).await.problem(409, "conflict");
        ops.post(&format!("{path}:resume"), Value::Null).await.problem(409, "conflict");
        ops.delete(path).await.expect(204);
        ops.delete("/v1/admin/tenants/nobody").await.problem(404, "not-found");
    }
}
