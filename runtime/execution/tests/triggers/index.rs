//! The index of apps by event follows what is stored.

use alcove_store::SqlValue;
use serde_json::json;

use crate::world::{activate, ada, app, keeping, postgres, send, tenant, worlds};

fn hearing(event: &str) -> serde_json::Value {
    keeping(&json!({"type": "event", "event": event}), "n", "x")
}

#[tokio::test]
async fn an_engine_knows_the_apps_of_all_tenants_after_a_restart() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        activate(&engine, "a", &hearing("custom.a")).await;
        engine.shut_down().await.unwrap();
        let engine = world.engine("n2").await;
        assert_eq!(send(&engine, "custom.a", "e1", json!({})).await.executions.len(), 1, "{}", world.name);
        world.settled(&engine, 1).await;
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn what_changes_starts_or_stops_with_the_next_event() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        let started = async |id: &str| send(&engine, "custom.a", id, json!({})).await.executions.len();
        assert_eq!(started("e1").await, 0, "{}", world.name);
        activate(&engine, "a", &hearing("custom.a")).await;
        assert_eq!(started("e2").await, 1, "{}", world.name);
        activate(&engine, "b", &hearing("custom.a")).await;
        assert_eq!(started("e3").await, 2, "{}", world.name);
        engine.pause_app(&tenant(), &app("a"), &ada()).await.unwrap();
        assert_eq!(started("e4").await, 1, "{}", world.name);
        engine.resume_app(&tenant(), &app("a"), &ada()).await.unwrap();
        assert_eq!(started("e5").await, 2, "{}", world.name);
        engine.delete_app(&tenant(), &app("b"), &ada()).await.unwrap();
        assert_eq!(started("e6").await, 1, "{}", world.name);
        world.settled(&engine, 7).await;
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_node_hears_of_apps_that_another_one_has_activated() {
    let world = postgres("2026-01-01T08:00:00Z").await;
    let (first, second) = (world.engine("n1").await, world.engine("n2").await);
    activate(&first, "a", &hearing("custom.a")).await;
    assert_eq!(send(&second, "custom.a", "e1", json!({})).await.executions.len(), 1);
    activate(&second, "b", &hearing("custom.a")).await;
    assert_eq!(send(&first, "custom.a", "e2", json!({})).await.executions.len(), 2);
    world.settled(&first, 3).await;
    first.shut_down().await.unwrap();
    second.shut_down().await.unwrap();
}

#[tokio::test]
async fn an_app_whose_plan_does_not_read_hears_nothing_and_the_others_go_on() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        activate(&engine, "bad", &hearing("custom.a")).await;
        // Another plan, not the same one twice.
        let good = keeping(&json!({"type": "event", "event": "custom.a"}), "good", "x");
        activate(&engine, "good", &good).await;
        engine.shut_down().await.unwrap();
        let damage = "UPDATE versions SET plan = ?1 WHERE app_id = 'bad'";
        world.perform(damage, vec![SqlValue::Blob(b"damaged".as_slice().into())]).await;
        let engine = world.engine("n2").await;
        assert_eq!(send(&engine, "custom.a", "e1", json!({})).await.executions.len(), 1, "{}", world.name);
        assert_eq!(world.settled(&engine, 1).await[0].app, app("good"), "{}", world.name);
        let notices = world.rows("SELECT app_id, kind FROM notices").await;
        let told = [SqlValue::text("bad"), SqlValue::text("trigger_unreadable")];
        assert_eq!(notices, [told], "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}
