//! What is forgotten, and what is kept.

use std::time::Duration;

use alcove_execution::Engine;
use serde_json::json;

use crate::world::{World, activate, keeping, send, worlds};

const DAY: Duration = Duration::from_hours(24);

async fn begun(world: &World) -> Engine {
    let engine = world.engine("n1").await;
    let trigger = json!({"type": "event", "event": "custom.a"});
    activate(&engine, "a", &keeping(&trigger, "n", "{{event.n}}")).await;
    engine
}

/// Waits for a round of forgetting: what is given here is left of a table.
async fn left(world: &World, sql: &'static str, count: i64) {
    world.until(sql, async || (world.count(sql).await == count).then_some(())).await;
}

#[tokio::test]
async fn events_are_kept_as_long_as_they_may_come_again() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = begun(&world).await;
        send(&engine, "custom.a", "e1", json!({"n": 1})).await;
        world.advance_to("2026-01-01T08:20:00Z");
        send(&engine, "custom.a", "e2", json!({"n": 1})).await;
        world.settled(&engine, 2).await;
        // Seven days after the first, to the microsecond: it is still known.
        world.advance_to("2026-01-08T08:00:00Z");
        world.linger().await;
        assert!(send(&engine, "custom.a", "e1", json!({"n": 1})).await.duplicate, "{}", world.name);
        world.advance_to("2026-01-08T08:11:00Z");
        left(&world, "SELECT count(*) FROM events", 1).await;
        assert!(!send(&engine, "custom.a", "e3", json!({"n": 1})).await.duplicate, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn runs_that_ended_long_ago_go_with_everything_that_belongs_to_them() {
    for mut world in worlds("2026-01-01T08:00:00Z").await {
        world.config.runs_kept = 10 * DAY;
        let engine = begun(&world).await;
        send(&engine, "custom.a", "e1", json!({"n": 1})).await;
        world.settled(&engine, 1).await;
        assert!(world.count("SELECT count(*) FROM journal").await > 0, "{}", world.name);
        world.advance_to("2026-01-10T08:00:00Z");
        send(&engine, "custom.a", "e2", json!({"n": 1})).await;
        world.settled(&engine, 2).await;
        world.advance_to("2026-01-11T08:11:00Z");
        left(&world, "SELECT count(*) FROM executions", 1).await;
        for table in ["executions", "effects"] {
            let left: &'static str = if table == "effects" {
                "SELECT count(DISTINCT execution_id) FROM effects"
            } else {
                "SELECT count(*) FROM executions"
            };
            assert_eq!(world.count(left).await, 1, "{}: {table}", world.name);
        }
        let journals = "SELECT count(DISTINCT execution_id) FROM journal";
        assert_eq!(world.count(journals).await, 1, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn of_too_many_runs_the_oldest_go_before_their_time() {
    for mut world in worlds("2026-01-01T08:00:00Z").await {
        world.config.runs_kept_max = 2;
        let engine = begun(&world).await;
        for (at, id) in ["e1", "e2", "e3", "e4", "e5"].into_iter().enumerate() {
            world.advance_to(&format!("2026-01-01T08:0{at}:00Z"));
            send(&engine, "custom.a", id, json!({"n": 1})).await;
            world.settled(&engine, at + 1).await;
        }
        world.advance_to("2026-01-01T08:30:00Z");
        left(&world, "SELECT count(*) FROM executions", 2).await;
        let kept = world.rows("SELECT event_id FROM executions ORDER BY event_id").await;
        let kept: Vec<_> = kept.iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(kept, ["e4", "e5"], "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_run_that_waits_and_a_dead_letter_stay_however_old_they_are() {
    for mut world in worlds("2026-01-01T08:00:00Z").await {
        world.config.runs_kept = DAY;
        let engine = world.engine("n1").await;
        let trigger = json!({"type": "event", "event": "custom.a"});
        let approval = json!({"type": "request_approval", "params": {"title": "May I?", "message": "Please."}});
        let waits = json!({"schema": "alcove/app@1", "name": "Waits", "trigger": trigger, "actions": [approval]});
        activate(&engine, "waits", &waits).await;
        // No user has this id.
        let award = json!({"type": "award_xp", "params": {"user_id": "nobody", "amount": 1}});
        let fails = json!({"schema": "alcove/app@1", "name": "Fails", "trigger": trigger, "actions": [award]});
        activate(&engine, "fails", &fails).await;
        activate(&engine, "works", &keeping(&trigger, "n", "x")).await;
        send(&engine, "custom.a", "e1", json!({})).await;
        world.settled(&engine, 3).await;
        assert_eq!(world.count("SELECT count(*) FROM dead_letters").await, 1, "{}", world.name);
        world.advance_to("2026-01-05T08:00:00Z");
        left(&world, "SELECT count(*) FROM executions", 2).await;
        let kept = world.rows("SELECT app_id FROM executions ORDER BY app_id").await;
        let kept: Vec<_> = kept.iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(kept, ["fails", "waits"], "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}
