//! The life of an app: each change in each state, and what it does to runs.

use serde_json::{Value, json};

use crate::world::{APPROVAL, AWARD, Answer, FAILING, MANUAL, WELCOME, World, named};

/// The states, with the changes that lead there from a draft.
const STATES: [(&str, &[&str]); 4] =
    [("draft", &[]), ("active", &["activate"]), ("paused", &["activate", "pause"]), ("deleted", &["delete"])];

/// Where each change leads from each of these states: the next one, or why not.
const CHANGES: [(&str, [Result<&str, u16>; 4]); 6] = [
    ("edit", [Ok("draft"), Ok("active"), Ok("paused"), Err(404)]),
    ("activate", [Ok("active"), Ok("active"), Ok("active"), Err(404)]),
    ("pause", [Err(409), Ok("paused"), Err(409), Err(404)]),
    ("resume", [Err(409), Err(409), Ok("active"), Err(404)]),
    ("rollback", [Err(409), Ok("active"), Err(409), Err(404)]),
    ("delete", [Ok("deleted"), Ok("deleted"), Ok("deleted"), Err(404)]),
];

async fn change(world: &World, id: &str, change: &str) -> Answer {
    let path = format!("/v1/apps/{id}");
    match change {
        "edit" => world.admin().put(&path, named(WELCOME, "Edited")).await,
        "delete" => world.admin().delete(&path).await,
        "rollback" => world.admin().post(&format!("{path}:rollback"), json!({ "version": 1 })).await,
        verb => world.admin().post(&format!("{path}:{verb}"), Value::Null).await,
    }
}

#[tokio::test]
async fn each_change_leads_from_each_state_where_the_table_says() {
    for world in World::each().await {
        for (at, (state, way)) in STATES.iter().enumerate() {
            for (verb, leads) in CHANGES {
                let id = format!("{state}-{verb}");
                world.app(&id, "draft", WELCOME).await;
                // A second version, so that there is something to go back to.
                change(&world, &id, "edit").await.expect(200);
                for step in *way {
                    let done = change(&world, &id, step).await;
                    assert!(matches!(done.status, 200 | 204), "{id}: {}", done.body);
                }
                let answer = change(&world, &id, verb).await;
                match leads[at] {
                    Ok("deleted") => assert_eq!(answer.status, 204, "{id}: {}", answer.body),
                    Ok(next) => assert_eq!(answer.expect(200)["status"], next, "{id}"),
                    Err(404) => answer.problem(404, "not-found"),
                    Err(_) => answer.problem(409, "conflict"),
                }
            }
        }
    }
}

