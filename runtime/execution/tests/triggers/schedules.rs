//! Schedules: ticks, missed ticks, and two nodes.

use alcove_plan::value::Timestamp;
use serde_json::json;

use crate::world::{World, activate, ada, app, at, keeping, postgres, submission, tenant, worlds};

/// An app that keeps the due time and the number of ticks that were missed.
fn scheduled(cron: &str) -> serde_json::Value {
    let trigger = json!({"type": "scheduled", "cron": cron, "timezone": "Europe/Paris"});
    keeping(&trigger, "tick", "{{event.timestamp}} {{event.missed}}")
}

async fn kept(world: &World) -> String {
    let rows = world.rows("SELECT value FROM app_state ORDER BY app_id").await;
    rows.iter().filter_map(|row| row[0].as_str()).collect::<Vec<_>>().join(", ")
}

async fn next_due(world: &World) -> Timestamp {
    Timestamp::from_micros(world.count("SELECT min(due_at) FROM timers").await).unwrap()
}

#[tokio::test]
async fn a_schedule_starts_a_run_at_its_time_and_not_before() {
    for world in worlds("2026-03-28T08:00:00+01:00").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &scheduled("30 2 * * *")).await;
        // The night in which the clock skips half past two.
        assert_eq!(next_due(&world).await, at("2026-03-29T03:00:00+02:00"), "{}", world.name);
        world.advance_to("2026-03-29T02:59:59+02:00");
        world.linger().await;
        assert!(world.runs(&engine).await.is_empty(), "{}", world.name);
        world.advance_to("2026-03-29T03:00:00+02:00");
        let runs = world.settled(&engine, 1).await;
        assert_eq!((runs[0].trigger.as_str(), runs[0].state.as_str()), ("scheduled", "succeeded"), "{}", world.name);
        assert_eq!(kept(&world).await, "\"2026-03-29T01:00:00Z 0\"", "{}", world.name);
        assert_eq!(next_due(&world).await, at("2026-03-30T02:30:00+02:00"), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn ticks_that_were_missed_across_a_restart_make_one_run_late_with_their_number() {
    for world in worlds("2026-01-01T07:30:00+01:00").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &scheduled("0 * * * *")).await;
        engine.shut_down().await.unwrap();
        world.advance_to("2026-01-01T11:45:00+01:00");
        let engine = world.engine("n2").await;
        world.settled(&engine, 1).await;
        // Due at 8, 9, 10 and 11.
        assert_eq!(kept(&world).await, "\"2026-01-01T10:00:00Z 3\"", "{}", world.name);
        assert_eq!(next_due(&world).await, at("2026-01-01T12:00:00+01:00"), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_tick_that_was_fired_before_a_restart_is_not_fired_after_it() {
    for world in worlds("2026-01-01T07:59:00+01:00").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &scheduled("0 * * * *")).await;
        world.advance_to("2026-01-01T08:00:00+01:00");
        world.settled(&engine, 1).await;
        engine.shut_down().await.unwrap();
        let engine = world.engine("n2").await;
        world.linger().await;
        assert_eq!(world.runs(&engine).await.len(), 1, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn another_version_has_its_own_schedule_and_a_paused_app_none() {
    for world in worlds("2026-01-01T07:30:00+01:00").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &scheduled("0 * * * *")).await;
        let later = submission(&scheduled("15 9 * * *"));
        engine.edit_app(&tenant(), &app("a"), &later, &ada()).await.unwrap();
        engine.activate_app(&tenant(), &app("a"), None, &ada()).await.unwrap();
        assert_eq!(next_due(&world).await, at("2026-01-01T09:15:00+01:00"), "{}", world.name);
        engine.pause_app(&tenant(), &app("a"), &ada()).await.unwrap();
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 0, "{}", world.name);
        world.advance_to("2026-01-03T07:30:00+01:00");
        engine.resume_app(&tenant(), &app("a"), &ada()).await.unwrap();
        assert_eq!(next_due(&world).await, at("2026-01-03T09:15:00+01:00"), "{}", world.name);
        world.linger().await;
        assert!(world.runs(&engine).await.is_empty(), "{}: ticks of a paused app are not made up for", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_schedule_that_never_comes_has_no_timer() {
    for world in worlds("2026-01-01T07:30:00+01:00").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &scheduled("0 0 30 2 *")).await;
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 0, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn two_nodes_fire_no_tick_twice_and_lose_none() {
    const APPS: usize = 30;
    const MINUTES: usize = 4;
    let world = postgres("2026-01-01T08:00:00Z").await;
    let (first, second) = (world.engine("n1").await, world.engine("n2").await);
    for at in 0..APPS {
        activate(&first, &format!("a{at}"), &scheduled("* * * * *")).await;
    }
    for minute in 1..=MINUTES {
        world.advance_to(&format!("2026-01-01T08:{minute:02}:00Z"));
        let runs = world.settled(&first, APPS * minute).await;
        assert!(runs.iter().all(|run| run.state.as_str() == "succeeded"));
    }
    let effects = i64::try_from(APPS * MINUTES).unwrap();
    assert_eq!(world.count("SELECT count(*) FROM effects").await, effects);
    first.shut_down().await.unwrap();
    second.shut_down().await.unwrap();
}

#[tokio::test]
async fn a_schedule_that_does_not_read_stops_alone_and_the_admins_are_told() {
    for world in worlds("2026-01-01T07:30:00Z").await {
        let engine = world.engine("n1").await;
        activate(&engine, "bad", &scheduled("0 * * * *")).await;
        activate(&engine, "good", &scheduled("0 * * * *")).await;
        world.perform("UPDATE timers SET payload = '{}' WHERE owner = 'bad'", Vec::new()).await;
        world.advance_to("2026-01-01T08:00:00Z");
        let runs = world.settled(&engine, 1).await;
        assert_eq!(runs[0].app, app("good"), "{}", world.name);
        let notices = world.rows("SELECT app_id, message FROM notices").await;
        let message =
            "app `bad` was not started: its schedule has stopped: its timer holds no schedule; activate it again";
        assert_eq!(notices.len(), 1, "{}", world.name);
        assert_eq!(notices[0][1].as_str(), Some(message), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}
