//! Timers of runs that wait.

use serde_json::json;

use crate::world::{activate, at, send, worlds};

#[tokio::test]
async fn a_question_that_nobody_answers_ends_the_run_after_its_time() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        let config = json!({
            "schema": "alcove/app@1", "name": "Test", "trigger": {"type": "event", "event": "custom.a"},
            "actions": [
                {"type": "request_approval", "params": {"title": "May I?", "message": "Please."}},
                {"type": "set_state", "params": {"key": "k", "value": "v"}},
            ],
        });
        activate(&engine, "a", &config).await;
        send(&engine, "custom.a", "e1", json!({})).await;
        let runs = world.settled(&engine, 1).await;
        assert_eq!(
            (runs[0].state.as_str(), runs[0].reason.as_deref()),
            ("waiting", Some("approval")),
            "{}",
            world.name
        );
        assert_eq!(runs[0].due_at, Some(at("2026-01-08T08:00:00Z").micros()), "{}", world.name);
        world.advance_to("2026-01-08T07:59:59Z");
        world.linger().await;
        assert_eq!(world.runs(&engine).await[0].state.as_str(), "waiting", "{}", world.name);
        // The node that waited is not there any more.
        engine.shut_down().await.unwrap();
        let engine = world.engine("n2").await;
        world.advance_to("2026-01-08T08:00:00Z");
        let ended = async || (world.runs(&engine).await[0].state.as_str() == "cancelled").then_some(());
        world.until("the end of the run", ended).await;
        assert_eq!(world.count("SELECT count(*) FROM timers").await, 0, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM approvals WHERE status = 'expired'").await, 1, "{}", world.name);
        assert_eq!(world.count("SELECT count(*) FROM app_state").await, 0, "{}", world.name);
        engine.shut_down().await.unwrap();
    }
}

#[tokio::test]
async fn a_timer_that_its_run_does_not_wait_for_is_taken_away_and_one_without_sense_stops_no_other() {
    for world in worlds("2026-01-01T08:00:00Z").await {
        let engine = world.engine("n1").await;
        let timer = "INSERT INTO timers (tenant_id, kind, owner, \"key\", due_at, app_id, version, payload) VALUES ";
        for values in [
            "('acme', 'run', 'gone', '', 1, 'a', NULL, '{\"for\":\"retry\"}')",
            "('acme', 'run', 'senseless', '', 2, 'a', NULL, '{}')",
            "('acme', 'run', 'gone too', '', 3, 'a', NULL, '{\"for\":\"retry\"}')",
            "('acme', 'run', 'run_gone', '', 4, 'a', NULL, '{\"for\":\"retry\"}')",
        ] {
            let insert: &'static str = Box::leak(format!("{timer}{values}").into_boxed_str());
            world.perform(insert, Vec::new()).await;
        }
        world.advance_to("2026-01-01T08:00:01Z");
        let left = async || (world.count("SELECT count(*) FROM timers").await == 2).then_some(());
        world.until("two timers that make no sense", left).await;
        engine.shut_down().await.unwrap();
    }
}
