//! Delays: each a run of its own, some time after its event.

use alcove_execution::Engine;
use serde_json::{Value as Json, json};

use crate::world::{World, activate, ada, app, at, keeping, send, submission, tenant, worlds};

/// An app with two delays, of which the second wants a large sale.
fn delayed() -> Json {
    let large = json!({"field": "event.n", "op": "gte", "value": 10});
    let delays = json!([{"id": "soon", "after": "1h"}, {"id": "late", "after": "2d", "when": large}]);
    let trigger = json!({"type": "delayed", "event": "custom.sale", "delays": delays});
    keeping(&trigger, "{{delay.id}}", "{{event.n}}")
}

async fn begun(world: &World, n: i64) -> Engine {
    let engine = world.engine("n1").await;
    activate(&engine, "a", &delayed()).await;
    let reply = send(&engine, "custom.sale", "e1", json!({"n": n})).await;
    assert!(reply.executions.is_empty(), "{}: nothing runs yet", world.name);
    assert_eq!(world.count("SELECT count(*) FROM timers").await, 2, "{}", world.name);
    engine
}

/// App, delay, state and reason of each run.
async fn states(world: &World, engine: &Engine, count: usize) -> Vec<(Option<u32>, &'static str, Option<String>)> {
    let runs = world.settled(engine, count).await;
    runs.iter().map(|run| (run.delay, run.state.as_str(), run.reason.clone())).collect()
}

#[tokio::test]
async fn each_delay_fires_a_run_of_its_own_at_its_time() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 12).await;
        world.advance_to("2026-01-01T08:59:59Z");
        world.linger().await;
        assert!(world.runs(&engine).await.is_empty(), "{}", world.name);
        world.advance_to("2026-01-01T09:00:00Z");
        assert_eq!(states(&world, &engine, 1).await, [(Some(0), "succeeded", None)], "{}", world.name);
        world.advance_to("2026-01-03T08:00:00Z");
        let both = [(Some(0), "succeeded", None), (Some(1), "succeeded", None)];
        assert_eq!(states(&world, &engine, 2).await, both, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 0, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM app_state").await, 2, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn the_condition_of_a_delay_is_asked_when_it_fires() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 3).await;
        world.advance_to("2026-01-09T08:00:00Z");
        let both = [(Some(0), "succeeded", None), (Some(1), "skipped", Some("filter".to_owned()))];
        assert_eq!(states(&world, &engine, 2).await, both, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_delay_is_pinned_to_its_version_and_outlives_a_restart() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 12).await;
        let other = submission(&keeping(&json!({"type": "event", "event": "custom.sale"}), "other", "x"));
        engine.edit_app(&tenant(), &app("a"), &other, &ada()).await.unwrap();
        engine.activate_app(&tenant(), &app("a"), None, &ada()).await.unwrap();
        engine.shut_down().await.unwrap();
        world.advance_to("2026-01-09T08:00:00Z");
        let engine = world.engine("n2").await;
        let runs = world.settled(&engine, 2).await;
        assert!(runs.iter().all(|run| run.version == 1 && run.state.as_str() == "succeeded"), "{}", world.name);
        assert_eq!(runs[0].queued_at, at("2026-01-09T08:00:00Z").micros(), "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM app_state WHERE \"key\" = 'other'").await, 0, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_delay_of_a_paused_app_leaves_a_run_that_says_so() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 12).await;
        engine.pause_app(&tenant(), &app("a"), &ada()).await.unwrap();
        world.advance_to("2026-01-01T09:00:00Z");
        let skipped = [(Some(0), "skipped", Some("paused".to_owned()))];
        assert_eq!(states(&world, &engine, 1).await, skipped, "{}", world.name);
        engine.resume_app(&tenant(), &app("a"), &ada()).await.unwrap();
        world.advance_to("2026-01-03T08:00:00Z");
        let runs = states(&world, &engine, 2).await;
        assert_eq!(runs[1], (Some(1), "succeeded", None), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn the_delays_of_a_deleted_app_are_gone_with_it() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 12).await;
        engine.delete_app(&tenant(), &app("a"), &ada()).await.unwrap();
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 0, "{}", world.name);
        world.advance_to("2026-01-09T08:00:00Z");
        world.linger().await;
        assert!(world.runs(&engine).await.is_empty(), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_second_delivery_of_an_event_begins_no_second_delay() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world, 12).await;
        world.advance_to("2026-01-01T09:00:00Z");
        world.settled(&engine, 1).await;
        assert!(send(&engine, "custom.sale", "e1", json!({"n": 12})).await.duplicate, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 1, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}
