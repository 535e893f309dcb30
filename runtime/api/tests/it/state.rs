//! What apps remember.

use serde_json::{Value, json};

use crate::world::World;

/// Remembers who came last, and how many were greeted.
const REMEMBERS: &str = r#"{
  "schema": "alcove/app@1", "name": "Remembers",
  "trigger": { "type": "event", "event": "user.created" },
  "actions": [
    { "type": "set_state", "params": { "key": "last", "value": "{{event.user_id}}" } },
    { "type": "set_state", "params": { "key": "a/b:c d", "value": 1 } },
    { "type": "set_state", "params": { "key": "zz", "value": true } }
  ]
}"#;

#[tokio::test]
async fn the_state_of_an_app_is_listed_by_key_page_by_page() {
    for world in World::each().await {
        world.app("remembers", "active", REMEMBERS).await;
        world.user_created("e1").await;
        let path = "/v1/apps/remembers/state";
        let state = world.until(path, |state| state["items"].as_array().unwrap().len() == 3).await;
        let pair = |item: &Value| (item["key"].clone(), item["value"].clone());
        let pairs: Vec<_> = state["items"].as_array().unwrap().iter().map(pair).collect();
        let wanted = [(json!("a/b:c d"), json!(1)), (json!("last"), json!("u1")), (json!("zz"), json!(true))];
        assert_eq!(pairs, wanted);
        let first = world.caller("vic").get(&format!("{path}?limit=2")).await.expect(200);
        let next = format!("{path}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = world.admin().get(&next).await.expect(200);
        assert_eq!((pair(&second["items"][0]), &second["next_cursor"]), (wanted[2].clone(), &Value::Null));
    }
}

#[tokio::test]
async fn a_key_is_forgotten_once() {
    for world in World::each().await {
        world.app("remembers", "active", REMEMBERS).await;
        world.user_created("e1").await;
        let state = "/v1/apps/remembers/state";
        world.until(state, |state| state["items"].as_array().unwrap().len() == 3).await;
        let path = format!("{state}/a%2Fb%3Ac%20d");
        world.caller("cleo").delete(&path).await.expect(204);
        assert_eq!(world.admin().get(state).await.expect(200)["items"][0]["key"], "last");
        world.admin().delete(&path).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn nobody_sees_or_forgets_what_they_may_not() {
    let world = World::new().await;
    world.app("remembers", "active", REMEMBERS).await;
    world.user_created("e1").await;
    world.until("/v1/apps/remembers/state", |state| state["items"].as_array().unwrap().len() == 3).await;
    for caller in ["vic", "rob", "bob"] {
        world.caller(caller).delete("/v1/apps/remembers/state/zz").await.problem(403, "denied");
    }
    world.caller("nobody").get("/v1/apps/remembers/state").await.problem(403, "denied");
    let other = world.caller("gil");
    other.get("/v1/apps/remembers/state").await.problem(404, "not-found");
    other.delete("/v1/apps/remembers/state/zz").await.problem(404, "not-found");
    world.admin().get("/v1/apps/none/state").await.problem(404, "not-found");
}
