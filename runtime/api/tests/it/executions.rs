//! Runs: listed, cancelled, tried again.

use serde_json::{Value, json};

use crate::world::{APPROVAL, FAILING, MANUAL, WELCOME, World};

#[tokio::test]
async fn runs_are_listed_newest_first_by_app_and_status_page_by_page() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        world.app("failing", "active", FAILING).await;
        for id in ["e1", "e2", "e3"] {
            world.user_created(id).await;
        }
        world.until("/v1/executions?status=failed", |all| all["items"].as_array().unwrap().len() == 3).await;
        let mut path = "/v1/executions?app=hello&limit=2".to_owned();
        let mut events = Vec::new();
        loop {
            let page = world.caller("vic").get(&path).await.expect(200);
            events.extend(page["items"].as_array().unwrap().iter().map(|run| run["event"]["id"].clone()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/executions?app=hello&limit=2&cursor={cursor}");
        }
        assert_eq!(events, [json!("e3"), json!("e2"), json!("e1")]);
        for query in ["status=done", "cursor=x", "limit=0", "stat=queued", "limit=1&limit=2"] {
            world.admin().get(&format!("/v1/executions?{query}")).await.problem(400, "invalid-request");
        }
        world.admin().get("/v1/executions/run_nothing").await.problem(404, "not-found");
        world.admin().get("/v1/executions/not%20an%20id").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_run_that_waits_is_cancelled_once_with_its_reason() {
    for world in World::each().await {
        world.app("careful", "active", APPROVAL).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/executions/{run}");
        world.until(&path, |run| run["status"] == "waiting").await;
        let cancel = format!("{path}:cancel");
        let long = "x".repeat(1_001);
        world.admin().post(&cancel, json!({ "reason": long })).await.problem(400, "invalid-request");
        let cancelled = world.caller("rob").post(&cancel, json!({ "reason": "not wanted" })).await.expect(202);
        assert_eq!((&cancelled["status"], &cancelled["error"]["code"]), (&json!("cancelled"), &json!("E010")));
        assert!(cancelled["reason"].as_str().unwrap().contains("not wanted"), "{cancelled}");
        world.admin().post(&cancel, Value::Null).await.problem(409, "conflict");
        world.admin().post(&format!("{path}:retry"), Value::Null).await.problem(409, "conflict");
        world.admin().post("/v1/executions/run_nothing:cancel", Value::Null).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_failed_run_is_tried_again_with_the_same_id() {
    for world in World::each().await {
        world.app("failing", "active", FAILING).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/executions/{run}");
        let failed = world.until(&path, |run| run["status"] == "failed").await;
        assert_eq!(failed["error"]["code"], "E005");
        assert_eq!(failed["error"]["path"], "/actions/0");
        let word = json!({ "outcome": "repeat" });
        world.caller("rob").post(&format!("{path}:retry"), word.clone()).await.problem(403, "denied");
        world.admin().post(&format!("{path}:retry"), word).await.problem(422, "refused");
        let again = world.caller("rob").post(&format!("{path}:retry"), Value::Null).await.expect(202);
        assert_eq!(again["id"], *run);
        world.until(&path, |run| run["status"] == "failed").await;
        world.admin().post("/v1/executions/run_nothing:retry", Value::Null).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_log_of_a_run_says_what_it_did_step_by_step() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let log = world.caller("vic").get(&format!("/v1/executions/{run}/log")).await.expect(200);
        let steps = log["steps"].as_array().unwrap();
        assert!(steps.iter().any(|step| step["name"] == "send_notification" && step["path"] == "/actions/0"), "{log}");
        world.admin().get("/v1/executions/run_nothing/log").await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_run_by_hand_says_who_started_it() {
    for world in World::each().await {
        world.app("by-hand", "active", MANUAL).await;
        let run = world.caller("rob").post("/v1/apps/by-hand:run?wait=10s", Value::Null).await.expect(200);
        assert_eq!((&run["status"], &run["starter"]["id"]), (&json!("succeeded"), &json!("rob")));
        assert!(run["ended_at"].as_str().unwrap().ends_with('Z'));
        world.caller("rob").post("/v1/apps/by-hand:run", json!(["no", "object"])).await.problem(422, "refused");
    }
}

#[tokio::test]
async fn a_run_is_replayed_from_its_journal_and_nothing_changes() {
    for world in World::each().await {
        world.app("hello", "active", WELCOME).await;
        let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/executions/{run}");
        let before = world.until(&path, |run| run["status"] == "succeeded").await;
        let report = world.caller("vic").post(&format!("{path}:replay"), Value::Null).await.expect(200);
        assert_eq!((&report["status"], &report["run"]), (&json!("replayed"), &json!("succeeded")), "{report}");
        assert!(report["effects"].as_u64().unwrap() > 0 && report["diverged"].is_null(), "{report}");
        assert_eq!(world.caller("vic").get(&path).await.expect(200), before);
        world.admin().post("/v1/executions/run_nothing:replay", Value::Null).await.problem(404, "not-found");
    }
}
