//! What belongs to another tenant is not there.

use serde_json::{Value, json};

use crate::world::{APPROVAL, FAILING, WELCOME, World};

#[tokio::test]
async fn an_id_of_another_tenant_names_nothing() {
    for world in World::each().await {
        world.app("careful", "active", APPROVAL).await;
        world.app("failing", "active", FAILING).await;
        world.user_created("e1").await;
        world.until("/v1/dead-letters", |all| all["items"].as_array().unwrap().len() == 1).await;
        let asked =
            world.until("/v1/approvals", |all| all["items"].as_array().unwrap().len() == 1).await["items"][0].clone();
        let (approval, run) = (asked["id"].as_str().unwrap(), asked["execution_id"].as_str().unwrap());
        let dead = world.admin().get("/v1/dead-letters").await.expect(200)["items"][0]["execution_id"].clone();
        let dead = dead.as_str().unwrap();

        let stranger = world.caller("gil");
        for path in [
            "/v1/apps/careful".to_owned(),
            "/v1/apps/careful/versions".to_owned(),
            "/v1/apps/careful/versions/1".to_owned(),
            format!("/v1/executions/{run}"),
            format!("/v1/executions/{run}/log"),
            format!("/v1/approvals/{approval}"),
            format!("/v1/dead-letters/{dead}"),
        ] {
            stranger.get(&path).await.problem(404, "not-found");
            world.admin().get(&path).await.expect(200);
        }
        let seen = json!({ "plan": asked["plan"], "preview_digest": asked["preview_digest"] });
        let mut modification = seen.clone();
        modification["edits"] = json!([{ "action": 1, "path": ["message"], "value": "x" }]);
        for (path, body) in [
            ("/v1/apps/careful:activate".to_owned(), Value::Null),
            ("/v1/apps/careful:pause".to_owned(), Value::Null),
            ("/v1/apps/careful:resume".to_owned(), Value::Null),
            ("/v1/apps/careful:rollback".to_owned(), json!({ "version": 1 })),
            ("/v1/apps/careful:run".to_owned(), Value::Null),
            (format!("/v1/executions/{run}:cancel"), Value::Null),
            (format!("/v1/executions/{dead}:retry"), Value::Null),
            (format!("/v1/approvals/{approval}:approve"), seen.clone()),
            (format!("/v1/approvals/{approval}:reject"), seen),
            (format!("/v1/approvals/{approval}:modify"), modification),
            (format!("/v1/dead-letters/{dead}:redrive"), Value::Null),
            (format!("/v1/dead-letters/{dead}:discard"), Value::Null),
        ] {
            stranger.post(&path, body).await.problem(404, "not-found");
        }
        let app = || serde_json::from_str(WELCOME).unwrap();
        stranger.put("/v1/apps/careful", app()).await.problem(404, "not-found");
        stranger.delete("/v1/apps/careful").await.problem(404, "not-found");
        for list in ["/v1/apps", "/v1/executions", "/v1/approvals", "/v1/dead-letters"] {
            assert_eq!(stranger.get(list).await.expect(200)["items"], json!([]), "{list}");
        }
        assert_eq!(stranger.get("/v1/executions?app=careful").await.expect(200)["items"], json!([]));

        // The same ids are free in the other tenant, and mean other things.
        stranger.post("/v1/apps?id=careful&status=active", app()).await.expect(201);
        let event = json!({ "type": "user.created", "id": "e1", "payload": { "user_id": "u1" } });
        let accepted = stranger.post("/v1/events?wait=10s", event).await.expect(200);
        assert_eq!(
            (&accepted["duplicate"], &accepted["executions"][0]["status"]),
            (&json!(false), &json!("succeeded"))
        );
        assert_eq!(world.admin().get("/v1/apps/careful").await.expect(200)["name"], "Careful");
    }
}