#[tokio::test]
async fn too_many_failures_in_a_row_lead_to_error_and_a_person_leads_back() {
    for world in World::each().await {
        let failing = FAILING.replace("100", "2");
        world.app("failing", "active", &failing).await;
        for id in ["e1", "e2"] {
            world.user_created(id).await;
        }
        let app = world.until("/v1/apps/failing", |app| app["status"] == "error").await;
        assert!(app["reason"].as_str().unwrap().contains("failed in a row"), "{app}");
        assert_eq!(world.user_created("e3").await["executions"], json!([]));
        world.admin().post("/v1/apps/failing:pause", Value::Null).await.problem(409, "conflict");
        let resumed = world.admin().post("/v1/apps/failing:resume", Value::Null).await.expect(200);
        assert_eq!((&resumed["status"], &resumed["failures_in_row"]), (&json!("active"), &json!(0)));
        assert_eq!(world.user_created("e4").await["executions"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_paused_app_hears_no_events_until_it_is_resumed() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        assert_eq!(world.user_created("e1").await["executions"].as_array().unwrap().len(), 1);
        world.admin().post("/v1/apps/hello:pause", Value::Null).await.expect(200);
        assert_eq!(world.user_created("e2").await["executions"], json!([]));
        world.admin().post("/v1/apps/hello:run", Value::Null).await.problem(409, "conflict");
        world.admin().post("/v1/apps/hello:resume", Value::Null).await.expect(200);
        assert_eq!(world.user_created("e3").await["executions"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_queued_of_a_paused_app_runs_once_it_is_resumed() {
    for world in World::each().await {
        world.app("careful", "active", APPROVAL).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/executions/{run}");
        world.until(&path, |run| run["status"] == "waiting").await;
        world.admin().post("/v1/apps/careful:pause", Value::Null).await.expect(200);
        let asked = world.admin().get("/v1/approvals").await.expect(200)["items"][0].clone();
        let seen = json!({ "plan": asked["plan"], "preview_digest": asked["preview_digest"] });
        let approve = format!("/v1/approvals/{}:approve", asked["id"].as_str().unwrap());
        world.caller("bob").post(&approve, seen).await.expect(200);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(world.admin().get(&path).await.expect(200)["status"], "queued");
        world.admin().post("/v1/apps/careful:resume", Value::Null).await.expect(200);
        world.until(&path, |run| run["status"] == "succeeded").await;
    }
}

#[tokio::test]
async fn an_app_that_says_it_is_not_enabled_is_not_activated() {
    for world in World::each().await {
        let disabled = WELCOME.replace("\"settings\": {", "\"settings\": { \"enabled\": false,");
        world.app("off", "draft", &disabled).await;
        world.admin().post("/v1/apps/off:activate", Value::Null).await.problem(409, "conflict");
        let disabled: Value = serde_json::from_str(&disabled).unwrap();
        world.admin().post("/v1/apps?id=off2&status=active", disabled).await.problem(409, "conflict");
        world.admin().get("/v1/apps/off2").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn apps_that_would_set_each_other_off_for_ever_are_named_and_not_activated() {
    for world in World::each().await {
        world.app("echo", "draft", AWARD).await;
        let answer = world.admin().post("/v1/apps/echo:activate", Value::Null).await;
        answer.problem(409, "conflict");
        let ring = "`echo` —custom.awarded→ `echo`";
        assert!(answer.body["detail"].as_str().unwrap().contains(ring), "{}", answer.body);

        let other = AWARD.replacen("custom.awarded", "custom.other", 1);
        world.app("first", "active", &other).await;
        let back =
            AWARD.replace("\"event\": \"custom.awarded\", \"payload\"", "\"event\": \"custom.other\", \"payload\"");
        let answer = world.admin().post("/v1/apps?id=second&status=active", serde_json::from_str(&back).unwrap()).await;
        answer.problem(409, "conflict");
        for part in ["`first`", "`second`", "custom.other", "custom.awarded"] {
            assert!(answer.body["detail"].as_str().unwrap().contains(part), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_run_stays_with_its_version_and_the_next_one_has_the_active_one() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        world.admin().put("/v1/apps/hello", named(WELCOME, "Second")).await.expect(200);
        let version = async |id: &str| -> Value {
            let run = world.user_created(id).await["executions"][0]["id"].as_str().unwrap().to_owned();
            world.admin().get(&format!("/v1/executions/{run}")).await.expect(200)["version"].clone()
        };
        assert_eq!(version("e1").await, 1);
        world.admin().post("/v1/apps/hello:activate", Value::Null).await.expect(200);
        assert_eq!(version("e2").await, 2);
        world.admin().post("/v1/apps/hello:rollback", json!({ "version": 2 })).await.problem(409, "conflict");
        world.admin().post("/v1/apps/hello:rollback", json!({ "version": 1 })).await.expect(200);
        assert_eq!(version("e3").await, 1);
        world.admin().post("/v1/apps/hello:activate", json!({ "version": 2 })).await.expect(200);
        assert_eq!(version("e4").await, 2);
        world.admin().post("/v1/apps/hello:activate", json!({ "version": 3 })).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_deleted_app_leaves_no_run_that_could_go_on_and_keeps_its_history() {
    for world in World::each().await {
        world.app("careful", "active", APPROVAL).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/executions/{run}");
        world.until(&path, |run| run["status"] == "waiting").await;
        world.admin().delete("/v1/apps/careful").await.expect(204);
        let ended = world.admin().get(&path).await.expect(200);
        assert_eq!((&ended["status"], &ended["error"]["code"]), (&json!("cancelled"), &json!("E010")));
        assert!(ended["reason"].as_str().unwrap().contains("was deleted"), "{ended}");
        assert_eq!(world.admin().get("/v1/approvals").await.expect(200)["items"], json!([]));
        assert_eq!(
            world.admin().get("/v1/approvals?status=cancelled").await.expect(200)["items"][0]["execution_id"],
            run
        );
        assert_eq!(world.user_created("e2").await["executions"], json!([]));
        world.admin().get("/v1/apps/careful/versions/1").await.expect(200);
    }
}

#[tokio::test]
async fn a_draft_can_be_tried_by_hand() {
    for world in World::each().await {
        world.app("try", "draft", MANUAL).await;
        let run = world.caller("rob").post("/v1/apps/try:run?wait=10s", json!({ "text": "hello" })).await.expect(200);
        assert_eq!((&run["status"], &run["trigger"]), (&json!("succeeded"), &json!("manual")));
    }
}
