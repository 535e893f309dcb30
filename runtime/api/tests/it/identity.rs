//! Members, teams, grants and keys, and what a key opens.

use hyper::Method;
use serde_json::{Value, json};

use crate::world::{APPROVAL, Client, WELCOME, World};

/// A member with a key of this body; gives the key's id and who shows it.
async fn with_key(world: &World, subject: &str, roles: &[&str], key: Value) -> (String, Client) {
    let member = json!({ "subject": subject, "roles": roles });
    world.admin().post("/v1/members", member).await.expect(201);
    made(world, subject, key).await
}

/// A key of a member.
async fn made(world: &World, subject: &str, key: Value) -> (String, Client) {
    let mut body = json!({ "subject": subject, "name": "laptop" });
    body.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
    let made = world.admin().post("/v1/keys", body).await.expect(201);
    (made["id"].as_str().unwrap().to_owned(), holder(world, &made))
}

/// Whoever shows a key that was just made.
fn holder(world: &World, made: &Value) -> Client {
    let key: &'static str = made["key"].as_str().unwrap().to_owned().leak();
    Client { key: Some(key), ..world.stranger() }
}

#[tokio::test]
async fn a_key_is_shown_once_and_stands_for_its_member() {
    for world in World::each().await {
        let (id, dora) = with_key(&world, "person:dora", &["viewer"], json!({})).await;
        let me = dora.get("/v1/me").await.expect(200);
        assert_eq!((&me["tenant"], &me["subject"], &me["key"]), (&json!("acme"), &json!("person:dora"), &json!(id)));
        assert_eq!((&me["roles"], &me["permissions"]), (&json!(["viewer"]), &json!(["read"])));
        dora.get("/v1/apps").await.expect(200);
        dora.post("/v1/apps", serde_json::from_str(WELCOME).unwrap()).await.problem(403, "denied");
        dora.get("/v1/keys").await.problem(403, "denied");

        let key = dora.key.unwrap();
        let listed = world.admin().get("/v1/keys").await.expect(200);
        let listed =
            listed["items"].as_array().unwrap().iter().find(|listed| listed["id"] == json!(id)).unwrap().clone();
        assert!(key.starts_with(listed["prefix"].as_str().unwrap()) && !listed.to_string().contains(key), "{listed}");
        assert!(listed["last_used_at"].is_string(), "{listed}");
        assert_eq!(world.caller("gil").get("/v1/keys").await.expect(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn a_key_that_is_revoked_rotated_out_expired_or_unknown_opens_nothing() {
    for world in World::each().await {
        let (id, dora) = with_key(&world, "person:dora", &["viewer"], json!({})).await;
        world.caller("gil").delete(&format!("/v1/keys/{id}")).await.problem(404, "not-found");
        dora.get("/v1/me").await.expect(200);
        world.admin().delete(&format!("/v1/keys/{id}")).await.expect(204);
        dora.get("/v1/me").await.problem(401, "unauthenticated");
        let unknown = Client { key: Some("alc_0000000000000000000000000000000000000000000000000"), ..world.stranger() };
        let (mut revoked, mut unknown) = (dora.get("/v1/me").await, unknown.get("/v1/me").await);
        // Each request has a name of its own.
        for answer in [&mut revoked, &mut unknown] {
            answer.body["instance"] = Value::Null;
        }
        assert_eq!(revoked.body, unknown.body, "a revoked key is told what an unknown one is");

        let (id, old) = made(&world, "person:dora", json!({})).await;
        let rotated = old.post(&format!("/v1/keys/{id}:rotate"), Value::Null).await.expect(201);
        old.get("/v1/me").await.problem(401, "unauthenticated");
        let new = holder(&world, &rotated);
        assert_eq!(new.get("/v1/me").await.expect(200)["subject"], "person:dora");
        let path = format!("/v1/keys/{}:rotate", rotated["id"].as_str().unwrap());
        let newer = holder(&world, &new.post(&path, json!({ "grace_seconds": 604_800 })).await.expect(201));
        for both in [&new, &newer] {
            both.get("/v1/me").await.expect(200);
        }
        newer.post(&path, Value::Null).await.problem(403, "denied");
        world.admin().post(&path, json!({ "grace_seconds": 604_801 })).await.problem(400, "invalid-request");

        for expires_at in ["2020-01-01T00:00:00Z", "soon", ""] {
            let body = json!({ "subject": "person:dora", "name": "k", "expires_at": expires_at });
            world.admin().post("/v1/keys", body).await.problem(400, "invalid-request");
        }
        let hour = json!({ "expires_at": "2999-01-01T00:00:00Z" });
        made(&world, "person:dora", hour).await.1.get("/v1/me").await.expect(200);
    }
}

#[tokio::test]
async fn a_grant_for_an_app_opens_that_app_and_hides_the_others() {
    for world in World::each().await {
        world.app("mine", "active", APPROVAL).await;
        world.app("other", "active", APPROVAL).await;
        world.user_created("e1").await;
        let open = |all: &Value| all["items"].as_array().unwrap().len() == 2;
        let asked = world.until("/v1/approvals", open).await["items"].as_array().unwrap().clone();
        let (_, dora) = with_key(&world, "person:dora", &[], json!({})).await;
        dora.get("/v1/apps").await.problem(403, "denied");
        let grant = json!({ "subject": "person:dora", "role": "author", "app": "mine" });
        world.admin().post("/v1/grants", grant).await.expect(200);

        let ids = |list: &Value, member: &str| -> Vec<Value> {
            list["items"].as_array().unwrap().iter().map(|item| item[member].clone()).collect()
        };
        assert_eq!(ids(&dora.get("/v1/apps").await.expect(200), "id"), ["mine"]);
        for list in ["/v1/executions", "/v1/approvals"] {
            assert_eq!(ids(&dora.get(list).await.expect(200), "app_id"), ["mine"], "{list}");
        }
        dora.get("/v1/apps/mine").await.expect(200);
        dora.get("/v1/apps/other").await.problem(403, "denied");
        dora.get("/v1/executions?app=other").await.problem(403, "denied");
        dora.post("/v1/apps/mine:pause", Value::Null).await.expect(200);
        dora.post("/v1/apps/other:pause", Value::Null).await.problem(403, "denied");
        let app = || serde_json::from_str(WELCOME).unwrap();
        dora.post("/v1/apps?id=new", app()).await.problem(403, "denied");
        dora.post("/v1/apps", app()).await.problem(403, "denied");
        let event = json!({ "type": "user.created", "id": "e2", "payload": { "user_id": "u1" } });
        dora.post("/v1/events", event).await.problem(403, "denied");
        for one in &asked {
            let (approval, run) = (one["id"].as_str().unwrap(), one["execution_id"].as_str().unwrap());
            let paths = [
                format!("/v1/approvals/{approval}"),
                format!("/v1/executions/{run}"),
                format!("/v1/executions/{run}/log"),
            ];
            for path in paths {
                let answer = dora.get(&path).await;
                if one["app_id"] == json!("mine") {
                    answer.expect(200);
                } else {
                    answer.problem(404, "not-found");
                }
            }
        }
        let take_back = "/v1/grants?subject=person:dora&role=author&app=mine";
        world.admin().delete(take_back).await.expect(204);
        dora.get("/v1/apps/mine").await.problem(403, "denied");
        world.admin().delete(take_back).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_team_gives_its_members_what_it_was_granted_and_takes_it_with_it() {
    for world in World::each().await {
        let admin = world.admin();
        let (_, dora) = with_key(&world, "person:dora", &[], json!({})).await;
        admin.post("/v1/teams", json!({ "id": "ops", "name": "Operations" })).await.expect(201);
        admin.post("/v1/teams", json!({ "id": "ops" })).await.problem(409, "conflict");
        admin.post("/v1/grants", json!({ "subject": "team:ops", "role": "viewer" })).await.expect(200);
        dora.get("/v1/apps").await.problem(403, "denied");
        admin.put("/v1/teams/ops/members/person:dora", Value::Null).await.expect(204);
        dora.get("/v1/apps").await.expect(200);
        assert_eq!(admin.get("/v1/teams/ops").await.expect(200)["members"], json!(["person:dora"]));
        assert_eq!(admin.get("/v1/members/person:dora").await.expect(200)["teams"], json!(["ops"]));
        admin.put("/v1/teams/ops/members/person:nobody", Value::Null).await.problem(404, "not-found");
        admin.put("/v1/teams/none/members/person:dora", Value::Null).await.problem(404, "not-found");
        admin.delete("/v1/teams/ops/members/person:dora").await.expect(204);
        dora.get("/v1/apps").await.problem(403, "denied");
        admin.put("/v1/teams/ops/members/person:dora", Value::Null).await.expect(204);
        admin.delete("/v1/teams/ops").await.expect(204);
        dora.get("/v1/apps").await.problem(403, "denied");
        assert_eq!(admin.get("/v1/grants").await.expect(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn a_key_may_no_more_than_its_scope_and_its_holder_gives_no_more() {
    for world in World::each().await {
        let scope = json!({ "scope": [{ "role": "admin", "app": "mine" }, { "role": "viewer" }] });
        let (_, dora) = with_key(&world, "person:dora", &["admin"], scope).await;
        let me = dora.get("/v1/me").await.expect(200);
        assert_eq!(me["permissions"], json!(["read"]));
        assert_eq!(me["apps"]["mine"]["permissions"], json!(["read", "write", "run", "approve", "admin"]));
        dora.post("/v1/members", json!({ "subject": "person:eve" })).await.problem(403, "denied");
        let grant = |role: &str, app: Value| json!({ "subject": "person:dora", "role": role, "app": app });
        dora.post("/v1/grants", grant("author", json!("mine"))).await.expect(200);
        dora.post("/v1/grants", grant("author", json!("other"))).await.problem(403, "denied");
        dora.post("/v1/grants", grant("viewer", Value::Null)).await.problem(403, "denied");
    }
}

#[tokio::test]
async fn the_last_admin_stays_and_a_member_who_goes_takes_their_keys_along() {
    for world in World::each().await {
        let admin = world.admin();
        let (_, dora) = with_key(&world, "person:dora", &["admin"], json!({})).await;
        dora.delete("/v1/members/person:dora").await.problem(409, "conflict");
        dora.delete("/v1/grants?subject=person:dora&role=admin").await.problem(409, "conflict");
        let (_, eve) = with_key(&world, "person:eve", &["admin"], json!({})).await;
        dora.get("/v1/members").await.expect(200);
        eve.delete("/v1/members/person:dora").await.expect(204);
        dora.get("/v1/me").await.problem(401, "unauthenticated");
        eve.delete("/v1/members/person:dora").await.problem(404, "not-found");
        admin.post("/v1/members", json!({ "subject": "person:eve" })).await.problem(409, "conflict");
        for subject in ["eve", "god:eve", "team:ops", "person:", "person:a b"] {
            admin.post("/v1/members", json!({ "subject": subject })).await.problem(400, "invalid-request");
        }
        let grant = json!({ "subject": "person:nobody", "role": "viewer" });
        admin.post("/v1/grants", grant).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn what_belongs_to_the_people_of_another_tenant_is_not_there() {
    for world in World::each().await {
        let (id, _) = with_key(&world, "person:dora", &["viewer"], json!({})).await;
        world.admin().post("/v1/teams", json!({ "id": "ops" })).await.expect(201);
        let gil = world.caller("gil");
        for list in ["/v1/members", "/v1/teams", "/v1/grants", "/v1/keys"] {
            assert_eq!(gil.get(list).await.expect(200)["items"], json!([]), "{list}");
        }
        for path in ["/v1/members/person:dora", "/v1/teams/ops"] {
            gil.get(path).await.problem(404, "not-found");
            gil.delete(path).await.problem(404, "not-found");
        }
        let paths = [format!("/v1/keys/{id}"), "/v1/grants?subject=person:dora&role=viewer".to_owned()];
        for path in paths {
            gil.delete(&path).await.problem(404, "not-found");
        }
        let rotate = gil.send(Method::POST, &format!("/v1/keys/{id}:rotate"), &[], Vec::new()).await;
        rotate.problem(404, "not-found");
    }
}
