use alcove_store::Store;
use serde_json::json;

use super::{
    world::{config, names, somebody, until},
    *,
};
use crate::EngineConfig;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_due_while_its_app_is_running_is_left_out_and_logged_if_the_app_skips() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "skip" }))).await;
    let first = world.run("t", "1").await;
    world.gate.waits_for(1).await;
    let second = world.run("t", "2").await;
    world.comes_to("t", &second, "skipped").await;
    assert_eq!(world.row("t", &second).await.reason.as_deref(), Some("locked"));
    world.gate.let_through(1);
    world.comes_to("t", &first, "succeeded").await;
    let third = world.run("t", "3").await;
    world.gate.let_through(1);
    world.comes_to("t", &third, "succeeded").await;
    assert_eq!(world.rows("locks").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_an_app_that_queues_run_one_at_a_time_in_the_order_of_their_events() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let mut runs = Vec::new();
    for number in 0..5 {
        runs.push(world.run("t", &number.to_string()).await);
    }
    for (number, run) in runs.iter().enumerate() {
        world.gate.waits_for(1).await;
        world.comes_to("t", run, "running").await;
        for later in &runs[number + 1..] {
            assert_eq!(world.state("t", later).await, "queued");
        }
        world.gate.let_through(1);
        world.comes_to("t", run, "succeeded").await;
    }
    assert_eq!(world.gate.most_waiting(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_an_app_that_runs_in_parallel_overlap_up_to_its_bound() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "parallel", "max_concurrency": 3 }))).await;
    let mut runs = Vec::new();
    for number in 0..7 {
        runs.push(world.run("t", &number.to_string()).await);
    }
    world.gate.waits_for(3).await;
    world.gate.let_through(7);
    for run in &runs {
        world.comes_to("t", run, "succeeded").await;
    }
    assert_eq!(world.gate.most_waiting(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_of_a_paused_app_stays_queued_and_what_runs_is_given_back_until_it_is_resumed() {
    let world = World::new(config()).await;
    world.app("t/a", &gated(&json!({ "concurrency": "queue" }))).await;
    let (first, second) = (world.run("t", "1").await, world.run("t", "2").await);
    world.gate.waits_for(1).await;
    let (tenant, app) = names("t/a");
    world.engine.pause_app(&tenant, &app, &somebody()).await.unwrap();
    world.gate.let_through(1);
    world.gate.waits_for(0).await;
    world.comes_to("t", &first, "queued").await;
    tokio::time::sleep(config().scan * 4).await;
    assert_eq!((world.state("t", &first).await, world.state("t", &second).await), ("queued", "queued"));
    world.engine.resume_app(&tenant, &app, &somebody()).await.unwrap();
    // The first one's answer is in its journal.
    world.gate.let_through(1);
    world.comes_to("t", &first, "succeeded").await;
    world.comes_to("t", &second, "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_queued_runs_than_are_remembered_are_all_run_and_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alcove.db");
    let runs = {
        let store = Store::open_file(&path).await.unwrap();
        let world = World::on(store.clone(), "node", EngineConfig { runs_max: 0, ..config() }).await;
        world.app("t/a", &gated(&json!({ "concurrency": "parallel" }))).await;
        let mut runs = Vec::new();
        for number in 0..300 {
            runs.push(world.run("t", &number.to_string()).await);
        }
        world.engine.shut_down().await.unwrap();
        store.close().await;
        runs
    };
    let store = Store::open_file(&path).await.unwrap();
    let world = World::on(store, "another", config()).await;
    world.gate.let_through(300);
    let count = async || world.rows("executions").await.len();
    assert_eq!(count().await, 300);
    for run in &runs {
        world.comes_to("t", run, "succeeded").await;
    }
    until(async || world.gate.waiting() == 0).await;
}
