//! Runs that failed for good and took their trigger with them.

use serde_json::{Value, json};

use crate::world::{FAILING, World};

async fn dead(world: &World) -> String {
    world.app("failing", "active", FAILING).await;
    let run = world.user_created("e1").await["executions"][0]["id"].as_str().unwrap().to_owned();
    world.until("/v1/dead-letters", |all| all["items"].as_array().unwrap().len() == 1).await;
    run
}

#[tokio::test]
async fn a_run_whose_event_would_be_lost_with_it_is_a_dead_letter() {
    for world in World::each().await {
        let run = dead(&world).await;
        let letter = world.caller("vic").get(&format!("/v1/dead-letters/{run}")).await.expect(200);
        assert_eq!((&letter["status"], &letter["error"]["code"]), (&json!("open"), &json!("E005")));
        assert_eq!(letter["app_id"], "failing");
        assert_eq!(world.admin().get(&format!("/v1/executions/{run}")).await.expect(200)["dead_letter"], true);
        world.admin().get("/v1/dead-letters/run_nothing").await.problem(404, "not-found");
        world.admin().get("/v1/dead-letters?status=gone").await.problem(400, "invalid-request");
    }
}

#[tokio::test]
async fn a_dead_letter_is_redriven_with_the_same_id() {
    for world in World::each().await {
        let run = dead(&world).await;
        let redrive = format!("/v1/dead-letters/{run}:redrive");
        for outcome in [json!("repeat"), json!({ "happened": [1] })] {
            world.admin().post(&redrive, json!({ "outcome": outcome })).await.problem(422, "refused");
        }
        world.admin().post(&redrive, json!({ "outcome": "perhaps" })).await.problem(400, "malformed-body");
        assert_eq!(world.admin().post(&redrive, Value::Null).await.expect(202)["id"], *run);
        // It fails again, and so there is a dead letter again.
        world.until(&format!("/v1/executions/{run}"), |run| run["dead_letter"] == true).await;
        world.admin().post("/v1/dead-letters/run_nothing:redrive", Value::Null).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_dead_letter_is_given_up_once() {
    for world in World::each().await {
        let run = dead(&world).await;
        let discard = format!("/v1/dead-letters/{run}:discard");
        let letter = world.admin().post(&discard, Value::Null).await.expect(200);
        assert_eq!((&letter["status"], &letter["closed_by"]["id"]), (&json!("discarded"), &json!("ann")));
        world.admin().post(&discard, Value::Null).await.problem(409, "conflict");
        world.admin().post(&format!("/v1/dead-letters/{run}:redrive"), Value::Null).await.problem(409, "conflict");
        assert_eq!(world.admin().get("/v1/dead-letters").await.expect(200)["items"], json!([]));
        let discarded = world.admin().get("/v1/dead-letters?status=discarded").await.expect(200);
        assert_eq!(discarded["items"][0]["execution_id"], *run);
        assert_eq!(world.admin().get(&format!("/v1/executions/{run}")).await.expect(200)["dead_letter"], false);
    }
}
