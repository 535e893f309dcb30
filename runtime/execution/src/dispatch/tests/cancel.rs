use super::{
    world::{app, app_id, config, tenant, until},
    *,
};
use crate::Reach;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_run_that_is_cancelled_never_runs() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let (first, second) = (world.run("t", "1").await, world.run("t", "2").await);
    world.gate.waits_for(1).await;
    world.cancel("t", &second).await;
    assert_eq!(world.state("t", &second).await, "cancelled");
    world.gate.let_through(2);
    world.comes_to("t", &first, "succeeded").await;
    let third = world.run("t", "3").await;
    world.comes_to("t", &third, "succeeded").await;
    assert_eq!(world.row("t", &second).await.started_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_run_that_is_cancelled_stops_at_its_host_call_and_says_so() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let run = world.run("t", "1").await;
    world.gate.waits_for(1).await;
    world.cancel("t", &run).await;
    // What a call outside came to is recorded in any case.
    world.gate.let_through(1);
    world.comes_to("t", &run, "cancelled").await;
    let row = world.row("t", &run).await;
    assert_eq!(row.reason.as_deref(), Some("the run was cancelled: enough"));
    assert_eq!(world.rows("app_state").await.len(), 0);
    assert_eq!(world.rows("locks").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_is_cancelled_at_once() {
    let world = World::new(config()).await;
    let ask = json!([
        { "type": "request_approval", "params": { "title": "May I?", "message": "Something" } },
        { "type": "set_state", "params": { "key": "k", "value": 1 } },
    ]);
    world.app("t/a", &app(&json!({}), &ask)).await;
    let run = world.run("t", "1").await;
    world.comes_to("t", &run, "waiting").await;
    world.cancel("t", &run).await;
    assert_eq!(world.state("t", &run).await, "cancelled");
    assert_eq!(world.rows("timers").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_loops_over_five_thousand_items_or_spins_is_stopped_in_its_middle() {
    let set = json!({ "type": "set_state", "params": { "key": "k", "value": "{{one}}" } });
    let spin = json!({
        "type": "for_each", "items": "{{event.items}}", "as": "two",
        "actions": [{ "type": "condition", "if": { "field": "one", "op": "eq", "value": -1 }, "then": [set.clone()] }],
    });
    for inner in [set, spin] {
        let world = World::new(config()).await;
        let each = json!([{ "type": "for_each", "items": "{{event.items}}", "as": "one", "actions": [inner] }]);
        world.app("t/a", &app(&json!({}), &each)).await;
        let items = json!({ "items": (0..5_000).collect::<Vec<_>>() });
        let run = world.event("t", "1", items).await.remove(0);
        world.comes_to("t", &run, "running").await;
        world.cancel("t", &run).await;
        world.comes_to("t", &run, "cancelled").await;
        let effects = world.rows("effects").await.len();
        assert!(effects < 5_000, "{effects}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kill_switch_stops_what_runs_and_starts_nothing_until_it_is_taken_back() {
    let (t, a) = (tenant("t"), app_id("a"));
    for reach in [Reach::Node, Reach::Tenant(t.clone()), Reach::App(t.clone(), a.clone())] {
        let world = World::new(config()).await;
        world.app("t/a", &gated(&json!({ "concurrency": "parallel" }))).await;
        world.app("u/a", &gated(&json!({ "concurrency": "parallel" }))).await;
        let run = world.run("t", "1").await;
        world.gate.waits_for(1).await;
        world.engine.halt(&reach);
        world.gate.let_through(1);
        world.comes_to("t", &run, "queued").await;
        let later = world.run("t", "2").await;
        let others = world.run("u", "1").await;
        let others_run = usize::from(reach != Reach::Node);
        world.gate.waits_for(others_run).await;
        tokio::time::sleep(config().scan * 3).await;
        assert_eq!(world.gate.waiting(), others_run, "{reach:?}");
        world.engine.lift_halt(&reach);
        world.gate.let_through(9);
        for (of, run) in [("t", &run), ("t", &later), ("u", &others)] {
            world.comes_to(of, run, "succeeded").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_lets_runs_end_and_gives_back_those_that_do_not() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "parallel" }))).await;
    let (ends, stays) = (world.run("t", "1").await, world.run("t", "2").await);
    world.gate.waits_for(2).await;
    let stop = world.engine.shut_down();
    let end = async {
        tokio::time::sleep(config().drain / 5).await;
        world.gate.let_through(1);
        tokio::time::sleep(config().drain).await;
        world.gate.let_through(1);
    };
    let (stopped, ()) = tokio::join!(stop, end);
    stopped.unwrap();
    let mut states = [world.state("t", &ends).await, world.state("t", &stays).await];
    states.sort_unstable();
    assert_eq!(states, ["queued", "succeeded"]);
    until(async || world.rows("nodes").await.is_empty()).await;
}
