//! Events that runs cause: chains of apps.

use alcove_plan::limits::CHAIN_DEPTH_MAX;
use alcove_store::SqlValue;
use serde_json::json;

use crate::world::{World, activate, app, keeping, passing_on, postgres, send, tenant, worlds};

/// Puts an event into the outbox, as an effect of this run does.
async fn emit(world: &World, id: &str, name: &str, payload: &str, run: &str) {
    let params = [tenant().as_str(), id, name, payload, run].map(SqlValue::text).to_vec();
    let insert = "INSERT INTO emitted_events
        (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
        VALUES (?1, ?2, ?3, ?4, 'eff_1', ?5, 1, 1767225600000000)";
    world.perform(insert, params).await;
}

#[tokio::test]
async fn a_chain_of_apps_runs_to_its_end_and_each_run_knows_its_parent() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &passing_on("custom.a", "custom.b")).await;
        activate(&engine, "b", &passing_on("custom.b", "custom.c")).await;
        let last = keeping(&json!({"type": "event", "event": "custom.c"}), "n", "{{event.n}}");
        activate(&engine, "c", &last).await;
        send(&engine, "custom.a", "e1", json!({"n": 7})).await;
        let runs = world.settled(&engine, 3).await;
        for (at, run) in runs.iter().enumerate() {
            assert_eq!(run.state.as_str(), "succeeded", "{}: {:?}", world.name, run.error);
            assert_eq!(usize::try_from(run.chain_depth).unwrap(), at, "{}", world.name);
            let parent = at.checked_sub(1).map(|before| runs[before].id.clone());
            assert_eq!(run.parent, parent, "{}", world.name);
            let source = parent.map_or_else(|| "shop".to_owned(), |parent| format!("run:{parent}"));
            assert_eq!(run.event_source, Some(source), "{}", world.name);
        }
        assert_eq!(world.count("SELECT count(*) FROM app_state").await, 1, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM emitted_events").await, 0, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_chain_ends_at_its_bound_and_the_run_one_past_it_never_begins() {
    let links = usize::try_from(CHAIN_DEPTH_MAX).unwrap();
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        for at in 0..=links + 1 {
            let config = passing_on(&format!("custom.e{at}"), &format!("custom.e{}", at + 1));
            activate(&engine, &format!("a{at}"), &config).await;
        }
        send(&engine, "custom.e0", "e1", json!({"n": 7})).await;
        let runs = world.settled(&engine, links + 1).await;
        let (last, others) = runs.split_last().unwrap();
        assert!(others.iter().all(|run| run.state.as_str() == "succeeded"), "{}", world.name);
        assert_eq!((last.chain_depth, last.state.as_str()), (CHAIN_DEPTH_MAX, "failed"), "{}", world.name);
        assert!(last.error.as_ref().unwrap().contains("at most 8 links"), "{}: {:?}", world.name, last.error);
        world.linger().await;
        assert_eq!(world.runs(&engine).await.len(), links + 1, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn an_event_that_no_filter_passes_is_in_the_inbox_and_starts_nothing() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        let large = json!({"field": "event.n", "op": "gte", "value": 10});
        let trigger = json!({"type": "event", "event": "custom.b", "filter": large});
        activate(&engine, "a", &passing_on("custom.a", "custom.b")).await;
        activate(&engine, "b", &keeping(&trigger, "n", "{{event.n}}")).await;
        send(&engine, "custom.a", "small", json!({"n": 7})).await;
        send(&engine, "custom.a", "large", json!({"n": 70})).await;
        let runs = world.settled(&engine, 3).await;
        assert_eq!(runs.iter().filter(|run| run.app == app("b")).count(), 1, "{}", world.name);
        world
            .until("four events", async || (world.count("SELECT count(*) FROM events").await == 4).then_some(()))
            .await;
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn an_event_of_an_effect_begins_the_delays_of_other_apps() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &passing_on("custom.a", "custom.b")).await;
        let delays = json!([{"id": "soon", "after": "1h"}]);
        let trigger = json!({"type": "delayed", "event": "custom.b", "delays": delays});
        activate(&engine, "b", &keeping(&trigger, "n", "{{event.n}}")).await;
        send(&engine, "custom.a", "e1", json!({"n": 7})).await;
        world.until("a delay", async || (world.count("SELECT count(*) FROM timers").await == 1).then_some(())).await;
        world.advance_to("2026-01-01T09:00:00Z");
        let runs = world.settled(&engine, 2).await;
        assert_eq!((runs[1].chain_depth, runs[1].state.as_str()), (1, "succeeded"), "{}", world.name);
        assert_eq!(runs[1].parent.as_ref(), Some(&runs[0].id), "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_no_event_stops_no_other_and_the_admins_are_told() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        let trigger = json!({"type": "event", "event": "custom.b"});
        activate(&engine, "b", &keeping(&trigger, "n", "{{event.n}}")).await;
        send(&engine, "custom.b", "e1", json!({"n": 1})).await;
        let run = world.settled(&engine, 1).await[0].id.to_string();
        emit(&world, "evt_1", "no.such", "{}", &run).await;
        emit(&world, "evt_2", "custom.b", "no json", &run).await;
        emit(&world, "evt_3", "user.created", "[]", &run).await;
        emit(&world, "evt_4", "custom.b", "{\"n\":2}", &run).await;
        world.advance_to("2026-01-01T08:00:01Z");
        world.settled(&engine, 2).await;
        let notices = world.rows("SELECT id, message FROM notices ORDER BY id").await;
        let ids: Vec<_> = notices.iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(ids, ["evt_1", "evt_2", "evt_3"], "{}", world.name);
        let message = "the event `evt_1` of type `no.such` starts nothing: no event is called `no.such`";
        assert_eq!(notices[0][1].as_str(), Some(message), "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM emitted_events").await, 0, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn two_nodes_move_no_event_twice_and_lose_none() {
    const EVENTS: usize = 600;
    let world = postgres("2026-01-01T08:00:00Z").await;
    let (first, second) = (world.engine("n1").await, world.engine("n2").await);
    let trigger = json!({"type": "event", "event": "custom.b"});
    let mut config = keeping(&trigger, "n", "{{event.n}}");
    config["settings"] = json!({"concurrency": "parallel", "max_concurrency": 100});
    activate(&first, "b", &config).await;
    for at in 0..EVENTS {
        emit(&world, &format!("evt_{at}"), "custom.b", "{\"n\":1}", "run_1").await;
    }
    world.advance_to("2026-01-01T08:00:01Z");
    let runs = world.settled(&first, EVENTS).await;
    assert!(runs.iter().all(|run| run.state.as_str() == "succeeded"));
    let events = i64::try_from(EVENTS).unwrap();
    assert_eq!(world.count("SELECT count(*) FROM events").await, events);
    assert_eq!(world.count("SELECT count(*) FROM effects").await, events);
    first.shut_down().await.unwrap();
    second.shut_down().await.unwrap();
}
